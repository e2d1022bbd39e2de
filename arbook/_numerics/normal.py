"""The standard normal distribution: density, distribution function, and moments of its tails.

The only place that calls SciPy's normal functions. They are imported inside the functions, so
that importing the package costs NumPy only.
"""

from __future__ import annotations

import math

import numpy as np

from arbook._numerics.validation import FloatArray

#: Beyond this many standard deviations every tail is 0 in a double. Ratios are clipped to it, so
#: that nothing overflows when it is squared.
FAR = 1e3

#: From this many standard deviations on, a normal has its sign for certain: the other one has a
#: probability of 1e-19, and a double tells no less than 1e-16 from 1.
CERTAIN = 9.0

#: A normal lies within so many standard deviations of its mean with a probability of 95 %.
NORMAL_95 = 1.959963984540054

# Where the tails below change from the definition, which loses digits, to a continued fraction,
# which converges more slowly near 0. At 4, 48 terms give all digits.
_SWITCH = 4.0
_TERMS = 48


def pdf(x: FloatArray) -> FloatArray:
    r"""Return the density :math:`\varphi(x)`."""
    with np.errstate(over="ignore"):  # far out it is 0
        return np.asarray(np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi))


def cdf(x: FloatArray) -> FloatArray:
    r"""Return the distribution function :math:`\Phi(x)`, accurate in the lower tail."""
    from scipy.special import ndtr

    return np.asarray(ndtr(x))


def quantile(q: FloatArray) -> FloatArray:
    r"""Return :math:`\Phi^{-1}(q)`; infinities for 0 and 1."""
    from scipy.special import ndtri

    return np.asarray(ndtri(q))


def log_cdf(x: FloatArray) -> FloatArray:
    r"""Return :math:`\ln\Phi(x)`, accurate in both tails."""
    from scipy.special import log_ndtr

    return np.asarray(log_ndtr(x))


def ratio(mean: FloatArray | float, std: FloatArray) -> FloatArray:
    """Return mean / std, clipped to +-`FAR`."""
    with np.errstate(over="ignore"):
        return np.asarray(np.clip(mean / std, -FAR, FAR))


def tail_moments(b: FloatArray, density: FloatArray | None = None) -> tuple[FloatArray, FloatArray]:
    r"""Return :math:`\mathbb E[(Z-b)^+]` and :math:`\mathbb E[((Z-b)^+)^2]` for :math:`b \ge 0`.

    Their definitions, :math:`\varphi - bQ` and :math:`(1+b^2)Q - b\varphi` with
    :math:`Q = \Phi(-b)`, lose digits as b grows. The integrals
    :math:`J_n = \int_0^\infty x^n\varphi(x+b)\,dx/n!` satisfy
    :math:`J_{n-1} = bJ_n + (n+1)J_{n+1}`, so the ratios :math:`r_n = J_n/J_{n-1}` are the
    continued fraction :math:`r_n = 1/(b + (n+1)r_{n+1})`, in which every term is positive.

    Far out, another `density` in place of :math:`\varphi(b)` gives the moments in its units.
    """
    density, q = pdf(b) if density is None else density, cdf(-b)
    first = density - b * q
    second = q - b * first
    far = b > _SWITCH
    if np.any(far):
        x = b[far]
        r = np.zeros((4, x.size))
        for n in range(_TERMS, -1, -1):
            r[min(n, 3)] = 1 / (x + (n + 1) * r[min(n + 1, 3)])
        first, second = np.array(first), np.array(second)
        first[far] = density[far] * r[0] * r[1]
        second[far] = 2 * density[far] * r[0] * r[1] * r[2]
    return first, second


def positive_part(mean: FloatArray | float, std: FloatArray) -> FloatArray:
    r"""Return :math:`\mathbb E[X^+]` of a normal X, without cancellation."""
    first, _ = tail_moments(np.abs(ratio(mean, std)))
    return np.asarray(np.maximum(mean, 0.0) + std * first)


def positive_part_variance(a: FloatArray) -> FloatArray:
    r"""Return :math:`\mathrm{Var}[X^+]` of a normal X with mean a and unit variance."""
    first, second = tail_moments(np.abs(a))
    # With T = E[(Z - |a|)^+]: Var = Phi(a) - T (|a| + T), and for a < 0 also E[X^2] - E[X]^2.
    return np.where(a < 0, second - first**2, cdf(a) - first * (np.abs(a) + first))


def positive_part_std(a: FloatArray) -> FloatArray:
    """Return the root of `positive_part_variance`, also where the variance is 0 in a double."""
    b = np.maximum(-a, 30.0)  # where the square of the mean is nothing beside the variance
    _, second = tail_moments(b, np.ones_like(b))
    far = np.exp(-0.25 * b * b) * np.sqrt(second / math.sqrt(2 * math.pi))
    return np.where(a < -30.0, far, np.sqrt(positive_part_variance(a)))
