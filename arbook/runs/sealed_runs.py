"""Runs whose every keep was also measured on sealed tests: ``python -m arbook.runs.sealed_runs``.

The tables, a file a run, are no part of the package; the values of their keeps are, in
``arbook/data/sealed.json``.
"""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from arbook._numerics.shipped import read_shipped, shipped_path
from arbook._numerics.validation import FloatArray

FILE = "sealed.json"

#: Where the values come from.
SOURCE = "szilard/xgboost-autoresearch@ab30064"

# What decided, the test of the same year, and that of the next.
_COLUMNS = ("cv_auc", "test_auc_2005s2_full", "test_auc_2006_full")


@dataclass(frozen=True, eq=False)
class SealedRun:
    """A run whose keeps were measured on tests that decided nothing; row 0 is the baseline.

    Parameters
    ----------
    name : str
        Name of the run in its repository.
    n_experiments : int
        Experiments up to its last keep that was tested.
    seen, same_year, next_year : ndarray, shape (k + 1,)
        Area under the curve of baseline and k keeps, higher is better: by the cross-validation that
        decided, on a test from the same year, and on one from the next.

    See Also
    --------
    sealed_runs : Makes them.

    Examples
    --------
    >>> run = sealed_runs()[0]
    >>> run.seen.size == run.same_year.size == run.next_year.size
    True
    """

    name: str
    n_experiments: int
    seen: FloatArray
    same_year: FloatArray
    next_year: FloatArray

    @property
    def shares(self) -> tuple[float, float]:
        """Share of the seen gain that the test of the same year, and of the next, confirms."""
        gains = [float(x[-1] - x[0]) for x in (self.seen, self.same_year, self.next_year)]
        return gains[1] / gains[0], gains[2] / gains[0]


@cache
def sealed_runs() -> tuple[SealedRun, ...]:
    """Return runs of agents that tuned boosted trees, with the tests that they never saw.

    Returns
    -------
    tuple of SealedRun
        All of one repository, task and baseline.

    See Also
    --------
    sealed : What one sealed test says of a run.

    Examples
    --------
    >>> shares = np.array([run.shares for run in sealed_runs()])
    >>> len(shares), np.median(shares, axis=0).round(2)
    (13, array([1.13, 0.32]))
    """
    text = read_shipped(FILE)
    return tuple(
        SealedRun(name, n, *np.array(values).T) for name, n, values in json.loads(text)["runs"]
    )


def rows_of(folder: Path) -> list[tuple[str, int, list[list[float]]]]:
    """Return name, experiments, and the values of baseline and keeps of each run in a folder.

    Runs that decided by a test itself are left out, and those that tested their baseline only.
    """
    made = []
    for path in sorted(folder.glob("*.tsv")):
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        if _COLUMNS[0] not in rows[0]:
            continue
        kept = [
            (i, [float(row[name]) for name in _COLUMNS])
            for i, row in enumerate(rows)
            if row["status"] == "keep" and all(_number(row[name]) for name in _COLUMNS)
        ]
        values = [value for _, value in kept]
        if len({same for _, same, _ in values}) > 1:
            made.append((path.stem, kept[-1][0] - kept[0][0], values))
    return made


def _number(text: str) -> bool:
    try:
        return 0.5 < float(text) < 1
    except ValueError:
        return False


def main(arguments: list[str]) -> int:
    """Write the file from the folder of tables that the command line names."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print(
            "usage: python -m arbook.runs.sealed_runs FOLDER, of tables with " + ", ".join(_COLUMNS)
        )
        return 2
    made = {"source": SOURCE, "runs": rows_of(Path(arguments[0]))}
    path = shipped_path(FILE)
    path.write_text(json.dumps(made, separators=(",", ":")) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
