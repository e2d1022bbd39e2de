"""Laws of the best of k variants that start from one incumbent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.best_of import any_positive
from arbook._numerics.best_of import mean as best_mean
from arbook._numerics.best_of import variance as best_variance
from arbook._numerics.normal import (
    FAR,
    quantile,
)
from arbook._numerics.ranges import Array, counts, unit_interval
from arbook._numerics.validation import IntArray, broadcast
from arbook.model.laws import _experiments, _skill
from arbook.model.parameters import Parameters, bias, step_size

if TYPE_CHECKING:
    pass


def any_keep_probability(keep_prob: ArrayLike, k: ArrayLike, *, correlation: float = 0.0) -> Any:
    r"""Return the probability that at least one of k agents has a variant to keep.

    Law: Any keep. :math:`\Pr[\text{at least one KEEP}] = 1 - (1-p)^k`.

    Parameters
    ----------
    keep_prob : float or array of float
        Keep probability p of one agent, in [0, 1].
    k : int or array of int
        Number of agents, >= 1. Broadcasts against `keep_prob`.
    correlation : float, default 0.0
        Correlation :math:`\rho` of any two of the agents' changes, in [0, 1].

    Returns
    -------
    float or ndarray
        Probabilities, of the common shape of `keep_prob` and `k`.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the shapes do not fit.

    Notes
    -----
    The best of k is no improvement only if none of them is: the distribution of a maximum [1]_,
    written as ``-expm1(k * log1p(-p))``, which keeps its digits for small p. With a correlation,
    the largest of the k improvements is positive with probability
    :math:`\mathbb E[\Phi((a + \sqrt{1-\rho}\,M)/\sqrt\rho)]`, where :math:`\Phi(a) = p` and M is
    the largest of k independent standard normals.

    References
    ----------
    .. [1] H. A. David and H. N. Nagaraja, Order Statistics, 3rd ed., Wiley, 2003, section 2.

    Examples
    --------
    >>> any_keep_probability(0.5, [1, 2, 4])
    array([0.5   , 0.75  , 0.9375])
    >>> any_keep_probability(0.5, [1, 2, 4], correlation=0.5).round(4)
    array([0.5   , 0.6667, 0.8   ])
    """
    rho = unit_interval("correlation", correlation)
    prob = Array(unit_interval)("keep_prob", keep_prob)
    prob, k = broadcast(("keep_prob", prob), ("k", counts("k", k)))
    if rho > 0:
        return any_positive(np.clip(quantile(prob), -FAR, FAR), k, rho)[()]
    with np.errstate(divide="ignore"):  # log1p(-1) is -inf, and expm1 makes -1 of it
        return (0.0 - np.expm1(k * np.log1p(-prob)))[()]


def expected_best_improvement(
    p: Parameters, t: ArrayLike, k: ArrayLike, *, correlation: float = 0.0
) -> Any:
    r"""Return the expected improvement by the best of k agents in round t.

    Law: Best of k. :math:`\mathbb E\left[\max_{i\le k} I_t^{(i)}\right]
    = \sigma_t\int_{-a_t}^\infty \left(1-\Phi(u)^k\right)du`.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    t : int or array of int
        Rounds, counted from 0; each agent's step size is :math:`\sigma_t`.
    k : int or array of int
        Number of agents, >= 1. Broadcasts against `t`.
    correlation : float, default 0.0
        Correlation :math:`\rho` of any two of the agents' changes, in [0, 1].

    Returns
    -------
    float or ndarray
        Expected improvements in bits per byte, of the common shape of `t` and `k`. With
        ``k = 1``, `expected_improvement`.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the shapes do not fit.

    Notes
    -----
    For ``mu = 0`` it grows like :math:`\sigma_t\sqrt{2\ln k}`: logarithmic gain for k-fold cost
    [1]_. With a correlation, the lower end of the integral becomes soft:

    .. math:: \sigma_t\sqrt{1-\rho}\int_{-\infty}^\infty
       \Phi\!\left(\frac{a_t + \sqrt{1-\rho}\,u}{\sqrt\rho}\right)
       \left(1-\Phi(u)^k\right)du .

    Made by Gauss-Legendre quadrature, to about 12 digits for k up to a million.

    References
    ----------
    .. [1] H. A. David and H. N. Nagaraja, Order Statistics, 3rd ed., Wiley, 2003, section 4.

    Examples
    --------
    >>> p = Parameters(sigma0=0.01, gamma=0.97)
    >>> expected_best_improvement(p, 0, [1, 10]).round(6)
    array([0.003989, 0.015389])
    >>> expected_best_improvement(p, 0, [1, 10], correlation=0.5).round(6)
    array([0.003989, 0.011218])
    """
    t, k, rho = _round(p, t, k, correlation)
    sigma = step_size(p, t)
    # Beyond what a ratio may be, improvements are certain and add what is left of -mu_t.
    certain = np.maximum(-bias(p, t) - FAR * sigma, 0.0)
    return (certain + sigma * best_mean(_skill(p, t), k, rho))[()]


def best_improvement_std(
    p: Parameters, t: ArrayLike, k: ArrayLike, *, correlation: float = 0.0
) -> Any:
    r"""Return the standard deviation of the improvement by the best of k agents in round t.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    t : int or array of int
        Rounds, counted from 0; each agent's step size is :math:`\sigma_t`.
    k : int or array of int
        Number of agents, >= 1. Broadcasts against `t`.
    correlation : float, default 0.0
        Correlation :math:`\rho` of any two of the agents' changes, in [0, 1].

    Returns
    -------
    float or ndarray
        Standard deviations in bits per byte, of the common shape of `t` and `k`. With ``k = 1``,
        `improvement_std`.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the shapes do not fit.

    Notes
    -----
    Let :math:`\sigma_t M` be the largest of the agents' own parts. Given M, the best improvement
    is one normal, cut off at 0; the variance is the mean of its variance plus the variance of its
    mean. Both are integrals of terms that are not negative, so that no digits are lost.

    Examples
    --------
    >>> p = Parameters(sigma0=0.01, gamma=0.97)
    >>> best_improvement_std(p, 0, [1, 10]).round(6)
    array([0.005838, 0.005865])
    """
    t, k, rho = _round(p, t, k, correlation)
    return (step_size(p, t) * np.sqrt(best_variance(_skill(p, t), k, rho)))[()]


def _round(
    p: Parameters, t: ArrayLike, k: ArrayLike, correlation: float
) -> tuple[IntArray, IntArray, float]:
    """Check the arguments of a law of one round."""
    rho = unit_interval("correlation", correlation)
    t, k = broadcast(("t", _experiments(p, t)), ("k", counts("k", k)))
    return t, k, rho
