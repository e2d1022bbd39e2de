"""Rank a folder of capstones by true improvement: ``make leaderboard SUBMISSIONS=folder``.

Every submission runs as it does when it is graded (`coursework.grade`), on 100 tasks that are drawn
anew, the same for all: nobody has seen them, and the seed is printed only when all have run. The
table has the mean true improvement with its standard error, how far each is behind the first on the
same tasks, and the points beyond those of the tests. Without a ceiling: it ends where the tasks do.
"""

from __future__ import annotations

import secrets
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from coursework.assignment import Assignment, GradingError
from coursework.generate import SOURCES
from coursework.grade import Grader, box_of, parser_of
from coursework.submissions import Unreadable, code_cells, find_submissions, read_notebook
from coursework.table import cell, write_rows

TASKS = 100

#: Points end at the first mean true improvement in the tests; here each step is one more.
FROM, STEP = 0.50, 0.05

HEADER = (
    "place", "submission", "improvement", "standard_error", "behind", "behind_error", "points",
    "status", "note",
)  # fmt: skip


def score_of(seed: int, tasks: int = TASKS) -> str:
    """Return the code by which the judge scores a submission, on tasks from a seed on."""
    task = (SOURCES / "_task.py").read_text(encoding="utf-8")
    return f"{task}\ngains = true_improvements(my_researcher, range({seed}, {seed + tasks}))\n"


@dataclass(frozen=True)
class Entry:
    """What a submission has improved on each task; nothing where it did not run."""

    submission: str
    gains: np.ndarray[Any, np.dtype[np.float64]]
    status: str
    note: str


def scored(grader: Grader, name: str, path: Path, tasks: int) -> Entry:
    """Run a submission, and have its researcher scored."""
    try:
        answer = grader.run(code_cells(read_notebook(path)))
    except Unreadable as unreadable:
        answer = {"status": "unreadable", "note": str(unreadable)}
    found, note = answer.get("gains"), answer["note"]
    sound = isinstance(found, list) and len(found) == tasks and np.all(np.isfinite(found))
    gains = np.array(found, dtype=float) if sound else np.zeros(tasks)
    if not sound:
        note = note or "no my_researcher that could be scored in time"
    return Entry(name, gains, answer["status"], note)


def rows_of(entries: list[Entry]) -> list[list[str]]:
    """Return the table's rows, the best first."""
    ranked = sorted(entries, key=lambda entry: -entry.gains.mean())
    rows = []
    for place, entry in enumerate(ranked, start=1):
        mean, behind = entry.gains.mean(), ranked[0].gains - entry.gains
        points = max(0, int((mean - FROM) / STEP + 1e-9))
        numbers = (mean, error_of(entry.gains), behind.mean(), error_of(behind))
        shown = [f"{number:.3f}" for number in numbers]
        rows.append(
            [str(place), entry.submission, *shown, str(points), entry.status, cell(entry.note)]
        )
    return rows


def error_of(gains: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    """Return the standard error of a mean."""
    return float(gains.std(ddof=1) / np.sqrt(gains.size))


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = parser_of("leaderboard", __doc__, "leaderboard.csv")
    parser.add_argument("--tasks", type=int, default=TASKS, help="how many, at least 2")
    parser.add_argument("--seed", type=int, help="of the first task, to make a table again")
    given = parser.parse_args(arguments)
    if given.tasks < 2:
        parser.error(f"--tasks: {given.tasks} is less than 2")
    seed = secrets.randbits(64) if given.seed is None else given.seed
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends what it has started, too
    try:
        submissions = find_submissions(given.submissions, given.out)
        none = Assignment("capstone", ())  # no tests: points are another command's
        grader = Grader(none, box_of(given), score_of(seed, given.tasks))
        named = tqdm(submissions.items(), desc="leaderboard", unit="")
        rows = rows_of([scored(grader, name, path, given.tasks) for name, path in named])
    except GradingError as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped; no table was written.", file=sys.stderr)
        return 130
    given.out.parent.mkdir(parents=True, exist_ok=True)
    write_rows(given.out, [HEADER, *rows])
    for row in rows:
        print(f"{row[0]:>3}  {row[2]:>7} ± {row[3]}  {row[1]}")
    print(f"{given.out}: {given.tasks} tasks; the same again with --seed {seed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
