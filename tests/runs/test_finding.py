"""Which log a folder or a pattern means: the likeliest first, and the others are named."""

import os

import pytest

from arbook.logs import read_log
from arbook.runs import finding
from arbook.runs.finding import find_log, find_logs


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(*names):
    for name in names:
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
        with open(name, "w", encoding="utf-8") as file:
            file.write("commit\tloss\tstatus\na\t1\tkeep\n")


def test_in_a_folder_known_names_go_first_then_what_is_less_deep_then_the_alphabet():
    logs = [
        *("d/autoresearch.jsonl", "d/results.tsv", "d/trials.csv", "d/a/results.csv"),
        *("d/b/results.csv", "d/a/b/runs.csv", "d/a.tsv", "d/z.jsonl", "d/a/a.csv"),
    ]
    write(*logs[::-1], "d/notes.txt", "d/.git/results.tsv", "d/a/node_modules/results.tsv")
    assert find_logs("d") == logs


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ([], ""),
        (["a.csv"], "; 'a.csv' could be it as well (name it)"),
        (
            ["a.csv", "b.csv", "c/d.csv"],
            "; 'a.csv', 'b.csv', 'c/d.csv' could be it as well (name it)",
        ),
        (
            ["a.csv", "b.csv", "c.csv", "d.csv"],
            "; 'a.csv', 'b.csv', 'c.csv' ... could be it as well (name it)",
        ),
    ],
)
def test_the_log_that_was_found_is_said_and_three_others(others, said):
    write("d/results.tsv", *(f"d/{name}" for name in others))
    expected = ("d/results.tsv", f"'results.tsv' is the log that was found in 'd'{said}")
    assert find_log("d") == expected
    assert [str(issue) for issue in read_log("d").issues] == [f"line 1: {expected[1]}"]
    assert find_log("d/results.tsv") == ("d/results.tsv", "")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.tsv", ["a.tsv", "b.tsv"]),
        ("**/*.tsv", ["a.tsv", "b.tsv", "c/d/e.tsv", "c/f.tsv"]),
        (".h/*", [".h/g.csv"]),
        ("*/g.csv", [".h/g.csv"]),
        ("c*", ["c1"]),  # a folder is no log
        ("[ab].tsv", ["a.tsv", "b.tsv"]),
        ("[0].csv", ["[0].csv"]),  # the name of a file
        ("none.tsv", ["none.tsv"]),  # to open it says that there is none
    ],
)
def test_a_pattern_means_files_in_the_order_of_the_alphabet(pattern, found):
    write("b.tsv", "a.tsv", "c/f.tsv", "c/d/e.tsv", ".h/g.csv", "c1", "[0].csv", "0.csv")
    assert find_logs(pattern) == found


def test_what_a_pattern_found_is_named_from_its_folder():
    write("d/b.tsv", "d/a.tsv")
    assert find_log("d/*.tsv")[1].startswith("'a.tsv' is the log that was found in 'd/*.tsv'; 'b")
    write("c.tsv")
    assert find_log("c*.tsv") == ("c.tsv", "'c.tsv' is the log that was found in 'c*.tsv'")


@pytest.mark.parametrize(
    ("name", "words"), [("d", "no log in the folder 'd'"), ("d/x*", "no file")]
)
def test_where_nothing_is_found_this_is_said(name, words):
    write("d/notes.txt")
    with pytest.raises(FileNotFoundError, match=words):
        find_log(name)


def test_ten_thousand_files_are_looked_at(monkeypatch):
    """Of a large folder, such as that of a user, the rest would take too long."""
    for before, found in ((9_999, [os.path.join("d", "a.tsv")]), (10_000, [])):
        tree = [("d", [], ["x"] * before), ("d", [], ["a.tsv"])]
        monkeypatch.setattr(os, "walk", lambda _, tree=tree: iter(tree))
        assert list(finding._files_in("d")) == found
