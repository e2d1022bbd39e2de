"""Monte Carlo over many sets of parameters: on one machine or many, in one go or in several.

All sets see the same luck, so each random number is made once for many of them. The work is a
fixed list of tasks, each some sets by some runs. What a task gives, a few sums, is merged in the
order of the list and, if there is a file, added to its end. So a sweep goes on where its file
ends, and its result depends neither on interruptions nor on the executor.
"""

from __future__ import annotations

import math
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple
from warnings import warn

import numpy as np

from arbook._numerics.ranges import flag
from arbook._numerics.seeds import Seed, seed_sequence
from arbook._numerics.streams import Part, Runs, cut, identity, merged, others, weights, work
from arbook._numerics.units import unit_of
from arbook._numerics.validation import FloatArray, ParameterError, file_name, instances, refuse
from arbook.model.parameters import Parameters, bias, step_size
from arbook.model.simulation import _plan

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from numpy.random import SeedSequence

# Normals whose moments are merged at a time. Part of what the last digits mean. Threads take turns
# between NumPy's calls, so these are for a strip of pieces at a time, to be few and long.
_PIECE = 2**16

# Experiments of a task: some 0.2 s of work.
_EXPERIMENTS_A_TASK = 2**26

# Step sizes that a task holds, for at most 1024 sets.
_STEP_SIZES = 2**22

# The numbers of a set, in the order in which a table and a file have them.
_NAMES = ("sigma0", "gamma", "mu", "price")

# The first word of a file.
_KIND = "arbook sweep 2"

#: What is measured of a run: final frontier less f0, gain area, share of keeps. The first two are
#: kept in a unit of their own for each set.
_MEASURES = 3


@dataclass(frozen=True, eq=False, repr=False)
class Sweep:
    r"""Means and standard deviations over simulated runs, for many sets of parameters.

    Parameters
    ----------
    parameters : tuple of Parameters
        The sets of parameters, in the order of all arrays.
    f0 : float
        Metric of the baseline, in bits per byte.
    n_experiments, n_runs : int
        Number of experiments N of each run, and of runs for each set.
    frontier_mean, frontier_std : ndarray, shape (n_sets,)
        Mean and standard deviation of the final frontier :math:`F(N)`, in bits per byte.
    gain_area_mean, gain_area_std : ndarray, shape (n_sets,)
        Mean and standard deviation of :math:`\mathcal A_N`, in bits per byte x experiments.
    keep_rate, keep_rate_std : ndarray, shape (n_sets,)
        Mean and standard deviation, from run to run, of the share of experiments that were kept.

    See Also
    --------
    sweep : Makes it.

    Notes
    -----
    Standard deviations have the divisor ``n_runs - 1`` and are nan for one run. The standard
    errors are those of a set by itself: all sets see the same luck, so the difference of two is
    known better.

    Examples
    --------
    >>> sweep([Parameters(s, 0.97) for s in (0.005, 0.01)], 100, 1000, seed=1)
    Sweep(n_sets=2, n_runs=1000, n_experiments=100, f0=1)
    """

    parameters: tuple[Parameters, ...]
    f0: float
    n_experiments: int
    n_runs: int
    frontier_mean: FloatArray
    frontier_std: FloatArray
    gain_area_mean: FloatArray
    gain_area_std: FloatArray
    keep_rate: FloatArray
    keep_rate_std: FloatArray

    @property
    def n_sets(self) -> int:
        """Number of sets of parameters."""
        return len(self.parameters)

    @property
    def frontier_mean_error(self) -> FloatArray:
        """Standard errors of `frontier_mean`, shape (n_sets,)."""
        return self.frontier_std / math.sqrt(self.n_runs)

    @property
    def gain_area_mean_error(self) -> FloatArray:
        """Standard errors of `gain_area_mean`, shape (n_sets,)."""
        return self.gain_area_std / math.sqrt(self.n_runs)

    @property
    def keep_rate_error(self) -> FloatArray:
        """Standard errors of `keep_rate`, shape (n_sets,)."""
        return self.keep_rate_std / math.sqrt(self.n_runs)

    def frame(self) -> Any:
        """Return a pandas DataFrame: a row for each set, with its parameters and all measures.

        Returns
        -------
        pandas.DataFrame
            Columns ``sigma0``, ``gamma``, ``mu``, ``price``, and those of the
            attributes that are arrays.

        Examples
        --------
        >>> found = sweep([Parameters(s, 0.97) for s in (0.005, 0.01)], 100, 1000, seed=1)
        >>> found.frame()[["sigma0", "gain_area_mean", "gain_area_mean_error"]].round(3)
           sigma0  gain_area_mean  gain_area_mean_error
        0   0.005            4.68                 0.032
        1   0.010            9.36                 0.065
        """
        import pandas as pd

        names = [
            f"{of}{what}"
            for of in ("frontier_mean", "gain_area_mean", "keep_rate")
            for what in ("", "_error")
        ]
        names += ["frontier_std", "gain_area_std", "keep_rate_std"]
        columns = dict(zip(_NAMES, _values(self.parameters).T, strict=True))
        return pd.DataFrame(columns | {name: getattr(self, name) for name in names})

    def __repr__(self) -> str:
        return (
            f"Sweep(n_sets={self.n_sets}, n_runs={self.n_runs}, "
            f"n_experiments={self.n_experiments}, f0={self.f0:g})"
        )

    def _repr_html_(self) -> str:
        return str(self.frame()._repr_html_())


def sweep(
    parameters: Iterable[Parameters],
    n_experiments: int,
    n_runs: int,
    *,
    seed: Seed,
    f0: float = 1.0,
    executor: Executor | None = None,
    path: str | os.PathLike[str] | None = None,
    progress: bool = False,
) -> Sweep:
    r"""Simulate many runs for each of many sets of parameters, and keep means and spreads.

    The runs of every set are those that `simulate` makes with the same seed: common random
    numbers, so that sets differ by their parameters and not by their luck.

    Parameters
    ----------
    parameters : iterable of Parameters
        The sets of parameters, at least one.
    n_experiments : int
        Number of experiments N of each run, >= 1.
    n_runs : int
        Number of runs for each set, >= 1.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.
        With a `path`, an integer or a SeedSequence: one that can be named again.
    f0 : float, default 1.0
        Metric of the baseline, in bits per byte.
    executor : concurrent.futures.Executor, optional
        As for `simulate`. The result is the same to the last bit.
    path : str or os.PathLike, optional
        A file to keep what is done. The same call with the same file goes on from there, however
        it ended: by Ctrl-C, by an error, by a power cut in the middle of writing. What is damaged
        in it is made again, with a warning that says how much. Without a file an interrupted sweep
        is lost.
    progress : bool, default False
        Show a progress bar, in experiments.

    Returns
    -------
    Sweep
        Means, standard deviations and standard errors for each set.

    Raises
    ------
    ParameterError
        If an argument is outside its range, `path` is a file of something else, which is left as
        it is, or a file or a worker of the executor has another release of arbook or NumPy, or
        other random streams.

    See Also
    --------
    arbook.simulate_moments : One set of parameters, and every experiment of its runs.

    Notes
    -----
    Memory does not grow with `n_runs`, and by some hundred bytes with each set. The file takes 48
    bytes for each set and every 1,000,000 experiments of it. To the last bit means on processors
    of one kind with one release of NumPy.

    Examples
    --------
    >>> grid = [Parameters(s, g) for s in (0.005, 0.01) for g in (0.95, 0.97, 0.99)]
    >>> found = sweep(grid, n_experiments=100, n_runs=2000, seed=1)
    >>> found.parameters[found.gain_area_mean.argmax()]  # bolder and longer is better
    Parameters(sigma0=0.01, gamma=0.99, mu=0)
    """
    sets = tuple(instances("parameters", parameters, Parameters))
    progress = flag("progress", progress)
    if path is not None and (seed is None or isinstance(seed, np.random.Generator)):
        # no later call could name it again and go on
        raise refuse("seed", seed, "an integer >= 0 or a SeedSequence where there is a path")
    seed = seed_sequence(seed)
    if path is not None:
        path = file_name("path", path, "the path of a file, or None")
    plan = _plan(sets[0], n_experiments, n_runs, f0, seed, executor)
    runs, values = plan.runs, _values(sets)

    total: Part | None = None
    moments = np.empty((2, len(sets), _MEASURES))
    with ExitStack() as opened:
        file = bar = None
        if path is not None:
            header = _header(values, plan.f0, runs, seed)
            file = opened.enter_context(_File(Path(path), header, len(values), runs))
        if progress:
            from tqdm.auto import tqdm

            size = len(sets) * runs.n_runs * runs.n
            bar = opened.enter_context(tqdm(total=size, unit="experiment", unit_scale=True))
        try:
            for task, part, new in _parts(values, runs, file, executor):
                total = part if total is None else total.merged(part)
                if task.rows.stop == runs.n_runs:
                    units = np.ones((task.n_sets, _MEASURES))
                    units[:, :2] = [[_unit(p, runs.n)] for p in sets[task.sets]]
                    moments[:, task.sets] = total.mean * units, total.std * units
                    total = None
                if bar is not None:
                    bar.initial += 0 if new else task.experiments(runs.n)
                    bar.update(task.experiments(runs.n))
        except BaseException as stopped:
            if path is not None:
                stopped.add_note(f"What is done is kept in {path}: the same call goes on from it.")
            raise
    (frontier, area, keeps), (frontier_std, area_std, keeps_std) = moments.transpose(0, 2, 1)
    return Sweep(
        sets, plan.f0, runs.n, runs.n_runs,
        plan.f0 + frontier, frontier_std, area, area_std, keeps, keeps_std,
    )  # fmt: skip


def _unit(p: Parameters, n: int) -> float:
    """Return a unit in which the squares of a set's changes are neither 0 nor infinite."""
    ends = [0, n - 1]
    return unit_of(step_size(p, ends), bias(p, ends))


def _values(sets: Iterable[Parameters]) -> FloatArray:
    """Return the numbers of every set, a set a row."""
    return np.array([[getattr(p, name) for name in _NAMES] for p in sets])


# ---------------------------------------------------------------- tasks


class _Task(NamedTuple):
    """Some runs of some sets."""

    sets: slice
    rows: slice

    @property
    def n_sets(self) -> int:
        return int(self.sets.stop - self.sets.start)

    def experiments(self, n: int) -> int:
        return self.n_sets * int(self.rows.stop - self.rows.start) * n


def _tasks(n_sets: int, runs: Runs) -> Iterator[_Task]:
    """Cut the sweep into tasks: sets by sets, and for these all runs."""
    for sets in cut(0, n_sets, _sets_a_task(runs)):
        for rows in runs.tasks():
            yield _Task(sets, rows)


def _sets_a_task(runs: Runs) -> int:
    rows = min(runs.n_runs, runs.task_rows)
    return max(1, min(_EXPERIMENTS_A_TASK // (rows * runs.n), _STEP_SIZES // max(runs.n, 2**12)))


def _parts(
    values: FloatArray, runs: Runs, file: _File | None, executor: Executor | None
) -> Iterator[tuple[_Task, Part, bool]]:
    """Yield every task with what it gave, in order, and whether it was worked on just now."""
    tasks = enumerate(_tasks(len(values), runs))
    new = (task for number, task in tasks if file is None or not file.holds(number))
    made = work(partial(_made, runs), ((values[t.sets], t.rows) for t in new), executor)
    for number, task in enumerate(_tasks(len(values), runs)):
        if file is not None and file.holds(number):
            yield task, file.read(task, number), False
        else:
            part = next(made)
            if file is not None:
                file.write(part, number)
            yield task, part, True


def _made(runs: Runs, task: tuple[FloatArray, slice]) -> Part:
    """Simulate some runs of some sets; return moments of shape (sets, measures)."""
    return merged(_pieces_moments(runs, *task))


def _pieces_moments(runs: Runs, sets: FloatArray, rows: slice) -> Iterator[Part]:
    n, t, weight = runs.n, np.arange(runs.n), weights(runs.n)[:, None]
    given = [Parameters(**dict(zip(_NAMES, p, strict=True)), extended=True) for p in sets]
    units = [_unit(p, n) for p in given]
    moves = [
        (step_size(p, t)[:, None] / unit, bias(p, t)[:, None] / unit)
        for p, unit in zip(given, units, strict=True)
    ]
    lots = list(cut(0, len(sets), max(1, n // _MEASURES)))  # of measures no more than of normals
    size = min(runs.strip_rows(_PIECE), rows.stop - rows.start)
    drawn, kept = np.empty((size, n)), np.empty((n, size), dtype=bool)
    scratch, room = np.empty((2, n, size)), np.empty((lots[0].stop, _MEASURES, size))

    for strip, stream in runs.strips(rows, _PIECE):
        m = strip.stop - strip.start
        (normal, delta), keep, measures = scratch[..., :m], kept[:, :m], room[..., :m]
        stream.standard_normal(out=drawn[:m])
        normal[...] = drawn[:m].T
        pieces = list(cut(0, m, runs.piece_rows(_PIECE)))
        mean, squares = np.empty((2, len(pieces), len(sets), _MEASURES))
        for lot in lots:
            for (sigma, mean_change), run in zip(moves[lot], measures, strict=False):
                np.multiply(normal, sigma, out=delta)
                if mean_change.any():
                    np.add(delta, mean_change, out=delta)
                np.less(delta, 0.0, out=keep)
                np.minimum(delta, 0.0, out=delta)
                np.add.reduce(delta, axis=0, out=run[0])
                np.einsum("ti,tj->j", weight, delta, out=run[1])
                np.divide(np.add.reduce(keep, axis=0, dtype=np.uint32), n, out=run[2])
            table = measures[: lot.stop - lot.start].reshape(-1, m)
            for number, piece in enumerate(pieces):
                part = Part.of(table[:, piece])
                mean[number, lot] = part.mean.reshape(-1, _MEASURES)
                squares[number, lot] = part.squares.reshape(-1, _MEASURES)
        for piece, *moments in zip(pieces, mean, squares, strict=True):
            yield Part(piece.stop - piece.start, *moments)


# ---------------------------------------------------------------- the file
#
# A line that says which sweep this is and what made it, and then a record for each task, each at
# its place: means and sums of squares, and a checksum of them and of the record's number.


def _header(values: FloatArray, f0: float, runs: Runs, seed: SeedSequence) -> dict[str, Any]:
    from hashlib import sha256

    return {
        "file": _KIND,
        **identity(),
        "parameters": sha256(values.astype("<f8").tobytes()).hexdigest(),
        "n_sets": len(values),
        "n_experiments": runs.n,
        "n_runs": runs.n_runs,
        "f0": f0,
        "seed": seed.generate_state(4).tolist(),
        "task": [_sets_a_task(runs), runs.task_rows],
    }


class _File:
    """The records of a sweep that are there; the others can be written."""

    def __init__(self, path: Path, header: dict[str, Any], n_sets: int, runs: Runs) -> None:
        import json

        self._line = json.dumps(header).encode() + b"\n"
        self._n_sets, self._lot = n_sets, _sets_a_task(runs)
        self._parts = sum(1 for _ in runs.tasks())  # of a lot of sets
        total = -(-n_sets // self._lot) * self._parts
        self._whole, self._damaged = 0, set[int]()
        if not path.exists():
            path.touch()
        self._file: BinaryIO = path.open("rb")
        found = self._file.readline(len(self._line) + 10_000)
        if found == self._line:
            self._check(total)
        elif not self._line.startswith(found):  # neither new nor cut off within its first line
            self._file.close()
            allowed = "a new file, or one that the same call has begun"
            difference = _difference(found, header)
            raise ParameterError(f"path must be {allowed}, got {str(path)!r}, {difference}")
        if self._whole < total or self._damaged:  # else it need not be a file that can be written
            self._file.close()
            self._file = path.open("r+b")
            self._file.write(self._line)
        if self._whole < total:
            self._file.truncate(self._place(self._whole))
        if number := len(self._damaged):
            records = f"{number} of {total} records {'is' if number == 1 else 'are'} damaged"
            warn(f"{path}: {records} and made again.", RuntimeWarning, stacklevel=3)

    def _check(self, total: int) -> None:
        """Find out which records are there, and which of them are damaged."""
        for number in range(total):
            record = self._record(number)
            if record is None:
                break
            self._whole += 1
            if record[-4:] != _checksum(record[:-4], number):
                self._damaged.add(number)

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def holds(self, number: int) -> bool:
        """Say whether a task's record is there."""
        return number < self._whole and number not in self._damaged

    def read(self, task: _Task, number: int) -> Part:
        """Return what a task gave."""
        record = self._record(number) or b""
        mean, squares = np.frombuffer(record[:-4], "<f8").reshape(2, task.n_sets, _MEASURES)
        return Part(task.rows.stop - task.rows.start, mean, squares)

    def write(self, part: Part, number: int) -> None:
        """Keep what a task gave."""
        data = np.array([part.mean, part.squares], dtype="<f8").tobytes()
        self._file.seek(self._place(number))
        self._file.write(data + _checksum(data, number))
        self._file.flush()

    def _record(self, number: int) -> bytes | None:
        """Return a record, if the file is long enough."""
        size = self._size(number // self._parts)
        self._file.seek(self._place(number))
        record = self._file.read(size)
        return record if len(record) == size else None

    def _place(self, number: int) -> int:
        """Return where a record begins."""
        lot, part = divmod(number, self._parts)
        return len(self._line) + lot * self._parts * self._size(0) + part * self._size(lot)

    def _size(self, lot: int) -> int:
        """Return how long the records of a lot of sets are; the last lot may be a smaller one."""
        n_sets = min(self._lot, self._n_sets - lot * self._lot)
        return 8 * 2 * n_sets * _MEASURES + 4


def _checksum(data: bytes, number: int) -> bytes:
    return zlib.crc32(data, number).to_bytes(4, "little")


def _difference(found: bytes, header: dict[str, Any]) -> str:
    import json

    try:
        other = json.loads(found)
        if not str(other["file"]).startswith("arbook sweep"):
            raise ValueError
        if made_by := others(other, identity()):
            return f"made with {made_by}"
        names = [name for name, value in header.items() if other[name] != value]
    except (ValueError, TypeError, KeyError):
        return "which is no sweep's"
    return f"of a sweep with other {' and '.join(names)}"
