r"""Nights of programs of the model: how often the worse of two has the larger gain area, exactly.

A gain area is a sum of independent parts :math:`(N - t)\,I_t`. Its characteristic function is the
product of theirs, which are known, and the distribution follows from it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from arbook._numerics.normal import CERTAIN, cdf, positive_part
from arbook._numerics.ranges import Integer, instance
from arbook._numerics.validation import FloatArray
from arbook.model.laws import _skill
from arbook.model.parameters import Parameters, step_size
from arbook.model.totals import expected_gain_area, gain_area_std

#: Fewest and most experiments of a night whose distribution is made (about a second).
FEWEST, LONGEST_NIGHT = 5, 1000

_LENGTH = Integer(FEWEST, LONGEST_NIGHT)
_NIGHTS = Integer(1, 1_000_000)  # more would make much of what rounding leaves of one

# The distribution is sought within so many standard deviations of the mean, with so many waves.
_WITHIN, _WAVES = 16.0, 400


def area_misranking(
    better: Parameters, other: Parameters, n_experiments: int, nights: int = 1
) -> float:
    r"""Return the probability that a program has the smaller mean gain area of so many nights.

    Parameters
    ----------
    better, other : Parameters
        The programs.
    n_experiments : int
        Number of experiments N of a night, in 5 ... 1000.
    nights : int, default 1
        Nights of each program, in 1 ... 1000000, that share no luck.

    Returns
    -------
    float
        Probability that the mean of `better` is below that of `other`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    See Also
    --------
    arbook.programs.misranking_probability : As if nights were normal, which is close.
    arbook.programs.simulate_gain_areas : Nights to count in.

    Notes
    -----
    With :math:`\psi(u) = \mathbb E[e^{iuD}]` for the difference D of the means,
    :math:`\Pr[D < 0] = \frac12 - \frac1\pi\int_0^\infty \operatorname{Im}\psi(u)\,du/u` [1]_, to
    about six digits.

    References
    ----------
    .. [1] J. Gil-Pelaez, "Note on the inversion theorem", Biometrika 38, 481-482, 1951.

    Examples
    --------
    >>> bold, timid = Parameters(0.011, 0.97), Parameters(0.010, 0.97)
    >>> round(area_misranking(bold, timid, 100), 4)
    0.3829
    """
    n = _LENGTH("n_experiments", n_experiments)
    nights = _NIGHTS("nights", nights)
    programs = [instance("better", better, Parameters), instance("other", other, Parameters)]
    mean = [float(expected_gain_area(p, n)) for p in programs]
    spread = math.hypot(*(float(gain_area_std(p, n)) for p in programs)) / math.sqrt(nights)
    lead = (mean[0] - mean[1]) / spread
    if abs(lead) > _WITHIN:
        return 0.0 if lead > 0 else 1.0
    wave = (np.arange(_WAVES) + 0.5) * (math.pi / _WITHIN)  # per standard deviation
    log_psi = sum(
        _log_characteristic(p, n, sign * wave / spread / nights)
        for p, sign in zip(programs, (1.0, -1.0), strict=True)
    )
    psi = np.exp(nights * log_psi + 1j * wave * lead)
    found = 0.5 - float((psi.imag / wave).sum()) / _WITHIN
    return min(max(found, 0.0), 1.0)


def _log_characteristic(p: Parameters, n: int, u: FloatArray) -> NDArray[np.complex128]:
    """Return ln E[exp(iu(A - E[A]))] of the gain area A of n experiments."""
    from scipy.special import wofz

    t = np.arange(n)
    skill = _skill(p, t)[:, None]
    a = np.clip(skill, -CERTAIN, CERTAIN)
    b = u * ((n - t) * step_size(p, t))[:, None]
    # E[exp(ibX)] of X = max(0, a + Z): an atom at 0, and the part of a normal above it
    tail = 0.5 * np.exp(-(a**2) / 2) * wofz((b - 1j * a) / math.sqrt(2))
    cut = np.log(cdf(-a) + tail) - 1j * b * positive_part(a, np.ones_like(a))
    parts = np.where(skill < CERTAIN, cut, -(b**2) / 2)  # or a normal as it is
    return np.asarray(parts.sum(axis=0))
