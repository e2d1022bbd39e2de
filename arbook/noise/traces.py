"""What a loop saw of a run, and what a filter and a smoother make of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from arbook._numerics.ranges import number
from arbook._numerics.validation import FloatArray, float_array, refuse


@dataclass(frozen=True, eq=False)
class Trace:
    """Measurements and decisions of one run, lower is better.

    Parameters
    ----------
    baseline : float
        Measurement of the baseline.
    y : ndarray, shape (N,)
        Measurement of each experiment; nan where there is none, or none to be used.
    kept : ndarray of bool, shape (N,)
        Whether the variant became the incumbent; False where it has no measurement.
    again : ndarray of bool, shape (N,), optional
        Where no variant was tried, but the incumbent was measured again.
    contrasts : ndarray, optional
        What repeated measurements of other configurations say of the noise: differences of which
        each has its standard deviation.

    Raises
    ------
    ParameterError
        If the shapes differ, or a measurement is infinite.

    Examples
    --------
    >>> Trace(1.0, [0.99, 0.995], [True, False]).last
    array([1.  , 0.99])
    """

    baseline: float
    y: FloatArray
    kept: NDArray[np.bool_]
    again: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    contrasts: FloatArray = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        number("baseline", self.baseline)
        y = float_array(self.y)
        if y is None or y.ndim != 1 or np.isinf(y).any():
            raise refuse("y", self.y, "a one-dimensional array of numbers, nan where none is")
        again = np.asarray(self.again, bool)
        again = again if again.size else np.zeros(y.size, dtype=bool)
        kept = np.asarray(self.kept, bool)
        for name, flags in (("kept", kept), ("again", again)):
            if flags.shape != y.shape:
                raise refuse(name, flags.shape, f"of the shape of y, {y.shape}")
        kept = kept & np.isfinite(y) & ~again
        contrasts = np.asarray(self.contrasts, dtype=float)
        for name, value in (("y", y), ("kept", kept), ("again", again), ("contrasts", contrasts)):
            object.__setattr__(self, name, value)

    def in_unit(self, unit: float) -> Trace:
        """Return the run in another unit."""
        return Trace(
            self.baseline / unit, self.y / unit, self.kept, self.again, self.contrasts / unit
        )

    def divided(self, scale: float) -> Trace:
        """Return the run in another unit, the baseline's measurement being 0."""
        y = (self.y - self.baseline) / scale
        return Trace(0.0, y, self.kept, self.again, self.contrasts / scale)

    def repeats_log_density(self, noise: float) -> FloatArray:
        """Return the log density of each of `contrasts`."""
        return np.asarray(-0.5 * (self.contrasts / noise) ** 2 - np.log(noise * np.sqrt(2 * np.pi)))

    @property
    def changes(self) -> FloatArray:
        """Measured variants less what their incumbents were kept with, in their order."""
        return (self.y - self.last)[np.isfinite(self.y) & ~self.again]

    @property
    def last_of_all(self) -> float:
        """Measurement that the incumbent at the end was kept with."""
        return float(self.y[self.kept][-1]) if self.kept.any() else self.baseline

    @property
    def last(self) -> FloatArray:
        """Measurement that the incumbent of each experiment was kept with, shape (N,)."""
        rows = np.where(self.kept, np.arange(1, self.y.size + 1), 0)
        rows = np.maximum.accumulate(np.concatenate([[0], rows]))[:-1]
        return np.concatenate([[self.baseline], self.y])[rows]


@dataclass(frozen=True, eq=False)
class Filtered:
    """The incumbent as each experiment found it, from what was measured before.

    Parameters
    ----------
    log_density : ndarray, shape (N,)
        Log density of each measurement given those before it; 0 where there is none. Its sum is
        the log likelihood of the run.
    mean, std : ndarray, shape (N + 1,)
        Mean and standard deviation of the incumbent's true metric before each experiment, and
        after the last.
    """

    log_density: FloatArray
    mean: FloatArray
    std: FloatArray


@dataclass(frozen=True, eq=False)
class Smoothed:
    """The incumbent of each row, and the true gain of each keep, given the whole log.

    Parameters
    ----------
    mean, std : ndarray, shape (N + 1,)
        Mean and standard deviation of the true metric of each row's incumbent.
    gain, gain_std, better : ndarray, shape (N,)
        Expected true gain of each keep, its standard deviation, and the probability that it is
        positive; nan where nothing was kept.
    """

    mean: FloatArray
    std: FloatArray
    gain: FloatArray
    gain_std: FloatArray
    better: FloatArray
