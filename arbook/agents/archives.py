r"""Keep the best Q configurations in place of one: the archive of the (Q+1) loop.

An experiment takes a member of the archive at random, changes it, and puts the variant in the place
of the worst member if it is better than that. With Q = 1 this is the model. The theory of evolution
strategies calls the loop (mu+1); here mu is the bias.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arbook._numerics.memory import check_size
from arbook._numerics.ranges import Array, Integer, count, instance, not_negative, number
from arbook._numerics.seeds import Seed, generator
from arbook._numerics.validation import FloatArray
from arbook.model.laws import run_length
from arbook.model.parameters import Parameters, bias, step_size

#: Largest archive.
LARGEST_ARCHIVE = 10_000

_SIZE = Integer(1, LARGEST_ARCHIVE)

# Bytes for each experiment of a run, and for each member.
_BYTES_AN_EXPERIMENT = 17
_BYTES_A_MEMBER = 50

# Logarithms at which the integral over s is summed: at both ends its terms are nothing.
_LOG_S = np.linspace(-40.0, 6.0, 4001)


def archive_rate(size: ArrayLike) -> Any:
    r"""Return how fast an archive gains, in units of the loop that keeps one, where keeps are rare.

    Law: Archive. For :math:`-\mu/\sigma \to -\infty` with constant steps, an archive of Q gains
    per experiment

    .. math:: \varepsilon_Q = \left[ Q^2 \int_0^\infty e^{-s}\,E_2(s)^{Q-1}\,ds \right]^{-1},
              \qquad E_2(s) = \int_1^\infty e^{-sv}\,v^{-2}\,dv ,

    as much as a loop that keeps one: about :math:`\ln Q/Q`.

    Parameters
    ----------
    size : int or array of int
        Members of the archive Q, in 1 ... `LARGEST_ARCHIVE`.

    Returns
    -------
    float or ndarray
        Rates in (0, 1], of the shape of `size`.

    Raises
    ------
    ParameterError
        If `size` is outside its range.

    See Also
    --------
    simulate_archive : The same loop at any keep rate.

    Notes
    -----
    Where keeps are rare, an improvement is exponential, so a variant that beats the worst member
    beats it by an exponential amount, whoever its parent is. Each member then moves like a Poisson
    process, the worst is next, and the others lie exponential distances before it. A member that
    lies x mean gains ahead beats the worst with a probability that is :math:`e^x` times as large,
    which gives the waiting time. A rate of :math:`\ln^{1+o(1)}\!Q/Q` is proved in [1]_.

    References
    ----------
    .. [1] J. Lengler and R. R. Ravi, "Runtime analysis of the (mu+1)-ES in a homogenous progress
       model", arXiv:2606.13323, 2026.

    Examples
    --------
    An archive of two: :math:`1/(4(1 - \ln 2))`.

    >>> archive_rate([1, 2, 5, 20]).round(4)
    array([1.    , 0.8147, 0.533 , 0.2193])
    """
    from scipy.special import expn

    sizes = Array(_SIZE)("size", size)
    s = np.exp(_LOG_S)
    others = np.log(expn(2, s) + 1e-300)
    weight = s * np.exp(-s) * (_LOG_S[1] - _LOG_S[0])
    waits = np.exp((sizes[..., None] - 1.0) * others) @ weight
    return (1.0 / (sizes**2.0 * waits))[()]


@dataclass(frozen=True, eq=False)
class ArchiveSimulation:
    r"""Runs that keep an archive, one a row.

    Parameters
    ----------
    true : ndarray, shape (n_runs, N + 1)
        True metric of the member that was measured best, in bits per byte.
    logged : ndarray, shape (n_runs, N + 1)
        What was measured of it, in bits per byte: the running minimum of the log.
    kept : ndarray of bool, shape (n_runs, N)
        True where the variant entered the archive.

    See Also
    --------
    simulate_archive : Makes it.

    Examples
    --------
    >>> runs = simulate_archive(Parameters(0.01, 0.97), 50, 3, n_runs=10, seed=1)
    >>> runs.true.shape, bool((runs.true == runs.logged).all())  # without noise
    ((10, 51), True)
    """

    true: FloatArray
    logged: FloatArray
    kept: NDArray[np.bool_]


def simulate_archive(
    p: Parameters,
    n_experiments: int,
    size: int,
    n_runs: int = 1,
    *,
    noise: float = 0.0,
    f0: float = 1.0,
    seed: Seed = None,
) -> ArchiveSimulation:
    r"""Simulate loops that keep the best Q configurations.

    All members are the baseline at first. Whether a variant is better than the worst member is
    decided by measurements :math:`f + \nu\eta`; each configuration is measured once.

    Parameters
    ----------
    p : Parameters
        The three parameters, of the true changes; experiment t uses step :math:`\sigma_t`.
    n_experiments : int
        Number of experiments N, in 1 ... `arbook.model.laws.LONGEST_RUN`.
    size : int
        Members of the archive Q, in 1 ... `LARGEST_ARCHIVE`.
    n_runs : int, default 1
        Number of independent runs, >= 1.
    noise : float, default 0.0
        Standard deviation :math:`\nu` of one measurement, in bits per byte, >= 0.
    f0 : float, default 1.0
        True metric of the baseline, in bits per byte.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.

    Returns
    -------
    ArchiveSimulation
        True and logged metric of the best member, and which variants entered.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the runs do not fit in memory.

    Notes
    -----
    Without noise the archive is never ahead of the loop that keeps one and makes the same changes:
    its variants start from parents that are no better.

    Examples
    --------
    >>> p = Parameters(0.004, 1.0, 0.002, extended=True)
    >>> for noise in (0.0, 0.004):
    ...     gains = [1 - simulate_archive(p, 200, j, 500, noise=noise, seed=1).true[:, -1].mean()
    ...              for j in (1, 3)]
    ...     print(gains[0] > gains[1])
    True
    False
    """
    instance("p", p, Parameters)
    n, n_runs = run_length("n_experiments", n_experiments), count("n_runs", n_runs)
    size, nu, f0 = _SIZE("size", size), not_negative("noise", noise), number("f0", f0)
    rng = generator(seed)
    check_size("n_experiments", n, 5 * _BYTES_AN_EXPERIMENT)
    check_size("n_runs", n_runs, n * _BYTES_AN_EXPERIMENT + size * _BYTES_A_MEMBER)

    true, logged = np.empty((n_runs, n + 1)), np.empty((n_runs, n + 1))
    kept = np.empty((n_runs, n), dtype=bool)
    run = np.arange(n_runs)
    member = np.full((n_runs, size), f0)
    seen = member + nu * rng.standard_normal((n_runs, 1))
    true[:, 0], logged[:, 0] = member[:, 0], seen[:, 0]
    t_all = np.arange(n)
    for t, (sigma, mean) in enumerate(zip(step_size(p, t_all), bias(p, t_all), strict=True)):
        parent = rng.integers(size, size=n_runs)
        variant = member[run, parent] + mean + sigma * rng.standard_normal(n_runs)
        y = variant + nu * rng.standard_normal(n_runs)
        worst = seen.argmax(axis=1)
        keep = y < seen[run, worst]
        member[run[keep], worst[keep]] = variant[keep]
        seen[run[keep], worst[keep]] = y[keep]
        best = seen.argmin(axis=1)
        kept[:, t] = keep
        true[:, t + 1], logged[:, t + 1] = member[run, best], seen[run, best]
    return ArchiveSimulation(true, logged, kept)
