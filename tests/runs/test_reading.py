"""The log reader: one small log for every oddity, real logs where they are at hand, and fuzz."""

import csv
import dataclasses
import io
import math
import os
import re
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from any_bytes import NAMES, SEVERAL, SMALL, check_any, check_lines, log_of, mutate, small_logs
from hypothesis import example, given, settings
from hypothesis import strategies as st

from arbook import ParameterError, RunLog
from arbook.logs import (
    LogError,
    available_runs,
    keep_rate_by_position,
    load_run,
    read_log,
)
from arbook.runs.rows import stride_of
from arbook.runs.tables import split_cells

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SHIPPED = ROOT / "arbook" / "data"
RUNS = Path(os.environ.get("ARBOOK_RUNS", ROOT.parent / "shared" / "runs"))


def index_of_runs():
    if not (RUNS / "index.tsv").exists():
        return []
    with open(RUNS / "index.tsv", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


INDEX = index_of_runs()
needs_runs = pytest.mark.skipif(not INDEX, reason=f"no run logs in {RUNS} (set ARBOOK_RUNS)")


def small(name, **options):
    return read_log(SMALL / name, **options)


def text_log(*lines, header="commit\tval_bpb\tstatus\tdescription", **options):
    return read_log(io.StringIO("\n".join([header, *lines])), **options)


def lines_of(log):
    return [issue.line for issue in log.issues]


def same(values, expected):
    np.testing.assert_array_equal(values, expected)


# --- every oddity ---------------------------------------------------------------------------


def test_carriage_returns():
    log = small("crlf.tsv")
    same(log.value, [1.2, 1.1, 1.15])
    assert log.status.tolist() == ["keep", "keep", "discard"]
    assert log.description == ("baseline", "wider", "deeper")
    assert log.issues == ()


def test_lone_carriage_returns():
    log = read_log(io.BytesIO(b"commit\tval_bpb\tstatus\ra1\t1.2\tkeep\rb2\t1.1\tkeep\r"))
    same(log.value, [1.2, 1.1])


def test_no_final_newline():
    log = small("no-final-newline.tsv")
    same(log.value, [1.2, 1.1])
    assert log.description[-1] == "wider"


def test_byte_order_mark():
    log = small("bom.tsv")
    same(log.value, [1.2, 1.1])
    assert log.commit == ("a1", "b2")
    assert log.description[1] == "wider → better"


def test_utf_16():
    log = small("utf-16.tsv")
    same(log.value, [1.2, 1.1])
    assert log.description[1] == "γ = 0.97"


def test_latin_1_is_read_and_reported():
    log = small("latin-1.tsv")
    assert log.description[1] == "largeur doublée"
    assert [str(issue) for issue in log.issues] == [
        "line 3: not UTF-8; the file was read as Latin-1"
    ]


def test_upper_case_statuses():
    log = small("upper-case-status.tsv")
    assert log.status.tolist() == ["keep", "keep", "discard", "crash"]
    same(log.value, [1.2, 1.1, 1.15, np.nan])
    assert log.issues == ()


def test_words_for_statuses():
    log = small("status-words.tsv")
    assert log.status.tolist() == [
        *["keep", "keep", "discard", "discard", "keep", "discard", "crash", "other"]
    ]
    assert log.restarts == ()
    assert lines_of(log) == [9]
    assert "'pending'" in log.issues[0].reason


def test_duplicated_baseline():
    log = small("duplicated-baseline.tsv")
    assert log.restarts == (1,)
    assert lines_of(log) == [3]
    first, second = log.segments
    assert (first.n_experiments, second.n_experiments) == (0, 2)
    assert second.f0 == 1.2
    assert second.keep_rate == 0.5


def test_restarted_baseline():
    log = small("restarted-baseline.tsv")
    assert log.restarts == (2,)
    assert lines_of(log) == [4]
    first, second = log.segments
    same(first.frontier, [1.2, 1.1])
    same(second.frontier, [1.5, 1.4, 1.4])
    assert second.description[0].startswith("new machine")
    same(second.line, [4, 5, 6])


def test_a_status_of_baseline_restarts_even_where_it_is_better():
    log = text_log("a\t1.2\tbaseline\tx", "b\t1.1\tkeep\tx", "c\t1.0\tbaseline\tx")
    assert log.restarts == (2,)


def test_an_improvement_over_the_baseline_is_no_restart():
    log = text_log("a\t1.2\tkeep\tbaseline", "b\t1.1\tkeep\tbaseline batch doubled")
    assert log.restarts == ()


def test_first_row_is_a_crash():
    log = small("first-row-crash.tsv")
    same(log.value, [np.nan, np.nan, 1.3, 1.35])
    assert log.f0 == 1.3
    same(log.frontier, [np.nan, np.nan, 1.3, 1.3])
    assert log.n_experiments == 3
    assert [str(issue) for issue in log.issues] == [
        "line 2: no baseline; the first row kept with a metric is line 4, and the 2 rows before "
        "that count as experiments"
    ]
    assert log.baseline == 2
    assert log.outcomes.tolist() == ["crash", "crash", "discard"]
    assert log.keep_rate == 0  # the baseline is no success
    same(keep_rate_by_position(log, [0, 3]).kept, [0])


def test_first_row_is_discarded():
    log = text_log("a\t1.2\tdiscard\tx", "b\t1.1\tkeep\ty")
    assert (log.baseline, log.keep_rate) == (1, 0)
    assert lines_of(log) == [2]


def test_every_row_is_a_crash():
    log = text_log(*["a\t0\tcrash\tx"] * 12)
    assert log.baseline is None
    assert log.outcomes.tolist() == ["crash"] * 12
    assert "no later row was kept" in log.issues[0].reason
    assert "0 kept, 12 crashed" in repr(log)


def test_a_better_baseline_is_no_silent_gain():
    rows = ["a\t1.2\tkeep\tbaseline", "b\t1.1\tkeep\twider"]
    log = text_log(*rows, "a\t1.05\tkeep\tBaseline re-run (seed 2)", "c\t1.0\tkeep\tdeeper")
    assert log.restarts == (2,)
    log = text_log(*rows, "c\t1.05\tkeep\tbaseline with a longer warm-up")
    assert log.restarts == ()
    assert [str(issue) for issue in log.issues] == [
        "line 4: is called a baseline, and is better than all before it; counted as a gain"
    ]


def test_odd_commits():
    log = small("odd-commits.tsv")
    assert log.commit == ("uncommitted", "", "bdee7e0-dirty", "-")
    assert log.evaluated.all()


def test_rows_without_a_metric_count_and_are_reported():
    log = small("no-metric.tsv")
    same(log.value, [1.2, *[np.nan] * 5, 1.1])
    assert log.n_experiments == 6
    assert lines_of(log) == [3, 4, 5, 7]  # 6 is a crash, which needs no metric
    assert [re.search("'.*'", issue.reason)[0] for issue in log.issues] == [
        *["''", "'N/A'", "'-'", "'nan'"]
    ]


def test_decimal_commas_are_reported():
    log = text_log("a1\t2,31\tkeep\tx", "b2\t1,2,3\tkeep\tx")
    assert np.isnan(log.value).all()
    assert ["a point, not a comma" in issue.reason for issue in log.issues[:2]] == [True, False]


def test_per_cent():
    log = small("per-cent.tsv")
    same(log.value, [68.6, 70.1, np.nan, 69.9])
    assert log.direction == "max"
    assert lines_of(log) == [4]
    assert "per cent" in log.issues[0].reason


def test_sentinels():
    log = small("sentinels.tsv")
    same(log.value, [0.61, np.nan, 0.64, np.nan, 0.0])  # an accuracy of 0 can be real
    assert lines_of(log) == [3, 5]
    assert "-999.000" in log.issues[0].reason


def test_a_large_loss_is_not_a_sentinel():
    log = text_log("a\t120\tkeep\tx", "b\t999\tdiscard\tx", header="commit\tval_rmse\tstatus\tnote")
    same(log.value, [120, 999])


def test_zero_of_a_crash():
    log = small("zero-crash.tsv")
    same(log.value, [1.2, np.nan, 1.1])
    same(log.frontier, [1.2, 1.2, 1.1])
    assert log.issues == ()


def test_zero_of_an_aborted_experiment():
    log = small("zero-aborted.tsv")
    same(log.value, [1.2, np.nan, 1.1])
    assert log.status[1] == "discard"
    assert lines_of(log) == [3]


def test_zero_that_was_measured():
    log = small("zero-real.tsv")
    same(log.value, [12.5, 3.1, 0.0, 0.2])
    assert log.frontier[-1] == 0
    assert log.issues == ()


def test_zero_that_later_keeps_contradict():
    log = small("zero-not-measured.tsv")
    same(log.value, [np.nan, 3.1, 2.9])
    assert log.f0 == 3.1
    assert lines_of(log) == [2, 2]
    assert log.outcomes.tolist() == ["other", "keep"]


def test_metric_in_another_column():
    log = small("metric-elsewhere.tsv")
    assert log.metric == "val_loss"
    same(log.value, [2.31, 2.4, 2.25])
    same(log.kept, [True, False, True])


def test_metric_that_is_named():
    log = small("metric-elsewhere.tsv", metric="learning_rate", direction="max")
    assert (log.metric, log.direction) == ("learning_rate", "max")
    same(log.value, [0.1, 0.2, 0.05])
    assert small("semicolons.csv", metric="VAL_LOSS").metric == "val loss"


def test_metric_of_another_name():
    assert small("rmse.tsv").metric == "val_rmse"
    assert small("rmse.tsv").direction == "min"


def test_higher_is_better():
    log = small("higher-is-better.tsv")
    assert (log.metric, log.direction) == ("score", "max")
    same(log.frontier, [0.61, 0.61, 0.66])
    np.testing.assert_allclose(log.delta, [0.03, -0.05])
    assert log.gain_area == pytest.approx(0.05)


def test_direction_from_the_keeps():
    assert small("unnamed-direction.tsv").direction == "max"
    assert small("unnamed-direction.tsv", direction="min").direction == "min"


def test_direction_that_had_to_be_assumed_is_reported():
    log = small("no-direction.tsv")
    assert log.direction == "min"
    assert lines_of(log) == [1]
    assert small("no-direction.tsv", direction="min").issues == ()


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("val_bpb", "min"),
        ("Error rate", "min"),
        ("certified_accuracy", "max"),  # has "cer" in it, but is no character error rate
        ("power score", "max"),  # and no word error rate
        ("accuracy_loss", "min"),
        ("accuracy (lower is better)", "min"),
        ("tokens_per_second", "max"),
    ],
)
def test_direction_from_the_name(name, direction):
    assert text_log("a\t1\tkeep\tx", header=f"commit\t{name}\tstatus\tnote").direction == direction


@pytest.mark.parametrize(("name", "direction", "doubt"), NAMES)
def test_names_of_metrics(name, direction, doubt):
    log = read_log(io.BytesIO(log_of(name, direction)))
    assert (log.metric, log.direction) == (name, direction)
    assert [issue.reason for issue in log.issues] == [
        f"{name!r} was taken as the metric, for no other column looks like one "
        "(metric= names another one)"
    ] * doubt


@pytest.mark.parametrize("name", ["seconds", "latency_ms", "mfu", "total_params", "memory_gb"])
def test_what_is_beside_a_metric_is_not_taken(name):
    log = text_log("a\t3\t1.2\tkeep", header=f"commit\t{name}\tscored\tstatus")
    assert log.metric == "scored"


@pytest.mark.parametrize("name", ["step", "commit", "seed", "id"])
def test_what_is_never_a_metric(name):
    with pytest.raises(LogError, match="expected a column that holds the metric"):
        text_log("3\tkeep", header=f"{name}\tstatus")


@pytest.mark.parametrize(("one", "other", "taken"), SEVERAL)
def test_several_columns_that_could_be_the_metric(one, other, taken):
    log = text_log("a\t3\t1.2\tkeep", header=f"commit\t{one}\t{other}\tstatus")
    assert log.metric == taken
    rest = one if taken == other else other
    assert [str(issue) for issue in log.issues] == [
        f"line 1: {taken!r} was taken as the metric; {rest!r} could be it as well "
        "(metric= names another one)"
    ]
    given = text_log("a\t3\t1.2\tkeep", header=f"commit\t{one}\t{other}\tstatus", metric=one)
    assert (given.metric, given.issues) == (one, ())


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("score", (5, 4, 3), "lower was taken as better, for the kept values fall"),
        ("val_loss", (3, 4, 5), "higher was taken as better, for the kept values rise"),
    ],
)
def test_keeps_outvote_the_direction_of_a_name(name, values, words):
    rows = [f"a\t{value}\tkeep\tx" for value in values]
    header = f"commit\t{name}\tstatus\tnote"
    log = text_log(*rows, header=header)
    assert log.direction == ("min" if values[0] > values[-1] else "max")
    assert [str(issue) for issue in log.issues] == [
        f"line 1: {words}, whatever the name {name!r} says (see direction=)"
    ]
    other = "max" if log.direction == "min" else "min"
    said = [issue.reason for issue in text_log(*rows, header=header, direction=other).issues]
    assert any("but most kept values" in reason for reason in said)


def test_quotes():
    log = small("quotes.tsv")
    assert log.description == (
        'the "old" baseline',
        'window 5" wide',
        '"wide" and "deep"',
        '"unfinished',
    )
    assert log.issues == ()


def test_tabs_in_descriptions():
    log = small("tabs.tsv")
    assert log.description == ("baseline", "x0\tinit 0.1\tto 0.05", "one\tcell")
    assert lines_of(log) == [3]


def test_line_breaks_in_descriptions():
    log = small("line-breaks.tsv")
    same(log.value, [1.2, 1.1, 1.15, 1.05])
    assert log.description == (
        "baseline",
        "first line\nsecond line",
        'import os\nimport sys\nprint("x")',
        "wider",
    )
    same(log.line, [2, 3, 5, 9])
    assert lines_of(log) == [6, 8]
    assert "line 5" in log.issues[0].reason


def test_line_break_before_the_status():
    log = small("line-break-before-status.csv")
    same(log.value, [1.2, 1.1])
    assert log.description == ("baseline", "wider,\nand deeper")
    assert log.issues == ()


def test_an_open_quote_swallows_no_rows():
    log = text_log('a\t1.2\tkeep\t"base', "b\t1.1\tkeep\twider", 'c\t1.0\tkeep\tdeeper"')
    same(log.value, [1.2, 1.1, 1.0])


def test_extra_columns():
    log = small("extra-columns.tsv")
    same(log.value, [1.2, 1.3, 1.1])
    assert log.description == ("baseline", "deeper", "wider")
    assert log.issues == ()


def test_ragged_rows():
    log = small("ragged.tsv")
    same(log.value, [1.2, 1.1, 1.15, 1.16, 1.05])
    assert log.status.tolist() == ["keep", "keep", "other", "other", "keep"]
    assert log.description[1] == ""
    assert lines_of(log) == [4, 5, 5]


def test_header_only():
    log = small("header-only.tsv")
    assert log.value.size == log.n_experiments == 0
    assert math.isnan(log.keep_rate)
    assert math.isnan(log.f0)
    assert math.isnan(log.gain_area)
    assert log.issues == ()
    assert log.segments == (log,)


def test_header_again():
    log = small("header-twice.tsv")
    same(log.value, [1.2, 1.1])
    assert lines_of(log) == [3]


def test_text_before_the_header():
    log = small("preamble.tsv")
    same(log.value, [1.2, 1.1])
    same(log.line, [4, 5])
    assert lines_of(log) == [1]


@pytest.mark.parametrize(
    ("before", "after", "metric", "other"),
    [
        ("before.latency_ms before.score", "after.latency_ms after.score", 1, 0),
        ("metric_before acc_before", "metric_after acc_after", 0, 1),
        ("old_metrics.val_bpb old_metrics.acc", "new_metrics.val_bpb new_metrics.acc", 0, 1),
        ("baseline.loss baseline.acc", "result.loss result.acc", 0, 1),
        ("acc_before fitness_before", "acc_after fitness_after", 1, 0),
    ],
)
def test_which_of_two_metrics_before_and_after_is_said(before, after, metric, other):
    header = "\t".join([*before.split(), *after.split(), "status"])
    rows = ["1.0\t5\t0.9\t6\tkeep", "0.9\t6\t0.95\t5.5\tdiscard", "0.9\t6\t0.8\t7\tkeep"]
    log = text_log(*rows, header=header)
    chosen, rest = after.split()[metric], after.split()[other]
    assert log.metric == chosen
    assert any(
        issue.reason.startswith(f"{chosen!r} was taken as the metric; {rest!r} could be it as well")
        for issue in log.issues
    )


def test_a_metric_of_all_rows_goes_before_a_part_of_some():
    rows = [f"0.1\t0.{i}\t{'keep' if i % 2 else 'discard'}\t" for i in range(1, 5)]
    rows += [f"0.1\t0.{i}\tkeep\t0.{i}" for i in range(5, 8)]
    header = "fitness_before\tfitness_after\tstatus\tresult.detail.fitness"
    assert text_log(*rows, header=header).metric == "fitness_after"


def test_the_log_among_markdown_tables():
    """Rows of a table of contents are no experiments, and what was not read is said."""
    log = small("several-tables.md")
    same(log.value, [1.0, 1.08, 1.02])
    assert (log.metric, log.direction) == ("points", "max")  # a line of the text says so
    said = {issue.line: issue.reason for issue in log.issues}
    assert [line for line in said if said[line] == "in another table; not used"] == [
        *range(3, 7),
        *range(8, 12),
    ]
    assert said[15].startswith("of 3 kinds of tables the one with 'run', 'points', 'status' was")
    assert said[20] == "the header again; not used"
    assert said[13].startswith("a comment says that higher is better")


@pytest.mark.parametrize(
    ("options", "values", "top"),
    [
        ({}, [0.5, 0.6, 0.55, 0.65], 11),  # the log with more decisions
        ({"metric": "val_bpb"}, [1.0, 0.98, 1.02], 3),
        ({"status_column": "status"}, [1.0, 0.98, 1.02], 3),
        ({"decisions": "best", "metric": "accuracy"}, [0.5, 0.6, 0.55, 0.65], 11),
    ],
)
def test_one_of_two_logs(options, values, top):
    log = small("two-logs.md", **options)
    same(log.value, values)
    (said,) = [i for i in log.issues if "kinds of tables" in i.reason]
    assert said.line == top
    assert said.reason.endswith("(metric= or status_column= names a column of another one)")


def test_a_log_far_down_a_page():
    text = "| a | page |\n|---|---|\n| b | 7 |\n" + "words\n" * 200
    text += "| loss | status |\n|---|---|\n| 2 | keep |\n| 1 | keep |\n"
    same(read_log(io.StringIO(text)).value, [2.0, 1.0])


def test_semicolons_and_megabytes():
    log = small("semicolons.csv")
    same(log.memory, [2.0, 4.0])
    assert log.metric == "val loss"


def test_crash_with_a_metric():
    log = small("crash-with-metric.tsv")
    same(log.value, [1.2, np.nan])
    assert lines_of(log) == [3]


def test_every_small_log_is_tested():
    code = Path(__file__).read_text(encoding="utf-8")
    unused = [path.name for path in SMALL.glob("*.?sv") if f'small("{path.name}"' not in code]
    assert unused == []


# --- what can be given, and what cannot -----------------------------------------------------


def test_paths_and_files():
    path = SMALL / "crlf.tsv"
    with open(path, "rb") as binary, open(path, encoding="utf-8") as text:
        logs = [read_log(path), read_log(str(path)), read_log(binary), read_log(text)]
    for log in logs:
        same(log.value, logs[0].value)
        assert log.source == "crlf.tsv"
    assert read_log(io.BytesIO(path.read_bytes())).source == ""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "line 1: expected a header with the columns commit, val_bpb, .* got nothing"),
        ("\n\nhello\n", "line 3: expected a header .* got 'hello'"),
        ("a1\t0.99\tkeep\tx", "line 1: expected a header"),
        ("commit\tstatus\tdescription\na\tkeep\tx", "line 1: expected a column that holds the met"),
        (
            '{"a": [1,',
            "line 1: expected JSON, or an object a line, got .* a bracket or a comma missing",
        ),
        ("[1, 2]", "line 1: expected a header"),
        ("[\n1, 2]", "line 1: expected JSON objects with a metric and a decision"),
        ('{"a": 1\n{"b": 2', "line 1: expected JSON"),
        (
            "a\0b",
            r"line 1: expected a header .* got 'ab' \(with zero bytes: is this a binary file\?\)",
        ),
        (
            b"SQLite format 3\0CREATE TABLE runs (x)",
            "got a SQLite database: .* 'select \\* from runs'",
        ),
        (b"SQLite format 3\0CREATE TABLE trial_values (x)", "study.trials_dataframe"),
        (b"SQLite format 3\0CREATE TABLE latest_metrics (x)", "mlflow experiments csv"),
        (b"PK\x03\x04xl", "got a workbook or an archive: export"),
        (b"\xff\xfea", "line 1: expected utf-16 text"),
    ],
)
def test_what_is_no_log(content, message):
    file = io.BytesIO(content) if isinstance(content, bytes) else io.StringIO(content)
    with pytest.raises(LogError, match=message):
        read_log(file)


def test_missing_metric_names_line_and_columns():
    with pytest.raises(
        LogError, match=r"line 1: expected a column 'loss' \(metric=\), got .* val_bpb, st"
    ):
        text_log(metric="loss")


def test_too_many_lines():
    with pytest.raises(LogError, match="line 50001: expected at most 50000 lines"):
        read_log(io.StringIO("\n" * 50_001))
    with pytest.raises(LogError, match="expected a header"):
        read_log(io.StringIO("\n" * 50_000))


def test_of_a_wide_table_fewer_rows_tell_the_columns():
    assert [stride_of(10_000, width) for width in (1, 30, 60, 600, 10**6)] == [6, 6, 11, 101, 10001]


def test_too_many_objects(monkeypatch):
    monkeypatch.setattr("arbook.runs.jsonl.MOST_OBJECTS", 3)
    row = '{"loss": 1, "status": "keep", "more": {"note": "x"}}'
    with pytest.raises(LogError, match="line 2: expected at most 3 objects"):
        read_log(io.StringIO(f"{row}\n{row}\n"))
    assert read_log(io.StringIO(f"{row}\n")).value.size == 1


def test_too_many_bytes(monkeypatch):
    content = b"commit\tloss\tstatus\na\t1\tkeep\n"
    monkeypatch.setattr("arbook.runs.text.MOST_BYTES", len(content))
    assert read_log(io.BytesIO(content)).value.tolist() == [1.0]
    with pytest.raises(LogError, match=f"line 1: expected a log of at most {len(content)} bytes"):
        read_log(io.BytesIO(content + b"\n"))


def test_zero_bytes_cost_no_row_and_are_named_by_their_line():
    rows = b"commit\tval_bpb\tstatus\na\t1.2\tkeep\n\0\0\0b\t1.1\tkeep\n"
    log = read_log(io.BytesIO(rows))
    same(log.value, [1.2, 1.1])
    assert [str(issue) for issue in log.issues] == [
        "line 3: 3 zero bytes from here on; read without them"
    ]


def test_a_cell_in_quotation_marks_may_take_several_lines():
    """Also three of them, and also where another cell was left open on the line before."""
    log = read_log(io.StringIO('commit,loss,status,note\na,2,keep,"x\ny\nz"\nb,1,keep,w\n'))
    assert log.description == ("x\ny\nz", "w")
    log = read_log(io.StringIO('commit,loss,status,note\na,2,keep,"x\nb,1,keep,"y\nz"\n'))
    assert log.description == ('"x', "y\nz")
    assert log.line.tolist() == [2, 3]


def test_the_largest_metric_is_one():
    log = read_log(io.StringIO("commit\tloss\tstatus\na\t1e100\tkeep\nb\t1.0001e100\tkeep\n"))
    assert log.value[0] == 1e100
    assert math.isnan(log.value[1])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"metric": 3}, "metric must be the name of a column, or None, got 3"),
        ({"direction": "up"}, "direction must be 'min', 'max' or None, got 'up'"),
        ({"decisions": "all"}, "decisions must be 'logged', 'best' or None, got 'all'"),
        ({"by": 3}, "by must be the name of a column, or None, got 3"),
        ({"status_column": 3}, "status_column must be the name of a column, or None, got 3"),
        ({"status": "keep"}, "status must be a mapping of str to str, or None"),
        (
            {"status": {"won": "best"}},
            "status must be one of keep, discard, crash, other, got 'best'",
        ),
        ({"where": {"model": 3}}, "where must be a mapping of str to str, or None"),
    ],
)
def test_bad_options(options, message):
    with pytest.raises(ParameterError, match=message):
        text_log(**options)


def test_bad_sources(tmp_path):
    for source in (3, None, b"commit\tval_bpb"):
        with pytest.raises(ParameterError, match="path_or_file must be a path, or a file"):
            read_log(source)

    class Odd:
        def read(self, size):
            return 3

    with pytest.raises(ParameterError, match="text or bytes"):
        read_log(Odd())
    with pytest.raises(FileNotFoundError):
        read_log(tmp_path / "none.tsv")


# --- any bytes ------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfe\x00\xd8")
def test_any_bytes(data):
    check_any(data)


CELLS = st.one_of(
    st.sampled_from(
        [
            *["keep", "DISCARD", "crash", "baseline", "status", "val_bpb", "commit", "", "\u2028"],
            *["0", "1.2", "-999.0", "68.6%", "1e999", "-1e-400", "nan", "9" * 99, "²"],
            *['"', '"""', '"a', 'b"'],
        ]
    ),
    st.text(max_size=8),
    st.floats().map(str),
)
ROWS = st.lists(st.lists(CELLS, max_size=7).map("\t".join), max_size=12)


@settings(max_examples=300, deadline=None)
@given(
    header=st.sampled_from(
        [
            "commit\tval_bpb\tmemory_gb\tstatus\tdescription",
            "status\tscore\tdescription",
            "description\tstatus\tmetric",
        ]
    ),
    rows=ROWS,
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_any_cells(header, rows, end):
    check_any(end.join([header, *rows]).encode("utf-8", "surrogatepass"))


@settings(max_examples=300, deadline=None)
@given(content=st.sampled_from(small_logs()), chance=st.randoms(use_true_random=False))
def test_any_mutated_log(content, chance):
    text = content.decode("utf-8", "surrogateescape")
    for _ in range(chance.randint(1, 6)):
        text = mutate(text, chance)
    check_any(text.encode("utf-8", "surrogateescape"))


@pytest.mark.parametrize("options", [{"metric": "val_bpb"}, {"direction": "max"}])
def test_any_small_log_with_options(options):
    for content in small_logs():
        check_any(content, **options)


def test_the_check_of_lines_can_fail():
    content = (SMALL / "preamble.tsv").read_bytes()
    log = read_log(io.BytesIO(content))
    check_lines(log, content)
    with pytest.raises(AssertionError):
        check_lines(dataclasses.replace(log, issues=()), content)


def seconds_to_read(data):
    start = time.process_time()
    check_any(data)
    return time.process_time() - start


HEADER = b"commit\tval_bpb\tstatus\tdescription\n"


@pytest.mark.parametrize(
    "piece",
    [
        b'a\t1.2\tkeep\t"open\n',
        b'"a\t""b\t"""c\t\n',
        b'"\n',
        b"more text\n",
        b"a\t-1\tdiscard\tx\n",
        b"a\t" + b"1" * 90 + b"x\tkeep\n",
        b'\t"',
        b"\t",
        b'""\t"x"y',
        b"\xff\n",
        b"a\t1\tbaseline\t\n",
    ],
)
def test_time_is_linear(piece):
    """Thirty times the bytes take thirty times as long, not nine hundred times.

    A busy machine makes single times up to four times as long; hence the limit.
    """
    data = HEADER + b"a\t1.3\tkeep\tx\n" + piece * (300_000 // len(piece))
    times = [(seconds_to_read(data[:10_000]), seconds_to_read(data)) for _ in range(2)]
    short, long = (min(column) for column in zip(*times, strict=True))
    assert long < 150 * max(short, 0.001)


def test_many_quoted_cells_take_little_longer():
    """Without the module csv they take more than three times as long as plain cells."""
    names = [f"c{i}" for i in range(25)]
    head = "\t".join(["commit", "val_bpb", "status", *names]).encode() + b"\n"
    cells = ["a", "1.2", "discard", *["y z"] * 25]
    plain, quoted = ("\t".join(mark + c + mark for c in cells).encode() for mark in ("", '"'))
    plain = plain.ljust(len(quoted), b"x")

    def seconds(line):
        data = head + (line + b"\n") * 8000
        start = time.process_time()
        assert read_log(io.BytesIO(data)).value.size == 8000
        return time.process_time() - start

    times = [(seconds(plain), seconds(quoted)) for _ in range(3)]
    fast, slow = (min(column) for column in zip(*times, strict=True))
    assert slow < 2.5 * fast


@settings(max_examples=500, deadline=None)
@given(line=st.text('"",,\t;ab \n\r', max_size=30), separator=st.sampled_from("\t,;"))
@example(line='a,"b"\r', separator=",")
@example(line='"a""b", "c",d"e"', separator=",")
def test_both_ways_to_split_a_line_agree(line, separator):
    found = split_cells(line, separator)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv, "reader", lambda *_, **__: iter([["x"] * 2000]))
        assert split_cells(line, separator) == found


# --- real logs ------------------------------------------------------------------------------


@needs_runs
@pytest.mark.parametrize("entry", INDEX, ids=lambda entry: entry["file"])
def test_real_logs_have_the_counts_of_their_index(entry):
    log = read_log(RUNS / entry["file"])
    counts = {name: int((log.status == name).sum()) for name in ("keep", "discard", "crash")}
    assert log.value.size == int(entry["rows"])
    assert log.evaluated.sum() == int(entry["evaluated"])
    assert counts == {
        "keep": int(entry["keeps"]),
        "discard": int(entry["discards"]),
        "crash": int(entry["crashes"]),
    }
    assert (log.status == "other").sum() == (1 if entry["other"] else 0)
    assert log.metric == entry["metric"]
    if entry["direction"] != "?":
        assert log.direction == entry["direction"]
    same(log.f0, float(entry["baseline"]))
    if log.value.size:
        same(log.frontier[-1], float(entry["best"]))
    later = re.search(r"later baseline row\(s\) at \[([\d, ]+)\]", entry["oddities"])
    assert log.restarts == (tuple(map(int, later[1].split(","))) if later else ())


@needs_runs
@pytest.mark.parametrize("name", available_runs())
def test_shipped_runs_are_the_logs_figures(name):
    sources = [RUNS / f"{name}.tsv", *RUNS.glob(f"{name}-*.tsv")]
    original = read_log(next(path for path in sources if path.exists()))
    shipped = load_run(name)
    same(shipped.value, original.value)
    same(shipped.status, original.status)
    same(shipped.memory, original.memory)
    assert (shipped.metric, shipped.direction) == (original.metric, original.direction)
    assert shipped.restarts == original.restarts == ()


# --- runs that come with the package --------------------------------------------------------


def test_h100_mar8():
    run = load_run("h100-mar8")
    assert run.value.size == 126
    assert run.n_experiments == 125
    kept, discarded = run.kept[1:].sum(), (run.status[1:] == "discard").sum()
    assert (kept, discarded, run.crashed.sum()) == (22, 102, 1)
    assert run.crashed[15]
    assert (run.f0, run.frontier[-1]) == (0.9979, 0.969686)
    assert np.nanmax(run.value) == pytest.approx(3.2158, abs=5e-5)
    assert run.issues == ()
    assert set(run.description) == {""}
    with open(SHIPPED / "h100-mar8.csv", encoding="utf-8") as file:
        assert file.readline() == "experiment,val_bpb,memory_gb,status\n"


def test_available_runs_and_files_agree():
    assert available_runs()[0] == "h100-mar8"
    files = {path.stem for path in SHIPPED.glob("*.csv")} - {"index"}
    assert set(available_runs()) == files


@pytest.mark.parametrize("name", available_runs())
def test_shipped_runs(name):
    run = load_run(name)
    assert run.issues == ()
    assert name in run.source
    assert run.n_experiments >= 30
    assert run.commit == tuple(map(str, run.experiment.tolist()))  # the file's own numbers
    with open(SHIPPED / f"{name}.csv", encoding="utf-8") as file:
        columns = next(csv.reader(file))
    assert set(columns) <= {"experiment", run.metric, "memory_gb", "status"}


def test_readme_says_what_the_index_and_the_runs_say():
    readme = (SHIPPED / "README.md").read_text(encoding="utf-8")
    table = [line for line in readme.splitlines() if line.startswith("|")]
    with open(SHIPPED / "index.csv", encoding="utf-8") as file:
        entries = list(csv.DictReader(file))
    for entry in entries:
        (row,) = [line for line in table if line.startswith(f"| {entry['name']} |")]
        for field in ("repository", "ref", "commit", "path", "what"):
            assert entry[field] in row
        run = load_run(entry["name"])
        kept, discarded = run.kept[1:].sum(), (run.status[1:] == "discard").sum()
        crashed = run.crashed.sum()
        counts = f"{run.n_experiments}: {kept} kept, {discarded} discarded"
        assert counts + (f", {crashed} crashed" if crashed else "") + " |" in row


def test_unknown_run():
    with pytest.raises(ParameterError, match=r"name must be one of h100-mar8, .*, got 'mar9'"):
        load_run("mar9")
    with pytest.raises(ParameterError, match="name must be"):
        load_run(["h100-mar8"])


# --- keep rate by position ------------------------------------------------------------------


def run_of(statuses):
    value = [1.0 - 0.001 * i for i in range(len(statuses))]
    return RunLog(value=np.array(value), status=np.array(statuses))


def test_keep_rate_by_position_counts_by_hand():
    log = run_of(["keep", "keep", "discard", "keep", "crash", "discard", "discard"])
    rates = keep_rate_by_position(log, [0, 2, 5, 6, 9])
    same(rates.kept, [1, 1, 0, 0])
    same(rates.n, [2, 3, 1, 0])
    same(rates.rate, [0.5, 1 / 3, 0.0, np.nan])
    assert (rates.low[3], rates.high[3]) == (0, 1)
    assert (rates.low[:3] <= rates.rate[:3]).all()
    assert (rates.high[:3] >= rates.rate[:3]).all()


def test_keep_rates_of_several_runs_are_counted_together():
    a, b = run_of(["keep", "keep", "discard"]), run_of(["keep", "discard"])
    rates = keep_rate_by_position(iter([a, b]), [0, 1, 2])
    same(rates.kept, [1, 0])
    same(rates.n, [2, 1])
    empty = keep_rate_by_position([], [0, 1])
    assert np.isnan(empty.rate).all()


def test_intervals_are_wilsons():
    from scipy.stats import binomtest

    for kept, n in ((0, 10), (3, 10), (10, 10), (22, 125)):
        log = run_of(["keep"] + ["keep"] * kept + ["discard"] * (n - kept))
        rates = keep_rate_by_position(log, [0, n])
        wilson = binomtest(kept, n).proportion_ci(0.95, method="wilson")
        np.testing.assert_allclose([rates.low[0], rates.high[0]], wilson, atol=1e-12)


@pytest.mark.parametrize("edges", [[0], [], 3, [0, 0], [5, 2], [-1, 3], [0.5, 1], "ab", [[0, 1]]])
def test_bad_edges(edges):
    with pytest.raises(ParameterError, match="edges must be"):
        keep_rate_by_position(load_run("h100-mar8"), edges)


@pytest.mark.parametrize("log", [3, "h100-mar8", None, [3]])
def test_bad_runs(log):
    with pytest.raises(ParameterError, match=r"log must be an iterable of arbook.RunLog"):
        keep_rate_by_position(log, [0, 10])


LONG = b"commit\tval_bpb\tstatus\tdescription\n" + b"".join(
    f"c{i}\t{1 - i / 10_000:.4f}\tkeep\tstep {i}\n".encode() for i in range(3000)
)


@pytest.mark.parametrize("buffering", [0, -1])
def test_a_pipe_is_read_to_its_end(buffering):
    read, write = os.pipe()

    def feed():
        with open(write, "wb", buffering=0) as pipe:
            for start in range(0, len(LONG), 1000):
                pipe.write(LONG[start : start + 1000])

    feeder = threading.Thread(target=feed)
    feeder.start()
    with open(read, "rb", buffering=buffering) as pipe:
        log = read_log(pipe)
    feeder.join()
    assert (log.n_experiments, log.source, log.issues) == (2999, "", ())


LATIN = "commit\tval_bpb\tstatus\tdescription\na\t1.0\tkeep\tDécalé\n".encode("latin-1")


@pytest.mark.parametrize("lines", [0, 1])
def test_text_of_another_encoding_is_read_as_bytes(tmp_path, lines):
    (tmp_path / "log.tsv").write_bytes(b"\n" * lines + LATIN)
    with open(tmp_path / "log.tsv", encoding="utf-8") as file:
        log = read_log(file)
    assert log.description == ("Décalé",)
    assert [issue.line for issue in log.issues] == [2 + lines]


def test_text_that_cannot_be_read_again_says_what_to_do():
    read, write = os.pipe()
    with open(write, "wb") as pipe:
        pipe.write(LATIN)
    with open(read, encoding="utf-8") as pipe, pytest.raises(LogError, match="open the file as by"):
        read_log(pipe)


def test_a_path_of_bytes_names_the_source(tmp_path):
    path = tmp_path / "night.tsv"
    path.write_bytes(LONG)

    class Path8:
        def __fspath__(self):
            return os.fsencode(path)

    with open(os.fsencode(path), "rb") as file:
        logs_read = [read_log(Path8()), read_log(file)]
    for log in logs_read:
        assert log.source == "night.tsv"
        assert "night.tsv" in log._repr_html_()
