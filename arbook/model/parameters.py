r"""The perturbation model: three parameters, and the step size that follows from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.ranges import Real, flag, instance, naturals, not_negative, number, positive
from arbook._numerics.validation import refuse

#: Steps smaller than this are set to it. Far below it a double loses digits and then becomes
#: zero, and a step of zero has no sign: the keep probability of 1/2 would silently become 0.
SMALLEST_STEP = 1e-290

#: The other end: steps larger than this are set to it, so that squares and sums stay finite.
LARGEST_STEP = 1e100

_DECAY = Real(0, 1, ends="()", note="extended=True allows 1 and more")
_NO_HARM = Real(high=0, note="extended=True allows > 0")


@dataclass(frozen=True)
class Parameters:
    r"""The three parameters of an AutoResearch process.

    The agent's experiment t changes the metric by
    :math:`\delta_t \sim \mathcal N(\mu, \sigma_t^2)` with :math:`\sigma_t = \sigma_0\gamma^t`.

    Parameters
    ----------
    sigma0 : float
        Initial step size :math:`\sigma_0 > 0`, in units of the metric (bits per byte).
    gamma : float
        Decay rate :math:`\gamma`, in (0, 1). No unit.
    mu : float, default 0.0
        Bias :math:`\mu` <= 0, in units of the metric. 0 is an agent without skill, a negative
        value one whose changes help on average.
    price : float, default 0.0
        Price of boldness c >= 0, in 1 / metric: every step adds :math:`c\,\sigma_t^2` to the bias
        of its experiment, see `bias`. The stated model has none.
    extended : bool, default False
        Allow any real `mu` and any ``gamma > 0``: what fits to real logs and the book's
        extensions need. All laws hold there too. Not one of the
        parameters, so it does not count when two `Parameters` are compared.

    Raises
    ------
    ParameterError
        If a value is not a finite number or lies outside its range, or is larger than
        `LARGEST_STEP`.

    Examples
    --------
    >>> Parameters(sigma0=0.01, gamma=0.97, mu=-0.001)
    Parameters(sigma0=0.01, gamma=0.97, mu=-0.001)
    >>> Parameters(sigma0=0.01, gamma=0.97, mu=0.002)
    Traceback (most recent call last):
        ...
    arbook.ParameterError: mu must be a finite number <= 0 (extended=True allows > 0), got 0.002
    """

    sigma0: float
    gamma: float
    mu: float = 0.0
    price: float = field(default=0.0, kw_only=True)
    extended: bool = field(default=False, kw_only=True, compare=False)

    def __post_init__(self) -> None:
        extended = flag("extended", self.extended)
        sigma0 = positive("sigma0", self.sigma0)
        gamma = (positive if extended else _DECAY)("gamma", self.gamma)
        mu = (number if extended else _NO_HARM)("mu", self.mu)
        price = not_negative("price", self.price)
        for name, value in (("sigma0", sigma0), ("mu", mu), ("price", price)):
            if abs(value) > LARGEST_STEP:
                raise refuse(name, value, f"a number of size <= {LARGEST_STEP:g}")
        # frozen: plain floats take the place of what was given; + 0.0 makes 0.0 of -0.0
        values = {"sigma0": sigma0, "gamma": gamma, "mu": mu + 0.0, "price": price + 0.0}
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        names = ("sigma0", "gamma", "mu", "price") if self.price else ("sigma0", "gamma", "mu")
        values = [f"{name}={_short(getattr(self, name))}" for name in names]
        return f"Parameters({', '.join(values)}{', extended=True' if self.extended else ''})"


def _short(x: float) -> str:
    """Return the shorter of two spellings of x, provided that it is exact."""
    return f"{x:g}" if float(f"{x:g}") == x else repr(x)


def step_size(p: Parameters, t: ArrayLike) -> Any:
    r"""Return the step size of experiment t.

    Law: Step size. :math:`\sigma_t = \sigma_0\gamma^t`.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    t : int or array of int
        Experiments, counted from 0.

    Returns
    -------
    float or ndarray
        Step sizes in units of the metric, of the shape of `t`. Kept within
        [`SMALLEST_STEP`, `LARGEST_STEP`], so that no step loses its sign to underflow.

    Raises
    ------
    ParameterError
        If `p` is not a `Parameters`, or `t` is negative or not an integer.

    Notes
    -----
    The geometric cooling of simulated annealing [1]_, applied to the size of a change.

    References
    ----------
    .. [1] S. Kirkpatrick, C. D. Gelatt and M. P. Vecchi, "Optimization by simulated annealing",
       Science 220, 671-680, 1983.

    Examples
    --------
    >>> step_size(Parameters(sigma0=0.01, gamma=0.5), [0, 1, 2])
    array([0.01  , 0.005 , 0.0025])
    """
    instance("p", p, Parameters)
    t = naturals("t", t)
    # In two halves: gamma**t alone may underflow where the product with sigma0 does not.
    half = t // 2
    with np.errstate(over="ignore"):
        sigma = p.sigma0 * np.power(p.gamma, half) * np.power(p.gamma, t - half)
    return np.clip(sigma, SMALLEST_STEP, LARGEST_STEP)[()]


def bias(p: Parameters, t: ArrayLike) -> Any:
    r"""Return the bias of experiment t, the mean of the change that it proposes.

    Law: Price per step. :math:`\mu_t = \mu + c\,\sigma_t^2`: every step pays for its own size.

    Parameters
    ----------
    p : Parameters
        The three parameters, and the price of boldness c.
    t : int or array of int
        Experiments, counted from 0.

    Returns
    -------
    float or ndarray
        Biases in units of the metric, of the shape of `t`: ``p.mu`` throughout without a price.
        What the price adds is kept at `LARGEST_STEP` or below.

    Raises
    ------
    ParameterError
        If `p` is not a `Parameters`, or `t` is negative or not an integer.

    Notes
    -----
    On the sphere, a step of spread s in each of d dimensions changes the metric by
    :math:`d s^2` on average, and by :math:`\sigma = 2 s R` about that: so
    :math:`c = d/(4R^2)` at the distance R [1]_. Whatever takes the step size of an experiment
    takes its bias from here, simulations included.

    References
    ----------
    .. [1] H.-G. Beyer, The Theory of Evolution Strategies, Springer, 2001.

    Examples
    --------
    >>> bias(Parameters(sigma0=0.1, gamma=0.5, price=10.0), [0, 1, 2])
    array([0.1    , 0.025  , 0.00625])
    """
    sigma = step_size(p, t)
    return (p.mu + np.minimum(p.price * np.square(sigma), LARGEST_STEP))[()]
