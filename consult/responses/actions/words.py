"""Words and choices as they are taken in: checked, and ready to be stored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from consult.consultations.enums import Attribution
from consult.consultations.kinds import KINDS, Standing, condition_of
from consult.consultations.models import GroundRules
from consult.core.clock import now
from consult.core.errors import Invalid
from consult.core.identifiers import new_id, new_shuffle_key
from consult.core.text import fold
from consult.meetings.models import Asking, Meeting
from consult.responses.enums import AnswerState
from consult.responses.rules import check_attribution, content_hash


@dataclass(frozen=True)
class GivenAnswer:
    """What a participant wrote or chose at one asking, and how it may be used. `choices` are codes of its kind."""

    asking: Asking
    text: str
    attribution: Attribution
    language: str
    choices: tuple[str, ...] | None = None
    waived: bool = False
    """Whether the participant set the ceiling of the ground rules aside for this answer, today."""

    @property
    def blank(self) -> bool:
        """Whether nothing was answered."""
        return not self.text and not self.choices

    @property
    def hash(self) -> str:
        """What a revision of this would be known by."""
        return content_hash(self.text or None, self.choices, self.attribution, self.asking.wording_id)


def as_kept(given: Sequence[GivenAnswer], meeting: Meeting, *, alone: bool = False) -> list[GivenAnswer]:
    """The answers, in form order, as they are kept. One whose question is not shown under the others is blank.

    `alone`: there are no others, and conditions are not looked at. Choices are counted or not used: no step of the
    ladder beyond is theirs. Raises Invalid.
    """
    standing: dict[str, Standing] = {}
    kept = []
    for item in sorted(given, key=lambda item: item.asking.position):
        question = item.asking.question
        if item.asking.meeting_id != meeting.id:
            raise Invalid("This question was asked at another meeting.", field="text")
        kind, condition = KINDS[question.kind], condition_of(question)
        if condition is not None and not alone and not condition.holds(standing):
            kept.append(replace(item, text="", choices=None))
            continue
        parsed = kind.parse(question, item.choices or (), item.text)
        if parsed:
            standing[question.code] = kind, parsed.choices or (parsed.words,)
        level = min(item.attribution, Attribution.AGGREGATE_ONLY) if kind.closed else item.attribution
        kept.append(replace(item, text=parsed.words, choices=parsed.choices or None, attribution=level))
    return kept


def checked(
    given: Sequence[GivenAnswer], rules: GroundRules, meeting: Meeting, *, alone: bool = False
) -> list[GivenAnswer]:
    """The answers as kept; one to an optional question may be empty and is left out."""
    kept = [item for item in as_kept(given, meeting, alone=alone) if not item.blank]
    for item in kept:
        check_attribution(item.attribution, rules, waived=item.waived)
    if not kept:
        raise Invalid("Write your answer.", field="text")
    return kept


def answer_values(given: GivenAnswer, meeting: Meeting) -> dict[str, Any]:
    """The columns of a new answer but its response: waiting, with a place in the shuffle."""
    return {
        "id": new_id(),
        "consultation_id": meeting.consultation_id,
        "meeting_id": meeting.id,
        "question_id": given.asking.question_id,
        "state": AnswerState.WAITING,
        "shuffle_key": new_shuffle_key(),
    }


def _today() -> datetime:
    """A waiver is dated to the day, so that it does not say when the answer came in."""
    return now().replace(hour=0, minute=0, second=0, microsecond=0)


def revision_values(given: GivenAnswer, rules: GroundRules, number: int = 1) -> dict[str, Any]:
    """The columns of an answer's revision but its answer."""
    return {
        "id": new_id(),
        "number": number,
        "current": True,
        "wording_id": given.asking.wording_id,
        "text": given.text or None,
        "choices": list(given.choices) if given.choices else None,
        "language": given.language,
        "attribution": given.attribution,
        "ground_rules_id": rules.id,
        "ceiling": rules.ceiling,
        "waived_at": _today() if given.attribution > rules.ceiling else None,
        "hash": given.hash,
        "mark": new_id(),
        "folded": fold(given.text),
        "search_key": new_shuffle_key(),
    }
