"""Explorer of the chapter on the perturbation model."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from arbook.model.laws import keep_probability
from arbook.model.parameters import Parameters, step_size
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Experiments of a run.
N_EXPERIMENTS = 100


class PerturbationExplorer(Explorer):
    """Density of the change with the side that is kept shaded, beside the step size over the run.

    Both pictures show the same experiment t: dragging in one moves the other.

    Parameters
    ----------
    t : int
        Experiment, counted from 0.
    gamma, mu, sigma0 : float
        The model's parameters: decay rate, bias and initial step size in bits per byte.

    Examples
    --------
    >>> PerturbationExplorer(t=50).values()
    {'t': 50, 'gamma': 0.97, 'mu': -0.002, 'sigma0': 0.01}
    """

    name = "perturbation"
    title = "Perturbation explorer"
    view = "perturbation.js"
    first_seed = None

    t = slider(35, 0, N_EXPERIMENTS - 1, 1, symbol="t", words="experiment")
    gamma = slider(0.97, 0.9, 0.999, 0.001, symbol="γ", words="decay rate")
    mu = slider(
        -0.002, -0.01, 0.01, 0.0005, symbol="μ", words="bias", unit="bits per byte", digits=4
    )
    sigma0 = slider(
        0.01, 0.001, 0.1, 0.02,
        symbol="σ₀", words="initial step size", unit="bits per byte", log=True, more=True,
    )  # fmt: skip

    presets = (
        Preset(
            "Skilled",
            {"sigma0": 0.01, "gamma": 0.97, "mu": -0.002},
            "As the hill narrows, it leaves the discard side.",
        ),
        Preset(
            "No skill",
            {"sigma0": 0.01, "gamma": 0.97, "mu": 0.0},
            "Move t: the hill changes, and one number does not.",
        ),
        Preset(
            "Harmful",
            {"sigma0": 0.01, "gamma": 0.97, "mu": 0.002},
            "As the hill narrows, it leaves the keep side.",
        ),
        Preset(
            "Hasty",
            {"sigma0": 0.01, "gamma": 0.9, "mu": -0.002},
            "Half the boldness is gone after seven experiments.",
        ),
        Preset(
            "Patient",
            {"sigma0": 0.004, "gamma": 0.99, "mu": -0.002},
            "Smaller steps for longer: a reach of 0.4 in place of 0.1.",
        ),
        Preset(
            "A real run",
            {"sigma0": 0.0036, "gamma": 0.988, "mu": 0.0008},
            "The parameters that fit a public run best: its average change does harm.",
        ),
    )
    guess = Guess(
        text=(
            "The first step is 0.010 bits per byte, and every experiment makes the next one 3 % "
            "smaller. After how many experiments is the step half as large?"
        ),
        because=(
            "It is ln 2 / ln(1/0.97). And if every step were gained in full, an endless run would "
            "go down by 0.010 / (1 − 0.97) = 0.33 bits per byte: 33 first steps."
        ),
        unit="experiments",
        digits=1,
        example="10",
    )
    after = Question(
        text="Choose No skill and move t. The hill changes; which number does not?",
        answer=(
            "The share that is kept. Half of a normal distribution about zero lies left of zero, "
            "however wide it is."
        ),
    )
    data = {"n": N_EXPERIMENTS}  # noqa: RUF012

    def _parameters(self) -> Parameters:
        return Parameters(self.sigma0, self.gamma, self.mu, extended=True)

    def draw_still(self, figure: Figure) -> None:
        """Draw the density at t and at 0, and the step size."""
        from scipy.stats import norm

        p = self._parameters()
        sigma = float(step_size(p, self.t))
        hill, steps = figure.subplots(1, 2)
        x = p.mu + p.sigma0 * np.linspace(-3.3, 3.3, 1201)
        density = norm.pdf(x, p.mu, sigma)
        hill.fill_between(x, density, where=x <= 0, color="#0072b2", alpha=0.35, lw=0, label="kept")
        hill.fill_between(x, density, where=x >= 0, color="0.5", alpha=0.2, lw=0, label="discarded")
        hill.plot(x, density, color="0.45", lw=1.6)
        hill.plot(x, norm.pdf(x, p.mu, p.sigma0), color="0.5", lw=1, ls="--", label="t = 0")
        hill.axvline(0, color="0.5", lw=1)
        hill.set(
            xlabel="change δ, bits per byte", ylabel="density, per bit per byte", ylim=(0, None)
        )
        hill.legend(frameon=False, fontsize=9)
        t = np.arange(N_EXPERIMENTS + 1)
        steps.plot(t, step_size(p, t), color="#d55e00", lw=2)
        steps.plot([self.t], [sigma], "o", color="#d55e00")
        steps.axhline(abs(p.mu), color="0.5", lw=1, ls="--")
        steps.set(
            xlabel="experiment t", ylabel="step size, bits per byte",
            xlim=(0, N_EXPERIMENTS), ylim=(0, 1.08 * p.sigma0),
        )  # fmt: skip

    def describe_still(self) -> str:
        """Say what the picture shows."""
        p = self._parameters()
        sigma, prob = float(step_size(p, self.t)), float(keep_probability(p, self.t))
        return (
            f"Left, the density of the change at experiment {self.t}: a normal hill about "
            f"μ = {p.mu:g} with standard deviation {sigma:.5f} bits per byte; the side below zero, "
            f"{prob:.1%} of it, is shaded as kept. Right, the step size over "
            f"{N_EXPERIMENTS} experiments: it falls from σ₀ = {p.sigma0:g}, γ = {p.gamma:g}, and "
            f"halves every {math.log(2) / -math.log(p.gamma):.1f} experiments."
        )
