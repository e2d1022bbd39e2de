r"""Laws of a whole run: frontier, gain area and number of keeps, with their spread.

The increments of the frontier do not depend on f, so the improvements
:math:`I_t = \max(0, -\delta_t)` are independent, and every first and second moment is a sum of N
terms.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.normal import (
    cdf,
    log_cdf,
    positive_part,
    positive_part_variance,
)
from arbook._numerics.ranges import Array, Integer, instance, naturals, number
from arbook._numerics.validation import FloatArray, IntArray, refuse
from arbook.model.laws import LONGEST_RUN, _skill
from arbook.model.parameters import LARGEST_STEP, Parameters, bias, step_size

if TYPE_CHECKING:
    pass

_LENGTHS = Array(Integer(0, LONGEST_RUN))


def expected_frontier(p: Parameters, n: ArrayLike, f0: float = 1.0) -> Any:
    r"""Return the expected frontier after n experiments.

    Law: Expected frontier. :math:`\mathbb E[F(n)] = f_0 - \sum_{s<n}\mathbb E[I_s]`.

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
        Expected frontiers in bits per byte, of the shape of `n`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    With constant steps it falls by the growth rate of the (1+1) evolution strategy in the same
    model [1]_. For ``mu < 0`` it falls without limit, also below 0: see
    `negative_frontier_probability`.

    References
    ----------
    .. [1] J. Lengler and R. R. Ravi, "Runtime analysis of the (mu+1)-ES in a homogenous progress
       model", arXiv:2606.13323, 2026.

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
        Numbers of experiments, in 0 ... `LONGEST_RUN`.

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
        Numbers of experiments, in 0 ... `LONGEST_RUN`.

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
    The area below a curve of best values is a measure of anytime behaviour [1]_. Its expectation
    follows from `expected_frontier`: the improvement by experiment s counts in each of the n - s
    frontiers F(s + 1) ... F(n). For ``mu = 0`` see `symmetric_gain_area`.

    References
    ----------
    .. [1] M. López-Ibáñez and T. Stützle, "Automatically improving the anytime behaviour of
       optimisation algorithms", European Journal of Operational Research 235, 569-582, 2014.

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
        Numbers of experiments, in 0 ... `LONGEST_RUN`.

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
        The three parameters, with ``mu == 0`` and no price.
    n : int or array of int
        Numbers of experiments, >= 0.

    Returns
    -------
    float or ndarray
        Expected gain areas in bits per byte x experiments, of the shape of `n`.

    Raises
    ------
    ParameterError
        If ``p.mu`` or ``p.price`` is not 0, `n` is negative or not an integer, or, for
        ``gamma > 1``, the step size would pass `arbook.model.parameters.LARGEST_STEP` within n
        experiments.

    Notes
    -----
    An equality, not an approximation: with :math:`\mu = 0`,
    :math:`\mathbb E[I_t] = \sigma_t/\sqrt{2\pi}`, and the rest is a geometric sum; the measure is
    one of anytime behaviour [1]_. The formula as printed cancels where :math:`n(1-\gamma)` is
    small; there the equal series :math:`\sum_j (\gamma-1)^j \binom{n+1}{j+2}` takes its place.

    References
    ----------
    .. [1] M. López-Ibáñez and T. Stützle, "Automatically improving the anytime behaviour of
       optimisation algorithms", European Journal of Operational Research 235, 569-582, 2014.

    Examples
    --------
    >>> symmetric_gain_area(Parameters(sigma0=0.01, gamma=0.97), 100).round(6)
    np.float64(9.202827)
    """
    instance("p", p, Parameters)
    for name in ("mu", "price"):
        if getattr(p, name) != 0:
            raise refuse(f"p.{name}", getattr(p, name), "0 (expected_gain_area takes any)")
    n = naturals("n", n)
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
        Numbers of experiments, in 0 ... `LONGEST_RUN`.

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
        Numbers of experiments, in 0 ... `LONGEST_RUN`.

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
        Numbers of experiments, in 0 ... `LONGEST_RUN`.

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


def _lengths(p: Parameters, n: ArrayLike) -> IntArray:
    """Check both arguments of a law of n experiments."""
    instance("p", p, Parameters)
    return _LENGTHS("n", n)


def _first(n: IntArray) -> IntArray:
    """Return the experiments that the largest n needs (at least one, also for n = 0)."""
    return np.arange(max(int(n.max()), 1))


def _means(p: Parameters, n: IntArray) -> FloatArray:
    t = _first(n)
    return positive_part(-bias(p, t), step_size(p, t))


def _variances(p: Parameters, n: IntArray) -> tuple[float, FloatArray]:
    """Return a scale and Var[I_s] / scale^2: the square of a tiny step itself would be 0."""
    t = _first(n)
    sigma = step_size(p, t)
    scale = float(sigma.max())
    return scale, (sigma / scale) ** 2 * positive_part_variance(_skill(p, t))


def _at(n: IntArray, sums: FloatArray) -> FloatArray:
    """Pick the running sums of the first n terms."""
    return np.asarray(np.concatenate([[0.0], sums])[n])
