r"""Search that starts from the baseline more than once: sampling, restarts and islands.

All of it loses to one chain of experiments in the model, whose variants hand on what they gained:
of two schedules that make the same changes in the same order, the one whose every variant starts
from a better parent is never behind.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.memory import check_size, within_memory
from arbook._numerics.ranges import Array, Integer, count, counts, instance, not_negative, number
from arbook._numerics.seeds import Seed, generator
from arbook.agents.rounds import LONGEST_ROUNDS, RoundSimulation
from arbook.model.best_of import expected_best_improvement
from arbook.model.distributions import _total_improvements
from arbook.model.laws import LONGEST_RUN
from arbook.model.parameters import Parameters, bias, step_size
from arbook.model.totals import expected_frontier

# Bytes for each round of a run, and for each island.
_BYTES_A_ROUND = 25
_BYTES_AN_ISLAND = 70

# A power is integrated over each cell of a distribution by these nodes.
_NODE, _WEIGHT = np.polynomial.legendre.leggauss(4)


def elitism_advantage(p: Parameters, n: ArrayLike) -> Any:
    r"""Return the gain of a chain of n experiments over that of n variants of the baseline.

    Law: Elitism against sampling. The chain keeps an incumbent; sampling changes the baseline n
    times, with the first step, and takes the best:

    .. math:: \frac{\sum_{t<n}\mathbb E[I_t]}{\mathbb E[\max(0, -\min_{i \le n}\delta_i)]} ,
              \qquad \delta_i \sim \mathcal N(\mu, \sigma_0^2) .

    At least 1 where steps do not shrink. Where keeps are rare as well, it depends on their expected
    number K alone: :math:`K/\mathrm{Ein}(K)`, with
    :math:`\mathrm{Ein}(K) = \int_0^K (1-e^{-x})/x\,dx`.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n : int or array of int
        Numbers of experiments that each makes, in 1 ... `arbook.model.laws.LONGEST_RUN`.

    Returns
    -------
    float or ndarray
        Ratios of expected gains, of the shape of `n`; 1 where neither gains what a double can hold.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    The largest of n improvements is at most their sum, hence the 1. With steps that shrink the
    chain's gain has a bound and the sample's has none, so sampling wins in the end. In real
    searches sampling is a strong rival [1]_: what makes chains win here is that a variant hands on
    its parent's gain in full.

    References
    ----------
    .. [1] Y. Gideoni, S. Risi and Y. Gal, "Simple baselines are competitive with code evolution",
       arXiv:2602.16805, 2026.

    Examples
    --------
    >>> elitism_advantage(Parameters(0.01, 0.97), [1, 10, 100]).round(2)
    array([1.  , 2.27, 5.05])
    >>> hasty = Parameters(0.01, 0.9, 0.005, extended=True)
    >>> elitism_advantage(hasty, [1, 10, 100]).round(2)
    array([1.  , 0.84, 0.45])
    """
    instance("p", p, Parameters)
    n = Array(Integer(1, LONGEST_RUN))("n", n)
    chain = np.asarray(-expected_frontier(p, n, 0.0))
    sample = np.asarray(expected_best_improvement(p, 0, n))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(sample > 0, chain / sample, 1.0)
    return ratio[()]


def expected_restarts(p: Parameters, n: int, k: ArrayLike) -> Any:
    r"""Return the expected gain of the best of k runs that start from the baseline.

    Law: Elitism against sampling. Restarts lie between the two: one run is the chain, and runs of
    one experiment are the sample. With the distribution :math:`H_n` of the gain of one run of n
    experiments,

    .. math:: \mathbb E[\max] = \int_0^\infty \left(1 - H_n(x)^k\right)dx
              \;\le\; M + \frac{k-1}{\sqrt{2k-1}}\,S ,

    where M and S are its mean and standard deviation. k runs that each go on from the last one's
    incumbent with steps as at the start gain kM.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n : int
        Experiments of each run, in 1 ... 100000.
    k : int or array of int
        Runs, >= 1.

    Returns
    -------
    float or ndarray
        Expected gains in bits per byte, of the shape of `k`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    See Also
    --------
    elitism_advantage : The chain against the sample.
    simulate_islands : Islands that never meet are such runs.

    Notes
    -----
    The bound holds for any distribution [1]_. The distribution is that of
    `arbook.frontier_quantiles`.

    References
    ----------
    .. [1] H. A. David and H. N. Nagaraja, Order Statistics, 3rd ed., Wiley, 2003, chapter 4.

    Examples
    --------
    >>> expected_restarts(Parameters(0.01, 0.97), 100, [1, 4]).round(4)
    array([0.1267, 0.1519])
    """
    instance("p", p, Parameters)
    n = Integer(1, LONGEST_ROUNDS)("n", n)
    k = np.asarray(counts("k", k), dtype=float)
    edge, below, _ = _total_improvements(p, np.array([n]))[n]
    at = below[:-1, None] + np.diff(below)[:, None] * (_NODE + 1) / 2
    cells = np.diff(edge)[:, None] * _WEIGHT / 2
    above = -np.expm1(k[..., None, None] * np.log(np.maximum(at, 1e-300)))
    return (edge[0] + (above * cells).sum(axis=(-2, -1)))[()]


def simulate_islands(
    p: Parameters,
    n_rounds: int,
    k: int,
    every: int,
    n_runs: int = 1,
    *,
    noise: float = 0.0,
    f0: float = 1.0,
    seed: Seed = None,
) -> RoundSimulation:
    r"""Simulate k islands that each keep an incumbent, and share the best one now and then.

    Which is better is decided by measurements :math:`f + \nu\eta`; each configuration is measured
    once. A single round is k variants of the baseline, of which the best is kept.

    Parameters
    ----------
    p : Parameters
        The three parameters; round r uses step :math:`\sigma_r`.
    n_rounds : int
        Number of rounds R, in 1 ... `LONGEST_ROUNDS`; each island makes an experiment a round.
    k : int
        Islands, >= 1.
    every : int
        Rounds between two migrations, >= 1, in which all islands take over the best incumbent: 1
        makes rounds of k agents, and R or more k runs that never meet.
    n_runs : int, default 1
        Number of independent runs, >= 1.
    noise : float, default 0.0
        Standard deviation :math:`\nu` of one measurement, in units of the metric, >= 0.
    f0 : float, default 1.0
        True metric of the baseline.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.

    Returns
    -------
    RoundSimulation
        The true metric of the incumbent that was measured best, the rounds in which it fell, and
        its gain area.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the runs do not fit in memory.

    Examples
    --------
    >>> p = Parameters(0.01, 0.97)
    >>> gains = [1 - simulate_islands(p, 100, 4, e, 500, seed=1).frontier[:, -1].mean()
    ...          for e in (1, 10, 100)]
    >>> bool(gains[0] > gains[1] > gains[2])
    True
    """
    instance("p", p, Parameters)
    n_rounds = Integer(1, LONGEST_ROUNDS)("n_rounds", n_rounds)
    k, every = count("k", k), count("every", every)
    n_runs, f0 = count("n_runs", n_runs), number("f0", f0)
    nu = not_negative("noise", noise)
    rng = generator(seed)
    each = n_rounds * _BYTES_A_ROUND + k * _BYTES_AN_ISLAND
    check_size("k", k, _BYTES_AN_ISLAND)
    with within_memory("n_runs", n_runs, each):
        best, island = np.zeros((n_runs, n_rounds + 1)), np.zeros((n_runs, k))
        luck = np.zeros((n_runs, k))  # of the measurement of each incumbent
        if nu:
            luck += nu * rng.standard_normal((n_runs, 1))
        run, rounds = np.arange(n_runs), np.arange(n_rounds)
        for r, (sigma, mean) in enumerate(zip(step_size(p, rounds), bias(p, rounds), strict=True)):
            change = mean + sigma * rng.standard_normal((n_runs, k))
            other = nu * rng.standard_normal((n_runs, k)) if nu else luck
            keep = change + other < luck
            island += np.where(keep, change, 0.0)
            luck = np.where(keep, other, luck)
            chosen = (island + luck).argmin(axis=1)
            best[:, r + 1] = island[run, chosen]
            if (r + 1) % every == 0:
                island[:] = best[:, r + 1, None]
                luck[:] = luck[run, chosen, None]
    kept = np.diff(best, axis=1) < 0
    return RoundSimulation(frontier=f0 + best, kept=kept, gain_area=-best.sum(axis=1), k=k)
