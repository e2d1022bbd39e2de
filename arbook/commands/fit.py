"""`arbook fit`: the parameters of the model that a run suggests."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import click

from arbook import ParameterError, logs
from arbook._numerics.normal import NORMAL_95
from arbook.commands._json import head_of, write_json
from arbook.commands._options import log_argument, reads_logs, trim_option
from arbook.commands._reading import attempt, read, segment_of
from arbook.commands._words import (
    about,
    echo,
    line,
    say_issues,
    say_left_out,
    short,
    to_error,
    with_error,
)
from arbook.model.run import RunLog
from arbook.runs.comparing import order
from arbook.runs.families import FAMILIES
from arbook.runs.scales import FACTOR, falls_by_factors


def _noise(ctx: Any, param: Any, value: str) -> float | str:
    """Return a standard deviation, or "estimate"."""
    if value == "estimate":
        return value
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number < math.inf:
        raise click.BadParameter(
            f"{value} is neither a finite number >= 0 nor estimate.", ctx, param
        )
    return number


@click.command()
@log_argument
@click.option(
    "--family",
    type=click.Choice([*FAMILIES, "all"]),
    default="normal",
    show_default=True,
    help="Distribution of the changes; all compares them.",
)
@click.option(
    "--noise",
    default="0",
    show_default=True,
    callback=_noise,
    help="Standard deviation of a measurement, of its logarithm with --scale log, or estimate; 0 "
    "takes logged values for the truth.",
)
@click.option(
    "--scale",
    type=click.Choice(["auto", "metric", "log"]),
    default="auto",
    show_default=True,
    help=f"log fits the metric's logarithm, auto where it fell by a factor of {FACTOR:g} or more "
    "and no noise is given.",
)
@trim_option
@reads_logs
def fit(
    file: str,
    family: str,
    noise: float | str,
    scale: str,
    trim: float,
    as_json: bool,
    how: Mapping[str, Any],
) -> None:
    """Fit the model's parameters sigma0, gamma and mu, with standard errors."""
    run, segment = segment_of(read(file, how))
    if scale == "auto" and isinstance(noise, float) and noise > 0:
        scale = "metric"  # whose unit the noise has
    run = _on_scale(run, scale)
    names = FAMILIES if family == "all" else (family,)
    rows, refused = attempt(run, lambda: _fitted(run, names, trim=trim or None, noise=noise))
    if as_json:
        found = [_fit_as_dict(r.fit, r.held_out) for r in rows]
        write_json(
            {**head_of(run, segment), "trim": trim or None, "fits": found, "refused": refused}
        )
        return
    for row in rows:
        f = row.fit
        echo(
            f"{f.family}: {f.n_changes} changes; "
            f"AIC {f.aic:.1f}, BIC {f.bic:.1f}, "
            + (
                "too short to hold a part out"
                if math.isnan(row.held_out)
                else f"held-out log likelihood {short(row.held_out)}"
            )
        )
        for name, value in f.estimates.items():
            low, high = f.interval(name)
            error = f.std_errors[name]
            held = (
                f"{about(value)} at its bound" if name in f.at_bound else with_error(value, error)
            )
            line(f"  {name}", f"{held}   95 %: {_from_to(low, high, error)}")
        correlation, expected = f.dependence
        line("  dependence", f"{correlation:+.2f} ± {expected:.2f} between neighbouring residuals")
        skewness, expected = f.skewness
        line("  skewness", f"{skewness:+.2f} ± {expected:.2f} of the residuals")
        if noise == "estimate" and abs(skewness) > NORMAL_95 * expected:
            echo(
                "  so intervals are longer: the shape tells the noise, and does not fit; "
                "give one that repeats tell (--noise)"
            )
    say_left_out(rows[0].fit, trim)
    for name, why in refused.items():
        echo(f"{name}: not fitted, for {why}", err=True)
    say_issues(run)


def _fitted(
    run: RunLog, names: Sequence[str], **how: Any
) -> tuple[list[logs.Comparison], dict[str, str]]:
    """Return the fits of families, the best first, and why others are refused."""
    rows, refused = [], {}
    for name in names:
        try:
            rows += logs.compare(run, [name], **how)
        except ParameterError as error:
            if name == names[-1] and not rows:
                raise
            refused[name] = str(error)
    return sorted(rows, key=order), refused


def _on_scale(run: RunLog, scale: str) -> RunLog:
    """Return the run as it is, or its logarithm, and say so where nobody asked."""
    if scale == "metric" or (scale == "auto" and not falls_by_factors(run)):
        return run
    if scale == "auto":
        echo(
            f"The metric fell by a factor of {run.f0 / run.frontier[-1]:.3g}, so its logarithm "
            "is fitted: 0.01 is 1 % of the metric (--scale metric fits the metric itself).",
            err=True,
        )
    return attempt(run, lambda: logs.in_logarithms(run))  # type: ignore[no-any-return]


def _from_to(low: float, high: float, error: float) -> str:
    """Return the words for an interval, of which an end may be infinite, as far as an error."""
    # of a size or a decay that the log does not tell the low end is 0
    if math.isinf(high) and (math.isinf(low) or low == 0):
        return "any value"
    if math.isinf(high):
        return f"{to_error(low, error)} and above"
    if math.isinf(low):
        return f"{to_error(high, error)} and below"
    return f"{to_error(low, error)} to {to_error(high, error)}"


def _fit_as_dict(f: Any, held_out: float) -> dict[str, Any]:
    return {
        "family": f.family,
        "estimates": f.estimates,
        "std_errors": f.std_errors,
        "at_bound": list(f.at_bound),
        "noise": f.noise,
        "log_likelihood": f.log_likelihood,
        "aic": f.aic,
        "bic": f.bic,
        "held_out": held_out,
        "n_changes": f.n_changes,
        "n_catastrophes": f.n_catastrophes,
        "threshold": f.threshold,
    }
