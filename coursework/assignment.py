"""An assignment: its tests, as otter wrote them into the autograder, and what they are worth."""

from __future__ import annotations

import ast
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from doctest import DocTestParser
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / "_build" / "coursework"


class GradingError(Exception):
    """Grading cannot begin; the message says what to do."""


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
