"""Figures of single runs: real logs, or `arbook.autoresearch` on an objective of your own."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from arbook._numerics.normal import cdf
from arbook._numerics.ranges import Array, instance, number
from arbook._numerics.validation import instances, refuse
from arbook.model.laws import keep_probability
from arbook.model.measures import gain_area
from arbook.model.parameters import Parameters
from arbook.model.run import RunLog
from arbook.plots._style import (
    BPB,
    DASHED,
    axes_for,
    colour,
    in_book_style,
    ink,
    percent,
    plain,
)
from arbook.runs.fits import Fit
from arbook.runs.rates import keep_rate_by_position

# Axis labels of the metrics whose units are known.
_METRICS = {"val_bpb": f"Validation loss ({BPB})"}

# Values further than this many interquartile ranges from the middle half are off the picture.
_FAR_OUT = 3.0

# The most points of a curve.
_MOST_POINTS = 1000

# How far the curve of keep rates goes, in standard deviations.
_WIDEST = 3.0


def metric_label(log: RunLog) -> str:
    """Return what stands at an axis that shows a log's metric."""
    return _METRICS.get(log.metric, f"{plain(log.metric)} (its own unit)")


@in_book_style
def plot_run(log: RunLog, *, axes: Axes | None = None) -> Axes:
    """Draw a run: every measurement, what became of it, and the frontier.

    Parameters
    ----------
    log : RunLog
        The run, with at least one metric.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        The metric in its own unit against the experiment's number; 0 is the baseline. Filled
        marks were kept, hollow ones discarded, crosses have no metric; triangles at an edge stand
        for values so far out that the rest would vanish if the picture held them.

    Raises
    ------
    ParameterError
        If `log` is not a RunLog, or holds no metric.

    Examples
    --------
    >>> import numpy as np
    >>> from arbook import RunLog
    >>> axes = plot_run(RunLog(value=np.array([1.0, 0.9, np.nan, 0.95]),
    ...                          status=np.array(["keep", "keep", "crash", "discard"])))
    >>> axes.get_legend_handles_labels()[1]
    ['frontier', '1 kept', '1 discarded', '1 crashed']
    """
    _check(log)
    axes = axes_for(axes, "Experiment", metric_label(log), height=3.8)
    _draw_rows(axes, log)
    return axes


@in_book_style
def plot_update_rule(log: RunLog, *, axes: Axes | None = None) -> Axes:
    """Draw the decisions of a run: from each incumbent to its variant, and what was kept.

    Parameters
    ----------
    log : RunLog
        The run, with at least one metric; a short one shows more.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        As `plot_run`, with a thin line from the incumbent's metric to the variant's.

    Raises
    ------
    ParameterError
        If `log` is not a RunLog, or holds no metric.

    Examples
    --------
    >>> from arbook import autoresearch
    >>> log = autoresearch(lambda x: x * x, lambda x, rng: x + rng.normal(), 2.0, 10, seed=1)
    >>> plot_update_rule(log).get_ylabel()
    'Metric f (its own unit)'
    """
    _check(log)
    axes = axes_for(axes, "Experiment", "Metric f (its own unit)")
    _draw_rows(axes, log)
    before, after = log.frontier[:-1], log.value[1:]
    axes.vlines(log.experiment[1:], before, after, ink(), linewidth=0.8, alpha=0.5, zorder=1)
    return axes


@in_book_style
def plot_gain_area(frontier: ArrayLike, *, axes: Axes | None = None) -> Axes:
    r"""Draw the gain area of a frontier.

    Parameters
    ----------
    frontier : sequence of float, shape (N + 1,)
        :math:`F(0), \dots, F(N)` in bits per byte, never rising.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        The frontier against the number of experiments, with the area between it and the baseline
        shaded. The dashed rectangle is the area of a run that reaches its end at once.

    Raises
    ------
    ParameterError
        If `frontier` is no sequence of at least two finite numbers, or rises.

    Examples
    --------
    >>> axes = plot_gain_area([1.0, 0.98, 0.98, 0.95, 0.95])
    >>> axes.get_legend_handles_labels()[1][0]
    'gain area 0.14, 70 % of the rectangle'
    """
    values = Array(number, ndim=1, least=2)("frontier", frontier)
    if (np.diff(values) > 0).any():
        raise refuse("frontier", frontier, "a sequence that never rises")
    f0, end, n = values[0], values[-1], values.size - 1
    area, whole = float(gain_area(values)), n * (f0 - end)
    label = f"gain area {area:.4g}"
    if whole > 0:
        label += f", {percent(area / whole)} of the rectangle"

    axes = axes_for(axes, "Experiments", f"Frontier ({BPB})")
    t = np.arange(n + 1)
    # F(t) over (t - 1, t], so that the shaded area is the sum over t.
    axes.fill_between(
        t, values, f0, step="pre", color=colour(0), alpha=0.25, linewidth=0, label=label
    )
    axes.step(t, values, where="pre", color=colour(0), linestyle="-", label="frontier")
    axes.plot(
        [0, n, n, 0, 0],
        [f0, f0, end, end, f0],
        color=ink(),
        linestyle=(0, (4, 3)),
        linewidth=1,
        clip_on=False,
        label=f"rectangle: final gain × {n}",
    )
    axes.set_xlim(0, n)
    return axes


@in_book_style
def plot_keep_curve(logs: Iterable[RunLog] | RunLog, *, axes: Axes | None = None) -> Axes:
    r"""Draw keep rates of runs on the curve of the law, :math:`\Phi(-\mu/\sigma)`.

    Parameters
    ----------
    logs : iterable of RunLog, or RunLog
        The runs, each with at least one experiment.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Keep rate, as a share of experiments, against :math:`-\mu/\sigma`, which has no unit. Each
        run is where the curve has its keep rate; the shaded half is the stated range.

    Raises
    ------
    ParameterError
        If there is no run, or one has no experiment.

    Examples
    --------
    >>> import numpy as np
    >>> from arbook import RunLog
    >>> log = RunLog(value=np.array([1.0, 0.9, 1.1, 1.2, 1.3]),
    ...              status=np.array(["keep", "keep", "discard", "discard", "discard"]))
    >>> axes = plot_keep_curve([log])
    >>> axes.lines[-1].get_xydata().round(3)
    array([[-0.674,  0.25 ]])
    """
    from scipy.special import ndtri

    runs = instances("logs", logs, RunLog, one=True)
    for log in runs:
        if not log.n_experiments:
            raise refuse("logs", log, "runs with at least one experiment each")
    rates = np.array([log.keep_rate for log in runs])
    places = np.clip(ndtri(rates), -_WIDEST, _WIDEST)  # all or nothing kept: at the edge

    axes = axes_for(axes, "−μ/σ (standard deviations)", "Keep rate (share of experiments)")
    a = np.linspace(-_WIDEST, _WIDEST, 301)
    axes.axvspan(0, _WIDEST, color=colour(2), alpha=0.12, linewidth=0)
    axes.plot(a, cdf(a), color=colour(0), linestyle="-", label="law: Φ(−μ/σ)")
    word = "a real run" if rates.size == 1 else f"{rates.size} real runs"
    axes.plot(
        places, rates, "o", color=colour(1), markeredgecolor=ink(), markersize=7, alpha=0.8,
        clip_on=False, label=word,
    )  # fmt: skip
    axes.text(_WIDEST * 0.97, 0.04, "stated range\nμ ≤ 0", ha="right", va="bottom")
    axes.text(-_WIDEST * 0.97, 0.96, "μ > 0", ha="left", va="top")
    axes.set_xlim(-_WIDEST, _WIDEST)
    axes.set_ylim(0, 1)
    return axes


@in_book_style
def plot_keep_rate_by_position(
    log: RunLog | Iterable[RunLog],
    edges: ArrayLike,
    p: Parameters | Fit | None = None,
    *,
    axes: Axes | None = None,
) -> Axes:
    """Draw how the keep rate changes over a run.

    Parameters
    ----------
    log : RunLog or iterable of RunLog
        One run, or several that are counted together.
    edges : sequence of int
        Increasing; experiments ``edges[i]`` to ``edges[i + 1] - 1``, counted from 0, make one
        class.
    p : Parameters or Fit, optional
        Parameters, or a fit of any family, whose keep probability is drawn as a line.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Keep rate of each class in per cent of its experiments, with 95 % intervals,
        against the experiment.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    See Also
    --------
    arbook.logs.keep_rate_by_position : The same as numbers.

    Examples
    --------
    >>> from arbook import logs
    >>> run = logs.load_run("h100-mar8")
    >>> plot_keep_rate_by_position(run, [0, 10, 25, 50, 125]).get_xlabel()
    'Experiment t'
    """
    if p is not None and not isinstance(p, (Parameters, Fit)):
        raise refuse("p", p, "an arbook.Parameters or a Fit")
    rates = keep_rate_by_position(log, edges)
    e, rate = rates.edges, 100 * rates.rate
    middle, half = (e[1:] + e[:-1]) / 2, np.diff(e) / 2
    below, above = rate - 100 * rates.low, 100 * rates.high - rate

    axes = axes_for(axes, "Experiment t", "Keep rate (% of experiments)")
    axes.errorbar(
        middle,
        rate,
        np.maximum([below, above], 0),  # rounding, where the rate is 0 or 1
        half,
        fmt="o",
        color=colour(0),
        elinewidth=1.8,
        label="run, with 95 % interval",
    )
    if p is not None:
        t = np.unique(np.linspace(e[0], e[-1] - 1, _MOST_POINTS).round().astype(np.int64))
        law = p.keep_probability(t) if isinstance(p, Fit) else keep_probability(p, t)
        label = f"fit, {p.family}" if isinstance(p, Fit) else "law"
        axes.plot(t, 100 * law, color=colour(1), linestyle=DASHED, label=label)
    axes.set_xlim(e[0], e[-1])
    axes.set_ylim(0, 100)
    return axes


def _check(log: RunLog) -> None:
    instance("log", log, RunLog)
    if not log.evaluated.any():
        raise refuse("log", log, "a run in which at least one row has a metric")


def _draw_rows(axes: Axes, log: RunLog) -> None:
    """Draw every row of a run by what became of it, and the frontier."""
    row, value = log.experiment, log.value
    low, high = _limits(log)
    near = (value >= low) & (value <= high)  # False for nan
    axes.step(
        row, log.frontier, where="post", color=colour(0), linestyle="-", zorder=2, label="frontier"
    )
    for status, word, marker in (
        ("keep", "kept", "o"),
        ("discard", "discarded", "o"),
        ("other", "other", "D"),
    ):
        own = log.status == status
        if own.any():
            kept = status == "keep"
            axes.plot(
                row[own & near],
                value[own & near],
                marker,
                color=colour(0) if kept else ink(),
                markerfacecolor=colour(0) if kept else "none",
                markersize=5.5 if row.size <= 60 else 4,
                alpha=1 if kept else 0.7,
                zorder=3,
                label=f"{own[1:].sum()} {word}",  # the baseline is no experiment
            )

    at_edge = axes.get_xaxis_transform()  # up to 1 is the height of the axes
    for far, marker, height, word in (
        (value > high, "^", 0.985, "above"),
        (value < low, "v", 0.015, "below"),
    ):
        if far.any():
            farthest = value[far].max() if word == "above" else value[far].min()
            axes.plot(
                row[far],
                np.full(far.sum(), height),
                marker,
                color=ink(),
                markerfacecolor="none",
                transform=at_edge,
                label=f"{far.sum()} {word}{':' if far.sum() == 1 else ', to'} {farthest:.4g}",
            )
    lost = ~log.evaluated
    if lost.any():
        # Nothing lies beyond the frontier: there is room for rows without a metric.
        axes.plot(
            row[lost],
            np.full(lost.sum(), 0.03 if log.direction == "min" else 0.97),
            "x",
            color=colour(1),
            markersize=7,
            markeredgewidth=2,
            transform=at_edge,
            label=f"{lost.sum()} {'crashed' if log.crashed[lost].all() else 'without metric'}",
        )
    pad = 0.08 * (high - low)
    axes.set_ylim(low - pad, high + pad)
    axes.set_xlim(-0.02 * row.size, 1.02 * row.size - 1)


def _limits(log: RunLog) -> tuple[float, float]:
    """Return the range of the picture: the frontier's, and all values that are not far out."""
    value = log.value[log.evaluated]
    on_frontier = log.frontier[~np.isnan(log.frontier)]
    lower, upper = np.quantile(value, [0.25, 0.75])
    reach = _FAR_OUT * (upper - lower)
    near = value[(value >= lower - reach) & (value <= upper + reach)]
    both = np.concatenate([near, on_frontier])
    low, high = float(both.min()), float(both.max())
    if low == high:  # one value, many times
        span = abs(low) * 0.01 or 1.0
        low, high = low - span, high + span
    return low, high
