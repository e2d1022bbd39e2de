r"""How many nights tell two programs apart, agents and models included.

A night is one draw, however many experiments it has. Two programs have nights of one spread s and
of means that differ by d; what counts is d/s. Nights of a pair that share their luck have a
correlation :math:`\rho`, and their difference the spread :math:`s\sqrt{2(1-\rho)}`.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.best_of import mean as best_mean
from arbook._numerics.memory import check_size
from arbook._numerics.normal import CERTAIN, cdf, quantile
from arbook._numerics.ranges import (
    Array,
    Integer,
    OrNone,
    Real,
    count,
    counts,
    open_unit_interval,
    positive,
)
from arbook._numerics.seeds import Seed, generator
from arbook._numerics.validation import FloatArray, IntArray, broadcast, refuse

_DIFFERENCES = Array(Real(0, 1e150))
_DIFFERENCE = Real(0, 1e150)
_SPREAD = Real(0, 1e150, ends="(")
_NIGHTS = Array(Integer(2, 10**15))
_CORRELATION = Real(-1, 1, ends="()")
_PAIRED = OrNone(_CORRELATION)

# From so many nights on, a t distribution is a normal one.
_MANY = 100_000.0


def misranking_probability(
    difference: ArrayLike, spread: float, nights: ArrayLike = 1, *, correlation: float = 0.0
) -> Any:
    r"""Return the probability that the worse of two programs has the better mean of n nights.

    Law: Misranking. :math:`\Pr = \Phi\!\left(-\frac{d}{s}\sqrt{\frac{n}{2(1-\rho)}}\right)`.

    Parameters
    ----------
    difference : float or array of float
        Difference d of the expectations, in [0, 1e+150].
    spread : float
        Standard deviation s of a night, in (0, 1e+150].
    nights : int or array of int, default 1
        Nights n of each program, >= 1. Broadcasts against `difference`.
    correlation : float, default 0.0
        Correlation :math:`\rho` of the two nights of a pair, in (-1, 1).

    Returns
    -------
    float or ndarray
        Probabilities, of the common shape.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the shapes do not fit.

    See Also
    --------
    selection_bias : The same for more than two programs, without a correlation.
    area_misranking : Exactly, for programs of the model.

    Notes
    -----
    For means of normal nights. With n = 1 it is one less the common language effect size of [1]_.

    References
    ----------
    .. [1] K. O. McGraw and S. P. Wong, "A common language effect size statistic", Psychological
       Bulletin 111, 361-365, 1992.

    Examples
    --------
    >>> misranking_probability(0.0024, 0.0020, [1, 2, 5, 10]).round(3)
    array([0.198, 0.115, 0.029, 0.004])
    """
    d, n = _DIFFERENCES("difference", difference), counts("nights", nights)
    d, n = broadcast(("difference", d), ("nights", n))
    return cdf(-_effect(d, spread, correlation) * np.sqrt(n))[()]


def comparison_power(
    difference: ArrayLike,
    spread: float,
    nights: ArrayLike,
    *,
    error: float = 0.05,
    correlation: float | None = None,
) -> Any:
    r"""Return the probability that a t-test after n nights of each finds a difference.

    Parameters
    ----------
    difference : float or array of float
        Difference d of the expectations, in [0, 1e+150].
    spread : float
        Standard deviation s of a night, in (0, 1e+150].
    nights : int or array of int
        Nights n of each program, in 2 ... 1000000000000000. Broadcasts against `difference`.
    error : float, default 0.05
        Probability :math:`\alpha` of a difference found where there is none, in (0, 1).
    correlation : float, optional
        Correlation :math:`\rho` of the two nights of a pair, in (-1, 1), for the test of pairs;
        without it, that of two groups.

    Returns
    -------
    float or ndarray
        Probabilities, of the common shape.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the shapes do not fit.

    See Also
    --------
    nights_needed : Asks the other way round.

    Notes
    -----
    The two-sided test, looked at once. Its statistic has the noncentral t distribution with
    noncentrality :math:`(d/s)\sqrt{n/(2(1-\rho))}` and :math:`2n - 2` degrees of freedom, or
    :math:`n - 1` for pairs. "Finds" counts the wrong side, too: with d = 0 it is the error.

    Examples
    --------
    >>> comparison_power(0.0024, 0.0020, [3, 6, 12, 13]).round(3)
    array([0.207, 0.468, 0.802, 0.835])
    >>> comparison_power(0.0024, 0.0020, [3, 6, 12], correlation=0.8).round(3)
    array([0.439, 0.955, 1.   ])
    """
    d, n = _DIFFERENCES("difference", difference), _NIGHTS("nights", nights)
    d, n = broadcast(("difference", d), ("nights", n))
    rho = _PAIRED("correlation", correlation)
    alpha = open_unit_interval("error", error)
    return _power(_effect(d, spread, rho or 0.0), n, alpha, rho is not None)[()]


def nights_needed(
    difference: float,
    spread: float,
    *,
    power: float = 0.8,
    error: float = 0.05,
    correlation: float | None = None,
) -> float:
    r"""Return the fewest nights of each program with which a t-test finds a difference.

    Law: Nights needed. The fewest n with `comparison_power` of at least :math:`1-\beta`; about

    .. math:: n \approx 2\,(1-\rho)\,\bigl(z_{\alpha/2} + z_\beta\bigr)^2\,\frac{s^2}{d^2} .

    Parameters
    ----------
    difference : float
        Difference d of the expectations, in [0, 1e+150].
    spread : float
        Standard deviation s of a night, in (0, 1e+150].
    power : float, default 0.8
        Wanted probability :math:`1-\beta` that the difference is found, in (0, 1).
    error : float, default 0.05
        Probability :math:`\alpha` of a difference found where there is none, in (0, 1).
    correlation : float, optional
        Correlation :math:`\rho` of the two nights of a pair, in (-1, 1), for the test of pairs;
        without it, that of two groups.

    Returns
    -------
    float
        A whole number of nights, >= 2; infinite for no difference.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or `power` is not above `error`.

    Notes
    -----
    z are normal quantiles. The t-test needs a night or two more than the approximation, because it
    has to learn the spread, too. So numbers of seeds are planned, for which see [1]_.

    References
    ----------
    .. [1] C. Colas, O. Sigaud and P.-Y. Oudeyer, "How many random seeds? Statistical power
       analysis in deep reinforcement learning experiments", arXiv:1806.08295, 2018.

    Examples
    --------
    >>> nights_needed(0.0024, 0.0020)
    12.0
    >>> nights_needed(0.0024, 0.0020, correlation=0.8)
    5.0
    >>> nights_needed(0.0006, 0.0020)
    176.0
    """
    d, rho = _DIFFERENCE("difference", difference), _PAIRED("correlation", correlation)
    alpha, wanted = open_unit_interval("error", error), open_unit_interval("power", power)
    if wanted <= alpha:
        raise refuse("power", power, f"a number above error, {alpha:g}")
    effect = float(_effect(np.array(d), spread, rho or 0.0))
    if effect == 0:
        return math.inf
    z = float(quantile(np.array(wanted)) - quantile(np.array(alpha / 2)))
    with np.errstate(over="ignore"):
        about = float((np.float64(z) / effect) ** 2)
    if about > _MANY:
        return float(np.ceil(about))
    n = max(2, math.floor(about))
    while _power(np.array(effect), np.array(n), alpha, rho is not None) < wanted:
        n += 1
    while n > 2 and _power(np.array(effect), np.array(n - 1), alpha, rho is not None) >= wanted:
        n -= 1
    return float(n)


def best_night_bias(nights: ArrayLike, spread: float = 1.0) -> Any:
    r"""Return by how much the best of k nights is expected to exceed a night of its program.

    Law: Best of k nights. :math:`\mathbb E[\max_{i\le k} X_i] - \mathbb E[X] = s\,m_k`, where
    :math:`m_k = \int_{-\infty}^\infty u\,d\Phi(u)^k` is the expectation of the largest of k
    standard normals.

    Parameters
    ----------
    nights : int or array of int
        Number of nights k, >= 1.
    spread : float, default 1.0
        Standard deviation s of a night, > 0.

    Returns
    -------
    float or ndarray
        Excess in the unit of the spread, of the shape of `nights`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    :math:`m_2 = 1/\sqrt\pi`, and :math:`m_k` grows like :math:`\sqrt{2\ln k}` [1]_.

    References
    ----------
    .. [1] H. A. David and H. N. Nagaraja, Order Statistics, 3rd ed., Wiley, 2003, sections 3 and 4.

    Examples
    --------
    >>> best_night_bias([1, 2, 3, 5, 10]).round(4)
    array([0.    , 0.5642, 0.8463, 1.163 , 1.5388])
    """
    k, s = counts("nights", nights), positive("spread", spread)
    # so far above 0 that none of the k is cut off
    above = np.full(k.shape, CERTAIN)
    return np.where(k == 1, 0.0, s * (best_mean(above, k, 0.0) - above))[()]


def simulate_nights(
    difference: float,
    spread: float,
    nights: int,
    n_contests: int,
    *,
    correlation: float = 0.0,
    seed: Seed = None,
) -> FloatArray:
    """Simulate contests of two programs that have normal nights.

    Parameters
    ----------
    difference : float
        Difference d of the expectations, in [0, 1e+150].
    spread : float
        Standard deviation s of a night, in (0, 1e+150].
    nights : int
        Nights of each program in a contest, >= 1.
    n_contests : int
        Number of contests, >= 1.
    correlation : float, default 0.0
        Correlation of the two nights of a pair, in (-1, 1).
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.

    Returns
    -------
    ndarray, shape (2, n_contests, nights)
        What each night brought: of the better program, with the expectation d, and of the other,
        with 0.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the nights do not fit in memory.

    Examples
    --------
    >>> better, other = simulate_nights(1.2, 1.0, 1, 10_000, seed=1)
    >>> law = misranking_probability(1.2, 1.0)
    >>> bool(abs((better < other).mean() - law) < 0.02)
    True
    """
    d, s = _DIFFERENCE("difference", difference), _SPREAD("spread", spread)
    size = count("n_contests", n_contests), count("nights", nights)
    rho = _CORRELATION("correlation", correlation)
    check_size("nights", size[1], 32)
    check_size("n_contests", size[0], 32 * size[1], "the laws need no contests")
    own, other = generator(seed).standard_normal((2, *size))
    shared = rho * own + math.sqrt((1 - rho) * (1 + rho)) * other
    return np.stack([d + s * own, s * shared])


def _effect(difference: FloatArray, spread: float, rho: float) -> FloatArray:
    """Return the difference in standard deviations of the difference of a pair."""
    s, rho = _SPREAD("spread", spread), _CORRELATION("correlation", rho)
    with np.errstate(over="ignore"):
        return np.asarray(difference / s / math.sqrt(2 * (1 - rho)))


def _power(effect: FloatArray, n: FloatArray | IntArray, alpha: float, pairs: bool) -> FloatArray:
    """Return the probability that a t-test finds a difference, averaged over the spread it sees."""
    from scipy.special import chdtri, gammaln
    from scipy.stats import t

    freedom = np.minimum(n - 1.0 if pairs else 2.0 * n - 2.0, _MANY)[..., None]
    limit, centre = t.isf(alpha / 2, freedom), (effect * np.sqrt(n))[..., None]
    # the seen spread over the true one, a chi variable over the root of its degrees of freedom
    low, high = (np.log(chdtri(freedom, q) / freedom) / 2 for q in (1 - 1e-16, 1e-16))
    node, weight = _gauss()
    log_seen = low + (high - low) * (1 + node) / 2
    seen = np.exp(log_seen)
    density = 2 * np.exp(
        freedom / 2 * np.log(freedom / 2) - gammaln(freedom / 2)
        + freedom * log_seen - freedom * seen**2 / 2
    )  # fmt: skip
    found = cdf(centre - limit * seen) + cdf(-centre - limit * seen)
    power = (found * density * weight * (high - low) / 2).sum(axis=-1)
    return np.asarray(np.minimum(power, 1.0))


@cache
def _gauss() -> tuple[FloatArray, FloatArray]:
    """Return places and weights between -1 and 1. NumPy is slow to load what makes them."""
    return np.polynomial.legendre.leggauss(200)
