"""Figures of overfitting: the luck of a run, its bound, and runs with a sealed test."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from arbook._numerics.ranges import Integer, OrNone, instance, positive
from arbook._numerics.validation import refuse
from arbook.model.best_of import expected_best_improvement
from arbook.model.parameters import Parameters
from arbook.noise.overfitting import LONGEST_FOLLOWED, expected_noisy_gain, luck_bound
from arbook.noise.simulation import NoisySimulation
from arbook.plots._style import BPB, DASHED, axes_for, colour, in_book_style, ink
from arbook.runs.sealed_runs import SealedRun

_DECISIONS = Integer(1, LONGEST_FOLLOWED)

# So many points with error bars.
_POINTS = 8

# So far below zero the largest of some normals is that of their positive parts.
_FAR = 40.0


@in_book_style
def plot_noisy_gain(
    p: Parameters,
    n: int,
    noise: float,
    simulation: NoisySimulation | None = None,
    *,
    axes: Axes | None = None,
) -> Axes:
    r"""Draw what a run of noisy decisions gains in its log and in truth.

    Parameters
    ----------
    p : Parameters
        The three parameters, of the true changes.
    n : int
        Number of decisions, in 1 ... `arbook.noise.LONGEST_FOLLOWED`.
    noise : float
        Standard deviation of one measurement, in bits per byte, > 0.
    simulation : NoisySimulation, optional
        Simulated runs of n decisions or more, drawn as points with two standard errors.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Expected gains in bits per byte against the number of decisions; the shaded part between
        them is the incumbent's luck.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> axes = plot_noisy_gain(Parameters(0.004, 0.97), 20, 0.004)
    >>> axes.get_legend_handles_labels()[1]
    ['in the log', 'in truth', 'luck']
    """
    n, noise = _DECISIONS("n", n), positive("noise", noise)
    if simulation is not None:
        instance("simulation", simulation, NoisySimulation)
    made = np.arange(n + 1)
    gain = expected_noisy_gain(p, made, noise)
    axes = axes_for(axes, "Decisions (experiments)", f"Expected gain ({BPB})")
    axes.plot(made, gain.logged, color=colour(1), linestyle=DASHED, label="in the log")
    axes.plot(made, gain.true, color=colour(0), linestyle="-", label="in truth")
    axes.fill_between(
        made, gain.true, gain.logged, color=colour(1), alpha=0.15, linewidth=0, label="luck"
    )
    if simulation is not None:
        last = min(n, simulation.true.shape[1] - 1)
        at = np.unique(np.linspace(1, last, _POINTS).round().astype(np.intp))
        for i, rows in enumerate((simulation.logged, simulation.true)):
            seen = simulation.true[:, :1] - rows[:, at]
            axes.errorbar(
                at,
                seen.mean(axis=0),
                2 * seen.std(axis=0) / np.sqrt(len(seen)),
                fmt="os"[i],
                color=ink(),
                markersize=3.5,
                elinewidth=1,
                label="" if i else f"{len(seen):,} simulated runs, ± 2 standard errors",
            )
    axes.set_xlim(0, n)
    return axes


@in_book_style
def plot_luck_bound(n: int, keeps: int | None = None, *, axes: Axes | None = None) -> Axes:
    r"""Draw what luck can be had of a validation set, against the number of decisions.

    Parameters
    ----------
    n : int
        Number of decisions, in 1 ... `arbook.noise.LONGEST_FOLLOWED`.
    keeps : int, optional
        Most keeps of these, >= 0, for one more bound.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        In units of the noise: the bound, an agent that is bent on luck, and the luck that the plain
        loop has where no change has any effect.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> axes = plot_luck_bound(100, keeps=20)
    >>> axes.get_legend_handles_labels()[1]
    ['bound, one bit a decision', 'bound, at most 20 keeps', 'bent on luck', 'plain loop']
    """
    n = _DECISIONS("n", n)
    keeps = OrNone(Integer(0))("keeps", keeps)
    made = np.arange(n + 1)
    axes = axes_for(axes, "Decisions (experiments)", "Luck (units of the noise ν)")
    bound = [luck_bound(int(i), 1.0) for i in made]
    axes.plot(made, bound, color=colour(1), linestyle=DASHED, label="bound, one bit a decision")
    if keeps is not None:
        axes.plot(
            made,
            [luck_bound(int(i), 1.0, keeps) for i in made],
            color=colour(3),
            linestyle=(0, (1, 1.2)),
            label=f"bound, at most {keeps} keeps",
        )
    axes.plot(made, np.sqrt(2 * made / np.pi), color=colour(2), label="bent on luck")
    plain = expected_best_improvement(Parameters(1.0, 0.5, -_FAR), 0, made + 1) - _FAR
    axes.plot(made, plain, color=colour(0), linestyle="-", label="plain loop")
    axes.set_xlim(0, n)
    axes.set_ylim(bottom=0)
    return axes


@in_book_style
def plot_sealed_runs(runs: Sequence[SealedRun], *, axes: Axes | None = None) -> Axes:
    """Draw what sealed tests confirm of the gains that runs saw.

    Parameters
    ----------
    runs : sequence of SealedRun
        From `arbook.logs.sealed_runs`, at least one.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Gain on the tests of the same and of the next year against the gain that was seen, in the
        area under the curve; the line is where both are equal.

    Raises
    ------
    ParameterError
        If `runs` is no sequence of SealedRun, or has none.

    Examples
    --------
    >>> from arbook import logs
    >>> axes = plot_sealed_runs(logs.sealed_runs())
    >>> axes.get_legend_handles_labels()[1]
    ['test of the same year', 'test of the next year', 'as seen']
    """
    try:
        found = list(runs)
    except Exception:  # no sequence, or one that raises what it likes
        found = []
    if not found or not all(isinstance(run, SealedRun) for run in found):
        raise refuse("runs", runs, "a sequence of SealedRun, at least one")
    seen = np.array([run.seen[-1] - run.seen[0] for run in found])
    share = np.array([run.shares for run in found])
    axes = axes_for(axes, "Gain seen (area under the curve)", "Gain on a sealed test (the same)")
    for i, label in enumerate(("test of the same year", "test of the next year")):
        axes.plot(seen, share[:, i] * seen, "os"[i], color=colour(i), markersize=5, label=label)
    end = 1.05 * float(seen.max())
    axes.plot([0, end], [0, end], color=ink(), linewidth=0.8, label="as seen")
    axes.set_xlim(0, end)
    return axes
