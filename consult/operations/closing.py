"""After the cut-off: what is not needed any more is deleted, and the database is written anew, in no order of time.

Until then the order in which answers came can be read from files and logs of writes; see docs/privacy.md.
"""

from dataclasses import dataclass

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from consult.consultations.enums import Mode
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.consultations.rules import Phase, phase
from consult.core.clock import now
from consult.core.database import Database
from consult.core.errors import Refused, Unavailable
from consult.core.identifiers import digest, new_secret
from consult.meetings.queries import meetings_of
from consult.moderation.actions.counting import BATCH, count_choices
from consult.moderation.queries import SHOWN
from consult.participants.models import Invitation
from consult.responses.actions import release
from consult.responses.models import Answer, ResponseCode

IN_ORDER_OF_WRITING = (
    "invitation",
    "response",
    "response_link",
    "draft",
    "answer",
    "revision",
    "session_note",
    "paper_card",
    "published_text",
    "published_case",
    "coding",
    "counted_answer",
    "counted_theme",
    "second_reading",
    "adjudication",
    "analyst_note",
    "quote_mark",
    "suggestion",
    "answer_cluster",
    "hint",
    "unexamined",
    "duplicate",
    "imported_row",
    "erasure",
)
"""PostgreSQL keeps with every row the number of the transaction that wrote it, and rows where there was room."""

_WORDS = tuple(
    statement.format(index=f"revision_words_{state}", state=state)
    for state in SHOWN
    for statement in (
        "INSERT INTO {index}({index}) VALUES('delete-all')",
        """INSERT INTO {index}(rowid, folded, standing) SELECT search_key, folded, standing FROM revision
        WHERE folded <> '' AND standing LIKE '{state}%' ORDER BY search_key""",
        "INSERT INTO {index}({index}) VALUES('optimize')",
    )
)


@dataclass(frozen=True)
class Closed:
    """What closing did: whether links between persons and answers were never stored, and the codes deleted."""

    unlinked: bool
    codes: int


def close(session: Session, consultation: Consultation) -> Closed:
    """Release and count what waited for company, delete response codes, in unlinked mode invitations' secrets too.

    Raises Refused before the cut-off. Run again, it does nothing more.
    """
    rules = ground_rules_in_force(session, consultation)
    if phase(consultation, rules, now()) is not Phase.CLOSED:
        raise Refused(
            "%(slug)s still takes answers. Close it after its closing time and the time of grace.",
            slug=consultation.slug,
        )
    meeting_ids = [meeting.id for meeting in meetings_of(session, consultation)]
    for meeting_id in meeting_ids:
        release(session, meeting_id)
    while count_choices(session, consultation) == BATCH:
        pass
    codes = select(ResponseCode.code_hash).where(ResponseCode.meeting_id.in_(meeting_ids))
    found = len(session.scalars(codes).all())
    session.execute(delete(ResponseCode).where(ResponseCode.meeting_id.in_(meeting_ids)))
    if rules.mode is not Mode.UNLINKED:
        session.flush()
        return Closed(unlinked=False, codes=found)
    invitations = session.scalars(select(Invitation.id).where(Invitation.meeting_id.in_(meeting_ids))).all()
    if invitations:
        session.execute(
            update(Invitation),
            [
                {"id": each, "secret_hash": digest(new_secret()), "code_hash": digest(new_secret())}
                for each in invitations
            ],
        )
    session.flush()
    return Closed(unlinked=True, codes=found)


def release_due(session: Session) -> int:
    """Release what waited for company in every consultation whose cut-off has passed; at how many meetings."""
    held = session.execute(
        select(Answer.meeting_id, Answer.consultation_id).where(Answer.released.is_(False)).distinct()
    ).all()
    released = 0
    for meeting_id, consultation_id in held:
        consultation = session.get_one(Consultation, consultation_id)
        if phase(consultation, ground_rules_in_force(session, consultation), now()) is Phase.CLOSED:
            release(session, meeting_id)
            released += 1
    return released


def rewrite(database: Database) -> list[str]:
    """Write the database anew, so that nothing in it says what came first. Returns what is left to do by hand.

    It needs the database for itself for a moment, and on SQLite as much free room on the disk as the database takes.
    """
    return _rewrite_sqlite(database) if database.is_sqlite else _rewrite_postgresql(database)


def _rewrite_sqlite(database: Database) -> list[str]:
    with database.transaction() as session:
        for statement in _WORDS:
            session.execute(text(statement))
    database.close()  # connections that were only kept for later hold on to the log
    connection = database.writer.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (busy, *_pages) = cursor.fetchone() or (1,)
        cursor.close()
    finally:
        connection.close()
    if busy:
        raise Unavailable("The database is in use, so its log could not be emptied. Run the command again.")
    return [
        "Take a new backup now, and destroy those from before: they hold the order in which answers came."
    ]


def _rewrite_postgresql(database: Database) -> list[str]:
    with database.transaction() as session:
        session.execute(text("SET LOCAL statement_timeout = 0"))
        keys = {
            row.table_name: row.column_name
            for row in session.execute(
                text(
                    "SELECT table_name, min(column_name) AS column_name FROM information_schema.key_column_usage "
                    "WHERE table_schema = current_schema() AND constraint_name = 'pk_' || table_name GROUP BY 1"
                )
            )
        }
        for table in IN_ORDER_OF_WRITING:
            session.execute(text(f"UPDATE {table} SET {keys[table]} = {keys[table]}"))  # noqa: S608
    with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        for table in IN_ORDER_OF_WRITING:
            connection.execute(text(f"CLUSTER {table} USING pk_{table}"))
            connection.execute(text(f"ANALYZE {table}"))
        connection.execute(text("RESET statement_timeout"))
    return [
        "As PostgreSQL's administrator run `CHECKPOINT` and `SELECT pg_switch_wal()`, and delete archives of its log.",
        "Take a new backup now, and destroy those from before.",
    ]
