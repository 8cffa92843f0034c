"""What was answered to one closed question, at one meeting or at all: a distribution with its summary.

One question by itself is no attribute of persons: it needs a base of ten. Of a kind whose single values may say who
somebody is, rare values are put together until nobody is alone, at no meeting and not in what is left of all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.analysis.disclosure.axes import SEVERAL, Axis, axis_named, put_together, with_values
from consult.analysis.disclosure.figures import GIVEN, Withheld, base_withheld, total_withheld
from consult.analysis.queries.tallies import MEETING, QUESTION, tally
from consult.analysis.rules import opened, rounded_percent
from consult.consultations.models import Consultation, GroundRules, Question
from consult.meetings.queries import meetings_of

SCALE = "scale"


@dataclass(frozen=True)
class OptionShare:
    """How many chose one answer, of those who answered."""

    label: str
    count: int
    percent: int


@dataclass(frozen=True)
class Distribution:
    """Answers at a meeting (None: at all). `people`: respondents; `base`: those who answered; `missing`: the others.

    `median`, `quartiles` and `top_two` (per cent on the two highest steps) are of a scale; None for another kind.
    """

    meeting: str | None
    people: int | None
    base: int | None
    missing: int | None
    options: tuple[OptionShare, ...]
    median: float | None
    quartiles: tuple[float, float] | None
    top_two: int | None
    withheld: str

    @property
    def spread(self) -> float | None:
        """The interquartile range."""
        return self.quartiles[1] - self.quartiles[0] if self.quartiles else None


def release_answers(
    session: Session, consultation: Consultation, rules: GroundRules, question: Question
) -> tuple[Distribution, ...]:
    """The distribution at each meeting in order, then at all. Raises Invalid for a question without choices."""
    smallest = rules.smallest_group
    axis = axis_named(session, consultation, QUESTION + question.code, smallest)
    cells = opened(tally(session, consultation, MEETING, axis.variable))
    meetings = meetings_of(session, consultation)
    given: dict[str, list[tuple[list[str], int]]] = {meeting.id: [] for meeting in meetings}
    for (meeting_id, told), people in cells.items():
        given[meeting_id or ""].append((axis.values_of(told), people))
    bases = {
        meeting.id: sum(people for values, people in given[meeting.id] if values != [""])
        for meeting in meetings
    }
    whole = [answers for told in given.values() for answers in told]
    axis = with_values(axis, sorted({value for values, _people in whole for value in values if value}))
    scopes: list[tuple[str | None, list[tuple[list[str], int]], Withheld]] = [
        (meeting.slug, given[meeting.id], base_withheld(bases[meeting.id], smallest)) for meeting in meetings
    ]
    scopes.append((None, whole, total_withheld(list(bases.values()), smallest)))
    if axis.personal and question.kind != SEVERAL:
        apart = [_sizes(answers) for _slug, answers, why in scopes[:-1] if why in GIVEN]
        if scopes[-1][2] in GIVEN:
            untold = [answers for _slug, answers, why in scopes[:-1] if why not in GIVEN]
            apart.append(_sizes([one for answers in untold for one in answers]))
        axis = put_together(axis, apart, smallest)
    return tuple(_distribution(slug, axis, answers, why, question) for slug, answers, why in scopes)


def _sizes(answers: Sequence[tuple[list[str], int]]) -> dict[str, int]:
    """Value → people who gave it."""
    sizes: dict[str, int] = {}
    for values, number in answers:
        for value in filter(None, values):
            sizes[value] = sizes.get(value, 0) + number
    return sizes


def _distribution(
    meeting: str | None,
    axis: Axis,
    answers: Sequence[tuple[list[str], int]],
    why: Withheld,
    question: Question,
) -> Distribution:
    people = sum(number for _values, number in answers)
    base = sum(number for values, number in answers if values != [""])
    if why not in GIVEN or not base:
        reason = (why or Withheld.NO_ANSWERS).value
        return Distribution(meeting, None, None, None, (), None, None, None, reason)
    sizes = _sizes(answers)
    options = tuple(
        OptionShare(group.label, count, rounded_percent(count, base))
        for group in axis.groups
        if group.values != {""}
        for count in [sum(sizes.get(value, 0) for value in group.values)]
    )
    steps = {int(value): size for value, size in sizes.items() if value.isdigit()}
    if question.kind != SCALE or not steps:
        return Distribution(meeting, people, base, people - base, options, None, None, None, "")
    highest = int(question.settings.get("points", 5))
    on_scale = sum(steps.values())
    top = sum(size for step, size in steps.items() if step > highest - 2)
    quartiles = quantile(steps, 1, 4), quantile(steps, 3, 4)
    return Distribution(
        meeting,
        people,
        base,
        people - base,
        options,
        quantile(steps, 1, 2),
        quartiles,
        rounded_percent(top, on_scale),
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
