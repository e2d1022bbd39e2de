r"""Noise: a measurement is the true metric plus an error, and the frontier collects lucky errors.

A measurement of a configuration is :math:`y = f + \nu\eta` with a standard normal
:math:`\eta`. The update rule sees only y, so it keeps some variants that are worse, discards some
that are better, and the logged frontier is below the true one: the winner's curse.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arbook._check import (
    FloatArray,
    broadcast,
    count,
    flag,
    generator,
    instance,
    number,
    numbers,
    refuse,
)
from arbook._memory import check_size
from arbook._normal import cdf, pdf
from arbook.model import Parameters, step_size
from arbook.theory import LONGEST_RUN

# Bytes for each experiment of a run, and for each run.
_BYTES_AN_EXPERIMENT = 17
_BYTES_A_RUN = 100


@dataclass(frozen=True, eq=False)
class NoisyStep:
    r"""What one noisy decision does on average.

    Parameters
    ----------
    keep_probability : float or ndarray
        Probability that the variant is kept.
    true_gain : float or ndarray
        Expected true improvement, in bits per byte; negative where noise makes the loop drift.
    logged_gain : float or ndarray
        Expected improvement in the log, in bits per byte.

    See Also
    --------
    noisy_step : Makes it.

    Examples
    --------
    >>> step = noisy_step(Parameters(0.004, 0.97), 0, noise=[0.0, 0.003])
    >>> step.curse.round(6)
    array([0.      , 0.001232])
    """

    keep_probability: Any
    true_gain: Any
    logged_gain: Any

    @property
    def curse(self) -> Any:
        """Winner's curse, the logged improvement minus the true one, in bits per byte."""
        return self.logged_gain - self.true_gain


def noisy_step(
    p: Parameters, t: ArrayLike, noise: ArrayLike, *, threshold: float = 0.0, known: bool = False
) -> NoisyStep:
    r"""Return what one noisy decision does on average, exactly.

    Law: Winner's curse. The logged difference is :math:`D \sim \mathcal N(\mu, S^2)` with
    :math:`S^2 = \sigma_t^2 + 2\nu^2`, and the variant is kept when :math:`D < -h`. With
    :math:`z = (-h-\mu)/S`,

    .. math:: \mathbb E[\text{logged gain}] = -\mu\,\Phi(z) + S\,\varphi(z), \qquad
       \mathbb E[\text{true gain}] = -\mu\,\Phi(z) + \frac{\sigma_t^2}{S}\,\varphi(z),

    and the curse is the difference :math:`(2\nu^2/S)\,\varphi(z)`.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    t : int or array of int
        Experiments, counted from 0.
    noise : float or array of float
        Standard deviation :math:`\nu` of one measurement, in bits per byte, >= 0.
    threshold : float, default 0.0
        Margin h >= 0 by which a variant must beat the incumbent's logged value.
    known : bool, default False
        True if the incumbent's metric is known without error, for instance from many
        measurements; then :math:`S^2 = \sigma_t^2 + \nu^2` and the curse is half as strong in
        :math:`\nu^2`.

    Returns
    -------
    NoisyStep
        Keep probability, true and logged gain, of the common shape of `t` and `noise`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    Given D, the true change has the mean :math:`\mu + (\sigma_t^2/S^2)(D - \mu)`: it regresses
    towards :math:`\mu` [1]_. Exact for a first experiment, whose incumbent was measured once and
    not selected.

    References
    ----------
    .. [1] R. H. Thaler, "Anomalies: the winner's curse", Journal of Economic Perspectives 2,
       191-202, 1988.

    Examples
    --------
    >>> step = noisy_step(Parameters(0.004, 0.97), 0, noise=0.003)
    >>> round(float(step.logged_gain), 6), round(float(step.true_gain), 6)
    (0.002326, 0.001095)
    """
    nu, h = _noise(noise), _threshold(threshold)
    sigma, nu = broadcast(("t", np.asarray(step_size(p, t))), ("noise", nu))
    errors = (1.0 if flag("known", known) else 2.0) * nu**2
    spread = np.sqrt(sigma**2 + errors)
    z = (-h - p.mu) / spread
    probability, density = cdf(z), pdf(z)
    return NoisyStep(
        keep_probability=np.asarray(probability)[()],
        true_gain=np.asarray(-p.mu * probability + sigma**2 / spread * density)[()],
        logged_gain=np.asarray(-p.mu * probability + spread * density)[()],
    )


def best_threshold(p: Parameters, t: ArrayLike, noise: ArrayLike, *, known: bool = False) -> Any:
    r"""Return the margin that makes the true gain of one decision largest.

    Law: Best threshold. :math:`h = \max(0, \mu\,(S^2 - \sigma_t^2)/\sigma_t^2)`: demand more when
    changes harm on average and noise is large.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    t : int or array of int
        Experiments, counted from 0.
    noise : float or array of float
        Standard deviation of one measurement, in bits per byte, >= 0.
    known : bool, default False
        As for `noisy_step`.

    Returns
    -------
    float or ndarray
        Margins in bits per byte, of the common shape of `t` and `noise`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    Keep exactly when the true change, given the log, is expected to be negative:
    :math:`\mu + (\sigma_t^2/S^2)(D-\mu) < 0`. The Ladder of [1]_ uses a fixed margin to that end.

    References
    ----------
    .. [1] A. Blum and M. Hardt, "The Ladder: a reliable leaderboard for machine learning
       competitions", ICML 2015.

    Examples
    --------
    >>> p = Parameters(0.004, 1.0, 0.001, extended=True)
    >>> round(float(best_threshold(p, 0, 0.003)), 6)
    0.001125
    """
    sigma, nu = broadcast(("t", np.asarray(step_size(p, t))), ("noise", _noise(noise)))
    return np.maximum(p.mu * (1.0 if flag("known", known) else 2.0) * (nu / sigma) ** 2, 0.0)[()]


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
    measurements : int
        Measurements that N experiments took, the baseline's not counted.

    See Also
    --------
    simulate_noisy : Makes it.

    Examples
    --------
    >>> runs = simulate_noisy(Parameters(0.004, 0.97), 50, 20, noise=0.003, repeats=4, seed=1)
    >>> runs.measurements, runs.curse.shape
    (200, (20,))
    """

    true: FloatArray
    logged: FloatArray
    kept: NDArray[np.bool_]
    measurements: int

    @property
    def curse(self) -> FloatArray:
        """Winner's curse of each run at its end, true minus logged metric, in bits per byte."""
        return np.asarray(self.true[:, -1] - self.logged[:, -1])


def simulate_noisy(
    p: Parameters,
    n_experiments: int,
    n_runs: int = 1,
    *,
    noise: float,
    threshold: float = 0.0,
    repeats: int = 1,
    remeasure: bool = False,
    f0: float = 1.0,
    seed: int | np.random.Generator | None = None,
) -> NoisySimulation:
    r"""Simulate runs of the perturbation model whose measurements are noisy.

    Parameters
    ----------
    p : Parameters
        The three parameters, of the true changes.
    n_experiments : int
        Number of experiments N, from 1 to `arbook.theory.LONGEST_RUN`; each proposes one variant.
    n_runs : int, default 1
        Number of runs.
    noise : float
        Standard deviation :math:`\nu` of one measurement, in bits per byte, >= 0.
    threshold : float, default 0.0
        Margin h >= 0 by which a variant must beat the incumbent's logged value.
    repeats : int, default 1
        Measurements of each variant, averaged: the noise falls by their square root.
    remeasure : bool, default False
        Measure the incumbent anew in every experiment and compare with that, instead of with the
        value that got it kept. Takes as many measurements again.
    f0 : float, default 1.0
        True metric of the baseline, in bits per byte.
    seed : int, numpy.random.Generator or None
        Same seed, same runs.

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
    n, n_runs = count("n_experiments", n_experiments, most=LONGEST_RUN), count("n_runs", n_runs)
    repeats, h = count("repeats", repeats, most=np.iinfo(np.int64).max), _threshold(threshold)
    nu = number("noise", noise, "a finite number >= 0")
    if nu < 0:
        raise refuse("noise", noise, "a finite number >= 0")
    remeasure = flag("remeasure", remeasure)
    nu, f0 = nu / math.sqrt(repeats), number("f0", f0)
    rng = generator(seed)

    check_size("n_experiments", n, 5 * _BYTES_AN_EXPERIMENT)
    check_size("n_runs", n_runs, n * _BYTES_AN_EXPERIMENT + _BYTES_A_RUN)
    true, logged = np.empty((n_runs, n + 1)), np.empty((n_runs, n + 1))
    kept = np.empty((n_runs, n), dtype=bool)
    true[:, 0] = f0
    logged[:, 0] = f0 + nu * rng.standard_normal(n_runs)
    for t, sigma in enumerate(step_size(p, np.arange(n))):
        before, believed = true[:, t], logged[:, t]
        if remeasure:
            believed = before + nu * rng.standard_normal(n_runs)
        variant = before + p.mu + sigma * rng.standard_normal(n_runs)
        measured = variant + nu * rng.standard_normal(n_runs)
        kept[:, t] = measured < believed - h
        true[:, t + 1] = np.where(kept[:, t], variant, before)
        logged[:, t + 1] = np.where(kept[:, t], measured, believed)
    return NoisySimulation(true, logged, kept, n * repeats * (2 if remeasure else 1))


def _noise(value: ArrayLike) -> FloatArray:
    allowed = "a finite number >= 0, or an array of such numbers"
    nu = numbers("noise", value, allowed)
    if (nu < 0).any():
        raise refuse("noise", float(nu[nu < 0].flat[0]), allowed)
    return nu


def _threshold(value: float) -> float:
    h = number("threshold", value, "a finite number >= 0")
    if h < 0:
        raise refuse("threshold", value, "a finite number >= 0")
    return h
