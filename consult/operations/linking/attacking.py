"""The attack itself: follow what rows share, try functions of identity, sort by everything, look for the rare."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from consult.core.database import Database
from consult.operations.linking.orders import by_offset, is_telling, kendall
from consult.operations.linking.reading import Row, files_of, tables_of

ROSTER = frozenset({"participant", "invitation"})
BREAKDOWN = ("country", "country_group", "sector", "role_label", "language")
HUB = 20
"""A value that more rows share than this (a meeting, a wording) leads to nobody."""
RANDOM = ("key", "shuffle_key", "search_key")
"""Columns of random numbers, whose order says nothing."""
STAFF = ("decision ", "redaction ", "audit_entry ", "coding ", "adjudication ", "analyst_note ")
"""When moderators worked is no secret, and says nothing of when answers came."""


@dataclass
class Findings:
    """What could be linked. Texts stand for responses, participants' identifiers for people."""

    texts: list[str] = field(default_factory=list)
    """Those of attributed consultations left aside, where the link is the rule."""
    linked: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Text → (participant, how), where one person alone fits."""
    orders: dict[str, list[str]] = field(default_factory=dict)
    """Where an order was found → the texts in it."""
    rare: int = 0
    """Texts beside which attributes are kept that fewer than k people of the roster share."""
    content: dict[str, str] = field(default_factory=dict)
    """Text → participant whose name stands in it: what somebody wrote, not what is stored beside it."""

    def by_rank(self, people_in_order: Sequence[str], source: str) -> dict[str, str]:
        """Text → participant, if this order is taken for that in which these people answered."""
        return dict(zip(self.orders[source], people_in_order, strict=False))

    def agreeing(self, least: float = 0.5) -> list[tuple[str, str, float]]:
        """Pairs of orders that say the same, though nothing but time can have made them: (source, source, tau)."""
        sources = [s for s in self.orders if not s.startswith(STAFF) and not self._is_random(s)]
        found = []
        for number, one in enumerate(sources):
            for other in sources[number + 1 :]:
                tau = kendall(self.orders[one], self.orders[other])
                if abs(tau) >= least:
                    found.append((one, other, round(tau, 2)))
        return found

    def _is_random(self, source: str) -> bool:
        """Whether the order is just that of a random key."""
        keys = [order for name, order in self.orders.items() if name.rpartition(" ")[2] in RANDOM]
        return any(abs(kendall(self.orders[source], key)) > 0.5 for key in keys)


def attack(
    database: Database, files: Iterable[Path] = (), *, smallest_group: int = 5, most: int = 5000
) -> Findings:
    """Try to link. Reads every table whole, up to `most` rows with words."""
    with database.reading() as session:
        tables = tables_of(session.connection(), most)
    people = _people(tables)
    found = Findings()
    reach = _Reach(tables)
    beside: dict[str, list[Row]] = {}
    for row in (row for every in tables.values() for row in every if row.words):
        rows = reach.from_row(row)
        if not any(each.table == "response" and each.values.get("mode") == "attributed" for each in rows):
            beside.setdefault(row.words, []).extend(rows)
    found.texts = sorted(beside)
    tokens = _tokens(people)
    for text, rows in beside.items():
        _link_by_values(found, text, rows, tokens)
        _link_by_attributes(found, text, rows, people, smallest_group)
        _link_by_content(found, text, people)
    _orders(found, beside)
    _link_by_transaction(found, beside, tables)
    for path in [*files_of(database), *files]:
        data = path.read_bytes() if path.is_file() else b""
        if order := by_offset(data, found.texts):
            found.orders[f"{path.suffix or path.name} offset"] = order
        _link_by_lines(found, data, tokens)
    return found


class _Reach:
    """From one row to all that share an identifier with it, however many steps away."""

    def __init__(self, tables: Mapping[str, Sequence[Row]]) -> None:
        self._having: dict[str, list[Row]] = defaultdict(list)
        for rows in tables.values():
            for row in rows:
                for value in set(row.identifiers()):
                    self._having[value].append(row)

    def from_row(self, start: Row) -> list[Row]:
        reached, pending = {id(start): start}, [start]
        while pending:
            row = pending.pop()
            if row.table in ROSTER:
                continue  # whoever is reached is reached; not on to their other meetings
            for value in row.identifiers():
                having = self._having[value]
                for other in having if len(having) <= HUB else ():
                    if id(other) not in reached:
                        reached[id(other)] = other
                        pending.append(other)
        return list(reached.values())


def _people(tables: Mapping[str, Sequence[Row]]) -> dict[str, list[Row]]:
    """Participant → their rows on the roster."""
    people = {str(row.values["id"]): [row] for row in tables.get("participant", ())}
    for row in tables.get("invitation", ()):
        people.setdefault(str(row.values["participant_id"]), []).append(row)
    return people


def _tokens(people: Mapping[str, Sequence[Row]]) -> dict[str, str]:
    """Everything that only one person has, plain and through the usual functions → the person."""
    owners: dict[str, set[str]] = defaultdict(set)
    for person, rows in people.items():
        own = {person}
        for row in rows:
            own |= {
                str(row.values[name])
                for name in ("id", "email", "name", "secret_hash", "code_hash")
                if row.values.get(name)
            }
        for value in own:
            for form in {value, value.lower(), value.upper()}:
                owners[form].add(person)
                for function in (hashlib.md5, hashlib.sha1, hashlib.sha256):
                    owners[function(form.encode("utf-8")).hexdigest()].add(person)
    return {token: next(iter(persons)) for token, persons in owners.items() if len(persons) == 1}


def _link_by_values(found: Findings, text: str, rows: Sequence[Row], tokens: Mapping[str, str]) -> None:
    for row in rows:
        for name, value in row.values.items():
            if name == row.words_in or not isinstance(value, str):
                continue
            if person := tokens.get(value) or tokens.get(value.lower()):
                found.linked.setdefault(text, (person, f"{row.table}.{name}"))


def _link_by_attributes(
    found: Findings, text: str, rows: Sequence[Row], people: Mapping[str, Sequence[Row]], smallest_group: int
) -> None:
    for row in rows:
        kept = {name: row.values.get(name) for name in BREAKDOWN if row.values.get(name)}
        kept.pop("country_group", None)
        if row.table in ROSTER or "country" not in row.values or not kept:
            continue
        fitting = [
            person
            for person, own in people.items()
            if own[0].table == "participant" and all(own[0].values.get(n) == v for n, v in kept.items())
        ]
        if 0 < len(fitting) < smallest_group:
            found.rare += 1
        if len(fitting) == 1:
            found.linked.setdefault(text, (fitting[0], f"{row.table} attributes"))


def _link_by_content(found: Findings, text: str, people: Mapping[str, Sequence[Row]]) -> None:
    for person, rows in people.items():
        name = str(rows[0].values.get("name") or "")
        if len(name) > 3 and name.lower() in text.lower():
            found.content[text] = person


def _orders(found: Findings, beside: Mapping[str, Sequence[Row]]) -> None:
    """Sort by every number, time, key and place that stands beside the texts."""
    values: dict[str, dict[str, object]] = defaultdict(dict)
    for text, rows in beside.items():
        for row in rows:
            if row.table in ROSTER:
                continue
            for name, value in row.sortable().items():
                values[f"{row.table} {name}"].setdefault(text, value)
    for source, by_text in values.items():
        if is_telling(list(by_text.values())):
            found.orders[source] = sorted(by_text, key=lambda text: _sort_key(by_text[text]))


def _sort_key(value: object) -> tuple[float, str]:
    if isinstance(value, datetime):
        return value.timestamp(), ""
    return (float(value), "") if isinstance(value, (int, float)) else (0.0, str(value))


def _link_by_transaction(
    found: Findings, beside: Mapping[str, Sequence[Row]], tables: Mapping[str, Sequence[Row]]
) -> None:
    """PostgreSQL: a row of the roster written in one transaction with the words, and no other such row."""
    written = Counter(row.transaction for row in tables.get("invitation", ()) if row.transaction)
    by_transaction = {row.transaction: row for row in tables.get("invitation", ()) if row.transaction}
    for text, rows in beside.items():
        for row in rows:
            shared = row.transaction
            if shared and row.table not in ROSTER and written.get(shared) == 1:
                person = str(by_transaction[shared].values["participant_id"])
                found.linked.setdefault(text, (person, f"{row.table} transaction"))


def _link_by_lines(found: Findings, data: bytes, tokens: Mapping[str, str]) -> None:
    """A line of a file that holds a text and something of one person alone."""
    if data.startswith(b"SQLite format") or b"\x00" in data[:1000]:
        return
    for line in data.decode("utf-8", "replace").splitlines():
        texts = [text for text in found.texts if text in line]
        persons = {person for token, person in tokens.items() if token in line} if texts else set()
        if len(persons) == 1:
            for text in texts:
                found.linked.setdefault(text, (next(iter(persons)), "a line of a file"))
