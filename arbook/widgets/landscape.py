"""Explorer of the chapter on landscapes."""

from functools import cache
from typing import Any

import numpy as np

from arbook.landscapes.searching import Decay, search
from arbook.landscapes.surfaces import hollows
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider

#: Experiments of a search, and searches of which the sentence tells.
N_EXPERIMENTS, N_RUNS = 400, 60

#: Searches that are counted for the answer.
MANY = 500

#: Where the baseline is on each landscape, before the reader sets it.
BOWL, RIDGE, HOLLOWS = range(3)
STARTS = [3.0, 2.0], [0.0, 2.0], [4.0, 3.0]

#: The decays of the question.
GAMMAS = (0.80, 0.93, 0.98)


@cache
def _home_rate(gamma: float) -> float:
    """Return the share of searches that get home from the hollow at (4, 3)."""
    runs = search(hollows, STARTS[HOLLOWS], Decay(2.0, gamma), N_EXPERIMENTS, MANY, seed=3)
    return float(np.mean((np.abs(runs.best) < 0.5).all(axis=1)))


def _place(landscape: int) -> dict[str, float]:
    """Return the parameters of a landscape and of where its searches start."""
    return {"landscape": landscape, "x0": STARTS[landscape][0], "y0": STARTS[landscape][1]}


class LandscapeExplorer(Explorer):
    """A search on a landscape of two dimensions: its way on the map, and its metric."""

    name = "landscape"
    title = "Landscape explorer"
    view = "landscape.js"

    t = slider(100, 0, N_EXPERIMENTS, 1, symbol="t", words="experiments done")
    start = slider(2.0, 0.05, 4.0, 0.02, symbol="s₀", words="first step", log=True)
    gamma = slider(0.93, 0.8, 1.0, 0.002, symbol="γ", words="decay rate")
    x0 = slider(4.0, -5.0, 5.0, 0.1, symbol="x₀", words="start, first coordinate", more=True)
    y0 = slider(3.0, -5.0, 5.0, 0.1, symbol="y₀", words="start, second coordinate", more=True)
    landscape = slider(HOLLOWS, 0, 2, 1, words="landscape: bowl, ridge, hollows", more=True)
    success = slider(0, 0, 1, 1, words="success rule: no, yes", more=True)

    presets = (
        Preset(
            "Bowl, fast decay",
            {"t": 400, "start": 2.2, "gamma": 0.9, **_place(BOWL)},
            "The step shrinks as fast as the distance: a straight line down, with luck.",
        ),
        Preset(
            "Bowl, too hasty",
            {"t": 400, "start": 2.2, "gamma": 0.8, **_place(BOWL)},
            "The step is gone before the search has arrived.",
        ),
        Preset(
            "Bowl, success rule",
            {"t": 400, "start": 2.2, "gamma": 0.9, "success": 1, **_place(BOWL)},
            "Slower than a decay that fits, and never lost.",
        ),
        Preset(
            "Hollows, hasty",
            {"t": 400, "gamma": 0.8},
            "Down into the nearest hollow, and no way out.",
        ),
        Preset(
            "Hollows, patient",
            {"t": 400, "gamma": 0.998},
            "The step stays larger than a hollow, so jumps go on.",
        ),
        Preset(
            "Ridge, success rule",
            {"t": 400, "start": 0.1, "gamma": 0.98, "success": 1, **_place(RIDGE)},
            "A step that grows while it pays, on a way without end.",
        ),
    )
    guess = Guess(
        text=(
            "A search walks on a plane of hollows, the deepest in the middle. It starts in the "
            "hollow at (4, 3) with steps of size 2, which shrink by a factor per experiment: 0.80, "
            "0.93 or 0.98. With which does it get home more often than not?"
        ),
        because=(
            "A jump must hit a better hollow in both directions. Before the step is shorter than "
            "a hollow, a handful are tried with 0.80, ten with 0.93, and some thirty with 0.98."
        ),
        choices=("with none", "with 0.98 only", "with 0.93 and 0.98", "with all three"),
    )
    after = Question(
        text="Choose the hollows and the success rule. Why does it not get home more often?",
        answer=(
            "In a hollow most jumps fail. The rule takes failures for steps that are too large, "
            "and shrinks them until it finds the hollow’s floor."
        ),
    )

    def load_data(self) -> dict[str, Any]:
        """Return what the view needs, with the answer to the question, by simulation."""
        return {
            "n": N_EXPERIMENTS,
            "runs": N_RUNS,
            "many": MANY,
            "starts": list(STARTS),
            "reach": 5.0,
            "gammas": list(GAMMAS),
            "home": [_home_rate(gamma) for gamma in GAMMAS],
        }
