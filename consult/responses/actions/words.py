"""Words as they are taken in: checked, and ready to be stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from consult.consultations.enums import Attribution
from consult.consultations.models import GroundRules
from consult.core.errors import Invalid
from consult.core.identifiers import new_id, new_shuffle_key
from consult.core.text import fold
from consult.meetings.models import Asking, Meeting
from consult.responses.enums import AnswerState
from consult.responses.rules import check_attribution, check_text, content_hash


@dataclass(frozen=True)
class GivenAnswer:
    """What a participant wrote to one asking, and how it may be used."""

    asking: Asking
    text: str
    attribution: Attribution
    language: str


def checked(given: Sequence[GivenAnswer], rules: GroundRules, meeting: Meeting) -> list[GivenAnswer]:
    """The answers with their texts as kept; one to an optional question may be empty and is left out."""
    kept = []
    for item in given:
        if item.asking.meeting_id != meeting.id:
            raise Invalid("This question was asked at another meeting.", field="text")
        text = check_text(item.text, item.asking.question)
        if text:
            check_attribution(item.attribution, rules)
            kept.append(GivenAnswer(item.asking, text, item.attribution, item.language))
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


def revision_values(given: GivenAnswer, rules: GroundRules, number: int = 1) -> dict[str, Any]:
    """The columns of an answer's revision but its answer."""
    wording_id = given.asking.wording_id
    return {
        "id": new_id(),
        "number": number,
        "current": True,
        "wording_id": wording_id,
        "text": given.text,
        "language": given.language,
        "attribution": given.attribution,
        "ground_rules_id": rules.id,
        "ceiling": rules.ceiling,
        "hash": content_hash(given.text, None, given.attribution, wording_id),
        "folded": fold(given.text),
        "search_key": new_shuffle_key(),
    }
