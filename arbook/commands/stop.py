"""`arbook stop`: go on with a run, stop it, or change its strategy."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from typing import Any

import click

from arbook import logs
from arbook.commands._json import head_of, write_json
from arbook.commands._options import Command, log_argument, positive, reads_logs
from arbook.commands._reading import attempt, read, segment_of
from arbook.commands._words import echo, say_issues


def _value(ctx: Any, param: Any, text: str | None) -> float | None:
    """Return what a unit of the metric is worth: a number, or money/units."""
    if text is None:
        return None
    money, slash, units = text.partition("/")
    try:
        worth = float(money) / (float(units) if slash else 1.0)
    except (ValueError, ZeroDivisionError):
        worth = math.nan
    if not 0 < worth < math.inf:
        raise click.BadParameter(
            f"{text} is neither a number > 0 nor two of them, as in 10000/0.01.", ctx, param
        )
    return worth


def price_options(required: bool) -> Callable[[Command], Command]:
    """Return what adds the options that price an experiment and an improvement."""
    options = (
        click.option(
            "--cost",
            type=float,
            required=required,
            callback=positive,
            help="Price of an experiment.",
        ),
        click.option(
            "--value",
            required=required,
            callback=_value,
            metavar="MONEY[/UNITS]",
            help="What an improvement is worth, in the same money: 10000/0.01 where 0.01 is worth "
            "10000.",
        ),
        click.option(
            "--fresh",
            type=float,
            callback=positive,
            help="What another strategy is expected to bring per experiment, the time to set it up "
            "included, as a share of what this run brought. Without it, a change is never advised.",
        ),
    )

    def adding(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return adding


def prices_of(
    cost: float | None, value: float | None, fresh: float | None
) -> dict[str, float | None]:
    """Return what `price_options` that are not required say, for `arbook.logs.stop`, or nothing."""
    if (cost is None) != (value is None):
        raise click.UsageError("--cost and --value go together")
    return {} if cost is None else {"cost": cost, "value": value, "fresh": fresh}


def sentence(said: logs.Stop) -> str:
    """Return an advice with the first of its reasons."""
    return ": ".join([said.advice.words, *said.reasons[:1]])


@click.command()
@log_argument
@price_options(required=True)
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Same seed, same answer."
)
@reads_logs
def stop(
    file: str,
    cost: float,
    value: float,
    fresh: float | None,
    seed: int,
    as_json: bool,
    how: Mapping[str, Any],
) -> None:
    """Say GO ON, STOP or CHANGE of a run, at a price per experiment, and why.

    The exit code is 0 for GO ON, 10 for STOP, 20 for CHANGE.
    """
    run, segment = segment_of(read(file, how), fewest=1)
    said = attempt(run, lambda: logs.stop(run, cost=cost, value=value, fresh=fresh, seed=seed))
    if as_json:
        low, high = said.profit_interval
        write_json(
            {
                **head_of(run, segment),
                "cost": cost,
                "value": value,
                "fresh": fresh,
                "advice": said.advice.words,
                "experiments": said.n,
                "horizon": said.forecast.n_experiments,
                "profit": said.profit,
                "profit_q10": low,
                "profit_q90": high,
                "reasons": list(said.reasons),
                **{
                    name: getattr(said, name)
                    for name in (
                        "probability", "look", "waiting", "rate", "price", "average",
                        "change_share",
                    )
                },
            }
        )  # fmt: skip
    else:
        echo(said.advice.words)
        for reason in said.reasons:
            echo(reason)
        say_issues(run)
    sys.exit(int(said.advice))
