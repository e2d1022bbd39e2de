"""Doubles of the explorers of the chapter on many agents."""

import numpy as np
from draws import Given, normals, uniforms

from arbook import Parameters, expected_improvement, widgets
from arbook.agents import (
    best_team,
    simulate_archive,
    simulate_async,
    simulate_rounds,
)
from arbook.widgets import archive as archives
from arbook.widgets.team import EACH, FROM, MOST_AGENTS, N_RUNS, SEED, UNTIL


class ArchiveExplorer(widgets.ArchiveExplorer):
    """What archives of all sizes gain in the runs that the view draws."""

    def gains(self, size: int) -> np.ndarray:
        """Return what the runs of an archive gain.

        Parameters
        ----------
        size : int
            Members.

        Returns
        -------
        ndarray
            True gains, one a run.
        """
        rows, longest = archives.N_RUNS, archives.LONGEST
        parent = uniforms(self.seed, rows, longest)
        variant = normals(self.seed, rows, longest, 1)
        measured = normals(self.seed, rows, longest + 1, 2)
        draws = [measured[:, :1]]
        for t in range(self.n):
            draws += [parent[:, t], variant[:, t], measured[:, t + 1]]
        p = Parameters(self.sigma0, self.gamma, self.mu, extended=True)
        runs = simulate_archive(
            p, self.n, size, rows, noise=self.noise, f0=0.0, seed=Given(draws)
        )  # fmt: skip
        return -runs.true[:, -1]


class MultiAgentExplorer(widgets.MultiAgentExplorer):
    """The parameters of a round, and what it keeps."""

    def parameters(self) -> Parameters:
        """Return the parameters of the round."""
        return Parameters(self.sigma0, 1.0, self.mu, extended=True)

    def improvement(self) -> float:
        """Return what the best of the round brings; nothing if all of its variants are worse."""
        draws = normals(self.seed, 1, self.k, 1)
        runs = simulate_rounds(self.parameters(), 1, self.k, f0=0.0, seed=Given([draws]))
        return float(-runs.frontier[0, -1])


class TeamExplorer(widgets.TeamExplorer):
    """The best team, and what agents that do not wait gain."""

    def parameters(self) -> Parameters:
        """Return the parameters, with steps that do not shrink."""
        return Parameters(self.sigma0, 1.0, self.mu, extended=True)

    def unhurried(self) -> float:
        """Return what independent agents that do not wait gain in one duration.

        Returns
        -------
        float
            In units of one agent's gain.
        """
        n, p = EACH * self.k, self.parameters()
        draws = [normals(SEED, N_RUNS, EACH * MOST_AGENTS, kind)[:, :n] for kind in range(2)]
        runs = simulate_async(
            p, n, self.k, N_RUNS, variation=self.variation,
            seed=Given(draws if self.variation else draws[:1]),
        )  # fmt: skip
        begun, ended = runs.at([FROM, UNTIL]).mean(axis=0)
        return float((begun - ended) / (UNTIL - FROM) / expected_improvement(p, 0))

    def best(self) -> int:
        """Return the number of agents that gains most for its price."""
        return int(
            best_team(
                self.parameters(), self.waiting, correlation=self.correlation,
                variation=self.variation, most=MOST_AGENTS,
            )
        )  # fmt: skip
