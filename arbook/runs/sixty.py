"""Sixty published runs of one task: ``python -m arbook.runs.sixty TABLE`` makes the file.

The table, a row a run with model, experiments, best_eval_auc and holdout_auc, is no part of the
package; these numbers are, in ``arbook/data/sixty.jsonl``, a line a model.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

from arbook._numerics.shipped import read_shipped, shipped_path
from arbook._numerics.validation import FloatArray, IntArray

FILE = "sixty.jsonl"

#: Where the runs come from, and what the program scores from which each of them starts.
SOURCE = "szilard/xgboost-autoresearch3-paper@35677a6"
BASELINE = 0.6725


class ModelNights(NamedTuple):
    """Runs of one model on one task, an hour each.

    Parameters
    ----------
    experiments : ndarray of int, shape (n,)
        Experiments of each run.
    validation : ndarray, shape (n,)
        Validation score of the program that each run ended with, as the model saw it.
    holdout : ndarray, shape (n,)
        Score of that program on data that the model never saw.

    See Also
    --------
    sixty_runs : Reads them.

    Examples
    --------
    >>> nights = sixty_runs()["gpt-6-sol"]
    >>> round(float(nights.holdout.mean()), 4), round(float(nights.holdout.std(ddof=1)), 4)
    (0.6842, 0.0018)
    """

    experiments: IntArray
    validation: FloatArray
    holdout: FloatArray


def sixty_runs() -> dict[str, ModelNights]:
    """Return twenty runs of each of three models on one task.

    Returns
    -------
    dict of str to ModelNights
        By model, the best first. Scores are areas under the curve (larger is better) of programs
        that predict late flights; all runs begin with the same program, which has 0.6725.

    See Also
    --------
    repeated_runs : Runs of other tasks that were repeated, too.

    Examples
    --------
    >>> {model: nights.holdout.size for model, nights in sixty_runs().items()}
    {'gpt-6-astra': 20, 'gpt-6-sol': 20, 'gpt-6-luna': 20}
    """
    text = read_shipped(FILE)
    rows = (json.loads(line) for line in text.splitlines())
    return {
        row["model"]: ModelNights(*(np.array(row[name]) for name in ModelNights._fields))
        for row in rows
    }


def lines(table: Path) -> list[str]:
    """Return the lines of the file: model, and what is known of its runs, in their order."""
    with open(table, encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(line for line in file if not line.startswith("#"))]
    made = []
    for model in dict.fromkeys(row["model"] for row in rows):
        own = [row for row in rows if row["model"] == model]
        numbers = {
            "model": model,
            "experiments": [int(row["experiments"]) for row in own],
            "validation": [float(row["best_eval_auc"]) for row in own],
            "holdout": [float(row["holdout_auc"]) for row in own],
        }
        made.append(json.dumps(numbers, separators=(",", ":")))
    return made


def main(arguments: list[str]) -> int:
    """Write the file from the table that the command line names."""
    if len(arguments) != 1 or not (table := Path(arguments[0])).is_file():
        print("usage: python -m arbook.runs.sixty TABLE, with model, experiments, best_eval_auc "
              "and holdout_auc")  # fmt: skip
        return 2
    path = shipped_path(FILE)
    path.write_text("\n".join(lines(table)) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
