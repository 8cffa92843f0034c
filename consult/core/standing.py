"""Where the database stands beside this version of the program, and why it refuses, in words for the administrator.

The words are ours or those of a failed connection: an error of a statement can quote what somebody wrote.
"""

from enum import StrEnum

import psycopg
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from consult.core.database import alembic_config
from consult.core.errors import Refused


class Standing(StrEnum):
    """How a database's migrations compare with those that this version knows."""

    CURRENT = "current"
    EMPTY = "empty"
    BEHIND = "behind"
    AHEAD = "ahead"


SAID = {
    Standing.EMPTY: (
        "The database is not up to date: it is empty. Run `consult init` first, or name the right one: database_url."
    ),
    Standing.BEHIND: "The database is not up to date. Run `consult init` first.",
    Standing.AHEAD: (
        "The database was migrated by a newer version of Consult. Install that version again, "
        "or restore the backup from before the upgrade."
    ),
}

_SQLITE = (
    ("disk is full", "no room on the disk"),
    ("readonly database", "this user may not write to the file or its folder"),
    ("unable to open", "this user cannot open the file or its folder"),
    ("database is locked", "another process holds it for too long"),
    ("not a database", "the file is no SQLite database"),
    ("malformed", "the file is damaged: restore a backup"),
    ("disk I/O error", "the disk cannot be read or written, or is full"),
)
_STATES = {
    "53100": "no room on the server's disk",
    "53300": "too many connections: fewer workers or threads, or a larger max_connections",
    "25006": "the server takes no writes: is it a standby?",
    "42501": "the role lacks the right: it must own the database's schema",
    "55P03": "another process holds a row or table for too long",
    "57014": "it took too long",
    "57P01": "the server was stopped",
    "57P03": "the server is starting or stopping",
}


def standing(session: Session) -> Standing:
    """Compare them. One look at the database."""
    scripts = ScriptDirectory.from_config(alembic_config(""))
    found = MigrationContext.configure(session.connection()).get_current_revision()
    if found is None:
        return Standing.EMPTY
    if found == scripts.get_current_head():
        return Standing.CURRENT
    try:
        scripts.get_revision(found)
    except CommandError:
        return Standing.AHEAD
    return Standing.BEHIND


def require_current(session: Session) -> None:
    """Raises Refused with what to do unless this version's newest migration is the database's."""
    if said := SAID.get(standing(session)):
        raise Refused(said)


def why_refused(error: DBAPIError) -> str:
    """Why the database refused, in words that hold nothing stored."""
    said = str(error.orig)
    if isinstance(error.orig, psycopg.Error):
        if error.orig.sqlstate in _STATES:
            return _STATES[error.orig.sqlstate]
        if error.statement is None and error.orig.sqlstate is None and said:
            return " ".join(said.split())[:300].rstrip(".")  # of a connection that did not come about
    elif words := next((words for part, words in _SQLITE if part in said), ""):
        return words
    return type(error.orig).__name__
