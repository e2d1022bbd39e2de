"""Grade a folder of submissions into one CSV: ``make grade ASSIGNMENT=hw1 SUBMISSIONS=folder``.

Every notebook, and every folder with one notebook in it, is a submission. Each runs in a box that
Bubblewrap makes (`coursework.box`), and its tests in another process, which it cannot reach
(`coursework.judge`); both are ended before the next one begins. A row is appended as soon as it is
known, so a run that was interrupted goes on where it stopped; a submission that has changed since,
or whose tests have, is graded again.

Without Bubblewrap a submission has the rights of whoever grades it. Then ``--unboxed`` must be
given, which is for submissions that somebody answers for.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil
from tqdm import tqdm

from coursework import wire
from coursework.assignment import BUILT, ROOT, Assignment, GradingError, read_assignment
from coursework.box import UNENFORCED, Box, Limits, adopt_orphans, closed, memory_below, sweep
from coursework.runner import RESERVE
from coursework.submissions import Unreadable, code_cells, find_submissions, read_notebook
from coursework.table import Grade, Table

#: What to do where there is no box.
WAY_OUT = """\
Install Bubblewrap (Debian: apt-get install bubblewrap), or, if somebody answers for each
submission, grade without it: --unboxed (make grade LIMITS=--unboxed)."""

STATUSES = ("ok", "timed out", "out of memory", "crashed", "unreadable")

#: Seconds that a judge may take beyond the time of its submission: to start, and to answer.
GRACE = 15


class Grader:
    """Grades submissions of one assignment, one after the other."""

    def __init__(self, assignment: Assignment, box: Box, score: str = "") -> None:
        self.assignment, self.box, self.score = assignment, box, score
        self.before = set(psutil.Process().children(recursive=True))
        adopt_orphans()

    def fingerprint(self, data: bytes) -> str:
        """Return what tells these bytes, graded by these tests, from all others."""
        digest = hashlib.sha256(repr(self.assignment).encode())
        digest.update(data)
        return digest.hexdigest()[:16]

    def grade(self, name: str, path: Path, table: Table) -> Grade | None:
        """Grade a submission, unless the table has it."""
        data, problem = b"", ""
        cells: list[str] = []
        try:
            data = read_notebook(path)
            cells = code_cells(data)
        except Unreadable as unreadable:
            problem = str(unreadable)
        mark = self.fingerprint(data + problem.encode())
        if table.known.get(name) == mark:
            return None
        answer: dict[str, Any]
        if problem:
            answer = {"status": "unreadable", "note": problem, "passed": None}
        elif not table.begin(mark):
            note = "the grader was killed each time when it ran"
            answer = {"status": "crashed", "note": note, "passed": None}
        else:
            answer = self.run(cells)
        passed = answer["passed"] or [False] * len(self.assignment.tests)
        marks = self.assignment.marks(passed)
        return Grade(name, marks, answer["status"], answer["note"], mark)

    def run(self, cells: list[str]) -> dict[str, Any]:
        """Have cells run and judged: status, note, and which tests passed."""
        with self.box.room() as folder:
            process = subprocess.Popen(
                [sys.executable, "-B", "-m", "coursework.judge"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
                env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
                start_new_session=True,
                bufsize=0,
            )
            try:
                return self.wait(process, self.job(cells, folder))
            finally:
                sweep(process, self.before)

    def job(self, cells: list[str], folder: Path) -> dict[str, Any]:
        """Return what the judge is told, and through it the submission's own process."""
        limits, box = self.box.limits, self.box
        user = os.getuid() if box.user is None else box.user
        return {
            "command": box.command(folder),
            "folder": "/" if box.boxed else str(folder / "work"),
            "environment": box.environment(folder),
            "boxed": box.boxed,
            "tests": [test.code for test in self.assignment.tests],
            "score": self.score,
            "seconds": limits.seconds,
            "total": limits.total,
            "runner": {
                "cells": cells,
                "seconds": limits.seconds,
                "hidden": [str(path) for path in box.hidden],
                "graders": [],
                "limits": limits.of_process(user),
                "user": box.user,
            },
        }

    def sound(self, answer: dict[str, Any]) -> bool:
        """Return whether an answer is one that a judge gives."""
        passed, tests = answer.get("passed"), self.assignment.tests
        return (
            answer.get("status") in STATUSES
            and isinstance(answer.get("note"), str)
            and (passed is None or (isinstance(passed, list) and len(passed) == len(tests)))
        )

    def wait(self, process: subprocess.Popen[bytes], job: dict[str, Any]) -> dict[str, Any]:
        """Give the judge its job; return its answer, or what kept it from answering."""
        limits, used, looked = self.box.limits, 0, 0.0
        most = limits.memory + RESERVE

        def goes_on() -> bool:
            nonlocal used, looked
            if time.monotonic() - looked > 0.2:
                used, looked = memory_below(process.pid), time.monotonic()
            return process.poll() is None and used <= most

        assert process.stdin is not None
        assert process.stdout is not None
        deadline = time.monotonic() + limits.total + GRACE
        try:
            channel = wire.Channel(
                process.stdout.fileno(), process.stdin.fileno(), deadline, goes_on
            )
            channel.send(job)
            answer = channel.receive()
            if not self.sound(answer):  # unboxed, a submission may have spoken in its place
                raise wire.Lost
            return answer
        except wire.Lost:
            if used > most:
                status, note = "out of memory", "all its processes together asked for too much"
            elif time.monotonic() >= deadline:
                status, note = "timed out", "its judge was stopped, and did not go on"
            else:
                status, note = "crashed", "its judge was killed, or answered nothing sound"
            return {"status": status, "note": note, "passed": None}


# ---------------------------------------------------------------- the command


def grade_all(
    assignment: Assignment,
    submissions: Mapping[str, Path],
    out: Path,
    box: Box,
    *,
    progress: bool = True,
) -> None:
    """Grade submissions, by name, into a table, those that it does not hold yet."""
    table = Table(out, assignment)
    try:
        grader = Grader(assignment, box)
        named = tqdm(submissions.items(), desc=assignment.name, unit="", disable=not progress)
        for name, path in named:
            grade = grader.grade(name, path, table)
            if grade is not None:
                table.append(grade)
    finally:
        table.close()


def parser_of(
    program: str, words: str | None, table: str, **before: str
) -> argparse.ArgumentParser:
    """Return a parser of what a command needs that runs submissions, and of what comes before."""
    parser = argparse.ArgumentParser(prog=f"python -m coursework.{program}", description=words)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    for name, meaning in before.items():
        parser.add_argument(name, help=meaning)
    parser.add_argument("submissions", type=Path, help="the folder of submissions")
    parser.add_argument("--out", type=Path, default=Path(table), help="the table")
    parser.add_argument("--seconds", type=int, default=Limits.seconds, help="a cell may take")
    parser.add_argument("--total", type=int, default=Limits.total, help="seconds for all cells")
    parser.add_argument("--memory", type=int, default=2048, help="MiB of memory")
    parser.add_argument("--unboxed", action="store_true", help="go without Bubblewrap")
    parser.add_argument("--built", type=Path, default=BUILT, help="where `make coursework` put it")
    return parser


def box_of(given: argparse.Namespace) -> Box:
    """Return the box for submissions, with the limits that were given."""
    limits = Limits(given.seconds, given.total, given.memory * 2**20)
    kept = [ROOT / part for part in ("coursework", "tests/coursework", ".git")]  # solutions
    hidden = [*kept, BUILT, given.built, given.submissions, given.out]
    box = Box(limits, hidden) if given.unboxed else closed(limits, hidden)
    if isinstance(box, str):
        raise GradingError(f"{box}\n{UNENFORCED}\n{WAY_OUT}")
    if given.unboxed:
        print(f"Unboxed, without Bubblewrap. {UNENFORCED}", file=sys.stderr)
    return box


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = parser_of("grade", __doc__, "grades.csv", assignment="hw1, hw2, hw3 or capstone")
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends what it has started, too
    try:
        assignment = read_assignment(given.assignment, given.built)
        submissions = find_submissions(given.submissions, given.out)
        grade_all(assignment, submissions, given.out, box_of(given))
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
