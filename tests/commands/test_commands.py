"""The command `arbook`: answers, JSON, exit codes, and messages that name file and line."""

import json
import math
import re
import shutil
import subprocess
import sysconfig

import click
import pytest
from click.testing import CliRunner

from arbook import logs
from arbook.cli import main

RUN = logs.load_run("h100-mar8")


@pytest.fixture
def results(tmp_path):
    """Return the path of a log with 125 experiments."""
    rows = ["commit\tval_bpb\tstatus\tdescription"]
    for i, (value, status) in enumerate(zip(RUN.value, RUN.status, strict=True)):
        rows.append(f"{i:07x}\t{0.0 if math.isnan(value) else value:.6f}\t{status}\tchange {i}")
    path = tmp_path / "results.tsv"
    path.write_text("\n".join(rows) + "\n")
    return path


@pytest.fixture
def restarted(tmp_path):
    path = tmp_path / "restarted.tsv"
    rows = ["commit\tval_bpb\tstatus\tdescription", "a1\t1.0\tkeep\tbaseline"]
    rows += [f"a{i}\t{1 - i / 100:.2f}\tkeep\tchange {i}" for i in range(2, 6)]
    rows += ["b1\t1.2\tkeep\tbaseline"]
    rows += [f"b{i}\t{1.2 - math.sqrt(i) / 100:.4f}\tkeep\tchange {i}" for i in range(2, 14)]
    path.write_text("\n".join(rows))
    return path


def run(*arguments, **options):
    return CliRunner().invoke(main, [str(a) for a in arguments], **options)


def test_the_command_is_installed(results):
    command = shutil.which("arbook", path=sysconfig.get_path("scripts"))
    done = subprocess.run([command, "log", results], capture_output=True, text=True, check=True)
    assert "125 after the baseline: 22 kept, 102 discarded, 1 crashed" in done.stdout
    assert "0.9979 to 0.969686, a gain of 0.028214" in done.stdout
    assert "17.6%" in done.stdout


def test_log_in_json_has_the_numbers_of_the_log(results):
    done = run("log", results, "--json")
    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    [part] = answer["segments"]
    assert part["gain_area"] == pytest.approx(RUN.gain_area)
    assert part["keep_rate_by_position"][0] == {
        "from": 0,
        "to": 9,
        "kept": 8,
        "rate": 0.8,
        "low": pytest.approx(0.490, abs=5e-4),
        "high": pytest.approx(0.943, abs=5e-4),
    }
    assert part["share_of_three_largest"] == pytest.approx(0.69, abs=0.005)
    assert part["noise"]["std"] is None


def test_standard_input_is_a_file(results):
    done = run("log", "-", "--json", input=results.read_bytes())
    assert json.loads(done.stdout)["segments"][0]["kept"] == 22


def test_plot_writes_a_picture(results, tmp_path):
    picture = tmp_path / "progress.png"
    assert run("log", results, "--plot", picture).exit_code == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    done = run("log", results, "--plot", tmp_path / "no" / "folder.png")
    assert done.exit_code == 1
    assert "folder.png" in done.stderr


def test_fit_is_that_of_the_package(results):
    done = run("fit", results, "--json")
    [found] = json.loads(done.stdout)["fits"]
    assert found["estimates"] == pytest.approx(logs.fit(RUN).estimates, rel=1e-6)
    assert found["n_catastrophes"] == 2
    text = run("fit", results).stdout
    assert "sigma0        0.00357" in text
    assert "gamma         0.98767 ± 0.0018" in text


def test_fit_without_a_rule_for_catastrophes(results):
    [found] = json.loads(run("fit", results, "--trim", 0, "--json").stdout)["fits"]
    assert found["estimates"]["mu"] == pytest.approx(-0.0017, abs=5e-5)
    assert found["threshold"] is None


def test_fit_all_is_sorted_by_aic(results):
    found = json.loads(run("fit", results, "--family", "all", "--json").stdout)["fits"]
    aic = [row["aic"] for row in found]
    assert len(found) == 5
    assert aic == sorted(aic)


def test_forecast_is_that_of_the_package(results):
    done = run("forecast", results, "-n", 50, "--minutes", 5, "--seed", 3, "--json")
    answer = json.loads(done.stdout)
    made = logs.forecast(logs.fit(RUN, family="two-part"), 50, minutes=5, seed=3)
    assert list(answer["improvement"].values()) == pytest.approx(
        made.quantiles().tolist(), rel=1e-6
    )
    assert answer["hours"] == pytest.approx(50 * 5 / 60)
    text = run("forecast", results, "-n", 50, "--minutes", 5).stdout
    assert "50 more experiments, 4.2 hours" in text


def test_compare_puts_runs_side_by_side(results, restarted):
    done = run("compare", results, restarted)
    lines = done.stdout.splitlines()
    assert len(lines) == 4  # a head, one run, two segments
    assert [line.split()[0] for line in lines[1:]] == [
        "results.tsv",
        "restarted.tsv#1",
        "restarted.tsv#2",
    ]
    assert "baselines differ" in done.stderr
    answer = json.loads(run("compare", results, restarted, "--json").stdout)
    gains = [row["gain"] for row in answer["runs"]]
    assert gains == pytest.approx([0.028214, 0.05, 0.0361])
    assert [row["segment"] for row in answer["runs"]] == [None, 1, 2]
    assert "baselines differ" in " ".join(answer["warnings"])
    assert "restarted.tsv: 1 issue" in done.stderr


def test_compare_names_what_it_cannot_read_and_goes_on(results, tmp_path):
    empty = tmp_path / "empty.tsv"
    empty.write_bytes(b"commit\tval_bpb\tstatus\n")
    done = run("compare", empty, results)
    assert done.exit_code == 1
    assert "no rows" in done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()[1:]] == ["results.tsv"]


def test_compare_tells_files_of_one_name_apart(results, tmp_path):
    paths = [tmp_path / day / "results.tsv" for day in ("mon", "tue")]
    for path in paths:
        path.parent.mkdir()
        path.write_bytes(results.read_bytes())
    lines = run("compare", *paths, results).stdout.splitlines()[1:]
    assert [line.split()[0] for line in lines] == [str(path) for path in (*paths, results)]


def test_compare_goes_on_without_a_missing_file_and_a_folder(results, tmp_path):
    done = run("compare", tmp_path / "none.tsv", tmp_path, results, "--json")
    assert done.exit_code == 1
    answer = json.loads(done.stdout)
    assert [row["source"] for row in answer["runs"]] == ["results.tsv"]
    none, folder = answer["warnings"]
    assert "none.tsv: No such file" in none
    assert folder.startswith(f"{tmp_path}: ")
    assert run("compare", tmp_path).exit_code == 1


def test_compare_has_a_dash_where_there_is_no_number(tmp_path):
    path = tmp_path / "crashes.tsv"
    path.write_text("commit\tval_bpb\tstatus\n" + "a\t0\tcrash\n" * 3)
    text = run("compare", path).stdout
    assert "nan" not in text
    assert text.splitlines()[1].split() == ["crashes.tsv", "3", "0", "0.0%", *"-----"]


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


def test_nothing_vanishes_silently(results):
    with results.open("a") as file:
        file.write("zzz\tN/A\tdiscard\tno number\n")
    done = run("log", results)
    assert "line 128" in done.stderr
    issues = json.loads(run("log", results, "--json").stdout)["issues"]
    assert [issue["line"] for issue in issues] == [128]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"hello", "line 1: expected a header"),
        (b"commit\tval_bpb\tstatus\n", "no rows"),
        (b"\0\1\2", "line 1: expected text"),
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


def test_a_run_without_a_measured_keep_has_no_frontier(tmp_path):
    path = tmp_path / "commas.csv"
    path.write_text("commit;val_loss;status\na;2,31;keep\nb;2,30;keep\n")
    done = run("log", path)
    assert "none: no row was kept with a number as its val_loss" in done.stdout
    assert "nan" not in done.stdout
    assert "write a point, not a comma" in done.stderr


def test_crashes_before_the_baseline_are_experiments(tmp_path):
    path = tmp_path / "crashes.tsv"
    rows = ["a\t0\tcrash"] * 5 + ["b\t1.2\tkeep", "c\t0\tcrash", "d\t1.1\tkeep", "e\t1.3\tdiscard"]
    path.write_text("commit\tval_bpb\tstatus\n" + "\n".join(rows))
    done = run("log", path)
    words = "8 besides the baseline, 5 of them before it: 1 kept, 1 discarded, 6 crashed"
    assert words in done.stdout
    assert "line 2: no baseline; the first row kept with a metric is line 7" in done.stderr
    path.write_text("commit\tval_bpb\tstatus\n" + "a\t0\tcrash\n" * 12)
    assert "12 without a baseline: 0 kept, 0 discarded, 12 crashed" in run("log", path).stdout


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
    for command in ("fit", "forecast"):
        done = run(command, path)
        assert done.exit_code == 1
        assert "words.tsv: log must have at least 8 measured changes" in done.stderr
        assert "line 2: the metric 'good' is not a number" in done.stderr


def test_a_log_with_one_row(tmp_path):
    path = tmp_path / "one.tsv"
    path.write_text("commit\tval_bpb\tstatus\na\t1.0\tkeep\n")
    done = run("log", path)
    assert done.exit_code == 0
    assert "nan" not in done.stdout
    assert "1: the log has its baseline and no experiment" in done.stdout


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
    text = run("forecast", results, "-n", 5).stdout
    assert "fitted          two-part, to 122 changes" in text
    assert "2 of 124 changes as catastrophes" in text
    assert "none (--trim 0)" in run("forecast", results, "-n", 5, "--trim", 0).stdout
    many = run("fit", results, "--trim", 1)
    assert "compare with --trim 0" in many.stderr


def test_no_frontier_goes_beyond_the_floor(results):
    options = ("forecast", results, "-n", 200, "--floor")
    assert "at the bound    of 0.969 with " in run(*options, "0.969").stdout
    answer = json.loads(run(*options, "0.969", "--json").stdout)
    assert answer["improvement"]["q90"] <= 0.969686 - 0.969 + 1e-12
    assert answer["at_floor"] > 0.1
    assert json.loads(run(*options, "-inf", "--json").stdout)["floor"] is None
    done = run(*options, "0.98")
    assert done.exit_code == 1
    assert "floor must be a number <= 0.969686" in done.stderr


def test_a_failing_picture_leaves_the_answer(tmp_path):
    path = tmp_path / "crashes.tsv"
    path.write_text("commit\tval_bpb\tstatus\n" + "a\t0\tcrash\n" * 3)
    for options in ((), ("--json",)):
        done = run("log", path, "--plot", tmp_path / "p.png", *options)
        assert done.exit_code == 1
        assert "crashes.tsv" in done.stdout
        assert "p.png" in done.stderr


def test_a_picture_without_an_ending_is_a_png(results, tmp_path):
    done = run("log", results, "--plot", tmp_path / "z")
    assert f"picture         {tmp_path / 'z.png'}" in done.stdout
    assert (tmp_path / "z.png").exists()


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
