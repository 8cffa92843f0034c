"""Which column of a stranger's file holds what, guessed from its name in three languages and from what stands in it."""

from collections.abc import Mapping, Sequence

from consult.core.text import fold
from consult.operations.people.actions import FACTS

_WRITTEN = {
    "name": """name, full name, participant, person, nom, nom complet, nom et prenom, imie i nazwisko,
        nazwisko i imie, nazwisko, uczestnik""",
    "email": """email, e mail, mail, email address, e mail address, address e mail, adresse e mail,
        adresse electronique, courriel, adres e mail, adres email, poczta elektroniczna, poczta""",
    "country": "country, country code, nation, nationality, pays, nationalite, kraj, panstwo, narodowosc",
    "organisation": """organisation, organization, affiliation, institution, company, employer, organisme,
        etablissement, organizacja, instytucja, afiliacja, firma""",
    "role": """role, position, job title, title, function, post, poste, fonction, titre, stanowisko, funkcja,
        rola""",
    "role_label": "role label, label, coarse role, etiquette, etykieta",
    "sector": "sector, secteur, sektor, branza",
    "language": "language, lang, locale, langue, jezyk",
}
NAMES = {fact: tuple(" ".join(name.split()) for name in names.split(",")) for fact, names in _WRITTEN.items()}
"""Fact → names of its column, folded: no capitals, accents or punctuation."""
GUESSED_FROM = 50
"""Rows from which columns are recognised where their names do not say it."""


def guessed(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Fact → place of its column, for the facts that a column is found for; no column twice."""
    places: dict[str, int] = {}
    plain = [_plain(column) for column in columns]
    for exact in (True, False):
        for fact in FACTS:
            for place, name in enumerate(plain):
                if fact in places or place in places.values() or not name:
                    continue
                if name in NAMES[fact] or (
                    not exact and any(f" {known} " in f" {name} " for known in NAMES[fact])
                ):
                    places[fact] = place
    if "email" not in places:
        for place in range(len(columns)):
            cells = [row[place] for row in rows[:GUESSED_FROM] if row[place].strip()]
            if cells and place not in places.values() and sum("@" in cell for cell in cells) * 2 > len(cells):
                places["email"] = place
                break
    return places


def chosen(given: Mapping[str, str], columns: Sequence[str]) -> dict[str, int]:
    """Fact → place, as somebody chose them by number; what is no column's number is not there."""
    found = {fact: given.get(fact, "") for fact in FACTS}
    return {
        fact: int(place)
        for fact, place in found.items()
        if place.isascii() and place.isdigit() and len(place) < 5 and int(place) < len(columns)
    }


def _plain(column: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(column)).split())
