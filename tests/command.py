"""The command `arbook`, run as a function."""

from click.testing import CliRunner

from arbook import logs
from arbook.commands import main

#: The run that most of its tests give it, as a file.
RUN = logs.load_run("h100-mar8")


def run(*arguments, **options):
    """Return what the command answered, with its exit code."""
    return CliRunner().invoke(main, [str(a) for a in arguments], **options)
