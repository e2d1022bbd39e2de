"""Explorer of programs under conditions: crashes, a floor, a price of boldness."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from arbook._numerics.validation import FloatArray
from arbook.model.parameters import Parameters, step_size
from arbook.model.totals import expected_gain_area
from arbook.programs.conditions import Conditions, _gains, bold_crashes
from arbook.programs.tuning import boldness_cost
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider
from arbook.widgets._draws import normals, uniforms

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Runs of which means are made, the longest of them, and the baseline.
N_RUNS, MOST, BASELINE = 200, 200, 1.0

#: First step sizes that are tried: the ends and how many.
LOW, HIGH, TRIED = 0.001, 0.3, 25

_USUAL = {"sigma0": 0.01, "cost": 0.0, "gamma": 0.97, "n": 100}


class ConditionsExplorer(Explorer):
    """Gain area against the first step size under conditions, and runs at one step size.

    An experiment crashes with probability ``1 - exp(-sigma / kappa)``, the frontier cannot pass the
    floor, and the bias is ``cost * sigma0**2``. All step sizes are tried with the same luck.

    Parameters
    ----------
    sigma0 : float
        Initial step size of the runs that are drawn, in bits per byte.
    kappa : float
        Step size at which 63 % of the experiments crash, in bits per byte.
    floor : float
        What the frontier cannot pass, in bits per byte; the baseline is 1.
    cost : float
        Price of boldness c, in 1 / (bits per byte).
    gamma : float
        Decay rate.
    n : int
        Experiments of a run.
    seed : int
        Seed of the runs.

    Examples
    --------
    >>> gains = ConditionsExplorer(kappa=10.0, floor=0.9).gains()
    >>> gains.shape, round(float(gains.max()), 6)
    ((200, 100), 0.1)
    """

    name = "conditions"
    title = "Conditions explorer"
    view = "conditions.js"

    sigma0 = slider(
        0.01, LOW, HIGH, 0.02,
        symbol="σ₀", words="initial step size", unit="bits per byte", log=True,
    )  # fmt: skip
    kappa = slider(
        0.02, 0.005, 10.0, 0.02,
        symbol="κ", words="crash scale", unit="bits per byte", log=True,
    )  # fmt: skip
    floor = slider(0.0, 0.0, 0.98, 0.01, symbol="", words="floor", unit="bits per byte", digits=2)
    cost = slider(
        0.0, 0.0, 50.0, 1.0,
        symbol="c", words="price of boldness", unit="1 / (bits per byte)", digits=0, more=True,
    )  # fmt: skip
    gamma = slider(0.97, 0.9, 0.999, 0.001, symbol="γ", words="decay rate", more=True)
    n = slider(100, 10, MOST, 10, symbol="N", words="experiments", more=True)

    presets = (
        Preset(
            "Crashes",
            {"kappa": 0.02, "floor": 0.0, **_USUAL},
            "Bold experiments crash: there is a best step.",
        ),
        Preset(
            "As good as stated",
            {"kappa": 10.0, "floor": 0.0, **_USUAL},
            "Hardly a crash, and a floor that only the boldest runs meet.",
        ),
        Preset(
            "A floor",
            {"kappa": 10.0, "floor": 0.9, **_USUAL},
            "Bolder is never worse, but soon hardly better.",
        ),
        Preset(
            "Crashes and a floor",
            {"kappa": 0.02, "floor": 0.9, **_USUAL},
            "With little room left to gain, the best step is smaller.",
        ),
        Preset(
            "A price",
            {"kappa": 10.0, "floor": 0.0, **_USUAL, "cost": 10.0},
            "Bold changes harm on average: a best step again.",
        ),
    )
    guess = Guess(
        text=(
            "Bold experiments crash more often, with probability 1\u00a0−\u00a0exp(−σ/κ), "
            "κ\u00a0=\u00a00.02. For one experiment σ = κ would be best. For 100, with steps that "
            "shrink by γ\u00a0=\u00a00.97 each time, where is the best first step?"
        ),
        because=(
            "It is about twice κ. Steps shrink: a run that starts too bold passes through κ later, "
            "when most of its experiments are still to come."
        ),
        choices=("Well below κ", "At κ", "Well above κ"),
    )
    after = Question(
        text="Find the best step under crashes, then raise the floor to 0.9. Where does it go?",
        answer=(
            "Down, from twice κ to little more than κ. A bold start paid by going deep, and the "
            "floor does not let it: what is left to win is to arrive early, which crashes hinder."
        ),
    )
    data = {  # noqa: RUF012
        "runs": N_RUNS, "most": MOST, "f0": BASELINE, "low": LOW, "high": HIGH, "tried": TRIED
    }  # fmt: skip

    def conditions(self) -> Conditions:
        """Return the conditions that the sliders say."""
        price = boldness_cost(self.cost) if self.cost else None
        return Conditions(price, bold_crashes(self.kappa), self.floor)

    def parameters(self, sigma0: float | None = None) -> Parameters:
        """Return the parameters at a first step size, the price in their bias."""
        s = self.sigma0 if sigma0 is None else sigma0
        return self.conditions().parameters(Parameters(s, self.gamma, 0.0))

    def crash_rate(self) -> float:
        """Return the mean probability of a crash."""
        sigma = step_size(self.parameters(), np.arange(self.n))
        return float(self.conditions().crash_probabilities(sigma).mean())

    def gains(self, sigma0: float | None = None) -> FloatArray:
        """Return what the runs have gained after each experiment, at a first step size.

        Returns
        -------
        ndarray of shape (200, n)
            Baseline minus frontier, in bits per byte.
        """
        z, u = (draws[:, : self.n] for draws in _luck(self.seed))
        p, under = self.parameters(sigma0), self.conditions()
        sigma = step_size(p, np.arange(self.n))
        return _gains(p.mu + sigma * z, u < under.crash_probabilities(sigma), under.room)

    def curve(self) -> tuple[FloatArray, FloatArray]:
        """Return the first step sizes that are tried, and the mean gain area of each."""
        tried = np.geomspace(LOW, HIGH, TRIED)
        return tried, np.array([self.gains(s).sum(axis=1).mean() for s in tried])

    def draw_still(self, figure: Figure) -> None:
        """Draw the curve over first step sizes, and runs at one of them."""
        (tried, areas), gains = self.curve(), self.gains()
        stated = [expected_gain_area(Parameters(s, self.gamma), self.n) for s in tried]
        left, right = figure.subplots(1, 2)
        left.plot(tried, stated, color="0.5", ls="--", label="as stated")
        left.plot(tried, areas, color="#0072b2", lw=2, label="under conditions")
        best = int(areas.argmax())
        left.plot(tried[best], areas[best], "D", color="#009e73", ms=7, label="best")
        left.plot(self.sigma0, gains.sum(axis=1).mean(), "o", color="#d55e00", ms=8, label="drawn")
        left.set(
            xscale="log", yscale="log", xlabel="initial step size σ₀, bits per byte",
            ylabel="mean gain area", ylim=(areas.max() / 30, 3 * areas.max()),
        )  # fmt: skip
        left.legend(frameon=False, fontsize=9)
        t = np.arange(self.n + 1)
        frontier = BASELINE - np.hstack([np.zeros((N_RUNS, 1)), gains])
        right.plot(t, frontier[:12].T, color="0.6", lw=0.8)
        right.plot(t, frontier.mean(axis=0), color="#d55e00", lw=2)
        right.set(xlabel="experiments", ylabel="frontier, bits per byte", xlim=(0, self.n))

    def describe_still(self) -> str:
        """Say what the picture shows."""
        tried, areas = self.curve()
        return (
            f"Left, mean gain area of {self.n} experiments against the first step size. At a step "
            f"of κ = {self.kappa:g} 63 % crash, the floor is {self.floor:g}, the price of boldness "
            f"c = {self.cost:g}. It is largest at {tried[areas.argmax()]:.3g}, with "
            f"{areas.max():.2f}. Right, twelve runs and the mean frontier at σ₀ = "
            f"{self.sigma0:g}, which ends at {BASELINE - self.gains()[:, -1].mean():.4f}."
        )


@functools.lru_cache(maxsize=2)
def _luck(seed: int) -> tuple[FloatArray, FloatArray]:
    """Return the normals of the changes and the uniforms of the crashes: one luck for all steps."""
    return normals(seed, N_RUNS, MOST), uniforms(seed, N_RUNS, MOST, 1)
