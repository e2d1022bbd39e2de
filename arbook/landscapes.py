r"""Landscapes over :math:`\Theta = \mathbb R^d`: where the perturbation model's numbers come from.

A search adds a normal step to every coordinate, :math:`x' = x + s z`, and keeps the better point.
Step-size rules say how s changes. On the sphere :math:`f(x) = \lVert x \rVert^2` everything about
one step is known exactly, and for many dimensions it is the perturbation model with
:math:`\mu = d s^2` and :math:`\sigma = 2 s R`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arbook._check import (
    FloatArray,
    ParameterError,
    count,
    function,
    generator,
    number,
    numbers,
    refuse,
    sequence,
)
from arbook._memory import check_size
from arbook._normal import cdf, pdf
from arbook.model import Parameters
from arbook.theory import LONGEST_RUN

#: Most dimensions of the laws of the sphere.
MOST_DIMENSIONS = 1_000_000

# Bytes for each experiment of a run, and for each dimension of a run.
_BYTES_AN_EXPERIMENT = 17
_BYTES_A_DIMENSION = 50

#: A function from points, shape (..., d), to metrics, shape (...).
Objective = Callable[[FloatArray], FloatArray]


def sphere(x: ArrayLike) -> Any:
    r"""Return :math:`\lVert x \rVert^2`, the bowl that smooth landscapes look like near an optimum.

    Parameters
    ----------
    x : array of float, shape (..., d)
        Points.

    Returns
    -------
    float or ndarray
        Metrics, of the shape of `x` without its last axis.

    Raises
    ------
    ParameterError
        If `x` holds anything but finite numbers.

    Examples
    --------
    >>> sphere([[3.0, 4.0], [0.0, 0.0]])
    array([25.,  0.])
    """
    x = _points(x)
    return (x**2).sum(axis=-1)[()]


def ridge(x: ArrayLike) -> Any:
    r"""Return :math:`-x_1 + \sum_{i>1} x_i^2`: progress without end along the first coordinate.

    Parameters
    ----------
    x : array of float, shape (..., d)
        Points with at least two coordinates.

    Returns
    -------
    float or ndarray
        Metrics; they have no lower end.

    Raises
    ------
    ParameterError
        If `x` holds anything but finite numbers, or points with one coordinate.

    Notes
    -----
    The parabolic ridge [1]_: steps across it are punished, steps along it pay for ever.

    References
    ----------
    .. [1] H.-G. Beyer, The Theory of Evolution Strategies, Springer, 2001.

    Examples
    --------
    >>> ridge([[3.0, 1.0], [0.0, 0.0]])
    array([-2.,  0.])
    """
    x = _points(x, least=2)
    return ((x[..., 1:] ** 2).sum(axis=-1) - x[..., 0])[()]


def hollows(x: ArrayLike) -> Any:
    r"""Return :math:`\sum_i [x_i^2/10 + 1 - \cos(2\pi x_i)]`: a hollow at every integer.

    Parameters
    ----------
    x : array of float, shape (..., d)
        Points.

    Returns
    -------
    float or ndarray
        Metrics; 0 at the origin, the only global minimum.

    Raises
    ------
    ParameterError
        If `x` holds anything but finite numbers.

    Notes
    -----
    Rastrigin's function with shallower walls [1]_.

    References
    ----------
    .. [1] H. Mühlenbein, M. Schomisch and J. Born, "The parallel genetic algorithm as function
       optimizer", Parallel Computing 17, 619-632, 1991.

    Examples
    --------
    >>> hollows([[0.0], [0.5], [1.0]]).round(3)
    array([0.   , 2.025, 0.1  ])
    """
    x = _points(x)
    return (x**2 / 10 + 1 - np.cos(2 * np.pi * x)).sum(axis=-1)[()]


def sphere_parameters(d: int, step: float, distance: float = 1.0) -> Parameters:
    r"""Return the perturbation model of one step on the sphere.

    Law: Price of boldness. :math:`\mu = d s^2`, :math:`\sigma = 2 s R`, so
    :math:`\mu = c\,\sigma^2` with :math:`c = d/(4R^2)`.

    Parameters
    ----------
    d : int
        Number of dimensions, from 1 to `MOST_DIMENSIONS`.
    step : float
        Standard deviation s of the step in each coordinate, > 0.
    distance : float, default 1.0
        Distance R from the optimum, > 0.

    Returns
    -------
    arbook.Parameters
        With ``gamma=1``: the parameters of this one step.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> p = sphere_parameters(100, step=0.01)
    >>> p.sigma0, round(p.mu, 12)
    (0.02, 0.01)
    """
    d, step, distance = _dimensions(d), _positive("step", step), _positive("distance", distance)
    return Parameters(2 * step * distance, 1.0, d * step * step, extended=True)


def sphere_keep_probability(d: int, step: ArrayLike, distance: float = 1.0) -> Any:
    r"""Return the exact probability that a step on the sphere is kept.

    Law: Keep probability on the sphere. With :math:`r = R/s`, a normal Z along the way to the
    optimum and a chi-squared Q with d - 1 degrees of freedom across it,
    :math:`\delta/s^2 = Z^2 + 2 r Z + Q`, and the variant is kept where this is negative.

    Parameters
    ----------
    d : int
        Number of dimensions, from 1 to `MOST_DIMENSIONS`.
    step : float or array of float
        Standard deviation s of the step in each coordinate, > 0.
    distance : float, default 1.0
        Distance R from the optimum, > 0.

    Returns
    -------
    float or ndarray
        Probabilities, of the shape of `step`. For many dimensions
        :math:`\Phi(-s^\star/2)` with :math:`s^\star = s d/R`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    The limit is that of [1]_.

    References
    ----------
    .. [1] H.-G. Beyer, The Theory of Evolution Strategies, Springer, 2001.

    Examples
    --------
    >>> sphere_keep_probability(100, [0.001, 0.01224]).round(3)
    array([0.48 , 0.272])
    """
    return _sphere_step(d, step, distance)[0]


def sphere_expected_improvement(d: int, step: ArrayLike, distance: float = 1.0) -> Any:
    r"""Return the exact expected improvement of a step on the sphere.

    Law: Progress on the sphere. :math:`\mathbb E[I] = s^2\,\mathbb E[\max(0, -Z^2 - 2 r Z - Q)]`
    with the variables of `sphere_keep_probability`.

    Parameters
    ----------
    d : int
        Number of dimensions, from 1 to `MOST_DIMENSIONS`.
    step : float or array of float
        Standard deviation s of the step in each coordinate, > 0.
    distance : float, default 1.0
        Distance R from the optimum, > 0.

    Returns
    -------
    float or ndarray
        Expected improvements in the metric's unit, of the shape of `step`. In units of
        :math:`2R^2/d` it tends to `progress_rate` for many dimensions.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    The limit, and the step at which it is largest, are from [1]_.

    References
    ----------
    .. [1] I. Rechenberg, Evolutionsstrategie, Frommann-Holzboog, 1973.

    Examples
    --------
    >>> round(float(sphere_expected_improvement(1000, 1.224 / 1000)) * 1000 / 2, 3)
    0.202
    """
    return _sphere_step(d, step, distance)[1]


def progress_rate(s_star: ArrayLike) -> Any:
    r"""Return the progress rate of the (1+1) evolution strategy on the sphere, for many dimensions.

    Law: Progress rate. :math:`\varphi^*(s^\star) = \frac{s^\star}{\sqrt{2\pi}} e^{-{s^\star}^2/8}
    - \frac{{s^\star}^2}{2}\,\Phi(-s^\star/2)`.

    Parameters
    ----------
    s_star : float or array of float
        Step :math:`s^\star = s d/R` in natural units, >= 0.

    Returns
    -------
    float or ndarray
        Expected improvement in units of :math:`2R^2/d`; at most 0.2025, at
        :math:`s^\star = 1.224`.

    Raises
    ------
    ParameterError
        If `s_star` is negative or not finite.

    References
    ----------
    .. [1] I. Rechenberg, Evolutionsstrategie, Frommann-Holzboog, 1973.

    Examples
    --------
    >>> progress_rate([0.0, 1.224, 5.0]).round(4)
    array([0.    , 0.2025, 0.01  ])
    """
    s = numbers("s_star", s_star, "a number >= 0, or an array of such numbers")
    if (s < 0).any():
        raise refuse("s_star", float(s[s < 0].flat[0]), "a number >= 0")
    density = np.exp(-(s**2) / 8) / math.sqrt(2 * math.pi)
    return np.maximum(s * density - s**2 / 2 * cdf(-s / 2), 0.0)[()]


class StepRule(Protocol):
    """A rule for the size of steps."""

    @property
    def start(self) -> float:
        """First step."""

    def next(self, step: FloatArray, kept: NDArray[np.bool_]) -> FloatArray:
        """Return the next steps of runs, given the last ones and what became of them."""


@dataclass(frozen=True)
class Decay:
    r"""The model's rule: :math:`s_t = s_0\gamma^t`, whatever happens.

    Parameters
    ----------
    start : float
        First step, > 0.
    gamma : float, default 1.0
        Decay rate in (0, 1]; 1 keeps the step as it is.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> Decay(0.5, 0.9).next(np.array([0.5]), np.array([True]))
    array([0.45])
    """

    start: float
    gamma: float = 1.0

    def __post_init__(self) -> None:
        _positive("start", self.start)
        if not 0 < number("gamma", self.gamma, "a number in (0, 1]") <= 1:
            raise refuse("gamma", self.gamma, "a number in (0, 1]")

    def next(self, step: FloatArray, kept: NDArray[np.bool_]) -> FloatArray:
        """Return the steps times gamma."""
        return step * self.gamma


@dataclass(frozen=True)
class SuccessRule:
    r"""The 1/5 success rule: bolder after a keep, more careful after a discard.

    Parameters
    ----------
    start : float
        First step, > 0.
    factor : float, default 1.5
        Factor after a keep, > 1; after a discard the step is divided by its
        :math:`q/(1-q)`-th power, so that a keep rate of q leaves it where it is.
    rate : float, default 0.2
        Keep rate q that the rule aims at, in (0, 1).

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    In the form of [1]_: three lines, no window, no counting.

    References
    ----------
    .. [1] S. Kern et al., "Learning probability distributions in continuous evolutionary
       algorithms: a comparative review", Natural Computing 3, 77-112, 2004.

    Examples
    --------
    >>> rule = SuccessRule(1.0, factor=1.5)
    >>> rule.next(np.ones(2), np.array([True, False])).round(4)
    array([1.5   , 0.9036])
    """

    start: float
    factor: float = 1.5
    rate: float = 0.2

    def __post_init__(self) -> None:
        _positive("start", self.start)
        if number("factor", self.factor, "a number > 1") <= 1:
            raise refuse("factor", self.factor, "a number > 1")
        if not 0 < number("rate", self.rate, "a number in (0, 1)") < 1:
            raise refuse("rate", self.rate, "a number in (0, 1)")

    def next(self, step: FloatArray, kept: NDArray[np.bool_]) -> FloatArray:
        """Return larger steps where a variant was kept, and smaller ones elsewhere."""
        smaller = self.factor ** (-self.rate / (1 - self.rate))
        return step * np.where(kept, self.factor, smaller)


@dataclass(frozen=True, eq=False)
class Search:
    r"""Runs of a search on a landscape, one a row.

    Parameters
    ----------
    frontier : ndarray, shape (n_runs, N + 1)
        Best metric after 0 ... N experiments.
    step : ndarray, shape (n_runs, N)
        Step sizes.
    kept : ndarray of bool, shape (n_runs, N)
        True where the variant was kept.
    best : ndarray, shape (n_runs, d)
        The last incumbents.

    See Also
    --------
    search : Makes it.

    Examples
    --------
    >>> runs = search(sphere, [1.0, 1.0], Decay(0.3), 20, n_runs=3, seed=1)
    >>> runs.n_experiments, runs.best.shape
    (20, (3, 2))
    >>> bool((runs.frontier[:, -1] == sphere(runs.best)).all())
    True
    """

    frontier: FloatArray
    step: FloatArray
    kept: NDArray[np.bool_]
    best: FloatArray

    @property
    def n_experiments(self) -> int:
        """Number of experiments N of each run."""
        return int(self.kept.shape[1])


def search(
    objective: Objective,
    start: ArrayLike,
    rule: StepRule,
    n_experiments: int,
    n_runs: int = 1,
    *,
    seed: int | np.random.Generator | None = None,
) -> Search:
    """Run the update rule on a landscape, with normal steps.

    Parameters
    ----------
    objective : callable
        From points, shape (n_runs, d), to metrics, shape (n_runs,): `sphere`, `ridge`, `hollows`
        or one of your own. A metric that is nan or infinite is a crash.
    start : sequence of float, shape (d,)
        The baseline of every run.
    rule : Decay or SuccessRule
        How steps change; anything with ``start`` and ``next`` will do.
    n_experiments : int
        Number of experiments N, from 1 to `arbook.theory.LONGEST_RUN`.
    n_runs : int, default 1
        Number of independent runs.
    seed : int, numpy.random.Generator or None
        Same seed, same runs.

    Returns
    -------
    Search
        Frontiers, steps and decisions.

    Raises
    ------
    ParameterError
        If an argument is outside its range, the objective returns another shape, or the runs do
        not fit in memory.

    Examples
    --------
    >>> runs = search(sphere, [1.0] * 10, SuccessRule(0.1), 300, n_runs=50, seed=1)
    >>> bool(np.median(runs.frontier[:, -1]) < 0.01)
    True
    """
    n, n_runs = count("n_experiments", n_experiments, most=LONGEST_RUN), count("n_runs", n_runs)
    function("objective", objective, "x")
    point = sequence("start", start, "numbers, one a dimension")
    allowed = "a Decay, a SuccessRule, or anything with start and next"
    function("rule", getattr(rule, "next", rule), "step", "kept", allowed=allowed)
    first = number("rule", getattr(rule, "start", rule), allowed)
    rng = generator(seed)
    check_size("n_experiments", n, _BYTES_AN_EXPERIMENT)
    run = n * _BYTES_AN_EXPERIMENT + point.size * _BYTES_A_DIMENSION
    check_size("n_runs", n_runs, run)

    x = np.tile(point, (n_runs, 1))
    value = _metric(objective, x)
    if not np.isfinite(value).all():
        raise ParameterError(f"objective must be finite at start, got {value[0]}")
    frontier, steps = np.empty((n_runs, n + 1)), np.empty((n_runs, n))
    kept = np.empty((n_runs, n), dtype=bool)
    frontier[:, 0], step = value, np.full(n_runs, first)
    for t in range(n):
        variant = x + step[:, None] * rng.standard_normal(x.shape)
        metric = _metric(objective, variant)
        better = metric < value  # False for nan
        better &= np.isfinite(metric)
        x[better], value[better] = variant[better], metric[better]
        frontier[:, t + 1], steps[:, t], kept[:, t] = value, step, better
        step = rule.next(step, better)
    return Search(frontier, steps, kept, x)


def _sphere_step(d: int, step: ArrayLike, distance: float) -> tuple[Any, Any]:
    """Return keep probability and expected improvement of a step on the sphere."""
    from scipy.special import chdtri, xlogy
    from scipy.special import gammaln as log_gamma

    d, s = _dimensions(d), _positive_array("step", step)
    rho = _positive("distance", distance) / s[..., None]
    # Given Q < rho^2 the change is a parabola in Z, negative between its roots: known integrals.
    # What is left is a mean over Q, by quadrature between its extreme quantiles.
    if d == 1:
        q, weight = np.zeros_like(rho), np.ones_like(rho)
    else:
        half = (d - 1) / 2
        # In the square root of Q, whose density has no pole at 0, and as a sine, since the roots
        # meet at rho like a square root.
        low, high = np.sqrt(chdtri(d - 1, 1 - 1e-16)), np.sqrt(chdtri(d - 1, 1e-18))
        span = np.maximum(np.minimum(high, rho) - low, 0.0)
        node, weight = np.polynomial.legendre.leggauss(400)
        angle = math.pi / 4 * (node + 1)
        root = low + span * np.sin(angle)
        log_density = xlogy(2 * half - 1, root) - root**2 / 2 - log_gamma(half)
        density = np.exp(log_density - (half - 1) * math.log(2))
        weight = weight * math.pi / 4 * np.cos(angle) * span * density
        q = root**2
    width = np.sqrt(np.maximum(rho**2 - q, 0.0))
    near, far = -q / (rho + width), -rho - width  # the roots, without cancellation
    mass = cdf(near) - cdf(far)
    first = pdf(far) - pdf(near)
    second = mass + far * pdf(far) - near * pdf(near)
    gain = -(second + 2 * rho * first + q * mass)
    return (mass * weight).sum(axis=-1)[()], (s**2 * (gain * weight).sum(axis=-1))[()]


def _metric(objective: Objective, x: FloatArray) -> FloatArray:
    result = objective(x)
    try:
        value = np.array(result, dtype=np.float64)
    except (TypeError, ValueError):
        raise refuse("objective", result, "a function that returns one number a point") from None
    if value.shape != x.shape[:1]:
        raise ParameterError(
            f"objective must return one number a point, shape {x.shape[:1]}, got {value.shape}"
        )
    return value


def _points(x: ArrayLike, least: int = 1) -> FloatArray:
    points = numbers("x", x, "an array of numbers")
    if points.ndim == 0 or points.shape[-1] < least:
        raise refuse("x", x, f"points with at least {least} coordinates")
    return points


def _dimensions(d: int) -> int:
    return count("d", d, most=MOST_DIMENSIONS)


def _positive(name: str, value: float) -> float:
    result = number(name, value, "a finite number > 0")
    if result <= 0:
        raise refuse(name, value, "a finite number > 0")
    return result


def _positive_array(name: str, value: ArrayLike) -> FloatArray:
    allowed = "a finite number > 0, or an array of such numbers"
    result = numbers(name, value, allowed)
    if (result <= 0).any():
        raise refuse(name, float(result[result <= 0].flat[0]), allowed)
    return result
