"""Exercises of the chapter on the update rule."""

import math
from itertools import pairwise

import numpy as np

from arbook.exercises._model import exercise


def _replay(values, wins):
    """Return statuses under a rule `wins(value, best)`."""
    best, found = values[0], []
    for value in values[1:]:
        found.append("crash" if math.isnan(value) else "keep" if wins(value, best) else "discard")
        best = value if found[-1] == "keep" else best
    return found


def _against_the_value_before(values):
    found = []
    for before, value in pairwise(values):
        found.append("crash" if math.isnan(value) else "keep" if value < before else "discard")
    return found


@exercise(
    title="Keep, discard, crash",
    minutes=10,
    statement="""
Write `statuses(values)`. It takes the metrics of a run, the baseline first and `nan` for a crash,
and returns a list with `"keep"`, `"discard"` or `"crash"` for every experiment.""",
    hints=(
        "A variant has to beat the incumbent. Which of all values so far is that?",
        "A comparison with nan is false, so a crash never becomes the incumbent by itself.",
    ),
    inputs=[
        ([1.0, 0.9],),
        ([1.0, 1.1],),
        ([1.0, 1.0],),
        ([1.0, math.nan, 0.9],),
        ([1.0, 1.2, 1.1, 0.9, 0.95, 0.93],),
        ([1.0, 0.98, 0.98, math.nan, 0.97, 0.99, 0.98, 0.96],),
    ],
    mistakes={
        "You compare with the value before. A variant has to beat the incumbent, the last value "
        "that was kept.": _against_the_value_before,
        "You keep ties. The rule is strict: an equal variant is a discard.": lambda values: _replay(
            values, lambda value, best: value <= best
        ),
        "You keep what is larger. The metric is a loss: lower is better.": lambda values: _replay(
            values, lambda value, best: value > best
        ),
        "You call a crash a discard. Nothing was learned about its value: it is a third "
        "outcome.": lambda values: [s.replace("crash", "discard") for s in statuses(values)],
        "Your list begins with the baseline. The baseline is not an experiment.": lambda values: [
            "keep",
            *statuses(values),
        ],
    },
)
def statuses(values):
    """Return a status for every value after the baseline."""
    best, found = values[0], []
    for value in values[1:]:
        crashed = math.isnan(value)
        better = value < best  # blank
        compared = "keep" if better else "discard"
        found.append("crash" if crashed else compared)
        best = value if better else best  # blank
    return found


@exercise(
    title="The rule as a fold",
    minutes=10,
    statement="""
Write `incumbent(values)`. It takes the metrics of a run, the baseline first and `nan` for a crash,
and returns the incumbent's metric after each row. One line of NumPy is enough. Then compare with
`log.frontier` of the run above.""",
    hints=(
        "`np.fmin` takes the smaller of two numbers and ignores nan.",
        "Every NumPy function of two arguments has a method `accumulate`.",
    ),
    inputs=[
        ([1.0, 0.9],),
        ([1.0, 0.9, 1.1],),
        ([1.0, math.nan, 0.9],),
        ([1.0, 0.98, 0.98, math.nan, 0.97, 0.99, 0.96],),
    ],
    mistakes={
        "You return the metrics themselves and forgot the minimum: the incumbent stays when a "
        "variant is worse.": lambda values: values,
        "From the first crash on your answer is nan. A crash changes nothing; `np.fmin` ignores "
        "nan, `np.minimum` does not.": lambda values: np.minimum.accumulate(values),
        "Your answer begins after the first experiment. Row 0 is the baseline, which is the first "
        "incumbent.": lambda values: incumbent(values)[1:],
        "You keep what is larger. The metric is a loss: lower is better.": (
            lambda values: np.fmax.accumulate(values)
        ),
        "You return the best value of the whole run. Wanted is the best so far, after each "
        "row.": lambda values: np.nanmin(values),
    },
    remark="""
On `log.value` it equals `log.frontier`. The rule is a running minimum, which is the subject of the
chapter on the frontier.""",
)
def incumbent(values):
    """Return the incumbent's metric after every measurement."""
    return np.fmin.accumulate(values)  # blank
