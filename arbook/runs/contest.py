"""Nine ways of searching on one task: ``python -m arbook.runs.contest TABLE`` makes the file.

The table, of trials with method, seed, success and value, is no part of the package; its values
are, in ``arbook/data/contest.jsonl``, a line a run.
"""

from __future__ import annotations

import csv
import json
import sys
from functools import cache
from itertools import groupby
from pathlib import Path

import numpy as np

from arbook._numerics.shipped import read_shipped, shipped_path
from arbook.model.rule import keep
from arbook.model.run import RunLog

FILE = "contest.jsonl"

#: Where the trials come from.
SOURCE = "ferreirafabio/autoresearch-automl@2959c3c"


def contest() -> dict[str, tuple[RunLog, ...]]:
    """Return runs of nine ways of searching on one task, three of each.

    Returns
    -------
    dict of str to tuple of RunLog
        By method. Every run begins at the same program, which was measured anew for each, and its
        experiments take five minutes on the same machine; what is best so far is kept.

    See Also
    --------
    atlas : Runs that people published, each of a task of its own.

    Examples
    --------
    >>> runs = contest()
    >>> len(runs), sum(run.n_experiments for each in runs.values() for run in each)
    (9, 11145)
    """
    found: dict[str, tuple[RunLog, ...]] = {}
    for method, seed, value in _rows():
        found[method] = (*found.get(method, ()), _log(method, seed, value))
    return found


@cache
def _rows() -> tuple[tuple[str, int, list[float | None]], ...]:
    text = read_shipped(FILE)
    rows = (json.loads(line) for line in text.splitlines())
    return tuple((row["method"], row["seed"], row["value"]) for row in rows)


def _log(method: str, seed: int, measured: list[float | None]) -> RunLog:
    """Return the run of these values, None where a trial crashed."""
    value = np.array([np.nan if x is None else x for x in measured])
    status, best = [], np.inf
    for x in value.tolist():
        if x != x:
            status.append("crash")
        elif keep(x, best):
            status.append("keep")
            best = x
        else:
            status.append("discard")
    where = f"{method} {seed}, {SOURCE}"
    return RunLog(value=value, status=np.array(status), metric="val_bpb", source=where)


def lines(table: Path) -> list[str]:
    """Return the lines of the file: method, seed, and the value of each trial in its order."""
    with open(table, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))

    def run(row: dict[str, str]) -> tuple[str, int]:
        return row["method"], int(row["seed"])

    made = []
    for (method, seed), trials in groupby(sorted(rows, key=run), run):
        ordered = sorted(trials, key=lambda row: int(row["trial"]))
        value = [float(row["val_bpb"]) if row["success"] == "1" else None for row in ordered]
        numbers = {"method": method, "seed": seed, "value": value}
        made.append(json.dumps(numbers, separators=(",", ":")))
    return made


def main(arguments: list[str]) -> int:
    """Write the file from the table that the command line names."""
    if len(arguments) != 1 or not (table := Path(arguments[0])).is_file():
        print("usage: python -m arbook.runs.contest TABLE, with method, seed, trial and val_bpb")
        return 2
    path = shipped_path(FILE)
    path.write_text("\n".join(lines(table)) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
