"""Under which answers to an earlier question a question is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from consult.consultations.kinds.kind import Kind
from consult.consultations.models import Question
from consult.core.errors import Invalid

Standing = tuple[Kind, Sequence[str]]
"""A question's kind, and what was answered to it."""


@dataclass(frozen=True)
class Condition:
    """Shown if the question with that code was answered with one of these codes, or within limits, or else at all."""

    question: str
    any_of: tuple[str, ...] = ()
    least: str = ""
    most: str = ""

    @property
    def limited(self) -> bool:
        return bool(self.least or self.most)

    def holds(self, standing: Mapping[str, Standing]) -> bool:
        """`standing`: what was answered to questions that are shown themselves."""
        kind, given = standing.get(self.question, (None, ()))
        if kind is None or not given:
            return False
        if self.limited:
            return self.suits(kind) and any(self._reaches(kind, code) for code in given)
        return bool(set(given) & set(self.any_of)) if self.any_of else True

    def suits(self, kind: Kind) -> bool:
        """Whether its limits are what answers of that kind are compared with: a question may change its kind."""
        try:
            return all(kind.limit(written) == written for written in (self.least, self.most) if written)
        except Invalid:
            return False

    def _reaches(self, kind: Kind, code: str) -> bool:
        size = kind.size(code)
        above = not self.least or size >= kind.size(self.least)
        return above and (not self.most or size <= kind.size(self.most))


class Way(StrEnum):
    """How an answer is compared. Of listed answers, what is kept is always the codes that fulfil it."""

    ANY = "any"
    IS = "is"
    IS_NOT = "is_not"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    WITHIN = "within"


MOST_LISTED = 61
"""So many codes can be told by leaving some out; a longer list is told by naming some."""


def ways_for(kind: Kind, settings: Mapping[str, Any]) -> list[Way]:
    """How answers of that kind can be compared."""
    codes = kind.codes(settings)
    if not codes:
        return [Way.ANY] if kind.limits is None else [Way.ANY, Way.WITHIN]
    ways = [Way.ANY, Way.IS]
    if not kind.several and len(codes) <= MOST_LISTED:
        ways.append(Way.IS_NOT)
    return [*ways, Way.AT_LEAST, Way.AT_MOST] if kind.rising(settings) else ways


def codes_meant(way: Way, picked: Sequence[str], kind: Kind, settings: Mapping[str, Any]) -> list[str]:
    """The codes that fulfil it, in the question's order; none for any answer at all. Raises Invalid."""
    if way is Way.ANY:
        return []
    codes, rising = kind.codes(settings), kind.rising(settings)
    if unknown := [code for code in picked if code not in codes]:
        raise Invalid("“%(code)s” is no answer there. Choose one that is offered.", code=unknown[0][:40])
    if not picked:
        raise Invalid("Choose at least one answer.")
    if way in (Way.AT_LEAST, Way.AT_MOST):
        if len(picked) > 1 or picked[0] not in rising:
            raise Invalid("Choose one step, the one that is compared with.")
        place = rising.index(picked[0])
        return rising[place:] if way is Way.AT_LEAST else rising[: place + 1]
    meant = [code for code in codes if (code in picked) is (way is Way.IS)]
    if not meant:
        raise Invalid("With this no answer is left. Choose fewer.")
    return meant


def limits_meant(least: str, most: str, kind: Kind, settings: Mapping[str, Any]) -> dict[str, str]:
    """The limits as they are kept, an empty one left out. Raises Invalid, its field `least` or `most`."""
    meant: dict[str, str] = {}
    for name, written in (("least", least), ("most", most)):
        try:
            meant |= {name: kind.limit(written)} if written.strip() else {}
        except Invalid as error:
            raise Invalid(error.message, field=name) from error
    if not meant:
        raise Invalid("Write one limit or both.", field="least")
    first, last = meant.get("least", ""), meant.get("most", "")
    if first and last and kind.size(last) < kind.size(first):
        raise Invalid("The second limit lies before the first. Write them the other way round.", field="most")
    if not kind.reaches(settings, first, last):
        raise Invalid("No answer that this question allows lies there. Write other limits.", field="least")
    return meant


def condition_of(question: Question) -> Condition | None:
    """Under which condition a question is shown, if there is one."""
    kept = question.condition
    if not kept:
        return None
    return Condition(
        kept["question"], tuple(kept.get("any_of") or ()), kept.get("least", ""), kept.get("most", "")
    )
