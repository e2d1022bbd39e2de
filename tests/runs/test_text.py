"""The text of a log: where its limits are, and what its cells and names mean."""

import pytest

from arbook.logs import LogError
from arbook.runs.text import (
    decode,
    header_of,
    is_only_baseline,
    kind_of,
    name_of,
    names_baseline,
    number_of,
    split_cells,
    status_of,
)


def test_a_log_has_at_most_a_hundred_megabytes():
    with pytest.raises(LogError, match="at most 100000000 bytes, got 100000001"):
        decode(bytes(100_000_001))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_doubt_about_the_encoding(encoding):
    assert decode("γ".encode(encoding)) == ("γ", 0)


@pytest.mark.parametrize("first", ["x", '"x"'])
def test_a_thousand_cells_are_told_apart(first):
    cells, _ = split_cells("\t".join([first, *["x"] * 999]), "\t")
    assert cells == ["x"] * 1000
    cells, _ = split_cells("\t".join([first, *["x"] * 1499]), "\t")
    assert cells == [*["x"] * 1000, "\t".join(["x"] * 500)]


def test_an_empty_cell_may_come_first():
    assert split_cells('\t"a\tb', "\t") == (["", '"a', "b"], True)


def test_of_a_long_cell_the_beginning_counts():
    assert [status_of(" " * n + "keep") for n in (196, 197)] == ["keep", "other"]
    assert [number_of("0" * n + "1") for n in (99, 100)] == [1.0, None]
    assert name_of("a" * 250) == "a" * 200
    assert [names_baseline("", "x" * n + "baseline") for n in (192, 193)] == [True, False]
    assert [is_only_baseline("baseline" + " " * n + "x") for n in (192, 191)] == [True, False]


def test_a_commit_may_be_called_a_baseline():
    assert names_baseline("__Baseline__", "beats what was there")
    assert not names_baseline("a1", "beats what was there")


def metric_of(*names, rows):
    """Return which column is the metric, and which others could be."""
    return header_of("\t".join([*names, "status"])).metric(rows)


def test_half_of_a_metrics_cells_are_numbers_or_more():
    assert metric_of("commit", "value", rows=[["a", "1"], ["b", "-"]]) == (1, [])
    assert metric_of("commit", "value", rows=[["a", "1"], ["b", "-"], ["c", "-"]]) == (None, [])
    assert metric_of("commit", "value", rows=[]) == (None, [])


def test_what_is_held_out_goes_first_and_training_last():
    row = [["a", "1", "2"]]
    assert metric_of("commit", "val_bpb", "val_loss", rows=row) == (1, [])
    assert metric_of("commit", "loss", "test_loss", rows=row) == (2, [1])
    assert metric_of("commit", "train_loss", "loss", rows=row) == (2, [1])


def test_where_nothing_else_is_there_a_time_may_be_the_metric():
    assert metric_of("commit", "batch", "time", rows=[["a", "1", "2"]]) == (2, [2, 1])


def test_one_cell_is_no_header():
    assert header_of("status") is None
    assert header_of("commit\tstatus") is not None


@pytest.mark.parametrize(
    ("line", "between_blanks"),
    [
        ("commit val_bpb status", True),
        ("commit status val_bpb", True),
        ("val_bpb status", False),
        ("status of what", False),
        ("one two three four", False),
    ],
)
def test_names_between_blanks(line, between_blanks):
    assert ("between blanks" in kind_of([line])) == between_blanks
