"""Which questions are shown, given the answers to earlier ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from consult.consultations.models import Question


@dataclass(frozen=True)
class Condition:
    """Shown if the question with that code was answered with one of these codes, or at all where there are none."""

    question: str
    any_of: tuple[str, ...] = ()

    def holds(self, answers: Mapping[str, Sequence[str]]) -> bool:
        """`answers`: question code → what was answered, of questions that are shown themselves."""
        given = answers.get(self.question) or ()
        return bool(set(given) & set(self.any_of)) if self.any_of else bool(given)


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
