"""Explorer of the chapter on the gain area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from arbook._numerics.validation import FloatArray
from arbook.model.measures import gain_area
from arbook.model.parameters import Parameters, step_size
from arbook.model.totals import expected_frontier, expected_gain_area, gain_area_std
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider
from arbook.widgets._draws import normals

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLOURS = {"first": "#0072b2", "second": "#d55e00"}


def _sigma0(default: float, which: str) -> Any:
    return slider(
        default, 0.001, 0.1, 0.02,
        symbol="σ₀", words=f"step size, {which}", unit="bits per byte", log=True, more=True,
    )  # fmt: skip


def _gamma(default: float, which: str) -> Any:
    return slider(default, 0.8, 0.999, 0.001, symbol="γ", words=f"decay, {which}")


def _mu(which: str) -> Any:
    return slider(
        0.0, -0.005, 0.01, 0.0005,
        symbol="μ", words=f"bias, {which}", unit="bits per byte", digits=4, more=True,
    )  # fmt: skip


class GainAreaExplorer(Explorer):
    """Two agents side by side: the area under the baseline, of one run and in expectation.

    Both runs have the same luck (the same standard normal numbers), so that what differs is the
    agents.

    Parameters
    ----------
    gamma_first, gamma_second : float
        Decay rates of the two agents.
    n : int
        Experiments of a run.
    sigma0_first, sigma0_second : float
        Initial step sizes, in bits per byte.
    mu_first, mu_second : float
        Biases, in bits per byte.
    seed : int
        Seed of the run.

    Examples
    --------
    >>> GainAreaExplorer(n=80).values()["n"]
    80
    """

    name = "gain-area"
    title = "Gain area explorer"
    view = "gain_area.js"

    gamma_first = _gamma(0.9, "first")
    gamma_second = _gamma(0.999, "second")
    n = slider(100, 10, 300, 5, symbol="N", words="experiments")
    sigma0_first = _sigma0(0.03, "first")
    sigma0_second = _sigma0(0.00315, "second")
    mu_first = _mu("first")
    mu_second = _mu("second")

    first_seed = 25

    presets = (
        Preset(
            "Same depth, different area",
            {
                "n": 100,
                "sigma0_first": 0.03, "gamma_first": 0.9, "mu_first": 0.0,
                "sigma0_second": 0.00315, "gamma_second": 0.999, "mu_second": 0.0,
            },
            "Both gain 0.12 bits per byte in 100 experiments, one early, one steadily.",
        ),
        Preset(
            "Fast but shallow",
            {
                "n": 80,
                "sigma0_first": 0.03, "gamma_first": 0.9, "mu_first": 0.0,
                "sigma0_second": 0.008, "gamma_second": 0.985, "mu_second": 0.0,
            },
            "The first stops early, the second ends deeper.",
        ),
        Preset(
            "Boldness against skill",
            {
                "n": 100,
                "sigma0_first": 0.02, "gamma_first": 0.96, "mu_first": 0.0,
                "sigma0_second": 0.006, "gamma_second": 0.96, "mu_second": -0.002,
            },
            "The second agent's steps are smaller, but they help on average.",
        ),
    )  # fmt: skip
    guess = Guess(
        text=(
            "Two agents gain the same in 100 experiments, 0.12 bits per byte on average: the "
            "first early, the second at a steady pace. How many times as large is the expected "
            "gain area of the first?"
        ),
        because="What is gained in experiment s counts N − s times: early gains pay all night.",
        unit="times",
        digits=2,
        example="1.2",
    )
    after = Question(
        text=(
            "In Fast but shallow the second agent is the deeper one from experiment 55 on. "
            "When does its area overtake, and why so late?"
        ),
        answer=(
            "At N = 111. Until then the area remembers the early lead of the first agent: what "
            "the second gains late must first pay back what the first was ahead by, experiment "
            "by experiment."
        ),
    )

    def _programs(self) -> dict[str, Parameters]:
        return {
            which: Parameters(
                getattr(self, f"sigma0_{which}"),
                getattr(self, f"gamma_{which}"),
                getattr(self, f"mu_{which}"),
                extended=True,
            )
            for which in ("first", "second")
        }

    def _run(self, p: Parameters) -> FloatArray:
        """Return the frontier of the run that the view draws."""
        delta = p.mu + step_size(p, np.arange(self.n)) * normals(self.seed, 1, self.n)[0]
        return np.concatenate([[1.0], 1.0 + np.cumsum(np.minimum(delta, 0.0))])

    def draw_still(self, figure: Figure) -> None:
        """Draw both frontiers with their areas."""
        t = np.arange(self.n + 1)
        every = figure.subplots(1, 2, sharey=True)
        for axes, (which, p) in zip(every, self._programs().items(), strict=True):
            frontier, colour = self._run(p), _COLOURS[which]
            axes.fill_between(t, 1.0, frontier, step="post", color=colour, alpha=0.18, lw=0)
            axes.step(t, frontier, where="post", color=colour, lw=1.8, label="one run")
            axes.plot(t, expected_frontier(p, t), color=colour, lw=1.4, ls="--", label="mean")
            axes.set(
                xlabel="experiments",
                title=f"{which}: area {gain_area(frontier):.2f}, "
                f"expected {expected_gain_area(p, self.n):.2f}",
                xlim=(0, self.n),
            )
            axes.title.set_fontsize(11)
            axes.legend(frameon=False)
        every[0].set_ylabel("frontier, bits per byte")

    def describe_still(self) -> str:
        """Say what the picture shows."""
        parts = [
            f"the {which} (σ₀ = {p.sigma0:g}, γ = {p.gamma:g}, μ = {p.mu:g}) has a gain area of "
            f"{gain_area(self._run(p)):.2f} in this run, "
            f"{expected_gain_area(p, self.n):.2f} ± {gain_area_std(p, self.n):.2f} on average"
            for which, p in self._programs().items()
        ]
        return (
            f"Two agents side by side, {self.n} experiments each; the area between the baseline "
            f"and the frontier is shaded. In bits per byte times experiments, {'; '.join(parts)}."
        )
