r"""Closed forms of the model: each law is the twin of a simulation.

The increments of the frontier do not depend on f, so the improvements
:math:`I_t = \max(0, -\delta_t)` are independent and every first and second moment is a sum of N
terms. Below, :math:`m = -\mu` and :math:`a_t = m/\sigma_t`; :math:`\varphi` and :math:`\Phi` are
the density and the distribution function of the standard normal distribution. Everything holds
for any real :math:`\mu`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._best_of import any_positive, correlation_of
from arbook._best_of import mean as best_mean
from arbook._best_of import variance as best_variance
from arbook._check import (
    FloatArray,
    IntArray,
    broadcast,
    counts,
    instance,
    number,
    numbers,
    refuse,
)
from arbook._normal import (
    FAR,
    cdf,
    log_cdf,
    positive_part,
    positive_part_variance,
    quantile,
    ratio,
)
from arbook.model import LARGEST_STEP, Parameters, step_size

if TYPE_CHECKING:
    from arbook._lattice import Distribution

#: Longest run for which sums over experiments are made (each term takes some 100 bytes).
LONGEST_RUN = 10_000_000

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
    `arbook.model.SMALLEST_STEP`.

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
    The success probability of evolution strategies [1]_.

    References
    ----------
    .. [1] I. Rechenberg, Evolutionsstrategie, Frommann-Holzboog, 1973.

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
    return positive_part(-p.mu, step_size(p, t))[()]


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
    return (step_size(p, t) * np.sqrt(positive_part_variance(_skill(p, t))))[()]


def expected_frontier(p: Parameters, n: ArrayLike, f0: float = 1.0) -> Any:
    r"""Return the expected frontier after n experiments.

    Law: Expected frontier. :math:`\mathbb E[F(n)] = f_0 - \sum_{s<n}\mathbb E[I_s]`.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n : int or array of int
        Numbers of experiments, from 0 to `LONGEST_RUN`.
    f0 : float, default 1.0
        Metric of the baseline, in bits per byte.

    Returns
    -------
    float or ndarray
        Expected frontiers in bits per byte, of the shape of `n`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    The sum of the progress rates of a (1+1) evolution strategy [1]_. For ``mu < 0`` it falls
    without limit, also below 0: see `negative_frontier_probability`.

    References
    ----------
    .. [1] H.-G. Beyer, The Theory of Evolution Strategies, Springer, 2001.

    Examples
    --------
    >>> expected_frontier(Parameters(sigma0=0.01, gamma=0.97), [0, 100]).round(6)
    array([1.      , 0.873343])
    """
    n = _lengths(p, n)
    return (number("f0", f0) - _at(n, np.cumsum(_means(p, n))))[()]


def frontier_std(p: Parameters, n: ArrayLike) -> Any:
    r"""Return the standard deviation of the frontier after n experiments.

    Law: Expected frontier.
    :math:`\mathrm{Var}[F(n)] = \sum_{s<n}\mathrm{Var}[I_s]`.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n : int or array of int
        Numbers of experiments, from 0 to `LONGEST_RUN`.

    Returns
    -------
    float or ndarray
        Standard deviations in bits per byte, of the shape of `n`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    Variances of independent terms add up: the identity of Bienaymé.

    Examples
    --------
    >>> frontier_std(Parameters(sigma0=0.01, gamma=0.97), [1, 100]).round(6)
    array([0.005838, 0.023988])
    """
    n = _lengths(p, n)
    scale, variances = _variances(p, n)
    return (scale * np.sqrt(_at(n, np.cumsum(variances))))[()]


def expected_gain_area(p: Parameters, n: ArrayLike) -> Any:
    r"""Return the expected gain area of n experiments.

    Law: Expected gain area. :math:`\mathbb E[\mathcal A_n] = \sum_{s<n}(n-s)\,\mathbb E[I_s]`.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n : int or array of int
        Numbers of experiments, from 0 to `LONGEST_RUN`.

    Returns
    -------
    float or ndarray
        Expected gain areas in bits per byte x experiments, of the shape of `n`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    Follows from `expected_frontier`: the improvement by experiment s counts in each of the n - s
    frontiers F(s + 1) ... F(n). For ``mu = 0`` see `symmetric_gain_area`. A sum of expected
    improvements [1]_, and so as exact as they are.

    References
    ----------
    .. [1] D. R. Jones, M. Schonlau and W. J. Welch, "Efficient global optimization of expensive
       black-box functions", Journal of Global Optimization 13, 455-492, 1998.

    Examples
    --------
    >>> expected_gain_area(Parameters(sigma0=0.01, gamma=0.97), 100).round(6)
    np.float64(9.202827)
    """
    n = _lengths(p, n)
    return _at(n, np.cumsum(np.cumsum(_means(p, n))))[()]


def gain_area_std(p: Parameters, n: ArrayLike) -> Any:
    r"""Return the standard deviation of the gain area of n experiments.

    Law: Expected gain area.
    :math:`\mathrm{Var}[\mathcal A_n] = \sum_{s<n}(n-s)^2\,\mathrm{Var}[I_s]`.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n : int or array of int
        Numbers of experiments, from 0 to `LONGEST_RUN`.

    Returns
    -------
    float or ndarray
        Standard deviations in bits per byte x experiments, of the shape of `n`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    Variances of independent terms add up, with squared weights: the identity of Bienaymé.

    Examples
    --------
    >>> gain_area_std(Parameters(sigma0=0.01, gamma=0.97), 100).round(6)
    np.float64(2.057125)
    """
    n = _lengths(p, n)
    scale, variances = _variances(p, n)
    # sum (n - s)^2 v_s for every n at once: as j^2 = 2 (1 + ... + j) - j, three running sums do.
    second = np.cumsum(np.cumsum(variances))
    return (scale * np.sqrt(_at(n, 2 * np.cumsum(second) - second)))[()]


def symmetric_gain_area(p: Parameters, n: ArrayLike) -> Any:
    r"""Return the expected gain area of n experiments without bias, in closed form.

    Law: Symmetric gain area. For :math:`\mu = 0`,

    .. math:: \mathbb E[\mathcal A_n] = \frac{\sigma_0}{\sqrt{2\pi}(1-\gamma)}
       \left[n - \gamma\,\frac{1-\gamma^n}{1-\gamma}\right].

    Parameters
    ----------
    p : Parameters
        The three parameters, with ``mu == 0``.
    n : int or array of int
        Numbers of experiments, 0 or more.

    Returns
    -------
    float or ndarray
        Expected gain areas in bits per byte x experiments, of the shape of `n`.

    Raises
    ------
    ParameterError
        If ``p.mu`` is not 0, `n` is negative or not an integer, or, for ``gamma > 1``, the step
        size would pass `arbook.model.LARGEST_STEP` within n experiments.

    Notes
    -----
    An equality, not an approximation: with :math:`\mu = 0`,
    :math:`\mathbb E[I_t] = \sigma_t/\sqrt{2\pi}`, the gain of a step on a slope [1]_, and the rest
    is a geometric sum. The formula as printed cancels where :math:`n(1-\gamma)` is small; there
    the equal series :math:`\sum_j (\gamma-1)^j \binom{n+1}{j+2}` takes its place.

    References
    ----------
    .. [1] H.-G. Beyer, The Theory of Evolution Strategies, Springer, 2001.

    Examples
    --------
    >>> symmetric_gain_area(Parameters(sigma0=0.01, gamma=0.97), 100).round(6)
    np.float64(9.202827)
    """
    instance("p", p, Parameters)
    if p.mu != 0:
        raise refuse("p.mu", p.mu, "0 (expected_gain_area takes any)")
    n = counts("n", n)
    log_last = math.log(p.sigma0) + math.log(p.gamma) * max(int(n.max()) - 1, 0)
    if log_last > math.log(LARGEST_STEP) and p.gamma > 1:
        raise refuse("n", int(n.max()), f"small enough that sigma0 * gamma**n <= {LARGEST_STEP:g}")
    x, growth = n.astype(np.float64), p.gamma - 1

    series, term = np.zeros_like(x), x * (x + 1) / 2
    near = np.abs(x * growth) < 0.5
    term = np.where(near, term, 0.0)
    for j in range(20):  # |terms| fall at least like 0.5^j / (j + 2)!
        series += term
        term = term * growth * (x - 1 - j) / (j + 3)

    if growth == 0:
        closed = series
    else:
        powers = np.expm1(np.where(near, 0.0, x * math.log(p.gamma))) / growth  # 1 + ... + g^(n-1)
        closed = (p.gamma * powers - x) / growth
    return (p.sigma0 / math.sqrt(2 * math.pi) * np.where(near, series, closed))[()]


def expected_keeps(p: Parameters, n: ArrayLike) -> Any:
    r"""Return the expected number of kept experiments among the first n.

    Law: Expected keeps. :math:`\mathbb E[K_n] = \sum_{s<n} p_s`.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n : int or array of int
        Numbers of experiments, from 0 to `LONGEST_RUN`.

    Returns
    -------
    float or ndarray
        Expected numbers of keeps, of the shape of `n`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    The number of keeps has the Poisson binomial distribution [1]_.

    References
    ----------
    .. [1] Y. H. Wang, "On the number of successes in independent trials", Statistica Sinica 3,
       295-312, 1993.

    Examples
    --------
    >>> expected_keeps(Parameters(sigma0=0.01, gamma=0.97), [10, 100])
    array([ 5., 50.])
    """
    n = _lengths(p, n)
    return _at(n, np.cumsum(cdf(_skill(p, _first(n)))))[()]


def keeps_std(p: Parameters, n: ArrayLike) -> Any:
    r"""Return the standard deviation of the number of kept experiments among the first n.

    Law: Expected keeps. :math:`\mathrm{Var}[K_n] = \sum_{s<n} p_s(1-p_s)`.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n : int or array of int
        Numbers of experiments, from 0 to `LONGEST_RUN`.

    Returns
    -------
    float or ndarray
        Standard deviations of the number of keeps, of the shape of `n`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    The number of keeps has the Poisson binomial distribution: see `expected_keeps`.

    Examples
    --------
    >>> keeps_std(Parameters(sigma0=0.01, gamma=0.97), 100)
    np.float64(5.0)
    """
    n = _lengths(p, n)
    a = _skill(p, _first(n))
    return np.sqrt(_at(n, np.cumsum(cdf(a) * cdf(-a))))[()]


def no_keep_probability(p: Parameters, n: ArrayLike) -> Any:
    r"""Return the probability that none of the first n experiments is kept.

    :math:`\Pr[F(n) = f_0] = \prod_{s<n}(1 - p_s)`, the atom of the frontier's
    distribution.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n : int or array of int
        Numbers of experiments, from 0 to `LONGEST_RUN`.

    Returns
    -------
    float or ndarray
        Probabilities, of the shape of `n`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    The probability of 0 in the Poisson binomial distribution: see `expected_keeps`.

    Examples
    --------
    >>> no_keep_probability(Parameters(sigma0=0.01, gamma=0.97), [0, 1, 2])
    array([1.  , 0.5 , 0.25])
    """
    n = _lengths(p, n)
    return np.exp(_at(n, np.cumsum(log_cdf(-_skill(p, _first(n))))))[()]


def any_keep_probability(keep_prob: ArrayLike, k: ArrayLike, *, correlation: float = 0.0) -> Any:
    r"""Return the probability that at least one of k agents has a variant to keep.

    Law: Any keep. :math:`\Pr[\text{at least one KEEP}] = 1 - (1-p)^k`.

    Parameters
    ----------
    keep_prob : float or array of float
        Keep probability p of one agent, in [0, 1].
    k : int or array of int
        Number of agents, 1 or more. Broadcasts against `keep_prob`.
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
    rho = correlation_of(correlation)
    prob = numbers("keep_prob", keep_prob, "a number in [0, 1], or an array of such numbers")
    outside = (prob < 0) | (prob > 1)
    if outside.any():
        raise refuse("keep_prob", float(prob[outside].flat[0]), "a number in [0, 1]")
    prob, k = broadcast(("keep_prob", prob), ("k", counts("k", k, least=1)))
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
        Number of agents, 1 or more. Broadcasts against `t`.
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
    # Beyond what a ratio may be, improvements are certain and add what is left of -mu.
    certain = np.maximum(-p.mu - FAR * sigma, 0.0)
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
        Number of agents, 1 or more. Broadcasts against `t`.
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


def best_step_size(cost: ArrayLike) -> Any:
    r"""Return the step size that gains most when boldness has a price.

    Law: Best step size. If an experiment of step size :math:`\sigma` has the bias
    :math:`\mu = c\sigma^2`, then :math:`\mathbb E[I] = \sigma[\varphi(c\sigma) -
    c\sigma\,\Phi(-c\sigma)]` is largest at :math:`\sigma^{\text{best}} = u^*/c`, where
    :math:`\varphi(u^*) = 2u^*\,\Phi(-u^*)` and :math:`u^* = 0.6120`.

    Parameters
    ----------
    cost : float or array of float
        Price of boldness c > 0, in 1 / (bits per byte).

    Returns
    -------
    float or ndarray
        Best step sizes in bits per byte, of the shape of `cost`, at most
        `arbook.model.LARGEST_STEP`.

    Raises
    ------
    ParameterError
        If `cost` is not a finite number > 0.

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
    allowed = "a finite number > 0, or an array of such numbers"
    c = numbers("cost", cost, allowed)
    if (c <= 0).any():
        raise refuse("cost", float(c.min()), allowed)
    return (_BEST_U / np.maximum(c, _BEST_U / LARGEST_STEP))[()]


def frontier_quantiles(p: Parameters, n: ArrayLike, q: ArrayLike, f0: float = 1.0) -> Any:
    r"""Return quantiles of the frontier after n experiments.

    :math:`\inf\{x : \Pr[F(n) \le x] \ge q\}`, where
    :math:`f_0 - F(n) = \sum_{s<n} I_s` is a sum of independent normals, each censored at 0.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n : int or array of int
        Numbers of experiments, from 0 to `LONGEST_RUN`.
    q : float or array of float
        Probabilities, strictly between 0 and 1.
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
    allowed = "a number in (0, 1), or an array of such numbers"
    q = numbers("q", q, allowed)
    outside = (q <= 0) | (q >= 1)
    if outside.any():
        raise refuse("q", float(q[outside].flat[0]), allowed)
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
        Numbers of experiments, from 0 to `LONGEST_RUN`.
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


def expected_records(n: ArrayLike) -> Any:
    r"""Return the expected number of improvements among n variants drawn at random.

    Law: Records. :math:`\mathbb E[R_n] = \sum_{i=1}^n 1/(i+1)`, when the baseline and the
    variants are independent draws from one continuous distribution.

    Parameters
    ----------
    n : int or array of int
        Numbers of variants, 0 or more.

    Returns
    -------
    float or ndarray
        Expected numbers of improvements, of the shape of `n`.

    Raises
    ------
    ParameterError
        If `n` is negative or not an integer.

    Notes
    -----
    Variant i is the smallest of i + 1 exchangeable values with probability 1/(i + 1), whatever
    their distribution [1]_. The sum is :math:`\psi(n+2) - \psi(2)` with the digamma function.

    References
    ----------
    .. [1] N. Glick, "Breaking records and breaking boards", American Mathematical Monthly 85,
       2-26, 1978.

    Examples
    --------
    >>> expected_records([1, 3, 100]).round(4)
    array([0.5   , 1.0833, 4.1973])
    """
    from scipy.special import digamma

    return np.asarray(digamma(counts("n", n) + 2.0) - digamma(2.0))[()]


def records_std(n: ArrayLike) -> Any:
    r"""Return the standard deviation of the number of improvements among n random variants.

    Law: Records. :math:`\mathrm{Var}[R_n] = \sum_{i=1}^n \frac{1}{i+1}(1 - \frac{1}{i+1})`:
    records are independent events.

    Parameters
    ----------
    n : int or array of int
        Numbers of variants, 0 or more.

    Returns
    -------
    float or ndarray
        Standard deviations of the number of improvements, of the shape of `n`.

    Raises
    ------
    ParameterError
        If `n` is negative or not an integer.

    Examples
    --------
    >>> records_std([1, 100]).round(4)
    array([0.5   , 1.8874])
    """
    from scipy.special import polygamma

    # The squares 1/(i+1)^2 sum to a difference of trigamma functions.
    squares = polygamma(1, 2.0) - polygamma(1, counts("n", n) + 2.0)
    return np.sqrt(np.maximum(expected_records(n) - squares, 0.0))[()]


def _experiments(p: Parameters, t: ArrayLike) -> IntArray:
    """Check both arguments of a law of one experiment."""
    instance("p", p, Parameters)
    return counts("t", t)


def _round(
    p: Parameters, t: ArrayLike, k: ArrayLike, correlation: float
) -> tuple[IntArray, IntArray, float]:
    """Check the arguments of a law of one round."""
    rho = correlation_of(correlation)
    t, k = broadcast(("t", _experiments(p, t)), ("k", counts("k", k, least=1)))
    return t, k, rho


def _lengths(p: Parameters, n: ArrayLike) -> IntArray:
    """Check both arguments of a law of n experiments."""
    instance("p", p, Parameters)
    n = counts("n", n)
    if n.max() > LONGEST_RUN:
        raise refuse("n", int(n.max()), f"an integer in 0 ... {LONGEST_RUN}, or an array of such")
    return n


def _total_improvements(p: Parameters, n: IntArray) -> dict[int, Distribution]:
    """Return the distribution of f0 - F(n) for every n."""
    from arbook._lattice import total_improvements

    n = np.unique(n)
    mean, std = -expected_frontier(p, n, 0.0), frontier_std(p, n)
    sigma = step_size(p, _first(n))
    return total_improvements(-p.mu, sigma, n, mean, std, no_keep_probability(p, n))


def _skill(p: Parameters, t: IntArray) -> FloatArray:
    """Return a_t."""
    return ratio(-p.mu, step_size(p, t))


def _first(n: IntArray) -> IntArray:
    """Return the experiments that the largest n needs (at least one, also for n = 0)."""
    return np.arange(max(int(n.max()), 1))


def _means(p: Parameters, n: IntArray) -> FloatArray:
    return positive_part(-p.mu, step_size(p, _first(n)))


def _variances(p: Parameters, n: IntArray) -> tuple[float, FloatArray]:
    """Return a scale and Var[I_s] / scale^2: the square of a tiny step itself would be 0."""
    t = _first(n)
    sigma = step_size(p, t)
    scale = float(sigma.max())
    return scale, (sigma / scale) ** 2 * positive_part_variance(_skill(p, t))


def _at(n: IntArray, sums: FloatArray) -> FloatArray:
    """Pick the running sums of the first n terms."""
    return np.asarray(np.concatenate([[0.0], sums])[n])
