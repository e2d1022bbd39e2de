"""Figures of loops that were run in the laboratory, and of what their changes do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from arbook._numerics.ranges import instance
from arbook._numerics.validation import instances, refuse
from arbook.laboratory import LabRun
from arbook.plots._style import (
    DASHED,
    MOST_CURVES,
    axes_for,
    colour,
    in_book_style,
    ink,
)


@in_book_style
def plot_night(run: LabRun, *, axes: Axes | None = None) -> Axes:
    """Draw a run in the laboratory: what was measured, what the log says, and what is true.

    Parameters
    ----------
    run : LabRun
        The run.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        The metric against experiments. Discarded measurements that lie far above the frontier are
        left out; marks at the upper edge are crashes.

    Raises
    ------
    ParameterError
        If `run` is no LabRun.

    Examples
    --------
    >>> from arbook import laboratory as lab
    >>> night = lab.run(lab.Sphere(3, noise=0.02), lab.TimidAgent(), experiments=30, seed=1)
    >>> plot_night(night).get_legend_handles_labels()[1][:2]
    ['in the log', 'in truth']
    """
    instance("run", run, LabRun)
    task, log = run.task, run.log
    axes = axes_for(axes, "Experiments", f"{task.metric} ({task.unit or 'baseline = 1'})")
    t = np.arange(log.value.size)
    axes.step(t, run.logged, where="post", color=colour(1), linestyle=DASHED, label="in the log")
    axes.step(t, run.true, where="post", color=colour(0), linestyle="-", label="in truth")
    low = min(run.logged.min(), run.true.min())
    high = max(run.logged.max(), run.true.max())
    room = 0.4 * (high - low) or 1.0
    axes.set_ylim(low - 0.15 * room, high + room)
    axes.set_xlim(0, t[-1])
    kept = log.status == "keep"
    marks = {"kept": (kept, "o", colour(0)), "discarded": (log.status == "discard", "o", "none")}
    for name, (which, mark, face) in marks.items():
        axes.plot(
            t[which], log.value[which], mark, markersize=4, color=colour(0),
            markerfacecolor=face, label=name, linestyle="none",
        )  # fmt: skip
    crashed = log.status == "crash"
    edge = np.full(crashed.sum(), high + 0.95 * room)
    axes.plot(t[crashed], edge, "x", markersize=5, color=colour(3), label="crashed")
    return axes


_NEEDED = ("t", "step", "gain", "gain_error", "normal_gain")


@in_book_style
def plot_change_gains(rows: Iterable[Mapping[str, Any]], *, axes: Axes | None = None) -> Axes:
    """Draw what a proposal gains along a run, and what a normal law of its moments would promise.

    Parameters
    ----------
    rows : iterable of mapping
        As `arbook.laboratory.measured_changes` returns them: the mean over all runs is drawn for
        each step, of which there are at most five, against t.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Expected gain of one proposal on a logarithmic scale, with two standard errors between
        runs, against the experiments before it. Where no gain was seen a line ends.

    Raises
    ------
    ParameterError
        If `rows` holds anything else.

    Examples
    --------
    >>> from arbook.laboratory import measured_changes
    >>> axes = plot_change_gains(measured_changes("automl"))
    >>> axes.get_yscale()
    'log'
    """
    listed = instances("rows", rows, Mapping)  # type: ignore[type-abstract]
    for row in listed:
        if not set(_NEEDED) <= set(row):
            raise refuse("rows", row, f"mappings with {', '.join(_NEEDED)}")
    steps = list(dict.fromkeys(row["step"] for row in listed))
    if len(steps) > MOST_CURVES:
        raise refuse("rows", f"{len(steps)} steps", f"of at most {MOST_CURVES} steps")
    axes = axes_for(
        axes, "Experiments before the proposal", "Gain of a proposal (metric)", height=4.4
    )
    for i, step in enumerate(steps):
        times = sorted({row["t"] for row in listed if row["step"] == step})
        found = [[r for r in listed if (r["step"], r["t"]) == (step, t)] for t in times]
        gain = np.array([np.mean([r["gain"] for r in some]) for some in found])
        error = np.array(
            [np.std([r["gain"] for r in some], ddof=1) / len(some) ** 0.5 if len(some) > 1
             else some[0]["gain_error"] for some in found]
        )  # fmt: skip
        gain[gain == 0] = np.nan  # none was seen: off a logarithmic scale
        normal = [np.mean([r["normal_gain"] for r in some]) for some in found]
        name = "one knob at a time" if step == "timid" else f"step {step:g}"
        place = np.arange(len(times))
        axes.errorbar(
            place, gain, yerr=np.minimum(2 * error, 0.9 * gain), color=colour(i), linestyle="-",
            marker="o", markersize=4, label=name,
        )  # fmt: skip
        axes.plot(place, normal, color=colour(i), linestyle=DASHED, linewidth=1)
        axes.set_xticks(place, [str(t) for t in times])
    axes.set_yscale("log")
    axes.plot([], [], color=ink(), linestyle=DASHED, linewidth=1, label="a normal law's promise")
    return axes
