r"""When to stop a loop that costs money, and what it costs to stop by patience.

Improvements are independent of what came before, so what a run has shown says nothing of what it
will show: the best time to stop is known before the start, and a rule that waits for a streak of
failures can only do worse. Real runs differ from each other and from the model, and there a streak
does say something: see `arbook.logs.stop`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arbook._numerics.ranges import Array, Integer, count, instance, open_unit_interval, positive
from arbook._numerics.validation import FloatArray, IntArray, broadcast, refuse
from arbook.model.laws import expected_improvement, keep_probability
from arbook.model.parameters import Parameters

#: Longest run, and largest patience, of the laws of patience (about a second).
LONGEST_PATIENT = 100_000
MOST_PATIENCE = 1000

# The last experiment that is looked at where gains do not end.
_LAST = 2**62

_LENGTHS = Array(Integer(0, LONGEST_PATIENT))
_PATIENCE = Integer(1, MOST_PATIENCE)


def stopping_time(p: Parameters, cost: float) -> float:
    r"""Return after how many experiments a loop with a price is best stopped.

    Law: Stopping time. :math:`n^* = \min\{t : \mathbb E[I_t] \le b\}`, where b is the price of an
    experiment divided by what a unit of the metric is worth. Without bias
    :math:`n^* = \lceil \ln(\sigma_0/(b\sqrt{2\pi}))/\ln(1/\gamma) \rceil`, or 0.

    Parameters
    ----------
    p : Parameters
        The three parameters, without a price of boldness.
    cost : float
        Price of an experiment b > 0 in units of the metric: money per experiment divided by money
        per unit.

    Returns
    -------
    float
        A whole number of experiments; infinite where the loop pays for ever, as for
        ``-mu >= cost``.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    :math:`\mathbb E[I_t]` rises with :math:`\sigma_t` (its derivative is :math:`\varphi(a_t)`), so
    it falls with t: once an experiment does not pay, none after it does. This is the monotone case
    of optimal stopping, in which looking one step ahead is best [1]_. With a price of boldness
    gains may rise before they fall, and one step is not enough.

    References
    ----------
    .. [1] Y. S. Chow, H. Robbins and D. Siegmund, Great Expectations: The Theory of Optimal
       Stopping, Houghton Mifflin, 1971.

    Examples
    --------
    >>> stopping_time(Parameters(sigma0=0.01, gamma=0.97), 0.0005)
    69.0
    >>> stopping_time(Parameters(sigma0=0.01, gamma=0.97, mu=-0.001), 0.0005)
    inf
    """
    if instance("p", p, Parameters).price:
        raise refuse("p.price", p.price, "0: with it gains may rise before they fall")
    cost = positive("cost", cost)

    def pays(t: int) -> bool:
        return bool(expected_improvement(p, t) > cost)

    if -p.mu >= cost or (p.gamma >= 1 and pays(_LAST)):
        return math.inf
    if p.gamma >= 1 or not pays(0):
        return 0.0
    paying, last = 0, 1
    while pays(last):
        if last == _LAST:
            return math.inf
        paying, last = last, 2 * last
    while last - paying > 1:
        middle = (paying + last) // 2
        paying, last = (middle, last) if pays(middle) else (paying, middle)
    return float(last)


def patience_survival(p: Parameters, n: ArrayLike, patience: int) -> Any:
    r"""Return the probability that patience has not stopped a run in its first n experiments.

    :math:`r_n`, the probability that no L of the first n experiments failed in a row.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n : int or array of int
        Numbers of experiments, in 0 ... `LONGEST_PATIENT`.
    patience : int
        Failures in a row L that stop the run, in 1 ... `MOST_PATIENCE`.

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
    The streak of failures is a Markov chain: it grows by one with probability :math:`1 - p_t` and
    falls to 0 with :math:`p_t`.

    Examples
    --------
    >>> patience_survival(Parameters(sigma0=0.01, gamma=0.97), [4, 5, 100], 5).round(4)
    array([1.    , 0.9688, 0.1899])
    """
    n = _lengths(p, n)
    return _survival(p, int(n.max()), _PATIENCE("patience", patience))[n][()]


def patience_gain(p: Parameters, n: ArrayLike, patience: int) -> Any:
    r"""Return the expected gain of runs of n experiments that patience may stop before.

    Law: Price of patience. :math:`\mathbb E[G] = \sum_{t<n} r_t\,\mathbb E[I_t]`, where
    :math:`r_t` is the probability that no L of the first t experiments failed in a row. The rest of
    :math:`\sum_{t<n}\mathbb E[I_t]` is given away.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n : int or array of int
        Numbers of experiments, in 0 ... `LONGEST_PATIENT`.
    patience : int
        Failures in a row L that stop the run, in 1 ... `MOST_PATIENCE`.

    Returns
    -------
    float or ndarray
        Expected gains in bits per byte, of the shape of `n`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    Whether a run still goes when experiment t begins depends on those before it, and its
    improvement does not: so the expectation of their product is the product of theirs. The streak
    is a success run of coin tosses [1]_ whose coin changes.

    References
    ----------
    .. [1] W. Feller, An Introduction to Probability Theory and Its Applications 1, 3rd ed., Wiley,
       1968, section XIII.7.

    Examples
    --------
    >>> from arbook import expected_frontier
    >>> p = Parameters(sigma0=0.01, gamma=0.97)
    >>> whole = -expected_frontier(p, 100, f0=0.0)
    >>> [round(float(1 - patience_gain(p, 100, k) / whole), 3) for k in (3, 5, 10)]
    [0.673, 0.294, 0.01]
    """
    n = _lengths(p, n)
    t = np.arange(max(int(n.max()), 1))
    alive = _survival(p, t.size, _PATIENCE("patience", patience))
    gains = np.cumsum(alive[:-1] * expected_improvement(p, t))
    return np.concatenate([[0.0], gains])[n][()]


def patience_experiments(p: Parameters, n: ArrayLike, patience: int) -> Any:
    r"""Return the expected number of experiments of runs that patience may stop before n.

    :math:`\sum_{t<n} r_t` with :math:`r_t` of `patience_survival`.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n : int or array of int
        Numbers of experiments, in 0 ... `LONGEST_PATIENT`.
    patience : int
        Failures in a row L that stop the run, in 1 ... `MOST_PATIENCE`.

    Returns
    -------
    float or ndarray
        Expected numbers of experiments, of the shape of `n`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> patience_experiments(Parameters(sigma0=0.01, gamma=0.97), [5, 100], 5).round(2)
    array([ 5.  , 50.85])
    """
    n = _lengths(p, n)
    alive = _survival(p, int(n.max()), _PATIENCE("patience", patience))
    return np.concatenate([[0.0], np.cumsum(alive[:-1])])[n][()]


def streak_waiting_time(keep_prob: ArrayLike, patience: ArrayLike) -> Any:
    r"""Return the mean number of experiments until L in a row fail, if all are kept alike.

    Law: Price of patience. :math:`\mathbb E[T_L] = ((1 - p)^{-L} - 1)/p`: what patience L allows a
    loop whose :math:`\mu/\sigma` does not change.

    Parameters
    ----------
    keep_prob : float or array of float
        Keep probability p, in (0, 1).
    patience : int or array of int
        Failures in a row L, >= 1. Broadcasts against `keep_prob`.

    Returns
    -------
    float or ndarray
        Mean numbers of experiments, of the common shape; infinite where a double cannot hold them.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the shapes do not fit.

    Notes
    -----
    The mean recurrence time of success runs [1]_.

    References
    ----------
    .. [1] W. Feller, An Introduction to Probability Theory and Its Applications 1, 3rd ed., Wiley,
       1968, section XIII.7.

    Examples
    --------
    >>> streak_waiting_time(0.5, [1, 5, 10]).tolist()
    [2.0, 62.0, 2046.0]
    >>> streak_waiting_time(0.2, [5, 10, 20]).round(1)
    array([ 10.3,  41.6, 428.7])
    """
    prob = Array(open_unit_interval)("keep_prob", keep_prob)
    prob, k = broadcast(("keep_prob", prob), ("patience", Array(count)("patience", patience)))
    with np.errstate(over="ignore"):
        return (np.expm1(-k * np.log1p(-prob)) / prob)[()]


def patience_stop(kept: Any, patience: int) -> Any:
    """Return after how many experiments the first L failures in a row are complete.

    Parameters
    ----------
    kept : array of bool, shape (..., n)
        Whether each experiment was kept; one run a row.
    patience : int
        Failures in a row L, >= 1.

    Returns
    -------
    float or ndarray
        Numbers of experiments, of the shape of `kept` without its last axis; infinite where the
        run ends first.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> patience_stop([[True, False, False, True], [True, False, True, False]], 2)
    array([ 3., inf])
    """
    seen = _booleans(kept)
    k, n = count("patience", patience), seen.shape[-1]
    t = np.arange(n)
    streak = t - np.maximum.accumulate(np.where(seen, t, -1), axis=-1)
    full = streak >= k
    first = np.where(full.any(axis=-1), full.argmax(axis=-1) + 1.0, math.inf)
    return first[()]


def _booleans(kept: Any) -> NDArray[np.bool_]:
    """Return an array of True and False that has an axis of experiments."""
    try:
        seen = np.asarray(kept)
    except Exception:  # ragged, or whatever the methods of the value raise
        seen = np.array(None)
    is_row = seen.dtype == np.bool_ and seen.ndim and seen.size
    if isinstance(kept, np.ma.MaskedArray) or not is_row:
        raise refuse("kept", kept, "an array of True and False with an axis of experiments")
    return seen


def _lengths(p: Parameters, n: ArrayLike) -> IntArray:
    instance("p", p, Parameters)
    return _LENGTHS("n", n)


def _survival(p: Parameters, n: int, patience: int) -> FloatArray:
    """Return r_0 ... r_n."""
    kept = keep_probability(p, np.arange(max(n, 1)))
    # Probability of each streak in a ring: its youngest place, of streak 0, moves back by one.
    ring = np.zeros(min(patience, n + 1))
    ring[0] = 1.0
    youngest, alive = 0, np.ones(n + 1)
    for t in range(n):
        keep = kept[t] * alive[t]
        ring *= 1.0 - kept[t]
        youngest = youngest - 1 if youngest else ring.size - 1
        ring[youngest] = keep  # in the place of the streak that is now complete
        alive[t + 1] = ring.sum()
    return alive
