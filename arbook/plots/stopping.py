"""Figures of stopping: where a loop ceases to pay, and what patience gives away."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from arbook._numerics.ranges import Array, Integer, OrNone, instance
from arbook.model.laws import expected_improvement
from arbook.model.parameters import Parameters
from arbook.model.simulation import Simulation
from arbook.model.stopping import (
    LONGEST_PATIENT,
    MOST_PATIENCE,
    patience_gain,
    patience_stop,
    stopping_time,
)
from arbook.plots._style import BPB, DASHED, axes_for, colour, experiments, in_book_style, ink
from arbook.runs.patience import PatienceSurvey
from arbook.runs.stopping import Stop

_PATIENCES = Array(Integer(1, MOST_PATIENCE), ndim=1, increasing=True)
_LENGTH = Integer(1, LONGEST_PATIENT)


@in_book_style
def plot_stopping_time(p: Parameters, n: int, cost: float, *, axes: Axes | None = None) -> Axes:
    """Draw what each experiment is expected to gain, what it costs, and where to stop.

    Parameters
    ----------
    p : Parameters
        The three parameters, without a price of boldness.
    n : int
        Number of experiments, in 2 ... 1000000.
    cost : float
        Price of an experiment in units of the metric, > 0.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Expected improvement and price in bits per byte against the experiment; the area between
        them up to the stopping time is the profit.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> axes = plot_stopping_time(Parameters(0.01, 0.97), 100, 0.0005)
    >>> axes.get_legend_handles_labels()[1]
    ['expected improvement', 'price of an experiment', 'profit, until 69 experiments']
    """
    t, best = experiments("n", n, least=2), stopping_time(p, cost)
    gain, cost = expected_improvement(p, t), float(cost)
    axes = axes_for(axes, "Experiment t", f"Gain by an experiment ({BPB})")
    axes.plot(t, gain, label="expected improvement")
    axes.axhline(cost, color=colour(1), linestyle=DASHED, label="price of an experiment")
    until = f", until {best:.0f} experiments" if np.isfinite(best) else ""
    axes.fill_between(
        t, cost, gain, where=list(t <= best), color=colour(0), alpha=0.2, linewidth=0,
        label=f"profit{until}",
    )  # fmt: skip
    axes.set_xlim(0, t[-1])
    axes.set_ylim(bottom=0)
    return axes


@in_book_style
def plot_patience(
    p: Parameters,
    n: int,
    patience: ArrayLike,
    simulation: Simulation | None = None,
    *,
    axes: Axes | None = None,
) -> Axes:
    """Draw what share of the gain of n experiments is given away by patience.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    n : int
        Number of experiments, in 1 ... `arbook.model.stopping.LONGEST_PATIENT`.
    patience : sequence of int
        Failures in a row that stop the run, rising, in 1 ... `arbook.model.stopping.MOST_PATIENCE`.
    simulation : Simulation, optional
        Simulated runs of n experiments or more, drawn as points with two standard errors.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Share of the expected gain given away, in per cent, against patience.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> axes = plot_patience(Parameters(0.01, 0.97), 100, range(1, 21))
    >>> axes.get_ylabel()
    'Gain given away (%)'
    """
    instance("p", p, Parameters)
    n, ks = _LENGTH("n", n), _PATIENCES("patience", patience)
    if simulation is not None:
        instance("simulation", simulation, Simulation)
    axes = axes_for(
        axes, "Failures in a row that stop the run (experiments)", "Gain given away (%)"
    )
    whole = float(expected_improvement(p, np.arange(n)).sum())
    away = [100 * (1 - float(patience_gain(p, n, int(k))) / whole) for k in ks]
    axes.plot(ks, away, label="law")
    if simulation is not None:
        seen = min(n, simulation.n_experiments)
        runs = np.arange(simulation.n_runs)
        gain = simulation.frontier[:, :1] - simulation.frontier
        stops = [patience_stop(simulation.kept[:, :seen], int(k)) for k in ks]
        shares = [
            100 * (1 - gain[runs, np.minimum(s, seen).astype(np.intp)] / whole) for s in stops
        ]
        axes.errorbar(
            ks,
            [share.mean() for share in shares],
            [2 * share.std() / np.sqrt(share.size) for share in shares],
            fmt="o",
            color=ink(),
            markersize=3.5,
            elinewidth=1,
            label=f"{simulation.n_runs:,} simulated runs, ± 2 standard errors",
        )
    axes.set_ylim(0, 100)
    return axes


@in_book_style
def plot_patience_survey(survey: PatienceSurvey, *, axes: Axes | None = None) -> Axes:
    """Draw where patience would have stopped runs, and what came afterwards.

    Parameters
    ----------
    survey : PatienceSurvey
        From `arbook.logs.patience_survey`.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Medians over runs, in per cent, with 95 % intervals, against patience.

    Raises
    ------
    ParameterError
        If `survey` is no PatienceSurvey.

    Examples
    --------
    >>> from arbook import logs
    >>> axes = plot_patience_survey(logs.patience_survey(patience=[3, 10]))
    >>> axes.get_legend_handles_labels()[1]
    ['experiments made', 'gain to come', 'runs that improved again']
    """
    instance("survey", survey, PatienceSurvey)
    axes = axes_for(
        axes, "Failures in a row that stop the run (experiments)", "Share of the run or of runs (%)"
    )
    rows = {
        "experiments made": survey.position,
        "gain to come": survey.to_come,
        "runs that improved again": survey.again,
    }
    for i, (label, row) in enumerate(rows.items()):
        middle, low, high = 100 * row.T
        axes.errorbar(
            survey.patience * 1.04 ** (i - 1),  # side by side
            middle,
            [middle - low, high - middle],
            fmt="os^"[i] + "-",
            color=colour(i),
            markersize=4,
            elinewidth=1,
            label=label,
        )
    axes.set_xscale("log")
    axes.set_xticks(survey.patience, [f"{k}" for k in survey.patience])
    axes.minorticks_off()
    axes.set_ylim(0, 103)
    return axes


@in_book_style
def plot_stop(stop: Stop, n: int | None = None, *, axes: Axes | None = None) -> Axes:
    """Draw the profit of going on, against the number of further experiments.

    Parameters
    ----------
    stop : Stop
        From `arbook.logs.stop`.
    n : int, optional
        Number of experiments up to which it is drawn, >= 1; the forecast's if not given.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Mean profit in the money of `stop.cost`, the band that holds 80 % of the continuations, and
        a mark at the best fixed number, if there is one.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> from arbook import logs
    >>> said = logs.stop(logs.load_run("h100-mar8"), cost=0.5, value=2e4)
    >>> plot_stop(said).get_xlabel()
    'Experiments from now on'
    """
    made = instance("stop", stop, Stop).forecast
    last = OrNone(Integer(1))("n", n) or made.n_experiments
    axes = axes_for(axes, "Experiments from now on", "Profit (money)")
    shown = made.at <= max(last, int(made.at[0]))
    at = np.concatenate([[0], made.at[shown]])
    profit = stop.value * made.path[:, shown] - stop.cost * made.at[shown]
    mean, *ends = np.column_stack(
        [np.zeros(3), [profit.mean(axis=0), *np.quantile(profit, [0.1, 0.9], axis=0)]]
    )
    axes.plot(at, mean, color=colour(0), linestyle="-", label="expected")
    axes.fill_between(at, *ends, color=colour(0), alpha=0.2, linewidth=0, label="80 %")
    axes.axhline(0, color=ink(), linewidth=0.8)
    if 0 < stop.n <= at[-1]:
        axes.plot(stop.n, stop.profit, "o", color=colour(1), label=f"best: {stop.n} experiments")
    axes.set_xlim(0, at[-1])
    return axes
