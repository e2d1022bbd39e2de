"""Grade a folder of submissions into one CSV: ``make grade ASSIGNMENT=hw1 SUBMISSIONS=folder``.

Every notebook, and every folder with one notebook in it, is a submission. Each runs in a process
of its own (`coursework.runner`), in an empty folder, with limits on time, memory, processes and
the size of files. A row is appended as soon as it is known, so a run that was interrupted goes on
where it stopped; a submission that has changed since, or whose tests have, is graded again.

It is no sandbox: a submission has the rights of whoever grades it, and one that is bent on it can
find the tests or forge its marks. For submissions that nobody can answer for, take the same zip
to Gradescope or to ``otter grade``, where each runs in a Docker container with its own files.
"""

from __future__ import annotations

import argparse
import ast
import csv
import ctypes
import fcntl
import hashlib
import io
import json
import os
import secrets
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from doctest import DocTestParser
from pathlib import Path
from typing import Any

import matplotlib.font_manager  # makes its list of fonts, if there is none
import psutil
from tqdm import tqdm

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / "_build" / "coursework"
RUNNER = Path(__file__).with_name("runner.py")

STATUSES = ("ok", "timed out", "out of memory", "crashed", "unreadable")

#: Larger notebooks are not read, longer answers neither.
MOST_BYTES = 64 * 2**20
MOST_ANSWER = 2**20

#: How a process says that it is gone already, or goes while psutil opens it (file not found).
GONE = (ProcessLookupError, FileNotFoundError, PermissionError, psutil.NoSuchProcess)

#: Of the environment, what a submission gets to see.
SHOWN = ("PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE")


class GradingError(Exception):
    """Grading cannot begin; the message says what to do."""


class Unreadable(Exception):
    """A submission is no notebook that can be run; the message says why."""


# ---------------------------------------------------------------- the assignment and its tests


@dataclass(frozen=True)
class Test:
    """One test: its question, what it is worth, and the code that must run without an error."""

    question: str
    points: float
    code: str


@dataclass(frozen=True)
class Assignment:
    """The tests of an assignment, as otter wrote them into the autograder."""

    name: str
    tests: tuple[Test, ...]

    @property
    def questions(self) -> list[str]:
        """Names of the questions, in their order."""
        return list(dict.fromkeys(test.question for test in self.tests))

    @property
    def points(self) -> float:
        """What all tests are worth."""
        return sum(test.points for test in self.tests)

    def marks(self, passed: list[bool]) -> dict[str, float]:
        """Return the points of each question."""
        marks = dict.fromkeys(self.questions, 0.0)
        for test, one in zip(self.tests, passed, strict=True):
            marks[test.question] += test.points if one else 0.0
        return marks


def read_assignment(name: str, folder: Path = BUILT) -> Assignment:
    """Read the tests of an assignment from the zip that Gradescope would get."""
    found = sorted((folder / name / "autograder").glob("*.zip"))
    if not found:
        raise GradingError(f"there is no assignment {name!r}: run `make coursework` first")
    tests: list[Test] = []
    with zipfile.ZipFile(found[0]) as archive:
        files = [file for file in archive.namelist() if file.startswith("tests/")]
        for file in sorted(files, key=_natural):
            if file.endswith(".py"):
                tests += _tests_of(archive.read(file).decode(), file)
    return Assignment(name, tuple(tests))


def _natural(name: str) -> tuple[int, str]:
    """Sort q2 before q10."""
    return len(name), name


def _tests_of(source: str, file: str) -> Iterator[Test]:
    names: dict[str, Any] = {}
    exec(compile(source, file, "exec"), names)  # our own file, made by `make coursework`
    for case in names["test"]["suites"][0]["cases"]:
        examples = DocTestParser().get_examples(case["code"])
        code = "".join(example.source for example in examples)
        # otter runs tests as doctests, which fail when a statement has a value to print
        silent = not any(isinstance(node, ast.Expr) for node in ast.parse(code).body)
        if any(example.want for example in examples) or not silent or "points" not in case:
            raise GradingError(f"{file}: a test prints nothing and says its points; not so\n{code}")
        yield Test(names["test"]["name"], float(case["points"]), code)


# ---------------------------------------------------------------- submissions


def find_submissions(folder: Path) -> list[Path]:
    """Return what lies in a folder: one submission an entry."""
    if not folder.is_dir():
        raise GradingError(f"{folder} is no folder")
    found = sorted(path for path in folder.iterdir() if not path.name.startswith((".", "__")))
    if not found:
        raise GradingError(f"{folder} is empty")
    return found


def label(path: Path) -> str:
    """Return the name of a submission as text that no spreadsheet takes for a formula."""
    text = os.fsencode(path.name).decode("utf-8", "backslashreplace")
    text = "".join(c if c.isprintable() else "?" for c in text)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def read_notebook(path: Path) -> bytes:
    """Return the bytes of a submission's notebook."""
    if path.is_dir():
        inside = [p for p in sorted(path.rglob("*.ipynb")) if ".ipynb_checkpoints" not in p.parts]
        if len(inside) != 1:
            raise Unreadable(f"{len(inside)} notebooks in the folder, where one is expected")
        path = inside[0]
    if path.suffix != ".ipynb" or not path.is_file():
        raise Unreadable("not a notebook (.ipynb)")
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(f"larger than {MOST_BYTES // 2**20} MiB: clear its outputs")
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from None


def code_cells(data: bytes) -> list[str]:
    """Return the code cells of a notebook for Python, whatever its kernel is called."""
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {str(error)[:80]}") from None
    try:
        metadata = notebook.get("metadata", {})
        spec, info = metadata.get("kernelspec", {}), metadata.get("language_info", {})
        language = str(info.get("name") or spec.get("language") or "python").lower()
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        sources = ["".join(cell["source"]) for cell in cells]
    except (AttributeError, KeyError, TypeError):
        raise Unreadable("JSON, but no notebook of format 4") from None
    if language not in ("python", "ipython"):
        raise Unreadable(f"written for {language[:20]!r}, not for Python")
    return sources


# ---------------------------------------------------------------- one submission


@dataclass(frozen=True)
class Limits:
    """What a submission may use."""

    seconds: int = 60  # of a cell or a test
    total: int = 300  # of a submission
    memory: int = 2 * 2**30  # bytes of address space (not enforced by macOS)
    processes: int = 64  # beside those that the user has already (not enforced for root)
    file_size: int = 64 * 2**20  # bytes of one file


@dataclass(frozen=True)
class Grade:
    """A row of the table."""

    submission: str
    marks: dict[str, float]
    status: str
    note: str
    fingerprint: str


class Grader:
    """Grades submissions of one assignment, one after the other."""

    def __init__(self, assignment: Assignment, limits: Limits, hidden: list[Path]) -> None:
        self.assignment, self.limits = assignment, limits
        self.hidden = [str(path) for path in hidden]
        self.before = set(psutil.Process().children(recursive=True))
        self.fonts = sorted(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))
        adopt_orphans()

    def fingerprint(self, data: bytes) -> str:
        """Return what tells these bytes, graded by these tests, from all others."""
        digest = hashlib.sha256(repr(self.assignment).encode())
        digest.update(data)
        return digest.hexdigest()[:16]

    def grade(self, path: Path, known: str = "") -> Grade | None:
        """Grade a submission, unless its fingerprint is the one that is known."""
        name, none = label(path), self.assignment.marks([False] * len(self.assignment.tests))
        data = b""
        try:
            data = read_notebook(path)
            if self.fingerprint(data) == known:
                return None
            cells = code_cells(data)
        except Unreadable as problem:
            mark = self.fingerprint(data + str(problem).encode())
            return None if mark == known else Grade(name, none, "unreadable", str(problem), mark)
        status, note, passed = self.run(cells)
        marks = none if passed is None else self.assignment.marks(passed)
        return Grade(name, marks, status, note, self.fingerprint(data))

    def run(self, cells: list[str]) -> tuple[str, str, list[bool] | None]:
        """Run cells and tests in a process of their own: status, note, and which tests passed."""
        folder = Path(tempfile.mkdtemp(prefix="submission-"))
        for part in ("home", "work"):
            (folder / part).mkdir()
        for path in self.fonts:  # matplotlib would look for fonts by starting a program
            shutil.copy(path, folder / "home")
        process = subprocess.Popen(
            [sys.executable, "-I", "-B", str(RUNNER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder / "work",
            env=environment(folder / "home"),
            start_new_session=True,
            bufsize=0,
        )
        deadline = time.monotonic() + self.limits.total
        try:
            answer = self.converse(process, cells, deadline)
            late = answer is None and time.monotonic() >= deadline
        finally:
            self.sweep(process)
            shutil.rmtree(folder, ignore_errors=True)
        if answer is not None:
            notes = [answer["note"], *(f"tried to {what}" for what in answer["refused"])]
            note = "; ".join(note for note in notes if note)
            return answer["kind"] or "ok", note, answer["passed"]
        if late or process.returncode == -signal.SIGXCPU:
            return "timed out", f"stopped after {self.limits.total} seconds", None
        if process.returncode == -signal.SIGKILL:  # not by us: the system was short of memory
            return "out of memory", "killed by the system", None
        return "crashed", ended(process.returncode), None

    def converse(
        self, process: subprocess.Popen[bytes], cells: list[str], deadline: float
    ) -> dict[str, Any] | None:
        """Give the runner cells, then tests; return its answer, or None if there is none."""
        limits, token = self.limits, secrets.token_hex(16)
        job = {
            "cells": cells,
            "seconds": limits.seconds,
            "hidden": self.hidden,
            "limits": {
                "seconds": limits.total,
                "memory": limits.memory,
                "processes": processes_of_user() + limits.processes,
                "file_size": limits.file_size,
            },
        }
        work = {"token": token, "tests": [test.code for test in self.assignment.tests]}
        if not send(process, job, deadline) or receive(process, deadline) != b"ready":
            return None
        if not send(process, work, deadline):
            return None
        try:
            answer = json.loads(receive(process, deadline))
            sound = (
                secrets.compare_digest(answer["token"], token)
                and answer["kind"] in ("", *STATUSES)
                and len(answer["passed"]) == len(self.assignment.tests)
            )
        except (ValueError, KeyError, TypeError):
            return None
        return answer if sound else None

    def sweep(self, process: subprocess.Popen[bytes]) -> None:
        """End the process, its group, and whatever it has left behind elsewhere."""
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.2)  # it has answered and ends by itself, or its exit code is its own
        with suppress(*GONE):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
        for _ in range(100):
            with suppress(*GONE):  # then the next round looks again
                left = set(psutil.Process().children(recursive=True)) - self.before
                if not left:
                    return
                for child in left:
                    with suppress(*GONE):
                        child.kill()
                psutil.wait_procs(left, timeout=1)


def adopt_orphans() -> None:
    """Make this process the parent of whatever its children leave behind (Linux only)."""
    set_child_subreaper = 36
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)


def processes_of_user() -> int:
    """Return how many threads this user's processes have: what the limit of processes counts."""
    total, user = 0, os.getuid()
    for process in psutil.process_iter(["uids", "num_threads"]):
        uids = process.info["uids"]
        if uids is not None and uids.real == user:
            total += process.info["num_threads"] or 1
    return total


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a submission: a home of its own, one thread, no display."""
    env = {name: os.environ[name] for name in SHOWN if name in os.environ}
    env |= {name: str(home) for name in ("HOME", "TMPDIR", "IPYTHONDIR", "MPLCONFIGDIR")}
    env |= {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
    return env | {"MPLBACKEND": "agg", "PYTHONHASHSEED": "0"}


def send(process: subprocess.Popen[bytes], message: dict[str, Any], deadline: float) -> bool:
    """Send a line of JSON; False if nobody takes it."""
    assert process.stdin is not None
    pipe = process.stdin.fileno()
    os.set_blocking(pipe, False)
    data = memoryview(json.dumps(message).encode() + b"\n")
    while data:
        if time.monotonic() >= deadline or process.poll() is not None:
            return False
        if select.select([], [pipe], [], 0.05)[1]:
            try:
                data = data[os.write(pipe, data) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                return False
    return True


def receive(process: subprocess.Popen[bytes], deadline: float) -> bytes:
    """Receive a line; b"" if none comes."""
    assert process.stdout is not None
    pipe, data = process.stdout.fileno(), bytearray()
    while time.monotonic() < deadline and len(data) < MOST_ANSWER:
        over = process.poll() is not None  # before the last look at the pipe
        if select.select([pipe], [], [], 0 if over else 0.05)[0]:
            # a byte at a time would be slow, and nothing follows the line that is waited for
            piece = os.read(pipe, 65536)
            data += piece
            if data.endswith(b"\n"):
                return bytes(data[:-1])
            if not piece:
                return b""
        elif over:
            return b""
    return b""


def ended(code: int) -> str:
    """Say how a process ended."""
    if code >= 0:
        return f"ended its process with exit code {code}"
    try:
        return f"ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"ended by signal {-code}"


# ---------------------------------------------------------------- the table


class Table:
    """The CSV: whole rows are appended, one a submission, and stay."""

    def __init__(self, path: Path, assignment: Assignment) -> None:
        self.path = path
        self.questions = assignment.questions
        self.header = ["submission", *self.questions, "total", "status", "note", "fingerprint"]
        self.known: dict[str, str] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        self.lock = open(path.with_name(f".{path.name}.lock"), "w")  # noqa: SIM115
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.lock.close()
            raise GradingError(f"another run is writing {path}") from None
        try:
            rows = self._read()
        except GradingError:
            self.lock.close()
            raise
        self.known = {row[0]: row[-1] for row in rows}
        self._rewrite({row[0]: row for row in rows}.values())
        self.file = os.open(path, os.O_WRONLY | os.O_APPEND)

    def _read(self) -> list[list[str]]:
        """Return the rows that are there; the last one only if it is whole."""
        try:
            text = self.path.read_bytes().decode("utf-8", "replace")
        except FileNotFoundError:
            return []
        if not text.endswith("\n"):
            text = text[: text.rfind("\n") + 1]
        rows = list(csv.reader(io.StringIO(text)))
        if rows and rows[0] != self.header:
            raise GradingError(f"{self.path} is not a table of this assignment: name another OUT")
        return [row for row in rows[1:] if len(row) == len(self.header)]

    def _rewrite(self, rows: Any) -> None:
        """Write the table anew, and put it in place at once."""
        new = self.path.with_name(f".{self.path.name}.new")
        with open(new, "w", encoding="utf-8", newline="") as file:
            file.write("".join(map(line, [self.header, *rows])))
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, self.path)

    def append(self, grade: Grade) -> None:
        """Add a row; it is on the disk when this returns."""
        marks = [f"{grade.marks[question]:g}" for question in self.questions]
        total = f"{sum(grade.marks.values()):g}"
        row = [grade.submission, *marks, total, grade.status, grade.note, grade.fingerprint]
        os.write(self.file, line(row).encode())
        os.fsync(self.file)
        self.known[grade.submission] = grade.fingerprint

    def close(self) -> None:
        """Close the table, with one row a submission: the latest."""
        os.close(self.file)
        rows = self._read()
        self._rewrite({row[0]: row for row in rows}.values())
        self.lock.close()


def line(row: list[str]) -> str:
    """Return a row as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(row)
    return text.getvalue()


# ---------------------------------------------------------------- the command


def grade_all(
    assignment: Assignment,
    submissions: list[Path],
    out: Path,
    limits: Limits,
    hidden: list[Path],
    *,
    progress: bool = True,
) -> None:
    """Grade submissions into a table, those that it does not hold yet."""
    table = Table(out, assignment)
    try:
        grader = Grader(assignment, limits, hidden)
        for path in tqdm(submissions, desc=assignment.name, unit="", disable=not progress):
            grade = grader.grade(path, table.known.get(label(path), ""))
            if grade is not None:
                table.append(grade)
    finally:
        table.close()


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m coursework.grade", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("assignment", help="hw1, hw2, hw3 or capstone")
    parser.add_argument("submissions", type=Path, help="the folder of submissions")
    parser.add_argument("--out", type=Path, default=Path("grades.csv"), help="the table")
    parser.add_argument("--seconds", type=int, default=Limits.seconds, help="a cell may take")
    parser.add_argument("--total", type=int, default=Limits.total, help="seconds for all cells")
    parser.add_argument("--memory", type=int, default=2048, help="MiB of memory")
    parser.add_argument("--built", type=Path, default=BUILT, help="where `make coursework` put it")
    given = parser.parse_args(arguments)
    limits = Limits(given.seconds, given.total, given.memory * 2**20)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends what it has started, too
    try:
        assignment = read_assignment(given.assignment, given.built)
        submissions = [
            path
            for path in find_submissions(given.submissions)
            if path.resolve() != given.out.resolve()
        ]
        kept = [ROOT / part for part in ("coursework", "tests/coursework", ".git")]  # solutions
        hidden = [*kept, BUILT, given.built, given.submissions, given.out]
        grade_all(assignment, submissions, given.out, limits, hidden)
    except GradingError as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(
            f"\nStopped. {given.out} has the rows so far; the same command goes on.",
            file=sys.stderr,
        )
        return 130
    counts: dict[str, int] = {}
    with open(given.out, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            counts[row["status"]] = counts.get(row["status"], 0) + 1
    print(f"{given.out}: " + ", ".join(f"{n} {status}" for status, n in counts.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
