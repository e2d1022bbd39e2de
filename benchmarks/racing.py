"""Experiments that a race and successive halving take, to choose as rightly as even shares do."""

import numpy as np

from arbook import Parameters, symmetric_gain_area
from arbook.programs import Program, race, rank, sample_programs, successive_halving
from benchmarks._measure import Table, verdict

N = 100
CONTESTS = 2000
POOL = 20_000
ERROR, FIRST_RUNS = 0.05, 25
#: Decay rates of the eight programs: with common luck their nights are similar, not the same.
GAMMAS = [0.97, 0.95, 0.98, 0.96, 0.975, 0.94, 0.985, 0.955]
#: Areas as multiples of the usual program's, the first the best; and whether luck is common.
SHELVES = {
    "stairs: each 10 % better than the next": ([1.1 - 0.1 * i for i in range(8)], False),
    "10 % in twos and threes": ([1.1, 1.0, 1.0, 1.0, 0.9, 0.9, 0.9, 0.8], False),
    "one 10 % better than seven equals": ([1.1, *[1.0] * 7], False),
    "stairs of 2 %, common luck": ([1.1 - 0.02 * i for i in range(8)], True),
    "one 2 % better than seven equals, common luck": ([1.02, *[1.0] * 7], True),
}


def even_shares(area: np.ndarray, wanted: float) -> int:
    """Return the runs of each program with which even shares are right as often as wanted.

    Means of many runs are normal, with the covariance of the pool's runs.
    """
    mean, rng = area.mean(axis=1), np.random.default_rng(1)
    # by eigenvalues: with common luck the covariance is all but singular
    luck = rng.multivariate_normal(0 * mean, np.cov(area), 200_000, method="eigh")

    def enough(n_runs: int) -> bool:
        return bool(((mean + luck / n_runs**0.5).argmax(axis=1) == 0).mean() >= wanted)

    return smallest(enough, 400)


def smallest(enough, most: int) -> int:
    """Return the smallest number up to `most` that is enough, by halving the interval."""
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def measure(multiples: list[float], common: bool) -> tuple[float, float, float, float]:
    """Return P(right) of the race, and the runs of race, halving and even shares for it."""
    usual = symmetric_gain_area(Parameters(0.01, 0.97), N)
    shelf = [
        Program(str(i), Parameters(m * usual / symmetric_gain_area(Parameters(1.0, g), N), g))
        for i, (m, g) in enumerate(zip(multiples, GAMMAS, strict=True))
    ]
    area = np.array(list(sample_programs(shelf, N, POOL, seed=1, common=common).values()))
    gap = rank(shelf, N)[0].mean - rank(shelf, N)[1].mean
    programs = range(len(shelf))

    def sampler(contest: int):
        # run j of a program is one of its pool, of all programs the same one if luck is common
        places = np.random.default_rng(contest).integers(
            0, POOL, (1 if common else len(shelf), 4000)
        )
        return lambda program, run: area[program, places[0 if common else program, run]]

    races = [
        race(programs, sampler(i), indifference=gap, error=ERROR, first_runs=FIRST_RUNS)
        for i in range(CONTESTS)
    ]
    right = float(np.mean([choice.best == 0 for choice in races]))
    wanted = min(right, 1 - 1 / CONTESTS)  # no more can be said if all are right

    def halved(budget: int) -> float:
        found = (successive_halving(programs, sampler(i), budget).best for i in range(CONTESTS))
        return float(np.mean([best == 0 for best in found]))

    even = len(shelf) * even_shares(area, wanted)
    step = len(shelf) * 3
    halving = step * smallest(lambda i: halved(step * i) >= wanted, max(2, 2 * even // step))
    return right, float(np.mean([choice.total for choice in races])), halving, even


def table() -> Table:
    """Measure and return the table."""
    rows = []
    for name, (multiples, common) in SHELVES.items():
        right, raced, halved, even = measure(multiples, common)
        rows.append((
            name,
            f"{right:.3f}",
            f"{even * N:,}",
            f"{raced * N:,.0f}",
            f"{raced / even:.2f}",
            f"{halved * N:,}",
            f"{halved / even:.2f}",
            verdict(raced / even, 0.5),
        ))  # fmt: skip
    return Table(
        "Racing",
        (
            "shelf of eight programs",
            "P(right)",
            "experiments, even shares",
            "race",
            "ratio",
            "halving",
            "ratio",
            "target for the race",
        ),
        rows,
        f"Runs of {N} experiments; indifference = the lead of the best, error {ERROR:g}, first "
        f"decision after {FIRST_RUNS} runs of each; {CONTESTS:,} contests of race and halving with "
        f"runs from a pool of {POOL:,} a program; even shares by the normal distribution with the "
        "pool's covariance. P(right) is the race's; the others get the fewest experiments with "
        f"which they are as often right (at most 1 − 1/{CONTESTS:,}).",
    )
