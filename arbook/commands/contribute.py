"""`arbook contribute`: what the atlas would publish of a run, and whether it may be in it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click

from arbook import logs
from arbook.commands._json import head_of, write_json
from arbook.commands._options import log_argument, reads_logs
from arbook.commands._reading import read
from arbook.commands._words import echo, say_issues
from arbook.runs.atlas import line_of


@click.command()
@log_argument
@reads_logs
def contribute(file: str, as_json: bool, how: Mapping[str, Any]) -> None:
    """Check a run for the atlas, and print the figures that would be published.

    These are the metric's name and direction, and value and decision of each row; a line for each
    run where the log has several. The exit status is 1 if no run meets the rules.
    """
    run = read(file, how)
    nowhere = logs.Source(**dict.fromkeys(logs.Source.__dataclass_fields__, ""))
    found = [(part, logs.shortcomings(part)) for part in run.segments]
    if as_json:
        parts = [
            {"line": None if missing else line_of(part, nowhere), "shortcomings": list(missing)}
            for part, missing in found
        ]
        write_json({**head_of(run), "runs": parts})
    else:
        for number, (part, missing) in enumerate(found, start=1):
            which = f"run {number} of {len(found)}: " if len(found) > 1 else ""
            for reason in missing:
                echo(f"{which}{reason}", err=True)
            if not missing:
                echo(line_of(part, nowhere))
        say_issues(run)
    sys.exit(all(missing for _, missing in found))
