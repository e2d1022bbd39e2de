r"""Overfitting the set that decides: what a run of decisions on noisy measurements costs.

Between two decisions only the incumbent's luck matters: by how much its true metric exceeds its
logged one. Whether the luck is the seed's or the validation set's makes no difference to a loop
that measures each configuration once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.memory import check_size
from arbook._numerics.normal import cdf, pdf
from arbook._numerics.ranges import Array, Integer, OrNone, count, instance, natural, not_negative
from arbook._numerics.seeds import Seed, generator
from arbook._numerics.validation import FloatArray
from arbook.model.laws import expected_improvement
from arbook.model.parameters import Parameters, bias, step_size

#: Most decisions that are followed exactly (each takes some milliseconds).
LONGEST_FOLLOWED = 10_000

_LENGTHS = Array(Integer(0, LONGEST_FOLLOWED))

# Nodes for the incumbent's luck, in units of the noise. Steps far below their distance are blurred.
_LUCK, _WEIGHT = np.polynomial.legendre.leggauss(160)
_REACH = 8.5

# Noise that is a smaller share of all else than this changes no digit.
_NO_NOISE = 1e-30


@dataclass(frozen=True, eq=False)
class NoisyGain:
    r"""What a run of noisy decisions gains on average, in truth and in its log.

    Parameters
    ----------
    true : float or ndarray
        Expected true gain of the incumbent over the baseline, in bits per byte.
    logged : float or ndarray
        Expected gain in the log, in bits per byte.

    See Also
    --------
    expected_noisy_gain : Makes it.

    Examples
    --------
    >>> gain = expected_noisy_gain(Parameters(0.004, 0.97), [1, 100], noise=0.004)
    >>> gain.share.round(2)
    array([0.33, 0.53])
    """

    true: Any
    logged: Any

    @property
    def share(self) -> Any:
        """Share of the logged gain that is true; nan where nothing is logged."""
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.asarray(self.true) / np.asarray(self.logged)
        return np.where(np.isfinite(share), share, np.nan)[()]


def expected_noisy_gain(
    p: Parameters, n: ArrayLike, noise: float, *, threshold: float = 0.0
) -> NoisyGain:
    r"""Return the expected true and logged gain of a run of noisy decisions, exactly.

    Law: Luck of a run. The incumbent's luck :math:`u = f - b`, true less logged metric, is a Markov
    chain that begins with :math:`\mathcal N(0, \nu^2)`. A variant of luck u' replaces it exactly if
    its change is below :math:`c = u' - u - h`, and

    .. math:: \mathbb E[\text{logged}] - \mathbb E[\text{true}] = \mathbb E[u_n], \qquad
       \mathbb E[\text{true}] = \sum_{t<n} \mathbb E\left[\sigma_t\,\varphi(z_t) - \mu\,\Phi(z_t)
       \right], \quad z_t = \frac{c - \mu}{\sigma_t} .

    After one decision with :math:`\mu = h = 0` the share :math:`\sigma^2/(\sigma^2 + 2\nu^2)` of
    the logged gain is true.

    Parameters
    ----------
    p : Parameters
        The three parameters, of the true changes.
    n : int or array of int
        Numbers of decisions, in 0 ... `LONGEST_FOLLOWED`.
    noise : float
        Standard deviation :math:`\nu` of one measurement, in bits per byte, >= 0.
    threshold : float, default 0.0
        Margin h >= 0 by which a variant must beat the incumbent's logged value.

    Returns
    -------
    NoisyGain
        Expected gains, of the shape of `n`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    See Also
    --------
    arbook.noise.noisy_step : The first decision, in closed form.
    arbook.noise.simulate_noisy : Whole runs, under any keep rule.

    Notes
    -----
    The law of u' is normal whatever came before, so 160 Gauss-Legendre nodes carry the chain. Where
    a step is below about a twentieth of the noise, the true gain is rounded at the order of that
    step. That a reported best is lucky is the winner's curse [1]_; here it is counted through a
    run, where a lucky incumbent is also hard to beat.

    References
    ----------
    .. [1] R. H. Thaler, "Anomalies: the winner's curse", Journal of Economic Perspectives 2,
       191-202, 1988.

    Examples
    --------
    >>> gain = expected_noisy_gain(Parameters(0.004, 0.99, 0.002, extended=True), 200, noise=0.004)
    >>> round(float(gain.true), 4), round(float(gain.logged), 4)
    (0.0047, 0.0152)
    """
    instance("p", p, Parameters)
    n = _LENGTHS("n", n)
    nu, h = not_negative("noise", noise), not_negative("threshold", threshold)
    t = np.arange(max(1, int(n.max())))
    sigma, mean = step_size(p, t), bias(p, t)
    if nu <= _NO_NOISE * max(sigma.max(), np.abs(mean).max(), h):
        # the incumbent has no luck, and a variant has to be better by h
        if h == 0:
            each = np.asarray(expected_improvement(p, t))
        else:
            with np.errstate(over="ignore"):  # a margin beyond all reach
                z = (-h - mean) / sigma
            each = sigma * pdf(z) - mean * cdf(z)
        true = np.concatenate([[0.0], np.cumsum(each)])[n]
        return NoisyGain(true=true[()], logged=true.copy()[()])
    true, luck = np.zeros(t.size + 1), np.zeros(t.size + 1)
    u = _REACH * _LUCK
    weight = _REACH * _WEIGHT * pdf(u)
    weight /= weight.sum()
    mass, last = weight.copy(), None
    for i, step in enumerate(zip((sigma / nu).tolist(), (mean / nu).tolist(), strict=True)):
        if step != last:
            (s, m), last = step, step
            z = (u - u[:, None] - h / nu - m) / s  # from rows to columns
            chance = cdf(z) * weight
            gain = ((s * pdf(z) - m * cdf(z)) * weight).sum(axis=1)
            stay = 1.0 - chance.sum(axis=1)
        true[i + 1] = true[i] + mass @ gain
        mass = mass * stay + mass @ chance
        luck[i + 1] = mass @ u
    return NoisyGain(true=nu * true[n][()], logged=nu * (true + luck)[n][()])


def luck_bound(n: int, noise: float, keeps: int | None = None) -> float:
    r"""Return the most that a final configuration may owe to luck, on average.

    Law: Bits of a validation set. An agent that learns of n experiments only whether each was kept
    can end at no more than :math:`\Omega` configurations, so

    .. math:: \mathbb E[\text{luck}] \le \nu\sqrt{2\ln\Omega}, \qquad
              \Omega = \sum_{j \le K}\binom nj \le 2^n

    where at most K are kept. An agent that is bent on luck reaches :math:`\nu\sqrt{2n/\pi}`.

    Parameters
    ----------
    n : int
        Number of decisions, in 0 ... 1000000.
    noise : float
        Standard deviation :math:`\nu` of a configuration's measurement less its true metric, in
        bits per byte, >= 0.
    keeps : int, optional
        Most keeps K of these, >= 0; all if not given.

    Returns
    -------
    float
        The bound, in bits per byte.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    See Also
    --------
    simulate_luck : An agent that is bent on luck.

    Notes
    -----
    The mean of the largest of :math:`\Omega` normals, however they depend on each other, is at most
    :math:`\nu\sqrt{2\ln\Omega}`; in terms of information, bias is at most
    :math:`\nu\sqrt{2I}` for I nats that the choice has of the data [1]_. An agent that reads the
    logged values, and not only the decisions, learns more than a bit of each.

    References
    ----------
    .. [1] D. Russo and J. Zou, "Controlling bias in adaptive data analysis using information
       theory", AISTATS 2016.

    Examples
    --------
    >>> round(luck_bound(125, 1.0), 1), round(luck_bound(125, 1.0, keeps=22), 1)
    (13.2, 10.6)
    """
    n, nu = Integer(0, 1_000_000)("n", n), not_negative("noise", noise)
    keeps = OrNone(natural)("keeps", keeps)
    most = n if keeps is None else min(keeps, n)
    if most == n:
        return nu * math.sqrt(2 * n * math.log(2))
    from scipy.special import gammaln, logsumexp

    j = np.arange(most + 1)
    ways = logsumexp(gammaln(n + 1) - gammaln(j + 1) - gammaln(n - j + 1))
    return nu * math.sqrt(2 * max(float(ways), 0.0))


def simulate_luck(n: int, noise: float, n_runs: int = 1, *, seed: Seed = None) -> FloatArray:
    r"""Simulate an agent that gathers the luck of a validation set, one bit a decision.

    It tries n changes that do nothing, each alone, with independent errors. Then it hands in all of
    them at once, turned the way that looked better: a configuration of the same noise, whose luck
    is :math:`\sum_i |\eta_i| \nu/\sqrt n`, on average :math:`\nu\sqrt{2n/\pi}`.

    Parameters
    ----------
    n : int
        Number of decisions, >= 1.
    noise : float
        Standard deviation :math:`\nu` of a configuration's measurement, in bits per byte, >= 0.
    n_runs : int, default 1
        Number of runs, >= 1.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.

    Returns
    -------
    ndarray, shape (n_runs,)
        By how much each final configuration looks better than it is, in bits per byte.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the runs do not fit in memory.

    Notes
    -----
    The attack on leaderboards by majority of random submissions, of which half are luckier than
    the other half [1]_.

    References
    ----------
    .. [1] A. Blum and M. Hardt, "The Ladder: a reliable leaderboard for machine learning
       competitions", ICML 2015.

    Examples
    --------
    >>> luck = simulate_luck(100, 0.001, 500, seed=1)
    >>> bool(0.0078 < luck.mean() < 0.0082 < luck_bound(100, 0.001))
    True
    """
    n, nu, n_runs = count("n", n), not_negative("noise", noise), count("n_runs", n_runs)
    check_size("n", n, 20)
    check_size("n_runs", n_runs, 20 * n)
    eta = generator(seed).standard_normal((n_runs, n))
    return np.asarray(np.abs(eta).sum(axis=1) * (nu / math.sqrt(n)))
