"""`init`, `load`, `user add`, `verify`, and how every command behaves."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import click
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import consult.cli
from consult.accounts.actions import sign_in
from consult.accounts.enums import Role
from consult.accounts.models import Membership, User
from consult.cli.commands import cli
from consult.consultations.models import Consultation
from consult.core.audit import AuditEntry
from consult.core.identifiers import new_secret
from consult.settings import Settings
from consult.settings import load as load_settings
from tests.cli.commands import refused, run
from tests.factories import World
from tests.mail_server import free_port
from tests.operations.small import SMALL, line_of


def every_command(group: click.Group, *path: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [path]
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        inner = isinstance(command, click.Group)
        found += every_command(command, *path, name) if inner else [(*path, name)]
    return found


@pytest.mark.parametrize("path", every_command(cli), ids=" ".join)
def test_every_command_says_what_it_does(path: tuple[str, ...]) -> None:
    from click.testing import CliRunner

    result = CliRunner().invoke(cli, [*path, "--help"])
    assert result.exit_code == 0
    assert result.output.startswith("Usage: ")
    command: click.Command = cli
    for name in path:
        assert isinstance(command, click.Group)
        inner = command.get_command(click.Context(command), name)
        assert inner is not None
        command = inner
    assert command.help
    for option in command.params:
        assert not isinstance(option, click.Option) or option.help, (path, option.name)


def test_every_command_that_is_written_can_be_called_and_stands_in_the_help() -> None:
    from click.testing import CliRunner

    written = {
        command.name
        for module in iter_modules(consult.cli.__path__)
        if module.name != "__main__"
        for command in vars(import_module(f"consult.cli.{module.name}")).values()
        if isinstance(command, click.Command) and command is not cli
    }
    called = {path[-1] for path in every_command(cli) if path} | {
        path[0] for path in every_command(cli) if path
    }
    assert written <= called
    shown = CliRunner().invoke(cli, ["--help"], terminal_width=80).output
    for name in cli.list_commands(click.Context(cli)):
        assert f"\n  {name} " in shown
    assert "..." not in shown.partition("Options:")[2]


@pytest.mark.parametrize("words", [["no-such-command"], ["load"], ["export", "x"], ["serve", "--port", "0"]])
def test_wrong_usage_ends_with_2(settings: Settings, words: list[str]) -> None:
    result = run(settings, *words)
    assert result.exit_code == 2
    assert "Usage: " in result.stderr


def test_missing_settings_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from click.testing import CliRunner

    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["check"], env={"CONSULT_SECRET_KEY": "", "CONSULT_LINK_KEY": ""})
    assert "Missing setting: CONSULT_LINK_KEY, CONSULT_SECRET_KEY" in refused(result)


@pytest.fixture
def empty(empty_database_url: str) -> Settings:
    """Settings whose database holds nothing yet."""
    keys = {"CONSULT_SECRET_KEY": new_secret() * 2, "CONSULT_LINK_KEY": new_secret() * 2}
    return load_settings(
        {"CONSULT_DATABASE_URL": empty_database_url, "CONSULT_PORT": str(free_port()), **keys}
    )


def test_init_migrates_and_may_be_repeated(empty: Settings) -> None:
    told = run(empty, "check")
    assert "Not fit" in refused(told)
    assert "Run `consult init`" in told.output
    for _ in range(2):
        assert run(empty, "init").exit_code == 0
    assert run(empty, "check").exit_code == 0


def test_nothing_is_done_on_a_database_that_is_behind(empty: Settings) -> None:
    for words in (
        ["verify"],
        ["worker"],
        ["serve"],
        ["demo"],
        ["report", "x", "--format", "html", "--out", "-"],
    ):
        assert "not up to date" in refused(run(empty, *words))


def test_a_database_that_is_not_there_is_told_in_a_sentence(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for url in (
        f"sqlite:///{tmp_path}/file/consult.db",
        "postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2",
    ):
        told = refused(run(replace(settings, database_url=url), "init"))
        assert len(told.splitlines()) == 1


def test_check_shows_no_secret(settings: Settings) -> None:
    secretive = replace(settings, mail_url="smtp+starttls://us:pa:ss%2Fword@mail.example.org:587")
    output = run(secretive, "check").output
    assert settings.secret_key not in output
    assert settings.link_key not in output
    assert "ss%2Fword" not in output
    assert "smtp+starttls://***@mail.example.org:587" in output


def test_load_says_what_changed(settings: Settings, session: Session, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(SMALL, encoding="utf-8")
    first, second = run(settings, "load", file), run(settings, "load", file)
    assert first.output.startswith("created consultation marching-orders\n")
    assert second.output == "nothing changed\n"
    assert session.scalars(select(Consultation.slug)).all() == ["marching-orders"]


def test_a_faulty_definition_changes_nothing_and_names_every_fault(
    settings: Settings, session: Session, tmp_path: Path
) -> None:
    text = SMALL.replace('"2018-02"', '"soon"').replace('code = "unity"', 'code = "Unity!"')
    file = tmp_path / "small.toml"
    file.write_text(text, encoding="utf-8")
    told = refused(run(settings, "load", file))
    assert f"line {line_of(text, 'soon')}, meetings[1].starts: " in told
    assert f"line {line_of(text, 'Unity!')}, themes[2].code: " in told
    assert session.scalar(select(func.count()).select_from(Consultation)) == 0
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0


def test_a_user_is_added_with_a_role_and_a_password(
    settings: Settings, session: Session, world: World
) -> None:
    words = ["user", "add", "Nowak@Example.org", "--role", "programme-director", "--consultation", world.slug]
    result = run(settings, *words, "--password-stdin", given="correct horse battery\n")
    assert result.exit_code == 0, result.output
    assert "nowak@example.org is programme director of warsaw." in result.output
    person = sign_in(session, "nowak@example.org", "correct horse battery")
    (membership,) = person.memberships
    assert (membership.role, membership.meeting_id) == (Role.PROGRAMME_DIRECTOR, None)


def test_a_rapporteur_is_of_one_meeting(settings: Settings, session: Session, world: World) -> None:
    words = ["user", "add", "nowak@example.org", "--consultation", world.slug, "--meeting", "october"]
    result = run(settings, *words, "--role", "rapporteur")
    assert result.exit_code == 0
    assert "There is no password yet" in result.stderr
    person = session.scalars(select(User).where(User.email == "nowak@example.org")).one()
    assert person.memberships[0].meeting_id == world.october.id


@pytest.mark.parametrize(
    ("words", "given", "said"),
    [
        (["nobody", "--role", "observer", "--consultation", "warsaw"], None, "not an e-mail address"),
        (
            ["n@example.org", "--role", "observer", "--consultation", "nowhere"],
            None,
            "There are: elsewhere, w",
        ),
        (
            ["n@example.org", "--role", "observer", "--consultation", "warsaw", "--meeting", "june"],
            None,
            "It has: october, may",
        ),
        (
            [
                "n@example.org",
                "--role",
                "programme_director",
                "--consultation",
                "warsaw",
                "--meeting",
                "may",
            ],
            None,
            "leave the meeting out",
        ),
        (["n@example.org", "--role", "administrator", "--password-stdin"], "short\n", "12 to 200 characters"),
        (["n@example.org", "--role", "administrator", "--password-stdin"], "", "no password"),
    ],
)
def test_a_user_that_cannot_be_added_is_not_added(
    settings: Settings, session: Session, world: World, *, words: list[str], given: str | None, said: str
) -> None:
    before = session.scalar(select(func.count()).select_from(User))
    members = session.scalar(select(func.count()).select_from(Membership))
    session.rollback()
    assert said in refused(run(settings, "user", "add", *words, given=given))
    assert session.scalar(select(func.count()).select_from(User)) == before
    assert session.scalar(select(func.count()).select_from(Membership)) == members


@pytest.mark.parametrize(
    "words", [["--role", "king"], ["--role", "observer"], ["--role", "administrator", "--consultation", "w"]]
)
def test_a_role_that_does_not_fit_is_wrong_usage(settings: Settings, words: list[str]) -> None:
    assert run(settings, "user", "add", "n@example.org", *words).exit_code == 2


def test_verify_finds_the_database_whole(settings: Settings, world: World) -> None:
    result = run(settings, "verify")
    assert result.exit_code == 0, result.output
    assert "are whole" in result.output
