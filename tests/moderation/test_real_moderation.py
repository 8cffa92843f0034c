"""The moderation of two real consultations, published with their data, given again through decide()."""

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.core.tabular import read_file
from consult.core.text import tidy
from consult.moderation.actions import decide
from consult.moderation.enums import RejectReason, Verdict
from consult.moderation.models import PublishedText
from consult.moderation.queries import Pile, queue_page, searched, state_counts
from consult.operations.import_responses import import_responses
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Revision
from tests.factories import World

VERDICTS = {"1": Verdict.APPROVE, "-1": Verdict.REJECT}
"""Polis: 1 accepted, -1 rejected, 0 not looked at."""

AUSTRIA = ("austria-climate.5twd2jsnkf.2022-08-08", "de", (0, 277, 245))
TAIWAN = ("vtaiwan.uberx", "zh", (20, 99, 78))
SOUGHT = {"de": ("klima", "CO2", "fur"), "zh": ("計程車", "安全", "司機")}


@pytest.mark.parametrize(("name", "language", "states"), [AUSTRIA, TAIWAN], ids=["austria", "vtaiwan"])
def test_published_states_are_reproduced(
    session: Session,
    world: World,
    shared_data: Path,
    name: str,
    language: str,
    states: tuple[int, int, int],
) -> None:
    file = shared_data / "polis" / name / "comments.csv"
    if not file.is_file():
        pytest.skip(f"{name} is not here")
    given: defaultdict[str, list[str]] = defaultdict(list)
    with file.open(encoding="utf-8") as opened:
        for row in csv.DictReader(opened):
            given[tidy(row["comment-body"])].append(row["moderated"])
    report = import_responses(
        session,
        world.consultation,
        world.october,
        read_file(file),
        secret_key="a key of the tests",
        mapping={"answer": "comment-body", "id": "comment-id"},
        question=world.asking.question.code,
        language=language,
    )
    assert report.taken == sum(states)
    rows = session.execute(select(Answer, Revision).join(Revision, Revision.answer_id == Answer.id)).all()
    for answer, revision in rows:
        verdict = VERDICTS.get(given[revision.text or ""].pop())
        if verdict is not None:
            reason = RejectReason.OTHER if verdict is Verdict.REJECT else None
            decide(session, answer, verdict, read=revision.hash, by=world.director, reason=reason)
    pile = Pile(world.consultation, [world.october.id], AnswerState.WAITING)
    assert tuple(state_counts(session, pile).values()) == states
    assert session.scalar(select(func.count()).select_from(PublishedText)) == states[1]
    for query in SOUGHT[language]:
        found = Counter[AnswerState]()
        for state in (AnswerState.WAITING, AnswerState.APPROVED, AnswerState.REJECTED):
            narrowed = Pile(world.consultation, [world.october.id], state, search=searched(query))
            found[state] = len(queue_page(session, narrowed, after=None, limit=600))
            assert state_counts(session, narrowed)[state] == found[state]
        assert found.total() >= 3, query
