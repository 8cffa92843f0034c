"""The margin: words of quantity that the counts do not carry, and figures that the edition does not hold. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from consult.analysis.disclosure.quantifiers import flags, said
from consult.analysis.disclosure.scales import Scale
from consult.analysis.disclosure.themes import ReleasedThemes
from consult.moderation.published import PublishedNote
from consult.reports.composing.telling import RANKS, carrying
from consult.reports.document import Document

_FIGURE = re.compile(r"(?<![\w.,/-])(\d{1,3}(?:[ \u2009\u202f,]\d{3})+|\d+)(\s?%| per cent)?(?![\w/-])")
_ORDINAL_PLACE = re.compile(r"^[^\S\n]*\d+[.)]\s", re.MULTILINE)
_YEARS = range(1900, 2101)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n{2,}")


@dataclass(frozen=True)
class Note:
    """A remark beside a sentence. `word` is what was said; `carried` the word that the counts carry, or "".

    `noted` is how widely the note behind it was voiced, where a rapporteur's note is what it rests on.

    `figure` is a number that stands nowhere among the edition's figures.
    """

    sentence: str
    word: str = ""
    carried: str = ""
    figure: str = ""
    noted: str = ""


def margin(
    text: str,
    released: ReleasedThemes,
    scale: Scale,
    document: Document,
    meeting: str | None = None,
    *,
    notes: Sequence[PublishedNote] = (),
) -> list[Note]:
    """Remarks on a text in its order. Words of quantity are held against the counts of `meeting`, or of all.

    A sentence that names no theme may rest on one of the rapporteur's `notes`, which says how widely it was voiced.
    """
    table = released.at(meeting)
    titles = {theme.code: theme.title for theme in released.codebook}
    carried = {
        titles[share.theme]: scale.word(share.count, table.base or 0)
        for share in table.shares
        if share.count is not None
    }
    language, remarks = document["consultation"]["language"], []
    for flag in flags(text, language, carried):
        noted = "" if flag.carried else carrying(flag.sentence, notes)
        if not noted or not _reaches(noted, flag.sentence, language):
            remarks.append(Note(flag.sentence, flag.word, flag.carried, noted=noted))
    told = {int(found) for note in notes for found in re.findall(r"\d+", note.text)}
    return remarks + _unknown_figures(text, _figures(document) | told)


def _reaches(noted: str, sentence: str, language: str) -> bool:
    """Whether a note voiced so widely carries the sentence's first word of quantity, as the counts' check reads it."""
    word = said(sentence, language)[0]
    return word in RANKS and RANKS.index(word) <= RANKS.index(noted)


def _unknown_figures(text: str, known: set[int]) -> list[Note]:
    notes = []
    for sentence in _SENTENCE.split(_ORDINAL_PLACE.sub("", text)):
        for found in _FIGURE.finditer(sentence):
            value = int(re.sub(r"\D", "", found[1]))
            if value not in known and not (value in _YEARS and not found[2]) and value > 3:
                notes.append(Note(sentence.strip(), figure=found[0].strip()))
    return notes


def _figures(document: Document) -> set[int]:
    """Every number that the edition tells, and days of the meetings' dates."""
    known = {int(str(value)) for value in document["figures"].values()}
    for row in document["participation"]:
        known |= {
            value
            for value in (row["invited"], row["answered"], row["approved"], row.get("joined"))
            if value is not None
        }
    for table in document["themes"]:
        known |= {table["base"]} if table["base"] is not None else set()
        for share in table["shares"]:
            known |= {value for value in (share["percent"], share["count"]) if value is not None}
    known |= {abs(difference["points"]) for difference in document["differences"]}
    for meeting in document["meetings"]:
        known |= {int(meeting[end][-2:]) for end in ("starts_on", "ends_on")}
    return known | {document["ground_rules"]["smallest_group"]}
