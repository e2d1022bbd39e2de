"""Explorer of the chapter on many agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from arbook.agents.rounds import expected_round_frontier
from arbook.agents.worth import speed_up
from arbook.model.best_of import any_keep_probability
from arbook.model.laws import keep_probability
from arbook.model.parameters import Parameters
from arbook.model.totals import expected_frontier
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Agents on the axis of the upper pictures.
MOST_AGENTS = 30


class MultiAgentExplorer(Explorer):
    """k agents a round: what a round keeps and gains, and k agents against one at equal budget.

    Parameters
    ----------
    k : int
        Agents a round, >= 1.
    mu, sigma0 : float
        Bias and initial step size of every agent, in bits per byte.
    gamma : float
        Decay rate, for each round; with ``fair=1`` for each experiment.
    n : int
        Experiments that both sides spend; the team's rounds are n / k, rounded down.
    fair : int
        1: the team's steps shrink by gamma**k a round, as the single agent's do in as many
        experiments. 0: by gamma.
    seed : int
        Seed of the runs that are drawn.

    Examples
    --------
    >>> MultiAgentExplorer(k=4).rounds()
    30
    """

    name = "multi-agent"
    title = "Multi-agent explorer"
    view = "multi_agent.js"

    k = slider(10, 1, MOST_AGENTS, 1, symbol="k", words="agents a round")
    mu = slider(0.0, -0.005, 0.02, 0.0005, symbol="μ", words="bias", unit="bits per byte", digits=4)
    gamma = slider(0.97, 0.9, 0.999, 0.001, symbol="γ", words="decay rate")
    sigma0 = slider(
        0.01, 0.001, 0.1, 0.02,
        symbol="σ₀", words="initial step size", unit="bits per byte", log=True, more=True,
    )  # fmt: skip
    n = slider(120, 30, 300, 10, symbol="N", words="experiments of each side", more=True)
    fair = slider(0, 0, 1, 1, symbol="", words="equal schedules (1: yes)", more=True)

    presets = (
        Preset(
            "No skill",
            {"k": 10, "mu": 0.0, "gamma": 0.97, "sigma0": 0.01, "n": 120, "fair": 0},
            "Every variant is kept with probability ½.",
        ),
        Preset(
            "As in a real run",
            {"k": 10, "mu": 0.0093, "gamma": 0.97, "sigma0": 0.01, "n": 120, "fair": 0},
            "One agent keeps 17.6 % of its first variants.",
        ),
        Preset(
            "Rare keeps",
            {"k": 10, "mu": 0.0175, "gamma": 0.999, "sigma0": 0.01, "n": 120, "fair": 0},
            "With p = 0.04 two good variants in one round are rare: little is thrown away.",
        ),
        Preset(
            "Small team",
            {"k": 4, "mu": 0.0, "gamma": 0.97, "sigma0": 0.01, "n": 120, "fair": 1},
            "Four agents with the single agent's schedule.",
        ),
    )
    guess = Guess(
        text=(
            "One agent without skill gains 0.004 bits per byte an experiment on average. Ten "
            "agents start from the same script and the best of their variants is kept. How many "
            "times as much does their round gain?"
        ),
        because="Only the best of the ten is kept; the gains of the others are thrown away.",
        unit="times",
        digits=2,
        example="5",
    )
    after = Question(
        text=(
            "From which k on does one more agent add less than a tenth of what the first one gave? "
            "And with rare keeps?"
        ),
        answer=(
            "Without skill from the 13th on. With rare keeps the 30th still adds more than "
            "half: two variants worth keeping seldom fall into one round, so little is thrown "
            "away."
        ),
    )

    def rounds(self) -> int:
        """Return the rounds that the team has."""
        return int(self.n // self.k)

    def _parameters(self, *, team: bool = False) -> Parameters:
        gamma = self.gamma**self.k if team and self.fair else self.gamma
        return Parameters(self.sigma0, gamma, self.mu, extended=True)

    def draw_still(self, figure: Figure) -> None:
        """Draw what a round keeps and gains, and both frontiers against both clocks."""
        one, team = self._parameters(), self._parameters(team=True)
        agents, rounds = np.arange(1, MOST_AGENTS + 1), np.arange(self.rounds() + 1)
        t = np.arange(self.n + 1)
        (keeps, gains), (cost, time) = figure.subplots(2, 2)
        curves = (
            (keeps, any_keep_probability(keep_probability(one, 0), agents), "chance of a keep"),
            (gains, speed_up(one, agents).per_round, "gain, × one agent"),
        )
        for axes, values, words in curves:
            axes.plot(agents, values, ".-", color="0.5", lw=1)
            axes.plot(self.k, values[self.k - 1], "o", color="#d55e00")
            axes.set(xlabel="agents k", ylabel=words, ylim=(0, None))
        for axes, each, words in ((cost, self.k, "experiments"), (time, 1, "rounds")):
            axes.plot(t, expected_frontier(one, t), color="#0072b2", label="one agent")
            axes.plot(
                rounds * each, expected_round_frontier(team, rounds, self.k),
                color="#d55e00", label=f"{self.k} agents",
            )  # fmt: skip
            axes.set(xlabel=words, xlim=(0, self.n))
        cost.set_ylabel("frontier, bits per byte", fontsize=9.5)
        time.legend(frameon=False)

    def describe_still(self) -> str:
        """Say what the picture shows."""
        one, team, rounds = self._parameters(), self._parameters(team=True), self.rounds()
        prob = float(keep_probability(one, 0))
        return (
            f"Against the number of agents, the chance that a round keeps something rises from "
            f"{prob:.3f} to {any_keep_probability(prob, self.k):.3f} at k = {self.k}, and its gain "
            f"to {speed_up(one, self.k).per_round:.2f} times that of one agent. Below, two falling "
            f"frontiers against experiments and against rounds: one agent ends at "
            f"{expected_frontier(one, self.n):.4f} after {self.n} experiments, {self.k} agents at "
            f"{expected_round_frontier(team, rounds, self.k):.4f} after {rounds} rounds."
        )
