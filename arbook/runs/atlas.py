"""The atlas: the figures of public runs, whose licences allow that, and where each comes from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from arbook._numerics.shipped import read_shipped
from arbook.model.run import RunLog

FILE = "atlas.jsonl"

#: The letters that stand for decisions in the atlas's file.
LETTERS = {"k": "keep", "d": "discard", "c": "crash", "o": "other"}


@dataclass(frozen=True)
class Source:
    """Where a run of the atlas comes from.

    Parameters
    ----------
    name : str
        Its name, for `load_run`.
    repository, commit, path, part : str
        The public repository, its commit, the log's file in it, and the part of the file where
        it holds several runs.
    licence : str
        The licence that allows the use of the figures, and where the repository says so.
    kind : {"LLM agent", "hp only", "random search"}
        What searched: a language-model agent, one that may change hyperparameters only, or chance.
    agent : str
        The model, where commits name it.

    Examples
    --------
    >>> from arbook import logs
    >>> logs.sources()["h100-mar8"].repository
    'karpathy/autoresearch'
    """

    name: str
    repository: str
    commit: str
    path: str
    part: str
    licence: str
    kind: str
    agent: str


def sources() -> dict[str, Source]:
    """Return where the runs of the atlas come from, by name.

    Returns
    -------
    dict of str to Source
        In the order of `atlas`.

    Examples
    --------
    >>> found = sources()
    >>> len(found), len({source.repository for source in found.values()})
    (117, 34)
    """
    return {name: source for name, (source, _) in entries().items()}


def atlas() -> tuple[RunLog, ...]:
    """Return the runs of the atlas: one agent on one task from one baseline each.

    Returns
    -------
    tuple of RunLog
        In the order of `sources`, with its names at the start of ``source``. Only figures are
        there: metric and decision of each row.

    Examples
    --------
    >>> runs = atlas()
    >>> len(runs), sum(run.n_experiments for run in runs)
    (117, 8901)
    """
    return tuple(log for _, log in entries().values())


@cache
def entries() -> dict[str, tuple[Source, RunLog]]:
    """Return source and run by name."""
    text = read_shipped(FILE)
    found = (_entry(json.loads(line)) for line in text.splitlines())
    return {source.name: (source, log) for source, log in found}


def repository_of(log: RunLog) -> str | None:
    """Return the repository of a run that comes with the package, or None."""
    known = entries().get(log.source.partition(",")[0])
    return known[0].repository if known and known[0].repository in log.source else None


def _entry(row: dict[str, Any]) -> tuple[Source, RunLog]:
    """Return the run on a line of the file, and its source."""
    source = Source(**{name: row[name] for name in Source.__dataclass_fields__})
    log = RunLog(
        value=np.array(row["value"], dtype=np.float64),
        status=np.array([LETTERS[letter] for letter in row["decision"]]),
        metric=row["metric"],
        direction=row["direction"],
        source=f"{source.name}, {source.repository}@{source.commit[:10]}",
    )
    return source, log


def line_of(log: RunLog, source: Source) -> str:
    """Return the line of the file that holds a run."""
    letters = {word: letter for letter, word in LETTERS.items()}
    row = {
        **{name: getattr(source, name) for name in Source.__dataclass_fields__},
        "metric": log.metric,
        "direction": log.direction,
        "decision": "".join(letters[word] for word in log.status.tolist()),
        "value": [None if value != value else value for value in log.value.tolist()],
    }
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
