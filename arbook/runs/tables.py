"""The tables of a run log: cells between tabs, commas, bars or blanks, below a line of names."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator

from arbook.runs.cells import is_number, quantity_of
from arbook.runs.text import name_in
from arbook.runs.words import status_of

#: More cells than this are not told apart; the last one holds the rest of the line.
MOST_CELLS = 1000
#: The header is looked for in so many lines.
HEADER_WITHIN = 100

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


class Shape:
    """How the lines of a table are made: what stands between cells, and how many cells there are.

    `between` is a separator, "|" for bars (Markdown), "  " for two blanks or more, " " for any, of
    which the last cell, number `width`, may hold some.
    """

    def __init__(self, between: str, width: int = 0) -> None:
        self.between = between
        self.width = width
        self.decisions = -1  # column of the decisions, if blanks stand between cells

    def split(self, line: str) -> tuple[list[str], bool]:
        r"""Return the cells of a line, and whether a quoted cell is still open at its end.

        A line that has too few is tried as one whose tabs became the two characters \t, or blanks.

        Examples
        --------
        >>> Shape("\t", 3).split(r"c3\t1.09\tkeep"), Shape("|").split("| c3 | 1.09 |")
        ((['c3', '1.09', 'keep'], False), (['c3', '1.09'], False))
        >>> Shape(" ", 3).split("c3  1.09 two words")
        (['c3', '1.09', 'two words'], False)
        """
        if self.between in SEPARATORS:
            cells, is_open = split_cells(line, self.between)
            if len(cells) < self.width and self.between == "\t":
                if "\\t" in line:
                    return split_cells(tabbed(line), "\t")
                if len(cells) == 1 and self.width and " " in line:
                    words = _by_blanks(line, self.width)
                    if len(words) > 2 and sum(map(_decides, words[1:])) == 1:
                        return words, False
            return cells, is_open
        if self.between == "|":
            return _by_bars(line), False
        if line.count("\t") >= max(2, self.width - 2):
            return split_cells(line, "\t")[0], False  # no quoted cell goes on between blanks
        if self.between == "  ":
            return re.split(r"[ \t]{2,}|\t", line.strip(" \t"))[:MOST_CELLS], False
        words = _by_blanks(line, self.width)
        return self._with_gaps(words), False

    def _with_gaps(self, words: list[str]) -> list[str]:
        """Return words with empty cells before the decision, where some are lacking."""
        at = next((i for i, word in enumerate(words) if i > 0 and _decides(word)), -1)
        lacking = self.decisions - at
        if at < 1 or lacking < 1:
            return words
        rest = [*words[:at], *[""] * lacking, *words[at:]]
        return [*rest[: self.width - 1], " ".join(rest[self.width - 1 :])]


def tabbed(line: str) -> str:
    r"""Return a line in which the two characters \t are tabs."""
    return re.sub(r"\\n *$", "", line).replace("\\t", "\t")


def _decides(cell: str) -> bool:
    return status_of(cell) in ("keep", "discard", "crash")


def _by_blanks(line: str, width: int) -> list[str]:
    words = re.split(r"[ \t]+", line.strip(" \t"))
    if 0 < width < len(words):
        words = [*words[: width - 1], " ".join(words[width - 1 :])]
    return words[:MOST_CELLS]


def _by_bars(line: str) -> list[str]:
    line = line.strip()
    line = line.removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    parts = line.replace("\\|", "\0").split("|", MOST_CELLS)
    return [part.replace("\0", "|").strip() for part in parts]


_RULE = re.compile(r"[|:+= \t-]*-[|:+= \t-]*")


def is_rule(line: str) -> bool:
    """Return whether a line is only drawn, such as the one below a Markdown table's names."""
    return len(line) < 2000 and bool(_RULE.fullmatch(line))


def rows(
    lines: list[str], start: int, shape: Shape, is_row: Callable[[list[str]], bool]
) -> Iterator[tuple[int, int, list[str]]]:
    """Yield (first line, line after the last, cells) from line `start` on.

    A row takes several lines when a quoted cell is open at the end of its line and a later line
    closes it, with no line in between that is a row by itself.
    """
    i = start
    searched, closing = start, -1  # no line is searched twice: this stays linear
    while i < len(lines):
        stop = i + 1
        cells, is_open = shape.split(lines[i])
        if is_open:
            if searched <= i:
                searched, closing = i + 1, -1
                while searched < len(lines):
                    line = lines[searched]
                    if is_row(shape.split(line)[0]):
                        break
                    if _CLOSES[shape.between].search(line):
                        closing = searched
                        break
                    searched += 1
            if closing > i:
                stop = closing + 1
                cells, _ = split_cells("\n".join(lines[i:stop]), shape.between)
        yield i, stop, cells
        i = stop


class Header:
    """A line of names: the cells as they stand, the table's shape, and its line, from 0."""

    def __init__(self, cells: list[str], shape: Shape, top: int) -> None:
        self.cells = [cell.strip() for cell in cells]
        self.shape = shape
        self.top = top
        shape.width = len(cells)


def _is_names(cells: list[str]) -> bool:
    return len(cells) > 1 and not any(map(is_number, cells))


def named_headers(lines: list[str], is_status: Callable[[str], bool]) -> Iterator[Header]:
    r"""Yield the lines that may be a header, the likeliest first.

    `is_status` tells whether a name is one of decisions. A line of names with one is a header;
    next, one with two characters \t for a tab; then a line of names above a line with numbers;
    then names between blanks.
    """
    near = lines[:HEADER_WITHIN]
    split = [(i, c, split_line(line, c)) for i, line in enumerate(near) for c in (*SEPARATORS, "|")]
    for i, between, cells in split:
        if _is_names(cells) and any(is_status(name_in(cell)) for cell in cells):
            yield Header(cells, Shape(between), i)
    for i, line in enumerate(near):
        cells = tabbed(line).split("\t")[:MOST_CELLS]
        if "\\t" in line and _is_names(cells) and any(is_status(name_in(c)) for c in cells):
            yield Header(cells, Shape("\t"), i)
    for i, between, cells in split:
        if _is_names(cells) and all(cells) and _has_numbers_below(lines, i, between, len(cells)):
            yield Header(cells, Shape(between), i)
    for i, line in enumerate(near):
        if len(line) < 1000 and re.search(r"[^ \t]+[ \t]+[^ \t]+[ \t]+[^ \t]", line):
            yield from _between_blanks(lines, i, is_status)


def split_line(line: str, between: str) -> list[str]:
    """Return the cells of a line of names."""
    if between == "|":
        return _by_bars(line) if "|" in line else [line]
    return split_cells(line, between)[0]


def _has_numbers_below(lines: list[str], top: int, between: str, width: int) -> bool:
    """Return whether most lines below have as many cells, and one of them a number."""
    below = [line for line in lines[top + 1 : top + 21] if line.strip() and not is_rule(line)]
    split = [split_line(line, between) for line in below]
    fitting = [cells for cells in split if len(cells) == width]
    return 2 * len(fitting) > len(split) and any(quantity_of(c) for row in fitting for c in row)


def _between_blanks(
    lines: list[str], top: int, is_status: Callable[[str], bool]
) -> Iterator[Header]:
    """Yield what a line is as one of names between blanks: the way that fits the rows below."""
    below = [line for line in lines[top + 1 : top + 21] if line.strip() and not is_rule(line)]
    best: tuple[int, int, Header] | None = None
    for between in (" ", "  "):
        cells = Shape(between).split(lines[top])[0]
        at = [i for i, cell in enumerate(cells) if is_status(name_in(cell))]
        if len(cells) < 3 or not at or not _is_names(cells):
            continue
        header = Header(cells, Shape(between), top)
        rows_of = [header.shape.split(line)[0] for line in below]
        if between == "  ":  # as many cells as names, or it is the other way
            rows_of = [row for row in rows_of if len(row) == len(cells)]
        fit = sum(len(row) > at[0] and status_of(row[at[0]]) != "other" for row in rows_of)
        if 2 * fit >= max(1, len(below)) and (best is None or fit > best[0]):
            best = fit, at[0], header
    if best:
        _, decisions, header = best
        header.shape.decisions = decisions
        yield header


def headless(lines: list[str]) -> Header | None:
    """Return made-up names for a table that has none, or None if there is no table.

    It has rows of as many cells, with one word of a decision and a number before or after it.
    """
    for between in ("\t", ",", ";", "|"):
        first, width = -1, 0
        matching = 0
        for i, line in enumerate(lines[:HEADER_WITHIN]):
            cells = split_line(line, between)
            if len(cells) < 3 or not any(map(is_number, cells)) or not any(map(_decides, cells)):
                continue
            if first < 0:
                first, width = i, len(cells)
            matching += len(cells) == width
        if matching > 1:
            shape = Shape(between)
            return Header([f"column {k + 1}" for k in range(width)], shape, first - 1)
    return None
