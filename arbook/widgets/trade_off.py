"""Explorer of the chapter on trade-offs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from arbook.model.parameters import Parameters
from arbook.model.totals import expected_frontier, expected_gain_area, gain_area_std
from arbook.programs.tuning import gain_area_map
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: The map's box.
BOX = {"sigma0": (0.001, 0.1), "gamma": (0.8, 0.99)}


class TradeOffExplorer(Explorer):
    """A map of the expected gain area over boldness and decay, and the frontier at one point.

    With a price of boldness c the bias at a point is ``mu + c * sigma0**2``.

    Parameters
    ----------
    sigma0, gamma : float
        The point: initial step size in bits per byte, decay rate.
    cost : float
        Price of boldness c, in 1 / (bits per byte); 0 is the model as stated.
    n : int
        Experiments of a run.
    mu : float
        Bias without the price, in bits per byte.
    seed : int
        Seed of the runs that are drawn at the point.

    Examples
    --------
    >>> TradeOffExplorer(cost=10.0).bias()
    0.001
    """

    name = "trade-off"
    title = "Trade-off explorer"
    view = "trade_off.js"

    sigma0 = slider(
        0.01, *BOX["sigma0"], 0.02,
        symbol="σ₀", words="initial step size", unit="bits per byte", log=True,
    )  # fmt: skip
    gamma = slider(0.97, *BOX["gamma"], 0.001, symbol="γ", words="decay rate")
    cost = slider(
        0.0,
        0.0,
        50.0,
        1.0,
        symbol="c",
        words="price of boldness",
        unit="1 / (bits per byte)",
        digits=0,
    )
    n = slider(100, 10, 200, 10, symbol="N", words="experiments", more=True)
    mu = slider(
        0.0, -0.005, 0.005, 0.0005,
        symbol="μ", words="bias without the price", unit="bits per byte", digits=4, more=True,
    )  # fmt: skip

    presets = (
        Preset(
            "As stated",
            {"sigma0": 0.01, "gamma": 0.97, "cost": 0.0, "n": 100, "mu": 0.0},
            "Boldness has no price: the map rises to its corner.",
        ),
        Preset(
            "The corner",
            {"sigma0": 0.1, "gamma": 0.99, "cost": 0.0, "n": 100, "mu": 0.0},
            "The best point as stated, and a loss below 0.",
        ),
        Preset(
            "Too timid",
            {"sigma0": 0.004, "gamma": 0.97, "cost": 10.0, "n": 100, "mu": 0.0},
            "Four in ten experiments are kept, and little is gained.",
        ),
        Preset(
            "Tuned",
            {"sigma0": 0.0472, "gamma": 0.99, "cost": 10.0, "n": 100, "mu": 0.0},
            "The best point with the price c = 10.",
        ),
        Preset(
            "Too bold",
            {"sigma0": 0.1, "gamma": 0.93, "cost": 10.0, "n": 100, "mu": 0.0},
            "The harm of large steps outgrows their luck.",
        ),
    )
    guess = Guess(
        text=(
            "The map will show the expected gain area of 100 experiments without bias. Bolder "
            "steps (σ₀ up), slower decay (γ up): is there a point beyond which more does harm?"
        ),
        because="Discards cost nothing but their experiment, so the highest point is the corner.",
        choices=("for boldness", "for slow decay", "for both", "for neither"),
    )
    after = Question(
        text="Switch the price of boldness on. Why is there still no best γ inside the map?",
        answer=(
            "The price depends on σ₀ alone. At a given bias larger steps always gain more, and a "
            "larger γ makes every step but the first larger. A landscape that narrows as the "
            "search closes in would put a price on γ too."
        ),
    )

    def bias(self, sigma0: float | None = None) -> float:
        """Return the bias at the point, or at another step size."""
        s = self.sigma0 if sigma0 is None else sigma0
        return float(self.mu + self.cost * s**2)

    def _parameters(self) -> Parameters:
        return Parameters(self.sigma0, self.gamma, self.bias(), extended=True)

    def draw_still(self, figure: Figure) -> None:
        """Draw the map with the point, and the frontier at the point."""
        p, t = self._parameters(), np.arange(self.n + 1)
        left, right = figure.subplots(1, 2)
        sigma0s, gammas = np.geomspace(*BOX["sigma0"], 41), np.linspace(*BOX["gamma"], 33)
        area = gain_area_map(sigma0s, gammas, self.n, cost=lambda s, g: self.bias(s)).T
        decades = 10.0 ** np.arange(-12, 5)
        levels = np.outer(decades, [1, 1.5, 2, 3, 5, 7]).ravel()
        levels = levels[(levels > area.max() / 150) & (levels < 1.5 * area.max())]
        left.contourf(sigma0s, gammas, area, levels, norm="log", cmap="Blues", vmax=3 * levels[-1])
        left.plot(p.sigma0, p.gamma, "o", color="#d55e00", ms=8, mec="w")
        left.set(
            xscale="log", xlabel="σ₀, bits per byte", ylabel="decay rate γ",
            title="expected gain area: dark is large",
        )  # fmt: skip
        mean = expected_frontier(p, t)
        right.fill_between(t, 1.0, mean, color="#d55e00", alpha=0.18, lw=0)
        right.plot(t, mean, color="#d55e00", lw=2)
        right.set(
            xlabel="experiments", ylabel="mean frontier, bits per byte", xlim=(0, self.n),
            title=f"at the point: {expected_gain_area(p, self.n):.2f}",
        )  # fmt: skip
        for axes in (left, right):
            axes.title.set_fontsize(11)

    def describe_still(self) -> str:
        """Say what the picture shows."""
        p = self._parameters()
        best = "rises to the corner of largest σ₀ and γ" if self.cost == 0 else "has a ridge"
        return (
            f"A map of the expected gain area of {self.n} experiments over σ₀ and γ, which {best}. "
            f"At the marked point σ₀ = {p.sigma0:g}, γ = {p.gamma:g}, with μ = {p.mu:g}, it is "
            f"{expected_gain_area(p, self.n):.2f} ± {gain_area_std(p, self.n):.2f} bits per byte "
            f"times experiments, and the mean frontier ends at {expected_frontier(p, self.n):.4f}."
        )
