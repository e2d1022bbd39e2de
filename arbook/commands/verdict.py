"""`arbook verdict`: which of a run's gains are real."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import click
import numpy as np

from arbook import logs
from arbook.commands._json import head_of, write_json
from arbook.commands._options import (
    log_argument,
    noise_option,
    only,
    positive,
    reads_logs,
    trim_option,
)
from arbook.commands._reading import attempt, read, segment_of
from arbook.commands._words import about, clean, echo, fail, line, say_issues, short
from arbook.runs.families import FAMILIES
from arbook.runs.verdicts import REAL

_NULLS = {
    "noise": "by the noise that was given",
    "repeats": "by the repeats in the log",
    "records": "by the number of records alone; --noise asks their sizes, too",
}

_ANSWERS = {
    "agrees": "it agrees with the {} believed",
    "less": "less than the {} believed; overfitted, or a test of another kind",
    "more": "more than the {} believed; a test of another kind",
}


def _finite(ctx: Any, param: Any, values: tuple[float, float] | None) -> tuple[float, float] | None:
    """Refuse values of a test that are no numbers."""
    for value in values or ():
        if not math.isfinite(value):
            raise click.BadParameter(f"{value:g} is not a finite number.", ctx, param)
    return values


@click.command()
@log_argument
@noise_option
@click.option(
    "--family",
    type=click.Choice(FAMILIES),
    default="normal",
    show_default=True,
    help="Distribution of the true changes.",
)
@click.option(
    "--error",
    type=float,
    callback=only("a number in (0, 1)", lambda x: 0 < x < 1),
    default=0.05,
    show_default=True,
    help="Share of wrong verdicts that the plan of measurements allows.",
)
@click.option(
    "--sealed",
    "tested",
    type=float,
    nargs=2,
    callback=_finite,
    metavar="BASELINE BEST",
    help="Values of the baseline and of the best configuration on a test that decided nothing.",
)
@click.option(
    "--sealed-noise",
    type=float,
    callback=positive,
    help="Standard deviation of a value on that test. Without it, that of a measurement.",
)
@click.option(
    "--plot", type=click.Path(dir_okay=False), help="Write the true frontier as a figure."
)
@trim_option
@reads_logs
def verdict(
    file: str,
    noise: float | None,
    family: str,
    error: float,
    tested: tuple[float, float] | None,
    sealed_noise: float | None,
    plot: str | None,
    trim: float,
    as_json: bool,
    how: Mapping[str, Any],
) -> None:
    """Say which gains are real, the most doubtful first, and what to measure again."""
    run, segment = segment_of(read(file, how), fewest=2)
    said = attempt(
        run,
        lambda: logs.verdict(run, noise=noise or "estimate", family=family, trim=trim or None),
    )
    seen = _sealed(said, tested, sealed_noise)
    plan = said.plan(error)
    order = np.argsort(said.probability, kind="stable").tolist()
    rows: list[dict[str, Any]] = [
        {
            "experiment": int(said.experiment[i]),
            "logged_gain": float(said.logged_gain[i]),
            "true_gain": float(said.true_gain[i]),
            "gain_std": float(said.gain_std[i]),
            "probability": float(said.probability[i]),
            "verdict": _word(said, i),
            "measure_again": int(plan[i]),
            "description": _description(run, int(said.experiment[i]) + 1),
        }
        for i in order
    ]
    if plot:
        _draw(said, plot)
    if as_json:
        write_json(
            {
                **head_of(run, segment),
                "trim": trim or None,
                "family": family,
                "noise": said.noise,
                "noise_interval": list(said.noise_interval),
                "p_value": said.p_value,
                "null": said.null,
                "logged_gain": run.gain,
                "believed_gain": said.believed_gain,
                "sealed": seen and {**asdict(seen), "z": seen.z, "answer": seen.answer},
                "error": error,
                "keeps": rows,
            }
        )
        return
    line("keeps", f"{len(rows)} of {run.n_experiments} experiments")
    line("gain", f"{short(run.gain)} {run.metric} in the log, {about(said.believed_gain)} believed")
    low, high = said.noise_interval
    told = f"{about(said.noise)}   95 %: {low:.2g} to {high:.2g}"
    line("noise", short(noise) if noise else told)
    line("all luck?", f"p = {said.p_value:.2g}, {_NULLS[said.null]}")
    if seen:
        line(
            "sealed test",
            f"{seen.tested:.4g} ± {seen.tested_std:.2g} gained: "
            + _ANSWERS[seen.answer].format(f"{seen.believed:.4g} ± {seen.believed_std:.2g}"),
        )
    if rows:
        echo("")
        echo(
            f"{'t':>5} {'logged':>11} {'true':>11} {'better':>7}  {'verdict':<9}{'again':>5}  what"
        )
    for row in rows:
        echo(
            f"{row['experiment']:>5} {row['logged_gain']:>11.4g} {row['true_gain']:>11.3g} "
            f"{row['probability']:>7.1%}  {row['verdict']:<9}{row['measure_again'] or '':>5}  "
            f"{clean(row['description'])[:60]}"
        )
    if plan.any():
        echo("")
        echo(
            f"again: measurements of the variant, and as many of what it replaced, with which "
            f"{error:.0%} of the verdicts are expected to be wrong."
        )
    say_issues(run)


def sentence(said: logs.Verdict) -> str:
    """Return how many keeps are real, and which are in doubt."""
    if not said.experiment.size:
        return "no keep yet"
    real, doubt = said.real, ""
    if said.p_value > 1 - REAL:
        doubt = f"; luck alone would show as much with p = {said.p_value:.2g}"
    elif not real.all():
        doubt = f"; in doubt, of experiment {', '.join(map(str, said.experiment[~real][-8:]))}"
    return (
        f"{int(real.sum())} of {real.size} keeps are real with {REAL:.0%}{doubt}; of the logged "
        f"gain {short(said.log.gain)}, {about(said.believed_gain)} is to be believed"
    )


def _sealed(
    said: logs.Verdict, tested: tuple[float, float] | None, noise: float | None
) -> logs.Sealed | None:
    """Return what the sealed test says, if there is one."""
    if tested is None:
        if noise is not None:
            raise click.UsageError("--sealed-noise is of the values of --sealed.")
        return None
    return logs.sealed(said, *tested, noise=noise)


def _word(said: logs.Verdict, i: int) -> str:
    """Return the verdict on a keep in a word."""
    if said.real[i]:
        return "real"
    return "doubtful" if said.probability[i] >= 0.5 else "luck"


def _description(run: Any, row: int) -> str:
    return str(run.description[row]) if run.description else ""


def _draw(said: logs.Verdict, path: str) -> None:
    """Write the figure, in the format that the path's ending names."""
    from arbook import plots

    figure: Any = plots.plot_true_frontier(said).figure
    try:
        figure.savefig(path)
    except (OSError, ValueError) as error:
        fail(f"{path}: {error}")
