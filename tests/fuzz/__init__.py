"""`make fuzz`: what a test run tries a little of, tried in earnest.

A module of it is a script, as in ``PYTHONPATH=tests python -m fuzz.logs 1000 --seed 2``. Each piece
of its work has a seed of its own, so that a table does not depend on the number of processes.
"""

from __future__ import annotations

import argparse
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from typing import TypeAlias

from tqdm import tqdm

#: Faults by kind, each with what shows it; and how much was tried.
Found: TypeAlias = "tuple[int, list[tuple[str, str]]]"

#: Faults of a kind that are shown.
SHOWN = 20


class HangError(BaseException):
    """No library takes it for an error of its own."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Stop what takes more of the processor's time; the clock says little on a busy machine."""

    def stop(*_: object) -> None:
        raise HangError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def run(piece: Callable[[int, int], Found], size: int, kinds: tuple[str, ...], usual: int) -> int:
    """Run a script: pieces of `size` on all cores, and a table; return 1 if there is a fault.

    `piece` maps a seed and a number of things to try to what it found, of the kinds named.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("number", type=int, nargs="?", default=usual, help=f"default {usual}")
    parser.add_argument("--seed", type=int, default=1, help="default 1")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="default: one a core")
    asked = parser.parse_args()
    sizes = [size] * (asked.number // size) + [asked.number % size] * (asked.number % size > 0)
    tried, faults = 0, Counter[str]()
    with ProcessPoolExecutor(asked.jobs) as processes, tqdm(total=asked.number) as bar:
        # bits 20 and up of a piece's seed are the table's
        pieces = [
            processes.submit(piece, (asked.seed << 20) + i, some) for i, some in enumerate(sizes)
        ]
        for done in as_completed(pieces):
            number, found = done.result()
            tried += number
            bar.update(number)
            for kind, what in found:
                faults[kind] += 1
                if faults[kind] <= SHOWN:
                    tqdm.write(f"{kind}: {what}")
    print(f"{tried} tried", *(f"{faults[kind]} {kind}" for kind in kinds), sep=", ")
    return int(any(faults.values()))
