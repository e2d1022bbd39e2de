"""Explorer of the chapter on fitting."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from arbook import logs
from arbook.runs.changes import TRIM
from arbook.widgets import _sliders
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider
from arbook.widgets._runs import RUNS, load, numbers, searcher

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


@cache
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


class FitExplorer(Explorer):
    """A real run fitted by hand: its changes, the band of the parameters, the log likelihood."""

    name = "fit"
    title = "Fit explorer"
    view = "fit.js"

    sigma0 = slider(
        START_SIGMA0[RUNS[0]], 0.001, 200.0, 0.01, symbol="σ₀", words="initial step size", log=True
    )
    gamma = _sliders.gamma(START_GAMMA, 0.92, 1.08)
    relative_mu = slider(0.0, -1.0, 2.0, 0.01, symbol="μ/σ₀", words="relative bias", digits=2)
    run = slider(1, 1, len(RUNS), 1, words="run, in the order of the buttons", more=True)
    catastrophes = slider(
        0, 0, 1, 1, words="catastrophes left out (0) or counted in (1)", more=True
    )

    presets = tuple(
        Preset(
            name,
            {"run": run, "sigma0": START_SIGMA0[name]},
            f"The changes of {name}, to be fitted from a first guess.",
        )
        for run, name in enumerate(RUNS, start=1)
    )
    untouched = ("catastrophes",)
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
        return {"runs": [_run_data(run) for run in range(1, len(RUNS) + 1)]}
