"""`make fuzz`: calls of every public function with junk in one to three of its arguments.

    PYTHONPATH=tests python -m fuzz.calls 30000

What a call may do is to answer, or to say clearly what is wrong. Faults: any other error or a
warning, an error that names none of the arguments that were junk, and a call that is refused though
nothing was wrong with it. A junk value that happens to be allowed may be much work: such a call is
stopped after a few seconds, and is no fault.
"""

from __future__ import annotations

import datetime
import operator
import os
import random
import re
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib import pyplot
from unruly import Unruly

import arbook
from arbook import ParameterError, RunLog, exercises, logs, widgets
from arbook._numerics import memory
from arbook._numerics.validation import shown
from fuzz import Found, HangError, run, within

sys.path.append(str(Path(__file__).parents[1] / "_numerics"))
import test_validation as table

KINDS = ("errors that are not clear", "errors that name another argument")

#: Of the processor's time, for one call.
SECONDS = 5.0

#: Of memory that the package may believe it has.
BYTES = 2**28

#: What a function may say besides that an argument is outside its range.
CLEAR = {
    "logs.read_log": (logs.LogError, OSError),
    "laboratory.load_task": (OSError,),
    "sweep": (OSError,),
}


def numbers() -> list[Any]:
    """Return numbers of all kinds; those of middling size would be honest work."""
    near = [0, 1, -1, 2, 3, 7, 0.5, 1.5, -0.0, 1e-300, -1e-300, 5e-324, 1e9, -1e9, 1e300, -1e300]
    other = [float("nan"), float("inf"), -float("inf"), 1j, True, False, Fraction(1, 3), 10**400]
    sizes = [2**31, 2**63 - 1, 2**63, 10**30, -(2**63)]
    typed = [np.float16(2), np.int8(-1), np.uint64(2**64 - 1), np.bool_(True), np.complex64(1)]
    times = [np.timedelta64(3, "s"), np.datetime64("2026-01-01"), datetime.timedelta(1)]
    return [*near, *other, *sizes, *typed, *times]


def things() -> list[Any]:
    """Return what is no number: texts, containers, functions, objects that do not behave."""
    texts = ["", "x", "normal", "min", "1", "\ud800", "\0", "é" * 300, b"x", bytearray(b"1")]
    empty = [None, [], (), {}, set(), [[]], [None], np.array([]), np.empty((2, 0)), np.array(None)]
    arrays = [
        np.arange(3), np.arange(4.0).reshape(2, 2), np.array(["a"]), np.array([1, "a"], object),
        np.ma.array([1.0, 2.0], mask=[0, 1]), np.ma.masked, np.array([1, 2], "m8[s]"),
        np.array([np.timedelta64(1, "s")], object), np.zeros(2, "i4,f8"), np.array([1 + 1j]),
        np.array([np.nan, 1]), np.array([np.inf]), np.float64([1e308, 1e308]), np.zeros((1,) * 30),
    ]  # fmt: skip
    frames = [pd.Series([1.0, 2.0]), pd.DataFrame({"a": [1, 2]}), pd.NA, pd.NaT]
    nests = [
        [1, [2]],
        [[1, 2], [3]],
        [[[1.0]]],
        {"a": 1},
        {1: 2},
        {"sigma0": (1, 2)},
        [{}],
        "ab" * 9,
    ]
    calls = [
        lambda: 1,
        lambda x: x,
        lambda x, y: y,
        lambda *x: None,
        lambda *x: [1.0],
    ]  # what raises an error says its own
    objects = [object(), Unruly(), [Unruly()], arbook, ..., NotImplemented, range(3)]
    objects += [iter([1, 2]), (x for x in "ab"), slice(3), memoryview(b"ab"), Exception("x")]
    return [*texts, *empty, *arrays, *frames, *nests, *calls, *objects]


@cache
def pool() -> tuple[list[Any], ...]:
    """Return junk by kind: numbers, things, what the table refuses, and what it takes elsewhere."""
    refused = [
        x for _, bad in table.TABLE.values() for e in bad.values() for x, _ in table.values(e)
    ]
    taken = [x for good, _ in table.TABLE.values() for x in good.values() if not callable(x)]
    # ten million of something is work, and no junk; a class that is called has errors of its own
    refused = [x for x in refused if not (isinstance(x, int) and 10**4 < x < 10**12)]
    refused = [x for x in refused if not isinstance(x, type)]
    return numbers(), things(), refused, taken


def functions() -> dict[str, tuple[Callable[..., Any], dict[str, Any], list[str]]]:
    """Return every public function: what to call, good arguments, and all that it takes."""
    found = {}
    for name, (good, bad) in table.TABLE.items():
        sample = {"sample": lambda program, run: 1.0 + run % 2} if "sample" in good else {}
        found[name] = operator.attrgetter(name)(arbook), good | sample, list(bad)
    log = {"value": [1.0, 0.9], "status": ["keep", "keep"]}
    rows = ["description", "direction", "memory", "commit", "line", "restarts", "metric", "source"]
    more: list[tuple[str, Callable[..., Any], dict[str, Any], list[str]]] = [
        ("RunLog", RunLog, log, [*log, *rows]),
        ("RunLog.first", table.LOG.first, {"n": 3}, ["n"]),
        ("Fit.interval", table.FIT.interval, {"name": "mu"}, ["name", "level"]),
        ("Fit.keep_probability", table.FIT.keep_probability, {"t": 1}, ["t"]),
        ("Forecast.quantiles", table.FORECAST.quantiles, {"what": "keeps"}, ["what", "q"]),
        (
            "exercises.check",
            exercises.check,
            {"name": "half-life", "function": abs},
            ["name", "function"],
        ),
        ("exercises.show", exercises.show, {"name": "half-life"}, ["name"]),
    ]
    for name in widgets.__all__:
        kind = getattr(widgets, name)
        if name.endswith("Explorer") and kind is not widgets.Explorer:
            seed = ["seed"] * (kind.first_seed is not None)
            more.append((f"widgets.{name}", kind, {}, [*kind.class_own_traits(), *seed]))
    return found | {name: (call, good, takes) for name, call, good, takes in more}


def attempt(name: str, junk: dict[str, Any]) -> tuple[str, str]:
    """Call a function with junk; return the kind of the fault and what shows it, or nothing."""
    call, good, _ = prepared()[name]
    try:
        with within(SECONDS), warnings.catch_warnings():
            warnings.simplefilter("error")
            call(**{**good, **junk})
    except HangError:
        return "", ""
    except ParameterError as error:
        message = str(error)
        if any(re.search(rf"\b{argument}\b", message) for argument in junk):
            return "", ""
        kind = KINDS[1]
    except CLEAR.get(name, ()):
        return "", ""
    except Exception as error:
        kind, message = KINDS[0], f"{type(error).__name__}: {error}"
    else:
        return "", ""
    finally:
        pyplot.close("all")
    given = ", ".join(f"{argument}={shown(value)}" for argument, value in junk.items())
    return kind, f"{name}({given}): {message[:300]}"


@cache
def prepared() -> dict[str, tuple[Callable[..., Any], dict[str, Any], list[str]]]:
    """Return the functions, in a process that may try them: no memory, no files, no windows."""
    memory.free_memory = lambda: BYTES
    mpl.use("agg")
    return functions()


def junk_calls(seed: int, number: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield names of functions, each as often as any other, and junk for some arguments."""
    chance = random.Random(seed)
    names = sorted(prepared())
    for _ in range(number):
        name = chance.choice(names)
        takes = prepared()[name][2]
        chosen = chance.sample(takes, min(len(takes), chance.choice([1, 1, 2, 3])))
        yield name, {argument: chance.choice(chance.choice(pool())) for argument in chosen}


def piece(seed: int, number: int) -> Found:
    """Make a number of calls, in a folder that goes."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            tried = [attempt(name, junk) for name, junk in junk_calls(seed, number)]
        finally:
            os.chdir(before)
    return number, [fault for fault in tried if fault[0]]


if __name__ == "__main__":
    sys.exit(run(piece, 100, KINDS, 30_000))
