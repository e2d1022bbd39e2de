"""Logs in JSON: an object a line, an array, or an array somewhere in a document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import Any

from arbook.runs.cells import number_of
from arbook.runs.text import LogError, short

#: Deeper objects are no log.
DEEPEST = 40
#: More columns than this are not told apart.
MOST_COLUMNS = 1000
#: More objects than this, those within others and braces of texts among them, are no log.
MOST_OBJECTS = 30_000

_TOKEN = re.compile(
    r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)(\s*:)?|\{\s*\}|[\[{}\]\n]'
    r"|-?(?:NaN|Infinity|\d[\d.eE+-]*)(\s*:)?",
    re.ASCII | re.S,
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE = "\x01"  # the member that holds an object's line


def is_json(lines: list[str]) -> bool:
    """Return whether lines are JSON rather than a table: most begin as objects do, or the first."""
    said = [line.strip() for line in lines if line.strip() and not line.startswith(("#", "//"))]
    near = said[:100]
    objects = sum(line.startswith("{") for line in near)
    starts = near[0] if near else ""
    return 2 * objects > len(near) or starts in ("[", "{") or starts.startswith(("[{", '{"'))


#: Names of settings, in lower case without underscores.
METRIC_NAMES = ("metricname", "primarymetric", "metric")
DIRECTIONS = ("bestdirection", "metricdirection", "direction", "optimizationdirection")
UNITS = ("metricunit", "unit")


def setting(values: dict[str, str], *names: str) -> str:
    """Return the first of some settings that is there, or ''.

    Examples
    --------
    >>> setting({"metricName": "wall_ms", "type": "config"}, "metricname", "metric")
    'wall_ms'
    """
    return _first(_plain(values), *names)


def _plain(values: dict[str, str]) -> dict[str, str]:
    return {_plain_name(name): value for name, value in values.items()}


@lru_cache(2 * MOST_COLUMNS)
def _plain_name(name: str) -> str:
    return name.lower().replace("_", "")


def _first(plain: dict[str, str], *names: str) -> str:
    return next((plain[name] for name in names if plain.get(name)), "")


@dataclass
class Records:
    """Rows of a log in JSON, the names of their cells as they come, and what else is there."""

    columns: list[str] = field(default_factory=list)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    #: Rows at which a line of settings stands, with its line and settings.
    configs: list[tuple[int, int, dict[str, str]]] = field(default_factory=list)
    issues: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, values: dict[str, str]) -> None:
        """Add a record: a row, or settings."""
        plain = _plain(values)
        is_row = _first(plain, "status", "decision", "kept")
        is_said = _first(plain, *METRIC_NAMES[:2], *DIRECTIONS)
        metric = "" if is_row or not is_said else _first(plain, *METRIC_NAMES)
        is_name = bool(metric) and number_of(metric) is None
        if plain.get("type") == "config" or is_name:
            self.configs.append((len(self.rows), line, values))
            return
        for name in values:
            if name not in self._known:
                if len(self.columns) == MOST_COLUMNS:
                    break
                self._known.add(name)
                self.columns.append(name)
        self.rows.append((line, values))

    def __post_init__(self) -> None:
        self._known: set[str] = set()


def read_json(lines: list[str]) -> Records:
    """Return the records of a text in JSON.

    Raises
    ------
    LogError
        If there are none, or too many.
    """
    counts = accumulate(line.count("{") for line in lines)
    for number, count in enumerate(counts, start=1):
        if count > MOST_OBJECTS:
            raise LogError(f"line {number}: expected at most {MOST_OBJECTS} objects")
    found = Records()
    said = [line.strip() for line in lines if line.strip()]
    whole = [line.startswith("{") and line.rstrip(",").endswith("}") for line in said]
    has_lines = 2 * sum(whole) >= len(said)
    value = None
    if not (has_lines and whole[0] and len(said) > 1):
        with suppress(ValueError):
            value = _parse("\n".join(lines), 1)
    if value is None and any(whole):
        _read_lines(lines, found)
    else:
        _read_document(value, lines, found)
    return found


def _read_lines(lines: list[str], found: Records) -> None:
    """Read an object a line; one that is broken does not cost the others."""
    for number, line in enumerate(lines, start=1):
        text = line.strip().removesuffix(",")
        text = text[1:] if text.startswith("[{") else text
        text = text[:-1] if text.endswith("}]") and text.startswith("{") else text
        if text in ("", "[", "]"):
            continue
        try:
            value = _parse(text, number)
        except ValueError:
            value = None
        if isinstance(value, dict):
            found.add(number, _flat(value))
        elif text.startswith(("#", "//")):
            found.issues.append((number, "a comment; not used"))
        else:
            found.issues.append((number, f"no JSON object: {short(line)!r}; not used"))
    if not found.rows and not found.configs:
        raise LogError(f"line 1: expected a JSON object a line, got {short(lines[0])!r}")


def _read_document(value: Any, lines: list[str], found: Records) -> None:
    """Read the longest array of objects in a document; where it is broken, its whole objects."""
    text = "\n".join(lines)
    if value is None:
        value = []
        for line, piece in _pieces(text):
            try:
                value.append(_parse(piece, line))
            except ValueError:
                found.issues.append((line, "a broken JSON object; not used"))
        if not value:
            raise LogError(
                f"line 1: expected JSON, or an object a line, got {short(text)!r}; is a bracket or "
                "a comma missing?"
            )
        found.issues.append((len(lines), "the JSON is not whole; its whole objects were read"))
    records = max(_arrays(value, 0), key=len, default=[value] if isinstance(value, dict) else [])
    if not records:
        raise LogError(
            f"line 1: expected JSON objects with a metric and a decision, got {short(text)!r}"
        )
    if isinstance(value, dict) and records[0] is not value:
        settings = _flat({k: v for k, v in value.items() if not isinstance(v, (dict, list))})
        found.configs.append((0, 1, settings))
    for record in records:
        found.add(int(record[_LINE]), _flat(record))


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield the outermost objects of a text that is not JSON as a whole, each with its line."""
    depth, start, line, begun = 0, 0, 1, 1
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == "\n":
            line += 1
        elif token == "{":
            if depth == 0:
                start, begun = match.start(), line
            depth += 1
        elif token == "}" and depth > 0:
            depth -= 1
            if depth == 0:
                yield begun, text[start : match.end()]
        elif token[0] == "{":
            line += token.count("\n")


def _parse(text: str, line: int) -> Any:
    """Return the value that a text is, with marks.

    Every name begins with "=", every text with "'", every number is a text as it stands, and every
    object says its line: so both readers make the same of it.
    """
    depth = 0

    def mark(match: re.Match[str]) -> str:
        nonlocal depth, line
        token = match[0]
        first = token[0]
        if first == '"':
            return '"' + ("=" if match[1] else "'") + token[1:]
        if first == "\n":
            line += 1
            return token
        if first in "[{":
            depth += 1
            if depth > DEEPEST:
                raise ValueError("too deep")
            if first == "[":
                return token
            if len(token) > 1:
                depth -= 1
                line += token.count("\n")
                return f'{{"{_LINE_ESCAPED}":"{line}"}}'
            return f'{{"{_LINE_ESCAPED}":"{line}",'
        if first in "]}":
            depth -= 1
            return token
        return token if match[2] else f'"{token}"'  # a number is no name

    return json.loads(_TOKEN.sub(mark, text))


_LINE_ESCAPED = "\\u0001"


def _arrays(value: Any, depth: int) -> Iterator[list[Any]]:
    """Yield the arrays of objects in a value, outer ones first."""
    if isinstance(value, list):
        if len(value) > 0 and all(isinstance(item, dict) for item in value):
            yield value
        for item in value[:100]:
            if depth < 4:
                yield from _arrays(item, depth + 1)
    elif isinstance(value, dict) and depth < 4:
        for item in value.values():
            yield from _arrays(item, depth + 1)


def _flat(record: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """Return the members of an object as cells; those of an object in it have both names."""
    found: dict[str, str] = {}
    for key, value in record.items():
        if key == _LINE or len(found) > MOST_COLUMNS:
            continue
        name = prefix + _clean(key[1:])
        if isinstance(value, dict):
            found.update(_flat(value, name + "."))
        else:
            found[name] = _cell(value)
    return found


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return _clean(value.removeprefix("'"))
    if isinstance(value, list):
        return ", ".join(_cell(item) for item in value if not isinstance(item, dict))
    if value is True or value is False:
        return str(value).lower()
    return ""


def _clean(text: str) -> str:
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)
