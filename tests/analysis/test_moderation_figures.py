"""How the answers were moderated, as everybody may read it: exact in sum, silent on rare telling reasons."""

import pytest
from sqlalchemy.orm import Session

from consult.analysis.disclosure import release_moderation
from consult.analysis.disclosure.moderation import taken_together
from consult.moderation.actions import Span, decide
from consult.moderation.enums import RedactionKind, RejectReason, Verdict
from consult.responses.queries import current_revision
from tests.factories import World, make_answer


def reject(session: Session, world: World, reason: RejectReason, times: int) -> None:
    for _ in range(times):
        answer = make_answer(session, world.consultation, world.rules, world.asking)
        read = current_revision(session, answer).hash
        decide(session, answer, Verdict.REJECT, read=read, by=world.director, reason=reason)


def test_a_rare_telling_reason_counts_as_another(session: Session, world: World) -> None:
    reject(session, world, RejectReason.ALLEGATION, 1)
    reject(session, world, RejectReason.IDENTIFIES_SPEAKER, world.rules.smallest_group)
    reject(session, world, RejectReason.OFF_TOPIC, 1)
    reject(session, world, RejectReason.OTHER, 1)
    answer = make_answer(session, world.consultation, world.rules, world.asking)
    span = Span(0, 3, RedactionKind.ALLEGATION)
    read = current_revision(session, answer).hash
    decide(session, answer, Verdict.APPROVE, read=read, by=world.director, redactions=[span])
    released = release_moderation(session, world.consultation, world.rules)
    assert released.rejected == {"identifies_speaker": 5, "off_topic": 1, "other": 2}
    assert released.redacted == {"allegation": 1}, "it stands in the printed text for all to count"


@pytest.mark.parametrize("reason", RejectReason)
def test_the_sum_stays_whatever_the_reason(reason: RejectReason) -> None:
    for number in range(8):
        counts: dict[RejectReason, int] = {RejectReason.DUPLICATE: 2}
        counts[reason] = number
        assert sum(taken_together(counts, 5).values()) == sum(counts.values())
        assert all(taken_together(counts, 5).values())
