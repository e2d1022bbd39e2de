"""`arbook watch`: a run log as it grows, in the terminal and in a page to send around."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from textwrap import wrap
from typing import Any

import click
import numpy as np

from arbook import logs
from arbook._numerics.validation import ParameterError
from arbook.commands._json import head_of, write_json
from arbook.commands._options import log_argument, noise_option, positive, reads_logs
from arbook.commands._reading import segment_of
from arbook.commands._summary import summary_of
from arbook.commands._words import about, as_options, clean, fail, short
from arbook.commands.stop import price_options, prices_of
from arbook.commands.stop import sentence as advice
from arbook.commands.verdict import sentence as verdicts
from arbook.model.run import RunLog

# The picture's size in characters, and experiments that are forecast.
_WIDE, _HIGH, _AHEAD = 60, 12, 50

_FATES = {"keep": "kept", "discard": "discarded", "crash": "crashed"}

# Draws of a forecast that is made anew with every row.
_DRAWS = 1000


@click.command()
@log_argument
@noise_option
@click.option(
    "--every", type=float, default=2.0, show_default=True, callback=positive,
    help="Seconds between two looks at the file.",
)  # fmt: skip
@click.option("--once", is_flag=True, help="Look once, and end.")
@click.option(
    "--idle", type=float, callback=positive, help="End after so many minutes without a row."
)
@click.option(
    "--html", type=click.Path(dir_okay=False, writable=True),
    help="Write a page with the same and live explorers, anew at every row.",
)  # fmt: skip
@price_options(required=False)
@reads_logs
def watch(
    file: str,
    noise: float | None,
    every: float,
    once: bool,
    idle: float | None,
    html: str | None,
    cost: float | None,
    value: float | None,
    fresh: float | None,
    as_json: bool,
    how: Mapping[str, Any],
) -> None:
    """Draw a log while it grows: frontier, verdicts, forecast; Ctrl-C ends it.

    With --cost and --value it says whether to go on, too. A row that is being written counts once
    its line is complete, or the file was still for one look.
    """
    if file == "-":
        raise click.UsageError("watch looks at a file again and again; - is none")
    prices = prices_of(cost, value, fresh)
    before, shown, since = b"", None, time.monotonic()
    while True:
        try:
            data = Path(file).read_bytes()
        except OSError as error:
            if once:
                raise click.BadParameter(f"{file}: {error.strerror or error}") from None
            data = b""  # an agent that begins has no log yet
        whole = data if once or data == before else data[: data.rfind(b"\n") + 1]
        before = data
        if whole != shown:
            shown = whole
            _show(file, whole, how, noise, prices, html, as_json)
            since = time.monotonic()  # what that took is no time without a row
        if once:
            return
        if idle is not None and time.monotonic() - since > 60 * idle:
            return
        time.sleep(every)


def _show(
    file: str,
    data: bytes,
    how: Mapping[str, Any],
    noise: float | None,
    prices: Mapping[str, Any],
    html: str | None,
    as_json: bool,
) -> None:
    """Say what there is, on a clean screen where it is one, and write the page."""
    run, lines = _looked(file, data, how, noise, prices)
    if as_json:
        head = {} if run is None else {**head_of(run), **summary_of(run)}
        write_json({**head, "said": lines})
    else:
        if os.isatty(1):  # only a screen can be cleared
            click.clear()
        click.echo("\n".join(map(clean, lines)) + "\n")
    if html and run is not None:
        from arbook.widgets._report import report

        text = report(run, lines, noise)
        spare = Path(f"{html}.part")  # a page that is open never sees half of it
        try:
            spare.write_text(text, encoding="utf-8")
            spare.replace(html)
        except OSError as error:
            fail(f"{html}: {error.strerror or error}")


def _looked(
    file: str, data: bytes, how: Mapping[str, Any], noise: float | None, prices: Mapping[str, Any]
) -> tuple[RunLog | None, list[str]]:
    """Return the run, where there is one, and what is said of it."""
    try:
        run = replace(logs.read_log(io.BytesIO(data), **how), source=file)
    except (logs.LogError, ParameterError) as error:
        return None, [f"{file}: {as_options(str(error))}"]
    if not run.value.size:
        return None, [f"{file}: no row yet"]
    if run.restarts:
        run, _ = segment_of(run, fewest=0)
    words = (f"{(run.outcomes == name).sum()} {fate}" for name, fate in _FATES.items())
    lines = [f"{file}: {run.n_experiments} experiments, {', '.join(words)}", ""]
    said = _attempt(lambda: logs.verdict(run, noise=noise or "estimate"))
    lines += _picture(run, said if isinstance(said, logs.Verdict) else None)
    for name, made in (
        ("last", _last(run)),
        ("verdicts", said if isinstance(said, str) else verdicts(said)),
        ("forecast", _attempt(lambda: _forecast(run))),
        ("advice", _attempt(lambda: advice(logs.stop(run, **prices))) if prices else ""),
    ):
        first = f"{name:<12}"
        lines += wrap(made, 80, initial_indent=first, subsequent_indent=" " * len(first))
    return run, lines


def _attempt(work: Any) -> Any:
    """Return what can be made of a run so far, or why nothing can."""
    try:
        return work()
    except ParameterError as error:
        return f"none yet: {error}"


def _last(run: RunLog) -> str:
    """Return what became of the last row."""
    row = run.value.size - 1
    measured = "no metric" if np.isnan(run.value[row]) else f"{run.metric} {short(run.value[row])}"
    said = run.description[row] if run.description else ""
    return f"{run.status[row]}, {measured}" + (f": {said}" if said else "")


def _forecast(run: RunLog) -> str:
    """Return what the next experiments will bring."""
    made = logs.forecast(run, _AHEAD, n_draws=_DRAWS)
    low, middle, high = made.quantiles("improvement", [0.1, 0.5, 0.9]).tolist()
    return (
        f"{_AHEAD} more gain {about(middle)}, {about(low)} to {about(high)} with 80 %; "
        f"nothing with {made.no_improvement:.0%}"
    )


def _picture(run: RunLog, said: logs.Verdict | None) -> list[str]:
    """Return the frontier in characters: the log's, and the true one with its band."""
    logged = run.frontier
    if not np.isfinite(logged).any():
        return ["no row with a metric was kept yet", ""]
    rows = np.unique(np.linspace(0, logged.size - 1, min(_WIDE, logged.size)).astype(int))
    lines = {"-": logged[rows]}
    if said is not None:
        true = said.true_frontier
        low, high = true.band
        lines = {":": np.array([low[rows], high[rows]]), "=": true.mean[rows], **lines}
    everything = np.concatenate([np.ravel(line) for line in lines.values()])
    least, most = np.nanmin(everything), np.nanmax(everything)
    span = (most - least) or 1.0

    def height(values: Any) -> Any:
        return np.rint((_HIGH - 1) * (values - least) / span)

    canvas = np.full((_HIGH, rows.size), " ")
    for mark, line in lines.items():
        for column in range(rows.size):
            ends = height(np.ravel(line[..., column]))
            if np.isfinite(ends).all():
                canvas[int(ends.min()) : int(ends.max()) + 1, column] = mark
    edges = {_HIGH - 1: short(most), 0: short(least)}
    drawn = [
        f"{edges.get(level, ''):>10} |{''.join(canvas[level])}" for level in range(_HIGH)[::-1]
    ]
    words = "- in the log" + ("" if said is None else ", = true as expected, : 95 %")
    return [*drawn, f"{'':>10} +{'-' * rows.size}", f"{'':>12}0 to {logged.size - 1}; {words}", ""]
