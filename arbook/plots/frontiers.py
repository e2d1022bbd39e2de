"""Figures of many simulated frontiers and their exact distribution."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes

from arbook._numerics.ranges import Integer, instance
from arbook._numerics.validation import instances, refuse
from arbook.model.distributions import frontier_quantiles
from arbook.model.parameters import Parameters
from arbook.model.simulation import Moments, Simulation
from arbook.model.totals import (
    expected_frontier,
    expected_gain_area,
    gain_area_std,
    no_keep_probability,
)
from arbook.plots._style import (
    AREA,
    BPB,
    DASHED,
    axes_for,
    colour,
    experiments,
    in_book_style,
    ink,
    round_below,
)

# The most runs that are drawn one by one, and the most places at which a band is computed.
_MOST_RUNS = 100
_MOST_PLACES = 101

# A distribution has at least so many classes, and at most 2.5 times as many.
_LEAST_CLASSES = 25


@in_book_style
def plot_frontiers(
    sim: Simulation, p: Parameters | None = None, *, axes: Axes | None = None
) -> Axes:
    r"""Draw simulated frontiers with the exact mean and the exact 5 % to 95 % band.

    Parameters
    ----------
    sim : Simulation
        Simulated runs. At most 100 are drawn; the first is highlighted.
    p : Parameters, optional
        Parameters of mean and band; those of the simulation if not given.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Frontiers in bits per byte against the number of experiments.

    Raises
    ------
    ParameterError
        If an argument has the wrong type.

    Examples
    --------
    >>> from arbook import simulate
    >>> axes = plot_frontiers(simulate(Parameters(0.01, 0.97), 50, 20, seed=1))
    >>> axes.get_xlabel()
    'Experiments n'
    """
    instance("sim", sim, Simulation)
    p = sim.parameters if p is None else p
    instance("p", p, Parameters)
    n = np.arange(sim.n_experiments + 1)
    places = np.unique(np.linspace(0, n[-1], min(n.size, _MOST_PLACES)).round().astype(int))
    low, high = np.moveaxis(frontier_quantiles(p, places, [0.05, 0.95], sim.f0), -1, 0)

    axes = axes_for(axes, "Experiments n", f"Frontier F(n) ({BPB})")
    axes.fill_between(
        places, low, high, color=colour(0), alpha=0.2, linewidth=0, label="90 % of all runs (exact)"
    )
    others = sim.frontier[1:_MOST_RUNS]
    if others.size:
        axes.step(n, others.T, where="post", color=ink(), linestyle="-", linewidth=0.6, alpha=0.25)
        axes.plot(
            [], [], color=ink(), linestyle="-", linewidth=0.8, alpha=0.6, label="simulated runs"
        )
    axes.plot(
        n,
        expected_frontier(p, n, sim.f0),
        color=colour(0),
        linestyle=DASHED,
        linewidth=2.2,
        label="mean (exact)",
    )
    axes.step(
        n,
        sim.frontier[0],
        where="post",
        color=colour(1),
        linestyle="-",
        linewidth=1.6,
        label="one of them" if others.size else "simulated run",
    )
    axes.set_xlim(0, n[-1])
    return axes


@in_book_style
def plot_frontier_distribution(
    p: Parameters, n: int, sim: Simulation, *, axes: Axes | None = None
) -> Axes:
    r"""Draw the distribution of the frontier after n experiments: simulated and exact.

    Parameters
    ----------
    p : Parameters
        Parameters of the exact distribution.
    n : int
        Number of experiments, from 1 to those of `sim`.
    sim : Simulation
        Simulated runs.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Share of runs in each class of F(n), in bits per byte. The bar at the baseline is
        the atom: runs that never kept anything, for which F(n) is :math:`f_0` exactly.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> from arbook import simulate
    >>> p = Parameters(0.01, 0.9, 0.01, extended=True)
    >>> axes = plot_frontier_distribution(p, 12, simulate(p, 12, 1000, seed=1))
    >>> axes.get_xlabel()
    'Frontier F(12) (bits per byte)'
    """
    instance("p", p, Parameters)
    instance("sim", sim, Simulation)
    n = Integer(1, sim.n_experiments, "the experiments of sim")("n", n)
    values = sim.frontier[:, n]
    moved = values[values < sim.f0]
    atom = float(no_keep_probability(p, n))
    if atom == 1:
        raise refuse("p", p, "parameters with which something is kept now and then")
    # The distribution function of the runs that moved, as quantiles.
    q = (1 - atom) * np.linspace(0.0005, 0.9995, 1999)
    quantiles = frontier_quantiles(p, n, q, sim.f0)
    lowest = min(quantiles[0], moved.min(initial=sim.f0))
    if not lowest < sim.f0:
        raise refuse("p", p, "parameters that move the frontier by more than rounding")
    # Classes of a round width, counted down from the baseline, as far as there is anything.
    width = round_below((sim.f0 - lowest) / _LEAST_CLASSES)
    highest = max(quantiles[-1], moved.max(initial=lowest))
    first, last = math.ceil((sim.f0 - lowest) / width), math.floor((sim.f0 - highest) / width)
    edges = sim.f0 - width * np.arange(first, last - 1, -1)
    below = np.interp(edges, quantiles, q, left=0.0, right=1 - atom)

    axes = axes_for(axes, f"Frontier F({n}) ({BPB})", f"Share of runs (per {width:g} {BPB})")
    axes.bar(
        edges[:-1],
        np.histogram(moved, edges)[0] / sim.n_runs,
        width,
        align="edge",
        color=colour(0),
        alpha=0.35,
        linewidth=0,
        label=f"{sim.n_runs:,} simulated runs",
    )
    middle = (edges[1:] + edges[:-1]) / 2
    axes.plot(middle, np.diff(below), color=ink(), linestyle="-", label="exact")
    stuck = 1 - moved.size / sim.n_runs
    if max(stuck, atom) > 1e-4:
        # Beside the classes, not over the last of them.
        axes.bar(
            sim.f0 + 0.5 * width,
            stuck,
            width,
            align="edge",
            color=colour(1),
            alpha=0.5,
            linewidth=0,
            label=f"nothing kept, F({n}) = {sim.f0:g}",
        )
        axes.plot(sim.f0 + width, atom, "D", color=ink())
    axes.set_ylim(bottom=0)
    return axes


@in_book_style
def plot_gain_area_growth(
    p: Parameters, n_max: int, moments: Iterable[Moments] = (), *, axes: Axes | None = None
) -> Axes:
    r"""Draw the expected gain area against the number of experiments.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n_max : int
        Largest number of experiments, in 1 ... 1000000.
    moments : iterable of Moments, optional
        Simulations of different lengths: one point each, with one standard deviation.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        :math:`\mathbb E[\mathcal A_N]` with one standard deviation, in bits per byte times
        experiments, against N.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> axes = plot_gain_area_growth(Parameters(0.01, 0.97), 100)
    >>> axes.get_ylabel()
    'Gain area\n(bits per byte × experiments)'
    """
    instance("p", p, Parameters)
    n = np.append(experiments("n_max", n_max), n_max)
    moments = instances("moments", moments, Moments, least=0)
    mean, std = expected_gain_area(p, n), gain_area_std(p, n)

    axes = axes_for(axes, "Experiments N", f"Gain area ({AREA})", height=4.0)
    axes.fill_between(
        n,
        mean - std,
        mean + std,
        color=colour(0),
        alpha=0.2,
        linewidth=0,
        label="± 1 standard deviation (exact)",
    )
    axes.plot(n, mean, color=colour(0), linestyle="-", label="mean (exact)")
    if moments:
        axes.errorbar(
            [m.n_experiments for m in moments],
            [m.gain_area_mean for m in moments],
            [m.gain_area_std for m in moments],
            fmt="o",
            color=ink(),
            elinewidth=1,
            capsize=3,
            label="mean ± 1 standard deviation (simulated)",
        )
    axes.set_xlim(0, None)
    axes.set_ylim(bottom=0)
    return axes
