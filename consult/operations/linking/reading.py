"""Reading a database as somebody would who stole it: every table, with what the database itself adds to each row."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from consult.core.database import Database

WORDS = ("text", "words", "answer", "body", "comment")
NOT_WORDS = frozenset({"mail_message", "takeaway", "outcome", "audit_entry", "edition", "published_text"})
_TIME = re.compile(r"\d{4}-\d\d-\d\d")
LONGEST_IDENTIFIER = 64
SHORTEST_IDENTIFIER = 20


@dataclass(eq=False)
class Row:
    """One row. `place` and `transaction` are what the database keeps beside it, where it does."""

    table: str
    key: str
    values: dict[str, object]
    words_in: str | None
    place: object = None
    transaction: str | None = None

    @property
    def words(self) -> str:
        return str(self.values.get(self.words_in) or "") if self.words_in else ""

    def identifiers(self) -> list[str]:
        """Values by which it can be joined to other rows."""
        return [
            value
            for name, value in self.values.items()
            if isinstance(value, str)
            and name != self.words_in
            and SHORTEST_IDENTIFIER <= len(value) <= LONGEST_IDENTIFIER
            and " " not in value
        ]

    def sortable(self) -> dict[str, object]:
        """Everything that orders rows: numbers, times, the key, the place, the transaction."""
        found: dict[str, object] = {
            name: value
            for name, value in self.values.items()
            if (isinstance(value, (int, float, datetime, date)) and not isinstance(value, bool))
            or (isinstance(value, str) and _TIME.match(value))
        }
        if len(self.key) >= SHORTEST_IDENTIFIER:
            found["key"] = self.key
        if self.place is not None:
            found["place"] = self.place
        if self.transaction is not None:
            found["transaction"] = int(self.transaction)
        return found


def tables_of(connection: Connection, most: int) -> dict[str, list[Row]]:
    """Every table's rows, up to so many of each."""
    sqlite = connection.dialect.name == "sqlite"
    inspector = inspect(connection)
    tables = {}
    for table in inspector.get_table_names():
        if table.startswith(("huey", "alembic", "revision_words")):
            continue
        columns = {column["name"] for column in inspector.get_columns(table)}
        words_in = None if table in NOT_WORDS else next((name for name in WORDS if name in columns), None)
        keys = inspector.get_pk_constraint(table)["constrained_columns"]
        hidden = (
            _hidden(connection, table) if sqlite else "ctid::text AS _place, xmin::text AS _transaction, "
        )
        statement = text(f'SELECT {hidden}* FROM "{table}" LIMIT :most')  # noqa: S608
        tables[table] = [
            _row(table, dict(row), keys, words_in)
            for row in connection.execute(statement, {"most": most}).mappings()
        ]
    return tables


def files_of(database: Database) -> list[Path]:
    """The database's own files, where this machine has them."""
    if not database.is_sqlite or not database.url.database:
        return []
    path = Path(database.url.database)
    return [path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-journal"))]


def _hidden(connection: Connection, table: str) -> str:
    """SQLite's rowid, for a table that has one."""
    definition = connection.execute(
        text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}
    ).scalar()
    return "" if "WITHOUT ROWID" in str(definition).upper() else "rowid AS _place, "


def _row(table: str, values: dict[str, object], keys: list[str], words_in: str | None) -> Row:
    place, transaction = values.pop("_place", None), values.pop("_transaction", None)
    if isinstance(place, str):  # PostgreSQL's (page,line)
        page, _comma, line = place.strip("()").partition(",")
        place = int(page) * 100_000 + int(line)
    key = "".join(str(values.get(name)) for name in keys)
    return Row(table, key, values, words_in, place, str(transaction) if transaction else None)
