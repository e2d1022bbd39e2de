"""Fit the population to the atlas: ``python -m arbook.runs.surveying``, some minutes.

It writes ``arbook/data/population.json``: the fit to all runs, and those without the runs of each
repository. The odds of an improvement are fitted to what came after a run's first part, given that
part, since that is what they are to forecast: the density of a whole run is mostly that of its
crowded start. Sizes are fitted to whole runs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

import numpy as np

from arbook._numerics.minimising import lowest
from arbook._numerics.shipped import shipped_path
from arbook._numerics.validation import FloatArray
from arbook.model.run import RunLog
from arbook.runs import gaining, keeping
from arbook.runs.atlas import atlas, sources
from arbook.runs.population import FILE, Population
from arbook.runs.scales import scaled

#: Shares, and numbers of first experiments, after which a run is cut in two parts.
SHARES = (0.25, 0.5, 0.75)
FIRST = (10, 20)

# The fewest experiments before and after a cut.
_BEFORE, _AFTER = 8, 5

# Digits of the cost, in nats: standard errors are a hundred times as wide.
_DIGITS = 1e-4

#: Where the search starts.
START = Population(-1.9, -0.6, 0.8, -1.1, -0.55, 0.75, 0.45, 1.2, 9.0, 0.01)


def survey(runs: Sequence[RunLog], start: Population = START) -> Population:
    """Return the population whose runs make these likely."""
    on_scale = [scaled(run).log for run in runs]
    cost = conditional_cost(on_scale)
    first = [start.keep_start, start.keep_slope, np.log(start.keep_walk)]
    a, b, walk = lowest(cost, [np.array(first)], _DIGITS).tolist()
    found = replace(start, keep_start=a, keep_slope=b, keep_walk=float(np.exp(walk)))
    sizes = [gaining.gains(run, 1.0) for run in on_scale]
    names = ("gain_level", "gain_walk", "gain_noise", "freedom")

    def with_sizes(x: FloatArray) -> Population:
        rest = dict(zip(names, np.exp(x[2:]).tolist(), strict=True))
        return replace(found, gain_start=float(x[0]), gain_slope=float(x[1]), **rest)

    first = [start.gain_start, start.gain_slope, *np.log([getattr(start, n) for n in names])]
    best = lowest(lambda x: -gaining.log_density(sizes, with_sizes(x)), [np.array(first)], _DIGITS)
    of_baseline = [
        size.unit / (abs(run.f0) if scaled(raw).start is None else 1.0)
        for size, run, raw in zip(sizes, on_scale, runs, strict=True)
        if run.f0
    ]
    return replace(with_sizes(best), usual_change=float(np.median(of_baseline)))


def conditional_cost(runs: Sequence[RunLog]) -> Callable[[FloatArray], float]:
    """Return minus the log evidence of the second parts of runs, given the first.

    Every run counts once, however often it is cut.
    """
    before, whole, weight = [], [], []
    for run in runs:
        n, improvement = run.n_experiments, np.nan_to_num(run.improvement)
        cuts = sorted({*FIRST, *(int(n * share) for share in SHARES)})
        cuts = [cut for cut in cuts if cut >= _BEFORE and n - cut >= _AFTER]
        for cut in cuts:
            first, second = keeping.edges_of(cut), keeping.edges_of(n, cut)
            before.append(keeping.counts(improvement[:cut], first))
            whole.append(keeping.counts(improvement, np.concatenate([first, second[1:]])))
            weight.append(1 / len(cuts))
    parts, share = [keeping.stacked(before), keeping.stacked(whole)], np.array(weight)

    def cost(x: FloatArray) -> float:
        early, late = (
            keeping.odds(part, x[0], x[1], float(np.exp(x[2]))).log_evidence for part in parts
        )
        return float(share @ (early - late))

    return cost


def main() -> None:
    """Fit all, and write the file."""
    runs, repositories = atlas(), [source.repository for source in sources().values()]
    fitted = {"": survey(runs)}
    for left_out in dict.fromkeys(repositories):
        rest = [run for run, own in zip(runs, repositories, strict=True) if own != left_out]
        fitted[left_out] = survey(rest, fitted[""])
    numbers = {
        name: {key: float(f"{value:.6g}") for key, value in asdict(found).items()}
        for name, found in fitted.items()
    }
    text = ",\n".join(f"{json.dumps(name)}: {json.dumps(row)}" for name, row in numbers.items())
    path = shipped_path(FILE)
    path.write_text(f"{{\n{text}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
