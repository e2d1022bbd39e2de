"""The minimum of a cost, and how flat it is there."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from arbook._numerics.validation import FloatArray

# On its way an optimiser looks at absurd parameters, of which no user has to hear.
_quiet = np.errstate(all="ignore")


@_quiet
def minimise(cost: Callable[[FloatArray], float], start: FloatArray) -> FloatArray:
    """Return the best of several searches: the likelihood of a heavy tail may have two peaks."""
    from scipy.optimize import minimize

    best_x, best = start, cost(start)
    for decay in (0.0, -1.0, -3.0, 1.0):
        x = start.copy()
        if x.size > 2:
            x[[1] if x.size < 6 else [3, 5]] = decay
        found = minimize(cost, x, method="BFGS", options={"maxiter": 500})
        if found.fun < best:
            best_x, best = found.x, found.fun
    polished = minimize(
        cost, best_x, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-10, "maxiter": 2000}
    )
    return np.asarray(polished.x if polished.fun < best else best_x)


def hessian(cost: Callable[[FloatArray], float], x: FloatArray) -> FloatArray:
    """Return second differences; coordinates are of order 1, so one step width serves all."""
    h = 1e-3 * np.eye(x.size)
    return np.array(
        [
            [cost(x + a + b) - cost(x + a - b) - cost(x - a + b) + cost(x - a - b) for b in h]
            for a in h
        ]
    ) / (4e-6)


@_quiet
def covariance(cost: Callable[[FloatArray], float], x: FloatArray) -> FloatArray:
    """Return the inverse of the observed information; a flat direction has a large variance."""
    information = hessian(cost, x)
    values, vectors = np.linalg.eigh((information + information.T) / 2)
    return np.asarray((vectors / np.maximum(values, 1e-6)) @ vectors.T)


@_quiet
def slopes(function: Callable[[FloatArray], FloatArray], x: FloatArray) -> FloatArray:
    h = 1e-6
    steps = h * np.eye(x.size)
    return np.array([(function(x + e) - function(x - e)) / (2 * h) for e in steps]).T


@_quiet
def profile_end(
    cost: Callable[[FloatArray], float],
    best: FloatArray,
    start: FloatArray,
    i: int,
    step: float,
    drop: float,
) -> FloatArray:
    """Return the point where the profile cost has risen by `drop`, in the direction of `step`.

    The other coordinates are looked for from `best`, from `start` and from where they were last:
    a profile may have several valleys. The coordinate is infinite where the cost does not rise so
    far.
    """
    from scipy.optimize import brentq, minimize

    lowest, others = cost(best), np.delete(best, i)
    starts = (others, np.delete(start, i))

    # A value once found stays: brentq has to meet the signs that it was called for.
    @cache
    def rise(x: float) -> float:
        nonlocal others
        if not others.size:
            return cost(np.array([x])) - lowest - drop
        tries = [
            minimize(lambda y: cost(np.insert(y, i, x)), y0, method="BFGS")
            for y0 in (others, *starts)
        ]
        found = min(tries, key=lambda found: float(found.fun))
        others = found.x
        return float(found.fun) - lowest - drop

    rise(float(best[i]))
    inside, outside = float(best[i]), float(best[i] + step)
    for _ in range(40):
        if rise(outside) > 0:
            end = float(brentq(rise, inside, outside, xtol=1e-4 * abs(step)))
            return np.insert(others, i, end)
        inside, outside = outside, outside + (outside - best[i])
        if abs(outside - best[i]) > 600:
            break
    return np.insert(others, i, np.sign(step) * np.inf)
