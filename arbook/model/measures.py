"""Two measures of a run: its frontier and its gain area."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.ranges import Array, number
from arbook._numerics.validation import FloatArray

_FRONTIERS = Array(
    number, least=1, text="a non-empty sequence of finite numbers along the last axis"
)
_VALUES = Array(
    number,
    ndim=1,
    text="a non-empty one-dimensional sequence of finite numbers (leave a crash out, or use "
    "arbook.RunLog, which steps over it)",
)


def frontier(values: ArrayLike) -> FloatArray:
    r"""Return the frontier of a sequence: the best value so far.

    Law: Frontier. :math:`F(t) = \min_{s\le t} f(\theta_s)`, non-increasing by construction.

    Parameters
    ----------
    values : array of float, shape (N + 1,)
        The metric of the baseline and of N experiments, in bits per byte; lower is better.

    Returns
    -------
    ndarray, shape (N + 1,)
        :math:`F(0), \dots, F(N)`, in bits per byte. ``F[0]`` is the baseline.

    Raises
    ------
    ParameterError
        If `values` is empty, not one-dimensional, or not finite. A crash has no metric: leave it
        out, or describe the run by `arbook.RunLog`, whose frontier steps over crashes.

    Notes
    -----
    The minimum over all values that were measured, kept or not, equals the minimum over the
    incumbents: a value below all others before it is always kept [1]_.

    References
    ----------
    .. [1] F. J. Solis and R. J.-B. Wets, "Minimization by random search techniques",
       Mathematics of Operations Research 6, 19-30, 1981.

    Examples
    --------
    >>> frontier([1.0, 1.2, 0.9, 0.95])
    array([1. , 1. , 0.9, 0.9])
    """
    return np.minimum.accumulate(_VALUES("values", values))


def gain_area(frontier: ArrayLike, f0: float | None = None) -> Any:
    r"""Return the gain area of a frontier, the total improvement over the baseline.

    Law: Gain area. :math:`\mathcal A_N = \sum_{t=1}^N [f_0 - F(t)]`.

    Parameters
    ----------
    frontier : array of float, shape (..., N + 1)
        :math:`F(0), \dots, F(N)` along the last axis, in bits per byte.
    f0 : float, optional
        Metric of the baseline; ``frontier[..., 0]`` if it is not given.

    Returns
    -------
    float or ndarray, shape (...)
        Gain area, in bits per byte x experiments.

    Raises
    ------
    ParameterError
        If `frontier` is a single number, empty or not finite, or `f0` is not a finite number.

    Notes
    -----
    The area between the baseline and the frontier: a steep start and a low end both raise it. It
    is the anytime performance of a run, as in [1]_, with a sum in place of the integral.

    References
    ----------
    .. [1] M. López-Ibáñez and T. Stützle, "Automatically improving the anytime behaviour of
       optimisation algorithms", European Journal of Operational Research 235, 569-582, 2014.

    Examples
    --------
    >>> round(float(gain_area([1.0, 1.0, 0.9, 0.9])), 12)
    0.2
    """
    array = _FRONTIERS("frontier", frontier)
    base = array[..., :1] if f0 is None else number("f0", f0)
    return np.sum(base - array[..., 1:], axis=-1)[()]
