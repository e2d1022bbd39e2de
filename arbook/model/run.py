"""One run: what was measured, what was decided, and the frontier that follows.

Both `arbook.autoresearch` and `arbook.logs.read_log` return a `RunLog`, so whatever can be said
of a simulated run can be said of a real one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arbook._numerics.ranges import Array, Integer, Options, instance, natural
from arbook._numerics.validation import (
    FloatArray,
    IntArray,
    Verbatim,
    float_array,
    is_masked,
    refuse,
)

#: What can become of an experiment. "other" is a status that a log's author invented.
STATUSES = ("keep", "discard", "crash", "other")


@dataclass(frozen=True, eq=False)
class RunLog:
    r"""A run of N experiments after a baseline.

    Row 0 is the baseline :math:`\theta_0`; row ``t + 1`` is experiment t of the model, so
    ``frontier[t]`` is the model's :math:`F(t)`.

    Parameters
    ----------
    value : array of float, shape (N + 1,)
        The metric of each row; nan where there is none (a crash).
    status : array of str, shape (N + 1,)
        "keep", "discard", "crash" or "other".
    description : tuple of str
        What the row says of itself; for a crash of `arbook.autoresearch`, the reason.
    metric : str
        Name of the metric.
    direction : {"min", "max"}
        Whether lower or higher is better.
    source : str
        Where the run comes from.
    issues : tuple
        What the reader of a log did not use, with line number and reason.
    best : object
        The final incumbent, where it is known.
    memory : array of float, shape (N + 1,), optional
        Peak memory of each row in GB; nan where there is none.
    commit : tuple of str
        What the log names each row by: a commit, or a number.
    line : array of int, shape (N + 1,), optional
        The line of the log's file that each row stands on, from 1.
    restarts : tuple of int
        Rows at which a later baseline starts a new sequence; `segments` splits there.
    unit : str
        Unit of the metric, where the log has one.
    noise : array of float, shape (N + 1,), optional
        Standard deviation that the log states of each measurement; nan where it states none.
    bounds : tuple of float, default (-inf, inf)
        What the metric can be at least and at most.
    decisions : {"logged", "best", "none"}
        Whose decisions these are: the log's, those of the running best, or nobody's.
    columns : tuple of str
        Names of the columns of the log's file; `cells` has the cells of each row.
    cells : tuple of tuple of str
        What the log's file says in each row, whatever was made of it.
    group : tuple of str
        Of each row, what the log was split by (an agent, a model).

    Raises
    ------
    ParameterError
        If lengths differ, a status or direction is unknown, a metric is infinite, or `restarts`
        are not rising rows after the first.

    Notes
    -----
    A row without a metric (nan) still is an experiment. It never moves the frontier, whatever
    its status says. `autoresearch` and simulations always have at least row 0; the log of a run
    that never started has no row, and its measures are nan.

    Examples
    --------
    >>> import numpy as np
    >>> log = RunLog(value=np.array([1.0, 0.9, np.nan, 0.95]),
    ...              status=np.array(["keep", "keep", "crash", "discard"]))
    >>> log.frontier
    array([1. , 0.9, 0.9, 0.9])
    >>> log.n_experiments, round(log.gain_area, 10)
    (3, 0.3)
    """

    value: FloatArray
    status: NDArray[np.str_]
    description: tuple[str, ...] = ()
    metric: str = "val_bpb"
    direction: str = "min"
    source: str = ""
    issues: tuple[Any, ...] = ()
    best: Any = field(default=None, repr=False)
    memory: FloatArray | None = field(default=None, repr=False)
    commit: tuple[str, ...] = field(default=(), repr=False)
    line: IntArray | None = field(default=None, repr=False)
    restarts: tuple[int, ...] = ()
    unit: str = ""
    noise: FloatArray | None = field(default=None, repr=False)
    bounds: tuple[float, float] = (-inf, inf)
    decisions: str = "logged"
    columns: tuple[str, ...] = field(default=(), repr=False)
    cells: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    group: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        value = float_array(self.value)
        if value is None:
            raise refuse("value", self.value, "an array of numbers")
        if is_masked(self.status):
            raise refuse("status", self.status, "an array without a mask")
        try:
            status = np.array(self.status, dtype=str)
        except Exception:  # ragged, or whatever the methods of the value raise
            raise refuse("status", self.status, "an array of str") from None
        if value.ndim != 1:
            raise refuse("value", self.value, "a one-dimensional array")
        if status.shape != value.shape:
            raise refuse("status", status.shape, f"of the shape of value, {value.shape}")
        unknown = sorted(set(status.tolist()) - set(STATUSES))
        if unknown:
            raise refuse("status", unknown[0], f"one of {', '.join(STATUSES)}")
        Options("min", "max")("direction", self.direction)
        if np.isinf(value).any():
            raise refuse("value", "an infinite metric", "finite, or nan where there is no metric")
        Options("logged", "best", "none")("decisions", self.decisions)
        for name in ("description", "memory", "commit", "line", "noise", "cells", "group"):
            column = getattr(self, name)
            if column is None:
                continue
            try:
                size = len(column)
            except Exception:  # whatever the methods of the value raise
                raise refuse(name, column, f"one entry a row, {value.size}") from None
            if size not in (value.size, 0):
                raise refuse(name, Verbatim(f"{size} entries"), f"one entry a row, {value.size}")
        words = f"rising row numbers in 1 ... {value.size - 1}"
        rows = Array(Integer(1, value.size - 1), ndim=1, increasing=True, text=words)
        if not (isinstance(self.restarts, list | tuple) and not self.restarts):
            object.__setattr__(self, "restarts", tuple(rows("restarts", self.restarts).tolist()))
        value.setflags(write=False)
        status.setflags(write=False)
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "status", status)

    @property
    def _sign(self) -> float:
        return 1.0 if self.direction == "min" else -1.0

    @property
    def experiment(self) -> IntArray:
        """Row numbers 0 ... N; 0 is the baseline."""
        return np.arange(self.value.size)

    @property
    def n_experiments(self) -> int:
        """Number of experiments N, the baseline not counted."""
        return max(self.value.size - 1, 0)

    @property
    def kept(self) -> NDArray[np.bool_]:
        """True where the row was kept, the baseline included."""
        return np.asarray(self.status == "keep")

    @property
    def crashed(self) -> NDArray[np.bool_]:
        """True where the row has no metric because the experiment crashed."""
        return np.asarray(self.status == "crash")

    @property
    def evaluated(self) -> NDArray[np.bool_]:
        """True where the row has a metric."""
        return ~np.isnan(self.value)

    @cached_property
    def frontier(self) -> FloatArray:
        r"""Best kept metric up to each row, shape (N + 1,); nan before the first keep."""
        sign = self._sign
        best = np.minimum.accumulate(
            np.where(self.kept & self.evaluated, sign * self.value, np.inf)
        )
        return np.where(np.isfinite(best), sign * best, np.nan)

    @cached_property
    def delta(self) -> FloatArray:
        r"""Change :math:`\delta_t` of each experiment against the incumbent before it, shape (N,).

        Negative is better, whatever the direction of the metric; nan for a crash.
        """
        return self._sign * (self.value[1:] - self.frontier[:-1])

    @property
    def baseline(self) -> int | None:
        """Row of the baseline, the first row that was kept with a metric; nearly always 0.

        Where there is none, row 0 if it was kept; else None.
        """
        measured = np.flatnonzero(self.kept & self.evaluated)
        if measured.size:
            return int(measured[0])
        return 0 if self.kept[:1].any() else None

    @cached_property
    def outcomes(self) -> NDArray[np.str_]:
        """Status of every row but the baseline's, in order.

        A row that was kept without a metric before the baseline is "other".

        Examples
        --------
        >>> import numpy as np
        >>> RunLog(value=np.array([np.nan, 1.2, 1.1]), status=["crash", "keep", "keep"]).outcomes
        array(['crash', 'keep'], dtype='<U5')
        """
        if self.baseline is None:
            return self.status
        before, after = self.status[: self.baseline], self.status[self.baseline + 1 :]
        return np.concatenate([np.where(before == "keep", "other", before), after])

    @property
    def f0(self) -> float:
        """Metric of the baseline, the first row that was kept with a metric."""
        first = self.value[self.kept & self.evaluated]
        return float(first[0]) if first.size else float("nan")

    @property
    def keep_rate(self) -> float:
        """Share of the experiments that were kept, crashes counted as experiments."""
        kept = self.outcomes == "keep"
        return float(kept.mean()) if kept.size else float("nan")

    @property
    def gain_area(self) -> float:
        r"""Gain area :math:`\mathcal A_N = \sum_{t=1}^N |f_0 - F(t)|` in metric x experiments.

        Experiments before the first keep add nothing; nan if nothing was kept.
        """
        if np.isnan(self.f0):
            return float("nan")
        return float(np.nansum(self._sign * (self.f0 - self.frontier[1:])))

    @cached_property
    def improvement(self) -> FloatArray:
        r"""How far each experiment moved the frontier, shape (N,).

        :math:`I_t = |F(t) - F(t + 1)|`, the model's :math:`\max(0, -\delta_t)`; 0 where the
        frontier stayed, nan before the first keep.

        Examples
        --------
        >>> import numpy as np
        >>> RunLog(value=np.array([1.0, 0.75, 0.9]), status=["keep", "keep", "discard"]).improvement
        array([0.25, 0.  ])
        """
        return np.abs(np.diff(self.frontier))

    @property
    def gain(self) -> float:
        r"""Distance :math:`|f_0 - F(N)|` that the frontier moved; nan if nothing was kept."""
        return float("nan") if np.isnan(self.f0) else float(abs(self.f0 - self.frontier[-1]))

    @property
    def average_gain(self) -> float:
        r"""Mean distance of the frontier from the baseline, :math:`\mathcal A_N / N`.

        nan if nothing was kept, or there was no experiment.
        """
        return self.gain_area / self.n_experiments if self.n_experiments else float("nan")

    @property
    def share_of_three_largest(self) -> float:
        """Share of the gain that the three largest improvements make; nan without a gain."""
        largest = np.sort(self.improvement[~np.isnan(self.improvement)])[::-1]
        return float(largest[:3].sum() / largest.sum()) if largest.any() else float("nan")

    @property
    def segments(self) -> tuple[RunLog, ...]:
        """The run in pieces, each with a baseline of its own; the run itself if none restarts."""
        edges = [0, *self.restarts, self.value.size]
        if len(edges) == 2:
            return (self,)
        return tuple(self._rows(slice(a, b)) for a, b in pairwise(edges))

    def column(self, name: str) -> tuple[str, ...]:
        r"""Return what the log's file says in one of its `columns`, row by row.

        Examples
        --------
        >>> import io
        >>> from arbook.logs import read_log
        >>> read_log(io.StringIO("loss\tstatus\tgpu\n1.0\tkeep\tA\n")).column("gpu")
        ('A',)
        """
        place = self.columns.index(Options(*self.columns)("name", name))
        return tuple(row[place] if place < len(row) else "" for row in self.cells)

    def first(self, n: int) -> RunLog:
        """Return the log of the baseline and the first n experiments.

        Examples
        --------
        >>> import numpy as np
        >>> RunLog(value=np.array([1.0, 0.9, 0.8]), status=["keep"] * 3).first(1).value
        array([1. , 0.9])
        """
        n = natural("n", n)
        restarts = tuple(row for row in self.restarts if row <= n)
        return replace(self._rows(slice(0, n + 1)), restarts=restarts)

    def _rows(self, rows: slice) -> RunLog:
        return replace(
            self,
            value=self.value[rows],
            status=self.status[rows],
            description=self.description[rows],
            memory=None if self.memory is None else self.memory[rows],
            commit=self.commit[rows],
            line=None if self.line is None else self.line[rows],
            noise=None if self.noise is None else self.noise[rows],
            cells=self.cells[rows],
            group=self.group[rows],
            restarts=(),
        )

    def __repr__(self) -> str:
        if not self.value.size:
            return f"RunLog({self.source or 'a run'}: no rows; {self.metric})"
        kept = int((self.outcomes == "keep").sum())
        return (
            f"RunLog({self.source or 'a run'}: {self.n_experiments} experiments, {kept} kept, "
            f"{int(self.crashed.sum())} crashed; "
            f"{self.metric} {self.f0:g} -> {self.frontier[-1]:g})"
        )

    def _repr_html_(self) -> str:
        from html import escape

        if not self.value.size:
            return f"<p>{escape(repr(self))}</p>"
        counts = ", ".join(
            f"{int((self.outcomes == status).sum())} {word}"
            for status, word in zip(
                STATUSES, ("kept", "discarded", "crashed", "other"), strict=True
            )
            if status != "other" or status in self.status
        )
        rows = [
            ("experiments", f"{self.n_experiments}: {counts}"),
            (self.metric, f"{self.f0:g} → {self.frontier[-1]:g}"),
            ("keep rate", f"{self.keep_rate:.1%}"),
            ("gain area", f"{self.gain_area:.4g}"),
        ]
        if self.issues:
            rows.append(("issues", f"{len(self.issues)}, see .issues"))
        body = "".join(
            f"<tr><th scope='row'>{escape(name)}</th><td>{escape(text)}</td></tr>"
            for name, text in rows
        )
        caption = escape(self.source or "a run")
        return f"<table><caption>{caption}</caption><tbody>{body}</tbody></table>"


def unbroken(log: RunLog) -> RunLog:
    """Return `log`, if it is a run whose baseline was measured once."""
    instance("log", log, RunLog)
    if log.restarts:
        raise refuse("log", f"a run with {len(log.restarts)} restarts", "one of log.segments")
    return log
