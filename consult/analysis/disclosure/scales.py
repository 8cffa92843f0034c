"""From which share on a consultation says "some", "many", "most" and "nearly all"; one scale for all its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from sqlalchemy.orm import Session

from consult.analysis.kept import QuantifierScale
from consult.analysis.rules import QUANTIFIER_RANGES, Quantifier
from consult.consultations.models import Consultation
from consult.core.errors import Invalid

WORDS = tuple(word.value for word, _least, _below in QUANTIFIER_RANGES)


class QuantifierEntry(TypedDict):
    """A range in a document, in per cent, both ends included."""

    word: str
    at_least: int
    at_most: int


@dataclass(frozen=True)
class QuantifierRange:
    """What a word stands for, in whole per cent, both ends included. Of nobody the word is "none"."""

    word: str
    at_least: int
    at_most: int

    def to_document(self) -> QuantifierEntry:
        return {"word": self.word, "at_least": self.at_least, "at_most": self.at_most}


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
