"""A real SMTP server in the test's process, which can be told to misbehave."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

ACCEPTED = "250 Message accepted"
HANG_UP = "hang up"
USER, PASSWORD = "consult", "a long password / with ? signs"


@dataclass
class Script:
    """What the server says next to RCPT and to the message; when a list is used up, yes. What it took is in `taken`."""

    to_recipient: list[str] = field(default_factory=list)
    to_message: list[str] = field(default_factory=list)
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    signed_in: list[bool] = field(default_factory=list)
    tries: int = 0

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.tries += 1
        reply = self.to_recipient.pop(0) if self.to_recipient else "250 OK"
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        reply = self.to_message.pop(0) if self.to_message else ACCEPTED
        if reply.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            parsed = message_from_bytes(content, policy=default)
            assert isinstance(parsed, EmailMessage)
            self.taken.append(parsed)
            self.recipients.append(list(envelope.rcpt_tos))
            self.signed_in.append(bool(session.authenticated))
        return reply


class Rude(SMTP):
    """Cuts the line in the middle of a message where the script says so."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        script: Script = self.event_handler
        if script.to_message and script.to_message[0] == HANG_UP:
            script.to_message.pop(0)
            await self.push("354 Go on")
            await asyncio.sleep(0)
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class _Server(Controller):
    def factory(self) -> SMTP:
        return Rude(self.handler, **self.SMTP_kwargs | {"hostname": "localhost"})


@contextlib.contextmanager
def mail_server(
    script: Script,
    *,
    certificate: "Certificate | None" = None,
    tls_from_the_start: bool = False,
    password: bool = False,
) -> Iterator[int]:
    """The port of a running server."""
    context = certificate.server_context() if certificate else None
    options: dict[str, Any] = {}
    if context and not tls_from_the_start:
        options |= {"tls_context": context, "require_starttls": True}
    if password:
        options |= {
            "authenticator": _authenticated,
            "auth_required": not tls_from_the_start,  # the server cannot see that its socket is a secure one
            "auth_require_tls": not tls_from_the_start,
        }
    port = free_port()
    server = _Server(
        script,
        hostname="127.0.0.1",
        port=port,
        ssl_context=context if tls_from_the_start else None,
        ready_timeout=20,
        **options,
    )
    server.start()
    try:
        yield port
    finally:
        server.stop()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass(frozen=True)
class Certificate:
    """A certificate that nobody else knows, for localhost."""

    file: Path

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file)
        return context

    def trusting_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.file)


def make_certificate(folder: Path, *, days: int = 1) -> Certificate:
    """One that ends in so many days, or ended."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return Certificate(file)


def _authenticated(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object
) -> AuthResult:
    right = (
        isinstance(given, LoginPassword)
        and given.login == USER.encode()
        and given.password == PASSWORD.encode()
    )
    return AuthResult(success=right, handled=False)
