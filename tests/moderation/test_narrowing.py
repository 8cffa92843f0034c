"""However a filter is carried out, by its own index or along the queue, it leaves the same, forwards and backwards."""

import random
from itertools import combinations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.moderation.actions import decide
from consult.moderation.enums import HintKind, Verdict
from consult.moderation.models import Decision, Hint
from consult.moderation.queries import SHOWN, Pile, line_before, narrowing, queue_page, searched, state_counts
from consult.responses.enums import AnswerState, Source
from consult.responses.models import Answer, Response, Revision
from consult.responses.queries import current_revision
from tests.factories import World, make_answer
from tests.moderation.test_queue_depth import approve, change

FILTERS: dict[str, object] = {
    "language": "pl",
    "attribution": Attribution.AGGREGATE_ONLY,
    "source": Source.PAPER,
    "hint_kinds": (HintKind.PERSON,),
    "search": searched("kanal"),
}


def scattered(session: Session, world: World) -> None:
    """Answers of two consultations with each of those traits or without, of which some change or go afterwards.

    Many were approved by one of two directors and wait for the other.
    """
    chance = random.Random(5)
    askings = [
        (world.consultation, world.rules, world.askings[at.id][0]) for at in (world.october, world.may)
    ]
    elsewhere = next(iter(world.elsewhere_askings.values()))[0]
    askings.append((world.elsewhere, world.elsewhere_rules, elsewhere))
    made = []
    for _ in range(40):
        for consultation, rules, asking in askings:
            answer = make_answer(
                session,
                consultation,
                rules,
                asking,
                chance.choice(["Kanał ostrzegania.", "Nic więcej."]),
                attribution=chance.choice([Attribution.AGGREGATE_ONLY, Attribution.QUOTE_UNATTRIBUTED]),
                language=chance.choice(["pl", "en"]),
                source=chance.choice([Source.PAPER, Source.LINK]),
                state=chance.choice(SHOWN),
            )
            made.append(answer)
    session.flush()
    for revision_id in session.scalars(select(Revision.id)).all():
        for starts in range(chance.choice([0, 0, 1, 2])):  # more than one of a kind is still one answer
            session.add(Hint(revision_id=revision_id, starts=starts, ends=3, kind=HintKind.PERSON))
    waiting = [
        a for a in made if a.state is AnswerState.WAITING and a.consultation_id == world.consultation.id
    ]
    session.merge(world.consultation).second_approval = True
    for number, answer in enumerate(waiting):
        if number % 5 < 3:
            approve(session, answer, world.director if number % 5 == 2 else world.second_director)
    read = current_revision(session, waiting[5]).hash
    decide(session, waiting[5], Verdict.REOPEN, read=read, read_number=1, by=world.second_director)
    change(session, waiting[0], words="Nothing of it.")
    for words in ("Nothing.", current_revision(session, waiting[6]).text):
        change(session, waiting[6], words=words)
    waiting[1].state = AnswerState.WITHDRAWN
    waiting[2].released = False
    session.flush()


def left(
    session: Session, world: World, meetings: list[str], filters: dict[str, object]
) -> set[tuple[str, str]]:
    """(state, answer) of what passes, told in Python."""
    rows = session.execute(
        select(Answer, Revision, Response)
        .join(Revision, (Revision.answer_id == Answer.id) & Revision.current.is_(True))
        .join(Response, Response.id == Answer.response_id)
        .where(Answer.meeting_id.in_(meetings), Answer.released.is_(True), Answer.state.in_(SHOWN))
    )
    hinted = set(session.scalars(select(Hint.revision_id)))
    last = {row.answer_id: row for row in session.scalars(select(Decision).order_by(Decision.number))}
    first = {
        (row.answer_id, row.read_hash)
        for row in last.values()
        if row.verdict is Verdict.APPROVE
        and row.state_after is AnswerState.WAITING
        and row.decided_by != world.director.id
    }
    passes = {
        "language": lambda _answer, revision, _response: revision.language == "pl",
        "attribution": lambda _answer, revision, _response: (
            revision.attribution is Attribution.AGGREGATE_ONLY
        ),
        "source": lambda _answer, _revision, response: response.source is Source.PAPER,
        "hint_kinds": lambda _answer, revision, _response: revision.id in hinted,
        "search": lambda _answer, revision, _response: "kanal" in revision.folded,
        "second_by": lambda answer, revision, _response: (
            answer.state is AnswerState.WAITING and (answer.id, revision.mark) in first
        ),
    }
    return {(row[0].state.value, row[0].id) for row in rows if all(passes[name](*row) for name in filters)}


WAYS = {
    "by the narrowest filter": {},
    "some way along": {"FEW": -1},
    "some way along, then by the narrowest filter": {"FEW": -1, "ALONG": 3, "AHEAD": 2},
    "all the way along": {"FEW": -1, "SOME": -1, "ALONG": 3, "AHEAD": 2},
}


@pytest.mark.parametrize("way", WAYS)
def test_filters_leave_the_same_however_they_are_carried_out(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    for name, value in WAYS[way].items():
        monkeypatch.setattr(narrowing, name, value)
    scattered(session, world)
    asked = FILTERS | {"second_by": world.director.id}
    both = [world.october.id, world.may.id]
    with_second = [("language", "second_by"), ("search", "second_by"), tuple(asked)]
    for names in [(), *combinations(asked, 1), *combinations(FILTERS, 2), *with_second]:
        filters = {name: asked[name] for name in names}
        hinted = {"hinted": True} if "hint_kinds" in filters else {}
        for meetings in (both, both[:1]) if len(names) < 2 else (both,):
            expected = left(session, world, meetings, filters)
            for state in (AnswerState.WAITING, AnswerState.REJECTED):
                pile = Pile(world.consultation, meetings, state, **filters, **hinted)  # type: ignore[arg-type]
                counts = state_counts(session, pile)
                assert counts == {each: sum(at == each.value for at, _id in expected) for each in SHOWN}, (
                    names
                )
                listed, after = [], None
                while lines := queue_page(session, pile, after=after, limit=7):
                    listed += lines
                    after = lines[-1].position
                assert {(state.value, line.answer_id) for line in listed} == {
                    one for one in expected if one[0] == state.value
                }, names
                assert len(listed) == len({line.answer_id for line in listed})
                if len(listed) > 1:
                    before = line_before(session, pile, listed[-1].position)
                    assert before == listed[-2]
                    again = queue_page(session, pile, after=listed[1].position, limit=1, inclusive=True)
                    assert again == listed[1:2]
