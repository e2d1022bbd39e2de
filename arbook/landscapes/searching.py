r"""Searches over :math:`\Theta = \mathbb R^d`, and rules for their step size.

A search adds a normal step to every coordinate, :math:`x' = x + s z`, and keeps the better point.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arbook._numerics.memory import check_size
from arbook._numerics.ranges import Array, Real, count, number, open_unit_interval, positive
from arbook._numerics.seeds import Seed, generator
from arbook._numerics.validation import (
    FloatArray,
    ParameterError,
    attribute,
    float_array,
    function,
    refuse,
)
from arbook.landscapes.surfaces import FARTHEST
from arbook.model.laws import run_length

#: Most dimensions of the laws of the sphere.
MOST_DIMENSIONS = 1_000_000

# Bytes for each experiment of a run, and for each dimension of a run.
_BYTES_AN_EXPERIMENT = 17
_BYTES_A_DIMENSION = 50

#: A function from points, shape (..., d), to metrics, shape (...).
Objective = Callable[[FloatArray], FloatArray]


class StepRule(Protocol):
    """A rule for the size of steps."""

    @property
    def start(self) -> float:
        """First step."""

    def next(self, step: FloatArray, kept: NDArray[np.bool_]) -> FloatArray:
        """Return the next steps of runs, given the last ones and what became of them."""


@dataclass(frozen=True)
class Decay:
    r"""The model's rule: :math:`s_t = s_0\gamma^t`, whatever happens.

    Parameters
    ----------
    start : float
        First step, > 0.
    gamma : float, default 1.0
        Decay rate in (0, 1]; 1 keeps the step as it is.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> Decay(0.5, 0.9).next(np.array([0.5]), np.array([True]))
    array([0.45])
    """

    start: float
    gamma: float = 1.0

    def __post_init__(self) -> None:
        positive("start", self.start)
        Real(0, 1, "(")("gamma", self.gamma)

    def next(self, step: FloatArray, kept: NDArray[np.bool_]) -> FloatArray:
        """Return the steps times gamma."""
        return step * self.gamma


@dataclass(frozen=True)
class SuccessRule:
    r"""The 1/5 success rule: bolder after a keep, more careful after a discard.

    Parameters
    ----------
    start : float
        First step, > 0.
    factor : float, default 1.5
        Factor after a keep, > 1; after a discard the step is divided by its
        :math:`q/(1-q)`-th power, so that a keep rate of q leaves it where it is.
    rate : float, default 0.2
        Keep rate q that the rule aims at, in (0, 1).

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    In the form of [1]_: three lines, no window, no counting.

    References
    ----------
    .. [1] S. Kern et al., "Learning probability distributions in continuous evolutionary
       algorithms: a comparative review", Natural Computing 3, 77-112, 2004.

    Examples
    --------
    >>> rule = SuccessRule(1.0, factor=1.5)
    >>> rule.next(np.ones(2), np.array([True, False])).round(4)
    array([1.5   , 0.9036])
    """

    start: float
    factor: float = 1.5
    rate: float = 0.2

    def __post_init__(self) -> None:
        positive("start", self.start)
        Real(1, ends="(")("factor", self.factor)
        open_unit_interval("rate", self.rate)

    def next(self, step: FloatArray, kept: NDArray[np.bool_]) -> FloatArray:
        """Return larger steps where a variant was kept, and smaller ones elsewhere."""
        smaller = self.factor ** (-self.rate / (1 - self.rate))
        return step * np.where(kept, self.factor, smaller)


@dataclass(frozen=True, eq=False)
class Search:
    r"""Runs of a search on a landscape, one a row.

    Parameters
    ----------
    frontier : ndarray, shape (n_runs, N + 1)
        Best metric after 0 ... N experiments.
    step : ndarray, shape (n_runs, N)
        Step sizes.
    kept : ndarray of bool, shape (n_runs, N)
        True where the variant was kept.
    best : ndarray, shape (n_runs, d)
        The last incumbents.

    See Also
    --------
    search : Makes it.

    Examples
    --------
    >>> from arbook.landscapes import sphere
    >>> runs = search(sphere, [1.0, 1.0], Decay(0.3), 20, n_runs=3, seed=1)
    >>> runs.n_experiments, runs.best.shape
    (20, (3, 2))
    >>> bool((runs.frontier[:, -1] == sphere(runs.best)).all())
    True
    """

    frontier: FloatArray
    step: FloatArray
    kept: NDArray[np.bool_]
    best: FloatArray

    @property
    def n_experiments(self) -> int:
        """Number of experiments N of each run."""
        return int(self.kept.shape[1])


def search(
    objective: Objective,
    start: ArrayLike,
    rule: StepRule,
    n_experiments: int,
    n_runs: int = 1,
    *,
    seed: Seed = None,
) -> Search:
    """Run the update rule on a landscape, with normal steps.

    Parameters
    ----------
    objective : callable
        From points, shape (n_runs, d), to metrics, shape (n_runs,): `sphere`, `ridge`, `hollows`
        or one of your own. A metric that is nan or infinite is a crash.
    start : sequence of float, shape (d,)
        The baseline of every run, each number in [-1e+150, 1e+150].
    rule : Decay or SuccessRule
        How steps change; anything with ``start`` and ``next`` will do.
    n_experiments : int
        Number of experiments N, in 1 ... `arbook.model.laws.LONGEST_RUN`.
    n_runs : int, default 1
        Number of independent runs, >= 1.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.

    Returns
    -------
    Search
        Frontiers, steps and decisions.

    Raises
    ------
    ParameterError
        If an argument is outside its range, the objective returns another shape, or the runs do
        not fit in memory.

    Examples
    --------
    >>> from arbook.landscapes import sphere
    >>> runs = search(sphere, [1.0] * 10, SuccessRule(0.1), 300, n_runs=50, seed=1)
    >>> bool(np.median(runs.frontier[:, -1]) < 0.01)
    True
    """
    n, n_runs = run_length("n_experiments", n_experiments), count("n_runs", n_runs)
    function("objective", objective, "x")
    point = Array(Real(-FARTHEST, FARTHEST), ndim=1)("start", start)
    allowed = "a Decay, a SuccessRule, or anything with start and next"
    function("rule", attribute(rule, "next") or rule, "step", "kept", allowed=allowed)
    first = number("rule.start", attribute(rule, "start"))
    rng = generator(seed)
    check_size("n_experiments", n, _BYTES_AN_EXPERIMENT)
    run = n * _BYTES_AN_EXPERIMENT + point.size * _BYTES_A_DIMENSION
    check_size("n_runs", n_runs, run)

    x = np.tile(point, (n_runs, 1))
    value = _metric(objective, x)
    if not np.isfinite(value).all():
        raise ParameterError(f"objective must be finite at start, got {value[0]}")
    frontier, steps = np.empty((n_runs, n + 1)), np.empty((n_runs, n))
    kept = np.empty((n_runs, n), dtype=bool)
    frontier[:, 0], step = value, np.full(n_runs, first)
    for t in range(n):
        variant = x + step[:, None] * rng.standard_normal(x.shape)
        metric = _metric(objective, variant)
        better = metric < value  # False for nan
        better &= np.isfinite(metric)
        x[better], value[better] = variant[better], metric[better]
        frontier[:, t + 1], steps[:, t], kept[:, t] = value, step, better
        step = rule.next(step, better)
    return Search(frontier, steps, kept, x)


def _metric(objective: Objective, x: FloatArray) -> FloatArray:
    result = objective(x)
    value = float_array(result)
    if value is None:
        raise refuse("objective", result, "a function that returns one number a point")
    if value.shape != x.shape[:1]:
        raise ParameterError(
            f"objective must return one number a point, shape {x.shape[:1]}, got {value.shape}"
        )
    return value
