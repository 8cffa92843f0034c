"""The commands, put together. Others script them: names, options and exit codes stay."""

import click

from consult.cli.closing import close
from consult.cli.developing import develop
from consult.cli.examining import check, verify
from consult.cli.exporting import export, report
from consult.cli.importing import import_group
from consult.cli.installation import Commands, Installation
from consult.cli.mail import mail_group
from consult.cli.preparing import demo, init, load
from consult.cli.purging import purge
from consult.cli.serving import serve, worker
from consult.cli.staff import user


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="consult", message="consult %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Run a consultation: invite experts of several meetings, moderate, code, report and export their answers.

    Settings come from the file that CONSULT_CONFIG names and from CONSULT_* variables; `consult check` shows them.
    Every command ends with 0 when it did its work, 1 when it refused to, 2 when it was called wrongly.
    """
    context.obj = Installation()
    context.call_on_close(context.obj.close)


_ALL = (
    init,
    load,
    demo,
    serve,
    worker,
    user,
    import_group,
    mail_group,
    export,
    report,
    check,
    verify,
    close,
    purge,
    develop,
)

for command in _ALL:
    cli.add_command(command)


def main() -> None:
    """The entry point."""
    cli(prog_name="consult")
