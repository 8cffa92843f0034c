"""How the answers were moderated, as counts for everybody: acts of staff, hardly facts about persons.

k protects attributes of persons. A reason for rejecting is none: it says what a moderator did. Yet some reasons also
say what stood in an answer, and in a small room one such answer may be guessed at. So a reason that speaks of content
and was given fewer than k times is counted under "another reason"; the total stays exact, and since that heading has
no content of its own, nothing can be subtracted to tell what is in it. Never by meeting. Redactions are exact: each
of them stands as a mark in a printed text, where anybody can count it. docs/decisions/0006 has the reasoning.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.consultations.models import Consultation, GroundRules
from consult.moderation.enums import RejectReason
from consult.moderation.published import withheld

SPEAKS_OF_CONTENT = frozenset(
    {
        RejectReason.IDENTIFIES_SPEAKER,
        RejectReason.IDENTIFIES_OTHER,
        RejectReason.SENSITIVE,
        RejectReason.ALLEGATION,
    }
)


@dataclass(frozen=True)
class ReleasedModeration:
    """What was not printed: answers rejected by reason, spans redacted by kind, and what their writers decided."""

    rejected: dict[str, int]
    redacted: dict[str, int]
    aggregate_only: int
    not_for_use: int
    waiting: int


def release_moderation(
    session: Session, consultation: Consultation, rules: GroundRules
) -> ReleasedModeration:
    """Counts over the whole consultation, small telling reasons taken together. Three queries."""
    counts = withheld(session, consultation)
    return ReleasedModeration(
        rejected=taken_together(counts.rejected_by_reason, rules.smallest_group),
        redacted={kind.value: number for kind, number in counts.redactions_by_kind.items()},
        aggregate_only=counts.aggregate_only,
        not_for_use=counts.not_for_use,
        waiting=counts.waiting,
    )


def taken_together(by_reason: Mapping[RejectReason, int], smallest: int) -> dict[str, int]:
    """Counts by reason, whose sum stays; a reason that speaks of content and is rare counts as another reason."""
    released: dict[str, int] = {}
    for reason, number in by_reason.items():
        rare = reason in SPEAKS_OF_CONTENT and number < smallest
        heading = (RejectReason.OTHER if rare else reason).value
        released[heading] = released.get(heading, 0) + number
    return {heading: number for heading, number in sorted(released.items()) if number}
