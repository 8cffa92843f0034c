"""Codings made elsewhere, from a REFI-QDA project or a table. An answer is known by its published words."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.actions import assign
from consult.analysis.codebook.actions import take_in
from consult.analysis.codebook.files import from_codes
from consult.analysis.codebook.queries import all_themes
from consult.analysis.codebook.rules import Entry, entries_of
from consult.analysis.marking import assign_part
from consult.analysis.models import Coding, Theme
from consult.analysis.queries import themes_of
from consult.analysis.queries.codebook import STANDS
from consult.consultations.models import Consultation
from consult.core.errors import Invalid
from consult.core.qda.reading import read_project
from consult.core.qda.shapes import Code, Project
from consult.core.tabular import read_table
from consult.core.text import fold
from consult.moderation.models import PublishedText
from consult.responses.models import Revision

LARGEST_CODINGS = 32 * 1024 * 1024
SHOWN = 5
_BREAKS = re.compile("\r\n?|\n")


@dataclass
class Taken:
    """What an import did."""

    themes: int = 0
    """Added or changed."""
    given: int = 0
    already: int = 0
    unmatched: int = 0
    """Coded passages whose words are no published answer, or part of one."""
    unknown: set[str] = field(default_factory=set)
    """Themes that the codebook does not have."""
    by_theme: dict[str, int] = field(default_factory=dict)
    """Title → codings given."""
    no_answer: list[str] = field(default_factory=list)
    """The beginnings of the first passages that are no published answer, in the file's own words."""

    def miss(self, words: str) -> None:
        """A passage is no published answer."""
        self.unmatched += 1
        if len(self.no_answer) < SHOWN:
            self.no_answer.append(words[:120])


def import_codings(
    session: Session, consultation: Consultation, content: bytes, name: str, *, by: User
) -> Taken:
    """Give the themes of a .qdpx, CSV or XLSX file as this person's. Raises Invalid; importing again adds nothing."""
    if Path(name).suffix.lower() == ".qdpx":
        return _from_project(session, consultation, read_project(content, name), by)
    return _from_table(session, consultation, content, name, by)


class _Answers:
    """The published answers by their words."""

    def __init__(self, session: Session, consultation: Consultation) -> None:
        self.session = session
        self.by_words: dict[str, list[str]] = defaultdict(list)
        self.visible: dict[str, str] = {}
        rows = session.execute(
            select(PublishedText.revision_id, PublishedText.text, PublishedText.segments)
            .where(PublishedText.consultation_id == consultation.id)
            .order_by(PublishedText.shuffle_key, PublishedText.revision_id)
        )
        for revision_id, text, segments in rows:
            self.by_words[fold(text)].append(revision_id)
            self.visible[revision_id] = "".join(words or "" for words, kind in segments if not kind)

    def give(self, revision_id: str, theme: Theme, taken: Taken, by: User, words: str = "") -> None:
        """To the whole answer, or to these words of it where they stand there once."""
        revision = self.session.get_one(Revision, revision_id)
        visible = self.visible[revision_id]
        starts = visible.find(words) if words and visible.count(words) == 1 else -1
        before = self._standing(revision_id, theme)
        if starts >= 0 and words != visible:
            assign_part(self.session, revision, theme, starts, starts + len(words), by=by)
        else:
            assign(self.session, revision, theme, by=by)
        if self._standing(revision_id, theme) > before:
            taken.given += 1
            taken.by_theme[theme.title] = taken.by_theme.get(theme.title, 0) + 1
        else:
            taken.already += 1

    def _standing(self, revision_id: str, theme: Theme) -> int:
        rows = select(Coding.id).where(Coding.revision_id == revision_id, Coding.theme_id == theme.id, STANDS)
        return len(self.session.scalars(rows).all())


def _from_project(session: Session, consultation: Consultation, project: Project, by: User) -> Taken:
    taken, known = Taken(), entries_of(all_themes(session, consultation))
    entries = from_codes(project.codes, taken=[entry.code for entry in known], known=known)
    new = _new(entries, {entry.code for entry in known})
    taken.themes = take_in(session, consultation, new, by=by) if new else 0
    themes = {theme.code: theme for theme in themes_of(session, consultation)}
    walked: list[Code] = [each for code in project.codes for each in code.walk()]
    by_guid = {code.guid: themes.get(entry.code) for code, entry in zip(walked, entries, strict=True)}
    answers = _Answers(session, consultation)
    for source in project.sources:
        for passage in source.passages:
            paragraph, words = _paragraph(source.text, passage.starts, passage.ends)
            for given in passage.given:
                theme = by_guid.get(given.code)
                found = answers.by_words.get(fold(paragraph), [])
                if theme is None or not found:
                    taken.miss(words)
                    continue
                for revision_id in found:
                    answers.give(revision_id, theme, taken, by, words if words != paragraph else "")
    return taken


def _new(entries: Iterable[Entry], known: set[str]) -> list[Entry]:
    """Themes that the codebook lacks, under one that it has or that comes with them."""
    new = [entry for entry in entries if entry.code not in known]
    codes = {entry.code for entry in new}
    return [entry if entry.parent in codes or not entry.parent else _alone(entry) for entry in new]


def _alone(entry: Entry) -> Entry:
    return Entry(**{**entry.__dict__, "parent": ""})


def _paragraph(text: str, starts: int, ends: int) -> tuple[str, str]:
    """The paragraph round a passage, and the passage's own words, line breaks inside an answer restored."""
    first = max((each.end() for each in _BREAKS.finditer(text, 0, starts)), default=0)
    following = _BREAKS.search(text, max(starts, ends - 1))
    last = following.start() if following else len(text)
    return tuple(part.replace("\u2028", "\n") for part in (text[first:last], text[starts : min(ends, last)]))  # type: ignore[return-value]


def _from_table(session: Session, consultation: Consultation, content: bytes, name: str, by: User) -> Taken:
    """Columns `text` and `themes`, codes or titles separated by ; or by blanks between codes."""
    table = read_table(content, name=name)
    text_at, themes_at = table.column("text"), table.column("themes")
    themes = {theme.code: theme for theme in themes_of(session, consultation)}
    by_title = {theme.title.casefold(): theme for theme in themes.values()}
    answers, taken = _Answers(session, consultation), Taken()
    for row in table.rows:
        if row.problem:
            raise Invalid("%(file)s, line %(line)s: %(why)s.", file=name, line=row.line, why=row.problem)
        cells = [row.cells[at] if at < len(row.cells) else "" for at in (text_at, themes_at)]
        named = (
            cells[1].split(";")
            if ";" in cells[1] or cells[1].strip().casefold() in by_title
            else cells[1].split()
        )
        for each in filter(None, map(str.strip, named)):
            theme = themes.get(each) or by_title.get(each.casefold())
            if theme is None:
                taken.unknown.add(each[:80])
                continue
            found = answers.by_words.get(fold(cells[0].removeprefix("'")), [])
            if not found:
                taken.miss(cells[0])
            for revision_id in found:
                answers.give(revision_id, theme, taken, by)
    return taken
