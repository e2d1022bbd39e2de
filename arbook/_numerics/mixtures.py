"""A posterior distribution over one doubtful parameter, with the others at their best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from arbook._numerics.minimising import covariance, descend
from arbook._numerics.normal import cdf
from arbook._numerics.validation import FloatArray

# No value has more of the weight than this after others were put between it and its neighbours;
# each time halves their distance.
_MOST_WEIGHT = 1 / 3
_HALVINGS = 4


def mixture(
    costs: list[Callable[[FloatArray], float]], start: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return weights, and the best other parameters with their covariances.

    Each cost is minus the log of likelihood and prior at one value. What the other parameters can
    be there counts by Laplace's approximation: the volume in which the cost is near its minimum.
    """
    found = _one_after_another(costs, start)
    weight = _weights(found, np.ones(len(found)))
    return weight, np.array([at.x for at in found]), np.array([at.spread for at in found])


def fine_mixture(
    cost_at: Callable[[float], Callable[[FloatArray], float]],
    values: FloatArray,
    start: FloatArray,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return what `mixture` does, after the values and the widths that each of them stands for.

    The others can depend on the value so much that one for all up to the next is too coarse. So
    more values are tried beside one that has most of the weight.
    """
    found = _one_after_another([cost_at(float(value)) for value in values], start)
    first, last = values[1] - values[0], values[-1] - values[-2]
    for _ in range(_HALVINGS):
        weight = _weights(found, _widths(values, first, last))
        i = int(weight.argmax())
        if weight[i] <= _MOST_WEIGHT:
            break
        for right in (i + 1, i):  # the later one first, so that the other's place stays
            if 0 < right < values.size:
                between = float(values[right - 1 : right + 1].mean())
                near = [(at.x, at.spread) for at in found[right - 1 : right + 1]]
                found.insert(right, _Best.of(cost_at(between), near))
                values = np.insert(values, right, between)
    widths = _widths(values, first, last)
    x, spread = np.array([at.x for at in found]), np.array([at.spread for at in found])
    return values, widths, _weights(found, widths), x, spread


class _Best(NamedTuple):
    """The best other parameters at one value, their covariances, and the log of their volume."""

    x: FloatArray
    spread: FloatArray
    log_volume: float

    @classmethod
    def of(
        cls,
        cost: Callable[[FloatArray], float],
        near: Sequence[tuple[FloatArray, FloatArray | None]],
    ) -> _Best:
        x = min((descend(cost, *start) for start in near), key=cost)
        spread = covariance(cost, x)
        _, size = np.linalg.slogdet(spread)
        return cls(x, spread, float(-cost(x) + 0.5 * size))


def _one_after_another(
    costs: list[Callable[[FloatArray], float]], start: FloatArray
) -> list[_Best]:
    """Return what is best for each cost, from where the last one led, and afresh."""
    found: list[_Best] = []
    for cost in costs:
        last = [(at.x, at.spread) for at in found[-1:]]
        found.append(_Best.of(cost, [*last, (start, None)]))
    return found


def _weights(found: list[_Best], widths: FloatArray) -> FloatArray:
    logs = np.array([at.log_volume for at in found])
    weight = widths * np.exp(logs - logs.max())
    return np.asarray(weight / weight.sum())


def _widths(values: FloatArray, first: float, last: float) -> FloatArray:
    """Return the distances between the middles of gaps; the ends have the first gaps outside."""
    gaps = np.concatenate([[first], np.diff(values), [last]])
    return np.asarray((gaps[1:] + gaps[:-1]) / 2)


def quantile(q: float, weight: FloatArray, mean: FloatArray, std: FloatArray) -> float:
    """Return a quantile of a mixture of normals."""
    from scipy.optimize import brentq

    widest = float(std.max())
    low, high = float(mean.min()) - 40 * widest, float(mean.max()) + 40 * widest
    if low == high:
        return low
    spread = np.maximum(std, 1e-12 * (high - low))
    return float(brentq(lambda x: float(weight @ cdf((x - mean) / spread)) - q, low, high))


def tails(level: float) -> tuple[float, float]:
    """Return the two shares between which `level` lies."""
    return (1 - level) / 2, (1 + level) / 2
