r"""Looking at a comparison every night, and stopping when it is decided.

A test that is right 95 times of 100 when it is looked at once is wrong far more often when it is
looked at every night: one of many looks is enough. An e-value may be looked at whenever one
likes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.ranges import Array, Real, open_unit_interval
from arbook._numerics.validation import FloatArray, refuse

_DIFFERENCES = Array(Real(-1e150, 1e150))
_WIDTH = Real(0, 1e6, ends="(")


def e_values(differences: ArrayLike, *, width: float = 1.0) -> Any:
    r"""Return the evidence against "no difference" after each night.

    Law: Looking every night. With :math:`D_i` the difference of the nights of pair i,

    .. math:: E_n = \frac{1}{\sqrt{1+nW^2}}
       \left(\frac{\sum_i D_i^2}{\sum_i D_i^2 - \frac{W^2}{1+nW^2}(\sum_i D_i)^2}\right)^{n/2},
       \qquad \Pr[\exists\,n: E_n \ge 1/\alpha] \le \alpha,

    if the two do not differ in expectation, whatever the spread.

    Parameters
    ----------
    differences : array of float, shape (..., n)
        Differences :math:`D_i` of the two nights of each pair, in their order, in
        [-1e+150, 1e+150]; one contest a row.
    width : float, default 1.0
        Differences W that are looked for, in standard deviations of :math:`D_i`, in
        (0, 1e+06].

    Returns
    -------
    ndarray, shape (..., n)
        After each night; 1 after the first.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    See Also
    --------
    confidence_sequence : Intervals that may be looked at every night.
    arbook.programs.race : For more than two programs, and a difference that does not matter.

    Notes
    -----
    :math:`E_n` is the likelihood of the differences up to a common factor if their mean is
    normal, with standard deviation W of theirs, over that if it is 0. Given the past, its
    expectation tomorrow is its value today, so that it is unlikely ever to become large (Ville). It
    is the t-test's martingale of [1]_ with a normal mixture; pairs are needed, but may be made of
    any two nights, as they come.

    References
    ----------
    .. [1] H. Wang and A. Ramdas, "Anytime-valid t-tests and confidence sequences for Gaussian
       means with unknown variance", arXiv:2310.03722, 2024.

    Examples
    --------
    >>> e_values([0.3, 0.5, 0.2, 0.4, 0.6]).round(2)
    array([ 1.  ,  1.55,  2.5 ,  5.95, 11.93])
    """
    d, w = _rows(differences), _WIDTH("width", width)
    n = np.arange(1, d.shape[-1] + 1)
    unit = np.abs(d).max(axis=-1, keepdims=True)
    d = d / np.where(unit > 0, unit, 1.0)
    square = (d**2).cumsum(axis=-1)
    share = d.cumsum(axis=-1) ** 2 / np.where(square > 0, n * square, 1.0)
    grown = 1 + n * w**2
    with np.errstate(over="ignore"):
        rest = 1 - np.minimum(share, 1.0) * (1 - 1 / grown)
        return np.where(n == 1, 1.0, np.exp(-n / 2 * np.log(rest) - np.log(grown) / 2))


def confidence_sequence(
    differences: ArrayLike, *, error: float = 0.05, width: float = 1.0
) -> tuple[FloatArray, FloatArray]:
    r"""Return intervals of the expected difference that hold after all nights at once.

    Parameters
    ----------
    differences : array of float, shape (..., n)
        Differences of the two nights of each pair, in their order, in [-1e+150, 1e+150]; one
        contest a row.
    error : float, default 0.05
        Probability :math:`\alpha` that any of the intervals misses the expectation, in (0, 1).
    width : float, default 1.0
        As for `e_values`, in (0, 1e+06].

    Returns
    -------
    low, high : ndarray, shape (..., n)
        Ends of the interval after each night; infinite in the first nights.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    The interval holds the values that, taken off every difference, leave :math:`E_n < 1/\alpha`.
    With :math:`V = \sum_i (D_i - \bar D)^2` and :math:`c = (\sqrt{1+nW^2}/\alpha)^{2/n}` it is
    :math:`\bar D \pm \sqrt{V(c-1)/(n(1-c/(1+nW^2)))}`, where the root exists.

    Examples
    --------
    >>> low, high = confidence_sequence([0.3, 0.5, 0.2, 0.4, 0.6, 0.5, 0.4, 0.3])
    >>> low[3:].round(2), high[3:].round(2)
    (array([ -inf, -0.2 ,  0.09,  0.18,  0.2 ]), array([ inf, 1.  , 0.74, 0.65, 0.6 ]))
    """
    d, alpha = _rows(differences), open_unit_interval("error", error)
    w = _WIDTH("width", width)
    n = np.arange(1, d.shape[-1] + 1)
    mean, std = _moments(d)
    grown = 1 + n * w**2
    with np.errstate(over="ignore"):
        c = np.exp((np.log(grown) / 2 - np.log(alpha)) * 2 / n)
    ends = (n > 1) & (c < grown)
    half = std * np.sqrt(np.where(ends, c - 1, 0.0) / np.where(ends, 1 - c / grown, 1.0))
    half = np.where(ends, half, np.inf)
    return mean - half, mean + half


def t_test_p_values(differences: ArrayLike) -> Any:
    r"""Return the p-value of a paired t-test after each night: for one look, not for many.

    Parameters
    ----------
    differences : array of float, shape (..., n)
        Differences of the two nights of each pair, in their order, in [-1e+150, 1e+150]; one
        contest a row.

    Returns
    -------
    ndarray, shape (..., n)
        Two-sided p-values after each night; 1 after the first.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    How often one of many looks falls below 5 % by chance was tabulated by [1]_ for a known spread:
    in 14 % of trials with five looks, in 19 % with ten.

    References
    ----------
    .. [1] P. Armitage, C. K. McPherson and B. C. Rowe, "Repeated significance tests on
       accumulating data", Journal of the Royal Statistical Society A 132, 235-244, 1969.

    Examples
    --------
    >>> t_test_p_values([0.3, 0.5, 0.2, 0.4, 0.6]).round(3)
    array([1.   , 0.156, 0.063, 0.012, 0.005])
    """
    from scipy.special import stdtr

    d = _rows(differences)
    n = np.arange(1, d.shape[-1] + 1)
    mean, std = _moments(d)
    freedom = np.maximum(n - 1, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.abs(mean) / std * np.sqrt(freedom)
    found = 2 * stdtr(freedom, -statistic)
    return np.where((n == 1) | np.isnan(found), 1.0, found)


def _rows(differences: ArrayLike) -> FloatArray:
    d = _DIFFERENCES("differences", differences)
    if d.ndim == 0:
        raise refuse("differences", differences, "an array with an axis of nights")
    return d


def _moments(d: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the mean of the differences so far, and the root of their mean square from it."""
    n = np.arange(1, d.shape[-1] + 1)
    first = d[..., :1]
    unit = np.abs(d - first).max(axis=-1, keepdims=True)
    away = (d - first) / np.where(unit > 0, unit, 1.0)  # so that little cancels
    mean = away.cumsum(axis=-1) / n
    square = np.maximum((away**2).cumsum(axis=-1) / n - mean**2, 0.0)
    return first + unit * mean, unit * np.sqrt(square)
