"""Options that several commands have."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from arbook.model.run import STATUSES
from arbook.runs.changes import TRIM

Command = TypeVar("Command", bound=Callable[..., Any])


def only(allowed: str, holds: Callable[[float], bool]) -> Callable[..., float | None]:
    """Return what refuses an option outside its range, and says the range."""

    def check(ctx: Any, param: Any, value: float | None) -> float | None:
        if value is not None and not holds(value):
            raise click.BadParameter(f"{value:g} is not {allowed}.", ctx, param)
        return value

    return check


positive = only("a finite number > 0", lambda x: 0 < x < math.inf)
not_negative = only("a finite number >= 0", lambda x: 0 <= x < math.inf)

log_argument = click.argument("file", metavar="FILE")


def _pairs(ctx: Any, param: Any, values: Iterable[str]) -> dict[str, str]:
    """Return what options such as WORD=keep say, or refuse one without its =."""
    found = {}
    for value in values:
        name, equals, meaning = value.partition("=")
        if not (name and equals):
            raise click.BadParameter(f"{value!r} is not {param.metavar}.", ctx, param)
        found[name] = meaning
    return found


def _statuses(ctx: Any, param: Any, values: Iterable[str]) -> dict[str, str]:
    found = _pairs(ctx, param, values)
    for meaning in found.values():
        if meaning not in STATUSES:
            known = ", ".join(STATUSES)
            raise click.BadParameter(f"{meaning!r} is not one of {known}.", ctx, param)
    return found


_READING = (
    click.option("--json", "as_json", is_flag=True, help="Answer in JSON."),
    click.option(
        "--where",
        multiple=True,
        callback=_pairs,
        metavar="COLUMN=VALUE",
        help="Read only the rows that have this value in this column.",
    ),
    click.option("--by", metavar="COLUMN", help="Column that splits the log into sequences."),
    click.option(
        "--decisions",
        type=click.Choice(["logged", "best"]),
        help="best: a row is kept where it is the best so far, whatever the log says.",
    ),
    click.option(
        "--status",
        multiple=True,
        callback=_statuses,
        metavar="WORD=keep",
        help="What a word of the decisions means: keep, discard, crash or other.",
    ),
    click.option("--status-column", metavar="COLUMN", help="The column of the decisions."),
    click.option(
        "--direction",
        type=click.Choice(["min", "max"]),
        help="Whether lower or higher is better, where the log does not say.",
    ),
    click.option(
        "--metric", metavar="COLUMN", help="The metric's column, where the log does not say."
    ),
)
_HOW = ("metric", "direction", "status_column", "status", "decisions", "by", "where")


def reads_logs(command: Command) -> Command:
    """Add the options that say how a log is read, and how the answer is written.

    The command gets those of reading together, as the arguments of `read_log`, in `how`.
    """

    @functools.wraps(command)
    def reading(*arguments: Any, **options: Any) -> Any:
        how = {name: options.pop(name) for name in _HOW}
        return command(*arguments, how=how, **options)

    for option in _READING:
        reading = option(reading)
    return reading  # type: ignore[return-value]


noise_option = click.option(
    "--noise",
    type=float,
    callback=positive,
    help="Standard deviation of a measurement, from repeats. Without it, what the log tells of it.",
)

trim_option = click.option(
    "--trim",
    type=float,
    callback=not_negative,
    default=TRIM,
    show_default=True,
    help="Changes so many robust standard deviations above the median are catastrophes and are "
    "left out; 0 leaves out none.",
)
