"""When answers are taken: instants, said in a meeting's zone, changed by hand and written to the log.

Nothing runs at an opening or a closing: which phase it is follows from the clock. Closing deletes nothing.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.enums import Mode
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.consultations.rules import Phase, phase
from consult.core import audit
from consult.core.clock import now
from consult.core.errors import Invalid, Refused
from consult.operations.mailing.actions import send_reminders
from consult.operations.mailing.kinds import MailKind

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def instant(written: str, zone: str, *, field: str) -> datetime | None:
    """The instant of "2016-05-14 17:00" in that zone; None for nothing. Raises Invalid for what no clock shows."""
    if not written.strip():
        return None
    try:
        naive = datetime.fromisoformat(written.strip())
    except ValueError as error:
        raise Invalid("Write a date and a time like 2016-05-14 17:00.", field=field) from error
    if naive.tzinfo is not None:
        raise Invalid("Leave the zone out: it is the meeting's.", field=field)
    at = naive.replace(tzinfo=ZoneInfo(zone))
    if not EARLIEST <= at <= LATEST:
        raise Invalid("Choose a year between 2000 and 2099.", field=field)
    if at.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != naive:
        raise Invalid("The clocks go forward then, so this time does not exist. Choose another.", field=field)
    return at.astimezone(UTC)


def check_times(opens_at: datetime | None, closes_at: datetime | None) -> None:
    """Raises Invalid where a closing has no opening before it."""
    if closes_at is not None and opens_at is None:
        raise Invalid("Say when answering opens, too.", field="opens")
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        raise Invalid("Closing comes after opening.", field="closes")


def check_not_over(session: Session, consultation: Consultation) -> None:
    """Raises Refused once an unlinked consultation is over: its codes go then, and with them every way in.

    Whoever had answered could answer again, and what came later could be told from what came before.
    """
    rules = ground_rules_in_force(session, consultation)
    if rules.mode is Mode.UNLINKED and phase(consultation, rules, now()) is Phase.CLOSED:
        raise Refused(
            "Here no link between persons and answers is stored, so closing is for good: it cannot be opened again."
        )


def gives_more_time(consultation: Consultation, closes_at: datetime | None) -> bool:
    """Whether this extends answering or opens it again, which those who have not answered may be told."""
    before = consultation.closes_at
    return before is not None and (closes_at is None or closes_at > max(before, now()))


def set_times(
    session: Session,
    consultation: Consultation,
    *,
    opens_at: datetime | None,
    closes_at: datetime | None,
    tell: bool,
    by: User,
) -> None:
    """Open, close, extend or reopen, at once or at an instant to come; a notice only where there is more time.

    A draft that is to open is a draft no longer: public pages name it.
    """
    check_times(opens_at, closes_at)
    check_not_over(session, consultation)
    tell = tell and closes_at is not None and gives_more_time(consultation, closes_at)
    consultation.opens_at, consultation.closes_at = opens_at, closes_at
    consultation.draft = consultation.draft and opens_at is None
    session.flush()
    audit.record(
        session,
        "times_set",
        user_id=by.id,
        consultation_id=consultation.id,
        opens=opens_at.isoformat() if opens_at else None,
        closes=closes_at.isoformat() if closes_at else None,
        told=tell,
    )
    if tell and closes_at is not None:
        send_reminders(
            session, consultation, occasion=f"until-{closes_at:%Y-%m-%dT%H:%M}", kind=MailKind.CLOSING
        )
