"""Functions to search: a bowl, a ridge, and a bowl full of hollows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.ranges import Array, Real
from arbook._numerics.validation import FloatArray

#: Farther out, squares overflow.
FARTHEST = 1e150


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
        If `x` holds anything but numbers of size <= 1e+150.

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
        If `x` holds anything but numbers of size <= 1e+150, or points with one coordinate.

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
        If `x` holds anything but numbers of size <= 1e+150.

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


def _points(x: ArrayLike, least: int = 1) -> FloatArray:
    words = f"points with at least {least} coordinates that are numbers of size <= {FARTHEST:g}"
    return Array(Real(-FARTHEST, FARTHEST), least=least, text=words)("x", x)
