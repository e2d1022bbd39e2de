r"""Filter and smoother of a run whose true changes have any law: on a grid.

The state is one number, so its density can be carried on a grid of a few dozen points. A
measurement is wrong by a few :math:`\nu` at most, so a grid of some :math:`\nu` about the last
kept measurement holds all that is likely; a kept variant's grid lies about its own measurement.
Between two such grids every change is a multiple of the spacing, so a convolution passes from
one to the other. A change between two of its multiples is shared out between them, the nearer
one getting more. The law of changes may have kinks and jumps: where a family says what its
distribution function is on average between two changes, all that the filter says is smooth in
the family's parameters and in the noise, so that its slopes and curvatures mean something.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from arbook._numerics.normal import cdf
from arbook._numerics.validation import FloatArray, IntArray
from arbook.noise.traces import Filtered, Smoothed, Trace

#: Distribution function of the change: ``cdf(delta, t)``, of the shape that both broadcast to.
Cdf = Callable[[FloatArray, IntArray], FloatArray]

#: Mean of the distribution function between neighbouring changes: of the last axis one fewer.
MeanCdf = Callable[[FloatArray, IntArray], FloatArray]

# Half the width of a grid in nu, and its points.
_WIDTH = 6.0
_POINTS = 73
_U = np.linspace(-_WIDTH, _WIDTH, _POINTS)
_STEP = float(_U[1] - _U[0])
_WEIGHT = np.exp(-0.5 * _U**2) / np.sqrt(2 * np.pi)

# Changes that lead from one grid to the other, and one more on each side.
_LAGS = _STEP * np.arange(-(_POINTS - 1), _POINTS)
_AROUND = _STEP * np.arange(-_POINTS, _POINTS + 1)
_SMALLEST = 1e-300

# What each cell of a change says of each old incumbent, the new one's measurement being known: a
# product of matrices is quicker than so many convolutions. Few rows at once: of more, NumPy makes
# threads, which wait for each other on a busy machine.
_SEEN = np.array([np.roll(np.append(_WEIGHT, np.zeros(_POINTS - 1)), j) for j in range(_POINTS)])
_SEEN = np.ascontiguousarray(_SEEN[::-1].T)
_ROWS = 32
_ONES = np.ones(_POINTS)

# So many discards are taken at once: what they say together is still no number too small.
_DISCARDS = 16


class GridFilter:
    """The laws of one run, forwards when it is made and backwards when it is asked.

    Parameters
    ----------
    trace : Trace
        What was seen.
    law : callable
        Distribution function of the changes.
    noise : float
        Standard deviation of a measurement, > 0.
    mean_law : callable, optional
        Mean of `law` between neighbouring changes. By default it is `law` in the middle, which
        does for a smooth one.
    """

    def __init__(
        self, trace: Trace, law: Cdf, noise: float, mean_law: MeanCdf | None = None
    ) -> None:
        self._trace, self._noise, self._law = trace, noise, law
        self._last = np.append(trace.last, trace.last_of_all)
        self._used = np.flatnonzero(np.isfinite(trace.y) & ~trace.again)
        self._shift = trace.y[self._used] - self._last[self._used]
        changes = self._shift[:, None] + noise * _AROUND
        if mean_law is None:
            self._below = law((changes[:, 1:] + changes[:, :-1]) / 2, self._used[:, None])
        else:
            self._below = mean_law(changes, self._used[:, None])
        self._mass = np.maximum(np.diff(self._below, axis=1), 0.0)
        # what a measurement says of each old incumbent, however it was decided
        rows = range(0, max(len(self._mass), 1), _ROWS)
        self._seen = np.concatenate([self._mass[i : i + _ROWS] @ _SEEN for i in rows])
        self._forward()

    def _forward(self) -> None:
        trace, nu, n = self._trace, self._noise, self._trace.y.size
        said = np.ones((n, _POINTS))
        said[self._used] = self._seen
        again = np.flatnonzero(trace.again & np.isfinite(trace.y))
        if again.size:
            off = (trace.y[again] - self._last[again]) / nu
            said[again] = np.exp(-0.5 * (off[:, None] - _U) ** 2) / np.sqrt(2 * np.pi)
        self._laws = laws = np.empty((n + 1, _POINTS))
        laws[1:] = said / np.maximum(said.max(axis=1, initial=0.0), _SMALLEST)[:, None]
        law, start, of_keeps = _WEIGHT / _WEIGHT.sum(), 0, []
        kept = np.flatnonzero(trace.kept[self._used])
        for used, stop in zip((*kept.tolist(), -1), (*self._used[kept].tolist(), n), strict=True):
            for first in range(start, stop, _DISCARDS):
                law = self._discards(law, said, first, min(first + _DISCARDS, stop))
            laws[stop] = law
            if used >= 0:
                law, total = _scaled(_WEIGHT * _onward(self._mass[used], law))
                of_keeps.append(total)
            start = stop + 1
        laws /= (laws @ _ONES)[:, None]
        totals = np.einsum("ij,ij->i", laws[:-1], said)
        totals[self._used[kept]] = of_keeps
        is_seen = np.isfinite(trace.y)
        log_density = np.where(is_seen, np.log(np.maximum(totals, _SMALLEST) / nu), 0.0)
        mean = laws @ _U
        std = np.sqrt(np.maximum(laws @ _U**2 - mean**2, 0.0))
        self.filtered = Filtered(log_density, self._last + nu * mean, nu * std)

    def _discards(self, law: FloatArray, said: FloatArray, start: int, stop: int) -> FloatArray:
        """Return the incumbent's law after rows that kept nothing, and note it before each.

        What they say, without its size, is where the law after each of them will be.
        """
        laws = self._laws[start : stop + 1]
        laws[0] = law
        after, total = _scaled(np.multiply.reduce(laws))
        if total > _SMALLEST:
            np.multiply.accumulate(laws[:-1], out=laws[:-1])
            return after
        for t in range(start, stop):
            self._laws[t] = law
            law, _ = _scaled(law * said[t])
        return law

    def below(self) -> FloatArray:
        """Return the probability of less than was measured, given what was before."""
        trace, found, used = self._trace, [], 0
        for t in np.flatnonzero(np.isfinite(trace.y)):
            if trace.again[t]:
                ahead = cdf((trace.y[t] - trace.last[t]) / self._noise - _U)
            else:
                # a variant below the grid, and one on it that was measured too high
                lowest = self._below[used, :_POINTS][::-1]
                ahead = lowest + _back(self._mass[used], cdf(-_U))
                used += 1
            found.append(float(self._laws[t] @ ahead))
        return np.array(found)

    def smoothed(self) -> Smoothed:
        """Return the law of the incumbents and of the kept changes given the whole log."""
        trace, nu, n = self._trace, self._noise, self._trace.y.size
        mean, std = np.empty(n + 1), np.empty(n + 1)
        gain, gain_std, better = (np.full(n, np.nan) for _ in range(3))
        later, used = np.ones(_POINTS), self._used.size
        last, at_zero = self._last, self._law(np.zeros(used), self._used)
        for t in range(n, -1, -1):
            if t < n and np.isfinite(trace.y[t]):
                y = float(trace.y[t])
                if trace.again[t]:
                    later = later * np.exp(-0.5 * ((y - last[t]) / nu - _U) ** 2)
                else:
                    used -= 1
                    mass = self._mass[used]
                    if trace.kept[t]:
                        onto = _WEIGHT * later
                        gain[t], gain_std[t], better[t] = self._change(used, t, onto, at_zero[used])
                        later = _back(mass, onto)
                    else:
                        later = later * self._seen[used]
                later = later / max(float(later.max()), _SMALLEST)
            law = self._laws[t] * later
            law = law / max(float(law.sum()), _SMALLEST)
            mean[t] = last[t] + nu * float(law @ _U)
            std[t] = nu * np.sqrt(max(float(law @ _U**2) - float(law @ _U) ** 2, 0.0))
        return Smoothed(mean, std, gain, gain_std, better)

    def _change(
        self, used: int, t: int, onto: FloatArray, at_zero: float
    ) -> tuple[float, float, float]:
        """Return expected gain, its standard deviation, and the probability of a gain."""
        law, nu = self._laws[t], self._noise
        mass = self._mass[used]
        # the part of each cell that is a gain
        gains = np.diff(np.minimum(self._below[used], at_zero))
        total = max(float(onto @ _onward(mass, law)), _SMALLEST)
        moved = -(self._shift[used] + nu * _LAGS)
        first = float(onto @ _onward(mass * moved, law)) / total
        second = float(onto @ _onward(mass * moved**2, law)) / total
        positive = float(onto @ _onward(np.maximum(gains, 0.0), law)) / total
        return first, float(np.sqrt(max(second - first**2, 0.0))), min(positive, 1.0)


def _scaled(seen: FloatArray) -> tuple[FloatArray, float]:
    """Return a law with the sum 1, and the sum that it had; a law of nothing is the first one."""
    total = float(seen @ _ONES)
    return (seen / total if total > _SMALLEST else _WEIGHT / _WEIGHT.sum()), total


def _onward(mass: FloatArray, law: FloatArray) -> FloatArray:
    """Return the new incumbent's law: entry i sums mass[i - j] * law[j]."""
    return np.correlate(mass, law[::-1])


def _back(mass: FloatArray, ahead: FloatArray) -> FloatArray:
    """Return what lies ahead of each old incumbent: entry j sums mass[i - j] * ahead[i]."""
    return np.correlate(mass[::-1], ahead[::-1])
