"""Messages reach a real SMTP server, in the clear on loopback, over STARTTLS and over TLS; refusals are told apart."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import quote

import pytest

from consult.core.mail.sending import NotNow, SmtpMailer, Undeliverable
from consult.core.mail.writing import Letter, message_id, written
from tests.mail_server import (
    HANG_UP,
    PASSWORD,
    USER,
    Certificate,
    Script,
    free_port,
    mail_server,
    make_certificate,
)

SENDER = "Wilton Park <consult@example.org>"
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ROW = "abcdefghijklmnopqrstuvwxyz"


def letter(**changes: object) -> Letter:
    facts: dict[str, object] = {
        "to_name": "Aleksandra Nowak",
        "to_address": "nowak@example.org",
        "language": "pl",
        "subject": "Pytanie o jeden wynik: bezpieczeństwo na wschodzie",
        "text": "Szanowna Pani,\n\nżółć\n.\n",
        "html": "<!doctype html><p>żółć</p>",
    }
    return Letter(**(facts | changes))  # type: ignore[arg-type]


def message(**changes: object) -> EmailMessage:
    return written(letter(**changes), sender=SENDER, message_id=message_id(ROW, SENDER), at=AT)


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def send(
    port: int,
    sent: EmailMessage,
    *,
    scheme: str = "smtp",
    certificate: Certificate | None = None,
    login: str = "",
) -> None:
    context = certificate.trusting_context() if certificate else None
    SmtpMailer(f"{scheme}://{login}localhost:{port}", seconds=5, context=context).send(sent)


def test_the_server_gets_one_recipient_both_parts_and_a_stable_identity(script: Script) -> None:
    with mail_server(script) as port:
        send(
            port,
            message(stop_url="https://example.org/stop/x", stops_by_post=True, reply_to="help@example.org"),
        )
    (taken,) = script.taken
    assert script.recipients == [["nowak@example.org"]]
    assert taken["Message-ID"] == f"<{ROW}@example.org>"
    assert taken["Subject"] == "Pytanie o jeden wynik: bezpieczeństwo na wschodzie"
    assert taken["Date"].datetime == AT
    assert taken["Auto-Submitted"] == "auto-generated"
    assert taken["Reply-To"] == "help@example.org"
    assert taken["List-Unsubscribe"] == "<https://example.org/stop/x>"
    assert taken["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = taken.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().replace("\r\n", "\n") == "Szanowna Pani,\n\nżółć\n.\n"
    assert "żółć" in html.get_content()


def test_the_same_letter_is_the_same_message_but_for_the_boundary() -> None:
    first, second = message(), message()
    assert first.items()[:-1] == second.items()[:-1]
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize(
    "name",
    [
        "محمد عبد الله",
        "Łukasz Żółć-Gęślą",
        "Анна Каренина",
        'Nowak, Jan (MSZ) "PL"',
        "李 明 🕊",
        "A" * 200,
        "ż" * 150,
    ],
)
def test_a_name_in_any_script_arrives_whole(script: Script, name: str) -> None:
    with mail_server(script) as port:
        send(port, message(to_name=name, subject=f"Dla: {name}"))
    (address,) = script.taken[0]["To"].addresses
    assert address.addr_spec == "nowak@example.org"
    # Python's own parser puts spaces between the words of a long encoded name, so the older one is asked.
    shown, _ = parseaddr(str(message_from_bytes(script.taken[0].as_bytes())["To"]))
    assert str(make_header(decode_header(shown))) == name
    assert script.taken[0]["Subject"] == f"Dla: {name}"


@pytest.mark.parametrize(
    "hostile",
    [
        "Jan\r\nBcc: all@example.org",
        "Jan\nSubject: other",
        "Jan\x00\x0b\x0c\x85\u2028Bcc: x@example.org",
        "\u202eJan",
        '" <evil@example.org>, "',
        "Jan\r\n\r\n<html>",
        "=?utf-8?q?Jan=0D=0ABcc=3A_x=40example=2Eorg?=",
    ],
)
def test_a_name_cannot_add_a_header_or_a_recipient(script: Script, hostile: str) -> None:
    with mail_server(script) as port:
        send(port, message(to_name=hostile, subject=hostile))
    (taken,) = script.taken
    assert script.recipients == [["nowak@example.org"]]
    assert [address.addr_spec for address in taken["To"].addresses] == ["nowak@example.org"]
    assert taken["Bcc"] is None
    assert len(taken.get_all("Subject", [])) == 1
    assert not {"\r", "\n", "\u202e", "\x00"} & set(str(taken["To"]) + str(taken["Subject"]))
    assert b"\r\nBcc" not in message(to_name=hostile, subject=hostile).as_bytes()


def test_an_address_with_a_domain_in_other_letters_travels_as_dns_has_it(script: Script) -> None:
    with mail_server(script) as port:
        send(port, message(to_address="jan@łódź.example.org"))
    assert script.recipients == [["jan@xn--d-uga0v4h.example.org"]]


def test_an_address_in_other_letters_before_the_at_is_refused_with_advice() -> None:
    with pytest.raises(Undeliverable, match="Use another address"):
        message(to_address="żółw@example.org")


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b@c", "a b@example.org", "a@example.org\r\nRCPT TO:<b@example.org>"]
)
def test_what_is_no_address_is_never_tried(address: str) -> None:
    with pytest.raises(Undeliverable, match="not an e-mail address"):
        message(to_address=address)


@pytest.mark.parametrize(
    ("to_recipient", "to_message", "kind", "words"),
    [
        (["450 4.2.0 Greylisted, come back later"], [], NotNow, "450.*Greylisted"),
        (["452 4.3.1 Out of room"], [], NotNow, "452"),
        (["421 4.3.2 Going down"], [], NotNow, "421"),
        (["550 5.1.1 No such user"], [], Undeliverable, "does not take this address .550.*No such user"),
        ([], ["451 4.3.0 Try later"], NotNow, "451"),
        ([], ["554 5.7.1 Looks like spam"], Undeliverable, "refused the message .554.*spam"),
        ([], [HANG_UP], NotNow, "hung up"),
    ],
)
def test_refusals_for_good_and_for_now_are_told_apart(
    script: Script, to_recipient: list[str], to_message: list[str], kind: type[Exception], words: str
) -> None:
    script.to_recipient, script.to_message = to_recipient, to_message
    with mail_server(script) as port:
        with pytest.raises(kind, match=words):
            send(port, message())
        assert script.taken == []
        send(port, message())
    assert len(script.taken) == 1


def test_nobody_at_the_address_is_for_now() -> None:
    with pytest.raises(NotNow, match="does not listen"):
        send(free_port(), message())
    with pytest.raises(NotNow, match="name is not known"):
        SmtpMailer("smtp://no-such-host.invalid", seconds=5).send(message())


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_a_password_travels_over_a_checked_connection_only(
    script: Script, certificate: Certificate, scheme: str
) -> None:
    login = f"{USER}:{quote(PASSWORD, safe='')}@"
    with mail_server(
        script, certificate=certificate, tls_from_the_start=scheme == "smtps", password=True
    ) as port:
        send(port, message(), scheme=scheme, certificate=certificate, login=login)
        assert script.signed_in == [True]
        with pytest.raises(NotNow, match="not signed by an authority that this machine knows"):
            send(port, message(), scheme=scheme, login=login)
        with pytest.raises(NotNow, match=r"refused to sign us in \(535\)"):
            send(port, message(), scheme=scheme, certificate=certificate, login=f"{USER}:wrong@")
    assert len(script.taken) == 1


def test_a_certificate_that_has_ended_is_said_to_have_ended(script: Script, tmp_path: Path) -> None:
    ended = make_certificate(tmp_path, days=-1)
    with mail_server(script, certificate=ended) as port, pytest.raises(NotNow, match="has expired"):
        send(port, message(), scheme="smtp+starttls", certificate=ended)


def test_without_starttls_nothing_is_sent_in_the_clear(script: Script) -> None:
    with mail_server(script) as port, pytest.raises(NotNow, match="does not offer"):
        send(port, message(), scheme="smtp+starttls")
    assert script.tries == 0


def test_a_long_address_to_stop_reminders_is_not_broken() -> None:
    stop = f"https://consultations.a-long-name-of-a-convenor.example.org/stop/{ROW}-{ROW}"
    lines = message(stop_url=stop).as_bytes().split(b"\r\n")
    assert f"List-Unsubscribe: <{stop}>".encode() in lines


def test_written_mail_fetches_nothing_and_parses_strictly() -> None:
    raw = message().as_bytes()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    parsed = message_from_bytes(raw, policy=default)
    assert not [part.defects for part in parsed.walk() if part.defects]
