"""The leaderboard: true improvement on tasks that nobody has seen, the same for all."""

import csv
import subprocess
import sys

import numpy as np
import pytest
from classroom import notebook

from coursework.assignment import ROOT
from coursework.leaderboard import HEADER, SOURCES, Entry, rows_of, score_of

TASK = (SOURCES / "_task.py").read_text(encoding="utf-8")

#: Better by an average of what measured well.
AVERAGE = """
def my_researcher(measure, start, rng):
    seen = start + 0.05 * rng.standard_normal((BUDGET, 10))
    order = np.argsort([measure(x) for x in seen])
    return seen[order[:60]].mean(axis=0)
"""

#: What reads the generator, and changes it: all in its own process.
READS = """
BUDGET = 10**6
class Open(Valley):
    def measure(self, theta, rng):
        return self.truth(theta)
Valley = Open
def my_researcher(measure, start, rng):
    task = Valley(int(rng.integers(10**9)))
    return 0.5 + task.optimum / 4
"""

OVER = """
def my_researcher(measure, start, rng):
    seen = [start + 0.02 * rng.standard_normal(10) for _ in range(BUDGET + 1)]
    return seen[int(np.argmin([measure(x) for x in seen]))]
"""


def test_the_class_is_ranked_by_what_is_true(tmp_path):
    folder, out = tmp_path / "class", tmp_path / "board.csv"
    folder.mkdir()
    for name, cell in {"average": AVERAGE, "reads": READS, "over": OVER, "blank": ""}.items():
        (folder / f"{name}.ipynb").write_text(notebook(TASK, cell), encoding="utf-8")
    options = ["--unboxed", "--tasks", "4", "--seed", "1", "--out", str(out)]
    command = [sys.executable, "-m", "coursework.leaderboard", str(folder), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "--seed 1" in done.stdout
    with open(out, encoding="utf-8", newline="") as file:
        rows = {row["submission"]: row for row in csv.DictReader(file)}
    assert next(iter(rows)) == "average.ipynb"
    names = {}
    exec(f"{TASK}\n{AVERAGE}", names)
    gains = names["true_improvements"](names["my_researcher"], range(1, 5))
    best = rows["average.ipynb"]
    assert float(best["improvement"]) == pytest.approx(gains.mean(), abs=0.001)
    assert float(best["standard_error"]) == pytest.approx(gains.std(ddof=1) / 2, abs=0.001)
    assert gains.mean() > 0.15
    assert float(rows["reads.ipynb"]["improvement"]) < 0
    assert float(rows["over.ipynb"]["improvement"]) == 0
    assert "no my_researcher that could be scored" in rows["blank.ipynb"]["note"]
    assert {row["status"] for row in rows.values()} == {"ok"}


def test_places_distances_and_points():
    entries = [
        Entry("half", np.array([0.4, 0.6]), "ok", ""),
        Entry("first", np.array([0.6, 0.8]), "ok", ""),
        Entry("=1+1", np.array([0.7, 0.5]), "ok", "=1+1"),
    ]
    rows = [dict(zip(HEADER, row, strict=True)) for row in rows_of(entries)]
    assert [row["submission"] for row in rows] == ["first", "=1+1", "half"]
    assert [row["points"] for row in rows] == ["4", "2", "0"]
    assert [row["behind"] for row in rows] == ["0.000", "0.100", "0.200"]
    assert [row["behind_error"] for row in rows] == ["0.000", "0.200", "0.000"]
    assert rows[1]["note"] == "'=1+1"


def test_seeds_of_a_board_are_its_own():
    assert "range(7, 107)" in score_of(7)
