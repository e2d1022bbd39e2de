"""The run in a file, the part of it that can be fitted, and what is said where there is none."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

import click
import numpy as np

from arbook import logs
from arbook._numerics.validation import ParameterError
from arbook.commands._json import head_of
from arbook.commands._words import as_options, echo, fail, say_issues
from arbook.model.run import RunLog
from arbook.runs.changes import FEWEST
from arbook.runs.finding import find_logs


def read(path: str, how: Mapping[str, Any]) -> RunLog:
    """Return the run in a file, in a folder or on standard input (-), or say why there is none."""
    try:
        run = logs.read_log(click.open_file("-", "rb") if path == "-" else path, **how)
    except OSError as error:
        raise click.BadParameter(f"{path}: {error.strerror or error}") from None
    except (logs.LogError, ParameterError) as error:
        fail(f"{path}: {as_options(str(error))}")
    if not run.value.size:
        fail(f"{path}: the log has a header and no rows; its run never started")
    return run


def matching(path: str) -> list[str]:
    """Return the files that match a pattern, or what is no pattern as it is."""
    try:
        return [path] if path == "-" or os.path.isdir(path) else find_logs(path)
    except FileNotFoundError:
        return [path]


def segment_of(run: RunLog, fewest: int = FEWEST) -> tuple[RunLog, int | None]:
    """Return the run, or the last of its segments that is long enough to be used; and which."""
    if not run.restarts:
        return run, None
    parts = run.segments
    for number in range(len(parts), 0, -1):
        if np.isfinite(parts[number - 1].delta).sum() >= fewest:
            echo(f"The run restarts; this is segment {number} of {len(parts)}.", err=True)
            return parts[number - 1], number
    say_issues(run)
    fail(f"{run.source}: no segment has {fewest} measured changes")


def answer_of(
    file: str | None, how: Mapping[str, Any], work: Callable[[RunLog | None], Any]
) -> tuple[RunLog | None, dict[str, Any], Any]:
    """Return the run in a file, how its JSON begins, and the answer; no run where no file is."""
    if file is None:
        try:
            return None, {}, work(None)
        except ParameterError as error:
            fail(str(error))
    run, segment = segment_of(read(file, how))
    return run, head_of(run, segment), attempt(run, lambda: work(run))


def attempt(run: RunLog, work: Callable[[], Any]) -> Any:
    """Return what can be made of a run, or say what is wrong with it."""
    try:
        return work()
    except ParameterError as error:
        say_issues(run)
        fail(f"{run.source}: {error}")
