"""Figures of the laws of one experiment."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from arbook._numerics.normal import pdf, ratio
from arbook._numerics.ranges import Array, instance, natural
from arbook._numerics.validation import refuse
from arbook.model.laws import expected_improvement, half_life, keep_probability
from arbook.model.parameters import Parameters, bias, step_size
from arbook.model.simulation import Simulation
from arbook.model.totals import expected_keeps, keeps_std
from arbook.plots._style import (
    BPB,
    MOST_CURVES,
    axes_for,
    experiments,
    in_book_style,
    ink,
    parameter_labels,
    parameter_list,
    percent,
)

# Improvements smaller than this share of the largest are off the picture.
_SMALLEST_SHARE = 1e-6

# The most points that are drawn over a curve.
_MOST_POINTS = 25


@in_book_style
def plot_step_size(
    ps: Iterable[Parameters] | Parameters, n: int, *, axes: Axes | None = None
) -> Axes:
    r"""Draw the step size of each experiment, with its half-life.

    Parameters
    ----------
    ps : iterable of Parameters
        One curve each, at most 5.
    n : int
        Number of experiments, in 2 ... 1000000.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        :math:`\sigma_t` in bits per byte against t; a mark where it is half of
        :math:`\sigma_0`, at :math:`\ln 2/\ln(1/\gamma)` experiments.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> axes = plot_step_size([Parameters(0.01, 0.9), Parameters(0.01, 0.97)], 100)
    >>> axes.get_legend_handles_labels()[1]
    ['γ = 0.9, half-life 6.6', 'γ = 0.97, half-life 22.8']
    """
    ps, t = parameter_list(ps), experiments("n", n, least=2)
    axes = axes_for(axes, "Experiment t", f"Step size σ ({BPB})")
    for p, label in zip(ps, parameter_labels(ps, ("sigma0", "gamma")), strict=True):
        half = half_life(p)
        if math.isfinite(half):
            label += f", half-life {half:.1f}"
        (line,) = axes.plot(t, step_size(p, t), label=label)
        if half <= t[-1]:
            axes.vlines(half, 0, p.sigma0 / 2, line.get_color(), linewidth=0.8)
            axes.plot(half, p.sigma0 / 2, "o", color=line.get_color())
    axes.set_xlim(0, t[-1])
    axes.set_ylim(bottom=0)
    return axes


@in_book_style
def plot_delta_density(p: Parameters, ts: ArrayLike, *, axes: Axes | None = None) -> Axes:
    r"""Draw the density of the change at several experiments; the kept side is shaded.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    ts : sequence of int
        Experiments, counted from 0; at most 5.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Density of :math:`\mathcal N(\mu_t, \sigma_t^2)` against the change in bits per byte. The
        shaded area, :math:`\delta < 0`, is the keep probability.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> axes = plot_delta_density(Parameters(0.01, 0.97, -0.002), [0, 50])
    >>> axes.get_legend_handles_labels()[1]
    ['t = 0: σ = 0.01, 58 % kept', 't = 50: σ = 0.00218, 82 % kept']
    """
    instance("p", p, Parameters)
    t = Array(natural, ndim=1, most=MOST_CURVES)("ts", ts)
    sigma, mean, kept = step_size(p, t), bias(p, t), keep_probability(p, t)
    reach = 3.5 * sigma.max()
    # Fine enough for the narrowest curve, wide enough for the widest.
    bell = np.linspace(-5, 5, 201)
    delta = np.unique(
        np.concatenate([[0.0], *(mu + s * bell for mu, s in zip(mean, sigma, strict=True))])
    )
    low, high = min(mean.min() - reach, 0.0), max(mean.max() + reach, 0.0)
    delta = delta[(delta >= low) & (delta <= high)]
    gap = 0.01 * (high - low)

    axes = axes_for(axes, f"Change δ ({BPB})", "Density (per bit per byte)")
    for i in range(t.size):
        density = pdf(ratio(delta - mean[i], sigma[i])) / sigma[i]
        label = f"t = {t[i]}: σ = {sigma[i]:.3g}, {percent(kept[i])} kept"
        (line,) = axes.plot(delta, density, label=label)
        axes.fill_between(
            delta, density, where=list(delta <= 0), color=line.get_color(), alpha=0.2, linewidth=0
        )
    axes.axvline(0, color=ink(), linewidth=0.8)
    # Room for both words, also where 0 is at an end.
    axes.set_xlim(min(low, -20 * gap), max(high, 20 * gap))
    axes.locator_params("x", nbins=5)
    axes.set_ylim(0, 1.12 / (sigma.min() * math.sqrt(2 * math.pi)))
    across = axes.get_xaxis_transform()
    axes.text(-gap, 0.99, "KEEP", ha="right", va="top", transform=across)
    axes.text(gap, 0.99, "DISCARD", ha="left", va="top", transform=across)
    return axes


@in_book_style
def plot_keep_probability(
    ps: Iterable[Parameters] | Parameters,
    n: int,
    simulation: Simulation | None = None,
    *,
    axes: Axes | None = None,
) -> Axes:
    r"""Draw the keep probability of each experiment.

    Parameters
    ----------
    ps : iterable of Parameters
        One curve each, at most 5.
    n : int
        Number of experiments, in 2 ... 1000000.
    simulation : Simulation, optional
        Simulated runs: the share of them that kept an experiment is drawn as points, at most 25,
        with two standard errors.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        :math:`p_t`, the share of runs that keep experiment t, against t.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> agents = [Parameters(0.01, 0.97, mu, extended=True) for mu in (-0.001, 0, 0.001)]
    >>> axes = plot_keep_probability(agents, 100)
    >>> axes.get_legend_handles_labels()[1]
    ['μ = −0.001', 'μ = 0', 'μ = +0.001']
    """
    ps, t = parameter_list(ps), experiments("n", n, least=2)
    if simulation is not None:
        instance("simulation", simulation, Simulation)
    axes = axes_for(axes, "Experiment t", "Keep probability (share of runs)")
    for p, label in zip(ps, parameter_labels(ps, ("sigma0", "gamma", "mu")), strict=True):
        axes.plot(t, keep_probability(p, t), label=label)
    if simulation is not None:
        size = min(t.size, simulation.n_experiments)
        points = np.arange(0, size, math.ceil(size / _MOST_POINTS))
        rate = simulation.kept[:, points].mean(axis=0)
        error = np.sqrt(rate * (1 - rate) / simulation.n_runs)
        axes.errorbar(
            points,
            rate,
            2 * error,
            fmt="o",
            color=ink(),
            markersize=3.5,
            elinewidth=1,
            label=f"{simulation.n_runs:,} simulated runs, ± 2 standard errors",
        )
    axes.set_xlim(0, t[-1])
    axes.set_ylim(0, 1)
    return axes


@in_book_style
def plot_expected_keeps(
    ps: Iterable[Parameters] | Parameters,
    n: int,
    simulation: Simulation | None = None,
    *,
    axes: Axes | None = None,
) -> Axes:
    r"""Draw the number of keeps in the first experiments of a run: mean and standard deviation.

    Parameters
    ----------
    ps : iterable of Parameters
        One curve each, at most 5.
    n : int
        Number of experiments, in 2 ... 1000000.
    simulation : Simulation, optional
        Simulated runs: mean and standard deviation of their keeps are drawn as points with bars,
        at most 25.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        :math:`\mathbb E[K_n]` against n, with a band of one standard deviation.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> axes = plot_expected_keeps(Parameters(0.01, 0.97), 100)
    >>> axes.get_ylabel()
    'Keeps (experiments)'
    """
    ps, t = parameter_list(ps), np.append(experiments("n", n, least=2), n)
    if simulation is not None:
        instance("simulation", simulation, Simulation)
    axes = axes_for(axes, "Experiments n", "Keeps (experiments)")
    for p, label in zip(ps, parameter_labels(ps, ("sigma0", "gamma", "mu")), strict=True):
        mean, std = expected_keeps(p, t), keeps_std(p, t)
        (curve,) = axes.plot(t, mean, label=label)
        axes.fill_between(
            t, mean - std, mean + std, color=curve.get_color(), alpha=0.2, linewidth=0
        )
    if simulation is not None:
        size = min(int(t[-1]), simulation.n_experiments)
        step = math.ceil(size / _MOST_POINTS)
        kept = simulation.kept[:, :size].cumsum(axis=1)[:, step - 1 :: step]
        axes.errorbar(
            np.arange(step, size + 1, step),
            kept.mean(axis=0),
            kept.std(axis=0),
            fmt="o",
            color=ink(),
            markersize=3.5,
            elinewidth=1,
            clip_on=False,
            label=f"{simulation.n_runs:,} simulated runs",
        )
    axes.set_xlim(0, t[-1])
    axes.set_ylim(bottom=0)
    return axes


@in_book_style
def plot_expected_improvement(
    ps: Iterable[Parameters] | Parameters, n: int, *, axes: Axes | None = None
) -> Axes:
    r"""Draw the expected improvement of each experiment, on a logarithmic axis.

    Parameters
    ----------
    ps : iterable of Parameters
        One curve each, at most 5.
    n : int
        Number of experiments, in 2 ... 1000000.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        :math:`\mathbb E[I_t]` in bits per byte against t. What is less than a millionth of the
        largest is off the picture.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> axes = plot_expected_improvement(Parameters(0.01, 0.97), 100)
    >>> axes.get_yscale(), axes.get_ylabel()
    ('log', 'Expected improvement\n(bits per byte)')
    """
    ps, t = parameter_list(ps), experiments("n", n, least=2)
    gains = [expected_improvement(p, t) for p in ps]
    largest = max(float(gain.max()) for gain in gains)
    if not largest > 0:
        raise refuse("ps", ps, "parameters with an improvement that a double can hold")
    axes = axes_for(axes, "Experiment t", f"Expected improvement ({BPB})")
    for gain, label in zip(gains, parameter_labels(ps, ("sigma0", "gamma", "mu")), strict=True):
        axes.semilogy(t, np.where(gain > 0, gain, np.nan), label=label)
    smallest = min(float(gain.min()) for gain in gains)
    axes.set_ylim(max(smallest / 1.5, largest * _SMALLEST_SHARE), largest * 1.5)
    axes.set_xlim(0, t[-1])
    return axes
