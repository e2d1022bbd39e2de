"""Exercises of the chapter on the budget."""

import numpy as np

from arbook.exercises._model import exercise


def _carried(minutes, noise, curve):
    return 1 / np.sqrt(1 + noise / minutes + curve / minutes)


def _number(minutes, hours, overhead):
    return np.floor(60 * hours / (minutes + overhead))


@exercise(
    title="The length of an experiment",
    minutes=15,
    statement="""
Every decision of a night gains in proportion to the carry-over
$\\chi = 1/\\sqrt{1 + \\tau_\\nu/\\tau + \\tau_\\beta/\\tau}$ of its experiment, and the $n$-th
decision gains $1/n$ of the first. Write `best_minutes(lengths, noise, curve, overhead, hours)`, the
one of the `lengths` (an array, in minutes) with the largest gain of a night of `hours` on one
machine. Only whole experiments count.""",
    hints=(
        "How many experiments has the night? The overhead is paid for each.",
        "The gain is $\\chi(\\tau)\\,(1 + 1/2 + \\dots + 1/N)$; compute it for each length.",
    ),
    inputs=[
        (np.array([0.5, 1.0, 2.0, 5.0, 10.0]), 1.0, 1.0, 0.5, 8.0),
        (np.array([0.1, 0.2, 0.5, 1.0, 2.0]), 0.2, 0.0, 1.0, 8.0),
        (np.array([1.0, 2.0, 5.0, 10.0, 20.0]), 3.0, 4.0, 0.0, 8.0),
        (np.array([1.0, 2.0, 5.0, 10.0, 20.0, 40.0]), 10.0, 0.0, 2.0, 24.0),
        (np.array([3.0, 6.0, 12.0, 24.0]), 4.0, 1.0, 4.0, 2.0),
    ],
    mistakes={
        "You counted the experiments without their overhead.": (
            lambda lengths, noise, curve, overhead, hours: best_minutes(
                lengths, noise, curve, 0.0, hours
            )
        ),
        "You took the length that shows most of a change. It leaves time for few.": (
            lambda lengths, noise, curve, overhead, hours: float(lengths.max())
        ),
        "You let every decision gain alike. The n-th gains 1/n.": (
            lambda lengths, noise, curve, overhead, hours: float(
                lengths[
                    np.argmax(_carried(lengths, noise, curve) * _number(lengths, hours, overhead))
                ]
            )
        ),
        "That is the number of its experiments. Return the length.": (
            lambda lengths, noise, curve, overhead, hours: float(
                _number(best_minutes(lengths, noise, curve, overhead, hours), hours, overhead)
            )
        ),
        "You left out the part of a change that passes.": (
            lambda lengths, noise, curve, overhead, hours: best_minutes(
                lengths, noise, 0.0, overhead, hours
            )
        ),
    },
    remark="The top is flat: a length that is wrong by a factor of one and a half costs little.",
)
def best_minutes(lengths, noise, curve, overhead, hours):
    """Return the length with the largest gain of a night."""
    gains = []
    for minutes in lengths:
        n = int(60 * hours / (minutes + overhead))  # blank
        seen = 1 / np.sqrt(1 + (noise + curve) / minutes)  # blank
        gain = seen * sum(1 / i for i in range(1, n + 1))  # blank
        gains.append(gain)
    return float(lengths[np.argmax(gains)])


@exercise(
    title="What a kill rule did",
    minutes=15,
    statement="""
`early[i]` and `final[i]` are the gains of experiment $i$ over the incumbent, at a first look and at
its end. A kill rule stops those whose early gain is below `threshold`, after the part `fraction` of
their time; of the others those with a final gain above 0 are kept. Write
`killing(early, final, threshold, fraction)`, which returns two shares of what there is without the
rule: the gain that is left, and the time.""",
    hints=(
        "The gain of an experiment is its final gain if that is above 0, and else 0.",
        "An experiment that is killed takes `fraction` of its time, any other all of it.",
    ),
    inputs=[
        (np.array([1.0, -1.0, 0.5, -0.2]), np.array([2.0, 1.0, -1.0, -0.5]), 0.0, 0.25),
        (np.array([0.3, -0.1, -2.0, 0.9]), np.array([0.1, 0.4, 0.2, 0.3]), -0.5, 0.1),
        (np.array([0.0, 1.0, -1.0]), np.array([1.0, 1.0, 3.0]), 0.0, 0.5),
        (np.array([-1.0, -2.0, 0.4, 0.1, 0.2]), np.array([-1.0, 0.5, 0.5, -3.0, 1.0]), 0.15, 0.2),
    ],
    mistakes={
        "Losses are discarded: they do not count against the gain.": (
            lambda early, final, threshold, fraction: (
                float(final[early >= threshold].sum() / final.sum()),
                killing(early, final, threshold, fraction)[1],
            )
        ),
        "The time of a killed experiment up to the first look is spent, too.": (
            lambda early, final, threshold, fraction: (
                killing(early, final, threshold, fraction)[0],
                float(np.mean(early >= threshold)),
            )
        ),
        "You killed the better ones.": lambda early, final, threshold, fraction: (
            float(np.maximum(final, 0)[early < threshold].sum() / np.maximum(final, 0).sum()),
            float(np.where(early < threshold, 1.0, fraction).mean()),
        ),
        "That is what is lost and saved. Wanted is what is left.": (
            lambda early, final, threshold, fraction: tuple(
                1 - share for share in killing(early, final, threshold, fraction)
            )
        ),
    },
    remark="Where decisions gain alike, the rule pays if the first share is the larger.",
)
def killing(early, final, threshold, fraction):
    """Return the shares of gain and time that killing leaves."""
    killed = early < threshold
    gain = np.maximum(final, 0)
    left = gain[~killed].sum() / gain.sum()  # blank
    time = np.where(killed, fraction, 1.0).mean()  # blank
    return float(left), float(time)
