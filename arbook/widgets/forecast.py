"""Explorer of the chapter on forecasts."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from arbook.widgets._base import Explorer, Guess, Preset, Question, slider
from arbook.widgets._forecasts import LEVELS, SIXTHS, forecasts
from arbook.widgets._runs import RUNS, load, numbers, searcher


@cache
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


class ForecastExplorer(Explorer):
    """The first part of a real run, a bet on the rest, the forecast, and what happened."""

    name = "forecast"
    title = "Forecast explorer"
    view = "forecast.js"

    run = slider(1, 1, len(RUNS), 1, words="run, in the order of the buttons", more=True)
    sixths = slider(3, SIXTHS[0], SIXTHS[-1], 1, words="part of the run seen, in sixths")
    level = slider(80, LEVELS[-1], LEVELS[0], 15, words="band of the forecast", unit="%")

    presets = tuple(
        Preset(name, {"run": run}, f"The first part of {name}; you bet on the rest.")
        for run, name in enumerate(RUNS, start=1)
    )
    untouched = "sixths", "level"
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
        return {"runs": [_run_data(run) for run in range(1, len(RUNS) + 1)], "levels": list(LEVELS)}
