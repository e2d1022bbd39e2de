"""`make fuzz`: mutated logs, read by Python and by the page.

    PYTHONPATH=tests python -m fuzz.logs 1000000

Faults: exceptions other than the clear error, readings that take more than a second, rows that are
neither read nor named (or a run that is not sound), and differences between the two readers. The
bytes of each are in _build/fuzz.
"""

from __future__ import annotations

import io
import random
import sys
import zlib
from functools import cache
from pathlib import Path

from any_bytes import PIECES, check_error, check_log, mutate, small_logs
from readers import described, difference, read_there

from arbook.logs import LogError, read_log
from fuzz import Found, HangError, run, within

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "_build" / "fuzz"

KINDS = ("exceptions", "hangs", "rows unaccounted", "differences")

#: Of the processor's time, for one log.
SECONDS = 1.0

OPTIONS = [
    *({"direction": "max"}, {"direction": "min"}, {"metric": "loss"}, {"metric": "val_bpb"}),
    *({"decisions": "best"}, {"by": "agent"}, {"where": {"status": "keep"}}),
    *({"status_column": "status"}, {"status": {"pending": "keep"}}),
]
CODES = ["utf-8-sig", "latin-1", "utf-16", "utf-16-be", "cp1252"]


@cache
def originals() -> tuple[list[bytes], list[bytes]]:
    """Return small logs and whole runs, to be mutated."""
    runs = sorted((ROOT / "arbook" / "data").glob("*-*.csv"))
    return small_logs(), [path.read_bytes() for path in runs]


def mutated(chance: random.Random) -> bytes:
    """Return the bytes of a log that went wrong in some places, and now and then in thousands."""
    small, whole = originals()
    original = chance.choice(whole if chance.random() < 0.03 else small)
    text = original.decode("utf-8", "surrogateescape")
    for _ in range(chance.randint(1, 6)):
        text = mutate(text, chance)
    if chance.random() < 0.005:
        place = chance.randrange(len(text) + 1)
        many = chance.choice(PIECES) * chance.choice([100, 10_000, 100_000])
        text = text[:place] + many + text[place:]
    code = chance.choice(CODES) if chance.random() < 0.1 else ""
    data = text.encode(code, "replace") if code else text.encode("utf-8", "surrogateescape")
    if chance.random() < 0.1:
        broken = bytearray(data)
        for _ in range(min(len(data), chance.randint(1, 8))):
            broken[chance.randrange(len(data))] = chance.randrange(256)
        data = bytes(broken)
    return data


def here(data: bytes, options: dict[str, object]) -> tuple[object, str]:
    """Return what Python makes of a log, and the kind of its fault, if there is one."""
    try:
        with within(SECONDS):
            log = read_log(io.BytesIO(data), **options)
            answer = described(log)
    except LogError as error:
        check_error(error)
        return str(error), ""
    except HangError:
        return None, "hangs"
    except Exception as error:
        return repr(error), "exceptions"
    try:
        check_log(log, data, is_whole="where" not in options)
    except AssertionError as error:
        return repr(error), "rows unaccounted"
    return answer, ""


def piece(seed: int, number: int) -> Found:
    """Read a number of logs on both sides."""
    chance = random.Random(seed)
    logs = [mutated(chance) for _ in range(number)]
    options = [chance.choice(OPTIONS) if chance.random() < 0.1 else {} for _ in logs]
    found = []
    answers = zip(logs, options, read_there(logs, options), strict=True)
    for data, some, there in answers:
        answer, kind = here(data, some)
        what = f"{answer}"
        if there["fault"]:
            kind, what = "exceptions", f"in the page: {there['fault']}"
        elif there["seconds"] > SECONDS:
            kind, what = "hangs", f"in the page: {there['seconds']:.1f} s"
        elif not kind:
            what = difference(there["found"], answer)
            kind = "differences" if what else ""
        if kind:
            found.append((kind, f"{kept(data)} {some or ''} {what[:400]}"))
    return number, found


def kept(data: bytes) -> str:
    """Write bytes that show a fault, and return where."""
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"log-{zlib.crc32(data):08x}"
    path.write_bytes(data)
    return str(path.relative_to(ROOT))


if __name__ == "__main__":
    sys.exit(run(piece, 500, KINDS, 1_000_000))
