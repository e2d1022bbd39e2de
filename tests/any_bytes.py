"""What must hold of a log whatever its bytes: for the property tests and for `make fuzz`."""

import io
import json
import math
import random
import re
from contextlib import suppress
from pathlib import Path

import numpy as np

from arbook import RunLog
from arbook.logs import Issue, LogError, read_log
from arbook.runs.jsonl import is_json
from arbook.runs.text import decode, split_lines

SMALL = Path(__file__).parent / "runs" / "data"
CASES = Path(__file__).parent / "runs" / "cases"

#: What a mutation puts into a log.
PIECES = [
    *["\t", "\n", "\r\n", "\r", ",", ";", "|", '"', '""', " ", "%", "-", "0", "9", "-999", "1e9"],
    *["nan", "N/A", "1e-400", "68.6%", "keep", "KEEP", "discard", "crash", "baseline", "reverted"],
    *["status", "loss", "val_bpb", "accuracy", "commit", "memory_mb", "0.97", "1,2", "²", "γ"],
    *["\ufeff", "\x00", "\x85", "\u2028", "<b>", "'", "\\", '"open', 'closed"', '{"a": 1}'],
    *[
        "{",
        "}",
        "[",
        "]",
        ":",
        '"metric": 1',
        '"status": "keep"',
        "null",
        "NaN",
        "-1e5",
        "\\t",
        "#",
    ],
    *["12.5 ms", "1.2k", "1,234,567", "0.9 ± 0.1", "950us", "1:30", "3/4", "保留", "✅", "success"],
    *[
        "higher is better",
        "| --- |",
        "keep-candidate",
        "checks_failed",
        "1e9",
        "kept",
        "agent",
        "   ",
    ],
]


def check_any(data: bytes, **options: str) -> RunLog | None:
    """Read bytes; they must give a sound RunLog that accounts for every line, or a LogError."""
    try:
        log = read_log(io.BytesIO(data), **options)
    except LogError as error:
        check_error(error)
        return None
    check_log(log, data, is_whole="where" not in options)
    return log


def check_error(error: LogError) -> None:
    """A log that is refused is told where, and what was expected there."""
    assert re.match(r"line \d+: expected ", str(error)), error


def check_log(log: RunLog, data: bytes, is_whole: bool = True) -> None:
    """A log that is read is sound, and accounts for every line if it was to be read as a whole."""
    assert isinstance(log, RunLog)
    assert not np.isinf(log.value).any()
    assert np.isnan(log.value[log.crashed]).all()
    assert (
        len(log.cells)
        == len(log.description)
        == len(log.commit)
        == len(log.memory)
        == log.value.size
    )
    assert sum(part.value.size for part in log.segments) == log.value.size
    issues = [issue.line for issue in log.issues]
    assert all(isinstance(issue, Issue) and issue.line >= 1 for issue in log.issues)
    assert issues == sorted(issues)
    assert isinstance(repr(log) + log._repr_html_(), str)
    for measure in (log.f0, log.keep_rate, log.gain_area):
        assert not math.isinf(measure)
    frontier = log.frontier[~np.isnan(log.frontier)]
    assert (np.diff(frontier) * (1 if log.direction == "min" else -1) <= 0).all()
    if is_whole:
        check_lines(log, data)


def check_lines(log: RunLog, data: bytes) -> None:
    """Every line that says something is a row, part of one in quotes, an issue, or the header."""
    lines = split_lines(decode(data)[0])
    issues = {issue.line for issue in log.issues if not re.search("UTF-8|zero bytes", issue.reason)}
    accounted = {*log.line.tolist(), *issues}
    if any("rows were left out" in issue.reason for issue in log.issues):
        return
    if is_json(lines):
        for number, line in enumerate(lines, start=1):
            assert number in accounted or not is_record(line), (number, line)
        return
    assert len(set(log.line.tolist())) == log.value.size
    header = quoted = False
    for number, line in enumerate(lines, start=1):
        if number in accounted:
            quoted = '"' in line
        elif re.search(r'[^\s",;|:+=\0-]', line.replace("\\t", "")) and not quoted:
            assert not header, (number, line)
            header, quoted = True, False


def is_record(line: str) -> bool:
    """Return whether a line is a row in JSON."""
    with suppress(ValueError):
        found = json.loads(line)
        return (
            isinstance(found, dict) and "type" not in found and {"metric", "status"} <= set(found)
        )
    return False


def mutate(text: str, random: random.Random) -> str:
    """Return the text of a log with a cell or a few characters replaced, cut, doubled or moved."""
    i = random.randrange(len(text) + 1)
    j = min(len(text), i + random.randrange(13))
    kind = random.randrange(6)
    if kind == 0:
        return text[:i] + random.choice(PIECES) + text[i:]
    if kind == 1:
        return text[:i] + text[j:]
    if kind == 2:
        return text[:j] + text[i:]
    lines = text.split("\n")
    k = random.randrange(len(lines))
    if kind == 3:
        lines.insert(random.randrange(len(lines)), lines[k])
        return "\n".join(lines)
    separator = next((c for c in "\t,;|" if c in lines[k]), "\t")
    cells = lines[k].split(separator)
    cell = random.randrange(len(cells))
    if kind == 4:
        cells[cell] = random.choice(PIECES)
    else:
        cells.insert(cell, cells.pop())
    lines[k] = separator.join(cells)
    return "\n".join(lines)


def small_logs() -> list[bytes]:
    """Return the small logs of tests/runs/data and tests/runs/cases."""
    paths = [*sorted(SMALL.glob("[!.]*")), *sorted(CASES.iterdir())]
    return [path.read_bytes() for path in paths]


# Names of metrics, their direction, and whether the name alone leaves a doubt.
NAMES = [
    *[(name, "min", False) for name in ("val_mse", "test_mse", "val_msle", "fold_loss")],
    *[(name, "min", False) for name in ("val_loss_batch", "accuracy_drop", "ensemble_error")],
    *[(name, "max", False) for name in ("neg_mse", "neg_mean_squared_error", "threshold_acc")],
    *[(name, "max", False) for name in ("error_free_rate", "membership_f1")],
    *[(name, "min", True) for name in ("integrality_gap", "latency_ms", "runtime_seconds", "time")],
    *[(name, "min", True) for name in ("peak_memory_mb", "num_params")],
    *[(name, "max", True) for name in ("tokens_per_second", "mfu", "new_accuracy")],
]


def log_of(name, direction):
    values = (10, 8, 9, 7) if direction == "min" else (10, 12, 11, 13)
    rows = [f"c{i}\t{v}\t{'discard' if i == 2 else 'keep'}\tx" for i, v in enumerate(values)]
    return "\n".join([f"commit\t{name}\tstatus\tdescription", *rows]).encode()


SEVERAL = [
    ("train_loss", "test_loss", "test_loss"),
    ("train_acc", "eval_acc", "eval_acc"),
    ("loss", "dev_loss", "dev_loss"),
    ("val_loss", "val_accuracy", "val_loss"),
]
