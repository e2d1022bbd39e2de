"""Values as lines of JSON: all that crosses between a submission and its judge.

Only plain data crosses: numbers, texts, lists, tuples, and arrays of numbers, truth values or
texts. Reading a line runs no code of whoever wrote it, and nothing larger than `MOST_BYTES` is
read.
"""

from __future__ import annotations

import base64
import json
import math
import os
import re
import select
import time
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from numbers import Real
from typing import Any

import numpy as np

#: No line is longer; nothing that is no list is asked for more items.
MOST_BYTES = 16 * 2**20
MOST_ITEMS = 2**20

PLAIN = (type(None), bool, int, float, str)
DTYPE = re.compile(r"\|b1|[|<][iu]1|<[iu][248]|<f[248]|<U[1-9]\d{0,4}")


class NoData(Exception):
    """What came is no data, or what should go is none."""


class Lost(BaseException):
    """The other end is gone, or time is up; no ``except Exception`` of a test catches it."""


def one_line(text: str, most: int = 160) -> str:
    """Return a text as one printable line of at most so many characters."""
    text = "".join(c if c.isprintable() else " " for c in text[: most + 1])
    return text if len(text) <= most else text[: most - 3] + "..."


# ---------------------------------------------------------------- values


def encode(value: Any, special: Callable[[Any], Any] = lambda value: None) -> Any:
    """Return a value in words of JSON; `special` may have words for what is no data."""
    if type(value) in PLAIN:
        return value
    if isinstance(value, np.generic):
        return {"scalar": _describe(np.asarray(value))}
    if isinstance(value, np.ndarray) and value.dtype.kind != "O":
        return {"array": _describe(np.asarray(value))}
    if isinstance(value, tuple):
        return {"tuple": [encode(item, special) for item in value]}
    words = special(value)
    if words is not None:
        return words
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    if hasattr(value, "__array__") and not isinstance(value, np.ndarray):
        return encode(np.asarray(value), special)
    if isinstance(value, Real):
        return float(value)
    if isinstance(value, Iterable):
        return [encode(item, special) for item in islice(value, MOST_ITEMS)]
    raise NoData(f"{type(value).__name__} is no data")


def decode(words: Any, makers: Mapping[str, Callable[[Any], Any]] | None = None) -> Any:
    """Return the value that words of JSON stand for; `makers` know other kinds than data."""
    makers = makers or {}
    if type(words) in PLAIN:
        return words
    if isinstance(words, list):
        return [decode(item, makers) for item in words]
    if isinstance(words, dict) and len(words) == 1:
        [(kind, inside)] = words.items()
        if kind == "tuple" and isinstance(inside, list):
            return tuple(decode(item, makers) for item in inside)
        if kind in ("array", "scalar"):
            array = _array(inside)
            if kind == "array":
                return array
            if array.ndim == 0:
                return array[()]
        if kind in makers:
            return makers[kind](inside)
    raise NoData("an answer is no data")


def _describe(array: np.ndarray[Any, Any]) -> list[Any]:
    """Return type, shape and bytes of an array, little-endian."""
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        array = array.astype(float)
    array = array.astype(array.dtype.newbyteorder("<"))
    if not DTYPE.fullmatch(array.dtype.str):
        raise NoData(f"an array of {array.dtype} is no data")
    if array.nbytes > MOST_BYTES:
        raise NoData(f"larger than {MOST_BYTES // 2**20} MiB")
    return [array.dtype.str, list(array.shape), base64.b64encode(array.tobytes()).decode()]


def _array(words: Any) -> np.ndarray[Any, Any]:
    """Return the array of a description, if it describes one."""
    try:
        name, shape, text = words
        if not DTYPE.fullmatch(name) or not all(type(n) is int and n >= 0 for n in shape):
            raise ValueError
        data = base64.b64decode(text, validate=True)
        array = np.frombuffer(data, name) if data else np.empty(0, name)
        array = array.view("u1") != 0 if name == "|b1" else array.copy()
        return array.reshape(shape)
    except (TypeError, ValueError, OverflowError):
        raise NoData("an array is described wrongly") from None


# ---------------------------------------------------------------- lines


class Channel:
    """Sends and receives lines on two pipes, up to a deadline and while the other end lives."""

    def __init__(
        self,
        reads: int,
        writes: int,
        deadline: float = math.inf,
        alive: Callable[[], bool] = lambda: True,
    ) -> None:
        self.reads, self.writes, self.deadline, self.alive = reads, writes, deadline, alive
        self.data = bytearray()
        os.set_blocking(writes, False)

    def send(self, message: Mapping[str, Any]) -> None:
        """Send a line."""
        left = memoryview(json.dumps(message).encode() + b"\n")
        while True:
            try:
                left = left[os.write(self.writes, left) :]
            except BlockingIOError:
                pass
            except BrokenPipeError:
                raise Lost from None
            if not left:
                return
            if time.monotonic() >= self.deadline or not self.alive():
                raise Lost
            select.select([], [self.writes], [], 0.05)

    def receive(self) -> dict[str, Any]:
        """Return the next line, which is an object of JSON."""
        end, gone = self.data.find(b"\n"), False
        while end < 0:
            if time.monotonic() >= self.deadline or len(self.data) > MOST_BYTES:
                raise Lost
            if select.select([self.reads], [], [], 0 if gone else 0.05)[0]:
                piece = os.read(self.reads, 2**16)
                if not piece:
                    raise Lost
                found = piece.find(b"\n")
                end = found if found < 0 else len(self.data) + found
                self.data += piece
            elif gone:
                raise Lost
            else:  # one more look at the pipe, if nobody is there any more
                gone = not self.alive()
        line = bytes(self.data[:end])
        del self.data[: end + 1]
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            raise Lost from None
        if not isinstance(message, dict):
            raise Lost
        return message
