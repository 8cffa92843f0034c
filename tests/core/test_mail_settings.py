"""Settings of mail that cannot work stop the start with what to do, and show no password."""

import pytest

from consult.settings import SettingsError, load

KEYS = {
    "CONSULT_SECRET_KEY": "s" * 40,
    "CONSULT_LINK_KEY": "l" * 40,
    "CONSULT_MAIL_FROM": "Us <us@example.org>",
}


@pytest.mark.parametrize(
    "url",
    [
        "mailbox:var/mailbox",
        "smtp://127.0.0.1",
        "smtp+starttls://us:p%40ss%2Fword@mail.example.org:587",
        "smtps://us:pass@[2001:db8::1]:465",
    ],
)
def test_addresses_of_mail_servers(url: str) -> None:
    assert load({**KEYS, "CONSULT_MAIL_URL": url}).mail_url == url


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://host:port",
        "smtp://host:0",
        "smtp://host/path",
        "smtp+starttls://us:pa#ssword@host",
        "smtp+starttls://us:pa/ssword@host",
        "smtp://us:password@host",
    ],
)
def test_what_cannot_work_stops_the_start_without_showing_a_password(url: str) -> None:
    with pytest.raises(SettingsError, match="CONSULT_MAIL_URL") as refused:
        load({**KEYS, "CONSULT_MAIL_URL": url})
    assert "ssword" not in str(refused.value).replace("user:password", "").replace(
        "in a password", ""
    ).replace("holds a password", "")


@pytest.mark.parametrize(
    "sender", ["us", "Us <>", "Us <us@example.org>\nBcc: all@example.org", "@example.org"]
)
def test_a_sender_is_one_address(sender: str) -> None:
    with pytest.raises(SettingsError, match="CONSULT_MAIL_FROM"):
        load({**KEYS, "CONSULT_MAIL_FROM": sender})


def test_a_mail_server_needs_a_sender_that_can_be_answered() -> None:
    with pytest.raises(SettingsError, match="can be answered"):
        load({**KEYS, "CONSULT_MAIL_FROM": "Us <us@localhost>", "CONSULT_MAIL_URL": "smtp://127.0.0.1"})
