"""Explorer of the chapter on forecasts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from arbook.model.run import RunLog
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider
from arbook.widgets._forecasts import LEVELS, SIXTHS, forecasts
from arbook.widgets._runs import RUNS, load, numbers, searcher, significant, unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def _run_data(run: int) -> dict[str, Any]:
    log, name = load(run), RUNS[run - 1]
    return {
        "name": name,
        "searcher": searcher(run),
        "metric": log.metric,
        "frontier": numbers(log.frontier),
        "kept": [bool(kept) for kept in log.kept],
        "forecasts": forecasts()[name],
    }


@cache
def _all_data() -> dict[str, Any]:
    return {"runs": [_run_data(run) for run in range(1, len(RUNS) + 1)], "levels": list(LEVELS)}


class ForecastExplorer(Explorer):
    """The first part of a real run, a bet on the rest, the forecast, and what happened.

    Parameters
    ----------
    run : int
        Number of the run in `arbook.logs.available_runs`, from 1.
    sixths : int
        Part of the run that is seen, in sixths: 2, 3 or 4.
    level : int
        Coverage of the band in per cent: 50, 65, 80 or 95.

    Examples
    --------
    >>> explorer = ForecastExplorer(run=1, level=80)
    >>> explorer.interval()
    (1.0647e-05, 0.0029681)
    """

    name = "forecast"
    title = "Forecast explorer"
    view = "forecast.js"

    run = slider(1, 1, len(RUNS), 1, symbol="", words="run, in the order of the buttons", more=True)
    sixths = slider(3, SIXTHS[0], SIXTHS[-1], 1, symbol="", words="part of the run seen, in sixths")
    level = slider(80, LEVELS[-1], LEVELS[0], 15, symbol="", words="band of the forecast", unit="%")

    presets = tuple(
        Preset(name, {"run": run}, f"The first part of {name}; you bet on the rest.")
        for run, name in enumerate(RUNS, start=1)
    )
    guess = Guess(
        text=(
            "h100-mar8 improved its metric by 0.0252 bits per byte in 62 experiments. It goes on "
            "for another 63. How much more will it gain?"
        ),
        because=(
            "One number is hardly ever right, and says nothing of how sure you are. For the other "
            "runs commit to an interval."
        ),
        unit="bits per byte",
        digits=4,
        example="0.005",
    )
    after = Question(
        text="Open all seven runs at 80 %. How many truths lie in the band? Should it be seven?",
        answer=(
            "Five. Of honest 80 % bands one in five misses, so one or two of seven should. Bands "
            "that always hold the truth are too wide to be of use: try 95 %."
        ),
    )
    first_seed = None

    def load_data(self) -> Mapping[str, Any]:
        """Return the runs and their forecasts."""
        return _all_data()

    def _rows(self) -> tuple[int, int]:
        """Return the rows of the quantiles that are the band's ends."""
        nearest = min(range(len(LEVELS)), key=lambda i: abs(LEVELS[i] - self.level))
        return nearest, 2 * len(LEVELS) - nearest

    def _forecast(self) -> dict[str, Any]:
        found: dict[str, Any] = forecasts()[RUNS[self.run - 1]][str(self.sixths)]
        return found

    def log(self) -> RunLog:
        """Return the whole run."""
        return load(self.run)

    def n_seen(self) -> int:
        """Return the number of experiments that the forecast sees."""
        return int(self._forecast()["seen"])

    def interval(self) -> tuple[float, float]:
        """Return the ends of the band for the further gain of the whole rest of the run."""
        low, high = (self._forecast()["quantiles"][row][-1] for row in self._rows())
        return low, high

    def draw_still(self, figure: Figure) -> None:
        """Draw the part that is seen, the forecast, and what happened."""
        log, made, seen = self.log(), self._forecast(), self.n_seen()
        start = float(log.frontier[seen])
        at = np.concatenate([[seen], seen + np.array(made["at"])])
        low, middle, high = (
            start - np.concatenate([[0.0], made["quantiles"][row]])
            for row in (self._rows()[0], len(LEVELS), self._rows()[1])
        )
        axes = figure.subplots()
        axes.fill_between(at, low, high, color="#d55e00", alpha=0.2, lw=0, label=self._band())
        axes.plot(at, middle, color="#d55e00", lw=2, label="median forecast")
        t = log.experiment
        axes.step(t[: seen + 1], log.frontier[: seen + 1], where="post", color="#0072b2", lw=2)
        axes.step(
            t[seen:],
            log.frontier[seen:],
            where="post",
            color="0.15",
            ls="--",
            label="what happened",
        )
        axes.axvline(seen, color="0.5", lw=0.8)
        axes.set(xlabel="experiments", ylabel=f"frontier, {unit(log.metric)}")
        axes.set_xlim(0, log.n_experiments)
        axes.legend(frameon=False)

    def _band(self) -> str:
        return f"{LEVELS[self._rows()[0]]} % of forecasts"

    def describe_still(self) -> str:
        """Say what the picture shows."""
        log, made = self.log(), self._forecast()
        (low, high), truth = self.interval(), made["truth"]
        where = "inside" if low <= truth <= high else "outside"
        return (
            f"The frontier of {RUNS[self.run - 1]} over its first {self.n_seen()} of "
            f"{log.n_experiments} experiments, and a band that opens downwards from there: "
            f"{self._band()} of the further gain lie between {significant(low)} and "
            f"{significant(high)} {unit(log.metric)}, the median is "
            f"{significant(made['quantiles'][len(LEVELS)][-1])}. The run gained "
            f"{significant(truth)}, {where} the band."
        )
