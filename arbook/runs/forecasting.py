"""What more experiments will bring: forecasts from a fitted run, with all that is uncertain."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.memory import check_size
from arbook._numerics.ranges import (
    Array,
    Integer,
    Options,
    OrNone,
    Real,
    not_negative,
    positive,
    unit_interval,
)
from arbook._numerics.seeds import Seed, generator
from arbook._numerics.validation import FloatArray, IntArray, refuse
from arbook.model.run import RunLog, unbroken
from arbook.runs.continuing import of_fit, of_population, of_scaled_fit
from arbook.runs.fits import Fit
from arbook.runs.population import Population
from arbook.runs.population import population as of_atlas
from arbook.runs.scales import best_possible

#: Standard deviation, in logs, by which a run departs from its own trend once it goes on: of the
#: odds of a keep and of the size of gains. Chosen on public runs; see the chapter on forecasts.
DRIFT = 0.7

#: Longest continuation, most continuations, and most experiments of all (about a minute).
LONGEST = 1_000_000
MOST_DRAWS = 1_000_000
MOST_DRAWN = 300_000_000

# Points of a forecast's path.
_MOST_POINTS = 100


@dataclass(frozen=True, eq=False, repr=False)
class Forecast:
    r"""Possible continuations of a run.

    Parameters
    ----------
    log : RunLog
        The run it continues.
    n_experiments : int
        Number of further experiments n.
    improvement : ndarray, shape (n_draws,)
        Further improvement of the frontier after n experiments, in the metric's unit, >= 0.
    keeps : ndarray, shape (n_draws,)
        Number of keeps among them.
    gain_area : ndarray, shape (n_draws,)
        Gain area of the continuation from its own start, in metric x experiments.
    at : ndarray of int, shape (m,)
        Numbers of further experiments, rising to n, at which `path` is known.
    path : ndarray, shape (n_draws, m)
        Further improvement after `at` experiments.
    minutes : float or None
        Minutes an experiment takes.
    floor : float
        The bound at which the frontier stops; infinite if there is none.

    See Also
    --------
    forecast : Makes it.

    Examples
    --------
    >>> from arbook import logs
    >>> made = logs.forecast(logs.load_run("h100-mar8"), 50, n_draws=200)
    >>> low, middle, high = made.quantiles()
    >>> bool(0 <= low < middle < high), made.path.shape
    (True, (200, 50))
    """

    log: RunLog
    n_experiments: int
    improvement: FloatArray
    keeps: IntArray
    gain_area: FloatArray
    at: IntArray
    path: FloatArray
    minutes: float | None = None
    floor: float = -np.inf

    @property
    def hours(self) -> float:
        """Duration of the n experiments in hours; nan if `minutes` was not given."""
        return float("nan") if self.minutes is None else self.n_experiments * self.minutes / 60

    @cached_property
    def no_improvement(self) -> float:
        """Probability that nothing is kept."""
        return float((self.keeps == 0).mean())

    @cached_property
    def at_floor(self) -> float:
        """Probability that the frontier ends at `floor`; 0 where there is none."""
        room = abs(float(self.log.frontier[-1]) - self.floor)
        return float((self.improvement >= room * (1 - 1e-9)).mean())

    def quantiles(self, what: str = "improvement", q: ArrayLike = (0.1, 0.5, 0.9)) -> Any:
        """Return quantiles.

        Parameters
        ----------
        what : {"improvement", "keeps", "gain_area"}, default "improvement"
            The quantity.
        q : float or array of float, default (0.1, 0.5, 0.9)
            Probabilities in [0, 1].

        Returns
        -------
        float or ndarray
            Quantiles, of the shape of `q`.

        Raises
        ------
        ParameterError
            If an argument is outside its range.
        """
        Options("improvement", "keeps", "gain_area")("what", what)
        p = Array(unit_interval)("q", q)
        found = np.quantile(getattr(self, what), p.ravel())  # NumPy takes few dimensions
        return found.reshape(p.shape)[()]

    def __repr__(self) -> str:
        low, middle, high = self.quantiles()
        return (
            f"Forecast({self.n_experiments} experiments: improvement {middle:.4g}, "
            f"80 % interval {low:.4g} to {high:.4g}; nothing with {self.no_improvement:.0%})"
        )


def forecast(
    fit: Fit | RunLog,
    n: int,
    *,
    minutes: float | None = None,
    n_draws: int = 4000,
    drift: float = DRIFT,
    population: Population | str | None = "atlas",
    floor: float | None = None,
    seed: Seed = 0,
) -> Forecast:
    r"""Return the distribution of what n more experiments bring.

    Law: Predictive distribution. :math:`\Pr[G \le g] = \int \Pr[G \le g \mid \psi, \zeta]\,
    p(\psi)\,p(\zeta)\,d\psi\,d\zeta`.

    Half of the draws are runs of the `population` that began as this one did. The other half are
    of the two-part fit, where the log has one; three things are uncertain in these, and all are
    drawn: the parameters, from the normal approximation to their posterior distribution; the run's
    departure from its own trend (`drift`); and the changes themselves. Crashes and catastrophes
    come as often as they did. A metric that is positive and minimised is forecast on the scale of
    its logarithm.

    Parameters
    ----------
    fit : Fit or RunLog
        A run with a measured baseline, however short, or a fit to it without a noise.
    n : int
        Number of further experiments, in 1 ... `LONGEST`.
    minutes : float, optional
        Minutes an experiment takes, > 0; gives `Forecast.hours`.
    n_draws : int, default 4000
        Number of continuations, >= 1 and at most `MOST_DRAWS`, with `MOST_DRAWN` experiments in
        all.
    drift : float, default 0.7
        Standard deviation of the shifts of the trend, in logs, >= 0; 0 trusts the trend.
    population : Population, "atlas" or None, default "atlas"
        What runs have in common; "atlas" is `arbook.logs.population`. None forecasts from `fit`
        alone, by its family and on the metric's own scale; `fit` must be one then.
    floor : float, optional
        Best value that the metric can have: no frontier goes beyond it, below it where lower is
        better, above it where higher is. Without it, 0 for a minimised metric whose values are
        all >= 0, 1 (or 100) for a maximised one with the name of a share, such as accuracy, and
        values below, and no bound for any other. -inf (or inf) is none.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None, default 0
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.

    Returns
    -------
    Forecast
        Draws of the improvement, the number of keeps and the gain area.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    Few rows say little about a trend. The population says what is usual, and in the fit decays
    have a prior distribution: that of the decays of public runs (`arbook.runs.families.DECAY` and
    its neighbours). A forecast is a distribution, and is judged as one [1]_:
    ``python -m arbook.runs.calibration`` does that for all runs of the atlas, each by a population
    without its repository.

    References
    ----------
    .. [1] T. Gneiting and A. E. Raftery, "Strictly proper scoring rules, prediction, and
       estimation", Journal of the American Statistical Association 102, 359-378, 2007.

    Examples
    --------
    >>> from arbook import logs
    >>> f = logs.forecast(logs.load_run("h100-mar8"), 100, minutes=5)
    >>> round(f.hours, 1), bool(f.improvement.min() >= 0)
    (8.3, True)
    >>> logs.forecast(logs.load_run("h100-mar8").first(3), 10).keeps.size
    4000
    """
    log = _log_of(fit)
    if isinstance(population, str) and population == "atlas":
        population = of_atlas()
    elif population is not None and not isinstance(population, Population):
        raise refuse("population", population, "'atlas', an arbook.logs.Population, or None")
    n = Integer(1, LONGEST)("n", n)
    n_draws = Integer(1, min(MOST_DRAWS, MOST_DRAWN // n), f"for n = {n}")("n_draws", n_draws)
    check_size("n_draws", n_draws, 20 * _MOST_POINTS)
    drift, minutes = not_negative("drift", drift), OrNone(positive)("minutes", minutes)
    rng = generator(seed)
    floor, room = _room(log, floor)
    at = np.unique(np.linspace(0, n, min(n, _MOST_POINTS) + 1).astype(np.int64))[1:]
    if population is None:
        if not isinstance(fit, Fit):
            raise refuse("population", None, "'atlas' or a Population, where fit is a run")
        paths = of_fit(fit, at, n_draws, drift, room, rng)
    else:
        own = of_scaled_fit(log, at, n_draws // 2, drift, room, rng) if n_draws > 1 else None
        rest = n_draws if own is None else n_draws - n_draws // 2
        paths = of_population(log, population, at, rest, room, rng)
        paths = paths if own is None else paths.and_also(own)
    gain = paths.gain
    return Forecast(log, n, gain[:, -1], paths.keeps, paths.area, at, gain, minutes, floor)


def _log_of(fit: Fit | RunLog) -> RunLog:
    """Return the run to be continued, which must have a baseline."""
    if isinstance(fit, RunLog):
        if not np.isfinite(unbroken(fit).f0):
            raise refuse("fit", fit, "a run with a measured baseline")
        return fit
    if not isinstance(fit, Fit):
        raise refuse("fit", fit, "an arbook.logs.Fit or an arbook.RunLog")
    if fit._data.trace is not None:
        raise refuse("fit", fit, "made with noise=0: a forecast is one of the frontier in the log")
    return fit.log


def _room(log: RunLog, floor: float | None) -> tuple[float, float]:
    """Return the bound of a run's metric, and how far the frontier is from it."""
    now, is_low = float(log.frontier[-1]), log.direction == "min"
    none = -np.inf if is_low else np.inf
    if floor is None:
        floor = best_possible(log)
    if isinstance(floor, float) and floor == none:
        return none, float("inf")
    note = f"the frontier now; or {none}, or None"
    floor = (Real(high=now, note=note) if is_low else Real(now, note=note))("floor", floor)
    return floor, abs(now - floor)
