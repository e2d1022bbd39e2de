"""Explorer of the chapter on the update rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from arbook.model.parameters import Parameters, step_size
from arbook.model.rule import autoresearch
from arbook.model.run import RunLog
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider
from arbook.widgets._draws import normals, uniforms

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Experiments of a run.
N_EXPERIMENTS = 30

#: Metric of the baseline, in bits per byte.
BASELINE = 0.982

#: Experiments of the still picture in the start state, in which nothing is decided yet.
N_STILL = 20


class UpdateRuleExplorer(Explorer):
    """One experiment at a time: guess keep or discard, measure the variant, see the decision.

    Parameters
    ----------
    t : int
        Experiments decided so far.
    mu, sigma0, gamma : float
        How variants come about: mean and initial spread of a change in bits per byte, decay rate.
    crash : float
        Share of experiments that crash.
    digits : int
        Decimals to which the metric is read; few of them make ties.
    seed : int
        Seed of the run.

    Examples
    --------
    >>> log = UpdateRuleExplorer(crash=0.2, seed=3).log()
    >>> log.n_experiments
    30
    """

    name = "update-rule"
    title = "Update rule explorer"
    view = "update_rule.js"

    t = slider(0, 0, N_EXPERIMENTS, 1, symbol="t", words="experiments decided")
    mu = slider(
        0.002, -0.005, 0.01, 0.0005,
        symbol="μ", words="bias of the agent", unit="bits per byte", digits=4,
    )  # fmt: skip
    crash = slider(0.1, 0.0, 0.5, 0.05, symbol="", words="share of crashes", digits=2)
    sigma0 = slider(
        0.004, 0.001, 0.02, 0.02,
        symbol="σ₀", words="initial step size", unit="bits per byte", log=True, more=True,
    )  # fmt: skip
    gamma = slider(0.97, 0.9, 0.999, 0.001, symbol="γ", words="decay rate", more=True)
    digits = slider(4, 2, 4, 1, symbol="", words="decimals of the metric", more=True)

    presets = (
        Preset(
            "Typical",
            {"mu": 0.002, "crash": 0.1, "sigma0": 0.004, "gamma": 0.97, "digits": 4},
            "Most of its changes are discarded, and the line falls all the same.",
        ),
        Preset(
            "Aimless",
            {"mu": 0.0, "crash": 0.0, "sigma0": 0.004, "gamma": 0.97, "digits": 4},
            "A coin decides, and the rule keeps the lucky half.",
        ),
        Preset(
            "Skilled",
            {"mu": -0.004, "crash": 0.0, "sigma0": 0.004, "gamma": 0.97, "digits": 4},
            "Almost everything is kept.",
        ),
        Preset(
            "Adversary",
            {"mu": 0.01, "crash": 0.1, "sigma0": 0.004, "gamma": 0.97, "digits": 4},
            "It does all the harm it can: it stops the line, and cannot raise it.",
        ),
        Preset(
            "Ties",
            {"mu": 0.0, "crash": 0.0, "sigma0": 0.0015, "gamma": 0.97, "digits": 3},
            "Read to three decimals, many variants tie with the incumbent.",
        ),
    )
    guess = Guess(
        text=(
            "The best script so far measures 0.9820 bits per byte. The next variant is shorter "
            "and measures exactly 0.9820. What does the update rule do?"
        ),
        because="The rule asks for strictly less, and looks at nothing but the metric.",
        choices=("Keep it", "Discard it"),
    )
    after = Question(
        text="Could you have made the line go up? Try the preset Adversary, too.",
        answer=(
            "No. Whatever the variant, the smaller of two numbers is never larger than either. "
            "A bad agent wastes time; it cannot do harm."
        ),
    )
    first_seed = 13  # a discard, a keep and a crash come first
    data = {"n": N_EXPERIMENTS, "f0": BASELINE}  # noqa: RUF012

    def log(self) -> RunLog:
        """Return the run that the view shows, decided by `arbook.autoresearch`.

        Returns
        -------
        RunLog
            All experiments, not only the first `t`.
        """
        p = Parameters(self.sigma0, self.gamma, self.mu, extended=True)
        delta = (
            p.mu
            + step_size(p, np.arange(N_EXPERIMENTS)) * normals(self.seed, 1, N_EXPERIMENTS).ravel()
        )
        delta[uniforms(self.seed, 1, N_EXPERIMENTS, stream=1).ravel() < self.crash] = np.nan
        change, scale = iter(delta), 10.0**self.digits

        def propose(metric: float, rng: np.random.Generator) -> float:
            return float(np.floor((metric + next(change)) * scale + 0.5) / scale)

        return autoresearch(lambda metric: metric, propose, BASELINE, N_EXPERIMENTS, rng=0)

    def draw_still(self, figure: Figure) -> None:
        """Draw the incumbent's metric and the decided variants."""
        log, n = self.log(), self.t or N_STILL
        row = np.arange(1, n + 1)
        value, kept, crashed = log.value[row], log.kept[row], log.crashed[row]
        axes = figure.subplots()
        line = log.frontier[: n + 1]
        axes.step(np.arange(n + 1), line, where="post", color="0.45", label="incumbent")
        axes.plot(
            [0, *row[kept]], [BASELINE, *value[kept]], "o", color="#0072b2", ms=5, label="kept"
        )
        discarded = ~kept & ~crashed
        axes.plot(
            row[discarded], value[discarded], "o", mfc="none", mec="0.45", ms=5, label="discarded"
        )
        foot = np.full(crashed.sum(), 0.03)
        axes.plot(
            row[crashed], foot, "x", color="#aa4499", ms=6, label="crashed",
            transform=axes.get_xaxis_transform(),
        )  # fmt: skip
        axes.set(xlabel="experiments", ylabel="metric, bits per byte", xlim=(0, N_EXPERIMENTS))
        axes.margins(y=0.15)
        axes.legend(frameon=False, loc="upper right")

    def describe_still(self) -> str:
        """Say what the picture shows."""
        log, n = self.log(), self.t or N_STILL
        kept, crashed = int(log.kept[1 : n + 1].sum()), int(log.crashed[1 : n + 1].sum())
        return (
            f"The first {n} of {N_EXPERIMENTS} experiments of a run with σ₀ = {self.sigma0:g}, "
            f"γ = {self.gamma:g}, μ = {self.mu:g}: {kept} kept, {n - kept - crashed} discarded, "
            f"{crashed} crashed. The incumbent's metric, a falling step line, goes from "
            f"{BASELINE:.4f} to {log.frontier[n]:.4f} and never rises."
        )
