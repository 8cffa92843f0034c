"""Which questions are shown, given the answers to earlier ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from consult.consultations.kinds.kind import Kind
from consult.consultations.models import Question
from consult.core.errors import Invalid


@dataclass(frozen=True)
class Condition:
    """Shown if the question with that code was answered with one of these codes, or at all where there are none."""

    question: str
    any_of: tuple[str, ...] = ()

    def holds(self, answers: Mapping[str, Sequence[str]]) -> bool:
        """`answers`: question code → what was answered, of questions that are shown themselves."""
        given = answers.get(self.question) or ()
        return bool(set(given) & set(self.any_of)) if self.any_of else bool(given)


class Way(StrEnum):
    """How an answer is compared with picked ones. What is kept is always the codes that fulfil it."""

    ANY = "any"
    IS = "is"
    IS_NOT = "is_not"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


MOST_LISTED = 61
"""So many codes can be told by leaving some out; a longer list is told by naming some."""


def ways_for(kind: Kind, settings: Mapping[str, Any]) -> list[Way]:
    """How answers of that kind can be compared."""
    codes = kind.codes(settings)
    if not codes:
        return [Way.ANY]
    ways = [Way.ANY, Way.IS]
    if not kind.several and len(codes) <= MOST_LISTED:
        ways.append(Way.IS_NOT)
    return [*ways, Way.AT_LEAST, Way.AT_MOST] if kind.rising(settings) else ways


def codes_meant(way: Way, picked: Sequence[str], kind: Kind, settings: Mapping[str, Any]) -> list[str]:
    """The codes that fulfil it, in the question's order; none for any answer at all. Raises Invalid."""
    if way is Way.ANY:
        return []
    codes, rising = kind.codes(settings), kind.rising(settings)
    if unknown := [code for code in picked if code not in codes]:
        raise Invalid("“%(code)s” is no answer there. Choose one that is offered.", code=unknown[0][:40])
    if not picked:
        raise Invalid("Choose at least one answer.")
    if way in (Way.AT_LEAST, Way.AT_MOST):
        if len(picked) > 1 or picked[0] not in rising:
            raise Invalid("Choose one step, the one that is compared with.")
        place = rising.index(picked[0])
        return rising[place:] if way is Way.AT_LEAST else rising[: place + 1]
    meant = [code for code in codes if (code in picked) is (way is Way.IS)]
    if not meant:
        raise Invalid("With this no answer is left. Choose fewer.")
    return meant


def condition_of(question: Question) -> Condition | None:
    """Under which condition a question is shown, if there is one."""
    kept = question.condition
    return Condition(kept["question"], tuple(kept.get("any_of") or ())) if kept else None


def shown(questions: Iterable[Question], answers: Mapping[str, Sequence[str]]) -> list[Question]:
    """Those of the questions, in form order, that are shown; one that is not counts as unanswered for the next."""
    kept: list[Question] = []
    standing: dict[str, Sequence[str]] = {}
    for question in questions:
        condition = condition_of(question)
        if condition is None or condition.holds(standing):
            kept.append(question)
            if question.code in answers:
                standing[question.code] = answers[question.code]
    return kept
