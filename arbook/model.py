"""The model: three parameters, the step size, and the update rule.

This is the page to read first. An AutoResearch process keeps one solution, proposes one variant
of it at a time, and keeps the better of the two: a (1+1) evolution strategy with elitist
selection. `autoresearch` is that loop over any set of solutions; `Parameters` and `step_size`
describe the perturbation model that stands in for the agent everywhere else in this package.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from arbook._check import (
    ParameterError,
    broadcast,
    count,
    counts,
    flag,
    instance,
    number,
    numbers,
    refuse,
)
from arbook._memory import check_size
from arbook.runlog import RunLog

Theta = TypeVar("Theta")

#: Steps smaller than this are set to it. Far below it a double loses digits and then becomes
#: zero, and a step of zero has no sign: the keep probability of 1/2 would silently become 0.
SMALLEST_STEP = 1e-290

#: The other end: steps larger than this are set to it, so that squares and sums stay finite.
LARGEST_STEP = 1e100

# Bytes that a row of a log takes at least.
_BYTES_A_ROW = 100


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
        extensions need. All formulas of `arbook.theory` hold there too. Not one of the
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
    arbook._check.ParameterError: mu must be finite and <= 0 (extended=True allows > 0), got 0.002
    """

    sigma0: float
    gamma: float
    mu: float = 0.0
    extended: bool = field(default=False, kw_only=True, compare=False)

    def __post_init__(self) -> None:
        flag("extended", self.extended)
        sizes, gammas, biases = "a finite number > 0", "a finite number > 0", "a finite number"
        if not self.extended:
            gammas = "a number in (0, 1) (extended=True allows 1 and more)"
            biases = "finite and <= 0 (extended=True allows > 0)"

        sigma0 = number("sigma0", self.sigma0, sizes)
        if not sigma0 > 0:
            raise refuse("sigma0", self.sigma0, sizes)
        gamma = number("gamma", self.gamma, gammas)
        if not (gamma > 0 and (gamma < 1 or self.extended)):
            raise refuse("gamma", self.gamma, gammas)
        mu = number("mu", self.mu, biases)
        if not (mu <= 0 or self.extended):
            raise refuse("mu", self.mu, biases)
        for name, value in (("sigma0", sigma0), ("mu", mu)):
            if abs(value) > LARGEST_STEP:
                raise refuse(name, value, f"a number of size <= {LARGEST_STEP:g}")
        # frozen: plain floats take the place of what was given; + 0.0 makes 0.0 of -0.0
        for name, value in (("sigma0", sigma0), ("gamma", gamma), ("mu", mu + 0.0)):
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        values = [f"{name}={_short(getattr(self, name))}" for name in ("sigma0", "gamma", "mu")]
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
    t = counts("t", t)
    # In two halves: gamma**t alone may underflow where the product with sigma0 does not.
    half = t // 2
    with np.errstate(over="ignore"):
        sigma = p.sigma0 * np.power(p.gamma, half) * np.power(p.gamma, t - half)
    return np.clip(sigma, SMALLEST_STEP, LARGEST_STEP)[()]


def keep(f_variant: ArrayLike, f_best: ArrayLike) -> Any:
    r"""Decide an experiment: KEEP exactly when the variant is strictly better.

    Law: Update rule. KEEP if :math:`f(\theta') < f(\theta^*)`, else DISCARD. A tie is a
    DISCARD, and so is a metric that is nan or infinite: that of a crash.

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
        If an argument is not numeric, is empty, or the shapes do not fit.

    Notes
    -----
    The elitist selection of a (1+1) evolution strategy [1]_.

    References
    ----------
    .. [1] H.-G. Beyer and H.-P. Schwefel, "Evolution strategies: a comprehensive introduction",
       Natural Computing 1, 3-52, 2002.

    Examples
    --------
    >>> keep(0.98, 0.99), keep(0.99, 0.99), keep(float("nan"), 0.99), keep(float("-inf"), 0.99)
    (True, False, False, False)
    """
    allowed = "a number or an array of numbers"
    variant = numbers("f_variant", f_variant, allowed, finite=False)
    best = numbers("f_best", f_best, allowed, finite=False)
    variant, best = broadcast(("f_variant", variant), ("f_best", best))
    result = (variant < best) & np.isfinite(variant)
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
    if not callable(objective):
        raise refuse("objective", objective, "callable")
    if not callable(propose):
        raise refuse("propose", propose, "callable")
    n_experiments = count("n_experiments", n_experiments)
    check_size("n_experiments", n_experiments, _BYTES_A_ROW)
    if not isinstance(rng, np.random.Generator):
        rng = np.random.default_rng(count("rng (a numpy Generator, or a seed)", rng, least=0))

    best, f_best = theta0, math.inf
    values, statuses, reasons = [], [], []
    for experiment in range(n_experiments + 1):
        variant = propose(best, rng) if experiment > 0 else theta0
        value, reason = _measure(objective, variant)
        if keep(value, f_best):
            best, f_best, status = variant, value, "keep"
        else:
            status = "crash" if math.isnan(value) else "discard"
        values.append(value)
        statuses.append(status)
        reasons.append(reason)
    return RunLog(
        value=np.array(values),
        status=np.array(statuses),
        description=tuple(reasons),
        metric="f",
        best=best,
    )


def _measure(objective: Callable[[Theta], float], theta: Theta) -> tuple[float, str]:
    """Return the metric and '', or nan and the reason of the crash."""
    try:
        value = objective(theta)
    except Exception as error:  # whatever the agent's code raises is a crash of the experiment
        return math.nan, f"{type(error).__name__}: {error}"
    try:
        if isinstance(value, (str, bytes, bool, np.bool_)):
            raise TypeError
        value = float(value)
    except (TypeError, ValueError, OverflowError):
        # Not a crash of an experiment but a mistake in the objective: say so at once.
        raise ParameterError(
            f"objective must return a number (or raise, for a crash), got {value!r}"
        ) from None
    if not math.isfinite(value):
        return math.nan, f"the metric is {value}"
    return value, ""
