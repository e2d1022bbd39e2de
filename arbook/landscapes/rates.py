r"""What one step on the sphere does, exactly: where the perturbation model's numbers come from.

For many dimensions it is the perturbation model with :math:`\mu = d s^2` and
:math:`\sigma = 2 s R`.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.normal import FAR, cdf, pdf
from arbook._numerics.ranges import Array, Integer, Real, not_negatives
from arbook._numerics.validation import FloatArray
from arbook.landscapes.searching import MOST_DIMENSIONS
from arbook.model.parameters import Parameters

_DIMENSIONS = Integer(1, MOST_DIMENSIONS)

# Neither squares nor ratios of lengths leave the doubles.
_LENGTH = Real(1e-40, 1e40)


def sphere_parameters(d: int, step: float, distance: float = 1.0) -> Parameters:
    r"""Return the perturbation model of one step on the sphere.

    Law: Price of boldness. :math:`\mu = d s^2`, :math:`\sigma = 2 s R`, so
    :math:`\mu = c\,\sigma^2` with :math:`c = d/(4R^2)`.

    Parameters
    ----------
    d : int
        Number of dimensions, in 1 ... `MOST_DIMENSIONS`.
    step : float
        Standard deviation s of the step in each coordinate, in [1e-40, 1e+40].
    distance : float, default 1.0
        Distance R from the optimum, in [1e-40, 1e+40].

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
    d, step = _DIMENSIONS("d", d), _LENGTH("step", step)
    distance = _LENGTH("distance", distance)
    return Parameters(2 * step * distance, 1.0, d * step * step, extended=True)


def sphere_keep_probability(d: int, step: ArrayLike, distance: float = 1.0) -> Any:
    r"""Return the exact probability that a step on the sphere is kept.

    Law: Keep probability on the sphere. With :math:`r = R/s`, a normal Z along the way to the
    optimum and a chi-squared Q with d - 1 degrees of freedom across it,
    :math:`\delta/s^2 = Z^2 + 2 r Z + Q`, and the variant is kept where this is negative.

    Parameters
    ----------
    d : int
        Number of dimensions, in 1 ... `MOST_DIMENSIONS`.
    step : float or array of float
        Standard deviation s of the step in each coordinate, in [1e-40, 1e+40].
    distance : float, default 1.0
        Distance R from the optimum, in [1e-40, 1e+40].

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
        Number of dimensions, in 1 ... `MOST_DIMENSIONS`.
    step : float or array of float
        Standard deviation s of the step in each coordinate, in [1e-40, 1e+40].
    distance : float, default 1.0
        Distance R from the optimum, in [1e-40, 1e+40].

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


def sphere_skewness(d: int, step: ArrayLike, distance: float = 1.0) -> Any:
    r"""Return the exact skewness of the change that a step on the sphere makes.

    Law: Skewness on the sphere. With :math:`s^\star = s d/R`,

    .. math:: \frac{\mathbb E[(\delta - \mu)^3]}{\operatorname{Var}[\delta]^{3/2}}
       = \frac{s^\star}{d} \cdot \frac{3 + {s^\star}^2/d}{(1 + {s^\star}^2/(2d))^{3/2}} .

    Parameters
    ----------
    d : int
        Number of dimensions, in 1 ... `MOST_DIMENSIONS`.
    step : float or array of float
        Standard deviation s of the step in each coordinate, in [1e-40, 1e+40].
    distance : float, default 1.0
        Distance R from the optimum, in [1e-40, 1e+40].

    Returns
    -------
    float or ndarray
        Skewness, of the shape of `step`: 0 for a normal law, and at most :math:`\sqrt{8/d}`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    In each coordinate the change is :math:`2 x s z + s^2 z^2`, with the cumulants
    :math:`s^2`, :math:`4x^2s^2 + 2s^4` and :math:`24x^2s^4 + 8s^6`, and those of a sum add up. That
    the law tends to a normal one is in [1]_.

    References
    ----------
    .. [1] H.-G. Beyer, The Theory of Evolution Strategies, Springer, 2001.

    Examples
    --------
    >>> sphere_skewness(14, [0.04, 0.16]).round(3)
    array([0.119, 0.42 ])
    """
    d, s = _DIMENSIONS("d", d), Array(_LENGTH)("step", step)
    # s^2 d / R^2, and its inverse where that is small: nothing overflows
    ratio = d * (s / _LENGTH("distance", distance)) ** 2
    small = np.minimum(ratio, 1.0)
    large = 1 / np.maximum(ratio, 1.0)
    near = np.sqrt(small / d) * (3 + small) / (1 + small / 2) ** 1.5
    far = (1 + 3 * large) / (large + 0.5) ** 1.5 / math.sqrt(d)
    return np.where(ratio <= 1, near, far)[()]


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
    s = np.minimum(not_negatives("s_star", s_star), FAR)  # where it is 0 in a double
    density = np.exp(-(s**2) / 8) / math.sqrt(2 * math.pi)
    return np.maximum(s * density - s**2 / 2 * cdf(-s / 2), 0.0)[()]


@cache
def _nodes() -> tuple[FloatArray, FloatArray]:
    """Return nodes and weights of the quadrature: making them takes longer than using them."""
    return np.polynomial.legendre.leggauss(400)


def _sphere_step(d: int, step: ArrayLike, distance: float) -> tuple[Any, Any]:
    """Return keep probability and expected improvement of a step on the sphere."""
    from scipy.special import chdtri, xlogy
    from scipy.special import gammaln as log_gamma

    d, s = _DIMENSIONS("d", d), Array(_LENGTH)("step", step)
    rho = _LENGTH("distance", distance) / s[..., None]
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
        node, weight = _nodes()
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
