"""What a table's rows or columns stand for, and how its values are put together until nobody is alone."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from consult.analysis.disclosure.figures import Withheld, base_withheld, merged
from consult.analysis.queries import themes_of
from consult.analysis.queries.tallies import (
    ANSWERED,
    ATTRIBUTES,
    MEETING,
    QUESTION,
    THEME,
    WROTE,
    respondents_by_attribute,
)
from consult.analysis.rules import opened
from consult.consultations.kinds import KINDS, label_of
from consult.consultations.models import Consultation, Question
from consult.consultations.queries import questions_of
from consult.core.errors import Invalid
from consult.meetings.queries import meetings_of

WIDER = {"country": "country_group"}
"""What an attribute is rolled up to when one of its values stands for too few."""

OTHERS, NOT_STATED, NO_ANSWER = "others", "not stated", "no answer"
SEVERAL = "several_choices"


@dataclass(frozen=True)
class Group:
    """One row or column: what it is called, and which values are in it."""

    label: str
    values: frozenset[str]


@dataclass(frozen=True)
class Axis:
    """One variable of a table. `personal`: its values may say who somebody is. `several`: a person may be in many."""

    variable: str
    groups: tuple[Group, ...]
    personal: bool
    several: bool
    asked: str
    question: Question | None = None

    @property
    def of(self) -> str | None:
        """What somebody must have done to stand in any of these groups, where that is not seen from one of them."""
        if self.variable == THEME:
            return WROTE
        return ANSWERED + self.question.id if self.several and self.question else None

    @property
    def domain(self) -> frozenset[str]:
        return frozenset().union(*(group.values for group in self.groups))

    def values_of(self, given: str | None) -> list[str]:
        """The values of the axis in one key of a tally."""
        if self.question is None:
            return [given or ""]
        kind = KINDS[self.question.kind]
        return [kind.band(self.question, code) for code in json.loads(given)] if given else [""]


def names_of_axes(session: Session, consultation: Consultation) -> list[str]:
    """Everything that a table can have in its rows or columns."""
    closed = [
        QUESTION + question.code
        for question in questions_of(session, consultation)
        if KINDS[question.kind].closed and KINDS[question.kind].asks
    ]
    return [THEME, MEETING, *ATTRIBUTES, *closed]


def values_by_variable(
    session: Session, consultation: Consultation, variables: Collection[str]
) -> dict[str, frozenset[str]]:
    """Every value that these variables have at present, without themes and options, which are yes or no."""
    found = {}
    asked = {QUESTION + question.id: question for question in questions_of(session, consultation)}
    for name in variables:
        if name in ATTRIBUTES:
            sizes = opened(respondents_by_attribute(session, consultation, name))
            found[name] = frozenset(value or "" for (value,) in sizes)
        elif name == MEETING:
            found[name] = frozenset(meeting.id for meeting in meetings_of(session, consultation))
        elif name in asked:
            found[name] = axis_of_question(asked[name], consultation.language).domain | {""}
    return found


def values_to_stay_within(
    session: Session, consultation: Consultation, smallest: int
) -> list[tuple[str, str]]:
    """(attribute, value) of groups that a table may be of: those with a base, countries rolled up as everywhere."""
    levels = dict.fromkeys(level_of(session, consultation, name, smallest) for name in ATTRIBUTES)
    return [
        (level, value)
        for level in levels
        for (value,), people in opened(respondents_by_attribute(session, consultation, level)).items()
        if value and base_withheld(people, smallest) is Withheld.NOT_WITHHELD
    ]


def axis_named(session: Session, consultation: Consultation, name: str, smallest: int) -> Axis:
    """The axis with that name, countries rolled up to their groups where one has too few. Raises Invalid."""
    if name == THEME:
        groups = tuple(Group(theme.code, frozenset({theme.id})) for theme in themes_of(session, consultation))
        return Axis(THEME, groups, personal=False, several=True, asked=name)
    if name == MEETING:
        groups = tuple(
            Group(meeting.slug, frozenset({meeting.id})) for meeting in meetings_of(session, consultation)
        )
        return Axis(MEETING, groups, personal=False, several=False, asked=name)
    if name in ATTRIBUTES:
        level = level_of(session, consultation, name, smallest)
        sizes = opened(respondents_by_attribute(session, consultation, level))
        values = sorted(value or "" for (value,) in sizes)
        groups = tuple(Group(value or NOT_STATED, frozenset({value})) for value in values)
        return Axis(level, groups, personal=True, several=False, asked=name)
    for question in questions_of(session, consultation):
        if name == QUESTION + question.code and KINDS[question.kind].closed and KINDS[question.kind].asks:
            return axis_of_question(question, consultation.language)
    raise Invalid(
        "“%(name)s” is nothing that a table can show. Choose something from the list.",
        field="rows",
        name=name,
    )


def level_of(session: Session, consultation: Consultation, attribute: str, smallest: int) -> str:
    """Countries where every one of them has enough respondents, else their groups; the same whichever was asked."""
    narrow = next((low for low, high in WIDER.items() if attribute in (low, high)), None)
    if narrow is None:
        return attribute
    sizes = opened(respondents_by_attribute(session, consultation, narrow)).values()
    return narrow if min(sizes, default=0) >= smallest else WIDER[narrow]


def axis_of_question(question: Question, language: str) -> Axis:
    kind = KINDS[question.kind]
    groups = [
        Group(label_of(option, language), frozenset({option.code})) for option in kind.options(question)
    ]
    if kind.code != SEVERAL:
        groups.append(Group(NO_ANSWER, frozenset({""})))
    return Axis(
        QUESTION + question.id,
        tuple(groups),
        personal=kind.identifying,
        several=kind.code == SEVERAL,
        asked=QUESTION + question.code,
        question=question,
    )


def with_values(axis: Axis, values: Sequence[str]) -> Axis:
    """The axis with groups for values that no list could foresee, such as bands of numbers."""
    missing = sorted({value for value in values if value not in axis.domain}, key=_rank(axis))
    found = [Group(value, frozenset({value})) for value in missing]
    last = [group for group in axis.groups if group.values == {""}]
    first = [group for group in axis.groups if group.values != {""}]
    return _regrouped(axis, [*first, *found, *last])


def rolled_up(axis: Axis, sizes: Mapping[str, int], smallest: int) -> Axis:
    """Groups of an axis put together so that each has nobody or `smallest` people; those with nobody are left out."""
    people = {group: sum(sizes.get(value, 0) for value in group.values) for group in axis.groups}
    parts = merged({group: size for group, size in people.items() if size}, smallest)
    alone = {next(iter(part)) for part in parts if len(part) == 1}
    together = [part for part in parts if len(part) > 1]
    groups = [group for group in axis.groups if group in alone]
    groups += [Group(OTHERS, frozenset().union(*(group.values for group in part))) for part in together]
    return _regrouped(axis, groups)


def put_together(axis: Axis, scopes: Sequence[Mapping[str, int]], smallest: int) -> Axis:
    """Groups that have nobody or `smallest` people in every scope, so that no two of these subtract to fewer.

    `scopes`: value → people, of parts that have nobody in common. What nobody gave is left out.
    """

    def fits(groups: Sequence[Group]) -> bool:
        values = frozenset().union(*(group.values for group in groups))
        sums = [sum(sizes.get(value, 0) for value in values) for sizes in scopes]
        return all(number == 0 or number >= smallest for number in sums)

    people = {
        group: sum(sizes.get(value, 0) for sizes in scopes for value in group.values) for group in axis.groups
    }
    used = [group for group in axis.groups if people[group]]
    alone = [group for group in used if fits([group])]
    others = [group for group in used if group not in alone]
    for group in sorted(alone, key=lambda one: people[one]):
        if not others or fits(others):
            break
        alone.remove(group)
        others.append(group)
    together = [Group(OTHERS, frozenset().union(*(group.values for group in others)))] if others else []
    return _regrouped(axis, [*(group for group in used if group in alone), *together])


def _regrouped(axis: Axis, groups: Sequence[Group]) -> Axis:
    return Axis(axis.variable, tuple(groups), axis.personal, axis.several, axis.asked, axis.question)


def _rank(axis: Axis) -> Callable[[str], Any]:
    kind = KINDS[axis.question.kind] if axis.question else None
    return kind.rank if kind else str
