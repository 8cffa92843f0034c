"""One message to its recipient: claimed, written and sent with no transaction open, noted."""

import logging
from datetime import timedelta
from email.message import EmailMessage

from sqlalchemy.exc import DBAPIError

from consult.core.database import Database
from consult.core.errors import DomainError
from consult.core.mail.actions import claim, note_failure, note_sent, note_suppressed
from consult.core.mail.models import MailMessage
from consult.core.mail.sending import Mailer, NotNow, Undeliverable
from consult.core.mail.writing import message_id, written
from consult.core.sealing import Seal
from consult.jobs.queue import TryAgain
from consult.operations.mailing.composing import Composer, NoReason
from consult.settings import Settings

log = logging.getLogger("consult.mail")


class SendMail:
    """The errand: `payload` names a mail_message. Raises TryAgain while there is hope and time."""

    def __init__(self, settings: Settings, mailer: Mailer) -> None:
        self._sender = settings.mail_from
        self._composer = Composer(settings, Seal(settings.link_key))
        self._mailer = mailer

    def __call__(self, database: Database, payload: dict[str, str]) -> None:
        row_id = payload["message"]
        with database.transaction() as session:
            claimed = claim(session, row_id)
        if claimed is None:
            return
        if isinstance(claimed, timedelta):
            raise TryAgain(claimed)
        try:
            self._mailer.send(self._written(database, claimed))
        except NoReason as reason:
            with database.transaction() as session:
                note_suppressed(session, row_id, str(reason))
        except NotNow as error:
            self._failed(database, claimed, str(error), for_good=False)
        except (Undeliverable, DomainError) as error:
            self._failed(database, claimed, str(error), for_good=True)
        except DBAPIError:
            raise  # the database is away: huey calls again, and the claim ends by itself
        except Exception as error:  # noqa: BLE001  a mistake of ours must be seen at the message, not stop the worker
            log.error("mail of kind %s could not be written: %s", claimed.kind, type(error).__name__)
            self._failed(
                database, claimed, f"The program could not write it ({type(error).__name__}).", for_good=False
            )
        else:
            with database.transaction() as session:
                note_sent(session, row_id)

    def _written(self, database: Database, claimed: MailMessage) -> EmailMessage:
        with database.reading() as session:
            letter = self._composer.letter(session, claimed)
        identity = message_id(claimed.id, self._sender)
        return written(letter, sender=self._sender, message_id=identity, at=claimed.created_at)

    def _failed(self, database: Database, claimed: MailMessage, reason: str, *, for_good: bool) -> None:
        with database.transaction() as session:
            pause = note_failure(session, claimed.id, reason, for_good=for_good)
        if pause is not None:
            raise TryAgain(pause)
