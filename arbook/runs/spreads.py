"""Runs that were repeated with nothing changed: how much nights differ."""

from __future__ import annotations

import re

import numpy as np

from arbook._numerics.validation import FloatArray
from arbook.model.run import RunLog
from arbook.runs.atlas import atlas, sources
from arbook.runs.contest import contest

# The number of a run in a path: run_3, run3, _r3.
_NUMBER = re.compile(r"(run_?|_r)\d+")

# Fewer runs than these show no spread to speak of.
_FEWEST = 3


def repeated_runs() -> dict[str, FloatArray]:
    """Return gains of public runs that were made three times or more with nothing changed.

    Returns
    -------
    dict of str to ndarray
        By group, the gain of each run after as many experiments as the shortest made, in the unit
        of the group's metric. Groups of the atlas are logs whose paths differ in a run's number
        alone; the others are the methods of `contest`.

    See Also
    --------
    sixty_runs : Twenty runs of each of three models.

    Examples
    --------
    >>> groups = repeated_runs()
    >>> len(groups), sum(gain.size for gain in groups.values())
    (21, 67)
    >>> groups["ewijaya/autoresearch-mol results/nlp/run/results.tsv"].round(3)
    array([0.034, 0.025, 0.038, 0.031, 0.021])
    """
    found: dict[str, list[RunLog]] = {}
    for source, run in zip(sources().values(), atlas(), strict=True):
        if _NUMBER.search(source.path):
            place = _NUMBER.sub(lambda number: number[1].rstrip("_"), source.path)
            found.setdefault(f"{source.repository} {place}", []).append(run)
    found.update({method: [*runs] for method, runs in contest().items()})
    return {name: _gains(runs) for name, runs in sorted(found.items()) if len(runs) >= _FEWEST}


def _gains(runs: list[RunLog]) -> FloatArray:
    shortest = min(run.n_experiments for run in runs)
    return np.array([run.first(shortest).gain for run in runs])
