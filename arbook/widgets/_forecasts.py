"""Forecasts of the shipped runs from their first parts, for the explorers of forecasts.

They take some ten seconds to compute, so they come with the package: ``python -m
arbook.widgets._forecasts`` writes the files, and a test makes them again.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from arbook import logs
from arbook._numerics.shipped import read_shipped, shipped_path
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

#: The night that the book opens with, and its experiments of which the cover's forecast knows.
NIGHT, OPENING = 1 + RUNS.index("h100-mar8"), 10

_POINTS = 20
_FILE, _OPENING_FILE = "forecasts.json", "opening.json"


def compute(run: int, share: float) -> dict[str, Any]:
    """Return the forecast of one run from its first part, and what happened.

    Parameters
    ----------
    run : int
        Number of the run, from 1.
    share : float
        Part of the run that the forecast sees.

    Returns
    -------
    dict
        As `described` returns it.
    """
    test = logs.backtest(load(run), share=share, population=None)
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
    found: dict[str, dict[str, Any]] = _read(_FILE)
    return found


@cache
def opening() -> dict[str, Any]:
    """Return the shipped forecast of the opening night from its first ten experiments."""
    found: dict[str, Any] = _read(_OPENING_FILE)
    return found


def compute_opening() -> dict[str, Any]:
    """Return the forecast of the opening night from its first ten experiments."""
    return compute(NIGHT, OPENING / load(NIGHT).n_experiments)


def _read(name: str) -> Any:
    return json.loads(read_shipped(name))


def write(folder: Path) -> None:
    """Compute all forecasts, and write them to two files of a folder."""
    made = {
        name: {str(sixths): compute(run, sixths / 6) for sixths in SIXTHS}
        for run, name in enumerate(RUNS, start=1)
    }
    for name, content in ((_FILE, made), (_OPENING_FILE, compute_opening())):
        text = json.dumps(content, separators=(",", ":"))
        folder.joinpath(name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(shipped_path(_FILE).parent)
