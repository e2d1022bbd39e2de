"""Make the atlas's file from a folder of figures: ``python -m arbook.runs.collecting FOLDER``.

The folder has ``index.tsv``, a row a run, and ``runs/`` with a table of metric and decision for
each. It is no part of the package; what was made of it is, in ``arbook/data/atlas.jsonl``.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from arbook._numerics.shipped import shipped_path
from arbook.model.run import RunLog
from arbook.runs.atlas import FILE, LETTERS, Source, line_of
from arbook.runs.inclusion import shortcomings
from arbook.runs.library import available_runs, index, load_run


def collect(folder: Path) -> list[str]:
    """Return the lines of the atlas's file: the runs of a folder that meet the rules."""
    known = [(load_run(name), name, index()[name]["repository"]) for name in available_runs()]
    counted: Counter[str] = Counter()
    lines = []
    for row in _table(folder / "index.tsv"):
        log = _log(folder / "runs" / row["file"], row["metric"], row["direction"])
        if shortcomings(log):
            continue
        repository = row["repository"]
        counted[repository] += 1
        name = f"{repository.replace('/', '-').lower()}-{counted[repository]}"
        for run, own_name, its in known:  # a run that has a name keeps it
            if its == repository and np.array_equal(run.value, log.value, equal_nan=True):
                name = own_name
        fields = ("commit", "path", "part", "licence", "kind", "agent")
        lines.append(line_of(log, Source(name, repository, **{f: row[f] for f in fields})))
    return lines


def _table(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _log(path: Path, metric: str, direction: str) -> RunLog:
    rows = _table(path)
    status = [row["status"] if row["status"] in LETTERS.values() else "other" for row in rows]
    value = np.array([float(row["metric_value"] or "nan") for row in rows])
    return RunLog(value=value, status=np.array(status), metric=metric, direction=direction)


def main(arguments: list[str]) -> int:
    """Write the file from the folder that the command line names."""
    if len(arguments) != 1 or not (folder := Path(arguments[0])).joinpath("index.tsv").exists():
        print("usage: python -m arbook.runs.collecting FOLDER, which has an index.tsv and runs/")
        return 2
    path = shipped_path(FILE)
    path.write_text("\n".join(collect(folder)) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
