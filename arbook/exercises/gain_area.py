"""Exercises of the chapter on the gain area."""

import math

import numpy as np

from arbook.exercises._model import exercise


@exercise(
    title="Area of a log",
    minutes=5,
    statement="""
Write `my_gain_area(frontier)` for a list of the frontier's values, the baseline first.""",
    hints=(
        "The baseline is `frontier[0]`. Which term does it add to the sum?",
        "Make an array of the list: NumPy takes the distances of all values from one number at "
        "once.",
    ),
    inputs=[
        ([1.0, 1.0],),
        ([1.0, 0.9],),
        ([2.0, 1.5, 1.5, 1.0],),
        ([1.0, 0.98, 0.98, 0.95, 0.95],),
    ],
    mistakes={
        "That is the sum of the frontier. The gain area sums what was gained: the distance from "
        "the baseline.": lambda frontier: np.sum(frontier),
        "That is the sum of the frontier after the baseline. The gain area sums what was gained: "
        "the distance from the baseline.": lambda frontier: np.sum(frontier[1:]),
        "That is the gain at the end. The gain area adds up the gains after every experiment.": (
            lambda frontier: frontier[0] - frontier[-1]
        ),
        "That is the average gain, the area divided by N.": (
            lambda frontier: my_gain_area(frontier) / (len(frontier) - 1)
        ),
        "You divided by N + 1, the number of rows. The area is a sum.": (
            lambda frontier: my_gain_area(frontier) / len(frontier)
        ),
        "You left out the last value. The sum runs up to F(N).": (
            lambda frontier: my_gain_area(frontier[:-1])
        ),
        "The sign is wrong: the frontier lies below the baseline, and a gain is positive.": (
            lambda frontier: -my_gain_area(frontier)
        ),
        "Your baseline is 1. It is the frontier's first value.": (
            lambda frontier: np.sum(1 - np.asarray(frontier)[1:])
        ),
        "You joined the points by lines. The area counts each experiment in full, as bars.": (
            lambda frontier: my_gain_area(frontier) - (frontier[0] - frontier[-1]) / 2
        ),
    },
    remark="`arbook.gain_area` does the same, for many runs at once.",
)
def my_gain_area(frontier):
    """Return the frontier's summed distances from the baseline."""
    frontier = np.asarray(frontier)
    gains = frontier[0] - frontier  # blank
    return np.sum(gains)  # blank


def _gains(sigma0, gamma, n):
    return sigma0 * gamma ** np.arange(n) / math.sqrt(2 * math.pi)


@exercise(
    title="Without the closed form",
    minutes=10,
    statement=r"""
Write `my_expected_gain_area(sigma0, gamma, n)` for $\mu = 0$ as a sum over the experiments
$s = 0, \dots, n - 1$.""",
    hints=(
        r"Without skill an experiment of step $\sigma$ gains $\sigma/\sqrt{2\pi}$ on average.",
        "In how many of the frontiers $F(1), \\dots, F(n)$ does the gain of experiment 0 count? "
        "And that of the last?",
    ),
    inputs=[(1.0, 0.5, 1), (1.0, 0.5, 2), (0.01, 0.97, 100), (0.02, 0.9, 50)],
    mistakes={
        "That is the expected gain at the end. Weigh each gain by the number of experiments that "
        "profit from it.": lambda sigma0, gamma, n: np.sum(_gains(sigma0, gamma, n)),
        "Off by one in the weights: the gain of experiment s counts in F(s + 1) … F(n), n − s "
        "times.": lambda sigma0, gamma, n: np.sum(
            (n - 1 - np.arange(n)) * _gains(sigma0, gamma, n)
        ),
        "Your weights are the wrong way round: early gains count most.": (
            lambda sigma0, gamma, n: np.sum((np.arange(n) + 1) * _gains(sigma0, gamma, n))
        ),
        "Off by one in t: the first experiment is t = 0 and has the step σ₀.": (
            lambda sigma0, gamma, n: my_expected_gain_area(sigma0 * gamma, gamma, n)
        ),
        "You forgot the minimum: a step of size σ gains σ/√(2π) on average, not σ.": (
            lambda sigma0, gamma, n: my_expected_gain_area(
                sigma0 * math.sqrt(2 * math.pi), gamma, n
            )
        ),
        "You use σ², the variance, in place of σ.": (
            lambda sigma0, gamma, n: my_expected_gain_area(sigma0**2, gamma**2, n)
        ),
        "You divided by N: that is the average gain. The area is a sum.": (
            lambda sigma0, gamma, n: my_expected_gain_area(sigma0, gamma, n) / n
        ),
        "Twice too much: σ√(2/π) is the mean size of a change, and half of them are discarded.": (
            lambda sigma0, gamma, n: my_expected_gain_area(2 * sigma0, gamma, n)
        ),
    },
    remark="The sum has no large terms that cancel, so it is right for any $\\gamma$, also for 1.",
)
def my_expected_gain_area(sigma0, gamma, n):
    """Return the expected gain area of n experiments at mu = 0."""
    s = np.arange(n)
    gains = sigma0 * gamma**s / math.sqrt(2 * math.pi)  # blank
    weights = n - s  # blank
    return np.sum(weights * gains)
