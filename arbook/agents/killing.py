r"""Stopping hopeless experiments early: what a kill rule costs, and what it saves.

At a fraction of an experiment its metric is looked at, and it is killed if it is worse than the
incumbent at that age by too much. Let :math:`Z_1` be the early gain in standard deviations about
its mean, and :math:`a + Z_2` the gain that is believed at the end, with :math:`Z_1` and
:math:`Z_2` standard normal of correlation :math:`\rho`. An experiment is killed if
:math:`Z_1 < z`, and what is left is kept if :math:`a + Z_2 > 0`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from arbook._numerics.memory import within_memory
from arbook._numerics.normal import cdf, pdf, positive_part
from arbook._numerics.ranges import Real, count, number, open_unit_interval
from arbook._numerics.seeds import Seed, generator
from arbook._numerics.validation import FloatArray

# Of a standard normal nothing lies beyond.
_FAR = 12.0
# Thresholds between which the best is looked for, and how many first.
_LOW, _HIGH, _COARSE = -6.0, 4.0, 101

_CORRELATION = Real(0, 1, "[)")
_SKILL = Real(-5, 5)


@dataclass(frozen=True)
class Kill:
    r"""What a kill rule does on average.

    Parameters
    ----------
    threshold : float
        Early gain below which an experiment is killed, in standard deviations above the mean.
    killed : float
        Share of the experiments that are killed.
    lost : float
        Share of the keeps that are killed.
    gain : float
        Share of the gain that is left.
    time : float
        Share of the time that is left.

    See Also
    --------
    kill_rule : Makes it.

    Examples
    --------
    >>> Kill(0.0, 0.5, 0.2, 0.9, 0.6).worth()
    1.5
    """

    threshold: float
    killed: float
    lost: float
    gain: float
    time: float

    def worth(self, elasticity: float = 1.0) -> float:
        r"""Return the gain of a night with the rule, in units of one without.

        Parameters
        ----------
        elasticity : float, default 1.0
            By how many per cent one per cent more decisions raise the gain, in (0, 1].

        Returns
        -------
        float
            ``gain / time**elasticity``; above 1 the rule pays.

        Raises
        ------
        ParameterError
            If `elasticity` is outside its range.
        """
        eps = Real(0, 1, "(")("elasticity", elasticity)
        return float(self.gain / self.time**eps)


def kill_rule(
    correlation: float, fraction: float, threshold: float = 0.0, skill: float = 0.0
) -> Kill:
    r"""Return what it costs to kill experiments early, and what it saves.

    Law: Kill rule. Without bias the share of the gain that is left is

    .. math:: 1 - \Phi\!\left(\frac z{\sqrt{1-\rho^2}}\right)
       + \sqrt{2\pi}\,\rho\,\varphi(z)\,\Phi\!\left(\frac{\rho z}{\sqrt{1-\rho^2}}\right),

    and the share of the time :math:`1 - (1-x)\,\Phi(z)`. To kill the worse half leaves
    :math:`(1+\rho)/2` of the gain in :math:`(1+x)/2` of the time.

    Parameters
    ----------
    correlation : float
        Correlation :math:`\rho` of the early gain with the one believed at the end, in [0, 1).
    fraction : float
        Part x of an experiment's time after which it is looked at, in (0, 1).
    threshold : float, default 0.0
        Early gain z below which an experiment is killed, in standard deviations above the mean; 0
        kills the worse half.
    skill : float, default 0.0
        :math:`a`, the mean of the gain that is believed at the end in standard deviations, in
        [-5, 5].

    Returns
    -------
    Kill
        Shares of experiments and keeps killed, and of gain and time left.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    The gain is a moment of a truncated pair of normals [1]_. Without bias the share of keeps lost
    by killing the worse half is :math:`\arccos(\rho)/\pi`, the chance that two normals have
    different signs.

    References
    ----------
    .. [1] S. Rosenbaum, "Moments of a truncated bivariate normal distribution", Journal of the
       Royal Statistical Society B 23, 405-408, 1961.

    Examples
    --------
    >>> rule = kill_rule(0.8, 0.25)
    >>> round(rule.killed, 3), round(rule.lost, 3), round(rule.gain, 3), round(rule.time, 3)
    (0.5, 0.205, 0.9, 0.625)
    >>> round(rule.worth(), 2)
    1.44
    """
    rho, x, h, a = _arguments(correlation, fraction, threshold, skill)
    own = np.array(math.sqrt(1 - rho**2))
    at, weight = _places(h, -a / rho if rho else 0.0)
    density = weight * pdf(at)
    kept = float((density * cdf((a + rho * at) / own)).sum())
    gain = float((density * positive_part(a + rho * at, own)).sum())
    killed = float(cdf(np.array(h)))
    return Kill(
        threshold=h,
        killed=killed,
        lost=max(1 - kept / float(cdf(np.array(a))), 0.0),
        gain=min(gain / float(positive_part(np.array(a), np.array(1.0))), 1.0),
        time=1 - (1 - x) * killed,
    )


def best_kill(
    correlation: float, fraction: float, skill: float = 0.0, *, elasticity: float = 1.0
) -> Kill:
    r"""Return the kill rule whose night gains most.

    Parameters
    ----------
    correlation, fraction, skill
        As for `kill_rule`.
    elasticity : float, default 1.0
        By how many per cent one per cent more decisions raise the gain, :math:`\epsilon` in (0, 1].

    Returns
    -------
    Kill
        The rule with the best threshold in -6 ... 4; -6 kills nothing.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> rule = best_kill(0.8, 0.25)
    >>> round(rule.threshold, 2), round(rule.worth(), 2)
    (0.44, 1.52)
    >>> round(best_kill(0.8, 0.25, elasticity=0.2).threshold, 2)
    -0.59
    """
    Real(0, 1, "(")("elasticity", elasticity)

    def made(h: float) -> Kill:
        return kill_rule(correlation, fraction, h, skill)

    low, high, points = _LOW, _HIGH, _COARSE
    while True:
        tried = [made(float(h)) for h in np.linspace(low, high, points)]
        best = max(tried, key=lambda rule: rule.worth(elasticity))
        step = (high - low) / (points - 1)
        if step < 1e-4:
            return best
        low, high, points = max(best.threshold - step, _LOW), min(best.threshold + step, _HIGH), 21


def simulate_killing(
    correlation: float,
    fraction: float,
    threshold: float = 0.0,
    skill: float = 0.0,
    *,
    n_experiments: int = 10_000,
    seed: Seed = None,
) -> tuple[FloatArray, FloatArray]:
    """Simulate experiments of which the hopeless are killed early.

    Parameters
    ----------
    correlation, fraction, threshold, skill
        As for `kill_rule`.
    n_experiments : int, default 10000
        Number of experiments, >= 1.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.

    Returns
    -------
    gain, time : ndarray, shape (n_experiments,)
        Gain of each in standard deviations, 0 where it was killed or discarded, and its time in
        units of a whole experiment.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the result would not fit in memory.

    Examples
    --------
    >>> gain, time = simulate_killing(0.8, 0.25, seed=1)
    >>> round(float(time.mean()), 2), bool((gain >= 0).all())
    (0.62, True)
    """
    rho, x, h, a = _arguments(correlation, fraction, threshold, skill)
    n, rng = count("n_experiments", n_experiments), generator(seed)
    with within_memory("n_experiments", n, 64):
        early = rng.standard_normal(n)
        final = rho * early + math.sqrt(1 - rho**2) * rng.standard_normal(n)
        killed = early < h
        return np.where(killed, 0.0, np.maximum(a + final, 0.0)), np.where(killed, x, 1.0)


def _arguments(
    correlation: float, fraction: float, threshold: float, skill: float
) -> tuple[float, float, float, float]:
    return (
        _CORRELATION("correlation", correlation),
        open_unit_interval("fraction", fraction),
        number("threshold", threshold),
        _SKILL("skill", skill),
    )


def _places(low: float, turn: float) -> tuple[FloatArray, FloatArray]:
    """Return places above `low`, and weights, of a quadrature that is dense at a turn."""
    z, weight = _nodes()
    edges = np.clip([low, turn, _FAR], max(min(low, _FAR), -_FAR), _FAR)
    half = np.diff(edges)[:, None] / 2
    return (edges[:-1, None] + half * (1 + z)).ravel(), (half * weight).ravel()


@cache
def _nodes() -> tuple[FloatArray, FloatArray]:
    from numpy.polynomial.legendre import leggauss

    z, weight = leggauss(100)
    return z, weight
