"""`import participants`, `import responses` and `import codings`."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import click

from consult.accounts.queries import user_by_email
from consult.cli.installation import Installation, consultation_named, meeting_named, pass_installation
from consult.consultations.enums import Attribution
from consult.core.errors import Invalid, Refused
from consult.core.tabular import Table, opened_table, read_file
from consult.operations.importing.codings import LARGEST_CODINGS, import_codings
from consult.operations.importing.responses import SHOWN, import_responses
from consult.operations.people.actions import FACTS
from consult.operations.people.columns import GUESSED_FROM, guessed
from consult.operations.people.intake import Problem, planned, taken_in
from consult.permissions import Permission, may

ATTRIBUTIONS = [step.code for step in Attribution]

_file = click.argument("file", metavar="FILE.csv|.xlsx", type=click.Path(path_type=Path))
_slug = click.argument("slug")
_meeting = click.option("--meeting", required=True, help="Slug of the meeting.")
_encoding = click.option("--encoding", help="Of a CSV file that is not UTF-8, e.g. cp1250.")
_dry_run = click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")


@click.group("import")
def import_group() -> None:
    """Take in a roster, answers that were gathered elsewhere, or codings."""


@import_group.command(short_help="People and whom to invite.")
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
    A person is known by the e-mail address; what the file has no column for stays as it is. With a fault in any row
    nobody is taken.
    """
    table = read_file(file, encoding=encoding)
    places = guessed(table.columns, [row.cells for row in islice(table.rows, GUESSED_FROM)])
    _say_columns(table, places)
    table = read_file(file, encoding=encoding)  # from the start again
    with installation.transaction() as session:
        consultation = consultation_named(session, slug)
        place = meeting_named(session, consultation, meeting)
        plan = planned(session, consultation, table, places, place)
        if plan.problems:
            raise Refused(
                "Nothing of %(file)s was taken. Mend what is named here, then import it again.\n%(list)s",
                file=file.name,
                list=_listed(_shown(problem) for problem in plan.problems),
            )
        if not dry_run:
            taken_in(session, consultation, plan, place, seal=installation.seal, by=None)
    would = "would be " if dry_run else ""
    _notes(plan.notes)
    click.echo(
        f"On the roster: {plan.added} {would}added, {len(plan.updated)} {would}brought up to date, "
        f"{plan.unchanged} unchanged."
    )
    click.echo(f"Invited to {meeting}: {plan.invited} {would}new, {len(plan.people) - plan.invited} already.")


def _say_columns(table: Table, places: dict[str, int]) -> None:
    """Name the columns that were recognised; without a name and an address among them nobody can be found."""
    if missing := [fact for fact in ("name", "email") if fact not in places]:
        raise Invalid(
            "%(file)s has no column %(missing)s. Its first row must name the columns: %(known)s.",
            file=table.name,
            missing=" and no column ".join(missing),
            known=", ".join(FACTS),
        )
    read = ", ".join(f"{fact} from “{table.columns[place]}”" for fact, place in places.items())
    unread = [column for place, column in enumerate(table.columns) if place not in places.values()]
    click.echo(f"Read: {read}." + (f" Not read: {', '.join(unread)}." if unread else ""))


def _shown(problem: Problem) -> str:
    where = f"line {problem.line}, {problem.fact}" if problem.fact else f"line {problem.line}"
    cell = f" (“{problem.cell}”)" if problem.cell and problem.cell not in str(problem.error) else ""
    return f"  {where}: {problem.error}{cell}"


def _listed(lines: Iterable[str]) -> str:
    kept = list(lines)
    more = [f"  and {len(kept) - SHOWN} more"] if len(kept) > SHOWN else []
    return "\n".join(kept[:SHOWN] + more)


@import_group.command(short_help="Answers gathered elsewhere, which then wait for moderation.")
@_slug
@_meeting
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="answer=COLUMN",
    help="Which column holds what: answer, id, language, time. A Polis comments.csv needs none.",
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
@click.argument("file", metavar="FILE.csv|.xlsx|.json", type=click.Path(path_type=Path))
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
    same words. Who wrote a row is not stored, and when only as far as the ground rules let it be told. Either every row
    that can be taken is, or none.
    """
    mapping = _mapping(pairs)
    with opened_table(file, encoding=encoding) as table, installation.transaction() as session:
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


@import_group.command(short_help="Themes given to answers in another program.")
@_slug
@click.option("--by", required=True, metavar="EMAIL", help="Whose codings they become: a member of staff.")
@_dry_run
@click.argument("file", metavar="FILE.qdpx|.csv|.xlsx", type=click.Path(path_type=Path))
@pass_installation
def codings(installation: Installation, *, slug: str, by: str, dry_run: bool, file: Path) -> None:
    """Give answers of consultation SLUG the themes that a file gives them, known by their published words.

    A REFI-QDA project brings its codes into the codebook; a table has the columns text and themes.
    """
    if not file.is_file() or file.stat().st_size > LARGEST_CODINGS:
        raise Invalid("%(file)s cannot be read: it is no file, or a very large one.", file=file)
    with installation.transaction() as session:
        consultation = consultation_named(session, slug)
        coder = user_by_email(session, by)
        if coder is None or not may(coder, Permission.KEEP_CODEBOOK, consultation.id):
            raise Refused("%(email)s is no programme director of this consultation.", email=by)
        taken = import_codings(session, consultation, file.read_bytes(), file.name, by=coder)
        if dry_run:
            session.rollback()
    would = "would be " if dry_run else ""
    click.echo(
        f"Themes {would}added or changed: {taken.themes}. Codings {would}given: {taken.given}; "
        f"already there: {taken.already}; passages that are no published answer: {taken.unmatched}."
    )
    if taken.unknown:
        click.echo(f"Not in the codebook: {', '.join(sorted(taken.unknown)[:SHOWN])}.", err=True)
