"""One run: what was measured, what was decided, and the frontier that follows.

Both `arbook.autoresearch` and `arbook.logs.read_log` return a `RunLog`, so whatever can be said
of a simulated run can be said of a real one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arbook._check import FloatArray, IntArray, refuse

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

    Raises
    ------
    ParameterError
        If lengths differ, a status is unknown, or a row that is not a crash has no metric.

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

    def __post_init__(self) -> None:
        value = np.asarray(self.value, dtype=np.float64)
        status = np.asarray(self.status, dtype=str)
        if value.ndim != 1 or value.size == 0:
            raise refuse("value", self.value, "a non-empty one-dimensional array")
        if status.shape != value.shape:
            raise refuse("status", status.shape, f"of the shape of value, {value.shape}")
        unknown = sorted(set(status.tolist()) - set(STATUSES))
        if unknown:
            raise refuse("status", unknown[0], f"one of {', '.join(STATUSES)}")
        if self.direction not in ("min", "max"):
            raise refuse("direction", self.direction, "'min' or 'max'")
        if np.isinf(value).any() or np.isnan(value[np.isin(status, ("keep", "discard"))]).any():
            raise refuse("value", "a row without a finite metric", "finite unless the row is a crash")
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
        return self.value.size - 1

    @property
    def kept(self) -> NDArray[np.bool_]:
        """True where the row was kept, the baseline included."""
        return np.asarray(self.status == "keep")

    @property
    def crashed(self) -> NDArray[np.bool_]:
        """True where the row has no metric because the experiment crashed."""
        return np.asarray(self.status == "crash")

    @cached_property
    def frontier(self) -> FloatArray:
        r"""Best kept metric up to each row, shape (N + 1,); nan before the first keep."""
        sign = self._sign
        best = np.minimum.accumulate(np.where(self.kept, sign * self.value, np.inf))
        return np.where(np.isfinite(best), sign * best, np.nan)

    @cached_property
    def delta(self) -> FloatArray:
        r"""Change :math:`\delta_t` of each experiment against the incumbent before it, shape (N,).

        Negative is better, whatever the direction of the metric; nan for a crash.
        """
        return self._sign * (self.value[1:] - self.frontier[:-1])

    @property
    def f0(self) -> float:
        """Metric of the baseline: the first row that was kept."""
        first = self.value[self.kept]
        return float(first[0]) if first.size else float("nan")

    @property
    def keep_rate(self) -> float:
        """Share of the N experiments that were kept, crashes counted as experiments."""
        return float(self.kept[1:].mean()) if self.n_experiments else float("nan")

    @property
    def gain_area(self) -> float:
        r"""Gain area :math:`\mathcal A_N = \sum_{t=1}^N |f_0 - F(t)|` in metric x experiments."""
        return float(np.nansum(np.abs(self.f0 - self.frontier[1:])))

    def __repr__(self) -> str:
        kept = int(self.kept[1:].sum())
        return (
            f"RunLog({self.source or 'a run'}: {self.n_experiments} experiments, {kept} kept, "
            f"{int(self.crashed.sum())} crashed; {self.metric} {self.f0:g} -> {self.frontier[-1]:g})"
        )
