"""`arbook compare`: runs side by side."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from math import isfinite
from typing import Any

import click

from arbook import logs
from arbook._numerics.validation import ParameterError
from arbook.commands._json import head_of, write_json
from arbook.commands._options import reads_logs
from arbook.commands._reading import matching, read
from arbook.commands._summary import summary_of
from arbook.commands._words import about, clean, echo, line, short
from arbook.model.run import RunLog

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
    """Put runs side by side, and groups of runs: files in a folder are a group (a/*.tsv b/*.tsv).

    A file that cannot be read is named, and the others are compared; the exit status is then 1.
    """
    paths = [found for path in files for found in matching(path)]
    names = [os.path.basename(path) for path in paths]
    runs, folders, unread = [], [], []
    for path, name in zip(paths, names, strict=True):
        try:
            run = read(path, how)
        except click.ClickException as error:
            unread.append(error.message)
        else:
            runs.append(replace(run, source=path if names.count(name) > 1 else run.source))
            folders.append(os.path.dirname(path) or ".")
    _compare(runs, folders, unread, as_json)
    sys.exit(bool(unread))


def _compare(runs: list[RunLog], folders: list[str], unread: list[str], as_json: bool) -> None:
    warnings = list(unread)
    rows = [(run, i, part) for run in runs for i, part in enumerate(run.segments, start=1)]
    answers = [summary_of(part) for _, _, part in rows]
    if len({(run.metric, run.direction) for run in runs}) > 1:
        warnings.append("The runs have different metrics: their gains cannot be compared.")
    elif len({answer["baseline"] for answer in answers}) > 1:
        warnings.append("The baselines differ: a worse baseline makes every gain larger.")
    pairs = _pairs(runs, folders, warnings)
    if as_json:
        found = [
            {**head_of(run, i if run.restarts else None), **answer}
            for (run, i, _), answer in zip(rows, answers, strict=True)
        ]
        groups = [_pair_as_dict(*pair) for pair in pairs]
        write_json({"runs": found, "groups": groups, "warnings": warnings})
        return
    labels = [f"{run.source}#{i}" if run.restarts else run.source for run, i, _ in rows]
    width = max((len(clean(label)) for label in labels), default=0)
    if rows:
        echo("  ".join([" " * width, *(f"{c.replace('_', ' '):>12}" for c in _COMPARED)]))
    for label, answer in zip(labels, answers, strict=True):
        cells = (f"{answer[c]:.1%}" if c == "keep_rate" else short(answer[c]) for c in _COMPARED)
        cells = ("-" if cell.startswith("nan") else cell for cell in cells)
        echo("  ".join([f"{clean(label):{width}}", *(f"{cell:>12}" for cell in cells)]))
    for pair in pairs:
        _say_pair(*pair)
    for run in runs:
        if run.issues:
            many = f"{len(run.issues)} issues" if len(run.issues) > 1 else "1 issue"
            echo(f"{run.source}: {many}; arbook log lists them", err=True)
    for warning in warnings:
        echo(warning, err=True)


def _pairs(
    runs: list[RunLog], folders: list[str], warnings: list[str]
) -> list[tuple[str, str, logs.GroupComparison]]:
    """Return each pair of folders with what its runs say; what cannot be said is a warning."""
    groups: dict[str, list[RunLog]] = {}
    for run, folder in zip(runs, folders, strict=True):
        groups.setdefault(folder, []).append(run)
    if len(groups) < 2:
        return []
    if all(len(group) == 1 for group in groups.values()):
        warnings.append("One run each: this does not tell which is better; that takes several.")
        return []
    if len({(run.metric, run.direction) for run in runs}) > 1:
        return []
    found = []
    for a, b in combinations(groups, 2):
        try:
            found.append((a, b, logs.compare_groups(groups[a], groups[b])))
        except ParameterError as error:
            warnings.append(f"{a} and {b}: {error}")
    return found


def _pair_as_dict(a: str, b: str, said: logs.GroupComparison) -> dict[str, Any]:
    return {
        "groups": [a, b],
        "runs": [said.first.size, said.second.size],
        "experiments": said.budget,
        "mean_gain": [float(said.first.mean()), float(said.second.mean())],
        "difference": said.difference,
        "interval": list(said.interval),
        "superiority": said.superiority,
        "superiority_interval": list(said.superiority_interval),
        "p_value": said.p_value,
        "runs_needed": said.runs_needed,
        "winner": None if said.winner is None else (a, b)[said.winner],
    }


def _say_pair(a: str, b: str, said: logs.GroupComparison) -> None:
    m, n = said.first.size, said.second.size
    echo(f"{a} ({m} runs) and {b} ({n} runs), after {said.budget} experiments")
    line("mean gain", f"{about(said.first.mean())} and {about(said.second.mean())}")
    low, high = said.interval
    spread = f"95 %: {about(low)} to {about(high)}" if isfinite(low) else "one run has no spread"
    line("difference", f"{about(said.difference)}   {spread}")
    low, high = said.superiority_interval
    line("superiority", f"{said.superiority:.0%} of pairs   95 %: {low:.0%} to {high:.0%}")
    if said.winner is not None:
        line("better", f"{(a, b)[said.winner]} (chance {said.p_value:.2g} if they were alike)")
        return
    more = "this takes several runs of each"
    if isfinite(said.runs_needed) and said.runs_needed > max(m, n):
        more = f"a difference of this size takes about {said.runs_needed:.0f} runs of each"
    line("better", f"these runs do not tell (chance {said.p_value:.2g} if they were alike); {more}")
