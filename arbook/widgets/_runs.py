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


def numbers(values: FloatArray) -> list[float]:
    """Return numbers for the page: shorter than doubles, and closer than any log's digits."""
    return [float(f"{value:.10g}") for value in values]
