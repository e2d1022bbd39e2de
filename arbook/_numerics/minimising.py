"""The minimum of a cost, and how flat it is there."""

from __future__ import annotations

from collections.abc import Callable

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
    cost: Callable[[FloatArray], float], best: FloatArray, i: int, step: float, drop: float
) -> float:
    """Return where the profile cost has risen by `drop`, going in the direction of `step`."""
    from scipy.optimize import brentq, minimize

    lowest, others = cost(best), np.delete(best, i)

    def rise(x: float) -> float:
        nonlocal others
        if others.size:
            found = minimize(lambda y: cost(np.insert(y, i, x)), others, method="BFGS")
            others = found.x
            value = float(found.fun)
        else:
            value = cost(np.array([x]))
        return value - lowest - drop

    inside, outside = best[i], best[i] + step
    for _ in range(40):
        if rise(outside) > 0:
            return float(brentq(rise, inside, outside, xtol=1e-4 * abs(step)))
        inside, outside = outside, outside + (outside - best[i])
        if abs(outside - best[i]) > 600:
            break
    return float(np.sign(step) * np.inf)
