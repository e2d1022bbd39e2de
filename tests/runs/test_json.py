"""Logs in JSON: which objects are rows, which are settings, and what is said of the others."""

import io

import numpy as np
import pytest

from arbook.logs import LogError, read_log
from arbook.runs.jsonl import is_json

NAN = float("nan")
A, B, C = (f'{{"loss": {value}, "status": "keep"}}' for value in (3, 2, 1))


def read(*lines, **options):
    return read_log(io.StringIO("\n".join(lines)), **options)


def said(log):
    return {issue.line: issue.reason for issue in log.issues}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["# a", "// b", "", "# c", A, B], True),  # comments are not counted
        (["x", "{}"], False),
        (["x", "{}", "{}"], True),
        (["x"] * 50 + ["{}"] * 50, False),
        (["x"] * 50 + ["{}"] * 51, False),  # a hundred lines are looked at
        (["{", "x", "x"], True),
        (["[", "x", "x"], True),
        (["[{", "x", "x"], True),
        (['{"a', "x", "x"], True),
        ([""], False),
    ],
)
def test_json_is_told_from_a_table(lines, expected):
    assert is_json(lines) == expected


#: Lines; which of them are rows, and what is said of the others.
LINES = {
    "an object a line": ([A, B], [1, 2], {}),
    "comments": (["# x", A, "// y", B], [2, 4],
                 {1: "a comment; not used", 3: "a comment; not used"}),
    "what is no object": ([A, "3", "x", B], [1, 4],
                          {2: "no JSON object: '3'; not used", 3: "no JSON object: 'x'; not used"}),
    "an array with an object a line": (["[" + A + ",", B + ",", C + "]"], [1, 2, 3], {}),
    "of which one is broken": (["[" + A + ",", '{"loss": x},', C + "]"], [1, 3],
                               {2: "no JSON object: '{\"loss\": x},'; not used"}),
    "an array over several lines": (
        ["[", "{", '"loss": 3,', '"status": "keep", "x": {', "}},", "", '{"loss": 2,', '"y": 1}]'],
        [2, 7], {},
    ),
    "in one line": (["", "[" + A + "," + B + "]"], [2, 2], {}),
    "a broken array over several lines": (
        ["[", "}", "{", '"loss": 3, "x": {', "}", "}, {", '"loss": oops', "}, {",
         '"y": {"z": 1},', '"loss": 2', "}", '{"los'],
        [3, 8],
        {6: "a broken JSON object; not used",
         12: "the JSON is not whole; its whole objects were read"},
    ),
    "neither a metric nor a decision": (
        [A, '{"event": "start"}', B], [1, 3], {2: "neither a metric nor a decision; not used"},
    ),
    "a decision alone": ([A, '{"status": "keep"}', '{"status": "wait"}'], [1, 2, 3], {}),
    "a state alone": (
        ['{"loss": 3, "decision": "keep", "status": "ok"}', '{"status": "ok"}',
         '{"status": "oom"}'],
        [1, 2, 3], {},
    ),
    "Arabic digits are none of JSON's": ([A, B, '{"loss": \u0661}'], [1, 2],
                                        {3: "no JSON object: '{\"loss\": \u0661}'; not used"}),
    "a number is no name": ([A, B, '{1: 2, "loss": 3}'], [1, 2],
                            {3: "no JSON object: '{1: 2, \"loss\": 3}'; not used"}),
    "nor in a list": ([A, B, '{"loss": [1:]}'], [1, 2],
                      {3: "no JSON object: '{\"loss\": [1:]}'; not used"}),
}  # fmt: skip


@pytest.mark.parametrize("rule", LINES)
def test_which_lines_are_rows(rule):
    lines, rows, issues = LINES[rule]
    log = read(*lines)
    assert log.line.tolist() == rows
    of_lines = {
        line: reason for line, reason in said(log).items() if "used" in reason or "JSON" in reason
    }
    assert {line: reason for line, reason in of_lines.items() if "see" not in reason} == issues


def nested(n):
    """Return a row that is so deep."""
    return A[:-1] + ', "x": ' + "[" * (n - 1) + "]" * (n - 1) + "}"


@pytest.mark.parametrize(
    ("line", "is_row"),
    [
        (nested(40), True),
        (nested(41), False),
        (A[:-1] + ', "x": [' + "{}," * 50 + "{}]}", True),  # what is closed does not count
        (A[:-1] + ', "x": [' + "[]," * 50 + "[]]}", True),
        (A[:-1] + ', "y": [' + "{}," * 50 + "{}]," + nested(41)[1:], False),
        (A[:-1] + ', "y": [' + "[]," * 50 + "[]]," + nested(41)[1:], False),
    ],
)
def test_an_object_is_at_most_forty_deep(line, is_row):
    assert read(A, B, line).line.tolist() == [1, 2] + [3] * is_row


def test_thirty_thousand_braces_are_read():
    text = A[:-1] + ', "note": "?"}'
    assert read(text.replace("?", "{" * 29_999)).value.tolist() == [3]
    with pytest.raises(LogError, match=r"^line 1: expected at most 30000 objects$"):
        read(text.replace("?", "{" * 30_000))


def test_a_thousand_columns_are_told_apart():
    many = ", ".join(f'"x{i}": "y"' for i in range(1200))
    assert len(read(A[:-1] + ", " + many + "}").columns) == 1000
    assert len(read(*(A[:-1] + f', "x{i}": "y"}}' for i in range(999))).columns) == 1000


def test_cells_are_the_members_and_those_of_objects_in_it():
    log = read('{"loss": 3, "status": "keep", "tags": ["a", {"b": 1}, "c"], "x": {"y": true}}')
    assert log.columns == ("loss", "status", "tags", "x.y")
    assert log.cells == (("3", "keep", "a, c", "true"),)


@pytest.mark.parametrize(
    ("document", "values"),
    [
        ('{"a": {"b": {"c": {"d": [' + A + "]}}}}", [3]),
        ('{"a": {"b": {"c": {"d": {"e": [' + A + "]}}}}}", None),  # too deep for a log
        ("[\n[[[[" + A + "]]]]]", [3]),
        ("[\n[[[[[" + A + "]]]]]]", None),
        ("[\n[" + A + "," + B + "],[" + C + "]]", [3, 2]),  # the longest array
        ("[\n" + "[1]," * 99 + "[" + A + "]]", [3]),
        ("[\n" + "[1]," * 100 + "[" + A + "]]", None),
        ('{"loss": 3, "status": "keep", "runs": []}', [3]),
        ('{"runs": [' + A + "]}", [3]),
    ],
)
def test_the_array_of_rows_in_a_document(document, values):
    if values is None:
        with pytest.raises(LogError):
            read(document)
    else:
        assert read(document).value.tolist() == values


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (['{"a" 1}', '{"b" 2}'], "line 1: expected a JSON object a line, got '{\"a\" 1}'"),
        (["{", '"a" 1'], r"line 1: expected JSON, .* is a bracket or a comma missing\?"),
        (["[", "1, 2]"], "line 1: expected JSON objects with a metric and a decision"),
        (["", '{"note": "x"}'], "line 2: expected a column that holds the metric"),
        (["", '{"type": "config"}', '{"note": "x"}'], "line 2: expected a column that holds"),
    ],
)
def test_where_there_are_no_rows_this_is_said(lines, words):
    with pytest.raises(LogError, match=words):
        read(*lines)


# ---------------------------------------------------------------- settings

ROW = '{"x": 3, "status": "keep"}'


@pytest.mark.parametrize(
    ("lines", "options", "metric", "direction", "unit"),
    [
        (['{"metricName": "x", "bestDirection": "higher", "unit": "s"}', ROW], {}, "x", "max", "s"),
        (['{"metric": "x", "direction": "up"}', ROW], {}, "x", "max", ""),
        (['{"metric": "x", "direction": "down"}', ROW], {}, "x", "min", ""),
        (['{"metricName": "score", "direction": "lower"}', '{"score": 3, "status": "keep"}'],
         {}, "score", "min", ""),
        # settings of a metric are not those of another
        (['{"metricName": "x", "direction": "lower", "unit": "s"}',
          '{"x": 3, "acc": 1, "status": "keep"}'], {"metric": "acc"}, "acc", "max", ""),
        # whose name may not be that of a column
        (['{"metricName": "wall", "direction": "higher"}', ROW], {}, "x", "min", ""),
        (['{"metricName": "wall", "direction": "higher"}', '{"metric": 3, "status": "keep"}'],
         {}, "wall", "max", ""),
        (['{"\u72b6\u6001": "keep", "x": 3}'], {}, "x", "min", ""),
    ],
)  # fmt: skip
def test_a_line_of_settings_names_the_metric(lines, options, metric, direction, unit):
    log = read(*lines, **options)
    assert (log.metric, log.direction, log.unit) == (metric, direction, unit)
    assert log.line.tolist() == [len(lines)]


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        # with a decision, or with a number for the metric, or without more, it is a row
        (['{"metricName": "x", "value": 3, "status": "keep"}'] * 2, [1, 2]),
        (['{"metric": 3, "direction": "up"}'] * 2, [1, 2]),
        (['{"metric": 3, "status": "keep"}', '{"metric": "none yet"}'], [1, 2]),
        (['{"type": "config"}', ROW], [2]),
    ],
)
def test_which_line_is_one_of_settings(lines, rows):
    log = read(*lines)
    assert (log.line.tolist(), log.restarts) == (rows, ())


def test_a_log_of_settings_alone_has_no_rows():
    assert read('{"type": "config", "metricName": "x"}').value.size == 0


TWO = [
    *('{"metricName": "x", "direction": "lower"}', ROW),
    *('{"metricName": "y", "direction": "lower"}', *['{"y": 2, "acc": 5, "status": "keep"}'] * 2),
]


def test_of_two_metrics_the_one_of_most_rows_is_read():
    for options, metric in (({}, "y"), ({"metric": "acc"}, "acc")):
        log = read(*TWO, **options)
        assert (log.metric, log.line.tolist()) == (metric, [4, 5])
        assert said(log)[1].startswith("another metric, 'x', from here on: its 1 rows were left")
    assert read(*TWO, metric="x").line.tolist() == [2]


def test_what_is_said_of_the_whole_stands_at_the_first_row_or_its_settings():
    """Here, that there are no decisions."""
    row = '{"score": 3}'
    for lines, top in (
        (["", row], 2),
        (["", '{"type": "config"}', row], 2),
        (['{"kind": "log", "rows": [', row + "]}"], 1),
    ):
        [issue] = read(*lines).issues
        assert (issue.line, issue.reason[:26]) == (top, "no column holds decisions;")


def test_another_segment_is_a_new_sequence():
    rows = [f'{{"loss": {4 - i}, "status": "keep", "segment": {i // 2}}}' for i in range(4)]
    assert read(*rows).restarts == (2,)
    assert read(*rows[:2]).restarts == ()


def test_a_metric_that_is_missing_is_not_a_number():
    log = read(A, '{"status": "keep"}', C)
    np.testing.assert_array_equal(log.value, [3, NAN, 1])
