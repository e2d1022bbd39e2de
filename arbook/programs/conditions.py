r"""Conditions that the stated model leaves out: a price of boldness, crashes, a floor.

With them experiment t crashes with a probability :math:`q_t` (it is spent, and the incumbent
stays), and the frontier cannot pass below a floor. So after n experiments the frontier is
:math:`f_0 - \min(f_0 - \text{floor},\, S_n)` with :math:`S_n = \sum_{t<n} C_t I_t`, where
:math:`C_t` is 0 for a crash and 1 otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from arbook._numerics.memory import check_size
from arbook._numerics.normal import CERTAIN, positive_part, positive_part_variance, ratio
from arbook._numerics.ranges import (
    Array,
    Integer,
    Real,
    count,
    instance,
    not_negative,
    number,
    positive,
    unit_interval,
)
from arbook._numerics.seeds import Seed, child, generator, seed_sequence
from arbook._numerics.validation import FloatArray, function, refuse
from arbook.model.laws import run_length
from arbook.model.parameters import Parameters, bias, step_size
from arbook.model.simulation import _BYTES_KEPT, simulate

#: Maps an array of step sizes to probabilities of a crash.
CrashRate = Callable[[FloatArray], Any]

#: Longest run whose moments under a floor are made (each experiment takes about a millisecond).
LONGEST_FLOORED = 50_000

#: Lattice points between the baseline and the floor.
POINTS = 2048

_CRASH = Real(0, 1, note="or a function of step sizes")

# Bytes for each experiment of a run, and what to do where runs do not fit.
_BYTES_AN_EXPERIMENT = _BYTES_KEPT + 17
_NO_RUNS = "gain_area_moments needs no runs"

# A floor so many standard deviations below the expected end of the run is not met.
_OUT_OF_REACH = 12.0

# The child of a seed that says which experiments crash. The runs' own children count from 0.
_CRASHES = 2**32 - 1


@dataclass(frozen=True)
class Conditions:
    r"""Under what conditions a program works.

    Parameters
    ----------
    price : float, default 0.0
        Price of boldness c >= 0, in 1 / (bits per byte), added to the program's own: every step
        adds :math:`c\,\sigma_t^2` to the bias of its experiment.
    crash : float or callable, default 0.0
        Probability that an experiment crashes, in [0, 1]; or a function that maps an array of
        step sizes to such probabilities, such as `bold_crashes`.
    floor : float, default -inf
        What the frontier cannot pass, in bits per byte; below `f0`.
    f0 : float, default 1.0
        Metric of the baseline, in bits per byte.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> round(Conditions(crash=0.1, floor=0.9).room, 6)
    0.1
    """

    price: float = 0.0
    crash: float | CrashRate = 0.0
    floor: float = -math.inf
    f0: float = 1.0

    def __post_init__(self) -> None:
        not_negative("price", self.price)
        if callable(self.crash):
            function("crash", self.crash, "sigma", allowed=_CRASH.words)
        else:
            _CRASH("crash", self.crash)
        f0 = number("f0", self.f0)
        if not (isinstance(self.floor, float) and self.floor == -math.inf):
            Real(high=f0, ends=")", note="f0; or -inf")("floor", self.floor)

    @property
    def room(self) -> float:
        """How far the frontier can fall, in bits per byte."""
        return self.f0 - self.floor

    def parameters(self, p: Parameters) -> Parameters:
        """Return the parameters with the price of boldness added to their own."""
        instance("p", p, Parameters)
        return replace(p, price=p.price + self.price)

    def crash_probabilities(self, sigma: FloatArray) -> FloatArray:
        """Return the probability of a crash at each step size."""
        if not callable(self.crash):
            return np.full(sigma.shape, float(self.crash))
        allowed = "one number in [0, 1] for each step size"
        q = Array(unit_interval, text=allowed)("crash(sigma)", self.crash(sigma))
        if q.shape != sigma.shape:
            raise refuse("crash(sigma)", q, allowed)
        return q


#: Nothing but the stated model.
STATED = Conditions()


def bold_crashes(kappa: float) -> CrashRate:
    r"""Return a crash rate that grows with boldness, :math:`q = 1 - e^{-\sigma/\kappa}`.

    Parameters
    ----------
    kappa : float
        Step size at which :math:`1 - 1/e = 63\,\%` of the experiments crash, > 0, in bits per
        byte.

    Returns
    -------
    callable
        Maps an array of step sizes to probabilities.

    Raises
    ------
    ParameterError
        If `kappa` is not a finite number > 0.

    Notes
    -----
    Without bias one experiment gains :math:`\sigma e^{-\sigma/\kappa}/\sqrt{2\pi}`, which is
    largest at :math:`\sigma = \kappa`.

    Examples
    --------
    >>> bold_crashes(0.02)(np.array([0.01, 0.02])).round(3)
    array([0.393, 0.632])
    """
    kappa = positive("kappa", kappa)

    def crash(sigma: FloatArray) -> FloatArray:
        return np.asarray(-np.expm1(-sigma / kappa))

    return crash


class AreaMoments(NamedTuple):
    """Expectation and standard deviation of a gain area.

    Parameters
    ----------
    mean, std : float
        Expectation and standard deviation, in bits per byte x experiments.

    See Also
    --------
    gain_area_moments : Makes them.

    Examples
    --------
    >>> mean, std = gain_area_moments(Parameters(0.01, 0.97), 100)
    >>> round(mean, 4), round(std, 4)
    (9.2028, 2.0571)
    """

    mean: float
    std: float


def gain_area_moments(
    p: Parameters, n_experiments: int, conditions: Conditions = STATED
) -> AreaMoments:
    r"""Return the mean and the standard deviation of the gain area under conditions, exactly.

    Law: Crashes and a floor. With :math:`S_n = \sum_{t<n} C_t I_t`,

    .. math:: \mathbb E[\mathcal A_N] = \sum_{n=1}^{N} \mathbb E[\min(f_0 - \text{floor},\, S_n)],

    which without a floor is :math:`\sum_{t<N} (N-t)(1-q_t)\,\mathbb E[I_t]`: crashes thin the
    improvements.

    Parameters
    ----------
    p : Parameters
        The three parameters; the price of the conditions adds to their own.
    n_experiments : int
        Number of experiments N, in 1 ... `arbook.model.laws.LONGEST_RUN`; to
        `LONGEST_FLOORED` where a floor can be met.
    conditions : Conditions, default the stated model
        Price of boldness, crashes, floor.

    Returns
    -------
    AreaMoments
        ``mean`` and ``std``.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    Without a floor the terms are independent, and a thinned one has the variance
    :math:`(1-q)\,\mathrm{Var}[I] + q(1-q)\,\mathbb E[I]^2`. With a floor the distribution of the
    frontier, and with it the first two moments of the area so far given the frontier, are carried
    from experiment to experiment on a lattice of 2048 points between the baseline and the floor.
    Each improvement is split between neighbouring points so that its mean is kept; the result is
    right to about four digits, for about a millisecond an experiment. Crashes are the third
    status of the logs of [1]_.

    References
    ----------
    .. [1] A. Karpathy, autoresearch, software repository, 2026,
       https://github.com/karpathy/autoresearch.

    Examples
    --------
    >>> p = Parameters(0.01, 0.97)
    >>> round(gain_area_moments(p, 100, Conditions(crash=0.5)).mean, 4)
    4.6014
    >>> round(gain_area_moments(p, 100, Conditions(floor=0.9)).mean, 2)
    7.98
    """
    p = instance("conditions", conditions, Conditions).parameters(p)
    n = run_length("n_experiments", n_experiments)
    t = np.arange(n)
    m, sigma = -bias(p, t), step_size(p, t)
    q = conditions.crash_probabilities(sigma)
    mean, variance = positive_part(m, sigma), positive_part_variance(ratio(m, sigma))
    unit = float(sigma.max())  # the square of a tiny step itself would be 0
    thinned = (1 - q) * (sigma / unit) ** 2 * variance + q * (1 - q) * (mean / unit) ** 2

    def moments(weight: FloatArray) -> AreaMoments:
        return AreaMoments(
            float(weight @ ((1 - q) * mean)), unit * math.sqrt(float(weight**2 @ thinned))
        )

    gain = moments(np.ones(n))
    if conditions.room < gain.mean + _OUT_OF_REACH * gain.std:
        Integer(1, LONGEST_FLOORED, "with a floor; simulate_gain_areas takes more")(
            "n_experiments", n
        )
        return _floored(conditions.room, m, sigma, q)
    return moments(np.arange(n, 0, -1.0))


def simulate_gain_areas(
    p: Parameters,
    n_experiments: int,
    n_runs: int = 1,
    conditions: Conditions = STATED,
    *,
    seed: Seed,
) -> FloatArray:
    """Simulate gain areas under conditions.

    Parameters
    ----------
    p : Parameters
        The three parameters; the price of the conditions adds to their own.
    n_experiments : int
        Number of experiments N of a run, >= 1.
    n_runs : int, default 1
        Number of runs, >= 1.
    conditions : Conditions, default the stated model
        Price of boldness, crashes, floor.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.
        The changes are those of `arbook.simulate`, and the first runs of more are those of fewer.

    Returns
    -------
    ndarray, shape (n_runs,)
        Gain areas in bits per byte x experiments.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the runs do not fit in memory.

    Examples
    --------
    >>> p, hard = Parameters(0.01, 0.97), Conditions(crash=0.2, floor=0.9)
    >>> area = simulate_gain_areas(p, 100, 4000, hard, seed=1)
    >>> bool(abs(area.mean() - gain_area_moments(p, 100, hard).mean) < 4 * area.std() / 4000**0.5)
    True
    """
    p = instance("conditions", conditions, Conditions).parameters(p)
    seed = seed_sequence(seed)
    stated = conditions.crash == 0 and conditions.room == math.inf
    n, n_runs = count("n_experiments", n_experiments), count("n_runs", n_runs)
    each = n * (_BYTES_KEPT if stated else _BYTES_AN_EXPERIMENT)
    check_size("n_experiments", n, _BYTES_AN_EXPERIMENT, _NO_RUNS)
    check_size("n_runs", n_runs, each, _NO_RUNS)
    runs = simulate(p, n, n_runs, seed=seed)
    if stated:
        return runs.gain_area
    q = conditions.crash_probabilities(step_size(p, np.arange(n)))
    crashed = None
    if q.any():
        crashed = generator(child(seed, _CRASHES)).random((n_runs, n)) < q
    return np.asarray(_gains(runs.delta, crashed, conditions.room).sum(axis=1))


def _gains(delta: FloatArray, crashed: NDArray[np.bool_] | None, room: float) -> FloatArray:
    """Return what runs have gained after each experiment: min(room, S_n)."""
    gained = np.maximum(-delta, 0.0)
    if crashed is not None:
        gained[crashed] = 0.0
    total = np.cumsum(gained, axis=1, out=gained)
    return np.minimum(total, room, out=total)


def _floored(room: float, m: FloatArray, sigma: FloatArray, q: FloatArray) -> AreaMoments:
    """Carry Pr, E[A; x] and E[A^2; x] of the gain x so far from experiment to experiment."""
    # in units of the room; the last point is the floor, from which nothing moves
    x = np.arange(POINTS + 1) / POINTS
    moments = np.zeros((3, POINTS + 1))
    moments[0, 0] = 1.0
    for own, step, crash in zip(m / room, sigma / room, q, strict=True):
        kernel = (1 - crash) * _improvement(own, step)
        kernel[0] += crash
        total = moments.sum(axis=1)
        # as long again, so that the convolution does not wrap around
        product = np.fft.rfft(moments[:, :-1], 2 * POINTS) * np.fft.rfft(kernel, 2 * POINTS)
        moments[:, :-1] = np.fft.irfft(product, 2 * POINTS)[:, :POINTS]
        moments[:, -1] = total - moments[:, :-1].sum(axis=1)
        # A grows by x: E[(A + x)^2; x], then E[A + x; x]
        moments[2] += x * (2 * moments[1] + x * moments[0])
        moments[1] += x * moments[0]
    _, mean, square = moments.sum(axis=1)
    return AreaMoments(float(room * mean), room * math.sqrt(max(square - mean * mean, 0.0)))


def _improvement(m: float, sigma: float) -> FloatArray:
    r"""Return Pr[I = j / POINTS] for j < POINTS, each value split between its two neighbours.

    The probabilities are second differences of :math:`H(x) = \mathbb E[(x - I)^+]`, which is
    :math:`\mathbb E[(x - X)^+] - \mathbb E[(-X)^+]` for a normal X of which I is the positive part.
    """
    x = np.arange(POINTS + 1) / POINTS
    near = np.abs(x - m) < CERTAIN * sigma
    below = np.maximum(x - m, 0.0)
    below[near] = positive_part(x[near] - m, np.full(np.count_nonzero(near), sigma))
    below -= below[0]
    return np.asarray(np.diff(np.concatenate([[0.0], below]), 2) * POINTS)
