"""The assignments: solutions get everything, blanks nothing, usual mistakes what they should."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import jupytext
import numpy as np
import pages
import pytest
from classroom import notebook

from arbook.laboratory import OnePlusOne
from arbook.landscapes import Decay
from arbook.noise import Confirm
from coursework.generate import included

NAMES = ("hw1", "hw2", "hw3", "capstone")

#: The usual mistakes: assignment, name, what takes the place of what, and the marks that change.
MISTAKES = [
    ("hw1", "keeps-ties", "value < best", "value <= best", {"q1": 3}),
    ("hw1", "crash-is-a-discard", '"crash"', '"discard"', {"q1": 3}),
    ("hw1", "compares-with-the-value-before", 'words.append("discard")',
     'best, _ = value, words.append("discard")', {"q1": 3}),
    ("hw1", "counts-t-from-1", "return sigma0 * gamma ** np.arange(n)",
     "return sigma0 * gamma ** np.arange(1, n + 1)", {"q2": 2}),
    ("hw1", "variance-for-spread", "p.mu + sigma * rng", "p.mu + sigma**2 * rng", {"q3": 3}),
    ("hw1", "one-run-for-all", "rng.standard_normal((n_runs, n))",
     "np.tile(rng.standard_normal(n), (n_runs, 1))", {"q3": 2}),
    ("hw1", "wrong-tail", "a = -mu /", "a = mu /", {"q4": 1}),
    ("hw1", "no-root-of-2", "math.erf(a / math.sqrt(2))", "math.erf(a)", {"q4": 2}),
    ("hw1", "sigma0-for-sigma-t", "(sigma0 * gamma**t)", "sigma0", {"q4": 3}),
    ("hw1", "sum-of-the-frontier", "frontier[..., :1] - frontier", "frontier", {"q5": 0}),
    ("hw1", "baseline-is-1", "frontier[..., :1]", "1.0", {"q5": 1}),
    ("hw2", "spread-for-error", " / np.sqrt(sample.size)", "", {"q2": 2, "q4": 3}),
    ("hw2", "sign-of-mu", "m = -np.asarray", "m = np.asarray",
     {"q1": 1, "q3": 3, "q4": 3, "q5": 1}),
    ("hw2", "weights-from-n-minus-1", "(n - s) *", "(n - 1 - s) *", {"q3": 0}),
    ("hw2", "pdf-without-sigma", "sigma * norm.pdf(a)", "norm.pdf(a)",
     {"q1": 0, "q3": 0, "q4": 3, "q5": 1}),
    ("hw2", "distance-reversed", "(mean - law) / error", "(law - mean) / error", {"q2": 3}),
    ("hw2", "ddof-0", "ddof=1", "ddof=0", {"q2": 2}),
    ("hw2", "price-without-square", "c * (u / c) ** 2, u / c", "c * (u / c), u / c", {"q5": 1}),
    ("hw3", "baseline-is-a-keep", "run.kept[1:].sum()", "run.kept.sum()", {"q1": 2}),
    ("hw3", "status-unread", "np.where(kept, value, np.inf)", "value", {"q2": 1, "q3": 0}),
    ("hw3", "95-per-cent", "q=(0.1, 0.9)", "q=(0.025, 0.975)", {"q6": 2}),
    ("hw3", "crash-is-no-experiment", "run.value.size - 1", "run.value.size - 5", {"q1": 2}),
    ("hw3", "one-standard-error", "mu - 1.96 * error", "mu - error", {"q5": 3}),
    ("hw3", "another-family", ', family="two-part"', "", {"q6": 1}),
    ("hw3", "crash-has-a-metric", "np.isfinite(run.delta).sum()", "run.delta.size", {"q4": 1}),
    ("hw3", "large-in-the-log", "verdict.probability >= level",
     "verdict.logged_gain >= 2 * noise", {"q7": 3}),
    ("hw3", "places-for-numbers", "return verdict.experiment[verdict.probability >= level]",
     "return np.flatnonzero(verdict.probability >= level)", {"q7": 3}),
    ("hw3", "one-noise-for-all", "logs.load_run(name), noise=noise)",
     "logs.load_run(name), noise=0.001)", {"q7": 4}),
    ("hw3", "smallest-gain", "said.probability.argmin()", "said.logged_gain.argmin()", {"q7": 4}),
    ("hw3", "likelier-than-not", "probability[late] >= 0.95", "probability[late] >= 0.5",
     {"q7": 4}),
    ("hw3", "logged-for-true", "said.true_gain[late]", "said.logged_gain[late]", {"q7": 4}),
    ("capstone", "never-moves", "np.clip(best + step", "np.clip(start + step",
     {"q1": 4, "q2": 3}),
    ("capstone", "curse-reversed", "true(best) - logged", "logged - true(best)", {"q2": 3}),
    ("capstone", "spread-for-error", " / np.sqrt(len(gaps))", "", {"q2": 3}),
    ("capstone", "follows-one-winner", "[:9]].mean(axis=0)", "[:1]].mean(axis=0)", {"q3": 5}),
    ("capstone", "over-budget", "    return night(measure",
     "    measure(start)\n    return night(measure", {"q3": 0}),
    ("capstone", "keeps-crashes", "if value < logged:", "if not value >= logged:", {"q1": 4}),
    ("capstone", "believes-its-log", "    return night(measure, MyProposer(), MyRule(), rng)",
     "    return plain(measure, start, rng, step=0.045)[0]", {"q3": 2}),
]  # fmt: skip

#: Other right answers than the solution's: assignment, what takes the place of what.
ALSO_RIGHT = [
    ("hw1", "return words", "return np.array(words)"),
    ("hw1", "return sigma0 * gamma ** np.arange(n)",
     "return [sigma0 * gamma**t for t in range(n)]"),
    ("hw1", "0.5 * (1 + math.erf(a / math.sqrt(2)))", "1 - 0.5 * math.erfc(a / math.sqrt(2))"),
    ("hw1", "    frontier = np.asarray(frontier)\n", ""),
    ("hw2", "bool(abs(verdict[2]) < 4)", "abs(verdict[2]) < 4"),
    ("hw2", "mean, error, (mean - law) / error", "np.array([mean, error, (mean - law) / error])"),
    ("hw2", "    sample = np.asarray(sample, dtype=float)\n", ""),
    ("hw3", "(made.improvement < truth).mean()", "1 - np.mean(made.improvement >= truth)"),
    ("hw3", "stated_range = mu_low <= 0", "stated_range = np.array(mu_low <= 0)"),
    ("hw3", "return np.minimum.accumulate(np.where(kept, value, np.inf))",
     "return np.minimum.accumulate(np.where(kept, value, np.inf)).tolist()"),
    ("hw3", "return verdict.experiment[verdict.probability >= level]",
     "return [t for t, p in zip(verdict.experiment, verdict.probability) if p >= level]"),
    ("hw3", "late_real = int((said.probability[late] >= 0.95).sum())",
     "late_real = len([t for t in real_keeps('mol-nlp-agent-1', 0.001, 0.95) if t >= 49])"),
    ("capstone", "return best, logged", "return [list(best), np.float64(logged)]"),
]  # fmt: skip


def cells(built: Path, name: str, version: str) -> list[str]:
    """Return the code cells of a version of an assignment."""
    made = json.loads((built / name / version / f"{name}.ipynb").read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in made["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("name", NAMES)
def test_a_solution_gets_all_points_and_the_blank_version_none(built, name):
    with open(built / name / "check.csv", encoding="utf-8", newline="") as file:
        found = {row["submission"]: row for row in csv.DictReader(file)}
    source = (pages.ROOT / "coursework" / f"{name}.md").read_text(encoding="utf-8")
    questions = re.findall(r"^name: (q\d+)\npoints: (\d+)\n(?!manual)", source, flags=re.M)
    assert len(questions) >= 3
    for question, points in questions:
        assert found["solution.ipynb"][question] == points, question
        assert found["student.ipynb"][question] == "0", question
    assert float(found["solution.ipynb"]["total"]) == sum(int(points) for _, points in questions)
    # and that is what the assignment itself and the table of all assignments say
    by_hand = sum(map(int, re.findall(r"^points: (\d+)\nmanual: true", source, flags=re.M)))
    total = int(float(found["solution.ipynb"]["total"]))
    assert f"\n{total + by_hand} points, " in source
    readme = (pages.ROOT / "coursework" / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"\[`{name}`\].*\| {total} \| {by_hand or '–'} \|", readme)


@pytest.mark.parametrize("name", NAMES)
def test_a_student_version_holds_neither_solutions_nor_hidden_tests(built, name):
    student = (built / name / "student" / f"{name}.ipynb").read_text(encoding="utf-8")
    plain = student.replace('\\"', '"')
    source = included(pages.ROOT / "coursework" / f"{name}.md")
    blocks = re.findall(r"# BEGIN SOLUTION\n(.*?)# END SOLUTION", source, flags=re.S)
    secret = [line.strip() for block in blocks for line in block.splitlines()]
    secret += re.findall(r"^ *(\S.*?) *# SOLUTION$", source, flags=re.M)
    hidden = re.findall(r"hidden: true\n.*?END TEST CONFIG\n(.*?)```", source, flags=re.S)
    assert len(hidden) >= 6
    secret += [line.strip() for block in hidden for line in block.splitlines()]
    secret += re.findall(r'hidden: true\nfailure_message: "(.*)"', source)
    secret += ["# SOLUTION", "BEGIN SOLUTION", "hidden: true", '"hidden": true']
    private = r"hidden: true\n.*?```|# BEGIN SOLUTION\n.*?# END SOLUTION"
    visible = re.sub(private, "", source, flags=re.S)
    secret = [line for line in secret if not line.startswith(("def ", "class ", "```"))]
    checked = [line for line in secret if len(line) > 9 and line not in visible]
    assert len(checked) > 20
    assert "rerun all of the autograder tests" not in plain  # they are not there
    for line in checked:
        assert line not in plain, line


def together(name: str) -> dict[str, tuple[list[tuple[str, str]], dict[str, int]]]:
    """Return changes and marks by student, who makes at most one mistake in a question."""
    students: dict[str, tuple[list[tuple[str, str]], dict[str, int]]] = {}
    for assignment, mistake, old, new, marks in MISTAKES:
        if assignment == name:
            others = (one for one in students if not students[one][1].keys() & marks.keys())
            who = next(others, "")
            changes, all_marks = students.pop(who, ([], {}))
            students[f"{who} {mistake}".lstrip()] = [*changes, (old, new)], all_marks | marks
    return students


@pytest.mark.parametrize("name", NAMES)
def test_usual_mistakes_get_partial_marks_and_other_right_answers_all(built, grade, name):
    solution = cells(built, name, "solution")
    changes = together(name)
    assert sum(len(made) for made, _ in changes.values()) >= 5
    changes["also-right"] = [(old, new) for a, old, new in ALSO_RIGHT if a == name], {}
    submissions, expected = {}, {}
    for submission, (replacements, marks) in changes.items():
        text = "\0".join(solution)
        for old, new in replacements:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        submissions[submission] = notebook(*text.split("\0"))
        expected[submission] = marks
    found = grade(built, name, submissions, "--unboxed")
    with open(built / name / "check.csv", encoding="utf-8", newline="") as file:
        full = next(row for row in csv.DictReader(file) if row["submission"] == "solution.ipynb")
    for mistake, marks in expected.items():
        got = {question: float(found[mistake][question]) for question in full if question[0] == "q"}
        assert got == {q: float(marks.get(q, full[q])) for q in got}, mistake
        assert found[mistake]["status"] == "ok", mistake


def test_the_capstones_orientation_is_what_its_researchers_improve():
    source = included(pages.ROOT / "coursework" / "capstone.md")
    cells = [c.source for c in jupytext.reads(source, "md:myst").cells if c.cell_type == "code"]
    solution = "\n".join(cell for cell in cells if "BEGIN TEST CONFIG" not in cell)
    ours, quarter = {}, {}
    for names in (ours, quarter):
        exec(solution, names)
    quarter["BUDGET"] //= 4

    def drawn(measure, start, rng):
        found = start + 0.075 * rng.standard_normal((ours["BUDGET"], start.size))
        return found[np.nanargmin([measure(x) for x in found])]

    def the_packages(measure, start, rng):
        return ours["night"](measure, OnePlusOne(Decay(0.035, 0.995)), Confirm(4), rng)

    def four_each(measure, start, rng):
        return quarter["plain"](lambda x: np.mean([measure(x) for _ in range(4)]), start, rng)[0]

    researchers = {
        ("does nothing", "–"): ours["idle"],
        ("best of 200 drawn around the start", "0.075"): drawn,
        ("plain rule", "0.05"): lambda *task: ours["plain"](*task, step=0.05)[0],
        ("plain rule", "0.025"): lambda *task: ours["plain"](*task)[0],
        ("plain rule, four measurements each", "0.025"): four_each,
        ("`OnePlusOne` with `Confirm(4)`", "0.035, shrinking"): the_packages,
        ("mean of the better half of eighteen", "0.0375, shrinking"): ours["my_researcher"],
    }
    rubrics = (pages.ROOT / "appendix" / "instructors" / "rubrics.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.*) \| (.*) \| (−?\d\.\d\d) \| ", rubrics, flags=re.M)
    said = {(name, step): number for name, step, number in rows}
    assert list(said) == list(researchers)
    for researcher, function in researchers.items():
        gains = ours["true_improvements"](function, range(100))
        number = float(said[researcher].replace("−", "-"))
        assert abs(gains.mean() - number) < 0.01, researcher  # another machine rounds otherwise
        assert gains.std(ddof=1) / 10 < 0.025, researcher
    for name, step in list(researchers)[1:4]:  # the students are told these
        words = rf"of\s{step},?(\sit)?\simproves\s{said[name, step]}\b"
        assert re.search(words, source), step


def test_otter_itself_gives_the_same_points(built, tmp_path, grade):
    [(old, new)] = [(old, new) for _, name, old, new, _ in MISTAKES if name == "wrong-tail"]
    solution = built / "hw1" / "solution" / "hw1.ipynb"
    text = solution.read_text(encoding="utf-8").replace(old, new)
    (tmp_path / "hw1.ipynb").write_text(text, encoding="utf-8")
    (tmp_path / "out").mkdir()
    archive = built / "hw1" / "autograder" / "hw1-autograder.zip"
    command = [sys.executable, "-m", "otter", "run", "-a", str(archive), "-o", "out", "hw1.ipynb"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    results = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    theirs = {t["name"]: float(t["score"]) for t in results["tests"] if t["name"][0] == "q"}
    ours = grade(built, "hw1", {"ours": text}, "--unboxed")["ours"]
    assert theirs == {question: float(ours[question]) for question in theirs}
    assert theirs["q4"] == 1


def test_nothing_is_made_again_if_nothing_changed(built):
    archive = built / "hw1" / "autograder" / "hw1-autograder.zip"
    before = archive.stat().st_mtime_ns
    command = [sys.executable, "-m", "coursework.generate"]
    done = subprocess.run(command, cwd=pages.ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.count("up to date") == len(NAMES)
    assert archive.stat().st_mtime_ns == before


def test_tests_that_contradict_the_solution_are_refused(built, tmp_path, monkeypatch):
    from coursework import generate

    def assign(name, text, work, new):
        for part in ("student", "solution", "autograder"):
            (new / part).mkdir(parents=True)
            for path in (built / "hw1" / part).iterdir():
                (new / part / path.name.replace("hw1", name)).write_bytes(path.read_bytes())
        # somebody mixes the versions up: the students' one is handed out with the solutions
        solution = (new / "solution" / f"{name}.ipynb").read_text(encoding="utf-8")
        (new / "student" / f"{name}.ipynb").write_text(solution, encoding="utf-8")

    monkeypatch.setattr(generate, "assign", assign)
    source = tmp_path / "mixed.md"
    source.write_text("text", encoding="utf-8")
    with pytest.raises(generate.Refused, match=r"student version gets 20 points, not 0 \(q1 4, "):
        generate.generate(source, tmp_path / "built")
    assert not (tmp_path / "built" / "mixed").exists()
