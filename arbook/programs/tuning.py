r"""The best parameters a program could have: over a box, and with a price of boldness.

With the stated model alone the answer over a box is always its corner: :math:`\mathbb E[\mathcal
A_N]` only grows with :math:`\sigma_0`, with :math:`\gamma` and with :math:`-\mu`. A trade-off needs
a further ingredient, such as `boldness_cost`, or the crashes and the floor of `Conditions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.ranges import Array, Integer, number, positive
from arbook._numerics.validation import FloatArray, ParameterError, refuse
from arbook.model.laws import LONGEST_RUN, MOST_TERMS
from arbook.model.parameters import Parameters
from arbook.model.totals import expected_gain_area
from arbook.programs.conditions import (
    Cost,
    _bias,
    _check_cost,
)

#: The box of `best_parameters`, in the order in which results name them.
NAMES = ("sigma0", "gamma", "mu")

#: Points a side of the first grid of `best_parameters`, by the number of free parameters.
FIRST_GRID = (1, 65, 25, 13)

#: Points a side of the grids that follow.
FINER_GRID = 5

#: Grids of `best_parameters`; each has half the width of the one before.
ZOOMS = 28


def boldness_cost(c: float) -> Cost:
    r"""Return a price of boldness, the bias :math:`\mu = c\,\sigma_0^2`.

    It is the law of the sphere :math:`\lVert x\rVert^2` in d dimensions at distance R from the
    optimum, where a mutation of strength s has :math:`\mu = d s^2` and, for large d,
    :math:`\sigma = 2 s R`: so :math:`c = d / (4R^2)`. As the steps shrink, the bias stays.

    Parameters
    ----------
    c : float
        The price, > 0, in 1 / metric.

    Returns
    -------
    callable
        Maps (sigma0, gamma) to mu, in units of the metric.

    Raises
    ------
    ParameterError
        If `c` is not a finite number > 0.

    Examples
    --------
    >>> round(boldness_cost(20.0)(0.01, 0.97), 10)
    0.002
    """
    c = positive("c", c)

    def mu(sigma0: float, gamma: float) -> float:
        return c * sigma0 * sigma0

    return mu


@dataclass(frozen=True, repr=False)
class BestParameters:
    """Where the expected gain area over a box is largest.

    Parameters
    ----------
    parameters : Parameters
        The maximiser.
    expected_gain_area : float
        The maximum, in metric x experiments.
    at_bound : tuple of str
        Parameters that lie on a bound of the box: not a trade-off, but the end of what was
        allowed. Empty for an interior maximum.

    See Also
    --------
    best_parameters : Finds them.

    Examples
    --------
    >>> best = best_parameters({"sigma0": (0.01, 0.1), "gamma": (0.97, 0.97)}, 100)
    >>> best.parameters.sigma0, best.at_bound, round(best.expected_gain_area, 2)
    (0.1, ('sigma0',), 92.03)
    """

    parameters: Parameters
    expected_gain_area: float
    at_bound: tuple[str, ...]

    def __repr__(self) -> str:
        p, bounds = self.parameters, ", ".join(self.at_bound) or "none"
        return (
            f"BestParameters(sigma0={p.sigma0:.4g}, gamma={p.gamma:.4g}, mu={p.mu:.4g}, "
            f"expected_gain_area={self.expected_gain_area:.4g}, at bound: {bounds})"
        )


def best_parameters(
    bounds: Mapping[str, tuple[float, float]], n_experiments: int, cost: Cost | None = None
) -> BestParameters:
    r"""Return the parameters in a box with the largest expected gain area.

    Parameters
    ----------
    bounds : mapping
        ``{"sigma0": (low, high), "gamma": (low, high), "mu": (low, high)}``. A pair of equal
        numbers fixes a parameter. Without "mu" the bias is 0, or what `cost` says. Any bias and
        any gamma > 0 are allowed, as in ``Parameters(..., extended=True)``.
    n_experiments : int
        Budget N; all sums together have at most `arbook.model.laws.MOST_TERMS` terms.
    cost : callable, optional
        Maps (sigma0, gamma) to mu, e.g. `boldness_cost`. Then `bounds` must not name "mu".

    Returns
    -------
    BestParameters
        The maximiser, the maximum, and which bounds it lies on.

    Raises
    ------
    ParameterError
        If a bound is missing, not finite, the wrong way round or not positive where it must be;
        if mu is given twice; or if another argument is outside its range.

    Notes
    -----
    A grid over the box (`sigma0` and `gamma` spaced by ratio), then ever finer grids about the
    best point so far. No randomness: the same call gives the same answer. Of several maxima that
    are narrower than the first grid, it may find any.

    Examples
    --------
    Nothing in the stated model speaks against boldness, so the answer is the corner:

    >>> box = {"sigma0": (0.001, 0.1), "gamma": (0.9, 0.99)}
    >>> best_parameters(box, 100).at_bound
    ('sigma0', 'gamma')

    With a price of boldness there is a best step inside the box:

    >>> best = best_parameters(box, 100, cost=boldness_cost(20.0))
    >>> best.at_bound, 0.01 < best.parameters.sigma0 < 0.1
    (('gamma',), True)
    """
    low, high = _box(bounds, cost)
    free = low < high
    sides = int(np.count_nonzero(free))
    tried = FIRST_GRID[sides] ** sides + (ZOOMS - 1) * FINER_GRID**sides
    n = Integer(1, min(LONGEST_RUN, MOST_TERMS // tried))("n_experiments", n_experiments)

    def parameters(u: FloatArray) -> Parameters:
        """Map the unit cube to the box: sigma0 and gamma are scales, so by ratio."""
        x = np.append(low[:2] * (high[:2] / low[:2]) ** u[:2], low[2] + (high[2] - low[2]) * u[2])
        sigma0, gamma, mu = np.where(u == 1, high, np.clip(x, low, high)).tolist()
        if cost is not None:
            mu = _bias(cost, sigma0, gamma)
        return Parameters(sigma0, gamma, mu, extended=True)

    best_u, best, half = np.full(3, 0.5), -np.inf, 0.5
    points = FIRST_GRID[sides]
    for _ in range(ZOOMS):
        axes = [
            np.linspace(max(u - half, 0.0), min(u + half, 1.0), points) if is_free else [0.0]
            for u, is_free in zip(best_u, free, strict=True)
        ]
        for u in np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3):
            value = float(expected_gain_area(parameters(u), n))
            if value > best:
                best_u, best = u, value
        half *= 4 / points if points > FINER_GRID else 1 / 2
        points = FINER_GRID
    at_bound = free & ((best_u == 0) | (best_u == 1))
    return BestParameters(parameters(best_u), best, tuple(np.array(NAMES)[at_bound].tolist()))


def gain_area_map(
    sigma0s: ArrayLike,
    gammas: ArrayLike,
    n_experiments: int,
    *,
    mu: float = 0.0,
    cost: Cost | None = None,
) -> FloatArray:
    r"""Return :math:`\mathbb E[\mathcal A_N]` for every pair of a step size and a decay rate.

    Parameters
    ----------
    sigma0s : sequence of float, length S
        Initial step sizes, > 0, in units of the metric.
    gammas : sequence of float, length G
        Decay rates, > 0.
    n_experiments : int
        Budget N; all sums together have at most `arbook.model.laws.MOST_TERMS` terms.
    mu : float, default 0.0
        Bias, in units of the metric; any sign.
    cost : callable, optional
        Maps (sigma0, gamma) to mu, e.g. `boldness_cost`; then `mu` must be left out.

    Returns
    -------
    ndarray, shape (S, G)
        Expected gain areas, in metric x experiments.

    Raises
    ------
    ParameterError
        If an argument is out of range, or both `mu` and `cost` are given.

    Examples
    --------
    >>> gain_area_map([0.01, 0.02], [0.9, 0.97], 100).round(3)
    array([[ 3.63 ,  9.203],
           [ 7.261, 18.406]])
    """
    scales = Array(positive, ndim=1)
    rows, columns = scales("sigma0s", sigma0s), scales("gammas", gammas)
    most = min(LONGEST_RUN, MOST_TERMS // (rows.size * columns.size))
    n = Integer(1, most)("n_experiments", n_experiments)
    mu = number("mu", mu)
    _check_cost(cost)
    if cost is not None and mu != 0:
        raise refuse("mu", mu, "left out when cost gives it")
    result = np.empty((rows.size, columns.size))
    for i, sigma0 in enumerate(rows.tolist()):
        for j, gamma in enumerate(columns.tolist()):
            bias = mu if cost is None else _bias(cost, sigma0, gamma)
            p = Parameters(sigma0, gamma, bias, extended=True)
            result[i, j] = expected_gain_area(p, n)
    return result


def _box(bounds: Mapping[str, Any], cost: Cost | None) -> tuple[FloatArray, FloatArray]:
    """Return the lower and the upper bounds of sigma0, gamma and mu."""
    if not isinstance(bounds, Mapping):
        raise refuse("bounds", bounds, "a mapping such as {'sigma0': (0.001, 0.1), ...}")
    for name in bounds:
        if name not in NAMES:
            raise refuse("bounds", name, "a mapping with keys among sigma0, gamma, mu")
    _check_cost(cost)
    if cost is not None and "mu" in bounds:
        raise refuse("bounds['mu']", bounds["mu"], "left out when cost gives mu")
    low, high = np.zeros(3), np.zeros(3)
    for i, name in enumerate(NAMES):
        if name not in bounds:
            if name == "mu":
                continue
            raise ParameterError(f"bounds must give {name} as a pair (low, high), got none")
        of = number if name == "mu" else positive
        words = f"a pair of {of.plural} (low, high), low <= high"
        pair = Array(of, ndim=1, least=2, most=2, text=words)(f"bounds[{name!r}]", bounds[name])
        if pair[0] > pair[1]:
            raise refuse(f"bounds[{name!r}]", bounds[name], words)
        low[i], high[i] = pair
    return low, high
