r"""k agents a round: what parallel search gains, and what it costs.

In a round, k agents start from the same incumbent and each proposes one variant; the best of the
k is kept if it is better than the incumbent. Rounds are counted r = 0, 1, ... and round r uses
the step :math:`\sigma_r = \sigma_0\gamma^r`: the steps shrink with decisions, not with
experiments. A run of R rounds spends :math:`N = kR` experiments in the wall-clock time of R.
With k = 1 everything here is the serial model.

Agents that share a model and a prompt have similar ideas: the k changes of a round may be
correlated, any two with the same correlation :math:`\rho` from 0 to 1.

The laws of one round are in `arbook`: `any_keep_probability`, `expected_best_improvement`
and `best_improvement_std`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arbook._numerics.memory import check_size, within_memory
from arbook._numerics.ranges import Array, Integer, count, instance, number, unit_interval
from arbook._numerics.seeds import Seed, generator
from arbook._numerics.validation import FloatArray, IntArray
from arbook.model.best_of import best_improvement_std, expected_best_improvement
from arbook.model.parameters import Parameters, bias, step_size

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
        Agents a round, >= 1.

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
    seed: Seed = None,
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
        Number of rounds R, in 1 ... `LONGEST_ROUNDS`. Round r uses step :math:`\sigma_r`.
    k : int
        Agents a round, k >= 1; ``n_experiments = k * n_rounds``.
    n_runs : int, default 1
        Number of independent runs, >= 1.
    correlation : float, default 0.0
        Correlation :math:`\rho` of any two changes of a round, in [0, 1].
    f0 : float, default 1.0
        Metric of the baseline.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.

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
    n_rounds = Integer(1, LONGEST_ROUNDS)("n_rounds", n_rounds)
    k, n_runs = count("k", k), count("n_runs", n_runs)
    f0, rho = number("f0", f0), unit_interval("correlation", correlation)
    rng = generator(seed)
    check_size("k", k, _BYTES_AN_AGENT, _NO_RUNS)
    run = n_rounds * _BYTES_A_ROUND + k * _BYTES_AN_AGENT
    with within_memory("n_runs", n_runs, run, _NO_RUNS):
        best = np.empty((n_runs, n_rounds))
        rounds = np.arange(n_rounds)
        for r, (sigma, mean) in enumerate(zip(step_size(p, rounds), bias(p, rounds), strict=True)):
            own = rng.standard_normal((n_runs, k)).min(axis=1)
            if rho > 0:
                own = math.sqrt(rho) * rng.standard_normal(n_runs) + math.sqrt(1 - rho) * own
            best[:, r] = mean + sigma * own
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
        Numbers of rounds R, in 0 ... `LONGEST_ROUNDS`.
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
    arbook.expected_best_improvement : One round.

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
        Numbers of rounds R, in 0 ... `LONGEST_ROUNDS`.
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
    arbook.best_improvement_std : One round.

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


def _rounds(p: object, n_rounds: ArrayLike) -> IntArray:
    instance("p", p, Parameters)
    return Array(Integer(0, LONGEST_ROUNDS))("n_rounds", n_rounds)
