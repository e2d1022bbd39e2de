"""The runs that come with the book, as the explorers of real runs need them."""

from __future__ import annotations

from functools import cache

from arbook import logs
from arbook._numerics.validation import FloatArray
from arbook.model.run import RunLog
from arbook.runs.library import index

#: Names of the runs; an explorer's parameter `run` counts them from 1.
RUNS = logs.available_runs()


@cache
def load(number: int) -> RunLog:
    """Return run number `number`, counted from 1."""
    return logs.load_run(RUNS[number - 1])


def searcher(number: int) -> str:
    """Return what searched in a run, in words."""
    return index()[RUNS[number - 1]]["what"]


def unit(metric: str) -> str:
    """Return the unit of a metric: its own name where it has no other."""
    return "bits per byte" if metric.endswith("bpb") else metric


def decimals(value: float, digits: int = 3) -> int:
    """Return the decimals that show a number to some significant digits."""
    exponent = int(f"{abs(value):.{digits - 1}e}".partition("e")[2])
    return min(max(digits - 1 - exponent, 0), 12)


def significant(value: float, digits: int = 3) -> str:
    """Return a number to some significant digits, without an exponent.

    Examples
    --------
    >>> significant(0.0030081), significant(343.88), significant(-0.5), significant(0)
    ('0.00301', '344', '−0.500', '0')
    """
    if value == 0:
        return "0"
    return f"{value:.{decimals(value, digits)}f}".replace("-", "−")


def numbers(values: FloatArray) -> list[float]:
    """Return numbers for the page: shorter than doubles, and closer than any log's digits."""
    return [float(f"{value:.10g}") for value in values]
