r"""What a session shows in which no change has any effect: the null of the running best.

All N + 1 measurements are then one value plus noise, and the log's gain is the baseline less the
lowest of the others. It grows with N, whatever the noise: a run of luck looks like progress.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.normal import log_cdf, pdf
from arbook._numerics.ranges import Integer, Real, numbers, open_unit_interval, positive
from arbook._numerics.validation import FloatArray, refuse

# Nodes for the baseline's luck, and for the noise's own doubt.
_NODES = 400
_REACH = 12.0
_DOUBTS = 60

# More variants than these are not measured.
_MOST = 10**9

_FREEDOM = Real(1, note="or inf")


def probability_of_luck(gain: ArrayLike, n: int, noise: float, *, freedom: float = math.inf) -> Any:
    r"""Return how likely so large a gain is where no change has any effect.

    Law: Null of the running best. With a baseline and n variants of the same true metric,

    .. math:: \Pr[G \ge g] = 1 - \int \varphi(z)\,\Phi(g/\nu - z)^n\,dz .

    Parameters
    ----------
    gain : float or array of float
        Logged gain g of the session, baseline less lowest measurement, in bits per byte.
    n : int
        Number of measured variants, in 1 ... 1000000000.
    noise : float
        Standard deviation :math:`\nu` of a measurement, in bits per byte, > 0.
    freedom : float, default inf
        Degrees of freedom that `noise` was estimated with, >= 1: repeats less configurations.

    Returns
    -------
    float or ndarray
        Probabilities, of the shape of `gain`: the p-value of the session.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    The law of a minimum of independent normals [1]_, averaged over the baseline's own luck.

    References
    ----------
    .. [1] H. A. David and H. N. Nagaraja, Order Statistics, 3rd ed., Wiley, 2003.

    Examples
    --------
    One baseline, one variant: a difference of two normals.

    >>> round(float(probability_of_luck(0.001 * 2**0.5, 1, 0.001)), 4)
    0.1587
    >>> probability_of_luck(0.003, 100, 0.001).round(2)
    np.float64(0.32)
    """
    g, nu = numbers("gain", gain), positive("noise", noise)
    n = Integer(1, _MOST)("n", n)
    if not (isinstance(freedom, float) and freedom == math.inf):
        freedom = _FREEDOM("freedom", freedom)
    with np.errstate(over="ignore"):  # so many noises are no luck
        x = g / nu
    if math.isinf(freedom):
        return _survival(x, n)[()]
    # the ratio of the true noise to the estimate: inverse root of chi squared over its freedom
    from scipy.stats import chi2

    share = (np.arange(_DOUBTS) + 0.5) / _DOUBTS
    ratio = np.sqrt(chi2.ppf(share, freedom) / freedom)
    return _survival(x[..., None] * ratio, n).mean(axis=-1)[()]


def lucky_gain(n: int, noise: float, level: float = 0.05) -> float:
    r"""Return the gain that luck alone exceeds with a given probability.

    Parameters
    ----------
    n : int
        Number of measured variants, in 1 ... 1000000000.
    noise : float
        Standard deviation :math:`\nu` of a measurement, in bits per byte, > 0.
    level : float, default 0.05
        The probability, in (0, 1).

    Returns
    -------
    float
        The gain, in bits per byte.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> round(lucky_gain(100, 1.0), 2), round(lucky_gain(1, 1.0, 0.5), 2)
    (4.31, 0.0)
    """
    from scipy.optimize import brentq

    n, nu = Integer(1, _MOST)("n", n), positive("noise", noise)
    level = open_unit_interval("level", level)
    reach = 2 * _REACH

    def excess(x: float) -> float:
        return float(_survival(np.array(x), n)) - level

    if not excess(-reach) > 0 > excess(reach):
        allowed = f"the probability of a gain of less than {reach:g} noises for n = {float(n):g}"
        raise refuse("level", level, allowed)
    return nu * float(brentq(excess, -reach, reach))


def _survival(x: FloatArray, n: int) -> FloatArray:
    """Return Pr[baseline - lowest of n > x] for a noise of 1."""
    z = np.linspace(-_REACH, _REACH, _NODES)
    weight = pdf(z) * (z[1] - z[0])
    # not all n are above z - x, without loss of digits where that is nearly sure
    some = -np.expm1(n * log_cdf(np.asarray(x)[..., None] - z))
    return np.asarray((weight * some).sum(axis=-1))
