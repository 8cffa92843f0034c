"""What may be said, how far it may be used, which states follow which, and what may be kept about who said it."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from consult.consultations.enums import Attribution, Mode, Timing
from consult.consultations.models import GroundRules
from consult.core.errors import Invalid, Refused
from consult.core.identifiers import digest
from consult.responses.enums import MOVES, AnswerState
from consult.responses.models import Answer, Response, Revision


def content_hash(
    text: str | None, choices: Sequence[str] | None, attribution: Attribution, wording_id: str
) -> str:
    """SHA-256 in hex over what a moderator reads: words, choices, attribution level and wording version."""
    read = [text, None if choices is None else list(choices), int(attribution), wording_id]
    return hashlib.sha256(json.dumps(read, ensure_ascii=False).encode("utf-8")).hexdigest()


_MISREAD = str.maketrans({"0": "O", "1": "I", "8": "B"})


def tidy_receipt(typed: str) -> str:
    """A receipt code as it is hashed, however it was spaced, cased or misread."""
    return "".join(character for character in typed.upper() if character.isalnum()).translate(_MISREAD)


def code_hash(code: str) -> str:
    """Under which a response code is known to have been handed out: another digest than the response's own.

    So what is written when a code is handed out beside an invitation never meets what is written when it is used.
    """
    return digest(f"handed out {tidy_receipt(code)}")


def standing_hash(revisions: Iterable[Revision]) -> str:
    """SHA-256 in hex over all the words of a response as they stand: what somebody saw who changes them."""
    shown = sorted([revision.answer_id, revision.hash] for revision in revisions)
    return hashlib.sha256(json.dumps(shown).encode("ascii")).hexdigest()


def is_withdrawn(response: Response) -> bool:
    """Whether nothing of the response is left."""
    return all(answer.state is AnswerState.WITHDRAWN for answer in response.answers)


_PRINTED = {Attribution.QUOTE_WITH_ROLE: "role_label", Attribution.QUOTE_WITH_COUNTRY_GROUP: "country_group"}
"""Step → what it prints beside the words. No name and no organisation is copied to a response."""


def waivable(rules: GroundRules) -> tuple[Attribution, ...]:
    """The steps above the ceiling that a participant may allow all the same, with a dated waiver.

    Only those that print something which is kept with an answer, and none in unlinked mode, which keeps no date.
    """
    if rules.mode is Mode.UNLINKED:
        return ()
    return tuple(
        step for step, printed in _PRINTED.items() if step > rules.ceiling and printed in rules.breakdown
    )


def check_attribution(attribution: Attribution, rules: GroundRules, *, waived: bool = False) -> None:
    """Raises Invalid above the ceiling of the ground rules, but for a step that is waived and may be."""
    if attribution > rules.ceiling and not (waived and attribution in waivable(rules)):
        raise Invalid(
            "The ground rules do not allow this use. Choose one of those offered.", field="attribution"
        )


def move(answer: Answer, to: AnswerState) -> None:
    """Bring an answer into another state. The only writer of `state`; a move that MOVES lacks is Refused."""
    if to not in MOVES[answer.state]:
        if answer.state is AnswerState.WITHDRAWN:
            raise Refused(
                "This answer was withdrawn by the person who gave it. Nothing more can be done with it."
            )
        raise Refused("This answer is already where you want to bring it. Load the page again and look.")
    answer.state = to


def coarse_time(at: datetime, rules: GroundRules) -> datetime | None:
    """The instant as finely as the timing switch lets it be stored."""
    if rules.mode is Mode.UNLINKED or rules.timing is Timing.NONE:
        return None
    if rules.timing is Timing.DAY:
        return at.replace(hour=0, minute=0, second=0, microsecond=0)
    return at.replace(second=0, microsecond=0)


@dataclass(frozen=True, order=True)
class Breakdown:
    """Attributes of a person that are copied to a response, so that nothing downstream needs the person."""

    country: str = ""
    country_group: str = ""
    sector: str = ""
    role_label: str = ""
    language: str = ""

    def without(self, *names: str) -> "Breakdown":
        """The same with those attributes left out."""
        return replace(self, **dict.fromkeys(names, ""))


COARSENING: tuple[tuple[str, ...], ...] = (
    (),
    ("country",),
    ("country", "language"),
    ("country", "language", "role_label"),
    ("country", "language", "role_label", "sector"),
    ("country", "language", "role_label", "sector", "country_group"),
)
"""What is left out at each step, from nothing to everything."""


def coarsened(invited: Mapping[Breakdown, int], smallest_group: int) -> dict[Breakdown, Breakdown]:
    """What may be stored for each combination among a meeting's invited people.

    Whoever knows the whole roster and this very rule still finds at least `smallest_group` people behind every stored
    combination: the groups are counted after coarsening, and one too small to stand takes the smallest other with it.
    `invited` maps each combination to how many people have it. Where fewer are invited in all, nothing is stored.
    """
    step = dict.fromkeys(invited, 0)
    last = len(COARSENING) - 1
    for level in range(last):
        sizes = _sizes(invited, step)
        for combination in invited:
            if step[combination] == level and sizes[_at(combination, level)] < smallest_group:
                step[combination] = level + 1
    while True:
        sizes = _sizes(invited, step)
        blank = sizes.get(Breakdown(), 0)
        others = sorted((size, kept) for kept, size in sizes.items() if kept != Breakdown())
        if not 0 < blank < smallest_group or not others:
            break
        _size, absorbed = others[0]
        for combination in invited:
            if _at(combination, step[combination]) == absorbed:
                step[combination] = last
    return {combination: _at(combination, step[combination]) for combination in invited}


def _at(combination: Breakdown, level: int) -> Breakdown:
    return combination.without(*COARSENING[level])


def _sizes(invited: Mapping[Breakdown, int], step: Mapping[Breakdown, int]) -> Counter[Breakdown]:
    sizes: Counter[Breakdown] = Counter()
    for combination, people in invited.items():
        sizes[_at(combination, step[combination])] += people
    return sizes


def country_group(country: str, groups: Mapping[str, Sequence[str]]) -> str:
    """The consultation's group that the country is in, or none."""
    return next((name for name, countries in groups.items() if country and country in countries), "")
