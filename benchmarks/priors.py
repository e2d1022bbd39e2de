"""How likely what follows is under a fit to few rows: without a prior, and with three of them."""

from collections.abc import Callable

import numpy as np

from arbook import ParameterError, RunLog, logs
from arbook._numerics.minimising import covariance, descend, lowest
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
    found = theta / spans(family, span)
    if family.name == "normal":
        found[2] *= np.exp(-theta[0])
    return found


def spans(family: Family, span: int) -> np.ndarray:
    """Return what coordinates are divided by, so that decays are those of an experiment."""
    per_run = [0.0, 1, 0] if family.name == "normal" else [0.0, 0, 0, 1, 0, 1]
    return np.where(per_run, float(span), 1.0)


def fitted(family: Family, data: Changes, penalty: Penalty) -> np.ndarray:
    """Return the coordinates at which likelihood and prior are largest."""
    cost = data.cost(family)
    return descend(lambda x: cost(x) + penalty(x), data.start(family))


def errors(family: Family, data: Changes, theta: np.ndarray) -> np.ndarray:
    """Return the standard errors of a fit's coordinates, decays per experiment."""
    cost, weak = data.cost(family), weakest(family, data.span)
    found = covariance(lambda x: cost(x) + weak(x), theta)
    return np.sqrt(np.abs(np.diag(found))) / spans(family, data.span)


def between(x: np.ndarray, error: np.ndarray) -> tuple[float, float]:
    """Return mean and spread of runs whose fits have errors.

    They are the most likely if fits have a Student's t distribution with 4 degrees of freedom,
    which the few that ran away do not move.
    """

    def cost(p: np.ndarray) -> float:
        variance = error**2 + np.exp(2 * p[1])
        ratio = (x - p[0]) ** 2 / variance
        return float((0.5 * np.log(variance) + 2.5 * np.log1p(ratio / 4)).sum())

    start = np.array([np.median(x), np.log(robust_std(x))])
    mean, log_spread = lowest(cost, [start]).tolist()
    return mean, float(np.exp(log_spread))


def of_forecasts(family: Family, span: int) -> Penalty:
    """Return the prior that forecasts use."""
    return lambda x: family.penalty(x, span)


def of_runs(family: Family, span: int, mean: np.ndarray, spread: np.ndarray) -> Penalty:
    """Return a normal prior of the coordinates whose spread is finite."""

    def penalty(x: np.ndarray) -> float:
        z = (relative(family, x, span) - mean) / spread
        return 0.5 * float(z @ z)

    return penalty


def learn(
    family: Family, known: np.ndarray, error: np.ndarray
) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Return means and spreads of the population's prior, and of one in the form of forecasts'."""
    plain = np.median(known, axis=0), np.array([robust_std(column) for column in known.T])
    mean, spread = np.array([between(*pair) for pair in zip(known.T, error.T, strict=True)]).T
    if family.name == "normal":
        spread[[0, 2]] = np.inf  # flat in size and bias
    return plain, (mean, spread)


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
        own_place, known, error = [], [], []
        for run, place in zip(runs, places, strict=True):
            try:
                data, _, _ = changes_of(run, TRIM)
            except ParameterError:
                continue
            theta = fitted(family, data, weakest(family, data.span))
            own_place.append(place)
            known.append(relative(family, theta, data.span))
            error.append(errors(family, data, theta))
        learnt = {
            place: learn(
                family,
                *(np.array(x)[np.array(own_place) != place] for x in (known, error)),
            )
            for place in dict.fromkeys(places.tolist())
        }
        for first in FIRST:
            parts = {i: part for i, run in enumerate(runs) if (part := cut(run, first))}
            said = []
            for i, (data, delta, t) in parts.items():
                priors = (
                    weakest(family, data.span),
                    of_forecasts(family, data.span),
                    *(of_runs(family, data.span, *law) for law in learnt[places[i]]),
                )
                thetas = [fitted(family, data, prior) for prior in priors]
                found = [family.log_density(theta, delta, t, data.span) for theta in thetas]
                said.append([np.maximum(x, LOWEST).mean() for x in found])
            none, typed, of_fits, in_form = np.array(said).T
            own = [places[i] for i in parts]
            cells = [
                "{:+.2f} ± {:.2f}".format(*clustered(less, own))
                for less in (of_fits - none, of_fits - typed, in_form - typed)
            ]
            rows.append((
                name, f"{first}", f"{len(parts)} of {len(set(own))}",
                *(f"{np.median(x):.2f}" for x in (none, typed, of_fits, in_form)), *cells
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
            "its form, learnt",
            "population's less no prior",
            "less that of forecasts",
            "learnt less that of forecasts",
        ),
        rows,
        "Log likelihood of a change, as many after the first rows as they are; medians over runs, "
        "and mean differences with standard errors by repository. A change counts with at least "
        f"{LOWEST:g} nats. The population's prior is normal in all coordinates, with the medians "
        "and robust spreads of fits to whole runs from other repositories; sizes are in the log's "
        "mean change, decays per experiment. The learnt one has the form of that of forecasts, "
        "with the means and spreads between those runs, the errors of their fits taken off. No "
        "prior is a weak one for gains and losses apart.",
    )
