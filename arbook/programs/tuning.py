r"""The best parameters a program could have: over a box, and with a price of boldness.

With the stated model alone the answer over a box is always its corner: :math:`\mathbb E[\mathcal
A_N]` only grows with :math:`\sigma_0`, with :math:`\gamma` and with :math:`-\mu`. A trade-off needs
a further ingredient, such as a price of boldness, or the crashes and the floor of `Conditions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.ranges import Array, Integer, Real, not_negative, number, positive
from arbook._numerics.validation import FloatArray, ParameterError, refuse
from arbook.model.laws import LONGEST_RUN, MOST_TERMS
from arbook.model.parameters import LARGEST_STEP, Parameters
from arbook.model.totals import expected_gain_area

#: The box of `best_parameters`, in the order in which results name them.
NAMES = ("sigma0", "gamma", "mu")

#: Points a side of the first grid of `best_parameters`, by the number of free parameters.
FIRST_GRID = (1, 65, 25, 13)

#: Most grids of three points a side that follow; some fifty are usual.
MOST_GRIDS = 125

#: Distance of neighbours at which the search ends, as a share of the box.
FINEST = 1e-8


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
    bounds: Mapping[str, tuple[float, float]], n_experiments: int, price: float = 0.0
) -> BestParameters:
    r"""Return the parameters in a box with the largest expected gain area.

    Parameters
    ----------
    bounds : mapping
        ``{"sigma0": (low, high), "gamma": (low, high), "mu": (low, high)}``. A pair of equal
        numbers fixes a parameter. Without "mu" it is 0. Any mu and any gamma > 0 are allowed, as
        in ``Parameters(..., extended=True)``.
    n_experiments : int
        Budget N; all sums together have at most `arbook.model.laws.MOST_TERMS` terms.
    price : float, default 0.0
        Price of boldness c >= 0 of all of them, as in `arbook.Parameters`.

    Returns
    -------
    BestParameters
        The maximiser, the maximum, and which bounds it lies on.

    Raises
    ------
    ParameterError
        If a bound is missing, not finite, the wrong way round or not positive where it must be,
        or if another argument is outside its range.

    Notes
    -----
    A grid over the box (`sigma0` and `gamma` spaced by ratio); from its best point on to the best
    of the neighbours, which come nearer by half wherever none of them is better. No randomness:
    the same call gives the same answer. Of several maxima that are narrower than the first grid,
    it may find any.

    Examples
    --------
    Nothing in the stated model speaks against boldness, so the answer is the corner:

    >>> box = {"sigma0": (0.001, 0.1), "gamma": (0.9, 0.99)}
    >>> best_parameters(box, 100).at_bound
    ('sigma0', 'gamma')

    With a price of boldness there is a best step inside the box:

    >>> best = best_parameters(box, 100, price=20.0)
    >>> best.at_bound, round(best.parameters.sigma0, 4)
    (('gamma',), 0.0409)
    """
    low, high = _box(bounds)
    price = not_negative("price", price)
    free = low < high
    sides = int(np.count_nonzero(free))
    tried = FIRST_GRID[sides] ** sides + MOST_GRIDS * 3**sides
    n = Integer(1, min(LONGEST_RUN, MOST_TERMS // tried))("n_experiments", n_experiments)

    def parameters(u: FloatArray) -> Parameters:
        """Map the unit cube to the box: sigma0 and gamma are scales, so by ratio."""
        x = np.append(low[:2] * (high[:2] / low[:2]) ** u[:2], low[2] + (high[2] - low[2]) * u[2])
        sigma0, gamma, mu = np.where(u == 1, high, np.clip(x, low, high)).tolist()
        return Parameters(sigma0, gamma, mu, price=price, extended=True)

    def best_of(
        axes: list[FloatArray], best_u: FloatArray, best: float
    ) -> tuple[FloatArray, float]:
        """Return the best point and its value, of those of a grid and the best so far."""
        for u in np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3):
            value = float(expected_gain_area(parameters(u), n))
            if value > best:
                best_u, best = u, value
        return best_u, best

    side = np.linspace(0.0, 1.0, FIRST_GRID[sides])
    axes = [side if is_free else np.zeros(1) for is_free in free]
    best_u, best = best_of(axes, np.zeros(3), -np.inf)
    distance = float(side[1]) if sides else 0.0
    for _ in range(MOST_GRIDS):
        if distance < FINEST:
            break
        apart = distance * np.array([-1.0, 0.0, 1.0])
        axes = [
            np.unique(np.clip(u + apart * is_free, 0.0, 1.0))
            for u, is_free in zip(best_u, free, strict=True)
        ]
        so_far = best
        best_u, best = best_of(axes, best_u, best)
        if best == so_far:
            distance /= 2
    at_bound = free & ((best_u == 0) | (best_u == 1))
    return BestParameters(parameters(best_u), best, tuple(np.array(NAMES)[at_bound].tolist()))


def gain_area_map(
    sigma0s: ArrayLike,
    gammas: ArrayLike,
    n_experiments: int,
    *,
    mu: float = 0.0,
    price: float = 0.0,
) -> FloatArray:
    r"""Return :math:`\mathbb E[\mathcal A_N]` for every pair of a step size and a decay rate.

    Parameters
    ----------
    sigma0s : sequence of float, length S
        Initial step sizes, in (0, 1e+100], in units of the metric.
    gammas : sequence of float, length G
        Decay rates, > 0.
    n_experiments : int
        Budget N; all sums together have at most `arbook.model.laws.MOST_TERMS` terms.
    mu : float, default 0.0
        Bias, in units of the metric; any sign.
    price : float, default 0.0
        Price of boldness c >= 0, as in `arbook.Parameters`.

    Returns
    -------
    ndarray, shape (S, G)
        Expected gain areas, in metric x experiments.

    Raises
    ------
    ParameterError
        If an argument is out of range.

    Examples
    --------
    >>> gain_area_map([0.01, 0.02], [0.9, 0.97], 100).round(3)
    array([[ 3.63 ,  9.203],
           [ 7.261, 18.406]])
    """
    rows = Array(Real(0, LARGEST_STEP, ends="("), ndim=1)("sigma0s", sigma0s)
    columns = Array(positive, ndim=1)("gammas", gammas)
    most = min(LONGEST_RUN, MOST_TERMS // (rows.size * columns.size))
    n = Integer(1, most)("n_experiments", n_experiments)
    mu, price = number("mu", mu), not_negative("price", price)
    result = np.empty((rows.size, columns.size))
    for i, sigma0 in enumerate(rows.tolist()):
        for j, gamma in enumerate(columns.tolist()):
            p = Parameters(sigma0, gamma, mu, price=price, extended=True)
            result[i, j] = expected_gain_area(p, n)
    return result


def _box(bounds: Mapping[str, Any]) -> tuple[FloatArray, FloatArray]:
    """Return the lower and the upper bounds of sigma0, gamma and mu."""
    if not isinstance(bounds, Mapping):
        raise refuse("bounds", bounds, "a mapping such as {'sigma0': (0.001, 0.1), ...}")
    for name in bounds:
        if name not in NAMES:
            raise refuse("bounds", name, "a mapping with keys among sigma0, gamma, mu")
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
