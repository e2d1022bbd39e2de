r"""k agents that do not wait for each other.

Each agent starts from the incumbent of that moment, and starts again as soon as it has finished.
Its variant has the metric :math:`f(\text{incumbent at the start}) + \delta`, and is kept exactly
if that is below the incumbent at the *end*, which the other agents may have improved meanwhile.
Experiment j, in order of start, uses the step :math:`\sigma_j`. With k = 1 everything here is the
serial model.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arbook._numerics.memory import check_size
from arbook._numerics.normal import cdf, pdf, positive_part
from arbook._numerics.ranges import Array, Integer, Real, count, instance, not_negative, number
from arbook._numerics.seeds import Seed, generator
from arbook._numerics.validation import FloatArray, refuse
from arbook.model.laws import run_length
from arbook.model.parameters import Parameters, bias, step_size
from arbook.model.totals import expected_frontier

#: Longest run of two agents for which the exact mean is made (each experiment takes some 0.3 ms).
LONGEST_EXACT = 10_000

# Bytes for each experiment of a run.
_BYTES_AN_EXPERIMENT = 60

# The density of a gap is made of panels one step wide. With a skill of more steps than this there
# would be too many of them.
_NARROW = 50


@dataclass(frozen=True, eq=False)
class AsyncSimulation:
    r"""Runs of k agents that do not wait for each other; row i is run i.

    Parameters
    ----------
    frontier : ndarray, shape (n_runs, N + 1)
        Frontier after each experiment, in order of their ends; units of the metric.
    time : ndarray, shape (n_runs, N + 1)
        When each experiment ended, in units of the mean duration :math:`\tau`; the run starts at
        0.
    kept : ndarray of bool, shape (n_runs, N)
        True where the variant was kept.
    k : int
        Agents at work.
    variation : float
        Coefficient of variation of the durations.

    See Also
    --------
    simulate_async : Makes it.

    Examples
    --------
    >>> runs = simulate_async(Parameters(0.01, 0.97), 100, k=4, n_runs=500, seed=1)
    >>> runs.n_experiments, runs.frontier.shape
    (100, (500, 101))
    """

    frontier: FloatArray
    time: FloatArray
    kept: NDArray[np.bool_]
    k: int
    variation: float

    @property
    def n_experiments(self) -> int:
        """Number of experiments N."""
        return int(self.kept.shape[1])

    def at(self, times: ArrayLike) -> FloatArray:
        r"""Return the frontier at given moments.

        Parameters
        ----------
        times : sequence of float
            Moments >= 0 in units of :math:`\tau`.

        Returns
        -------
        ndarray, shape (n_runs, len(times))
            Frontiers in units of the metric; after the end of a run, its last.

        Raises
        ------
        ParameterError
            If `times` is not a sequence of numbers >= 0.
        """
        moments = Array(not_negative, ndim=1)("times", times)
        ended = [np.searchsorted(row, moments, side="right") - 1 for row in self.time]
        return np.take_along_axis(self.frontier, np.array(ended), axis=1)


def simulate_async(
    p: Parameters,
    n_experiments: int,
    k: int,
    n_runs: int = 1,
    *,
    variation: float = 0.0,
    f0: float = 1.0,
    seed: Seed = None,
) -> AsyncSimulation:
    r"""Simulate k agents that do not wait for each other.

    With durations that are all the same, agent i starts i/k of an experiment after the first, and
    the ends follow each other evenly:

    .. math:: F(j+1) = \min\big(F(j),\; F(j-k+1) + \delta_j\big),
              \qquad F(i) = f_0 \text{ for } i \le 0 .

    Parameters
    ----------
    p : Parameters
        The three parameters. Experiment j, in order of start, uses step :math:`\sigma_j`.
    n_experiments : int
        Number of experiments N of all agents together, in 1 ... `arbook.model.laws.LONGEST_RUN`.
    k : int
        Number of agents, k >= 1.
    n_runs : int, default 1
        Number of independent runs, >= 1.
    variation : float, default 0.0
        Coefficient of variation of the durations, in [0, 100]. 0: all last :math:`\tau`. Else
        they are independent and lognormal with mean :math:`\tau`, and all agents start at once.
    f0 : float, default 1.0
        Metric of the baseline.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.

    Returns
    -------
    AsyncSimulation
        Frontier, times of the ends, and decisions.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the result would not fit in memory.

    Examples
    --------
    >>> runs = simulate_async(Parameters(0.01, 0.97), 100, k=4, n_runs=500, seed=1)
    >>> runs.time[0, [0, 1, 2, 5]]
    array([0.  , 1.  , 1.25, 2.  ])
    >>> serial = simulate_async(Parameters(0.01, 0.97), 100, k=1, n_runs=500, seed=1)
    >>> bool((serial.frontier <= runs.frontier + 1e-15).all())  # the same changes
    True
    """
    instance("p", p, Parameters)
    n = run_length("n_experiments", n_experiments)
    k = Integer(1, np.iinfo(np.int64).max)("k", k)
    n_runs, f0 = count("n_runs", n_runs), number("f0", f0)
    spread = spread_of_durations(variation)
    rng = generator(seed)
    check_size("n_experiments", n, _BYTES_AN_EXPERIMENT)
    check_size("n_runs", n_runs, n * _BYTES_AN_EXPERIMENT)

    t = np.arange(n)
    change = bias(p, t) + step_size(p, t) * rng.standard_normal((n_runs, n))
    team = min(k, n)
    if spread > 0:
        lasts = np.exp(spread * rng.standard_normal((n_runs, n)) - spread**2 / 2)
        end = lasts[:, :team].copy()
    else:
        lasts = np.ones((n_runs, n))
        end = np.tile(1 + np.arange(team) / k, (n_runs, 1))
    variant = change[:, :team].copy()  # what is being tried, relative to f0

    gain, time = np.zeros((n_runs, n + 1)), np.zeros((n_runs, n + 1))
    kept = np.empty((n_runs, n), dtype=bool)
    run, incumbent = np.arange(n_runs), np.zeros(n_runs)
    for j in range(n):
        agent = end.argmin(axis=1)
        now, value = end[run, agent], variant[run, agent]
        kept[:, j] = value < incumbent
        incumbent = np.minimum(value, incumbent)
        gain[:, j + 1], time[:, j + 1] = incumbent, now
        following = j + team  # so many have been started, in every run
        if following < n:
            variant[run, agent] = incumbent + change[:, following]
            end[run, agent] = now + lasts[:, following]
        else:
            end[run, agent] = np.inf
    return AsyncSimulation(frontier=f0 + gain, time=time, kept=kept, k=k, variation=variation)


def expected_async_frontier(p: Parameters, n: ArrayLike, k: int, f0: float = 1.0) -> Any:
    r"""Return the exact expected frontier of one or two agents that do not wait.

    Law: Asynchronous agents. Durations are fixed and starts evenly staggered. The last
    improvement of two agents, :math:`G_{j+1} = F(j) - F(j+1)`, is a Markov chain,

    .. math:: G_{j+1} = \max(0,\, -\delta_j - G_j), \quad G_0 = 0, \qquad
              \mathbb E[F(n)] = f_0 - \sum_{j=1}^n \mathbb E[G_j] .

    Parameters
    ----------
    p : Parameters
        The three parameters. Experiment j uses step :math:`\sigma_j`.
    n : int or array of int
        Numbers of experiments, in 0 ... `LONGEST_EXACT`.
    k : int
        Number of agents, in 1 ... 2. With 1, `arbook.expected_frontier`. For more agents the
        chain has k - 1 dimensions; use `simulate_async`.
    f0 : float, default 1.0
        Metric of the baseline.

    Returns
    -------
    float or ndarray
        Expected frontiers in units of the metric, of the shape of `n`.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or a step is smaller than 1/50 of a skill
        :math:`-\mu > 0`: such improvements are certain, and their distribution is too narrow
        for the quadrature.

    Notes
    -----
    For any number of agents and any durations: of two schedules that make the same changes with
    the same outcomes in the same order, the one whose every experiment starts from a later
    incumbent is never behind. Serial search starts experiment j from F(j), a round of k from
    :math:`F(k\lfloor j/k\rfloor)`, staggered agents from :math:`F(j-k+1)`; so the first is never
    behind the second, nor the second behind the third. What asynchronous evolution saves in time
    and loses in progress is studied in [1]_.

    The density of G is carried along on Gauss-Legendre nodes, to about 12 digits.

    References
    ----------
    .. [1] E. O. Scott and K. A. De Jong, "Understanding simple asynchronous evolutionary
       algorithms", Foundations of Genetic Algorithms XIII, 2015.

    Examples
    --------
    >>> p = Parameters(0.01, 0.97)
    >>> expected_async_frontier(p, [0, 1, 2, 100], k=2).round(6)
    array([1.      , 0.996011, 0.993291, 0.901988])
    """
    instance("p", p, Parameters)
    n, f0 = Array(Integer(0, LONGEST_EXACT))("n", n), number("f0", f0)
    k = Integer(1, 2, "simulate_async takes more")("k", k)
    if k == 1:
        return expected_frontier(p, n, f0)
    t = np.arange(max(int(n.max()), 1))
    m, sigma = -bias(p, t), step_size(p, t)
    if n.max() > 0 and (m > _NARROW * sigma).any():
        allowed = f"such that no step of {int(n.max())} is smaller than -mu / {_NARROW}"
        raise refuse("p", p, allowed)
    gain = np.concatenate([[0.0], np.cumsum(_gaps(m, sigma))])
    return (f0 - gain[n])[()]


def spread_of_durations(variation: float) -> float:
    """Return the standard deviation of the logarithm of a lognormal duration.

    Parameters
    ----------
    variation : float
        Coefficient of variation of the duration: standard deviation / mean, in [0, 100].

    Returns
    -------
    float
        ``sqrt(log(1 + variation**2))``.

    Raises
    ------
    ParameterError
        If `variation` is outside its range.

    Examples
    --------
    >>> round(spread_of_durations(0.5), 4)
    0.4724
    """
    return math.sqrt(math.log1p(Real(0, 100)("variation", variation) ** 2))


def _gaps(means: FloatArray, sigma: FloatArray) -> FloatArray:
    """Return E[G_1], E[G_2], ... of G' = max(0, X - G), where X is N(m_j, sigma_j^2)."""
    node, weight = np.polynomial.legendre.leggauss(12)
    none = 1.0  # the probability of G = 0
    place = mass = np.empty(0)  # nodes of the density of G > 0
    gaps = np.empty(sigma.size)
    for j, (m, s) in enumerate(zip(means, sigma, strict=True)):
        now = np.append(place, 0.0)
        weights = np.append(mass, none)
        gaps[j] = weights @ positive_part(m - now, s)
        # The next experiment sees a gap only if it is not too large for it.
        scale = min(s, sigma[min(j + 1, sigma.size - 1)])
        panels = math.ceil(max(m, 0.0) / scale + 9)
        place = (scale * (np.arange(panels)[:, None] + (node + 1) / 2)).ravel()
        density = pdf((m - place[:, None] - now) / s) @ weights / s
        mass = density * np.tile(scale * weight / 2, panels)
        none = 1.0 - float(weights @ cdf((m - now) / s))
    return gaps
