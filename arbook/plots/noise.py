"""Figures of noise and the winner's curse."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from arbook._numerics.ranges import Array, instance, not_negative
from arbook._numerics.validation import refuse
from arbook.model.parameters import Parameters
from arbook.noise.decisions import noisy_step
from arbook.noise.simulation import NoisySimulation
from arbook.plots._style import (
    BPB,
    DASHED,
    axes_for,
    colour,
    in_book_style,
    ink,
    mapping,
)


@in_book_style
def plot_noisy_step(p: Parameters, noises: ArrayLike, *, axes: Axes | None = None) -> Axes:
    """Draw what one decision gains in the log and in truth, against the noise.

    Parameters
    ----------
    p : Parameters
        The three parameters; the decision is that of experiment 0.
    noises : sequence of float
        Standard deviations of one measurement in bits per byte, >= 0, rising.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Expected gains in bits per byte against the noise in units of the step size; the shaded
        part between them is the winner's curse.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> axes = plot_noisy_step(Parameters(0.004, 0.97), np.linspace(0, 0.01, 20))
    >>> axes.get_legend_handles_labels()[1]
    ['in the log', 'in truth', "winner's curse"]
    """
    instance("p", p, Parameters)
    nu = Array(not_negative, ndim=1)("noises", noises)
    step = noisy_step(p, 0, nu)
    with np.errstate(over="ignore"):
        x = nu / p.sigma0
    if not np.isfinite(x).all():
        raise refuse("noises", noises, "numbers of p's steps that can be drawn")
    axes = axes_for(axes, "Noise ν (units of σ₀)", f"Expected gain ({BPB})")
    axes.plot(x, step.logged_gain, color=colour(1), linestyle=DASHED, label="in the log")
    axes.plot(x, step.true_gain, color=colour(0), linestyle="-", label="in truth")
    axes.fill_between(
        x, step.true_gain, step.logged_gain, color=colour(1), alpha=0.15, linewidth=0,
        label="winner's curse",
    )  # fmt: skip
    axes.axhline(0, color=ink(), linewidth=0.8)
    axes.margins(x=0)  # also where there is one noise only
    return axes


@in_book_style
def plot_noisy_runs(runs: NoisySimulation, *, axes: Axes | None = None) -> Axes:
    """Draw the logged and the true metric of noisy runs, and one run of them.

    Parameters
    ----------
    runs : NoisySimulation
        The runs.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Means over all runs and one run, in bits per byte, against experiments.

    Raises
    ------
    ParameterError
        If `runs` is no NoisySimulation.

    Examples
    --------
    >>> from arbook.noise import simulate_noisy
    >>> runs = simulate_noisy(Parameters(0.004, 0.97), 50, 20, noise=0.003, seed=1)
    >>> plot_noisy_runs(runs).get_legend_handles_labels()[1]
    ['logged, mean', 'true, mean', 'one run']
    """
    instance("runs", runs, NoisySimulation)
    axes = axes_for(axes, "Experiments", f"Incumbent's metric ({BPB})")
    t = np.arange(runs.true.shape[1])
    axes.step(
        t, runs.logged[0], where="post", color=colour(1), linewidth=0.9, linestyle="-", alpha=0.7
    )
    axes.step(
        t, runs.true[0], where="post", color=colour(0), linewidth=0.9, linestyle="-", alpha=0.7
    )
    axes.plot(t, runs.logged.mean(axis=0), color=colour(1), linestyle=DASHED, label="logged, mean")
    axes.plot(t, runs.true.mean(axis=0), color=colour(0), linestyle="-", label="true, mean")
    axes.plot([], [], color=ink(), linewidth=0.9, linestyle="-", label="one run")
    axes.set_xlim(0, t[-1])
    return axes


@in_book_style
def plot_remedies(remedies: Mapping[str, NoisySimulation], *, axes: Axes | None = None) -> Axes:
    """Draw what remedies against noise gain for what they cost.

    Parameters
    ----------
    remedies : mapping of str to NoisySimulation
        One to five simulations by name, started from one baseline.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Mean true metric of the incumbent in bits per byte against measurements spent.

    Raises
    ------
    ParameterError
        If there are none or too many, or a value is no NoisySimulation.

    Examples
    --------
    >>> from arbook.noise import simulate_noisy
    >>> runs = simulate_noisy(Parameters(0.004, 0.97), 50, 20, noise=0.003, seed=1)
    >>> plot_remedies({"plain": runs}).get_xlabel()
    'Measurements'
    """
    chosen = mapping("remedies", remedies, NoisySimulation)
    axes = axes_for(axes, "Measurements", f"True metric, mean ({BPB})")
    for name, runs in chosen.items():
        spent = np.linspace(0, runs.measurements, runs.true.shape[1])
        axes.plot(spent, runs.true.mean(axis=0), label=name)
    axes.set_xlim(left=0)
    return axes
