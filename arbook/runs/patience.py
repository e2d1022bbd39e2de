"""What patience would have cost public runs: where it stops them, and what came afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.ranges import Array, Integer
from arbook._numerics.seeds import Seed, generator
from arbook._numerics.validation import FloatArray, IntArray, instances
from arbook.model.run import RunLog, unbroken
from arbook.model.stopping import MOST_PATIENCE, patience_stop
from arbook.runs.atlas import atlas, repository_of
from arbook.runs.scores import resampled_rows

#: Patience of tools and courses: failures in a row after which they stop.
USUAL_PATIENCE = (3, 5, 10, 15, 20, 30)

# Resamples of the repositories for an interval.
_RESAMPLES = 1000

_PATIENCE = Array(Integer(1, MOST_PATIENCE), ndim=1, increasing=True)


@dataclass(frozen=True, eq=False, repr=False)
class PatienceSurvey:
    """Where stopping after L failures in a row would have ended runs.

    All but `patience` and `runs` are of the runs that the rule would have stopped.

    Parameters
    ----------
    patience : ndarray of int, shape (k,)
        Failures in a row L.
    runs : int
        Number of runs, all of which gained something.
    stopped : ndarray of int, shape (k,)
        Number of them that fail so often in a row.
    position : ndarray, shape (k, 3)
        Share of the run at which the rule stops it: the median over runs, and the ends of its 95 %
        interval, in which repositories are resampled.
    to_come : ndarray, shape (k, 3)
        Share of the run's gain that comes afterwards, the same.
    again : ndarray, shape (k, 3)
        Share of the runs that improve again: a mean, with its interval.

    See Also
    --------
    patience_survey : Makes it.

    Examples
    --------
    >>> from arbook import logs
    >>> found = logs.patience_survey(patience=[5])
    >>> found.runs, int(found.stopped[0]), found.to_come[0, 0].round(2)
    (117, 110, np.float64(0.46))
    """

    patience: IntArray
    runs: int
    stopped: IntArray
    position: FloatArray
    to_come: FloatArray
    again: FloatArray

    def __repr__(self) -> str:
        rows = (
            f"{k}: {gain:.0%}" for k, gain in zip(self.patience, self.to_come[:, 0], strict=True)
        )
        return f"PatienceSurvey({self.runs} runs; gain to come after L failures: {', '.join(rows)})"

    def _repr_html_(self) -> str:
        def cell(row: FloatArray) -> str:
            return "<td>{:.0%} ({:.0%} to {:.0%})</td>".format(*row)

        body = "".join(
            f"<tr><th scope='row'>{k}</th><td>{n} of {self.runs}</td>{cell(p)}{cell(g)}{cell(a)}"
            "</tr>"
            for k, n, p, g, a in zip(
                self.patience, self.stopped, self.position, self.to_come, self.again, strict=True
            )
        )
        heads = (
            "failures in a row", "runs stopped", "at this share of the run", "gain to come",
            "improved again",
        )  # fmt: skip
        head = "".join(f"<th scope='col'>{words}</th>" for words in heads)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def patience_survey(
    runs: Iterable[RunLog] | None = None,
    patience: ArrayLike = USUAL_PATIENCE,
    *,
    seed: Seed = 0,
) -> PatienceSurvey:
    """Say where patience would have stopped runs, and what it would have missed.

    Parameters
    ----------
    runs : iterable of RunLog, optional
        Runs without restarts; those without a gain are left out. Without it, those of `atlas`.
    patience : sequence of int, default (3, 5, 10, 15, 20, 30)
        Failures in a row, rising, in 1 ... `arbook.model.stopping.MOST_PATIENCE`. A failure is an
        experiment that does not move the frontier, crashes included.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None, default 0
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.

    Returns
    -------
    PatienceSurvey
        Position, gain to come and further improvement, with 95 % intervals; nan where no run fails
        so often in a row.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    What comes afterwards ends where the run's owner ended it, so the gain to come is a lower bound.
    Runs of one repository resemble each other: whole repositories are resampled.

    Examples
    --------
    >>> from arbook import logs
    >>> found = logs.patience_survey([logs.load_run("h100-mar8")], [5, 10])
    >>> found.position[:, 0].round(2), found.to_come[:, 0].round(2)
    (array([0.14, 0.25]), array([0.12, 0.11]))
    """
    used = instances("runs", atlas() if runs is None else runs, RunLog)
    ks = _PATIENCE("patience", patience)
    used = [run for run in used if unbroken(run).gain > 0]
    rng = generator(seed)
    places = [repository_of(run) or f"{i}" for i, run in enumerate(used)]
    rows = [_row(used, places, int(k), rng) for k in ks]
    stopped, position, to_come, again = zip(*rows, strict=True)
    return PatienceSurvey(
        ks, len(used), np.array(stopped), np.array(position), np.array(to_come), np.array(again)
    )


def _row(
    runs: list[RunLog], places: list[str], k: int, rng: np.random.Generator
) -> tuple[int, FloatArray, FloatArray, FloatArray]:
    """Return how many runs k failures stop; position, gain to come and further improvement."""
    found, where = [], []
    for run, place in zip(runs, places, strict=True):
        gain = np.nan_to_num(run.improvement)
        n = patience_stop(gain > 0, k)
        if np.isfinite(n):
            left = float(gain[int(n) :].sum() / gain.sum())
            found.append((n / gain.size, left, float(left > 0)))
            where.append(place)
    if not found:
        nothing = np.full(3, np.nan)
        return 0, nothing, nothing, nothing
    values = np.array(found)
    drawn = [_middles(values[rows]) for rows in resampled_rows(where, _RESAMPLES, rng)]
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    position, to_come, again = np.column_stack([_middles(values), low, high])
    return len(found), position, to_come, again


def _middles(values: FloatArray) -> FloatArray:
    """Return the medians of position and gain to come, and the share that improved again."""
    return np.array([*np.median(values[:, :2], axis=0), values[:, 2].mean()])
