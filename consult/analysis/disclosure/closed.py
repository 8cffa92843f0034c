"""What was answered to one closed question, at one meeting or at all: a distribution with its summary.

One question by itself is no attribute of persons: it needs a base of ten. Of a kind whose single values may say who
somebody is, rare values are put together until nobody is alone, at no meeting and not in what is left of all of them.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.analysis.disclosure.figures import Withheld
from consult.analysis.disclosure.told.answering import Answers, told_answers
from consult.analysis.disclosure.told.publishing import Publishing
from consult.analysis.rules import Rounded, rounded
from consult.consultations.models import Consultation, GroundRules, Question

SCALE = "scale"


@dataclass(frozen=True)
class OptionShare:
    """How many chose one answer, of those who answered."""

    label: str
    count: int
    share: Rounded


@dataclass(frozen=True)
class Distribution:
    """Answers at a meeting (None: at all). `people`: respondents; `base`: those who answered; `missing`: the others.

    `people` and `missing` are None where respondents are told of another time than answers.

    `median`, `quartiles` and `top_two` (per cent on the two highest steps) are of a scale; None for another kind.
    """

    meeting: str | None
    people: int | None
    base: int | None
    missing: int | None
    options: tuple[OptionShare, ...]
    median: float | None
    quartiles: tuple[float, float] | None
    top_two: Rounded | None
    withheld: str


def release_answers(
    session: Session, consultation: Consultation, rules: GroundRules, question: Question
) -> tuple[Distribution, ...]:
    """The distribution at each meeting in order, then at all, as publications may tell it: see `told.answering`."""
    return released_answers(Publishing(session, consultation, rules), question)


def released_answers(publishing: Publishing, question: Question) -> tuple[Distribution, ...]:
    """The same of figures that are at hand."""
    answers = told_answers(publishing, question)
    scopes: list[str | None] = [*publishing.slugs.values(), None]
    return tuple(_distribution(publishing, answers, scope) for scope in scopes)


def _distribution(publishing: Publishing, answers: Answers, scope: str | None) -> Distribution:
    figures, question = answers.at.get(scope), answers.question
    if figures is None or not figures.base:
        reason = (answers.why.get(scope) or Withheld.NO_ANSWERS).value
        return Distribution(scope, None, None, None, (), None, None, None, reason)
    base = figures.base
    people = publishing.people_of_now(scope) if answers.is_of_now(scope) else None
    missing = None if people is None else people - base
    told = answers.sizes(scope)
    options = tuple(
        OptionShare(label, told.get(values, 0), rounded(told.get(values, 0), base))
        for label, values in answers.labels(scope)
    )
    sizes = {next(iter(values)): size for values, size in told.items() if len(values) == 1}
    steps = {int(value): size for value, size in sizes.items() if value.isdigit()}
    if question.kind != SCALE or not steps:
        return Distribution(scope, people, base, missing, options, None, None, None, "")
    highest = int(question.settings.get("points", 5))
    on_scale = sum(steps.values())
    top = sum(size for step, size in steps.items() if step > highest - 2)
    quartiles = quantile(steps, 1, 4), quantile(steps, 3, 4)
    return Distribution(
        scope,
        people,
        base,
        missing,
        options,
        quantile(steps, 1, 2),
        quartiles,
        rounded(top, on_scale),
        "",
    )


def quantile(steps: dict[int, int], part: int, of: int) -> float:
    """The step below which so large a part of the answers lies; between two steps their middle."""
    people = sum(steps.values())
    seen = 0
    ordered = sorted(step for step, size in steps.items() if size)
    for place, step in enumerate(ordered):
        seen += steps[step]
        if seen * of > people * part:
            return float(step)
        if seen * of == people * part:
            return (step + ordered[min(place + 1, len(ordered) - 1)]) / 2
    return float(ordered[-1])
