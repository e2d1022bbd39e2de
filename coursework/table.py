"""The table of grades: whole rows are appended to a CSV, one a submission, and stay."""

from __future__ import annotations

import csv
import fcntl
import io
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursework.assignment import Assignment, GradingError

#: A cell that begins so is a formula to a spreadsheet.
FORMULA = tuple("=+-@＝＋－＠")

#: So often a run may end without an end of its own while it grades one and the same submission.
MOST_ENDS = 2


def cell(text: str) -> str:
    """Return text that a spreadsheet shows as it is, on one line."""
    text = "".join(c if c.isprintable() else "?" for c in text)
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text


@dataclass(frozen=True)
class Grade:
    """A row of the table."""

    submission: str
    marks: dict[str, float]
    status: str
    note: str
    fingerprint: str


def write_rows(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write a table anew, and put it in place at once."""
    new = path.with_name(f".{path.name}.new")
    with open(new, "w", encoding="utf-8", newline="") as file:
        file.write("".join(map(line, rows)))
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)


class Table:
    """The CSV: whole rows are appended, one a submission, and stay."""

    def __init__(self, path: Path, assignment: Assignment) -> None:
        self.path = path
        self.questions = assignment.questions
        self.header = ["submission", *self.questions, "total", "status", "note", "fingerprint"]
        self.known: dict[str, str] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        self.lock = open(path.with_name(f".{path.name}.lock"), "a+")  # noqa: SIM115
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
        write_rows(self.path, [self.header, *{row[0]: row for row in rows}.values()])
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

    def begin(self, fingerprint: str) -> bool:
        """Note what is being graded; False if too many runs have been killed while it was."""
        self.lock.seek(0)
        ends = [line for line in self.lock.read().split() if line == fingerprint]
        self.lock.truncate(0)
        self.lock.write(f"{fingerprint}\n" * (len(ends) + 1))
        self.lock.flush()
        return len(ends) < MOST_ENDS

    def append(self, grade: Grade) -> None:
        """Add a row; it is on the disk when this returns."""
        marks = [f"{grade.marks[question]:g}" for question in self.questions]
        total = f"{sum(grade.marks.values()):g}"
        note = cell(grade.note)
        row = [grade.submission, *marks, total, grade.status, note, grade.fingerprint]
        os.write(self.file, line(row).encode())
        os.fsync(self.file)
        self.known[grade.submission] = grade.fingerprint

    def close(self) -> None:
        """Close the table, with one row a submission: the latest."""
        os.close(self.file)
        rows = self._read()
        write_rows(self.path, [self.header, *{row[0]: row for row in rows}.values()])
        self.lock.truncate(0)
        self.lock.close()


def line(row: Sequence[str]) -> str:
    """Return a row as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(row)
    return text.getvalue()
