"""Figures of publications: what may be told now beside all earlier ones, and keeping what one has told."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from consult.analysis.disclosure.cells.attack import YES, Cell, Fact
from consult.analysis.disclosure.cells.axes import values_by_variable
from consult.analysis.disclosure.cells.gridding import View
from consult.analysis.disclosure.cells.sequences import Earlier, History
from consult.analysis.disclosure.told.printed import Counted, Publication, Told, beside, counted_in
from consult.analysis.disclosure.told.register import Entered, entered
from consult.analysis.queries import themes_of
from consult.analysis.queries.tallies import (
    ATTRIBUTES,
    DID,
    MEETING,
    QUESTION,
    THEME,
    WROTE,
    respondents,
    respondents_by_theme,
    respondents_in_words,
    words_counted,
)
from consult.analysis.rules import opened
from consult.consultations.kinds import KINDS
from consult.consultations.models import Consultation, GroundRules
from consult.consultations.queries import questions_of
from consult.meetings.queries import meetings_of
from consult.moderation.published import ParticipationFacts, participation_facts


@dataclass
class Publishing:
    """One consultation's figures by meeting, as far as publications may tell them."""

    session: Session
    consultation: Consultation
    rules: GroundRules

    @cached_property
    def slugs(self) -> dict[str, str]:
        """Meeting's identifier → slug, in order."""
        return {meeting.id: meeting.slug for meeting in meetings_of(self.session, self.consultation)}

    @cached_property
    def codes(self) -> dict[str, str]:
        """Theme's identifier → code, in the codebook's order."""
        return {theme.id: theme.code for theme in themes_of(self.session, self.consultation)}

    @cached_property
    def participation(self) -> ParticipationFacts:
        """Who was invited and who answered, in numbers."""
        return participation_facts(self.session, self.consultation)

    @cached_property
    def people(self) -> dict[str, int]:
        """Slug → respondents, with words or without."""
        found = opened(respondents(self.session, self.consultation))
        return {slug: found.get((meeting_id,), 0) for meeting_id, slug in self.slugs.items()}

    @cached_property
    def now(self) -> dict[str, Counted]:
        """Slug → those who wrote words, and what they named."""
        bases = opened(respondents_in_words(self.session, self.consultation))
        named = opened(respondents_by_theme(self.session, self.consultation))
        return {
            slug: Counted(
                bases.get((meeting_id, DID), 0),
                {code: named.get((meeting_id, theme_id), 0) for theme_id, code in self.codes.items()},
            )
            for meeting_id, slug in self.slugs.items()
        }

    @cached_property
    def words(self) -> dict[str, str]:
        found = words_counted(self.session, self.consultation)
        return {slug: found.get(meeting_id, "") for meeting_id, slug in self.slugs.items()}

    @cached_property
    def kept(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Of every publication, the oldest first: its figures, and what is known of how they were counted."""
        return [(each.document, each.counted) for each in self._entered if each.document is not None]

    @cached_property
    def _entered(self) -> list[Entered]:
        return entered(self.session, self.consultation)

    @cached_property
    def told(self) -> Told:
        """Themes by meeting, with nothing that would show in a difference to earlier publications."""
        return beside(self.now, list(self._themes_before()), self.rules.smallest_group, self._same_words)

    def answered(self, numbers: Mapping[str, int]) -> Told:
        """How many answered at each meeting (by slug), told by the same rule."""
        return self._people_told(numbers, "answered", "hidden_answered")

    def joined(self, numbers: Mapping[str, int]) -> Told:
        """How many joined each meeting (by slug) by its code, told by the same rule."""
        return self._people_told(numbers, "joined", "hidden_joined")

    @cached_property
    def approved(self) -> Told:
        """How many respondents each meeting has, told by the same rule."""
        return self._people_told(self.people, "approved", "hidden_approved")

    def missing(self, slug: str | None) -> int | None:
        """How many respondents of a meeting, or of all, wrote nothing; None where not both figures are of now."""
        places = list(self.now) if slug is None else [slug]
        if any(
            (told.meetings[each].base if each in told.meetings else 0) != number
            for each in places
            for told, number in ((self.told, self.now[each].base), (self.approved, self.people[each]))
        ):
            return None
        return sum(self.people[each] - self.now[each].base for each in places)

    def people_of_now(self, slug: str | None) -> int | None:
        """Respondents at a meeting, or at all, where the number of now is told."""
        told = self.approved.total if slug is None else self.approved.meetings.get(slug)
        now = sum(self.people.values()) if slug is None else self.people[slug]
        return now if told is not None and told.base == now else None

    def _people_told(self, numbers: Mapping[str, int], name: str, hidden: str) -> Told:
        now = {slug: Counted(number, {}) for slug, number in numbers.items()}
        before = list(self._people_before(name, hidden))
        return beside(now, before, self.rules.smallest_group, self._same_words)

    @cached_property
    def held_back(self) -> frozenset[str]:
        """Codes of themes that are not told anew, since tables about groups would say too much with them."""
        if not self.told.anew or not _named(self._earlier) & ATTRIBUTES.keys():
            return frozenset()
        return frozenset(code for code, view in self._views() if self._history.given_away([view]))

    def says_too_much(self, views: Sequence[View]) -> bool:
        """Whether these would say something of a few beside tables and publications that were released."""
        if not self._earlier:
            return False
        return self._history.came_few(views) or bool(self._history.given_away(views))

    @cached_property
    def _earlier(self) -> list[Earlier]:
        return [each.said for each in self._entered]

    @cached_property
    def _history(self) -> History:
        telling = {
            QUESTION + question.id
            for question in questions_of(self.session, self.consultation)
            if KINDS[question.kind].identifying
        }
        return History(
            sum(self.people.values()),
            self._earlier,
            values_by_variable(self.session, self.consultation, _named(self._earlier)),
            {*ATTRIBUTES, *telling},
            self.rules.smallest_group,
        )

    def views(self) -> list[View]:
        """What is said anew, as somebody would note it down who wants to subtract."""
        return [view for code, view in self._views() if code not in self.held_back]

    def words_behind(self) -> dict[str, str]:
        """Of each meeting the words that its figures were counted from, be they of now or of an earlier time."""
        before = {slug: words for each in self._themes_before() for slug, words in each.words.items()}
        return {**self.words, **{slug: before[slug] for slug in before if slug not in self.told.anew}}

    def _same_words(self, publication: Publication, slugs: Collection[str]) -> bool:
        return all(publication.words.get(slug) == self.words.get(slug) for slug in slugs)

    def _themes_before(self) -> Iterator[Publication]:
        """What publications said of themes, and what could have been said when a table with themes was released."""
        for each in self._entered:
            told = each.counted
            if each.document is not None:
                figures = {table["meeting"]: counted_in(table) for table in each.document["themes"]}
            elif "themes" in told:
                figures = {row["meeting"]: Counted(row["base"], row["named"]) for row in told["themes"]}
            else:
                continue
            yield Publication.of(figures, told["hidden"], told["words"])

    def with_a_table(self) -> dict[str, Any]:
        """What to keep with a table of themes, so that later figures and their sum do not differ by a few."""
        told = self.told
        figures = [*told.meetings.items(), *([(None, told.total)] if told.total is not None else [])]
        return {
            "words": self.words_behind(),
            "hidden": sorted(told.hidden),
            "themes": [
                {"meeting": slug, "base": each.base, "named": dict(each.named)} for slug, each in figures
            ],
        }

    def _people_before(self, name: str, hidden: str) -> Iterator[Publication]:
        for document, told in self.kept:
            figures = {
                row["meeting"]: None if row.get(name) is None else Counted(row[name], {})
                for row in document["participation"]
            }
            yield Publication.of(figures, told.get(hidden, told["hidden"]), told["words"])

    def _views(self) -> Sequence[tuple[str, View]]:
        ids = {slug: meeting_id for meeting_id, slug in self.slugs.items()}
        found = []
        for theme_id, code in self.codes.items():
            view, option = View(), f"{THEME}:{theme_id}"
            for slug in self.approved.anew:
                view.facts.append(Fact(Cell.of({MEETING: {ids[slug]}}), self.approved.meetings[slug].base))
            for slug in self.told.anew:
                counted, where = self.told.meetings[slug], {MEETING: {ids[slug]}, WROTE: {YES}}
                view.facts.append(Fact(Cell.of(where), counted.base))
                view.facts.append(Fact(Cell.of({**where, option: {YES}}), counted.named[code]))
            total = self.told.total
            if total is not None and self.told.anew == self.told.meetings.keys() and code in total.named:
                view.facts += [
                    Fact(Cell.of({WROTE: {YES}}), total.base),
                    Fact(Cell.of({WROTE: {YES}, option: {YES}}), total.named[code]),
                ]
            if view.facts:
                found.append((code, view))
        return found


def _named(earlier: Sequence[Earlier]) -> set[str]:
    """The variables that earlier tables and publications speak of."""
    return {
        name for table in earlier for view in table.views for fact in view for name in fact.cell.variables
    }
