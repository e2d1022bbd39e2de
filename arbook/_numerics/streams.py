"""Work on many runs: the random streams they share, the tasks they make, the moments they have.

Runs are the rows of a table, and every few of them share a random stream of their own. So results
depend neither on threads nor on the executor, and the first runs of many are those of few. Each
stream is used up in pieces that fit the processor's cache.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import reduce
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from arbook._numerics.validation import FloatArray, ParameterError, attribute, refuse

if TYPE_CHECKING:  # NumPy loads its random numbers when they are first used, and so do we
    from concurrent.futures import Executor, Future

    from numpy.random import Generator, SeedSequence

Task = TypeVar("Task")

# Normals of one random stream. Part of what a seed means: a change changes all results.
_STREAM = 2**18

# Streams in a task: some 15 ms of work, far more than it costs to hand a task over, and little
# enough for a few workers to end at much the same time.
_STREAMS_A_TASK = 4

# Name of the way from a seed to the streams.
_SCHEME = "SFC64 of a child of the seed"

# Tasks that an executor is given ahead of the result that is awaited: enough for a large cluster.
_AHEAD = 256


class Runs(NamedTuple):
    """How many runs of how many experiments, and their luck; small, to be sent to other machines.

    It does not say what the experiments are: runs with the same luck can have any parameters.
    """

    n: int
    n_runs: int
    entropy: Any
    spawn_key: tuple[int, ...]
    pool_size: int

    @classmethod
    def of(cls, n: int, n_runs: int, seed: SeedSequence) -> Runs:
        """Return the runs whose streams are the children of a seed."""
        return cls(n, n_runs, seed.entropy, tuple(seed.spawn_key), seed.pool_size)

    @property
    def stream_rows(self) -> int:
        """Runs that share a stream."""
        return max(1, _STREAM // self.n)

    @property
    def task_rows(self) -> int:
        """Runs of a task: those of whole streams."""
        return self.stream_rows * _STREAMS_A_TASK

    def tasks(self) -> Iterator[slice]:
        """Cut the runs into tasks."""
        return cut(0, self.n_runs, self.task_rows)

    def pieces(self, task: slice, normals: int) -> Iterator[tuple[slice, Generator]]:
        """Cut a task into pieces of so many normals; say from which stream each is.

        The rows of a piece are counted from the first run of the task.
        """
        for rows in cut(task.start, task.stop, self.stream_rows):
            stream = self.stream(rows.start // self.stream_rows)
            for piece in cut(rows.start, rows.stop, self.piece_rows(normals)):
                yield slice(piece.start - task.start, piece.stop - task.start), stream

    def strips(self, task: slice, normals: int) -> Iterator[tuple[slice, Generator]]:
        """Cut a task into strips of pieces that a stream has side by side; say from which stream.

        What is summed over the experiments of every run has the same last digits for a strip as
        for its pieces: a run that would be a piece by itself, which NumPy adds up in another
        order, is a strip by itself.
        """
        size, single = self.strip_rows(normals), self.piece_rows(normals)
        for rows in cut(task.start, task.stop, self.stream_rows):
            stream = self.stream(rows.start // self.stream_rows)
            whole = rows.stop - ((rows.stop - rows.start) % single == 1)
            for strip in chain(cut(rows.start, whole, size), cut(whole, rows.stop, 1)):
                yield strip, stream

    def strip_rows(self, normals: int) -> int:
        """Return the runs of a strip."""
        return self.stream_rows if self.piece_rows(normals) > 1 else 1

    def piece_rows(self, normals: int) -> int:
        """Return the runs of a piece."""
        return max(1, normals // self.n)

    def stream(self, number: int) -> Generator:
        """Return a stream: a child of the seed, as `SeedSequence.spawn` makes it."""
        child = np.random.SeedSequence(
            self.entropy, spawn_key=(*self.spawn_key, number), pool_size=self.pool_size
        )
        return np.random.Generator(np.random.SFC64(child))


def identity() -> dict[str, str]:
    """Return what has to be the same for a seed to give the same numbers, to the last bit."""
    from arbook import __version__

    scheme = f"{_SCHEME}, {_STREAM} normals each"
    return {"arbook": __version__, "NumPy": np.__version__, "streams": scheme}


def others(found: Mapping[str, Any], ours: Mapping[str, Any]) -> str:
    """Return in words in what an identity differs from ours; nothing if it does not."""
    return " and ".join(
        f"{name} {found.get(name, 'of another kind')} in place of {value}"
        for name, value in ours.items()
        if found.get(name) != value
    )


def cut(start: int, stop: int, size: int) -> Iterator[slice]:
    """Cut start ... stop into slices of a size; the last one may be shorter."""
    for low in range(start, stop, size):
        yield slice(low, min(low + size, stop))


def weights(n: int) -> FloatArray:
    """Return the weight of each change in the gain area: it counts in n - t frontiers."""
    return -np.arange(n, 0, -1.0)


class Part(NamedTuple):
    """Moments of some runs: means, and sums of squared deviations from them, of one shape."""

    n_runs: int
    mean: FloatArray
    squares: FloatArray

    @classmethod
    def of(cls, values: FloatArray) -> Part:
        """Return the moments of the rows of a table, one run a column; the table is used up."""
        mean = values.mean(axis=1)
        values -= mean[:, None]
        return cls(values.shape[1], mean, np.einsum("ij,ij->i", values, values))

    def merged(self, other: Part) -> Part:
        """Return the moments of the runs of both."""
        n = self.n_runs + other.n_runs
        gap = other.mean - self.mean
        return Part(
            n,
            self.mean + gap * (other.n_runs / n),
            self.squares + other.squares + gap**2 * (self.n_runs * (other.n_runs / n)),
        )

    @property
    def std(self) -> FloatArray:
        """Standard deviations with the divisor ``n_runs - 1``; nan for one run."""
        if self.n_runs == 1:
            return np.full_like(self.mean, np.nan)
        return np.sqrt(self.squares / (self.n_runs - 1))


def merged(parts: Iterable[Part]) -> Part:
    """Merge the moments of parts, at least one, in their order."""
    return reduce(Part.merged, parts)


def check_executor(executor: Any) -> None:
    """Refuse what is no executor."""
    if executor is not None and not callable(attribute(executor, "submit")):
        raise refuse("executor", executor, "a concurrent.futures.Executor, or None")


def work(
    make: Callable[[Task], Any],
    tasks: Iterable[Task],
    executor: Executor | None,
    ahead: int | None = None,
) -> Iterator[Any]:
    """Yield the result of every task, in order.

    An executor is never given many tasks to come, at most `ahead` if that is less. Whatever ends
    the work, an error or Ctrl-C, takes back those that it has not begun. A worker that would give
    other numbers is an error.
    """
    if executor is None:
        yield from map(make, tasks)
        return
    waiting: deque[Future[Any]] = deque()
    limit, call, ours = min(_AHEAD, ahead or _AHEAD), os.urandom(8), identity()
    try:
        for task in tasks:
            waiting.append(executor.submit(_called, make, task, call, ours))
            if len(waiting) == limit:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        # the last first: what has not begun would otherwise begin while others are taken back
        for future in reversed(waiting):
            with suppress(Exception):  # a cluster that is gone has nothing to take back
                future.cancel()


def _called(make: Callable[[Task], Any], task: Task, call: bytes, asked: Mapping[str, str]) -> Any:
    """Do a task of a call, if the numbers here are those of whoever asks.

    A Dask cluster takes what looks the same for the same. Without the mark of the call it would
    answer a second one with what it is about to take back from the first.
    """
    if wrong := others(identity(), asked):
        allowed = "an Executor whose workers have what this process has"
        raise ParameterError(f"executor must be {allowed}, got a worker with {wrong}")
    return make(task)
