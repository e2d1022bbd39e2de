"""Doubles of the explorers of the chapter on noise."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from draws import Given, normals

from arbook import Parameters, widgets
from arbook._numerics.validation import FloatArray
from arbook.model.judges import Decision
from arbook.noise import Confirm, Ladder, Margin, NoisySimulation, PosteriorMean, simulate_noisy
from arbook.widgets.keep_rules import RULES
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


class KeepRulesExplorer(widgets.KeepRulesExplorer):
    """The races."""

    def parameters(self) -> Parameters:
        """Return the parameters of the true changes."""
        return Parameters(self.sigma0, self.gamma, self.mu, extended=True)

    def runs(self) -> dict[str, NoisySimulation]:
        """Return the races of each rule, of as many experiments as there are measurements."""
        rules = (
            Margin(), Margin(self.noise), Ladder(self.noise), Confirm(),
            PosteriorMean(self.parameters(), self.noise),
        )  # fmt: skip
        return {name: self._race(rule) for name, rule in zip(RULES, rules, strict=True)}

    def _race(self, rule: Any) -> NoisySimulation:
        variant, *looks = (normals(self.seed, self.races, MOST + 1, kind) for kind in range(3))
        watched = _Watched(rule)

        def draws() -> Iterator[FloatArray]:
            yield looks[0][:, 0]
            for t in range(self.n):
                yield variant[:, t]
                for look in looks:
                    yield look[:, t + 1]
                    if not watched.asks:
                        break

        return simulate_noisy(
            self.parameters(), self.n, self.races, noise=self.noise, keep_rule=watched,
            f0=BASELINE, seed=Given(draws()),
        )  # fmt: skip

    def lines(self) -> dict[str, tuple[FloatArray, FloatArray]]:
        """Return the logged and the true metric of each race after each measurement."""
        found = {}
        for name, runs in self.runs().items():
            paid = runs.spent[:, :, None] <= np.arange(self.n + 1)
            at = paid.sum(axis=1) - 1
            found[name] = tuple(np.take_along_axis(x, at, axis=1) for x in (runs.logged, runs.true))
        return found


class _Watched:
    """A rule of which one knows whether it asked for another measurement."""

    def __init__(self, rule: Any) -> None:
        self.rule, self.asks = rule, False

    def start(self, baseline: FloatArray) -> "_Watched":
        self.judge = self.rule.start(baseline)
        return self

    @property
    def incumbent(self) -> FloatArray:
        return np.asarray(self.judge.incumbent)

    def decide(self, t: int, y: FloatArray) -> Any:
        decided = self.judge.decide(t, y)
        self.asks = bool((decided == Decision.AGAIN).any())
        return decided
