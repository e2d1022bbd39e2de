"""Double of the explorer of the chapter on noise."""

import math
from collections.abc import Iterator

from draws import Given, normals

from arbook import Parameters, widgets
from arbook._numerics.validation import FloatArray
from arbook.noise import Margin, NoisySimulation, simulate_noisy
from arbook.widgets.noise import BASELINE, MOST, N_RUNS


class NoiseExplorer(widgets.NoiseExplorer):
    """The runs."""

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
            self.parameters(), n, N_RUNS, noise=self.noise, keep_rule=Margin(self.threshold),
            repeats=self.repeats, remeasure=bool(self.remeasure), f0=BASELINE, seed=Given(draws()),
        )  # fmt: skip
