"""Exercises of the chapter on programs."""

import math
from statistics import NormalDist

import numpy as np

from arbook.exercises._model import exercise


def _nights(gap, spread, chance):
    return 2 * (NormalDist().inv_cdf(chance) * spread / gap) ** 2


@exercise(
    title="How many nights?",
    minutes=10,
    statement="""
Two programs have expected areas that differ by `gap`; the area of one night has the standard
deviation `spread`. Write `nights_needed(gap, spread, chance)`, the smallest number of nights *each*
with which the mean area of the better program is ahead with the probability `chance`.""",
    hints=(
        "What are the mean and the variance of the difference of two means over $n$ nights?",
        "`NormalDist().inv_cdf(chance)` says how many standard deviations `gap` has to be. Then "
        "solve for $n$.",
    ),
    inputs=[(1.0, 1.0, 0.9), (0.05, 0.2, 0.95), (0.3, 1.0, 0.99), (0.5, 2.0, 0.8)],
    mistakes={
        "You count the noise of one program. Both means are noisy: the difference has the variance "
        "2s²/n.": lambda gap, spread, chance: math.ceil(_nights(gap, spread, chance) / 2),
        "You forgot the square: the spread of a mean falls like 1/√n.": (
            lambda gap, spread, chance: math.ceil(_nights(gap, spread, chance) ** 0.5)
        ),
        "Round up: a night is run in full.": _nights,
        "You rounded down. One night fewer is not enough.": (
            lambda gap, spread, chance: math.floor(_nights(gap, spread, chance))
        ),
        "That is a two-sided test. The question has one side: the better program is ahead, or it "
        "is not.": lambda gap, spread, chance: nights_needed(gap, spread, (1 + chance) / 2),
        "spread is a standard deviation, not a variance: square it.": (
            lambda gap, spread, chance: math.ceil(_nights(gap, spread, chance) / spread)
        ),
    },
)
def nights_needed(gap, spread, chance):
    """Return how many nights each program has to run."""
    z = NormalDist().inv_cdf(chance)
    n = 2 * (z * spread / gap) ** 2  # blank
    return math.ceil(n)


@exercise(
    title="The winner's report",
    minutes=10,
    statement="""
Each row of `areas` is a contest: the measured areas of all programs, one a column; `truth[i]` is
the expected area of program $i$. The program with the largest area wins its contest. Write
`winners_bias(areas, truth)`: by how much winners' measured areas exceed their own expected areas,
on average over the contests. Try it on the contests above.""",
    hints=(
        "`areas.argmax(axis=1)` names the winner of each contest.",
        "An array can be indexed by an array.",
    ),
    inputs=[
        (np.array([[1.0, 2.0], [2.0, 3.0], [3.0, 1.0]]), np.array([1.0, 1.5])),
        (np.array([[9.0, 12.0, 8.0], [10.0, 7.5, 8.0], [11.0, 9.0, 13.0]]), np.array([10, 9, 8.5])),
    ],
    mistakes={
        "You compare with the best program's expectation. The winner need not be the best program: "
        "compare with its own.": lambda areas, truth: np.mean(areas.max(axis=1)) - np.max(truth),
        "You compare with the average program's expectation. Compare with the winner's own.": (
            lambda areas, truth: np.mean(areas.max(axis=1)) - np.mean(truth)
        ),
        "You average over all programs. The bias comes from choosing: look at winners only.": (
            lambda areas, truth: np.mean(areas - truth)
        ),
        "The sign is wrong: measured minus expected.": (
            lambda areas, truth: -winners_bias(areas, truth)
        ),
        "You chose the program that wins most contests, or has the best mean. Each contest has its "
        "own winner.": lambda areas, truth: (areas - truth)[:, areas.mean(axis=0).argmax()].mean(),
        "That is what the winners measured. Subtract what was to be expected of them.": (
            lambda areas, truth: np.mean(areas.max(axis=1))
        ),
    },
    remark="On the contests of the chapter, with `truth` 10.12 and seven times 9.20, it is about "
    "2.9: the winner's curse.",
)
def winners_bias(areas, truth):
    """Return the winners' mean measured minus expected area."""
    winner = areas.argmax(axis=1)
    measured = areas.max(axis=1)
    expected = truth[winner]  # blank
    return np.mean(measured - expected)  # blank
