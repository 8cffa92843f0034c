"""The roster as a file: the columns that an import knows, every cell neutral text."""

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import xlsxwriter
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.exports.data.csv import BOM, neutral
from consult.meetings.models import Meeting
from consult.operations.people.actions import FACTS
from consult.participants.models import Invitation, Participant

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
COLUMNS = (*FACTS, "meetings")


def roster_file(
    session: Session, consultation: Consultation, meetings: Sequence[Meeting], format_: str
) -> bytes:
    """Everybody with the meetings they are invited to, by address. Says nothing about answers."""
    rows = _rows(session, consultation, meetings)
    return _workbook(rows) if format_ == "xlsx" else _delimited(rows)


def _rows(
    session: Session, consultation: Consultation, meetings: Sequence[Meeting]
) -> Iterator[tuple[str, ...]]:
    slugs = {meeting.id: meeting.slug for meeting in meetings}
    invited: dict[str, list[str]] = {}
    for person_id, meeting_id in session.execute(
        select(Invitation.participant_id, Invitation.meeting_id).where(
            Invitation.meeting_id.in_(slugs), Invitation.revoked.is_(False)
        )
    ):
        invited.setdefault(person_id, []).append(slugs[meeting_id])
    people = session.execute(
        select(Participant.id, *(getattr(Participant, fact) for fact in FACTS))
        .where(Participant.consultation_id == consultation.id)
        .order_by(Participant.email)
        .execution_options(yield_per=1000)
    )
    for person_id, *facts in people:
        yield (*facts, " ".join(sorted(invited.get(person_id, ()))))


def _delimited(rows: Iterator[tuple[str, ...]]) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return BOM + written.getvalue().encode("utf-8")


def _workbook(rows: Iterator[tuple[str, ...]]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="consult-roster-") as folder:
        path = Path(folder) / "roster.xlsx"
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": folder,
        }
        with xlsxwriter.Workbook(str(path), options) as book:
            heading = book.add_format({"bold": True, "bottom": 2, "num_format": "@"})
            text = book.add_format({"num_format": "@"})
            quoted = book.add_format({"num_format": "@", "quote_prefix": True})
            sheet = book.add_worksheet("roster")
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(COLUMNS) - 1, 24, text)
            for column, name in enumerate(COLUMNS):
                sheet.write_string(0, column, name, heading)
            for number, row in enumerate(rows, start=1):
                for column, cell in enumerate(row):
                    sheet.write_string(number, column, cell, text if neutral(cell) == cell else quoted)
        return path.read_bytes()
