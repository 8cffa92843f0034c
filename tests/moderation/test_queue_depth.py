"""Filters and search with one meaning on both databases, second approvals, bulk decisions, two moderators at once."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.enums import Attribution
from consult.core.audit import AuditEntry
from consult.core.clock import now
from consult.core.database import Database
from consult.core.errors import Conflict, Invalid, Refused, StaleRead
from consult.core.text import fold
from consult.moderation import actions
from consult.moderation.actions import Span, decide, decide_each
from consult.moderation.enums import RedactionKind, RejectReason, Verdict
from consult.moderation.models import AnswerNote, Decision, Presence, PublishedText
from consult.moderation.queries import (
    Pile,
    beside,
    others_on,
    queue_page,
    reading,
    readings,
    saved_views,
    searched,
    state_counts,
    ways,
)
from consult.moderation.queries.searching import thresholds
from consult.responses.enums import AnswerState, Source
from consult.responses.models import Answer, Revision
from consult.responses.queries import current_revision
from consult.responses.rules import content_hash
from tests.factories import World, make_answer

TEXTS = (
    "Żółć i łódź: kanał ostrzegania dla załóg.",
    "ZOLC I LODZ w wielkich literach",
    "Die Klimaneutralität muß bis 2040 kommen, größere Städte zuerst.",
    "計程車司機需要保障，北",
    "乘客的安全第一",
    "Le chœur des alliés à l’œuvre",
    "Спільний канал зв’язку",
    "قناة اتصال دائمة",
    "हिन्दी में एक उत्तर",
    "Version 2.0 of the 3rd treaty, art. 5, cost 1e5, snake_case kept",
    "An e-mail a@b.example and https://example.org/path?q=1",
    "ß, ﬁne print and ① circled",
)
SOUGHT = (
    "zolc", "Łódź", "lod", "klima", "MUSS", "gross", "grössere städte", "計程車", "司機", "北", "安全", "乘客 第一",
    "chœur", "choeur", "канал", "СПІЛЬНИЙ", "اتصال", "हिन्दी", "2.0", "3rd", "1e5", "snake", "case", "snake_case", "5",
    "a", "b.example", "example.org/path", "fine", "1 circled", "nothing of it", "ka", "k", "'; DROP TABLE answer; --",
    '"quoted" AND OR NOT *', "channel:*", "& | !",
)  # fmt: skip


def pile_of(world: World, state: AnswerState = AnswerState.WAITING, **narrowed: object) -> Pile:
    ids = [world.october.id, world.may.id]
    return Pile(world.consultation, ids, state, **narrowed)  # type: ignore[arg-type]


def made(session: Session, world: World, words: str, **facts: object) -> Answer:
    return make_answer(session, world.consultation, world.rules, world.asking, words, **facts)  # type: ignore[arg-type]


def hash_of(session: Session, answer: Answer) -> str:
    return current_revision(session, answer).hash


def approve(session: Session, answer: Answer, by: User, number: int = 0, *spans: Span) -> Decision:
    read = hash_of(session, answer)
    return decide(session, answer, Verdict.APPROVE, read=read, read_number=number, by=by, redactions=spans)


def meant(query: str) -> set[str]:
    """What the search means, said without a database."""
    search = searched(query)
    words = search.words if search else ()
    return {
        said
        for said in TEXTS
        if all(
            any(
                token.startswith(word) if len(word) > 1 or word >= "\u2e80" else token == word
                for token in fold(said).replace("_", " ").split()
            )
            for word in words
        )
    }


@pytest.mark.parametrize("common", [False, True])
def test_a_search_means_the_same_on_both_databases_and_both_ways(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch, common: bool
) -> None:
    if common:
        monkeypatch.setattr(thresholds, "SPELT_OUT", -1)
        monkeypatch.setattr(ways, "share_of", lambda *_rest: 1.0)
    for said in TEXTS:
        made(session, world, said)
    session.flush()
    for query in SOUGHT:
        lines = queue_page(session, pile_of(world, search=searched(query)), after=None)
        assert {line.excerpt for line in lines} == meant(query), query
        assert state_counts(session, pile_of(world, search=searched(query)))[AnswerState.WAITING] == len(
            lines
        )
    assert searched("…—!") is None


def test_filters_narrow_the_list_and_its_counts_alike(session: Session, world: World) -> None:
    plain = made(session, world, "A plain answer.")
    polish = made(session, world, "Po polsku.", language="pl")
    counted = made(session, world, "Count me.", attribution=Attribution.AGGREGATE_ONLY)
    paper = made(session, world, "On paper.", source=Source.PAPER)
    second = make_answer(
        session, world.consultation, world.rules, world.askings[world.october.id][1], "The other question."
    )
    held_back = made(session, world, "Not released yet.")
    session.execute(update(Answer).where(Answer.id == held_back.id).values(released=False))

    def ids(**narrowed: object) -> set[str]:
        pile = pile_of(world, **narrowed)
        found = {line.answer_id for line in queue_page(session, pile, after=None)}
        assert state_counts(session, pile)[AnswerState.WAITING] == len(found)
        return found

    assert ids() == {plain.id, polish.id, counted.id, paper.id, second.id}
    assert ids(language="pl") == {polish.id}
    assert ids(attribution=Attribution.AGGREGATE_ONLY) == {counted.id}
    assert ids(source=Source.PAPER) == {paper.id}
    assert ids(question_id=second.question_id) == {second.id}
    assert ids(hinted=True) == set()
    assert ids(source=Source.PAPER, language="pl") == set()
    assert reading(session, world.consultation, [world.october.id], held_back.id) is None


def test_two_people_approve_where_the_consultation_asks_for_two(session: Session, world: World) -> None:
    world.consultation = session.merge(world.consultation)
    world.consultation.second_approval = True
    answer = made(session, world, "As Zawisza asked, talk first.")
    name = Span(3, 10, RedactionKind.IDENTIFIES_OTHER)
    first = approve(session, answer, world.director, 0, name)
    assert (first.state_before, first.state_after) == (AnswerState.WAITING, AnswerState.WAITING)
    assert session.scalars(select(PublishedText)).all() == []
    with pytest.raises(Refused, match="Another person’s approval publishes it"):
        approve(session, answer, world.director, 1, name)
    found = reading(session, world.consultation, [world.october.id], answer.id)
    assert found is not None
    assert found.first_approval is not None
    assert found.spans == (name,)
    other_text = approve(session, answer, world.second_director, 1)
    assert other_text.state_after is AnswerState.WAITING, "another text than the one that was approved"
    published = approve(session, answer, world.director, 2)
    assert published.state_after is AnswerState.APPROVED
    assert len(session.scalars(select(PublishedText)).all()) == 1


def test_a_first_approval_is_taken_back_and_does_not_outlive_the_words(
    session: Session, world: World
) -> None:
    session.merge(world.consultation).second_approval = True
    answer = made(session, world, "Talk first.")
    approve(session, answer, world.director)
    read = hash_of(session, answer)
    back = decide(session, answer, Verdict.REOPEN, read=read, read_number=1, by=world.director)
    assert back.state_after is AnswerState.WAITING
    with pytest.raises(Refused):
        decide(session, answer, Verdict.REOPEN, read=read, read_number=2, by=world.director)
    assert approve(session, answer, world.second_director, 2).state_after is AnswerState.WAITING
    change(session, answer, words="Talk last.")
    assert approve(session, answer, world.director, 3).state_after is AnswerState.WAITING


def test_the_database_refuses_a_lone_approval(session: Session, world: World) -> None:
    session.merge(world.consultation).second_approval = True
    answer = made(session, world, "Talk first.")
    approve(session, answer, world.director)
    session.flush()
    for by in (world.director, world.second_director):
        row = Decision(
            answer_id=answer.id,
            number=2,
            verdict=Verdict.APPROVE,
            read_hash=current_revision(session, answer).mark,
            state_before=AnswerState.WAITING,
            state_after=AnswerState.APPROVED,
            note="",
            decided_by=by.id,
            decided_at=now(),
        )
        if by is world.second_director:
            session.add(row)
            session.flush()
            continue
        with session.begin_nested() as savepoint:
            session.add(row)
            with pytest.raises(DBAPIError, match="a second person must approve"):
                session.flush()
            savepoint.rollback()


def change(
    session: Session, answer: Answer, *, words: str | None = None, attribution: Attribution | None = None
) -> None:
    """As if the participant had changed the answer."""
    revision = current_revision(session, answer)
    revision.current = False
    session.flush()
    said, level = words or revision.text, attribution if attribution is not None else revision.attribution
    session.add(
        Revision(
            answer_id=answer.id,
            number=revision.number + 1,
            wording_id=revision.wording_id,
            text=said,
            language=revision.language,
            attribution=level,
            ground_rules_id=revision.ground_rules_id,
            ceiling=revision.ceiling,
            hash=content_hash(said, None, level, revision.wording_id),
            folded=fold(said or ""),
        )
    )
    session.flush()


def test_a_narrowed_permission_makes_what_was_read_stale(session: Session, world: World) -> None:
    answer = made(session, world, "Talk first.")
    read = hash_of(session, answer)
    change(session, answer, attribution=Attribution.AGGREGATE_ONLY)
    with pytest.raises(StaleRead):
        decide(session, answer, Verdict.APPROVE, read=read, by=world.director)
    approve(session, answer, world.director)
    assert session.scalars(select(PublishedText)).all() == [], "counted, and not quoted"


def test_many_are_decided_each_for_itself_and_the_stale_left(session: Session, world: World) -> None:
    answers = [made(session, world, f"Answer {n}.") for n in range(6)]
    unusable = made(session, world, "Not for use.", attribution=Attribution.NOT_FOR_USE)
    everything = [*answers, unusable]
    found = readings(session, world.consultation, [world.october.id], [a.id for a in everything])
    read = [(found[a.id], hash_of(session, a), 0) for a in everything]
    change(session, answers[0], words="Other words.")
    approve(session, answers[1], world.second_director)
    gone = [(None, "0" * 64, 0)]
    outcome = decide_each(session, [*read, *gone], Verdict.APPROVE, by=world.director)
    assert (sorted(outcome.done), outcome.stale, outcome.refused) == (
        sorted(a.id for a in answers[2:]), 3, 1,
    )  # fmt: skip
    assert len(session.scalars(select(Decision)).all()) == 5
    last = made(session, world, "One more.")
    standing = reading(session, world.consultation, [world.october.id], last.id)
    with pytest.raises(Invalid, match="Choose why"):
        decide_each(session, [(standing, hash_of(session, last), 0)], Verdict.REJECT, by=world.director)


def test_many_at_once_keep_the_redactions_that_stood(session: Session, world: World) -> None:
    answer = made(session, world, "As Zawisza asked, talk first.")
    approve(session, answer, world.director, 0, Span(3, 10, RedactionKind.IDENTIFIES_OTHER))
    read = hash_of(session, answer)
    decide(session, answer, Verdict.REOPEN, read=read, read_number=1, by=world.director)
    found = reading(session, world.consultation, [world.october.id], answer.id)
    decide_each(session, [(found, read, 2)], Verdict.APPROVE, by=world.director)
    assert "Zawisza" not in session.scalars(select(PublishedText.text)).one()


def test_notes_stay_at_the_desk_and_out_of_the_log(session: Session, world: World) -> None:
    answer = made(session, world, "Talk first.")
    actions.add_note(session, answer, "Ask the Riga desk.", by=world.director)
    notes, present = beside(session, answer.id, world.director)
    assert [(note.words, note.name) for note in notes] == [("Ask the Riga desk.", "Director")]
    assert present == []
    for bad in ("  ", "x" * 2001):
        with pytest.raises(Invalid):
            actions.add_note(session, answer, bad, by=world.director)
    assert not any("Riga" in facts for facts in session.scalars(select(AuditEntry.facts)))
    session.execute(text("DELETE FROM revision"))
    session.delete(answer)
    session.flush()
    assert session.scalars(select(AnswerNote)).all() == []


def test_presence_is_believed_for_a_minute(session: Session, world: World) -> None:
    first, second = (made(session, world, words) for words in ("One.", "Two."))
    actions.be_present(session, first, world.director)
    assert others_on(session, first.id, world.second_director) == ["Director"]
    assert others_on(session, first.id, world.director) == []
    actions.be_present(session, second, world.director)
    assert others_on(session, first.id, world.second_director) == []
    session.execute(update(Presence).values(until=now() - timedelta(seconds=1)))
    assert others_on(session, second.id, world.second_director) == []
    actions.be_present(session, first, world.second_director)
    assert len(session.scalars(select(Presence)).all()) == 1, "what has run out is forgotten"


def test_views_are_ones_own(session: Session, world: World) -> None:
    view = actions.save_view(session, world.director, world.consultation, "  Polish   ones ", "language=pl")
    actions.save_view(
        session, world.director, world.consultation, "Polish ones", "language=pl&state=approved"
    )
    assert [(v.name, v.query) for v in saved_views(session, world.director, world.consultation)] == [
        ("Polish ones", "language=pl&state=approved")
    ]
    actions.forget_view(session, world.second_director, world.consultation, view.id)
    assert len(saved_views(session, world.director, world.consultation)) == 1
    actions.forget_view(session, world.director, world.consultation, view.id)
    assert saved_views(session, world.director, world.consultation) == []
    with pytest.raises(Invalid):
        actions.save_view(session, world.director, world.consultation, " ", "")


def test_a_thousand_interleavings_overwrite_nothing_silently(
    session: Session, world: World, database: Database
) -> None:
    """Two moderators read and decide in every order that a seeded schedule makes of it; some acts truly at once.

    A thousand orders in sum, most of them where a turn costs least; `make chaos` plays a thousand on each database.
    """
    turns = 750 if database.is_sqlite else 250
    answers = [made(session, world, f"Answer {n}.").id for n in range(25)]
    session.commit()
    session.close()
    schedule, people = random.Random(turns), (world.director, world.second_director)
    seen: dict[tuple[str, str], tuple[str, int]] = {}
    told: Counter[str] = Counter()

    def look(person: User, answer_id: str) -> None:
        with database.reading() as reader:
            found = reading(reader, world.consultation, [world.october.id], answer_id)
            assert found is not None
            seen[person.id, answer_id] = found.revision.hash, found.number

    def act(person: User, answer_id: str, verdict: Verdict) -> str:
        read, number = seen[person.id, answer_id]
        reason = RejectReason.OFF_TOPIC if verdict is Verdict.REJECT else None
        try:
            with database.transaction() as writer:
                answer = writer.get_one(Answer, answer_id)
                made = decide(
                    writer, answer, verdict, read=read, read_number=number, by=person, reason=reason
                )
                assert made.number == number + 1, "decided on exactly what was seen"
        except (StaleRead, Refused, Conflict) as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(2) as pool:
        for turn in range(turns):
            answer_id = schedule.choice(answers)
            verdicts = [schedule.choice(list(Verdict)) for _ in people]
            for person in people:
                if (person.id, answer_id) not in seen or schedule.random() < 0.6:
                    look(person, answer_id)
            if turn % 10 == 0:
                results = pool.map(act, people, [answer_id] * 2, verdicts)
                told.update(results)
            else:
                who = schedule.randrange(2)
                told[act(people[who], answer_id, verdicts[who])] += 1
    with database.reading() as reader:
        decisions = reader.scalars(select(Decision).order_by(Decision.answer_id, Decision.number)).all()
        states = dict(reader.execute(select(Answer.id, Answer.state)).all())
    assert told["done"] == len(decisions), "every act that was said to be done stands, and no other"
    assert told["StaleRead"] > turns // 20
    last: dict[str, Decision] = {}
    for decision in decisions:
        before = last.get(decision.answer_id)
        assert decision.number == (before.number + 1 if before else 1)
        assert decision.state_before is (before.state_after if before else AnswerState.WAITING)
        last[decision.answer_id] = decision
    assert {answer_id: decision.state_after for answer_id, decision in last.items()} == {
        answer_id: state for answer_id, state in states.items() if answer_id in last
    }
