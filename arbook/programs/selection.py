"""How far a choice can be trusted: the winner's curse, and the runs that a choice needs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.memory import check_size
from arbook._numerics.normal import CERTAIN, cdf, pdf
from arbook._numerics.ranges import count, open_unit_interval
from arbook._numerics.seeds import Seed, generator
from arbook._numerics.validation import FloatArray, IntArray, refuse
from arbook.programs.racing import _estimates


@dataclass(frozen=True, eq=False)
class SelectionBias:
    """What choosing the largest of several estimates does on average.

    Parameters
    ----------
    win_probability : ndarray, shape (P,)
        Probability that each program's estimate is the largest.
    reported : float
        Expected estimate of the winner.
    true : float
        Expected true value of the winner.

    See Also
    --------
    selection_bias : Makes it.

    Examples
    --------
    >>> found = selection_bias([1.0, 1.0], [1.0, 1.0])
    >>> found.win_probability.round(6), round(found.bias, 6)
    (array([0.5, 0.5]), 0.56419)
    """

    win_probability: FloatArray
    reported: float
    true: float

    @property
    def bias(self) -> float:
        """By how much the winner's estimate is too high on average."""
        return self.reported - self.true


def selection_bias(means: ArrayLike, errors: ArrayLike) -> SelectionBias:
    r"""Return what choosing the largest of independent normal estimates does, exactly.

    Law: Selection bias. For estimates :math:`\hat A_i \sim \mathcal N(a_i, s_i^2)`, program i
    wins with probability

    .. math:: w_i = \int \varphi(u) \prod_{j\ne i}
       \Phi\!\left(\frac{a_i + s_i u - a_j}{s_j}\right) du,

    and the winner's estimate exceeds its true value on average by the same integral with
    :math:`s_i u` before the product, summed over i.

    Parameters
    ----------
    means : sequence of float, shape (P,)
        True values :math:`a_i`, in [-1e+150, 1e+150].
    errors : sequence of float, shape (P,)
        Standard errors :math:`s_i` of the estimates, in (0, 1e+150].

    Returns
    -------
    SelectionBias
        Win probabilities, expected reported and expected true value of the winner.

    Raises
    ------
    ParameterError
        If an argument is out of range or the lengths differ.

    Notes
    -----
    The optimiser's curse of [1]_. Gauss-Legendre quadrature between the places where some factor
    bends, to some ten digits.

    References
    ----------
    .. [1] J. E. Smith and R. L. Winkler, "The optimizer's curse: skepticism and postdecision
       surprise in decision analysis", Management Science 52, 311-322, 2006.

    Examples
    --------
    >>> found = selection_bias([10.12] + 7 * [9.20], 8 * [2.06])
    >>> round(float(found.win_probability[0]), 3), round(found.reported, 2), round(found.true, 2)
    (0.222, 12.29, 9.4)
    """
    a, s = _estimates(means, errors)
    node, weight = np.polynomial.legendre.leggauss(16)
    win, excess = np.empty(a.size), 0.0
    for i in range(a.size):
        others = np.arange(a.size) != i
        bends = (a[others] + _BENDS[:, None] * s[others] - a[i]) / s[i]
        edge = np.unique(np.clip(np.append(bends.ravel(), _BENDS), _BENDS[0], _BENDS[-1]))
        half = np.diff(edge)[:, None] / 2
        u = edge[:-1, None] + half * (1 + node)
        product = half * weight * pdf(u)
        for mean, error in zip(a[others], s[others], strict=True):
            product *= cdf((a[i] + s[i] * u - mean) / error)
        win[i] = product.sum()
        excess += float(s[i] * (u * product).sum())
    true = float(win @ a)
    return SelectionBias(win, true + excess, true)


def runs_needed(means: ArrayLike, stds: ArrayLike, probability: float) -> int:
    r"""Return the fewest runs of each program with which even shares choose the best one.

    The smallest n for which the best program's :math:`w_i` of `selection_bias` with
    :math:`s_i = \text{std}_i/\sqrt n` is at least the probability.

    Parameters
    ----------
    means, stds : sequence of float, shape (P,)
        Expectation, in [-1e+150, 1e+150], and standard deviation, in (0, 1e+150], of one run of
        each program.
    probability : float
        Wanted probability of choosing rightly, in (0, 1).

    Returns
    -------
    int
        Runs of each program, as if means of runs were normal.

    Raises
    ------
    ParameterError
        If an argument is out of range, the best expectation is not unique, or no number of runs
        that a computer could make would do.

    Examples
    --------
    >>> runs_needed([10.12] + 7 * [9.20], 8 * [2.06], 0.95)
    55
    """
    a, s = _estimates(means, stds, "stds")
    open_unit_interval("probability", probability)
    best = int(a.argmax())
    if np.count_nonzero(a == a[best]) > 1:
        raise refuse("means", a.tolist(), "numbers of which one is the largest")

    def enough(n: int) -> bool:
        return bool(selection_bias(a, s / math.sqrt(n)).win_probability[best] >= probability)

    high = 1
    while not enough(high):
        high *= 2
        if high > _MOST_RUNS:
            raise refuse("probability", probability, f"one that {_MOST_RUNS} runs of each can give")
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


@dataclass(frozen=True, eq=False)
class Contests:
    """Simulated contests: the largest estimate wins.

    Parameters
    ----------
    chosen : ndarray of int, shape (n_contests,)
        Winner of each contest, counted from 0.
    reported, true : ndarray, shape (n_contests,)
        Estimate and true value of the winner.

    See Also
    --------
    simulate_selection : Makes them.

    Examples
    --------
    >>> contests = simulate_selection([1.0, 2.0], [0.1, 0.1], 5, seed=1)
    >>> contests.chosen, contests.true
    (array([1, 1, 1, 1, 1]), array([2., 2., 2., 2., 2.]))
    """

    chosen: IntArray
    reported: FloatArray
    true: FloatArray


def simulate_selection(
    means: ArrayLike,
    errors: ArrayLike,
    n_contests: int,
    *,
    seed: Seed = None,
) -> Contests:
    """Simulate contests in which the largest of several normal estimates wins.

    Parameters
    ----------
    means, errors : sequence of float, shape (P,)
        As for `selection_bias`, in [-1e+150, 1e+150] and in (0, 1e+150].
    n_contests : int
        Number of contests, >= 1.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.

    Returns
    -------
    Contests
        Winners, what was reported of them, and what is true.

    Raises
    ------
    ParameterError
        If an argument is out of range, or the contests do not fit in memory.

    Examples
    --------
    >>> contests = simulate_selection([10.12] + 7 * [9.20], 8 * [2.06], 10_000, seed=1)
    >>> bool(abs((contests.reported - contests.true).mean() - 2.88) < 0.05)
    True
    """
    a, s = _estimates(means, errors)
    size = count("n_contests", n_contests), a.size
    check_size("n_contests", size[0], 32 * a.size, "selection_bias needs no contests")
    estimate = a + s * generator(seed).standard_normal(size)
    chosen = estimate.argmax(axis=1)
    return Contests(chosen, estimate.max(axis=1), a[chosen])


# More runs than these are not looked for.
_MOST_RUNS = 2**50

# Where a distribution function bends, in standard deviations: edges of the quadrature.
_BENDS = np.linspace(-CERTAIN, CERTAIN, 13)
