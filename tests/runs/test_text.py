"""The text of a log: where its limits are, and what its cells and names mean."""

import pytest

from arbook.logs import LogError
from arbook.runs.cells import number_of
from arbook.runs.tables import split_cells
from arbook.runs.text import decode, name_of
from arbook.runs.words import is_only_baseline, names_baseline, status_of


def test_a_log_has_at_most_a_hundred_megabytes():
    with pytest.raises(LogError, match="at most 100000000 bytes, got 100000001"):
        decode(bytes(100_000_001))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_doubt_about_the_encoding(encoding):
    assert decode("γ".encode(encoding)) == ("γ", [])


@pytest.mark.parametrize("data", [b"\nab\0", b"\na\xff"])
def test_lines_before_a_fault_count_if_they_are_empty_too(data):
    _, [(line, _)] = decode(data)
    assert line == 2


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
