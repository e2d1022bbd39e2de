"""The assignments, made once for all workers, and a grader to give submissions to."""

import csv
import fcntl
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pages
import pytest

from coursework.box import Limits, closed

Rows = dict[str, dict[str, str]]

#: An assignment of two questions that needs nothing but Python.
TINY = {
    "q1": [("assert answer() == 42", 1), ("assert answer() == 42 and type(answer()) is int", 2)],
    "q2": [("assert double(4) == 8", 1), ("assert double(-1.5) == -3", 3)],
}

#: A submission that gets all of its points, 3 and 4.
RIGHT = ["def answer():\n    return 42", "def double(x):\n    return 2 * x"]


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


@pytest.fixture(scope="session")
def box() -> None:
    """Skip what needs a box where Bubblewrap makes none; with ARBOOK_NO_SKIP that is a failure."""
    found = closed(Limits(), [])
    if isinstance(found, str):
        pytest.skip(found)


@pytest.fixture(params=["boxed", "unboxed"])
def way(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Return the options of both ways to grade."""
    if request.param == "boxed":
        request.getfixturevalue("box")
        return ()
    return ("--unboxed",)


@pytest.fixture(scope="session")
def built() -> Path:
    """Make the assignments (those that changed), one worker at a time; return their folder."""
    folder = pages.ROOT / "_build"
    folder.mkdir(exist_ok=True)
    with open(folder / ".coursework.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = [sys.executable, "-m", "coursework.generate"]
        subprocess.run(command, cwd=pages.ROOT, check=True, capture_output=True)
    return folder / "coursework"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """Write the tests of the tiny assignment as otter does; return the folder of assignments."""
    folder = tmp_path / "built" / "tiny" / "autograder"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "tiny-autograder.zip", "w") as archive:
        for name, tests in TINY.items():
            cases = [{"code": f">>> {code}\n", "points": points} for code, points in tests]
            test = {"name": name, "points": None, "suites": [{"cases": cases}]}
            archive.writestr(f"tests/{name}.py", f"OK_FORMAT = True\n\ntest = {test!r}")
    return tmp_path / "built"


def command(name: str, folder: Path, out: Path, built: Path, *options: str) -> list[str]:
    """Return the command that grades a folder."""
    places = [name, str(folder), "--out", str(out), "--built", str(built)]
    return [sys.executable, "-m", "coursework.grade", *places, *options]


def rows(out: Path) -> Rows:
    """Return the rows of a table by submission; each is there once."""
    with open(out, encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert len({row["submission"] for row in found}) == len(found)
    return {row["submission"]: row for row in found}


@pytest.fixture
def grade(tmp_path: Path) -> Callable[..., Rows]:
    """Grade submissions, given as text by name, with the command; return the rows by name."""

    def run(built: Path, name: str, submissions: dict[str, str], *options: str) -> Rows:
        folder, out = tmp_path / "submissions", tmp_path / "grades.csv"
        folder.mkdir(exist_ok=True)
        for file, text in submissions.items():
            (folder / f"{file}.ipynb").write_text(text, encoding="utf-8")
        line = command(name, folder, out, built, *options)
        done = subprocess.run(line, cwd=pages.ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return {key.removesuffix(".ipynb"): row for key, row in rows(out).items()}

    return run
