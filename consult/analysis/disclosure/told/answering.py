"""What publications may tell of a closed question beside all that was told before: nobody's coming or going shows.

Figures of a meeting move by nobody or by ten at least, as those of themes do: see `printed`. Of a kind whose values may
say who somebody is, a question's figures move all together, and each value by nobody or by k at least. Until then the
earlier figures stand.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from consult.analysis.disclosure.cells.attack import YES, Cell, Fact
from consult.analysis.disclosure.cells.axes import (
    OTHERS,
    SEVERAL,
    Axis,
    axis_of_question,
    put_together,
    with_values,
)
from consult.analysis.disclosure.cells.gridding import View
from consult.analysis.disclosure.figures import (
    GIVEN,
    SMALLEST_BASE,
    Withheld,
    base_withheld,
    merged,
    total_withheld,
)
from consult.analysis.disclosure.told.printed import Counted, Publication, beside
from consult.analysis.disclosure.told.publishing import Publishing
from consult.analysis.queries.choices import Chosen, numbers_of_choices
from consult.analysis.queries.tallies import MEETING
from consult.consultations.models import Question

Sizes = Mapping[frozenset[str], int]
Scope = str | None
"""A meeting's slug; None for all of them together."""


@dataclass(frozen=True)
class Figures:
    """Those who answered at a meeting, or at all. `rows`: what they chose, as far as single rows may say it.

    `parts`: of a kind that may say who somebody is, all of them by values put together; None for another kind.
    """

    base: int
    rows: Mapping[Chosen, int]
    parts: Sizes | None = None

    def to_document(self) -> dict[str, Any]:
        return {
            "base": self.base,
            "rows": [[list(chosen), number] for chosen, number in sorted(self.rows.items()) if number],
            "parts": None
            if self.parts is None
            else [[sorted(values), number] for values, number in self.parts.items()],
        }

    @classmethod
    def from_document(cls, written: Mapping[str, Any]) -> "Figures":
        parts = written["parts"]
        return cls(
            written["base"],
            {tuple(chosen): number for chosen, number in written["rows"]},
            None if parts is None else {frozenset(values): number for values, number in parts},
        )


@dataclass(frozen=True)
class Answers:
    """What may be told of a question, why not of the rest, and of which meetings it was not told before.

    `given`: how many have answered by now, whatever is told.
    """

    question: Question
    axis: Axis
    at: Mapping[Scope, Figures]
    why: Mapping[Scope, Withheld]
    given: Mapping[str, int]
    hidden: frozenset[str]
    anew: frozenset[str]

    def views(self, publishing: Publishing) -> list[View]:
        """What is said anew, as somebody would note it down; of several choices a view of each."""
        ids = {slug: meeting_id for meeting_id, slug in publishing.slugs.items()}
        told = publishing.approved
        scopes: list[Scope] = [
            *sorted(self.anew),
            *([None] if self.anew and self.hidden and None in self.at else []),
        ]
        bases: list[Fact] = []
        named: dict[str, list[Fact]] = defaultdict(list)
        for scope in scopes:
            where = {} if scope is None else {MEETING: frozenset({ids[scope]})}
            if scope in told.anew:
                bases.append(Fact(Cell.of(where), told.meetings[scope].base))
            if self.axis.of is not None:
                bases.append(Fact(Cell.of({**where, self.axis.of: {YES}}), self.at[scope].base))
            for values, number in self.sizes(scope).items():
                if self.axis.several:
                    [value] = values
                    option = Cell.of({**where, f"{self.axis.variable}:{value}": {YES}})
                    named[value].append(Fact(option, number))
                else:
                    named[""].append(Fact(Cell.of({**where, self.axis.variable: values}), number))
        return [View([*bases, *facts]) for facts in named.values()]

    def sizes(self, scope: Scope) -> Sizes:
        """How many gave each value, or one of those that are put together."""
        figures = self.at[scope]
        if figures.parts is not None:
            return figures.parts
        sizes: dict[frozenset[str], int] = defaultdict(int)
        for chosen, number in figures.rows.items():
            for value in set(self.axis.values_of(json.dumps(chosen))):
                sizes[frozenset({value})] += number
        return sizes

    def is_of_now(self, scope: Scope) -> bool:
        now = sum(self.given.values()) if scope is None else self.given[scope]
        return self.at[scope].base == now

    def labels(self, scope: Scope) -> list[tuple[str, frozenset[str]]]:
        """What values are called, and those that are put together, in the question's order."""
        sizes = self.sizes(scope)
        axis = with_values(self.axis, sorted(value for values in sizes for value in values))
        options = [(group.label, group.values) for group in axis.groups if group.values != {""}]
        if self.at[scope].parts is None:
            return options
        called = {values: label for label, values in options}
        return [(called.get(values, OTHERS), values) for values in sizes]


def told_answers(publishing: Publishing, question: Question) -> Answers:
    """What may be told of it now. Where it would say too much beside earlier tables of groups, what was told stands."""
    axis = axis_of_question(question, publishing.consultation.language)
    numbers: dict[str, dict[Chosen, int]] = {slug: {} for slug in publishing.slugs.values()}
    found = numbers_of_choices(publishing.session, publishing.consultation, question.id)
    for (meeting_id, chosen), number in found.items():
        numbers[publishing.slugs[meeting_id]][chosen] = number
    earlier = _told_before(publishing, question)
    by_parts = axis.personal and question.kind != SEVERAL
    make = _of_persons if by_parts else _by_meeting
    told = make(publishing, question, axis, numbers, earlier)
    if told.anew and publishing.says_too_much(_with_everybody(publishing, told)):
        return _standing(question, axis, numbers, earlier)
    return told


def _with_everybody(publishing: Publishing, told: Answers) -> list[View]:
    """What it says, with how many respondents there are now: fewer than ten more than a table counted show there."""
    people = [
        Fact(Cell.of({MEETING: {meeting_id}}), publishing.people[slug])
        for meeting_id, slug in publishing.slugs.items()
        if slug in told.anew
    ]
    return [View(list(dict.fromkeys([*view.facts, *people]))) for view in told.views(publishing)]


def _told_before(
    publishing: Publishing, question: Question
) -> list[tuple[dict[Scope, Figures], frozenset[str]]]:
    """Of every publication that told it, the oldest first: its figures, and the meetings that it kept to itself."""
    found = []
    for document, counted in publishing.kept:
        told = {
            entry["meeting"]: Figures.from_document(entry)
            for entry in document.get("choices", ())
            if entry["question"] == question.id
        }
        hidden = counted.get("hidden_choices", {})
        if told:
            found.append((told, frozenset(hidden.get(question.id, ()))))
    return found


def _by_meeting(
    publishing: Publishing,
    question: Question,
    axis: Axis,
    numbers: Mapping[str, Mapping[Chosen, int]],
    earlier: Sequence[tuple[Mapping[Scope, Figures], frozenset[str]]],
) -> Answers:
    """A meeting's answers, each with all that it chose: one person's two choices are not told apart."""
    rows = [*numbers.values(), *(figures.rows for told, _hidden in earlier for figures in told.values())]
    names = {json.dumps(chosen): chosen for given in rows for chosen in given}

    def counted(given: Mapping[Chosen, int], base: int) -> Counted:
        return Counted(base, {name: given.get(chosen, 0) for name, chosen in names.items()})

    told = beside(
        {slug: counted(given, sum(given.values())) for slug, given in numbers.items()},
        [
            Publication.of(
                {scope: counted(each.rows, each.base) for scope, each in before.items()}, hidden, {}
            )
            for before, hidden in earlier
        ],
        publishing.rules.smallest_group,
        lambda *_: False,
    )

    def figures(each: Counted) -> Figures:
        return Figures(each.base, {names[name]: number for name, number in each.named.items() if number})

    at: dict[Scope, Figures] = {slug: figures(each) for slug, each in told.meetings.items()}
    why: dict[Scope, Withheld] = dict(told.why.items())
    if told.total is not None:
        at[None] = figures(told.total)
    else:
        why[None] = told.why_total
    return Answers(question, axis, at, why, _given(numbers), told.hidden, told.anew)


def _of_persons(
    publishing: Publishing,
    question: Question,
    axis: Axis,
    numbers: Mapping[str, Mapping[Chosen, int]],
    earlier: Sequence[tuple[Mapping[Scope, Figures], frozenset[str]]],
) -> Answers:
    """Rare values put together until nobody is alone, at no meeting and not in what is left of all of them."""
    smallest = publishing.rules.smallest_group
    bases = _given(numbers)
    why: dict[Scope, Withheld] = {slug: base_withheld(base, smallest) for slug, base in bases.items()}
    why[None] = total_withheld(list(bases.values()), smallest)
    sizes: dict[Scope, dict[str, int]] = {
        scope: _values(axis, given) for scope, given in [*numbers.items(), (None, _sum(numbers.values()))]
    }
    axis = with_values(axis, sorted(value for value in sizes[None] if value))
    told = [slug for slug in numbers if why[slug] in GIVEN]
    apart = [sizes[slug] for slug in told]
    if why[None] in GIVEN:
        apart.append(_values(axis, _sum(given for slug, given in numbers.items() if slug not in told)))
    parted = put_together(axis, apart, smallest)
    at: dict[Scope, Figures] = {}
    for scope in (*told, *([None] if why[None] in GIVEN else [])):
        parts = {
            group.values: sum(sizes[scope].get(each, 0) for each in group.values) for group in parted.groups
        }
        base = sum(bases.values()) if scope is None else bases[scope]
        if base:
            at[scope] = Figures(base, _rows(numbers[scope], smallest) if scope else {}, parts)
    hidden = frozenset(slug for slug in numbers if why[slug] not in GIVEN)
    why = {scope: each for scope, each in why.items() if scope not in at}
    now = Answers(question, axis, at, why, bases, hidden, frozenset(filter(None, at)))
    if earlier and (at, hidden) == earlier[-1]:
        return replace(now, anew=frozenset())
    if not all(_may_follow(now, *before, smallest) for before in earlier):
        return _standing(question, axis, numbers, earlier)
    return now


def _may_follow(now: Answers, before: Mapping[Scope, Figures], hidden: frozenset[str], smallest: int) -> bool:
    """Whether a subtraction says something only of ten at least, and of each value of k at least."""
    if None in before and None in now.at and hidden != now.hidden:
        return False
    if None in before and hidden & now.at.keys():
        return False
    pairs = [(now.at[scope], before[scope]) for scope in now.at.keys() & before.keys()]
    if hidden and None in before and None in now.at:
        pairs.append((_rest(now.at), _rest(before)))
    return all(_apart(each, earlier, smallest) for each, earlier in pairs)


def _apart(now: Figures, before: Figures, smallest: int) -> bool:
    moved = abs(now.base - before.base)
    if moved == 0:
        return now == before
    parts = _moved(now.parts or {}, before.parts or {})
    rows = [now.rows[chosen] - before.rows[chosen] for chosen in now.rows.keys() & before.rows.keys()]
    return moved >= max(SMALLEST_BASE, smallest) and all(
        not number or abs(number) >= smallest for number in (*parts, *rows)
    )


def _moved(now: Sizes, before: Sizes) -> list[int]:
    """By how many people the least sets of values moved that both put together."""
    left = [(values, number) for values, number in now.items()]
    left += [(values, -number) for values, number in before.items()]
    moved = []
    while left:
        values, number = left.pop()
        while meeting := [each for each in left if values & each[0]]:
            left = [each for each in left if not values & each[0]]
            values = values.union(*(each for each, _number in meeting))
            number += sum(each for _values, each in meeting)
        moved.append(number)
    return moved


def _rest(told: Mapping[Scope, Figures]) -> Figures:
    """What is left of the total without the meetings that are told."""
    base, parts = told[None].base, dict(told[None].parts or {})
    for slug, figures in told.items():
        if slug is not None:
            base -= figures.base
            for values, number in (figures.parts or {}).items():
                parts[values] = parts.get(values, 0) - number
    return Figures(base, {}, parts)


def _rows(given: Mapping[Chosen, int], smallest: int) -> dict[Chosen, int]:
    """Values that k people gave at least, where those that are left out are as many or none."""
    return {
        chosen: given[chosen]
        for group in merged(given, smallest)
        for chosen in group
        if len(group) == 1 and given[chosen] >= smallest
    }


def _values(axis: Axis, given: Mapping[Chosen, int]) -> dict[str, int]:
    sizes: dict[str, int] = defaultdict(int)
    for chosen, number in given.items():
        for value in filter(None, axis.values_of(json.dumps(chosen))):
            sizes[value] += number
    return sizes


def _sum(parts: Iterable[Mapping[Chosen, int]]) -> dict[Chosen, int]:
    whole: dict[Chosen, int] = defaultdict(int)
    for given in parts:
        for chosen, number in given.items():
            whole[chosen] += number
    return whole


def _standing(
    question: Question,
    axis: Axis,
    numbers: Mapping[str, Mapping[Chosen, int]],
    earlier: Sequence[tuple[Mapping[Scope, Figures], frozenset[str]]],
) -> Answers:
    """What the last publication told, and nothing else."""
    at, hidden = earlier[-1] if earlier else ({}, frozenset())
    why: dict[Scope, Withheld] = dict.fromkeys([*numbers, None], Withheld.TOO_CLOSE)
    why = {scope: each for scope, each in why.items() if scope not in at}
    return Answers(question, axis, at, why, _given(numbers), hidden, frozenset())


def _given(numbers: Mapping[str, Mapping[Chosen, int]]) -> dict[str, int]:
    """Slug → how many answered."""
    return {slug: sum(given.values()) for slug, given in numbers.items()}
