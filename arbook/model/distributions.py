"""Whole distributions of the frontier: quantiles, and how likely it is below 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.ranges import Array, number, open_unit_interval
from arbook._numerics.validation import IntArray
from arbook.model.parameters import Parameters, bias, step_size
from arbook.model.totals import (
    _first,
    _lengths,
    expected_frontier,
    frontier_std,
    no_keep_probability,
)

if TYPE_CHECKING:
    from arbook._numerics.lattice import Distribution


def frontier_quantiles(p: Parameters, n: ArrayLike, q: ArrayLike, f0: float = 1.0) -> Any:
    r"""Return quantiles of the frontier after n experiments.

    :math:`\inf\{x : \Pr[F(n) \le x] \ge q\}`, where
    :math:`f_0 - F(n) = \sum_{s<n} I_s` is a sum of independent normals, each censored at 0.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n : int or array of int
        Numbers of experiments, in 0 ... `LONGEST_RUN`.
    q : float or array of float
        Probabilities, in (0, 1).
    f0 : float, default 1.0
        Metric of the baseline, in bits per byte.

    Returns
    -------
    float or ndarray
        Quantiles in bits per byte; the shape is that of `n` followed by that of `q`. Exactly
        `f0` where the atom of `no_keep_probability` holds the quantile.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    No simulation: the distribution is the convolution of the n distributions, made on a lattice
    of 4096 points by the fast Fourier transform [1]_. Errors stay below 0.001
    standard deviations for q in [0.001, 0.999]. Costs about 0.2 ms for each experiment.

    References
    ----------
    .. [1] H. U. Gerber, "On the numerical evaluation of the distribution of aggregate claims and
       its stop-loss premiums", Insurance: Mathematics and Economics 1, 13-18, 1982.

    Examples
    --------
    >>> p = Parameters(sigma0=0.01, gamma=0.97)
    >>> frontier_quantiles(p, 100, [0.05, 0.5, 0.95]).round(3)
    array([0.832, 0.874, 0.911])
    """
    n, f0 = _lengths(p, n), number("f0", f0)
    q = Array(open_unit_interval)("q", q)
    total = _total_improvements(p, n)
    rows = [total[i].quantile(1 - q) for i in n.ravel().tolist()]
    return (f0 - np.reshape(rows, n.shape + q.shape))[()]


def negative_frontier_probability(p: Parameters, n: ArrayLike, f0: float = 1.0) -> Any:
    r"""Return the probability that the frontier is below 0 after n experiments.

    :math:`\Pr[F(n) < 0] = \Pr[\sum_{s<n} I_s > f_0]`.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n : int or array of int
        Numbers of experiments, in 0 ... `LONGEST_RUN`.
    f0 : float, default 1.0
        Metric of the baseline, in bits per byte.

    Returns
    -------
    float or ndarray
        Probabilities, of the shape of `n`, to about 1e-6 absolute.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    A loss in bits is never negative, but Gaussian steps are unbounded: where this probability
    is not small, the parameters are outside the model. The distribution is that of
    `frontier_quantiles`.

    Examples
    --------
    >>> skilled = Parameters(sigma0=0.01, gamma=0.97, mu=-0.005)
    >>> negative_frontier_probability(skilled, [100, 200, 300]).round(3)
    array([0.   , 0.801, 1.   ])
    """
    n, f0 = _lengths(p, n), number("f0", f0)
    total = _total_improvements(p, n)
    return np.reshape([total[i].above(f0) for i in n.ravel().tolist()], n.shape)[()]


def _total_improvements(p: Parameters, n: IntArray) -> dict[int, Distribution]:
    """Return the distribution of f0 - F(n) for every n."""
    from arbook._numerics.lattice import total_improvements

    n = np.unique(n)
    mean, std = -expected_frontier(p, n, 0.0), frontier_std(p, n)
    t = _first(n)
    return total_improvements(-bias(p, t), step_size(p, t), n, mean, std, no_keep_probability(p, n))
