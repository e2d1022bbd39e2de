"""Exercises of the chapter on telling programs apart."""

import numpy as np

from arbook.exercises._model import exercise


@exercise(
    title="One night each",
    minutes=15,
    statement="""
`first` and `second` hold what nights of two programs brought. The program with the larger mean is
the better one. Write `misranked(first, second)`: if one night of each is drawn, how often does the
worse program bring more? Count equal nights half.""",
    hints=(
        "Every night of one may meet every night of the other.",
        "`first[:, None] - second[None, :]` has all differences. Which sign is wrong?",
        "Of a sign s, wrong is -1, equal 0 and right 1: the mean of (1 - s)/2.",
    ),
    inputs=[
        (np.array([3.0, 5.0, 4.0]), np.array([1.0, 2.0, 4.5])),
        (np.array([1.0, 2.0, 4.5]), np.array([3.0, 5.0, 4.0])),
        (np.array([2.0, 2.0, 3.0, 8.0]), np.array([2.0, 4.0])),
        (np.array([1.0, 2.0]), np.array([5.0, 6.0, 7.0])),
    ],
    mistakes={
        "That is how often the better one brings more. Wanted is the worse one.": (
            lambda first, second: 1 - misranked(first, second)
        ),
        "The first program need not be the better one: compare the means.": lambda first, second: (
            (1 - np.sign(np.subtract.outer(first, second))).mean() / 2
        ),
        "You left out equal nights. Count each of them half.": lambda first, second: (
            max((first, second), key=lambda x: x.mean())[:, None]
            < min((first, second), key=lambda x: x.mean())
        ).mean(),
        "You counted equal nights fully.": lambda first, second: (
            max((first, second), key=lambda x: x.mean())[:, None]
            <= min((first, second), key=lambda x: x.mean())
        ).mean(),
        "You let only nights of one place meet. All pairs may be drawn.": lambda first, second: (
            (1 - np.sign(_right(first, second) * (_same(first, second)))).mean() / 2
        ),
    },
    remark="It is one less the probability of superiority, and needs no law of the nights.",
)
def misranked(first, second):
    """Return how often a night of each ranks programs wrongly."""
    lead = first[:, None] - second[None, :]
    right = np.sign(first.mean() - second.mean())  # blank
    return (1 - right * np.sign(lead)).mean() / 2  # blank


def _right(first, second):
    return np.sign(first.mean() - second.mean())


def _same(first, second):
    size = min(first.size, second.size)
    return first[:size] - second[:size]


def _evidence(total, square, n):
    return (square / (square - total**2 / (1 + n))) ** (n / 2) / np.sqrt(1 + n)


@exercise(
    title="Evidence of a few nights",
    minutes=15,
    statement="""
`differences` are those between paired nights of two programs. Write `evidence(differences)`, the
e-value $E_n$ of all of them with $W = 1$.""",
    hints=(
        "It takes three numbers: n, the sum, and the sum of squares.",
        "With $W = 1$ the factor before the square of the sum is $1/(1+n)$.",
    ),
    inputs=[
        (np.array([0.3, 0.5, 0.2, 0.4, 0.6]),),
        (np.array([0.3, -0.5, 0.2, 0.1]),),
        (np.array([-0.3, -0.5, -0.2]),),
        (np.array([2.0]),),
    ],
    mistakes={
        "You left out the factor before the bracket, the price of looking for a difference.": (
            lambda differences: evidence(differences) * np.sqrt(1 + len(differences))
        ),
        "The exponent is n/2: a night is one factor, and the bracket holds squares.": (
            lambda differences: (
                _evidence(np.sum(differences), np.sum(differences**2), len(differences)) ** 2
                * np.sqrt(1 + len(differences))
            )
        ),
        "The square of the sum is not the sum of squares.": lambda differences: _evidence(
            np.sqrt(np.sum(differences**2)), np.sum(differences**2), len(differences)
        ),
        "You took the mean in place of the sum.": lambda differences: _evidence(
            np.mean(differences), np.sum(differences**2), len(differences)
        ),
    },
    remark="After one night it is 1, whatever happened: one night shows no spread.",
)
def evidence(differences):
    """Return the e-value of the differences of paired nights."""
    n = len(differences)
    total, square = np.sum(differences), np.sum(differences**2)
    ratio = square / (square - total**2 / (1 + n))  # blank
    return ratio ** (n / 2) / np.sqrt(1 + n)  # blank
