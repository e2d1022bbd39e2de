"""Figures of several agents at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from arbook._numerics.ranges import Array, Integer, count, instance
from arbook._numerics.validation import FloatArray, IntArray, refuse
from arbook.agents.archives import ArchiveSimulation, archive_rate
from arbook.agents.prices import LARGEST_TEAM, best_team, expected_longest, relative_price
from arbook.agents.rounds import expected_round_frontier
from arbook.agents.unhurried import AsyncSimulation, expected_async_frontier
from arbook.agents.worth import EqualBudget, effective_agents
from arbook.model.best_of import any_keep_probability, expected_best_improvement
from arbook.model.parameters import Parameters
from arbook.model.totals import expected_frontier
from arbook.plots._style import (
    BPB,
    DASHED,
    MARKERS,
    Panels,
    axes_for,
    colour,
    few_prices,
    few_shares,
    in_book_style,
    ink,
    mapping,
    panels_for,
)

# So many standard deviations above zero, the best of k normals is positive for certain.
_FAR = 40.0

_AGENTS = Array(count, ndim=1)


@in_book_style
def plot_any_keep(ps: ArrayLike, ks: ArrayLike, *, axes: Axes | None = None) -> Axes:
    r"""Draw the chance that a round of k agents keeps at least one variant.

    Parameters
    ----------
    ps : sequence of float
        Keep probabilities of a single agent, in [0, 1]; one curve each, at most 5.
    ks : sequence of int
        Numbers of agents, >= 1.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        :math:`1 - (1-p)^k`, as a share of rounds, against k.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> axes = plot_any_keep([0.5, 0.1], [1, 2, 3])
    >>> axes.lines[0].get_ydata()
    array([0.5  , 0.75 , 0.875])
    """
    probabilities, k = few_shares("ps", ps), _AGENTS("ks", ks)
    axes = axes_for(axes, "Agents k in a round", "At least one keep (share of rounds)")
    _draw_of_agents(axes, k, [(f"p = {q:g}", any_keep_probability(q, k)) for q in probabilities])
    axes.set_ylim(0, 1.03)
    return axes


def _draw_of_agents(axes: Axes, k: IntArray, curves: list[tuple[str, FloatArray]]) -> None:
    """Draw curves with their labels, and a mark at each number of agents."""
    for (label, values), marker in zip(curves, MARKERS, strict=False):
        axes.plot(k, values, marker=marker, linestyle="-", linewidth=1, label=label)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))


@in_book_style
def plot_best_of_k(ks: ArrayLike, *, axes: Axes | None = None) -> Axes:
    r"""Draw the expected maximum of k standard normal variables, with its bound.

    Parameters
    ----------
    ks : sequence of int
        Numbers of variables, >= 1.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        The expected maximum and :math:`\sqrt{2\ln k}`, in standard deviations, against k on a
        logarithmic axis.

    Raises
    ------
    ParameterError
        If `ks` is not a sequence of positive integers.

    Examples
    --------
    >>> axes = plot_best_of_k([1, 10, 100])
    >>> axes.lines[0].get_ydata().round(4) + 0.0
    array([0.    , 1.5388, 2.5076])
    """
    k = _AGENTS("ks", ks)
    # The law is about the positive part of the maximum; far above zero, that is the maximum.
    best = expected_best_improvement(Parameters(1.0, 0.5, -_FAR), 0, k) - _FAR
    axes = axes_for(axes, "Agents k in a round", "Best of k (standard deviations)")
    axes.semilogx(k, best, marker="o", markersize=4, color=colour(0), label="expected maximum")
    every = np.geomspace(k.min(), max(k.max(), k.min() + 1), 200)
    axes.semilogx(
        every,
        np.sqrt(2 * np.log(every)),
        color=colour(1),
        linestyle=DASHED,
        label="bound √(2 ln k)",
    )
    axes.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}" if x >= 1 else "")
    axes.xaxis.set_minor_formatter("")
    axes.set_ylim(bottom=0)
    return axes


@in_book_style
def plot_equal_budget(budget: EqualBudget, *, axes: Sequence[Axes] | None = None) -> Panels:
    r"""Draw one agent against k agents that spend the same number of experiments.

    Parameters
    ----------
    budget : arbook.agents.EqualBudget
        Both expected frontiers, from `arbook.agents.equal_budget`.
    axes : sequence of two matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    array of matplotlib.axes.Axes, shape (2,)
        Expected frontiers in bits per byte, left against experiments, right against rounds, that
        is time.

    Raises
    ------
    ParameterError
        If `budget` is not an EqualBudget.

    Examples
    --------
    >>> from arbook import Parameters, agents
    >>> budget = agents.equal_budget(Parameters(0.01, 0.97), 120, 4)
    >>> [axes.get_xlabel() for axes in plot_equal_budget(budget)]
    ['Experiments', 'Rounds\n(τ seconds each)']
    """
    instance("budget", budget, EqualBudget)
    xlabels = ("Experiments", "Rounds (τ seconds each)")
    panels = panels_for(axes, xlabels, f"Expected frontier ({BPB})")
    rounds = np.arange(budget.parallel.size)
    times = np.arange(budget.serial.size)
    for panel, scale in zip(panels, (budget.k, 1), strict=True):
        panel.plot(times, budget.serial, color=colour(0), linestyle="-", label="1 agent")
        panel.plot(
            scale * rounds,
            budget.parallel,
            color=colour(1),
            linestyle=DASHED,
            label=f"{budget.k} agents a round",
        )
        panel.plot(scale * rounds[-1], budget.parallel[-1], "s", color=colour(1), clip_on=False)
        panel.plot(times[-1], budget.serial[-1], "o", color=colour(0), clip_on=False)
        panel.set_xlim(0, times[-1])
        panel.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    return panels


@in_book_style
def plot_effective_agents(
    p: Parameters, ks: ArrayLike, correlations: ArrayLike, *, axes: Axes | None = None
) -> Axes:
    r"""Draw how many independent agents a round of correlated ones is worth.

    Parameters
    ----------
    p : Parameters
        The three parameters; the round is the first.
    ks : sequence of int
        Numbers of agents, >= 1.
    correlations : sequence of float
        Correlations of any two changes, in [0, 1]; one curve each, at most 5.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Effective agents against k.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> axes = plot_effective_agents(Parameters(0.01, 0.97), [1, 10], [0.0, 0.5])
    >>> axes.lines[1].get_ydata().round(3)
    array([1.   , 4.586])
    """
    instance("p", p, Parameters)
    k, rho = _AGENTS("ks", ks), few_shares("correlations", correlations)
    axes = axes_for(axes, "Agents k in a round", "Agents, effective")
    _draw_of_agents(axes, k, [(f"ρ = {r:g}", effective_agents(p, k, r)) for r in rho])
    axes.set_ylim(bottom=0)
    return axes


@in_book_style
def plot_async(
    p: Parameters, runs: AsyncSimulation, *, axes: Sequence[Axes] | None = None
) -> Panels:
    r"""Draw agents that do not wait against rounds and against one agent.

    All shrink their steps alike, experiment for experiment: a round of k by :math:`\gamma^k`.

    Parameters
    ----------
    p : Parameters
        The three parameters that were simulated.
    runs : arbook.agents.AsyncSimulation
        Runs from `arbook.agents.simulate_async`, started at ``f0 = 1``.
    axes : sequence of two matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    array of matplotlib.axes.Axes, shape (2,)
        Mean frontiers in bits per byte, left against experiments, right against wall-clock time.
        Two agents with fixed durations are drawn by the exact law, others by the mean of the runs.

    Raises
    ------
    ParameterError
        If `runs` is not an AsyncSimulation.

    Examples
    --------
    >>> from arbook.agents import simulate_async
    >>> p = Parameters(0.01, 0.97)
    >>> [axes.get_xlabel() for axes in plot_async(p, simulate_async(p, 60, 4, 200, seed=1))]
    ['Experiments', 'Wall-clock time\n(units of τ)']
    """
    instance("p", p, Parameters)
    instance("runs", runs, AsyncSimulation)
    n, k = runs.n_experiments, runs.k
    xlabels = ("Experiments", "Wall-clock time (units of τ)")
    panels = panels_for(axes, xlabels, f"Mean frontier ({BPB})")
    left, right = panels
    experiments, rounds = np.arange(n + 1), np.arange(n // k + 1)
    alike = replace(p, gamma=p.gamma**k, extended=True)
    if k == 2 and runs.variation == 0:
        free = expected_async_frontier(p, experiments, k)
    else:
        free = runs.frontier.mean(axis=0)
    times = np.linspace(0, float(runs.time[:, -1].mean()), 200)
    curves = (
        ("1 agent", "-", experiments, experiments, expected_frontier(p, experiments)),
        (
            f"rounds of {k}",
            DASHED,
            rounds * k,
            rounds * expected_longest(k, runs.variation),
            expected_round_frontier(alike, rounds, k),
        ),
        (f"{k} that do not wait", (0, (1, 1.2)), experiments, None, free),
    )
    for i, (label, line, spent, time, mean) in enumerate(curves):
        left.plot(spent, mean, color=colour(i), linestyle=line, label=label)
        if time is None:
            right.plot(times, runs.at(times).mean(axis=0), color=colour(i), linestyle=line)
        else:
            right.plot(time, mean, color=colour(i), linestyle=line)
    left.set_xlim(0, n)
    end = 1.15 * max(float(curves[1][3][-1]), times[-1])
    right.set_xlim(0, min(end, n))
    for panel in panels:
        panel.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    return panels


@in_book_style
def plot_team_prices(
    p: Parameters,
    ks: ArrayLike,
    waitings: ArrayLike,
    *,
    correlation: float = 0.0,
    variation: float = 0.0,
    axes: Axes | None = None,
) -> Axes:
    r"""Draw what a gain costs by teams of any size, with the best team marked.

    Parameters
    ----------
    p : Parameters
        The three parameters; the round is the first.
    ks : sequence of int
        Numbers of agents, in 1 ... `arbook.agents.LARGEST_TEAM`.
    waitings : sequence of float
        Prices of waiting for :math:`\tau` in units of an experiment's price, >= 0; one curve each,
        at most 5.
    correlation, variation : float
        As for `arbook.agents.relative_price`.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Prices relative to one agent's against k, both axes logarithmic; a ring about the
        smallest.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> axes = plot_team_prices(Parameters(0.01, 0.97), range(1, 11), [1, 10])
    >>> axes.lines[0].get_ydata()[:3].round(3)
    array([1.   , 0.879, 0.898])
    """
    instance("p", p, Parameters)
    k, w = Array(Integer(1, LARGEST_TEAM), ndim=1)("ks", ks), few_prices("waitings", waitings)
    best_of = partial(best_team, p, correlation=correlation, variation=variation, most=k.max())
    price_of = partial(relative_price, p, correlation=correlation, variation=variation)
    found = [(price_of(k, waiting), best_of(waiting)) for waiting in w.tolist()]

    axes = axes_for(axes, "Agents k in a round", "Price of a gain (one agent = 1)")
    for waiting, marker, (price, best) in zip(w.tolist(), MARKERS, found, strict=False):
        (line,) = axes.loglog(
            k, price, marker=marker, markersize=3, linewidth=1, label=f"w = {waiting:g}"
        )
        axes.plot(
            best,
            price_of(best, waiting),
            "o",
            markersize=11,
            fillstyle="none",
            color=line.get_color(),
        )
    axes.axhline(1, color=ink(), linewidth=0.8)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda x, _: f"{x:g}")
        axis.set_minor_formatter("")
    return axes


@in_book_style
def plot_archives(
    runs: Mapping[str, dict[int, ArchiveSimulation]], *, axes: Axes | None = None
) -> Axes:
    r"""Draw what archives gain, in units of the loop that keeps one, against their size.

    Parameters
    ----------
    runs : mapping of str to dict of int to ArchiveSimulation
        Under its label, runs for each size of an archive, of which size 1 is one; at most 5 labels.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Ratios of mean true gains with two standard errors against the size on a logarithmic axis,
        and the law of rare keeps.

    Raises
    ------
    ParameterError
        If `runs` is something else.

    Examples
    --------
    >>> from arbook.agents import simulate_archive
    >>> p = Parameters(0.01, 0.97)
    >>> runs = {j: simulate_archive(p, 50, j, 200, seed=1) for j in (1, 4)}
    >>> axes = plot_archives({"half are kept": runs})
    >>> axes.get_legend_handles_labels()[1]
    ['law, keeps are rare', 'half are kept']
    """
    series = mapping("runs", runs, dict, most=5)
    for made in series.values():
        if 1 not in made or not all(isinstance(r, ArchiveSimulation) for r in made.values()):
            raise refuse(
                "runs",
                runs,
                "a mapping of names to dicts of sizes, 1 among them, to ArchiveSimulation",
            )
    axes = axes_for(axes, "Size of the archive Q (members)", "Gain (archive of one = 1)")
    largest = max(max(made) for made in series.values())
    sizes = np.unique(np.geomspace(1, max(largest, 2), 60).round().astype(np.int64))
    axes.plot(sizes, archive_rate(sizes), color=ink(), label="law, keeps are rare")
    for i, (label, made) in enumerate(series.items()):
        gains = {j: r.true[:, 0] - r.true[:, -1] for j, r in sorted(made.items())}
        mean = {j: gain.mean() for j, gain in gains.items()}
        error = {j: gain.std() / np.sqrt(gain.size) / mean[j] for j, gain in gains.items()}
        ratio = np.array([mean[j] / mean[1] for j in gains])
        both = np.array([np.hypot(error[j], error[1]) if j > 1 else 0.0 for j in gains])
        axes.errorbar(
            list(gains),
            ratio,
            2 * ratio * both,
            fmt=MARKERS[i] + "--",
            color=colour(i),
            markersize=4,
            linewidth=1,
            elinewidth=1,
            label=label,
        )
    axes.set_xscale("log")
    axes.set_xticks(sorted(gains), [f"{j}" for j in sorted(gains)])
    axes.minorticks_off()
    axes.set_ylim(bottom=0)
    return axes
