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


@pytest.fixture
def groups(tmp_path):
    """Return the paths of four runs in each of two folders."""
    paths = []
    for folder, gains in {"a": (30, 35, 50, 42), "b": (10, 20, 15, 11)}.items():
        (tmp_path / folder).mkdir()
        for number, gain in enumerate(gains):
            path = tmp_path / folder / f"{number}.tsv"
            rows = ["a1\t1.0\tkeep", f"a2\t{1 - gain / 100:.2f}\tkeep", "a3\t1.1\tdiscard"]
            path.write_text("\n".join(["commit\tval_bpb\tstatus", *rows]) + "\n")
            paths.append(path)
    return paths


def test_folders_are_groups(groups):
    done = run("compare", *groups)
    assert done.exit_code == 0
    assert "a (4 runs) and " in done.stdout
    assert "after 2 experiments" in done.stdout
    assert "superiority     100% of pairs" in done.stdout
    assert f"better          {groups[0].parent} (chance 0.029" in done.stdout
    (pair,) = json.loads(run("compare", *groups, "--json").stdout)["groups"]
    assert pair["winner"] == str(groups[0].parent)
    assert pair["difference"] == pytest.approx(0.2525)


def test_no_winner_is_crowned_from_a_night_each(groups):
    done = run("compare", groups[0], groups[4])
    assert "One run each: this does not tell which is better" in done.stderr
    assert "better" not in done.stdout
    few = run("compare", *groups[:3], groups[4]).stdout
    assert "better          these runs do not tell" in few
    assert "one run has no spread" in few
    assert "nan" not in few
    assert "inf" not in few
