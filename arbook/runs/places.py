"""Where a run lies among others: four numbers that need no fit and no unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arbook._numerics.robust import robust_std
from arbook.model.run import RunLog


@dataclass(frozen=True)
class Place:
    """A run's place; nan where its log does not tell.

    `boldness` is the median size of its changes that are not 0, as a share of the baseline;
    `keep_rate` the share of its experiments that were kept; `skill` their median change in units
    of the changes' robust spread, the model's mu / sigma; `decay` what that spread is multiplied
    by from one experiment to the next, by the changes of both halves; `late` the share of the gain
    that came in the second half.
    """

    boldness: float
    keep_rate: float
    skill: float
    decay: float
    late: float


def place(log: RunLog) -> Place:
    """Return the place of a run."""
    delta, n = log.delta, log.n_experiments
    measured = delta[np.isfinite(delta)]
    size = np.abs(measured[measured != 0])
    all_of_it = robust_std(measured)
    half = (n + 1) // 2
    first, second = (robust_std(x[np.isfinite(x)]) for x in (delta[:half], delta[half:]))
    has_halves = first > 0 and second > 0
    gained = abs(log.frontier[half] - log.frontier[n])
    return Place(
        boldness=float(np.median(size) / abs(log.f0)) if size.size and log.f0 else np.nan,
        keep_rate=float(log.keep_rate),
        skill=float(np.median(measured) / all_of_it) if all_of_it > 0 else np.nan,
        decay=float((second / first) ** (2 / n)) if has_halves else np.nan,
        late=float(gained / log.gain) if log.gain > 0 else np.nan,
    )
