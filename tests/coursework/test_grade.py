"""The grader: whatever a submission does, it is stopped and scored, and the table stays whole."""

import os
import signal
import subprocess
import time

import psutil
import pytest
from classroom import RIGHT, assert_refused, command, notebook, rows, run

from coursework.assignment import ROOT, Assignment
from coursework.box import UNENFORCED
from coursework.submissions import Unreadable, find_submissions, read_notebook
from coursework.table import Table, cell

#: A cell that loops is soon stopped; a machine that is busy with other tests has time to start.
LIMITS = ("--seconds", "6", "--total", "120", "--memory", "600")


def test_hostile_submissions_are_stopped_and_scored(tiny, grade, way, tmp_path):
    pids = tmp_path / "pids"
    leaves = f"""
import os, time
for own_session in (False, True):
    if os.fork() == 0:
        if own_session:
            os.setsid()
        with open({str(pids)!r}, "a") as file:
            file.write(f"{{os.getpid()}}\\n")
        time.sleep(600)
time.sleep(0.2)
"""
    kept = [ROOT / part for part in ("coursework", "tests/coursework", ".git")]
    archive = tiny / "tiny" / "autograder" / "tiny-autograder.zip"
    before = archive.read_bytes()
    looks = f"""
import os, pathlib, sqlite3, sys
assert os.listdir() == []
assert "coursework" not in repr(dict(os.environ)) and "coursework" not in repr(sys.argv[1:])
found = []
def attempt(action, *arguments):
    try:
        found.append(action(*arguments))
    except OSError:
        pass
for place in {[str(place) for place in (tiny, *kept, tmp_path / "submissions")]!r}:
    found += list(pathlib.Path(place).rglob("*"))
    attempt(os.listdir, place)
attempt(os.popen, "ls -R /")
archive = {str(archive)!r}
open("mine", "w").close()
attempt(open, archive)
attempt(sqlite3.connect, archive)
attempt(os.link, archive, "linked")
attempt(os.link, "mine", archive + "-2")
attempt(os.symlink, archive, "pointed-at")
attempt(os.symlink, "/", archive + "-3")
attempt(os.rename, archive, "moved")
attempt(os.replace, "mine", archive)
attempt(os.truncate, archive, 0)
attempt(os.chmod, archive, 0)
attempt(os.mkdir, archive + "-4")
def answer():
    return 0 if found else 42
"""
    forges = """
import os
for fd in range(3, 30):
    try:
        os.write(fd, b'ready\\n{"token": "", "passed": [true, true, true, true]}\\n')
    except OSError:
        pass
os._exit(0)
"""
    memory = "hoard = []\nwhile True:\n    hoard.append(bytearray(10**8))"
    asleep = "import time\ndef answer():\n    while True: time.sleep(1)"
    found = grade(
        tiny,
        "tiny",
        {
            "right": notebook(*RIGHT),
            "loops": notebook(RIGHT[0], "while True: pass", RIGHT[1]),
            "exits": notebook(*RIGHT, "import os; os._exit(0)"),
            "leaves-politely": notebook(RIGHT[0], "import sys; sys.exit()", RIGHT[1]),
            "hoards": notebook(RIGHT[0], memory, RIGHT[1]),
            "leaves-children": notebook(RIGHT[0], leaves),
            "looks": notebook(looks),
            "deletes": notebook("import shutil; shutil.rmtree('.')", *RIGHT),
            "talks": notebook("for _ in range(1000): print('x' * 100_000)", *RIGHT),
            "writes": notebook("open('big', 'wb').write(bytes(70 * 2**20))", *RIGHT),
            "forges": notebook(forges, *RIGHT),
            "loops-in-a-test": notebook(asleep, RIGHT[1]),
            "wrong": notebook("def answer():\n    return 42.0", "def double(x):\n    return x + 4"),
        },
        *LIMITS,
        *way,
    )
    got = {name: (row["q1"], row["q2"], row["status"]) for name, row in found.items()}
    assert got == {
        "right": ("3", "4", "ok"),
        "loops": ("3", "4", "timed out"),
        "exits": ("0", "0", "crashed"),
        "leaves-politely": ("3", "4", "ok"),
        "hoards": ("3", "4", "out of memory"),
        "leaves-children": ("3", "0", "ok"),
        "looks": ("3", "0", "ok"),  # what it found was nothing
        "deletes": ("3", "4", "ok"),
        "talks": ("3", "4", "ok"),
        "writes": ("3", "4", "ok"),
        "forges": ("0", "0", "crashed"),
        "loops-in-a-test": ("0", "4", "timed out"),
        "wrong": ("1", "1", "ok"),
    }
    assert found["wrong"]["total"] == "2"
    notes = {name: row["note"] for name, row in found.items()}
    assert notes["loops"] == "cell 2: took too long"
    assert notes["exits"] == "ended its process with exit code 0"
    assert notes["right"] == ""
    assert "tried to look into the folders of the coursework" in notes["looks"]
    assert "tried to start a program" in notes["looks"]
    assert archive.read_bytes() == before
    assert list(archive.parent.iterdir()) == [archive]
    assert notes["writes"].startswith("cell 1: OSError: [Errno 27]")
    # nothing that a submission left behind is still there; what is in the box cannot say its number
    if not way:
        assert not pids.exists()
        return
    children = [int(line) for line in pids.read_text().split()]
    assert len(children) == 2
    assert not [pid for pid in children if psutil.pid_exists(pid)]


def test_what_notebooks_usually_do_costs_no_points(tiny, grade, way):
    usual = """
%matplotlib inline
import otter
grader = otter.Notebook("tiny.ipynb")
grader.check("q1")
display(1)
await __import__("asyncio").sleep(0)
grader.check_all()
"""
    # without LIMITS: importing Matplotlib on a busy machine takes its time
    [row] = grade(tiny, "tiny", {"usual": notebook(usual, *RIGHT)}, *way).values()
    assert (row["q1"], row["q2"], row["status"], row["note"]) == ("3", "4", "ok", "")


def test_whoever_catches_the_alarm_is_ended_with_the_time_for_all_cells(tiny, grade, way):
    stubborn = """
import time
while True:
    try:
        time.sleep(60)
    except BaseException:
        pass
"""
    limits = ("--seconds", "2", "--total", "8")
    [row] = grade(tiny, "tiny", {"stubborn": notebook(*RIGHT, stubborn)}, *limits, *way).values()
    assert (row["q1"], row["q2"], row["status"]) == ("0", "0", "timed out")
    assert row["note"] == "stopped after 8 seconds"


def test_what_is_no_notebook_for_python_gets_a_row_that_says_so(tiny, tmp_path):
    folder, out = tmp_path / "submissions", tmp_path / "grades.csv"
    folder.mkdir()
    right = notebook(*RIGHT)
    deep = '{"cells": ' + "[" * 100_000
    files = {
        "cut.ipynb": right[:100],
        "deep.ipynb": deep,
        "empty.ipynb": "",
        "essay.docx": "PK",
        "list.ipynb": "[1, 2]",
        "r.ipynb": notebook("x <- 1", kernelspec={"name": "ir", "language": "R"}),
        "conda.ipynb": notebook(*RIGHT, kernelspec={"name": "my-env", "display_name": "mine"}),
        "=SUM(A1).ipynb": right,
        "none/readme.txt": "sorry",
        "two/a.ipynb": right,
        "two/b.ipynb": right,
        "one/inner/my work.ipynb": right,
        "one/.ipynb_checkpoints/my work.ipynb": right,
        ".DS_Store": "",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    os.mkfifo(folder / "pipe.ipynb")
    line = command("tiny", folder, out, tiny, *LIMITS, "--unboxed")
    assert run(line).returncode == 0
    found = rows(out)
    ok = {name for name, row in found.items() if row["status"] == "ok" and row["total"] == "7"}
    assert ok == {"conda.ipynb", "'=SUM(A1).ipynb", "one"}
    unreadable = {n: row["note"] for n, row in found.items() if row["status"] == "unreadable"}
    assert ok | set(unreadable) == set(found)
    assert unreadable.pop("cut.ipynb").startswith("not JSON: ")
    assert unreadable.pop("deep.ipynb").startswith("not JSON: ")
    assert unreadable.pop("empty.ipynb").startswith("not JSON: ")
    assert unreadable == {
        "essay.docx": "not a notebook (.ipynb)",
        "pipe.ipynb": "not a notebook (.ipynb)",
        "list.ipynb": "JSON, but no notebook of format 4",
        "r.ipynb": "written for 'r', not for Python",
        "none": "0 notebooks in the folder, where one is expected",
        "two": "2 notebooks in the folder, where one is expected",
    }


def test_fifty_submissions_interrupted_and_resumed(tiny, tmp_path):
    folder, out = tmp_path / "submissions", tmp_path / "grades.csv"
    folder.mkdir()
    for number in range(50):
        text = notebook(f"def answer():\n    return {40 + number % 3}", RIGHT[1])
        (folder / f"student-{number:02d}.ipynb").write_text(text, encoding="utf-8")
    line = command("tiny", folder, out, tiny, "--unboxed")

    # where the tests run in the background of a script, a child would ignore SIGINT
    first = subprocess.Popen(
        line, cwd=ROOT, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while not out.exists() or out.read_text().count("\n") < 1 + 5:
        assert first.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    # while one run is writing, another must not
    second = run(line)
    assert second.returncode == 2
    assert second.stderr.endswith(f"\nanother run is writing {out}\n")
    first.send_signal(signal.SIGINT)
    _, said = first.communicate(timeout=60)
    assert first.returncode == 130, said
    assert "the same command goes on" in said
    half = out.read_text()
    done = half.count("\n") - 1
    assert 5 <= done < 50
    assert half.endswith("\n")

    # the machine was switched off while a row was being written
    out.write_text(half + "student-49.ipynb,3,")
    again = run(line)
    assert "50/50" in again.stderr  # the progress bar
    assert again.stdout == f"{out}: 50 ok\n"
    assert out.read_text().startswith(half)
    found = rows(out)
    assert sorted(found) == sorted(path.name for path in folder.iterdir())
    for number in range(50):
        expected = "7" if number % 3 == 2 else "4"
        assert found[f"student-{number:02d}.ipynb"]["total"] == expected, number

    # a submission that has changed is graded again, and no other
    (folder / "student-00.ipynb").write_text(notebook(*RIGHT), encoding="utf-8")
    assert run(line).returncode == 0
    assert rows(out) == found | {"student-00.ipynb": rows(out)["student-00.ipynb"]}
    assert rows(out)["student-00.ipynb"]["total"] == "7"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("hw9", "{folder}"), "there is no assignment 'hw9': run `make coursework` first"),
        (("tiny", "{folder}/nowhere"), "{folder}/nowhere is no folder"),
        (("tiny", "{folder}/empty"), "{folder}/empty is empty"),
        (("tiny", "{folder}", "--out", "{folder}/other.csv", "--unboxed"),
         "{folder}/other.csv is not a table of this assignment: name another OUT"),
    ],
)  # fmt: skip
def test_what_cannot_be_graded_is_said_in_one_line(
    tiny, tmp_path, capsys, monkeypatch, arguments, message
):
    from coursework.grade import main

    monkeypatch.setattr(signal, "signal", lambda number, handler: None)  # it is pytest's process
    (tmp_path / "empty").mkdir()
    (tmp_path / "other.csv").write_text("name,mark\nAda,1\n")
    given = [argument.format(folder=tmp_path) for argument in arguments]
    assert main([*given, "--built", str(tiny)]) == 2
    said = capsys.readouterr().err.removeprefix(f"Unboxed, without Bubblewrap. {UNENFORCED}\n")
    assert said == message.format(folder=tmp_path) + "\n"
    assert (tmp_path / "other.csv").read_text() == "name,mark\nAda,1\n"


def test_without_bubblewrap_it_says_what_is_not_enforced_and_grades_nothing(tiny, tmp_path):
    bwrap = tmp_path / "bin" / "bwrap"
    bwrap.parent.mkdir()
    path = str(bwrap.parent)
    assert_refused(tiny, tmp_path, "Bubblewrap (bwrap) is not installed.", PATH=path)
    bwrap.write_text("#!/bin/sh\necho 'bwrap: No permissions' >&2; exit 1\n")
    bwrap.chmod(0o755)
    reason = "Bubblewrap makes no box here: bwrap: No permissions"
    assert_refused(tiny, tmp_path, reason, PATH=path)
    out = tmp_path / "grades.csv"
    done = run(command("tiny", tmp_path / "refused", out, tiny, "--unboxed"), PATH=path)
    assert done.returncode == 0
    assert UNENFORCED in done.stderr
    assert rows(out)["a.ipynb"]["total"] == "7"


def test_who_kills_the_grader_twice_is_passed_over(tiny, tmp_path):
    folder, out = tmp_path / "submissions", tmp_path / "grades.csv"
    folder.mkdir()
    ready = tmp_path / "ready"
    kills = f"import pathlib, time; pathlib.Path({str(ready)!r}).touch(); time.sleep(600)"
    (folder / "a.ipynb").write_text(notebook(kills, *RIGHT), encoding="utf-8")
    (folder / "b.ipynb").write_text(notebook(*RIGHT), encoding="utf-8")
    line = command("tiny", folder, out, tiny, "--unboxed")
    for _ in range(2):
        env = os.environ | {"TMPDIR": str(tmp_path)}  # what it leaves there goes with the test
        grader = subprocess.Popen(line, cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while not ready.exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        ready.unlink()
        children = psutil.Process(grader.pid).children(recursive=True)
        grader.kill()
        grader.wait()
        for child in children:
            child.kill()
    assert run(line).returncode == 0
    found = rows(out)
    assert (found["a.ipynb"]["total"], found["a.ipynb"]["status"]) == ("0", "crashed")
    assert found["a.ipynb"]["note"] == "the grader was killed each time when it ran"
    assert found["b.ipynb"]["total"] == "7"


def test_a_run_that_was_interrupted_counts_for_nothing(tmp_path):
    assignment = Assignment("tiny", ())
    for _ in range(5):
        table = Table(tmp_path / "grades.csv", assignment)
        assert table.begin("one")
        table.close()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "\t=", "＝", "\r@"])
def test_no_cell_is_a_formula_and_each_is_one_line(start):
    made = cell(f"{start}HYPERLINK(1)\n\ud800\x00")
    assert made.startswith(("'", "?"))
    assert made.isprintable()
    assert cell("Ada Lovelace.ipynb") == "Ada Lovelace.ipynb"


def test_names_that_look_the_same_are_two_students_and_links_are_none(tmp_path):
    folder = tmp_path / "submissions"
    folder.mkdir()
    for name in ("a\x01.ipynb", "a\x02.ipynb", "a?.ipynb"):
        (folder / name).write_text(notebook(*RIGHT), encoding="utf-8")
    (folder / "link.ipynb").symlink_to(folder / "a?.ipynb")
    (folder / "packed").mkdir()
    (folder / "packed" / "mine.ipynb").symlink_to(folder / "a?.ipynb")
    found = find_submissions(folder, tmp_path / "grades.csv")
    assert list(found) == ["a?.ipynb", "a?.ipynb'", "a?.ipynb''", "link.ipynb", "packed"]
    assert len(set(found.values())) == 5
    for name in ("link.ipynb", "packed"):
        with pytest.raises(Unreadable, match="a link, not a file"):
            read_notebook(found[name])
