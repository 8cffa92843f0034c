"""How mail leaves: a Protocol, SMTP for real, and what stands in while there is no mail server."""

import smtplib
import socket
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

from consult.core.errors import Said
from consult.settings import MAIL_PORTS

_EXPIRED = 10
_NOBODY_KNOWS = frozenset({18, 19, 20, 21})
"""OpenSSL's numbers: signed by itself, or by whom nobody here knows."""
SECONDS = 30.0
"""How long one step of the conversation may take."""


class NotNow(Exception):
    """It did not work this time and may the next; `str()` says why in plain words."""


class Undeliverable(Exception):
    """It will never work like this; `str()` says why in plain words."""


class Mailer(Protocol):
    """Takes a message to where it goes."""

    def send(self, message: EmailMessage) -> None:
        """Returns once somebody else answers for the message. Raises NotNow or Undeliverable."""


class NoMailServer:
    """An installation without a mail server: says so of every message."""

    def send(self, message: EmailMessage) -> None:
        raise Undeliverable("No mail server is set. Set CONSULT_MAIL_URL, then send again.")


class SmtpMailer:
    """One conversation a message: few enough are sent that a connection need not be kept.

    Certificates are checked, and a message or a password never travels in the clear where the address asks for
    STARTTLS or TLS.
    """

    def __init__(self, url: str, *, seconds: float = SECONDS, context: ssl.SSLContext | None = None) -> None:
        self._server = urlsplit(url)
        self._seconds = seconds
        self._context = context or ssl.create_default_context()

    def send(self, message: EmailMessage) -> None:
        connection = self._signed_in()
        try:
            sender, recipient = (message[header].addresses[0].addr_spec for header in ("From", "To"))
            connection.sendmail(sender, recipient, message.as_bytes())
        except smtplib.SMTPRecipientsRefused as error:
            code, reply = next(iter(error.recipients.values()))
            raise _refusal(Said("The mail server does not take this address"), code, reply) from error
        except smtplib.SMTPSenderRefused as error:
            raise _refusal(
                Said("The mail server does not take our sender address"), error.smtp_code, error.smtp_error
            ) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(
                Said("The mail server refused the message"), error.smtp_code, error.smtp_error
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotNow("The mail server hung up during the message.") from error
        finally:
            _hang_up(connection)

    def greet(self) -> datetime | None:
        """Sign in, do nothing and say goodbye: when the server's certificate ends, where one was shown.

        Raises NotNow with what is wrong.
        """
        connection = self._signed_in()
        try:
            connection.noop()
            shown = connection.sock.getpeercert() if isinstance(connection.sock, ssl.SSLSocket) else None
            ends = (shown or {}).get("notAfter")
            return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(ends)), UTC) if ends else None
        except (smtplib.SMTPException, OSError) as error:
            raise NotNow(_unreachable(error)) from error
        finally:
            _hang_up(connection)

    def _signed_in(self) -> smtplib.SMTP:
        try:
            return self._connected()
        except ssl.SSLCertVerificationError as error:
            if error.verify_code == _EXPIRED:
                raise NotNow("The mail server's certificate has expired.") from error
            if error.verify_code in _NOBODY_KNOWS:
                raise NotNow(
                    "The mail server's certificate is not signed by an authority that this machine knows."
                ) from error
            raise NotNow("The mail server's certificate is not valid for its name.") from error
        except smtplib.SMTPNotSupportedError as error:
            raise NotNow("The mail server does not offer what CONSULT_MAIL_URL asks for.") from error
        except smtplib.SMTPAuthenticationError as error:
            raise NotNow(f"{Said('The mail server refused to sign us in')} ({error.smtp_code})") from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotNow(_unreachable(error)) from error

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        host, port = server.hostname or "", server.port or MAIL_PORTS[server.scheme]
        connection: smtplib.SMTP
        if server.scheme == "smtps":
            connection = smtplib.SMTP_SSL(host, port, timeout=self._seconds, context=self._context)
        else:
            connection = smtplib.SMTP(host, port, timeout=self._seconds)
        try:
            if server.scheme == "smtp+starttls":
                connection.starttls(context=self._context)
            if server.username:
                connection.login(unquote(server.username), unquote(server.password or ""))
        except BaseException:
            connection.close()
            raise
        return connection


def _refusal(what: str, code: int, reply: bytes | str) -> NotNow | Undeliverable:
    said = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    printable = "".join(c if c.isprintable() else " " for c in said)
    words = f"{what} ({code}): {' '.join(printable.split())[:200]}"
    return Undeliverable(words) if 500 <= code < 600 else NotNow(words)


def _unreachable(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return Said("The mail server's name is not known. Check CONSULT_MAIL_URL.")
    if isinstance(error, ConnectionRefusedError):
        return Said("The mail server does not listen at this address.")
    if isinstance(error, TimeoutError):
        return Said("The mail server did not answer in time.")
    if isinstance(error, ssl.SSLError):
        return Said("No secure connection to the mail server came about.")
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{Said('The mail server is not taking mail just now')} ({error.smtp_code})"
    return Said("The mail server hung up.")


def _hang_up(connection: smtplib.SMTP) -> None:
    """Say goodbye. Whatever goes wrong here, the message is already accepted or refused."""
    try:
        connection.quit()
    except (smtplib.SMTPException, OSError):
        connection.close()
