"""Figures of telling programs apart: nights, the chance to rank rightly, looking every night."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from arbook._numerics.ranges import Array, Integer, OrNone, Real, open_unit_interval
from arbook._numerics.validation import FloatArray, refuse
from arbook.plots._style import DASHED, MARKERS, MOST_CURVES, axes_for, colour, in_book_style, ink
from arbook.programs.looking import e_values, t_test_p_values
from arbook.programs.power import (
    best_night_bias,
    comparison_power,
    misranking_probability,
)

_VALUES = Array(Real(-1e150, 1e150), ndim=1, text="a mapping of 1 to 5 names to numbers")
_MOST = Integer(2, 1000)
_DIFFERENCE, _PAIRED = Real(0, 1e150), OrNone(Real(-1, 1, ends="()"))
_CONTESTS = OrNone(Array(Real(-1e150, 1e150), ndim=3))
_DIFFERENCES = Array(Real(-1e150, 1e150), ndim=2)


@in_book_style
def plot_nights(groups: Mapping[str, ArrayLike], label: str, *, axes: Axes | None = None) -> Axes:
    """Draw what each night of some programs brought, and the programs' means.

    Parameters
    ----------
    groups : mapping of str to sequence of float
        What each night brought, by the program's name; at most 5 programs.
    label : str
        Name of what nights bring, with its unit.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        A row for each program: a dot for each night, equal ones on top of each other, and a line
        at the mean.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> axes = plot_nights({"a": [0.1, 0.2, 0.2], "b": [0.3, 0.1]}, "Gain (bits per byte)")
    >>> [text.get_text() for text in axes.get_yticklabels()]
    ['a', 'b']
    """
    nights = _groups(groups)
    if not isinstance(label, str):
        raise refuse("label", label, "a text")
    axes = axes_for(axes, label, "")
    for i, values in enumerate(nights.values()):
        place = len(nights) - 1 - i
        value, many = np.unique(values, return_counts=True)
        x = np.repeat(value, many)
        up = np.concatenate([np.arange(n) for n in many])
        axes.plot(x, place + 0.09 * up, MARKERS[i], color=colour(i), markersize=4.5)
        axes.plot([values.mean()] * 2, [place - 0.25, place + 0.45], color=ink(), linestyle="-")
    axes.locator_params("x", nbins=4)
    axes.set_yticks(range(len(nights) - 1, -1, -1), [*nights])
    axes.set_ylim(-0.5, len(nights) - 0.3)
    axes.tick_params(axis="y", length=0)
    return axes


@in_book_style
def plot_power(
    difference: float,
    spread: float,
    nights: int,
    contests: Any = None,
    *,
    correlation: float | None = None,
    axes: Axes | None = None,
) -> Axes:
    """Draw how often nights rank two programs rightly, and how often a t-test finds a difference.

    Parameters
    ----------
    difference : float
        Difference of the expectations, in [0, 1e+150].
    spread : float
        Standard deviation of a night, in (0, 1e+150].
    nights : int
        Most nights of each program, in 2 ... 1000.
    contests : array of float, shape (2, n_contests, nights), optional
        From `arbook.programs.simulate_nights`, of which the shares are drawn as points with two
        standard errors.
    correlation : float, optional
        Correlation of the two nights of a pair, in (-1, 1); without it nights are no pairs.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Shares of contests, in per cent, against the nights of each program.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> axes = plot_power(1.2, 1.0, 20)
    >>> axes.get_legend_handles_labels()[1]
    ['ranked rightly by the means', 'found by a t-test, looked at once']
    """
    n = np.arange(1, _MOST("nights", nights) + 1)
    difference = _DIFFERENCE("difference", difference)
    correlation = _PAIRED("correlation", correlation)
    right = 1 - misranking_probability(difference, spread, n, correlation=correlation or 0.0)
    found = comparison_power(difference, spread, n[1:], correlation=correlation)
    made = _CONTESTS("contests", contests)
    if made is not None and made.shape[0] != 2:
        raise refuse("contests", contests, "an array of shape (2, n_contests, nights)")
    axes = axes_for(axes, "Nights of each program", "Contests (%)")
    axes.plot(n, 100 * right, color=colour(0), linestyle="-", label="ranked rightly by the means")
    axes.plot(
        n[1:], 100 * found, color=colour(1), linestyle=DASHED,
        label="found by a t-test, looked at once",
    )  # fmt: skip
    if made is not None:
        at = np.arange(1, min(made.shape[2], n[-1]) + 1)
        first, second = made[:, :, : at[-1]].cumsum(axis=2)
        share = (first > second).mean(axis=0)
        error = 2 * np.sqrt(share * (1 - share) / made.shape[1])
        axes.errorbar(
            at, 100 * share, 100 * error, fmt="o", color=ink(), markersize=3.5, elinewidth=1,
            label=f"{made.shape[1]:,} simulated contests, ± 2 standard errors",
        )  # fmt: skip
    axes.set_xlim(0, n[-1])
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylim(0, 103)
    return axes


@in_book_style
def plot_best_nights(
    nights: int, groups: Mapping[str, ArrayLike] | None = None, *, axes: Axes | None = None
) -> Axes:
    """Draw by how much the best of k nights exceeds the mean night.

    Parameters
    ----------
    nights : int
        Most nights of which the best is taken, in 2 ... 1000.
    groups : mapping of str to sequence of float, optional
        What each night of some programs brought, in each at least `nights` and not all the same,
        by the program's name; at most 5.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        The law, and for each program the mean over all choices of k of its nights, in standard
        deviations of a night, against k.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> axes = plot_best_nights(3, {"a": [0.1, 0.2, 0.4, 0.5]})
    >>> axes.get_legend_handles_labels()[1]
    ['law', 'a']
    """
    most = _MOST("nights", nights)
    chosen = {} if groups is None else _groups(groups)
    for values in chosen.values():
        if values.size < most or np.ptp(values) == 0:
            raise refuse("groups", groups, f"programs of {most} nights or more that differ")
    k = np.arange(1, most + 1)
    axes = axes_for(axes, "Nights k of which the best is taken", "Too good by (spreads)")
    axes.plot(k, best_night_bias(k), color=ink(), linestyle="-", label="law")
    for i, (name, values) in enumerate(chosen.items()):
        excess = [_best_of(values, int(one)) - values.mean() for one in k]
        axes.plot(
            k, np.array(excess) / values.std(ddof=1), MARKERS[i], color=colour(i), markersize=4,
            label=name,
        )  # fmt: skip
    axes.set_xlim(0, most + 1)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylim(bottom=0)
    return axes


@in_book_style
def plot_looks(differences: Any, error: float = 0.05, *, axes: Axes | None = None) -> Axes:
    """Draw in how many contests two rules that are looked at every night have found a difference.

    Parameters
    ----------
    differences : array of float, shape (n_contests, nights)
        Differences between the two nights of each pair; one contest a row.
    error : float, default 0.05
        Level of the t-test, and one over what an e-value must reach, in (0, 1).
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Shares of contests that ended by then, in per cent, against the nights of each program.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> from arbook.programs import simulate_nights
    >>> better, other = simulate_nights(0.0, 1.0, 20, 200, seed=1)
    >>> plot_looks(better - other).get_legend_handles_labels()[1]
    ['t-test, looked at every night', 'e-values, looked at every night', 'promised']
    """
    d, alpha = _DIFFERENCES("differences", differences), open_unit_interval("error", error)
    axes = axes_for(axes, "Nights of each program", "Difference found (% of contests)")
    n = np.arange(1, d.shape[1] + 1)
    rules = {
        "t-test, looked at every night": (t_test_p_values(d) < alpha, colour(1), DASHED),
        "e-values, looked at every night": (e_values(d) >= 1 / alpha, colour(0), "-"),
    }
    for label, (found, shade, dashes) in rules.items():
        ever = np.logical_or.accumulate(found, axis=1).mean(axis=0)
        axes.plot(n, 100 * ever, color=shade, linestyle=dashes, label=label)
    axes.axhline(100 * alpha, color=ink(), linewidth=0.8, label="promised")
    axes.set_xlim(0, n[-1])
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylim(bottom=0)
    return axes


def _groups(groups: Any) -> dict[str, FloatArray]:
    allowed = f"a mapping of 1 to {MOST_CURVES} names to numbers"
    if not isinstance(groups, Mapping) or not 1 <= len(groups) <= MOST_CURVES:
        raise refuse("groups", groups, allowed)
    if not all(isinstance(name, str) for name in groups):
        raise refuse("groups", groups, allowed)
    return {name: _VALUES("groups", values) for name, values in groups.items()}


def _best_of(values: FloatArray, k: int) -> float:
    """Return the mean of the largest of k values, over all choices of k of them."""
    rank = np.arange(1, values.size + 1)
    chance = np.zeros(values.size)  # that the largest of the k has this rank
    chance[-1] = k / values.size
    for i in range(values.size - 2, k - 2, -1):
        chance[i] = chance[i + 1] * (rank[i] - k + 1) / rank[i]
    return float(np.sort(values) @ chance)
