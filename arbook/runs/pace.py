"""Whether a run still improves: what its owner asks before the next night."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arbook.model.run import RunLog, unbroken

#: Experiments without an improvement from which a run is called plateauing, and stuck.
PLATEAU, STUCK = 10, 30
#: Experiments that the recent keep rate counts.
RECENT = 20


@dataclass(frozen=True)
class Pace:
    """Where a run stands.

    Parameters
    ----------
    since : int
        Experiments since the last improvement of the frontier; all of them if there was none.
    recent_kept, recent : int
        Keeps among the last experiments, and how many these are, 20 at most.
    state : {"too early", "improving", "plateauing", "stuck"}
        "too early" before ten experiments; then "improving" while fewer than 10 experiments,
        "plateauing" while fewer than 30 passed without an improvement.

    See Also
    --------
    pace : Tells it of a log.

    Examples
    --------
    >>> Pace(since=12, recent_kept=1, recent=20, state="plateauing").recent_rate
    0.05
    """

    since: int
    recent_kept: int
    recent: int
    state: str

    @property
    def recent_rate(self) -> float:
        """Keep rate of the last experiments; nan if there were none."""
        return self.recent_kept / self.recent if self.recent else float("nan")

    @property
    def rule(self) -> str:
        """What the state was told by, in words."""
        return {
            "too early": f"fewer than {PLATEAU} experiments",
            "improving": f"an improvement in the last {PLATEAU} experiments",
            "plateauing": f"none in the last {PLATEAU} experiments, but in the last {STUCK}",
            "stuck": f"none in the last {STUCK} experiments",
        }[self.state]


def pace(log: RunLog) -> Pace:
    """Say whether a run is improving, plateauing or stuck.

    Parameters
    ----------
    log : RunLog
        A run.

    Returns
    -------
    Pace
        Experiments since the last improvement, recent keeps, and the state that a fixed rule
        tells from them.

    Raises
    ------
    ParameterError
        If `log` is not a RunLog, or restarts.

    Notes
    -----
    The rule is a convention and no test: of public runs that went 10 experiments without an
    improvement 87 % improved again, of those that went 30 still 60 %.

    Examples
    --------
    >>> from arbook import logs
    >>> found = logs.pace(logs.load_run("h100-mar8"))
    >>> found.since, found.recent_kept, found.state
    (7, 3, 'improving')
    """
    unbroken(log)
    n = log.n_experiments
    moved = np.flatnonzero(log.improvement > 0)
    since = n - 1 - int(moved[-1]) if moved.size else n
    recent = log.outcomes[-RECENT:]
    if n < PLATEAU:
        state = "too early"
    else:
        state = "improving" if since < PLATEAU else "plateauing" if since < STUCK else "stuck"
    return Pace(since, int((recent == "keep").sum()), recent.size, state)
