r"""What a log so far says of the parameters, noise included, with all its doubt.

The noise of a log and the bias of its changes can stand in for each other, and a log of an hour
tells neither. So the noise is not estimated but kept open: a few values from a hundredth of a step
to several steps, each with the best other parameters, weighed by likelihood and a weak prior.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from arbook._numerics.mixtures import mixture, quantile, tails
from arbook._numerics.ranges import Options, OrNone, instance, open_unit_interval, positive
from arbook._numerics.validation import FloatArray, refuse
from arbook.noise import kalman
from arbook.noise.beliefs import Belief, Trial
from arbook.noise.traces import Trace

#: Noises that are tried, in initial steps.
RATIOS = np.exp(np.linspace(np.log(0.01), np.log(4.0), 9))

#: Variance of the logarithm of a noise that is known to half the way to the next one.
BETWEEN = float(np.log(RATIOS[1] / RATIOS[0]) ** 2 / 12)

#: Weak priors: mean and standard deviation of ln(noise / sigma0), of mu / sigma0, of a step's
#: decay ln(gamma), and of ln(sigma0) about the mean size of a change.
LOG_RATIO = (float(np.log(0.3)), 1.5)
SKILL = (0.0, 0.7)
DECAY = (-0.005, 0.010)
LOG_SIZE = (0.0, 1.5)


#: More noise than so many changes leaves nothing to learn, and no digits to calculate with.
_LOUDEST = 1e9

_NAMES = ("sigma0", "gamma", "mu", "noise")
_NAME = Options(*_NAMES)


def prior_cost(value: float, prior: tuple[float, float]) -> float:
    """Return minus the log of a normal prior, up to a constant."""
    return 0.5 * ((value - prior[0]) / prior[1]) ** 2


@dataclass(frozen=True, eq=False)
class Learnt:
    r"""Parameters that a log suggests: some sets of them, and how much each weighs.

    Parameters
    ----------
    weight : ndarray, shape (k,)
        Weights, with the sum 1.
    sigma0, gamma, mu, noise : ndarray, shape (k,)
        The sets; in bits per byte, but for the decay rate.
    std : ndarray, shape (k, 4), optional
        How well each set is known given its noise: standard deviations of ln sigma0, ln gamma,
        mu and ln noise.
    price : float, default 0.0
        Price of boldness, as for `arbook.Parameters`; no log is asked for it.

    See Also
    --------
    learn : Makes it.

    Examples
    --------
    >>> said = Learnt(np.array([0.5, 0.5]), np.full(2, 0.01), np.ones(2), np.zeros(2),
    ...               np.array([0.001, 0.003]))
    >>> float(said.mean("noise"))
    0.002
    """

    weight: FloatArray
    sigma0: FloatArray
    gamma: FloatArray
    mu: FloatArray
    noise: FloatArray
    std: FloatArray = field(default_factory=lambda: np.zeros((1, 4)))
    price: float = 0.0

    def mean(self, name: str) -> float:
        """Return the mean of a parameter."""
        _NAME("name", name)
        return float(self.weight @ getattr(self, name))

    def interval(self, name: str, level: float = 0.95) -> tuple[float, float]:
        """Return the interval that holds a parameter with a given probability.

        Parameters
        ----------
        name : {"sigma0", "gamma", "mu", "noise"}
            The parameter.
        level : float, default 0.95
            The probability, in (0, 1).

        Returns
        -------
        tuple of float
            Ends that leave out half of the rest each.

        Raises
        ------
        ParameterError
            If an argument is outside its range.
        """
        _NAME("name", name)
        level = open_unit_interval("level", level)
        mean, std = getattr(self, name), self.std[:, _NAMES.index(name)]
        if name == "mu":
            low, high = (quantile(q, self.weight, mean, std) for q in tails(level))
            return low, high
        low, high = (quantile(q, self.weight, np.log(mean), std) for q in tails(level))
        return float(np.exp(low)), float(np.exp(high))

    def sigma(self, t: int) -> FloatArray:
        """Return the step of experiment t in each set."""
        return np.asarray(self.sigma0 * self.gamma**t)

    def bias(self, t: int) -> FloatArray:
        """Return the bias of experiment t in each set."""
        return np.asarray(self.mu + self.price * self.sigma(t) ** 2)

    def belief(self, trace: Trace) -> Belief:
        """Return what each set says of the incumbent now."""
        t = np.arange(trace.y.size)
        ends = []
        for s, g, mu, nu in zip(self.sigma0, self.gamma, self.mu, self.noise, strict=True):
            past = kalman.filtered(trace, np.full(t.size, mu), s * g**t, float(nu))
            ends.append((past.mean[-1], past.std[-1] ** 2))
        mean, variance = np.array(ends).T
        return Belief(mean, variance)

    def trial(self, trace: Trace, y: FloatArray) -> Trial:
        """Return what each set says of a variant that was measured once or several times."""
        trial = self.belief(trace).trial(self.mu, self.sigma(trace.y.size))
        for value in np.atleast_1d(y):
            trial = trial.measured(value, self.noise)
        return trial


def learn(trace: Trace, noise: float | None = None) -> Learnt:
    r"""Return what the log so far says of the parameters.

    Parameters
    ----------
    trace : Trace
        Measurements and decisions so far.
    noise : float, optional
        Standard deviation :math:`\nu` of a measurement in bits per byte, > 0, where it is known.

    Returns
    -------
    Learnt
        Sets of parameters with weights; one set where the noise is known.

    Raises
    ------
    ParameterError
        If `trace` is not a Trace, or `noise` is not a number > 0, or more than a billion times
        the mean size of a change.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> y = 1 + 0.01 * rng.standard_normal(30)
    >>> said = learn(Trace(1.0, y, np.zeros(30, dtype=bool)))
    >>> bool(0.001 < said.mean("noise") < 0.01)
    True
    """
    instance("trace", trace, Trace)
    noise = OrNone(positive)("noise", noise)
    change = np.abs(trace.changes)
    scale = float(change.mean()) if change.size and change.any() else noise or 1.0
    if noise is not None and not noise <= _LOUDEST * scale:
        allowed = f"at most {_LOUDEST:g} times the mean size of a change, {scale:.3g}"
        raise refuse("noise", noise, allowed)
    unit = trace.divided(scale)
    t = np.arange(trace.y.size)
    span = max(t.size, 1)

    def cost(ratio: float | None) -> Callable[[FloatArray], float]:
        def cost(x: FloatArray) -> float:
            size, decay, skill = np.clip(x, [-20, -50, -50], [20, 50, 50])
            sigma0 = float(np.exp(size))
            nu = float(noise) / scale if ratio is None else ratio * sigma0  # type: ignore[arg-type]
            sigma = sigma0 * np.exp(decay / span * t)
            past = kalman.filtered(unit, np.full(t.size, skill * sigma0), sigma, nu)
            return (
                -float(past.log_density.sum() + unit.repeats_log_density(nu).sum())
                + prior_cost(size, LOG_SIZE)
                + prior_cost(decay / span, DECAY)
                + prior_cost(skill, SKILL)
                + prior_cost(float(np.log(nu / sigma0)), LOG_RATIO)
            )

        return cost

    ratios = [None] if noise is not None else RATIOS.tolist()
    start = np.array([0.0, DECAY[0] * span, 0.2])
    weight, x, spread = mixture([cost(ratio) for ratio in ratios], start)
    sigma0 = scale * np.exp(x[:, 0])
    var = np.diagonal(spread, axis1=1, axis2=2)
    # mu is skill times step, and a noise is a share of the step, known to half the way to the next
    mu_var = var[:, 2] + 2 * x[:, 2] * spread[:, 0, 2] + x[:, 2] ** 2 * var[:, 0]
    nu, nu_var = np.full(1, noise), np.zeros(1)
    if noise is None:
        nu, nu_var = RATIOS * sigma0, var[:, 0] + BETWEEN
    std = np.sqrt(
        np.column_stack([var[:, 0], var[:, 1] / span**2, sigma0**2 * np.maximum(mu_var, 0), nu_var])
    )
    return Learnt(weight, sigma0, np.exp(x[:, 1] / span), x[:, 2] * sigma0, nu, std)
