"""`arbook compare`: runs side by side."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import click

from arbook.commands._json import head_of, write_json
from arbook.commands._options import reads_logs
from arbook.commands._reading import read
from arbook.commands._summary import summary_of
from arbook.commands._words import clean, echo, short
from arbook.model.run import RunLog
from arbook.runs.finding import find_logs

# Columns of the table of `arbook compare`.
_COMPARED = (
    "experiments",
    "kept",
    "keep_rate",
    "baseline",
    "best",
    "gain",
    "gain_area",
    "average_gain",
)


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@reads_logs
def compare(files: Sequence[str], as_json: bool, how: Mapping[str, Any]) -> None:
    """Put runs side by side.

    A file that cannot be read is named, and the others are compared; the exit status is then 1.
    """
    paths = [found for path in files for found in _matching(path)]
    names = [os.path.basename(path) for path in paths]
    runs, unread = [], []
    for path, name in zip(paths, names, strict=True):
        try:
            run = read(path, how)
        except click.ClickException as error:
            unread.append(error.message)
        else:
            runs.append(replace(run, source=path if names.count(name) > 1 else run.source))
    _compare(runs, unread, as_json)
    sys.exit(bool(unread))


def _matching(path: str) -> list[str]:
    """Return the files that match a pattern, or what is no pattern as it is."""
    try:
        return [path] if path == "-" or os.path.isdir(path) else find_logs(path)
    except FileNotFoundError:
        return [path]


def _compare(runs: list[RunLog], unread: list[str], as_json: bool) -> None:
    warnings = list(unread)
    rows = [(run, i, part) for run in runs for i, part in enumerate(run.segments, start=1)]
    answers = [summary_of(part) for _, _, part in rows]
    if len({(run.metric, run.direction) for run in runs}) > 1:
        warnings.append("The runs have different metrics: their gains cannot be compared.")
    elif len({answer["baseline"] for answer in answers}) > 1:
        warnings.append("The baselines differ: a worse baseline makes every gain larger.")
    if as_json:
        found = [
            {**head_of(run, i if run.restarts else None), **answer}
            for (run, i, _), answer in zip(rows, answers, strict=True)
        ]
        write_json({"runs": found, "warnings": warnings})
        return
    labels = [f"{run.source}#{i}" if run.restarts else run.source for run, i, _ in rows]
    width = max((len(clean(label)) for label in labels), default=0)
    if rows:
        echo("  ".join([" " * width, *(f"{c.replace('_', ' '):>12}" for c in _COMPARED)]))
    for label, answer in zip(labels, answers, strict=True):
        cells = (f"{answer[c]:.1%}" if c == "keep_rate" else short(answer[c]) for c in _COMPARED)
        cells = ("-" if cell.startswith("nan") else cell for cell in cells)
        echo("  ".join([f"{clean(label):{width}}", *(f"{cell:>12}" for cell in cells)]))
    for run in runs:
        if run.issues:
            many = f"{len(run.issues)} issues" if len(run.issues) > 1 else "1 issue"
            echo(f"{run.source}: {many}; arbook log lists them", err=True)
    for warning in warnings:
        echo(warning, err=True)
