"""What fits in the memory that can be had."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from arbook._numerics.validation import ParameterError, refuse


def free_memory() -> int:
    """Return the bytes that can be had, as far as the system tells."""
    known = []
    with suppress(OSError, ValueError):  # Linux: what can be had without swapping
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                known.append(int(line.split()[1]) * 1024)
    with suppress(OSError, ValueError):  # the limit of a container; "max" if there is none
        known.append(int(Path("/sys/fs/cgroup/memory.max").read_text()))
    with suppress(AttributeError, OSError, ValueError):  # all memory of the machine
        known.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min((size for size in known if size > 0), default=sys.maxsize)


def check_size(name: str, value: int, each: int, other: str = "") -> None:
    """Refuse a number of things, `each` of so many bytes, for which there is no memory.

    `other` names what does the same in less of it.
    """
    if value * each > free_memory():
        raise _too_large(name, value, each, other)


@contextmanager
def within_memory(name: str, value: int, each: int, other: str = "") -> Iterator[None]:
    """Refuse like `check_size`, also where the memory cannot be had after all."""
    check_size(name, value, each, other)
    try:
        yield
    except ParameterError:
        raise
    except (MemoryError, ValueError):  # ValueError: more than could ever be addressed
        raise _too_large(name, value, each, other) from None


def _too_large(name: str, value: int, each: int, other: str) -> Exception:
    free = free_memory()
    allowed = (
        f"at most {free // each}, for which the {free / 2**30:.3g} GiB of memory that can be had "
        f"suffice{f' ({other})' if other else ''}"
    )
    return refuse(name, value, allowed)
