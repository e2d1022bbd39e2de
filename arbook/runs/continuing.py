"""Continuations of a run: as a run of the population, and as its own fit has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from arbook._numerics.minimising import covariance, lowest, minimise
from arbook._numerics.validation import FloatArray, IntArray, ParameterError
from arbook.model.run import RunLog
from arbook.runs import gaining, keeping
from arbook.runs.changes import TRIM, Changes, changes_of
from arbook.runs.families import Family, families
from arbook.runs.fits import Fit
from arbook.runs.population import Population
from arbook.runs.scales import scaled

# Bins that the experiments to come are counted in, where they are too many for one each.
_MOST_BINS = 40


@dataclass(frozen=True, eq=False)
class Paths:
    """Drawn continuations: gains after `at` further experiments, keeps and gain area of all."""

    gain: FloatArray
    keeps: IntArray
    area: FloatArray

    def and_also(self, other: Paths) -> Paths:
        """Return the draws of both."""
        names = ("gain", "keeps", "area")
        both = ((getattr(self, name), getattr(other, name)) for name in names)
        return Paths(*(np.concatenate(pair) for pair in both))


def of_population(
    log: RunLog,
    of: Population,
    at: IntArray,
    n_draws: int,
    room: float,
    rng: np.random.Generator,
) -> Paths:
    """Draw continuations of a run of the population; `room` is how far its metric can go."""
    on_scale = scaled(log)
    seen, n = log.n_experiments, int(at[-1])
    coarse = np.expm1(np.linspace(np.log1p(seen), np.log1p(seen + n), _MOST_BINS)) - seen
    coarse = np.clip(coarse.round().astype(np.int64), 0, n)
    edges = np.unique(np.concatenate([[0], at, coarse]))
    u = keeping.places(edges + seen)
    line = (of.keep_start, of.keep_slope, of.keep_walk)
    counts = keeping.counts(np.nan_to_num(on_scale.log.improvement), keeping.edges_of(seen))
    logit, spread = keeping.continued(keeping.odds(counts, *line), u, *line)
    logit = logit + rng.standard_normal((n_draws, u.size)) @ gaining.normal_root(spread).T
    keeps = rng.binomial(np.diff(edges), 1 / (1 + np.exp(-logit)))
    unit = of.usual_change * (1.0 if on_scale.start is not None else abs(log.f0) or 1.0)
    past = gaining.gains(on_scale.log, unit)
    gain = on_scale.metric(np.cumsum(gaining.draw(past, u, keeps, of, rng), axis=1))
    # no metric shows a gain that is smaller than the spacing of numbers about it
    gain = np.where(gain < np.spacing(abs(float(log.frontier[-1]))), 0.0, np.minimum(gain, room))
    keeps = np.where(np.diff(gain, axis=1, prepend=0.0) > 0, keeps, 0)
    there = np.searchsorted(edges[1:], at)
    return Paths(gain[:, there], keeps.sum(axis=1), _area(gain, edges))


def of_scaled_fit(
    log: RunLog, at: IntArray, n_draws: int, drift: float, room: float, rng: np.random.Generator
) -> Paths | None:
    """Draw continuations by the two-part fit on the metric's scale; None where there is no fit."""
    on_scale = scaled(log)
    try:
        data, _, _ = changes_of(on_scale.log, TRIM)
    except ParameterError:
        return None
    family = families()["two-part"]
    free = room if on_scale.start is None else np.inf
    cost = _posterior_cost(family, data)
    centre = lowest(cost, [family.start(data.delta, data.t)])
    found = _draws(log, family, data, (cost, centre), at, n_draws, drift, free, rng)
    if on_scale.start is None:
        return found
    gain = np.minimum(on_scale.metric(found.gain), room)
    return Paths(gain, found.keeps, _area(gain, np.concatenate([[0], at])))


def _area(gain: FloatArray, edges: IntArray) -> FloatArray:
    """Return the gain area where a bin's gains come anywhere in it."""
    before = np.concatenate([np.zeros_like(gain[:, :1]), gain[:, :-1]], axis=1)
    n = np.diff(edges)
    return np.asarray((before * (n - 1) / 2 + gain * (n + 1) / 2).sum(axis=1))


def of_fit(
    fit: Fit, at: IntArray, n_draws: int, drift: float, room: float, rng: np.random.Generator
) -> Paths:
    """Draw continuations of a run by its fit, whose parameters and trend are uncertain."""
    family, data = families()[fit.family], fit._data
    cost = _posterior_cost(family, data)
    centre = minimise(cost, fit._theta)
    return _draws(fit.log, family, data, (cost, centre), at, n_draws, drift, room, rng)


def _posterior_cost(family: Family, data: Changes) -> Callable[[FloatArray], float]:
    """Return minus the log of the posterior density, up to a constant."""
    likelihood = data.cost(family)
    return lambda theta: likelihood(theta) + family.penalty(theta, data.span)


@np.errstate(over="ignore")  # a drift may be any number
def _draws(
    log: RunLog,
    family: Family,
    data: Changes,
    posterior: tuple[Callable[[FloatArray], float], FloatArray],
    at: IntArray,
    n_draws: int,
    drift: float,
    room: float,
    rng: np.random.Generator,
) -> Paths:
    """Draw continuations by a posterior of changes: its cost, and where that is lowest."""
    n, (cost, centre) = int(at[-1]), posterior
    root = np.linalg.cholesky(covariance(cost, centre))
    # Experiments that ran and were not catastrophes, with Jeffreys' prior.
    runs = data.delta.size + 0.5
    wasted = log.n_experiments - data.delta.size + 0.5
    t = np.arange(log.n_experiments, log.n_experiments + n)
    weight = np.arange(n, 0, -1)
    area = np.empty(n_draws)
    keeps = np.empty(n_draws, dtype=np.int64)
    path = np.empty((n_draws, at.size))
    for i in range(n_draws):
        theta = centre + root @ rng.standard_normal(centre.size)
        shift = drift * rng.standard_normal(2)
        gain = np.maximum(0.0, -family.draw(theta, t, data.span, shift, rng))
        gain[rng.random(n) >= rng.beta(runs, wasted)] = 0.0
        gained = np.cumsum(gain)
        if gained[-1] > room / data.scale:
            gained = np.minimum(gained, room / data.scale)
            gain = np.diff(gained, prepend=0.0)
        path[i] = gained[at - 1]
        area[i], keeps[i] = weight @ gain, (gain > 0).sum()
    path = np.where(path < room / data.scale, path * data.scale, room)
    return Paths(path, keeps, area * data.scale)
