"""Exercises of the chapter on what agents cost."""

import numpy as np

from arbook.exercises._model import exercise


def _frontier(f0, delta, start):
    frontier = [f0]
    for j, change in enumerate(delta):
        frontier.append(min(frontier[-1], start(frontier, j) + change))
    return frontier


@exercise(
    title="A frontier of agents that do not wait",
    minutes=15,
    statement="""
Agents do not wait for each other: `k` of them are at work all the time, and their experiments end
one after the other. Write `stale_frontier(f0, delta, k)`, the list of the incumbents
$F(0), F(1), \\dots$, if experiment $j$ makes the change `delta[j]` to the incumbent from which it
started. While it runs, $k - 1$ others end. Then put `k` to 1, and you have a serial run.""",
    hints=(
        "Which incumbent had been found when experiment $j$ began? Nothing had, if $j < k - 1$.",
        "A variant is compared with the incumbent at its end, which may be better than its start.",
    ),
    inputs=[
        (1.0, [-0.1, 0.1, -0.2], 1),
        (1.0, [-0.1, -0.3, -0.2, 0.05], 2),
        (2.0, [0.2, -0.5, -0.1, -0.6, -0.3, -0.1], 3),
        (1.0, [-0.2, -0.1, -0.1, -0.3, -0.1, -0.4], 2),
    ],
    mistakes={
        "Each of your experiments starts from the newest incumbent. That is a serial run.": (
            lambda f0, delta, k: _frontier(f0, delta, lambda found, j: found[-1])
        ),
        "Your experiments start from the incumbent at the beginning of a round. These agents have "
        "no rounds.": lambda f0, delta, k: _frontier(
            f0, delta, lambda found, j: found[k * (j // k)]
        ),
        "You start one incumbent too early: k − 1 others end during an experiment, not k.": (
            lambda f0, delta, k: _frontier(f0, delta, lambda found, j: found[max(0, j - k)])
        ),
        "All your experiments start from the baseline.": lambda f0, delta, k: _frontier(
            f0, delta, lambda found, j: f0
        ),
        "You left out the baseline: the list begins with F(0).": lambda f0, delta, k: (
            stale_frontier(f0, delta, k)[1:]
        ),
    },
    remark="With the same changes this frontier is never below that of rounds, and that of rounds "
    "never below the serial one.",
)
def stale_frontier(f0, delta, k):
    """Return the incumbents of k agents that do not wait."""
    frontier = [f0]
    for j, change in enumerate(delta):
        start = frontier[max(0, j - k + 1)]  # blank
        frontier.append(min(frontier[-1], start + change))
    return frontier


def _best(gain, waited):
    return int(np.argmin((np.arange(gain.size) + 1 + waited) / gain)) + 1


@exercise(
    title="The cheapest team",
    minutes=10,
    statement="""
The arrays `gain` and `longest` have a place for each team of 1, 2, 3, ... agents: how much a round
of it gains, in units of one agent's gain, and how long that round lasts. An experiment costs 1, and
waiting for as long as one lasts costs `waiting`. Machines that have finished do other work. Write
`cheapest_team(gain, longest, waiting)`, the number of agents with the smallest price of a gain.""",
    hints=(
        "What does a round of $k$ agents cost, with the waiting? Divide by what it gains.",
        "An index counts from 0, agents from 1.",
    ),
    inputs=[
        (np.array([1.0, 1.7, 2.2, 2.6, 2.9]), np.ones(5), 1.0),
        (np.array([1.0, 1.7, 2.2, 2.6, 2.9]), np.ones(5), 0.1),
        (np.array([1.0, 1.7, 2.2, 2.6, 2.9]), np.array([1.0, 1.3, 1.5, 1.7, 2.0]), 10.0),
        (np.array([1.0, 1.7, 2.2, 2.6, 2.9]), np.array([1.0, 1.4, 1.7, 1.9, 2.1]), 3.0),
    ],
    mistakes={
        "That is an index. The team at index 0 has one agent.": (
            lambda gain, longest, waiting: cheapest_team(gain, longest, waiting) - 1
        ),
        "The team that gains most is the largest. Divide what a round costs by what it gains.": (
            lambda gain, longest, waiting: int(np.argmax(gain)) + 1
        ),
        "You forgot how long the round lasts: a longer one is waited for longer.": (
            lambda gain, longest, waiting: _best(gain, 0 * longest + waiting)
        ),
        "You bill every machine until the round is over. Here those that have finished do other "
        "work.": lambda gain, longest, waiting: (
            int(np.argmin(longest * (np.arange(gain.size) + 1 + waiting) / gain)) + 1
        ),
        "You forgot the experiments: k of them are paid for.": (
            lambda gain, longest, waiting: int(np.argmin((1 + waiting * longest) / gain)) + 1
        ),
        "You found the dearest team.": lambda gain, longest, waiting: (
            int(np.argmax((np.arange(gain.size) + 1 + waiting * longest) / gain)) + 1
        ),
    },
)
def cheapest_team(gain, longest, waiting):
    """Return the number of agents whose gain costs least."""
    k = np.arange(1, gain.size + 1)
    price = (k + waiting * longest) / gain  # blank
    return int(k[np.argmin(price)])
