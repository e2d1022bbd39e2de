"""Doubles of the explorers of the chapters on the model."""

import numpy as np
from draws import normals, uniforms
from numpy.typing import ArrayLike

from arbook import Parameters, autoresearch, step_size, widgets
from arbook._numerics.validation import FloatArray
from arbook.model.run import RunLog
from arbook.widgets.update_rule import BASELINE, N_EXPERIMENTS


class UpdateRuleExplorer(widgets.UpdateRuleExplorer):
    """The run."""

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

        return autoresearch(lambda metric: metric, propose, BASELINE, N_EXPERIMENTS, seed=0)


def frequency_band(prob: ArrayLike, n_runs: int) -> tuple[FloatArray, FloatArray]:
    """Return the ends between which 95 % of the shares of runs lie, by the normal law.

    Parameters
    ----------
    prob : array_like
        Probability in each run.
    n_runs : int
        Number of runs.

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


class FrontierExplorer(widgets.FrontierExplorer):
    """The runs."""

    def _runs(self) -> np.ndarray:
        """Return the frontiers of the runs that the view draws, one a row."""
        p = Parameters(self.sigma0, self.gamma, self.mu, extended=True)
        delta = p.mu + step_size(p, np.arange(self.n)) * normals(self.seed, self.runs, self.n)
        gains = np.cumsum(np.minimum(delta, 0.0), axis=1)
        return np.hstack([np.ones((self.runs, 1)), 1.0 + gains])


class GainAreaExplorer(widgets.GainAreaExplorer):
    """The two agents, and a run of each."""

    def _programs(self) -> dict[str, Parameters]:
        return {
            which: Parameters(
                getattr(self, f"sigma0_{which}"),
                getattr(self, f"gamma_{which}"),
                getattr(self, f"mu_{which}"),
                extended=True,
            )
            for which in ("first", "second")
        }

    def _run(self, p: Parameters) -> FloatArray:
        """Return the frontier of the run that the view draws."""
        delta = p.mu + step_size(p, np.arange(self.n)) * normals(self.seed, 1, self.n)[0]
        return np.concatenate([[1.0], 1.0 + np.cumsum(np.minimum(delta, 0.0))])


class TradeOffExplorer(widgets.TradeOffExplorer):
    """The parameters at the point."""

    def parameters(self) -> Parameters:
        """Return the parameters that the sliders say."""
        return Parameters(self.sigma0, self.gamma, self.mu, price=self.price, extended=True)
