"""Exercises of the chapter on a loop of one's own."""

import math

from arbook.exercises._model import exercise


@exercise(
    title="Back into the cube",
    minutes=10,
    statement=r"""
Write `reflected(u)`: a step may leave $[0, 1]$; fold it back at the walls, as a ball would bounce.
A knob at 0.9 that moves by 0.3 ends at 0.8. It must work for any number, however far out.""",
    hints=(
        "Two bounces bring the ball back to where it was going: what repeats, and how often?",
        "A remainder is never negative in Python. Which half of a way of length 2 runs backwards?",
    ),
    inputs=[(0.3,), (1.2,), (-0.25,), (2.4,), (-3.7,), (1.0,)],
    mistakes={
        "You stop at the wall. Then many proposals sit on it, and their steps were cut.": (
            lambda u: min(max(u, 0.0), 1.0)
        ),
        "You go round, as on a circle: a knob at its upper end would jump to the lower one.": (
            lambda u: u % 1
        ),
        "One bounce is not enough for a step that is longer than the cube.": (
            lambda u: -u if u < 0 else 2 - u if u > 1 else u
        ),
    },
)
def reflected(u):
    """Return the place in [0, 1] where a ball sent to u ends."""
    way = u % 2  # blank
    return 2 - way if way > 1 else way  # blank


@exercise(
    title="Which tail does the loop live on?",
    minutes=15,
    statement=r"""
Write `gain_of(changes)`: the expected gain of one proposal under the update rule, estimated from
true changes $\delta$ that were measured from one incumbent. `None` stands for a crash.""",
    hints=(
        "What does the frontier do after a change that is worse, and after a crash?",
        "Every proposal costs an experiment, whatever becomes of it.",
    ),
    inputs=[
        ([-0.2, 0.1, 0.4, -0.1],),
        ([0.3, None, -0.6],),
        ([None, None],),
        ([0.5, 0.2],),
        ([-1.0],),
    ],
    mistakes={
        "That is minus the mean of the changes. The loop need not take the bad ones.": (
            lambda changes: (
                -sum(d for d in changes if d is not None)
                / max(sum(d is not None for d in changes), 1)
            )
        ),
        "You divide by the changes that are better. The others were paid for, too.": (
            lambda changes: (
                sum(-d for d in changes if d is not None and d < 0)
                / max(sum(d is not None and d < 0 for d in changes), 1)
            )
        ),
        "Crashes cost an experiment each: divide by all proposals.": (
            lambda changes: (
                sum(-d for d in changes if d is not None and d < 0)
                / max(sum(d is not None for d in changes), 1)
            )
        ),
        "The sign is wrong: a gain is a fall of the metric.": lambda changes: -gain_of(changes),
    },
)
def gain_of(changes):
    """Return the frontier's mean improvement by a proposal."""
    gains = [-d for d in changes if d is not None and d < 0]  # blank
    return math.fsum(gains) / len(changes)  # blank
