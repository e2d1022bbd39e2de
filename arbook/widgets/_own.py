"""Explorers of one run of the reader's, for a page about it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from arbook import logs
from arbook._numerics.validation import FloatArray, ParameterError
from arbook.model.run import RunLog
from arbook.widgets._base import Explorer, Guess, slider
from arbook.widgets._forecasts import LEVELS, described
from arbook.widgets._judged import learnt_at
from arbook.widgets._runs import numbers
from arbook.widgets.forecast import ForecastExplorer
from arbook.widgets.log import LogExplorer
from arbook.widgets.true_frontier import TrueFrontierExplorer

# Experiments that are forecast beyond the end, and draws of a forecast that is made with every row.
_AHEAD, _DRAWS = 50, 1000


def log_explorer(run: RunLog, noise: float | None) -> Explorer:
    """Return the explorer of what the log says."""
    if not run.n_experiments:
        raise ParameterError("run must have an experiment after the baseline, got none")
    own = {
        "name": run.source or "The run",
        "metric": run.metric,
        "unit": run.unit,
        "direction": run.direction,
        "value": _plain(run.value),
        "status": run.status.tolist(),
        "description": list(run.description),
    }

    class Own(LogExplorer):
        """What the reader's log says."""

        view = "log.js"
        run = slider(0, 0, 1, 1, words="run", more=True)
        part = slider(100, 10, 100, 5, words="part of the run", unit="%")
        bins = slider(5, 2, 10, 1, words="positions of the keep rate")
        presets = ()

        def load_data(self) -> dict[str, Any]:
            return {"runs": [], "own": own}

    return _without(Own(), "guess", "after")


def true_frontier_explorer(run: RunLog, noise: float | None) -> Explorer:
    """Return the explorer of the true frontier."""
    said = logs.verdict(run, noise=noise or "estimate")
    seen = logs.trace(run)
    keeps = int(seen.kept.sum())
    if not keeps:
        raise ParameterError("run must have a keep after the baseline, got none")
    scale = float(np.abs(seen.changes).mean()) or 1.0
    lowest, highest = (float(f"{scale * x:.2g}") for x in (0.003, 3))
    likely = float(f"{min(max(float(said.noise), lowest), highest):.3g}")
    noises = np.geomspace(lowest, highest, 11)
    interval = [x if math.isfinite(x) else highest for x in said.noise_interval]
    row = {
        **_named(run),
        "allowed": [float(f"{x:.2g}") for x in interval],
        **learnt_at(seen, noises),
    }
    unit = run.unit or run.metric
    choices = sorted({keeps, round(keeps / 2), round(keeps / 4)}, reverse=True)

    class Own(TrueFrontierExplorer):
        """The true frontier of the reader's run."""

        view = "true_frontier.js"
        noise = slider(likely, lowest, highest, 0.02, symbol="ν", words="noise", log=True)
        keep = slider(1, 1, max(keeps, 2), 1, words="chosen keep")
        start = slider(0, 0, 90, 10, words="start of the picture", unit="% of the run")
        run = slider(1, 1, 2, 1, words="run", more=True)
        presets = ()
        guess = Guess(
            text=f"The log has {keeps} keeps. How many are true improvements with 95 %?",
            because="That is what the log lets one believe, given this noise.",
            choices=tuple(map(str, choices)),
        )

        def load_data(self) -> dict[str, Any]:
            return {"noises": numbers(noises), "unit": unit, "runs": [row]}

    return _without(Own(), "after")


def forecast_explorer(run: RunLog, noise: float | None) -> Explorer:
    """Return the explorer of forecasts: what comes, and what parts of the run had foretold."""
    made = {"6": described(logs.forecast(run, _AHEAD, n_draws=_DRAWS), None)}
    for sixths in range(2, 6):
        test = logs.backtest(run, share=sixths / 6, n_draws=_DRAWS)
        made[str(sixths)] = described(test.forecast, test.truth)
    frontier = run._sign * run.frontier
    row = {
        **_named(run),
        "metric": run.metric,
        "frontier": numbers(np.where(np.isnan(frontier), run._sign * run.f0, frontier)),
        "kept": run.kept.tolist(),
        "forecasts": made,
    }

    class Own(ForecastExplorer):
        """A forecast of the reader's run, and those that its first parts would have given."""

        view = "forecast.js"
        run = slider(1, 1, 2, 1, words="run", more=True)
        sixths = slider(6, 2, 6, 1, words="part of the run seen, in sixths")
        level = slider(80, LEVELS[-1], LEVELS[0], 15, words="band of the forecast", unit="%")
        presets = ()

        def load_data(self) -> dict[str, Any]:
            return {"runs": [row], "levels": list(LEVELS)}

    return _without(Own(), "guess", "after")


def _without(explorer: Explorer, *questions: str) -> Explorer:
    """Return an explorer without questions that are about the book's runs."""
    explorer._spec = {**explorer._spec, **dict.fromkeys(questions)}
    return explorer


def _named(run: RunLog) -> dict[str, str]:
    turned = "" if run.direction == "min" else ", the metric’s sign turned"
    words = f"{run.n_experiments} experiments{turned}"
    return {"name": run.source or "the run", "searcher": words}


def _plain(values: FloatArray) -> list[float | None]:
    return [None if math.isnan(x) else x for x in numbers(values)]
