"""The tables of a log: which line has the names, which lines are rows, and their cells."""

import io

import pytest

from arbook.logs import LogError, read_log
from arbook.runs.columns import is_status_name
from arbook.runs.markdown import markdown_tables
from arbook.runs.tables import Shape, headless, is_rule, named_headers, split_cells


def read(*lines, **options):
    return read_log(io.StringIO("\n".join(lines)), **options)


def headers(*lines):
    return [(header.top, header.shape.between) for header in named_headers(lines, is_status_name)]


# ---------------------------------------------------------------- lines


@pytest.mark.parametrize(
    ("shape", "line", "cells"),
    [
        (Shape(" ", 3), "c3  1.09 two words", ["c3", "1.09", "two words"]),
        (Shape("  "), "c3  1.09   two words", ["c3", "1.09", "two words"]),
        (Shape("|"), "| c3 | keep|", ["c3", "keep"]),
        (Shape("|"), "c3 | keep", ["c3", "keep"]),
        (Shape("|"), "c3 | keep |", ["c3", "keep"]),
        (Shape("|"), r"| c3 | a \| b \|", ["c3", "a | b |"]),
    ],
)
def test_a_line_has_these_cells(shape, line, cells):
    assert shape.split(line) == (cells, False)


def test_a_quoted_cell_that_is_closed_is_not_open():
    """Nor in a line that the module csv does not take."""
    for line in ('"a\tb"\tc', '"a"\tb\rc', "\t".join(['"a"'] * 1500)):
        assert split_cells(line, "\t")[1] is False


def test_a_drawn_line_has_fewer_than_two_thousand_signs():
    assert [is_rule("-" * n) for n in (1, 1999, 2000)] == [True, True, False]
    assert not is_rule(" ")


# ---------------------------------------------------------------- names


ROW, PROSE, DRAWN = "1,2", "hello", "--,--"


@pytest.mark.parametrize(
    ("below", "are_names"),
    [
        ([ROW], True),
        ([ROW, ROW, PROSE], True),
        ([ROW, PROSE], False),
        ([ROW, PROSE, PROSE], False),
        (["b,c"], False),  # no number
        (["", DRAWN, ROW, "", "", ROW], True),  # empty and drawn lines do not count
        ([], False),
        ([PROSE, ROW] * 10 + [ROW], False),  # twenty lines are looked at
        ([PROSE, ROW] * 9 + [PROSE, ROW, PROSE], False),
        ([ROW] * 11 + [PROSE] * 10, True),
    ],
)
def test_names_without_one_of_decisions_stand_above_rows_with_numbers(below, are_names):
    assert ((0, ",") in headers("n,loss", *below)) == are_names


ROW, PROSE, DRAWN = "a1 2.0 keep", "hello to you", "-- -- --"


@pytest.mark.parametrize(
    ("below", "are_names"),
    [
        ([ROW], True),
        ([ROW, PROSE], True),
        ([ROW, PROSE, PROSE], False),
        (["", DRAWN, ROW, "", "", ROW], True),
        ([], False),
        ([PROSE, ROW] * 10 + [PROSE], True),
        ([PROSE, ROW] * 9 + [PROSE, PROSE, ROW], False),
    ],
)
def test_names_between_blanks_stand_above_rows_of_which_half_decide(below, are_names):
    assert headers("id loss status", *below) == [(0, " ")] * are_names


def test_names_between_blanks_take_less_than_a_thousand_signs():
    for n, found in ((999, [(0, " ")]), (1000, [])):
        line = "id loss status"
        assert headers(line + "x".rjust(n - len(line)), "a1 2.0 keep") == found


def test_a_word_that_stands_alone_is_no_line_of_names():
    with pytest.raises(LogError, match=r"^line 2: "):  # which has them, but none of a metric
        read("Status", "commit\tstatus", "a1\tkeep")


def test_a_header_may_have_two_characters_for_its_tabs():
    log = read(r"commit\tloss\tstatus", r"a1\t2.0\tkeep", r"b2\t1.0\tcrash")
    assert (log.columns, log.status.tolist()) == (("commit", "loss", "status"), ["keep", "crash"])


def test_between_blanks_a_crash_may_lack_its_metric():
    log = read("commit loss gb status note", "a1 2.0 3 keep x", "b2 crash oom", "c3 1.0 3 keep y")
    assert log.status.tolist() == ["keep", "crash", "keep"]
    assert log.cells[1] == ("b2", "", "", "crash", "oom")


@pytest.mark.parametrize(
    ("lines", "top"),
    [
        (["a1\t2.0\tkeep"], None),
        (["a1\t2.0\tkeep", "b2\t1.0\tcrash"], -1),
        (["", "my log", "---", "a1|2.0|keep", "b2|1.0|crash"], 2),
        (["a1\t2.0\tkeep", "b2\t1.0\tx\tcrash"], None),
        (["a1,2.0", "keep,2.0"], None),
    ],
)
def test_two_rows_of_three_cells_need_no_names(lines, top):
    header = headless(lines)
    assert (header and (header.top, header.cells)) == (
        None if top is None else (top, ["column 1", "column 2", "column 3"])
    )


# ---------------------------------------------------------------- Markdown


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a|b -|- 1|2", {"ab": [range(3)]}),
        ("a|b -|-", {"ab": [range(2)]}),
        ("a|b -|- -|- 1|2", {"ab": [range(4)]}),
        ("a|b -|- c|d -|- 1|2", {"ab": [range(2)], "cd": [range(2, 5)]}),
        ("a|b -|- 1|2 c|d -|- 1|2", {"ab": [range(3)], "cd": [range(3, 6)]}),
        ("a|b -|- 1|2 3|4 a|b -|- 1|2 x", {"ab": [range(4), range(4, 7)]}),
        ("|a| |-| |1|", {}),  # a list
        ("a|b -|-|- 1|2", {}),
        ("a|1 -|- 1|2", {}),
        ("a|b 1|2", {}),
    ],
)
def test_where_markdown_tables_stand(text, found):
    assert markdown_tables(text.split()) == {tuple(names): at for names, at in found.items()}


def test_of_twenty_kinds_of_markdown_tables_one_may_be_the_log():
    log = "| loss | status |\n|---|---|\n| 2 | keep |\n| 1 | keep |\n"
    others = [f"| a{i} | b |\n|---|---|\n| x | y |\n" for i in range(20)]
    for before, said in ((others[:19], True), (others, False)):
        found = read(*before, log)
        assert found.value.tolist() == [2, 1]
        assert any("kinds of tables" in issue.reason for issue in found.issues) == said
