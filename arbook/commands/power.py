"""`arbook power`: how many nights tell two programs apart."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from arbook import logs, programs
from arbook._numerics.validation import ParameterError
from arbook.commands._json import write_json
from arbook.commands._options import only, positive, reads_logs
from arbook.commands._reading import matching, read
from arbook.commands._words import about, echo, fail, line
from arbook.model.run import RunLog

# Nights of each program for which the plan is told, and nights of which the best may be taken.
_PLANNED = (1, 2, 3, 5, 10, 20, 50)
_BEST_OF = (2, 5, 10)

_share = only("a number in (0, 1)", lambda x: 0 < x < 1)


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE...]")
@click.option(
    "--difference",
    type=float,
    callback=positive,
    help="Smallest difference of gains that matters. Without it, the one that the logs show.",
)
@click.option(
    "--spread",
    type=float,
    callback=positive,
    help="Standard deviation of the gain of a night. Without it, that of the logs.",
)
@click.option(
    "--power",
    type=float,
    callback=_share,
    default=0.8,
    show_default=True,
    help="Wanted probability that the difference is found.",
)
@click.option(
    "--error",
    type=float,
    callback=_share,
    default=0.05,
    show_default=True,
    help="Probability that equal programs are told apart.",
)
@click.option(
    "--paired",
    is_flag=True,
    help="Logs of one place in both folders share their luck: seed, start, machine.",
)
@click.option(
    "--correlation",
    type=float,
    callback=only("a number in (-1, 1)", lambda x: -1 < x < 1),
    help="Correlation of the two nights of a pair, for a plan without logs.",
)
@click.option(
    "--budget",
    type=click.IntRange(1),
    help="Experiments after which runs are compared: at most, and by default, all of the shortest.",
)
@reads_logs
def power(
    files: Sequence[str],
    difference: float | None,
    spread: float | None,
    power: float,
    error: float,
    paired: bool,
    correlation: float | None,
    budget: int | None,
    as_json: bool,
    how: Mapping[str, Any],
) -> None:
    """Say whether nights tell two programs apart, and how many would.

    FILEs are logs in two folders (a/*.tsv b/*.tsv), in the order in which they were made; the exit
    code is 0 for TOLD APART and 30 for MORE NIGHTS. It may be asked after every night. Without
    FILEs, --difference and --spread make a plan.
    """
    if power <= error:
        raise click.UsageError(f"--power {power:g} is not above --error {error:g}.")
    if not files:
        if difference is None or spread is None:
            raise click.UsageError("Give logs in two folders, or --difference and --spread.")
        _plan(difference, spread, power, error, 0.0 if paired else correlation, as_json)
        return
    if correlation is not None:
        raise click.UsageError("--correlation is for a plan without logs; of logs, use --paired.")
    names, groups = _groups(files, how)
    try:
        said = logs.enough(
            *groups, difference=difference, spread=spread, paired=paired, power=power,
            error=error, budget=budget,
        )  # fmt: skip
    except ParameterError as problem:
        fail(f"{names[0]} and {names[1]}: {problem}")
    if as_json:
        write_json(_as_dict(names, said))
    else:
        _say(names, said, difference is not None)
    sys.exit(int(said.answer))


def _groups(files: Sequence[str], how: Mapping[str, Any]) -> tuple[list[str], list[list[RunLog]]]:
    """Return two folders, and the runs in each."""
    groups: dict[str, list[RunLog]] = {}
    for path in (found for file in files for found in matching(file)):
        groups.setdefault(os.path.dirname(path) or ".", []).append(read(path, how))
    if len(groups) != 2:
        raise click.UsageError(
            f"The logs are in {len(groups)} folder{'s' * (len(groups) != 1)}: put those of each "
            "program into one of two."
        )
    return [*groups], [*groups.values()]


def _plan(
    difference: float,
    spread: float,
    power: float,
    error: float,
    correlation: float | None,
    as_json: bool,
) -> None:
    try:
        needed = programs.nights_needed(
            difference, spread, power=power, error=error, correlation=correlation
        )
        rows = [
            {
                "nights": n,
                "misranking": float(
                    programs.misranking_probability(
                        difference, spread, n, correlation=correlation or 0.0
                    )
                ),
                "power": float(
                    programs.comparison_power(
                        difference, spread, n, error=error, correlation=correlation
                    )
                )
                if n > 1
                else math.nan,
            }
            for n in _PLANNED
        ]
    except ParameterError as problem:
        fail(str(problem))
    bias = {str(k): float(programs.best_night_bias(k, spread)) for k in _BEST_OF}
    if as_json:
        write_json({
            "difference": difference, "spread": spread, "correlation": correlation,
            "wanted_power": power, "error": error, "nights_needed": needed, "plan": rows,
            "best_night_bias": bias,
        })  # fmt: skip
        return
    line("one night each", f"ranks them wrongly with {rows[0]['misranking']:.1%}")
    line("nights needed", f"{_nights(needed)} of each find the difference with {power:.0%}")
    line("best night", ", ".join(f"of {k}: {about(x)} too good" for k, x in bias.items()))
    echo(f"{'nights of each':>14}  {'ranked wrongly':>14}  {'found':>8}")
    for row in rows:
        found = f"{row['power']:.1%}" if row["nights"] > 1 else "-"
        echo(f"{row['nights']:>14}  {row['misranking']:>14.1%}  {found:>8}")


def _as_dict(names: list[str], said: logs.Enough) -> dict[str, Any]:
    return {
        "answer": said.answer.words,
        "groups": names,
        "nights": [said.first.size, said.second.size],
        "experiments": said.budget,
        "mean_gain": [float(said.first.mean()), float(said.second.mean())],
        "better": None if said.better is None else names[said.better],
        **{
            name: getattr(said, name)
            for name in (
                "difference", "evidence", "spread", "wanted", "needed", "more", "misranking",
                "power", "error",
            )
        },
        "interval": list(said.interval),
        "needed_interval": list(said.needed_interval),
    }  # fmt: skip


def _say(names: list[str], said: logs.Enough, given: bool) -> None:
    m, n = said.first.size, said.second.size
    echo(said.answer.words)
    echo(f"{names[0]} ({m} nights) and {names[1]} ({n} nights), after {said.budget} experiments")
    line("mean gain", f"{about(said.first.mean())} and {about(said.second.mean())}")
    low, high = said.interval
    ends = f"{about(low)} to {about(high)}" if math.isfinite(low) else "too few nights for an end"
    line("difference", f"{about(said.difference)}   {1 - said.error:.0%}, all nights: {ends}")
    line("spread", f"{about(said.spread)} between nights")
    line("evidence", f"{said.evidence:.3g}; {1 / said.error:.3g} tells them apart")
    which = "the difference that matters" if given else "a difference like the one seen"
    line("one night each", f"with {which} ranks wrongly with {said.misranking:.1%}")
    if said.better is not None:
        line("better", names[said.better])
        return
    needed, more = _nights(said.needed), _nights(said.more)
    line("nights needed", f"{needed} of each, looked at once, find {which} with {said.power:.0%}")
    if not given:
        first, last = map(_nights, said.needed_interval)
        line("", f"between {first} and {last}, as far as these nights tell (80 %)")
    line("more nights", f"{more} of each, or more; ask again after any of them")


def _nights(n: float) -> str:
    return "no number" if math.isinf(n) else f"{n:,.0f}"
