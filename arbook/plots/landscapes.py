"""Figures of landscapes and step-size rules."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator
from numpy.typing import ArrayLike

from arbook._numerics.ranges import (
    Array,
    Integer,
    OrNone,
    Real,
    open_unit_interval,
    unit_interval,
)
from arbook._numerics.validation import refuse
from arbook.landscapes.rates import progress_rate, sphere_expected_improvement
from arbook.landscapes.searching import MOST_DIMENSIONS, Search
from arbook.model.laws import half_life
from arbook.model.parameters import Parameters
from arbook.plots._style import (
    MOST_CURVES,
    axes_for,
    colour,
    in_book_style,
    ink,
    mapping,
)

_DIMENSIONS = Array(Integer(1, MOST_DIMENSIONS))


@in_book_style
def plot_progress(dimensions: ArrayLike, s_star: ArrayLike, *, axes: Axes | None = None) -> Axes:
    r"""Draw the progress of one step on the sphere against its size.

    Parameters
    ----------
    dimensions : sequence of int
        One to four numbers of dimensions d, in 1 ... `arbook.landscapes.MOST_DIMENSIONS`.
    s_star : sequence of float
        Steps :math:`s^\star = s d/R` in natural units, all in [1e-30, 1e+40].
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Expected improvement in units of :math:`2R^2/d`, exact for each d and in the limit of many
        dimensions.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> axes = plot_progress([3, 100], np.linspace(0.1, 4, 20))
    >>> axes.get_legend_handles_labels()[1]
    ['d → ∞', 'd = 3', 'd = 100']
    """
    ds = np.atleast_1d(_DIMENSIONS("dimensions", dimensions))
    if ds.ndim != 1 or ds.size > MOST_CURVES - 1:
        raise refuse("dimensions", dimensions, f"1 to {MOST_CURVES - 1} of them")
    s = Array(Real(1e-30, 1e40), ndim=1)("s_star", s_star)
    axes = axes_for(axes, "Step s* (units of R/d)", "Progress (units of 2R²/d)")
    axes.plot(s, progress_rate(s), color=ink(), linestyle="-", linewidth=1.2, label="d → ∞")
    for d in ds.tolist():
        axes.plot(s, sphere_expected_improvement(d, s / d) * d / 2, label=f"d = {d}")
    axes.set_xlim(0, s.max())
    axes.set_ylim(bottom=0)
    return axes


@in_book_style
def plot_searches(
    searches: Mapping[str, Search], *, floor: float | None = None, axes: Axes | None = None
) -> Axes:
    """Draw the frontiers of searches with several rules.

    Parameters
    ----------
    searches : mapping of str to Search
        One to five searches by the name that the legend gives them.
    floor : float, optional
        The lowest value that can be reached, below which no frontier lies; the axis is then the
        logarithm of the distance to it.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Median frontier of each against experiments, with the band that holds 80 % of its runs.

    Raises
    ------
    ParameterError
        If there are none or too many, or a value is no Search.

    Examples
    --------
    >>> from arbook.landscapes import Decay, search, sphere
    >>> runs = search(sphere, [1.0, 1.0], Decay(0.3), 20, n_runs=10, seed=1)
    >>> plot_searches({"constant step": runs}, floor=0.0).get_yscale()
    'log'
    """
    chosen = mapping("searches", searches, Search)
    lowest = min(float(runs.frontier.min()) for runs in chosen.values())
    low = OrNone(Real(high=lowest, note="the lowest frontier"))("floor", floor)
    label = "Frontier (units of f)" if low is None else "Distance to the optimum (units of f)"
    axes = axes_for(axes, "Experiments", label)
    for i, (name, runs) in enumerate(chosen.items()):
        values = runs.frontier if low is None else runs.frontier - low
        lower, middle, upper = np.quantile(values, [0.1, 0.5, 0.9], axis=0)
        t = np.arange(middle.size)
        axes.fill_between(t, lower, upper, color=colour(i), alpha=0.15, linewidth=0)
        axes.plot(t, middle, label=name)
    if low is not None and axes.dataLim.y1 > 0:  # not if all lie on the floor
        axes.set_yscale("log")
    axes.set_xlim(left=0)
    return axes


@in_book_style
def plot_home_rate(gammas: ArrayLike, home: ArrayLike, *, axes: Axes | None = None) -> Axes:
    """Draw how often a search found the global optimum, against the decay of its steps.

    Parameters
    ----------
    gammas : sequence of float
        Decay rates in (0, 1), rising.
    home : sequence of float
        Share of runs that ended in the global optimum, in [0, 1].
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Share in per cent against the half-life of the step in experiments.

    Raises
    ------
    ParameterError
        If the sequences do not fit, or a value is outside its range.

    Examples
    --------
    >>> plot_home_rate([0.8, 0.9, 0.99], [0.1, 0.4, 1.0]).get_xlabel()
    'Half-life of the step (experiments)'
    """
    g = Array(open_unit_interval, ndim=1)("gammas", gammas)
    share = Array(unit_interval, ndim=1)("home", home)
    if g.size != share.size:
        raise refuse("home", share.size, f"as many values as gammas, {g.size}")
    axes = axes_for(axes, "Half-life of the step (experiments)", "Global optimum found (% of runs)")
    axes.plot([half_life(Parameters(1.0, x)) for x in g], 100 * share, "o-", color=colour(0))
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter("")
    axes.set_ylim(0, 103)
    return axes
