"""Monte Carlo of the model: whole runs, or only their moments.

Which run has which luck, and how runs are shared out, is
`arbook._numerics.streams`; here is what they do with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from arbook._numerics.memory import within_memory
from arbook._numerics.ranges import count, flag, instance, number
from arbook._numerics.seeds import Seed, seed_sequence
from arbook._numerics.streams import Part, Runs, check_executor, weights, work
from arbook._numerics.units import unit_of
from arbook._numerics.validation import FloatArray
from arbook.model.parameters import Parameters, bias, step_size

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from numpy.random import Generator

#: delta, kept, frontier and gain area of some runs.
_Arrays: TypeAlias = "tuple[FloatArray, NDArray[np.bool_], FloatArray, FloatArray]"

#: Moments of F(0) - f0 ... F(N) - f0 and of the gain area (last), and the keeps of each experiment.
_Moments: TypeAlias = "tuple[Part, NDArray[np.int64]]"

# Normals made and used at a time: few enough for the processor's cache, and enough for NumPy's
# calls to cost little beside what they do.
_PIECE = 2**18

# Runs of a stream from which on it is faster to add for all of them at a time.
_WIDE = 200

# Bytes of finished runs that may wait on their way from other processes or machines.
_UNDERWAY = 2**29

# Bytes for each experiment of a run: delta, kept, frontier.
_BYTES_KEPT = 17

# The same while moments are made.
_BYTES_MOMENTS = 150

# What to do where runs do not fit.
_NO_MORE = "simulate_moments needs no more memory for more runs"


@dataclass(frozen=True, eq=False, repr=False)
class Simulation:
    r"""Simulated runs, one a row.

    Parameters
    ----------
    parameters : Parameters
        The parameters of the runs.
    f0 : float
        Metric of the baseline, in bits per byte.
    delta : ndarray, shape (n_runs, N)
        Changes :math:`\delta_t` that the experiments proposed, in bits per byte.
    kept : ndarray of bool, shape (n_runs, N)
        True where the experiment was kept, :math:`\delta_t < 0`.
    frontier : ndarray, shape (n_runs, N + 1)
        Frontiers :math:`F(0) \dots F(N)`, in bits per byte; column 0 is `f0`.
    gain_area : ndarray, shape (n_runs,)
        Gain areas :math:`\mathcal A_N`, in bits per byte x experiments.

    See Also
    --------
    simulate : Makes it.

    Examples
    --------
    >>> simulate(Parameters(0.01, 0.97), n_experiments=100, n_runs=3, seed=1)
    Simulation(Parameters(sigma0=0.01, gamma=0.97, mu=0), n_runs=3, n_experiments=100, f0=1)
    """

    parameters: Parameters
    f0: float
    delta: FloatArray
    kept: NDArray[np.bool_]
    frontier: FloatArray
    gain_area: FloatArray

    @property
    def n_runs(self) -> int:
        """Number of runs."""
        return len(self.delta)

    @property
    def n_experiments(self) -> int:
        """Number of experiments N of each run."""
        return int(self.delta.shape[1])

    def __repr__(self) -> str:
        return (
            f"Simulation({self.parameters!r}, n_runs={self.n_runs}, "
            f"n_experiments={self.n_experiments}, f0={self.f0:g})"
        )

    def _repr_html_(self) -> str:
        return _table(
            f"{self.n_runs:,} simulated runs of {self.n_experiments:,} experiments",
            self.parameters,
            [
                ("keep rate", f"{self.kept.mean():.4f}"),
                ("final frontier", _spread(self.frontier[:, -1])),
                ("gain area", _spread(self.gain_area)),
            ],
        )


@dataclass(frozen=True, eq=False, repr=False)
class Moments:
    r"""Means and standard deviations over simulated runs.

    Parameters
    ----------
    parameters : Parameters
        The parameters of the runs.
    f0 : float
        Metric of the baseline, in bits per byte.
    n_runs : int
        Number of runs, >= 1.
    frontier_mean, frontier_std : ndarray, shape (N + 1,)
        Mean and standard deviation of :math:`F(0) \dots F(N)`, in bits per byte.
    keep_rate : ndarray, shape (N,)
        Share of the runs that kept experiment t.
    gain_area_mean, gain_area_std : float
        Mean and standard deviation of :math:`\mathcal A_N`, in bits per byte x experiments.

    See Also
    --------
    simulate_moments : Makes it.

    Notes
    -----
    Standard deviations have the divisor ``n_runs - 1`` and are nan for one run.

    Examples
    --------
    >>> simulate_moments(Parameters(0.01, 0.97), n_experiments=100, n_runs=3000, seed=1)
    Moments(Parameters(sigma0=0.01, gamma=0.97, mu=0), n_runs=3000, n_experiments=100, f0=1)
    """

    parameters: Parameters
    f0: float
    n_runs: int
    frontier_mean: FloatArray
    frontier_std: FloatArray
    keep_rate: FloatArray
    gain_area_mean: float
    gain_area_std: float

    @property
    def n_experiments(self) -> int:
        """Number of experiments N of each run."""
        return self.keep_rate.size

    @property
    def frontier_mean_error(self) -> FloatArray:
        """Standard error of `frontier_mean`, shape (N + 1,)."""
        return self.frontier_std / math.sqrt(self.n_runs)

    @property
    def keep_rate_error(self) -> FloatArray:
        """Standard error of `keep_rate`, shape (N,)."""
        return np.sqrt(self.keep_rate * (1 - self.keep_rate) / self.n_runs)

    @property
    def gain_area_mean_error(self) -> float:
        """Standard error of `gain_area_mean`."""
        return self.gain_area_std / math.sqrt(self.n_runs)

    def __repr__(self) -> str:
        return (
            f"Moments({self.parameters!r}, n_runs={self.n_runs}, "
            f"n_experiments={self.n_experiments}, f0={self.f0:g})"
        )

    def _repr_html_(self) -> str:
        return _table(
            f"Moments of {self.n_runs:,} simulated runs of {self.n_experiments:,} experiments",
            self.parameters,
            [
                ("keep rate", f"{self.keep_rate.mean():.4f}"),
                ("final frontier", f"{self.frontier_mean[-1]:.5g} ± {self.frontier_std[-1]:.2g}"),
                ("gain area", f"{self.gain_area_mean:.5g} ± {self.gain_area_std:.2g}"),
            ],
        )


def simulate(
    p: Parameters,
    n_experiments: int,
    n_runs: int = 1,
    *,
    f0: float = 1.0,
    seed: Seed = None,
    executor: Executor | None = None,
    progress: bool = False,
) -> Simulation:
    r"""Simulate runs of the perturbation model.

    Each experiment draws :math:`\delta_t \sim \mathcal N(\mu_t, \sigma_t^2)`, is kept exactly when
    :math:`\delta_t < 0`, and moves the frontier to :math:`F(t+1) = F(t) + \min(0, \delta_t)`.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n_experiments : int
        Number of experiments N of each run, >= 1.
    n_runs : int, default 1
        Number of runs, >= 1.
    f0 : float, default 1.0
        Metric of the baseline, in bits per byte.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.
    executor : concurrent.futures.Executor, optional
        Where to work: a ``ThreadPoolExecutor`` for all cores of this machine (NumPy's generators
        release the interpreter's lock), or any other with the same interface, such as a Dask
        cluster's ``client.get_executor()``. The result does not depend on it.
    progress : bool, default False
        Show a progress bar.

    Returns
    -------
    Simulation
        Every change, decision and frontier of every run.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the runs do not fit in memory.

    See Also
    --------
    simulate_moments : Means and standard deviations only, in little memory.

    Examples
    --------
    >>> runs = simulate(Parameters(sigma0=0.01, gamma=0.97), n_experiments=100, n_runs=500, seed=1)
    >>> runs.frontier.shape
    (500, 101)
    >>> bool((np.diff(runs.frontier) <= 0).all())
    True
    """
    from concurrent.futures import ThreadPoolExecutor

    plan = _plan(p, n_experiments, n_runs, f0, seed, executor)
    progress, run = flag("progress", progress), plan.runs.n * _BYTES_KEPT
    with within_memory("n_runs", plan.runs.n_runs, run, _NO_MORE):
        result = _empty(plan.runs.n_runs, plan.runs.n)

    if executor is None or isinstance(executor, ThreadPoolExecutor):

        def fill(rows: slice) -> None:
            _fill(plan, rows, _rows(result, rows))

        for _ in _work(fill, plan, executor, progress):
            pass
    else:
        ahead = max(2, _UNDERWAY // (plan.runs.task_rows * run))
        made = _work(partial(_filled, plan), plan, executor, progress, ahead)
        for rows, part in zip(plan.runs.tasks(), made, strict=True):
            for whole, piece in zip(result, part, strict=True):
                whole[rows] = piece
    return Simulation(p, plan.f0, *result)


def simulate_moments(
    p: Parameters,
    n_experiments: int,
    n_runs: int = 1,
    *,
    f0: float = 1.0,
    seed: Seed = None,
    executor: Executor | None = None,
    progress: bool = False,
) -> Moments:
    r"""Simulate runs and keep only means and standard deviations.

    The runs are those that `simulate` makes with the same seed. Memory does not grow with
    `n_runs`.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n_experiments : int
        Number of experiments N of each run, >= 1.
    n_runs : int, default 1
        Number of runs, >= 1.
    f0 : float, default 1.0
        Metric of the baseline, in bits per byte.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.
    executor : concurrent.futures.Executor, optional
        As for `simulate`. The result is the same to the last bit.
    progress : bool, default False
        Show a progress bar.

    Returns
    -------
    Moments
        Means, standard deviations and their standard errors.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or not even one run fits in memory.

    Notes
    -----
    Moments of pieces are merged in the order of the runs [1]_, which loses no digits.

    References
    ----------
    .. [1] T. F. Chan, G. H. Golub and R. J. LeVeque, "Algorithms for computing the sample
       variance: analysis and recommendations", The American Statistician 37, 242-247, 1983.

    Examples
    --------
    >>> p = Parameters(sigma0=0.01, gamma=0.97)
    >>> m = simulate_moments(p, n_experiments=100, n_runs=20_000, seed=1)
    >>> bool(abs(m.gain_area_mean - 9.2028) < 4 * m.gain_area_mean_error)
    True
    """
    plan = _plan(p, n_experiments, n_runs, f0, seed, executor)
    progress = flag("progress", progress)
    total, keeps = _merged(_work(partial(_moments, plan), plan, executor, progress))
    mean, std = plan.unit * total.mean, plan.unit * total.std
    return Moments(
        parameters=p,
        f0=plan.f0,
        n_runs=total.n_runs,
        frontier_mean=plan.f0 + mean[:-1],
        frontier_std=std[:-1],
        keep_rate=keeps / total.n_runs,
        gain_area_mean=float(mean[-1]),
        gain_area_std=float(std[-1]),
    )


@dataclass(frozen=True)
class _Plan:
    """What every task needs to know. On its way to another process it leaves the steps behind."""

    p: Parameters
    f0: float
    runs: Runs
    sigma: FloatArray = field(init=False)
    bias: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        t = np.arange(self.runs.n)
        object.__setattr__(self, "sigma", step_size(self.p, t))
        object.__setattr__(self, "bias", bias(self.p, t))

    def __reduce__(self) -> tuple[Any, ...]:
        return _Plan, (self.p, self.f0, self.runs)

    @property
    def unit(self) -> float:
        """A unit in which the squares of changes are neither 0 nor infinite."""
        return unit_of(self.sigma, self.bias)

    def draw(self, stream: Generator, delta: FloatArray) -> None:
        """Fill `delta` with what the experiments of some runs propose."""
        stream.standard_normal(out=delta)
        np.multiply(delta, self.sigma, out=delta)
        if self.bias.any():
            np.add(delta, self.bias, out=delta)


def _plan(
    p: Parameters, n_experiments: int, n_runs: int, f0: float, seed: Seed, executor: Any
) -> _Plan:
    instance("p", p, Parameters)
    n, n_runs = count("n_experiments", n_experiments), count("n_runs", n_runs)
    check_executor(executor)
    f0, root = number("f0", f0), seed_sequence(seed)
    with within_memory("n_experiments", n, _BYTES_MOMENTS):
        return _Plan(p, f0, Runs.of(n, n_runs, root))


def _empty(n_runs: int, n: int) -> _Arrays:
    return (
        np.empty((n_runs, n)),
        np.empty((n_runs, n), dtype=bool),
        np.empty((n_runs, n + 1)),
        np.empty(n_runs),
    )


def _rows(arrays: _Arrays, rows: slice) -> _Arrays:
    delta, kept, frontier, gain_area = arrays
    return delta[rows], kept[rows], frontier[rows], gain_area[rows]


def _fill(plan: _Plan, task: slice, arrays: _Arrays) -> None:
    """Fill a task's rows of the four results in place."""
    table, weight = _room(plan.runs), weights(plan.runs.n)
    for rows, stream in plan.runs.pieces(task, _PIECE):
        delta, kept, frontier, gain_area = _rows(arrays, rows)
        plan.draw(stream, delta)
        np.less(delta, 0.0, out=kept)
        walks = _walks(delta, plan.f0, weight, table)
        frontier[...] = walks[:-1].T
        gain_area[...] = walks[-1]


def _filled(plan: _Plan, task: slice) -> _Arrays:
    """Make a task's rows, where memory is not shared."""
    arrays = _empty(task.stop - task.start, plan.runs.n)
    _fill(plan, task, arrays)
    return arrays


def _merged(parts: Iterator[_Moments]) -> _Moments:
    """Merge the moments of parts, at least one, in their order."""
    total, keeps = next(parts)
    for part, more in parts:
        total, keeps = total.merged(part), keeps + more
    return total, keeps


def _moments(plan: _Plan, task: slice) -> _Moments:
    """Simulate a task's runs piece by piece, and keep the moments."""
    return _merged(_pieces_moments(plan, task))


def _pieces_moments(plan: _Plan, task: slice) -> Iterator[_Moments]:
    table, weight = _room(plan.runs), weights(plan.runs.n)
    scratch = np.empty((min(plan.runs.piece_rows(_PIECE), task.stop - task.start), plan.runs.n))
    unit = plan.unit
    for rows, stream in plan.runs.pieces(task, _PIECE):
        delta = scratch[: rows.stop - rows.start]
        plan.draw(stream, delta)
        delta /= unit
        keeps = np.count_nonzero(delta < 0.0, axis=0)
        yield Part.of(_walks(delta, 0.0, weight, table)), keeps


def _room(runs: Runs) -> FloatArray:
    """Return room for the F(0) ... F(N) and the gain area of a piece of runs, one run a column."""
    # Whatever there is more of lies side by side. It is up to N alone, as gain areas are summed in
    # an order that follows from it.
    order: Literal["C", "F"] = "C" if runs.stream_rows >= _WIDE else "F"
    table = np.empty((runs.n + 2, max(2, runs.piece_rows(_PIECE))), order=order)
    table[:, :2] = 0.0  # even where there is but one run
    return table


def _walks(delta: FloatArray, start: float, weight: FloatArray, table: FloatArray) -> FloatArray:
    """Return the columns of a table that it fills with the frontiers and gain areas of runs."""
    m = len(delta)
    steps = table[1:-1, :m]
    steps[...] = delta.T
    np.minimum(steps, np.zeros(m), out=steps)  # faster than against a number
    # np.einsum adds up a single column in another order than one of many.
    some = slice(max(2, m))
    np.einsum("i,ij->j", weight, table[1:-1, some], out=table[-1, some])
    table[0, :m] = start
    _running_sums(table[:-1, :m])
    return table[:, :m]


def _running_sums(table: FloatArray) -> None:
    """Do what np.cumsum does along the first axis, in place."""
    if table.shape[1] < _WIDE:
        np.cumsum(table, axis=0, out=table)
        return
    # np.cumsum waits for each sum before it adds the next number to it. Adding whole rows gives
    # the same sums eight times as fast.
    total = table[0]
    for row in table[1:]:
        np.add(total, row, out=row)
        total = row


def _work(
    make: Callable[[slice], Any],
    plan: _Plan,
    executor: Executor | None,
    progress: bool,
    ahead: int | None = None,
) -> Iterator[Any]:
    """Yield the result of every task, in order."""
    results = work(make, plan.runs.tasks(), executor, ahead)
    if not progress:
        return results
    from tqdm.auto import tqdm

    return iter(tqdm(results, total=-(-plan.runs.n_runs // plan.runs.task_rows), unit="task"))


def _spread(values: FloatArray) -> str:
    std = f" ± {values.std(ddof=1):.2g}" if values.size > 1 else ""
    return f"{values.mean():.5g}{std}"


def _table(title: str, p: Parameters, rows: list[tuple[str, str]]) -> str:
    """Return a small HTML table for notebooks."""
    rows = [
        ("σ₀, γ, μ", f"{p.sigma0:g}, {p.gamma:g}, {p.mu:g}"),
        *([("price of boldness", f"{p.price:g}")] if p.price else []),
        *rows,
    ]
    body = "".join(f"<tr><th scope='row'>{name}</th><td>{value}</td></tr>" for name, value in rows)
    return f"<table><caption>{title}</caption><tbody>{body}</tbody></table>"
