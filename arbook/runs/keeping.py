r"""How often runs improve: the odds of an improvement as a walk in :math:`\ln t`.

.. math:: \operatorname{logit} p(t) = a + b\,(u - u_0) + s\,W(u), \qquad u = \ln(1 + t),

with a Brownian motion W of the run's own. Experiments are counted in bins of equal width in u, and
the walk's posterior is taken as normal about its mode (Laplace's approximation).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from arbook._numerics.validation import FloatArray, IntArray

#: Where a line in u has its intercept: the 31st experiment.
CENTRE = float(np.log(31.0))

# Width of a bin in u.
_WIDTH = 0.3

# Newton's steps, none longer than this in the log odds.
_STEPS, _LONGEST_STEP = 30, 2.0

# Added to variances, so that equal places do no harm.
_JITTER = 1e-9


def edges_of(n: int, start: int = 0) -> IntArray:
    """Return the edges of bins of the experiments start ... n - 1."""
    most = int(np.log1p(n) / _WIDTH) + 1
    inner = np.unique(np.round(np.expm1(_WIDTH * np.arange(most + 1))).astype(np.int64))
    return np.unique(np.concatenate([[start], inner[(inner > start) & (inner < n)], [n]]))


def places(edges: IntArray) -> FloatArray:
    """Return the middle of each bin in u."""
    return (np.log1p(edges[:-1]) + np.log1p(edges[1:] - 1)) / 2


def walk(u: FloatArray, v: FloatArray) -> FloatArray:
    """Return the covariances of a Brownian motion at the places u with itself at v."""
    return np.minimum(u[..., :, None], v[..., None, :])


@dataclass(frozen=True, eq=False)
class Counts:
    """Improvements in the bins of runs, shape (..., n_bins); an empty bin says nothing."""

    improved: FloatArray
    n: FloatArray
    u: FloatArray


def counts(improvement: FloatArray, edges: IntArray) -> Counts:
    """Return the counts of one run."""
    improved, _ = np.histogram(np.flatnonzero(improvement > 0), bins=edges - 0.5)
    return Counts(improved.astype(float), np.diff(edges).astype(float), places(edges))


def stacked(runs: list[Counts]) -> Counts:
    """Return the counts of several runs in one array, filled up with empty bins."""
    width = max(run.n.size for run in runs)

    def fill(name: str) -> FloatArray:
        rows = [getattr(run, name) for run in runs]
        return np.stack([np.pad(row, (0, width - row.size)) for row in rows])

    return Counts(fill("improved"), fill("n"), fill("u"))


@dataclass(frozen=True, eq=False)
class Odds:
    """The walk's posterior in the bins of runs: what is needed to continue it."""

    counts: Counts
    weight: FloatArray  # solves K weight = mode
    root: FloatArray  # root of the curvature of each bin's likelihood
    inner: FloatArray  # I + root K root
    log_evidence: FloatArray


def odds(counts: Counts, start: float, slope: float, spread: float) -> Odds:
    """Return the posterior of the walks of runs."""
    from scipy.special import expit

    k, n, u = counts.improved, counts.n, counts.u
    line = start + slope * (u - CENTRE)
    one = np.eye(u.shape[-1])
    covariance = spread**2 * walk(u, u) + _JITTER * one
    mode, weight = np.zeros_like(u), np.zeros_like(u)
    for step in range(_STEPS):
        p = expit(line + mode)
        root = np.sqrt(n * p * (1 - p))
        inner = one + root[..., :, None] * covariance * root[..., None, :]
        if step == _STEPS - 1:
            break
        right = root**2 * mode + k - n * p
        solved = _solve(inner, root * _times(covariance, right))
        weight = right - root * solved
        move = _times(covariance, weight) - mode
        longest = np.abs(move).max(axis=-1, keepdims=True, initial=0.0)
        if longest.max(initial=0.0) < 1e-10:
            break
        mode = mode + move * np.minimum(1.0, _LONGEST_STEP / np.maximum(longest, 1e-12))
    logit = line + mode
    likelihood = (k * logit - n * np.logaddexp(0.0, logit)).sum(axis=-1)
    penalty = 0.5 * (weight * mode).sum(axis=-1) + 0.5 * np.linalg.slogdet(inner)[1]
    return Odds(counts, weight, root, inner, np.asarray(likelihood - penalty))


def continued(
    past: Odds, u: FloatArray, start: float, slope: float, spread: float
) -> tuple[FloatArray, FloatArray]:
    """Return mean and covariance of one run's log odds at the places u, given its past."""
    cross = spread**2 * walk(u, past.counts.u)
    solved = np.linalg.solve(past.inner, past.root[:, None] * cross.T)
    covariance = spread**2 * walk(u, u) - cross @ (past.root[:, None] * solved)
    return start + slope * (u - CENTRE) + cross @ past.weight, covariance


def _times(matrix: FloatArray, vector: FloatArray) -> Any:
    return (matrix @ vector[..., None])[..., 0]


def _solve(matrix: FloatArray, vector: FloatArray) -> Any:
    return np.linalg.solve(matrix, vector[..., None])[..., 0]
