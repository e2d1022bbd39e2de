"""Exercises of the chapter on many agents."""

import numpy as np

from arbook.exercises._model import exercise


@exercise(
    title="A mixed team",
    minutes=5,
    statement="""
The agents of a team differ. Write `any_keep(p)`, the chance that a round keeps at least one variant
when agent $i$ alone would be kept with the probability `p[i]`.""",
    hints=("When is nothing kept?", "The agents are independent. `np.prod` multiplies a list."),
    inputs=[([0.5],), ([0.5, 0.2],), ([0.1, 0.3, 0.9],), ([0.2, 0.2, 0.05, 0.4],)],
    mistakes={
        "That is the expected number of keeps. It can pass 1, a probability cannot.": (
            lambda p: np.sum(p)
        ),
        "That is the probability that all are kept. One is enough.": lambda p: np.prod(p),
        "That is the probability that not all are kept. Multiply the failures.": (
            lambda p: 1 - np.prod(p)
        ),
        "That is the probability that nothing is kept.": lambda p: 1 - any_keep(p),
        "You gave all agents the mean probability. The product of different failures is "
        "another.": lambda p: 1 - (1 - np.mean(p)) ** len(p),
    },
    remark="A mixed team keeps more often than one of equal agents with the same mean.",
)
def any_keep(p):
    """Return the chance that at least one variant is kept."""
    failures = 1 - np.asarray(p)  # blank
    return 1 - np.prod(failures)  # blank


@exercise(
    title="What a round gains",
    minutes=10,
    statement="""
Row $r$ of the array `delta` holds the changes that the variants of round $r$ would bring, one
column an agent. Write `round_gains(delta)`, the improvement of each round if all rounds started
from the same incumbent. Use no loop. Then compare its mean for 100,000 rounds of ten agents with
`arbook.expected_best_improvement`.""",
    hints=(
        "Of all variants of a round at most one becomes the incumbent. Which?",
        "And if all of them are worse than the incumbent?",
    ),
    inputs=[
        (np.array([[-1.0, -2.0, 0.5]]),),
        (np.array([[0.3, 0.1, 0.2]]),),
        (np.array([[-0.2, 0.1, -0.3], [0.4, 0.5, 0.1]]),),
        (np.array([[-0.3, 0.2], [-0.1, -0.4], [0.1, -0.2]]),),
    ],
    mistakes={
        "You add the gains of all agents, as if they worked one after the other. A round keeps "
        "one variant.": lambda delta: np.maximum(0, -delta).sum(axis=1),
        "You forgot the minimum with zero: a round whose variants are all worse keeps the "
        "incumbent.": lambda delta: -delta.min(axis=1),
        "You average over the agents. A round keeps the best variant.": (
            lambda delta: np.maximum(0, -delta).mean(axis=1)
        ),
        "You keep the worst variant: the best change is the most negative one.": (
            lambda delta: np.maximum(0, -delta.max(axis=1))
        ),
        "The sign is wrong: an improvement is positive, a change for the better negative.": (
            lambda delta: np.minimum(0, delta.min(axis=1))
        ),
        "You went down the columns. A round is a row: axis=1.": (
            lambda delta: np.maximum(0, -delta.min(axis=0))
        ),
        "You forgot the axis: that is the best variant of all rounds. A round is a row: axis=1.": (
            lambda delta: np.maximum(0, -delta.min())
        ),
        "You added up the rounds. Wanted is one number a round.": (
            lambda delta: round_gains(delta).sum()
        ),
    },
)
def round_gains(delta):
    """Return the improvement of each round, a row of delta."""
    best = delta.min(axis=1)  # blank
    return np.maximum(0, -best)  # blank
