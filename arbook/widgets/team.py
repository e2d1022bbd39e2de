"""Explorer of correlated agents, of the price of waiting, and of agents that do not wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from arbook.agents.prices import best_team, expected_longest, relative_price
from arbook.agents.unhurried import AsyncSimulation, simulate_async
from arbook.agents.worth import effective_agents, speed_up
from arbook.model.laws import expected_improvement
from arbook.model.parameters import Parameters
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider
from arbook.widgets._draws import Given, normals

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Largest team, runs of which the mean is drawn, time that is shown, experiments of each agent.
MOST_AGENTS, N_RUNS, HORIZON, EACH = 30, 60, 12, 16

_USUAL = {"mu": 0.0, "sigma0": 0.01, "variation": 0.0}


class TeamExplorer(Explorer):
    """How many independent agents a team is worth, what its gain costs, and whether to wait.

    Parameters
    ----------
    k : int
        Agents of the team.
    correlation : float
        Correlation of any two changes of a round.
    waiting : float
        Price of waiting for as long as an experiment lasts, in units of an experiment's price.
    mu, sigma0 : float
        Bias and step size of every agent, in bits per byte.
    variation : float
        Standard deviation of an experiment's duration, in units of its mean.
    seed : int
        Seed of the runs of agents that do not wait.

    Examples
    --------
    >>> TeamExplorer(k=4).runs().frontier.shape
    (60, 65)
    """

    name = "team"
    title = "Team explorer"
    view = "team.js"

    k = slider(10, 1, MOST_AGENTS, 1, symbol="k", words="agents")
    correlation = slider(0.5, 0.0, 1.0, 0.05, symbol="ρ", words="correlation", digits=2)
    waiting = slider(
        10.0, 0.1, 100.0, 0.02, symbol="w", words="price of waiting", unit="experiments", log=True
    )
    mu = slider(
        0.0, -0.005, 0.02, 0.0005,
        symbol="μ", words="bias", unit="bits per byte", digits=4, more=True,
    )  # fmt: skip
    sigma0 = slider(
        0.01, 0.001, 0.1, 0.02,
        symbol="σ₀", words="step size", unit="bits per byte", log=True, more=True,
    )  # fmt: skip
    variation = slider(
        0.0, 0.0, 2.0, 0.05, symbol="v", words="spread of durations", unit="τ", digits=2, more=True
    )

    presets = (
        Preset(
            "One model, one prompt",
            {"k": 10, "correlation": 0.9, "waiting": 10.0, **_USUAL},
            "Ten agents with nearly the same ideas.",
        ),
        Preset(
            "Independent",
            {"k": 10, "correlation": 0.0, "waiting": 10.0, **_USUAL},
            "As the law of the best of k has it.",
        ),
        Preset(
            "Waiting is cheap",
            {"k": 2, "correlation": 0.0, "waiting": 0.4, **_USUAL},
            "Just below √2 − 1: one agent costs least.",
        ),
        Preset(
            "Uneven experiments",
            {"k": 10, "correlation": 0.0, "waiting": 10.0, **_USUAL, "variation": 1.0},
            "A round lasts as long as its slowest experiment.",
        ),
    )
    guess = Guess(
        text=(
            "Ten agents share a model and a prompt; any two of their changes have correlation ½. "
            "The gain of their round is that of how many independent agents?"
        ),
        because="Half of the variance is common to all ten: there is nothing to choose in it.",
        unit="agents",
        digits=2,
        example="5",
    )
    after = Question(
        text=(
            "Choose independent agents, then raise the spread of the durations to 1. What happens "
            "to the best team, and to the order of the lines below?"
        ),
        answer=(
            "A round of ten then lasts 2.9 experiments, and the best team shrinks from 7 to 4. "
            "Agents that do not wait gain less with each experiment, but lose no time: now they "
            "are ahead."
        ),
    )
    data = {"runs": N_RUNS, "most": MOST_AGENTS, "horizon": HORIZON, "each": EACH}  # noqa: RUF012

    def parameters(self) -> Parameters:
        """Return the parameters, with steps that do not shrink."""
        return Parameters(self.sigma0, 1.0, self.mu, extended=True)

    def runs(self) -> AsyncSimulation:
        """Return the runs of independent agents that do not wait.

        Returns
        -------
        AsyncSimulation
            Sixteen experiments for each agent.
        """
        n = EACH * self.k
        draws = [normals(self.seed, N_RUNS, n, kind) for kind in range(2)]
        return simulate_async(
            self.parameters(), n, self.k, N_RUNS, variation=self.variation,
            seed=Given(draws if self.variation else draws[:1]),
        )  # fmt: skip

    def _prices(self) -> tuple[np.ndarray, np.ndarray]:
        agents = np.arange(1, MOST_AGENTS + 1)
        given = {"correlation": self.correlation, "variation": self.variation}
        return agents, relative_price(self.parameters(), agents, self.waiting, **given)

    def best(self) -> int:
        """Return the number of agents that gains most for its price."""
        return int(
            best_team(
                self.parameters(), self.waiting, correlation=self.correlation,
                variation=self.variation, most=MOST_AGENTS,
            )
        )  # fmt: skip

    def draw_still(self, figure: Figure) -> None:
        """Draw gain and price against the number of agents, and frontiers against time."""
        p, (agents, prices) = self.parameters(), self._prices()
        alone = speed_up(p, agents).per_round
        team = speed_up(p, agents, correlation=self.correlation).per_round
        gains, price, time = figure.subplots(1, 3)
        gains.plot(agents, alone, color="#0072b2", label="independent")
        gains.plot(agents, team, color="#d55e00", label=f"ρ = {self.correlation:g}")
        gains.plot(self.k, team[self.k - 1], "o", color="#d55e00")
        worth = effective_agents(p, self.k, self.correlation)
        gains.plot([worth, self.k], [team[self.k - 1]] * 2, color="0.5", ls="--", lw=1)
        gains.set(xlabel="agents k", ylabel="gain of a round, × one agent", ylim=(0, None))
        gains.legend(frameon=False)
        price.plot(agents, prices, color="#d55e00")
        price.plot(self.best(), prices[self.best() - 1], "s", color="#009e73")
        price.axhline(1, color="0.5", lw=0.8)
        price.set(xlabel="agents k", ylabel="price of a gain, × one agent", ylim=(0, 2))
        ticks, one = np.linspace(0, HORIZON, 100), float(expected_improvement(p, 0))
        rate = alone[self.k - 1] / float(expected_longest(self.k, self.variation))
        for times, colour, ls, words in (
            (1.0, "#0072b2", "-", "one agent"), (rate, "#d55e00", "--", f"rounds of {self.k}"),
        ):  # fmt: skip
            time.plot(ticks, 1 - times * one * ticks, color=colour, ls=ls, label=words)
        time.plot(ticks, self.runs().at(ticks).mean(axis=0), color="#009e73", label="not waiting")
        time.set(xlabel="time, τ", ylabel="frontier, bits per byte")
        time.legend(frameon=False)

    def describe_still(self) -> str:
        """Say what the picture shows."""
        p, (_, prices) = self.parameters(), self._prices()
        gain = speed_up(p, self.k, correlation=self.correlation).per_round
        return (
            f"Gain of a round against the number of agents, for independent ones and for "
            f"correlation {self.correlation:g}: {self.k} agents gain {gain:.2f} times as much as "
            f"one, like {effective_agents(p, self.k, self.correlation):.2f} independent ones. "
            f"Price of a gain, lowest at {self.best()} agents with {prices.min():.2f} of one "
            f"agent's. Frontiers against time: one agent, rounds of {self.k}, and {self.k} agents "
            f"that do not wait, which end at {self.runs().at([HORIZON]).mean():.4f}."
        )
