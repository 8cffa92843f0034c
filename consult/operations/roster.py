"""The demonstration's roster: invented people, the same on every machine."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from consult.core.errors import Invalid

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Person:
    """One invented person, and the meetings they attend, by slug."""

    number: int
    name: str
    email: str
    country: str
    organisation: str
    role_label: str
    sector: str
    language: str
    meetings: tuple[str, ...]


def roster(written: Mapping[str, Any]) -> list[Person]:
    """Everybody in `[roster]`, by number. Raises Invalid where its counts do not add up."""
    people = int(written["people"])
    meetings = _meetings(written["attendance"])
    countries = _mixed(_repeated(written["countries"].items()), "country")
    sectors = _sectors(written["sectors"], countries)
    for what, size in (("attendance", len(meetings)), ("countries", len(countries))):
        if size != people:
            raise Invalid(
                "The roster's %(what)s come to %(size)s people, not %(people)s.",
                what=what,
                size=size,
                people=people,
            )
    place = dict.fromkeys((sector["name"] for sector in written["sectors"]), 0)
    roster = []
    for index, (country, sector) in enumerate(zip(countries, sectors, strict=True)):
        turn = place[sector["name"]]
        place[sector["name"]] += 1
        number = index + 1
        roster.append(
            Person(
                number=number,
                name=written["name"].format(number=number),
                email=written["email"].format(number=number),
                country=country,
                organisation=sector["organisations"][turn % len(sector["organisations"])],
                role_label=sector["role_labels"][turn % len(sector["role_labels"])],
                sector=sector["name"],
                language=written.get("languages", {}).get(country, "en"),
                meetings=meetings[index],
            )
        )
    return roster


def _meetings(attendance: Mapping[str, int]) -> list[tuple[str, ...]]:
    slugs = tuple(slug for slug in attendance if slug != "both")
    alone = [(slug,) for slug in slugs for _ in range(attendance[slug])]
    return alone + [slugs] * attendance.get("both", 0)


def _sectors(written: Sequence[Mapping[str, Any]], countries: Sequence[str]) -> list[Mapping[str, Any]]:
    """A sector for each person; those that some countries' people are never given to choose first."""
    given: list[Mapping[str, Any] | None] = [None] * len(countries)
    free = _mixed(range(len(countries)), "sector")
    for sector in sorted(written, key=lambda sector: not sector.get("not_from")):
        barred = sector.get("not_from", [])
        takers = [index for index in free if countries[index] not in barred][: sector["people"]]
        for index in takers:
            given[index] = sector
        free = [index for index in free if given[index] is None]
    settled = [sector for sector in given if sector is not None]
    if len(settled) != len(given) or sum(sector["people"] for sector in written) != len(given):
        raise Invalid("The roster's sectors do not come to %(people)s people.", people=len(given))
    return settled


def _repeated(counts: Iterable[tuple[str, int]]) -> list[str]:
    return [name for name, count in counts for _ in range(count)]


def _mixed(things: Iterable[Thing], what: str) -> list[Thing]:
    """In an order that looks random and is the same everywhere."""
    numbered = list(enumerate(things))
    numbered.sort(key=lambda pair: hashlib.sha256(f"{what} {pair[0]}".encode()).digest())
    return [thing for _, thing in numbered]
