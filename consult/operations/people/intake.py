"""Taking in a roster from a file: what it would change is worked out first, then all of it is done, or nothing.

A person is found again by e-mail address. What the file has no column for stays as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.core import audit
from consult.core.database import table_of
from consult.core.errors import DomainError, Invalid
from consult.core.identifiers import digest, new_id
from consult.core.sealing import Seal
from consult.core.tabular import Row, Table
from consult.core.text import fold
from consult.exports.data.csv import neutral
from consult.meetings.models import Meeting
from consult.operations.people.actions import FACTS, checked_facts
from consult.participants.models import Invitation, Participant

SAMPLES = 10
AT_ONCE = 1000
MOST_PROBLEMS = 10_000
EMPTY = dict.fromkeys(FACTS, "")


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be taken: its line, what stands there, and the sentence."""

    line: int
    fact: str
    cell: str
    error: DomainError


@dataclass(frozen=True)
class Change:
    """What would become of one fact of somebody on the roster."""

    name: str
    fact: str
    before: str
    after: str


@dataclass
class Plan:
    """What taking in a file would do. With a problem in it, nothing is done."""

    facts: tuple[str, ...]
    people: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Address → facts in the order of `facts`."""
    there: dict[str, str] = field(default_factory=dict)
    """Address → identifier, of those who are on the roster already."""
    updated: list[str] = field(default_factory=list)
    invited: int = 0
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    alike: list[tuple[int, str]] = field(default_factory=list)
    """Lines with a name that another line has, at another address: perhaps one person twice."""
    notes: list[str] = field(default_factory=list)

    @property
    def added(self) -> int:
        return len(self.people) - len(self.there)

    @property
    def unchanged(self) -> int:
        return len(self.there) - len(self.updated)

    @property
    def fingerprint(self) -> str:
        """What was shown, so that nothing else is done when the roster has changed meanwhile."""
        return f"{self.added}-{len(self.updated)}-{self.unchanged}-{self.invited}"

    def samples(self) -> list[dict[str, str]]:
        """The first people of the file, with the facts it gives."""
        return [
            EMPTY | dict(zip(self.facts, values, strict=True))
            for values, _ in zip(self.people.values(), range(SAMPLES), strict=False)
        ]


def planned(
    session: Session,
    consultation: Consultation,
    table: Table,
    places: Mapping[str, int],
    meeting: Meeting | None,
) -> Plan:
    """What the file would change. Raises Invalid where its columns do not name people, or it cannot be read on."""
    for fact in ("name", "email"):
        if fact not in places:
            raise Invalid("Choose the column that holds this.", field=fact)
    if len(set(places.values())) != len(places):
        raise Invalid("Two facts cannot come from one column. Choose another one.", field=_doubled(places))
    plan = Plan(tuple(fact for fact in FACTS if fact in places), notes=list(table.notes))
    _read(plan, table.rows, [places[fact] for fact in plan.facts], consultation.language)
    if not plan.people and not plan.problems:
        raise Invalid("%(file)s names nobody: it has a first row and no more.", file=table.name)
    _compare(session, consultation, plan)
    if meeting is not None:
        standing = _standing(session, meeting)
        plan.invited = len(plan.people) - sum(person in standing for person in plan.there.values())
    return plan


def taken_in(
    session: Session,
    consultation: Consultation,
    plan: Plan,
    meeting: Meeting | None,
    *,
    seal: Seal,
    by: User | None,
) -> None:
    """Do what was planned, all of it. Raises Invalid with a problem in it."""
    if plan.problems:
        raise Invalid("Nothing was taken. Mend the rows that are named, then import the file again.")
    ids = dict(plan.there)
    waiting: list[dict[str, object]] = []
    for address, values in plan.people.items():
        if address not in ids:
            ids[address] = new_id()
            given = EMPTY | dict(zip(plan.facts, values, strict=True))
            waiting.append({**given, "id": ids[address], "consultation_id": consultation.id})
            waiting = _written(session, Participant, waiting, AT_ONCE)
    _written(session, Participant, waiting, 1)
    _bring_up_to_date(session, plan)
    if meeting is not None:
        _invite_all(session, meeting, ids.values(), seal)
    audit.record(
        session,
        "roster_imported",
        user_id=by.id if by else None,
        consultation_id=consultation.id,
        subject=meeting.id if meeting else "",
        added=plan.added,
        updated=len(plan.updated),
        invited=plan.invited,
    )


def _read(plan: Plan, rows: Iterable[Row], places: Sequence[int], language: str) -> None:
    lines: dict[str, int] = {}
    names: dict[str, int] = {}
    for row in rows:
        if not row.problem and not any(cell.strip() for cell in row.cells):
            continue
        if len(plan.problems) >= MOST_PROBLEMS:
            return
        try:
            facts = _facts(row, plan.facts, places, language)
        except Invalid as error:
            cell = row.cells[places[plan.facts.index(error.field)]] if error.field in plan.facts else ""
            plan.problems.append(Problem(row.line, error.field, cell[:120], error))
            continue
        address = facts["email"]
        if (earlier := lines.setdefault(address, row.line)) != row.line:
            said = Invalid("This address stands in line %(line)s already.", field="email", line=earlier)
            plan.problems.append(Problem(row.line, "email", address, said))
            continue
        if names.setdefault(fold(facts["name"]), row.line) != row.line and len(plan.alike) < SAMPLES:
            plan.alike.append((row.line, facts["name"]))
        plan.people[address] = tuple(facts[fact] for fact in plan.facts)


def _facts(row: Row, facts: Sequence[str], places: Sequence[int], language: str) -> dict[str, str]:
    if row.problem:
        raise Invalid("This row cannot be read: %(why)s.", why=row.problem)
    cells = row.cells
    found = checked_facts({fact: _cell(cells[place]) for fact, place in zip(facts, places, strict=True)})
    if "language" in found and not row.cells[places[facts.index("language")]].strip():
        found["language"] = language
    return found


def _cell(written: str) -> str:
    """The cell without the apostrophe that an export of ours puts before what a spreadsheet would run."""
    return written[1:] if written[:1] == "'" and neutral(written[1:]) != written[1:] else written


def _compare(session: Session, consultation: Consultation, plan: Plan) -> None:
    """Walk the roster beside the file, holding the file alone in memory."""
    columns = [getattr(Participant, fact) for fact in plan.facts]
    rows = session.execute(
        select(Participant.id, Participant.email, Participant.name, *columns)
        .where(Participant.consultation_id == consultation.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for person_id, address, name, *before in rows:
        after = plan.people.get(address)
        if after is None:
            continue
        plan.there[address] = person_id
        if tuple(before) == after:
            continue
        plan.updated.append(address)
        for fact, old, new in zip(plan.facts, before, after, strict=True):
            if old != new and len(plan.changes) < SAMPLES:
                plan.changes.append(Change(name, fact, old, new))


def _bring_up_to_date(session: Session, plan: Plan) -> None:
    for start in range(0, len(plan.updated), AT_ONCE):
        session.execute(
            update(Participant),
            [
                {"id": plan.there[address], **dict(zip(plan.facts, plan.people[address], strict=True))}
                for address in plan.updated[start : start + AT_ONCE]
            ],
        )


def _invite_all(session: Session, meeting: Meeting, people: Iterable[str], seal: Seal) -> None:
    standing = _standing(session, meeting)
    waiting: list[dict[str, object]] = []
    for person_id in people:
        if person_id in standing:
            continue
        invitation_id = new_id()
        waiting.append(
            {
                "id": invitation_id,
                "participant_id": person_id,
                "meeting_id": meeting.id,
                "secret_hash": digest(seal.invitation_secret(invitation_id)),
                "code_hash": digest(seal.invitation_code(invitation_id)),
            }
        )
        waiting = _written(session, Invitation, waiting, AT_ONCE)
    _written(session, Invitation, waiting, 1)


def _standing(session: Session, meeting: Meeting) -> set[str]:
    return set(
        session.scalars(
            select(Invitation.participant_id).where(
                Invitation.meeting_id == meeting.id, Invitation.revoked.is_(False)
            )
        )
    )


def _written(
    session: Session, model: type[Participant | Invitation], rows: list[dict[str, object]], least: int
) -> list[dict[str, object]]:
    """The rows written, once there are enough of them; what still waits."""
    if len(rows) < least:
        return rows
    session.execute(insert(table_of(model)), rows)
    return []


def _doubled(places: Mapping[str, int]) -> str:
    taken = list(places.values())
    return [fact for fact, place in places.items() if taken.count(place) > 1][-1]
