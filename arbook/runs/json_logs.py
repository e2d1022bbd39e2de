"""The table of a log in JSON: which of its metrics, in which sequences, and its rows."""

from __future__ import annotations

from arbook.runs.columns import Sheet, choose_metric, choose_status
from arbook.runs.decisions import Row, Say
from arbook.runs.jsonl import DIRECTIONS, METRIC_NAMES, UNITS, Records, read_json, setting
from arbook.runs.rows import Table, Wishes, agent_column, cell_of, row_of, stride_of
from arbook.runs.text import name_of
from arbook.runs.words import direction_of, status_of


def table_of_json(lines: list[str], wishes: Wishes, say: Say) -> Table:
    """Return the table of a log in JSON."""
    records = read_json(lines)
    for line, reason in records.issues:
        say(line, reason)
    return _of_records(records, wishes, say)


def _of_records(records: Records, wishes: Wishes, say: Say) -> Table:
    kept, config = _of_one_metric(records, wishes, say)
    names = records.columns or ["metric", "status"]
    cells = [(line, [values.get(name, "").strip() for name in names]) for line, values, _ in kept]
    line = config[0] if config else cells[0][0]
    stride = stride_of(len(cells), len(names))
    sheet = Sheet(names, [row for _, row in cells[::stride]], line)
    columns = choose_status(sheet, wishes.status_column, tuple(wishes.status))
    settings = config[1] if config else {}
    wanted = wishes.metric
    named = setting(settings, *METRIC_NAMES)
    name = wanted
    if wanted is None or name_of(wanted) == name_of(named):
        if "metric" in sheet.names and named:
            wanted, name = names[sheet.names.index("metric")], named
        elif named and any(
            name_of(named) in (n, name_of(c)) for n, c in zip(sheet.names, names, strict=True)
        ):
            wanted = name = named
    choose_metric(sheet, columns, wanted)
    if name is None:
        name = sheet.cells[columns.metric]
    is_primary = bool(named) and name_of(name) == name_of(named)
    said = setting(settings, *DIRECTIONS).lower() if is_primary else ""
    columns.direction = direction_of(name)
    agent = agent_column(sheet)
    found: list[Row] = []
    for (number, row), (_, _, starts) in zip(cells, kept, strict=True):
        status = columns.status_in(row)
        if (
            status == "other"
            and not row[columns.metric]
            and not cell_of(row, columns.status)
            and status_of(cell_of(row, columns.state)) == "other"
        ):
            say(number, "neither a metric nor a decision; not used")
            continue
        made = row_of(sheet, columns, number, row, agent, wishes, say)
        made.starts = starts and bool(found)
        found.append(made)
    return Table(
        sheet, columns, found, name,
        setting(settings, *UNITS) if is_primary else "",
        "max" if said in ("higher", "max", "maximize", "maximise", "up") else
        "min" if said in ("lower", "min", "minimize", "minimise", "down") else None,
    )  # fmt: skip


def _of_one_metric(
    records: Records, wishes: Wishes, say: Say
) -> tuple[list[tuple[int, dict[str, str], bool]], tuple[int, dict[str, str]] | None]:
    """Return the rows of the metric that is wanted, or that most have, with their settings."""
    edges = [*(at for at, _, _ in records.configs), len(records.rows)]
    parts: list[tuple[int, dict[str, str], list[tuple[int, dict[str, str]]]]]
    parts = [(1, {}, records.rows[: edges[0]])]
    for number, (at, line, settings) in enumerate(records.configs, start=1):
        parts.append((line, settings, records.rows[at : edges[number]]))
    names = [setting(settings, *METRIC_NAMES) for _, settings, _ in parts]
    sizes: dict[str, int] = {}
    for name, (_, _, rows_of) in zip(names, parts, strict=True):
        sizes[name] = sizes.get(name, 0) + len(rows_of)
    chosen = max(reversed(list(sizes)), key=lambda name: sizes[name])
    if wishes.metric is not None:
        chosen = next((n for n in sizes if name_of(n) == name_of(wishes.metric) and n), chosen)
    kept = []
    config = None
    for name, (line, settings, rows_of) in zip(names, parts, strict=True):
        if name == chosen or not name:
            config = config or ((line, settings) if settings else None)
            segment: str | None = None
            for i, (at, values) in enumerate(rows_of):
                own = values.get("segment", "")
                starts = (i == 0) if records.configs else (segment is not None and own != segment)
                segment = own
                kept.append((at, values, starts))
        elif rows_of:
            say(
                line,
                f"another metric, {name!r}, from here on: its {len(rows_of)} rows were left out "
                "(metric= names it)",
            )
    return kept, config
