r"""Go on, stop, or change: what the next experiments of a run cost and bring."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from arbook._numerics.ranges import OrNone, positive
from arbook._numerics.seeds import Seed, generator
from arbook._numerics.validation import FloatArray, IntArray, refuse
from arbook.model.run import RunLog, unbroken
from arbook.runs.forecasting import Forecast, forecast
from arbook.runs.pace import pace
from arbook.runs.population import Population

# Continuations that are drawn, the first and the furthest horizon, and by what it grows.
_DRAWS, _NEAR, _FAR, _FURTHER = 4000, 100, 1600, 4
# A best length beyond this share of the horizon asks for a further one.
_INSIDE = 0.9
# How often a run is looked at again before the horizon; each wait is twice the last.
_LOOKS = 6


class Advice(IntEnum):
    """What to do with a loop; the values are the command's exit codes.

    See Also
    --------
    stop : Gives it.

    Examples
    --------
    >>> Advice(10).name
    'STOP'
    """

    GO_ON = 0
    STOP = 10
    CHANGE = 20

    @property
    def words(self) -> str:
        """The advice as it is printed."""
        return self.name.replace("_", " ")


@dataclass(frozen=True, eq=False, repr=False)
class Stop:
    r"""Whether a run is worth going on with, and why.

    Parameters
    ----------
    log : RunLog
        The run.
    forecast : Forecast
        The continuations on which all else rests, up to the horizon.
    cost, value : float
        Price of an experiment, and of a unit of the metric, in the same money.
    fresh : float or None
        What another strategy is expected to bring per experiment, as a share of the run's own mean.
    n : int
        Number of further experiments with the largest expected profit; 0 if none has any.
    profit : float
        Expected profit of these experiments, if their number is fixed now; 0 if there is none.
    profit_interval : tuple of float
        The interval that holds the profit of the `n` experiments, or of the next `look` of them,
        with 80 %.
    probability : float
        Probability that they bring more than they cost.
    look : int
        Number of experiments after which to ask again.
    waiting : float
        What it is worth to ask again, and stop where the answer has changed, instead of fixing the
        number now.
    rate : float
        Expected gain per experiment until then, in the metric's unit.

    See Also
    --------
    stop : Makes it.

    Examples
    --------
    >>> from arbook import logs
    >>> said = logs.stop(logs.load_run("h100-mar8"), cost=0.5, value=1e6)
    >>> said.advice.name, said.n > 20, said.probability > 0.5
    ('GO_ON', True, True)
    """

    log: RunLog
    forecast: Forecast
    cost: float
    value: float
    fresh: float | None
    n: int
    profit: float
    profit_interval: tuple[float, float]
    probability: float
    look: int
    waiting: float
    rate: float

    @property
    def advice(self) -> Advice:
        """GO_ON if that has a profit, with the right to stop; CHANGE where that has more."""
        if self.fresh is not None and self.fresh * self.average > self._bar:
            return Advice.CHANGE
        return Advice.GO_ON if self._pays else Advice.STOP

    @property
    def _pays(self) -> bool:
        return self.profit + self.waiting > 0

    @property
    def _bar(self) -> float:
        """Gain per experiment that another strategy must beat."""
        return max(self.price, self.rate) if self._pays else self.price

    @property
    def price(self) -> float:
        """Gain that pays for one experiment, in the metric's unit."""
        return self.cost / self.value

    @property
    def average(self) -> float:
        """Gain per experiment of the run so far, in the metric's unit."""
        return self.log.gain / max(self.log.n_experiments, 1)

    @property
    def change_share(self) -> float:
        """Share of `average` above which another strategy pays; infinite for a run without gain."""
        return self._bar / self.average if self.average > 0 else float("inf")

    @property
    def reasons(self) -> tuple[str, ...]:
        """The answer's reasons in words, a sentence each."""
        unit, seen = self.log.metric, pace(self.log)
        low, high = self.profit_interval
        asked = self.n or self.look
        found = [
            f"An experiment pays if it gains {self.price:.3g} {unit}; the next {self.look} are "
            f"expected to gain {self.rate:.3g} each, and the run gained {self.average:.3g} each.",
        ]
        more = " or more" if self.n == self.forecast.n_experiments else ""
        if self.n:
            found.append(
                f"The expected profit is largest after {self.n}{more} further experiments: "
                f"{self.profit:.4g} (80 %: {low:.3g} to {high:.3g})."
            )
        else:
            found.append(
                f"No fixed number of further experiments has an expected profit; {asked} would "
                f"bring between {low:.3g} and {high:.3g} (80 %)."
            )
        found.append(
            f"They bring more than they cost with a probability of {self.probability:.0%}."
        )
        if self.waiting > 0:
            found.append(
                f"To ask again after {self.look}, and later, instead of fixing the number now is "
                f"worth {self.waiting:.3g}."
            )
        found.append(
            f"The last improvement was {_ago(seen.since)}."
            if seen.since < self.log.n_experiments
            else "No experiment has improved the baseline."
        )
        if np.isfinite(self.change_share):
            found.append(
                "Another strategy pays if it is expected to bring more than "
                f"{self.change_share:.0%} of what this run brought per experiment, the time to set "
                "it up included" + (f"; {self.fresh:.0%} was given." if self.fresh else ".")
            )
        return tuple(found)

    def __repr__(self) -> str:
        return (
            f"Stop({self.advice.name}: best after {self.n} more experiments, expected profit "
            f"{self.profit:.4g}, {self.waiting:.3g} more if asked again)"
        )

    def _repr_html_(self) -> str:
        from html import escape

        items = "".join(f"<li>{escape(reason)}</li>" for reason in self.reasons)
        return f"<p><strong>{self.advice.words}</strong></p><ul>{items}</ul>"


def stop(
    log: RunLog,
    *,
    cost: float,
    value: float,
    fresh: float | None = None,
    population: Population | str = "atlas",
    seed: Seed = 0,
) -> Stop:
    r"""Say whether a run should go on, stop, or change its strategy.

    Law: Value of going on.
    :math:`V_j = \max\{0,\ \mathbb E[G_{j+1} - b\,n_{j+1} + V_{j+1} \mid j]\}`: at look j, the gain
    up to the next look, less what its experiments cost, and the value of the run then, with the
    right to stop at every look.

    Parameters
    ----------
    log : RunLog
        A run with a measured baseline, however short.
    cost : float
        Price of an experiment, > 0.
    value : float
        What one unit of the metric is worth, > 0, in the same money: 1e6 where 0.01 is worth
        10000.
    fresh : float, optional
        What another strategy is expected to bring per experiment, its setting-up included, as a
        share > 0 of what this run has brought. Without it, a change is never advised;
        `Stop.change_share` says from where it would be.
    population : Population or "atlas", default "atlas"
        What runs have in common, as for `forecast`.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None, default 0
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.

    Returns
    -------
    Stop
        The advice, with what it rests on.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the log has no measured baseline.

    Notes
    -----
    The continuations are those of `forecast`, which know both the run and the atlas. They are
    looked at six times, each time after twice as many experiments as before. What a run is worth at
    a look, given what it gained up to there, is found by regression backwards from the horizon
    [1]_, on one half of the draws for the other, so that it is not seen better than it is. To
    change is advised as foragers leave a patch [2]_: where the present rate falls below what is to
    be had elsewhere.

    References
    ----------
    .. [1] F. A. Longstaff and E. S. Schwartz, "Valuing American options by simulation: a simple
       least-squares approach", Review of Financial Studies 14, 113-147, 2001.
    .. [2] E. L. Charnov, "Optimal foraging, the marginal value theorem", Theoretical Population
       Biology 9, 129-136, 1976.

    Examples
    --------
    >>> from arbook import logs
    >>> run = logs.load_run("h100-mar8")
    >>> logs.stop(run, cost=0.5, value=1e6).advice
    <Advice.GO_ON: 0>
    >>> logs.stop(run, cost=0.5, value=1e3).advice
    <Advice.STOP: 10>
    >>> logs.stop(run, cost=0.5, value=1e6, fresh=0.9).advice
    <Advice.CHANGE: 20>
    """
    if not np.isfinite(unbroken(log).f0):
        raise refuse("log", log, "a run with a measured baseline")
    cost, value = positive("cost", cost), positive("value", value)
    fresh = OrNone(positive)("fresh", fresh)
    if not (0 < cost / value < np.inf):
        raise refuse("value", value, "such that cost / value is a number > 0")
    price = cost / value
    made = _far_enough(log, price, population, generator(seed))
    profit = made.path - price * made.at
    mean = profit.mean(axis=0)
    best = int(mean.argmax())
    looks = _looks(made.at)
    n = int(made.at[best]) if mean[best] > 0 else 0
    told = profit[:, best if n else looks[0]]
    fixed = max(float(mean[best]), 0.0)
    low, high = np.quantile(told, [0.1, 0.9])
    first = looks[0]
    return Stop(
        log=log,
        forecast=made,
        cost=cost,
        value=value,
        fresh=fresh,
        n=n,
        profit=value * fixed,
        profit_interval=(value * float(low), value * float(high)),
        probability=float((told > 0).mean()),
        look=int(made.at[first]),
        waiting=value * max(_worth(made.path[:, looks], made.at[looks], price) - fixed, 0.0),
        rate=float(made.path[:, first].mean() / made.at[first]),
    )


def _ago(experiments: int) -> str:
    """Return how long ago something was, in words."""
    if experiments == 0:
        return "made by the last experiment"
    return f"{experiments} experiment{'' if experiments == 1 else 's'} ago"


def _far_enough(log: RunLog, price: float, population: Any, rng: np.random.Generator) -> Forecast:
    """Return a forecast whose horizon lies beyond the best length, or is the furthest."""
    horizon = _NEAR
    while True:
        made = forecast(log, horizon, n_draws=_DRAWS, population=population, seed=rng)
        mean = made.path.mean(axis=0) - price * made.at
        if horizon >= _FAR or made.at[mean.argmax()] <= _INSIDE * horizon:
            return made
        horizon *= _FURTHER


def _looks(at: IntArray) -> IntArray:
    """Return the places in `at` where a run is looked at again."""
    wanted = at[-1] / 2.0 ** np.arange(_LOOKS - 1, -1, -1)
    return np.unique(np.minimum(np.searchsorted(at, wanted), at.size - 1))


def _worth(gain: FloatArray, at: IntArray, price: float) -> float:
    """Return the expected profit of runs that may be stopped at every look.

    What going on is worth at a look is a linear function of the logarithms of the last gain and of
    all gains, fitted to one half of the draws and used in the other.
    """
    step = np.diff(gain, axis=1, prepend=0.0)
    cash = step - price * np.diff(at, prepend=0)
    halves = np.arange(gain.shape[0]) % 2 == 0
    worth = np.zeros(gain.shape[0])  # of what comes after the look
    for j in range(at.size - 2, -1, -1):
        ahead = cash[:, j + 1] + worth
        size = price * at[j]
        seen = np.column_stack([np.log1p(step[:, j] / size), np.log1p(gain[:, j] / size)])
        seen = np.column_stack([np.ones(worth.size), seen, seen[:, :1] * seen[:, 1:]])
        worth = np.zeros_like(ahead)
        for half in (halves, ~halves):
            rule = np.linalg.lstsq(seen[~half], ahead[~half], rcond=None)[0]
            worth[half] = np.where(seen[half] @ rule > 0, ahead[half], 0.0)
    return max(float((cash[:, 0] + worth).mean()), 0.0)
