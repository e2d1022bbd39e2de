"""The command `arbook`: what a run log says, in one line of a terminal.

Every command reads logs as `arbook.logs.read_log` does and has ``--json`` for other programs. Exit
codes: 0, an answer; 1, the log cannot be read or used; 2, the command line is wrong. `judge`
answers by them, too: 0, KEEP; 3, DISCARD; 4, MEASURE AGAIN. So do `stop`: 0, GO ON; 10, STOP; 20,
CHANGE; and `power`: 0, TOLD APART; 30, MORE NIGHTS.
"""

import click

import arbook
from arbook.commands import (
    archive,
    compare,
    contribute,
    fit,
    forecast,
    hook,
    judge,
    log,
    plan,
    power,
    stop,
    verdict,
    watch,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(arbook.__version__, prog_name="arbook")
def main() -> None:
    """Read, judge, fit and forecast the logs of AutoResearch runs (results.tsv and the like).

    FILE may be - for standard input.
    """


for command in (
    log.log, verdict.verdict, judge.judge, fit.fit, forecast.forecast, stop.stop,
    plan.plan, archive.archive, compare.compare, power.power,
    contribute.contribute, watch.watch, hook.hook,
):  # fmt: skip
    main.add_command(command)
