"""`user`: staff, their roles, and the end of their access."""

import sys

import click
from sqlalchemy.orm import Session

from consult.accounts.actions import close_account, ensure_user, give_role, open_account, set_password
from consult.accounts.enums import Role
from consult.accounts.models import User
from consult.accounts.queries import everybody, user_by_email, without_director
from consult.cli.installation import Installation, consultation_named, meeting_named, pass_installation
from consult.consultations.queries import consultations_by_title
from consult.core import audit
from consult.core.errors import Invalid, NotFound, Refused

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
    """Add a member of staff, or give a role to one who is there; an account that was closed opens again.

    Without --password-stdin the password is asked for, or left unset where nobody can be asked.
    """
    if role == ADMINISTRATOR and (slug or meeting):
        raise click.UsageError("An administrator is not tied to a consultation; leave --consultation out.")
    if role != ADMINISTRATOR and not slug:
        raise click.UsageError(f"Name the consultation in which they are {role}: --consultation SLUG.")
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    if password == "":
        raise Invalid("Standard input held no password.")
    password = password or _asked(installation, email)
    with installation.transaction() as session:
        person = ensure_user(
            session, email=email, name=name or email.partition("@")[0], is_administrator=role == ADMINISTRATOR
        )
        if not person.active:
            open_account(session, person)
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
        if password:
            set_password(session, person, password)
        has_password = person.password_hash is not None
    where = f" of {slug}" + (f", meeting {meeting}" if meeting else "") if slug else ""
    click.echo(f"{person.email} is {role.replace('_', ' ')}{where}.")
    if not has_password:
        click.echo(
            "There is no password yet: run this again with --password-stdin to let them sign in.", err=True
        )


@user.command("password")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read it from standard input instead of asking.")
@pass_installation
def new_password(installation: Installation, email: str, *, password_stdin: bool) -> None:
    """Set a new password for a member of staff, who is signed out everywhere."""
    with installation.reading() as session:
        if not _account(session, email).active:
            raise Refused("The account %(email)s is closed. `consult user add` opens it again.", email=email)
    given = sys.stdin.readline().rstrip("\r\n") if password_stdin else _prompted(email)
    with installation.transaction() as session:
        person = _account(session, email)
        set_password(session, person, given)
        audit.record(session, "password_set", subject=person.id)
    click.echo(f"{person.email} signs in with the new password from now on.")


@user.command()
@click.argument("email")
@pass_installation
def close(installation: Installation, email: str) -> None:
    """Let a member of staff in no more: now, on every device.

    Tokens and links that they made end too. What they decided stays, with their name. `user add` opens the account
    again.
    """
    with installation.transaction() as session:
        person = _account(session, email)
        close_account(session, person)
        titles = {one.id: one.slug for one in consultations_by_title(session)}
        directed = [one.consultation_id for one in person.memberships if one.role is Role.PROGRAMME_DIRECTOR]
        left = sorted(titles[one] for one in without_director(session, directed))
    click.echo(f"{person.email} is signed out everywhere and cannot sign in.")
    for slug in left:
        click.echo(
            f"{slug} has no programme director now: "
            f"consult user add … --role programme-director --consultation {slug}",
            err=True,
        )


@user.command("list")
@pass_installation
def list_users(installation: Installation) -> None:
    """List staff: address, roles, and who cannot sign in."""
    with installation.reading() as session:
        titles = {one.id: one.slug for one in consultations_by_title(session)}
        for person in everybody(session):
            roles = [ADMINISTRATOR] if person.is_administrator else []
            roles += sorted(
                f"{one.role.value.replace('_', ' ')} of {titles[one.consultation_id]}"
                + (", one meeting" if one.meeting_id else "")
                for one in person.memberships
            )
            state = (
                "  (closed)" if not person.active else "" if person.password_hash else "  (no password yet)"
            )
            click.echo(f"{person.email}{state}: {'; '.join(roles) or 'no role'}")


def _asked(installation: Installation, email: str) -> str | None:
    """Where somebody can be asked and there is none yet. Before the transaction: nobody waits for who is typing."""
    if not sys.stdin.isatty():
        return None
    with installation.reading() as session:
        person = user_by_email(session, email)
    return _prompted(email) if person is None or person.password_hash is None else None


def _prompted(email: str) -> str:
    return str(click.prompt(f"Password for {email}", hide_input=True, confirmation_prompt=True))


def _account(session: Session, email: str) -> User:
    person = user_by_email(session, email)
    if person is None:
        raise NotFound("There is no account %(email)s. `consult user list` names all.", email=email)
    return person
