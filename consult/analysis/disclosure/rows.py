"""Quotable texts as rows, in two profiles."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from consult.analysis.disclosure.figures import SMALLEST_BASE, merged
from consult.analysis.queries import theme_codes
from consult.analysis.queries.codebook import theme_places
from consult.analysis.queries.tallies import respondents_in_words
from consult.analysis.queries.texts import (
    languages_of_texts,
    pages_of_cells,
    pages_of_texts,
    themes_of_lines,
)
from consult.analysis.rules import opened
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force, questions_of
from consult.meetings.queries import meetings_of


class Profile(StrEnum):
    """For whom rows are released: directors alone, or anybody."""

    DESK = "desk"
    PUBLICATION = "publication"


@dataclass(frozen=True)
class ReleasedRow:
    """One quotable text. Its fields are all the columns there are.

    In the publication profile `language` is empty where fewer than k published texts share it together with the
    attribution line at that meeting, and `themes` where the meeting has fewer than ten who wrote. Under a line that
    carries an attribute a theme is listed only where k texts at least share both: such a list is a cell of a table.
    """

    meeting: str
    """Slug."""
    question: str
    """Code."""
    segments: tuple[tuple[str, str | None], ...]
    """The text in order as (words, None) and ("", redaction kind) pairs."""
    text: str
    """The same as one string, each redaction as "[kind]" in words."""
    language: str
    attribution: str
    """The level's code."""
    attribution_line: str
    themes: tuple[str, ...]
    """Codes, in the codebook's order."""

    def to_document(self) -> dict[str, Any]:
        return {
            "meeting": self.meeting,
            "question": self.question,
            "segments": [list(segment) for segment in self.segments],
            "text": self.text,
            "language": self.language,
            "attribution": self.attribution,
            "attribution_line": self.attribution_line,
            "themes": list(self.themes),
        }


COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(ReleasedRow))


def release_rows(
    session: Session,
    consultation: Consultation,
    profile: Profile | str,
    *,
    meeting_ids: Collection[str] | None = None,
) -> Iterator[ReleasedRow]:
    """Quotable texts in the questions' order and shuffled within, read in pages. Raises ValueError for no profile.

    What is coarsened is settled over the whole consultation, so that two exports of parts say no more than one of all.
    """
    return (row for _source, row in sourced_rows(session, consultation, profile, meeting_ids=meeting_ids))


def sourced_rows(
    session: Session,
    consultation: Consultation,
    profile: Profile | str,
    *,
    meeting_ids: Collection[str] | None = None,
) -> Iterator[tuple[str, ReleasedRow]]:
    """The same, each with the revision it prints, which is kept beside an edition and never printed."""
    profile = Profile(profile)
    meetings = {meeting.id: meeting.slug for meeting in meetings_of(session, consultation)}
    publication = profile is Profile.PUBLICATION
    kept = _kept_languages(session, consultation) if publication else None
    themed = _meetings_with_a_base(session, consultation) if publication else set(meetings)
    lone = _lone_themes(session, consultation) if publication else frozenset()
    return (
        (
            text.revision_id,
            ReleasedRow(
                meeting=meetings[text.meeting_id],
                question=question.code,
                segments=tuple((words or "", kind) for words, kind in text.segments),
                text=text.text,
                language=text.language
                if kept is None or text.language in kept[text.meeting_id, text.attribution_line]
                else "",
                attribution=text.attribution,
                attribution_line=text.attribution_line,
                themes=tuple(
                    code
                    for code in codes.get(text.revision_id, ())
                    if text.meeting_id in themed
                    if (text.meeting_id, text.attribution_line, code) not in lone
                ),
            ),
        )
        for question in questions_of(session, consultation)
        for page in pages_of_texts(session, consultation, question.id, meeting_ids)
        for codes in [theme_codes(session, [text.revision_id for text in page])]
        for text in page
    )


Cells = tuple[str, str, str, str, str, tuple[str, ...]]
"""Meeting, question, text, attribution line, language and themes, as in a ReleasedRow."""
MOST_REMEMBERED = 10_000


def release_cells(
    session: Session,
    consultation: Consultation,
    profile: Profile | str,
    *,
    meeting_ids: Collection[str] | None = None,
) -> Iterator[list[Cells]]:
    """What `release_rows` releases, in pages of plain tuples and without segments, for rows by the hundred thousand.

    The order within a question is another, as shuffled as that one.
    """
    profile = Profile(profile)
    meetings = {meeting.id: meeting.slug for meeting in meetings_of(session, consultation)}
    codes = _Codes(theme_places(session, consultation))
    told = _Told(session, consultation) if profile is Profile.PUBLICATION else None
    for question in questions_of(session, consultation):
        code = question.code
        for page in pages_of_cells(session, consultation, question.id, meeting_ids):
            if told is None:
                yield [
                    (meetings[meeting], code, text, line, language, codes[themes])
                    for _revision, meeting, text, language, line, themes in page
                ]
            else:
                yield [
                    (meetings[meeting], code, text, line, *told[meeting, line, language, codes[themes]])
                    for _revision, meeting, text, language, line, themes in page
                ]


class _Codes(dict[str | None, tuple[str, ...]]):
    """Identifiers of themes as they are read → codes in the codebook's order, each sorted once."""

    def __init__(self, places: dict[str, tuple[int, str]]) -> None:
        super().__init__({None: ()})
        self._places = places

    def __missing__(self, themes: str | None) -> tuple[str, ...]:
        if len(self) > MOST_REMEMBERED:
            self.clear()
        known = {self._places[theme] for theme in (themes or "").split() if theme in self._places}
        found = self[themes] = tuple(code for _place, code in sorted(known))
        return found


class _Told(dict[tuple[str, str, str, tuple[str, ...]], tuple[str, tuple[str, ...]]]):
    """(meeting, attribution line, language, themes) → the language and the themes that publication tells of such."""

    def __init__(self, session: Session, consultation: Consultation) -> None:
        super().__init__()
        self._kept = _kept_languages(session, consultation)
        self._themed = _meetings_with_a_base(session, consultation)
        self._lone = _lone_themes(session, consultation)

    def __missing__(self, known: tuple[str, str, str, tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
        if len(self) > MOST_REMEMBERED:
            self.clear()
        meeting, line, language, themes = known
        found = self[known] = (
            # A line that came after the lines were counted tells nothing.
            language if language in self._kept.get((meeting, line), ()) else "",
            tuple(
                theme
                for theme in themes
                if meeting in self._themed and (meeting, line, theme) not in self._lone
            ),
        )
        return found


def _kept_languages(session: Session, consultation: Consultation) -> dict[tuple[str, str], set[str]]:
    """(meeting, attribution line) → the languages that are told there; those left blank are k at least, or none."""
    smallest = ground_rules_in_force(session, consultation).smallest_group
    sizes: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for meeting_id, line, language, number in languages_of_texts(session, consultation):
        sizes[meeting_id, line][language] = number
    return {
        place: {
            language
            for group in merged(languages, smallest)
            for language in group
            if len(group) == 1 and languages[language] >= smallest
        }
        for place, languages in sizes.items()
    }


def _lone_themes(session: Session, consultation: Consultation) -> frozenset[tuple[str, str, str]]:
    """(meeting, attribution line, theme) that fewer than k texts have in common, of lines that carry an attribute."""
    smallest = ground_rules_in_force(session, consultation).smallest_group
    return frozenset(
        (meeting_id, line, code)
        for meeting_id, line, code, number in themes_of_lines(session, consultation)
        if number < smallest
    )


def _meetings_with_a_base(session: Session, consultation: Consultation) -> set[str]:
    bases = opened(respondents_in_words(session, consultation))
    return {meeting or "" for (meeting, _did), base in bases.items() if base >= SMALLEST_BASE}
