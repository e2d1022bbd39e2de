"""Explorer of the chapter on reading runs."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from arbook.widgets._base import Explorer, Guess, Preset, Question, slider
from arbook.widgets._runs import RUNS, load, numbers, searcher

#: Runs are shown under letters until the reader has said which one is random search.
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(RUNS)])


@cache
def _run_data(run: int) -> dict[str, Any]:
    log = load(run)
    value = [None if np.isnan(x) else x for x in numbers(log.value)]
    return {
        "name": RUNS[run - 1],
        "searcher": searcher(run),
        "metric": log.metric,
        "direction": log.direction,
        "value": value,
        "status": [str(status) for status in log.status],
    }


class LogExplorer(Explorer):
    """What a log says: frontier, gain area, keep rate by position; also of the reader's own log.

    On the page a reader opens a ``results.tsv`` with a file picker or drops it. It is read there by
    the twin of `arbook.logs.read_log`, and goes nowhere.
    """

    name = "log"
    title = "Log explorer"
    view = "log.js"

    run = slider(
        1, 0, len(RUNS), 1, words="run, in the order of the buttons; 0: your own", more=True
    )
    part = slider(100, 10, 100, 5, words="part of the run", unit="%")
    bins = slider(5, 2, 10, 1, words="positions of the keep rate")

    presets = tuple(
        Preset(f"Run {letter}", {"run": run}, "One of the runs that come with the book.")
        for run, letter in enumerate(LETTERS, start=1)
    )
    untouched = "part", "bins"
    guess = Guess(
        text=(
            "An agent without a thought draws 100 variants at random from one urn, and keeps the "
            "best so far. The baseline is from the same urn. How many improvements do you expect?"
        ),
        because=(
            "The i-th draw is the best of i + 1 with probability 1/(i + 1), and these add up to "
            "4.2. Now look for the run below that drew at random."
        ),
        choices=("50", "10", "4"),
    )
    after = Question(
        text="Move the part of the run from 35 to 100 %. Which number hardly moves, in most runs?",
        answer=(
            "The gain: in four of the seven runs a third of the experiments brings nine tenths of "
            "it. What a late experiment buys is seldom more than its own row in the log."
        ),
    )
    first_seed = None

    def load_data(self) -> Mapping[str, Any]:
        """Return the shipped runs."""
        return {"runs": [_run_data(run) for run in range(1, len(RUNS) + 1)]}
