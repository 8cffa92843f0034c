"""Settings: whole and known, or no start."""

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from consult.settings import Settings, SettingsError, folder, load

KEYS = {"CONSULT_SECRET_KEY": "s" * 40, "CONSULT_LINK_KEY": "l" * 40}
EXAMPLE = folder("config") / "production.example.toml"


def test_defaults_need_the_two_keys_only() -> None:
    settings = load(KEYS)
    assert settings.database_url == "sqlite:///var/consult.db"
    assert (settings.port, settings.secure_cookies, settings.development) == (8000, False, False)


def test_a_file_goes_before_the_defaults_and_a_variable_before_the_file(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(f'secret_key = "{"a" * 40}"\nlink_key = "{"b" * 40}"\nport = 9000\nsite_name = "Ours"\n')
    settings = load({"CONSULT_CONFIG": str(own), "CONSULT_PORT": "9001"})
    assert (settings.port, settings.site_name) == (9001, "Ours")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"CONSULT_LINK_KEY": ""}, "Missing setting: CONSULT_LINK_KEY"),
        ({"CONSULT_SECRET_KEY": "short"}, "CONSULT_SECRET_KEY is too short"),
        ({"CONSULT_LINK_KEY": "s" * 40}, "must differ"),
        ({"CONSULT_PORTT": "1"}, "Unknown setting: portt"),
        ({"CONSULT_PORT": "http"}, "CONSULT_PORT must be a whole number"),
        ({"CONSULT_DEVELOPMENT": "yes"}, "true or false"),
        ({"CONSULT_DATABASE_URL": "mysql://x"}, "sqlite:/// or postgresql"),
        ({"CONSULT_BASE_URL": "https://x.example.org"}, "CONSULT_SECURE_COOKIES must be true"),
        ({"CONSULT_CONFIG": "/nowhere/own.toml"}, "cannot be read"),
        ({"CONSULT_PORT": "99999"}, "CONSULT_PORT must be from 1 to 65535"),
        ({"CONSULT_WORKERS": "0"}, "CONSULT_WORKERS must be"),
        ({"CONSULT_THREADS": "-3"}, "CONSULT_THREADS must be"),
        ({"CONSULT_SESSION_HOURS": "0"}, "CONSULT_SESSION_HOURS must be"),
        ({"CONSULT_SITE_NAME": " "}, "Missing setting: CONSULT_SITE_NAME"),
        ({"CONSULT_BASE_URL": "consult.example.org"}, "CONSULT_BASE_URL must be the address"),
        ({"CONSULT_BASE_URL": "http://x.example.org/path"}, "cannot lie under a path"),
        ({"CONSULT_BASE_URL": "http://x.example.org:port"}, "CONSULT_BASE_URL must be the address"),
        ({"CONSULT_SECURE_COOKIES": "true"}, "must begin with https://"),
        (
            {"CONSULT_BASE_URL": "https://x.org", "CONSULT_SECURE_COOKIES": "1", "CONSULT_DEVELOPMENT": "1"},
            "CONSULT_DEVELOPMENT must be false",
        ),
        ({"CONSULT_DATABASE_URL": "sqlite:///"}, "must name a file"),
        ({"CONSULT_DATABASE_URL": "sqlite:///:memory:"}, "must name a file"),
        ({"CONSULT_DATABASE_URL": "postgresql+psycopg://u:p#w@host/db"}, "write / . # @ in a password"),
    ],
)
def test_what_is_wrong_stops_the_start_by_name(change: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        load(KEYS | change)


def test_a_broken_file_stops_the_start(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="not valid TOML"):
        load({"CONSULT_CONFIG": str(own)})


def test_the_example_for_production_names_every_setting_and_starts_once_filled_in() -> None:
    values = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    assert set(values) == {field.name for field in fields(Settings)}
    settings = load(KEYS | {"CONSULT_CONFIG": str(EXAMPLE)})
    assert settings.secure_cookies
    assert not settings.development


def test_the_example_for_production_does_not_start_as_it_is() -> None:
    with pytest.raises(SettingsError, match="Missing setting: CONSULT_LINK_KEY, CONSULT_SECRET_KEY"):
        load({"CONSULT_CONFIG": str(EXAMPLE)})
