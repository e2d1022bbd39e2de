"""Laws of records: how often random draws improve on the best so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.ranges import Integer, natural, naturals
from arbook.model.laws import LONGEST_RUN

if TYPE_CHECKING:
    pass


def expected_records(n: ArrayLike) -> Any:
    r"""Return the expected number of improvements among n variants drawn at random.

    Law: Records. :math:`\mathbb E[R_n] = \sum_{i=1}^n 1/(i+1)`, when the baseline and the
    variants are independent draws from one continuous distribution.

    Parameters
    ----------
    n : int or array of int
        Numbers of variants, >= 0.

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

    return np.asarray(digamma(naturals("n", n) + 2.0) - digamma(2.0))[()]


def records_std(n: ArrayLike) -> Any:
    r"""Return the standard deviation of the number of improvements among n random variants.

    Law: Records. :math:`\mathrm{Var}[R_n] = \sum_{i=1}^n \frac{1}{i+1}(1 - \frac{1}{i+1})`:
    records are independent events.

    Parameters
    ----------
    n : int or array of int
        Numbers of variants, >= 0.

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
    squares = polygamma(1, 2.0) - polygamma(1, naturals("n", n) + 2.0)
    return np.sqrt(np.maximum(expected_records(n) - squares, 0.0))[()]


def probability_of_records(k: int, n: int) -> float:
    r"""Return the probability of at least k improvements among n random variants.

    Law: Records. Records are independent events of probability 1/(i + 1), so their number has the
    distribution of a sum of n unequal coins.

    Parameters
    ----------
    k : int
        Number of improvements, >= 0.
    n : int
        Number of variants, in 0 ... `arbook.model.laws.LONGEST_RUN`.

    Returns
    -------
    float
        The probability, in [0, 1]: how likely luck alone improves so often.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> probability_of_records(1, 1), round(probability_of_records(12, 100), 5)
    (0.5, 0.00047)
    """
    k, n = natural("k", k), Integer(0, LONGEST_RUN)("n", n)
    if k > n:
        return 0.0
    below = np.zeros(k + 1)  # Pr[R = 0 ... k - 1], and of k or more
    below[0] = 1.0
    for i in range(1, n + 1):
        passed = below[:-1] / (i + 1)
        below[:-1] -= passed
        below[1:] += passed
    return float(below[-1])
