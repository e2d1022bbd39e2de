"""Sweeps over many sets of parameters: speed with one and two workers of each kind, and memory."""

import subprocess
import sys
import tempfile
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from arbook import Parameters, simulate_moments, sweep
from benchmarks._measure import Table, interleaved, ratio, verdict

#: The sweep that all this is for, and the part of its sets that is measured.
SETS, RUNS, N = 10_000, 10_000, 200
MEASURED = 128
ROUNDS = 3


def sets(n: int) -> list[Parameters]:
    """Return n sets of parameters."""
    return [Parameters(s, 0.97, -0.0005) for s in np.geomspace(0.001, 0.1, n)]


def run(executor: Executor | None = None) -> None:
    """Sweep over the measured part."""
    sweep(sets(MEASURED), N, RUNS, seed=1, executor=executor)


def alone() -> None:
    """Do some of the same with a call for each set."""
    for p in sets(MEASURED)[:: MEASURED // 4]:
        simulate_moments(p, N, RUNS, seed=1)


def peak() -> float:
    """Return the most memory, in MB, of a process that sweeps over all sets, with few runs."""
    code = (
        "import resource, sys, arbook; from benchmarks.scale import N, SETS, sets\n"
        "arbook.sweep(sets(SETS), N, 10, seed=1, path=sys.argv[1])\n"
        "arbook.sweep(sets(40), N, 10_000, seed=1)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", code, str(Path(folder) / "sweep")]
        kib = float(subprocess.check_output(command, text=True))
    return kib / (1e3 if sys.platform != "darwin" else 1e6)


def table() -> Table:
    """Measure and return the table."""
    from dask.distributed import Client, LocalCluster

    with ExitStack() as opened:
        executors: dict[str, Executor] = {}
        for n, words in ((1, "one {}"), (2, "two {}")):
            name = words.format("thread" if n == 1 else "threads")
            executors[name] = opened.enter_context(ThreadPoolExecutor(n))
            name = words.format("process" if n == 1 else "processes")
            executors[name] = opened.enter_context(
                ProcessPoolExecutor(n, mp_context=get_context("spawn"))
            )
            cluster = LocalCluster(
                n_workers=n, threads_per_worker=1, processes=True, dashboard_address=":0"
            )
            client = opened.enter_context(Client(opened.enter_context(cluster)))
            executors[words.format("Dask worker" + "s" * (n - 1))] = client.get_executor()
        functions = {"no executor": run, "a call of `simulate_moments` for each set": alone}
        for name, executor in executors.items():
            functions[name] = lambda executor=executor: run(executor)
        times = interleaved(functions, ROUNDS)
    times["a call of `simulate_moments` for each set"] *= MEASURED / 4
    reference, rows = times["no executor"], []
    one = {"two threads": "one thread", "two processes": "one process"}
    one["two Dask workers"] = "one Dask worker"
    for name, values in times.items():
        second = MEASURED * RUNS * N / np.median(values)
        gain = 1 / ratio(values, reference)
        pair = 1 / ratio(values, times[one[name]]) if name in one else 0.0
        rows.append((
            name,
            f"{second / 1e6:.0f}",
            f"{gain:.2f}",
            f"{pair:.2f}" if pair else "",
            verdict(pair, 1.7, at_least=True) if name == "two threads" else "",
            f"{SETS * RUNS * N / second / 60:.1f}",
        ))  # fmt: skip
    memory = peak()
    return Table(
        "Scale",
        (
            "`sweep`",
            "million experiments a second",
            "ratio to none",
            "two to one",
            "target",
            "all, min",
        ),
        rows,
        f"{MEASURED} sets × {RUNS:,} runs × {N} experiments; medians of {ROUNDS} interleaved "
        "rounds by the clock on the wall. The last column is not measured: it is what "
        f"{SETS:,} sets would take at that speed. Most memory of a process that sweeps over "
        f"{SETS:,} sets of 10 runs and then over 40 sets of {RUNS:,}, Python and all: "
        f"{memory:.0f} MB ({verdict(memory, 500)}).",
    )
