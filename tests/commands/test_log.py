"""`arbook log`: what happened, in words and numbers, and a picture."""

import json

import pytest
from command import RUN, run


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


def test_plot_writes_a_picture(results, tmp_path):
    picture = tmp_path / "progress.png"
    assert run("log", results, "--plot", picture).exit_code == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    done = run("log", results, "--plot", tmp_path / "no" / "folder.png")
    assert done.exit_code == 1
    assert "folder.png" in done.stderr


def test_nothing_vanishes_silently(results):
    with results.open("a") as file:
        file.write("zzz\tN/A\tdiscard\tno number\n")
    done = run("log", results)
    assert "line 128" in done.stderr
    issues = json.loads(run("log", results, "--json").stdout)["issues"]
    assert [issue["line"] for issue in issues] == [128]


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


def test_a_log_with_one_row(tmp_path):
    path = tmp_path / "one.tsv"
    path.write_text("commit\tval_bpb\tstatus\na\t1.0\tkeep\n")
    done = run("log", path)
    assert done.exit_code == 0
    assert "nan" not in done.stdout
    assert "1: the log has its baseline and no experiment" in done.stdout


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
