"""Make the assignments from their sources: ``make coursework``.

A source is a MyST notebook with statements, solutions, and visible and hidden tests in the marks
of otter-grader. From it come, in ``_build/coursework/<name>/``:

- ``student/``: the notebook to hand out, without solutions and without hidden tests;
- ``solution/``: the notebook with the solutions;
- ``autograder/``: the zip for Gradescope, ``otter grade`` and ``make grade``;
- ``check.csv``: what `coursework.grade` gives these two notebooks. If the solution does not get all
  points, or the student version gets any, there is no assignment.

What has not changed is not made again.
"""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
import sys
import tempfile
from pathlib import Path

from coursework.assignment import BUILT, ROOT, read_assignment
from coursework.box import Box, Limits
from coursework.grade import grade_all
from coursework.submissions import find_submissions

SOURCES = Path(__file__).parent

#: For every assignment: the zip brings arbook and the packages that it needs; no PDF, which
#: would take LaTeX; what students hand in is the notebook itself. No cell at the end that "will
#: rerun all of the autograder tests": it has the visible ones only, which ran below each question.
CONFIG = """# ASSIGNMENT CONFIG
name: {name}
requirements: requirements.txt
autograder_files: [arbook]
solutions_pdf: false
export_cell: false
check_all_cell: false
generate: true
"""


class Refused(Exception):
    """The tests of an assignment and its versions do not agree."""


def generate(source: Path, built: Path = BUILT) -> bool:
    """Make one assignment; return False if it is there and nothing has changed."""
    target, text = built / source.stem, included(source)
    stamp, made_from = target / "made-from", fingerprint(text)
    if stamp.is_file() and stamp.read_text() == made_from:
        return False
    built.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=built, prefix=".new-") as folder:
        work = Path(folder)
        new = work / source.stem
        assign(source.stem, text, work / "otter", new)
        check(source.stem, work)
        (new / stamp.name).write_text(made_from)
        shutil.rmtree(target, ignore_errors=True)
        new.rename(target)
    return True


def included(source: Path) -> str:
    """Return a source with files in the place of its lines ``# INCLUDE file``."""

    def text(match: re.Match[str]) -> str:
        return (source.parent / match[1]).read_text(encoding="utf-8").strip()

    return re.sub(r"^# INCLUDE (\S+)$", text, source.read_text(encoding="utf-8"), flags=re.M)


def requirements() -> str:
    """Return the pins of the packages that arbook needs."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    block = text.split("# the package\n")[1].split("\n\n")[0]
    return "".join(line.split("#")[0].strip() + "\n" for line in block.splitlines())


def fingerprint(text: str) -> str:
    """Return what changes when anything does that an assignment is made from."""
    digest = hashlib.sha256((text + requirements()).encode())
    for path in [*sorted(SOURCES.glob("*.py")), *sorted((ROOT / "arbook").rglob("*.py"))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def assign(name: str, text: str, work: Path, new: Path) -> None:
    """Let otter take a source apart, and put its parts where they belong."""
    # here, because they take seconds to load, and are not needed if nothing has changed
    import jupytext
    import nbformat
    from otter.assign import main as otter_assign

    work.mkdir()
    notebook = jupytext.reads(text, fmt="md:myst")
    notebook.cells.insert(0, nbformat.v4.new_raw_cell(CONFIG.format(name=name)))
    nbformat.write(notebook, work / f"{name}.ipynb")
    (work / "requirements.txt").write_text(requirements())
    shutil.copytree(ROOT / "arbook", work / "arbook", ignore=shutil.ignore_patterns("__pyc*"))
    otter_assign(str(work / f"{name}.ipynb"), str(work / "dist"), no_run_tests=True)

    for part in ("student", "solution", "autograder"):
        (new / part).mkdir(parents=True)
    made = work / "dist"
    shutil.copy(made / "student" / f"{name}.ipynb", new / "student")
    shutil.copy(made / "autograder" / f"{name}.ipynb", new / "solution")
    [archive] = (made / "autograder").glob("*.zip")
    shutil.copy(archive, new / "autograder" / f"{name}-autograder.zip")


def check(name: str, built: Path) -> None:
    """Grade the solution and the student version; demand all points, and none."""
    assignment, versions = read_assignment(name, built), built / "versions"
    versions.mkdir()
    for version in ("solution", "student"):
        notebook = built / name / version / f"{name}.ipynb"
        shutil.copy(notebook, versions / f"{version}.ipynb")
    out = built / name / "check.csv"
    box = Box(Limits(), [])  # both are our own
    grade_all(assignment, find_submissions(versions, out), out, box, progress=False)
    with open(out, encoding="utf-8", newline="") as file:
        rows = {row["submission"]: row for row in csv.DictReader(file)}
    for version, points in (("solution", assignment.points), ("student", 0.0)):
        row = rows[f"{version}.ipynb"]
        if float(row["total"]) != points or row["status"] != "ok":
            marks = ", ".join(f"{question} {row[question]}" for question in assignment.questions)
            raise Refused(
                f"{name}: the {version} version gets {row['total']} points, not {points:g} "
                f"({marks}; {row['status']}; {row['note'] or 'no error in its cells'})"
            )


def main() -> int:
    """Make all assignments."""
    for source in sorted(SOURCES.glob("*.md")):
        if source.name == "README.md":
            continue
        try:
            made = generate(source)
        except Refused as problem:
            print(problem, file=sys.stderr)
            return 1
        print(f"{BUILT.relative_to(ROOT) / source.stem}: {'made' if made else 'up to date'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
