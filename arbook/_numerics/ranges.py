"""Ranges: what an argument may be, as data.

A range is called with an argument's name and value. It returns the value as a plain float, int or
array, or raises the error that says what is allowed. Docstrings repeat its bounds, and the tests
take from it what must be refused.
"""

from __future__ import annotations

import math
import numbers as abstract
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from arbook._numerics.validation import Verbatim, place, plain_array, refuse

T = TypeVar("T")


class _WrongError(Exception):
    """Holds what is wrong: a value, or the part of it that is."""


class Range(ABC, Generic[T]):
    """What an argument may be."""

    @property
    @abstractmethod
    def words(self) -> str:
        """What is allowed, as an error says it."""

    @property
    def bounds(self) -> str:
        """The part of the words that a docstring repeats."""
        return ""

    @abstractmethod
    def take(self, value: Any) -> T:
        """Return a value that lies in the range, or raise what is wrong with it."""

    def good(self) -> list[Any]:
        """Return values at the range's edges."""
        return []

    @abstractmethod
    def bad(self) -> list[Any]:
        """Return values that lie just outside, and values of other kinds."""

    def __call__(self, name: str, value: Any) -> T:
        """Return the value of argument `name`, if it lies in the range."""
        try:
            return self.take(value)
        except _WrongError as error:
            wrong = error.args[0]
        raise refuse(name, wrong, self.words)


@dataclass(frozen=True)
class Real(Range[float]):
    """Finite numbers from `low` to `high`; a bracket in `ends`, "(" or ")", leaves that end out.

    `note` follows the words.
    """

    low: float = -math.inf
    high: float = math.inf
    ends: str = ""
    finite: bool = True
    note: str = ""

    @property
    def bounds(self) -> str:
        left = "(" if "(" in self.ends else "["
        right = ")" if ")" in self.ends else "]"
        if math.isfinite(self.low) and math.isfinite(self.high):
            return f"in {left}{self.low:g}, {self.high:g}{right}"
        if math.isfinite(self.low):
            return f"{'>' if left == '(' else '>='} {self.low:g}"
        if math.isfinite(self.high):
            return f"{'<' if right == ')' else '<='} {self.high:g}"
        return ""

    @property
    def plural(self) -> str:
        """The words for many of them."""
        finite = "finite " if self.finite and not self.bounds.startswith("in") else ""
        return f"{finite}numbers {self.bounds}".strip()

    @property
    def words(self) -> str:
        return f"a {self.plural.replace('numbers', 'number')}{_note(self.note)}"

    def outside(self, x: Any) -> Any:
        """Return whether a number lies outside, or which numbers of an array do."""
        below = x <= self.low if "(" in self.ends else x < self.low
        return below | (x >= self.high if ")" in self.ends else x > self.high)

    def take(self, value: Any) -> float:
        try:
            result = float(_scalar(value, abstract.Real))
        except OverflowError:
            result = math.inf
        if self.outside(result) or (self.finite and not math.isfinite(result)):
            raise _WrongError(value)
        return result

    def good(self) -> list[Any]:
        return [x for x in (self.low, self.high) if math.isfinite(x) and not self.outside(x)]

    def beyond(self) -> list[Any]:
        """Return the numbers next to the range."""
        low = self.low if "(" in self.ends else math.nextafter(self.low, -math.inf)
        high = self.high if ")" in self.ends else math.nextafter(self.high, math.inf)
        return [x for x in (low, high) if math.isfinite(x)]

    def bad(self) -> list[Any]:
        infinite = [math.nan, math.inf, -math.inf, 10**400] if self.finite else []
        return ["1", None, True, 1j, [1.0], {}, np.timedelta64(1), *infinite, *self.beyond()]


@dataclass(frozen=True)
class Integer(Range[int]):
    """Integers from `low` to `high`; `note` follows the words."""

    low: int = 0
    high: int | None = None
    note: str = ""

    @property
    def bounds(self) -> str:
        return f">= {self.low}" if self.high is None else f"in {self.low} ... {self.high}"

    @property
    def plural(self) -> str:
        """The words for many of them."""
        return f"integers {self.bounds}"

    @property
    def words(self) -> str:
        return f"an integer {self.bounds}{_note(self.note)}"

    def outside(self, x: Any) -> Any:
        """Return whether an integer lies outside, or which integers of an array do."""
        return (x < self.low) | (x > (math.inf if self.high is None else self.high))

    def take(self, value: Any) -> int:
        result = int(_scalar(value, abstract.Integral))
        if self.outside(result):
            raise _WrongError(value)
        return result

    def good(self) -> list[Any]:
        return [self.low] + ([] if self.high is None else [self.high])

    def beyond(self) -> list[Any]:
        """Return the integers next to the range."""
        return [self.low - 1] + ([] if self.high is None else [self.high + 1])

    def bad(self) -> list[Any]:
        others = [1.0, 2.5, math.nan, math.inf, "3", None, True, [3], 1j, np.timedelta64(3)]
        return [*others, *self.beyond()]


@dataclass(frozen=True)
class Array(Range[NDArray[Any]]):
    """Arrays that are not empty, of numbers that lie in a range.

    `ndim` is the number of dimensions, `least` and `most` bound the entries along the last one,
    `increasing` asks for entries of which each is larger than the one before, and `text` takes the
    place of the words.
    """

    of: Real | Integer
    ndim: int | None = None
    least: int | None = None
    most: int | None = None
    increasing: bool = False
    text: str = ""

    @property
    def bounds(self) -> str:
        return self.of.bounds

    @property
    def words(self) -> str:
        if self.text:
            return self.text
        if self.ndim is None:
            such = "integers" if isinstance(self.of, Integer) else "numbers"
            return f"{self.of.words}, or an array of such {such}"
        many = f"{'increasing ' if self.increasing else ''}{self.of.plural}"
        if self.most is not None:
            return f"a sequence of {self.least or 1} to {self.most} {many}"
        if self.least is not None:
            return f"at least {'two' if self.least == 2 else self.least} {many}"
        return f"a non-empty one-dimensional sequence of {many}"

    def take(self, value: Any) -> NDArray[Any]:
        whole = isinstance(self.of, Integer)
        array = plain_array(value)
        if array is None or array.size == 0 or array.dtype.kind not in ("iu" if whole else "iuf"):
            raise _WrongError(value)
        if not whole:  # bounds may be too large for short floats, and long ones for a double
            with np.errstate(over="ignore"):
                array = array.astype(np.float64)
        wrong = self.of.outside(array)
        if isinstance(self.of, Integer):
            wrong |= array > np.iinfo(np.int64).max
        elif self.of.finite:
            wrong |= ~np.isfinite(array)
        if wrong.any():
            raise _WrongError(array[wrong].flat[0].item())
        if self.ndim is not None and array.ndim != self.ndim:
            raise _WrongError(Verbatim(f"an array of shape {array.shape}") if array.ndim else value)
        if self.least is not None or self.most is not None:
            size = array.shape[-1] if array.ndim else 0
            if size < (self.least or 1) or (self.most is not None and size > self.most):
                raise _WrongError(value)
        if self.increasing and (array[1:] <= array[:-1]).any():
            raise _WrongError(value)
        return array.astype(np.int64 if whole else np.float64)

    def good(self) -> list[Any]:
        return [] if self.increasing else [[x] * (self.least or 1) for x in self.of.good()]

    def bad(self) -> list[Any]:
        start = 3 if isinstance(self.of, Integer) else 0.75
        masked = np.ma.array([start, start], mask=[False, True])
        result: list[Any] = ["1", None, True, 1j, [], [[]], ["a"], [True], object()]
        result += [[[start], [start, start]], masked, [masked]]
        result += [np.array([1, 2], "m8[s]"), np.array([1, 2], "M8[s]")]
        result += [[start, x] for x in self.of.beyond()]
        if isinstance(self.of, Integer):
            result += [1.0, [1.5], 2**70, [2**63]]
        elif self.of.finite:
            result += [[start, math.nan], [math.inf]]
        if self.ndim == 1:
            result += [start, [[start, start]]]
        if self.least is not None:
            result += [[start] * (self.least - 1)]
        if self.most is not None:
            result += [[start] * (self.most + 1)]
        if self.increasing:
            result += [[start, start], [start, start / 2]]
        return result


@dataclass(frozen=True)
class OrNone(Range[T | None]):
    """What another range holds, or None."""

    of: Range[T]

    @property
    def bounds(self) -> str:
        return self.of.bounds

    @property
    def words(self) -> str:
        return f"{self.of.words}, or None"

    def take(self, value: Any) -> T | None:
        return None if value is None else self.of.take(value)

    def good(self) -> list[Any]:
        return [None, *self.of.good()]

    def bad(self) -> list[Any]:
        return [value for value in self.of.bad() if value is not None]


class Options(Range[Any]):
    """One of some words, of which None may be one."""

    def __init__(self, *options: str | None) -> None:
        self.options = options

    @property
    def words(self) -> str:
        if len(self.options) > 3:
            return f"one of {', '.join(map(str, self.options))}"
        *first, last = map(repr, self.options)
        return f"{', '.join(first)} or {last}"

    def take(self, value: Any) -> Any:
        if not isinstance(value, str | None) or value not in self.options:
            raise _WrongError(value)
        return value

    def good(self) -> list[Any]:
        return [*self.options]

    def bad(self) -> list[Any]:
        others = [None, 3, math.nan, "", "no option", [], [self.options[0]], np.array(["a", "b"])]
        return others[None in self.options :]


@dataclass(frozen=True)
class Instance(Range[T]):
    """Objects of a class."""

    kind: type[T]

    @property
    def words(self) -> str:
        return place(self.kind)

    def take(self, value: Any) -> T:
        if not isinstance(value, self.kind):
            raise _WrongError(value)
        return value

    def bad(self) -> list[Any]:
        others: list[Any] = [None, 3, "x", [], self.kind]
        return [x for x in others if not isinstance(x, self.kind)]


class _Flag(Range[bool]):
    """True or False."""

    @property
    def words(self) -> str:
        return "True or False"

    def take(self, value: Any) -> bool:
        if not isinstance(value, (bool, np.bool_)):
            raise _WrongError(value)
        return bool(value)

    def good(self) -> list[Any]:
        return [True, False, np.True_]

    def bad(self) -> list[Any]:
        return [1, 0, "x", None, math.nan, []]


def instance(name: str, value: Any, kind: type[T]) -> T:
    """Return `value`, if it is of a class."""
    return Instance(kind)(name, value)


def _note(note: str) -> str:
    return f" ({note})" if note else ""


def _scalar(value: Any, kind: type) -> Any:
    """Return a number of a kind, also out of an array without dimensions."""
    one = value[()] if isinstance(value, np.ndarray) and value.ndim == 0 else value
    # durations count as integers in NumPy, and True as one in Python
    if isinstance(one, (bool, np.bool_, np.timedelta64)) or not isinstance(one, kind):
        raise _WrongError(value)
    return one


number = Real()
positive = Real(0, ends="(")
not_negative = Real(0)
unit_interval = Real(0, 1)
open_unit_interval = Real(0, 1, ends="()")
natural = Integer(0)
count = Integer(1)
flag = _Flag()

numbers = Array(number)
positives = Array(positive)
not_negatives = Array(not_negative)
naturals = Array(natural)
counts = Array(count)
sequence = Array(number, ndim=1)
