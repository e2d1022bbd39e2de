"""Forecasts of the shipped runs from their first parts, for the explorer of forecasts.

They take some ten seconds to compute, so they come with the package: ``python -m
arbook.widgets._forecasts`` writes the file, and a test makes them again.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from arbook import logs
from arbook.widgets._runs import RUNS, load

#: The parts of a run that are seen, in sixths: a third, a half, two thirds.
SIXTHS = (2, 3, 4)

#: Coverage of the bands in per cent.
LEVELS = (95, 80, 65, 50)

#: Probabilities of the quantiles: lower ends, the median, upper ends.
PROBABILITIES = tuple(
    [(1 - level / 100) / 2 for level in LEVELS]
    + [0.5]
    + [(1 + level / 100) / 2 for level in LEVELS[::-1]]
)

_POINTS = 20
_FILE = "forecasts.json"


def compute(run: int, sixths: int) -> dict[str, Any]:
    """Return the forecast of one run from its first part, and what happened.

    Parameters
    ----------
    run : int
        Number of the run, from 1.
    sixths : int
        Part of the run that the forecast sees.

    Returns
    -------
    dict
        As `described` returns it.
    """
    test = logs.backtest(load(run), share=sixths / 6, population=None)
    return described(test.forecast, test.truth)


def described(made: logs.Forecast, truth: float | None) -> dict[str, Any]:
    """Return a forecast for the page, and what happened, where that is known.

    Parameters
    ----------
    made : arbook.logs.Forecast
        The forecast.
    truth : float or None
        The gain that came.

    Returns
    -------
    dict
        ``seen`` experiments; ``at`` further ones the ``quantiles`` of the further gain, a row for
        each of `PROBABILITIES`; the probability ``none`` of no gain; and the ``truth``.
    """
    points = np.unique(np.linspace(0, made.at.size - 1, _POINTS).round().astype(int))
    quantiles = np.quantile(made.path[:, points], PROBABILITIES, axis=0)
    return {
        "seen": made.log.n_experiments,
        "at": made.at[points].tolist(),
        "quantiles": [[_short(value) for value in row] for row in quantiles],
        "none": made.no_improvement,
        "truth": None if truth is None else _short(truth, 10),
    }


def _short(value: float, digits: int = 5) -> float:
    return float(f"{value:.{digits}g}")


@cache
def forecasts() -> dict[str, dict[str, Any]]:
    """Return the shipped forecasts: by name of the run, then by sixths (as text)."""
    text = resources.files("arbook").joinpath("data", _FILE).read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = json.loads(text)
    return found


def write(path: Path) -> None:
    """Compute all forecasts, and write them to a file."""
    made = {
        name: {str(sixths): compute(run, sixths) for sixths in SIXTHS}
        for run, name in enumerate(RUNS, start=1)
    }
    path.write_text(json.dumps(made, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(__file__).parents[1] / "data" / _FILE)
