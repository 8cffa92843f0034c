"""Taking in a roster: everybody in the file is on the roster and invited afterwards, or nothing has changed."""

from dataclasses import dataclass, field
from typing import Any

from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.core import audit
from consult.core.errors import DomainError, Invalid
from consult.core.sealing import Seal
from consult.core.tabular import Row, Table
from consult.core.text import tidy
from consult.meetings.models import Meeting
from consult.operations.definition.fields import LANGUAGE
from consult.participants.actions import ensure_participant, invite, normalised
from consult.participants.models import Invitation, Participant

COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("full name", "participant"),
    "email": ("e-mail", "email address", "e-mail address", "mail"),
    "country": ("country code", "nation", "nationality"),
    "organisation": ("organization", "affiliation", "institution"),
    "role": ("position", "job title", "function"),
    "role_label": ("role label", "label"),
    "sector": (),
    "language": ("lang", "locale"),
}
"""Column → other names it goes by. Letter case does not matter."""

LONGEST = {"name": 200, "email": 254, "organisation": 300, "role": 200, "role_label": 120, "sector": 80}
SHOWN = 20
_OTHER_COUNTRY_NAMES = {"uk": "GB", "el": "GR", "usa": "US", "great britain": "GB", "türkiye": "TR"}


@dataclass
class RosterReport:
    """What became of the people in a file."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    invited: int = 0
    already_invited: int = 0
    notes: list[str] = field(default_factory=list)


class InvalidRoster(Invalid):
    """A roster of which nothing was taken; `problems` names every row to mend."""

    def __init__(self, name: str, problems: list[str]) -> None:
        self.problems = problems
        shown = [f"  {problem}" for problem in problems[:SHOWN]]
        if len(problems) > SHOWN:
            shown.append(f"  and {len(problems) - SHOWN} more")
        super().__init__(
            "Nothing of %(name)s was taken. Mend what is named here, then import it again.\n%(list)s",
            name=name,
            list="\n".join(shown),
        )


def import_participants(
    session: Session, consultation: Consultation, meeting: Meeting, table: Table, *, seal: Seal
) -> RosterReport:
    """Put everybody on the roster and invite them to the meeting. Raises InvalidRoster with every faulty row.

    A person is found again by e-mail address and brought up to what the file says; invitations that stand are kept.
    """
    people = _people(table)
    report = RosterReport(notes=list(table.notes))
    before = {
        person.email: _facts(person)
        for person in session.scalars(
            select(Participant).where(Participant.consultation_id == consultation.id)
        )
    }
    invited = set(
        session.scalars(
            select(Invitation.participant_id).where(
                Invitation.meeting_id == meeting.id, Invitation.revoked.is_(False)
            )
        )
    )
    for facts in people:
        person = ensure_participant(session, consultation, **facts)
        if person.email not in before:
            report.added += 1
        elif before[person.email] != _facts(person):
            report.updated += 1
        else:
            report.unchanged += 1
        if person.id in invited:
            report.already_invited += 1
        else:
            invite(session, person, meeting, seal=seal)
            report.invited += 1
    audit.record(
        session,
        "roster_imported",
        consultation_id=consultation.id,
        subject=meeting.id,
        added=report.added,
        updated=report.updated,
        invited=report.invited,
    )
    return report


def _people(table: Table) -> list[dict[str, Any]]:
    places = _places(table)
    problems: list[str] = []
    people: list[dict[str, Any]] = []
    lines: dict[str, int] = {}
    for row in table.rows:
        if not row.problem and not any(cell.strip() for cell in row.cells):
            continue
        try:
            facts = _person(row, places)
        except DomainError as error:
            problems.append(f"line {row.line}: {error}")
            continue
        earlier = lines.setdefault(facts["email"], row.line)
        if earlier != row.line:
            problems.append(f"line {row.line}: {facts['email']} stands in line {earlier} already.")
        people.append(facts)
    if problems:
        raise InvalidRoster(table.name, problems)
    if not people:
        raise Invalid("%(file)s names nobody: it has a first row and no more.", file=table.name)
    return people


def _places(table: Table) -> dict[str, int]:
    """Where each fact's column stands. Raises Invalid without names and addresses, or with two columns for one."""
    places: dict[str, int] = {}
    for place, written in enumerate(table.columns):
        plain = written.casefold().strip()
        for column, synonyms in COLUMNS.items():
            if plain not in (column, column.replace("_", " "), *synonyms):
                continue
            if column in places:
                raise Invalid(
                    "%(file)s has two columns for the %(what)s: “%(first)s” and “%(second)s”. Keep one.",
                    file=table.name,
                    what=column,
                    first=table.columns[places[column]],
                    second=written,
                )
            places[column] = place
    missing = [column for column in ("name", "email") if column not in places]
    if missing:
        raise Invalid(
            "%(file)s has no column %(missing)s. Its first row must name the columns: %(known)s.",
            file=table.name,
            missing=" and no column ".join(missing),
            known=", ".join(COLUMNS),
        )
    return places


def _person(row: Row, places: dict[str, int]) -> dict[str, Any]:
    if row.problem:
        raise Invalid("%(why)s.", why=row.problem)
    facts = {column: tidy(row.cells[place]) for column, place in places.items()}
    if not facts["name"]:
        raise Invalid("the name is missing.")
    for column, longest in LONGEST.items():
        if len(facts.get(column, "")) > longest:
            raise Invalid("shorten the %(column)s to %(longest)s characters.", column=column, longest=longest)
    facts["email"] = normalised(facts["email"])
    facts["country"] = _country(facts.get("country", ""))
    facts["language"] = facts.get("language") or "en"
    if not LANGUAGE.fullmatch(facts["language"]):
        raise Invalid("“%(code)s” is not a language code like en or pl.", code=facts["language"])
    return facts


def _country(written: str) -> str:
    """A country's two-letter code, from the code or its English name."""
    if not written:
        return ""
    names = Locale("en").territories
    if written.casefold() in _OTHER_COUNTRY_NAMES:
        return _OTHER_COUNTRY_NAMES[written.casefold()]
    if len(written) == 2 and written.upper() in names:
        return written.upper()
    for code, name in names.items():
        if len(code) == 2 and code.isalpha() and name.casefold() == written.casefold():
            return str(code)
    raise Invalid(
        "“%(country)s” is not a country. Write its two-letter code, e.g. PL.", country=written[:SHOWN]
    )


def _facts(person: Participant) -> tuple[str, ...]:
    return (
        person.name,
        person.country,
        person.organisation,
        person.role,
        person.role_label,
        person.sector,
        person.language,
    )
