"""Checks of arguments: every error names the argument, the value and what is allowed."""

from __future__ import annotations

import inspect
import math
import sys
from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_T = TypeVar("_T")


class ParameterError(ValueError):
    """An argument is outside what the model allows.

    The message names the argument, the value that was given and the allowed range.

    Examples
    --------
    >>> from arbook import Parameters
    >>> Parameters(sigma0=-1, gamma=0.9)
    Traceback (most recent call last):
        ...
    arbook.ParameterError: sigma0 must be a finite number > 0, got -1
    """

    __module__ = "arbook"  # where readers catch it


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


def positive(name: str, value: Any) -> float:
    """Return `value` as a float, if it is finite and above 0."""
    allowed = "a finite number > 0"
    result = number(name, value, allowed)
    if result <= 0:
        raise refuse(name, value, allowed)
    return result


def count(
    name: str, value: Any, *, least: int = 1, most: int | None = None, other: str = ""
) -> int:
    """Return `value` as an integer from `least` to `most`; `other` says what takes larger ones."""
    allowed = f"an integer >= {least}"
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Integral):
        raise refuse(name, value, allowed)
    result = int(value)
    if result < least:
        raise refuse(name, value, allowed)
    if most is not None and result > most:
        allowed = f"an integer in {least} ... {most}{f' ({other})' if other else ''}"
        raise refuse(name, value, allowed)
    return result


def flag(name: str, value: Any) -> bool:
    """Return `value` as a bool, if it is one."""
    if not isinstance(value, (bool, np.bool_)):
        raise refuse(name, value, "True or False")
    return bool(value)


def place(kind: type) -> str:
    """Return a class's name with the module from which readers import it, and an article."""
    homes = (
        "arbook",
        "arbook.logs",
        "arbook.agents",
        "arbook.programs",
        "arbook.landscapes",
        "arbook.noise",
    )
    home = next((m for m in homes if getattr(sys.modules.get(m), kind.__name__, None) is kind), "")
    name = kind.__name__ if kind is str else f"{home or kind.__module__}.{kind.__name__}"
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def instance(name: str, value: Any, kind: type[_T]) -> _T:
    """Return `value`, if it is of a class."""
    if not isinstance(value, kind):
        raise refuse(name, value, place(kind))
    return value


def instances(
    name: str,
    values: Any,
    kind: type[_T],
    *,
    least: int = 1,
    most: int | None = None,
    one: bool = False,
) -> list[_T]:
    """Return an iterable of objects of a class as a list; `one` allows one of them by itself."""
    allowed = f"an iterable of {place(kind).partition(' ')[2]}"
    if most is not None:
        allowed += f", {least} to {most} of them"
    elif least:
        allowed += f", at least {'one' if least == 1 else least}"
    if one and isinstance(values, kind):
        return [values]
    try:
        chosen = [*values] if isinstance(values, Iterable) and not isinstance(values, str) else None
    except TypeError:
        chosen = None
    if chosen is None:
        raise refuse(name, values, allowed)
    for value in chosen:
        if not isinstance(value, kind):
            raise refuse(name, value, allowed)
    if len(chosen) < least or (most is not None and len(chosen) > most):
        raise refuse(name, f"{len(chosen)} of them", allowed)
    return chosen


def function(name: str, value: Any, *arguments: str, allowed: str = "") -> Any:
    """Return `value`, if it can be called with so many arguments."""
    allowed = allowed or f"a function of ({', '.join(arguments)})"
    if not callable(value):
        raise refuse(name, value, allowed)
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):  # some built-in functions have none
        return value
    try:
        signature.bind(*arguments)
    except TypeError:
        raise refuse(name, value, allowed) from None
    return value


def broadcast(*named: tuple[str, NDArray[Any]]) -> list[NDArray[Any]]:
    """Broadcast named arrays against each other."""
    try:
        return list(np.broadcast_arrays(*(array for _, array in named)))
    except ValueError:
        raise ParameterError(
            f"{' and '.join(name for name, _ in named)} must have shapes that broadcast against "
            f"each other, got {' and '.join(str(array.shape) for _, array in named)}"
        ) from None


def generator(seed: int | np.random.Generator | None) -> np.random.Generator:
    """Return the source of random numbers that an argument `seed` names."""
    if isinstance(seed, np.random.Generator):
        return seed
    if seed is not None:
        seed = count("seed (an integer, a numpy Generator, or None)", seed, least=0)
    return np.random.default_rng(seed)


def counts(name: str, value: ArrayLike, *, least: int = 0) -> IntArray:
    """Return `value`, a number or an array of any shape, as integers of at least `least`."""
    allowed = f"an integer >= {least}, or an array of such integers"
    array = _array(name, value, "iu", allowed)
    for extreme in (array.min(), array.max()):
        if not least <= extreme <= np.iinfo(np.int64).max:
            raise refuse(name, int(extreme), allowed)
    return array.astype(np.int64)


def numbers(
    name: str, value: ArrayLike, allowed: str = "finite numbers", *, finite: bool = True
) -> FloatArray:
    """Return `value`, a number or an array of any shape, as floats, all of them finite."""
    array = _array(name, value, "iuf", allowed).astype(np.float64)
    wrong = ~np.isfinite(array)
    if finite and wrong.any():
        raise refuse(name, float(array[wrong].flat[0]), allowed)
    return array


def positives(name: str, value: ArrayLike) -> FloatArray:
    """Return `value`, a number or an array of any shape, as floats above 0."""
    allowed = "a finite number > 0, or an array of such numbers"
    result = numbers(name, value, allowed)
    if (result <= 0).any():
        raise refuse(name, float(result[result <= 0].flat[0]), allowed)
    return result


def sequence(name: str, value: ArrayLike, allowed: str = "finite numbers") -> FloatArray:
    """Return `value` as a one-dimensional array of at least one finite float."""
    allowed = f"a non-empty one-dimensional sequence of {allowed}"
    array = numbers(name, value, allowed)
    if array.ndim != 1:
        raise ParameterError(f"{name} must be {allowed}, got an array of shape {array.shape}")
    return array


def _array(name: str, value: ArrayLike, kinds: str, allowed: str) -> NDArray[Any]:
    """Return `value` as a non-empty array of one of the kinds of number."""
    try:
        array = np.asarray(value)
    except ValueError:  # ragged nesting
        raise refuse(name, value, allowed) from None
    if array.size == 0 or array.dtype.kind not in kinds:
        raise refuse(name, value, allowed)
    return array
