"""Whole runs whose measurements are noisy: the logged line and the true one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arbook._numerics.memory import check_size
from arbook._numerics.ranges import Integer, count, flag, instance, natural, not_negative, number
from arbook._numerics.seeds import Seed, generator
from arbook._numerics.validation import FloatArray
from arbook.model.judges import Decision, KeepRule, a_rule
from arbook.model.laws import run_length
from arbook.model.parameters import Parameters, bias, step_size
from arbook.noise.keep_rules import PLAIN

# Bytes for each experiment of a run, and for each run.
_BYTES_AN_EXPERIMENT = 25
_BYTES_A_RUN = 100


@dataclass(frozen=True, eq=False)
class NoisySimulation:
    r"""Runs whose decisions saw noisy measurements, one a row.

    Parameters
    ----------
    true : ndarray, shape (n_runs, N + 1)
        True metric of the incumbent, in bits per byte. It can rise.
    logged : ndarray, shape (n_runs, N + 1)
        The incumbent's logged metric, in bits per byte: what the loop believes.
    kept : ndarray of bool, shape (n_runs, N)
        True where the variant was kept.
    spent : ndarray of int, shape (n_runs, N + 1)
        Measurements that were spent, the baseline's not counted.

    See Also
    --------
    simulate_noisy : Makes it.

    Examples
    --------
    >>> runs = simulate_noisy(Parameters(0.004, 0.97), 50, 20, noise=0.003, repeats=4, seed=1)
    >>> runs.measurements, runs.curse.shape
    (200.0, (20,))
    """

    true: FloatArray
    logged: FloatArray
    kept: NDArray[np.bool_]
    spent: NDArray[np.int64]

    @property
    def curse(self) -> FloatArray:
        """Winner's curse of each run at its end, true minus logged metric, in bits per byte."""
        return np.asarray(self.true[:, -1] - self.logged[:, -1])

    @property
    def measurements(self) -> float:
        """Mean number of measurements that a run took."""
        return float(self.spent[:, -1].mean())

    def after(self, measurements: int) -> FloatArray:
        """Return the true metric of each run once so many measurements were spent.

        An experiment counts when its last measurement is paid for.

        Examples
        --------
        >>> runs = simulate_noisy(Parameters(0.004, 0.97), 9, 2, noise=0.003, repeats=4, seed=1)
        >>> bool((runs.after(11) == runs.true[:, 2]).all())
        True
        """
        last = (self.spent <= natural("measurements", measurements)).sum(axis=1) - 1
        return np.asarray(self.true[np.arange(last.size), last])


def simulate_noisy(
    p: Parameters,
    n_experiments: int,
    n_runs: int = 1,
    *,
    noise: float,
    keep_rule: KeepRule = PLAIN,
    repeats: int = 1,
    remeasure: bool = False,
    f0: float = 1.0,
    seed: Seed = None,
) -> NoisySimulation:
    r"""Simulate runs of the perturbation model whose measurements are noisy.

    Parameters
    ----------
    p : Parameters
        The three parameters, of the true changes.
    n_experiments : int
        Number of experiments N, in 1 ... `arbook.model.laws.LONGEST_RUN`;
        each proposes one variant.
    n_runs : int, default 1
        Number of runs, >= 1.
    noise : float
        Standard deviation :math:`\nu` of one measurement, in bits per byte, >= 0.
    keep_rule : KeepRule, default Margin(0.0)
        What decides: `Margin`, `Ladder`, `Confirm`, `PosteriorMean`, `LearntMean`, or an object
        with the same method. It sees measurements only.
    repeats : int, default 1
        Measurements of which each value that the rule sees is the mean, >= 1: the noise falls by
        their square root.
    remeasure : bool, default False
        Measure the incumbent anew before every experiment. A rule that compares logged values
        takes the fresh one in place of the value that got the incumbent kept. Takes as many
        measurements again.
    f0 : float, default 1.0
        True metric of the baseline, in bits per byte.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.

    Returns
    -------
    NoisySimulation
        True and logged metrics, decisions, and the number of measurements.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the runs do not fit in memory.

    Examples
    --------
    >>> runs = simulate_noisy(Parameters(0.004, 0.97), 100, 2000, noise=0.003, seed=1)
    >>> bool(runs.curse.mean() > 0.002)
    True
    """
    instance("p", p, Parameters)
    n, n_runs = run_length("n_experiments", n_experiments), count("n_runs", n_runs)
    repeats = Integer(1, np.iinfo(np.int64).max // n)("repeats", repeats)
    nu, remeasure = not_negative("noise", noise), flag("remeasure", remeasure)
    nu, f0 = nu / math.sqrt(repeats), number("f0", f0)
    keep_rule = a_rule("keep_rule", keep_rule)
    rng = generator(seed)

    check_size("n_experiments", n, 5 * _BYTES_AN_EXPERIMENT)
    check_size("n_runs", n_runs, n * _BYTES_AN_EXPERIMENT + _BYTES_A_RUN)
    true, logged = np.empty((n_runs, n + 1)), np.empty((n_runs, n + 1))
    kept = np.empty((n_runs, n), dtype=bool)
    spent = np.zeros((n_runs, n + 1), dtype=np.int64)
    true[:, 0] = f0
    logged[:, 0] = f0 + nu * rng.standard_normal(n_runs)
    judge = keep_rule.start(logged[:, 0])
    t_all = np.arange(n)
    for t, (sigma, mean) in enumerate(zip(step_size(p, t_all), bias(p, t_all), strict=True)):
        before, cost = true[:, t], np.zeros(n_runs, dtype=np.int64)
        if remeasure:
            judge.refresh(before + nu * rng.standard_normal(n_runs))
            cost += 1
        variant = before + mean + sigma * rng.standard_normal(n_runs)
        asked, keeps = np.ones(n_runs, dtype=bool), np.zeros(n_runs, dtype=bool)
        while asked.any():
            y = np.where(asked, variant + nu * rng.standard_normal(n_runs), np.nan)
            decided = judge.decide(t, y)
            cost += asked
            keeps |= decided == Decision.KEEP
            asked = decided == Decision.AGAIN
        kept[:, t] = keeps
        true[:, t + 1] = np.where(keeps, variant, before)
        logged[:, t + 1] = judge.incumbent
        spent[:, t + 1] = spent[:, t] + repeats * cost
    return NoisySimulation(true, logged, kept, spent)
