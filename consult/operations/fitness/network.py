"""What is asked over the network: the mail server, our own pages, and the same through the proxy."""

import ssl
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from consult.core.clock import now
from consult.core.errors import N_, Said
from consult.core.mail.sending import NotNow, SmtpMailer
from consult.operations.fitness.finding import Finding, Grade
from consult.operations.fitness.machine import is_here
from consult.settings import Settings

SECONDS = 10.0
ENDS_SOON = timedelta(days=14)


def network(settings: Settings) -> Iterator[Finding]:
    """Every look beyond this process. No message is sent."""
    yield mail_server(settings)
    yield pages(settings)
    if settings.base_url.startswith("https://") or not is_here(settings.base_url):
        yield proxy(settings)


def mail_server(settings: Settings) -> Finding:
    """Whether the mail server lets us in."""
    what = N_("mail server")
    if settings.mail_url.startswith("mailbox:"):
        if settings.development:
            return Finding(what, Grade.WELL, N_("Mail stays on this machine: /dev/mailbox."))
        return Finding(
            what, Grade.LOOK, N_("No mail server is set."), N_("Set mail_url; until then no mail leaves.")
        )
    try:
        ends = SmtpMailer(settings.mail_url, seconds=SECONDS).greet()
    except NotNow as error:
        said = error.args[0] if isinstance(error.args[0], Said) else str(error)
        return Finding(what, Grade.WRONG, said, N_("Messages wait and are tried again for two days."))
    if ends is not None and ends - now() < ENDS_SOON:
        return Finding(
            what,
            Grade.LOOK,
            Said("Its certificate ends on %(day)s.", day=f"{ends:%Y-%m-%d}"),
            N_("Tell who runs it."),
        )
    return Finding(what, Grade.WELL, N_("It answers and lets us in."))


def pages(settings: Settings) -> Finding:
    """Whether `consult serve` answers on this machine."""
    what = N_("pages")
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared, not bound
    try:
        status, _secure = _asked(HTTPConnection(host, settings.port, timeout=SECONDS), "/readyz")
    except (OSError, HTTPException):
        return Finding(
            what,
            Grade.LOOK,
            Said("Nothing answers at %(host)s port %(port)s.", host=host, port=settings.port),
            N_("Start “consult serve”."),
        )
    if status != 200:
        return Finding(
            what,
            Grade.WRONG,
            Said("/readyz answers %(status)s.", status=status),
            N_("See the log of “consult serve”."),
        )
    return Finding(
        what, Grade.WELL, Said("They are served at %(host)s port %(port)s.", host=host, port=settings.port)
    )


def proxy(settings: Settings) -> Finding:
    """Whether the address that people see leads here, with a certificate that holds, and says who asks."""
    what, url = N_("proxy"), settings.base_url
    try:
        status, secure = _asked(_connection(url), "/healthz")
        inside, _secure = _asked(_connection(url), "/metrics")
    except ssl.SSLCertVerificationError as error:
        return Finding(
            what,
            Grade.WRONG,
            Said("The certificate of %(url)s does not hold: %(why)s.", url=url, why=error.verify_message),
            N_("Renew it, or install its chain."),
        )
    except (OSError, HTTPException):
        return Finding(
            what,
            Grade.LOOK,
            Said("%(url)s cannot be reached from here.", url=url),
            N_("Try it from outside: a machine behind its own address may not see it."),
        )
    if status != 200:
        return Finding(
            what,
            Grade.WRONG,
            Said("%(url)s answers %(status)s.", url=url, status=status),
            N_("Let the proxy pass everything to the address that “consult serve” listens at."),
        )
    if inside == 200:
        return Finding(
            what,
            Grade.WRONG,
            N_("It does not say from where it was asked, so wrong codes are counted for all at once."),
            "nginx: proxy_set_header X-Forwarded-For $remote_addr;",
        )
    if url.startswith("https://") and not secure:
        return Finding(
            what,
            Grade.WRONG,
            N_("It does not say that it was asked by https."),
            "nginx: proxy_set_header X-Forwarded-Proto $scheme;",
        )
    return Finding(what, Grade.WELL, Said("%(url)s leads here.", url=url))


def _connection(url: str) -> HTTPConnection:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=SECONDS)


def _asked(connection: HTTPConnection, path: str) -> tuple[int, bool]:
    """The status of a page, and whether browsers are told to stay with https."""
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader("Strict-Transport-Security") is not None
    finally:
        connection.close()
