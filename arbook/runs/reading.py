"""Read a log of a run, whatever its quirks.

A log is a table, or JSON, with one row an experiment: what was tried, what was measured, what was
decided. The first row is the baseline. Agents write such logs by hand, so `read_log` takes what it
finds and says in ``log.issues`` what it did not use or chose among several, and why.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from arbook._numerics.ranges import Options
from arbook._numerics.validation import attribute, file_name, refuse
from arbook.model.run import STATUSES, RunLog
from arbook.runs import decisions
from arbook.runs.cells import quantity_of
from arbook.runs.columns import Columns, Sheet
from arbook.runs.decisions import Row, Say
from arbook.runs.finding import find_log
from arbook.runs.json_logs import table_of_json
from arbook.runs.jsonl import is_json
from arbook.runs.rows import Table, Wishes, cell_of
from arbook.runs.text import MOST_BYTES, LogError, decode, short, split_lines
from arbook.runs.text_logs import table_of_text


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
    status_column: str | None = None,
    status: Mapping[str, str] | None = None,
    decisions: str | None = None,
    by: str | None = None,
    where: Mapping[str, str] | None = None,
) -> RunLog:
    r"""Read the log of a run: a table with a header, or JSON with an object a row.

    Tables have tabs, commas, semicolons, bars (Markdown) or blanks between their cells. In JSON
    there is an object a line (as in ``autoresearch.jsonl``), or an array of objects. Of Markdown
    tables with different names the one with the most decisions is read.

    Parameters
    ----------
    path_or_file : str, path, or file open for reading
        The log, as text or bytes. Of a folder or a pattern such as ``runs/*.tsv`` the log in it.
    metric : str, optional
        Name of the metric's column. Without it, the column is found by its name (``val_bpb``,
        ``val_loss``, ``score`` ...) and by what the decisions follow.
    direction : {"min", "max"}, optional
        Whether lower or higher is better. Without it, a comment or the metric's name tells, or else
        which way the kept values go; if nothing does, lower is taken as better, and an issue says
        so.
    status_column : str, optional
        Name of the column of decisions. Without it, it is the one whose words are decisions.
    status : mapping of str to str, optional
        What further words in that column mean: ``{"shipped": "keep"}``. Values are "keep",
        "discard", "crash" and "other".
    decisions : {"logged", "best"}, optional
        "best" takes a row as kept where it is the best so far, whatever the log says of it; for
        logs without decisions.
    by : str, optional
        Name of a column, such as ``agent``: the rows with each of its values are a sequence.
    where : mapping of str to str, optional
        Read only the rows that have these values in these columns: ``{"model": "large"}``.

    Returns
    -------
    RunLog
        The rows in their order, row 0 being the baseline; ``issues`` lists as `Issue` whatever
        was not used, was chosen among several or had to be assumed, with line number and reason.

    Raises
    ------
    LogError
        If the text is no log; the message names the line, what was expected there, and the option
        that helps.
    ParameterError
        If an argument is of the wrong kind.
    OSError
        If the file cannot be opened.

    Notes
    -----
    - Statuses come in many words (``kept``, ``REVERT``, ``rejected``, ``OOM`` ...). An unknown
      one becomes "other". ``ok`` and ``success`` are states and no decisions: a log that has no
      others is read with "other" throughout, and an issue says what can be done.
    - Numbers may have units (``12.5 ms``, ``1.2k``, ``68.6%``), separators of thousands, and a
      noise after ±, which is kept in ``log.noise``.
    - A crash has no metric, whatever number stands there.
    - A number that the decisions contradict is not a measurement: for example a 0 that was
      discarded although lower is better, or -999. It becomes nan.
    - A baseline that is measured again later starts a new sequence: see ``RunLog.segments``. So
      does a line of settings (``"type": "config"``) in JSON.
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
    wishes = Wishes(
        metric=_name("metric", metric),
        direction=direction,
        status_column=_name("status_column", status_column),
        status={key.lower(): value for key, value in _words("status", status).items()},
        best=decisions == "best",
        by=_name("by", by),
        where=_words("where", where),
    )
    Options("min", "max", None)("direction", direction)
    Options("logged", "best", None)("decisions", decisions)
    for value in wishes.status.values():
        Options(*STATUSES)("status", value)
    found: list[Issue] = []
    if isinstance(path_or_file, (str, os.PathLike)):
        path, said = find_log(file_name("path_or_file", path_or_file))
        found += [Issue(1, said)] if said else []
        with open(path, "rb") as file:
            data = _all_of(file)
        name: Any = path
    elif callable(attribute(path_or_file, "read")):
        data, name = _all_of(path_or_file), attribute(path_or_file, "name")
    else:
        raise refuse("path_or_file", path_or_file, "a path, or a file open for reading")
    source = os.path.basename(os.fsdecode(name)) if isinstance(name, (str, bytes)) else ""
    log = parse(data, source, wishes)
    return replace(log, issues=(*found, *log.issues)) if found else log


def _name(option: str, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise refuse(option, value, "the name of a column, or None")
    return value


def _words(option: str, value: Any) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(
        isinstance(part, str) for pair in value.items() for part in pair
    ):
        raise refuse(option, value, "a mapping of str to str, or None")
    return dict(value)


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


def parse(data: bytes, source: str, wishes: Wishes) -> RunLog:
    """Return the run in the bytes of a log."""
    text, odd = decode(data)
    issues = [Issue(*what) for what in odd]

    def say(line: int, reason: str) -> None:
        issues.append(Issue(line, reason))

    lines = split_lines(text)
    try:
        table = (
            table_of_json(lines, wishes, say)
            if is_json(lines)
            else table_of_text(lines, wishes, say)
        )
    except LogError as error:
        if odd and "zero" in odd[0][1]:
            raise LogError(f"{error} (with zero bytes: is this a binary file?)") from None
        raise
    return _run(table, source, wishes, issues, say)


def _run(table: Table, source: str, wishes: Wishes, issues: list[Issue], say: Say) -> RunLog:
    """Return the run that the rows of a table are."""
    sheet, columns, name = table.sheet, table.columns, table.metric
    top = sheet.line
    for said in columns.said:
        say(top, said)
    found = _selected(table, wishes, say)
    unit = decisions.read_numbers(found, sheet.names[columns.metric], say) or table.unit
    if _is_backwards(found, sheet):
        found.reverse()
        say(top, "the newest row stands first; the rows were read from the last to the first")
    direction = wishes.direction or table.direction
    if not direction:
        direction = decisions.direction_of_rows(found, columns.direction, name, top, say)
    sign = 1.0 if direction == "min" else -1.0
    if not wishes.best:
        decisions.drop_contradicted(found, sign, name, say)
        found = decisions.merge_baselines(found, say) if wishes.by is None else found
    groups = _groups(found, sheet, wishes.by)
    if wishes.best:
        for group in groups:
            decisions.settle_best(group, sign)
    has_decisions = wishes.best or columns.status is not None
    if not has_decisions:
        say(top, _no_decisions(sheet, columns))
    for group in groups[1:]:
        group[0].starts = True
    found = [row for group in groups for row in group]
    restarts = decisions.restarts_of(found, sign, say)
    if has_decisions:
        decisions.check_direction(found, restarts, direction, top, say)
        taken = {
            columns.metric,
            *(i for i in (columns.status, columns.commit, columns.description) if i is not None),
        }
        decisions.check_keeps(found, restarts, sign, sheet.cells, taken, say)
        decisions.check_first_row(found, say)
    value = [row.value for row in found]
    noise = np.array([row.noise for row in found])
    return RunLog(
        value=np.array(value, dtype=float),
        status=np.array([row.status for row in found], dtype=str),
        description=tuple("\n".join(row.description) for row in found),
        metric=name,
        direction=direction,
        source=source,
        issues=tuple(sorted(issues, key=lambda issue: issue.line)),
        memory=np.array([row.memory for row in found], dtype=float),
        commit=tuple(row.commit for row in found),
        line=np.array([row.line for row in found], dtype=int),
        restarts=restarts,
        unit=unit,
        noise=None if np.isnan(noise).all() else noise,
        bounds=decisions.bounds_of(name, value, unit, direction),
        decisions="best" if wishes.best else "logged" if has_decisions else "none",
        columns=tuple(sheet.cells),
        cells=tuple(tuple(row.cells) for row in found),
        group=()
        if wishes.by is None
        else tuple(cell_of(row.cells, sheet.find(wishes.by, "by")) for row in found),
    )


def _no_decisions(sheet: Sheet, columns: Columns) -> str:
    states = ""
    if columns.state is not None:
        states = f": {short(sheet.cells[columns.state])!r} says only which experiments ran"
    return (
        f"no column holds decisions{states}; decisions='best' takes a row as kept where it is "
        f"the best "
        "so far, status_column= names a column, status= says what its words mean"
    )


def _selected(table: Table, wishes: Wishes, say: Say) -> list[Row]:
    """Return the rows that are wanted, and say how many are not."""
    found = table.found
    for name, value in wishes.where.items():
        column = table.sheet.find(name, "where")
        left = [row for row in found if cell_of(row.cells, column) == value]
        if not left and found:
            there = dict.fromkeys(repr(short(cell_of(row.cells, column))) for row in found)
            raise LogError(
                f"line {table.sheet.line}: expected a row whose {name!r} is {value!r} (where=), "
                f"got "
                f"{', '.join(list(there)[:5])}"
            )
        if len(left) < len(found):
            say(
                table.sheet.line,
                f"{len(found) - len(left)} rows whose {name!r} is not {value!r} were left out",
            )
        found = left
    return found


def _groups(found: list[Row], sheet: Sheet, by: str | None) -> list[list[Row]]:
    """Return the rows that have the same value in a column together, in the order of the first."""
    if by is None:
        return [found] if found else []
    column = sheet.find(by, "by")
    groups: dict[str, list[Row]] = {}
    for row in found:
        groups.setdefault(cell_of(row.cells, column), []).append(row)
    return list(groups.values())


_TIMES = (
    "created", "created_at", "start_time", "started_at", "datetime_start", "timestamp", "date",
    "datetime", "time",
)  # fmt: skip
_DATE = re.compile(r"\d{4}-\d\d[0-9T:.,Z+/ -]{3,30}", re.ASCII)
_COUNTERS = (
    "number", "trial", "iteration", "iter", "cycle", "round", "run", "experiment", "exp", "step",
    "id",
)  # fmt: skip


def _is_backwards(found: list[Row], sheet: Sheet) -> bool:
    """Return whether times, or numbers of rows, fall from row to row."""
    for names, least in ((_TIMES, 2), (_COUNTERS, 3)):
        is_time = names is _TIMES
        for column in (sheet.names.index(name) for name in names if name in sheet.names):
            cells = [cell_of(row.cells, column) for row in found]
            if len(cells) < least or not all(cells):
                continue
            said = [quantity_of(cell) for cell in cells]
            keys: list[Any] = [q.value for q in said if q is not None and not q.unit]
            if len(keys) < len(cells):
                width = len(cells[0])
                if not is_time or not all(len(c) == width and _DATE.fullmatch(c) for c in cells):
                    continue
                keys = cells
            falls = all(a > b or (is_time and a == b) for a, b in pairwise(keys))
            return falls and cells[0] != cells[-1]
    return False
