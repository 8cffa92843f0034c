"""Figures that have moved since an edition was frozen, and which of its sentences rest on them."""

from sqlalchemy.orm import Session

from consult.moderation.actions import decide
from consult.moderation.enums import RejectReason, Verdict
from consult.reports import actions, queries
from consult.reports.document import Document, parsed
from consult.reports.drafting import draft
from consult.reports.moving import moved
from consult.responses.models import Answer
from consult.responses.queries import current_revisions
from tests.exports.test_editions import WRITTEN, changed
from tests.factories import World
from tests.reports.scenes import tell


def test_it_names_the_figure_and_the_sentences_that_say_it() -> None:
    now: Document = changed(participation=[dict(row) for row in WRITTEN["participation"]])
    assert not moved(WRITTEN, now)
    before = WRITTEN["participation"][0]["approved"]
    assert before is not None
    now["participation"][0]["approved"] = before - 3
    sentences = [f"Of these {before} were approved.", "There was coffee.", f"It began in {before}00."]
    texts = [{"code": "text-a", "heading": "Own", "body": " ".join(sentences), "quotes": []}]
    found = moved(changed(sections=texts), now)
    assert [(one.label, one.before, one.after) for one in found.figures] == [("approved", before, before - 3)]
    assert found.sentences == sentences[:1]


def test_a_word_of_quantity_goes_with_its_theme() -> None:
    now = changed()
    table = next(table for table in now["themes"] if table["meeting"])
    share = next(share for share in table["shares"] if share["quantifier"] == "some")
    title = next(theme["title"] for theme in now["codebook"] if theme["code"] == share["theme"])
    share["quantifier"], before = "a few", share["percent"]
    share["percent"] += 1
    sentences = [
        f"Some participants spoke of {title}.",
        f"{before} % named it.",
        f"A few words about {title}.",
        "Some participants left.",
    ]
    texts = [{"code": "text-a", "heading": "Own", "body": " ".join(sentences), "quotes": []}]
    found = moved(changed(sections=texts), now)
    assert found.sentences == sentences[:2]


def test_a_changed_decision_moves_the_figures_of_what_was_frozen(session: Session, world: World) -> None:
    tell(session, world)
    edition = actions.freeze(session, world.consultation, by=world.director)
    frozen = queries.document_of(session, edition)
    again = draft(session, world.consultation, number=1, on=edition.frozen_at.date())
    assert not moved(frozen, again)
    answers = [answer for answer in session.query(Answer).all() if answer.state.value == "approved"]
    read = current_revisions(session, [answer.id for answer in answers])
    for answer in answers:
        decide(
            session,
            answer,
            Verdict.REJECT,
            read=read[answer.id].hash,
            read_number=1,
            by=world.director,
            reason=RejectReason.OFF_TOPIC,
        )
    now = draft(session, world.consultation, number=1, on=edition.frozen_at.date())
    assert moved(frozen, now).figures
    assert parsed(edition.document) == frozen, "what was frozen stays"
