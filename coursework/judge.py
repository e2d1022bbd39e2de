"""Judge one submission: the process that `coursework.grade` starts for each, and ends.

It runs the tests, and none of the submission's code. What a test calls by a student's name runs in
another process (`coursework.runner`), which gets arguments and returns plain data
(`coursework.wire`): whatever a submission does to its own Python, it compares nothing and counts
nothing here. A function among the arguments stays here, and is called from there.
"""

from __future__ import annotations

import builtins
import ctypes
import dataclasses
import json
import os
import resource
import signal
import subprocess
import symtable
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import arbook
from coursework import wire
from coursework.runner import REASONS

#: What a test may use beside what it makes and what the student has made.
GIVEN = {"np": np, "Parameters": arbook.Parameters}

#: Bytes of memory for this process: answers are bounded, what a test makes of them is not.
MEMORY = 4 * 2**30


class Failed(Exception):
    """A submission's function, or a look at a name of it, ended with an error."""


class Stopped(BaseException):
    """So did one that took too long; no ``except Exception`` of a test catches it."""


class Submission:
    """The names of a submission: its values, and stand-ins for its functions."""

    def __init__(self, channel: wire.Channel) -> None:
        self.channel, self.until = channel, 0.0

    def report(self) -> tuple[str, str, list[str]]:
        """Return what is told of the cells: kind, note, and what was refused."""
        self.channel.send({})
        told = self.channel.receive()
        kind, note, refused = (told.get(name) for name in ("kind", "note", "refused"))
        return (
            kind_of(kind),
            wire.one_line(note) if isinstance(note, str) else "",
            sorted(what for what in REASONS if isinstance(refused, list) and what in refused),
        )

    def get(self, name: str) -> Any:
        """Return a value, or a function that calls the submission's own."""
        answer = self.ask({"name": name}, [])
        if answer == {"function": True}:
            return lambda *given, **options: self.call(name, given, options)
        return wire.decode(answer.get("value"))

    def call(self, name: str, given: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Call a function of the submission."""
        functions: list[Callable[..., Any]] = []

        def special(value: Any) -> Any:
            if isinstance(value, arbook.Parameters):
                return {"parameters": dataclasses.asdict(value)}
            if isinstance(value, np.random.Generator):
                return {"generator": value.bit_generator.state}
            if isinstance(value, range):
                return {"range": [value.start, value.stop, value.step]}
            if callable(value):
                functions.append(value)
                return {"function": len(functions) - 1}
            return None

        question = {
            "name": name,
            "arguments": [wire.encode(one, special) for one in given],
            "options": {key: wire.encode(one, special) for key, one in options.items()},
        }
        return wire.decode(self.ask(question, functions).get("value"))

    def ask(self, question: dict[str, Any], functions: list[Callable[..., Any]]) -> dict[str, Any]:
        """Ask, let the submission call functions that came with the question, return its answer."""
        seconds = self.until - time.monotonic()
        if seconds <= 0:
            raise Stopped
        self.channel.send(question | {"seconds": seconds})
        answer = self.channel.receive()
        while "callback" in answer:
            self.channel.send(self.called_back(answer, functions))
            answer = self.channel.receive()
        if "error" in answer:
            kind = kind_of(answer.get("kind"))
            if kind == "timed out":
                raise Stopped
            raise MemoryError if kind else Failed
        return answer

    def called_back(
        self, answer: dict[str, Any], functions: list[Callable[..., Any]]
    ) -> dict[str, Any]:
        """Call a function for the submission; an error in it is the submission's to see."""
        try:
            number, given = answer["callback"], wire.decode(answer["arguments"])
            function = functions[number] if number in range(len(functions)) else None
            if function is None or not isinstance(given, list):
                raise wire.NoData("no such function was passed")
            return {"value": wire.encode(function(*given))}
        except Exception as error:
            return {"error": type(error).__name__, "text": wire.one_line(str(error))}


def kind_of(said: Any) -> str:
    """Return the kind of trouble that a submission says it had, if there is such a kind."""
    return said if said in ("timed out", "out of memory") else ""


# ---------------------------------------------------------------- tests


def asked_names(test: str) -> set[str]:
    """Return the names that a test uses and neither makes itself nor is given."""
    tables = [symtable.symtable(test, "<test>", "exec")]
    made = {
        symbol.get_name()
        for symbol in tables[0].get_symbols()
        if symbol.is_assigned() or symbol.is_imported()
    }
    used = set()
    for table in tables:
        tables += table.get_children()
        symbols = table.get_symbols()
        used |= {s.get_name() for s in symbols if s.is_referenced() and s.is_global()}
    return used - made - set(vars(builtins)) - set(GIVEN)


def passes(test: str, submission: Submission, seconds: float) -> tuple[bool, str]:
    """Run a test: whether it passed, and the kind of trouble if there was any."""
    names, trouble = ran(test, submission, seconds)
    return names is not None, trouble


def ran(code: str, submission: Submission, seconds: float) -> tuple[dict[str, Any] | None, str]:
    """Run code of ours: the names that it made, or none, and the kind of trouble it had."""
    submission.until = time.monotonic() + seconds
    names = dict(GIVEN)
    try:
        names |= {name: submission.get(name) for name in asked_names(code)}
        exec(compile(code, "<test>", "exec"), names)
    except Stopped:
        return None, "timed out"
    except MemoryError:
        return None, "out of memory"
    except Exception:
        return None, ""
    return names, ""


def scores(code: str, submission: Submission, seconds: float) -> list[float] | None:
    """Return what code that scores a submission leaves in `gains`, or nothing."""
    names, _ = ran(code, submission, seconds)
    return None if names is None else [float(gain) for gain in names["gains"]]


# ---------------------------------------------------------------- one submission


def judge(job: dict[str, Any]) -> dict[str, Any]:
    """Run a submission and its tests: status, note, and which tests passed."""
    process = subprocess.Popen(
        job["command"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=job["folder"],
        env=job["environment"],
        start_new_session=True,
        bufsize=0,
    )
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))  # for this process, not for that one
    assert process.stdin is not None
    assert process.stdout is not None
    deadline = time.monotonic() + job["total"]
    channel = wire.Channel(
        process.stdout.fileno(), process.stdin.fileno(), deadline, lambda: process.poll() is None
    )
    submission = Submission(channel)
    try:
        channel.send(job["runner"])
        submission.report()  # comes when every cell has run
        results = [passes(test, submission, job["seconds"]) for test in job["tests"]]
        gains = scores(job["score"], submission, job["seconds"]) if job["score"] else None
        kind, note, refused = submission.report()
    except wire.Lost:
        return lost(process, late=time.monotonic() >= deadline, total=job["total"])
    for _, trouble in results:
        if trouble:
            kind = kind or trouble
            note = note or f"a test: {'took too long' if trouble == 'timed out' else trouble}"
    notes = [note, *(f"tried to {what}" for what in refused)]
    return {
        "status": kind or "ok",
        "note": "; ".join(note for note in notes if note),
        "passed": [passed for passed, _ in results],
        "gains": gains,
    }


def lost(process: subprocess.Popen[bytes], *, late: bool, total: float) -> dict[str, Any]:
    """Say how a submission's process ended, which was before its tests had ended."""
    try:
        code = process.wait(0.5)
    except subprocess.TimeoutExpired:
        code = 0
        note = "gave an answer that cannot be read"
    else:
        code = 128 - code if code > 128 else code  # Bubblewrap's way to tell a signal
        note = ended(code)
    if late or code == -signal.SIGXCPU:
        status, note = "timed out", f"stopped after {total} seconds"
    elif code == -signal.SIGKILL:  # not by us: the system was short of memory
        status, note = "out of memory", "killed by the system"
    else:
        status = "crashed"
    return {"status": status, "note": note, "passed": None}


def ended(code: int) -> str:
    """Say how a process ended."""
    if code >= 0:
        return f"ended its process with exit code {code}"
    try:
        return f"ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"ended by signal {-code}"


def shut() -> None:
    """Let no process of the same user look into this one (Linux only)."""
    set_dumpable = 4
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(set_dumpable, 0, 0, 0, 0)


def main() -> None:
    """Read a job from standard input, judge, and answer."""
    shut()
    job = json.loads(sys.stdin.readline())
    if not job["boxed"]:
        job["runner"]["graders"] = [os.getpid(), os.getppid()]
    print(json.dumps(judge(job)), flush=True)


if __name__ == "__main__":
    main()
