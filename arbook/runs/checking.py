"""Predictive checks: whether runs drawn from a fit look like the run that it was fitted to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arbook._numerics.memory import check_size
from arbook._numerics.ranges import Integer, instance
from arbook._numerics.seeds import Seed, generator
from arbook._numerics.validation import FloatArray
from arbook.runs.families import families
from arbook.runs.fits import Fit

#: What is compared: keeps among the first ten experiments; share of experiments that are kept; the
#: logged gain and its largest step, in the metric's unit; most experiments in a row without a keep.
STATISTICS = ("first ten keeps", "keep rate", "gain", "largest gain", "longest wait")

_EARLY = 10


@dataclass(frozen=True, eq=False, repr=False)
class Check:
    """One number of a run beside what a fit expects of it.

    Parameters
    ----------
    name : str
        One of `STATISTICS`.
    observed : float
        The number in the log.
    draws : ndarray, shape (n_draws,)
        The same number in runs drawn from the fit.

    See Also
    --------
    predictive_checks : Makes them.

    Examples
    --------
    >>> Check("gain", 0.03, np.array([0.01, 0.02, 0.03, 0.04])).above
    0.375
    """

    name: str
    observed: float
    draws: FloatArray

    @property
    def above(self) -> float:
        """Share of the draws above the log's number, ties counted half."""
        more, same = self.draws > self.observed, self.draws == self.observed
        return float(more.mean() + 0.5 * same.mean())

    @property
    def interval(self) -> tuple[float, float]:
        """Ends between which 95 % of the draws lie."""
        low, high = np.quantile(self.draws, [0.025, 0.975])
        return float(low), float(high)

    def __repr__(self) -> str:
        low, high = self.interval
        return (
            f"Check({self.name}: {self.observed:.4g}, drawn {low:.4g} to {high:.4g}; "
            f"{self.above:.1%} of the draws are above)"
        )


def predictive_checks(fit: Fit, *, n_draws: int = 1000, seed: Seed = 0) -> list[Check]:
    """Draw runs from a fit and compare them with the log, in five numbers.

    Parameters
    ----------
    fit : Fit
        A fitted run. With a noise, the drawn runs are measured with it, and decided by what was
        measured.
    n_draws : int, default 1000
        Number of runs that are drawn, >= 1.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None, default 0
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.

    Returns
    -------
    list of Check
        One for each of `STATISTICS`. A number far out among the draws is one that the fit does
        not explain.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the draws do not fit in memory.

    Notes
    -----
    Experiments that the fit left out, crashes and catastrophes, are kept in no draw. The draws take
    the estimates for the truth [1]_, so a fit is given no credit for what it does not know.

    References
    ----------
    .. [1] D. B. Rubin, "Bayesianly justifiable and relevant frequency calculations for the applied
       statistician", Annals of Statistics 12, 1151-1172, 1984.

    Examples
    --------
    >>> from arbook import logs
    >>> early, *_ = logs.predictive_checks(logs.fit(logs.load_run("h100-mar8")))
    >>> early.name, early.observed, early.above < 0.05
    ('first ten keeps', 8.0, True)
    """
    instance("fit", fit, Fit)
    n_draws = Integer(1)("n_draws", n_draws)
    data, n = fit._data, fit.log.n_experiments
    check_size("n_draws", n_draws, 40 * n)
    rng = generator(seed)
    family = families()[fit.family]
    theta, noise = data.parts(fit._theta)
    still = np.zeros(2)
    delta = np.array([family.draw(theta, data.t, data.span, still, rng) for _ in range(n_draws)])
    true = np.zeros(n_draws)
    best = noise * rng.standard_normal(n_draws)
    gain = np.zeros((n_draws, n))
    for i, t in enumerate(data.t.tolist()):
        y = true + delta[:, i] + noise * rng.standard_normal(n_draws)
        gain[:, t] = np.maximum(best - y, 0.0)
        true = np.where(y < best, true + delta[:, i], true)
        best = np.minimum(best, y)
    log = fit.log
    seen = np.where(log.kept[1:], log.improvement, 0.0)
    drawn = _statistics(data.scale * gain)
    found = _statistics(np.nan_to_num(seen)[None, :])
    return [Check(*row) for row in zip(STATISTICS, found[:, 0].tolist(), drawn, strict=True)]


def _statistics(gain: FloatArray) -> FloatArray:
    """Return the five numbers of runs, one a column, from the gain of each experiment."""
    kept = gain > 0
    waits = np.array([_longest_wait(row) for row in kept], dtype=float)
    return np.array(
        [
            kept[:, :_EARLY].sum(axis=1).astype(float),
            kept.mean(axis=1),
            gain.sum(axis=1),
            gain.max(axis=1),
            waits,
        ]
    )


def _longest_wait(kept: NDArray[np.bool_]) -> int:
    """Return the most experiments in a row without a keep."""
    ends = np.flatnonzero(np.concatenate([[True], kept, [True]]))
    return int(np.diff(ends).max()) - 1
