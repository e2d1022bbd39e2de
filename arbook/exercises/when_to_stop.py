"""Exercises of the chapter on stopping."""

import numpy as np

from arbook.exercises._model import exercise


@exercise(
    title="Where it ceases to pay",
    minutes=10,
    statement="""
`gains[t]` is what experiment $t$ is expected to gain, and falls with $t$; the array is long enough.
An experiment costs `cost`, and an improvement of one unit is worth `value`. Write
`best_stop(gains, cost, value)`, the number of experiments with the largest expected profit.""",
    hints=(
        "What does experiment $t$ bring in money, and when is that more than it costs?",
        "The gains fall: count the experiments that pay.",
    ),
    inputs=[
        (np.array([0.4, 0.2, 0.1, 0.05]), 3.0, 20.0),
        (np.array([0.4, 0.2, 0.1, 0.05]), 1.0, 1.0),
        (np.array([0.3, 0.25, 0.05, 0.04, 0.01]), 2.0, 10.0),
        (0.01 * 0.97 ** np.arange(200), 0.5, 100.0),
    ],
    mistakes={
        "Money per unit times units is money: multiply the gains by the value, and do not divide "
        "by it.": lambda gains, cost, value: int(np.sum(gains / value > cost)),
        "You asked when the whole run has lost money. Stop at the first experiment that does not "
        "pay for itself.": lambda gains, cost, value: int(
            np.sum(np.cumsum(value * gains - cost) > 0)
        ),
        "That is the number of the last experiment that pays, counted from 0. It is made, too: one "
        "more.": lambda gains, cost, value: best_stop(gains, cost, value) - 1,
        "You gain most by never stopping. Wanted is the largest profit.": (
            lambda gains, cost, value: len(gains)
        ),
    },
    remark="Nothing else is needed: under the model what a run has gained so far does not enter.",
)
def best_stop(gains, cost, value):
    """Return the length with the largest expected profit."""
    pays = value * gains > cost  # blank
    return int(np.sum(pays))


def _after(gains, patience, late=0, ever=False):
    failures = 0
    for t, gain in enumerate(gains):
        failures = 0 if gain > 0 and not ever else failures + (gain <= 0)
        if failures == patience:
            return float(sum(gains[t + 1 + late :]))
    return 0.0


@exercise(
    title="What patience gave away",
    minutes=15,
    statement="""
`gains[t]` is what experiment $t$ of a finished run improved, 0 for a failure. The run would have
been stopped after `patience` failures in a row. Write `given_away(gains, patience)`, the share of
the run's gain that came later; 0 if the rule would not have stopped it.""",
    hints=(
        "Count failures; what does an improvement do to the count?",
        "When the count reaches `patience`, add up what comes after that experiment.",
    ),
    inputs=[
        ([2.0, 0.0, 0.0, 1.0, 1.0], 2),
        ([2.0, 0.0, 1.0, 0.0, 1.0], 2),
        ([1.0, 0.0, 0.0, 0.0, 3.0, 0.0], 2),
        ([0.0, 0.0, 0.0, 5.0], 3),
        ([1.0, 0.0, 2.0, 0.0, 0.0, 0.0, 1.0, 0.0, 4.0], 3),
    ],
    mistakes={
        "You counted all failures. An improvement begins the streak anew.": (
            lambda gains, patience: _after(gains, patience, ever=True) / sum(gains)
        ),
        "You waited for one failure too many.": lambda gains, patience: (
            _after(gains, patience + 1) / sum(gains)
        ),
        "That is the share the run had by then. Wanted is what came later.": (
            lambda gains, patience: 1 - given_away(gains, patience)
        ),
        "That is a gain. Divide it by that of the run.": lambda gains, patience: _after(
            gains, patience
        ),
        "You left out the experiment after the last failure: it would no longer have been made.": (
            lambda gains, patience: _after(gains, patience, late=1) / sum(gains)
        ),
    },
)
def given_away(gains, patience):
    """Return the share of the gain that patience gives away."""
    failures = 0
    for t, gain in enumerate(gains):
        failures = 0 if gain > 0 else failures + 1  # blank
        if failures == patience:
            return sum(gains[t + 1 :]) / sum(gains)  # blank
    return 0.0
