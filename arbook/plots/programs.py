"""Figures that compare programs and parameters by their gain area."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm
from numpy.typing import ArrayLike

from arbook._numerics.ranges import Array, Real, number, numbers, sequence
from arbook._numerics.validation import FloatArray, ParameterError, refuse
from arbook.plots._style import (
    AREA,
    BPB,
    MARKERS,
    MOST_CURVES,
    axes_for,
    colour,
    in_book_style,
    increasing,
    ink,
    mapping,
    round_below,
)
from arbook.programs.racing import Choice

# Areas smaller than this share of the largest maximum are off the picture.
_SMALLEST_SHARE = 1e-4

# The lowest level of a map is about this part of the largest area.
_SMALLEST_LEVEL = 200

_PAIR = Array(number, ndim=1, least=2, most=2, text="a pair of numbers (sigma0, gamma)")

# Areas that Matplotlib has room for.
_DRAWN = Array(Real(-1e150, 1e150), ndim=1)
_DRAWN_STDS = Array(Real(0, 1e150), ndim=1)

_STEP_SIZE = f"Initial step size σ₀ ({BPB})"


@in_book_style
def plot_trade_off(
    sigma0s: ArrayLike, areas: ArrayLike, prices: ArrayLike, *, axes: Axes | None = None
) -> Axes:
    r"""Draw the expected gain area against the initial step size, for several prices of boldness.

    Parameters
    ----------
    sigma0s : sequence of float, shape (S,)
        Initial step sizes, > 0, increasing, in bits per byte.
    areas : array of float, shape (P, S)
        Expected gain areas, in bits per byte times experiments: one row a price.
    prices : sequence of float, shape (P,)
        Prices of boldness c, as in `arbook.Parameters`, per bit per byte; at most 5.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        One curve a price on logarithmic axes, with a mark at its maximum where that is not at an
        end. What is less than a ten-thousandth of the largest area is off the picture.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the shapes do not fit.

    Examples
    --------
    >>> from arbook import Parameters, expected_gain_area
    >>> sigma0s, prices = [0.01, 0.02, 0.04, 0.08], [0, 60]
    >>> areas = [[expected_gain_area(Parameters(s, 0.97, price=c), 100) for s in sigma0s]
    ...          for c in prices]
    >>> axes = plot_trade_off(sigma0s, areas, prices)
    >>> axes.get_legend_handles_labels()[1]
    ['c = 0', 'c = 60, best σ₀ = 0.02']
    """
    sigma0 = increasing("sigma0s", sigma0s)
    price = Array(number, ndim=1, most=MOST_CURVES)("prices", prices)
    area = _table("areas", areas, (price.size, sigma0.size), "(prices, sigma0s)")
    return _curves(axes, sigma0, area, [f"c = {c:g}" for c in price])


@in_book_style
def plot_conditions(
    sigma0s: ArrayLike, areas: ArrayLike, names: Sequence[str], *, axes: Axes | None = None
) -> Axes:
    """Draw the expected gain area against the initial step size, under several conditions.

    Parameters
    ----------
    sigma0s : sequence of float, shape (S,)
        Initial step sizes, > 0, increasing, in bits per byte.
    areas : array of float, shape (C, S)
        Expected gain areas, in bits per byte times experiments: one row a condition.
    names : sequence of str, length C
        Names of the conditions; at most 5.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        As `plot_trade_off`.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the shapes do not fit.

    Examples
    --------
    >>> axes = plot_conditions([0.01, 0.1, 1], [[1, 2, 3], [1, 3, 1]], ["as stated", "crashes"])
    >>> axes.get_legend_handles_labels()[1]
    ['as stated', 'crashes, best σ₀ = 0.1']
    """
    sigma0 = increasing("sigma0s", sigma0s)
    words = _names(names)
    if not 1 <= len(words) <= MOST_CURVES:
        raise refuse("names", names, f"1 to {MOST_CURVES} names")
    area = _table("areas", areas, (len(words), sigma0.size), "(names, sigma0s)")
    return _curves(axes, sigma0, area, words)


@in_book_style
def plot_race(choices: Mapping[str, Choice], *, axes: Axes | None = None) -> Axes:
    """Draw how many runs each program took, in one or several contests of the same programs.

    Parameters
    ----------
    choices : mapping of str to Choice
        Results of `arbook.programs`, by the name of the method; at most 3.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        A row for each program and in it a bar for each contest, pale where the program was
        dropped on the way, with a star where it was chosen.

    Raises
    ------
    ParameterError
        If there is no Choice, or their programs differ.

    Examples
    --------
    >>> from arbook.programs import successive_halving, uniform
    >>> def sample(program, run):
    ...     return "abc".index(program) + run % 2
    >>> axes = plot_race({"even shares": uniform("abc", sample, 6),
    ...                   "halving": successive_halving("abc", sample, 18)})
    >>> axes.get_legend_handles_labels()[1]
    ['chosen', 'even shares: 18 runs', 'halving: 17 runs']
    """
    allowed = "a mapping of 1 to 3 names to arbook.programs.Choice of the same programs"
    contests = mapping("choices", choices, Choice, most=3)
    results = list(contests.values())
    names = results[0].names
    if any(result.names != names for result in results):
        raise refuse("choices", choices, allowed)

    row, height = np.arange(len(names)), 0.8 / len(results)
    axes = axes_for(axes, "Runs spent (nights)", "", height=1.6 + 0.42 * len(names))
    for k, (name, result) in enumerate(contests.items()):
        dropped = {elimination.program for elimination in result.eliminations}
        place = row - 0.4 + height * (k + 0.5)
        bars = axes.barh(
            place, result.runs, 0.86 * height, color=colour(k), edgecolor=colour(k),
            label=f"{name}: {result.total} runs",
        )  # fmt: skip
        for i in dropped:
            bars.patches[i].set_alpha(0.35)
        axes.plot(
            result.runs[result.best], place[result.best], "*", color=ink(), markersize=9,
            clip_on=False, zorder=5, label="chosen" if k == len(results) - 1 else None,
        )  # fmt: skip
    _name_rows(axes, names)
    return axes


@in_book_style
def plot_selection_bias(
    n_runs: ArrayLike,
    reported: ArrayLike,
    true: ArrayLike,
    best: float,
    *,
    axes: Axes | None = None,
) -> Axes:
    """Draw what is reported of the winner, and what is true of it, against runs of each program.

    Parameters
    ----------
    n_runs : sequence of int, shape (R,)
        Runs of each program, > 0, increasing.
    reported, true : sequence of float, shape (R,)
        Expected estimate and expected true value of the winner, in bits per byte times
        experiments.
    best : float
        True value of the best program.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Two curves with the bias between them, and a line at the best program's value.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the lengths differ.

    Examples
    --------
    >>> axes = plot_selection_bias([1, 4, 16], [12.3, 10.8, 10.2], [9.4, 9.7, 10.0], 10.1)
    >>> axes.get_xlabel()
    'Runs of each program (nights)'
    """
    n = increasing("n_runs", n_runs)
    value, top = number("best", best), {"reported": reported, "true": true}
    for name, given in top.items():
        top[name] = sequence(name, given)
        if np.size(top[name]) != n.size:
            raise ParameterError(
                f"{name} must have one entry for each of the {n.size} n_runs, "
                f"got {np.size(top[name])}"
            )
    axes = axes_for(
        axes, "Runs of each program (nights)", f"Gain area of the winner ({AREA})", height=4.0
    )
    axes.fill_between(n, top["true"], top["reported"], color=colour(1), alpha=0.18, linewidth=0)
    axes.plot(n, top["reported"], "-", color=colour(1), label="reported")
    axes.plot(n, top["true"], "--", color=colour(0), label="true")
    axes.axhline(value, color=ink(), linewidth=1, linestyle=":", label="the best program")
    axes.set_xscale("log")
    axes.set_xlim(n[0], n[-1])
    axes.xaxis.set_major_formatter("{x:g}")
    return axes


@in_book_style
def plot_gain_area_map(
    sigma0s: ArrayLike,
    gammas: ArrayLike,
    area: ArrayLike,
    optimum: tuple[float, float] | None = None,
    *,
    axes: Axes | None = None,
) -> Axes:
    r"""Draw the expected gain area as a map over initial step size and decay rate.

    Parameters
    ----------
    sigma0s : sequence of float, shape (S,)
        Initial step sizes, > 0, increasing, in bits per byte.
    gammas : sequence of float, shape (G,)
        Decay rates, > 0, increasing.
    area : array of float, shape (S, G)
        Expected gain areas, in bits per byte times experiments.
    optimum : pair of float, optional
        Where to put a mark: (sigma0, gamma).
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Filled contours at areas of 1, 2, 5, 10 ... times a power of ten, darker where the area
        is larger.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the shapes do not fit.

    Examples
    --------
    >>> from arbook import programs
    >>> sigma0s, gammas = [0.01, 0.02, 0.04], [0.9, 0.97]
    >>> area = [[3.6, 9.2], [7.3, 18.4], [14.5, 36.8]]
    >>> axes = plot_gain_area_map(sigma0s, gammas, area, optimum=(0.04, 0.97))
    >>> axes.collections[0].colorbar.ax.get_ylabel()
    'Expected gain area\n(bits per byte × experiments)'
    """
    sigma0 = increasing("sigma0s", sigma0s)
    gamma = increasing("gammas", gammas)
    values = _table("area", area, (sigma0.size, gamma.size), "(sigma0s, gammas)")
    mark = None if optimum is None else _PAIR("optimum", optimum)
    axes = axes_for(axes, _STEP_SIZE, "Decay rate γ (per experiment)", height=4.0)
    # Pale to strong in one hue: a dark page's inversion makes it dark to bright.
    levels = _levels(float(values.max()))
    colours = mpl.colormaps["Blues"].resampled(len(levels))
    norm = BoundaryNorm(levels, colours.N, extend="min")
    filled = axes.contourf(sigma0, gamma, values.T, levels, cmap=colours, norm=norm, extend="min")
    filled.set_edgecolor("face")  # no pale seams between neighbours
    axes.set_xscale("log")
    # Part of the axes, so that it takes no room from others in the figure.
    beside = axes.inset_axes((1.1, 0, 0.042, 1))
    scale = axes.figure.colorbar(filled, beside, ticks=levels, format="{x:g}")
    scale.set_label(f"Expected gain area\n({AREA})")
    if mark is not None:
        axes.plot(
            mark[0],
            mark[1],
            "*",
            color=colour(1),
            markersize=15,
            markeredgecolor=ink(),
            clip_on=False,
            zorder=5,
            label=f"optimum: σ₀ = {mark[0]:.2g}, γ = {mark[1]:.2g}",
        )
    return axes


@in_book_style
def plot_programs(
    names: Sequence[str],
    means: ArrayLike,
    stds: ArrayLike,
    samples: Sequence[ArrayLike] | None = None,
    *,
    axes: Axes | None = None,
) -> Axes:
    r"""Draw the gain areas of several programs, one row each.

    Parameters
    ----------
    names : sequence of str, length P
        Names of the programs, from the top.
    means, stds : sequence of float, shape (P,)
        Expected gain area, in [-1e+150, 1e+150], and standard deviation, in [0, 1e+150], in bits
        per byte times experiments.
    samples : sequence of sequences of float, length P, optional
        Gain areas of single runs of each program, in [-1e+150, 1e+150], drawn as points.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        For each program a line at the mean, a bar of one standard deviation to each side, and
        the points.

    Raises
    ------
    ParameterError
        If lengths differ, or a number is outside its range.

    Examples
    --------
    >>> axes = plot_programs(["bold", "timid"], [9.2, 4.1], [2.0, 1.0], samples=[[8, 11], [5, 3]])
    >>> [label.get_text() for label in axes.get_yticklabels()]
    ['bold', 'timid']
    """
    names = _names(names)
    mean, std = _DRAWN("means", means), _DRAWN_STDS("stds", stds)
    lengths = {"names": len(names), "means": mean.size, "stds": std.size}
    if samples is not None:
        if not isinstance(samples, Sequence | np.ndarray) or getattr(samples, "ndim", 1) == 0:
            raise refuse("samples", samples, "a sequence with the runs of each program")
        lengths["samples"] = len(samples)
    for name, length in lengths.items():
        if length != mean.size:
            raise ParameterError(
                f"{name} must have one entry for each of the {mean.size} means, got {length}"
            )
    nights = [] if samples is None else [_DRAWN("samples", own) for own in samples]

    row = np.arange(mean.size)
    axes = axes_for(axes, f"Gain area ({AREA})", "", height=1.6 + 0.5 * mean.size)
    axes.barh(
        row, 2 * std, 0.5, mean - std, color=colour(0), alpha=0.3, linewidth=0,
        label="± 1 standard deviation",
    )  # fmt: skip
    axes.vlines(mean, row - 0.32, row + 0.32, colour(0), linewidth=2.5, label="expected gain area")
    if nights:
        axes.plot(
            np.concatenate(nights),
            np.repeat(row, [own.size for own in nights]),
            "o",
            color=ink(),
            markerfacecolor="none",
            label="single runs",
        )
    axes.use_sticky_edges = False
    axes.margins(x=0.03)
    _name_rows(axes, names)
    return axes


def _curves(axes: Axes | None, sigma0: FloatArray, area: FloatArray, labels: Sequence[str]) -> Axes:
    """Draw one curve a row on logarithmic axes, each with a mark at a maximum inside."""
    axes = axes_for(axes, _STEP_SIZE, f"Expected gain area ({AREA})", height=4.5)
    for row, label, marker in zip(area, labels, MARKERS, strict=False):
        best, words = int(row.argmax()), label
        inside = 0 < best < sigma0.size - 1
        if inside:
            words += f", best σ₀ = {sigma0[best]:.2g}"
        (line,) = axes.loglog(sigma0, np.where(row > 0, row, np.nan), label=words)
        if inside:
            axes.plot(sigma0[best], row[best], marker, color=line.get_color(), markersize=7)
    top = float(area.max())
    axes.set_ylim(max(float(area.min()), top * _SMALLEST_SHARE), top * 1.5)
    axes.set_xlim(sigma0[0], sigma0[-1])
    return axes


def _name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Name the rows 0, 1, ... from the top, in place of an axis."""
    axes.set_yticks(range(len(names)), [textwrap.fill(name, 20) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _names(names: Any) -> Sequence[str]:
    words: Any = names.tolist() if isinstance(names, np.ndarray) else names
    if not isinstance(words, list | tuple) or not all(isinstance(name, str) for name in words):
        raise refuse("names", names, "a sequence of str")
    return words


def _levels(top: float) -> list[float]:
    """Return levels 1, 2, 5, 10 ... times a power of ten; the last is the first not below `top`."""
    level = round_below(top / _SMALLEST_LEVEL)
    levels: list[float] = []
    while not levels or levels[-1] < top:
        levels.append(level)
        level = round_below(2.5 * level)
    return levels


def _table(name: str, value: ArrayLike, shape: tuple[int, int], meaning: str) -> FloatArray:
    array = numbers(name, value)
    if array.shape != shape:
        raise ParameterError(f"{name} must have the shape {meaning} = {shape}, got {array.shape}")
    if not array.max() > 0:
        raise refuse(name, value, "numbers of which some are > 0")
    return array
