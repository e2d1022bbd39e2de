"""How likely what follows is under a fit to few rows: without a prior, and with two of them."""

from collections.abc import Callable

import numpy as np

from arbook import ParameterError, RunLog, logs
from arbook._numerics.minimising import descend
from arbook._numerics.robust import robust_std
from arbook.runs.changes import TRIM, Changes, changes_of
from arbook.runs.families import Family, families
from arbook.runs.scales import scaled
from arbook.runs.scores import clustered
from benchmarks._measure import Table

FIRST = (10, 20, 40)
#: The fewest changes that are predicted, and the least log density that one counts with.
FEWEST, LOWEST = 4, -50.0

Penalty = Callable[[np.ndarray], float]


def relative(family: Family, theta: np.ndarray, span: int) -> np.ndarray:
    """Return coordinates in the run's scale, decays per experiment and a bias in steps."""
    found = theta.copy()
    decays = [1] if family.name == "normal" else [3, 5]
    found[decays] /= span
    if family.name == "normal":
        found[2] *= np.exp(-theta[0])
    return found


def fitted(family: Family, data: Changes, penalty: Penalty) -> np.ndarray:
    """Return the coordinates at which likelihood and prior are largest."""
    cost = data.cost(family)
    return descend(lambda x: cost(x) + penalty(x), data.start(family))


def priors(family: Family, span: int, others: np.ndarray) -> tuple[Penalty, Penalty, Penalty]:
    """Return no prior, that of forecasts, and that of other runs.

    Gains and losses apart have a weak one for none, which keeps a fit within numbers.
    """
    mean = np.median(others, axis=0)
    spread = np.array([robust_std(column) for column in others.T])

    def population(x: np.ndarray) -> float:
        z = (relative(family, x, span) - mean) / spread
        return 0.5 * float(z @ z)

    return weakest(family, span), lambda x: family.penalty(x, span), population


def weakest(family: Family, span: int) -> Penalty:
    """Return no prior, or nearly none."""
    if family.name == "normal":
        return lambda _: 0.0
    return lambda x: family.weak_prior(x, span)


def cut(run: RunLog, first: int) -> tuple[Changes, np.ndarray, np.ndarray] | None:
    """Return the changes of the first rows, and as many that follow, catastrophes left out."""
    try:
        data, threshold, _ = changes_of(run.first(first), TRIM)
    except ParameterError:
        return None
    t = np.flatnonzero(np.isfinite(run.delta) & (run.delta <= threshold))
    t = t[(t >= first) & (t < 2 * first)]
    return (data, run.delta[t] / data.scale, t) if t.size >= FEWEST else None


def table() -> Table:
    """Measure and return the table."""
    runs = [scaled(run).log for run in logs.atlas()]
    places = np.array([source.repository for source in logs.sources().values()])
    rows = []
    for name in ("normal", "two-part"):
        family = families()[name]
        known = {}
        for i, run in enumerate(runs):
            try:
                data, _, _ = changes_of(run, TRIM)
            except ParameterError:
                continue
            theta = fitted(family, data, weakest(family, data.span))
            known[i] = relative(family, theta, data.span)
        for first in FIRST:
            parts = {i: part for i, run in enumerate(runs) if (part := cut(run, first))}
            said = []
            for i, (data, delta, t) in parts.items():
                others = np.array([x for j, x in known.items() if places[j] != places[i]])
                thetas = [
                    fitted(family, data, prior) for prior in priors(family, data.span, others)
                ]
                found = [family.log_density(theta, delta, t, data.span) for theta in thetas]
                said.append([np.maximum(x, LOWEST).mean() for x in found])
            none, typed, of_runs = np.array(said).T
            own = [places[i] for i in parts]
            cells = [
                f"{mean:+.2f} ± {error:.2f}"
                for mean, error in (clustered(of_runs - x, own) for x in (none, typed))
            ]
            rows.append((
                name, f"{first}", f"{len(parts)} of {len(set(own))}",
                *(f"{np.median(x):.2f}" for x in (none, typed, of_runs)), *cells
            ))  # fmt: skip
    return Table(
        "Priors",
        (
            "family",
            "first rows",
            "runs of repositories",
            "no prior",
            "that of forecasts",
            "population's",
            "less no prior",
            "less that of forecasts",
        ),
        rows,
        "Log likelihood of a change, as many after the first rows as they are; medians over runs, "
        "and mean differences with standard errors by repository. A change counts with at least "
        f"{LOWEST:g} nats. The population's prior is normal in all coordinates, with the medians "
        "and robust spreads of fits to whole runs from other repositories; sizes are in the log's "
        "mean change, decays per experiment. No prior is a weak one for gains and losses apart.",
    )
