"""Tables one after another: what a new one gives away together with all that were released before.

People who were counted at different times are told apart by an epoch: a table counts everybody up to its own. Who
subtracts an earlier table from a later one looks at those who came between, a cell like any other.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from consult.analysis.disclosure.cells.attack import (
    NO,
    YES,
    Attack,
    Cell,
    Contradiction,
    Fact,
    Relation,
    TooLarge,
)
from consult.analysis.disclosure.cells.gridding import View
from consult.analysis.disclosure.cells.solving import CAN_SOLVE
from consult.analysis.disclosure.figures import SMALLEST_BASE
from consult.analysis.queries.tallies import ANSWERED, MEETING, QUESTION, THEME, WROTE

EPOCH = "epoch"
Related = Sequence[tuple[int, Sequence[Fact]]]


@dataclass(frozen=True)
class Earlier:
    """One table released before: its views, and how many respondents the consultation had then."""

    people: int
    views: tuple[tuple[Fact, ...], ...]


@dataclass(frozen=True)
class History:
    """What was released before, and what a later table is checked with.

    `people`: how many respondents the consultation has now. `domains`: every value of each variable. `personal`: the
    variables that k protects by themselves.
    """

    people: int
    earlier: Sequence[Earlier]
    domains: Mapping[str, Collection[str]]
    personal: Collection[str]
    smallest: int

    def came_few(self, views: Sequence[View]) -> bool:
        """Whether somebody, and fewer than ten, came or left since an earlier table of the same things.

        What they said would be the difference between the two, whichever cells are held back.
        """
        least = max(SMALLEST_BASE, self.smallest)
        for view in views:
            before = self._before(self._related_to(view))
            for fact in view.facts:
                plain = all(name == MEETING or _is_deed(name) for name in fact.cell.variables)
                told = before.get(fact.cell, ()) if plain else ()
                if any(0 < abs(fact.number - number) < least for number in told):
                    return True
        return False

    def given_away(self, views: Sequence[View]) -> list[Cell]:
        """Small cells of persons that follow from these views with the earlier tables; none is what lets them pass.

        A question too large to be worked out gives every cell of its view away.
        """
        found: list[Cell] = []
        for view in views:
            related = self._related_to(view)
            found += self._moved(view, related)
            if not related and not CAN_SOLVE:  # what a table says by itself has been seen to without a solver
                continue
            try:
                found += self._pinned_by_it(view, related)
            except TooLarge:
                found += list(view.places)
            except Contradiction:
                found += self._apart(view, related)
        return list(dict.fromkeys(found))

    def _pinned_by_it(self, view: View, related: Related) -> list[Cell]:
        """Without what two answers that may each be told say by themselves: where all gave one, who gave the other."""
        found = self._pinned(view, related)
        if not related or all(self._of_persons(cell) for cell in found):
            return found
        before = self._pinned(view, related, alone=False)
        return [cell for cell in found if self._of_persons(cell) or cell not in before]

    def _of_persons(self, cell: Cell) -> bool:
        return any(name in self.personal for name in cell.variables)

    def _pinned(self, view: View, related: Related, *, alone: bool = True) -> list[Cell]:
        """`alone`: with what the view says itself."""
        epochs = sorted({self.people, *(then for then, _told in related)})
        facts = [_dated(fact, self.people, epochs) for fact in view.facts] if alone else []
        facts += [_dated(fact, then, epochs) for then, told in related for fact in told]
        used = {name for fact in facts for name in fact.cell.variables}
        facts += _implied(used)
        domains = {name: values for name, values in self.domains.items() if name in used}
        domains |= {name: {YES, NO} for name in used if _is_option(name) or _is_deed(name)}
        attack = Attack(list(dict.fromkeys(facts)), {**domains, EPOCH: {str(epoch) for epoch in epochs}})
        tables = {frozenset(view.variables | _variables(told)) for _then, told in related}
        tables |= {view.variables} | {_variables(told) for _then, told in related}
        tables |= {frozenset({name}) for name in used if name in self.personal}
        cells = [
            cell for variables in sorted(tables, key=sorted) for cell in attack.cells(variables | {EPOCH})
        ]
        cells += [_dated(Fact(cell, 0), self.people, epochs).cell for cell in view.places]
        protected = [cell for cell in dict.fromkeys(cells) if is_personal(cell, self.personal)]
        return attack.pinned(protected, self.smallest)

    def _apart(self, view: View, related: Related) -> list[Cell]:
        """Where figures of different times contradict each other, only those of one time can be taken together."""
        try:
            return self._pinned(view, [(then, told) for then, told in related if then == self.people])
        except Contradiction:
            return self._pinned(view, [])

    def _moved(self, view: View, related: Related) -> list[Cell]:
        """Cells of persons whose number differs by somebody, and by fewer than k, from one that was given before."""
        before = self._before(related)
        return [
            fact.cell
            for fact in view.facts
            if is_personal(fact.cell, self.personal)
            and any(0 < abs(fact.number - number) < self.smallest for number in before.get(fact.cell, ()))
        ]

    def _related_to(self, view: View) -> Related:
        """Of each earlier view what speaks of the same things. Of two themes neither tells anything of the other."""
        mine = view.variables
        told = (
            (table.people, tuple(fact for fact in facts if _options(fact.cell) <= mine))
            for table in self.earlier
            for facts in table.views
            if mine & _variables(facts)
        )
        return [each for each in dict.fromkeys(told) if each[1]]

    def _before(self, related: Related) -> dict[Cell, set[int]]:
        """What was given before: cell → its numbers."""
        before: dict[Cell, set[int]] = {}
        for _then, told in related:
            for fact in told:
                if fact.relation is Relation.IS:
                    before.setdefault(fact.cell, set()).add(fact.number)
        return before


def is_personal(cell: Cell, personal: Collection[str]) -> bool:
    """Whether k protects a cell: it names an attribute of persons, or what the same people said to two questions.

    That people wrote, or answered a question, says nothing of what they said.
    """
    named = cell.variables - {EPOCH}
    said = [name for name in named if name != MEETING and not _is_deed(name)]
    return any(name in personal for name in named) or len(said) > 1


def _implied(named: Collection[str]) -> list[Fact]:
    """Who named a theme wrote, and who chose one of several answers answered the question: everybody knows that."""
    follows = [
        (option, deed)
        for deed in sorted(filter(_is_deed, named))
        for option in sorted(filter(_is_option, named))
        if option.startswith(f"{THEME}:" if deed == WROTE else f"{QUESTION}{deed.removeprefix(ANSWERED)}:")
    ]
    return [Fact(Cell.of({option: {YES}, deed: {NO}}), 0) for option, deed in follows]


def _variables(facts: Sequence[Fact]) -> frozenset[str]:
    return frozenset().union(*(fact.cell.variables for fact in facts))


def _dated(fact: Fact, people: int, epochs: Sequence[int]) -> Fact:
    until = {str(epoch) for epoch in epochs if epoch <= people}
    return Fact(fact.cell.narrowed(EPOCH, until), fact.number, fact.relation)


def _options(cell: Cell) -> frozenset[str]:
    return frozenset(filter(_is_option, cell.variables))


def _is_option(name: str) -> bool:
    """Whether a variable is one theme or one of several choices, with yes and no for values."""
    return ":" in name.removeprefix(QUESTION) and not _is_deed(name)


def _is_deed(name: str) -> bool:
    """Whether a variable says that somebody wrote, or answered a question, with yes and no for values."""
    return name == WROTE or name.startswith(ANSWERED)
