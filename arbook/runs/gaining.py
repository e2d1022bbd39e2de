r"""How large improvements are: their logarithm about a line in :math:`\ln t`.

.. math:: \ln\frac gS = c + d\,(u - u_0) + \sqrt\lambda\,[s_c z + s_g W(u) + e], \qquad
    u = \ln(1 + t),

where S is the run's median change that is not 0, z and W are the run's own level and walk, e is the
gain's own, of variance v, and all are normal; :math:`\lambda`, the run's own variance, is
inverse-gamma with shape and scale :math:`h/2`. So a run's gains have a t distribution, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from arbook._numerics.validation import FloatArray, IntArray
from arbook.model.run import RunLog
from arbook.runs.keeping import CENTRE, walk

if TYPE_CHECKING:
    from arbook.runs.population import Population

# Above so many gains in a bin their sum is drawn as one number, of their mean and variance.
_FEW = 50

# Logarithms beyond are no sizes.
_LARGEST = 300.0


@dataclass(frozen=True, eq=False)
class Gains:
    """The improvements of a run on its scale: logarithms in units of `unit`, and places."""

    log_size: FloatArray
    u: FloatArray
    unit: float


def gains(log: RunLog, usual: float) -> Gains:
    """Return the improvements of a run; `usual` is its unit where nothing was measured twice."""
    size = np.abs(log.delta)
    size = size[np.isfinite(size) & (size > 0)]
    unit = float(np.median(size)) if size.size else usual
    improvement = np.nan_to_num(log.improvement)
    t = np.flatnonzero(improvement > 0)
    return Gains(np.log(improvement[t] / unit), np.log1p(t), unit)


def log_density(runs: list[Gains], of: Population) -> float:
    """Return the log density of the gains of runs."""
    from scipy.special import gammaln

    h, total = of.freedom, 0.0
    for run in runs:
        m = run.u.size
        root = np.linalg.cholesky(_covariance(run.u, run.u, of) + of.gain_noise**2 * np.eye(m))
        z = np.linalg.solve(root, run.log_size - of.gain_start - of.gain_slope * (run.u - CENTRE))
        total += float(
            gammaln((h + m) / 2) - gammaln(h / 2) - m / 2 * np.log(h * np.pi)
            - np.log(np.diag(root)).sum() - (h + m) / 2 * np.log1p(z @ z / h)
        )  # fmt: skip
    return total


def draw(
    past: Gains, u: FloatArray, kept: IntArray, of: Population, rng: np.random.Generator
) -> FloatArray:
    """Draw the summed gains of each draw's bins, given how many each has, and the run's past."""
    n_draws, m = kept.shape[0], past.u.size
    mean = of.gain_start + of.gain_slope * (u - CENTRE)
    covariance, surprise = _covariance(u, u, of), 0.0
    if m:
        cross = _covariance(u, past.u, of)
        seen = _covariance(past.u, past.u, of) + of.gain_noise**2 * np.eye(m)
        rest = past.log_size - of.gain_start - of.gain_slope * (past.u - CENTRE)
        solved = np.linalg.solve(seen, np.column_stack([rest, cross.T]))
        mean = mean + cross @ solved[:, 0]
        covariance = covariance - cross @ solved[:, 1:]
        surprise = float(rest @ solved[:, 0])
    size = (of.freedom + surprise) / 2 / rng.gamma((of.freedom + m) / 2, size=n_draws)
    spread = np.sqrt(size)[:, None]
    level = mean + spread * (rng.standard_normal((n_draws, u.size)) @ normal_root(covariance).T)
    noise = np.broadcast_to(of.gain_noise * spread, level.shape)
    return past.unit * _sums(level, noise, kept, rng)


def normal_root(covariance: FloatArray) -> Any:
    """Return a root of a covariance that rounding may have left not quite positive."""
    return np.linalg.cholesky(covariance + 1e-8 * np.eye(covariance.shape[0]))


def _covariance(u: FloatArray, v: FloatArray, of: Population) -> FloatArray:
    return of.gain_level**2 + of.gain_walk**2 * walk(u, v)


def _sums(
    level: FloatArray, noise: FloatArray, kept: IntArray, rng: np.random.Generator
) -> FloatArray:
    """Draw sums of `kept` lognormal numbers."""
    few = np.where(kept <= _FEW, kept, 0).ravel()
    bin_of = np.repeat(np.arange(few.size), few.astype(np.intp))  # 32 bits in the browser
    sizes = level.ravel()[bin_of] + noise.ravel()[bin_of] * rng.standard_normal(bin_of.size)
    sizes = np.exp(np.clip(sizes, -_LARGEST, _LARGEST))
    total = np.bincount(bin_of, sizes, minlength=few.size).reshape(kept.shape).astype(np.float64)
    many = kept > _FEW
    if many.any():
        spread = np.expm1(np.minimum(noise[many] ** 2, _LARGEST))
        one = np.exp(np.clip(level[many] + noise[many] ** 2 / 2, -_LARGEST, _LARGEST))
        total[many] = one * spread * rng.gamma(kept[many] / spread)
    return total
