"""The table of a log in lines of text: its header, its rows, and what is neither."""

from __future__ import annotations

from itertools import islice

from arbook.runs.cells import quantity_of
from arbook.runs.columns import (
    Columns,
    Sheet,
    choose_metric,
    choose_status,
    is_empty,
    is_status_name,
)
from arbook.runs.decisions import Row, Say, is_baseline
from arbook.runs.markdown import MOST_TABLES, is_of_fields, markdown_tables
from arbook.runs.rows import Table, Wishes, agent_column, cell_of, row_of, stride_of
from arbook.runs.tables import Header, Shape, headless, is_rule, named_headers, rows
from arbook.runs.text import LogError, short
from arbook.runs.words import direction_said, first_direction

#: Lines that are tried as the header of the table.
_TRIED = 6

#: Cells by which a Markdown table is told from the others.
_CELLS_A_TABLE = 3000


def table_of_text(lines: list[str], wishes: Wishes, say: Say) -> Table:
    """Return the table in the lines of a text; tables of fields and their values are none."""
    fields = [
        i
        for names, places in markdown_tables(lines).items()
        if is_of_fields(names)
        for place in places
        for i in place
        if lines[i].strip()
    ]
    left = list(lines)
    for i in fields:
        left[i] = ""
        say(i + 1, "in a table of fields and their values; not used")
    try:
        return _table_of(left, wishes, say)
    except LogError:
        if not fields:
            raise
        raise LogError(
            f"line {fields[0] + 1}: expected a table with a row for each experiment, got one with "
            "a row for each field"
        ) from None


def _table_of(lines: list[str], wishes: Wishes, say: Say) -> Table:
    one = _one_of_several(lines, wishes, say)
    if one is not None:
        header, lines = one
        return _below(header, *_chosen(header, lines, wishes), lines, wishes, say)
    refused: LogError | None = None
    tried: set[tuple[int, str]] = set()
    for header in named_headers(lines, is_status_name):
        key = (header.top, header.shape.between)
        if key in tried:
            continue
        tried.add(key)
        try:
            sheet, columns = _chosen(header, lines, wishes)
        except LogError as error:
            refused = refused or error
        else:
            return _below(header, sheet, columns, lines, wishes, say)
        if len(tried) == _TRIED:
            break
    if refused is not None:
        raise refused
    if (nameless := headless(lines)) is not None:
        table = _below(nameless, *_chosen(nameless, lines, wishes), lines, wishes, say)
        name = table.sheet.cells[table.columns.metric]
        say(
            nameless.top + 2,
            f"no line of names; {name!r} was taken as the metric (metric= names another one)",
        )
        return table
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    got = "nothing" if first is None else repr(short(lines[first]))
    if any(line.startswith("## ") for line in lines):
        got += " (of a page in Markdown tables are read, with a row for each experiment)"
    raise LogError(
        f"line {(first or 0) + 1}: expected a header with the columns commit, val_bpb, ..., "
        f"status, separated by tabs; got {got}"
    )


def _one_of_several(lines: list[str], wishes: Wishes, say: Say) -> tuple[Header, list[str]] | None:
    """Return the header of the log among Markdown tables, and the lines without the other tables.

    The log has the most decisions near its top, or else the most rows; None if there are no two
    kinds of tables.
    """
    tables = markdown_tables(lines)
    if len(tables) < 2:
        return None
    best, most = None, (-1, -1)
    for names, places in islice(tables.items(), MOST_TABLES):
        below = [lines[i] for place in places for i in place[2:]]
        some = below[: _CELLS_A_TABLE // len(names)]
        try:
            sheet, columns = _chosen(Header([*names], Shape("|"), -1), some, wishes)
        except LogError:  # no metric, or none of the columns that were asked for
            continue
        kinds = [columns.status_in(row) for row in sheet.sample]
        size = kinds.count("keep") + kinds.count("discard"), len(below)
        if size > most:
            best, most = names, size
    if best is None:
        return None
    left = list(lines)
    for i in (i for names, places in tables.items() if names != best for p in places for i in p):
        left[i] = ""
        if lines[i].strip():
            say(i + 1, "in another table; not used")
    top = tables[best][0][0]
    said = ", ".join(repr(short(name)) for name in best[:3]) + (" ..." if best[3:] else "")
    say(
        top + 1,
        f"of {len(tables)} kinds of tables the one with {said} was read (metric= or "
        "status_column= names a column of another one)",
    )
    return Header([*best], Shape("|"), top), left


def _chosen(header: Header, lines: list[str], wishes: Wishes) -> tuple[Sheet, Columns]:
    """Return the names below which a table stands, and which column is which."""
    below = range(header.top + 1, len(lines))
    stride = stride_of(len(below), len(header.cells))
    split = header.shape.split
    sample = [[c.strip() for c in split(lines[i])[0]] for i in below[::stride] if lines[i].strip()]
    sample = [
        cells
        for cells in sample
        if cells != header.cells and len(cells) > 1 and not cells[0].startswith(("#", "//", "---"))
    ]
    sheet = Sheet(header.cells, sample, max(header.top, 0) + 1)
    columns = choose_status(sheet, wishes.status_column, tuple(wishes.status))
    choose_metric(sheet, columns, wishes.metric)
    return sheet, columns


def _below(
    header: Header, sheet: Sheet, columns: Columns, lines: list[str], wishes: Wishes,
    say: Say,
) -> Table:  # fmt: skip
    """Return the table below a header."""
    before = enumerate(lines[: max(header.top, 0)], start=1)
    notes = [(line, text) for line, text in before if text.strip()]
    said = first_direction(notes) if wishes.direction is None else None
    for line, _ in notes:
        if said is None or line != said[0]:
            say(line, "stands before the header; not used")
    name = header.cells[columns.metric]
    found: list[Row] = []
    comments = _read_rows(header, sheet, columns, lines, wishes, say, found)
    said = said or (first_direction(comments) if wishes.direction is None else None)
    if said:
        better = "lower" if said[1] == "min" else "higher"
        say(said[0], f"a comment says that {better} is better; so it was taken (see direction=)")
    return Table(sheet, columns, found, name, direction=said[1] if said else direction_said(name))


def _read_rows(
    header: Header, sheet: Sheet, columns: Columns, lines: list[str], wishes: Wishes,
    say: Say, found: list[Row],
) -> list[tuple[int, str]]:  # fmt: skip
    """Add the rows of a table to those that were found; return its comments."""
    notes: list[tuple[int, str]] = []
    agent = agent_column(sheet)
    bars = header.shape.between == "|"
    is_drawn = header.shape.between in ("|", " ", "  ")
    enough = columns.metric if columns.status is None else columns.status
    is_again = False

    def is_row(cells: list[str]) -> bool:
        if columns.status is not None and columns.status_in([c.strip() for c in cells]) != "other":
            return True
        return len(cells) > 1 and quantity_of(cell_of(cells, columns.metric).strip()) is not None

    for i, stop, raw in rows(lines, header.top + 1, header.shape, is_row):
        line = lines[i]
        cells = [cell.strip() for cell in raw]
        if not any(cells) or (is_drawn and is_rule(line)):
            continue
        if cells == header.cells:
            say(i + 1, "the header again; not used")
            is_again = len(found) > 0
        elif line.startswith(("#", "//")) and not is_row(raw):
            say(i + 1, "a comment; not used")
            notes.append((i + 1, line))
        elif bars and len(cells) < 2:
            say(i + 1, "no row of the table; not used")
        elif len(cells) > enough or is_row(cells):
            cells = _fitted(header, columns, i + 1, raw, cells, say)
            row = row_of(sheet, columns, i + 1, cells, agent, wishes, say)
            if is_again and (is_baseline(row) or _counts_anew(row, found[0])):
                row.starts = True
                say(
                    i + 1, "begins below the header again as a log does: a new sequence starts here"
                )
            is_again = False
            found.append(row)
        else:
            reason = "no row, for it ends before the status; "
            if found:
                found[-1].description += lines[i:stop]
                reason += f"taken as more of the description of line {found[-1].line}"
            else:
                reason += "not used"
            say(i + 1, reason)
    return notes


def _counts_anew(row: Row, first: Row) -> bool:
    """Return whether a row has the first one's name, or its number in the first cell."""
    cell = row.cells[0]
    is_numbered = cell == first.cells[0] and cell.isascii() and cell.isdigit() and len(cell) < 4
    return is_numbered or (row.commit == first.commit and not is_empty(row.commit))


def _fitted(
    header: Header, columns: Columns, line: int, raw: list[str], cells: list[str],
    say: Say,
) -> list[str]:  # fmt: skip
    """Return as many cells as there are names; `raw` are the same with the blanks around them."""
    width = len(header.cells)
    while len(cells) > width and not cells[-1]:
        cells.pop()
    if len(cells) > width:
        reason = f"{len(cells)} cells, where the header has {width}; "
        if columns.description == width - 1 and header.shape.between != "|":
            cells[width - 1] = header.shape.between.join(raw[width - 1 : len(cells)])
            reason += "the rest was taken as description"
        else:
            reason += "the rest was not used"
        say(line, reason)
    return cells
