"""Exercises of the chapter on reading a run."""

import math

import numpy as np

from arbook.exercises._model import exercise


@exercise(
    title="The keep rate of a log",
    minutes=5,
    statement="""
Write `keep_rate(status)`. It takes the statuses of a log's rows, `"keep"`, `"discard"` or
`"crash"`; the first row is the baseline, and its status is `"keep"`. Return the share of
experiments that were kept.""",
    hints=(
        "Which rows are experiments? Rules 2 and 3 of the chapter say it.",
        "Cut the list first. What is left has one entry an experiment, and lists can `count`.",
    ),
    inputs=[
        (["keep", "keep", "discard"],),
        (["keep", "discard", "crash"],),
        (["keep", "keep", "crash", "discard", "keep", "discard"],),
        (["keep", "keep", "keep", "keep", "crash", "discard", "crash", "discard"],),
    ],
    mistakes={
        "You count the baseline, above and below. It is kept, but it is not an experiment.": (
            lambda status: status.count("keep") / len(status)
        ),
        "You count the baseline among the keeps.": (
            lambda status: status.count("keep") / (len(status) - 1)
        ),
        "You divide by the number of rows. One of them is the baseline, which is not an "
        "experiment.": lambda status: status[1:].count("keep") / len(status),
        "You left out the crashes. A crash is an experiment: it cost as much as the others.": (
            lambda status: status[1:].count("keep") / (len(status) - 1 - status.count("crash"))
        ),
        "That is the number of keeps, not their share.": lambda status: status[1:].count("keep"),
    },
)
def keep_rate(status):
    """Return the share of experiments that were kept."""
    experiments = status[1:]  # blank
    return experiments.count("keep") / len(experiments)  # blank


def _harmonic(n):
    return np.sum(1 / np.arange(1, n + 1))


@exercise(
    title="The law of records",
    minutes=10,
    statement="""
Write `my_expected_records(n)`, how many improvements luck alone brings among `n` variants. Then
count the records of a thousand shuffled lists and compare.""",
    hints=(
        "Variant $i$ improves if it is the smallest of all values so far. How many are there?",
        "The baseline is a value, too.",
    ),
    inputs=[(1,), (2,), (3,), (10,), (100,)],
    mistakes={
        "Off by one: you forgot that the baseline, too, was drawn. Variant i is the last of i + 1 "
        "values.": _harmonic,
        "You count the baseline as an improvement. It has nothing to improve on.": (
            lambda n: _harmonic(n + 1)
        ),
        "Off by one: your sum ends before the last variant.": lambda n: _harmonic(n) - 1,
        "You let every variant improve with probability ½, as a step without skill does. A fresh "
        "draw has to beat all values so far.": lambda n: n / 2,
        "ln n grows as it should, but is not the sum: for n = 1 it is 0, and the first variant "
        "improves half of the time.": lambda n: math.log(n),
        "A logarithm is the right growth, but not the sum.": lambda n: math.log(n + 1),
    },
)
def my_expected_records(n):
    """Return the improvements expected of n random variants."""
    i = np.arange(1, n + 1)
    chance = 1 / (i + 1)  # blank
    return np.sum(chance)  # blank
