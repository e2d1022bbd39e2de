"""Explorer of the chapter on the keep probability."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.validation import FloatArray
from arbook.model.laws import keep_probability
from arbook.model.parameters import Parameters, step_size
from arbook.model.totals import expected_keeps, keeps_std
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider
from arbook.widgets._draws import normals

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Experiments of a run.
N_EXPERIMENTS = 100


def frequency_band(prob: ArrayLike, n_runs: int) -> tuple[FloatArray, FloatArray]:
    """Return the ends between which 95 % of the shares of runs lie, by the normal law.

    Parameters
    ----------
    prob : array_like
        Probability in each run.
    n_runs : int
        Number of runs, >= 1.

    Returns
    -------
    tuple of two ndarrays
        Lower and upper ends, in [0, 1].

    Examples
    --------
    >>> low, high = frequency_band(0.5, 100)
    >>> round(float(low), 3), round(float(high), 3)
    (0.402, 0.598)
    """
    from scipy.stats import norm

    p = np.asarray(prob, dtype=float)
    half = norm.ppf(0.975) * np.sqrt(p * (1 - p) / n_runs)
    return np.maximum(p - half, 0.0), np.minimum(p + half, 1.0)


class KeepProbabilityExplorer(Explorer):
    """Keep probability over a run, with simulated frequencies, and as a function of −μ/σ.

    The second picture marks the keep rates of the real runs that come with the book.

    Parameters
    ----------
    sigma0, gamma, mu : float
        The model's parameters: initial step size and bias in bits per byte, decay rate.
    runs : int
        Simulated runs behind the frequencies.
    seed : int
        Seed of the runs.

    Examples
    --------
    >>> KeepProbabilityExplorer(mu=0.001).values()
    {'sigma0': 0.01, 'gamma': 0.97, 'mu': 0.001, 'runs': 200, 'seed': 1}
    """

    name = "keep-probability"
    title = "Keep probability explorer"
    view = "keep_probability.js"

    sigma0 = slider(
        0.01, 0.0005, 0.1, 0.02,
        symbol="σ₀", words="initial step size", unit="bits per byte", log=True,
    )  # fmt: skip
    gamma = slider(0.97, 0.9, 0.999, 0.001, symbol="γ", words="decay rate")
    mu = slider(0.0, -0.005, 0.01, 0.0005, symbol="μ", words="bias", unit="bits per byte", digits=4)
    runs = slider(200, 20, 500, 20, symbol="", words="simulated runs", more=True)

    presets = (
        Preset(
            "No skill",
            {"sigma0": 0.01, "gamma": 0.97, "mu": 0.0},
            "One half, for ever.",
        ),
        Preset(
            "Bold",
            {"sigma0": 0.05, "gamma": 0.97, "mu": 0.0},
            "Five times the step, and the same curve.",
        ),
        Preset(
            "Timid",
            {"sigma0": 0.0005, "gamma": 0.97, "mu": 0.0},
            "A twentieth of the step, and the same curve.",
        ),
        Preset(
            "Skilled",
            {"sigma0": 0.01, "gamma": 0.97, "mu": -0.001},
            "As the steps shrink, everything is kept.",
        ),
        Preset(
            "Harmful",
            {"sigma0": 0.01, "gamma": 0.97, "mu": 0.001},
            "As the steps shrink, nothing is kept.",
        ),
        Preset(
            "A real run",
            {"sigma0": 0.0036, "gamma": 0.988, "mu": 0.0008},
            "The parameters that fit a public run best: it keeps fewer and fewer.",
        ),
    )
    guess = Guess(
        text=(
            "An agent without skill (μ = 0) makes 100 experiments, once with bold steps, "
            "σ₀ = 0.050, once with timid ones, σ₀ = 0.0005. Which run keeps more?"
        ),
        because=(
            "Without bias a change is as likely to be negative as positive, however large it is: "
            "50 of 100 on average in both runs."
        ),
        choices=("The bold one", "The timid one", "Both the same"),
    )
    after = Question(
        text="Find parameters for which the curve falls over the run. What do they have in common?",
        answer=(
            "μ > 0, which the model does not allow. As the steps shrink, the same average harm "
            "weighs more and more. Real runs fall, too."
        ),
    )

    def load_data(self) -> Mapping[str, Any]:
        """Return the keep rates of the real runs, and what the law makes of them."""
        from scipy.stats import norm

        from arbook import logs

        real = []
        for name in logs.available_runs():
            rate = float(logs.load_run(name).keep_rate)
            real.append({"name": name, "rate": rate, "a": float(norm.ppf(rate))})
        return {"n": N_EXPERIMENTS, "real": real}

    def _parameters(self) -> Parameters:
        return Parameters(self.sigma0, self.gamma, self.mu, extended=True)

    def draw_still(self, figure: Figure) -> None:
        """Draw the probabilities with the frequencies, and the law with the real runs."""
        from scipy.stats import norm

        p, t = self._parameters(), np.arange(N_EXPERIMENTS)
        prob, sigma = keep_probability(p, t), step_size(p, t)
        kept = p.mu + sigma * normals(self.seed, self.runs, N_EXPERIMENTS) < 0
        time, curve = figure.subplots(1, 2, sharey=True)
        time.axhline(0.5, color="0.5", lw=1, ls="--")
        time.fill_between(t, *frequency_band(prob, self.runs), color="#0072b2", alpha=0.18, lw=0)
        time.plot(t, kept.mean(axis=0), ".", color="0.5", label="simulated runs")
        time.plot(t, prob, color="#0072b2", lw=2, label="exact")
        time.set(xlabel="experiment t", ylabel="keep probability", xlim=(0, N_EXPERIMENTS))
        time.set_ylim(0, 1.04)
        time.legend(frameon=False, fontsize=9)
        a = np.linspace(-3.2, 3.2, 201)
        curve.axvspan(0, 3.2, color="0.5", alpha=0.15, lw=0, label="the model: μ ≤ 0")
        curve.plot(a, norm.cdf(a), color="0.45", lw=1.2)
        walk = np.clip(-p.mu / sigma, -3.2, 3.2)
        curve.plot(walk, prob, color="#0072b2", lw=4, marker="o", markevery=[0, -1])
        real = self._data["real"]
        curve.plot(
            [run["a"] for run in real], [run["rate"] for run in real],
            "o", color="#d55e00", label="real runs",
        )  # fmt: skip
        curve.set(xlabel="−μ/σ", xlim=(-3.2, 3.2))
        curve.legend(frameon=False, fontsize=9)

    def describe_still(self) -> str:
        """Say what the picture shows."""
        p, real = self._parameters(), self._data["real"]
        first, last = (float(v) for v in keep_probability(p, [0, N_EXPERIMENTS - 1]))
        keeps, std = (float(law(p, N_EXPERIMENTS)) for law in (expected_keeps, keeps_std))
        rates = [run["rate"] for run in real]
        return (
            f"Left, the keep probability over {N_EXPERIMENTS} experiments with σ₀ = {p.sigma0:g}, "
            f"γ = {p.gamma:g}, μ = {p.mu:g}: {first:.1%} at the first, {last:.1%} at the last, "
            f"{keeps:.1f} ± {std:.1f} keeps in all; dots show {self.runs} simulated runs. Right, "
            f"the keep probability as an S-shaped curve over −μ/σ; {len(real)} real runs lie on "
            f"its left half, between {min(rates):.0%} and {max(rates):.0%}."
        )
