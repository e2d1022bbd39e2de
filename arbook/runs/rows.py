"""The rows of a log, and what its reader wants of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from arbook.runs.columns import Columns, Sheet, memory_of
from arbook.runs.decisions import Row, Say
from arbook.runs.text import short
from arbook.runs.words import status_of

#: Rows that the columns are told by, spread over the log.
SAMPLE = 2000
#: Cells of them: of a wide table fewer rows are looked at.
SAMPLE_CELLS = 60_000


@dataclass(frozen=True)
class Wishes:
    """What the reader of a log wants read, and how."""

    metric: str | None = None
    direction: str | None = None
    status_column: str | None = None
    status: dict[str, str] = field(default_factory=dict)
    best: bool = False
    by: str | None = None
    where: dict[str, str] = field(default_factory=dict)


@dataclass
class Table:
    """The rows of a log whose columns are known."""

    sheet: Sheet
    columns: Columns
    found: list[Row]
    metric: str  # its name
    unit: str = ""
    direction: str | None = None  # as the log states it


def stride_of(n_rows: int, width: int) -> int:
    """Return how far apart the rows of the sample stand."""
    return 1 + n_rows // max(1, min(SAMPLE, SAMPLE_CELLS // width))


def cell_of(cells: list[str], column: int | None) -> str:
    """Return a row's cell in a column; '' where there is none."""
    return cells[column] if column is not None and column < len(cells) else ""


_AGENTS = ("agent", "agent_id", "worker", "researcher", "machine", "gpu", "host", "model")


def agent_column(sheet: Sheet) -> int | None:
    """Return the column that names who experimented, where there are several."""
    column = sheet.first(_AGENTS)
    if column is None or len(set(sheet.column(column)) - {""}) < 2:
        return None
    return column


def row_of(
    sheet: Sheet, columns: Columns, line: int, cells: list[str], agent: int | None, wishes: Wishes,
    say: Say,
) -> Row:  # fmt: skip
    """Return the row that cells are."""
    word = cell_of(cells, columns.status)
    status = wishes.status.get(word.lower()) or columns.status_in(cells)
    state = status_of(cell_of(cells, columns.state)) if columns.state is not None else "other"
    if state == "crash" or (
        status == "other" and status_of(cell_of(cells, columns.metric)) == "crash"
    ):
        status = "crash"
    elif state == "discard" and columns.status is None:
        status = "out" if wishes.best else "discard"
    elif status == "other" and columns.status is not None and not wishes.best:
        say(line, f"the status {short(word)!r} is not known; taken as 'other' (status= maps it)")
    if wishes.best and status not in ("crash", "out"):
        status = "other"
    memory = math.nan
    if columns.memory is not None:
        memory = memory_of(cell_of(cells, columns.memory), sheet.names[columns.memory])
    return Row(
        line=line,
        cells=cells,
        word=word,
        status=status,
        metric=cell_of(cells, columns.metric),
        description=[cell_of(cells, columns.description)],
        commit=cell_of(cells, columns.commit),
        agent=cell_of(cells, agent),
        memory=memory,
    )
