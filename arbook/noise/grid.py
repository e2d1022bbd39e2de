r"""Filter and smoother of a run whose true changes have any law: on a grid.

The state is one number, so its density can be carried on a grid of a few dozen points. A
measurement is wrong by a few :math:`\nu` at most, so a grid of some :math:`\nu` about the last
kept measurement holds all that is likely; a kept variant's grid lies about its own measurement.
Between two such grids every change is a multiple of the spacing, so a convolution passes from
one to the other. Changes within a spacing of each other are taken together, with their exact
probability: the law of changes may have kinks and jumps.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from arbook._numerics.normal import cdf
from arbook._numerics.validation import FloatArray, IntArray
from arbook.noise.traces import Filtered, Smoothed, Trace

#: Distribution function of the change: ``cdf(delta, t)``, of the shape that both broadcast to.
Cdf = Callable[[FloatArray, IntArray], FloatArray]

# Half the width of a grid in nu, and its points.
_WIDTH = 6.0
_POINTS = 73
_U = np.linspace(-_WIDTH, _WIDTH, _POINTS)
_STEP = float(_U[1] - _U[0])
_WEIGHT = np.exp(-0.5 * _U**2) / np.sqrt(2 * np.pi)

# Centres of the cells of a change, from one grid to the other.
_LAGS = _STEP * np.arange(-(_POINTS - 1), _POINTS)
_SMALLEST = 1e-300

# What each cell of a change says of each old incumbent, the new one's measurement being known: a
# product of matrices is quicker than so many convolutions. Few rows at once: of more, NumPy makes
# threads, which wait for each other on a busy machine.
_SEEN = np.array([np.roll(np.append(_WEIGHT, np.zeros(_POINTS - 1)), j) for j in range(_POINTS)])
_SEEN = np.ascontiguousarray(_SEEN[::-1].T)
_ROWS = 32
_ONES = np.ones(_POINTS)


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
    """

    def __init__(self, trace: Trace, law: Cdf, noise: float) -> None:
        self._trace, self._noise = trace, noise
        self._used = np.flatnonzero(np.isfinite(trace.y) & ~trace.again)
        shift = trace.y[self._used] - trace.last[self._used]
        edges = noise * np.append(_LAGS - _STEP / 2, _LAGS[-1] + _STEP / 2)
        changes = shift[:, None] + edges
        self._shift, self._edges = shift, changes
        self._below = law(changes, self._used[:, None])
        self._at_zero = law(np.zeros(self._used.size), self._used)
        self._mass = np.maximum(np.diff(self._below, axis=1), 0.0)
        # what a measurement says of each old incumbent, however it was decided
        rows = range(0, max(len(self._mass), 1), _ROWS)
        self._seen = np.concatenate([self._mass[i : i + _ROWS] @ _SEEN for i in rows])
        self._forward()

    def _forward(self) -> None:
        trace, nu, n = self._trace, self._noise, self._trace.y.size
        totals = np.full(n, np.nan)
        self._laws = np.empty((n + 1, _POINTS))
        law, centre, used = _WEIGHT / _WEIGHT.sum(), trace.baseline, 0
        for t, (y, again, kept) in enumerate(
            zip(trace.y.tolist(), trace.again.tolist(), trace.kept.tolist(), strict=True)
        ):
            self._laws[t] = law
            if y != y:
                continue
            if again:
                seen = law * np.exp(-0.5 * ((y - centre) / nu - _U) ** 2) / np.sqrt(2 * np.pi)
            else:
                if kept:
                    seen, centre = _WEIGHT * _onward(self._mass[used], law), y
                else:
                    seen = law * self._seen[used]
                used += 1
            totals[t] = total = float(seen @ _ONES)
            law = seen / total if total > _SMALLEST else _WEIGHT / _WEIGHT.sum()
        self._laws[n] = law
        log_density = np.where(np.isnan(totals), 0.0, np.log(np.maximum(totals, _SMALLEST) / nu))
        mean = self._laws @ _U
        std = np.sqrt(np.maximum(self._laws @ _U**2 - mean**2, 0.0))
        last = np.append(trace.last, trace.last_of_all)
        self.filtered = Filtered(log_density, last + nu * mean, nu * std)

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
        last = np.append(trace.last, trace.last_of_all)
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
                        gain[t], gain_std[t], better[t] = self._change(used, t, onto)
                        later = _back(mass, onto)
                    else:
                        later = later * self._seen[used]
                later = later / max(float(later.max()), _SMALLEST)
            law = self._laws[t] * later
            law = law / max(float(law.sum()), _SMALLEST)
            mean[t] = last[t] + nu * float(law @ _U)
            std[t] = nu * np.sqrt(max(float(law @ _U**2) - float(law @ _U) ** 2, 0.0))
        return Smoothed(mean, std, gain, gain_std, better)

    def _change(self, used: int, t: int, onto: FloatArray) -> tuple[float, float, float]:
        """Return expected gain, its standard deviation, and the probability of a gain."""
        law, nu = self._laws[t], self._noise
        mass = self._mass[used]
        # the part of each cell that is a gain
        below, edges = self._below[used], self._edges[used]
        gains = np.diff(np.where(edges < 0, below, self._at_zero[used]))
        total = max(float(onto @ _onward(mass, law)), _SMALLEST)
        moved = -(self._shift[used] + nu * _LAGS)
        first = float(onto @ _onward(mass * moved, law)) / total
        second = float(onto @ _onward(mass * moved**2, law)) / total
        positive = float(onto @ _onward(np.maximum(gains, 0.0), law)) / total
        return first, float(np.sqrt(max(second - first**2, 0.0))), min(positive, 1.0)


def _onward(mass: FloatArray, law: FloatArray) -> FloatArray:
    """Return the new incumbent's law: entry i sums mass[i - j] * law[j]."""
    return np.correlate(mass, law[::-1])


def _back(mass: FloatArray, ahead: FloatArray) -> FloatArray:
    """Return what lies ahead of each old incumbent: entry j sums mass[i - j] * ahead[i]."""
    return np.correlate(mass[::-1], ahead[::-1])
