"""What was measured more than once, and the noise that it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from arbook._numerics.robust import ROBUST
from arbook._numerics.validation import FloatArray
from arbook.model.run import RunLog, unbroken
from arbook.runs.text import name_of
from arbook.runs.words import is_repeat

# What stands in the place of a commit where there is none.
_NO_COMMIT = ("uncommitted", "none", "null", "nan", "n/a", "tbd", "todo", "wip", "pending", "head")
# Columns of settings, as Optuna, MLflow and Weights & Biases name them.
_SETTING = re.compile(r"(params?|config|hparams|hyperparams?|hyperparameters)_.+")
# A measurement so many robust standard deviations from its group's median says nothing of noise.
_FAR = 6.0


@dataclass(frozen=True)
class Repeats:
    """What repeated measurements of one configuration say about noise.

    Parameters
    ----------
    std : float
        Standard deviation of a measurement, pooled over configurations, in the metric's unit; nan
        if nothing was repeated. Measurements far from the others of theirs are left out. Without
        repeats, what the log itself states after a ±.
    n_commits, n_measurements : int
        Configurations measured more than once, and their measurements.
    share_below : float
        Share of the run's improvements that are smaller than `std`.
    rows : tuple of tuple of int
        The rows of each configuration; row 0 is the baseline.

    See Also
    --------
    repeats : Finds them in a log.

    Examples
    --------
    >>> noise = repeats(RunLog(value=[1.0, 0.90, 0.92], status=["keep", "keep", "discard"],
    ...                        commit=("a", "b", "b")))
    >>> noise.n_measurements, round(noise.std, 4), noise.rows
    (2, 0.0141, ((1, 2),))
    """

    std: float
    n_commits: int
    n_measurements: int
    share_below: float
    rows: tuple[tuple[int, ...], ...] = ()


def repeats(log: RunLog) -> Repeats:
    """Return what a log says about the noise of its metric.

    Parameters
    ----------
    log : RunLog
        A run. Rows with the same commit are repeated measurements of one configuration if their
        descriptions are equal, or say that they measure again ("re-run", "verify", "no code
        changes"). (The commit alone does not do: some logs give a discarded variant the commit of
        its parent.) So are rows with the same settings, where the log has columns of settings.

    Returns
    -------
    Repeats
        Noise, the rows that tell it, and the share of improvements that it could have made.

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
    rows = repeated_rows(log)
    std = _pooled([log.value[group] for group in rows])
    if np.isnan(std) and log.noise is not None:
        std = float(np.sqrt(np.nanmean(np.square(log.noise))))
    steps = np.abs(np.diff(log.frontier[np.isfinite(log.frontier)]))
    steps = steps[steps > 0]
    below = float((steps < std).mean()) if std >= 0 and steps.size else float("nan")
    return Repeats(std, len(rows), sum(map(len, rows)), below, tuple(map(tuple, rows)))


def _pooled(groups: list[FloatArray]) -> float:
    """Return the standard deviation within groups, of what is not far out in its group."""
    if not groups:
        return float("nan")
    # n / (n - 1) makes the mean square about a group's median that of the noise
    off = np.concatenate([(g - np.median(g)) * np.sqrt(g.size / (g.size - 1)) for g in groups])
    freedom = off.size - len(groups)
    if freedom > 2:
        near = np.abs(off) <= _FAR * ROBUST * np.median(np.abs(off))
        start = np.cumsum([0, *(g.size for g in groups)])
        kept = [g[near[a:b]] for g, a, b in zip(groups, start[:-1], start[1:], strict=True)]
        groups = [g for g in kept if g.size > 1] or groups
    squares = sum(float(((g - g.mean()) ** 2).sum()) for g in groups)
    return float(np.sqrt(squares / sum(g.size - 1 for g in groups)))


def repeated_rows(log: RunLog) -> list[list[int]]:
    """Return the rows of each configuration that was measured more than once, in their order."""
    words = log.description or ("",) * log.value.size
    measured = np.isfinite(log.value).tolist()
    groups: dict[tuple[str, ...], list[int]] = {}
    first: dict[str, str] = {}  # of each commit, what its first row says
    for row, (commit, text) in enumerate(zip(log.commit, words, strict=False)):
        name = commit.strip().lower()
        if not measured[row] or name in _NO_COMMIT or not re.search("[a-z0-9]", name):
            continue
        first.setdefault(name, text)
        said = first[name] if is_repeat(text) else text
        groups.setdefault((name, said), []).append(row)
    found = [rows for rows in groups.values() if len(rows) > 1]
    return found or _same_settings(log, measured)


def _same_settings(log: RunLog, measured: list[bool]) -> list[list[int]]:
    """Return the rows whose settings are equal, where the log has columns of settings."""
    places = [i for i, name in enumerate(log.columns) if _SETTING.fullmatch(name_of(name))]
    groups: dict[tuple[str, ...], list[int]] = {}
    for row, cells in enumerate(log.cells if places else ()):
        settings = tuple(cells[i] if i < len(cells) else "" for i in places)
        if measured[row] and any(settings):
            groups.setdefault(settings, []).append(row)
    return [rows for rows in groups.values() if len(rows) > 1]
