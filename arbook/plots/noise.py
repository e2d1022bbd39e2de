"""Figures of noise and the winner's curse."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from arbook._numerics.ranges import Array, instance, not_negative
from arbook.model.parameters import Parameters
from arbook.noise.decisions import noisy_step
from arbook.noise.simulation import NoisySimulation
from arbook.plots._style import (
    BPB,
    colour,
    in_book_style,
    ink,
    legend_above,
    mapping,
    new_axes,
)


@in_book_style
def plot_noisy_step(p: Parameters, noises: ArrayLike) -> Figure:
    """Draw what one decision gains in the log and in truth, against the noise.

    Parameters
    ----------
    p : Parameters
        The three parameters; the decision is that of experiment 0.
    noises : sequence of float
        Standard deviations of one measurement in bits per byte, >= 0, rising.

    Returns
    -------
    matplotlib.figure.Figure
        Expected gains in bits per byte against the noise in units of the step size; the shaded
        part between them is the winner's curse.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> figure = plot_noisy_step(Parameters(0.004, 0.97), np.linspace(0, 0.01, 20))
    >>> [text.get_text() for text in figure.legends[0].get_texts()]
    ['in the log', 'in truth', "winner's curse"]
    """
    instance("p", p, Parameters)
    nu = Array(not_negative, ndim=1)("noises", noises)
    step = noisy_step(p, 0, nu)
    figure, axes = new_axes("Noise ν (units of σ₀)", f"Expected gain ({BPB})")
    x = nu / p.sigma0
    axes.plot(x, step.logged_gain, color=colour(1), linestyle=(0, (5, 2)), label="in the log")
    axes.plot(x, step.true_gain, color=colour(0), linestyle="-", label="in truth")
    axes.fill_between(
        x, step.true_gain, step.logged_gain, color=colour(1), alpha=0.15, linewidth=0,
        label="winner's curse",
    )  # fmt: skip
    axes.axhline(0, color=ink(), linewidth=0.8)
    axes.margins(x=0)  # also where there is one noise only
    legend_above(figure)
    return figure


@in_book_style
def plot_noisy_runs(runs: NoisySimulation) -> Figure:
    """Draw the logged and the true metric of noisy runs, and one run of them.

    Parameters
    ----------
    runs : NoisySimulation
        The runs.

    Returns
    -------
    matplotlib.figure.Figure
        Means over all runs and one run, in bits per byte, against experiments.

    Raises
    ------
    ParameterError
        If `runs` is no NoisySimulation.

    Examples
    --------
    >>> from arbook.noise import simulate_noisy
    >>> runs = simulate_noisy(Parameters(0.004, 0.97), 50, 20, noise=0.003, seed=1)
    >>> [text.get_text() for text in plot_noisy_runs(runs).legends[0].get_texts()]
    ['logged, mean', 'true, mean', 'one run']
    """
    instance("runs", runs, NoisySimulation)
    figure, axes = new_axes("Experiments", f"Incumbent's metric ({BPB})")
    t = np.arange(runs.true.shape[1])
    axes.step(
        t, runs.logged[0], where="post", color=colour(1), linewidth=0.9, linestyle="-", alpha=0.7
    )
    axes.step(
        t, runs.true[0], where="post", color=colour(0), linewidth=0.9, linestyle="-", alpha=0.7
    )
    axes.plot(
        t, runs.logged.mean(axis=0), color=colour(1), linestyle=(0, (5, 2)), label="logged, mean"
    )
    axes.plot(t, runs.true.mean(axis=0), color=colour(0), linestyle="-", label="true, mean")
    axes.plot([], [], color=ink(), linewidth=0.9, linestyle="-", label="one run")
    axes.set_xlim(0, t[-1])
    legend_above(figure)
    return figure


@in_book_style
def plot_remedies(remedies: Mapping[str, NoisySimulation]) -> Figure:
    """Draw what remedies against noise gain for what they cost.

    Parameters
    ----------
    remedies : mapping of str to NoisySimulation
        One to five simulations by name, started from one baseline.

    Returns
    -------
    matplotlib.figure.Figure
        Mean true metric of the incumbent in bits per byte against measurements spent.

    Raises
    ------
    ParameterError
        If there are none or too many, or a value is no NoisySimulation.

    Examples
    --------
    >>> from arbook.noise import simulate_noisy
    >>> runs = simulate_noisy(Parameters(0.004, 0.97), 50, 20, noise=0.003, seed=1)
    >>> plot_remedies({"plain": runs}).axes[0].get_xlabel()
    'Measurements'
    """
    chosen = mapping("remedies", remedies, NoisySimulation)
    figure, axes = new_axes("Measurements", f"True metric, mean ({BPB})")
    for name, runs in chosen.items():
        spent = np.linspace(0, runs.measurements, runs.true.shape[1])
        axes.plot(spent, runs.true.mean(axis=0), label=name)
    axes.set_xlim(left=0)
    legend_above(figure)
    return figure
