"""Threads, processes and a real Dask cluster give what one thread gives, to the last bit."""

import os
import signal
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

import numpy as np
import pytest

from arbook import (
    Moments,
    ParameterError,
    Parameters,
    Simulation,
    Sweep,
    simulate,
    simulate_moments,
    sweep,
)
from arbook._numerics import streams

P = Parameters(0.01, 0.97, -0.001)
GRID = [Parameters(s, g) for s in (0.005, 0.01, 0.02) for g in (0.9, 0.97, 0.99)]
module = sys.modules["arbook.model.sweeps"]

#: What is worked on: enough runs for several tasks, or few long ones.
WORK = {
    "simulate": lambda **how: simulate(P, 100, 9_000, seed=1, **how),
    "simulate, long runs": lambda **how: simulate(P, 400_000, 3, seed=2, **how),
    "simulate_moments": lambda **how: simulate_moments(P, 100, 30_000, seed=3, **how),
    "sweep": lambda **how: sweep(GRID, 100, 6_000, seed=4, **how),
}
ARRAYS = {
    Simulation: ("delta", "kept", "frontier", "gain_area"),
    Moments: ("frontier_mean", "frontier_std", "keep_rate", "gain_area_mean", "gain_area_std"),
    Sweep: ("frontier_mean", "frontier_std", "gain_area_mean", "gain_area_std", "keep_rate"),
}


def same(a, b):
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in ARRAYS[type(a)])


@pytest.fixture(scope="module")
def cluster():
    """Two Dask workers, each a process of its own."""
    from dask.distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
    ) as running:
        yield running


@pytest.fixture(scope="module")
def client(cluster):
    from dask.distributed import Client

    with Client(cluster) as running:
        yield running


@pytest.fixture(scope="module")
def executors(client):
    with (
        ThreadPoolExecutor(2) as threads,
        ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes,
    ):
        yield {"threads": threads, "processes": processes, "dask": client.get_executor()}


@pytest.fixture
def small_tasks(monkeypatch):
    """Many tasks, and few of them given to the executor at a time."""
    monkeypatch.setattr(streams, "_STREAMS_A_TASK", 1)
    monkeypatch.setattr(streams, "_AHEAD", 4)
    monkeypatch.setattr(module, "_EXPERIMENTS_A_TASK", 2**19)


@pytest.mark.parametrize("kind", ["threads", "processes", "dask"])
@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_the_executor_does_not_matter(executors, small_tasks, work, kind):
    assert same(work(executor=executors[kind]), work())


class Fatal(Executor):
    """Hands over, and kills a worker when it has been given some tasks."""

    def __init__(self, executor, pid, after):
        self.executor, self.pid, self.left = executor, pid, after

    def submit(self, fn, /, *args, **kwargs):
        future = self.executor.submit(fn, *args, **kwargs)
        self.left -= 1
        if not self.left:
            os.kill(self.pid, signal.SIGKILL)
        return future


def two_workers(client, *, gone=None):
    """Return the process numbers of two workers, as soon as two that are not `gone` are up.

    Whoever is on the way in or out does not answer yet, or no more.
    """
    deadline = time.monotonic() + 60
    while True:
        found = set(client.run(os.getpid, on_error="ignore").values())
        if len(found) == 2 and gone not in found:
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


@pytest.mark.parametrize("work", ["simulate_moments", "sweep"])
def test_a_dask_worker_that_is_killed_changes_nothing(client, small_tasks, work):
    victim = min(two_workers(client))
    fatal = Fatal(client.get_executor(), victim, after=7)
    assert same(WORK[work](executor=fatal), WORK[work]())
    assert fatal.left <= 0
    two_workers(client, gone=victim)


# A pool of Python 3.11 that breaks while its work is taken back trips over that, in its own thread.
@pytest.mark.filterwarnings(
    "ignore:(?s).*InvalidStateError. CANCELLED:pytest.PytestUnhandledThreadExceptionWarning"
)
def test_a_pool_that_loses_a_process_is_an_error_that_a_sweep_recovers_from(small_tasks, tmp_path):
    """Such a pool is broken for good; what was done before is in the file."""
    path, usual = tmp_path / "sweep", WORK["sweep"]()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        pid = processes.submit(os.getpid).result()
        with pytest.raises(BrokenProcessPool) as stopped:
            WORK["sweep"](executor=Fatal(processes, pid, after=7), path=path)
    assert str(path) in stopped.value.__notes__[0]
    done = path.stat().st_size
    assert done > 400  # the first line, and some records
    assert same(WORK["sweep"](path=path), usual)
    assert path.stat().st_size > done


def of_another(name):
    """Make a worker one of another release, or one with other streams."""
    if name == "arbook":
        sys.modules["arbook"].__version__ = "1.0.0"
    elif name == "NumPy":
        np.__version__ = "1.26.4"
    else:
        streams._STREAM //= 2


def of_this_one():
    """Give a worker its streams back."""
    streams._STREAM *= 2


@pytest.mark.parametrize("name", ["arbook", "NumPy", "streams"])
@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_a_worker_with_other_numbers_is_refused_by_name(work, name):
    with (
        ProcessPoolExecutor(
            1, mp_context=get_context("spawn"), initializer=of_another, initargs=(name,)
        ) as pool,
        pytest.raises(ParameterError, match=rf"executor must be .*, got a worker with {name} "),
    ):
        work(executor=pool)


def test_a_dask_worker_with_other_streams_is_refused(cluster, small_tasks):
    """It would give other numbers, for some of the sets only, without a word."""
    from dask.distributed import Client

    with Client(cluster) as client:
        [worker, *_] = client.run(of_another, "streams")
        with pytest.raises(ParameterError, match=r"got a worker with streams .* in place of "):
            sweep(GRID, 100, 6_000, seed=4, executor=client.get_executor(workers=[worker]))
        client.run(of_this_one)


def test_work_that_was_stopped_can_be_asked_for_again_at_once(client, small_tasks):
    """A cluster knows tasks by what they are: those taken back must not spoil the next call."""

    class Stopped(Exception):
        pass

    class Stopping(Executor):
        left = 4

        def submit(self, fn, /, *args, **kwargs):
            self.left -= 1
            if not self.left:
                raise Stopped
            return executor.submit(fn, *args, **kwargs)

    executor = client.get_executor()
    usual = simulate_moments(P, 100, 10_000, seed=5)
    for _ in range(10):
        with pytest.raises(Stopped):
            simulate_moments(P, 100, 10_000, seed=5, executor=Stopping())
        assert same(simulate_moments(P, 100, 10_000, seed=5, executor=executor), usual)


def test_long_runs_travel_without_their_steps():
    """A task says what to do in a few hundred bytes, however long its runs are."""
    import pickle

    sent = []

    class Sent(Executor):
        def submit(self, fn, /, *args, **kwargs):
            sent.append(pickle.dumps((fn, args, kwargs)))
            return super().submit(fn, *args, **kwargs)

    for work in WORK.values():
        with pytest.raises(NotImplementedError):
            work(executor=Sent())
    assert len(sent) == len(WORK)
    assert max(map(len, sent)) < 2_000
