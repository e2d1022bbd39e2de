"""Exercises of the chapter on the atlas."""

import numpy as np

from arbook.exercises._model import exercise


def _shares(frontier, ends):
    frontier = np.asarray(frontier)
    return np.abs(np.diff(frontier[ends])) / abs(frontier[0] - frontier[-1])


def _ends(frontier, doublings):
    n = len(frontier) - 1
    return [0] + [n // 2**k for k in range(doublings, -1, -1)]


@exercise(
    title="What each doubling brought",
    minutes=15,
    statement=r"""
`frontier` holds $F(0), F(1), \dots, F(N)$ of a run that improved, and $N$ is a multiple of
$2^d$ with $d$ = `doublings`. Write `gain_shares(frontier, doublings)`: the share of the whole gain
that came in the first $N/2^d$ experiments, and in each of the $d$ doublings that follow.""",
    hints=(
        "Where does each part end? Each end is twice the one before it, and the last is $N$.",
        "`np.diff` of the frontier at the ends, from 0 on, and all of it divided by their sum.",
    ),
    inputs=[
        ([1.0, 0.8, 0.7], 1),
        ([1.0, 0.5, 0.5, 0.25, 0.0], 2),
        ([2.0, 1.9, 1.5, 1.5, 1.4, 1.4, 1.3, 1.2, 1.0], 3),
        ([1.0, 1.0, 1.0, 1.0, 0.9], 1),
    ],
    mistakes={
        "You left out the first part: what came before the first doubling is a share, too.": (
            lambda frontier, doublings: gain_shares(frontier, doublings)[1:]
        ),
        "Your parts are equally long. A doubling ends where the run is twice as long.": (
            lambda frontier, doublings: _shares(
                frontier, np.linspace(0, len(frontier) - 1, doublings + 2).round().astype(int)
            )
        ),
        "Those are gains in the metric's unit. Divide them by the gain of the whole run.": (
            lambda frontier, doublings: np.abs(
                np.diff(np.asarray(frontier)[_ends(frontier, doublings)])
            )
        ),
        "Those are shares of the baseline. Divide by what the run gained.": (
            lambda frontier, doublings: (
                np.abs(np.diff(np.asarray(frontier)[_ends(frontier, doublings)])) / frontier[0]
            )
        ),
        "Those are shares so far, not of each part: take differences.": (
            lambda frontier, doublings: np.cumsum(gain_shares(frontier, doublings))
        ),
    },
)
def gain_shares(frontier, doublings):
    """Return the gain's shares: first part, then each doubling."""
    n = len(frontier) - 1
    ends = [0] + [n // 2**k for k in range(doublings, -1, -1)]  # blank
    parts = np.abs(np.diff(np.asarray(frontier)[ends]))
    return parts / np.sum(parts)  # blank


def _sums(values, clusters):
    deviation = np.asarray(values) - np.mean(values)
    clusters = np.asarray(clusters)
    return np.array([deviation[clusters == name].sum() for name in dict.fromkeys(clusters)])


@exercise(
    title="Runs that are alike",
    minutes=15,
    statement=r"""
`values[i]` is a number that run $i$ has, and `clusters[i]` the repository that it comes from. Write
`clustered_error(values, clusters)`, the standard error of the mean if repositories are independent
and runs of one are not: sum the deviations from the mean within each repository, square the sums,
add them up, take the root, and divide by the number of runs.""",
    hints=(
        "Runs of one repository that lie on one side of the mean add up; on two sides they cancel.",
        "`dict.fromkeys(clusters)` has each name once; `np.asarray(clusters) == name` picks its "
        "runs.",
    ),
    inputs=[
        ([1.0, 3.0], ["a", "b"]),
        ([1.0, 1.0, 3.0, 3.0], ["a", "a", "b", "b"]),
        ([1.0, 3.0, 1.0, 3.0], ["a", "a", "b", "b"]),
        ([0.1, 0.2, 0.2, 0.6, 0.9], ["a", "a", "a", "b", "c"]),
    ],
    mistakes={
        "You took all runs for independent: square the sum of a repository, not each deviation.": (
            lambda values, clusters: np.std(values) / len(values) ** 0.5
        ),
        "You divided by the number of repositories. The mean is over runs.": (
            lambda values, clusters: (
                np.sqrt(np.sum(_sums(values, clusters) ** 2)) / len(set(clusters))
            )
        ),
        "That is the variance: take the root.": (
            lambda values, clusters: np.sum(_sums(values, clusters) ** 2) / len(values) ** 2
        ),
        "You forgot to subtract the mean.": (
            lambda values, clusters: (
                np.sqrt(np.sum((_sums(values, clusters) + np.mean(values)) ** 2)) / len(values)
            )
        ),
        "You forgot to divide by the number of runs.": (
            lambda values, clusters: np.sqrt(np.sum(_sums(values, clusters) ** 2))
        ),
    },
    remark="With every run in a repository of its own this is the usual error, up to a factor of "
    r"$\sqrt{1 - 1/n}$.",
)
def clustered_error(values, clusters):
    """Return the standard error of the mean of clustered runs."""
    deviation, total = np.asarray(values) - np.mean(values), 0.0
    for name in dict.fromkeys(clusters):
        own = deviation[np.asarray(clusters) == name]  # blank
        square = np.sum(own) ** 2  # blank
        total += square
    return np.sqrt(total) / len(values)  # blank
