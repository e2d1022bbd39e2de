"""Checks of arguments: every error names the argument, the value and what is allowed."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class ParameterError(ValueError):
    """An argument is outside what the model allows.

    The message names the argument, the value that was given and the allowed range.

    Examples
    --------
    >>> from arbook import Parameters
    >>> Parameters(sigma0=-1, gamma=0.9)
    Traceback (most recent call last):
        ...
    arbook._check.ParameterError: sigma0 must be a finite number > 0, got -1
    """


def refuse(name: str, value: object, allowed: str) -> ParameterError:
    """Return the error for argument `name`; the caller raises it."""
    shown = repr(value)
    if len(shown) > 60:
        shown = shown[:57] + "..."
    return ParameterError(f"{name} must be {allowed}, got {shown}")


def number(name: str, value: Any, allowed: str = "a finite number") -> float:
    """Return `value` as a finite float."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
        raise refuse(name, value, allowed)
    try:
        result = float(value)
    except OverflowError:
        result = math.inf
    if not math.isfinite(result):
        raise refuse(name, value, allowed)
    return result


def count(name: str, value: Any, *, least: int = 1) -> int:
    """Return `value` as an integer that is at least `least`."""
    allowed = f"an integer >= {least}"
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Integral):
        raise refuse(name, value, allowed)
    if value < least:
        raise refuse(name, value, allowed)
    return int(value)


def counts(name: str, value: ArrayLike, *, least: int = 0) -> IntArray:
    """Return `value`, a number or an array of any shape, as integers of at least `least`."""
    allowed = f"an integer >= {least}, or an array of such integers"
    array = np.asarray(value)
    if array.size == 0 or array.dtype.kind not in "iu":
        raise refuse(name, value, allowed)
    smallest = array.min()
    if smallest < least:
        raise refuse(name, int(smallest), allowed)
    if array.max() > np.iinfo(np.int64).max:
        raise refuse(name, int(array.max()), allowed)
    return array.astype(np.int64)


def numbers(name: str, value: ArrayLike, allowed: str = "finite numbers") -> FloatArray:
    """Return `value`, a number or an array of any shape, as finite floats."""
    try:
        array = np.asarray(value)
    except ValueError:  # ragged nesting
        raise refuse(name, value, allowed) from None
    if array.size == 0 or array.dtype.kind not in "iuf":
        raise refuse(name, value, allowed)
    array = array.astype(np.float64)
    finite = np.isfinite(array)
    if not finite.all():
        raise refuse(name, float(array[~finite].flat[0]), allowed)
    return array


def sequence(name: str, value: ArrayLike, allowed: str = "finite numbers") -> FloatArray:
    """Return `value` as a one-dimensional array of at least one finite float."""
    array = numbers(name, value, f"a non-empty one-dimensional sequence of {allowed}")
    if array.ndim != 1:
        raise ParameterError(
            f"{name} must be a non-empty one-dimensional sequence of {allowed}, "
            f"got {array.ndim} dimensions of shape {array.shape}"
        )
    return array
