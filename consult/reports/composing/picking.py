"""Answers to pick from: approved, quotable, with the line that will stand under them; short and long taking turns."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from consult.analysis.disclosure import Profile, ReleasedRow, sourced_rows
from consult.consultations.models import Consultation

SHORT, MEDIUM = 64, 280
"""Up to so many code points a view is short, then middling, then long."""
LOOKED_THROUGH = 5_000
SHOWN = 30
LENGTHS = ("short", "medium", "long")


@dataclass(frozen=True)
class Offered:
    """An answer that may be picked."""

    revision_id: str
    row: ReleasedRow
    picked: bool

    @property
    def length(self) -> str:
        return length_of(self.row.text)


@dataclass(frozen=True)
class Offer:
    """What a page offers, and how many of those picked so far are of which length."""

    answers: list[Offered]
    balance: dict[str, int]

    @property
    def uneven(self) -> bool:
        """Whether three or more are picked and all have one length."""
        return sum(self.balance.values()) > 2 and max(self.balance.values()) == sum(self.balance.values())


def length_of(text: str) -> str:
    """Which of LENGTHS."""
    return LENGTHS[(len(text) > SHORT) + (len(text) > MEDIUM)]


def offer(
    session: Session,
    consultation: Consultation,
    picked: Collection[str],
    *,
    meeting_ids: Collection[str] | None = None,
    theme: str = "",
    words: str = "",
) -> Offer:
    """Those picked first, then others in their shuffled order, a short, a middling and a long one taking turns."""
    rows = islice(
        sourced_rows(session, consultation, Profile.PUBLICATION, meeting_ids=meeting_ids), LOOKED_THROUGH
    )
    sought = words.casefold()
    mine: list[Offered] = []
    piles: dict[str, list[Offered]] = {length: [] for length in LENGTHS}
    for revision_id, row in rows:
        if revision_id in picked:
            mine.append(Offered(revision_id, row, picked=True))
        elif (not theme or theme in row.themes) and sought in row.text.casefold():
            pile = piles[length_of(row.text)]
            if len(pile) < SHOWN:
                pile.append(Offered(revision_id, row, picked=False))
    balance = {length: sum(one.length == length for one in mine) for length in LENGTHS}
    return Offer(mine + list(islice(_in_turns(piles.values()), SHOWN)), balance)


def _in_turns(piles: Iterable[list[Offered]]) -> Iterable[Offered]:
    waiting = [list(pile) for pile in piles]
    while any(waiting):
        for pile in waiting:
            if pile:
                yield pile.pop(0)
