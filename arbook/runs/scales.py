"""On which scale a metric changes, and the best value that it can have."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from arbook._numerics.validation import FloatArray
from arbook.model.run import RunLog

# Words of names whose metric is a share: 1 is the best, or 100 in per cent.
_SHARES = {
    "acc", "accuracy", "auc", "auroc", "coverage", "f1", "jaccard", "iou", "map", "ndcg",
    "precision", "recall", "success", "winrate",
}  # fmt: skip


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
    if log.direction == "max" or not np.nanmin(log.value) > 0:
        return Scaled(log, None)
    return Scaled(replace(log, value=np.log(log.value)), float(log.frontier[-1]))


def best_possible(log: RunLog) -> float:
    """Return the best value that the metric can have, by its sign or its name; or an infinity."""
    low, high = float(np.nanmin(log.value)), float(np.nanmax(log.value))
    if log.direction == "min":
        return 0.0 if low >= 0 else -np.inf
    words = set(re.findall(r"[a-z]+\d?", log.metric.lower()))
    if low < 0 or not words & _SHARES:
        return np.inf
    return 1.0 if high <= 1 else 100.0 if high <= 100 else np.inf
