"""`arbook forecast`: what more experiments will bring."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import click

from arbook import logs
from arbook.commands._json import head_of, write_json
from arbook.commands._options import log_argument, only, positive, reads_logs, trim_option
from arbook.commands._reading import attempt, read, segment_of
from arbook.commands._words import about, echo, line, say_issues, say_left_out, short
from arbook.runs.changes import FEWEST, TRIM
from arbook.runs.families import FAMILIES
from arbook.runs.forecasting import MOST_DRAWN

# Continuations that a forecast draws, and the most experiments it can then look ahead.
_DRAWS = 4000
_FURTHEST = MOST_DRAWN // _DRAWS


@click.command()
@log_argument
@click.option(
    "--experiments",
    "-n",
    type=click.IntRange(1, _FURTHEST),
    default=100,
    show_default=True,
    help="Number of further experiments.",
)
@click.option(
    "--minutes",
    type=float,
    callback=positive,
    help="Minutes an experiment takes.",
)
@click.option(
    "--family",
    type=click.Choice(FAMILIES),
    help="Forecast from a fit of this family alone. Without it, from what runs of the atlas did "
    "that began like this one, and from a fit of gains and losses apart.",
)
@click.option(
    "--floor",
    type=float,
    callback=only("a number", lambda x: not math.isnan(x)),
    help="Best value that the metric can have; -inf (or inf) is none. Without it, 0 for a "
    "minimised metric that was never below 0.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Same seed, same forecast.",
)
@trim_option
@reads_logs
def forecast(
    file: str,
    experiments: int,
    minutes: float | None,
    family: str | None,
    floor: float | None,
    seed: int,
    trim: float,
    as_json: bool,
    how: Mapping[str, Any],
) -> None:
    """Say what more experiments will bring, with 80 % intervals."""
    if trim != TRIM and not family:
        raise click.UsageError("--trim goes with --family: it is a rule for the changes of a fit")
    run, segment = segment_of(read(file, how), FEWEST if family else 1)
    fitted = None
    if family:
        fitted = attempt(run, lambda: logs.fit(run, family=family, trim=trim or None))
    made = attempt(
        run,
        lambda: logs.forecast(
            fitted or run,
            experiments,
            minutes=minutes,
            n_draws=_DRAWS,
            population=None if fitted else "atlas",
            floor=floor,
            seed=seed,
        ),
    )
    wanted = ("improvement", "keeps", "gain_area")
    found = {what: made.quantiles(what, [0.1, 0.5, 0.9]).tolist() for what in wanted}
    if as_json:
        levels = ("q10", "median", "q90")
        write_json(
            {
                **head_of(run, segment),
                "trim": (trim or None) if fitted else None,
                "threshold": fitted.threshold if fitted else None,
                "n_changes": fitted.n_changes if fitted else None,
                "n_catastrophes": fitted.n_catastrophes if fitted else None,
                "experiments": experiments,
                "hours": made.hours,
                "family": family,
                "floor": made.floor,
                "at_floor": made.at_floor,
                "no_improvement": made.no_improvement,
                **{what: dict(zip(levels, found[what], strict=True)) for what in wanted},
            }
        )
        return
    hours = f", {made.hours:.1f} hours" if minutes else ""
    echo(f"{experiments} more experiments{hours}; median, and the interval that holds 80 %")
    units = (run.metric, "experiments", f"{run.metric} x experiments")
    for what, unit in zip(wanted, units, strict=True):
        low, middle, high = found[what]
        line(what.replace("_", " "), f"{about(middle)}   {about(low)} to {about(high)} {unit}")
    line("nothing kept", f"with {made.no_improvement:.0%}")
    if math.isfinite(made.floor):
        line("at the bound", f"of {short(made.floor)} with {made.at_floor:.0%}")
    if fitted:
        line("fitted", f"{family}, to {fitted.n_changes} changes")
        say_left_out(fitted, trim)
    else:
        line("made of", "what runs of the atlas did that began like this one, and its own trend")
    say_issues(run)
