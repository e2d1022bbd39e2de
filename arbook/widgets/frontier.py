"""Explorer of the chapter on the frontier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from arbook.model.distributions import frontier_quantiles
from arbook.model.parameters import Parameters, step_size
from arbook.model.totals import expected_frontier, frontier_std
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider
from arbook.widgets._draws import normals

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class FrontierExplorer(Explorer):
    """Many simulated runs, one highlighted, with the exact mean frontier and 90 % band.

    Parameters
    ----------
    sigma0, gamma, mu : float
        The model's parameters: initial step size and bias in bits per byte, decay rate.
    n : int
        Experiments of a run.
    runs : int
        Simulated runs, the highlighted one included.
    seed : int
        Seed of the runs; the same seed draws the same runs in every browser.

    Examples
    --------
    >>> FrontierExplorer(mu=-0.001).values()
    {'sigma0': 0.01, 'gamma': 0.97, 'mu': -0.001, 'n': 100, 'runs': 40, 'seed': 1}
    """

    name = "frontier"
    title = "Frontier explorer"
    view = "frontier.js"

    sigma0 = slider(
        0.01, 0.001, 0.1, 0.02,
        symbol="σ₀", words="initial step size", unit="bits per byte", log=True,
    )  # fmt: skip
    gamma = slider(0.97, 0.9, 0.999, 0.001, symbol="γ", words="decay rate")
    mu = slider(0.0, -0.005, 0.01, 0.0005, symbol="μ", words="bias", unit="bits per byte", digits=4)
    n = slider(100, 10, 200, 10, symbol="N", words="experiments", more=True)
    runs = slider(40, 5, 60, 5, symbol="", words="simulated runs", more=True)

    presets = (
        Preset(
            "No skill",
            {"sigma0": 0.01, "gamma": 0.97, "mu": 0.0},
            "Every change is as likely to help as to harm.",
        ),
        Preset(
            "Skilled agent",
            {"sigma0": 0.01, "gamma": 0.97, "mu": -0.001},
            "The gain never stops: about |μ| an experiment once the steps are small.",
        ),
        Preset(
            "Harmful agent",
            {"sigma0": 0.01, "gamma": 0.9, "mu": 0.01},
            "Many runs never keep anything: a flat piece at the top.",
        ),
        Preset(
            "Too timid",
            {"sigma0": 0.001, "gamma": 0.97, "mu": 0.0},
            "The same shape, a tenth as deep.",
        ),
        Preset(
            "Too hasty",
            {"sigma0": 0.02, "gamma": 0.9, "mu": 0.0},
            "Bold at first, and done after 40 experiments.",
        ),
    )
    guess = Guess(
        text=(
            "An agent without skill (μ = 0) starts with steps of 0.010 bits per byte and γ = 0.97. "
            "How far below the baseline is the mean frontier after 100 experiments?"
        ),
        because="It is 0.399 of the reach σ₀/(1 − γ), most of it gained in the first third.",
        unit="bits per byte",
        example="0.05",
    )
    after = Question(
        text="Press New seed a few times: what changes, and what does not? Why?",
        answer=(
            "The runs change. The mean and the band do not: they are computed from the "
            "parameters, not from the runs. One run may well end outside the band; "
            "one in ten does."
        ),
    )

    def _runs(self) -> np.ndarray:
        """Return the frontiers of the runs that the view draws, one a row."""
        p = Parameters(self.sigma0, self.gamma, self.mu, extended=True)
        delta = p.mu + step_size(p, np.arange(self.n)) * normals(self.seed, self.runs, self.n)
        gains = np.cumsum(np.minimum(delta, 0.0), axis=1)
        return np.hstack([np.ones((self.runs, 1)), 1.0 + gains])

    def draw_still(self, figure: Figure) -> None:
        """Draw the runs, the mean and the band."""
        p = Parameters(self.sigma0, self.gamma, self.mu, extended=True)
        t, frontiers = np.arange(self.n + 1), self._runs()
        band = frontier_quantiles(p, t[1:], [0.05, 0.95])
        axes = figure.subplots()
        axes.plot(t, frontiers[1:].T, color="0.5", lw=0.7, alpha=0.4)
        axes.fill_between(
            t, *np.hstack([np.ones((2, 1)), band.T]), color="#d55e00", alpha=0.18, lw=0,
            label="90 % of all runs",
        )  # fmt: skip
        axes.plot(t, expected_frontier(p, t), color="#d55e00", lw=2, label="mean")
        axes.step(t, frontiers[0], where="post", color="#0072b2", lw=1.6, label="one run")
        axes.set(xlabel="experiments", ylabel="frontier, bits per byte", xlim=(0, self.n))
        axes.legend(frameon=False)

    def describe_still(self) -> str:
        """Say what the picture shows."""
        p = Parameters(self.sigma0, self.gamma, self.mu, extended=True)
        mean, std = float(expected_frontier(p, self.n)), float(frontier_std(p, self.n))
        low, high = (float(v) for v in frontier_quantiles(p, self.n, [0.05, 0.95]))
        return (
            f"Frontiers of {self.runs} simulated runs of {self.n} experiments with "
            f"σ₀ = {self.sigma0:g}, γ = {self.gamma:g}, μ = {self.mu:g}: falling lines from 1. "
            f"Their mean ends at {mean:.4f} ± {std:.4f}; 90 % of all runs end between "
            f"{low:.3f} and {high:.3f}."
        )
