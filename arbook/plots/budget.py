"""Figures of a night divided: what is seen, what a length brings, what a kill rule costs."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from arbook._numerics.ranges import (
    Array,
    Integer,
    count,
    instance,
    natural,
    not_negative,
    positive,
)
from arbook._numerics.validation import IntArray, refuse
from arbook.agents.budget import MOST_MACHINES, MOST_ROUNDS, budget_gain, simulate_budget
from arbook.agents.fidelity import Fidelity, carry_over
from arbook.agents.killing import kill_rule
from arbook.model.parameters import Parameters
from arbook.plots._style import BPB, DASHED, axes_for, colour, in_book_style, ink

_LENGTHS = Array(positive, ndim=1, least=2, increasing=True)
_MACHINES = Integer(1, MOST_MACHINES)

# Rounds at which a night is drawn, at most, and thresholds of a kill rule.
_ROUNDS, _POINTS = 60, 200
# No experiment is drawn that is shorter, in minutes.
_SHORTEST = 0.1


@in_book_style
def plot_carry_over(
    fidelity: Fidelity, minutes: ArrayLike, repeats: int = 1, *, axes: Axes | None = None
) -> Axes:
    """Draw what share of the variance of a measured change lasts, passes, and is noise.

    Parameters
    ----------
    fidelity : Fidelity
        Noise length, curve length and exponent.
    minutes : sequence of float
        Training of an experiment in minutes, rising, > 0.
    repeats : int, default 1
        Measurements of each variant, >= 1.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Three bands of shares, in per cent, against minutes on a logarithmic scale.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> axes = plot_carry_over(Fidelity(noise=1, curve=2), [0.5, 1, 2, 4, 8])
    >>> axes.get_legend_handles_labels()[1]
    ['lasts', 'passes', 'noise']
    """
    instance("fidelity", fidelity, Fidelity)
    tau, j = _LENGTHS("minutes", minutes), count("repeats", repeats)
    lasts = carry_over(fidelity, tau, j) ** 2
    passes = lasts * (fidelity.curve / tau) ** (2 * fidelity.exponent)
    axes = axes_for(axes, "Training of an experiment (minutes)", "Share of the variance (%)")
    edges = 100 * np.array([np.zeros(tau.size), lasts, lasts + passes, np.ones(tau.size)])
    names = "lasts", "passes", "noise"
    for i, (label, low, high) in enumerate(zip(names, edges, edges[1:], strict=False)):
        axes.fill_between(
            tau, low, high, color=colour(i), alpha=(0.55, 0.35, 0.2)[i], linewidth=0,
            hatch=("", "//", "..")[i], label=label,
        )  # fmt: skip
    axes.set_xscale("log")
    axes.set_xlim(tau[0], tau[-1])
    axes.set_ylim(0, 100)
    return axes


@in_book_style
def plot_budget(
    p: Parameters,
    fidelity: Fidelity,
    hours: float,
    machines: int = 1,
    overhead: float = 0.0,
    *,
    n_runs: int = 0,
    axes: Axes | None = None,
) -> Axes:
    """Draw what a night gains, against the length of its experiments.

    Parameters
    ----------
    p : Parameters
        The three parameters of changes that last.
    fidelity : Fidelity
        What short experiments hide.
    hours : float
        Length of the night, > 0.
    machines : int, default 1
        Machines: for that many agents, or for that many repeats of one agent's variants; in 1 ...
        1000.
    overhead : float, default 0.0
        Minutes that an experiment takes beside its training, >= 0.
    n_runs : int, default 0
        Simulated nights, >= 0, for each of five lengths; they are drawn as points with two standard
        errors.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Expected gain that lasts, in bits per byte, against minutes on a logarithmic scale.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> axes = plot_budget(Parameters(0.01, 0.97), Fidelity(noise=1), 8, machines=4, overhead=1)
    >>> axes.get_legend_handles_labels()[1]
    ['4 agents', '1 agent, 4 repeats']
    """
    instance("p", p, Parameters)
    instance("fidelity", fidelity, Fidelity)
    night, k = 60 * positive("hours", hours), _MACHINES("machines", machines)
    extra, n_runs = not_negative("overhead", overhead), natural("n_runs", n_runs)
    if night <= extra + _SHORTEST:
        raise refuse("hours", hours, f"more than one overhead of {extra:g} minutes")
    rounds = _rounds(night, extra)
    axes = axes_for(axes, "Training of an experiment (minutes)", f"Expected gain ({BPB})")
    ways = {"1 agent": (1, 1)}
    if k > 1:
        ways = {f"{k} agents": (k, 1), f"1 agent, {k} repeats": (1, k)}
    for i, (label, (agents, repeats)) in enumerate(ways.items()):
        tau = night / rounds - extra
        gain = [
            budget_gain(p, fidelity, x, int(r), agents, repeats)
            for x, r in zip(tau, rounds, strict=True)
        ]
        style = DASHED if i else "-"
        axes.plot(tau, gain, color=colour(i), linestyle=style, label=label)
        best = int(np.argmax(gain))
        axes.plot(tau[best], gain[best], "o", color=colour(i))
        if not n_runs:
            continue
        some = rounds[np.linspace(0, rounds.size - 1, 7).astype(int)[1:-1]]
        runs = [
            simulate_budget(
                p, fidelity, night / r - extra, int(r), agents, repeats, n_runs=n_runs, seed=1
            )
            for r in some
        ]
        axes.errorbar(
            night / some - extra,
            [run.mean() for run in runs],
            [2 * run.std() / np.sqrt(n_runs) for run in runs],
            fmt="s",
            color=ink(),
            markersize=3.5,
            elinewidth=1,
            label="" if i else f"{n_runs:,} simulated nights, ± 2 standard errors",
        )
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    return axes


@in_book_style
def plot_kill_rule(
    correlation: float,
    fraction: float,
    skill: float = 0.0,
    elasticity: float = 1.0,
    *,
    axes: Axes | None = None,
) -> Axes:
    """Draw what a kill rule leaves, against the share of the experiments that it kills.

    Parameters
    ----------
    correlation : float
        Correlation of the early gain with the one believed at the end, in [0, 1).
    fraction : float
        Part of an experiment's time after which it is looked at, in (0, 1).
    skill : float, default 0.0
        Mean of the gain that is believed at the end in standard deviations, in [-5, 5].
    elasticity : float, default 1.0
        By how many per cent one per cent more decisions raise the gain, in (0, 1].
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Gain of an experiment, its time, and the gain of a night, in per cent of those without the
        rule, against the share that is killed, in per cent.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> axes = plot_kill_rule(0.8, 0.25)
    >>> axes.get_legend_handles_labels()[1]
    ['gain left', 'time left', 'gain of a night']
    """
    rules = [kill_rule(correlation, fraction, h, skill) for h in np.linspace(-3.0, 2.0, _POINTS)]
    worth = [100 * rule.worth(elasticity) for rule in rules]
    killed = [100 * rule.killed for rule in rules]
    axes = axes_for(axes, "Experiments killed early (%)", "Share of that without the rule (%)")
    axes.plot(killed, [100 * rule.gain for rule in rules], label="gain left")
    axes.plot(killed, [100 * rule.time for rule in rules], linestyle=DASHED, label="time left")
    axes.plot(killed, worth, color=colour(2), linestyle="-.", label="gain of a night")
    best = int(np.argmax(worth))
    axes.plot(killed[best], worth[best], "o", color=colour(2))
    axes.axhline(100, color=ink(), linewidth=0.8)
    axes.set_xlim(0, 100)
    axes.set_ylim(bottom=0)
    return axes


def _rounds(night: float, overhead: float) -> IntArray:
    """Return numbers of rounds, the fewest last, whose experiments are not too short."""
    most = max(min(night / (overhead + _SHORTEST), MOST_ROUNDS), 1)
    return np.unique(np.geomspace(most, 1, _ROUNDS).astype(int))[::-1]
