"""Errors of arguments: each names the argument, the value and what is allowed."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Iterable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

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


class Verbatim(str):
    """Words that an error shows as they are, in place of a value."""

    def __repr__(self) -> str:
        return str(self)


def refuse(name: str, value: object, allowed: str) -> ParameterError:
    """Return the error for argument `name`; the caller raises it."""
    return ParameterError(f"{name} must be {allowed}, got {shown(value)}")


def shown(value: object) -> str:
    """Return at most 60 characters that show a value."""
    try:
        text = repr(value)
    except Exception:  # the fault of the value, which we were about to name; or too many digits
        text = f"an object of class {type(value).__name__}"
    return text if len(text) <= 60 else f"{text[:57]}..."


def place(kind: type) -> str:
    """Return a class's name with the module from which readers import it, and an article."""
    homes = (
        "arbook",
        "arbook.logs",
        "arbook.agents",
        "arbook.programs",
        "arbook.landscapes",
        "arbook.noise",
        "arbook.laboratory",
    )
    home = next((m for m in homes if getattr(sys.modules.get(m), kind.__name__, None) is kind), "")
    name = kind.__name__ if kind is str else f"{home or kind.__module__}.{kind.__name__}"
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


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
    except Exception:  # whatever the methods of the value raise
        chosen = None
    if chosen is None:
        raise refuse(name, values, allowed)
    for value in chosen:
        if not isinstance(value, kind):
            raise refuse(name, value, allowed)
    if len(chosen) < least or (most is not None and len(chosen) > most):
        raise refuse(name, Verbatim(f"{len(chosen)} of them"), allowed)
    return chosen


def function(name: str, value: Any, *arguments: str, allowed: str = "") -> Any:
    """Return `value`, if it can be called with so many arguments."""
    allowed = allowed or f"a function of ({', '.join(arguments)})"
    if not callable(value):
        raise refuse(name, value, allowed)
    try:
        signature = inspect.signature(value)
    except Exception:  # some built-in functions have none, and some objects raise what they like
        return value
    try:
        signature.bind(*arguments)
    except TypeError:
        raise refuse(name, value, allowed) from None
    return value


def attribute(value: Any, name: str) -> Any:
    """Return an attribute, or nothing where there is none."""
    try:
        return getattr(value, name, None)
    except Exception:  # some objects raise what they like
        return None


def file_name(name: str, value: Any, allowed: str = "the path of a file") -> str:
    """Return the path that a value means, if a file can have it."""
    if isinstance(value, (str, os.PathLike)):
        try:
            path = os.fsdecode(value)
            if b"\0" not in os.fsencode(path):
                return path
        except Exception:  # letters that no name can have, or an object that raises what it likes
            pass
    raise refuse(name, value, allowed)


def broadcast(*named: tuple[str, NDArray[Any]]) -> list[NDArray[Any]]:
    """Broadcast named arrays against each other."""
    try:
        return list(np.broadcast_arrays(*(array for _, array in named)))
    except ValueError:
        raise ParameterError(
            f"{' and '.join(name for name, _ in named)} must have shapes that broadcast against "
            f"each other, got {' and '.join(str(array.shape) for _, array in named)}"
        ) from None


def plain_array(value: object) -> NDArray[Any] | None:
    """Return an array, or None where NumPy makes none or would drop a mask."""
    try:
        return None if is_masked(value) else np.asarray(value)
    except Exception:  # ragged nesting, or whatever the methods of the value raise
        return None


def float_array(value: object) -> FloatArray | None:
    """Return a new array of floats, or None; times are no numbers, though NumPy converts them."""
    array = plain_array(value)
    if array is None or array.dtype.kind in "cmM":
        return None
    if array.dtype == object and any(
        getattr(x, "dtype", array.dtype).kind in "mM" for x in array.flat
    ):
        return None
    try:
        return array.astype(np.float64)
    except Exception:  # a text, a number that is too large, or whatever the values' methods raise
        return None


def is_masked(value: object) -> bool:
    """Return whether a value, or one in a list, has entries that are masked."""
    ma = sys.modules.get("numpy.ma")  # nothing is masked before it is loaded
    if ma is None:
        return False
    if isinstance(value, (list, tuple)):
        return any(map(is_masked, value))
    return isinstance(value, ma.MaskedArray) and bool(ma.is_masked(value))
