"""The runs that come with the package."""

from __future__ import annotations

import csv
from importlib import resources

from arbook._numerics.shipped import read_shipped
from arbook._numerics.validation import refuse
from arbook.model.run import RunLog
from arbook.runs.atlas import entries
from arbook.runs.reading import parse
from arbook.runs.rows import Wishes


def available_runs() -> tuple[str, ...]:
    """Return the names of the runs whose stories the book tells; `sources` has all names.

    Returns
    -------
    tuple of str
        Names for `load_run`.

    Examples
    --------
    >>> available_runs()[0]
    'h100-mar8'
    """
    return tuple(index())


def load_run(name: str) -> RunLog:
    """Return a run that comes with the package.

    Parameters
    ----------
    name : str
        One of `available_runs`, or of `sources`.

    Returns
    -------
    RunLog
        The run; ``source`` names its repository and commit.

    Raises
    ------
    ParameterError
        If there is no such run.

    Examples
    --------
    >>> run = load_run("h100-mar8")
    >>> run.n_experiments, int(run.kept[1:].sum()), int(run.crashed.sum())
    (125, 22, 1)
    >>> run.f0, float(run.frontier[-1])
    (0.9979, 0.969686)
    """
    known = index()
    if isinstance(name, str) and name not in known and name in entries():
        return entries()[name][1]
    if not isinstance(name, str) or name not in known:
        raise refuse("name", name, f"one of {', '.join(known)}, or of logs.sources()")
    entry = known[name]
    source = f"{name}, {entry['repository']}@{entry['commit']}"
    with resources.files("arbook").joinpath("data", f"{name}.csv").open("rb") as file:
        return parse(file.read(), source, Wishes())


def index() -> dict[str, dict[str, str]]:
    """Return what is known of each run, by its name."""
    text = read_shipped("index.csv")
    return {entry["name"]: entry for entry in csv.DictReader(text.splitlines())}
