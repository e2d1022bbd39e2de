"""The text of a log: where its limits are, and what its cells and names mean."""

import math

import pytest

from arbook.runs.cells import column_of, number_of, quantity_of, unit_of
from arbook.runs.columns import Columns, Sheet, is_status_name
from arbook.runs.rows import Wishes, agent_column, cell_of, row_of, stride_of
from arbook.runs.tables import Shape, named_headers, split_cells
from arbook.runs.text import LogError, decode, name_in, name_of, short, split_lines
from arbook.runs.words import (
    direction_of,
    direction_said,
    is_only_baseline,
    is_repeat,
    names_baseline,
    status_of,
)

NAN = math.nan


def test_a_log_has_at_most_a_hundred_megabytes():
    with pytest.raises(LogError, match="at most 100000000 bytes, got 100000001"):
        decode(bytes(100_000_001))

    class Long(bytes):
        def __len__(self):
            return 100_000_000

    assert decode(Long(b"a")) == ("a", [])


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


def test_words_are_found_in_the_beginning_of_a_text_only():
    assert [status_of(" " * n + "\u2705") for n in (199, 200)] == ["keep", "other"]
    assert [is_repeat("x" * n + "; rerun") for n in (193, 194)] == [True, False]
    words = "lower is better"
    assert [direction_said(" " * n + words) for n in (285, 286)] == ["min", None]


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        # signs, of which the first counts
        ("\u2705", "keep"), ("\u274c \U0001f4a5", "discard"), ("\u2192", "other"),
        # two or three words that are one
        ("out of memory again", "crash"), ("timed out again", "crash"), ("out of luck", "other"),
        ("rolled back", "discard"), ("no improvement yet", "discard"),
        # what failed, but not what was kept or discarded
        ("checks failed", "crash"), ("kept failed", "keep"), ("checks passed", "other"),
        # the first word
        ("discard (it is so much worse)", "discard"), ("it was worse", "other"),
        # Chinese and Japanese, without blanks
        ("\u5df2\u4fdd\u7559", "keep"), ("\u672a\u4fdd\u7559", "discard"),
        ("\u5df2\u653e\u5f03", "discard"), ("\u8fd0\u884c\u5d29\u6e83", "crash"),
        ("\u4fdd\u7559\u6216\u653e\u5f03", "other"), ("\u7b49\u5f85", "other"),
        # words between underscores: a decision if no other contradicts it
        ("keep_wider", "keep"), ("keep_best", "keep"), ("keep_discard", "other"),
        ("keep_pending", "other"), ("discard_keep", "discard"), ("crash_oom", "crash"),
        ("best_of_three", "other"), ("error_rate", "other"), ("drop_lr", "other"),
        ("checks_failed", "crash"), ("no_output", "crash"), ("no_luck", "other"),
        ("my_score", "other"), ("done_failed", "other"),
    ],
)  # fmt: skip
def test_a_cell_says_what_became_of_a_row(cell, status):
    assert status_of(cell) == status


def test_what_a_name_says_of_its_direction_goes_before_its_words():
    assert direction_of("accuracy (lower is better)") == "min"


def test_a_commit_may_be_called_a_baseline():
    assert names_baseline("__Baseline__", "beats what was there")
    assert not names_baseline("a1", "beats what was there")


def test_a_log_has_at_most_fifty_thousand_lines():
    assert len(split_lines(50_000 * "\n")) == 50_001  # the last one is empty
    with pytest.raises(LogError, match=r"^line 50001: expected at most 50000 lines$"):
        split_lines(50_001 * "\n")


def test_a_lone_carriage_return_ends_a_line_where_nothing_else_does():
    assert split_lines("\ufeffa\rb") == ["a", "b"]
    assert split_lines("a\rb\r\nc") == ["a\rb", "c"]


def test_of_a_long_text_a_message_has_the_beginning():
    assert short(" " + 40 * "a" + " ") == 40 * "a"
    assert short(41 * "a") == 37 * "a" + "..."


def test_a_long_name_is_compared_by_its_beginning():
    assert name_in(198 * "a" + " b") == 198 * "a" + "_b"
    assert name_in(199 * "a" + " b") == 199 * "a"
    assert name_in(201 * "\u72b6") == 200 * "\u72b6"


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        (b"", "'select * from TABLE'"),
        (b"CREATE TABLE runs (x)", "'select * from runs'"),
        (b"CREATE TABLE sqlite_sequence (x)CREATE TABLE runs (x)", "'select * from runs'"),
        (
            b"".join(b"CREATE TABLE t%d (x)" % i for i in (1, 2, 3, 4, 5, 6)),
            "'select * from t1' (its tables: t1, t2, t3, t4, t5)",
        ),
        (b"CREATE TABLE a (x)CREATE TABLE b (x)", "'select * from a' (its tables: a, b)"),
        (b"CREATE TABLE trial_values (x)", "study.trials_dataframe().to_csv('trials.csv')"),
        (b"CREATE TABLE latest_metrics (x)", "mlflow experiments csv -x ID -o runs.csv"),
    ],
)
def test_a_database_says_how_to_write_its_table(tables, words):
    with pytest.raises(LogError) as caught:
        decode(b"SQLite format 3\0" + tables)
    assert str(caught.value).endswith(words)


def test_of_a_large_database_the_beginning_is_searched():
    begins, table = b"SQLite format 3\0", b"CREATE TABLE a"
    between = bytes(500_000 - len(begins) - len(table))
    with pytest.raises(LogError, match=r"'select \* from a'$"):
        decode(begins + between + table + b"b")


# ---------------------------------------------------------------- lines


@pytest.mark.parametrize(
    ("between", "width", "line", "cells"),
    [
        # the two characters \\t are a tab where cells are lacking, and tabs stand between cells
        ("\t", 3, r"c1\t1.09\tkeep", ["c1", "1.09", "keep"]),
        ("\t", 2, "c1 \\t x\tkeep", ["c1 \\t x", "keep"]),
        (",", 3, r"c1\tkeep", [r"c1\tkeep"]),
        # so are blanks, around one decision
        ("\t", 3, "c1 1.09 keep", ["c1", "1.09", "keep"]),
        ("\t", 3, "c1 keep wider", ["c1", "keep", "wider"]),
        ("\t", 3, "c1 keep", ["c1 keep"]),
        ("\t", 3, "c1 keep discard", ["c1 keep discard"]),
        ("\t", 4, "c1 x\t1.09 keep", ["c1 x", "1.09 keep"]),
        # where blanks stand between cells, tabs do if there are enough
        (" ", 4, "c1 x\t1.09\tkeep", ["c1 x", "1.09", "keep"]),
        (" ", 5, "c1 x\t1.09\tkeep", ["c1", "x", "1.09", "keep"]),
    ],
)
def test_a_line_is_split_as_its_table_is(between, width, line, cells):
    assert Shape(between, width).split(line) == (cells, False)


@pytest.mark.parametrize(
    ("decisions", "line", "cells"),
    [
        (2, "c1 keep wider", ["c1", "", "keep", "wider"]),
        (3, "keep 1 discard", ["keep", "1", "", "discard"]),
        (1, "c1 keep wider", ["c1", "keep", "wider"]),
        (-1, "c1 keep wider", ["c1", "keep", "wider"]),
        (3, "c1 keep two words", ["c1", "", "", "keep two words"]),
    ],
)
def test_between_blanks_cells_before_the_decision_may_be_empty(decisions, line, cells):
    shape = Shape(" ", 4)
    shape.decisions = decisions
    assert shape.split(line)[0] == cells


def test_a_header_stands_in_the_first_hundred_lines():
    for before, found in ((99, [99]), (100, [])):
        lines = [*before * [""], "commit\tloss\tstatus"]
        assert [header.top for header in named_headers(lines, is_status_name)][:1] == found


# ---------------------------------------------------------------- cells


def test_the_largest_number_is_one():
    assert [number_of(cell) for cell in ("1e100", "-1e100", "1.1e100")] == [1e100, -1e100, None]


@pytest.mark.parametrize(
    ("cell", "value", "unit", "noise"),
    [
        ("1e100", 1e100, "", NAN),
        ("1e100 ms", 1e100, "ms", NAN),
        ("-1e100 ms", -1e100, "ms", NAN),
        (" " * 95 + "12 ms", 12, "ms", NAN),
        (" " * 100 + "12", 12, "", NAN),
        ("1:30", 90, "s", NAN),
        ("1:02:03", 3723, "s", NAN),
        ("1:02:03.5", 3723.5, "s", NAN),
        ("2 days 1:02", 176_520, "s", NAN),
        ("1 day 0:00:01", 86_401, "s", NAN),
        ("1h 2m 3s", 3723, "s", NAN),
        ("2min 3.5sec", 123.5, "s", NAN),
        ("3/4", 0.75, "/", NAN),
        ("3 / 1", 3, "/", NAN),
        ("1.5 ms", 1.5, "ms", NAN),
        ("1.234.567", 1_234_567, "", NAN),
        ("1,234", 1234, "", NAN),
        ("0.97 ± 0.01", 0.97, "", 0.01),
        ("0.97 ± -0.01 ms", 0.97, "ms", 0.01),
        ("0.97 (± 0.01) s", 0.97, "s", 0.01),
        ("0.97 ± 1e100", 0.97, "", 1e100),
        ("0.97 ± 2e100", 0.97, "", NAN),
        ("0.99 -> 0.97", 0.97, "", NAN),
        ("\u22125", -5, "", NAN),
    ],
)
def test_a_cell_says_a_number(cell, value, unit, noise):
    found = quantity_of(cell)
    assert (found.value, found.unit) == (value, unit)
    assert found.noise == pytest.approx(noise, rel=0, abs=0, nan_ok=True)


@pytest.mark.parametrize(
    "cell", ["2e100", "2e100 ms", " " * 96 + "12 ms", "3/0", "0,123", "-0,123", "wider", "", "ms"]
)
def test_a_cell_says_none(cell):
    assert quantity_of(cell) is None


@pytest.mark.parametrize(
    ("unit", "meaning"),
    [
        ("MB", ("bytes", 1e6)),
        ("GiB", ("bytes", 2.0**30)),
        ("mib", ("bytes", 2.0**20)),
        ("KiB", ("bytes", 2.0**10)),
        ("M tok / s", ("tok/s", 1e6)),
        ("ktok per s", ("tok/s", 1e3)),
        ("G widgets", ("widgets", 1e9)),
        ("Widgets", ("widgets", 1)),
    ],
)
def test_a_unit_measures_one_thing(unit, meaning):
    assert unit_of(unit) == meaning


MIXED = "some rows are in per cent and others not"


@pytest.mark.parametrize(
    ("cells", "name", "values", "unit", "odd"),
    [
        ("1|2", "x", [1, 2], "", {}),
        ("12 ms|13", "x", [12, 13], "ms", {}),
        ("12 ms|-|1 s", "x", [12, None, 1000], "ms", {}),
        ("1 s|950us", "latency_ms", [1000, 0.95], "ms", {}),
        ("1 s|2 s|500 ms", "x_kb", [1, 2, 0.5], "s", {}),
        ("1 s|500 ms|3", "time_ms", [1000, 500, 3], "ms", {}),
        ("12 ms|1 s|13", "x", [12, 1000, None], "ms",
         {2: "some rows are in plain numbers and others in time"}),
        ("12 ms|1 s|13|14", "x", [None, None, 13, 14], "",
         dict.fromkeys((0, 1), "some rows are in time and others in plain numbers")),
        ("1 s|2 ms|3 us|4 kB|5 kB", "x", [1, 0.002, 3e-6, None, None], "s",
         dict.fromkeys((3, 4), "some rows are in bytes and others in time")),
        ("12 ms|3 kB|2 s", "x", [12, None, 2000], "ms",
         {1: "some rows are in bytes and others in time"}),
        ("12 ms|3 kB", "x", [12, None], "ms", {1: "some rows are in bytes and others in time"}),
        ("50%|60%|0.5", "x", [50, 60, None], "%", {2: MIXED}),
        ("50%|0.5", "x", [None, 0.5], "", {0: MIXED}),
        ("3/4|1/2", "x", [0.75, 0.5], "", {}),
        ("3/4|1/2|5", "x", [0.75, 0.5, None], "",
         {2: "some rows are in plain numbers and others in /"}),
        ("1.2k|1500", "x", [1200, 1500], "", {}),
        ("1.2k|1500|1600|1M", "x", [1200, 1500, 1600, 1e6], "", {}),
        ("3 B|2 kB", "x", [3, 2000], "byte", {}),
        ("3B|2B", "x", [3e9, 2e9], "", {}),
        ("1.2m|3K", "x", [1.2e6, 3000], "", {}),
        ("2 m|3 m", "x", [2, 3], "m", {}),
        ("0,997|1,234", "x", [None, None], "", {}),
        ("1,234|2,345", "x", [1234, 2345], "", {}),
        ("0,997|1.5", "x", [None, 1.5], "", {}),
        ("0,9 wider|1,234", "x", [None, 1234], "", {}),
        ("1," + 98 * "2" + "x|1,234", "x", [None, None], "", {}),
        ("1," + 97 * "2" + "x|1,234", "x", [None, 1234], "", {}),
    ],
)  # fmt: skip
def test_a_column_has_one_unit(cells, name, values, unit, odd):
    column = column_of(cells.split("|"), name)
    assert [q and q.value for q in column.found] == values
    assert (column.unit, column.odd) == (unit, odd)


def test_noise_is_in_the_unit_of_its_column():
    found = column_of(["1 s ± 0.5 s", "20 ms ± 1 ms", "30 ms"], "x_ms").found
    assert [q.noise for q in found[:2]] == [500, 1]
    found = column_of(["1 s ± 0.5 s", "20 ms ± 1 ms"], "x_s").found
    assert [(q.value, q.noise) for q in found] == [(1, 0.5), (0.02, 0.001)]


# ---------------------------------------------------------------- rows


@pytest.mark.parametrize(
    ("n_rows", "width", "stride"),
    [
        (0, 1, 1), (1999, 30, 1), (2000, 30, 2), (2000, 29, 2), (1999, 31, 2), (1935, 31, 2),
        (1934, 31, 1), (28, 2069, 2), (5, 60_000, 6), (5, 60_001, 6), (5, 30_001, 6),
        (5, 30_000, 3),
    ],
)  # fmt: skip
def test_so_far_apart_stand_the_rows_of_a_sample(n_rows, width, stride):
    assert stride_of(n_rows, width) == stride


def test_a_row_may_end_before_a_column():
    assert [cell_of(["a", "b"], column) for column in (0, 1, 2, None)] == ["a", "b", "", ""]


@pytest.mark.parametrize(
    ("cells", "column"), [("a b", 1), ("a a", None), ("a -", 1), ("a ?", None), ("? ?", None)]
)
def test_agents_are_told_apart_where_there_are_several(cells, column):
    sample = [["c1", "" if cell == "?" else cell] for cell in cells.split()]
    assert agent_column(Sheet(["commit", "agent"], sample, 1)) == column


ROWS = Sheet(["commit", "loss", "status", "state", "memory_mb"], [], 1)
UNKNOWN = "the status 'shipped' is not known; taken as 'other' (status= maps it)"


@pytest.mark.parametrize(
    ("cells", "status", "wishes", "expected", "said"),
    [
        ("c1 5 keep ok", 2, {}, "keep", None),
        ("c1 5 keep failed", 2, {}, "crash", None),
        ("c1 crash shipped ok", 2, {}, "crash", None),
        ("c1 crash keep ok", 2, {}, "keep", None),
        ("c1 5 shipped ok", 2, {}, "other", UNKNOWN),
        ("c1 5 SHIPPED ok", 2, {"status": {"shipped": "keep"}}, "keep", None),
        ("c1 5 shipped ok", 2, {"best": True}, "other", None),
        ("c1 5 keep ok", 2, {"best": True}, "other", None),
        ("c1 5 keep failed", 2, {"best": True}, "crash", None),
        ("c1 5 keep pruned", 2, {}, "keep", None),
        ("c1 5 - pruned", None, {}, "discard", None),
        ("c1 5 - pruned", None, {"best": True}, "out", None),
        ("c1 5 - ok", None, {}, "other", None),
    ],
)
def test_a_row_has_one_status(cells, status, wishes, expected, said):
    heard = []
    columns = Columns(status=status, state=3, metric=1, commit=0)
    row = row_of(
        ROWS, columns, 7, cells.split(), None, Wishes(**wishes), lambda *what: heard.append(what)
    )
    assert row.status == expected
    assert (row.line, row.metric, row.commit, row.agent) == (7, cells.split()[1], "c1", "")
    assert math.isnan(row.memory)
    assert heard == ([(7, said)] if said else [])


def test_a_row_has_its_memory_and_agent():
    columns = Columns(status=2, metric=1, memory=4)
    cells = ["c1", "5", "keep", "failed", "2048"]
    row = row_of(ROWS, columns, 7, cells, 0, Wishes(), lambda *_: None)
    assert (row.memory, row.agent, row.status) == (2.0, "c1", "keep")
