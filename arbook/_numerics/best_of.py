r"""The largest of k normals that share a common part, by quadrature over one variable.

k normals of mean a and variance 1, any two with correlation :math:`\rho`, are
:math:`a + rZ + sZ_i` with independent standard normals, :math:`r^2 = \rho` and
:math:`s^2 = 1-\rho`. The largest is :math:`a + rZ + sM`, where M, the largest of the
:math:`Z_i`, has the distribution function :math:`\Phi^k`. Given M it is one normal, and what one
normal does is known in closed form. k may be any real number >= 1, and :math:`\rho` 0 or 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from arbook._numerics.normal import (
    CERTAIN,
    FAR,
    cdf,
    log_cdf,
    pdf,
    positive_part,
    positive_part_variance,
    ratio,
)
from arbook._numerics.validation import FloatArray, IntArray

# From here on down, the distribution function of a normal is 0 in a double.
_NOTHING = 39.0

_EVEN = np.linspace(0.0, 1.0, 49)
_NEAR = np.linspace(1.0, 0.0, 12)

# Rows of nodes at a time, to bound memory.
_ROWS = 512


class _Nodes(NamedTuple):
    """Places and weights of a quadrature, one row for each (a, k); below `low` nothing happens."""

    low: FloatArray  # (rows, 1)
    place: FloatArray  # (rows, nodes)
    weight: FloatArray  # (rows, nodes)


def mean(a: FloatArray, k: FloatArray | IntArray, rho: float) -> FloatArray:
    r"""Return :math:`\mathbb E[\max(0, a + rZ + sM)]`.

    The derivative of :math:`\mathbb E[\max(0, a + rZ + su)]` by u is
    :math:`s\,\Phi((a+su)/r)`, so by parts the mean is
    :math:`s\int\Phi((a+su)/r)\,(1-\Phi(u)^k)\,du`, in which nothing cancels.
    """
    r, s = _parts(rho)

    def rows(a: FloatArray, k: FloatArray) -> FloatArray:
        low, u, weight = _nodes(a, k, r, s)
        slope = s * _chance(a + s * u, r) * -np.expm1(k * log_cdf(u))
        return np.asarray(_positive(a + s * low, r)[:, 0] + (slope * weight).sum(axis=1))

    return _in_pieces(rows, a, k)


def variance(a: FloatArray, k: FloatArray | IntArray, rho: float) -> FloatArray:
    r"""Return :math:`\mathrm{Var}[\max(0, a + rZ + sM)]`.

    The variance given M, on average, and the variance of the mean given M: both are averages of
    what is not negative.
    """
    r, s = _parts(rho)

    def rows(a: FloatArray, k: FloatArray) -> FloatArray:
        total = mean(a[:, 0], k[:, 0], rho)[:, None]

        def square(u: FloatArray) -> FloatArray:
            inner = r**2 * positive_part_variance(ratio(a + s * u, np.array(r))) if r else 0.0
            return inner + (_positive(a + s * u, r) - total) ** 2

        return _average(square, _nodes(a, k, r, s), k)

    return _in_pieces(rows, a, k)


def any_positive(a: FloatArray, k: FloatArray | IntArray, rho: float) -> FloatArray:
    r"""Return :math:`\Pr[a + rZ + sM > 0]`."""
    r, s = _parts(rho)

    def rows(a: FloatArray, k: FloatArray) -> FloatArray:
        return _average(lambda u: _chance(a + s * u, r), _nodes(a, k, r, s), k)

    return _in_pieces(rows, a, k)


def exponential(spread: FloatArray, k: FloatArray | IntArray) -> FloatArray:
    r"""Return :math:`\mathbb E[e^{bM - b^2/2}]`, where b is `spread`, >= 0."""

    def rows(b: FloatArray, k: FloatArray) -> FloatArray:
        low = np.full_like(b, -CERTAIN)
        nodes = _panels(low, b + _highest(k), np.zeros_like(b), 1.0)
        return _average(lambda u: np.exp(b * u - b**2 / 2), nodes, k)

    return _in_pieces(rows, spread, k)


def _parts(rho: float) -> tuple[float, float]:
    """Return r and s; s is never 0, as it divides."""
    return math.sqrt(rho), max(math.sqrt(1 - rho), 1e-300)


def _positive(centre: FloatArray, r: float) -> FloatArray:
    return positive_part(centre, np.array(r)) if r else np.maximum(centre, 0.0)


def _chance(centre: FloatArray, r: float) -> FloatArray:
    """Return the probability that a normal is positive; r = 0 decides by the sign."""
    return cdf(ratio(centre, np.array(r))) if r else np.asarray(np.heaviside(centre, 0.0))


def _average(f: Callable[[FloatArray], FloatArray], nodes: _Nodes, k: FloatArray) -> FloatArray:
    """Return E[f(M)]; all of M below the lowest node is put there."""
    low, u, weight = nodes
    density = k * pdf(u) * np.exp((k - 1) * log_cdf(u))
    below = np.exp(k * log_cdf(low)) * f(low)
    return np.asarray(below[:, 0] + (f(u) * density * weight).sum(axis=1))


def _highest(k: FloatArray) -> FloatArray:
    """Return a number that M does not exceed."""
    return np.asarray(CERTAIN + np.sqrt(2 * np.log(k)))


def _nodes(a: FloatArray, k: FloatArray, r: float, s: float) -> _Nodes:
    """Return nodes for functions of M that turn where a + sM = 0, within a width of r/s."""
    turn = ratio(-a, np.array(s))
    softness = min(r / s, FAR)
    low = np.maximum(-CERTAIN, turn - _NOTHING * softness)
    high = np.maximum(-a * s, 0.0) + _highest(k)  # -as: where M is when a positive value is rare
    # Past the turn, the tail of M falls within 1/turn.
    width = np.clip(1 / np.maximum(turn, 1.0), None, max(softness, 1e-8) if r else 1.0)
    return _panels(np.minimum(low, high), high, turn, width)


def _panels(
    low: FloatArray, high: FloatArray, turn: FloatArray, width: FloatArray | float
) -> _Nodes:
    """Return nodes of even panels from low to high, and of panels that shrink towards a turn."""
    near = np.asarray(width) ** _NEAR  # from the width up to 1
    near = np.broadcast_to(near, (low.shape[0], _NEAR.size))
    around = np.concatenate([turn - near, turn, turn + near], axis=1)
    edge = np.concatenate([low + (high - low) * _EVEN, np.clip(around, low, high)], axis=1)
    edge.sort(axis=1)
    half = np.diff(edge, axis=1)[:, :, None] / 2
    centre = edge[:, :-1, None] + half
    rows, (node, weight) = low.shape[0], _gauss()
    return _Nodes(low, (centre + half * node).reshape(rows, -1), (half * weight).reshape(rows, -1))


@cache
def _gauss() -> tuple[FloatArray, FloatArray]:
    """Return places and weights between -1 and 1. NumPy is slow to load what makes them."""
    return np.polynomial.legendre.leggauss(14)


def _in_pieces(
    rows: Callable[[FloatArray, FloatArray], FloatArray], a: FloatArray, k: FloatArray | IntArray
) -> FloatArray:
    """Apply a function of columns to arrays of any common shape."""
    a, agents = np.broadcast_arrays(a, np.asarray(k, dtype=np.float64))
    flat_a, flat_k = a.reshape(-1, 1), agents.reshape(-1, 1)
    result = np.empty(a.size)
    for first in range(0, a.size, _ROWS):
        here = slice(first, first + _ROWS)
        result[here] = rows(flat_a[here], flat_k[here])
    return result.reshape(a.shape)
