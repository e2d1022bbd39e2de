"""The text of a run log: its lines, its cells, and what the words and numbers in them mean.

Nothing here knows what a run is; `arbook.logs` puts the pieces together.
"""

from __future__ import annotations

import codecs
import csv
import math
import re
from collections.abc import Callable, Iterator

#: More lines than this is not a run log: one experiment a minute takes five weeks.
MOST_LINES = 50_000
#: More bytes than this is not a run log.
MOST_BYTES = 100_000_000
#: More cells than this are not told apart; the last one holds the rest of the line.
MOST_CELLS = 1000
#: A metric larger than this is not a measurement (and its square would not be a double).
LARGEST_METRIC = 1e100


class LogError(ValueError):
    """A log cannot be read; the message names the line and what was expected there.

    Examples
    --------
    >>> import io
    >>> from arbook.logs import read_log
    >>> read_log(io.StringIO("hello"))
    Traceback (most recent call last):
        ...
    arbook.logs.LogError: line 1: expected a header with the columns commit, val_bpb, ..., \
status, separated by tabs; got 'hello'
    """

    __module__ = "arbook.logs"  # where readers catch it


def decode(data: bytes) -> tuple[str, int]:
    """Return the text of a file, and the first line that is not UTF-8 (0 if none)."""
    if len(data) > MOST_BYTES:
        raise LogError(f"line 1: expected a log of at most {MOST_BYTES} bytes, got {len(data)}")
    for bom, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(bom):
            try:
                return data.decode(encoding), 0
            except UnicodeDecodeError as error:
                raise LogError(
                    f"line 1: expected {encoding} text, as its mark says: {error}"
                ) from None
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise LogError(f"line {line}: expected text, got a zero byte: is this a binary file?")
    try:
        return data.decode("utf-8"), 0
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return data.decode("latin-1"), line


def split_lines(text: str) -> list[str]:
    """Return the lines of a text, whatever ends them."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if "\n" not in text:  # a lone carriage return ends a line only where nothing else does
        text = text.replace("\r", "\n")
    if text.count("\n") > MOST_LINES:
        raise LogError(f"line {MOST_LINES + 1}: expected at most {MOST_LINES} lines")
    return text.split("\n")


SEPARATORS = ("\t", ",", ";")
# Possessive: there is nothing to try again, for a mark that closes a cell is not doubled.
_QUOTED = {c: re.compile(rf'"([^"]*+(?:""[^"]*+)*+)"(?={c}|\Z)') for c in SEPARATORS}
_CLOSES = {c: re.compile(rf'"(?={c}|\Z)') for c in SEPARATORS}


def split_cells(line: str, separator: str) -> tuple[list[str], bool]:
    r"""Return the cells of a line, and whether a quoted cell is still open at its end.

    A quotation mark counts only where it opens a cell and another one closes it; elsewhere it is
    part of the text. Logs are written by agents, not by CSV libraries.

    Examples
    --------
    >>> split_cells('a\t"b\tc"\td"e"', "\t")
    (['a', 'b\tc', 'd"e"'], False)
    >>> split_cells('a\t"b', "\t")
    (['a', '"b'], True)
    """
    if not (line.startswith('"') or separator + '"' in line):
        return line.split(separator, MOST_CELLS), False
    if not line.endswith(("\r", "\n")):  # csv drops these, and refuses what else is not so here
        try:
            cells = next(csv.reader((line,), delimiter=separator, strict=True))
            if len(cells) <= MOST_CELLS:
                return cells, False
        except csv.Error:
            pass
    quoted = _QUOTED[separator]
    cells = []
    position, is_open = 0, False
    while len(cells) < MOST_CELLS:
        marked = line.startswith('"', position)
        match = quoted.match(line, position) if marked else None
        if match:
            cells.append(match[1].replace('""', '"'))
            position = match.end()
        else:
            end = line.find(separator, position)
            end = len(line) if end < 0 else end
            cells.append(line[position:end])
            is_open |= marked
            position = end
        if position >= len(line):
            return cells, is_open
        position += 1
    return [*cells, line[position:]], is_open


def rows(
    lines: list[str], start: int, separator: str, is_row: Callable[[list[str]], bool]
) -> Iterator[tuple[int, int, list[str]]]:
    """Yield (first line, line after the last, cells) from line `start` on.

    A row takes several lines when a quoted cell is open at the end of its line and a later line
    closes it, with no line in between that is a row by itself.
    """
    i = start
    searched, closing = start, -1  # no line is searched twice: this stays linear
    while i < len(lines):
        stop = i + 1
        cells, is_open = split_cells(lines[i], separator)
        if is_open:
            if searched <= i:
                searched, closing = i + 1, -1
                while searched < len(lines):
                    line = lines[searched]
                    if is_row(split_cells(line, separator)[0]):
                        break
                    if _CLOSES[separator].search(line):
                        closing = searched
                        break
                    searched += 1
            if closing > i:
                stop = closing + 1
                cells, _ = split_cells("\n".join(lines[i:stop]), separator)
        yield i, stop, cells
        i = stop


_STATUS_WORDS = {
    "keep": "keep kept keeps best baseline accept accepted improve improved improvement success "
    "successful new_best merged yes true",
    "discard": "discard discarded discards revert reverted reject rejected rollback rolled_back "
    "worse no_improvement drop dropped regress regressed regression not_kept no false",
    "crash": "crash crashed crashes error errored fail failed failure oom timeout timed_out nan "
    "abort aborted killed diverged",
}
_STATUS = {word: status for status, words in _STATUS_WORDS.items() for word in words.split()}
_TWO_WORDS = re.compile(r"[^a-z]*+([a-z]++)(?:[^a-z]++([a-z]++))?")


def status_of(cell: str) -> str:
    """Return keep, discard, crash or other for the word in a status cell.

    Examples
    --------
    >>> [status_of(c) for c in ("KEEP", "reverted", "**kept**", "discard (worse)", "OOM", "-")]
    ['keep', 'discard', 'keep', 'discard', 'crash', 'other']
    """
    found = _STATUS.get(cell)
    if found:
        return found
    words = _TWO_WORDS.match(cell[:200].lower())
    if words is None:
        return "other"
    first, second = words.groups()
    return _STATUS.get(f"{first}_{second}") or _STATUS.get(first, "other")


_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def number_of(cell: str) -> float | None:
    """Return the plain finite number in a cell, or None.

    Examples
    --------
    >>> number_of(" 0.9979 "), number_of("N/A"), number_of("1_000"), number_of("1e999")
    (0.9979, None, None, None)
    """
    cell = cell.strip()
    if len(cell) > 100 or not _NUMBER.fullmatch(cell):
        return None
    value = float(cell)
    return value if abs(value) <= LARGEST_METRIC else None


def is_number(cell: str) -> bool:
    """Return whether a cell is a plain finite number."""
    return number_of(cell) is not None


def name_of(cell: str) -> str:
    """Return a column's name in lower case with underscores: 'Val BPB ' is 'val_bpb'."""
    return re.sub(r"[^a-z0-9]+", "_", cell[:200].strip().lower()).strip("_")


_LOWER = re.compile(
    r"(^|_)(bpb|bpc|loss|losses|rmse|mse|msle|mae|mape|error(?!_free)|err|perplexity|ppl|nll|wer"
    r"|cer|fid|latency|runtime|time|cost|regret|drop|gap)(_|$)"
)
_HIGHER = re.compile(
    r"(^|_)(acc|accuracy|score|performance|f1|auc|auroc|r2|reward|return|throughput|speed"
    r"|precision|recall|bleu|rouge|map|iou|dice|sharpe|win|wins|hit|hits|ndcg|psnr|ssim|pass|mfu"
    r"|per_sec|per_second|error_free)(_|$)"
)


def direction_of(metric: str) -> str | None:
    """Return "min" or "max" where a word of a metric's name says which is better, else None.

    Examples
    --------
    >>> [direction_of(m) for m in ("val_bpb", "neg_mse", "performance", "metric_after")]
    ['min', 'max', 'max', None]
    """
    name = name_of(metric)
    if _LOWER.search(name):
        return "max" if name.startswith(("neg_", "negative_")) else "min"
    return "max" if _HIGHER.search(name) else None


# Before "baseline": it is only compared with, or another clause has begun.
_COMPARES = re.compile(
    r"[(,;.]|\b(over|than|vs|versus|to|from|beats?|below|above|on|against|at|as)\b"
)


def names_baseline(commit: str, description: str) -> bool:
    """Return whether a row calls itself a baseline.

    Examples
    --------
    >>> names_baseline("__baseline__", ""), names_baseline("a1", "gpu 0: second baseline (seed 2)")
    (True, True)
    >>> names_baseline("a1", "wider, beats the baseline"), names_baseline("a1", "back to baseline")
    (False, False)
    """
    if "baseline" in commit.lower():
        return True
    before, word, _ = description[:200].lower().partition("baseline")
    return bool(word) and not _COMPARES.search(before)


_ONLY_BASELINE = re.compile(
    r"[ *:.-]*((the|a|new|second|third|original|re-?run|repeat(ed)?|re-?measured?) +(of +)?)*"
    r"baseline([ ,]+(again|re-?run|repeat(ed)?|re-?measured?))?[ *:.-]*([(][^\n]*)?"
)


def is_only_baseline(description: str) -> bool:
    """Return whether a row says of itself that it is a baseline, and nothing else.

    Examples
    --------
    >>> [is_only_baseline(d) for d in ("Baseline re-run (seed 2)", "baseline with more layers")]
    [True, False]
    """
    return bool(_ONLY_BASELINE.fullmatch(description[:200].lower()))


_STATUS_COLUMNS = ("status", "decision", "result", "outcome", "verdict", "kept")
_COMMIT_COLUMNS = ("commit", "hash", "sha", "commit_hash", "id", "exp", "experiment", "run")
_DESCRIPTION_COLUMNS = ("description", "desc", "notes", "note", "comment", "change", "summary")
# Names of rows, places and settings: never the metric.
_NOT_A_METRIC = re.compile(
    r"commit|hash|sha|id|exp|experiment|run|iter|iteration|step|steps|num_steps|round|trial|index"
    r"|date|timestamp|datetime|branch|parent|agent|gpu|seed|lr|depth|status"
    r"|delta|diff|diff_lines|reject_reason|reason|baseline|n|no|num|model"
)
# What is written down beside a metric: the metric itself only where nothing else can be.
_MEMORY = re.compile(r"(^|_)[a-z]*(mem|memory|vram)([gm]i?b)?(_|$)")
_BESIDE_A_METRIC = re.compile(
    r"^(time|duration|elapsed|batch|(micro|global)_batch)$"
    r"|(^|_)(before|old|new|changed|seconds|secs|minutes|hours|ms|n?params|n?tokens|mfu|batch_size"
    r"|gap)(_|$)"
)
# Where several columns could be the metric, what was held out goes first.
_HELD_OUT = re.compile(r"(^|_)(test|val|valid|validation|eval|dev|holdout)(_|$)")
_TRAINING = re.compile(r"(^|_)(train|training)(_|$)")
_PLAIN_NAMES = ("val_bpb", "metric", "metric_after")
_METRIC_FIRST = (r"val_bpb", r"(best_)?val(id|idation)?_.*", r"metric_after", r"metric", r".*bpb.*")


class Header:
    """What the columns of a log are: `cells` are its names, and the rest are column numbers."""

    def __init__(self, cells: list[str], separator: str, status: int) -> None:
        self.cells = [cell.strip() for cell in cells]
        self.names = [name_of(cell) for cell in cells]
        self.separator = separator
        self.status = status
        self.commit = _first(self.names, _COMMIT_COLUMNS)
        self.description = _first(self.names, _DESCRIPTION_COLUMNS)
        self.memory = next((i for i, n in enumerate(self.names) if _MEMORY.search(n)), None)
        in_megabytes = self.memory is not None and re.search(r"mi?b$", self.names[self.memory])
        self.memory_unit = 1 / 1024 if in_megabytes else 1.0  # in GB

    def cell(self, cells: list[str], column: int | None) -> str:
        """Return a row's cell without blanks around it; '' where there is none."""
        return cells[column].strip() if column is not None and column < len(cells) else ""

    def memory_of(self, cells: list[str]) -> float:
        """Return a row's memory in GB; nan where there is none, and for 0."""
        number = number_of(self.cell(cells, self.memory))
        return number * self.memory_unit if number else math.nan

    def metric(self, sample: list[list[str]]) -> tuple[int | None, list[int]]:
        """Return the column that holds the metric, or None, and others that could.

        `sample` holds some rows. The others hold the metric itself if it is first among them: its
        name is that of something else, and no better column was found.
        """
        columns = [
            i
            for i, name in enumerate(self.names)
            if i not in (self.status, self.commit, self.description)
            and not _NOT_A_METRIC.fullmatch(name)
        ]
        beside = [
            i
            for i in columns
            if _MEMORY.search(self.names[i]) or _BESIDE_A_METRIC.search(self.names[i])
        ]
        columns = sorted((i for i in columns if i not in beside), key=self._held_out_first)

        def is_mostly_numbers(i: int) -> bool:
            cells = [row[i].strip().removesuffix("%") for row in sample if len(row) > i]
            return bool(cells) and sum(map(is_number, cells)) * 2 >= len(cells)

        named = [i for i in columns if direction_of(self.names[i])]
        numeric = [i for i in columns if is_mostly_numbers(i)]
        both = [i for i in named if i in numeric]
        for pattern in _METRIC_FIRST:
            for i in columns:
                if re.fullmatch(pattern, self.names[i]):
                    known = self.names[i] in _PLAIN_NAMES
                    return i, [] if known else [j for j in both if j != i]
        if numeric:
            chosen, *others = both or numeric
            return chosen, others
        numeric = [i for i in beside if is_mostly_numbers(i)]
        numeric.sort(key=lambda i: direction_of(self.names[i]) is None)
        if numeric:
            return numeric[0], numeric
        return next(iter(named), None), []

    def _held_out_first(self, i: int) -> int:
        name = self.names[i]
        return 2 if _TRAINING.search(name) else 0 if _HELD_OUT.search(name) else 1


def header_of(line: str) -> Header | None:
    """Return the header that a line is, or None: it has a status column, and no cell is a number.

    Examples
    --------
    >>> header_of("commit,val_bpb,status").status
    2
    >>> header_of("abc,0.9,keep") is None
    True
    """
    for separator in SEPARATORS:
        cells, _ = split_cells(line, separator)
        status = _first([name_of(cell) for cell in cells], _STATUS_COLUMNS)
        if status is not None and len(cells) > 1 and not any(map(is_number, cells)):
            return Header(cells, separator, status)
    return None


def kind_of(lines: list[str]) -> str:
    """Return what to say of lines without a header that look like another kind of file, or ''.

    Examples
    --------
    >>> kind_of(["| commit | val_bpb | status |"])
    ' (a table in Markdown? separate the cells by tabs, without | at the ends)'
    >>> kind_of(["commit   val_bpb   status"])
    ' (names between blanks? separate all cells by tabs)'
    """
    if lines[0].lstrip().startswith(("{", "[")):
        return " (JSON? write one line a row, the cells separated by tabs)"
    if any(line.lstrip().startswith("|") for line in lines):
        return " (a table in Markdown? separate the cells by tabs, without | at the ends)"
    words = lines[0].lower().split(" ")  # a tab is no blank between names
    if len(words) > 2 and any(word in _STATUS_COLUMNS for word in words[1:]):
        return " (names between blanks? separate all cells by tabs)"
    return ""


def _first(names: list[str], wanted: tuple[str, ...]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)
