r"""Rules that keep or discard: each sees measurements, never the true metric.

A rule is started with the measured baseline and then asked at every measurement. Everything is
vectorised: a rule may judge many runs at once, one entry each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arbook._numerics.ranges import (
    Integer,
    OrNone,
    flag,
    instance,
    not_negative,
    not_negatives,
    numbers,
    positive,
)
from arbook._numerics.units import unit_of
from arbook._numerics.validation import FloatArray
from arbook.model.judges import Decision, Decisions, Judge
from arbook.model.parameters import Parameters
from arbook.noise.beliefs import Belief, Trial
from arbook.noise.learning import Learnt, learn
from arbook.noise.traces import Trace


@dataclass(frozen=True, eq=False)
class Margin:
    r"""Keep what is lower than the incumbent's logged value by more than a margin.

    Parameters
    ----------
    margin : float or array of float, default 0.0
        Margin h, >= 0, in bits per byte; of an array, one entry an experiment, of which the last
        holds on. Without one this is the update rule of the book, taken
        at measurements.

    Raises
    ------
    ParameterError
        If a margin is not a finite number >= 0.

    Examples
    --------
    >>> judge = Margin(0.01).start(1.0)
    >>> [Decision(judge.decide(t, y)).name for t, y in enumerate([0.995, 0.98, 0.975])]
    ['DISCARD', 'KEEP', 'DISCARD']
    """

    margin: Any = 0.0

    def __post_init__(self) -> None:
        margins = not_negatives("margin", self.margin)
        object.__setattr__(self, "margin", margins[()])

    def start(self, baseline: ArrayLike) -> Judge:
        """Return a judge for runs whose baselines were measured."""
        return _Comparing(baseline, np.ravel(self.margin))


#: The update rule of the book, taken at measurements.
PLAIN = Margin()


@dataclass(frozen=True)
class Ladder:
    r"""The Ladder: a margin, and a logged value that is told in steps of the margin only.

    Parameters
    ----------
    step : float
        Margin and rounding in one, > 0, in bits per byte.

    Raises
    ------
    ParameterError
        If the step is not a finite number > 0.

    Notes
    -----
    Made for leaderboards [1]_: who submits by luck alone learns next to nothing.

    References
    ----------
    .. [1] A. Blum and M. Hardt, "The Ladder: a reliable leaderboard for machine learning
       competitions", ICML 2015.

    Examples
    --------
    >>> judge = Ladder(0.01).start(1.0)
    >>> Decision(judge.decide(0, 0.9834)).name, float(judge.incumbent)
    ('KEEP', 0.98)
    """

    step: float

    def __post_init__(self) -> None:
        positive("step", self.step)

    def start(self, baseline: ArrayLike) -> Judge:
        """Return a judge for runs whose baselines were measured."""
        return _Comparing(baseline, np.array([self.step]), rounding=self.step)


@dataclass(frozen=True)
class Confirm:
    """Measure again what looks better, and keep it if the mean of all is better.

    Parameters
    ----------
    times : int, default 2
        Measurements that a variant needs to be kept, >= 2.

    Raises
    ------
    ParameterError
        If `times` is not an integer >= 2.

    Examples
    --------
    >>> judge = Confirm().start(1.0)
    >>> [Decision(judge.decide(0, y)).name for y in (0.98, 1.01)]
    ['AGAIN', 'KEEP']
    """

    times: int = 2

    def __post_init__(self) -> None:
        Integer(2)("times", self.times)

    def start(self, baseline: ArrayLike) -> Judge:
        """Return a judge for runs whose baselines were measured."""
        return _Confirming(baseline, self.times)


@dataclass(frozen=True)
class PosteriorMean:
    r"""Keep a variant whose true metric is expected to be lower than the incumbent's.

    Law: Posterior keep rule. KEEP exactly if :math:`y < \hat f_t - \mu\,(P_t + \nu^2)/\sigma_t^2`.

    Parameters
    ----------
    p : Parameters
        Parameters of the true changes.
    noise : float
        Standard deviation :math:`\nu` of a measurement, in bits per byte, >= 0.
    again : bool, default False
        Measure a variant once more where that is worth more than an experiment of its own: where
        `Trial.worth_again` exceeds the gain expected of the next variant.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    See Also
    --------
    arbook.noise.beliefs.Belief : The filter behind it.

    Notes
    -----
    A decision by the posterior mean, and the worth of a further observation, are those of Bayesian
    decision theory [1]_.

    References
    ----------
    .. [1] H. Raiffa and R. Schlaifer, Applied Statistical Decision Theory, Harvard University,
       1961.

    Examples
    --------
    >>> rule = PosteriorMean(Parameters(0.004, 1.0, 0.002, extended=True), 0.004)
    >>> judge = rule.start(1.0)
    >>> [Decision(judge.decide(t, y)).name for t, y in enumerate([0.998, 0.99])]
    ['DISCARD', 'KEEP']
    >>> round(float(judge.incumbent), 5)  # and not the lucky 0.99
    0.994
    """

    p: Parameters
    noise: float
    again: bool = False

    def __post_init__(self) -> None:
        instance("p", self.p, Parameters)
        not_negative("noise", self.noise)
        flag("again", self.again)

    def start(self, baseline: ArrayLike) -> Judge:
        """Return a judge for runs whose baselines were measured."""
        p, one = self.p, np.ones(1)
        unit = unit_of(p.sigma0, self.noise)
        sets = Learnt(
            one, p.sigma0 / unit * one, p.gamma * one, p.mu / unit * one, self.noise / unit * one,
            price=p.price * unit,
        )  # fmt: skip
        return _Believing(baseline, sets, unit, self.again)


@dataclass(frozen=True)
class LearntMean:
    r"""The posterior keep rule with parameters that it learns from the log so far.

    Parameters
    ----------
    noise : float, optional
        Standard deviation :math:`\nu` of a measurement in bits per byte, > 0, where it is known
        from repeats; else it is learnt with the rest.
    first : int, default 10
        Experiments under the plain rule before it learns for the first time, >= 2. It learns
        again whenever the log is half as long again.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    See Also
    --------
    arbook.noise.learning.learn : What it asks of the log.

    Examples
    --------
    >>> judge = LearntMean(noise=0.004).start(1.0)
    >>> Decision(judge.decide(0, 0.99)).name
    'KEEP'
    """

    noise: float | None = None
    first: int = 10

    def __post_init__(self) -> None:
        OrNone(positive)("noise", self.noise)
        Integer(2)("first", self.first)

    def start(self, baseline: ArrayLike) -> Judge:
        """Return a judge for runs whose baselines were measured."""
        return _Learning(baseline, self)


class _Comparing:
    """Compares a measurement with the incumbent's logged value."""

    def __init__(self, baseline: ArrayLike, margins: FloatArray, rounding: float = 0.0) -> None:
        self.incumbent: FloatArray = numbers("baseline", baseline)
        self._margins, self._rounding = margins, rounding

    def decide(self, t: int, y: ArrayLike) -> Decisions:
        y = np.asarray(y, dtype=float)
        margin = self._margins[min(t, self._margins.size - 1)]
        kept = y < self.incumbent - margin  # never where y is nan
        told = np.round(y / self._rounding) * self._rounding if self._rounding else y
        self.incumbent = np.where(kept, told, self.incumbent)
        return np.asarray(kept, dtype=np.int8)

    def refresh(self, y: ArrayLike) -> None:
        self.incumbent = np.where(np.isfinite(y), y, self.incumbent)


class _Confirming:
    """Counts and sums the measurements of the variant on trial."""

    def __init__(self, baseline: ArrayLike, times: int) -> None:
        self.incumbent: FloatArray = numbers("baseline", baseline)
        self._times = times
        self._seen = np.zeros(self.incumbent.shape, dtype=np.int64)
        self._sum = np.zeros(self.incumbent.shape)

    def decide(self, t: int, y: ArrayLike) -> Decisions:
        y = np.asarray(y, dtype=float)
        asked = np.isfinite(y) & ((self._seen > 0) | (y < self.incumbent))
        self._seen = np.where(asked, self._seen + 1, 0)
        self._sum = np.where(asked, self._sum + np.where(asked, y, 0.0), 0.0)
        again = asked & (self._seen < self._times)
        mean = self._sum / np.maximum(self._seen, 1)
        kept = asked & ~again & (mean < self.incumbent)
        self.incumbent = np.where(kept, mean, self.incumbent)
        self._seen = np.where(again, self._seen, 0)
        self._sum = np.where(again, self._sum, 0.0)
        return np.where(again, Decision.AGAIN, kept).astype(np.int8)

    def refresh(self, y: ArrayLike) -> None:
        self.incumbent = np.where(np.isfinite(y), y, self.incumbent)


class _Believing:
    """Holds the belief on the incumbent, and on the variant while it is on trial.

    Sets of parameters lie along a last axis; what they expect is averaged with their weights. They
    and the belief are in a unit in which the variances are neither 0 nor infinite.
    """

    def __init__(self, baseline: ArrayLike, sets: Learnt, unit: float, again: bool = False) -> None:
        start = numbers("baseline", baseline) / unit
        self._sets, self._unit, self._again = sets, unit, again
        shape = np.broadcast_shapes((*start.shape, 1), sets.noise.shape)
        self._belief = Belief(
            np.broadcast_to(start[..., None], shape), np.broadcast_to(sets.noise**2, shape)
        )
        self._trial: Trial | None = None
        self._open = np.zeros(start.shape, dtype=bool)

    @property
    def incumbent(self) -> FloatArray:
        return self._mean(self._belief.mean) * self._unit

    def decide(self, t: int, y: ArrayLike) -> Decisions:
        sets, y = self._sets, np.asarray(y, dtype=float) / self._unit
        trial = self._belief.trial(sets.bias(t), sets.sigma(t))
        if self._trial is not None:
            trial = _where(self._open[..., None], self._trial, trial)
        trial = trial.measured(y[..., None], sets.noise)
        seen = np.isfinite(y)
        again = np.zeros(y.shape, dtype=bool)
        if self._again:
            worth = self._mean(trial.worth_again(sets.noise))
            again = seen & (worth > self._next(t, trial))
        kept = seen & ~again & (self._mean(trial.gain) > 0)
        self._trial, self._open = trial, again
        settled = (seen & ~again)[..., None]
        after, stay, before = trial.kept, trial.discarded, self._belief
        self._belief = Belief(
            *(
                np.where(settled, np.where(kept[..., None], new, old), now)
                for new, old, now in (
                    (after.mean, stay.mean, before.mean),
                    (after.variance, stay.variance, before.variance),
                )
            )
        )
        return np.where(again, Decision.AGAIN, kept).astype(np.int8)

    def refresh(self, y: ArrayLike) -> None:
        fresh = np.asarray(y, dtype=float)[..., None] / self._unit
        self._belief = self._belief.again(fresh, self._sets.noise)

    def _mean(self, values: Any) -> FloatArray:
        """Return the mean over the sets of parameters."""
        return np.asarray((self._sets.weight * values).sum(axis=-1))

    def _next(self, t: int, trial: Trial) -> FloatArray:
        """Return the gain that is expected of the next variant and one measurement of it."""
        sets = self._sets
        fresh = trial.discarded.trial(sets.bias(t + 1), sets.sigma(t + 1))
        return self._mean(fresh.worth_again(sets.noise) + np.maximum(fresh.gain, 0.0))


class _Learning:
    """Keeps a diary, learns from it ever more rarely, and is a plain rule until it has."""

    def __init__(self, baseline: ArrayLike, rule: LearntMean) -> None:
        self._rule = rule
        self._baseline = np.asarray(numbers("baseline", baseline))
        self._y: list[FloatArray] = []
        self._kept: list[NDArray[np.bool_]] = []
        self._due = rule.first
        self._judge: Judge = _Comparing(baseline, np.zeros(1))

    @property
    def incumbent(self) -> Any:
        return self._judge.incumbent

    def decide(self, t: int, y: ArrayLike) -> Decisions:
        if len(self._y) >= self._due:
            self._learn()
            self._due = int(1.5 * self._due)
        y = np.asarray(y, dtype=float)
        decided = self._judge.decide(t, y)
        self._y.append(y)
        self._kept.append(np.asarray(decided == Decision.KEEP))
        return decided

    def refresh(self, y: ArrayLike) -> None:
        self._judge.refresh(y)

    def _learn(self) -> None:
        """Learn from each run's diary, and read it again with what was learnt."""
        shape = self._baseline.shape
        y = np.array(self._y).reshape(len(self._y), -1)
        kept = np.array(self._kept).reshape(y.shape)
        seen = np.isfinite(y)
        unit = unit_of(np.where(seen, y - self._baseline.ravel(), 0.0), self._rule.noise or 0.0)
        traces = [
            Trace(float(start), y[:, i] / unit, kept[:, i])
            for i, start in enumerate((self._baseline / unit).ravel().tolist())
        ]
        noise = None if self._rule.noise is None else self._rule.noise / unit
        said = [learn(trace, noise) for trace in traces]
        beliefs = [one.belief(trace) for one, trace in zip(said, traces, strict=True)]
        sets = (
            np.array([getattr(one, name) for one in said]).reshape(*shape, -1)
            for name in ("weight", "sigma0", "gamma", "mu", "noise")
        )
        weight, sigma0, gamma, mu, nu = sets
        judge = _Believing(self._baseline, Learnt(weight, sigma0, gamma, mu, nu), unit)
        judge._belief = Belief(
            np.array([b.mean for b in beliefs]).reshape(*shape, -1),
            np.array([b.variance for b in beliefs]).reshape(*shape, -1),
        )
        self._judge = judge


def _where(chosen: NDArray[np.bool_], a: Trial, b: Trial) -> Trial:
    """Return the entries of a where they are chosen, else those of b."""
    return Trial(*(np.where(chosen, getattr(a, n), getattr(b, n)) for n in Trial.__annotations__))
