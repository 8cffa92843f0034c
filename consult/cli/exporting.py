"""`export`, the published view as data, and `report`, an edition."""

import click
from sqlalchemy.orm import Session

from consult.analysis.disclosure import Profile
from consult.cli.installation import Installation, consultation_named, meeting_named, pass_installation
from consult.cli.output import STANDARD_OUTPUT, Counting, write_out
from consult.consultations.models import Consultation
from consult.core import audit
from consult.core.errors import NotFound, Refused
from consult.exports.data import qdpx
from consult.exports.data.qdpx import QDA_FORMATS
from consult.exports.data.released import COLUMNS, chosen_columns
from consult.exports.entering import ATTEMPTS, enter, moment_of, never_still
from consult.exports.formats import DATA_FORMATS, EDITION_FORMATS, bundled
from consult.exports.queries import released
from consult.operations.extract import of_meeting
from consult.reports.models import Edition
from consult.reports.queries import document_of, edition_numbered, editions_of, published_edition

_out = click.option("--out", required=True, metavar="PATH", help="Where to write; - is standard output.")


@click.command()
@click.argument("slug")
@click.option(
    "--format", "code", type=click.Choice([*DATA_FORMATS, *QDA_FORMATS]), required=True, help="What to write."
)
@click.option("--meeting", help="Slug of one meeting.  [default: all of them]")
@click.option(
    "--profile",
    type=click.Choice([profile.value for profile in Profile]),
    default=Profile.PUBLICATION.value,
    show_default=True,
    help="desk is for directors alone and marked not for release.",
)
@click.option("--columns", metavar="NAME,NAME", help=f"Which columns.  [default: {', '.join(COLUMNS)}]")
@click.option(
    "--with-notes",
    is_flag=True,
    help="A ZIP that also holds a data dictionary, response rates, the codebook and a read-me.",
)
@_out
@pass_installation
def export(
    installation: Installation,
    *,
    slug: str,
    code: str,
    meeting: str | None,
    profile: str,
    columns: str | None,
    with_notes: bool,
    out: str,
) -> None:
    """Write the answers of consultation SLUG that may be quoted, one row each, in a shuffled order.

    Only what is approved is in the file, redacted as it was approved and with the themes it was given.
    """
    chosen = chosen_columns([name.strip() for name in (columns or "").split(",") if name.strip()])
    if code in QDA_FORMATS and (columns or with_notes):
        raise click.UsageError(f"--columns and --with-notes do not go with --format {code}.")
    named = (
        code
        if code in QDA_FORMATS
        else (bundled(DATA_FORMATS[code]) if with_notes else DATA_FORMATS[code]).code
    )
    for _attempt in range(ATTEMPTS):
        with installation.reading() as session:
            consultation = consultation_named(session, slug)
            if not _entered(installation, session, consultation, named, Profile(profile), meeting):
                continue
            if code in QDA_FORMATS:
                content = (
                    qdpx.codebook(session, consultation)
                    if code == "qdc"
                    else qdpx.project(session, consultation, Profile(profile), meeting)
                )
                write_out(out, [content], private=_is_private(profile))
            else:
                format_ = bundled(DATA_FORMATS[code]) if with_notes else DATA_FORMATS[code]
                with Counting("answers") as counting:
                    view = released(
                        session,
                        consultation,
                        Profile(profile),
                        meeting,
                        columns=chosen,
                        progress=counting.reached,
                    )
                    write_out(out, format_.render(view), private=_is_private(profile))
        _wrote(out, profile)
        return
    raise never_still()


def _entered(  # noqa: PLR0917
    installation: Installation,
    session: Session,
    consultation: Consultation,
    named: str,
    profile: Profile,
    meeting: str | None,
) -> bool:
    """Enter and log what is written as of the session's moment; False where that has passed."""
    if meeting is not None:
        meeting_named(session, consultation, meeting)
    moment = moment_of(session, consultation, profile)
    with installation.transaction() as writing:
        if not enter(writing, consultation, moment, by=None):
            return False
        audit.record(
            writing,
            "published_view.export",
            consultation_id=consultation.id,
            format=named,
            profile=profile.value,
            meeting=meeting,
        )
    return True


def _is_private(profile: str) -> bool:
    return Profile(profile) is Profile.DESK


def _wrote(out: str, profile: str) -> None:
    if out != STANDARD_OUTPUT:
        click.echo(f"Wrote {out}, {'not for release' if _is_private(profile) else 'for publication'}.")


@click.command()
@click.argument("slug")
@click.option(
    "--format", "code", type=click.Choice(list(EDITION_FORMATS)), required=True, help="What to write."
)
@click.option("--meeting", help="Slug of one meeting: its part of the edition.  [default: the whole edition]")
@click.option("--edition", "number", type=click.IntRange(1), help="Its number.  [default: the published one]")
@_out
@pass_installation
def report(
    installation: Installation, *, slug: str, code: str, meeting: str | None, number: int | None, out: str
) -> None:
    """Write an edition of the report of consultation SLUG. The same edition always gives the same file."""
    with installation.reading() as session:
        consultation = consultation_named(session, slug)
        edition = _edition(session, consultation, number)
        document = document_of(session, edition)
        if meeting is not None:
            document = of_meeting(document, meeting_named(session, consultation, meeting).slug)
    write_out(out, [EDITION_FORMATS[code].render(document)])
    if out != STANDARD_OUTPUT:
        click.echo(f"Wrote edition {edition.number} to {out}.")


def _edition(session: Session, consultation: Consultation, number: int | None) -> Edition:
    known = ", ".join(f"{each.number} ({each.state.value})" for each in editions_of(session, consultation))
    if number is None:
        edition = published_edition(session, consultation)
        if edition is None:
            raise Refused(
                "%(slug)s has no published edition. Publish one at the desk, or name one: --edition N. "
                "There are: %(known)s.",
                slug=consultation.slug,
                known=known or "none yet",
            )
        return edition
    edition = edition_numbered(session, consultation, number)
    if edition is None:
        raise NotFound(
            "%(slug)s has no edition %(number)s. There are: %(known)s.",
            slug=consultation.slug,
            number=number,
            known=known or "none yet",
        )
    return edition
