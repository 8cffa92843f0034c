"""What the tests of mail do and look at again and again."""

from email.message import EmailMessage

from sqlalchemy import func, select

from consult.core.database import Database
from consult.core.mail.models import MailMessage
from consult.core.outbox import OutboxRow
from consult.operations.mailing.actions import send_invitations
from tests.factories import World


def invite_all(database: Database, world: World) -> int:
    with database.transaction() as session:
        return send_invitations(session, world.consultation)


def messages(database: Database) -> list[MailMessage]:
    with database.reading() as session:
        return list(session.scalars(select(MailMessage).order_by(MailMessage.address)))


def only_participant(database: Database, world: World) -> MailMessage:
    """Queue the invitation of the participant alone."""
    with database.transaction() as session:
        assert send_invitations(session, world.consultation, meeting=world.october) == 1
    (message,) = messages(database)
    return message


def promises(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(OutboxRow)) or 0


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
