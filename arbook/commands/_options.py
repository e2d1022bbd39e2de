"""Options that several commands have."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

import click

from arbook.runs.fitting import TRIM

Command = TypeVar("Command", bound=Callable[..., Any])


def only(allowed: str, holds: Callable[[float], bool]) -> Callable[..., float | None]:
    """Return what refuses an option outside its range, and says the range."""

    def check(ctx: Any, param: Any, value: float | None) -> float | None:
        if value is not None and not holds(value):
            raise click.BadParameter(f"{value:g} is not {allowed}.", ctx, param)
        return value

    return check


def reads_logs(command: Command) -> Command:
    """Add the options that say how a log is read, and how the answer is written."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Answer in JSON."),
        click.option(
            "--direction",
            type=click.Choice(["min", "max"]),
            help="Whether lower or higher is better, where the log does not say.",
        ),
        click.option("--metric", help="The metric's column, where the log does not say."),
    ):
        command = option(command)
    return command


noise_option = click.option(
    "--noise",
    type=float,
    callback=only("a finite number > 0", lambda x: 0 < x < math.inf),
    help="Standard deviation of a measurement, from repeats. Without it, what the log tells of it.",
)

trim_option = click.option(
    "--trim",
    type=float,
    callback=only("a finite number >= 0", lambda x: 0 <= x < math.inf),
    default=TRIM,
    show_default=True,
    help="Changes so many robust standard deviations above the median are catastrophes and are "
    "left out; 0 leaves out none.",
)
