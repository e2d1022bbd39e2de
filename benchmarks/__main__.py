"""Run the benchmarks: `python -m benchmarks [name ...]`.

Every module of this folder with a function `table()` is one table. All of them together are
written to results.md; some of them, by name, are only printed.
"""

import datetime
import importlib
import pkgutil
import sys
from pathlib import Path

import benchmarks
from benchmarks._measure import machine

RESULTS = Path(__file__).with_name("results.md")


def main(wanted: list[str]) -> None:
    """Print the tables, and keep them if they are complete."""
    names = [m.name for m in pkgutil.iter_modules(benchmarks.__path__) if m.name[0] != "_"]
    unknown = sorted(set(wanted) - set(names))
    if unknown:
        sys.exit(f"no benchmark {', '.join(unknown)}; there are {', '.join(names)}")
    parts = [f"# Benchmarks\n\n{datetime.date.today()} · {machine()}"]
    print(parts[0], flush=True)
    for name in wanted or names:
        parts.append(importlib.import_module(f"benchmarks.{name}").table().markdown())
        print(f"\n{parts[-1]}", flush=True)
    if not wanted:
        RESULTS.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
        print(f"\nWritten to {RESULTS}")


if __name__ == "__main__":
    main(sys.argv[1:])
