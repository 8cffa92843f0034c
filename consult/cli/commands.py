"""The commands, put together. Others script them: names, options and exit codes stay."""

from importlib import import_module
from typing import cast

import click

from consult.cli.installation import Commands, Installation

_PLACES = {
    "init": "preparing:init",
    "load": "preparing:load",
    "demo": "preparing:demo",
    "serve": "serving:serve",
    "worker": "serving:worker",
    "user": "staff:user",
    "import": "importing:import_group",
    "mail": "mail:mail_group",
    "export": "exporting:export",
    "report": "exporting:report",
    "check": "examining:check",
    "verify": "examining:verify",
    "close": "closing:close",
    "backup": "backing_up:backup",
    "restore": "backing_up:restore",
    "purge": "purging:purge",
    "develop": "developing:develop",
}
"""Command → its module and its name there. It is imported when it is asked for: one that writes a million rows carries
no web server."""


class Imported(Commands):
    """The commands of _PLACES."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(_PLACES)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in _PLACES:
            return None
        module, _, held = _PLACES[name].partition(":")
        return cast(click.Command, getattr(import_module(f"consult.cli.{module}"), held))


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
    """The entry point."""
    cli(prog_name="consult")
