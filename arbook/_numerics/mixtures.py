"""A posterior distribution over one doubtful parameter, with the others at their best."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from arbook._numerics.minimising import covariance, descend
from arbook._numerics.normal import cdf
from arbook._numerics.validation import FloatArray


def mixture(
    costs: list[Callable[[FloatArray], float]], start: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return weights, and the best other parameters with their covariances.

    Each cost is minus the log of likelihood and prior at one value. What the other parameters can
    be there counts by Laplace's approximation: the volume in which the cost is near its minimum.
    """
    found: list[FloatArray] = []
    spreads, logs = [], []
    for cost in costs:
        # from where the last value led, and afresh
        x = min((descend(cost, near) for near in (*found[-1:], start)), key=cost)
        spread = covariance(cost, x)
        _, size = np.linalg.slogdet(spread)
        found.append(x)
        spreads.append(spread)
        logs.append(-cost(x) + 0.5 * size)
    weight = np.exp(np.array(logs) - max(logs))
    return weight / weight.sum(), np.array(found), np.array(spreads)


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
