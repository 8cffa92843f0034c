"""`subject-access`: everything that is held about one participant, in a ZIP for that person."""

import sys

import click

from consult.cli.installation import Installation, consultation_named, pass_installation
from consult.cli.output import STANDARD_OUTPUT, write_out
from consult.core import audit
from consult.core.errors import NotFound
from consult.operations.people.queries import person_by_address
from consult.operations.subject_access import held_about


@click.command("subject-access")
@click.argument("slug")
@click.argument("email")
@click.option(
    "--receipts-stdin",
    is_flag=True,
    help="Read receipt codes, one a line, that the person presents so that the answers are in the pack.",
)
@click.option("--out", required=True, metavar="PATH", help="Where to write the ZIP; - is standard output.")
@pass_installation
def subject_access(
    installation: Installation, *, slug: str, email: str, receipts_stdin: bool, out: str
) -> None:
    """Write everything that is held about the participant with that address.

    What the mode keeps apart from the person is in it only for receipt codes that the person presents.
    """
    codes = [line.strip() for line in sys.stdin if line.strip()] if receipts_stdin else []
    with installation.transaction() as session:
        consultation = consultation_named(session, slug)
        person = person_by_address(session, consultation, email.strip().lower())
        if person is None:
            raise NotFound("Nobody on the roster of %(slug)s has that address.", slug=slug)
        pack = held_about(session, consultation, person, codes=codes)
        audit.record(session, "subject_access", consultation_id=consultation.id, subject=person.id)
        write_out(out, [pack.as_zip()], private=True)
    if out != STANDARD_OUTPUT:
        click.echo(f"Wrote {out}, for that person alone.")
