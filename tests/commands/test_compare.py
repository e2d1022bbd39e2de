"""`arbook compare`: a row for each run, whatever some of the files are."""

import json

import pytest
from command import run


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
    folder = tmp_path / "empty"
    folder.mkdir()
    done = run("compare", tmp_path / "none.tsv", folder, results, "--json")
    assert done.exit_code == 1
    answer = json.loads(done.stdout)
    assert [row["source"] for row in answer["runs"]] == ["results.tsv"]
    none, empty = answer["warnings"]
    assert "none.tsv: No such file" in none
    assert empty.startswith(f"{folder}: no log in the folder")
    assert run("compare", folder).exit_code == 1


def test_compare_takes_a_pattern_and_a_folder(results, tmp_path):
    (tmp_path / "other.tsv").write_bytes(results.read_bytes())
    lines = run("compare", tmp_path / "*.tsv").stdout.splitlines()[1:]
    assert [line.split()[0] for line in lines] == ["other.tsv", "results.tsv"]
    assert run("compare", tmp_path).stdout.splitlines()[1].split()[0] == "results.tsv"


def test_compare_has_a_dash_where_there_is_no_number(tmp_path):
    path = tmp_path / "crashes.tsv"
    path.write_text("commit\tval_bpb\tstatus\n" + "a\t0\tcrash\n" * 3)
    text = run("compare", path).stdout
    assert "nan" not in text
    assert text.splitlines()[1].split() == ["crashes.tsv", "3", "0", "0.0%", *"-----"]
