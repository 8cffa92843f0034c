"""Two moderators and a participant in every order: whoever decides on what no longer stands is told, never believed."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.enums import Attribution
from consult.core.audit import first_broken
from consult.core.database import Database
from consult.core.errors import Conflict, Refused
from consult.core.text import fold
from consult.moderation.actions import Span, decide
from consult.moderation.enums import RedactionKind, RejectReason, Verdict
from consult.moderation.models import Decision, PublishedText
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Revision
from consult.responses.queries import current_revision
from consult.responses.rules import content_hash
from tests.factories import World, make_answer

Seen = tuple[str, int]
"""The hash of the words, and how many decisions on them."""


@dataclass
class Told:
    """What came of all rounds."""

    taken: int = 0
    stale: int = 0
    at_once: int = 0
    """Rounds in which both decided at the same instant."""


def collide(database: Database, world: World, *, rounds: int, seed: int) -> Told:
    """That many answers, each read and decided on by both in an order that the seed chooses. Asserts after each."""
    chance, told = random.Random(seed), Told()
    with ThreadPoolExecutor(2) as pool:
        for number in range(rounds):
            with database.transaction() as session:
                answer_id = make_answer(
                    session, world.consultation, world.rules, world.asking, f"Answer {number} at sea."
                ).id
            _one(database, world, answer_id, chance, told, pool)
    with database.reading() as session:
        assert first_broken(session) is None
    return told


def _one(
    database: Database,
    world: World,
    answer_id: str,
    chance: random.Random,
    told: Told,
    pool: ThreadPoolExecutor,
) -> None:
    people = (world.director, world.second_director)
    accepted: list[Seen] = []
    changed, at_once = chance.random() < 0.4, chance.random() < 0.5
    steps = [("read", 0), ("read", 1), ("decide", 0), ("decide", 1), *([("change", 2)] if changed else [])]
    chance.shuffle(steps)
    steps.sort(key=lambda step: 0 if step == ("read", 0) else 1)  # somebody opens it first
    order = [steps.index(("read", 1)), steps.index(("decide", 1))]
    if order[0] > order[1]:
        steps[order[0]], steps[order[1]] = steps[order[1]], steps[order[0]]
    if at_once:
        steps = [*(step for step in steps if step[0] != "decide"), ("both", 0)]
    seen: dict[int, Seen] = {}
    for what, who in steps:
        if what == "read":
            seen[who] = _read(database, answer_id)
        elif what == "change":
            _change(database, answer_id, chance)
        elif what == "decide":
            standing = _read(database, answer_id)
            outcome = _decide(database, answer_id, people[who], seen[who], chance.random())
            if outcome:
                assert seen[who] == standing, "only what still stands is decided on"
                accepted.append(seen[who])
            told.taken, told.stale = told.taken + outcome, told.stale + (not outcome)
        else:
            together, lots = Barrier(2, timeout=30), (chance.random(), chance.random())

            def attempt(
                who: int,
                together: Barrier = together,
                lots: tuple[float, ...] = lots,
                seen: dict[int, Seen] = seen,
            ) -> bool:
                together.wait()
                return _decide(database, answer_id, people[who], seen[who], lots[who])

            outcomes = list(pool.map(attempt, (0, 1)))
            accepted += [seen[who] for who in (0, 1) if outcomes[who]]
            told.at_once, told.taken = told.at_once + 1, told.taken + sum(outcomes)
            told.stale += 2 - sum(outcomes)
    _check(database, answer_id, accepted)


def _read(database: Database, answer_id: str) -> Seen:
    with database.reading() as session:
        return current_revision(session, session.get_one(Answer, answer_id)).hash, len(
            _decided(session, answer_id)
        )


def _decide(database: Database, answer_id: str, by: User, seen: Seen, lot: float) -> bool:
    """Whether it was taken. What the state does not allow counts as not taken."""
    verdict = Verdict.APPROVE if lot < 0.6 else Verdict.REJECT
    spans = [Span(0, 6, RedactionKind.OFF_TOPIC)] if lot < 0.3 else []
    reason = RejectReason.OTHER if verdict is Verdict.REJECT else None
    try:
        with database.transaction() as session:
            answer = session.get_one(Answer, answer_id)
            decide(
                session,
                answer,
                verdict,
                read=seen[0],
                read_number=seen[1],
                by=by,
                reason=reason,
                redactions=spans,
            )
    except (Conflict, Refused):
        return False
    return True


def _change(database: Database, answer_id: str, chance: random.Random) -> None:
    """The participant changes the words, or narrows what may be done with them."""
    with database.transaction() as session:
        answer = session.get_one(Answer, answer_id, with_for_update=True)
        old = current_revision(session, answer)
        words = "Answer anew, at sea." if chance.random() < 0.5 else old.text or ""
        use = old.attribution if words != old.text else Attribution.AGGREGATE_ONLY
        old.current = False
        session.flush()
        session.add(
            Revision(
                answer_id=answer.id,
                number=old.number + 1,
                wording_id=old.wording_id,
                text=words,
                language=old.language,
                attribution=use,
                ground_rules_id=old.ground_rules_id,
                ceiling=old.ceiling,
                hash=content_hash(words, None, use, old.wording_id),
                folded=fold(words),
            )
        )
        answer.state = AnswerState.WAITING


def _check(database: Database, answer_id: str, accepted: list[Seen]) -> None:
    with database.reading() as session:
        answer, rows = session.get_one(Answer, answer_id), _decided(session, answer_id)
        assert len(rows) == len(accepted), "each that was taken stands, and none besides"
        assert len(set(accepted)) == len(accepted), "no two were taken on one sight of it"
        hashes = dict(
            session.execute(select(Revision.mark, Revision.hash).where(Revision.answer_id == answer_id)).all()
        )
        read = [(hashes[row.read_hash], row.number - 1) for row in rows]
        assert read == sorted(accepted, key=lambda seen: seen[1])
        now = current_revision(session, answer)
        stands = [row for row in rows if row.read_hash == now.mark]
        expected = stands[-1].state_after if stands else AnswerState.WAITING
        assert answer.state is expected, "the state is what the last one made of these very words"
        printed = session.scalars(select(PublishedText).where(PublishedText.revision_id == now.id)).all()
        may_print = expected is AnswerState.APPROVED and now.attribution > Attribution.AGGREGATE_ONLY
        assert len(printed) == may_print


def _decided(session: Session, answer_id: str) -> list[Decision]:
    return list(
        session.scalars(select(Decision).where(Decision.answer_id == answer_id).order_by(Decision.number))
    )
