"""Figures of measured loops: what is true of a run, and how real its keeps are."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from arbook._numerics.normal import cdf
from arbook._numerics.ranges import Integer, instance
from arbook.noise import lucky_gain, probability_of_luck
from arbook.plots._style import DASHED, axes_for, colour, in_book_style, ink
from arbook.plots.runs import metric_label
from arbook.runs.verdicts import Verdict

_MOST = Integer(2, 1_000_000)


@in_book_style
def plot_true_frontier(verdict: Verdict, *, axes: Axes | None = None) -> Axes:
    """Draw the logged frontier of a run, and what is believed of the true one.

    Parameters
    ----------
    verdict : Verdict
        From `arbook.logs.verdict`.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        The metric in its own unit against the experiment's number; the band holds the true metric
        of each incumbent with 95 %. Filled marks are keeps that are real with 95 %, hollow ones
        all other keeps.

    Raises
    ------
    ParameterError
        If `verdict` is no Verdict.

    Examples
    --------
    >>> from arbook import logs
    >>> axes = plot_true_frontier(logs.verdict(logs.load_run("h100-mar8"), noise=0.0005))
    >>> axes.get_legend_handles_labels()[1]
    ['logged', 'true, expected', 'true, 95 %', 'real keep', 'other keep']
    """
    said = instance("verdict", verdict, Verdict)
    log, true = said.log, said.true_frontier
    axes = axes_for(axes, "Experiment", metric_label(log), height=3.8)
    t = log.experiment
    low, high = true.band
    axes.step(t, log.frontier, where="post", color=colour(1), linestyle=DASHED, label="logged")
    axes.step(t, true.mean, where="post", color=colour(0), linestyle="-", label="true, expected")
    axes.fill_between(
        t, low, high, step="post", color=colour(0), alpha=0.15, linewidth=0, label="true, 95 %"
    )
    real = said.real
    for chosen, face, label in ((real, colour(0), "real keep"), (~real, "none", "other keep")):
        rows = said.experiment[chosen] + 1
        axes.plot(t[rows], log.value[rows], "o", color=colour(0), markerfacecolor=face, label=label)
    axes.set_xlim(0, max(t[-1], 1))
    return axes


@in_book_style
def plot_lucky_gain(most: int, *, axes: Axes | None = None) -> Axes:
    """Draw the gain of a session in which no change has any effect, against its length.

    Parameters
    ----------
    most : int
        Number of variants up to which it is drawn, in 2 ... 1000000.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Mean of the logged gain, and what it exceeds with 5 %, in units of the noise.

    Raises
    ------
    ParameterError
        If `most` is outside its range.

    Examples
    --------
    >>> plot_lucky_gain(100).get_legend_handles_labels()[1]
    ['mean', 'one session in twenty']
    """
    most = _MOST("most", most)
    axes = axes_for(axes, "Measured variants N", "Gain by luck (units of the noise ν)")
    n = np.unique(np.geomspace(1, most, 60).round().astype(np.int64))
    g = np.linspace(0.0, 12.0, 481)
    mean = [float(np.trapezoid(probability_of_luck(g, int(k), 1.0), g)) for k in n]
    rare = [lucky_gain(int(k), 1.0) for k in n]
    axes.plot(n, mean, color=colour(0), linestyle="-", label="mean")
    axes.plot(n, rare, color=colour(1), linestyle=DASHED, label="one session in twenty")
    axes.set_xscale("log")
    axes.set_xlim(1, most)
    axes.set_ylim(bottom=0)
    return axes


@in_book_style
def plot_verdict(verdict: Verdict, *, axes: Axes | None = None) -> Axes:
    """Draw how likely each keep of a run is real, against what the log shows of it.

    Parameters
    ----------
    verdict : Verdict
        From `arbook.logs.verdict`.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Probability that a keep is a true improvement against its logged gain, in units of the
        noise. The line is what the difference of two measurements says by itself.

    Raises
    ------
    ParameterError
        If `verdict` is no Verdict.

    Examples
    --------
    >>> from arbook import logs
    >>> axes = plot_verdict(logs.verdict(logs.load_run("h100-mar8"), noise=0.0005))
    >>> axes.get_ylabel()
    'Pr[keep is real] (%)'
    """
    said = instance("verdict", verdict, Verdict)
    axes = axes_for(axes, "Logged gain (units of the noise ν)", "Pr[keep is real] (%)")
    x = said.logged_gain / said.noise
    axes.plot(x, said.probability, "o", color=colour(0), label="given the whole log")
    most = max(float(x.max(initial=1.0)), 1.0)
    line = np.geomspace(0.01 * most, most, 200)
    axes.plot(line, cdf(line / np.sqrt(2)), color=ink(), linestyle=DASHED, label="two measurements")
    axes.set_xscale("log")
    axes.set_ylim(0, 1.03)
    axes.yaxis.set_major_formatter(lambda p, _: f"{100 * p:.0f}")
    return axes
