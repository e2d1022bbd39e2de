"""The shipped runs that can be judged, with the parameters that each suggests for any noise."""

from functools import cache
from typing import Any

import numpy as np

from arbook import logs
from arbook._numerics.validation import FloatArray
from arbook.noise import learn
from arbook.noise.traces import Trace
from arbook.widgets._runs import RUNS, load, numbers, searcher

#: Runs in bits per byte that luck alone does not explain; the noise that each log tells, and the
#: interval that holds it with 95 %.
JUDGED = {
    "h100-mar8": (0.00047, 0.00012, 0.0011),
    "pr109-loop": (0.0148, 0.0013, 0.047),
    "mol-nlp-agent-1": (0.00098, 0.0001, 0.0029),
    "mol-smiles-hp-only-1": (0.0041, 0.0019, 0.0068),
}
#: The noise of 27 repeats of one program.
REPEATED = 0.00051
LOWEST, HIGHEST = 2e-5, 0.05

#: Noises at which parameters are learnt, those of presets among them; between them they are
#: interpolated.
NOISES = np.unique(
    [*np.geomspace(LOWEST, HIGHEST, 21), REPEATED, *(noise for noise, *_ in JUDGED.values())]
)


def trace(run: int) -> Trace:
    """Return what the loop of a run saw; runs are counted from 1."""
    log = load(RUNS.index(list(JUDGED)[run - 1]) + 1)
    return logs.trace(log)


@cache
def run_data(run: int) -> dict[str, Any]:
    """Return a run for the page: what its loop saw, and the parameters at each of `NOISES`."""
    name, seen = list(JUDGED)[run - 1], trace(run)
    return {
        "name": name,
        "searcher": searcher(RUNS.index(name) + 1),
        "allowed": list(JUDGED[name][1:]),
        **learnt_at(seen, NOISES),
    }


def learnt_at(seen: Trace, noises: FloatArray) -> dict[str, Any]:
    """Return what a loop saw, and the parameters that it suggests at each noise, for the page."""
    learnt = [learn(seen, float(noise)) for noise in noises]
    return {
        "baseline": seen.baseline,
        "y": [None if np.isnan(y) else y for y in numbers(seen.y)],
        "kept": seen.kept.tolist(),
        "again": seen.again.tolist(),
        **{
            key: numbers(np.array([getattr(said, key)[0] for said in learnt]))
            for key in ("sigma0", "gamma", "mu")
        },
    }
