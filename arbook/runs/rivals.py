"""Forecasters to compare with: each gives draws of gain, keeps and gain area of n experiments."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from arbook._numerics.validation import FloatArray, ParameterError
from arbook.model.run import RunLog
from arbook.runs.families import families
from arbook.runs.fitting import fit
from arbook.runs.forecasting import forecast
from arbook.runs.population import population

#: Gain, keeps and gain area, shape (n_draws,) each.
Draws = tuple[FloatArray, FloatArray, FloatArray]

#: A rival is told the first part of a run, how many experiments follow, its repository, and the
#: parts of other repositories' runs before and after the same cut; None is a refusal.
Rival = Callable[[RunLog, int, str, Sequence[tuple[RunLog, Draws]]], Draws | None]

_DRAWS = 1000


def atlas(first: RunLog, n: int, repository: str, _: object) -> Draws | None:
    """Return the forecast of the package, by a population without the run's repository."""
    made = forecast(first, n, population=population(repository), n_draws=_DRAWS)
    return made.improvement, made.keeps.astype(float), made.gain_area


def two_part(first: RunLog, n: int, *_: object) -> Draws | None:
    """Return the forecast of the two-part fit alone, with drift."""
    try:
        fitted = fit(first, family="two-part")
    except ParameterError:
        return None
    made = forecast(fitted, n, population=None, n_draws=_DRAWS)
    return made.improvement, made.keeps.astype(float), made.gain_area


def plug_in(first: RunLog, n: int, *_: object) -> Draws | None:
    """Return that of the normal model, with its estimates taken for the truth."""
    try:
        fitted = fit(first)
    except ParameterError:
        return None
    rng, data, family = np.random.default_rng(0), fitted._data, families()["normal"]
    t = np.arange(first.n_experiments, first.n_experiments + n)
    no_drift = np.zeros(2)
    change = [family.draw(fitted._theta, t, data.span, no_drift, rng) for _ in range(_DRAWS)]
    return _summed(data.scale * np.maximum(0.0, -np.array(change)))


def last_quarter(first: RunLog, n: int, *_: object) -> Draws | None:
    """Return the last quarter of what was seen, again and again: one number."""
    quarter = max(1, first.n_experiments // 4)
    improvement = np.nan_to_num(first.improvement)[-quarter:]
    rate = float(improvement.mean())
    keeps = float((improvement > 0).mean()) * n
    return np.array([rate * n]), np.array([keeps]), np.array([rate * n * (n + 1) / 2])


def record_law(first: RunLog, n: int, *_: object) -> Draws | None:
    """Return that of records: probability 1/(t + 2), and gains that were seen."""
    rng = np.random.default_rng(0)
    gains = np.nan_to_num(first.improvement)
    gains = gains[gains > 0] if (gains > 0).any() else np.zeros(1)
    t = np.arange(first.n_experiments, first.n_experiments + n)
    hit = rng.random((_DRAWS, n)) < 1 / (t + 2)
    return _summed(np.where(hit, rng.choice(gains, (_DRAWS, n)), 0.0))


def other_runs(
    first: RunLog, n: int, _: str, others: Sequence[tuple[RunLog, Draws]]
) -> Draws | None:
    """Return what other runs gained and kept after the cut, in units of what they had before it."""
    if not others:
        return None
    own = unit(first)
    keeps = max(1, int((np.nan_to_num(first.improvement) > 0).sum()))
    found = []
    for before, (gain, kept, area) in others:
        had = max(1, int((np.nan_to_num(before.improvement) > 0).sum()))
        size = unit(before)
        found.append((own * gain[0] / size, keeps * kept[0] / had, own * area[0] / size))
    gain, kept, area = np.array(found).T
    return gain, kept, area


RIVALS: dict[str, Rival] = {
    "atlas": atlas,
    "two-part": two_part,
    "plug-in normal": plug_in,
    "last quarter": last_quarter,
    "record law": record_law,
    "other runs": other_runs,
}


def unit(first: RunLog) -> float:
    """Return what gains are measured in: that of the first part, or its median change, or 1."""
    if first.gain > 0:
        return float(first.gain)
    size = np.abs(first.delta[np.isfinite(first.delta)])
    return float(np.median(size[size > 0])) if (size > 0).any() else abs(first.f0) or 1.0


def _summed(gain: FloatArray) -> Draws:
    n = gain.shape[1]
    keeps = (gain > 0).sum(axis=1).astype(float)
    return gain.sum(axis=1), keeps, gain @ np.arange(n, 0, -1.0)
