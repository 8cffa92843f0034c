"""`user add`: staff and their roles."""

import sys

import click

from consult.accounts.actions import ensure_user, give_role, set_password
from consult.accounts.enums import Role
from consult.accounts.models import User
from consult.cli.installation import Installation, consultation_named, meeting_named, pass_installation
from consult.core.errors import Invalid

ADMINISTRATOR = "administrator"
ROLES = (ADMINISTRATOR, *(role.value for role in Role))


class RoleName(click.Choice[str]):
    """A role, however its words are joined: programme-director, programme_director."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return super().convert(value.replace("-", "_").replace(" ", "_"), param, ctx)


@click.group()
def user() -> None:
    """Manage staff."""


@user.command()
@click.argument("email")
@click.option("--role", type=RoleName(ROLES, case_sensitive=False), required=True, help="What they are.")
@click.option(
    "--consultation", "slug", help="The consultation they work in; needed but for an administrator."
)
@click.option("--meeting", help="The one meeting they work at, for a rapporteur or an observer.")
@click.option("--name", help="Their name as colleagues see it.  [default: the address before the @]")
@click.option("--password-stdin", is_flag=True, help="Read a password from standard input and set it.")
@pass_installation
def add(
    installation: Installation,
    *,
    email: str,
    role: str,
    slug: str | None,
    meeting: str | None,
    name: str | None,
    password_stdin: bool,
) -> None:
    """Add a member of staff, or give a role to one who is there.

    Without --password-stdin the password is asked for, or left unset where nobody can be asked.
    """
    if role == ADMINISTRATOR and (slug or meeting):
        raise click.UsageError("An administrator is not tied to a consultation; leave --consultation out.")
    if role != ADMINISTRATOR and not slug:
        raise click.UsageError(f"Name the consultation in which they are {role}: --consultation SLUG.")
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    if password == "":
        raise Invalid("Standard input held no password.")
    with installation.transaction() as session:
        person = ensure_user(
            session, email=email, name=name or email.partition("@")[0], is_administrator=role == ADMINISTRATOR
        )
        if slug:
            consultation = consultation_named(session, slug)
            at = meeting_named(session, consultation, meeting) if meeting else None
            give_role(
                session,
                person,
                Role(role),
                consultation_id=consultation.id,
                meeting_id=at.id if at else None,
            )
        password = password or _asked(person)
        if password:
            set_password(session, person, password)
        has_password = person.password_hash is not None
    where = f" of {slug}" + (f", meeting {meeting}" if meeting else "") if slug else ""
    click.echo(f"{person.email} is {role.replace('_', ' ')}{where}.")
    if not has_password:
        click.echo(
            "There is no password yet: run this again with --password-stdin to let them sign in.", err=True
        )


def _asked(person: User) -> str | None:
    if person.password_hash is not None or not sys.stdin.isatty():
        return None
    return str(click.prompt(f"Password for {person.email}", hide_input=True, confirmation_prompt=True))
