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


def _archive(f0, size, parents, changes, *, which=max, enters=lambda y, members, old: y < old,
             start=lambda members, parent: members[parent]):  # fmt: skip
    """Return the best of an archive that is kept by another rule."""
    members, best = [f0] * size, [f0]
    for parent, change in zip(parents, changes, strict=True):
        y = start(members, parent) + change
        place = parent if which is None else members.index(which(members))
        if enters(y, members, members[place]):
            members[place] = y
        best.append(min(members))
    return best


@exercise(
    title="An archive",
    minutes=15,
    statement="""
An archive has `size` members, all of which are the baseline `f0` at first. Experiment $t$ changes
the member at place `parents[t]` by `changes[t]`, and the variant takes the place of the worst
member if it is better than that. Write `archive_best(f0, size, parents, changes)`, the list of the
best member before the first experiment and after each. Then draw parents and changes, without
noise, and hold archives of 1, 3 and 10 members against each other.""",
    hints=(
        "Each experiment makes a variant, finds the worst member, and replaces it or not.",
        "Lower is better, so the worst member is the largest, whoever the parent was.",
        "The place of the worst keeps the lower of two numbers.",
    ),
    inputs=[
        (1.0, 1, [0, 0, 0], [-0.2, 0.3, -0.1]),
        (1.0, 2, [0, 1, 0], [-0.3, -0.1, -0.2]),
        (1.0, 2, [0, 0, 1, 0], [-0.5, -0.4, 0.3, -0.25]),
        (2.0, 3, [2, 0, 0, 1, 2, 1], [-0.25, 0.125, -0.5, -0.75, 0.25, -0.125]),
    ],
    mistakes={
        "The variant took its parent's place. It takes that of the worst member, and the parent "
        "stays.": lambda *given: _archive(*given, which=None),
        "You replaced the best member. Lower is better, so the worst is the largest.": (
            lambda *given: _archive(*given, which=min)
        ),
        "The variant entered whether it was better or not.": lambda *given: _archive(
            *given, enters=lambda y, members, old: True
        ),
        "You let in only what is better than the best member. It has to beat the worst.": (
            lambda *given: _archive(*given, enters=lambda y, members, old: y < min(members))
        ),
        "You changed the best member. The parent is the one that is given.": (
            lambda *given: _archive(*given, start=lambda members, parent: min(members))
        ),
        "You changed the baseline each time. That is sampling; a parent has gained already.": (
            lambda *given: _archive(*given, start=lambda members, parent: given[0])
        ),
    },
    remark="With the same changes no archive is ahead of the one that keeps the best alone, while "
    "nothing is noisy: its variants start from no better parents.",
)
def archive_best(f0, size, parents, changes):
    """Return the best member's metric at first and after each."""
    members = [f0] * size
    best = [f0]
    for parent, change in zip(parents, changes, strict=True):
        variant = members[parent] + change  # blank
        worst = members.index(max(members))  # blank
        members[worst] = min(variant, members[worst])  # blank
        best.append(min(members))
    return best
