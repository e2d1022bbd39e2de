"""Answers for other programs."""

from __future__ import annotations

import json
import math
from typing import Any

import click

from arbook.model.run import RunLog


def head_of(run: RunLog, segment: int | None = None) -> dict[str, Any]:
    """Return what every answer in JSON starts with; the segment is None for a whole log."""
    return {
        "source": run.source,
        "metric": run.metric,
        "direction": run.direction,
        "segment": segment,
        "issues": [{"line": issue.line, "reason": issue.reason} for issue in run.issues],
    }


def write_json(answer: Any) -> None:
    """Print an answer in JSON, whatever is in it."""
    text = json.dumps(_plain(answer), indent=2, ensure_ascii=False)
    click.echo("".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text))


def _plain(value: Any) -> Any:
    """Replace what JSON has no number for by null."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
