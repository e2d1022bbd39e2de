"""On which scale a metric changes, and the best value that it can have."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from arbook._numerics.ranges import instance
from arbook._numerics.validation import FloatArray, refuse
from arbook.model.run import RunLog

# Words of names whose metric is a share: 1 is the best, or 100 in per cent.
_SHARES = {
    "acc", "accuracy", "auc", "auroc", "coverage", "f1", "jaccard", "iou", "map", "ndcg",
    "precision", "recall", "success", "winrate",
}  # fmt: skip


#: A metric that fell by this factor, or by more, is told better by its logarithm.
FACTOR = 1.5


def in_logarithms(log: RunLog) -> RunLog:
    r"""Return a run with the natural logarithm of its metric.

    A change of 0.01 is one of 1 % of the metric then, wherever the metric is. That suits a metric
    that falls by factors, such as a time or a loss from a high start: its steps shrink with it.

    Parameters
    ----------
    log : RunLog
        A run whose metric is positive in every row.

    Returns
    -------
    RunLog
        The same rows; the metric's name gets "ln " in front, its unit goes, and stated noises are
        divided by the metric.

    Raises
    ------
    ParameterError
        If a metric is not positive.

    See Also
    --------
    fit : Takes either.

    Notes
    -----
    Of the runs of `atlas`, 9 (of 7 repositories) have a positive, minimised metric that fell by a
    factor of `FACTOR` or more, and lose no catastrophe to the other scale. The logarithm makes all
    9 likelier under the normal family and 8 under "two-part", held out 8 and 8. Where less is
    gained (61 runs) the two scales are about the same.

    Examples
    --------
    >>> from arbook import logs
    >>> run = logs.load_run("pr109-loop")
    >>> in_logs = logs.in_logarithms(run)
    >>> in_logs.metric, round(in_logs.gain, 3)
    ('ln val_bpb', 0.327)
    """
    value = instance("log", log, RunLog).value
    with np.errstate(invalid="ignore", divide="ignore"):
        if not np.nanmin(value, initial=np.inf) > 0:
            raise refuse("log", float(np.nanmin(value)), "a run whose metric is positive")
        return replace(
            log,
            value=np.log(value),
            metric=f"ln {log.metric}",
            unit="",
            noise=None if log.noise is None else log.noise / value,
            bounds=(-np.inf, np.inf),
        )


def falls_by_factors(log: RunLog) -> bool:
    """Return whether the logarithm tells a run better: minimised, positive, and far down."""
    return _is_a_loss(log) and bool(log.f0 / log.frontier[-1] >= FACTOR)


def _is_a_loss(log: RunLog) -> bool:
    """Return whether a metric is positive and minimised."""
    return log.direction == "min" and bool(np.nanmin(log.value, initial=np.inf) > 0)


@dataclass(frozen=True, eq=False)
class Scaled:
    """A run on the scale on which its metric changes.

    A metric that is positive and minimised changes by factors, so its logarithm is taken; any
    other stays as it is.
    """

    log: RunLog
    start: float | None  # the frontier now, where the scale is logarithmic

    def metric(self, gain: FloatArray) -> FloatArray:
        """Return further gains on the scale in the metric's unit."""
        return gain if self.start is None else np.asarray(-self.start * np.expm1(-gain))


def scaled(log: RunLog) -> Scaled:
    """Return a run on the scale on which its metric changes."""
    if not _is_a_loss(log):
        return Scaled(log, None)
    return Scaled(in_logarithms(log), float(log.frontier[-1]))


def best_possible(log: RunLog) -> float:
    """Return the best value that the metric can have, by its sign or its name; or an infinity."""
    low, high = float(np.nanmin(log.value)), float(np.nanmax(log.value))
    if log.direction == "min":
        return 0.0 if low >= 0 else -np.inf
    words = set(re.findall(r"[a-z]+\d?", log.metric.lower()))
    if low < 0 or not words & _SHARES:
        return np.inf
    return 1.0 if high <= 1 else 100.0 if high <= 100 else np.inf
