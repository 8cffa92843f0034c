"""The queue's pages: reading, deciding, and what comes back when that cannot be."""

from datetime import timedelta

import time_machine
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.core.clock import now
from consult.core.database import Database
from consult.moderation.actions import decide
from consult.moderation.enums import Verdict
from consult.moderation.models import Decision, PublishedCase, PublishedText
from consult.responses.enums import AnswerState
from consult.responses.models import Answer
from consult.responses.queries import current_revision
from tests.factories import World, make_answer
from tests.pages import Page, PageClient

WORDS = "As the ministry’s man in Riga 🙂 I want a standing channel."


def answer_of(session: Session, world: World, words: str = WORDS, **facts: object) -> Answer:
    answer = make_answer(session, world.consultation, world.rules, world.asking, words, **facts)  # type: ignore[arg-type]
    session.commit()
    return answer


def at(world: World, answer: Answer | None = None) -> str:
    return f"/desk/{world.slug}/queue" + (f"/{answer.id}" if answer else "")


def state_of(database: Database, answer: Answer) -> AnswerState:
    with database.reading() as session:
        return session.get_one(Answer, answer.id).state


def counts(database: Database) -> tuple[int, int, int]:
    """Decisions, quotable texts, countable cases."""
    with database.reading() as session:
        return tuple(  # type: ignore[return-value]
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Decision, PublishedText, PublishedCase)
        )


def ticks(page: Page, *words: str) -> list[str]:
    """The values of the boxes beside these words."""
    labels = {
        "".join(label.itertext()).strip(): box.get("value", "")
        for label in page.tree.iter("label")
        for box in label.iter("input")
    }
    return [labels[word] for word in words]


def test_the_director_approves_and_comes_to_the_next(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    first, second = answer_of(session, world), answer_of(session, world, "No cuts.")
    client.sign_in(world.director)
    page = client.page(at(world, first))
    assert "As it will be published" in page.text
    assert "A participant, October 2015 meeting" in page.text
    after = client.submit(page, "/decide", button="act=approve")
    assert after.status == 200
    assert second.id in after.response.request.path
    assert "Approved." in after.text
    assert state_of(database, first) is AnswerState.APPROVED
    assert counts(database) == (1, 1, 1)


def test_words_are_ticked_shown_taken_out_and_only_then_approved(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    answer = answer_of(session, world)
    page = client.sign_in(world.director).page(at(world, answer))
    ticked = ticks(page, "ministry’s", "man", "Riga")
    shown = client.submit(page, "/decide", button="act=redact", words=ticked, kind="affiliation")
    assert shown.status == 200
    assert counts(database) == (0, 0, 0)
    assert "As the taken out: affiliation in taken out: affiliation 🙂 I want" in shown.text
    approved = client.submit(shown, "/decide", button="act=approve")
    assert approved.status == 200
    with database.reading() as reading:
        (quoted,) = reading.scalars(select(PublishedText))
    assert quoted.text == "As the [affiliation] in [affiliation] 🙂 I want a standing channel."


def test_words_ticked_and_not_shown_yet_are_not_published_by_a_hasty_approval(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    answer = answer_of(session, world)
    page = client.sign_in(world.director).page(at(world, answer))
    ticked = ticks(page, "Riga")
    unsure = client.submit(page, "/decide", button="act=approve", words=ticked)
    assert unsure.status == 422
    assert "Choose what these words give away." in unsure.text
    assert unsure.form("/decide").values["words"] == ticked
    hasty = client.submit(page, "/decide", button="act=approve", words=ticked, kind="place_or_time")
    assert hasty.status == 422
    assert "in taken out: place or time 🙂" in hasty.text
    assert counts(database) == (0, 0, 0)
    client.submit(hasty, "/decide", button="act=approve")
    with database.reading() as reading:
        assert "Riga" not in reading.scalars(select(PublishedText)).one().text


def test_a_redaction_is_taken_back_before_approval(
    session: Session, world: World, client: PageClient
) -> None:
    answer = answer_of(session, world)
    page = client.sign_in(world.director).page(at(world, answer))
    shown = client.submit(page, "/decide", button="act=redact", words=ticks(page, "Riga"), kind="affiliation")
    (span,) = shown.form("/decide").values["spans"]
    back = client.submit(shown, "/decide", button=f"drop={span}")
    assert "spans" not in back.form("/decide").values
    assert "taken out" not in back.text


def test_unreadable_positions_get_a_sentence_and_change_nothing(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    answer = answer_of(session, world)
    page = client.sign_in(world.director).page(at(world, answer))
    bad = (
        {"spans": ["500-600-affiliation"]},
        {"spans": ["-4-2-affiliation"]},
        {"spans": ["4-2-affiliation"]},
        {"spans": ["3-3-affiliation"]},
        {"spans": ["a-b-affiliation"]},
        {"spans": ["1-٣-affiliation"]},
        {"spans": ["1-99999999999999999999-affiliation"]},
        {"spans": ["0-2-treason"]},
        {"spans": [""]},
        {"spans": ["0-5-affiliation", "3-8-affiliation"]},
        {"spans": [f"0-{len(WORDS)}-affiliation"]},
    )
    for fields in bad:
        answered = client.submit(page, "/decide", button="act=approve", note="My note.", **fields)
        assert answered.status == 422, fields
        assert "Error:" in answered.text
        assert answered.form("/decide").values["note"] == ["My note."]
    for fields in (
        {"words": ["x-y"]},
        {"words": ["9"]},
        {"start": "-1", "end": "4"},
        {"start": "2", "end": ""},
    ):
        answered = client.submit(page, "/decide", button="act=redact", kind="affiliation", **fields)
        assert answered.status == 422, fields
        assert "Error:" in answered.text
    nothing = client.submit(page, "/decide", button="act=redact", kind="affiliation")
    assert "Select words in the answer, or tick them, first." in nothing.text
    assert counts(database) == (0, 0, 0)
    assert state_of(database, answer) is AnswerState.WAITING


def test_what_overlaps_is_refused_and_the_earlier_redaction_kept(
    session: Session, world: World, client: PageClient
) -> None:
    answer = answer_of(session, world)
    page = client.sign_in(world.director).page(at(world, answer))
    shown = client.submit(page, "/decide", button="act=redact", start="7", end="21", kind="affiliation")
    again = client.submit(shown, "/decide", button="act=redact", start="18", end="30", kind="affiliation")
    assert again.status == 422
    assert "Two redactions overlap." in again.text
    assert again.form("/decide").values["spans"] == ["7-21-affiliation"]


def test_a_rejection_without_a_reason_keeps_the_note(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    answer = answer_of(session, world)
    page = client.sign_in(world.director).page(at(world, answer))
    again = client.submit(page, "/decide", button="act=reject", note="Names a colonel.")
    assert again.status == 422
    assert "Choose why this answer is not published." in again.text
    assert again.form("/decide").values["note"] == ["Names a colonel."]
    assert counts(database) == (0, 0, 0)
    client.submit(again, "/decide", button="act=reject", reason="identifies_other")
    assert state_of(database, answer) is AnswerState.REJECTED
    log = client.page(at(world, answer)).text
    assert "Rejected: Gives away somebody else · Director" in log
    assert "Names a colonel." in log


def test_what_may_not_be_used_offers_no_approval(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    answer = answer_of(session, world, attribution=Attribution.NOT_FOR_USE)
    page = client.sign_in(world.director).page(at(world, answer))
    assert ("act", "approve") not in page.form("/decide").buttons
    forced = client.submit(page, "/decide", button="act=approve")
    assert forced.status == 409
    assert "Reject it as not for use" in forced.text
    assert counts(database) == (0, 0, 0)
    client.submit(page, "/decide", button="act=reject")
    assert state_of(database, answer) is AnswerState.REJECTED


def test_what_is_rejected_is_not_said_to_be_counted(
    session: Session, world: World, client: PageClient
) -> None:
    answer = answer_of(session, world, attribution=Attribution.AGGREGATE_ONLY)
    page = client.sign_in(world.director).page(at(world, answer))
    assert "Counted, and not printed" in page.text
    client.submit(page, "/decide", button="act=reject", reason="off_topic")
    page = client.page(at(world, answer))
    assert "Rejected, so it is neither printed nor counted." in page.text
    assert "Counted, and not printed" not in page.text


def test_an_empty_pile_leads_on(session: Session, world: World, client: PageClient) -> None:
    page = client.sign_in(world.director).page(f"/desk/{world.slug}/queue")
    assert "Nothing is waiting." in page.text
    assert "Go on to coding" in page.text
    narrowed = client.page(f"/desk/{world.slug}/queue?q=zimorodek")
    assert "Show every answer that waits" in narrowed.text


def test_undo_reverses_and_both_decisions_stay(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    answer = answer_of(session, world)
    answer_of(session, world, "Another.")
    page = client.sign_in(world.director).page(at(world, answer))
    shown = client.submit(page, "/decide", button="act=redact", words=ticks(page, "Riga"), kind="affiliation")
    after = client.submit(shown, "/decide", button="act=approve")
    undone = client.submit(after, f"{answer.id}/decide", button="act=reopen")
    assert "Reversed. The answer is waiting again." in undone.text
    assert undone.form("/decide").values["spans"], (
        "what was redacted stays redacted until somebody decides anew"
    )
    assert state_of(database, answer) is AnswerState.WAITING
    assert counts(database) == (2, 0, 0)
    assert "Decision reversed" in undone.text
    assert "Approved · Director" in undone.text


def test_an_undo_is_offered_for_ten_seconds_however_often_its_page_is_loaded(
    session: Session, world: World, client: PageClient
) -> None:
    answers = [answer_of(session, world, f"Answer {n}.") for n in range(4)]
    with time_machine.travel(now(), tick=False) as clock:
        one = client.sign_in(world.director).page(at(world, answers[0]))
        looked = client.submit(client.page(at(world)), "/selection", answers=[a.id for a in answers[1:3]])
        single = client.submit(one, "/decide", button="act=approve")
        several = client.submit(looked, "/selection/decide", button="act=approve")
        places = [
            f"{page.response.request.path}?{page.response.request.query_string.decode()}"
            for page in (single, several)
        ]
        for left, after in ((10, 0), (4, 6), (0, 4), (0, 3600)):
            clock.shift(timedelta(seconds=after))
            for place, said in zip(places, ("Approved.", "2 answers approved."), strict=True):
                page = client.page(place)
                assert said in page.text
                assert [e.get("data-undo") for e in page.tree.iter("form") if e.get("data-undo")] == (
                    [str(left)] if left else []
                )
    client.sign_in(world.second_director)
    assert "Approved." not in client.page(places[0]).text, "a colleague did that"


def test_the_last_answer_leads_back_to_the_list_with_its_undo(
    session: Session, world: World, client: PageClient
) -> None:
    answer = answer_of(session, world)
    page = client.sign_in(world.director).page(at(world, answer))
    after = client.submit(page, "/decide", button="act=approve")
    assert after.status == 200
    assert "Every answer in this list has been decided." in after.text
    assert ("act", "reopen") in after.form("/decide").buttons


def test_a_colleagues_decision_is_shown_beside_mine_and_stands(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    answer = answer_of(session, world)
    page = client.sign_in(world.director).page(at(world, answer))
    with database.transaction() as other:
        theirs = other.get_one(Answer, answer.id)
        read = current_revision(other, theirs).hash
        decide(other, theirs, Verdict.APPROVE, read=read, by=world.second_director)
    late = client.submit(page, "/decide", button="act=reject", reason="off_topic", note="Not what was asked.")
    assert late.status == 409
    assert "Reject: Off the topic" in late.text
    assert "Not what was asked." in late.text
    assert "Approved · last decided by Second director" in late.text
    assert counts(database) == (1, 1, 1)
    anew = client.submit(late, "/decide", button="act=reopen")
    assert anew.status == 200
    assert state_of(database, answer) is AnswerState.WAITING


def test_an_expired_token_keeps_everything(session: Session, world: World, client: PageClient) -> None:
    answer = answer_of(session, world)
    client.application.config["WTF_CSRF_TIME_LIMIT"] = 1
    page = client.sign_in(world.director).page(at(world, answer))
    again = client.submit(
        page, "/decide", button="act=reject", csrf_token="expired", note="Kept.", spans=["0-2-affiliation"]
    )
    assert again.status == 422
    values = again.form("/decide").values
    assert (values["note"], values["spans"]) == (["Kept."], ["0-2-affiliation"])
    assert values["csrf_token"] != ["expired"]


def test_lists_that_do_not_exist_are_not_found(session: Session, world: World, client: PageClient) -> None:
    answer_of(session, world)
    client.sign_in(world.director)
    for query in (
        "state=withdrawn",
        "state=none",
        "meeting=nowhere",
        "after=x",
        "after=9.%00",
        "after=99999999999999999999.a",
        "after=-1.a",
    ):
        client.page(f"{at(world)}?{query}", 404)
    client.page(f"{at(world)}?after=9.zzz&meeting=october&state=approved&done=nothing")
    assert at(world) in client.page(f"{at(world)}/nothing", 404).links(), "back to the queue"


def test_pages_of_the_list_reach_every_answer_once(
    session: Session, world: World, client: PageClient
) -> None:
    made = {
        make_answer(session, world.consultation, world.rules, world.asking, f"No. {n}").id for n in range(70)
    }
    session.commit()
    client.sign_in(world.director)
    page, seen = client.page(f"{at(world)}?meeting=october"), []
    while True:
        items = [li for li in page.tree.iter("li") if "item" in (li.get("class") or "").split()]
        seen += [
            next(a for a in li.iter("a")).get("href", "").split("?")[0].rsplit("/", 1)[1] for li in items
        ]
        more = [a.get("href", "") for a in page.tree.iter("a") if a.get("rel") == "next"]
        if not more:
            break
        page = client.page(more[0])
    assert len(seen) == 70
    assert set(seen) == made


def test_the_queue_costs_the_same_for_one_answer_and_for_fifty(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    first = answer_of(session, world)
    client.sign_in(world.director)

    def queries(path: str) -> int:
        statements: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        event.listen(database.reader, "before_cursor_execute", note)
        client.page(path)
        event.remove(database.reader, "before_cursor_execute", note)
        return len(statements)

    def fill(number: int) -> None:
        for _ in range(number):
            make_answer(session, world.consultation, world.rules, world.asking)
        session.commit()

    pages = at(world), f"/desk/{world.slug}"
    for_one = [queries(path) for path in pages]
    fill(49)
    assert [queries(path) for path in pages] == for_one
    fill(50)
    assert queries(at(world, first)) <= 13, "two more where the answer is not on the list's first page"
    assert max(for_one) <= 11
    key, answer_id = sorted((answer.shuffle_key, answer.id) for answer in session.scalars(select(Answer)))[40]
    deep = f"{at(world)}?after={key}.{answer_id}"
    assert queries(deep) <= 12
    assert queries(f"{deep}&q=channel") <= 12
