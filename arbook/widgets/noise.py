"""Explorer of the chapter on noise."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from arbook._numerics.validation import FloatArray
from arbook.model.parameters import Parameters
from arbook.noise.simulation import NoisySimulation, simulate_noisy
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider
from arbook.widgets._draws import Given, normals

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Runs of which the mean is drawn, most measurements of a run, and the baseline's true metric.
N_RUNS, MOST, BASELINE = 200, 200, 1.0

_BUDGET = {"n": 200, "mu": 0.002, "sigma0": 0.004, "gamma": 0.99}


class NoiseExplorer(Explorer):
    """One noisy run and the mean of many: what the log says, and what is true.

    Parameters
    ----------
    noise : float
        Standard deviation of one measurement, in bits per byte.
    threshold : float
        Margin by which a variant must beat the incumbent's logged value, in bits per byte.
    repeats : int
        Measurements of each variant, averaged.
    remeasure : int
        1 to measure the incumbent afresh in every experiment, at twice the price.
    n : int
        Measurements that may be spent.
    mu, sigma0, gamma : float
        The model's parameters: bias and initial step size in bits per byte, decay rate.
    seed : int
        Seed of the runs.

    Examples
    --------
    >>> NoiseExplorer(repeats=4).runs().true.shape
    (200, 51)
    """

    name = "noise"
    title = "Noise explorer"
    view = "noise.js"

    noise = slider(
        0.004, 0.0, 0.02, 0.0005, symbol="ν", words="noise", unit="bits per byte", digits=4
    )
    threshold = slider(
        0.0, 0.0, 0.02, 0.0005, symbol="h", words="margin", unit="bits per byte", digits=4
    )
    repeats = slider(1, 1, 10, 1, symbol="r", words="repetitions")
    remeasure = slider(0, 0, 1, 1, symbol="", words="fresh incumbent: no, yes", more=True)
    n = slider(200, 20, MOST, 20, symbol="N", words="measurements to spend", more=True)
    mu = slider(
        0.002, -0.005, 0.005, 0.0005,
        symbol="μ", words="bias", unit="bits per byte", digits=4, more=True,
    )  # fmt: skip
    sigma0 = slider(
        0.004, 0.001, 0.02, 0.02,
        symbol="σ₀", words="initial step size", unit="bits per byte", log=True, more=True,
    )  # fmt: skip
    gamma = slider(0.99, 0.9, 0.999, 0.001, symbol="γ", words="decay rate", more=True)

    presets = (
        Preset(
            "Quiet",
            {"noise": 0.0, "threshold": 0.0, "repeats": 1, "remeasure": 0, **_BUDGET},
            "Without noise the log is the truth.",
        ),
        Preset(
            "Noise as large as the steps",
            {"noise": 0.004, "threshold": 0.0, "repeats": 1, "remeasure": 0, **_BUDGET},
            "Two thirds of the logged gain are luck.",
        ),
        Preset(
            "Margin",
            {"noise": 0.004, "threshold": 0.004, "repeats": 1, "remeasure": 0, **_BUDGET},
            "Small gains are refused, lucky ones among them.",
        ),
        Preset(
            "Four measurements",
            {"noise": 0.004, "threshold": 0.0, "repeats": 4, "remeasure": 0, **_BUDGET},
            "A quarter of the variants, each known twice as well.",
        ),
        Preset(
            "Fresh incumbent",
            {"noise": 0.004, "threshold": 0.0, "repeats": 1, "remeasure": 1, **_BUDGET},
            "Fair to the variants: the true line rises.",
        ),
    )
    guess = Guess(
        text=(
            "The noise is as large as the agent's steps, 0.004 bits per byte. To be fair to "
            "variants, the incumbent is measured anew in every experiment, in place of keeping "
            "its old, perhaps lucky value. For the same number of measurements, what does that "
            "do to the search?"
        ),
        because=(
            "The lucky value was a margin: it refused variants that were not clearly better. "
            "Without it nearly as many harmful changes are kept as good ones, and here changes "
            "harm on average."
        ),
        choices=("It gets better", "It stays the same", "It gets worse"),
    )
    after = Question(
        text="Raise the noise until the true line rises. What brings it down, at the same noise?",
        answer=(
            "A margin, or several measurements of each variant. Either makes it rarer that luck "
            "alone decides; the second costs variants, and still gains more."
        ),
    )
    data = {"runs": N_RUNS, "most": MOST, "f0": BASELINE}  # noqa: RUF012

    def parameters(self) -> Parameters:
        """Return the parameters of the true changes."""
        return Parameters(self.sigma0, self.gamma, self.mu, extended=True)

    def noise_of_mean(self) -> float:
        """Return the noise of a variant's logged value: the mean of repeated measurements."""
        return float(self.noise / math.sqrt(self.repeats))

    def runs(self) -> NoisySimulation:
        """Return the runs that the view shows: the first, and the mean of all.

        Returns
        -------
        NoisySimulation
            As many experiments as the measurements allow.
        """
        n = self.n // (self.repeats * (2 if self.remeasure else 1))
        variant, measured, fresh = (normals(self.seed, N_RUNS, MOST + 1, kind) for kind in range(3))

        def draws() -> Iterator[FloatArray]:
            yield measured[:, 0]
            for t in range(n):
                if self.remeasure:
                    yield fresh[:, t]
                yield variant[:, t]
                yield measured[:, t + 1]

        return simulate_noisy(
            self.parameters(), n, N_RUNS, noise=self.noise, threshold=self.threshold,
            repeats=self.repeats, remeasure=bool(self.remeasure), f0=BASELINE, seed=Given(draws()),
        )  # fmt: skip

    def draw_still(self, figure: Figure) -> None:
        """Draw one run, and the mean of all, against measurements."""
        runs = self.runs()
        one, mean = figure.subplots(1, 2, sharey=True)
        spent = np.linspace(0, runs.measurements, runs.true.shape[1])
        one.step(spent, runs.logged[0], where="post", color="#d55e00", ls="--", label="logged")
        one.step(spent, runs.true[0], where="post", color="#0072b2", label="true")
        logged, true = runs.logged.mean(axis=0), runs.true.mean(axis=0)
        mean.fill_between(spent, logged, true, color="#d55e00", alpha=0.18, lw=0)
        mean.plot(spent, logged, color="#d55e00", ls="--", lw=2, label="logged")
        mean.plot(spent, true, color="#0072b2", lw=2, label="true")
        one.set(ylabel="metric, bits per byte", title="one run")
        mean.set(title=f"mean of {N_RUNS} runs")
        for axes in (one, mean):
            axes.set(xlabel="measurements", xlim=(0, self.n))
        one.legend(frameon=False)

    def describe_still(self) -> str:
        """Say what the picture shows."""
        runs = self.runs()
        true, logged = (BASELINE - float(rows[:, -1].mean()) for rows in (runs.true, runs.logged))
        fresh = ", the incumbent measured afresh" if self.remeasure else ""
        return (
            f"Metric of the incumbent against {self.n} measurements with noise ν = {self.noise:g}, "
            f"margin h = {self.threshold:g}, {self.repeats} for each variant{fresh}; "
            f"σ₀ = {self.sigma0:g}, γ = {self.gamma:g}, μ = {self.mu:g}. Left one run, right the "
            f"mean of {N_RUNS}: a dashed line for what the log says and a solid one for what is "
            f"true. The mean gain is {logged:.4f} in the log and {true:.4f} in truth; the gap is "
            "the winner's curse."
        )
