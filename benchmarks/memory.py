"""Memory of the simulation: with paths it grows with the runs, without them it does not."""

import tracemalloc
from collections.abc import Callable

from arbook import Parameters, simulate, simulate_moments
from benchmarks._measure import Table, verdict

P = Parameters(0.010, 0.97, -0.001)
N = 100


def peak(function: Callable[[], object]) -> int:
    """Return the most bytes that were held at a time."""
    tracemalloc.start()
    function()
    size = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return size


def table() -> Table:
    """Measure and return the table."""
    simulate_moments(P, N, 10, seed=1)  # imports
    rows, first = [], None
    for n_runs in (10_000, 100_000, 1_000_000):
        moments = peak(lambda n=n_runs: simulate_moments(P, N, n, seed=1))
        first = first or moments
        paths = peak(lambda n=n_runs: simulate(P, N, n, seed=1)) if n_runs < 1_000_000 else None
        rows.append((
            f"{n_runs:,}",
            f"{moments / 1e6:.2f}",
            f"{moments / first:.2f}",
            verdict(moments / first, 1.05),
            "not tried" if paths is None else f"{paths / 1e6:.0f}",
        ))  # fmt: skip
    return Table(
        "Memory",
        ("runs", "`simulate_moments`, MB", "ratio to the fewest", "target", "`simulate`, MB"),
        rows,
        f"Peak of what is allocated (tracemalloc), {N} experiments a run.",
    )
