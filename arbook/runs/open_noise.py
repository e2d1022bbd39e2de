r"""The noise of a log kept open: several noises, each with the best other parameters.

Noise and bias can stand in for each other, so the likelihood of a log has a long flat ridge, and
its top says little. What each noise allows, weighed by how likely it makes the log and by weak
priors, says more.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from arbook._numerics.minimising import freedom, hessian, jackknife, slopes
from arbook._numerics.mixtures import fine_mixture, mixture, quantile, tails
from arbook._numerics.validation import FloatArray
from arbook.noise.learning import LOG_RATIO, RATIOS, prior_cost
from arbook.noise.traces import Trace
from arbook.runs import measured
from arbook.runs.families import Family

# A noise with less weight than this moves no standard error.
_LEAST_WEIGHT = 1e-4

_LOG_RATIOS = np.log(RATIOS)


@dataclass(frozen=True, eq=False)
class OpenNoise:
    """What each noise says of a log; everything is divided by the log's scale.

    Parameters
    ----------
    trace : Trace
        The run as the filter sees it.
    family : Family
        Distribution of the true changes.
    x : ndarray, shape (k, p)
        The family's coordinates at each noise, biases in initial steps.
    spread : ndarray, shape (k, p, p)
        Their covariances there, by the curvature.
    weight : ndarray, shape (k,)
        Weights, with the sum 1.
    log_ratio : ndarray, shape (k,)
        Logarithms of the noises in initial steps.
    width : ndarray, shape (k,)
        How far each stands for its neighbours.
    noise : float or None
        The noise, where it is known: then k is 1.
    """

    trace: Trace
    family: Family
    x: FloatArray
    spread: FloatArray
    weight: FloatArray
    log_ratio: FloatArray
    width: FloatArray
    noise: float | None

    @property
    def coordinates(self) -> FloatArray:
        """The family's own coordinates, and the logarithm of the noise last."""
        return np.array([self._own(x, i) for i, x in enumerate(self.x)])

    @property
    def sets(self) -> list[tuple[float, FloatArray, float]]:
        """Weight, the family's own coordinates, and the noise, of each."""
        rows = zip(self.weight.tolist(), self.coordinates, strict=True)
        return [(w, own[:-1], float(np.exp(own[-1]))) for w, own in rows]

    def noise_interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the interval that holds the noise with a given probability."""
        if self.noise is not None:
            return self.noise, self.noise
        mean = self.coordinates[:, -1]
        std = np.empty(mean.size)
        for i, (x, spread) in enumerate(zip(self.x, self.spread, strict=True)):
            slope = slopes(lambda y, i=i: self._own(y, i)[-1:], x)[0]  # type: ignore[misc]
            std[i] = np.sqrt(max(float(slope @ spread @ slope), 0.0) + self._between[i])
        low, high = (quantile(q, self.weight, mean, std) for q in tails(level))
        return float(np.exp(low)), float(np.exp(high))

    def tempered(self, power: float) -> OpenNoise:
        """Return the same where the density of the noise counts as a power of itself.

        A power below 1 tells the noises less apart.
        """
        density = self.weight / self.width
        weight = self.width * (density / density.max()) ** power
        return replace(self, weight=weight / weight.sum())

    def covariances(self, block: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the coordinates' covariances at each noise: of the curvature, and robust.

        The second is the jackknife's over blocks of so many neighbours; third are the degrees of
        freedom of its variances.
        """
        k, p = self.x.shape
        curved, robust = np.zeros((2, k, p + 1, p + 1))
        free = np.full((k, p + 1), np.inf)
        curved[:, -1, -1] = robust[:, -1, -1] = self._between
        for i in np.flatnonzero(self.weight > _LEAST_WEIGHT):
            x = self.x[i]
            bend = hessian(lambda y: self.family.weak_prior(y, self.trace.y.size), x)
            slope = slopes(lambda y, i=i: self._own(y, i), x)  # type: ignore[misc]
            spread, moves = jackknife(lambda y, i=i: self._log_density(y, i), x, block, bend)  # type: ignore[misc]
            moves = moves @ slope.T
            curved[i] += slope @ spread @ slope.T
            robust[i] += moves.T @ moves
            free[i] = freedom(moves)
        return curved, robust, free

    @property
    def _between(self) -> FloatArray:
        """Variance of the logarithm of a noise that is known to half the way to the next ones."""
        return np.asarray(self.width**2 / 12)

    def _own(self, x: FloatArray, i: int) -> FloatArray:
        theta, size = self.family.from_steps(x)
        log_noise = size + self.log_ratio[i] if self.noise is None else np.log(self.noise)
        return np.append(theta, log_noise)

    def _log_density(self, x: FloatArray, i: int) -> FloatArray:
        own = self._own(x, i)
        noise = float(np.exp(own[-1]))
        return measured.log_density(self.trace, self.family, own[:-1], self.trace.y.size, noise)


def kept_open(
    trace: Trace,
    family: Family,
    start: FloatArray,
    noise: float | None = None,
    *,
    fine: bool = False,
) -> OpenNoise:
    """Return what each noise says of a log that is divided by its scale, or what one says.

    With `fine` there are more of them where one has most of the weight, as intervals need it.
    """

    def cost_at(log_ratio: float) -> Callable[[FloatArray], float]:
        def cost(x: FloatArray) -> float:
            theta, size = family.from_steps(x)
            ratio = math.log(noise) - size if noise is not None else log_ratio
            nu = float(np.exp(size + ratio))
            total = float(measured.log_density(trace, family, theta, trace.y.size, nu).sum())
            total -= family.weak_prior(x, trace.y.size) + prior_cost(ratio, LOG_RATIO)
            return -total if np.isfinite(total) else 1e300

        return cost

    start = np.nan_to_num(start, neginf=0.0)
    if noise is None and fine:
        ratios, width, weight, x, spread = fine_mixture(cost_at, _LOG_RATIOS, start)
    else:
        ratios = _LOG_RATIOS if noise is None else _LOG_RATIOS[:1]
        width = np.full(ratios.size, 0.0 if noise is not None else _LOG_RATIOS[1] - _LOG_RATIOS[0])
        weight, x, spread = mixture([cost_at(float(ratio)) for ratio in ratios], start)
    return OpenNoise(trace, family, x, spread, weight, ratios, width, noise)
