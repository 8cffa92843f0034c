"""Words for shares: which range each stands for in a consultation, and whether a sentence's word is carried."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.analysis.disclosure.themes import QuantifierRange
from consult.analysis.kept import QuantifierScale
from consult.analysis.rules import QUANTIFIER_RANGES, Quantifier
from consult.consultations.models import Consultation
from consult.core.errors import Invalid

WORDS = tuple(word.value for word, _least, _below in QUANTIFIER_RANGES)
_SAID = re.compile(
    r"\b(a few|few|some|many|most|nearly all|almost all|the majority|a majority|all|none|nobody)\b",
    re.IGNORECASE,
)
_MEANT = {"few": "a few", "almost all": "nearly all", "the majority": "most", "a majority": "most"}


@dataclass(frozen=True)
class Scale:
    """From which per cent on "some", "many", "most" and "nearly all" are said; below the first it is "a few"."""

    bounds: tuple[int, int, int, int]

    def word(self, count: int, base: int) -> Quantifier:
        """The word for `count` of `base`, by the exact share."""
        if count == 0 or base == 0:
            return Quantifier.NONE
        reached = sum(100 * count >= bound * base for bound in self.bounds)
        return QUANTIFIER_RANGES[reached][0]

    def ranges(self) -> tuple[QuantifierRange, ...]:
        """What to print beside figures that are put in words."""
        starts = (0, *self.bounds)
        ends = (*(bound - 1 for bound in self.bounds), 100)
        return tuple(map(QuantifierRange, WORDS, starts, ends))


USUAL = Scale(tuple(least for _word, least, _below in QUANTIFIER_RANGES[1:]))  # type: ignore[arg-type]


def scale_of(session: Session, consultation: Consultation) -> Scale:
    """The consultation's scale, else the usual one."""
    kept = session.get(QuantifierScale, consultation.id)
    if kept is None:
        return USUAL
    return Scale((kept.from_some, kept.from_many, kept.from_most, kept.from_nearly_all))


def set_scale(session: Session, consultation: Consultation, bounds: Sequence[int]) -> Scale:
    """Keep another scale. Raises Invalid unless it ascends within 1 and 100, with "most" from 50 at least."""
    some, many, most, nearly_all = bounds
    if not 0 < some < many < most < nearly_all <= 100 or most < 50:
        raise Invalid(
            "Let each word begin above the one before, all within 1 and 100, and “most” at 50 or more.",
            field="from_most",
        )
    kept = session.get(QuantifierScale, consultation.id) or QuantifierScale(consultation_id=consultation.id)
    kept.from_some, kept.from_many, kept.from_most, kept.from_nearly_all = some, many, most, nearly_all
    session.add(kept)
    session.flush()
    return Scale((some, many, most, nearly_all))


@dataclass(frozen=True)
class Flag:
    """A word in a sentence that the counts do not carry, and the one that they do ("" where nothing is known)."""

    sentence: str
    word: str
    carried: str


def said(sentence: str) -> list[str]:
    """The quantifiers of a sentence, as the scale names them."""
    found = [match.group().lower() for match in _SAID.finditer(sentence)]
    return [_MEANT.get(word, word) for word in found]


def flags(text: str, carried: dict[str, Quantifier]) -> list[Flag]:
    """Sentences whose quantifier the counts do not carry. `carried`: a theme's title → its word.

    A sentence speaks of the theme whose title it names; a quantifier in a sentence that names none cannot be checked
    and is flagged as such. "All" needs every respondent, which only "nearly all" may stand for.
    """
    found = []
    for sentence in re.split(r"(?<=[.!?])\s+", text.strip()):
        words = said(sentence)
        if not words:
            continue
        named = {word.value for title, word in carried.items() if title.casefold() in sentence.casefold()}
        if "none" in named:
            named.add("nobody")
        if not named:
            found.append(Flag(sentence, words[0], ""))
        found += [Flag(sentence, word, min(named)) for word in words[:1] if named and word not in named]
    return found
