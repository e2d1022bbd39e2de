"""Read a log of a run, whatever its quirks.

A log is a table with one row an experiment: what was tried, what was measured, what was decided.
The first row is the baseline. Agents write such tables by hand, so `read_log` takes what it finds
and says in ``log.issues`` what it did not use, and why.
"""

from __future__ import annotations

import io
import math
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from arbook._numerics.ranges import Options
from arbook._numerics.validation import refuse
from arbook.model.run import RunLog
from arbook.runs.text import (
    MOST_BYTES,
    Header,
    LogError,
    decode,
    direction_of,
    header_of,
    is_number,
    is_only_baseline,
    kind_of,
    name_of,
    names_baseline,
    number_of,
    rows,
    split_cells,
    split_lines,
    status_of,
)

#: The header is looked for in so many lines.
HEADER_WITHIN = 100


class _Readable(Protocol):
    def read(self, size: int = ..., /) -> str | bytes: ...


@dataclass(frozen=True)
class Issue:
    """Something in a log that was not used, or used only after an assumption.

    Parameters
    ----------
    line : int
        Line of the file, counted from 1.
    reason : str
        What was found there, and what was made of it.

    Examples
    --------
    >>> print(Issue(7, "the metric 'N/A' is not a number; the row counts without a metric"))
    line 7: the metric 'N/A' is not a number; the row counts without a metric
    """

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


def read_log(
    path_or_file: str | os.PathLike[str] | _Readable,
    *,
    metric: str | None = None,
    direction: str | None = None,
) -> RunLog:
    r"""Read the log of a run: a table with a header, separated by tabs, commas or semicolons.

    Parameters
    ----------
    path_or_file : str, path, or file open for reading
        The log, as text or bytes.
    metric : str, optional
        Name of the metric's column. Without it, the column is found by its name (``val_bpb``,
        ``val_loss``, ``score`` ...), or else is the first that holds mostly numbers.
    direction : {"min", "max"}, optional
        Whether lower or higher is better. Without it, the metric's name tells, or else which way
        the kept values go; if neither does, lower is taken as better, and an issue says so.

    Returns
    -------
    RunLog
        The rows in their order, row 0 being the baseline; ``issues`` lists as `Issue` whatever
        was not used or had to be assumed, with line number and reason.

    Raises
    ------
    LogError
        If the text is no log; the message names the line and what was expected there.
    ParameterError
        If an argument is of the wrong kind.
    OSError
        If the file cannot be opened.

    Notes
    -----
    - Statuses come in many words (``kept``, ``REVERT``, ``rejected``, ``OOM`` ...). An unknown
      one becomes "other".
    - A crash has no metric, whatever number stands there.
    - A number that the decisions contradict is not a measurement: for example a 0 that was
      discarded although lower is better, or -999. It becomes nan.
    - A baseline that is measured again later starts a new sequence: see ``RunLog.segments``.
    - Lines that are no row are taken as more of the description above them.

    Examples
    --------
    >>> import io
    >>> log = read_log(io.StringIO('''commit\tval_bpb\tstatus\tdescription
    ... a1\t0.99\tkeep\tbaseline
    ... b2\t0.97\tKEPT\twider
    ... c3\t0.000000\tcrash\tout of memory
    ... d4\tN/A\treverted\tlost the output
    ... '''))
    >>> log.status.tolist(), log.frontier.tolist()
    (['keep', 'keep', 'crash', 'discard'], [0.99, 0.97, 0.97, 0.97])
    >>> [str(issue) for issue in log.issues]
    ["line 5: the metric 'N/A' is not a number; the experiment counts, without a metric"]
    """
    if metric is not None and not isinstance(metric, str):
        raise refuse("metric", metric, "the name of a column, or None")
    Options("min", "max", None)("direction", direction)
    if isinstance(path_or_file, (str, os.PathLike)):
        with open(path_or_file, "rb") as file:
            data = _all_of(file)
        name: Any = os.fspath(path_or_file)
    elif callable(getattr(path_or_file, "read", None)):
        data, name = _all_of(path_or_file), getattr(path_or_file, "name", "")
    else:
        raise refuse("path_or_file", path_or_file, "a path, or a file open for reading")
    source = os.path.basename(os.fsdecode(name)) if isinstance(name, (str, bytes)) else ""
    return parse(data, source, metric, direction)


def _all_of(file: _Readable) -> bytes:
    """Return the bytes of a file to its end, or a few more than a log may have.

    A pipe gives what is there, so a read is no end; and text whose encoding was guessed wrongly is
    read again as bytes, which `parse` can decode.
    """
    start = None
    if isinstance(file, io.TextIOWrapper) and file.seekable():
        with suppress(OSError):  # a file that is being read line by line does not tell
            start = file.tell()
    try:
        return b"".join(_pieces(file))
    except UnicodeDecodeError as error:
        if start is None or not isinstance(file, io.TextIOWrapper):
            raise LogError(f"the text is not {error.encoding}; open the file as bytes") from None
        file.seek(start)
        return b"".join(_pieces(file.buffer))


def _pieces(file: _Readable) -> Iterator[bytes]:
    """Yield what successive reads give, as bytes."""
    left = MOST_BYTES + 1
    while left > 0 and (piece := file.read(left)) != "":
        if isinstance(piece, str):
            piece = piece.encode("utf-8", "replace")
        if not isinstance(piece, bytes):
            raise refuse("path_or_file", file, "a file whose read() gives text or bytes")
        if not piece:
            return
        yield piece
        left -= len(piece)


@dataclass(slots=True)
class _Row:
    """A row of a log; `value` is nan until a number was found to be a measurement."""

    line: int
    word: str  # as written in the log
    status: str
    metric: str
    description: list[str]  # in lines
    commit: str
    memory: float
    value: float = math.nan


def parse(data: bytes, source: str, metric: str | None, direction: str | None) -> RunLog:
    """Return the run in the bytes of a log."""
    text, odd_line = decode(data)
    issues = [Issue(odd_line, "not UTF-8; the file was read as Latin-1")] if odd_line else []
    lines = split_lines(text)
    header, top = _find_header(lines, issues)
    column = _metric_column(header, top, lines, metric, issues)
    name = header.cells[column]
    found = _read_rows(header, column, lines, top, issues)
    _read_numbers(found, issues)
    direction = direction or direction_of(name) or _direction_of_keeps(found)
    if direction is None:
        direction = "min"
        reason = f"nothing says which way {name!r} is better; lower was taken (see direction=)"
        issues.append(Issue(top + 1, reason))
    sign = 1.0 if direction == "min" else -1.0
    _drop_contradicted(found, sign, issues)
    restarts = _restarts(found, sign, issues)
    _check_direction(found, restarts, direction, top + 1, issues)
    _check_first_row(found, issues)
    return RunLog(
        value=np.array([row.value for row in found], dtype=np.float64),
        status=np.array([row.status for row in found], dtype=str),
        description=tuple("\n".join(row.description) for row in found),
        metric=name,
        direction=direction,
        source=source,
        restarts=restarts,
        issues=tuple(sorted(issues, key=lambda issue: issue.line)),
        memory=np.array([row.memory for row in found], dtype=np.float64),
        commit=tuple(row.commit for row in found),
        line=np.array([row.line for row in found], dtype=np.int64),
    )


def _find_header(lines: list[str], issues: list[Issue]) -> tuple[Header, int]:
    """Return the header and the index of its line."""
    first = None
    for i, line in enumerate(lines[:HEADER_WITHIN]):
        if not line.strip():
            continue
        header = header_of(line)
        if header is not None:
            return header, i
        first = i if first is None else first
        issues.append(Issue(i + 1, "stands before the header; not used"))
    got, hint = "nothing", ""
    if first is not None:
        got, hint = repr(_short(lines[first])), kind_of(lines[first:HEADER_WITHIN])
    raise LogError(
        f"line {(first or 0) + 1}: expected a header with the columns commit, val_bpb, ..., "
        f"status, separated by tabs; got {got}{hint}"
    )


def _metric_column(
    header: Header, top: int, lines: list[str], metric: str | None, issues: list[Issue]
) -> int:
    names = ", ".join(_short(name) for name in header.cells)
    if metric is not None:
        for column, cell in enumerate(header.cells):
            if cell == metric or header.names[column] == name_of(metric):
                return column
        raise LogError(f"line {top + 1}: expected a column {metric!r}, got the columns {names}")
    sample = [split_cells(line, header.separator)[0] for line in lines[top + 1 : top + 51]]
    found, others = header.metric(sample)
    if found is None:
        raise LogError(
            f"line {top + 1}: expected a column that holds the metric, such as val_bpb (metric= "
            f"names another one), got the columns {names}"
        )
    if others:
        reason = f"{_short(header.cells[found])!r} was taken as the metric"
        rest = [repr(_short(header.cells[i])) for i in others if i != found]
        if others[0] == found:
            reason += ", for no other column looks like one"
        elif rest:
            reason += f"; {', '.join(rest[:3])}{' ...' if rest[3:] else ''} could be it as well"
        issues.append(Issue(top + 1, reason + " (metric= names another one)"))
    return found


def _read_rows(
    header: Header, column: int, lines: list[str], top: int, issues: list[Issue]
) -> list[_Row]:
    found: list[_Row] = []

    def is_row(cells: list[str]) -> bool:
        status = status_of(header.cell(cells, header.status))
        return status != "other" or (len(cells) > 1 and is_number(header.cell(cells, column)))

    for i, stop, raw in rows(lines, top + 1, header.separator, is_row):
        cells = [cell.strip() for cell in raw]
        if not any(cells):
            continue
        if cells == header.cells:
            issues.append(Issue(i + 1, "the header again; not used"))
        elif len(cells) > header.status or is_row(cells):
            found.append(_read_row(header, column, i + 1, raw, cells, issues))
        else:
            reason = "no row, for it ends before the status; "
            if found:
                found[-1].description += lines[i:stop]
                reason += f"taken as more of the description of line {found[-1].line}"
            else:
                reason += "not used"
            issues.append(Issue(i + 1, reason))
    return found


def _read_row(
    header: Header, column: int, line: int, raw: list[str], cells: list[str], issues: list[Issue]
) -> _Row:
    """Return the row that `cells` are; `raw` are the same cells with the blanks around them."""
    width = len(header.cells)
    while len(cells) > width and not cells[-1]:
        cells.pop()
    if len(cells) > width:
        reason = f"{len(cells)} cells, where the header has {width}; "
        if header.description == width - 1:
            cells[width - 1] = header.separator.join(raw[width - 1 : len(cells)])
            reason += "the rest was taken as description"
        else:
            reason += "the rest was not used"
        issues.append(Issue(line, reason))
    word = header.cell(cells, header.status)
    status = status_of(word)
    if status == "other":
        issues.append(Issue(line, f"the status {_short(word)!r} is not known; taken as 'other'"))
    return _Row(
        line=line,
        word=word,
        status=status,
        metric=header.cell(cells, column),
        description=[header.cell(cells, header.description)],
        commit=header.cell(cells, header.commit),
        memory=header.memory_of(cells),
    )


def _read_numbers(found: list[_Row], issues: list[Issue]) -> None:
    """Read the metrics of all rows but crashes."""
    measured = []
    for row in found:
        number = number_of(row.metric.removesuffix("%"))
        if row.status == "crash":
            if number:
                reason = f"a crash has no metric; {_short(row.metric)!r} was not used"
                issues.append(Issue(row.line, reason))
        elif number is not None:
            row.value = number
            measured.append(row)
        else:
            reason = f"the metric {_short(row.metric)!r} is not a number"
            if is_number(row.metric.replace(",", ".", 1)):
                reason += " (write a point, not a comma)"
            issues.append(Issue(row.line, reason + "; the experiment counts, without a metric"))
    # 68.6% among numbers such as 0.686, or the other way round: the fewer are not used.
    percent = [row for row in measured if row.metric.endswith("%")]
    plain = [row for row in measured if not row.metric.endswith("%")]
    for row in min(percent, plain, key=len):
        reason = f"the metric {row.metric!r}: some rows are in per cent and others not; not used"
        issues.append(Issue(row.line, reason))
        row.value = math.nan


def _direction_of_keeps(found: list[_Row]) -> str | None:
    """Return the direction in which most kept values go."""
    kept = [row.value for row in found if row.status == "keep" and not math.isnan(row.value)]
    ups = sum(b > a for a, b in pairwise(kept))
    downs = sum(b < a for a, b in pairwise(kept))
    return None if ups == downs else "min" if downs > ups else "max"


def _drop_contradicted(found: list[_Row], sign: float, issues: list[Issue]) -> None:
    """Turn numbers into nan that were written down but cannot have been measured.

    A loss of 0 is the last word: whoever measures it keeps it, and can never keep anything
    positive again. So a 0 (or less) that was discarded, or was followed by a positive keep, says
    "no value", as do numbers such as -999 and 9999.
    """
    keeps = [row for row in found if row.status == "keep" and not math.isnan(row.value)]
    if not keeps:
        return
    last_positive = max((row.line for row in keeps if row.value > 0), default=0)
    all_positive = all(row.value > 0 for row in keeps)
    far = 10 * max(10.0, *(abs(row.value) for row in keeps))
    for row in found:
        value = row.value
        if math.isnan(value):
            continue
        if row.status == "keep":
            impossible = sign > 0 and value <= 0 and row.line < last_positive
        else:
            too_good = all_positive and (value <= 0 if sign > 0 else value < 0)
            impossible = too_good or (abs(value) > far and _is_nines(row.metric))
        if impossible:
            reason = f"the metric {row.metric!r} cannot have been measured beside the other rows"
            issues.append(Issue(row.line, reason + "; taken as none"))
            row.value = math.nan


def _restarts(found: list[_Row], sign: float, issues: list[Issue]) -> tuple[int, ...]:
    """Return the rows at which a baseline was measured again."""
    restarts = []
    best = math.inf
    for i, row in enumerate(found):
        value = sign * row.value
        if row.status != "keep" or math.isnan(value):
            continue
        # What is kept without being better is a baseline, if it says so; what is better may be a
        # change to one.
        named = names_baseline(row.commit, row.description[0])
        again = name_of(row.word) == "baseline" or is_only_baseline(row.description[0])
        if best < math.inf and (again or (named and value >= best)):
            restarts.append(i)
            issues.append(Issue(row.line, "a baseline again: a new sequence starts here"))
            best = value
        elif best < math.inf and named:
            reason = "is called a baseline, and is better than all before it; counted as a gain"
            issues.append(Issue(row.line, reason))
        best = min(best, value)
    return tuple(restarts)


def _check_direction(
    found: list[_Row], restarts: tuple[int, ...], direction: str, line: int, issues: list[Issue]
) -> None:
    """Say so if most kept values go the wrong way."""
    edges = [0, *restarts, len(found)]
    ways = [_direction_of_keeps(found[a:b]) for a, b in pairwise(edges)]
    wrong = "max" if direction == "min" else "min"
    if ways.count(wrong) > ways.count(direction):
        better, go = ("lower", "rise") if direction == "min" else ("higher", "fall")
        reason = f"{better} was taken as better, but most kept values {go} (see direction=)"
        issues.append(Issue(line, reason))


def _check_first_row(found: list[_Row], issues: list[Issue]) -> None:
    """Say so if the first row is no baseline."""
    kept = [i for i, row in enumerate(found) if row.status == "keep" and not math.isnan(row.value)]
    if not found or kept[:1] == [0]:
        return
    if kept:
        line = found[kept[0]].line
        before = "the row before that counts as an experiment"
        if kept[0] > 1:
            before = f"the {kept[0]} rows before that count as experiments"
        reason = f"no baseline; the first row kept with a metric is line {line}, and {before}"
    else:
        reason = "no baseline, and no later row was kept with a metric: there is no frontier"
    issues.append(Issue(found[0].line, reason))


def _is_nines(metric: str) -> bool:
    return set(metric.strip("-+").partition(".")[0]) == {"9"}


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 40 else text[:37] + "..."
