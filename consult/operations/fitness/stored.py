"""What the database tells about its machine: work and mail that wait, backups, the clock. Never about answers."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.core.audit import AuditEntry
from consult.core.clock import now
from consult.core.errors import N_, Said
from consult.core.identifiers import digest
from consult.core.mail.models import MailMessage, MailState
from consult.core.outbox import OutboxRow
from consult.core.sealing import Seal
from consult.meetings.models import Meeting
from consult.operations.fitness.finding import Finding, Grade
from consult.operations.fitness.running import SILENT_AFTER, age_in_words, last_alive
from consult.participants.models import Invitation

BACKUP = "backup_made"
OLD_BACKUP = timedelta(days=2)
CLOCK_SLIP = timedelta(minutes=2)
SAMPLE = 20


def stored(session: Session, exports_folder: Path, seal: Seal) -> list[Finding]:
    """What a few small queries and one file tell; fit for a page."""
    return [
        worker(exports_folder),
        work(session),
        *mail(session),
        backup(session),
        clock(session),
        *link_key(session, seal),
    ]


def link_key(session: Session, seal: Seal) -> list[Finding]:
    """Whether standing invitations were made with this key: after a restore elsewhere it may be another."""
    standing = session.execute(
        select(Invitation.id, Invitation.secret_hash)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .join(Consultation, Consultation.id == Meeting.consultation_id)
        .where(
            Invitation.revoked.is_(False),
            Consultation.closes_at.is_(None) | (Consultation.closes_at > now()),
        )
        .limit(SAMPLE)
    ).all()
    if not standing or any(digest(seal.invitation_secret(one)) == hashed for one, hashed in standing):
        return []
    return [
        Finding(
            "link_key",
            Grade.WRONG,
            N_("It is another than the one that the invitations here were made with."),
            N_(
                "Put back the link_key that belongs to this database: no link that was mailed opens with this one."
            ),
        )
    ]


def worker(folder: Path) -> Finding:
    """Whether `consult worker` runs."""
    what, seen = N_("worker"), last_alive(folder)
    if seen is None:
        return Finding(
            what,
            Grade.LOOK,
            N_("None has run here yet."),
            N_("Start “consult worker” beside “consult serve”."),
        )
    age = now() - seen
    said = Said("Last seen %(age)s ago.", age=age_in_words(age))
    if age > SILENT_AFTER:
        return Finding(
            what,
            Grade.WRONG,
            said,
            N_("No mail leaves. Start “consult worker”, and see why it ended in its log."),
        )
    return Finding(what, Grade.WELL, said)


def work(session: Session) -> Finding:
    """What was promised and is not done."""
    what = N_("work")
    number = session.scalar(select(func.count()).select_from(OutboxRow)) or 0
    overdue = (
        session.scalar(
            select(func.count())
            .select_from(OutboxRow)
            .where((OutboxRow.back_by < now()) | (OutboxRow.created_at < now() - SILENT_AFTER))
            .where(OutboxRow.handed_at.is_(None) | (OutboxRow.back_by < now()))
        )
        or 0
    )
    said = Said("Waiting: %(number)s.", number=number)
    if overdue:
        return Finding(
            what,
            Grade.WRONG,
            Said(
                "Waiting: %(number)s, longer than they should: %(overdue)s.", number=number, overdue=overdue
            ),
            N_("See that “consult worker” runs; it takes up what was left."),
        )
    return Finding(what, Grade.WELL, said)


def mail(session: Session) -> list[Finding]:
    """Messages by state; by whom and to whom stands with each consultation."""
    what = N_("mail")
    counts = dict(session.execute(select(MailMessage.state, func.count()).group_by(MailMessage.state)).all())
    tried = session.scalar(
        select(func.count())
        .select_from(MailMessage)
        .where(MailMessage.state == MailState.QUEUED, MailMessage.last_error != "")
    )
    said = Said(
        "Waiting: %(queued)s, of which the mail server did not take: %(tried)s. Failed: %(failed)s. "
        "Came back: %(bounced)s.",
        queued=counts.get(MailState.QUEUED, 0),
        tried=tried or 0,
        failed=counts.get(MailState.FAILED, 0),
        bounced=counts.get(MailState.BOUNCED, 0),
    )
    if tried or counts.get(MailState.FAILED):
        return [
            Finding(
                what,
                Grade.LOOK,
                said,
                N_(
                    "Each consultation lists its own under Invitations, with the reason, and sends them again."
                ),
            )
        ]
    return [Finding(what, Grade.WELL, said)]


def last_backup(session: Session) -> datetime | None:
    """When the last one was made, or None where none is on record."""
    return session.scalar(select(func.max(AuditEntry.at)).where(AuditEntry.act == BACKUP))


def backup(session: Session) -> Finding:
    """When the database was last copied."""
    what = N_("backup")
    made = last_backup(session)
    if made is None:
        return Finding(what, Grade.LOOK, N_("None on record."), N_("Run “consult backup” every day."))
    age = now() - made
    said = Said("The last was made %(age)s ago.", age=age_in_words(age))
    if age > OLD_BACKUP:
        return Finding(what, Grade.LOOK, said, N_("Run “consult backup” every day."))
    return Finding(what, Grade.WELL, said)


def clock(session: Session) -> Finding:
    """Whether this machine's clock stands behind what was written by it, or apart from PostgreSQL's."""
    what, at = N_("clock"), now()
    theirs = session.scalar(select(func.max(AuditEntry.at)))
    if session.get_bind().dialect.name == "postgresql":
        server = session.scalar(select(func.clock_timestamp()))
        if server is not None and abs(server - at) > CLOCK_SLIP:
            return Finding(
                what,
                Grade.WRONG,
                Said(
                    "It is %(apart)s apart from the database server's.", apart=age_in_words(abs(server - at))
                ),
                N_("Set both by NTP: opening and closing go by this clock."),
            )
    if theirs is not None and theirs - at > CLOCK_SLIP:
        return Finding(
            what,
            Grade.WRONG,
            Said(
                "It is behind the newest entry of the audit log by %(behind)s.",
                behind=age_in_words(theirs - at),
            ),
            N_("Set it by NTP: opening and closing go by this clock."),
        )
    return Finding(what, Grade.WELL, Said("%(now)s UTC.", now=f"{at:%Y-%m-%d %H:%M}"))
