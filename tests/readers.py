"""What the two readers make of a log, in one form: the page's (in Node) and Python's."""

import base64
import io
import math

import node

from arbook import RunLog, logs

READ = """
const { readLog } = await import(data.reader);
const { LogError } = await import(data.text);
const plain = (values) => values.map((v) => (Number.isNaN(v) ? null : v));
const described = (log) => ({
  ...log,
  value: plain(log.value), memory: plain(log.memory), noise: plain(log.noise),
  bounds: log.bounds.map(String), frontier: plain(log.frontier),
  delta: plain(log.delta), issues: log.issues.map(({ line, reason }) => [line, reason]),
  measures: plain([
    log.nExperiments, log.f0, log.keepRate, log.crashes,
    log.gain, log.gainArea, log.averageGain, log.shareOfThreeLargest,
  ]),
  segments: log.edges.slice(1).map((_, i) => plain(log.segment(i).frontier)),
});
return data.logs.map(({ bytes, options }) => {
  const before = process.cpuUsage();
  let found, fault = null;
  try { found = described(readLog(Uint8Array.from(Buffer.from(bytes, "base64")), options)); }
  catch (error) { found = error.message; if (!(error instanceof LogError)) fault = `${error}`; }
  return { found, fault, seconds: process.cpuUsage(before).user / 1e6 };
});
"""


def read_there(contents, options):
    """Return what the page reads of each file with its options, what failed, and how long it took.

    A refusal is the error's message.
    """
    given = [
        {"bytes": base64.b64encode(content).decode(), "options": _there(some)}
        for content, some in zip(contents, options, strict=True)
    ]
    modules = {"reader": "reader.js", "text": "reader/text.js"}
    paths = {name: (node.WIDGETS / file).as_uri() for name, file in modules.items()}
    return node.run(READ, {**paths, "logs": given})


def _there(options):
    return {"statusColumn" if key == "status_column" else key: v for key, v in options.items()}


def plain(values):
    return [None if math.isnan(v) else v for v in (float(v) for v in values)]


def described(log: RunLog):
    """Return a log as the page describes its own."""
    return {
        "value": plain(log.value),
        "status": log.status.tolist(),
        "description": list(log.description),
        "commit": list(log.commit),
        "memory": plain(log.memory),
        "noise": plain(log.noise if log.noise is not None else [math.nan] * log.value.size),
        "bounds": [f"{x:g}".replace("inf", "Infinity") for x in log.bounds],
        "unit": log.unit,
        "decisions": log.decisions,
        "columns": list(log.columns),
        "cells": [list(cells) for cells in log.cells],
        "group": list(log.group),
        "line": log.line.tolist(),
        "frontier": plain(log.frontier),
        "delta": plain(log.delta),
        "metric": log.metric,
        "direction": log.direction,
        "restarts": list(log.restarts),
        "issues": [[issue.line, issue.reason] for issue in log.issues],
        "measures": plain(
            [
                *(log.n_experiments, log.f0, log.keep_rate, log.crashed.sum()),
                *(log.gain, log.gain_area, log.average_gain, log.share_of_three_largest),
            ]
        ),
        "segments": [plain(part.frontier) for part in log.segments],
    }


def read_here(content, **options):
    """Return what Python reads of a file, in the same form."""
    try:
        return described(logs.read_log(io.BytesIO(content), **options))
    except logs.LogError as error:
        return str(error)


def difference(there, here):
    """Return what differs between two readings, or nothing."""
    if isinstance(here, str) or isinstance(there, str):
        # Python's own words on what is wrong with a code are not repeated.
        expected = here.partition(": 'utf")[0] if isinstance(here, str) else "a run"
        return "" if there == expected else f"{there!r}, in Python {expected!r}"
    for key, value in here.items():
        found = there[key]
        if key == "measures":
            alike = len(found) == len(value) and all(map(_near, found, value))
        else:
            alike = found == value
        if not alike:
            return f"{key}: {found!r}, in Python {value!r}"
    return ""


def _near(a, b):
    return a == b if a is None or b is None else math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-12)
