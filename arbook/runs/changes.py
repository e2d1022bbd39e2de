"""The changes of a log that a fit uses, and how likely they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from arbook._numerics.normal import NORMAL_95
from arbook._numerics.ranges import OrNone, Real, positive
from arbook._numerics.robust import robust_std
from arbook._numerics.validation import FloatArray, IntArray, ParameterError, refuse
from arbook.model.run import RunLog, unbroken
from arbook.noise.traces import Trace
from arbook.runs import measured
from arbook.runs.families import Family
from arbook.runs.measured import SMALLEST_NOISE, trace_of

#: A change this many robust standard deviations above the median is a catastrophe.
TRIM = 10.0

#: The fewest measured changes that can be fitted.
FEWEST = 8

_KNOWN = Real(0, ends="(", note="or 'estimate'")

# Changes are differences of two measurements, so this noise is none of theirs, and what it leaves
# of them is rounding.
_LOUDEST = 1000.0

# By how much differences of the log likelihood are too large for each unit of squared skewness
# beyond its error. Many skewed logs together ask for 1.3 (tests/runs/test_intervals.py); since one
# log tells its skewness badly, intervals of 95 % hold 93 % with this, and 91 % with half of it.
_MISFIT = 2.0

_WORDS = {2: "two", 3: "three"}

# Changes so much smaller than the large ones are ties.
_TIE = 1e-4


def skewness_of(residuals: FloatArray) -> tuple[float, float]:
    """Return the skewness of residuals, and its standard error if they are normal."""
    r, n = residuals - residuals.mean(), residuals.size
    error = np.sqrt(6 * (n - 2) / ((n + 1) * (n + 3)))
    return float(np.mean(r**3) / np.mean(r**2) ** 1.5), float(error)


def misfit(residuals: FloatArray) -> float:
    """Return how many times too large differences of the log likelihood are, 1 or more."""
    skewness, error = skewness_of(residuals)
    return 1 + _MISFIT * max(0.0, skewness**2 - error**2)


def block(residuals: FloatArray) -> int:
    """Return how many neighbours a jackknife leaves out: more where they are dependent."""
    r = residuals - residuals.mean()
    depends = abs(float(r[1:] @ r[:-1])) > NORMAL_95 / np.sqrt(r.size) * float(r @ r)
    return round(float(np.cbrt(r.size))) if depends else 1


@dataclass(frozen=True, eq=False)
class Changes:
    """Changes divided by their scale, and the experiments they belong to.

    `noise` is divided by the scale, too: 0 where measurements are taken for the truth; None where
    it is estimated, as the last coordinate, its logarithm.
    """

    delta: FloatArray
    t: IntArray
    span: int
    scale: float
    noise: float | None = 0.0
    trace: Trace | None = field(default=None, repr=False)

    @property
    def n_densities(self) -> int:
        """Number of measurements whose density the likelihood multiplies."""
        if self.trace is None:
            return self.delta.size
        return int(np.isfinite(self.trace.y).sum()) + self.trace.contrasts.size

    def start(self, family: Family) -> FloatArray:
        """Return coordinates near the data."""
        return family.start(self.delta, self.t)

    def parts(self, theta: FloatArray) -> tuple[FloatArray, float]:
        """Return the family's coordinates, and the noise."""
        if self.noise is not None:
            return theta, self.noise
        return theta[:-1], float(np.exp(np.clip(theta[-1], np.log(SMALLEST_NOISE), 600.0)))

    def log_density(self, family: Family) -> Callable[[FloatArray], FloatArray]:
        """Return the log densities as a function of the coordinates, in the order of the run."""

        def log_density(theta: FloatArray) -> FloatArray:
            own, noise = self.parts(theta)
            if self.trace is None:
                return np.asarray(family.log_density(own, self.delta, self.t, self.span))
            return measured.log_density(self.trace, family, own, self.span, noise)

        return log_density

    def cost(self, family: Family) -> Callable[[FloatArray], float]:
        """Return minus the log likelihood as a function of the coordinates."""
        log_density = self.log_density(family)

        def cost(theta: FloatArray) -> float:
            total = -float(log_density(theta).sum())
            return total if np.isfinite(total) else 1e300

        return cost

    def natural(self, family: Family, theta: FloatArray) -> FloatArray:
        """Return the parameters in the metric's unit, the noise last where it is estimated."""
        own, noise = self.parts(theta)
        values = family.natural(own, self.span, self.scale)
        if self.noise is not None:
            return values
        # a logarithm and back is not the same to the last digit
        is_none = noise < (1 + 1e-9) * SMALLEST_NOISE
        return np.append(values, 0.0 if is_none else noise * self.scale)

    def residuals(self, family: Family, theta: FloatArray) -> FloatArray:
        """Return normal scores of what was measured, given what was measured before."""
        from scipy.special import ndtri

        own, noise = self.parts(theta)
        if self.trace is None:
            below = family.cdf(own, self.delta, self.t, self.span)
        else:
            below = measured.below(self.trace, family, own, self.span, noise)
        return np.asarray(ndtri(np.clip(below, 1e-15, 1 - 1e-15)))


def changes_of(log: RunLog, trim: float | None, fewest: int = FEWEST) -> tuple[Changes, float, int]:
    """Return the data, the threshold of catastrophes, and their number."""
    trim = OrNone(positive)("trim", trim)
    delta = unbroken(log).delta
    t = np.flatnonzero(np.isfinite(delta))
    delta = delta[t]
    threshold = float("inf")
    if trim is not None and delta.size:
        # ties, of which some logs are full, say nothing of the scale
        size = np.abs(delta)
        moved = delta[size > _TIE * np.quantile(size, 0.9)]
        middle = float(np.median(moved)) if moved.size else 0.0
        spread = robust_std(moved)
        threshold = middle + trim * spread if spread > 0 else threshold
    used = delta <= threshold
    dropped = int((~used).sum())
    delta, t = delta[used], t[used]
    values = min(fewest, 3)
    if delta.size < fewest or np.unique(delta).size < values:
        besides = f", besides {dropped} catastrophes (see trim)" if dropped else ""
        raise ParameterError(
            f"log must have at least {fewest} measured changes, {_WORDS[values]} of them "
            f"different, got {delta.size} changes with {np.unique(delta).size} values{besides}"
        )
    scale = float(np.abs(delta).mean())
    return Changes(delta / scale, t, max(log.n_experiments, 1), scale), threshold, dropped


def known_noise(noise: float | str, trace: Trace) -> float | None:
    """Return a noise that is given, or None where the log has to tell it."""
    if isinstance(noise, str) and noise == "estimate":
        return None
    nu, largest = _KNOWN("noise", noise), float(np.abs(trace.changes).max(initial=0.0))
    if largest and nu > _LOUDEST * largest:
        allowed = f"at most {_LOUDEST:g} times the largest change, {largest:.3g}"
        raise refuse("noise", noise, allowed)
    return nu


def trace(log: RunLog, *, trim: float | None = TRIM) -> Trace:
    """Return a log as a filter sees it: measurements, decisions and repeats.

    Parameters
    ----------
    log : RunLog
        A run with at least two measured changes. Of a run with restarts, take a segment.
    trim : float or None, default 10
        Rule for catastrophes, as for `fit`; they are taken for experiments without a metric.

    Returns
    -------
    arbook.noise.Trace
        The run, lower being better whatever the metric's direction.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the log has too few changes.

    Examples
    --------
    >>> from arbook import logs
    >>> int(logs.trace(logs.load_run("h100-mar8")).kept.sum())
    22
    """
    return trace_of(log, changes_of(log, trim, fewest=2)[0].t)
