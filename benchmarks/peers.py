"""The (1+1) strategies of two libraries and a plain loop on the sphere: speed, and progress."""

import logging
import math
import random
import warnings
from collections.abc import Callable

import numpy as np

from arbook.landscapes import SuccessRule, progress_rate, search, sphere
from benchmarks._measure import Table, interleaved, ratio

D, STEPS, SETTLED = 100, 3_000, 1_000
ROUNDS, SEARCHES = 4, 200
BEST = 1.2240  # the best step in units of R/d
FIFTH = 1.6832  # the step at which one in five is kept: Phi(-s/2) = 1/5
START, STEP = [1 / math.sqrt(D)] * D, BEST / D

#: The best value after each evaluation, one list a search.
Frontiers = list[np.ndarray]


def f(x: np.ndarray) -> float:
    """Return the squared distance from the optimum."""
    return float(x @ x)


def loop(seed: int) -> Frontiers:
    """Run the 1/5 rule as one writes it first, in lists of Python's own numbers."""
    rng = random.Random(seed)
    x, step = START, STEP
    best = sum(v * v for v in x)
    frontier = [best]
    for _ in range(STEPS):
        variant = [v + rng.gauss(0.0, step) for v in x]
        value = sum(v * v for v in variant)
        if value < best:
            x, best, step = variant, value, step * 1.5
        else:
            step *= 1.5**-0.25
        frontier.append(best)
    return [np.array(frontier)]


def ours(seed: int, n_runs: int = 1, factor: float = 1.5) -> Frontiers:
    """Run `search` of this package."""
    rule = SuccessRule(STEP, factor)
    return list(search(sphere, START, rule, STEPS, n_runs, seed=seed).frontier)


def nevergrad(seed: int) -> Frontiers:
    """Run nevergrad's (1+1) strategy."""
    import nevergrad as ng

    space = ng.p.Array(init=np.array(START)).set_mutation(sigma=STEP)
    space.random_state.seed(seed)
    optimizer = ng.optimizers.OnePlusOne(parametrization=space, budget=STEPS)
    values = [f(np.array(START))]
    for _ in range(STEPS):
        asked = optimizer.ask()
        values.append(f(asked.value))
        optimizer.tell(asked, values[-1])
    return [np.minimum.accumulate(values)]


def pycma(seed: int) -> Frontiers:
    """Run the smallest elitist strategy that pycma has, without its covariance matrix."""
    import cma

    options = {
        "popsize": 2, "CMA_mu": 1, "CMA_elitist": True, "CMA_on": 0, "seed": seed + 1,
        "tolx": 0, "tolfun": 0, "tolstagnation": math.inf, "verbose": -9,
    }  # fmt: skip
    strategy = cma.CMAEvolutionStrategy(START, STEP, options)
    values = [f(np.array(START))]
    for _ in range(STEPS // 2):
        asked = strategy.ask()
        new = [f(x) for x in asked]
        strategy.tell(asked, new)
        values += new
    return [np.minimum.accumulate(values)]


def rate(frontiers: Frontiers) -> tuple[float, float]:
    """Return the progress rate d E[-ln R' / R] after the start, and its standard error."""
    fall = np.array([np.log(f[SETTLED] / f[-1]) for f in frontiers]) / 2
    rates = D * fall / (STEPS - SETTLED)
    return float(rates.mean()), float(rates.std(ddof=1) / math.sqrt(len(rates)))


def table() -> Table:
    """Measure and return the table."""
    logging.getLogger("nevergrad").setLevel(logging.ERROR)
    names: dict[str, tuple[Callable[[int], Frontiers], int]] = {
        "(a) plain Python loop, 1/5 rule": (loop, 1),
        "pycma, elitist (1+2) with mirrored steps": (pycma, 1),
        "nevergrad, `OnePlusOne`": (nevergrad, 1),
        "`arbook.landscapes.search`, 1/5 rule, one search": (ours, 1),
        f"`arbook.landscapes.search`, {SEARCHES} searches at a time": (
            lambda seed: ours(seed, SEARCHES),
            SEARCHES,
        ),
        "the same, with a factor of 1.1 instead of 1.5": (
            lambda seed: ours(seed, SEARCHES, 1.1),
            SEARCHES,
        ),
    }
    found: dict[str, Frontiers] = {name: [] for name in names}

    def run(name: str) -> None:
        found[name] += names[name][0](len(found[name]))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the peers' own
        times = interleaved({name: lambda name=name: run(name) for name in names}, ROUNDS)
    each = {name: values / names[name][1] for name, values in times.items()}
    reference = next(iter(each.values()))
    rows = []
    for name, values in each.items():
        progress, error = rate(found[name])
        rows.append((
            name,
            f"{STEPS / np.median(values):,.0f}",
            f"{1 / ratio(values, reference):.2f}",
            f"{progress:.4f} ± {error:.4f}",
            f"{progress / progress_rate(BEST):.2f}",
        ))  # fmt: skip
    for name, step in (("one in five kept", FIFTH), ("the best step always", BEST)):
        law = progress_rate(step)
        rows.append((
            f"theory, d → ∞: {name}", "", "", f"{law:.4f}", f"{law / progress_rate(BEST):.2f}",
        ))  # fmt: skip
    return Table(
        "Against peers",
        ("what", "experiments a second", "ratio to (a)", "progress rate φ*", "of the largest"),
        rows,
        f"The sphere in {D} dimensions, {STEPS:,} evaluations a search, the same start and first "
        f"step; medians of {ROUNDS} interleaved rounds by the clock on the wall. φ* is d times the "
        f"mean fall of ln R in a step, after the first {SETTLED:,}, ± a standard error over the "
        "searches. pycma has no (1+1) strategy: its smallest elitist one draws two opposite steps "
        "at a time. At most one of two is an improvement, so its φ* a step has the same theory; it "
        "adapts the step by the length of its path, which here beats counting successes.",
    )
