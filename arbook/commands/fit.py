"""`arbook fit`: the parameters of the model that a run suggests."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import Any

import click

from arbook import logs
from arbook.commands._json import head_of, write_json
from arbook.commands._options import log_argument, reads_logs, trim_option
from arbook.commands._reading import attempt, read, segment_of
from arbook.commands._words import echo, line, say_issues, say_left_out, short
from arbook.runs.fitting import FAMILIES


@click.command()
@log_argument
@click.option(
    "--family",
    type=click.Choice([*FAMILIES, "all"]),
    default="normal",
    show_default=True,
    help="Distribution of the changes; all compares them.",
)
@trim_option
@reads_logs
def fit(file: str, family: str, trim: float, as_json: bool, how: Mapping[str, Any]) -> None:
    """Fit the model's parameters sigma0, gamma and mu, with standard errors."""
    run, segment = segment_of(read(file, how))
    names = FAMILIES if family == "all" else (family,)
    rows: list[logs.Comparison] = attempt(run, lambda: logs.compare(run, names, trim=trim or None))
    if as_json:
        found = [_fit_as_dict(r.fit, r.held_out) for r in rows]
        write_json({**head_of(run, segment), "trim": trim or None, "fits": found})
        return
    for row in rows:
        f = row.fit
        echo(
            f"{f.family}: {f.n_changes} changes; "
            f"AIC {f.aic:.1f}, BIC {f.bic:.1f}, held-out log likelihood {short(row.held_out)}"
        )
        for name, value in f.estimates.items():
            low, high = f.interval(name)
            error = f.std_errors[name]
            spread = "at its bound" if isnan(error) else f"± {error:.2g}"
            line(f"  {name}", f"{short(value)} {spread}   95 %: {short(low)} to {short(high)}")
        correlation, expected = f.dependence
        line("  dependence", f"{correlation:+.2f} ± {expected:.2f} between neighbouring residuals")
    say_left_out(rows[0].fit, trim)
    say_issues(run)


def _fit_as_dict(f: Any, held_out: float) -> dict[str, Any]:
    return {
        "family": f.family,
        "estimates": f.estimates,
        "std_errors": f.std_errors,
        "log_likelihood": f.log_likelihood,
        "aic": f.aic,
        "bic": f.bic,
        "held_out": held_out,
        "n_changes": f.n_changes,
        "n_catastrophes": f.n_catastrophes,
        "threshold": f.threshold,
    }
