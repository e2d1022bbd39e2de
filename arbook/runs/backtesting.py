"""Forecasts against what came: the first part of a log forecasts its rest."""

from __future__ import annotations

from dataclasses import dataclass

from arbook._numerics.ranges import instance, open_unit_interval
from arbook._numerics.seeds import Seed
from arbook._numerics.validation import refuse
from arbook.model.run import RunLog
from arbook.runs.fitting import FEWEST, TRIM
from arbook.runs.fitting import fit as fit_log
from arbook.runs.forecasting import DRIFT, Forecast, forecast


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
    >>> logs.backtest(logs.load_run("h100-mar8"), n_draws=200).covered
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
            f"Backtest({self.forecast.fit.log.source}: {low:.4g} to {high:.4g}, "
            f"truth {self.truth:.4g}{'' if self.covered else ': missed'})"
        )


def backtest(
    log: RunLog,
    *,
    family: str = "two-part",
    share: float = 0.5,
    level: float = 0.8,
    drift: float = DRIFT,
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
        As for `fit`.
    share : float, default 0.5
        Share of the experiments that the forecast sees, in (0, 1).
    level : float, default 0.8
        Probability of the interval, in (0, 1).
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
    seen = int(log.n_experiments * share)
    rest = log.n_experiments - seen
    if seen < FEWEST or rest < 1:
        parts = (
            f"at least {FEWEST} of the log's {log.n_experiments} experiments to fit, and one more"
        )
        raise refuse("share", share, f"one that leaves {parts}")
    first = fit_log(log.first(seen), family=family, trim=trim)
    made = forecast(first, rest, drift=drift, n_draws=n_draws, seed=seed)
    return Backtest(made, float(abs(log.frontier[seen] - log.frontier[-1])), level)
