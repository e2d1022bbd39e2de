r"""A log as a loop with a noisy metric saw it, and how likely its measurements are.

The logged best is selected, so it is lucky: a change that is taken against it is too large by the
incumbent's luck. The filter of `arbook.noise` takes it against what the incumbent is believed to
be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from arbook._numerics.normal import NORMAL_95
from arbook._numerics.validation import FloatArray, IntArray
from arbook.model.run import RunLog
from arbook.noise import kalman
from arbook.noise.grid import GridFilter
from arbook.noise.traces import Filtered, Smoothed, Trace
from arbook.runs.families import Family, LocationScale
from arbook.runs.repeats import repeated_rows

#: A noise below this share of the mean size of a change cannot be told from none.
SMALLEST_NOISE = 1e-3


def filtered(
    trace: Trace, family: Family, theta: FloatArray, span: int, noise: float
) -> tuple[Filtered, GridFilter | None]:
    """Return what the filter says under a family, and the grid where it took one."""
    if isinstance(family, LocationScale) and family.is_normal:
        return kalman.filtered(trace, *_moments(trace, family, theta, span), noise), None

    def law(delta: FloatArray, t: IntArray) -> FloatArray:
        return np.asarray(family.cdf(theta, delta, t, span))

    def mean_law(delta: FloatArray, t: IntArray) -> FloatArray:
        return np.asarray(family.mean_cdf(theta, delta, t, span))

    grid = GridFilter(trace, law, noise, mean_law)
    return grid.filtered, grid


def smoothed(trace: Trace, family: Family, theta: FloatArray, span: int, noise: float) -> Smoothed:
    """Return what the whole log says of every incumbent and of every keep."""
    past, grid = filtered(trace, family, theta, span, noise)
    if grid is not None:
        return grid.smoothed()
    return kalman.smoothed(trace, *_moments(trace, family, theta, span), noise, past)


def below(trace: Trace, family: Family, theta: FloatArray, span: int, noise: float) -> FloatArray:
    """Return the probability of less than was measured, given what was before."""
    past, grid = filtered(trace, family, theta, span, noise)
    if grid is not None:
        return grid.below()
    return kalman.below(trace, *_moments(trace, family, theta, span), noise, past)


def log_density(
    trace: Trace, family: Family, theta: FloatArray, span: int, noise: float
) -> FloatArray:
    """Return the log density of each experiment, and then of each repeat."""
    past, _ = filtered(trace, family, theta, span, noise)
    return np.concatenate([past.log_density, trace.repeats_log_density(noise)])


def _moments(
    trace: Trace, family: Any, theta: FloatArray, span: int
) -> tuple[FloatArray, FloatArray]:
    moments: tuple[FloatArray, FloatArray] = family.moments(theta, np.arange(trace.y.size), span)
    return moments


def trace_of(log: RunLog, used: IntArray) -> Trace:
    """Return the measurements of a log, lower being better, and its decisions.

    Experiments that are not in `used` are left out. A row that repeats the incumbent is a
    measurement of it; one that repeats another configuration tells of the noise only, unless it
    was kept.
    """
    first = log.baseline or 0
    value = log._sign * log.value
    y = np.full(log.n_experiments, np.nan)
    y[used] = value[used + 1]
    kept = log.kept[1:].copy()
    again = np.zeros(y.size, dtype=bool)
    contrasts: list[float] = []
    earlier = {
        row: group[:i] for group in repeated_rows(log) for i, row in enumerate(group) if i > 0
    }
    incumbent = first
    for row in range(first + 1, value.size):
        before = earlier.get(row, [])
        if incumbent in before:
            y[row - 1], again[row - 1] = value[row], True
        elif before and not kept[row - 1]:
            y[row - 1] = np.nan
            spread = np.sqrt(1 + 1 / len(before))
            contrasts.append(float(value[row] - value[before].mean()) / spread)
        elif kept[row - 1] and np.isfinite(y[row - 1]):
            incumbent = row
    if log.noise is not None:  # each is as good as one difference of that size
        contrasts += log.noise[np.isfinite(log.noise)].tolist()
    return Trace(float(value[first]), y, kept, again, np.array(contrasts))


@dataclass(frozen=True, eq=False)
class TrueFrontier:
    """The true metric of the incumbent of each row, given the whole log.

    Parameters
    ----------
    mean, std : ndarray, shape (N + 1,)
        Its expected value and the standard deviation about it, in the metric's unit.

    See Also
    --------
    fit : With a noise, its `Fit.true_frontier` is one.

    Examples
    --------
    >>> import numpy as np
    >>> low, high = TrueFrontier(np.array([1.0, 0.9]), np.array([0.0, 0.1])).band
    >>> low.round(2), high.round(2)
    (array([1. , 0.7]), array([1. , 1.1]))
    """

    mean: FloatArray
    std: FloatArray

    @property
    def band(self) -> tuple[FloatArray, FloatArray]:
        """Ends of the band that holds each value with 95 %."""
        half = NORMAL_95 * self.std
        return self.mean - half, self.mean + half
