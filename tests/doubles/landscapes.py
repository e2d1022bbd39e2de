"""Double of the explorer of the chapter on landscapes."""

import numpy as np
from draws import Given, normals

from arbook import widgets
from arbook.landscapes import Decay, Search, SuccessRule, hollows, ridge, search, sphere
from arbook.widgets.landscape import N_EXPERIMENTS, N_RUNS

SURFACES = sphere, ridge, hollows


class LandscapeExplorer(widgets.LandscapeExplorer):
    """The searches."""

    def searches(self) -> Search:
        """Return the searches that the view knows; it draws the first.

        Returns
        -------
        Search
            All experiments, not only the first `t`.
        """
        rule = SuccessRule(self.start) if self.success else Decay(self.start, self.gamma)
        z = normals(self.seed, N_RUNS, 2 * N_EXPERIMENTS).reshape(N_RUNS, N_EXPERIMENTS, 2)
        draws = Given(z[:, t] for t in range(N_EXPERIMENTS))
        return search(
            SURFACES[self.landscape],
            [self.x0, self.y0],
            rule,
            N_EXPERIMENTS,
            N_RUNS,
            seed=draws,
        )

    def _way(self) -> tuple[Search, np.ndarray]:
        """Return the first search up to experiment t, and its incumbents."""
        runs = self.searches()
        x = [np.array([self.x0, self.y0])]
        z = normals(self.seed, 1, 2 * N_EXPERIMENTS).reshape(N_EXPERIMENTS, 2)
        for kept, step, draw in zip(runs.kept[0, : self.t], runs.step[0], z, strict=False):
            x.append(x[-1] + step * draw if kept else x[-1])
        return runs, np.array(x)
