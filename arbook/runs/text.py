"""The text of a run log: its characters, its lines, and what is said where there is none."""

from __future__ import annotations

import codecs
import re

#: More lines than this is not a run log: one experiment a minute takes five weeks.
MOST_LINES = 50_000
#: More bytes than this is not a run log.
MOST_BYTES = 100_000_000


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


_DATABASE = b"SQLite format 3\0"
_TABLES = re.compile(rb"CREATE TABLE (?:IF NOT EXISTS )?[\"'`\[]?(\w{1,60})", re.I)
# How other programs' files begin, and what to make of them.
_OTHERS = (
    (b"PK\x03\x04", "a workbook or an archive: export the table as CSV"),
    (b"PAR1", "a Parquet file: write it as CSV, with pandas.read_parquet(FILE).to_csv(...)"),
    (b"\x1f\x8b", "a file packed by gzip: unpack it first, with gunzip"),
)


def decode(data: bytes) -> tuple[str, list[tuple[int, str]]]:
    """Return the text of a file, and lines at which it is none, with what was made of it."""
    if len(data) > MOST_BYTES:
        raise LogError(f"line 1: expected a log of at most {MOST_BYTES} bytes, got {len(data)}")
    if data.startswith(_DATABASE):
        raise LogError(f"line 1: expected text, got a SQLite database: {_export(data)}")
    for mark, what in _OTHERS:
        if data.startswith(mark):
            raise LogError(f"line 1: expected text, got {what}")
    for bom, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(bom):
            try:
                return data.decode(encoding).replace("\0", ""), []
            except UnicodeDecodeError as error:
                raise LogError(
                    f"line 1: expected {encoding} text, as its mark says: {error}"
                ) from None
    found = []
    if b"\0" in data:  # a machine that lost its power leaves some
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        found.append((line, f"{data.count(0)} zero bytes from here on; read without them"))
        data = data.replace(b"\0", b"")
    try:
        return data.decode("utf-8"), found
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return data.decode("latin-1"), [*found, (line, "not UTF-8; the file was read as Latin-1")]


def _export(data: bytes) -> str:
    """Return how to write the table of a database as text."""
    names = list(dict.fromkeys(m[1].decode("latin-1") for m in _TABLES.finditer(data[:500_000])))
    names = [name for name in names if not name.lower().startswith("sqlite_")]
    if "trial_values" in names:
        return "write Optuna's trials as CSV, with study.trials_dataframe().to_csv('trials.csv')"
    if "latest_metrics" in names:
        return "write MLflow's runs as CSV, with mlflow experiments csv -x ID -o runs.csv"
    first = names[0] if names else "TABLE"
    words = f"write its table as CSV, with sqlite3 -csv -header FILE 'select * from {first}'"
    return words + (f" (its tables: {', '.join(names[:5])})" if len(names) > 1 else "")


def split_lines(text: str) -> list[str]:
    """Return the lines of a text, whatever ends them."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if "\n" not in text:  # a lone carriage return ends a line only where nothing else does
        text = text.replace("\r", "\n")
    if text.count("\n") > MOST_LINES:
        raise LogError(f"line {MOST_LINES + 1}: expected at most {MOST_LINES} lines")
    return text.split("\n")


def short(text: str) -> str:
    """Return a text for a message: its blanks stripped, and its first 40 characters at most."""
    text = text.strip()
    return text if len(text) <= 40 else text[:37] + "..."


def name_of(cell: str) -> str:
    """Return a column's name in lower case with underscores: 'Val BPB ' is 'val_bpb'."""
    return re.sub(r"[^a-z0-9]+", "_", cell[:200].strip().lower()).strip("_")


_MEASURED = re.compile(r"^(metrics?|results?|summary|scores?|measurements?|outcome)[./]", re.I)


def name_in(cell: str) -> str:
    """Return a column's name as it is compared: without "metrics.", in whatever script.

    Examples
    --------
    >>> name_in("metrics.val_loss"), name_in("状态")
    ('val_loss', '状态')
    """
    cell = cell[:200].strip()
    return name_of(_MEASURED.sub("", cell)) or cell.lower()
