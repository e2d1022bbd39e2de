"""The assignments, made once for all workers, and a grader to give submissions to."""

import fcntl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import classroom
import pytest

from coursework.assignment import ROOT


@pytest.fixture(params=["unboxed"] if classroom.NO_BOX else ["boxed", "unboxed"])
def way(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Return the options of each way to grade."""
    return () if request.param == "boxed" else ("--unboxed",)


@pytest.fixture(scope="session")
def built() -> Path:
    """Make the assignments (those that changed), one worker at a time; return their folder."""
    folder = ROOT / "_build"
    folder.mkdir(exist_ok=True)
    with open(folder / ".coursework.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = [sys.executable, "-m", "coursework.generate"]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder / "coursework"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """Write the tiny assignment; return the folder of assignments."""
    return classroom.write_tiny(tmp_path / "built")


@pytest.fixture
def grade(tmp_path: Path) -> Callable[..., classroom.Rows]:
    """Grade submissions, given as text by name, with the command; return the rows by name."""

    def run(built: Path, name: str, submissions: dict[str, str], *options: str) -> classroom.Rows:
        folder, out = tmp_path / "submissions", tmp_path / "grades.csv"
        folder.mkdir(exist_ok=True)
        for file, text in submissions.items():
            (folder / f"{file}.ipynb").write_text(text, encoding="utf-8")
        done = classroom.run(classroom.command(name, folder, out, built, *options))
        assert done.returncode == 0, done.stderr
        return {key.removesuffix(".ipynb"): row for key, row in classroom.rows(out).items()}

    return run
