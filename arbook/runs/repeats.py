"""What was measured more than once, and the noise that it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from arbook.model.run import RunLog, unbroken

# What stands in the place of a commit where there is none.
_NO_COMMIT = ("uncommitted", "none", "null", "nan", "n/a", "tbd", "todo", "wip", "pending", "head")
_REPEATED = re.compile(r"(?i)\b(seeds?|re-?runs?|repeat(s|ed)?|re-?measured?)\b")


@dataclass(frozen=True)
class Repeats:
    """What repeated measurements of one commit say about noise.

    Parameters
    ----------
    std : float
        Standard deviation of a measurement, pooled over commits, in the metric's unit; nan if
        nothing was repeated.
    n_commits, n_measurements : int
        Commits measured more than once, and their measurements.
    share_below : float
        Share of the run's improvements that are smaller than `std`.

    See Also
    --------
    repeats : Finds them in a log.

    Examples
    --------
    >>> noise = repeats(RunLog(value=[1.0, 0.90, 0.92], status=["keep", "keep", "discard"],
    ...                        commit=("a", "b", "b")))
    >>> noise.n_measurements, round(noise.std, 4)
    (2, 0.0141)
    """

    std: float
    n_commits: int
    n_measurements: int
    share_below: float


def repeats(log: RunLog) -> Repeats:
    """Return what a log says about the noise of its metric.

    Parameters
    ----------
    log : RunLog
        A run. Rows with the same commit are repeated measurements of one configuration if their
        descriptions are equal, or speak of a seed, a repeat or a re-run. (The commit alone does
        not do: some logs give a discarded variant the commit of its parent.)

    Returns
    -------
    Repeats
        Noise, and the share of improvements that it could have made.

    Raises
    ------
    ParameterError
        If `log` is not a RunLog.

    Examples
    --------
    >>> import numpy as np
    >>> log = RunLog(value=np.array([1.0, 0.98, 0.90, 0.92]), status=["keep"] * 2 + ["discard"] * 2,
    ...              commit=("a", "b", "c", "c"))
    >>> round(repeats(log).std, 4), repeats(log).n_commits
    (0.0141, 1)
    """
    unbroken(log)
    repeated = [log.value[rows] for rows in repeated_rows(log)]
    freedom = sum(values.size - 1 for values in repeated)
    squares = sum(float(((values - values.mean()) ** 2).sum()) for values in repeated)
    std = float(np.sqrt(squares / freedom)) if freedom else float("nan")
    steps = np.abs(np.diff(log.frontier[np.isfinite(log.frontier)]))
    steps = steps[steps > 0]
    below = float((steps < std).mean()) if freedom and steps.size else float("nan")
    return Repeats(std, len(repeated), sum(v.size for v in repeated), below)


def repeated_rows(log: RunLog) -> list[list[int]]:
    """Return the rows of each configuration that was measured more than once, in their order."""
    words = log.description or ("",) * log.value.size
    groups: dict[tuple[str, str], list[int]] = {}
    first: dict[str, str] = {}  # of each commit, what its first row says
    rows = zip(log.commit, words, log.value.tolist(), strict=False)
    for row, (commit, text, value) in enumerate(rows):
        name = commit.strip().lower()
        if not np.isfinite(value) or name in _NO_COMMIT or not re.search("[a-z0-9]", name):
            continue
        first.setdefault(name, text)
        said = first[name] if _REPEATED.search(text) else text
        groups.setdefault((name, said), []).append(row)
    return [found for found in groups.values() if len(found) > 1]
