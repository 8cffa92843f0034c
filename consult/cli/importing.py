"""`import participants` and `import responses`."""

from pathlib import Path

import click

from consult.cli.installation import Installation, consultation_named, meeting_named, pass_installation
from consult.consultations.enums import Attribution
from consult.core.errors import Refused
from consult.core.tabular import read_file
from consult.operations.import_participants import import_participants
from consult.operations.import_responses import SHOWN, import_responses

ATTRIBUTIONS = [step.code for step in Attribution]

_file = click.argument("file", metavar="FILE.csv|.xlsx", type=click.Path(path_type=Path))
_slug = click.argument("slug")
_meeting = click.option("--meeting", required=True, help="Slug of the meeting.")
_encoding = click.option("--encoding", help="Of a CSV file that is not UTF-8, e.g. cp1250.")
_dry_run = click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")


@click.group("import")
def import_group() -> None:
    """Take in a roster, or answers that were gathered elsewhere."""


@import_group.command()
@_slug
@_meeting
@_encoding
@_dry_run
@_file
@pass_installation
def participants(
    installation: Installation, *, slug: str, meeting: str, encoding: str | None, dry_run: bool, file: Path
) -> None:
    """Put people on the roster of consultation SLUG and invite them to a meeting.

    The first row names the columns: name and email; also country, organisation, role, role_label, sector and language.
    A person is known by the e-mail address. With a fault in any row nobody is taken.
    """
    table = read_file(file, encoding=encoding)
    with installation.transaction() as session:
        consultation = consultation_named(session, slug)
        report = import_participants(
            session,
            consultation,
            meeting_named(session, consultation, meeting),
            table,
            seal=installation.seal,
        )
        if dry_run:
            session.rollback()
    would = "would be " if dry_run else ""
    _notes(report.notes)
    click.echo(
        f"On the roster: {report.added} {would}added, {report.updated} {would}brought up to date, "
        f"{report.unchanged} unchanged."
    )
    click.echo(f"Invited to {meeting}: {report.invited} {would}new, {report.already_invited} already.")


@import_group.command()
@_slug
@_meeting
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="answer=COLUMN",
    help="Which column holds what: answer, id, language. A Polis comments.csv needs none.",
)
@click.option("--question", help="Code of the question answered, where the meeting asks several.")
@click.option(
    "--attribution",
    type=click.Choice(ATTRIBUTIONS),
    help="How the answers may be used.  [default: quote_unattributed, or the ground rules' ceiling]",
)
@click.option("--language", help="Language of the answers.  [default: the consultation's]")
@_encoding
@_dry_run
@_file
@pass_installation
def responses(
    installation: Installation,
    *,
    slug: str,
    meeting: str,
    pairs: tuple[str, ...],
    question: str | None,
    attribution: str | None,
    language: str | None,
    encoding: str | None,
    dry_run: bool,
    file: Path,
) -> None:
    """Take answers that were gathered elsewhere into consultation SLUG, waiting for moderation.

    Importing a file again adds nothing: a row is known by its mapped id, else by its words and their place among the
    same words. Who wrote a row and when is not stored. Either every row that can be taken is, or none.
    """
    mapping = _mapping(pairs)
    table = read_file(file, encoding=encoding)
    with installation.transaction() as session:
        consultation = consultation_named(session, slug)
        report = import_responses(
            session,
            consultation,
            meeting_named(session, consultation, meeting),
            table,
            secret_key=installation.settings.secret_key,
            mapping=mapping,
            question=question,
            attribution=Attribution.from_code(attribution) if attribution else None,
            language=language,
        )
        if dry_run:
            session.rollback()
    _notes(report.notes)
    would = "would be taken" if dry_run else "taken"
    click.echo(
        f"{report.taken} rows {would}, {report.already + report.empty} skipped "
        f"({report.already} already there, {report.empty} empty), {report.refused} refused."
    )
    for reason in report.reasons:
        click.echo(f"  {reason}", err=True)
    if report.refused > SHOWN:
        click.echo(f"  and {report.refused - SHOWN} more", err=True)
    if report.refused and not report.taken and not report.already:
        raise Refused("No row could be taken.")


def _mapping(pairs: tuple[str, ...]) -> dict[str, str]:
    mapping: dict[str, str] = {}
    for pair in pairs:
        what, equals, column = pair.partition("=")
        if not equals or not what.strip() or not column.strip():
            raise click.BadParameter(f"write it as answer=COLUMN, not “{pair}”.", param_hint="--map")
        if what.strip() in mapping:
            raise click.BadParameter(f"{what.strip()} is mapped twice.", param_hint="--map")
        mapping[what.strip()] = column.strip()
    return mapping


def _notes(notes: list[str]) -> None:
    for note in notes:
        click.echo(note)
