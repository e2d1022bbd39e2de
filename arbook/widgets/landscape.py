"""Explorer of the chapter on landscapes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from arbook.landscapes.searching import Decay, Objective, Search, SuccessRule, search
from arbook.landscapes.surfaces import hollows, ridge, sphere
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider
from arbook.widgets._draws import Given, normals

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Experiments of a search, and searches of which the sentence tells.
N_EXPERIMENTS, N_RUNS = 400, 60

#: Name, function and baseline of each landscape.
LANDSCAPES: tuple[tuple[str, Objective, tuple[float, float]], ...] = (
    ("bowl", sphere, (3.0, 2.0)),
    ("ridge", ridge, (0.0, 2.0)),
    ("hollows", hollows, (4.0, 3.0)),
)
BOWL, RIDGE, HOLLOWS = range(3)

#: The decays of the question.
GAMMAS = (0.80, 0.93, 0.98)


@cache
def _home_rate(gamma: float) -> float:
    """Return the share of searches in one dimension that get home from the hollow at 4."""
    runs = search(hollows, [4.0], Decay(2.0, gamma), N_EXPERIMENTS, 500, seed=3)
    return float(np.mean(np.abs(runs.best[:, 0]) < 0.5))


class LandscapeExplorer(Explorer):
    """A search on a landscape of two dimensions: its way on the map, and its metric.

    Parameters
    ----------
    t : int
        Experiments done.
    start : float
        First step.
    gamma : float
        Decay rate of the step; 1 keeps it. With the success rule only a comparison uses it.
    landscape : int
        0 the bowl (`arbook.landscapes.sphere`), 1 the ridge, 2 the hollows.
    success : int
        1 for the 1/5 success rule, 0 for decay.
    seed : int
        Seed of the search.

    Examples
    --------
    >>> LandscapeExplorer(success=1).searches().frontier.shape
    (60, 401)
    """

    name = "landscape"
    title = "Landscape explorer"
    view = "landscape.js"

    t = slider(100, 0, N_EXPERIMENTS, 1, symbol="t", words="experiments done")
    start = slider(2.0, 0.05, 4.0, 0.02, symbol="s₀", words="first step", log=True)
    gamma = slider(0.93, 0.8, 1.0, 0.002, symbol="γ", words="decay rate")
    landscape = slider(
        HOLLOWS, 0, 2, 1, symbol="", words="landscape: bowl, ridge, hollows", more=True
    )
    success = slider(0, 0, 1, 1, symbol="", words="success rule: no, yes", more=True)

    presets = (
        Preset(
            "Bowl, right decay",
            {"t": 400, "start": 2.2, "gamma": 0.9, "landscape": BOWL, "success": 0},
            "The step shrinks as fast as the distance: a straight line down, with luck.",
        ),
        Preset(
            "Bowl, too hasty",
            {"t": 400, "start": 2.2, "gamma": 0.8, "landscape": BOWL, "success": 0},
            "The step is gone before the search has arrived.",
        ),
        Preset(
            "Bowl, success rule",
            {"t": 400, "start": 2.2, "gamma": 0.9, "landscape": BOWL, "success": 1},
            "Slower than the right decay, and never lost.",
        ),
        Preset(
            "Hollows, hasty",
            {"t": 400, "start": 2.0, "gamma": 0.8, "landscape": HOLLOWS, "success": 0},
            "Down into the nearest hollow, and no way out.",
        ),
        Preset(
            "Hollows, patient",
            {"t": 400, "start": 2.0, "gamma": 0.998, "landscape": HOLLOWS, "success": 0},
            "The step stays larger than a hollow, so jumps go on.",
        ),
        Preset(
            "Ridge, success rule",
            {"t": 400, "start": 0.1, "gamma": 0.98, "landscape": RIDGE, "success": 1},
            "A step that grows while it pays, on a way without end.",
        ),
    )
    guess = Guess(
        text=(
            "A search walks in a line of hollows, the deepest at zero. It starts in the hollow at "
            "4 with steps of size 2, which shrink by a factor per experiment: 0.80, 0.93 or 0.98. "
            "With which does it get home more often than not?"
        ),
        because=(
            "What counts is how many jumps are tried before the step is shorter than a hollow: "
            "a handful with 0.80, ten with 0.93, and some thirty with 0.98."
        ),
        choices=("with none", "with 0.98 only", "with 0.93 and 0.98", "with all three"),
    )
    after = Question(
        text="Choose the hollows and the success rule. Why does it not get home more often?",
        answer=(
            "In a hollow most jumps fail. The rule takes failures for steps that are too large, "
            "and shrinks them until it finds the hollow's floor."
        ),
    )

    def load_data(self) -> dict[str, Any]:
        """Return what the view needs, with the answer to the question, by simulation."""
        return {
            "n": N_EXPERIMENTS,
            "runs": N_RUNS,
            "starts": [list(start) for _, _, start in LANDSCAPES],
            "gammas": list(GAMMAS),
            "home": [_home_rate(gamma) for gamma in GAMMAS],
        }

    def searches(self) -> Search:
        """Return the searches that the view knows; it draws the first.

        Returns
        -------
        Search
            All experiments, not only the first `t`.
        """
        _, objective, start = LANDSCAPES[self.landscape]
        rule = SuccessRule(self.start) if self.success else Decay(self.start, self.gamma)
        z = normals(self.seed, N_RUNS, 2 * N_EXPERIMENTS).reshape(N_RUNS, N_EXPERIMENTS, 2)
        draws = Given(z[:, t] for t in range(N_EXPERIMENTS))
        return search(objective, start, rule, N_EXPERIMENTS, N_RUNS, seed=draws)

    def _way(self) -> tuple[Search, np.ndarray]:
        """Return the first search up to experiment t, and its incumbents."""
        runs = self.searches()
        x = [np.array(LANDSCAPES[self.landscape][2])]
        z = normals(self.seed, 1, 2 * N_EXPERIMENTS).reshape(N_EXPERIMENTS, 2)
        for kept, step, draw in zip(runs.kept[0, : self.t], runs.step[0], z, strict=False):
            x.append(x[-1] + step * draw if kept else x[-1])
        return runs, np.array(x)

    def draw_still(self, figure: Figure) -> None:
        """Draw the map with the way of the incumbent, and its metric."""
        objective = LANDSCAPES[self.landscape][1]
        runs, way = self._way()
        left, right = figure.subplots(1, 2)
        half = max(5.6, 1.1 * float(np.abs(way).max()))
        grid = np.linspace(-half, half, 241)
        height = objective(np.stack(np.meshgrid(grid, grid), axis=-1))
        left.contourf(grid, grid, height, 12, cmap="Blues_r", alpha=0.6)
        left.plot(*way.T, "-", color="0.2", lw=1.5)
        kept = np.flatnonzero(runs.kept[0, : self.t]) + 1
        left.plot(*way[kept].T, "o", color="#0072b2", ms=4)
        step = runs.step[0, min(self.t, N_EXPERIMENTS - 1)]
        angle = np.linspace(0, 2 * np.pi, 100)
        circle = way[-1] + step * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
        left.plot(*circle.T, color="#d55e00", lw=2)
        left.plot(*way[-1], "o", color="#d55e00", ms=6)
        left.set(
            xlim=(-half, half), ylim=(-half, half), aspect="equal",
            xlabel="first coordinate", ylabel="second coordinate",
        )  # fmt: skip
        frontier = runs.frontier[0, : self.t + 1]
        right.step(np.arange(self.t + 1), frontier, where="post", color="0.45", lw=2)
        right.set(xlabel="experiments", ylabel="metric of the incumbent", xlim=(0, N_EXPERIMENTS))
        if self.landscape != RIDGE:
            right.set_yscale("log")

    def describe_still(self) -> str:
        """Say what the picture shows."""
        name = LANDSCAPES[self.landscape][0]
        runs, way = self._way()
        keeps = int(runs.kept[0, : self.t].sum())
        rule = "the 1/5 success rule" if self.success else f"decay γ = {self.gamma:g}"
        x, y = way[-1] + 0.0
        return (
            f"Left, the {name} as a map with the way of a search by {rule}, first step "
            f"{self.start:g}: after {self.t} of {N_EXPERIMENTS} experiments it is at "
            f"({x:.2f}, {y:.2f}), and a circle shows the size of its step. Right, the metric of "
            f"its incumbent: it goes from {runs.frontier[0, 0]:.3g} to "
            f"{runs.frontier[0, self.t]:.3g}, with {keeps} variants kept."
        )
