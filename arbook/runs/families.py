r"""Distributions of the change :math:`\delta_t` that a log can be fitted with.

Every family works on changes divided by a scale (so that numbers are near 1) and on coordinates
`theta` without bounds, which is what an optimiser and a normal approximation want. `span` is the
number of experiments of the log; decays are fitted as span * log(decay), the whole log's decay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from arbook._numerics.validation import FloatArray, IntArray
from arbook.noise.learning import DECAY, LOG_SIZE, SKILL, prior_cost

#: Names of all families, the model's own first.
FAMILIES = ("normal", "constant", "student", "laplace", "two-part")

#: What public logs say of a run before any of its rows is read: mean and standard deviation over
#: runs. Decays are a step's; see the appendix of the book on the survey. Used in forecasts only.
GAIN_DECAY = (-0.020, 0.010)
LOSS_DECAY = (-0.002, 0.010)
KEEP_START = (0.6, 1.0)
KEEP_SLOPE = (-0.6, 0.3)

# Standard deviations of the two-part family's coordinates where a log is asked and not continued:
# with those above, intervals of a run's odds would hold the truth of an unusual run too seldom.
_WIDE = (3.0, 1.5, 2.0, 3.0, 2.0, 3.0)

# So near to the end of its range a shape is at the end: an optimiser stops where nothing changes.
_AT_END = 0.01

# Degrees of freedom of Student's t beyond which it cannot be told from a normal, and their inverse.
_MOST_FREEDOM = 1e5


class Family(Protocol):
    """A distribution of changes, with everything that fitting and forecasting ask of it."""

    name: str
    label: str
    names: tuple[str, ...]

    def start(self, delta: FloatArray, t: IntArray) -> FloatArray:
        """Return coordinates near the data."""

    def log_density(self, theta: FloatArray, delta: FloatArray, t: IntArray, span: int) -> Any:
        """Return the log density of each change."""

    def cdf(self, theta: FloatArray, delta: Any, t: Any, span: int) -> Any:
        """Return the distribution function at each change."""

    def mean_cdf(self, theta: FloatArray, delta: FloatArray, t: Any, span: int) -> FloatArray:
        """Return the distribution function's mean between neighbours of the last axis."""

    def natural(self, theta: FloatArray, span: int, scale: float) -> FloatArray:
        """Return the parameters named in `names`."""

    def penalty(self, theta: FloatArray, span: int) -> float:
        """Return minus the log of the prior density that forecasts use, up to a constant."""

    def from_steps(self, x: FloatArray) -> tuple[FloatArray, float]:
        """Return coordinates, and the log of an initial step, from those with bias in steps."""

    def weak_prior(self, x: FloatArray, span: int) -> float:
        """Return minus the log of the prior that holds what a log with noise leaves open.

        Coordinates are those of `from_steps`.
        """

    def draw(
        self,
        theta: FloatArray,
        t: IntArray,
        span: int,
        drift: FloatArray,
        rng: np.random.Generator,
    ) -> FloatArray:
        """Draw one change for each t; `drift` are two shifts of the trend, in logs."""


@dataclass(frozen=True)
class Standard:
    """A distribution about 0 with scale 1, and at most one shape parameter."""

    names: tuple[str, ...]
    natural: Callable[[float], float]
    start: float
    prior: tuple[float, float]
    log_density: Callable[[FloatArray, float], FloatArray]
    cdf: Callable[[FloatArray, float], Any]
    mean_cdf: Callable[[FloatArray, float], FloatArray]
    draw: Callable[[np.random.Generator, int, float], FloatArray]


def _within(x: float, end: float, low: float, middle: float, high: float) -> float:
    """Return a shape's value: `low` or `high` where an optimiser went to the ends +-`end`."""
    return middle if abs(x) < end - _AT_END else low if x < 0 else high


def _in_the_middle(
    cdf: Callable[[FloatArray, float], Any],
) -> Callable[[FloatArray, float], FloatArray]:
    """Return what a smooth distribution function is on average between near neighbours."""
    return lambda z, x: np.asarray(cdf((z[..., 1:] + z[..., :-1]) / 2, x))


def _mean_of_two_sides(y: FloatArray, chance: Any, down: Any, up: Any) -> FloatArray:
    """Return the mean distribution function of an exponential on each side of 0.

    Values have equal distances. One is below 0 with a chance, and then by `down` on average, else
    above by `up`.
    """
    is_up = y >= 0
    # integrals of the distribution function from below, and of what it lacks of 1 from above
    beyond = np.where(is_up, (1 - chance) * up, chance * down)
    beyond *= np.exp(y * np.where(is_up, -1 / up, 1 / down))
    per_width = 1 / (y[..., 1:2] - y[..., :1])
    mean = np.diff(beyond) + (is_up[..., 1:] ^ is_up[..., :-1]) * (
        chance * down - (1 - chance) * up
    )
    mean *= per_width
    mean += np.clip(y[..., 1:] * per_width, 0.0, 1.0)
    return np.asarray(np.clip(mean, 0.0, 1.0, out=mean))


def _normal() -> Standard:
    from scipy.special import ndtr

    return Standard(
        names=(),
        natural=lambda x: x,
        start=0.0,
        prior=(0.0, 1.0),
        log_density=lambda z, _: -0.5 * z * z - 0.5 * np.log(2 * np.pi),
        cdf=lambda z, _: ndtr(z),
        mean_cdf=_in_the_middle(lambda z, _: ndtr(z)),
        draw=lambda rng, n, _: rng.standard_normal(n),
    )


def _student() -> Standard:
    # By scale, not by standard deviation: below two degrees of freedom there is none, and some
    # logs are there.
    from scipy.special import gammaln, stdtr

    end = float(np.log(_MOST_FREEDOM))

    def freedom(x: float) -> float:
        return float(np.exp(np.clip(x, -end, end)))

    def log_density(z: FloatArray, x: float) -> FloatArray:
        df = freedom(x)
        constant = gammaln((df + 1) / 2) - gammaln(df / 2) - 0.5 * np.log(df * np.pi)
        return np.asarray(constant - (df + 1) / 2 * np.log1p(z**2 / df))

    return Standard(
        names=("df",),
        natural=lambda x: _within(x, end, 0.0, freedom(x), np.inf),
        start=1.5,
        prior=(1.5, 0.8),
        log_density=log_density,
        cdf=lambda z, x: stdtr(freedom(x), z),
        mean_cdf=_in_the_middle(lambda z, x: stdtr(freedom(x), z)),
        draw=lambda rng, n, x: rng.standard_t(freedom(x), n),
    )


def _laplace() -> Standard:
    # An exponential loss of mean `up` minus an exponential gain of mean `down`, centred; kappa is
    # the square root of up / down, and the variance up^2 + down^2 is 1.
    def sides(x: float) -> tuple[float, float]:
        kappa = float(np.exp(np.clip(x, -6.0, 6.0)))
        size = np.hypot(kappa, 1 / kappa)
        return kappa / size, 1 / kappa / size

    def log_density(z: FloatArray, x: float) -> FloatArray:
        up, down = sides(x)
        y = z + up - down
        return np.asarray(np.where(y > 0, -y / up, y / down) - np.log(up + down))

    def cdf(z: FloatArray, x: float) -> Any:
        up, down = sides(x)
        y = z + up - down
        left = down * np.exp(np.minimum(y, 0) / down)
        right = up * np.exp(-np.maximum(y, 0) / up)
        return np.where(y > 0, 1 - right / (up + down), left / (up + down))

    def mean_cdf(z: FloatArray, x: float) -> FloatArray:
        up, down = sides(x)
        return _mean_of_two_sides(z + up - down, down / (up + down), down, up)

    def draw(rng: np.random.Generator, n: int, x: float) -> FloatArray:
        up, down = sides(x)
        return up * rng.exponential(size=n) - down * rng.exponential(size=n) - (up - down)

    return Standard(
        names=("kappa",),
        natural=lambda x: _within(x, 6.0, 0.0, float(np.exp(x)), np.inf),
        start=0.3,
        prior=(0.3, 0.5),
        log_density=log_density,
        cdf=cdf,
        mean_cdf=mean_cdf,
        draw=draw,
    )


class LocationScale:
    r"""Changes :math:`\mu + \sigma_0\gamma^t\varepsilon` with a standard :math:`\varepsilon`.

    Its standard deviation is 1, and that of a change sigma_t; for Student's t its scale is 1, and
    the first parameter is called scale0. Coordinates: log sigma0, span * log gamma (unless `decays`
    is False), mu, shape.
    """

    def __init__(self, name: str, label: str, standard: Standard, *, decays: bool = True) -> None:
        self.name, self.label, self._standard, self._decays = name, label, standard, decays
        size = "scale0" if name == "student" else "sigma0"
        self.names = (size, *(("gamma",) if decays else ()), "mu", *standard.names)

    def _parts(self, theta: FloatArray, span: int) -> tuple[float, float, float, float]:
        log_gamma = theta[1] / span if self._decays else 0.0
        return float(theta[0]), float(log_gamma), float(theta[self._bias]), float(theta[-1])

    @property
    def _bias(self) -> int:
        return 2 if self._decays else 1

    @property
    def is_normal(self) -> bool:
        """Whether changes are normal, so that the filter has closed forms."""
        return self.name in ("normal", "constant")

    def moments(self, theta: FloatArray, t: IntArray, span: int) -> tuple[FloatArray, FloatArray]:
        """Return mean and standard deviation of each change."""
        _, _, mu, _ = self._parts(theta, span)
        return np.full(t.size, mu), np.exp(self._log_sigma(theta, t, span))

    def start(self, delta: FloatArray, t: IntArray) -> FloatArray:
        """Return the constant-spread fit by moments."""
        shape = [self._standard.start] * len(self._standard.names)
        return np.array([np.log(delta.std()), *([0.0] * self._decays), delta.mean(), *shape])

    def _log_sigma(self, theta: FloatArray, t: Any, span: int, drift: Any = 0.0) -> Any:
        log_sigma0, log_gamma, _, _ = self._parts(theta, span)
        return np.clip(log_sigma0 + log_gamma * t + drift, -600.0, 600.0)

    def _standardised(
        self, theta: FloatArray, delta: Any, t: Any, span: int
    ) -> tuple[FloatArray, FloatArray, float]:
        _, _, mu, shape = self._parts(theta, span)
        log_sigma = self._log_sigma(theta, t, span)
        return (delta - mu) * np.exp(-log_sigma), log_sigma, shape

    def log_density(self, theta: FloatArray, delta: FloatArray, t: IntArray, span: int) -> Any:
        """Return the log density of each change."""
        z, log_sigma, shape = self._standardised(theta, delta, t, span)
        return self._standard.log_density(z, shape) - log_sigma

    def cdf(self, theta: FloatArray, delta: Any, t: Any, span: int) -> Any:
        """Return the distribution function at each change."""
        z, _, shape = self._standardised(theta, delta, t, span)
        return self._standard.cdf(z, shape)

    def mean_cdf(self, theta: FloatArray, delta: FloatArray, t: Any, span: int) -> FloatArray:
        """Return the distribution function's mean between neighbours of the last axis."""
        z, _, shape = self._standardised(theta, delta, t, span)
        return self._standard.mean_cdf(z, shape)

    def natural(self, theta: FloatArray, span: int, scale: float) -> FloatArray:
        """Return sigma0, gamma, mu and the shape."""
        log_sigma0, log_gamma, mu, shape = self._parts(theta, span)
        decay = [np.exp(log_gamma)] if self._decays else []
        shapes = [self._standard.natural(shape)] * len(self._standard.names)
        return np.array([scale * np.exp(log_sigma0), *decay, scale * mu, *shapes])

    def penalty(self, theta: FloatArray, span: int) -> float:
        """Return the cost of an unusual decay and an unusual shape."""
        cost = prior_cost(theta[1] / span, DECAY) if self._decays else 0.0
        if self._standard.names:
            cost += prior_cost(theta[-1], self._standard.prior)
        return cost

    def from_steps(self, x: FloatArray) -> tuple[FloatArray, float]:
        """Return coordinates, and log sigma0, from those whose mu is in initial steps."""
        size = float(np.clip(x[0], -20.0, 20.0))
        theta = np.array(x, dtype=float)
        theta[self._bias] *= np.exp(size)
        return theta, size

    def weak_prior(self, x: FloatArray, span: int) -> float:
        """Return the cost of an unusual size, bias in initial steps, decay and shape."""
        cost = prior_cost(x[0], LOG_SIZE) + prior_cost(x[self._bias], SKILL)
        return cost + self.penalty(x, span)

    def draw(
        self,
        theta: FloatArray,
        t: IntArray,
        span: int,
        drift: FloatArray,
        rng: np.random.Generator,
    ) -> FloatArray:
        """Draw one change for each t."""
        _, _, mu, shape = self._parts(theta, span)
        sigma = np.exp(self._log_sigma(theta, t, span, drift[1]))
        return np.asarray(mu + sigma * self._standard.draw(rng, t.size, shape))


class TwoPart:
    r"""Gains and losses apart: a gain with probability :math:`\pi_t`, each side exponential.

    The log odds of a gain are keep_start + keep_slope * log(1 + t). Mean gains and losses are
    gain0 * gain_decay^t and loss0 * loss_decay^t.
    """

    name: str = "two-part"
    label: str = "two parts: gains and losses apart"
    names: tuple[str, ...] = (
        "keep_start",
        "keep_slope",
        "gain0",
        "gain_decay",
        "loss0",
        "loss_decay",
    )

    def _parts(self, theta: FloatArray, t: Any, span: int) -> tuple[Any, Any, Any]:
        odds = theta[0] + theta[1] * np.log1p(t)
        gain = np.clip(theta[2] + theta[3] / span * t, -600.0, 600.0)
        loss = np.clip(theta[4] + theta[5] / span * t, -600.0, 600.0)
        return odds, gain, loss

    def start(self, delta: FloatArray, t: IntArray) -> FloatArray:
        """Return the fit without trends."""
        gains, losses = -delta[delta < 0], delta[delta >= 0]
        odds = np.log((gains.size + 0.5) / (losses.size + 0.5))
        size = np.abs(delta).mean()
        gain = gains.mean() if gains.size else size
        loss = losses.mean() if losses.sum() > 0 else size
        return np.array([odds, 0.0, np.log(gain), 0.0, np.log(loss), 0.0])

    def log_density(self, theta: FloatArray, delta: FloatArray, t: IntArray, span: int) -> Any:
        """Return the log density of each change."""
        from scipy.special import log_expit

        odds, gain, loss = self._parts(theta, t, span)
        size = np.abs(delta)
        return np.where(
            delta < 0,
            log_expit(odds) - gain - size * np.exp(-gain),
            log_expit(-odds) - loss - size * np.exp(-loss),
        )

    def cdf(self, theta: FloatArray, delta: Any, t: Any, span: int) -> Any:
        """Return the distribution function at each change."""
        from scipy.special import expit

        odds, gain, loss = self._parts(theta, t, span)
        below = expit(odds) * np.exp(np.minimum(delta, 0) * np.exp(-gain))
        above = expit(-odds) * np.exp(-np.maximum(delta, 0) * np.exp(-loss))
        return np.where(np.asarray(delta) < 0, below, 1 - above)

    def mean_cdf(self, theta: FloatArray, delta: FloatArray, t: Any, span: int) -> FloatArray:
        """Return the distribution function's mean between neighbours of the last axis."""
        from scipy.special import expit

        odds, gain, loss = self._parts(theta, t, span)
        return _mean_of_two_sides(delta, expit(odds), np.exp(gain), np.exp(loss))

    def natural(self, theta: FloatArray, span: int, scale: float) -> FloatArray:
        """Return the parameters named in `names`."""
        gain0, loss0 = scale * np.exp(theta[[2, 4]])
        gain_decay, loss_decay = np.exp(theta[[3, 5]] / span)
        return np.array([theta[0], theta[1], gain0, gain_decay, loss0, loss_decay])

    def penalty(self, theta: FloatArray, span: int) -> float:
        """Return the cost of trends that public logs do not show."""
        return (
            prior_cost(theta[0], KEEP_START)
            + prior_cost(theta[1], KEEP_SLOPE)
            + prior_cost(theta[2], (0.0, 2.0))
            + prior_cost(theta[3] / span, GAIN_DECAY)
            + prior_cost(theta[4], (0.0, 2.0))
            + prior_cost(theta[5] / span, LOSS_DECAY)
        )

    def from_steps(self, x: FloatArray) -> tuple[FloatArray, float]:
        """Return the coordinates, which have no bias, and the log of an initial change."""
        return x, float(0.5 * (x[2] + x[4]))

    def weak_prior(self, x: FloatArray, span: int) -> float:
        """Return the cost of coordinates that no log shows; decays are those of the whole run."""
        return sum(prior_cost(value, (0.0, width)) for value, width in zip(x, _WIDE, strict=True))

    def draw(
        self,
        theta: FloatArray,
        t: IntArray,
        span: int,
        drift: FloatArray,
        rng: np.random.Generator,
    ) -> FloatArray:
        """Draw one change for each t."""
        from scipy.special import expit

        odds, gain, loss = self._parts(theta, t, span)
        is_gain = rng.random(t.size) < expit(odds + drift[0])
        gains = -np.exp(gain + drift[1]) * rng.exponential(size=t.size)
        losses = np.exp(loss) * rng.exponential(size=t.size)
        return np.asarray(np.where(is_gain, gains, losses))


def families() -> dict[str, Family]:
    """Return all families by name, the model's own first."""
    found: list[Family] = [
        LocationScale("normal", "normal", _normal()),
        LocationScale("constant", "normal, constant step", _normal(), decays=False),
        LocationScale("student", "Student t", _student()),
        LocationScale("laplace", "asymmetric Laplace", _laplace()),
        TwoPart(),
    ]
    return {family.name: family for family in found}
