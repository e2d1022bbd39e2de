"""The model: three parameters, the step size, and the update rule.

This is the page to read first. An AutoResearch process keeps one solution, proposes one variant
of it at a time, and keeps the better of the two: a (1+1) evolution strategy with elitist
selection. `autoresearch` is that loop over any set of solutions; `Parameters` and `step_size`
describe the perturbation model that stands in for the agent everywhere else in this package.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from arbook._check import FloatArray, ParameterError, count, counts, number, refuse
from arbook.runlog import RunLog

Theta = TypeVar("Theta")

#: Steps smaller than this are set to it. Far below it a double loses digits and then becomes
#: zero, and a step of zero has no sign: the keep probability of 1/2 would silently become 0.
SMALLEST_STEP = 1e-290

#: The other end: steps larger than this are set to it, so that squares and sums stay finite.
LARGEST_STEP = 1e100


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
        Bias :math:`\mu \le 0`, in units of the metric. 0 is an agent without skill, a negative
        value one whose changes help on average.
    extended : bool, default False
        Allow any real `mu` and any ``gamma > 0``: what fits to real logs and the book's
        extensions need. All formulas of `arbook.theory` hold there too.

    Raises
    ------
    ParameterError
        If a value is not a finite number or lies outside its range.

    Examples
    --------
    >>> Parameters(sigma0=0.01, gamma=0.97, mu=-0.001)
    Parameters(sigma0=0.01, gamma=0.97, mu=-0.001)
    >>> Parameters(sigma0=0.01, gamma=0.97, mu=0.002)
    Traceback (most recent call last):
        ...
    arbook._check.ParameterError: mu must be a finite number <= 0 (extended=True allows any), got 0.002
    """

    sigma0: float
    gamma: float
    mu: float = 0.0
    extended: bool = False

    def __init__(
        self, sigma0: float, gamma: float, mu: float = 0.0, *, extended: bool = False
    ) -> None:
        more = " (extended=True allows any)"
        allowed = "a finite number > 0"
        sigma0_ = number("sigma0", sigma0, allowed)
        if not sigma0_ > 0:
            raise refuse("sigma0", sigma0, allowed)
        allowed = "a finite number > 0" if extended else "a number in (0, 1)"
        gamma_ = number("gamma", gamma, allowed)
        if not gamma_ > 0:
            raise refuse("gamma", gamma, allowed)
        if not extended and not gamma_ < 1:
            raise refuse("gamma", gamma, allowed + " (extended=True allows 1 and more)")
        allowed = "a finite number" if extended else "a finite number <= 0" + more
        mu_ = number("mu", mu, allowed)
        if not extended and mu_ > 0:
            raise refuse("mu", mu, allowed)
        for name, value in (("sigma0", sigma0_), ("mu", mu_)):
            if abs(value) > LARGEST_STEP:
                raise refuse(name, value, f"a number of size <= {LARGEST_STEP:g}")
        object.__setattr__(self, "sigma0", sigma0_)
        object.__setattr__(self, "gamma", gamma_)
        object.__setattr__(self, "mu", mu_ + 0.0)  # -0.0 becomes 0.0
        object.__setattr__(self, "extended", bool(extended))

    def __repr__(self) -> str:
        tail = ", extended=True" if self.extended else ""
        return f"Parameters(sigma0={self.sigma0:g}, gamma={self.gamma:g}, mu={self.mu:g}{tail})"


def step_size(p: Parameters, t: ArrayLike) -> FloatArray:
    r"""Return the step size of experiment t, :math:`\sigma_t = \sigma_0\gamma^t`.

    Law: step size.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    t : int or array of int
        Experiments, counted from 0.

    Returns
    -------
    ndarray
        Step sizes in units of the metric, of the shape of `t`. Kept within
        [`SMALLEST_STEP`, `LARGEST_STEP`], so that no step loses its sign to underflow.

    Raises
    ------
    ParameterError
        If `t` is negative or not an integer.

    Examples
    --------
    >>> step_size(Parameters(sigma0=0.01, gamma=0.5), [0, 1, 2])
    array([0.01  , 0.005 , 0.0025])
    """
    t = counts("t", t)
    # logarithms first: sigma0 * gamma**t would pass through 0 or infinity on the way.
    low, high = math.log(SMALLEST_STEP), math.log(LARGEST_STEP)
    exponent = math.log(p.sigma0) + t * math.log(p.gamma)
    inside = (exponent > low) & (exponent < high)
    power = np.power(p.gamma, np.where(inside, t, 0), dtype=np.float64)
    return np.where(inside, p.sigma0 * power, np.exp(np.clip(exponent, low, high)))


def keep(f_variant: ArrayLike, f_best: ArrayLike) -> Any:
    r"""Decide an experiment: KEEP exactly when the variant is strictly better.

    Law: update rule. KEEP if :math:`f(\theta') < f(\theta^*)`, else DISCARD. A tie is a
    DISCARD, and so is nan, the metric of a crash.

    Parameters
    ----------
    f_variant, f_best : float or array
        Metric of the variant and of the incumbent; lower is better.

    Returns
    -------
    bool or array of bool
        True for KEEP.

    Raises
    ------
    ParameterError
        If an argument is not numeric.

    Examples
    --------
    >>> keep(0.98, 0.99), keep(0.99, 0.99), keep(float("nan"), 0.99)
    (True, False, False)
    """
    values = []
    for name, value in (("f_variant", f_variant), ("f_best", f_best)):
        array = np.asarray(value)
        if array.dtype.kind not in "iuf":
            raise refuse(name, value, "a number or an array of numbers")
        values.append(array)
    result = values[0] < values[1]
    return bool(result) if result.ndim == 0 else result


def autoresearch(
    objective: Callable[[Theta], float],
    propose: Callable[[Theta, np.random.Generator], Theta],
    theta0: Theta,
    n_experiments: int,
    *,
    rng: np.random.Generator | int,
) -> RunLog:
    r"""Run the update rule over any set of solutions.

    .. math::

        \theta^*_{t+1} = \begin{cases}
            \theta'_t  & \text{if } f(\theta'_t) < f(\theta^*_t) \quad\text{(KEEP)}\\
            \theta^*_t & \text{otherwise} \quad\text{(DISCARD)}
        \end{cases}

    Parameters
    ----------
    objective : callable
        :math:`f`, maps a solution to the metric; lower is better. Raising an `Exception`, or
        returning nan or an infinity, is a crash: it spends the experiment and leaves the
        incumbent as it was. `KeyboardInterrupt` is not caught.
    propose : callable
        ``propose(incumbent, rng)`` returns a variant. It must not change the incumbent in place.
    theta0 : object
        The baseline. It is measured first and is row 0 of the log.
    n_experiments : int
        Number of experiments N after the baseline.
    rng : numpy.random.Generator or int
        Source of randomness, or its seed.

    Returns
    -------
    RunLog
        ``n_experiments + 1`` rows (row 0 is the baseline), with the final incumbent in
        ``log.best``. If the baseline crashes, the first variant that has a metric is kept.

    Raises
    ------
    ParameterError
        If `objective` or `propose` is not callable, `n_experiments` is not a positive integer,
        or `rng` is neither a Generator nor a seed.

    Notes
    -----
    A (1+1) evolution strategy with elitist selection [1]_.

    References
    ----------
    .. [1] H.-G. Beyer and H.-P. Schwefel, "Evolution strategies: a comprehensive introduction",
       Natural Computing 1, 3-52, 2002.

    Examples
    --------
    >>> log = autoresearch(
    ...     objective=lambda x: x * x,
    ...     propose=lambda x, rng: x + rng.normal(),
    ...     theta0=3.0, n_experiments=4, rng=1)
    >>> log.status.tolist()
    ['keep', 'discard', 'discard', 'discard', 'keep']
    >>> bool(log.frontier[-1] < 9.0)
    True
    """
    for name, value in (("objective", objective), ("propose", propose)):
        if not callable(value):
            raise refuse(name, value, "callable")
    n_experiments = count("n_experiments", n_experiments)
    if not isinstance(rng, np.random.Generator):
        rng = np.random.default_rng(count("rng (a numpy Generator, or a seed)", rng, least=0))

    best, f_best = theta0, math.inf
    values, statuses, reasons = [], [], []
    for experiment in range(n_experiments + 1):
        variant = theta0 if experiment == 0 else propose(best, rng)
        value, reason = _measure(objective, variant)
        if math.isnan(value):
            status = "crash"
        elif keep(value, f_best):
            best, f_best, status = variant, value, "keep"
        else:
            status = "discard"
        values.append(value)
        statuses.append(status)
        reasons.append(reason)
    return RunLog(
        value=np.array(values), status=np.array(statuses), description=tuple(reasons), best=best
    )


def _measure(objective: Callable[[Theta], float], theta: Theta) -> tuple[float, str]:
    """Return the metric and '', or nan and the reason of the crash."""
    try:
        value = objective(theta)
    except Exception as error:  # whatever the agent's code raises is a crash of the experiment
        return math.nan, f"{type(error).__name__}: {error}"
    try:
        value = float(value)
    except (TypeError, ValueError):
        # Not a crash of an experiment but a mistake in the objective: say so at once.
        raise ParameterError(
            f"objective must return a number (or raise, for a crash), got {value!r}"
        ) from None
    if not math.isfinite(value):
        return math.nan, f"the metric is {value}"
    return value, ""
