r"""What k agents gain: a round against one agent, and at an equal number of experiments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.best_of import mean
from arbook._numerics.ranges import Integer, count, counts, instance, natural, unit_interval
from arbook._numerics.validation import FloatArray, refuse
from arbook.agents.rounds import LONGEST_ROUNDS, expected_round_frontier
from arbook.model.best_of import expected_best_improvement
from arbook.model.laws import LONGEST_RUN, _skill, expected_improvement
from arbook.model.parameters import Parameters
from arbook.model.totals import expected_frontier


@dataclass(frozen=True, eq=False)
class SpeedUp:
    """Expected improvement of k agents relative to one agent with the same step.

    Parameters
    ----------
    per_round : float or ndarray
        Ratio a round, i.e. per unit of wall-clock time; between 1 and k.
    per_experiment : float or ndarray
        Ratio an experiment, ``per_round / k``; between 1/k and 1.

    See Also
    --------
    speed_up : Makes it.

    Examples
    --------
    >>> s = speed_up(Parameters(0.01, 0.97), 4)
    >>> bool(s.per_experiment == s.per_round / 4)
    True
    """

    per_round: Any
    per_experiment: Any


def speed_up(p: Parameters, k: ArrayLike, t: int = 0, *, correlation: float = 0.0) -> SpeedUp:
    r"""Return what k agents gain over one, a round and an experiment.

    .. math:: S_k = \frac{\mathbb E[\max(0, -\min_j\delta_j)]}{\mathbb E[\max(0, -\delta)]}

    For :math:`\mu = 0` it grows like :math:`\sqrt{2\ln k}`: k-fold cost for logarithmic gain.
    For :math:`\mu \gg \sigma_t`, where keeps are rare, it tends to k.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    k : int or array of int
        Agents a round, >= 1.
    t : int, default 0
        The round, counted from 0, which sets the step :math:`\sigma_t`.
    correlation : float, default 0.0
        Correlation of any two changes of a round, in [0, 1].

    Returns
    -------
    SpeedUp
        Ratios of the shape of `k`.

    Raises
    ------
    ParameterError
        If `k` holds anything but positive integers, `t` is negative, or `correlation` is outside
        [0, 1].

    Examples
    --------
    >>> s = speed_up(Parameters(0.01, 0.97), [1, 2, 10])
    >>> s.per_round.round(3), s.per_experiment.round(3)
    (array([1.   , 1.707, 3.857]), array([1.   , 0.854, 0.386]))
    """
    instance("p", p, Parameters)
    agents, t = counts("k", k), natural("t", t)
    one = float(expected_improvement(p, t))
    # Where one agent's expectation is too small for a double, the limit is k; for agents that all
    # propose the same, it is 1.
    per_round = agents ** (1.0 if unit_interval("correlation", correlation) < 1 else 0.0)
    if one > 1e-300:
        per_round = expected_best_improvement(p, t, agents, correlation=correlation) / one
    return SpeedUp(per_round=per_round, per_experiment=per_round / agents)


def effective_agents(p: Parameters, k: ArrayLike, correlation: float, t: int = 0) -> Any:
    r"""Return how many independent agents gain as much as k correlated ones.

    Law: Effective agents. The real number :math:`k_\rho` with

    .. math:: \int_{-a_t}^\infty \left[1-\Phi(u)^{k_\rho}\right] du
              = \sqrt{1-\rho}\int_{-\infty}^\infty
              \Phi\!\left(\frac{a_t + \sqrt{1-\rho}\,u}{\sqrt\rho}\right)
              \left[1-\Phi(u)^k\right] du .

    Parameters
    ----------
    p : Parameters
        The three parameters.
    k : int or array of int
        Agents a round, k >= 1.
    correlation : float
        Correlation :math:`\rho` of any two of their changes, in [0, 1].
    t : int, default 0
        The round, counted from 0, which sets the step :math:`\sigma_t`.

    Returns
    -------
    float or ndarray
        Real numbers between 1, for :math:`\rho = 1`, and k, for :math:`\rho = 0`; of the shape of
        `k`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    Equicorrelated normals are a common part plus independent ones [1]_. Where keeps are so rare
    that one agent's expectation is too small for a double, the limit k is returned.

    References
    ----------
    .. [1] H. A. David and H. N. Nagaraja, Order Statistics, 3rd ed., Wiley, 2003, chapter 5.

    Examples
    --------
    >>> effective_agents(Parameters(0.01, 0.97), [1, 2, 10, 100], correlation=0.5).round(3)
    array([ 1.   ,  1.672,  4.586, 16.338])
    """
    instance("p", p, Parameters)
    agents, rho = counts("k", k), unit_interval("correlation", correlation)
    a = np.asarray(_skill(p, np.asarray(natural("t", t))))
    target = mean(a, agents, rho)
    if rho in (0.0, 1.0) or not target.all():
        return np.asarray(agents ** (1.0 if rho < 1 else 0.0))[()]
    low, high = np.zeros(agents.shape), np.log(agents)
    for _ in range(55):  # bisection to the last digit
        middle = (low + high) / 2
        more = mean(a, np.exp(middle), 0.0) > target
        low, high = np.where(more, low, middle), np.where(more, middle, high)
    return np.exp(high)[()]


@dataclass(frozen=True, eq=False)
class EqualBudget:
    """Serial and parallel search that spend the same number of experiments.

    Parameters
    ----------
    serial : ndarray, shape (N + 1,)
        Expected frontier of one agent after 0 ... N experiments; wall-clock N experiments.
    parallel : ndarray, shape (N / k + 1,)
        Expected frontier of k agents after 0 ... N / k rounds; wall-clock N / k experiments.
    k : int
        Agents a round of the parallel search.

    See Also
    --------
    equal_budget : Makes it.

    Examples
    --------
    >>> budget = equal_budget(Parameters(0.01, 0.97), n_experiments=100, k=10)
    >>> budget.serial.shape, budget.parallel.shape, budget.n_rounds
    ((101,), (11,), 10)
    """

    serial: FloatArray
    parallel: FloatArray
    k: int

    @property
    def n_experiments(self) -> int:
        """Number of experiments N that each search spends."""
        return self.serial.size - 1

    @property
    def n_rounds(self) -> int:
        """Number of rounds N / k of the parallel search."""
        return self.parallel.size - 1


def equal_budget(p: Parameters, n_experiments: int, k: int, *, f0: float = 1.0) -> EqualBudget:
    r"""Compare one agent with k agents that spend the same number of experiments.

    The serial search shrinks its step N times and the parallel one N / k times, so the parallel
    search may be ahead for that reason alone. For a like-for-like comparison pass
    :math:`\gamma^k` to `expected_round_frontier`.

    Parameters
    ----------
    p : Parameters
        The three parameters, of both.
    n_experiments : int
        Experiments N that each spends, a multiple of k; at most `LONGEST_ROUNDS` rounds, and
        `arbook.model.laws.LONGEST_RUN` experiments.
    k : int
        Agents a round of the parallel search, k >= 1.
    f0 : float, default 1.0
        Metric of the baseline.

    Returns
    -------
    EqualBudget
        Both expected frontiers, in units of the metric.

    Raises
    ------
    ParameterError
        If `n_experiments` is not a positive multiple of `k`, or an argument is out of range.

    Examples
    --------
    With a step that does not shrink, one agent is ahead:

    >>> budget = equal_budget(Parameters(0.01, 1.0, extended=True), n_experiments=100, k=10)
    >>> budget.n_rounds, bool(budget.serial[-1] < budget.parallel[-1])
    (10, True)
    """
    instance("p", p, Parameters)
    k = count("k", k)
    n = Integer(1, min(LONGEST_RUN, k * LONGEST_ROUNDS))("n_experiments", n_experiments)
    if n % k:
        raise refuse("n_experiments", n, f"a multiple of k = {k}")
    return EqualBudget(
        serial=expected_frontier(p, np.arange(n + 1), f0),
        parallel=expected_round_frontier(p, np.arange(n // k + 1), k, f0),
        k=k,
    )
