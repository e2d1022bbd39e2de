"""`arbook judge`: keep the variant that was just measured, discard it, or measure it again."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click

from arbook import logs
from arbook.commands._json import head_of, write_json
from arbook.commands._options import log_argument, noise_option, reads_logs, trim_option
from arbook.commands._reading import attempt, read, segment_of
from arbook.commands._words import about, echo, line, say_issues, short, with_error
from arbook.noise import Decision

# What is printed, and the exit code that a script can ask for.
_WORDS = {
    Decision.KEEP: ("KEEP", 0),
    Decision.DISCARD: ("DISCARD", 3),
    Decision.AGAIN: ("MEASURE AGAIN", 4),
}


@click.command(context_settings={"ignore_unknown_options": True})
@log_argument
@click.argument("values", type=float, nargs=-1, required=True, metavar="VALUE...")
@noise_option
@trim_option
@reads_logs
def judge(
    file: str,
    values: tuple[float, ...],
    noise: float | None,
    trim: float,
    as_json: bool,
    how: Mapping[str, Any],
) -> None:
    """Say KEEP, DISCARD or MEASURE AGAIN of a variant measured as VALUE.

    FILE is the log so far, without the variant. Give all measurements of the variant. The exit
    code is 0 for KEEP, 3 for DISCARD, 4 for MEASURE AGAIN.
    """
    run, segment = segment_of(read(file, how), fewest=2)
    said = attempt(
        run, lambda: logs.judge(run, values, noise=noise or "estimate", trim=trim or None)
    )
    word, code = _WORDS[said.decision]
    if as_json:
        write_json(
            {
                **head_of(run, segment),
                "trim": trim or None,
                "values": list(values),
                "decision": word,
                **{
                    name: getattr(said, name)
                    for name in (
                        "probability", "gain", "logged_gain", "worth_again", "worth_next",
                        "incumbent", "incumbent_std", "noise",
                    )
                },
            }
        )  # fmt: skip
    else:
        echo(word)
        line("truly better", f"with {said.probability:.1%}")
        line(
            "expected gain",
            f"{about(said.gain)} {run.metric}; in the log {short(said.logged_gain)}",
        )
        line("incumbent", with_error(said.incumbent, said.incumbent_std))
        line("noise", short(noise) if noise else f"{about(said.noise)}, as the log tells")
        line(
            "worth",
            f"{about(said.worth_again)} to measure it again, {about(said.worth_next)} to go on",
        )
        say_issues(run)
    sys.exit(code)
