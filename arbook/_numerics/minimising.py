"""The minimum of a cost, and how flat it is there."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from arbook._numerics.validation import FloatArray

# The largest share that one block can have in what is known of a parameter.
_MOST_LEVERAGE = 0.5

# Coordinates are logarithms or near 1: no profile is followed further than this.
_FARTHEST = 600.0

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
    return _refined(cost, best_x)


@_quiet
def descend(
    cost: Callable[[FloatArray], float], start: FloatArray, inverse: FloatArray | None = None
) -> FloatArray:
    """Return the minimum at the foot of the slope that starts here.

    The search is shorter with the inverse of a curvature like the one there.
    """
    from scipy.optimize import minimize

    # of a cost in nats, with coordinates near 1
    options: dict[str, float | FloatArray] = {"maxiter": 200, "gtol": 1e-3}
    if inverse is not None:
        options["hess_inv0"] = (inverse + inverse.T) / 2
    return np.asarray(minimize(cost, start, method="BFGS", options=options).x)


@_quiet
def lowest(
    cost: Callable[[FloatArray], float], starts: list[FloatArray], digits: float = 1e-8
) -> FloatArray:
    """Return the lowest of the minima near some starts."""
    near = [descend(cost, x) for x in starts]
    return _refined(cost, min([*near, *starts], key=cost), digits)


def _refined(
    cost: Callable[[FloatArray], float], start: FloatArray, digits: float = 1e-10
) -> FloatArray:
    """Return the minimum to so many digits of the cost, found without slopes."""
    from scipy.optimize import minimize

    options = {"xatol": 1e3 * digits, "fatol": digits, "maxiter": 2000}
    found = minimize(cost, start, method="Nelder-Mead", options=options)
    return np.asarray(found.x if found.fun < cost(start) else start)


def hessian(cost: Callable[[FloatArray], float], x: FloatArray) -> FloatArray:
    """Return second differences; coordinates are of order 1, so one step width serves all."""
    h = 1e-3 * np.eye(x.size)
    found = np.empty((x.size, x.size))
    for i, a in enumerate(h):
        for j, b in enumerate(h[: i + 1]):
            bend = cost(x + a + b) - cost(x + a - b) - cost(x - a + b) + cost(x - a - b)
            found[i, j] = found[j, i] = bend / 4e-6
    return found


@_quiet
def covariance(cost: Callable[[FloatArray], float], x: FloatArray) -> FloatArray:
    """Return the inverse of the observed information; a flat direction has a large variance."""
    return _inverse(hessian(cost, x))


@_quiet
def jackknife(
    terms: Callable[[FloatArray], FloatArray],
    x: FloatArray,
    block: int = 1,
    prior: FloatArray | float = 0.0,
) -> tuple[FloatArray, FloatArray]:
    r"""Return two views of how far the estimates are known that make a sum of terms largest.

    The first is the inverse of the curvature H, the covariance if the terms are log densities of
    the data; the curvature of a prior counts in it.
    The second has a row for each block of neighbours, how far the estimates move without it, such
    that sums over rows of products of two columns are a covariance, which holds whatever law the
    data have. Each is left out in one Newton step, :math:`d_b = (H - H_b)^{-1}s_b` with the slopes
    :math:`s_b` and the curvature :math:`H_b` of its terms. Curvatures are taken over a third of a
    standard error or so, so that kinks of a density do not count one by one.
    """
    first = slopes(terms, x)
    there = np.abs(first).sum(axis=1) > 0
    n, k = int(there.sum()), x.size
    h = 0.3 / np.sqrt(n) * np.eye(k)
    second = np.empty((n, k, k))
    for i in range(k):
        for j in range(i + 1):
            a, b = h[i], h[j]
            bend = terms(x + a + b) - terms(x + a - b) - terms(x - a + b) + terms(x - a - b)
            second[:, i, j] = second[:, j, i] = -bend[there] / (4 * h[0, 0] ** 2)
    inverse = _inverse(second.sum(axis=0) + prior)
    root = np.linalg.cholesky(inverse + 1e-300 * np.eye(k))
    starts = np.arange(0, n, block)
    slope = np.add.reduceat(first[there], starts) @ root
    share = root.T @ np.add.reduceat(second, starts) @ root
    # no block is all that is known, and none is less than nothing
    values, vectors = np.linalg.eigh(share)
    values = 1 / (1 - np.clip(values, 0.0, _MOST_LEVERAGE))
    moved = np.einsum("bij,bj,bkj,bk->bi", vectors, values, vectors, slope)
    moved -= moved.mean(axis=0)
    return inverse, np.asarray(np.sqrt(1 - 1 / starts.size) * moved @ root.T)


def freedom(moves: FloatArray) -> FloatArray:
    r"""Return the degrees of freedom of variances that are sums over the rows of a jackknife.

    :math:`2(\sum_b d_b^2)^2 / \big(\sum_b d_b^4 - (\sum_b d_b^2)^2/B\big)` of B rows: those of a
    multiple of chi squared with the mean and the variance of the sum. Inf where all are the same.
    """
    square = moves**2
    total = square.sum(axis=0) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 2 * total / np.maximum((square**2).sum(axis=0) - total / len(moves), 0.0)
    return np.asarray(np.where(total > 0, found, np.inf))


def _inverse(information: FloatArray) -> FloatArray:
    """Return the inverse of a matrix that should be positive; a flat direction becomes large."""
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
    from scipy.optimize import brentq

    lowest, others = cost(best), np.delete(best, i)
    bends = hessian(cost, best)
    # the direction in which the cost rises least as coordinate i grows by 1
    line = _inverse(bends)[:, i]
    line /= line[i]
    across = _inverse(np.delete(np.delete(bends, i, axis=0), i, axis=1))
    far = [best + x * line for x in step * 2.0 ** np.arange(40) if abs(x) <= _FARTHEST]
    if all(cost(x) - lowest <= drop for x in far):  # and the profile is nowhere above a line
        return np.insert(others, i, np.sign(step) * np.inf)
    starts = (others, np.delete(start, i))

    def along(x: float) -> Callable[[FloatArray], float]:
        point, rest = best.copy(), np.delete(np.arange(best.size), i)
        point[i] = x

        def cost_there(y: FloatArray) -> float:
            point[rest] = y
            return cost(point)

        return cost_there

    # A value once found stays: brentq has to meet the signs that it was called for.
    @cache
    def rise(x: float) -> float:
        nonlocal others
        if not others.size:
            return cost(np.array([x])) - lowest - drop
        at = along(x)
        others = min((descend(at, y0, across) for y0 in (others, *starts)), key=at)
        return at(others) - lowest - drop

    rise(float(best[i]))
    inside, outside = float(best[i]), float(best[i] + step)
    for _ in range(40):
        if rise(outside) > 0:
            end = float(brentq(rise, inside, outside, xtol=1e-4 * abs(step)))
            return np.insert(others, i, end)
        inside, outside = outside, outside + (outside - best[i])
        if abs(outside - best[i]) > _FARTHEST:
            break
    return np.insert(others, i, np.sign(step) * np.inf)
