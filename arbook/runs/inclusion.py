"""What a run must show to be counted among others: the rules of the atlas."""

from __future__ import annotations

import numpy as np

from arbook._numerics.ranges import instance
from arbook.model.run import RunLog

#: Least numbers of discards and of measured changes, the largest share of decisions that are
#: neither keep, discard nor crash, and the least shares of decisions that follow the metric and
#: of keeps that improve it.
FEWEST_DISCARDS = 3
FEWEST_CHANGES = 8
MOST_UNKNOWN = 0.2
LEAST_AGREEMENT = 0.85
LEAST_IMPROVING = 0.6


def shortcomings(log: RunLog) -> tuple[str, ...]:
    """Return what keeps a run out of the atlas; nothing if it meets the rules.

    Parameters
    ----------
    log : RunLog
        A run.

    Returns
    -------
    tuple of str
        A sentence for each rule that it does not meet.

    Raises
    ------
    ParameterError
        If `log` is no run.

    Notes
    -----
    A run of the atlas begins with a measured baseline and does not restart. It has at least 3
    discards and 8 measured changes; at most a fifth of its rows have a decision that is neither
    keep, discard nor crash; of the measured rows, at least 85 % were kept just where the metric
    improved; and of the keeps, at least 60 % improved it.

    Examples
    --------
    >>> from arbook import logs
    >>> run = logs.load_run("h100-mar8")
    >>> logs.shortcomings(run), logs.shortcomings(run.first(5))
    ((), ('it has 1 discard, of at least 3', 'it has 5 measured changes, of at least 8'))
    """
    instance("log", log, RunLog)
    found = []
    if log.restarts:
        found.append("it restarts: each segment is a run of its own")
    if log.baseline != 0 or not np.isfinite(log.value[:1]).all():
        found.append("row 0 is no measured baseline")
    status, delta = log.status[1:], log.delta
    measured = np.isfinite(delta)
    kept, discarded = (measured & (status == word) for word in ("keep", "discard"))
    n = int((status == "discard").sum())
    if n < FEWEST_DISCARDS:
        plural = "" if n == 1 else "s"
        found.append(f"it has {n} discard{plural}, of at least {FEWEST_DISCARDS}")
    if (n := int(measured.sum())) < FEWEST_CHANGES:
        plural = "" if n == 1 else "s"
        found.append(f"it has {n} measured change{plural}, of at least {FEWEST_CHANGES}")
    share = float((status == "other").mean()) if status.size else 0.0
    if share > MOST_UNKNOWN:
        found.append(f"{share:.0%} of its decisions are unknown, of at most {MOST_UNKNOWN:.0%}")
    better = delta < 0
    decided = kept | discarded
    if decided.any() and (share := float((better == kept)[decided].mean())) < LEAST_AGREEMENT:
        found.append(
            f"{share:.0%} of its decisions follow the metric, of at least {LEAST_AGREEMENT:.0%}"
        )
    if kept.any() and (share := float(better[kept].mean())) < LEAST_IMPROVING:
        found.append(
            f"{share:.0%} of its keeps improve the metric, of at least {LEAST_IMPROVING:.0%}"
        )
    return tuple(found)
