"""How good a forecast was: its distribution against what came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from arbook._numerics.validation import FloatArray, IntArray

#: Levels of the central intervals that are judged.
LEVELS = (0.5, 0.8, 0.95)

# Numbers that differ by less are the same after so many operations.
_SAME = 1e-12


@dataclass(frozen=True)
class Score:
    """CRPS of a forecast, whether its intervals held the truth, and the truth's place in it."""

    crps: float
    covered: tuple[bool, ...]
    pit: float


def score(draws: FloatArray, truth: float, rng: np.random.Generator) -> Score:
    """Return the score of a forecast that is given by draws.

    CRPS is the mean distance of a draw from the truth, less half that of two draws; the place of
    the truth is drawn at random among draws that are equal to it, so that it is uniform if the
    forecast is right.
    """
    x = np.sort(draws)
    m = x.size
    spread = float((2 * np.arange(1, m + 1) - m - 1) @ x) / m**2
    crps = float(np.abs(x - truth).mean()) - spread
    covered = []
    for level in LEVELS:
        low, high = np.quantile(x, [(1 - level) / 2, (1 + level) / 2])
        covered.append(bool(low - _SAME <= truth <= high + _SAME))
    below = float((x < truth - _SAME).mean())
    equal = float((np.abs(x - truth) <= _SAME).mean())
    return Score(crps, tuple(covered), below + float(rng.random()) * equal)


def resampled_rows(cluster: Sequence[str], n: int, rng: np.random.Generator) -> Iterator[IntArray]:
    """Yield the rows of n samples in which clusters are drawn anew, each with all its rows."""
    names = np.array(cluster)
    own = [np.flatnonzero(names == name) for name in dict.fromkeys(cluster)]
    for _ in range(n):
        yield np.concatenate([own[i] for i in rng.integers(len(own), size=len(own))])


def clustered(values: FloatArray, cluster: list[str]) -> tuple[float, float]:
    """Return the mean, and its standard error if clusters are independent."""
    mean = float(values.mean())
    names = np.array(cluster)
    sums = [float((values[names == name] - mean).sum()) for name in dict.fromkeys(cluster)]
    return mean, float(np.linalg.norm(sums)) / values.size
