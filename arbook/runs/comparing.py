"""Several fits to one run, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from arbook._numerics.ranges import Options, open_unit_interval
from arbook._numerics.validation import ParameterError, instances
from arbook.model.run import RunLog
from arbook.runs import measured
from arbook.runs.changes import TRIM
from arbook.runs.families import FAMILIES, families
from arbook.runs.fits import Fit
from arbook.runs.fitting import fit, most_likely
from arbook.runs.measured import trace_of


@dataclass(frozen=True, eq=False)
class Comparison:
    """One row of `compare`.

    Parameters
    ----------
    fit : Fit
        The fit to the whole run.
    held_out : float
        Mean log likelihood of a change of the run's last part under a fit to the rest, in nats;
        nan where the rest is too short. Larger is better. What the rest's rule for catastrophes
        leaves out is left out of both.

    Examples
    --------
    >>> from arbook import logs
    >>> best, _ = logs.compare(logs.load_run("h100-mar8"), ["normal", "two-part"])
    >>> best.fit.family, round(best.held_out, 1)
    ('two-part', 3.3)
    """

    fit: Fit
    held_out: float


def compare(
    log: RunLog,
    families: Iterable[str] = FAMILIES,
    *,
    trim: float | None = TRIM,
    share: float = 0.3,
    noise: float | str = 0.0,
) -> list[Comparison]:
    """Fit several families to one run, the one with the smallest AIC first.

    Fits with an estimate at the end of its range come last: their AIC is that of another family.

    Parameters
    ----------
    log : RunLog
        The run.
    families : iterable of str
        Names of families, as for `fit`.
    trim : float or None, default 10
        As for `fit`.
    share : float, default 0.3
        Share of the experiments, at the end, that is held out, in (0, 1).
    noise : float or "estimate", default 0.0
        As for `fit`.

    Returns
    -------
    list of Comparison
        Fits, with AIC, BIC and held-out likelihood.

    Raises
    ------
    ParameterError
        As `fit`, or if `share` is outside (0, 1).

    Examples
    --------
    >>> from arbook import logs
    >>> table = logs.compare(logs.load_run("h100-mar8"), ["normal", "student", "two-part"])
    >>> [row.fit.family for row in table]
    ['two-part', 'student', 'normal']
    """
    share = open_unit_interval("share", share)
    chosen = instances("families", families, str)
    for name in chosen:
        Options(*FAMILIES)("families", name)
    rows = [
        Comparison(
            fit(log, family=name, trim=trim, noise=noise),
            _held_out(log, name, trim, share, noise),
        )
        for name in chosen
    ]
    return sorted(rows, key=order)


def order(row: Comparison) -> tuple[bool, float]:
    """Return by what fits are sorted: whether an estimate is at its end, and AIC."""
    return bool(row.fit.at_bound), row.fit.aic


def _held_out(
    log: RunLog, family: str, trim: float | None, share: float, noise: float | str
) -> float:
    """Return the mean log likelihood of the last part under a fit to the first.

    The fit sees nothing of the last part: catastrophes are what the first part's rule calls so.
    """
    first = round(log.n_experiments * (1 - share))
    chosen = families()[family]
    try:
        d, threshold, _, theta, _ = most_likely(log.first(first), chosen, trim, noise)
    except ParameterError:  # too short a part
        return float("nan")
    used = np.flatnonzero(log.delta <= threshold)
    late = used[used >= first]
    if not late.size:
        return float("nan")
    theta, nu = d.parts(theta)
    if d.trace is None:
        density = chosen.log_density(theta, log.delta[late] / d.scale, late, d.span)
    else:
        whole = trace_of(log, used).divided(d.scale)
        density = measured.log_density(whole, chosen, theta, d.span, nu)[late]
    return float(density.mean() - np.log(d.scale))
