"""Freezing makes one document of what is published; publishing makes one edition public."""

import json
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.consultations.models import Consultation
from consult.core.audit import AuditEntry
from consult.core.database import Database
from consult.core.errors import Refused
from consult.core.outbox import OutboxRow
from consult.moderation.actions import decide
from consult.moderation.enums import RejectReason, Verdict
from consult.reports import actions, queries
from consult.reports.document import Document, canonical, document_hash, parsed
from consult.reports.enums import EditionState
from consult.reports.models import Edition
from consult.reports.sketching import Sketch, sketched
from consult.responses.models import Answer, Response, Revision
from consult.responses.queries import current_revision
from tests.factories import World, make_answer
from tests.reports.scenes import AWKWARD, CANARIES, REDACTED, decide_on, publish_approved, tell


def frozen(session: Session, world: World) -> tuple[Edition, Document]:
    edition = actions.freeze(session, world.consultation, by=world.director)
    session.commit()
    return edition, parsed(edition.document)


def test_the_document_holds_every_quotable_text_and_no_other_words(session: Session, world: World) -> None:
    told = tell(session, world)
    edition, document = frozen(session, world)
    assert len(document["quotes"]) == len(told.quotable)
    texts = {quote["text"] for quote in document["quotes"]}
    assert set(AWKWARD) <= texts
    assert {(quote["meeting"], quote["question"]) for quote in document["quotes"]} == {
        (meeting, question)
        for meeting in ("october", "may")
        for question in ("single-outcome", "greatest-risk")
    }
    for canary in CANARIES:
        assert canary not in edition.document
    redaction = next(quote for quote in document["quotes"] if "hold the line" in quote["text"])
    assert ["", "identifies_other"] in redaction["segments"]
    assert REDACTED not in json.dumps(redaction)


def test_the_document_holds_no_identifier_and_no_time_finer_than_a_day(
    session: Session, world: World
) -> None:
    tell(session, world)
    with time_machine.travel(datetime(2026, 11, 22, 13, 14, 15, tzinfo=UTC), tick=False):
        edition, document = frozen(session, world)
        assert document["edition"] == {
            "number": 1,
            "frozen_on": "2026-11-22",
            "handling": "May be published",
        }
    assert "13:14" not in edition.document
    for table in (Answer, Revision, Response):
        for identifier in session.scalars(select(table.id)):
            assert identifier not in edition.document
    for number in session.scalars(select(Answer.shuffle_key)):
        assert str(number) not in edition.document
    assert world.participant.participant.email not in edition.document
    assert world.director.email not in edition.document


def test_the_document_is_canonical_and_its_hash_is_kept(session: Session, world: World) -> None:
    tell(session, world)
    edition, document = frozen(session, world)
    assert edition.document == canonical(document)
    assert edition.document_hash == document_hash(edition.document)
    assert list(document) == sorted(document)
    again = actions.freeze(session, world.consultation, by=world.director)
    first, second = parsed(edition.document), parsed(again.document)
    first["edition"]["number"] = second["edition"]["number"]
    assert first == second


def test_figures_are_the_convenors_where_stated_else_the_rosters(session: Session, world: World) -> None:
    tell(session, world)
    _edition, document = frozen(session, world)
    assert document["figures"] == {"participants": 2, "countries": 2, "programme_directors": 2, "meetings": 2}
    world.consultation.stated_participants, world.consultation.stated_countries = 142, 28
    _edition, document = frozen(session, world)
    assert document["figures"]["participants"] == 142
    assert document["figures"]["countries"] == 28


def test_takeaways_carry_released_shares_as_evidence(session: Session, world: World) -> None:
    tell(session, world)
    _edition, document = frozen(session, world)
    shares = {
        (table["meeting"], share["theme"]): share["percent"]
        for table in document["themes"]
        for share in table["shares"]
    }
    takeaway = document["takeaways"][0]
    assert [shown["meeting"] for shown in takeaway["evidence"]] == ["october", "may"]
    for shown in takeaway["evidence"]:
        assert shown["percent"] == shares[shown["meeting"], "deterrence"]


def test_withheld_answers_are_counted_by_kind(session: Session, world: World) -> None:
    tell(session, world)
    _edition, document = frozen(session, world)
    assert document["withheld"] == {
        "rejected": {"other": 1},  # a telling reason given once stands under another name (decision 6)
        "redacted": {"identifies_other": 1},
        "aggregate_only": 1,
        "not_for_use": 1,
        "waiting": 1,
    }


def test_few_answers_give_no_figures(session: Session, world: World) -> None:
    tell(session, world, each=1)
    _edition, document = frozen(session, world)
    may = next(table for table in document["themes"] if table["meeting"] == "may")
    assert may["base"] is None
    assert all(share["percent"] is None and share["count"] is None for share in may["shares"])
    assert all(shown["meeting"] != "may" for one in document["takeaways"] for shown in one["evidence"])


def test_nothing_is_frozen_while_nothing_is_approved(session: Session, world: World) -> None:
    make_answer(session, world.consultation, world.rules, world.asking)
    with pytest.raises(Refused, match="No answer is approved yet"):
        actions.freeze(session, world.consultation, by=world.director)
    assert session.scalar(select(func.count()).select_from(Edition)) == 0


def test_an_answer_that_is_counted_only_is_enough_to_freeze_when_its_base_is(
    session: Session, world: World
) -> None:
    for _number in range(10):
        answer = make_answer(
            session, world.consultation, world.rules, world.asking, attribution=Attribution.AGGREGATE_ONLY
        )
        decide_on(session, world, answer, Verdict.APPROVE)
    _edition, document = frozen(session, world)
    assert document["quotes"] == []


def test_an_edition_stays_as_it_was_when_an_answer_is_rejected_later(session: Session, world: World) -> None:
    told = tell(session, world)
    edition, before = frozen(session, world)
    answer = told.quotable[0]
    decide(
        session,
        answer,
        Verdict.REJECT,
        read=current_revision(session, answer).hash,
        read_number=1,
        by=world.director,
        reason=RejectReason.SENSITIVE,
    )
    _second, after = frozen(session, world)
    assert parsed(edition.document) == before
    assert len(after["quotes"]) == len(before["quotes"]) - 1


def test_what_was_worked_out_before_the_turn_to_write_is_frozen_only_while_it_stands(
    database: Database, session: Session, world: World
) -> None:
    told = tell(session, world)
    session.commit()

    def worked_out() -> Sketch:
        with database.reading(still=True) as reading:
            return sketched(reading, reading.get_one(Consultation, world.consultation.id))

    before = worked_out()
    first = actions.freeze(session, world.consultation, by=world.director, found=before)
    assert first.document == before.text
    again = actions.freeze(session, world.consultation, by=world.director, found=before)
    assert parsed(again.document)["edition"]["number"] == 2, "another edition came between"
    session.commit()
    before, answer = worked_out(), told.quotable[0]
    text = parsed(before.text)["quotes"][before.sources.index(current_revision(session, answer).id)]["text"]
    decide(
        session,
        answer,
        Verdict.REJECT,
        read=current_revision(session, answer).hash,
        read_number=1,
        by=world.director,
        reason=RejectReason.SENSITIVE,
    )
    after = parsed(actions.freeze(session, world.consultation, by=world.director, found=before).document)
    assert len(after["quotes"]) == len(before.sources) - 1, "an answer was taken back between"
    assert text not in [quote["text"] for quote in after["quotes"]]


def test_freezing_is_on_record_and_promises_the_files(session: Session, world: World) -> None:
    tell(session, world)
    edition, _document = frozen(session, world)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "edition.freeze")).one()
    assert (entry.user_id, entry.subject) == (world.director.id, edition.id)
    row = session.scalars(select(OutboxRow).where(OutboxRow.kind == "render_edition")).one()
    assert row.payload == {"edition": edition.id}


def test_publishing_supersedes_the_edition_before(session: Session, world: World) -> None:
    tell(session, world)
    first, _ = frozen(session, world)
    second, _ = frozen(session, world)
    publish_approved(session, world, first)
    assert queries.published_edition(session, world.consultation) is first
    publish_approved(session, world, second)
    session.commit()
    assert first.state is EditionState.SUPERSEDED
    assert queries.published_edition(session, world.consultation) is second
    assert queries.open_edition(session, world.consultation, 1) is first
    with pytest.raises(Refused, match="superseded already"):
        actions.publish(session, first, by=world.director)
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act == "edition.publish")).all()
    assert len(acts) == 2


def test_a_frozen_edition_is_not_open(session: Session, world: World) -> None:
    tell(session, world)
    frozen(session, world)
    assert queries.open_edition(session, world.consultation, 1) is None
    assert queries.published_edition(session, world.consultation) is None
    assert queries.edition_numbered(session, world.elsewhere, 1) is None


def test_takeaways_are_replaced_and_keep_their_order(session: Session, world: World) -> None:
    actions.set_takeaways(session, world.consultation, [("One.", []), ("Two.", ["unity"])])
    actions.set_takeaways(session, world.consultation, [("Three.", []), ("Four.", [])])
    assert [t.text for t in queries.takeaways_of(session, world.consultation)] == ["Three.", "Four."]
