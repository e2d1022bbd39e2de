r"""Racing: choose between programs whose expected gain area can only be sampled.

Every function takes the programs and a sampler, ``sample(program, run)``, which makes one run of a
program and returns its gain area (or whatever else is to be as large as possible on average).
`ModelRuns` is a sampler for the model; a reader's own starts a night on a machine. A program is
whatever the sampler understands. If the sampler gives run j of every program the same luck (common
random numbers), all functions make use of it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.memory import check_size
from arbook._numerics.ranges import (
    Array,
    Integer,
    Real,
    count,
    flag,
    not_negatives,
    positive,
)
from arbook._numerics.validation import FloatArray, IntArray, ParameterError, function, refuse

#: (program, number of the run, counted from 0) -> the value of that run.
Sampler = Callable[[Any, int], float]

# Bytes that a record takes for each run.
_BYTES_A_RUN = 32

# The smallest error that a margin can be calculated for, however few the first runs.
_RAREST = 1e-100

# Their squares are doubles.
_VALUE = Real(-1e150, 1e150)
_VALUES = Array(_VALUE, ndim=1, text=f"a list of lists of {_VALUE.plural}")

#: Values by program and run, as lists so that JSON can keep them.
Record = list[list[float]]


@dataclass(frozen=True)
class Elimination:
    """A program that was dropped.

    Parameters
    ----------
    program : int
        Which one, counted from 0.
    runs : int
        Runs that it had had by then.

    Examples
    --------
    >>> uneven = successive_halving("ab", lambda program, run: ord(program), 4)
    >>> uneven.eliminations
    (Elimination(program=0, runs=2),)
    """

    program: int
    runs: int


@dataclass(frozen=True, eq=False)
class Choice:
    """The program that a contest chose, and what that took.

    Parameters
    ----------
    programs : tuple
        The programs.
    best : int
        Which one was chosen, counted from 0.
    runs : ndarray of int, shape (P,)
        Runs spent on each.
    means : ndarray, shape (P,)
        Mean of each program's runs. The mean of the chosen one is too high: see `selection_bias`.
    eliminations : tuple of Elimination
        Programs that were dropped on the way, in order.

    See Also
    --------
    race, successive_halving, uniform : Make it.

    Examples
    --------
    >>> choice = uniform("ab", lambda program, run: ord(program), n_runs=4)
    >>> choice.program, choice.total, choice.means
    ('b', 8, array([97., 98.]))
    """

    programs: tuple[Any, ...]
    best: int
    runs: IntArray
    means: FloatArray
    eliminations: tuple[Elimination, ...] = ()

    @property
    def program(self) -> Any:
        """The chosen program."""
        return self.programs[self.best]

    @property
    def total(self) -> int:
        """Runs of all programs together."""
        return int(self.runs.sum())

    @property
    def names(self) -> list[str]:
        """Names of the programs."""
        return [str(getattr(program, "name", program)) for program in self.programs]

    def __repr__(self) -> str:
        return f"Choice(best={self.names[self.best]!r}, total={self.total} runs)"

    def _repr_html_(self) -> str:
        order = np.argsort(-self.runs, kind="stable").tolist()
        order.sort(key=lambda i: i != self.best)
        rows = "".join(
            f"<tr><th scope='row'>{escape(self.names[i])}{' (chosen)' if i == self.best else ''}"
            f"</th><td>{self.runs[i]}</td><td>{self.means[i]:.4g}</td></tr>"
            for i in order
        )
        head = "".join(f"<th scope='col'>{name}</th>" for name in ("program", "runs", "mean"))
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def uniform(
    programs: Iterable[Any],
    sample: Sampler,
    n_runs: int,
    *,
    record: Record | None = None,
    progress: bool = False,
) -> Choice:
    """Give every program the same number of runs and choose the largest mean.

    Parameters
    ----------
    programs : iterable
        The programs, at least one.
    sample : callable
        Makes a run: ``sample(program, run)`` returns its value.
    n_runs : int
        Runs of each program, >= 1.
    record : list of lists of float, optional
        Values of runs made before: ``record[i][j]`` is that of run j of program i. They are used,
        not made again, and new ones are added. After an interruption a call with the same record
        goes on where the first one stopped; an empty list starts one.
    progress : bool, default False
        Show a progress bar.

    Returns
    -------
    Choice
        The chosen program, of equal ones the first.

    Raises
    ------
    ParameterError
        If an argument is out of range, or a value is not in [-1e+150, 1e+150].

    Examples
    --------
    >>> uniform("ab", lambda program, run: {"a": 1.0, "b": 2.0}[program] + run % 2, n_runs=4)
    Choice(best='b', total=8 runs)
    """
    n_runs = count("n_runs", n_runs)
    with _Contest(programs, sample, record, progress) as contest:
        check_size("n_runs", n_runs, contest.size * _BYTES_A_RUN)
        for i in range(contest.size):
            contest.make(i, n_runs)
        return contest.choice()


def successive_halving(
    programs: Iterable[Any],
    sample: Sampler,
    budget: int,
    *,
    record: Record | None = None,
    progress: bool = False,
) -> Choice:
    r"""Share out a budget in rounds and drop the worse half of the programs after each.

    There are :math:`\lceil\log_2 P\rceil` rounds for P programs. Each spends an equal part of the
    budget, evenly on the programs that are left; all runs of a program count.

    Parameters
    ----------
    programs : iterable
        The programs, at least one.
    sample : callable
        Makes a run: ``sample(program, run)`` returns its value.
    budget : int
        Most runs to spend in total; at least one for every program in every round.
    record, progress
        As for `uniform`.

    Returns
    -------
    Choice
        The program that is left.

    Raises
    ------
    ParameterError
        If an argument is out of range, or a value is not in [-1e+150, 1e+150].

    Notes
    -----
    The method of [1]_, which gives no probability of error beforehand.

    References
    ----------
    .. [1] K. Jamieson and A. Talwalkar, "Non-stochastic best arm identification and
       hyperparameter optimization", AISTATS 2016.

    Examples
    --------
    >>> halving = successive_halving("abcd", lambda program, run: ord(program) + run % 2, 32)
    >>> halving, halving.runs
    (Choice(best='d', total=32 runs), array([ 4,  4, 12, 12]))
    """
    with _Contest(programs, sample, record, progress) as contest:
        rounds = max(1, math.ceil(math.log2(contest.size)))
        least = contest.size * rounds
        budget = Integer(least, note=f"for {contest.size} programs")("budget", budget)
        check_size("budget", budget, _BYTES_A_RUN)
        runs = 0
        for to_come in range(rounds, 0, -1):
            left = contest.left
            share = budget // to_come // len(left)
            runs, budget = runs + share, budget - share * len(left)
            for i in left:
                contest.make(i, runs)
            ranked = sorted(left, key=lambda i: -contest.mean(i))
            contest.drop(ranked[(len(left) + 1) // 2 :], runs)
        return contest.choice()


def race_margin(
    variance: ArrayLike,
    n_programs: int,
    *,
    indifference: float,
    error: float = 0.05,
    first_runs: int = 20,
) -> Any:
    r"""Return by how much a program's sum must trail another's for a race to drop it.

    Law: Racing. With d the indifference and :math:`S^2` the variance of the first :math:`n_0`
    differences of the pair,

    .. math:: w = \frac{S^2}{d} \cdot \frac{n_0 - 1}{4}
       \left[\left(\frac{P-1}{\alpha}\right)^{2/(n_0-1)} - 1\right].

    Parameters
    ----------
    variance : float or array of float
        Sample variance :math:`S^2` of the differences between their first runs, >= 0.
    n_programs : int
        Programs P in the race, >= 2.
    indifference : float
        Smallest difference d of expectations that matters, > 0, in units of the values.
    error : float, default 0.05
        Probability :math:`\alpha` of a wrong choice that is allowed, in
        [1e-100, 0.5).
    first_runs : int, default 20
        Runs :math:`n_0` of every program before the first decision, >= 2.

    Returns
    -------
    float or ndarray
        Margins in units of the values, of the shape of `variance`; inf where they are no double.

    Raises
    ------
    ParameterError
        If an argument is out of range.

    Notes
    -----
    A random walk with drift d and steps of variance :math:`s^2` ever falls below -w with a
    probability of at most :math:`e^{-2dw/s^2}`. The mean of this over the distribution of
    :math:`S^2` is :math:`\alpha/(P-1)`. It is the procedure of [1]_ with c = ∞, where margins do
    not shrink.

    References
    ----------
    .. [1] S.-H. Kim and B. L. Nelson, "A fully sequential procedure for indifference-zone
       selection in simulation", ACM Transactions on Modeling and Computer Simulation 11,
       251-273, 2001.

    Examples
    --------
    >>> race_margin([1.0, 8.0], 8, indifference=1.0).round(2)
    array([ 3.24, 25.93])
    """
    factor = _rule(n_programs, indifference, error, first_runs)
    s2 = not_negatives("variance", variance)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.where(s2 > 0, factor * s2 / float(indifference), 0.0)[()]


def race(
    programs: Iterable[Any],
    sample: Sampler,
    *,
    indifference: float,
    error: float = 0.05,
    first_runs: int = 20,
    record: Record | None = None,
    progress: bool = False,
) -> Choice:
    r"""Run all programs side by side and drop each as soon as it is clearly worse than another.

    Parameters
    ----------
    programs : iterable
        The programs, at least one.
    sample : callable
        Makes a run: ``sample(program, run)`` returns its value.
    indifference : float
        Smallest difference of expectations that matters, > 0, in units of the values.
    error : float, default 0.05
        Probability of a wrong choice that is allowed, in [1e-100, 0.5).
    first_runs : int, default 20
        Runs of every program before the first decision, >= 2. Fewer make margins wider: they
        pay only where most programs are hopeless.
    record, progress
        As for `uniform`.

    Returns
    -------
    Choice
        The program that is left, and when each of the others was dropped.

    Raises
    ------
    ParameterError
        If an argument is out of range, or a value is not in [-1e+150, 1e+150].

    Notes
    -----
    The procedure KN of [1]_ with c = ∞. If values are normal, runs of different number are
    independent, and the best expectation is at least `indifference` above every other, the best
    program is chosen with probability at least ``1 - error``, also with common random numbers and
    whatever the variances. The first decision comes after `first_runs` runs of each. Two programs
    that differ by D on average take some :math:`w/D` runs to part, and equal ones
    :math:`w^2/S^2`, with `race_margin` w; a pair whose first values do not differ in anything is
    not parted at all.

    References
    ----------
    .. [1] S.-H. Kim and B. L. Nelson, "A fully sequential procedure for indifference-zone
       selection in simulation", ACM Transactions on Modeling and Computer Simulation 11,
       251-273, 2001.

    Examples
    --------
    >>> from arbook import Parameters, programs
    >>> steps = 0.006, 0.008, 0.010, 0.012
    >>> shelf = [programs.Program(f"{s:g}", Parameters(s, 0.97)) for s in steps]
    >>> choice = programs.race(shelf, programs.ModelRuns(shelf, 100, seed=1), indifference=1.0)
    >>> choice.program.name, [e.program for e in choice.eliminations]
    ('0.012', [0, 1, 2])
    """
    first_runs = Integer(2)("first_runs", first_runs)
    with _Contest(programs, sample, record, progress) as contest:
        size = contest.size
        check_size("first_runs", first_runs, size * (size + 4) * 8)
        _rule(max(size, 2), indifference, error, first_runs)  # before any run is made
        first = np.array([contest.make(i, first_runs) for i in range(size)])
        sums = first.sum(axis=1)
        margins = race_margin(
            (first[:, None, :] - first[None, :, :]).var(axis=2, ddof=1), max(size, 2),
            indifference=indifference, error=error, first_runs=first_runs,
        )  # fmt: skip
        if not np.isfinite(margins).all():
            allowed = "larger where values differ so much: the race would not end"
            raise refuse("indifference", indifference, allowed)
        for runs in itertools.count(first_runs):
            left = contest.left
            margin = margins[np.ix_(left, left)]
            lead = sums[left][None, :] - sums[left][:, None]  # of j over i
            behind = (lead > margin).any(axis=1)
            contest.drop([i for i, is_behind in zip(left, behind, strict=True) if is_behind], runs)
            if not margin.any():  # what was left is one program, or the same in every run
                break
            if len(contest.left) > 1:
                for i in contest.left:
                    sums[i] += contest.make(i, runs + 1)[-1]
        return contest.choice()


class _Contest:
    """The runs of a contest: made when needed, kept in the record, counted."""

    def __init__(
        self, programs: Iterable[Any], sample: Sampler, record: Record | None, progress: bool
    ) -> None:
        try:
            self.programs = tuple(programs)
        except Exception:  # whatever the methods of the value raise
            raise refuse("programs", programs, "an iterable of programs") from None
        if not self.programs:
            raise refuse("programs", self.programs, "at least one program")
        function("sample", sample, "program", "run")
        self.sample, self.record = sample, _record(record, self.size)
        self.left = list(range(self.size))
        self.runs = np.zeros(self.size, dtype=np.int64)
        self.eliminations: list[Elimination] = []
        self.bar: Any = None
        if flag("progress", progress):
            from tqdm.auto import tqdm

            self.bar = tqdm(unit="run")

    def __enter__(self) -> _Contest:
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()

    @property
    def size(self) -> int:
        """Number of programs."""
        return len(self.programs)

    def make(self, i: int, n_runs: int) -> list[float]:
        """Return the first values of program i; make those that are missing."""
        values = self.record[i]
        for run in range(len(values), n_runs):
            value = self.sample(self.programs[i], run)
            values.append(_VALUE("sample(program, run)", value))
        if self.bar is not None:
            self.bar.update(n_runs - int(self.runs[i]))
        self.runs[i] = n_runs
        return values[:n_runs]

    def mean(self, i: int) -> float:
        """Return the mean of program i's runs."""
        return math.fsum(self.record[i][: self.runs[i]]) / int(self.runs[i])

    def drop(self, programs: Iterable[int], runs: int) -> None:
        """Take programs out of the contest."""
        for i in programs:
            self.left.remove(i)
            self.eliminations.append(Elimination(i, runs))

    def choice(self) -> Choice:
        """Return the best of those that are left."""
        means = [self.mean(i) for i in range(self.size)]
        best = max(self.left, key=lambda i: means[i])
        return Choice(self.programs, best, self.runs, np.array(means), tuple(self.eliminations))


def _record(record: Record | None, size: int) -> Record:
    """Return the values made before, one list a program; `record` itself is filled."""
    if record is None:
        record = []
    if not isinstance(record, list) or any(not isinstance(values, list) for values in record):
        raise refuse("record", record, "a list of lists of numbers")
    if len(record) not in (0, size):
        raise refuse("record", record, f"empty, or a list for each of the {size} programs")
    if not record:
        record.extend([] for _ in range(size))
    for values in filter(None, record):
        _VALUES("record", values)
    return record


def _rule(n_programs: int, indifference: float, error: float, first_runs: int) -> float:
    """Check the parameters of a race and return its margin for S² = d = 1."""
    others = _as_float(Integer(2)("n_programs", n_programs) - 1)
    positive("indifference", indifference)
    error = Real(_RAREST, 0.5, ")")("error", error)
    free = _as_float(Integer(2)("first_runs", first_runs) - 1)
    with np.errstate(over="ignore"):  # where no number of runs would do
        return float(free / 4 * (np.power(others / error, 2 / free) - 1))


def _as_float(n: int) -> float:
    return float(min(n, 10**300))


_MEANS = Array(_VALUE, ndim=1)
_ERRORS = Array(Real(0, 1e150, ends="("), ndim=1)


def _estimates(
    means: ArrayLike, errors: ArrayLike, name: str = "errors"
) -> tuple[FloatArray, FloatArray]:
    a, s = _MEANS("means", means), _ERRORS(name, errors)
    if s.size != a.size:
        raise ParameterError(
            f"{name} must have one entry for each of the {a.size} means, got {s.size}"
        )
    return a, s
