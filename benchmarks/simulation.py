"""Speed of the simulation, against the random numbers that it cannot do without."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from arbook import Parameters, simulate, simulate_moments, step_size
from benchmarks._measure import Table, interleaved, ratio, verdict

P = Parameters(0.010, 0.97, -0.001)
N, RUNS, LOOP_RUNS = 100, 100_000, 200
ROUNDS = 9


def fill_same(n_runs: int = RUNS) -> None:
    """Fill an array with normals from the generator that `simulate` uses."""
    np.random.Generator(np.random.SFC64(1)).standard_normal(out=np.empty((n_runs, N)))


def fill_default() -> None:
    """Fill it from the generator that NumPy gives by default."""
    np.random.default_rng(1).standard_normal(out=np.empty((RUNS, N)))


def plain() -> tuple[np.ndarray, ...]:
    """Simulate the way one writes it first."""
    rng = np.random.default_rng(1)
    delta = rng.normal(P.mu, step_size(P, np.arange(N)), size=(RUNS, N))
    kept = delta < 0
    path = 1.0 + np.cumsum(np.where(kept, delta, 0.0), axis=1)
    frontier = np.concatenate([np.ones((RUNS, 1)), path], axis=1)
    return delta, kept, frontier, (1.0 - frontier[:, 1:]).sum(axis=1)


def loop() -> None:
    """Simulate with Python's own numbers, some of the runs."""
    rng = random.Random(1)
    for _ in range(LOOP_RUNS):
        frontier, delta, kept, area = [1.0], [], [], 0.0
        for t in range(N):
            change = rng.gauss(P.mu, P.sigma0 * P.gamma**t)
            delta.append(change)
            kept.append(change < 0)
            frontier.append(frontier[-1] + change if change < 0 else frontier[-1])
            area += 1.0 - frontier[-1]


def table() -> Table:
    """Measure and return the table."""
    one = {
        "(a) fill an array with normals": fill_default,
        "(a′) the same, from the generator that `simulate` uses": fill_same,
        "`simulate`": lambda: simulate(P, N, RUNS, seed=1),
        "`simulate_moments`": lambda: simulate_moments(P, N, RUNS, seed=1),
        "(b) plain vectorised NumPy": plain,
        "(c) Python loop": loop,
    }
    times = interleaved(one, ROUNDS, time.thread_time)
    times["(c) Python loop"] *= RUNS / LOOP_RUNS
    (default, same), fast = list(times)[:2], times["`simulate`"]
    rows = []
    for name, values in times.items():
        value = ratio(values, times[default])
        rows.append((
            f"{name}, one thread",
            f"{np.median(values) / (N * RUNS) * 1e9:.1f}",
            f"{value:.2f}",
            f"{ratio(values, times[same]):.2f}",
            f"{ratio(values, fast):.2f}",
            verdict(value, 1.25) if name == "`simulate`" else "",
        ))  # fmt: skip

    # Two threads are measured by the clock on the wall, against one thread by the same clock. What
    # two threads gain at filling an array is what the machine has to give at the moment.
    with ThreadPoolExecutor(2) as threads:

        def fill_twice() -> None:
            halves = [threads.submit(fill_same, RUNS // 2) for _ in range(2)]
            for half in halves:
                half.result()

        wall = interleaved(
            {
                "(a′)": fill_same,
                "(a′), two": fill_twice,
                "`simulate`": lambda: simulate(P, N, RUNS, seed=1),
                "`simulate`, two": lambda: simulate(P, N, RUNS, seed=1, executor=threads),
                "`simulate_moments`": lambda: simulate_moments(P, N, RUNS, seed=1),
                "`simulate_moments`, two": lambda: simulate_moments(
                    P, N, RUNS, seed=1, executor=threads
                ),
            },
            ROUNDS,
        )
    for name in ("(a′)", "`simulate`", "`simulate_moments`"):
        both = wall[f"{name}, two"]
        gain = ratio(wall[name], both)
        rows.append((
            f"{name}, two threads: {gain:.2f} times as fast as one",
            f"{np.median(both) / (N * RUNS) * 1e9:.1f}",
            "", "", "",
            verdict(gain, 1.7, at_least=True) if name == "`simulate`" else "",
        ))  # fmt: skip
    return Table(
        "Simulation",
        ("what", "ns an experiment", "ratio to (a)", "to (a′)", "to `simulate`", "target"),
        rows,
        f"{RUNS:,} runs of {N} experiments; medians of {ROUNDS} interleaved rounds. One thread: "
        "processor time. Two threads: time on the wall, which other work on the machine lengthens.",
    )
