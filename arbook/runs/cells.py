"""The cells of a run log: numbers as people and programs write them, with units and noise."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

#: A metric larger than this is not a measurement (and its square would not be a double).
LARGEST_METRIC = 1e100

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


class Quantity(NamedTuple):
    """A number in a cell: its unit as written ('' for none), and the noise after a ± (or nan)."""

    value: float
    unit: str = ""
    noise: float = math.nan


_PLAIN = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_GROUPS = (
    r"[+-]?\d{1,3}(?P<mark>[,'_\u00a0\u2009\u202f ])\d{3}(?:(?P=mark)\d{3})*(?:\.\d+)?(?!\d)"
    r"|[+-]?\d{1,3}(?:\.\d{3}){2,}(?!\d)"
)
_WORD = r"[A-Za-z\u00b5\u03bc%]{1,12}"
_UNIT = rf"(?:[kKMGTB] )?{_WORD}(?:(?: ?/ ?| per ){_WORD})?"
_MARKS = r"[*_`~!\u2191\u2193\u2248\u2605\u2705\u2713\u2714\u2b50\ufe0f]*"
_QUANTITY = re.compile(
    rf"{_MARKS} ?[=$\u20ac\u00a3\u00a5]? ?(?P<number>{_GROUPS}|{_PLAIN})"
    rf" ?(?P<unit>{_UNIT})?"
    rf"(?: ?(?:\u00b1|\+/-|\+-|\\pm) ?(?P<noise>{_PLAIN}) ?(?P<again>{_UNIT})?)?"
    rf"(?: ?[(\[][^()\[\]]*[)\]])? ?{_MARKS}",
    re.ASCII,
)
_BRACKETED = re.compile(
    rf"(?P<number>{_PLAIN}) ?[(\[](?:\u00b1|\+/-"
    rf"|\+-) ?(?P<noise>{_PLAIN})[)\]] ?(?P<unit>{_UNIT})?",
    re.ASCII,
)
_CLOCK = re.compile(r"(?:(\d{1,4}) days? )?(\d{1,4}):(\d\d)(?::(\d\d(?:\.\d{1,9})?))?", re.ASCII)
_SPAN = re.compile(
    r"(?:(\d{1,6}) ?h(?:ours?|rs?)? ?)?(?:(\d{1,6}) ?m(?:in(?:utes?"
    r"|s)?)? ?)(\d{1,6}(?:\.\d{1,9})?) ?s"
    r"(?:ec(?:onds?|s)?)?",
    re.ASCII,
)
_SHARE = re.compile(r"(\d{1,9}) ?/ ?(\d{1,9})", re.ASCII)
#: A number with a decimal comma, or with one separator of thousands.
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_CHANGE = re.compile(r" ?(?:->|=>|\u2192) ?")


def quantity_of(cell: str) -> Quantity | None:
    """Return the number that a cell says, with its unit and noise, or None.

    Examples
    --------
    >>> [tuple(quantity_of(c)) for c in ("12.5 ms", "1.2k", "0.97 ± 0.01", "1,234,567", "68.6%")]
    [(12.5, 'ms', nan), (1.2, 'k', nan), (0.97, '', 0.01), (1234567.0, '', nan), (68.6, '%', nan)]
    >>> quantity_of("2026-01-01"), quantity_of("4 layers, wider")
    (None, None)
    """
    plain = number_of(cell)
    if plain is not None:
        return Quantity(plain)
    cell = re.sub(r"[ \t]+", " ", cell.strip()) if len(cell) <= 100 else ""
    if not cell or not re.search(r"\d", cell, re.ASCII):
        return None
    cell = cell.replace("\u2212", "-")
    cell = _CHANGE.split(cell)[-1]  # of a number before and one after a change, the one after
    if match := _CLOCK.fullmatch(cell):
        return Quantity(_seconds(match), "s")
    if match := _SPAN.fullmatch(cell):
        hours, minutes, seconds = (float(part or 0) for part in match.groups())
        return Quantity(3600 * hours + 60 * minutes + seconds, "s")
    if match := _SHARE.fullmatch(cell):
        return Quantity(int(match[1]) / int(match[2]), "/") if int(match[2]) else None
    match = _BRACKETED.fullmatch(cell) or _QUANTITY.fullmatch(cell)
    if match is None:
        return None
    groups = match.groupdict()
    number = re.sub(r"[,'_\u00a0\u2009\u202f ]", "", groups["number"])
    value = float(number.replace(".", "") if number.count(".") > 1 else number)
    if abs(value) > LARGEST_METRIC:
        return None
    unit = groups["unit"] or groups.get("again") or ""
    if re.match(r"[+-]?0,", groups["number"]):
        return None  # a decimal comma
    noise = abs(float(groups["noise"])) if groups["noise"] else math.nan
    return Quantity(value, unit, noise if noise <= LARGEST_METRIC else math.nan)


def _seconds(match: re.Match[str]) -> float:
    """Return the seconds of a duration with colons: minutes and seconds, or hours before them."""
    days, first, second, third = match.groups()
    if third is None and days is None:
        return 60.0 * int(first) + int(second)
    return 86400.0 * int(days or 0) + 3600.0 * int(first) + 60.0 * int(second) + float(third or 0)


# Of each unit, what it measures and how many of the smallest it is.
_UNITS: dict[str, tuple[str, float]] = {
    **dict.fromkeys(("ns", "nsec", "nanoseconds"), ("time", 1.0)),
    **dict.fromkeys(("us", "\u00b5s", "\u03bcs", "usec", "microseconds"), ("time", 1e3)),
    **dict.fromkeys(("ms", "msec", "msecs", "millis", "milliseconds"), ("time", 1e6)),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), ("time", 1e9)),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), ("time", 6e10)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), ("time", 3.6e12)),
    **dict.fromkeys(("byte", "bytes"), ("bytes", 1.0)),
    "k": ("count", 1e3), "mn": ("count", 1e6), "mio": ("count", 1e6), "bn": ("count", 1e9),
}  # fmt: skip
_LARGE = {"K": 1e3, "M": 1e6, "B": 1e9, "G": 1e9, "T": 1e12}
_BYTES = {"kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_SCALED = re.compile(
    r"([kKMGT]) ?((?:tok|flop|op|param|iop|sample|step|it|req|b|ib)s?(?:(?:/| per ).*)?|hz)", re.I
)


def unit_of(unit: str) -> tuple[str, float]:
    """Return what a unit measures, and how large it is.

    Examples
    --------
    >>> unit_of("ms"), unit_of("K"), unit_of("k tok/s")
    (('time', 1000000.0), ('count', 1000.0), ('tok/s', 1000.0))
    """
    if unit in _LARGE:
        return "count", _LARGE[unit]
    known = unit.lower()
    if known in _UNITS:
        return _UNITS[known]
    if known in _BYTES:
        return "bytes", float(_BYTES[known])
    rate = re.sub(r" ?/ ?| per ", "/", unit)
    if match := _SCALED.fullmatch(rate):
        return match[2].lower(), _LARGE[match[1].upper()]
    if match := re.fullmatch(r"([kKMGTB]) (.*)", rate):
        return match[2].lower(), _LARGE[match[1].upper()]
    return rate.lower(), 1.0


class Column(NamedTuple):
    """The numbers of a column in one unit: of each cell its quantity or None, and why some lack."""

    found: list[Quantity | None]
    unit: str
    odd: dict[int, str]


def column_of(cells: Sequence[str], name: str) -> Column:
    """Return the numbers in the cells of a column that has a name, in one unit.

    Examples
    --------
    >>> [q.value for q in column_of(["12.5ms", "950us"], "latency").found]
    [12.5, 0.95]
    """
    found = [quantity_of(cell) for cell in cells]
    commas = [c for c in cells if "," in c]
    if any(DECIMAL_COMMA.fullmatch(c[:100]) and quantity_of(c) is None for c in commas):
        # one cell with a decimal comma makes them all
        found = [None if "," in cell else q for cell, q in zip(cells, found, strict=True)]
    kinds, units = _counted(found)
    if set(kinds) <= {""}:
        return Column(found, "", {})
    for unit, kind, meaning in (("B", "bytes", "byte"), ("m", "count", "M")):
        if unit in units and kind in kinds:  # beside others it means one thing
            found = [q._replace(unit=meaning) if q and q.unit == unit else q for q in found]
            kinds, units = _counted(found)
    main = max((kind for kind in kinds if kind), key=lambda kind: kinds[kind])
    of_main = {unit: n for unit, n in units.items() if unit and unit_of(unit)[0] == main}
    base = max(of_main, key=lambda unit: of_main[unit])
    in_name = name.rpartition("_")[2]
    is_named = main in ("time", "bytes") and unit_of(in_name)[0] == main
    base = in_name if is_named else base
    # A plain number is one in the unit of the others, if that is clear.
    plain_fits = main == "count" or (main not in ("%", "/") and (is_named or len(of_main) == 1))
    if "" in kinds and not plain_fits and kinds[""] >= kinds[main]:
        main = ""
    size = 1.0 if main in ("", "count") else unit_of(base)[1]
    plain = 1.0 if main == "count" else size
    out: list[Quantity | None] = []
    odd: dict[int, str] = {}
    for i, q in enumerate(found):
        kind, factor = unit_of(q.unit) if q and q.unit else ("", plain)
        if q is not None and (kind == main or (kind == "" and plain_fits)):
            out.append(_scaled(q, factor, size))
        else:
            out.append(None)
            if q is not None:
                odd[i] = _mixed(kind, main)
    return Column(out, "" if main in ("", "count", "/") else base, odd)


def _counted(found: Sequence[Quantity | None]) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many quantities there are of each kind and of each unit."""
    kinds: dict[str, int] = {}
    units: dict[str, int] = {}
    for q in found:
        if q is not None:
            kind = unit_of(q.unit)[0] if q.unit else ""
            kinds[kind] = kinds.get(kind, 0) + 1
            units[q.unit] = units.get(q.unit, 0) + 1
    return kinds, units


def _scaled(q: Quantity, factor: float, size: float) -> Quantity:
    """Return a quantity in another unit; multiples of ten stay exact."""
    if factor == size:
        return q
    if factor > size:
        return Quantity(q.value * (factor / size), q.unit, q.noise * (factor / size))
    return Quantity(q.value / (size / factor), q.unit, q.noise / (size / factor))


def _mixed(kind: str, main: str) -> str:
    if "%" in (kind, main):
        return "some rows are in per cent and others not"
    return f"some rows are in {kind or 'plain numbers'} and others in {main or 'plain numbers'}"
