"""What the best of many draws from an urn brings: the law of doublings."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.memory import check_size
from arbook._numerics.ranges import Integer, Real, count, naturals, positive
from arbook._numerics.seeds import Seed, generator
from arbook._numerics.validation import FloatArray
from arbook.model.laws import LONGEST_RUN

#: Least tail index of an urn; -1 is an urn in which all values up to a best one are alike.
LEAST_TAIL = -2.0

_tail = Real(LEAST_TAIL, 1, ends="[)")

# Nodes of the integral of the digamma function over a distance of at most 2: exact to the last
# digits, as its poles are at least 1 away.
_NODES = 12


def expected_urn_gain(n: ArrayLike, tail: float = 0.0, scale: float = 1.0) -> Any:
    r"""Return the expected gain of the best of n variants from an urn over a baseline from it.

    Law: Doublings. :math:`\mathbb E[G_n] = s \sum_{i=1}^n \mathrm B(i + 1, 1 - \xi)`, when the
    baseline and the variants are independent draws whose upper tail is generalised Pareto with
    index :math:`\xi` and scale s. Each doubling of n brings about :math:`2^\xi` times as much as
    the one before it.

    Parameters
    ----------
    n : int or array of int
        Numbers of variants, >= 0.
    tail : float, default 0.0
        Tail index :math:`\xi`, in [-2, 1): 0 is an exponential urn, above it large gains are more
        common, below it there is a best possible value.
    scale : float, default 1.0
        Scale s, in the metric's unit, > 0.

    Returns
    -------
    float or ndarray
        Expected gains, in the unit of `scale` and of the shape of `n`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    See Also
    --------
    simulate_urn : Draws such gains.
    arbook.expected_records : How often such draws improve, whatever the urn.

    Notes
    -----
    Experiment i brings :math:`s\,\mathrm B(i + 1, 1 - \xi)` on average, with Euler's beta function,
    which is :math:`s/(i + 1)` for :math:`\xi = 0` and falls like :math:`i^{-(1 - \xi)}` in general.
    Values far up in an urn of almost any shape have a generalised Pareto distribution [1]_.

    References
    ----------
    .. [1] J. Pickands, "Statistical inference using extreme order statistics", Annals of
       Statistics 3, 119-131, 1975.

    Examples
    --------
    >>> expected_urn_gain([50, 100, 200]).round(3)
    array([3.519, 4.197, 4.883])
    >>> float(expected_urn_gain(1, tail=0.5).round(4))
    1.3333
    """
    n = naturals("n", n)
    tail, scale = _tail("tail", tail), positive("scale", scale)
    grown = _log_growth(n, tail)
    if tail:
        grown = np.expm1(tail * grown) / tail
    return np.asarray(scale / (1 - tail) * grown)[()]


def _log_growth(n: Any, tail: float) -> FloatArray:
    """Return log of (n + 1) B(n + 1, 1 - tail) (1 - tail), divided by the tail index.

    It is the mean of psi(n + 2 - v) - psi(2 - v) over v from 0 to the index.
    """
    from scipy.special import digamma

    node, weight = np.polynomial.legendre.leggauss(_NODES)
    v = tail * (node + 1) / 2
    places = np.asarray(n, dtype=float)[..., None] + 2 - v
    return np.asarray((digamma(places) - digamma(2 - v)) @ weight / 2)


def simulate_urn(
    n: int, n_runs: int = 1, *, tail: float = 0.0, scale: float = 1.0, seed: Seed = None
) -> FloatArray:
    """Draw the gains of loops that draw every variant, and the baseline, from one urn.

    Parameters
    ----------
    n : int
        Number of variants, in 1 ... `arbook.model.laws.LONGEST_RUN`.
    n_runs : int, default 1
        Number of independent loops, >= 1.
    tail : float, default 0.0
        Tail index of the urn, in [-2, 1).
    scale : float, default 1.0
        Scale of the urn, in the metric's unit, > 0.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.

    Returns
    -------
    ndarray
        Gains after 0 ... n variants, shape (n_runs, n + 1), in the unit of `scale`.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the gains do not fit in memory.

    See Also
    --------
    expected_urn_gain : Their mean.

    Examples
    --------
    >>> gains = simulate_urn(100, 2000, seed=1)[:, 100]
    >>> bool(abs(gains.mean() - expected_urn_gain(100)) < 5 * gains.std() / 2000**0.5)
    True
    """
    n, n_runs = Integer(1, LONGEST_RUN)("n", n), count("n_runs", n_runs)
    tail, scale = _tail("tail", tail), positive("scale", scale)
    check_size("n_runs", n_runs, 24 * (n + 1))
    draws = generator(seed).exponential(size=(n_runs, n + 1))
    if tail:
        draws = np.expm1(tail * draws) / tail
    best = np.maximum.accumulate(scale * draws, axis=1)
    return np.asarray(best - best[:, :1])
