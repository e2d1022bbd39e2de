"""Explorer of the chapter on fitting."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from arbook import logs
from arbook.model.laws import keep_probability
from arbook.model.parameters import Parameters, step_size
from arbook.runs.fitting import TRIM
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider
from arbook.widgets._runs import RUNS, load, numbers, searcher, significant, unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Where a fit by hand begins: a step size of the right order, and the rest as the model is stated.
START_GAMMA = 0.98
START_SIGMA0 = {
    "h100-mar8": 0.01,
    "pr109-loop": 0.3,
    "pr246-rmse": 100.0,
    "macos-pr11-rmse": 3.0,
    "mol-nlp-agent-1": 0.03,
    "mol-smiles-hp-only-1": 0.02,
    "mol-nlp-random-nas-1": 0.1,
}


def _rule(catastrophes: int) -> float | None:
    """Return the rule for catastrophes: the one of `logs.fit`, or none."""
    return None if catastrophes else TRIM


@cache
def _fit(run: int, catastrophes: int) -> logs.Fit:
    """Return the maximum-likelihood fit of a run, without its catastrophes or with them."""
    return logs.fit(load(run), trim=_rule(catastrophes))


def _run_data(run: int) -> dict[str, Any]:
    log = load(run)
    t = np.flatnonzero(np.isfinite(log.delta))
    fits = [_fit(run, catastrophes) for catastrophes in (0, 1)]
    return {
        "name": RUNS[run - 1],
        "searcher": searcher(run),
        "metric": log.metric,
        "n": log.n_experiments,
        "t": t.tolist(),
        "delta": numbers(log.delta[t]),
        "used": np.isin(t, fits[0].t).tolist(),
        "fits": [{**f.estimates, "logLikelihood": f.log_likelihood} for f in fits],
    }


@cache
def _all_data() -> dict[str, Any]:
    return {"runs": [_run_data(run) for run in range(1, len(RUNS) + 1)]}


class FitExplorer(Explorer):
    """A real run fitted by hand: its changes, the band of the parameters, the log likelihood.

    Parameters
    ----------
    sigma0 : float
        Initial step size in the metric's unit.
    gamma : float
        Decay rate.
    relative_mu : float
        Bias in units of the initial step size, so that one slider serves metrics of any size.
    run : int
        Number of the run in `arbook.logs.available_runs`, from 1.
    catastrophes : int
        1 counts the run's catastrophes in, 0 leaves them out as `arbook.logs.fit` does.

    Examples
    --------
    >>> explorer = FitExplorer(sigma0=0.004, gamma=0.987, relative_mu=0.2)
    >>> round(explorer.log_likelihood(), 1), round(explorer.fit().log_likelihood, 1)
    (607.9, 608.5)
    """

    name = "fit"
    title = "Fit explorer"
    view = "fit.js"

    sigma0 = slider(
        START_SIGMA0[RUNS[0]], 0.001, 200.0, 0.01,
        symbol="σ₀", words="initial step size", log=True,
    )  # fmt: skip
    gamma = slider(START_GAMMA, 0.92, 1.08, 0.001, symbol="γ", words="decay rate")
    relative_mu = slider(0.0, -1.0, 2.0, 0.01, symbol="μ/σ₀", words="relative bias", digits=2)
    run = slider(1, 1, len(RUNS), 1, symbol="", words="run, in the order of the buttons", more=True)
    catastrophes = slider(
        0, 0, 1, 1, symbol="", words="catastrophes left out (0) or counted in (1)", more=True
    )

    presets = tuple(
        Preset(
            name,
            {
                "run": RUNS.index(name) + 1,
                "sigma0": START_SIGMA0[name],
                "gamma": START_GAMMA,
                "relative_mu": 0.0,
            },
            f"The changes of {name}, to be fitted from a first guess.",
        )
        for name in RUNS
    )
    guess = Guess(
        text=(
            "One change of h100-mar8 is +2.24, a thousand times larger than most others. Fit the "
            "model once without it and once with it: what does this row do to the estimate of μ?"
        ),
        because=(
            "A normal distribution can explain +2.24 only by steps that grow all night, and then "
            "the many small losses of late hardly count. Press Count catastrophes in."
        ),
        choices=("It moves it by a few per cent", "It doubles it", "It turns its sign"),
    )
    after = Question(
        text="Reveal the best fit and move the sliders there. Where does even that not fit?",
        answer=(
            "The bars lean to one side of the curve: losses have a long tail, gains a short one. "
            "And the model keeps about twice as many changes as the agent did. One spread for "
            "gains and losses cannot have it both ways."
        ),
    )
    first_seed = None

    def load_data(self) -> Mapping[str, Any]:
        """Return the changes of all runs, and their fits."""
        return _all_data()

    def parameters(self) -> Parameters:
        """Return the model of the sliders, in the metric's unit."""
        mu = self.relative_mu * self.sigma0
        return Parameters(self.sigma0, self.gamma, mu, extended=True)

    def log_likelihood(self) -> float:
        """Return the log likelihood of the run's changes under the model of the sliders."""
        return logs.log_likelihood(load(self.run), self.parameters(), trim=_rule(self.catastrophes))

    def fit(self) -> logs.Fit:
        """Return the maximum-likelihood fit of the run."""
        return _fit(self.run, self.catastrophes)

    def draw_still(self, figure: Figure) -> None:
        """Draw the changes, the band of the sliders, and the best fit's."""
        log, left_out = load(self.run), _fit(self.run, 0)
        used, t = left_out.t, np.arange(log.n_experiments)
        axes = figure.subplots()
        axes.axhline(0, color="0.5", lw=0.8)
        axes.plot(used, log.delta[used], "o", mfc="none", mec="0.35", ms=4.5, label="changes")
        low, high = _frame(log.delta[used])
        for p, colour, label in (
            (self.parameters(), "#0072b2", "μ ± 2σ of the sliders"),
            (self.fit().parameters, "#d55e00", "μ ± 2σ of the best fit"),
        ):
            sigma = step_size(p, t)
            ends = np.clip([p.mu - 2 * sigma, p.mu + 2 * sigma], low, high)
            axes.fill_between(t, *ends, color=colour, alpha=0.16, lw=0, label=label)
            axes.plot(t, np.full(t.size, p.mu), color=colour, lw=1.4)
        far = np.flatnonzero(log.delta > left_out.threshold)
        if far.size:
            axes.plot(
                far, np.full(far.size, 0.985), "^", color="#aa4499", ms=7, label="catastrophes",
                transform=axes.get_xaxis_transform(),
            )  # fmt: skip
        axes.set(
            xlabel="experiment t", ylabel=f"change δ, {unit(log.metric)}",
            xlim=(-1, log.n_experiments), ylim=(low, high),
        )  # fmt: skip
        figure.legend(frameon=False, loc="outside upper left", ncols=4, fontsize=9)

    def describe_still(self) -> str:
        """Say what the picture shows."""
        log, best, p = load(self.run), self.fit(), self.parameters()
        q = best.parameters
        keeps = float(np.mean(keep_probability(p, best.t)))
        return (
            f"{best.n_changes} measured changes of {RUNS[self.run - 1]} in {unit(log.metric)}, "
            f"with {_fit(self.run, 0).n_catastrophes} catastrophes at the upper edge. The band of "
            f"σ₀ = {significant(p.sigma0)}, γ = {p.gamma:.3f}, μ = {significant(p.mu)} has the log "
            f"likelihood {self.log_likelihood():.1f} and would keep {keeps:.0%}; the run kept "
            f"{np.mean(log.delta[best.t] < 0):.0%}. The best fit, σ₀ = {significant(q.sigma0)}, "
            f"γ = {q.gamma:.3f}, μ = {significant(q.mu)}, has {best.log_likelihood:.1f}."
        )


def _frame(delta: Any) -> tuple[float, float]:
    """Return the ends of the y axis: the changes, with room for a band that is too wide."""
    low, high = float(delta.min()), float(delta.max())
    room = 0.25 * (high - low)
    return low - room, high + room
