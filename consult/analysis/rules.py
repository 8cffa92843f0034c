"""What may be coded, how shares are put in words, and the tally that nobody can read."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, NoReturn, TypeAlias, final

from consult.analysis.models import Theme
from consult.consultations.enums import Attribution
from consult.core.errors import Invalid, Refused, StaleRead
from consult.core.text import tidy, unstorable
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Revision

LEAST_CODED = Attribution.AGGREGATE_ONLY
RESERVED_CODES = frozenset({"all", "unassigned"})
"""Names of piles in the coding page's addresses."""
LONGEST_CODE, LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_SOURCE = 80, 200, 2000, 300


def check_codable(answer: Answer, revision: Revision) -> None:
    """Themes belong to words that stand, are approved and may be used. Raises StaleRead or Refused otherwise."""
    if not revision.current:
        raise StaleRead("The words have changed since you read them. Read them again, then choose themes.")
    if answer.state is not AnswerState.APPROVED:
        raise StaleRead("This answer is not approved any more, so it takes no themes. Go on to the next one.")
    if revision.attribution < LEAST_CODED:
        raise Refused("Whoever wrote this asked that it is not used, so it takes no themes.")


def check_theme(theme: Theme, consultation_id: str) -> None:
    """A theme is given within its own consultation, and not once it is retired. Raises Refused."""
    if theme.consultation_id != consultation_id:
        raise Refused(
            "This theme belongs to another consultation. Choose one of the codebook beside the answer."
        )
    if theme.retired:
        raise Refused("The theme “%(title)s” is retired. Choose one that is in use.", title=theme.title)


def checked_text(text: str, field: str, longest: int, *, needed: bool = False) -> str:
    """A codebook's words as they are kept. Raises Invalid naming the field."""
    if unstorable(text):
        raise Invalid("This text holds a character that cannot be stored. Type it instead.", field=field)
    kept = tidy(text)
    if needed and not kept:
        raise Invalid("A theme needs a %(field)s.", field=field)
    if len(kept) > longest:
        raise Invalid(
            "This %(name)s has %(length)s characters. Shorten it to %(most)s.",
            field=field,
            name=field,
            length=len(kept),
            most=longest,
        )
    return kept


def checked_code(code: str) -> str:
    """A theme's code: lower-case letters, digits and hyphens. Raises Invalid, also for the name of a pile."""
    plain = code.replace("-", "").replace("_", "")
    if not (plain.isascii() and plain.isalnum() and plain == plain.lower()) or len(code) > LONGEST_CODE:
        raise Invalid(
            "“%(code)s” is not a theme's code. Use up to %(most)s lower-case letters, digits and hyphens.",
            field="code",
            code=code,
            most=LONGEST_CODE,
        )
    if code in RESERVED_CODES:
        raise Invalid("A theme cannot have the code “%(code)s”. Choose another.", field="code", code=code)
    return code


class Quantifier(StrEnum):
    """The words by which a report says how many, each with one range: see QUANTIFIER_RANGES."""

    NONE = "none"
    A_FEW = "a few"
    SOME = "some"
    MANY = "many"
    MOST = "most"
    NEARLY_ALL = "nearly all"


QUANTIFIER_RANGES: tuple[tuple[Quantifier, int, int], ...] = (
    (Quantifier.A_FEW, 0, 10),
    (Quantifier.SOME, 10, 25),
    (Quantifier.MANY, 25, 50),
    (Quantifier.MOST, 50, 90),
    (Quantifier.NEARLY_ALL, 90, 100),
)
"""Word, from this per cent on, to below this one (the last: up to and including it). Of nobody the word is "none"."""

COARSE_UNDER = 50
"""Under this many respondents a percentage is rounded to 5 points, since one person weighs 2 or more."""


class Rounded(NamedTuple):
    """A share in per cent. Where rounding would make none or all of what is neither, the bound is what to print."""

    percent: int
    under: int | None = None
    over: int | None = None

    def bounds(self) -> dict[str, int]:
        """The bound as a document keeps it, where there is one."""
        found = {"under": self.under, "over": self.over}
        return {name: bound for name, bound in found.items() if bound is not None}


def rounded(count: int, base: int, *, whole: bool = False) -> Rounded:
    """Halves upwards: to 5 points under 50 respondents, unless whole points are asked for, else to those."""
    step = 1 if whole or base >= COARSE_UNDER else 5
    percent = step * ((200 * count + step * base) // (2 * step * base))
    return Rounded(
        percent,
        under=step if count and not percent else None,
        over=100 - step if percent == 100 and count < base else None,
    )


Cell: TypeAlias = tuple[str | None, ...]


@final
class RawTally:
    """Exact counts before the gate. Neither printed, walked, copied, stored nor sent: only the gate opens it."""

    __slots__ = ("__cells",)

    def __init__(self, cells: Mapping[Cell, int]) -> None:
        self.__cells = dict(cells)

    def __repr__(self) -> str:
        return "<RawTally>"

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("a raw tally is not for release; ask consult.analysis.disclosure")

    __str__ = __format__ = __iter__ = __len__ = __bool__ = __getitem__ = __contains__ = _refuse
    __html__ = __json__ = __reduce__ = __reduce_ex__ = __copy__ = __deepcopy__ = __getstate__ = _refuse

    @staticmethod
    def _opened(tally: "RawTally") -> Mapping[Cell, int]:
        return tally.__cells


def opened(tally: RawTally) -> Mapping[Cell, int]:
    """The counts of a tally. Called by consult.analysis.disclosure alone, which a test checks."""
    return RawTally._opened(tally)
