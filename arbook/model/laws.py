r"""Laws of one experiment: how often it is kept, and what it improves.

Every law is the twin of a simulation. Below, :math:`m = -\mu` and :math:`a_t = m/\sigma_t`;
:math:`\varphi` and :math:`\Phi` are the density and the distribution function of the standard
normal distribution. Everything holds for any real :math:`\mu`, and with a price of boldness where
:math:`\mu_t` of `arbook.bias` takes its place.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.normal import (
    cdf,
    positive_part,
    positive_part_std,
    ratio,
)
from arbook._numerics.ranges import Integer, instance, naturals, positives
from arbook._numerics.validation import FloatArray, IntArray
from arbook.model.parameters import LARGEST_STEP, Parameters, bias, step_size

if TYPE_CHECKING:
    pass

#: Longest run for which sums over experiments are made (each term takes some 100 bytes).
LONGEST_RUN = 10_000_000

#: The number of experiments of such a run.
run_length = Integer(1, LONGEST_RUN)

#: Terms that one call may sum where it tries many parameters (about a minute).
MOST_TERMS = 300_000_000

# u* of `best_step_size`: the root of phi(u) = 2 u Phi(-u).
_BEST_U = 0.61200318096248076


def half_life(p: Parameters) -> float:
    r"""Return after how many experiments the step is half as large.

    Half-life: :math:`t_{1/2} = \ln 2/\ln(1/\gamma)`, the experiments in which :math:`\sigma_t`
    halves.

    Parameters
    ----------
    p : Parameters
        The three parameters.

    Returns
    -------
    float
        Half-life in experiments, not a whole number; infinite for ``gamma >= 1``.

    Raises
    ------
    ParameterError
        If `p` is not a `Parameters`.

    Examples
    --------
    >>> round(half_life(Parameters(sigma0=0.01, gamma=0.97)), 2)
    22.76
    """
    gamma = instance("p", p, Parameters).gamma
    return math.log(2) / -math.log(gamma) if gamma < 1 else math.inf


def reach(p: Parameters) -> float:
    r"""Return the sum of all step sizes that an endless run would have.

    Reach: :math:`\sum_{t=0}^\infty \sigma_0\gamma^t = \sigma_0/(1-\gamma)`. Without bias an endless
    run gains :math:`1/\sqrt{2\pi} = 0.399` of it on average.

    Parameters
    ----------
    p : Parameters
        The three parameters.

    Returns
    -------
    float
        Reach in bits per byte; infinite for ``gamma >= 1``.

    Raises
    ------
    ParameterError
        If `p` is not a `Parameters`.

    Notes
    -----
    A geometric series. It sums the steps as the formula has them: `step_size` never falls below
    `arbook.model.parameters.SMALLEST_STEP`.

    Examples
    --------
    >>> round(reach(Parameters(sigma0=0.01, gamma=0.97)), 4)
    0.3333
    """
    instance("p", p, Parameters)
    return p.sigma0 / (1 - p.gamma) if p.gamma < 1 else math.inf


def keep_probability(p: Parameters, t: ArrayLike) -> Any:
    r"""Return the probability that experiment t is kept.

    Law: Keep probability. :math:`p_t = \Pr[\delta_t < 0] = \Phi(-\mu/\sigma_t)`.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    t : int or array of int
        Experiments, counted from 0.

    Returns
    -------
    float or ndarray
        Probabilities, of the shape of `t`. 1/2 whatever the step size if ``mu`` is 0.

    Raises
    ------
    ParameterError
        If `p` is not a `Parameters`, or `t` is negative or not an integer.

    Notes
    -----
    The model with constant steps is that of [1]_.

    References
    ----------
    .. [1] J. Lengler and R. R. Ravi, "Runtime analysis of the (mu+1)-ES in a homogenous progress
       model", arXiv:2606.13323, 2026.

    Examples
    --------
    >>> keep_probability(Parameters(sigma0=0.01, gamma=0.97), [0, 10, 100])
    array([0.5, 0.5, 0.5])
    >>> keep_probability(Parameters(sigma0=0.01, gamma=0.97, mu=-0.01), 0).round(4)
    np.float64(0.8413)
    """
    return cdf(_skill(p, _experiments(p, t)))[()]


def expected_improvement(p: Parameters, t: ArrayLike) -> Any:
    r"""Return the expected improvement by experiment t.

    Law: Expected improvement. :math:`\mathbb E[I_t] = m\Phi(a_t) + \sigma_t\varphi(a_t)`.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    t : int or array of int
        Experiments, counted from 0.

    Returns
    -------
    float or ndarray
        Expected improvements in bits per byte, of the shape of `t`.

    Raises
    ------
    ParameterError
        If `p` is not a `Parameters`, or `t` is negative or not an integer.

    Notes
    -----
    The formula is the expected-improvement criterion of Bayesian optimisation [1]_. It is
    evaluated as :math:`\max(m, 0) + \sigma_t\,\mathbb E[(Z-|a_t|)^+]`, which does not cancel.

    References
    ----------
    .. [1] D. R. Jones, M. Schonlau and W. J. Welch, "Efficient global optimization of expensive
       black-box functions", Journal of Global Optimization 13, 455-492, 1998.

    Examples
    --------
    >>> expected_improvement(Parameters(sigma0=0.01, gamma=0.97), [0, 1]).round(6)
    array([0.003989, 0.00387 ])
    """
    t = _experiments(p, t)
    return positive_part(-bias(p, t), step_size(p, t))[()]


def improvement_std(p: Parameters, t: ArrayLike) -> Any:
    r"""Return the standard deviation of the improvement by experiment t.

    :math:`\mathrm{Var}[I_t] = (m^2+\sigma_t^2)\Phi(a_t) + m\sigma_t\varphi(a_t)
    - \mathbb E[I_t]^2`.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    t : int or array of int
        Experiments, counted from 0.

    Returns
    -------
    float or ndarray
        Standard deviations in bits per byte, of the shape of `t`.

    Raises
    ------
    ParameterError
        If `p` is not a `Parameters`, or `t` is negative or not an integer.

    Notes
    -----
    The moments are those of a normal distribution censored at 0 [1]_. The formula cancels when
    :math:`|\mu| \gg \sigma_t`; with :math:`T = \mathbb E[(Z-|a_t|)^+]` it equals
    :math:`\sigma_t^2[\Phi(a_t) - T(|a_t| + T)]`, which tends to :math:`\sigma_t^2` as it should.

    References
    ----------
    .. [1] N. L. Johnson, S. Kotz and N. Balakrishnan, Continuous Univariate Distributions 1,
       2nd ed., Wiley, 1994, section 13.10.

    Examples
    --------
    >>> improvement_std(Parameters(sigma0=0.01, gamma=0.97), 0).round(6)
    np.float64(0.005838)
    """
    t = _experiments(p, t)
    return (step_size(p, t) * positive_part_std(_skill(p, t)))[()]


def best_step_size(price: ArrayLike) -> Any:
    r"""Return the step size that gains most when boldness has a price.

    Law: Best step size. If an experiment of step size :math:`\sigma` has the bias
    :math:`\mu = c\sigma^2`, then :math:`\mathbb E[I] = \sigma[\varphi(c\sigma) -
    c\sigma\,\Phi(-c\sigma)]` is largest at :math:`\sigma^{\text{best}} = u^*/c`, where
    :math:`\varphi(u^*) = 2u^*\,\Phi(-u^*)` and :math:`u^* = 0.6120`.

    Parameters
    ----------
    price : float or array of float
        Price of boldness c > 0, in 1 / (bits per byte).

    Returns
    -------
    float or ndarray
        Best step sizes in bits per byte, of the shape of `price`, at most
        `arbook.model.parameters.LARGEST_STEP`.

    Raises
    ------
    ParameterError
        If `price` is not a finite number > 0.

    Notes
    -----
    The keep probability there is :math:`\Phi(-u^*) = 0.2703`, whatever the price: on the sphere,
    where :math:`c = d/(4R^2)`, the success rate of the fastest (1+1) evolution strategy [1]_.

    References
    ----------
    .. [1] I. Rechenberg, Evolutionsstrategie, Frommann-Holzboog, 1973.

    Examples
    --------
    >>> best_step_size([1, 10]).round(4)
    array([0.612 , 0.0612])
    """
    c = positives("price", price)
    return (_BEST_U / np.maximum(c, _BEST_U / LARGEST_STEP))[()]


def _experiments(p: Parameters, t: ArrayLike) -> IntArray:
    """Check both arguments of a law of one experiment."""
    instance("p", p, Parameters)
    return naturals("t", t)


def _skill(p: Parameters, t: IntArray) -> FloatArray:
    """Return a_t."""
    return ratio(-bias(p, t), step_size(p, t))
