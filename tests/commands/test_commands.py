"""The command `arbook`: what all its parts have in common."""

import json
import re
import shutil
import subprocess
import sys
import sysconfig

import click
import pytest
from command import run

from arbook.commands import main


@pytest.mark.parametrize(
    "command",
    [
        [shutil.which("arbook", path=sysconfig.get_path("scripts"))],
        [sys.executable, "-m", "arbook"],
    ],
    ids=["arbook", "python -m arbook"],
)
def test_the_command_is_installed(results, command):
    done = subprocess.run([*command, "log", results], capture_output=True, text=True, check=True)
    assert "125 after the baseline: 22 kept, 102 discarded, 1 crashed" in done.stdout
    assert "0.9979 to 0.969686, a gain of 0.028214" in done.stdout
    assert "17.6%" in done.stdout


def test_standard_input_is_a_file(results):
    done = run("log", "-", "--json", input=results.read_bytes())
    assert json.loads(done.stdout)["segments"][0]["kept"] == 22


@pytest.mark.parametrize("command", ["log", "fit", "forecast", "compare"])
def test_all_answers_in_json_have_one_head(restarted, command):
    answer = json.loads(run(command, restarted, "--json").stdout)
    answer = answer["runs"][1] if command == "compare" else answer
    assert list(answer)[:5] == ["source", "metric", "direction", "segment", "issues"]
    assert (answer["source"], answer["metric"]) == ("restarted.tsv", "val_bpb")
    assert answer["segment"] == (None if command == "log" else 2)
    assert [issue["line"] for issue in answer["issues"]] == [7]
    assert ("trim" in answer) == (command in ("fit", "forecast"))
    if command == "log":
        assert answer["segments"][0]["frontier"] == [1.0, 0.98, 0.97, 0.96, 0.95]


def test_a_restarted_run_is_told_apart(restarted):
    assert "Segment 2 of 2" in run("log", restarted).stdout
    done = run("fit", restarted)
    assert done.exit_code == 0
    assert "segment 2 of 2" in done.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"hello", "line 1: expected a header"),
        (b"commit\tval_bpb\tstatus\n", "no rows"),
        (b"\0\1\2", "is this a binary file?"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, content, message):
    path = tmp_path / "bad.tsv"
    path.write_bytes(content)
    for command in ("log", "fit", "forecast", "compare"):
        done = run(command, path)
        assert done.exit_code == 1
        assert message in done.stderr
        assert "Traceback" not in done.stderr


def test_advice_names_options(tmp_path):
    path = tmp_path / "r.tsv"
    path.write_text("commit\tscore\tval_loss\tstatus\na\t1\t2\tkeep\nb\t1\t3\tkeep\n")
    words = run("log", path).stderr
    assert "(--metric names another one)" in words
    assert "(see --direction)" in words
    path.write_text("commit\tstatus\na\tkeep\n")
    assert "(--metric names another one)" in run("log", path).stderr


def test_a_failing_fit_names_file_and_issues(tmp_path):
    path = tmp_path / "words.tsv"
    path.write_text("commit\tval_bpb\tstatus\n" + "a\tgood\tkeep\n" * 9)
    for command, needed in (
        ("fit", "log must have at least 8 measured changes"),
        ("forecast", "fit must be a run with a measured baseline"),
    ):
        done = run(command, path)
        assert done.exit_code == 1
        assert f"words.tsv: {needed}" in done.stderr
        assert "line 2: the metric 'good' is not a number" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (("fit", "--trim", "-1"), "-1 is not a finite number >= 0"),
        (("fit", "--trim", "nan"), "nan is not a finite number >= 0"),
        (("forecast", "--trim", "inf"), "inf is not a finite number >= 0"),
        *[
            (("forecast", "--minutes", text), f"{text} is not a finite number > 0")
            for text in ("0", "-3", "nan", "inf")
        ],
        (("forecast", "--trim", "3"), "--trim goes with --family"),
        (("forecast", "--floor", "nan"), "nan is not a number"),
        (("forecast", "-n", "0"), "0 is not in the range 1<=x<=75000"),
        (("forecast", "-n", "75001"), "75001 is not in the range"),
    ],
)
def test_options_outside_their_range(results, arguments, allowed):
    command, *options = arguments
    done = run(command, results, *options)
    assert done.exit_code == 2
    assert allowed in done.stderr
    assert "Usage" in done.stderr


def test_every_option_has_a_help_text():
    for command in main.commands.values():
        for option in command.params:
            assert isinstance(option, click.Argument) or option.help, (command.name, option.name)


def test_what_was_left_out_is_said(results, tmp_path):
    text = run("fit", results).stdout
    assert "left out        2 of 124 changes as catastrophes: above 0.0" in text
    options = ("forecast", results, "-n", 5, "--family", "two-part")
    text = run(*options).stdout
    assert "fitted          two-part, to 122 changes" in text
    assert "2 of 124 changes as catastrophes" in text
    assert "none (--trim 0)" in run(*options, "--trim", 0).stdout
    many = run("fit", results, "--trim", 1)
    assert "compare with --trim 0" in many.stderr


def test_changes_that_are_mostly_equal_leave_out_none(tmp_path):
    path = tmp_path / "ties.tsv"
    rows = ["a\t1.0\tkeep"] + ["b\t1.1\tdiscard"] * 12 + ["c\t0.9\tkeep", "d\t1.5\tdiscard"]
    path.write_text("\n".join(["commit\tval_bpb\tstatus", *rows]) + "\n")
    text = run("fit", path, "--family", "two-part").stdout
    assert "left out        none: half of the changes are equal" in text
    assert "gain_decay    1, not identified   95 %: any value" in text  # of a single gain
    assert "too short to hold a part out" in text
    assert "inf" not in text


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_file_cannot_steer_the_terminal(tmp_path, options):
    path = tmp_path / "red\x1b[31m.tsv"
    rows = [f"a\t{1 - i / 100}\tkeep\tx" for i in range(4)]
    head = "commit\tval_\x1b]0;title\x07\x9b2J\tstatus\tdescription\n"
    path.write_text(head + "\n".join([*rows, "b\t\x1b[2J\tk\x9bp\tx"]))
    for command in ("log", "fit", "compare"):
        done = run(command, path, *options)
        assert "val_" in done.output or command != "log"
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", done.stdout + done.stderr)
    done = run("log", path, "--metric", "none")
    assert "\x1b" not in done.stderr


def test_too_short_a_run_is_said(tmp_path):
    path = tmp_path / "short.tsv"
    path.write_text("commit\tval_bpb\tstatus\na\t1.0\tkeep\nb\t0.9\tkeep\n")
    assert run("log", path).exit_code == 0
    done = run("fit", path)
    assert done.exit_code == 1
    assert "at least 8 measured changes" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [("log",), ("log", "no-such-file.tsv"), ("fit", "x", "--family", "cauchy"), ("sing",)],
)
def test_a_wrong_command_line_exits_with_2(arguments):
    done = run(*arguments)
    assert done.exit_code == 2
    assert "Usage" in done.stderr


def test_help_names_all_commands():
    text = run("--help").stdout
    assert all(command in text for command in ("log", "fit", "forecast", "compare"))
