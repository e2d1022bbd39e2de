r"""A night's machines, divided: length of an experiment, rounds, agents, repeats.

k agents start a round from one incumbent, each variant is trained for :math:`\tau` minutes on J
machines with different seeds, and the variant that is believed to be best is kept if it is believed
to be better than the incumbent. What is believed of a change is its mean given what was measured:
:math:`\mathcal N(\mu, \chi^2\sigma_t^2)` over all changes, with :math:`\chi` of `carry_over`. So an
experiment that shows only part of a change is one without noise whose step is smaller.
Gains are those that last, in the unit of the metric.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from arbook._numerics.best_of import mean
from arbook._numerics.memory import within_memory
from arbook._numerics.normal import log_cdf, pdf, positive_part, tail_moments
from arbook._numerics.ranges import (
    Integer,
    count,
    flag,
    instance,
    not_negative,
    number,
    positive,
)
from arbook._numerics.seeds import Seed, generator
from arbook._numerics.validation import FloatArray, IntArray, refuse
from arbook.agents.fidelity import Fidelity, parts
from arbook.model.parameters import Parameters, bias, step_size

#: Most rounds of a night, and most machines of a split.
MOST_ROUNDS = 10_000
MOST_MACHINES = 1000

_ROUNDS = Integer(0, MOST_ROUNDS)
_MACHINES = Integer(1, MOST_MACHINES)

# Numbers of rounds that `best_split` looks at, before it looks closer.
_COARSE, _FINE = 60, 40
# Skills between which the gain of k agents is interpolated, and how far apart.
_DULL, _SHARP, _APART = -12.0, 8.0, 0.1
# Smallest step that is seen.
_TINY = 1e-300
# Below this skill the precision weight is a continued fraction.
_FAR_OUT = 6.0


@dataclass(frozen=True)
class Split:
    r"""A night, divided.

    Parameters
    ----------
    minutes : float
        Training :math:`\tau` of an experiment, in minutes.
    rounds : int
        Rounds R, one after the other.
    agents : int
        Agents k of a round.
    repeats : int
        Measurements J of each variant, on machines side by side.
    idle : int
        Machines that nothing runs on; they are paid for all the same.
    gain : float
        Expected gain that lasts, in the unit of the metric.

    See Also
    --------
    best_split : Makes the best one.

    Examples
    --------
    >>> Split(5.0, 90, 4, 1, 0, 0.02).experiments
    360
    """

    minutes: float
    rounds: int
    agents: int
    repeats: int
    idle: int
    gain: float

    @property
    def experiments(self) -> int:
        """Trainings of the night, repeats included."""
        return self.rounds * self.agents * self.repeats


def precision_weight(skill: float) -> float:
    r"""Return by how many per cent a decision gains more if one per cent more of it is seen.

    .. math:: \omega = \frac{\varphi(a)}{a\,\Phi(a) + \varphi(a)}

    Parameters
    ----------
    skill : float
        :math:`a = -\mu/(\chi\sigma_t)`.

    Returns
    -------
    float
        The weight :math:`\omega`: 1 without bias, more where most changes are for the worse.

    Raises
    ------
    ParameterError
        If `skill` is not a finite number.

    Notes
    -----
    The elasticity of the expected improvement by its step.

    Examples
    --------
    >>> [round(precision_weight(a), 2) for a in (0.5, 0.0, -0.7)]
    [0.5, 1.0, 2.19]
    """
    a = np.array([number("skill", skill)])
    if a < -_FAR_OUT:  # the density is in both, and 0 in a double
        with np.errstate(divide="ignore"):
            return float(1 / tail_moments(-a, np.ones(1))[0][0])
    return float((pdf(a) / positive_part(a, np.ones(1)))[0])


def budget_gain(
    p: Parameters,
    fidelity: Fidelity,
    minutes: float,
    rounds: int,
    agents: int = 1,
    repeats: int = 1,
) -> float:
    r"""Return the expected gain of a night that is divided so.

    .. math:: \sum_{t<R}\mathbb E\Big[\max\big(0, \max_{i\le k} X_i\big)\Big], \qquad
       X_i \sim \mathcal N\big(-\mu,\ \chi_t^2\sigma_t^2\big)

    Parameters
    ----------
    p : Parameters
        The three parameters of changes that last; steps shrink from round to round.
    fidelity : Fidelity
        What short experiments hide.
    minutes : float
        Training of an experiment in minutes, > 0.
    rounds : int
        Rounds R, in 0 ... `MOST_ROUNDS`.
    agents : int, default 1
        Agents k of a round, in 1 ... `MOST_MACHINES`.
    repeats : int, default 1
        Measurements J of each variant, in 1 ... `MOST_MACHINES`.

    Returns
    -------
    float
        Expected gain that lasts, in the unit of the metric; for several agents to a millionth.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> p, hides = Parameters(0.01, 0.97), Fidelity(noise=1.0)
    >>> [round(budget_gain(p, hides, tau, round(480 / tau)), 4) for tau in (1, 5, 60)]
    [0.0557, 0.0863, 0.0285]
    """
    seen, mean_gain = _seen(p, fidelity, minutes, rounds, repeats)
    k = _MACHINES("agents", agents)
    if k == 1:
        return float(positive_part(mean_gain, seen).sum())
    with np.errstate(over="ignore"):
        return float((seen * _best_of(np.clip(mean_gain / seen, -1e300, 1e300), k)).sum())


def best_split(
    p: Parameters,
    fidelity: Fidelity,
    hours: float,
    machines: int = 1,
    overhead: float = 0.0,
) -> Split:
    r"""Return the division of a night that gains most.

    Parameters
    ----------
    p : Parameters
        The three parameters of changes that last.
    fidelity : Fidelity
        What short experiments hide.
    hours : float
        Length H > 0 of the night.
    machines : int, default 1
        Machines, in 1 ... `MOST_MACHINES`.
    overhead : float, default 0.0
        Minutes that an experiment takes beside its training, >= 0: the agent's thinking, compiling,
        evaluation.

    Returns
    -------
    Split
        The best one, with at most `MOST_ROUNDS` rounds.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the night is not longer than one overhead.

    Notes
    -----
    All training that R rounds leave time for is used, :math:`\tau = 60H/R - \tau_o`. Numbers of
    rounds are looked at on a geometric grid, and then around the best.

    Examples
    --------
    >>> found = best_split(Parameters(0.01, 0.97), Fidelity(noise=1.0), 8, overhead=1.0)
    >>> found.rounds, round(found.minutes, 1), round(found.gain, 4)
    (59, 7.1, 0.088)
    """
    instance("p", p, Parameters)
    instance("fidelity", fidelity, Fidelity)
    k, extra = _MACHINES("machines", machines), not_negative("overhead", overhead)
    night = 60 * positive("hours", hours)
    if night <= extra:
        raise refuse("hours", hours, f"more than one overhead of {extra:g} minutes")
    if night / MOST_ROUNDS == 0:
        raise refuse("hours", hours, "long enough to be divided")
    most = int(min(MOST_ROUNDS, night / extra * (1 - 1e-9))) if extra else MOST_ROUNDS

    def made(rounds: int, agents: int, repeats: int) -> Split:
        tau = night / rounds - extra
        gain = budget_gain(p, fidelity, tau, rounds, agents, repeats)
        return Split(tau, rounds, agents, repeats, k - agents * repeats, gain)

    def best(agents: int, repeats: int) -> Split:
        tried = np.unique(np.geomspace(1, max(most, 1), _COARSE).astype(int))
        found = [made(int(r), agents, repeats) for r in tried]
        top = max(range(len(found)), key=lambda i: found[i].gain)
        low, high = tried[max(top - 1, 0)], tried[min(top + 1, tried.size - 1)]
        near = np.unique(np.linspace(low, high, _FINE).astype(int))
        return max((made(int(r), agents, repeats) for r in near), key=lambda one: one.gain)

    return max((best(*way) for way in ways(k)), key=lambda one: one.gain)


def ways(machines: int) -> Iterator[tuple[int, int]]:
    """Yield agents and repeats that leave no room for more of either, most agents first."""
    fewest = 0
    for agents in range(machines, 0, -1):
        if machines // agents > fewest:
            fewest = machines // agents
            yield agents, fewest


def simulate_budget(
    p: Parameters,
    fidelity: Fidelity,
    minutes: float,
    rounds: int,
    agents: int = 1,
    repeats: int = 1,
    *,
    known: bool = True,
    n_runs: int = 1000,
    seed: Seed = None,
) -> FloatArray:
    """Simulate nights that are divided so, measurement by measurement.

    Parameters
    ----------
    p, fidelity, minutes, rounds, agents, repeats
        As for `budget_gain`.
    known : bool, default True
        Whether the incumbent's metric is known, as `budget_gain` supposes. If not, the baseline is
        measured like a variant, and a filter that knows the parameters believes what all
        measurements say of the incumbent.
    n_runs : int, default 1000
        Number of nights, >= 1.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.

    Returns
    -------
    ndarray, shape (n_runs,)
        Gain of each night that lasts, in the unit of the metric; it may be negative.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the result would not fit in memory.

    Examples
    --------
    >>> p, hides = Parameters(0.01, 0.97), Fidelity(noise=1.0)
    >>> gain = simulate_budget(p, hides, 5.0, 96, n_runs=1000, seed=1)
    >>> bool(abs(gain.mean() - budget_gain(p, hides, 5.0, 96)) < 0.003)
    True
    >>> lucky = simulate_budget(p, hides, 5.0, 96, known=False, n_runs=1000, seed=1)
    >>> bool(lucky.mean() < gain.mean())
    True
    """
    seen, mean_gain = _seen(p, fidelity, minutes, rounds, repeats)
    k, j = _MACHINES("agents", agents), _MACHINES("repeats", repeats)
    known, n_runs, rng = flag("known", known), count("n_runs", n_runs), generator(seed)
    of_noise, of_passing = np.sqrt(parts(fidelity, minutes, 1, 1.0))
    noise = p.sigma0 * of_noise
    with within_memory("n_runs", n_runs, 40 * k * (j + 1), "budget_gain needs no runs"):
        total = np.zeros(n_runs)
        # how much better the incumbent measures than is believed, and the variance of that
        off, doubt = np.zeros(n_runs), np.zeros(n_runs)
        if not known:
            doubt += noise**2 / j
            off += np.sqrt(doubt) * rng.standard_normal(n_runs)
        for t in range(seen.size):
            sigma = float(step_size(p, t))
            passing = sigma * of_passing
            lasts = mean_gain[t] + sigma * rng.standard_normal((n_runs, k))
            change = lasts + passing * rng.standard_normal((n_runs, k))
            error = noise * rng.standard_normal((n_runs, k, j))
            share = (seen[t] / sigma) ** 2
            believed, learnt = np.full_like(lasts, mean_gain[t]), np.zeros(n_runs)
            wide = sigma**2 + passing**2
            spread = wide + noise**2 / j
            if share > 0:  # else what was measured may be infinite
                surprise = off[:, None] + change + error.mean(axis=2) - mean_gain[t]
                learnt = doubt / (spread + k * doubt) * surprise.sum(axis=1)
                doubt = doubt * spread / (spread + k * doubt)
                believed += share * (surprise - learnt[:, None])
            chosen = believed.argmax(axis=1)[:, None]

            def of_chosen(values: FloatArray, chosen: IntArray = chosen) -> FloatArray:
                return np.take_along_axis(values, chosen, axis=1)[:, 0]

            kept = of_chosen(believed) > 0
            total += np.where(kept, of_chosen(lasts), 0.0)
            if known:
                continue
            # a kept variant measures what it is believed to, the part that passes included
            blind, all_of_it = 1.0, 0.0
            if share > 0:
                blind, all_of_it = noise**2 / j / spread, 1 + of_passing**2
            expected = mean_gain[t] + (of_chosen(believed) - mean_gain[t]) * all_of_it
            off = off - learnt + np.where(kept, of_chosen(change) - expected, 0.0)
            doubt = np.where(kept, wide * blind + blind**2 * doubt, doubt)
    return total


def _seen(
    p: Parameters, fidelity: Fidelity, minutes: float, rounds: int, repeats: int
) -> tuple[FloatArray, FloatArray]:
    """Return the steps that are seen, and the mean gains, of every round."""
    instance("p", p, Parameters)
    instance("fidelity", fidelity, Fidelity)
    tau, j = positive("minutes", minutes), _MACHINES("repeats", repeats)
    n = _ROUNDS("rounds", rounds)
    t = np.arange(max(n, 1))
    sigma = np.asarray(step_size(p, t), dtype=float)
    noise, passing = parts(fidelity, tau, j, sigma / p.sigma0)
    seen = sigma / np.sqrt(1 + noise + passing)
    seen = np.maximum(seen, _TINY)  # what is seen of a step may be nothing in a double
    return seen[:n], np.broadcast_to(-bias(p, t), seen.shape)[:n]


@cache
def _table(k: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return skills, and E[max(0, a + best of k)] with its slope at each."""
    a = np.linspace(_DULL, _SHARP, round((_SHARP - _DULL) / _APART) + 1)
    return a, mean(a, np.full(a.size, k), 0.0), -np.expm1(k * log_cdf(-a))


def _best_of(skill: FloatArray, k: int) -> FloatArray:
    """Return E[max(0, a + best of k)] by cubics between the skills of a table."""
    a, value, slope = _table(k)
    inside = np.clip(skill, _DULL, _SHARP)
    i = np.minimum(((inside - _DULL) / _APART).astype(np.intp), a.size - 2)
    u = (inside - a[i]) / _APART
    left = value[i] * (1 + 2 * u) + _APART * u * slope[i]
    right = value[i + 1] * (3 - 2 * u) + _APART * (u - 1) * slope[i + 1]
    between: Any = left * (1 - u) ** 2 + right * u**2
    return np.asarray(between + np.maximum(skill - _SHARP, 0.0))
