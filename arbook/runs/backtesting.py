"""Forecasts against what came: the first part of a log forecasts its rest."""

from __future__ import annotations

from dataclasses import dataclass

from arbook._numerics.ranges import Options, OrNone, instance, open_unit_interval, positive
from arbook._numerics.seeds import Seed
from arbook._numerics.validation import refuse
from arbook.model.run import RunLog
from arbook.runs.atlas import repository_of
from arbook.runs.changes import FEWEST, TRIM
from arbook.runs.families import FAMILIES
from arbook.runs.fits import Fit
from arbook.runs.fitting import fit as fit_log
from arbook.runs.forecasting import DRIFT, Forecast, forecast
from arbook.runs.population import Population
from arbook.runs.population import population as of_atlas


@dataclass(frozen=True, eq=False, repr=False)
class Backtest:
    """A forecast of the second part of a run, and what happened.

    Parameters
    ----------
    forecast : Forecast
        Made from the first part alone.
    truth : float
        Improvement of the frontier in the second part, in the metric's unit.
    level : float
        Probability that the interval should hold the truth.

    See Also
    --------
    backtest : Makes it.

    Examples
    --------
    >>> from arbook import logs
    >>> logs.backtest(logs.load_run("pr109-loop"), n_draws=200).covered
    True
    """

    forecast: Forecast
    truth: float
    level: float

    @property
    def interval(self) -> tuple[float, float]:
        """Central interval of the forecast."""
        tail = (1 - self.level) / 2
        low, high = self.forecast.quantiles("improvement", [tail, 1 - tail])
        return float(low), float(high)

    @property
    def covered(self) -> bool:
        """Whether the interval holds the truth."""
        low, high = self.interval
        return low <= self.truth <= high

    def __repr__(self) -> str:
        low, high = self.interval
        return (
            f"Backtest({self.forecast.log.source}: {low:.4g} to {high:.4g}, "
            f"truth {self.truth:.4g}{'' if self.covered else ': missed'})"
        )


def backtest(
    log: RunLog,
    *,
    family: str = "two-part",
    share: float = 0.5,
    level: float = 0.8,
    drift: float = DRIFT,
    population: Population | str | None = "atlas",
    trim: float | None = TRIM,
    n_draws: int = 4000,
    seed: Seed = 0,
) -> Backtest:
    """Forecast the second part of a run from its first, and compare.

    Parameters
    ----------
    log : RunLog
        A run whose first part can be fitted.
    family : str, default "two-part"
        As for `fit`; only without a population.
    share : float, default 0.5
        Share of the experiments that the forecast sees, in (0, 1).
    level : float, default 0.8
        Probability of the interval, in (0, 1).
    population : Population, "atlas" or None, default "atlas"
        As for `forecast`, but from "atlas" the run's own repository is left out.
    drift, trim, n_draws, seed
        As for `forecast` and `fit`.

    Returns
    -------
    Backtest
        The forecast, the truth, and whether the interval holds it.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or one of the parts is too short.

    Examples
    --------
    >>> from arbook import logs
    >>> round(logs.backtest(logs.load_run("h100-mar8")).truth, 6)
    0.003008
    """
    share, level = open_unit_interval("share", share), open_unit_interval("level", level)
    instance("log", log, RunLog)
    Options(*FAMILIES)("family", family)
    trim = OrNone(positive)("trim", trim)
    seen = int(log.n_experiments * share)
    rest = log.n_experiments - seen
    fewest = FEWEST if population is None else 1
    if seen < fewest or rest < 1:
        parts = (
            f"at least {fewest} of the log's {log.n_experiments} experiments to fit, and one more"
        )
        raise refuse("share", share, f"one that leaves {parts}")
    first: Fit | RunLog = log.first(seen)
    if population is None:
        first = fit_log(log.first(seen), family=family, trim=trim)
    elif isinstance(population, str) and population == "atlas":
        population = of_atlas(repository_of(log))
    made = forecast(first, rest, drift=drift, population=population, n_draws=n_draws, seed=seed)
    return Backtest(made, float(abs(log.frontier[seen] - log.frontier[-1])), level)
