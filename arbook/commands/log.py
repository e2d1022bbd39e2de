"""`arbook log`: what happened in a run."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from typing import Any

import click
import numpy as np

from arbook.commands._json import head_of, write_json
from arbook.commands._options import log_argument, reads_logs
from arbook.commands._reading import read
from arbook.commands._summary import summary_of
from arbook.commands._words import about, echo, fail, line, say_issues, short
from arbook.model.run import RunLog


@click.command()
@log_argument
@click.option(
    "--plot", type=click.Path(dir_okay=False, writable=True), help="Draw it (PNG, SVG, PDF)."
)
@reads_logs
def log(file: str, plot: str | None, as_json: bool, how: Mapping[str, Any]) -> None:
    """Say what happened in a run: decisions, frontier, keep rates, gain area."""
    run = read(file, how)
    plot, trouble = _draw(run, plot) if plot else (None, "")
    parts = run.segments
    if as_json:
        found = [{**summary_of(part), "frontier": part.frontier.tolist()} for part in parts]
        write_json({**head_of(run), "segments": found, "plot": plot})
    else:
        better = "lower" if run.direction == "min" else "higher"
        echo(f"{run.source}: {run.metric}, {better} is better")
        for number, part in enumerate(parts, start=1):
            if len(parts) > 1:
                of = f" ({part.group[0]})" if part.group else ""
                echo(f"Segment {number} of {len(parts)}{of}, with a baseline of its own:")
            _say(part, summary_of(part))
        if plot:
            line("picture", plot)
        say_issues(run)
    if trouble:
        fail(trouble)


def _say(run: RunLog, answer: dict[str, Any]) -> None:
    metric, n, before = run.metric, answer["experiments"], answer["before_baseline"]
    other = f", {answer['other']} other" if answer["other"] else ""
    where = "after the baseline"
    if before:
        where = (
            "without a baseline"
            if run.baseline is None
            else (f"besides the baseline, {before} of them before it")
        )
    line(
        "experiments",
        f"{n} {where}: {answer['kept']} kept, "
        f"{answer['discarded']} discarded, {answer['crashed']} crashed{other}",
    )
    if math.isnan(answer["baseline"]):
        line("frontier", f"none: no row was kept with a number as its {metric}")
    elif not n:
        line("frontier", f"{short(answer['baseline'])}: the log has its baseline and no experiment")
    else:
        first, best, gain = (short(answer[name]) for name in ("baseline", "best", "gain"))
        line("frontier", f"{first} to {best}, a gain of {gain}")
        share = answer["average_share"]
        of_gain = "" if math.isnan(share) else f", {share:.0%} of the gain"
        line("gain area", f"{short(answer['gain_area'])} {metric} x experiments")
        line("average gain", f"{short(answer['average_gain'])}{of_gain}")
    if run.decisions == "none":
        _say_running_best(run)
        return
    if n:
        line("keep rate", f"{answer['keep_rate']:.1%}; by position, with 95 % intervals:")
    for row in answer["keep_rate_by_position"]:
        of = row["to"] - row["from"] + 1
        line(
            f"  {row['from']}-{row['to']}",
            f"{row['rate']:4.0%}   {row['kept']} of {of}   {row['low']:.0%} to {row['high']:.0%}",
        )
    if not math.isnan(answer["share_of_three_largest"]):
        line("three largest", f"{answer['share_of_three_largest']:.0%} of all gain")
    if n:
        recent = answer["recent"]
        line("now", f"{answer['state']}: {answer['rule']}")
        line("", f"experiments since the last improvement: {answer['since_improvement']}")
        of = f"{recent['kept']} of the last {recent['experiments']}"
        line("", f"{of} kept, {recent['rate']:.0%}")
    noise = answer["noise"]
    if not math.isnan(noise["std"]):
        line(
            "noise",
            f"standard deviation {about(noise['std'])}, " + _source(noise),
        )
        if not math.isnan(noise["share_below"]):
            line("", f"{noise['share_below']:.0%} of the improvements are smaller than that")


def _source(noise: dict[str, Any]) -> str:
    """Return what a noise was told by."""
    if not noise["measurements"]:
        return "as the log states it: after ±, or by several baselines"
    some = ["/".join(map(str, lines)) for lines in noise["lines"][:5]]
    more = " ..." if noise["lines"][5:] else ""
    return (
        f"from {noise['measurements']} measurements of {noise['commits']} configurations, on the "
        f"lines {', '.join(some)}{more}"
    )


def _say_running_best(run: RunLog) -> None:
    """Say what a log without decisions would be, if what is best so far were kept."""
    sign = 1.0 if run.direction == "min" else -1.0
    costs = np.where(run.crashed | ~run.evaluated, np.inf, sign * run.value)
    costs = np.where(run.status == "discard", np.inf, costs)
    best = sign * np.unique(np.minimum.accumulate(costs))[::-1]
    best = best[np.isfinite(best)]
    if best.size:
        line(
            "running best",
            f"{short(best[0])} to {short(best[-1])}, {best.size - 1} keeps of {run.n_experiments} "
            "(--decisions best)",
        )


def _draw(run: RunLog, path: str) -> tuple[str | None, str]:
    """Write the picture; return its path, or None and what went wrong."""
    from arbook import plots

    path = path if os.path.splitext(path)[1] else path + ".png"
    try:
        figure = plots.plot_run(run).figure
        figure.savefig(path, dpi=200, facecolor="white")  # type: ignore[union-attr]
    except (OSError, ValueError) as error:
        return None, f"{path}: {error}"
    return path, ""
