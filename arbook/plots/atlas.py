"""Figures of many runs: what doublings bring, and what boldness does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from arbook._numerics.ranges import Array, Real, not_negative, positive
from arbook._numerics.validation import instances, refuse
from arbook.model.run import RunLog
from arbook.model.urn import LEAST_TAIL, expected_urn_gain
from arbook.plots._style import (
    BPB,
    MARKERS,
    MOST_CURVES,
    axes_for,
    colour,
    in_book_style,
    ink,
    plain,
    signed,
)
from arbook.runs.doublings import ends_of, shares_of

_tails = Array(Real(LEAST_TAIL, 1, ends="[)"), ndim=1, most=MOST_CURVES - 1)


@in_book_style
def plot_doublings(
    logs: Iterable[RunLog] | RunLog,
    tails: Iterable[float] = (0.0,),
    *,
    doublings: int = 4,
    axes: Axes | None = None,
) -> Axes:
    r"""Draw which share of their gain runs got from each doubling of their length.

    Parameters
    ----------
    logs : iterable of RunLog, or RunLog
        Runs that improved their metric, each with `2 ** doublings` experiments or more.
    tails : iterable of float, default (0.0,)
        One to four tail indices :math:`\xi`, each in [-2, 1), of the law of doublings.
    doublings : int, default 4
        Number of doublings, in 1 ... 20.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Mean share of the gain, without a unit, for the first part and each doubling, with one
        standard error of independent runs either way, and the law's for runs of these lengths.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or a run too short or without a gain.

    Examples
    --------
    >>> from arbook import logs
    >>> axes = plot_doublings(logs.load_run("h100-mar8"), [0.0, 0.2])
    >>> axes.get_legend_handles_labels()[1]
    ['law, ξ = 0', 'law, ξ = +0.2', 'runs']
    """
    runs, tails = instances("logs", logs, RunLog, one=True), _tails("tails", tails)
    shares = np.array([shares_of("logs", run, doublings) for run in runs])
    axes = axes_for(axes, "Experiments (share of the run)", "Gain (share of the run's)")
    place = np.arange(doublings + 1)
    ends = [ends_of(run.n_experiments, doublings) for run in runs]
    for i, tail in enumerate(tails):
        bought = np.diff([expected_urn_gain(end, tail) for end in ends])
        law = (bought / bought.sum(axis=1, keepdims=True)).mean(axis=0)
        axes.plot(place, law, color=colour(i), marker=MARKERS[i + 1], markerfacecolor="none",
                  label=f"law, ξ = {signed(tail)}")  # fmt: skip
    error = shares.std(axis=0) / len(runs) ** 0.5
    axes.errorbar(
        place, shares.mean(axis=0), error, fmt="o", color=ink(), capsize=4, zorder=3, label="runs"
    )
    names = [f"to 1/{2**doublings}"]
    names += [f"to 1/{2**k}" if k else "to the end" for k in range(doublings - 1, -1, -1)]
    axes.set_xticks(place, names)
    axes.set_ylim(bottom=0)
    return axes


@in_book_style
def plot_boldness(
    sigma0: ArrayLike, gain: ArrayLike, groups: Sequence[str], *, axes: Axes | None = None
) -> Axes:
    r"""Draw what runs gained against how bold they began.

    Parameters
    ----------
    sigma0 : sequence of float
        Fitted :math:`\sigma_0` of each run, in bits per byte, > 0.
    gain : sequence of float
        Its gain, in bits per byte, >= 0; as many.
    groups : sequence of str
        The group of each run, as many; one to five different ones.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Gain against :math:`\sigma_0` on a logarithmic scale, both in bits per byte, with a marker
        for each group.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the three differ in length.

    Examples
    --------
    >>> axes = plot_boldness([0.001, 0.02], [0.001, 0.015], ["timid", "between"])
    >>> axes.get_xscale(), axes.get_legend_handles_labels()[1]
    ('log', ['timid', 'between'])
    """
    step = Array(positive, ndim=1)("sigma0", sigma0)
    height = Array(not_negative, ndim=1)("gain", gain)
    of = instances("groups", groups, str)
    names = list(dict.fromkeys(of))
    if height.size != step.size:
        raise refuse("gain", gain, f"as many numbers as sigma0 has, {step.size}")
    if len(of) != step.size or len(names) > MOST_CURVES:
        raise refuse("groups", groups, f"{step.size} names, {MOST_CURVES} different ones at most")
    axes = axes_for(axes, f"Initial step size σ₀ ({BPB})", f"Gain ({BPB})")
    for i, name in enumerate(names):
        own = np.array([group == name for group in of])
        axes.plot(step[own], height[own], MARKERS[i], color=colour(i), label=plain(name))
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    return axes
