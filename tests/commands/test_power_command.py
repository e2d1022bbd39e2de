"""`arbook power`: whether nights tell two programs apart, and plans without logs."""

import json

import pytest
from command import run

from arbook import logs, programs


@pytest.fixture
def folders(tmp_path):
    """Return a function that writes logs of some gains into two folders."""

    def write(*groups):
        for name, gains in zip("ab", groups, strict=True):
            (tmp_path / name).mkdir(exist_ok=True)
            for i, gain in enumerate(gains):
                rows = [("x", 1.0, "keep"), ("y", 1.2, "discard"), ("z", 1 - gain, "keep")]
                text = "\n".join("\t".join(map(str, row)) for row in rows)
                path = tmp_path / name / f"{i}.tsv"
                path.write_text(f"commit\tval_bpb\tstatus\n{text}\n", encoding="utf-8")
        return tmp_path / "a" / "*.tsv", tmp_path / "b" / "*.tsv"

    return write


CLEAR = [0.50, 0.52, 0.49, 0.51, 0.53, 0.50], [0.30, 0.31, 0.29, 0.32, 0.28, 0.31]
CLOSE = [0.50, 0.52, 0.45], [0.49, 0.53, 0.44, 0.48]


def test_clear_programs_are_told_apart(folders):
    done = run("power", *folders(*CLEAR))
    first, head, *rest = done.stdout.splitlines()
    assert (done.exit_code, first) == (0, "TOLD APART")
    assert "(6 nights)" in head
    assert "after 2 experiments" in head
    assert any(text.startswith("better") and text.endswith("a") for text in rest)


def test_close_ones_take_more_nights(folders):
    paths = folders(*CLOSE)
    done = run("power", *paths, "--difference", "0.02")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (30, "MORE NIGHTS")
    assert "the difference that matters with 80%" in done.stdout
    guess = run("power", *paths).stdout
    assert "a difference like the one seen" in guess
    assert "no number, as far as these nights tell (80 %)" in guess


def test_the_answer_is_that_of_the_package(folders):
    answer = json.loads(run("power", *folders(*CLOSE), "--difference", "0.02", "--json").stdout)
    groups = [[logs.read_log(p) for p in sorted(path.parent.iterdir())] for path in folders(*CLOSE)]
    said = logs.enough(*groups, difference=0.02)
    assert answer["needed"] == said.needed
    assert answer["more"] == said.more > 0
    assert answer["evidence"] == pytest.approx(said.evidence)
    assert answer["nights"] == [3, 4]
    assert answer["interval"] == [None, None]
    assert answer["better"] is None


def test_a_plan_needs_no_logs():
    arguments = ("power", "--difference", "0.0024", "--spread", "0.0020")
    text = run(*arguments).stdout
    assert "ranks them wrongly with 19.8%" in text
    assert "12 of each find the difference with 80%" in text
    plan = json.loads(run(*arguments, "--correlation", "0.8", "--json").stdout)
    assert plan["nights_needed"] == programs.nights_needed(0.0024, 0.0020, correlation=0.8)
    assert plan["plan"][0]["power"] is None
    ten = next(row for row in plan["plan"] if row["nights"] == 10)
    assert ten["power"] == programs.comparison_power(0.0024, 0.0020, 10, correlation=0.8)
    assert plan["best_night_bias"]["5"] == programs.best_night_bias(5, 0.0020)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Give logs in two folders, or --difference and --spread"),
        (("--difference", "0.1"), "Give logs in two folders"),
        (("--difference", "0", "--spread", "1"), "0 is not a finite number > 0"),
        (("--difference", "1", "--spread", "1", "--power", "1"), "1 is not a number in (0, 1)"),
        (("--difference", "1", "--spread", "1", "--power", "0.01"), "is not above --error"),
        (("--difference", "1", "--spread", "1", "--correlation", "1"), "not a number in (-1, 1)"),
    ],
)
def test_what_is_missing_or_wrong_is_said(arguments, words):
    done = run("power", *arguments)
    assert done.exit_code == 2
    assert words in done.stderr


def test_groups_are_two_folders_that_can_be_compared(folders):
    a, b = folders(CLOSE[0], [0.3, 0.4])
    assert "The logs are in 1 folder:" in run("power", a).stderr
    assert "--correlation is for a plan" in run("power", a, b, "--correlation", "0.5").stderr
    done = run("power", a, b, "--paired")
    assert done.exit_code == 1
    assert "second must be as many runs as first, 3, got 2 runs" in done.stderr
    one = run("power", a.parent / "0.tsv", b.parent / "0.tsv")
    assert "spread must be given where there is one night of each" in one.stderr
