"""Exercises of the chapter on sealed tests."""

import math

import numpy as np

from arbook.exercises._model import exercise


@exercise(
    title="Bits and luck",
    minutes=10,
    statement="""
An agent sees of `n` experiments only whether each was kept; at most `keeps` were. Write
`most_luck(n, keeps, noise)`, the bound on its expected luck: $\\nu\\sqrt{2\\ln \\Omega}$, where
$\\Omega$ is the number of ways to choose at most `keeps` of the `n` experiments.
`math.comb(n, j)` counts the ways to choose $j$.""",
    hints=(
        "How many ways are there with no keep, with one, with two?",
        "Add up `math.comb(n, j)` from $j = 0$ up to `keeps`.",
    ),
    inputs=[(10, 1, 1.0), (10, 10, 1.0), (100, 3, 0.0005), (125, 22, 0.0005), (20, 0, 2.0)],
    mistakes={
        "At most so many are kept: fewer keeps are ways, too.": lambda n, keeps, noise: (
            noise * math.sqrt(2 * math.log(math.comb(n, keeps)))
        ),
        "No keep at all is one of the ways.": lambda n, keeps, noise: (
            noise
            * math.sqrt(2 * math.log(max(sum(math.comb(n, j) for j in range(1, keeps + 1)), 1)))
        ),
        "Those are bits. The bound has the natural logarithm.": lambda n, keeps, noise: (
            noise * math.sqrt(2 * math.log2(sum(math.comb(n, j) for j in range(keeps + 1))))
        ),
        "You counted every decision as a bit. Fewer keeps leave fewer ways.": (
            lambda n, keeps, noise: noise * math.sqrt(2 * n * math.log(2))
        ),
    },
)
def most_luck(n, keeps, noise):
    """Return the bound on the expected luck."""
    ways = sum(math.comb(n, j) for j in range(keeps + 1))  # blank
    return noise * math.sqrt(2 * math.log(ways))  # blank


@exercise(
    title="One look",
    minutes=15,
    statement="""
A run is believed to have gained `believed` with a standard deviation of `std`. On a sealed test,
where lower is better, the baseline has the value `baseline` and the best configuration `best`; one
value there has a standard deviation of `noise`. Write
`look(baseline, best, noise, believed, std)`, by how many standard deviations of their difference
the tested gain exceeds the believed one.""",
    hints=(
        "The tested gain is a difference of two values, each with its noise.",
        "Variances add: two of the test, and one of the belief.",
    ),
    inputs=[
        (1.0, 0.9, 0.01, 0.1, 0.0),
        (1.0, 0.9, 0.01, 0.12, 0.0),
        (0.998, 0.971, 0.0005, 0.0278, 0.00055),
        (0.5, 0.52, 0.02, 0.01, 0.005),
    ],
    mistakes={
        "Lower is better: a gain is a fall.": lambda baseline, best, noise, believed, std: (
            (best - baseline - believed) / math.sqrt(2 * noise**2 + std**2)
        ),
        "Two values were measured on the test, and each has its noise.": (
            lambda baseline, best, noise, believed, std: (
                (baseline - best - believed) / math.sqrt(noise**2 + std**2)
            )
        ),
        "The belief has an error of its own.": lambda baseline, best, noise, believed, std: (
            (baseline - best - believed) / math.sqrt(2 * noise**2)
        ),
        "Variances add, not standard deviations.": lambda baseline, best, noise, believed, std: (
            (baseline - best - believed) / (math.sqrt(2) * noise + std)
        ),
    },
    remark="Beyond two, the set that decided and the test do not tell the same story.",
)
def look(baseline, best, noise, believed, std):
    """Return tested less believed gain, in standard deviations."""
    off = baseline - best - believed  # blank
    return off / np.sqrt(2 * noise**2 + std**2)  # blank
