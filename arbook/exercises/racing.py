"""Exercises of the chapter on racing."""

import numpy as np

from arbook.exercises._model import exercise


def _margin(variance, n, rivals, indifference, error):
    return variance / indifference * (n - 1) / 4 * ((rivals / error) ** (2 / (n - 1)) - 1)


@exercise(
    title="By how much to trail",
    minutes=15,
    statement="""
`first` and `second` hold the values of two programs in their first runs, run for run, of a race
among `n_programs`. Write `pair_margin(first, second, n_programs, indifference, error)`, by how much
one's sum must trail the other's to be dropped. Compare with `arbook.programs.race_margin`.""",
    hints=(
        "The law wants the variance of the differences, not that of the values.",
        "A variance estimated from $n_0$ numbers divides by $n_0 - 1$: `ddof=1`. How many rivals "
        "has a program?",
    ),
    inputs=[
        (np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 3.0]), 2, 1.0, 0.05),
        (np.array([9.1, 8.0, 10.5, 9.7]), np.array([8.8, 9.0, 9.5, 9.9]), 8, 0.92, 0.05),
        (np.array([0.2, 0.1, 0.4, 0.3, 0.6]), np.array([0.3, 0.3, 0.2, 0.1, 0.2]), 4, 0.5, 0.1),
    ],
    mistakes={
        "You divided by n₀. A variance from a sample divides by n₀ − 1: ddof=1.": (
            lambda first, second, n_programs, indifference, error: _margin(
                (first - second).var(), first.size, n_programs - 1, indifference, error
            )
        ),
        "You added the variances of both. One run's values may share their luck: take the variance "
        "of the differences.": lambda first, second, n_programs, indifference, error: _margin(
            first.var(ddof=1) + second.var(ddof=1),
            first.size,
            n_programs - 1,
            indifference,
            error,
        ),
        "A program has one rival fewer than there are programs.": (
            lambda first, second, n_programs, indifference, error: _margin(
                (first - second).var(ddof=1), first.size, n_programs, indifference, error
            )
        ),
        "That is a standard deviation. The law has the variance.": (
            lambda first, second, n_programs, indifference, error: _margin(
                (first - second).std(ddof=1), first.size, n_programs - 1, indifference, error
            )
        ),
        "That is the margin if the variance were known. It was estimated from few runs.": (
            lambda first, second, n_programs, indifference, error: (
                (first - second).var(ddof=1) / indifference * np.log((n_programs - 1) / error) / 2
            )
        ),
    },
)
def pair_margin(first, second, n_programs, indifference, error):
    """Return by how much a sum must trail to be dropped."""
    n = first.size
    variance = np.var(first - second, ddof=1)  # blank
    bracket = ((n_programs - 1) / error) ** (2 / (n - 1)) - 1  # blank
    return variance / indifference * (n - 1) / 4 * bracket


@exercise(
    title="Who stays?",
    minutes=15,
    statement="""
All programs that are still in a race have had the same number of runs. `totals[i]` is the sum of
program $i$'s values, and `margins[i, j]` by how much its sum must trail that of program $j$ for $i$
to be dropped. Write `survivors(totals, margins)`, the list of the programs that stay.""",
    hints=(
        "How far does program $i$ trail program $j$? Make a table of it, or two loops.",
        "One rival is enough to be dropped.",
    ),
    inputs=[
        (np.array([10.0, 8.0, 5.0]), np.full((3, 3), 3.0)),
        (np.array([4.0, 9.0, 8.5, 7.0]), np.full((4, 4), 1.0)),
        (
            np.array([10.0, 9.0, 6.0]),
            np.array([[0.0, 9.0, 2.0], [9.0, 0.0, 9.0], [9.0, 1.0, 0.0]]),
        ),
    ],
    mistakes={
        "You keep the leader only. Who trails by less than a margin stays, too.": (
            lambda totals, margins: [int(np.argmax(totals))]
        ),
        "You compare with the leader only. A rival whose difference is less noisy has a smaller "
        "margin, and may drop a program that the leader cannot.": lambda totals, margins: [
            i
            for i in range(totals.size)
            if totals.max() - totals[i] <= margins[i, int(np.argmax(totals))]
        ],
        "Those are the programs that are dropped.": lambda totals, margins: [
            i for i in range(totals.size) if i not in survivors(totals, margins)
        ],
        "You drop a program only if it trails all the others. One is enough.": (
            lambda totals, margins: [
                i
                for i in range(totals.size)
                if any(totals[j] - totals[i] <= margins[i, j] for j in range(totals.size) if j != i)
            ]
        ),
        "The sign is wrong: you drop those that lead.": lambda totals, margins: [
            i
            for i in range(totals.size)
            if not any(totals[i] - totals[j] > margins[i, j] for j in range(totals.size))
        ],
    },
    remark="The leader trails nobody, so at least one program stays.",
)
def survivors(totals, margins):
    """Return the programs that trail none by more than margin."""
    behind = totals[np.newaxis, :] - totals[:, np.newaxis]  # blank
    dropped = (behind > margins).any(axis=1)
    return [int(i) for i in np.flatnonzero(~dropped)]
