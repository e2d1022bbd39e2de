"""A small assignment, a class that hands it in, and the command that grades it."""

import csv
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from coursework.assignment import ROOT
from coursework.box import UNENFORCED, Limits, closed
from coursework.grade import WAY_OUT

Rows = dict[str, dict[str, str]]

#: An assignment of two questions that needs nothing but Python.
TINY = {
    "q1": [("assert answer() == 42", 1), ("assert answer() == 42 and type(answer()) is int", 2)],
    "q2": [("assert double(4) == 8", 1), ("assert double(-1.5) == -3", 3)],
}

#: A submission that gets all of its points, 3 and 4.
RIGHT = ["def answer():\n    return 42", "def double(x):\n    return 2 * x"]

#: Why no box can be made here, such as in a container without the right to mount; "" where it can.
NO_BOX = found if isinstance(found := closed(Limits(), []), str) else ""


def notebook(*cells: str, **metadata: object) -> str:
    """Return a notebook of code cells as JSON."""
    made = [
        {
            "id": f"cell-{number}",
            "cell_type": "code",
            "execution_count": None,
            "source": cell.splitlines(True),
            "metadata": {},
            "outputs": [],
        }
        for number, cell in enumerate(cells)
    ]
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def write_tiny(folder: Path) -> Path:
    """Write the tests of the tiny assignment into a folder of assignments, as otter does."""
    autograder = folder / "tiny" / "autograder"
    autograder.mkdir(parents=True)
    with zipfile.ZipFile(autograder / "tiny-autograder.zip", "w") as archive:
        for name, tests in TINY.items():
            cases = [{"code": f">>> {code}\n", "points": points} for code, points in tests]
            test = {"name": name, "points": None, "suites": [{"cases": cases}]}
            archive.writestr(f"tests/{name}.py", f"OK_FORMAT = True\n\ntest = {test!r}")
    return folder


def command(name: str, folder: Path, out: Path, built: Path, *options: str) -> list[str]:
    """Return the command that grades a folder."""
    places = [name, str(folder), "--out", str(out), "--built", str(built)]
    return [sys.executable, "-m", "coursework.grade", *places, *options]


def run(line: list[str], **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        line, cwd=ROOT, env=os.environ | env, capture_output=True, text=True, check=False
    )


def rows(out: Path) -> Rows:
    """Return the rows of a table by submission; each is there once."""
    with open(out, encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert len({row["submission"] for row in found}) == len(found)
    return {row["submission"]: row for row in found}


def assert_refused(tiny: Path, folder: Path, reason: str, **env: str) -> None:
    """Grading in boxes is refused with the reason, and nothing is graded."""
    submissions, out = folder / "refused", folder / "refused.csv"
    submissions.mkdir(exist_ok=True)
    (submissions / "a.ipynb").write_text(notebook(*RIGHT), encoding="utf-8")
    done = run(command("tiny", submissions, out, tiny), **env)
    assert done.returncode == 2
    assert done.stderr == f"{reason}\n{UNENFORCED}\n{WAY_OUT}\n"
    assert not out.exists()


def in_box(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test that needs boxes: where none can be made, it is that grading is refused."""

    def refused(tiny: Path, tmp_path: Path) -> None:
        assert_refused(tiny, tmp_path, NO_BOX)

    return refused if NO_BOX else test
