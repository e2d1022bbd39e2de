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


def log_of(tmp_path, *rows, header="commit\tval_bpb\tstatus\tagent"):
    path = tmp_path / "some.tsv"
    path.write_text("\n".join([header, *rows]))
    return path


def test_where_a_run_stands_is_said_with_its_rule(tmp_path):
    rows = ["a\t1.0\tkeep\tx", "b\t0.9\tkeep\tx", *["c\t1.1\tdiscard\tx"] * 12]
    text = run("log", log_of(tmp_path, *rows)).stdout
    assert "plateauing: none in the last 10 experiments, but in the last 30" in text
    assert "experiments since the last improvement: 12" in text
    assert "1 of the last 13 kept, 8%" in text
    [part] = json.loads(run("log", log_of(tmp_path, *rows), "--json").stdout)["segments"]
    assert (part["since_improvement"], part["state"]) == (12, "plateauing")
    assert part["recent"]["kept"] == 1
    text = run("log", log_of(tmp_path, *rows, *rows[2:] * 2)).stdout
    assert "stuck: none in the last 30 experiments" in text
    assert "too early: fewer than 10" in run("log", log_of(tmp_path, *rows[:5])).stdout


def test_options_of_reading_are_those_of_read_log(tmp_path):
    path = log_of(
        tmp_path,
        *("a\t1.0\tshipped\tann", "b\t2.0\tshipped\tbo", "c\t0.9\tbinned\tann"),
        "d\t1.5\tshipped\tbo",
    )
    meaning = ("--status", "shipped=keep", "--status", "binned=discard")
    assert "--status maps it" in run("log", path).stderr
    text = run("log", path, *meaning, "--by", "agent").stdout
    assert "Segment 2 of 2 (bo), with a baseline of its own:" in text
    text = run("log", path, *meaning, "--where", "agent=bo").stdout
    assert "2 to 1.5, a gain of 0.5" in text
    text = run("log", path, "--decisions", "best").stdout
    assert "1 to 0.9, a gain of 0.1" in text
    text = run("log", path, "--status-column", "agent", "--status", "ann=keep").stdout
    assert "1 kept" in text
    for wrong, words in (("--status", "'x' is not WORD=keep"), ("--where", "is not COLUMN=VALUE")):
        done = run("log", path, wrong, "x")
        assert (done.exit_code, words in done.stderr) == (2, True)
    assert "'good' is not one of keep" in run("log", path, "--status", "x=good").stderr


def test_a_log_without_decisions_has_its_running_best(tmp_path):
    path = log_of(tmp_path, "15\tok", "12\tok", "18\tok", "25\tok", header="tflops\tstate")
    done = run("log", path)
    assert "running best    15 to 25, 2 keeps of 3 (--decisions best)" in done.stdout
    assert "no column holds decisions" in done.stderr
    assert "--decisions best takes a row as kept" in done.stderr


def test_the_log_in_a_folder_is_found_and_named(results, tmp_path):
    (tmp_path / ".auto").mkdir()
    (tmp_path / ".auto" / "log.jsonl").write_text('{"metric": 1, "status": "keep"}\n')
    done = run("log", tmp_path)
    assert done.stdout.startswith("log.jsonl: metric")
    assert "'.auto/log.jsonl' is the log that was found in" in done.stderr
    assert "; 'results.tsv' could be it as well" in done.stderr
    assert run("log", tmp_path / "r*.tsv").stdout.startswith("results.tsv: val_bpb")
    assert "no file matches" in run("log", tmp_path / "x*.tsv").stderr


def test_a_log_on_standard_input(results):
    done = run("log", "-", input=results.read_bytes())
    assert "125 after the baseline: 22 kept" in done.stdout
