"""The commands, put together. Others script them: names, options and exit codes stay."""

import sys
from importlib import import_module
from io import TextIOWrapper
from typing import cast

import click

from consult.cli.installation import Commands, Installation

_PARTS: dict[str, dict[str, tuple[str, str]]] = {
    "Try it": {
        "develop": ("developing:develop", "Serve the Warsaw demonstration on this machine: `make run`."),
        "demo": ("preparing:demo", "Load the Warsaw consultation, its answers invented."),
    },
    "Prepare": {
        "load": ("preparing:load", "Create or update a consultation from a definition file."),
        "import": ("importing:import_group", "Take in a roster, answers or codings gathered elsewhere."),
        "user": ("staff:user", "Add staff, give them roles, end their access."),
    },
    "Carry through": {
        "mail": ("mail:mail_group", "Mark addresses from which mail came back."),
        "close": ("closing:close", "Carry out what was promised for a consultation's closing."),
        "report": ("exporting:report", "Write an edition: web page, PDF, Word, Markdown, JSON."),
        "export": ("exporting:export", "Write the answers that may be quoted, one row each."),
        "subject-access": ("subject_access:subject_access", "Write what is held about one participant."),
        "purge": ("purging:purge", "Delete rosters and answers when their time is over."),
    },
    "Run it": {
        "init": ("preparing:init", "Create the database, or bring it to the newest migration."),
        "check": ("checking:check", "See whether this installation is fit, and what to do if not."),
        "serve": ("serving:serve", "Serve the web pages."),
        "worker": ("serving:worker", "Do what pages promise: mail, editions, hints, suggestions."),
        "backup": ("backing_up:backup", "Write the database to a new file while it is in use."),
        "identity": (
            "backing_up:identity",
            "Write what opens encrypted backups to a file, and say whom they are for.",
        ),
        "restore": ("backing_up:restore", "Put a backup in place of the database."),
        "verify": ("examining:verify", "Check database and audit log; attack what is stored."),
    },
}
"""Part of the help → command → its module and name there, and what it does. A command is imported when it is asked for:
one that writes a million rows carries no web server."""

_PLACES = {name: place for part in _PARTS.values() for name, (place, _does) in part.items()}


class Imported(Commands):
    """The commands of _PARTS."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(_PLACES)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in _PLACES:
            return None
        module, _, held = _PLACES[name].partition(":")
        return cast(click.Command, getattr(import_module(f"consult.cli.{module}"), held))

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        widest = max(map(len, _PLACES))
        for part, commands in _PARTS.items():
            with formatter.section(part):
                formatter.write_dl([(name.ljust(widest), does) for name, (_place, does) in commands.items()])


@click.group(cls=Imported, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="consult", message="consult %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Run a consultation: invite experts of several meetings, moderate, code, report and export their answers.

    Settings come from the file that CONSULT_CONFIG names and from CONSULT_* variables; `consult check` shows them.
    Every command ends with 0 when it did its work, 1 when it refused to, 2 when it was called wrongly.
    """
    context.obj = Installation()
    context.call_on_close(context.obj.close)


def main() -> None:
    """The entry point. A terminal that cannot show a letter shows another in its place."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    cli(prog_name="consult")
