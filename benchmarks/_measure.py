"""What the tables share: interleaved timing, ratios, and Markdown."""

import os
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Table:
    """A table of results: cells are text."""

    title: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]
    note: str

    def markdown(self) -> str:
        """Return the table as Markdown, first column to the left, others to the right."""
        lines = [self.head, ("---", *["---:"] * (len(self.head) - 1)), *self.rows]
        body = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"## {self.title}\n\n{body}\n\n{self.note}"


def interleaved(
    functions: Mapping[str, Callable[[], object]],
    rounds: int,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, np.ndarray]:
    """Time every function once a round, so that all of them meet the same disturbances."""
    for function in functions.values():
        function()  # caches, first imports
    times: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            start = clock()
            function()
            times[name].append(clock() - start)
    return {name: np.array(values) for name, values in times.items()}


def ratio(times: np.ndarray, reference: np.ndarray) -> float:
    """Return the median over the rounds of the ratio within a round."""
    return float(np.median(times / reference))


def verdict(value: float, target: float, *, at_least: bool = False) -> str:
    """Return the target, and whether it was reached."""
    reached = value >= target if at_least else value <= target
    return f"{'≥' if at_least else '≤'} {target:g}: {'reached' if reached else 'missed'}"


def machine() -> str:
    """Describe the machine in one line."""
    processor = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                processor = line.partition(":")[2].strip()
                break
    except OSError:
        pass
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{processor}, {os.cpu_count()} processors{load} · {platform.system()} · "
        f"Python {platform.python_version()} · NumPy {np.__version__}"
    )
