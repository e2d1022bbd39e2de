"""Markdown tables: where each stands, for a page may hold several, of which one is the log."""

from __future__ import annotations

from collections.abc import Sequence

from arbook.runs.cells import is_number
from arbook.runs.tables import split_line
from arbook.runs.text import name_in

#: Tables of so many kinds are looked at.
MOST_TABLES = 20


_FIELDS = (
    "field", "key", "property", "parameter", "param", "hyperparameter", "setting", "attribute",
    "metric", "measure", "quantity",
)  # fmt: skip
_VALUES = ("value", "values", "setting", "result")


def is_of_fields(names: Sequence[str]) -> bool:
    """Return whether a table has these names that says one value of each field, so is no log.

    Examples
    --------
    >>> is_of_fields(["Field", "Value"]), is_of_fields(["run", "value"])
    (True, False)
    """
    plain = [name_in(name) for name in names]
    return len(plain) == 2 and plain[0] in _FIELDS and plain[1] in _VALUES


def markdown_tables(lines: list[str]) -> dict[tuple[str, ...], list[range]]:
    """Return the names of each kind of table, with the lines of the tables that have them.

    A table is a line of names, a drawn line of as many cells, and what has bars below them.

    Examples
    --------
    >>> markdown_tables(["| a | b |", "|---|---|", "| 1 | 2 |", "", "c | d", "-|-", "3 | 4"])
    {('a', 'b'): [range(0, 3)], ('c', 'd'): [range(4, 7)]}
    """
    found: dict[tuple[str, ...], list[range]] = {}
    i = 0
    while i < len(lines):
        names = _names(lines, i)
        end = i + 1
        if names:
            end += 1
            while end < len(lines) and "|" in lines[end] and not _names(lines, end):
                end += 1
            found.setdefault(names, []).append(range(i, end))
        i = end
    return found


def _names(lines: list[str], i: int) -> tuple[str, ...]:
    """Return the cells of a line, if they are names above a drawn line; else none."""
    rule = lines[i + 1] if i + 1 < len(lines) else ""
    if "|" not in lines[i] or "|" not in rule or "-" not in rule or rule.strip("|: \t-"):
        return ()
    cells = split_line(lines[i], "|")
    is_header = 1 < len(cells) == len(split_line(rule, "|")) and not any(map(is_number, cells))
    return tuple(cells) if is_header else ()
