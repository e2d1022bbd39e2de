r"""k agents a round: what parallel search gains, and what it costs.

In a round, k agents start from the same incumbent and each proposes one variant; the best of the
k is kept if it is better than the incumbent. Rounds are counted r = 0, 1, ... and round r uses
the step :math:`\sigma_r = \sigma_0\gamma^r`: the steps shrink with decisions, not with
experiments. A run of R rounds spends :math:`N = kR` experiments in the wall-clock time of R.
With k = 1 everything here is the serial model.

Agents that share a model and a prompt have similar ideas: the k changes of a round may be
correlated, any two with the same correlation :math:`\rho` from 0 to 1.

The laws of one round are in `arbook.theory`: `any_keep_probability`, `expected_best_improvement`
and `best_improvement_std`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arbook._best_of import correlation_of, mean
from arbook._check import FloatArray, IntArray, count, counts, generator, instance, number, refuse
from arbook._memory import check_size
from arbook._normal import ratio
from arbook.model import Parameters, step_size
from arbook.theory import (
    LONGEST_RUN,
    best_improvement_std,
    expected_best_improvement,
    expected_frontier,
    expected_improvement,
)

#: Most rounds that are simulated or summed over (each takes up to a millisecond).
LONGEST_ROUNDS = 100_000

# Bytes for each round of a run, and for each agent of one round.
_BYTES_A_ROUND = 40
_BYTES_AN_AGENT = 10

_NO_RUNS = "expected_round_frontier and round_frontier_std need no runs"


@dataclass(frozen=True, eq=False)
class RoundSimulation:
    r"""Runs of R rounds of k agents; row i is run i.

    Parameters
    ----------
    frontier : ndarray, shape (n_runs, R + 1)
        Frontier after each round, ``frontier[:, 0]`` being :math:`f_0`; units of the metric.
    kept : ndarray of bool, shape (n_runs, R)
        True where at least one of the round's variants beat the incumbent.
    gain_area : ndarray, shape (n_runs,)
        :math:`\sum_{r=1}^R [f_0 - F(r)]`, in metric x rounds.
    k : int
        Agents a round.

    See Also
    --------
    simulate_rounds : Makes it.

    Examples
    --------
    >>> runs = simulate_rounds(Parameters(0.01, 0.97), n_rounds=25, k=4, n_runs=10, seed=1)
    >>> runs.n_rounds, runs.n_experiments, runs.kept.shape
    (25, 100, (10, 25))
    """

    frontier: FloatArray
    kept: NDArray[np.bool_]
    gain_area: FloatArray
    k: int

    @property
    def n_rounds(self) -> int:
        """Number of rounds R, the wall-clock time in units of one experiment."""
        return int(self.kept.shape[1])

    @property
    def n_experiments(self) -> int:
        """Number of experiments spent, N = k R."""
        return self.k * self.n_rounds


def simulate_rounds(
    p: Parameters,
    n_rounds: int,
    k: int,
    n_runs: int = 1,
    *,
    correlation: float = 0.0,
    f0: float = 1.0,
    seed: int | np.random.Generator | None = None,
) -> RoundSimulation:
    r"""Simulate rounds of k agents.

    Round r draws k changes :math:`\delta \sim \mathcal N(\mu, \sigma_r^2)` and lowers the
    frontier by :math:`\max(0, -\min_j \delta_j)`. With a correlation, a change is
    :math:`\mu + \sigma_r(\sqrt\rho\,Z + \sqrt{1-\rho}\,Z_j)`, where Z is common to the round.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n_rounds : int
        Number of rounds R, from 1 to `LONGEST_ROUNDS`. Round r uses step :math:`\sigma_r`.
    k : int
        Agents a round, k >= 1; ``n_experiments = k * n_rounds``.
    n_runs : int, default 1
        Number of independent runs.
    correlation : float, default 0.0
        Correlation :math:`\rho` of any two changes of a round, in [0, 1].
    f0 : float, default 1.0
        Metric of the baseline.
    seed : int, numpy.random.Generator or None
        Seed or source of randomness; None draws a fresh seed.

    Returns
    -------
    RoundSimulation
        Frontier, kept rounds and gain area of each run.

    Raises
    ------
    ParameterError
        If a count is not a positive integer, `correlation` is outside [0, 1], `f0` is not
        finite, `seed` is neither a seed nor a Generator, or the result would not fit in memory.

    Examples
    --------
    >>> runs = simulate_rounds(Parameters(0.01, 0.97), n_rounds=25, k=4, n_runs=1000, seed=1)
    >>> runs.frontier.shape, runs.n_experiments
    ((1000, 26), 100)
    >>> bool(abs(runs.kept.mean() - (1 - 0.5**4)) < 0.01)
    True
    """
    instance("p", p, Parameters)
    n_rounds = count("n_rounds", n_rounds, most=LONGEST_ROUNDS)
    k, n_runs = count("k", k), count("n_runs", n_runs)
    f0, rho = number("f0", f0), correlation_of(correlation)
    rng = generator(seed)
    check_size("k", k, _BYTES_AN_AGENT, _NO_RUNS)
    run = n_rounds * _BYTES_A_ROUND + k * _BYTES_AN_AGENT
    check_size("n_runs", n_runs, run, _NO_RUNS)

    best = np.empty((n_runs, n_rounds))
    for r, sigma in enumerate(step_size(p, np.arange(n_rounds))):
        own = rng.standard_normal((n_runs, k)).min(axis=1)
        if rho > 0:
            own = math.sqrt(rho) * rng.standard_normal(n_runs) + math.sqrt(1 - rho) * own
        best[:, r] = p.mu + sigma * own
    change = np.zeros((n_runs, n_rounds + 1))
    np.cumsum(np.minimum(best, 0.0), axis=1, out=change[:, 1:])
    # The area before f0 is added: differences to it would lose digits.
    return RoundSimulation(frontier=f0 + change, kept=best < 0, gain_area=-change.sum(axis=1), k=k)


def expected_round_frontier(
    p: Parameters, n_rounds: ArrayLike, k: int, f0: float = 1.0, *, correlation: float = 0.0
) -> Any:
    r"""Return the expected frontier after a number of rounds of k agents.

    .. math:: \mathbb E[F(R)] = f_0 - \sum_{r<R} \int_0^\infty
              \left(1 - \Phi\!\left(\frac{x+\mu}{\sigma_r}\right)^k\right) dx

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n_rounds : int or array of int
        Numbers of rounds R, from 0 to `LONGEST_ROUNDS`.
    k : int
        Agents a round, k >= 1.
    f0 : float, default 1.0
        Metric of the baseline.
    correlation : float, default 0.0
        Correlation of any two changes of a round, in [0, 1].

    Returns
    -------
    float or ndarray
        Expected frontiers in units of the metric, of the shape of `n_rounds`.

    Raises
    ------
    ParameterError
        If `n_rounds` holds anything but integers >= 0, `k` is not a positive integer, `f0`
        is not finite, or `correlation` is outside [0, 1].

    See Also
    --------
    arbook.theory.expected_best_improvement : One round.

    Examples
    --------
    >>> expected_round_frontier(Parameters(0.01, 0.5), [0, 1, 2], k=4).round(6)
    array([1.      , 0.989542, 0.984314])
    """
    rounds = _rounds(p, n_rounds)
    k, f0 = count("k", k), number("f0", f0)
    t = np.arange(max(int(rounds.max()), 1))
    gain = np.concatenate(
        [[0.0], np.cumsum(expected_best_improvement(p, t, k, correlation=correlation))]
    )
    return (f0 - gain[rounds])[()]


def round_frontier_std(
    p: Parameters, n_rounds: ArrayLike, k: int, *, correlation: float = 0.0
) -> Any:
    r"""Return the standard deviation of the frontier after a number of rounds of k agents.

    The improvements of different rounds are independent, so their variances add.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n_rounds : int or array of int
        Numbers of rounds R, from 0 to `LONGEST_ROUNDS`.
    k : int
        Agents a round, k >= 1.
    correlation : float, default 0.0
        Correlation of any two changes of a round, in [0, 1].

    Returns
    -------
    float or ndarray
        Standard deviations in units of the metric, of the shape of `n_rounds`.

    Raises
    ------
    ParameterError
        If `n_rounds` holds anything but integers >= 0, `k` is not a positive integer, or
        `correlation` is outside [0, 1].

    See Also
    --------
    arbook.theory.best_improvement_std : One round.

    Examples
    --------
    >>> from arbook import frontier_std
    >>> p = Parameters(0.01, 0.97)
    >>> bool(np.isclose(round_frontier_std(p, 100, 1), frontier_std(p, 100), rtol=1e-9))
    True
    """
    rounds, k = _rounds(p, n_rounds), count("k", k)
    t = np.arange(max(int(rounds.max()), 1))
    std = best_improvement_std(p, t, k, correlation=correlation)
    # In units of the largest step: the square of a tiny one would be 0.
    scale = step_size(p, t).max()
    return (scale * np.sqrt(np.concatenate([[0.0], np.cumsum((std / scale) ** 2)])[rounds]))[()]


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
        Agents a round.
    t : int, default 0
        The round, which sets the step :math:`\sigma_t`.
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
    agents, t = counts("k", k, least=1), count("t", t, least=0)
    one = float(expected_improvement(p, t))
    # Where one agent's expectation is too small for a double, the limit is k; for agents that all
    # propose the same, it is 1.
    per_round = agents ** (1.0 if correlation_of(correlation) < 1 else 0.0)
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
        The round, which sets the step :math:`\sigma_t`.

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
    agents, rho = counts("k", k, least=1), correlation_of(correlation)
    a = np.asarray(ratio(-p.mu, step_size(p, count("t", t, least=0))))
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
        `arbook.theory.LONGEST_RUN` experiments.
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
    n = count("n_experiments", n_experiments, most=min(LONGEST_RUN, k * LONGEST_ROUNDS))
    if n % k:
        raise refuse("n_experiments", n, f"a multiple of k = {k}")
    return EqualBudget(
        serial=expected_frontier(p, np.arange(n + 1), f0),
        parallel=expected_round_frontier(p, np.arange(n // k + 1), k, f0),
        k=k,
    )


def _rounds(p: object, n_rounds: ArrayLike) -> IntArray:
    instance("p", p, Parameters)
    rounds = counts("n_rounds", n_rounds)
    if rounds.max() > LONGEST_ROUNDS:
        allowed = f"an integer in 0 ... {LONGEST_ROUNDS}, or an array of such"
        raise refuse("n_rounds", int(rounds.max()), allowed)
    return rounds
