r"""What a team costs, and the team that gains most for its price.

An experiment has a price; so has every hour in which its result is waited for. Let an experiment
cost 1, and let w be the price of waiting for as long as an experiment lasts on average,
:math:`\tau`. A round of k agents lasts as long as its slowest experiment, :math:`T_k\tau` on
average, and costs :math:`k + wT_k`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.best_of import exponential
from arbook._numerics.memory import check_size
from arbook._numerics.ranges import Array, Integer, counts, not_negatives
from arbook._numerics.validation import broadcast
from arbook.agents.unhurried import spread_of_durations
from arbook.agents.worth import speed_up
from arbook.model.parameters import Parameters

#: Largest team that `best_team` looks at (each agent takes up to a millisecond).
LARGEST_TEAM = 100_000


def expected_longest(k: ArrayLike, variation: float = 0.0) -> Any:
    r"""Return how long a round lasts whose agents wait for the slowest of them.

    :math:`T_k = \mathbb E[\max_{i\le k} D_i]/\tau` for lognormal durations D of mean
    :math:`\tau`: with M the largest of k standard normals and
    :math:`b^2 = \ln(1 + v^2)`, it is :math:`\mathbb E[e^{bM - b^2/2}]`.

    Parameters
    ----------
    k : int or array of int
        Agents a round, k >= 1.
    variation : float, default 0.0
        Coefficient of variation v of the durations: standard deviation / mean, in [0, 100].

    Returns
    -------
    float or ndarray
        Mean duration of a round in units of :math:`\tau`, of the shape of `k`; 1 where all
        experiments last the same.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> expected_longest([1, 2, 10], variation=0.5).round(3)
    array([1.   , 1.262, 1.926])
    """
    k = counts("k", k)
    spread = spread_of_durations(variation)
    return exponential(np.array(spread), k)[()] if spread else np.ones(k.shape)[()]


def relative_price(
    p: Parameters,
    k: ArrayLike,
    waiting: ArrayLike,
    *,
    correlation: float = 0.0,
    variation: float = 0.0,
    t: int = 0,
) -> Any:
    r"""Return what a gain costs by rounds of k agents, relative to one agent's price for it.

    .. math:: \frac{k + wT_k}{1 + w}\cdot\frac1{S_k}

    where :math:`S_k` is the speed-up a round.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    k : int or array of int
        Agents a round, k >= 1.
    waiting : float or array of float
        Price w >= 0 of waiting for :math:`\tau`, in units of an experiment's price. Broadcasts
        against `k`.
    correlation : float, default 0.0
        Correlation of any two of the agents' changes, in [0, 1].
    variation : float, default 0.0
        Coefficient of variation of the durations, in [0, 100], as for `expected_longest`.
    t : int, default 0
        The round, counted from 0, which sets the step :math:`\sigma_t`.

    Returns
    -------
    float or ndarray
        Relative prices; below 1, the team is worth it.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the shapes do not fit.

    Examples
    --------
    >>> relative_price(Parameters(0.01, 0.97), [1, 2, 10], waiting=10).round(3)
    array([1.   , 0.639, 0.471])
    """
    agents, w = counts("k", k), not_negatives("waiting", waiting)
    gain = speed_up(p, agents, t, correlation=correlation).per_round
    lasts = expected_longest(agents, variation)
    broadcast(("k", agents), ("waiting", w))
    return ((agents + w * lasts) / (1 + w) / gain)[()]


def team_threshold(
    p: Parameters,
    k: ArrayLike = 2,
    *,
    correlation: float = 0.0,
    variation: float = 0.0,
    t: int = 0,
) -> Any:
    r"""Return the price of waiting from which on k agents beat k - 1.

    .. math:: w = \frac{kS_{k-1} - (k-1)S_k}{T_{k-1}S_k - T_kS_{k-1}}

    Parameters
    ----------
    p : Parameters
        The three parameters.
    k : int or array of int, default 2
        Agents a round, k >= 2.
    correlation, variation, t
        As for `relative_price`.

    Returns
    -------
    float or ndarray
        Prices w in units of an experiment's price, of the shape of `k`; infinite where the larger
        team is not worth it however dear waiting is.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    Without bias and with fixed durations, the square root of 2 less 1:

    >>> round(float(team_threshold(Parameters(0.01, 0.97), 2)), 6)
    0.414214
    """
    agents = Array(Integer(2))("k", k)
    both = np.stack([agents - 1, agents])
    less, more = speed_up(p, both, t, correlation=correlation).per_round
    short, long = expected_longest(both, variation)
    dearer, faster = agents * less - (agents - 1) * more, short * more - long * less
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(faster > 0, np.maximum(dearer, 0.0) / faster, np.inf)[()]


def best_team(
    p: Parameters,
    waiting: ArrayLike,
    *,
    correlation: float = 0.0,
    variation: float = 0.0,
    t: int = 0,
    most: int = 200,
) -> Any:
    r"""Return the number of agents that gains most for its price.

    Law: Price of waiting. A gain that takes one agent's round takes :math:`1/S_k` rounds of k, so
    the best team is the k of smallest :math:`(k + wT_k)/S_k`. With fixed durations one more agent
    pays exactly while

    .. math:: \frac{1}{k + w} < \frac{S_{k+1} - S_k}{S_k} :

    while it raises the gain by a larger share than the price.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    waiting : float or array of float
        Price w >= 0 of waiting for :math:`\tau`, in units of an experiment's price.
    correlation : float, default 0.0
        Correlation of any two of the agents' changes, in [0, 1].
    variation : float, default 0.0
        Coefficient of variation of the durations, in [0, 100], as for `expected_longest`.
    t : int, default 0
        The round, counted from 0, which sets the step :math:`\sigma_t`.
    most : int, default 200
        Largest team that may be had, in 1 ... `LARGEST_TEAM`.

    Returns
    -------
    int or ndarray of int
        Numbers of agents, of the shape of `waiting`; the smaller team where two cost the same.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    The gain of another agent, :math:`\sigma\int\Phi(u)^k(1-\Phi(u))\,du` over :math:`u > -a`,
    shrinks with every agent that is there [1]_; so with fixed durations the first k that another
    agent does not improve is the best.

    References
    ----------
    .. [1] H. A. David and H. N. Nagaraja, Order Statistics, 3rd ed., Wiley, 2003, section 4.

    Examples
    --------
    >>> best_team(Parameters(0.01, 0.97), [0, 1, 10, 100])
    array([ 1,  2,  7, 27])
    """
    w = not_negatives("waiting", waiting)
    most = Integer(1, LARGEST_TEAM)("most", most)
    check_size("most", most, 40 * w.size)
    agents = np.arange(1, most + 1)
    gain = speed_up(p, agents, t, correlation=correlation).per_round
    lasts = expected_longest(agents, variation)
    prices = (agents + w[..., None] * lasts) / gain
    return agents[prices.argmin(axis=-1)][()]
