r"""How many configurations to keep: one, an archive, islands, restarts, or a sample."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arbook._numerics.ranges import Integer, OrNone, instance, not_negative
from arbook._numerics.seeds import Seed, generator
from arbook._numerics.validation import FloatArray, refuse
from arbook.agents.archives import archive_rate, simulate_archive
from arbook.agents.islands import simulate_islands
from arbook.model.parameters import Parameters, bias, step_size
from arbook.model.run import RunLog
from arbook.runs.lengths import Promise, estimates_of, promise

#: Most experiments that `archive` looks ahead.
MOST_AHEAD = 2000

_AHEAD = Integer(1, MOST_AHEAD)

# Members of an archive, and numbers of islands and of restarts.
_ARCHIVES = (2, 3, 5, 10)
_CHAINS = (2, 5, 10)

# Rounds between two migrations of islands.
_EVERY = 10

_RUNS = 1000

# Logarithm of the fastest change of steps in a round.
_STEEPEST = 200.0

# Standard errors by which a way must be ahead of keeping one. Eleven others are looked at, and by
# luck alone one of them would be so far ahead in about one answer of a hundred.
_AHEAD_BY = 3.0

# By how many times a way must gain more with steps of its own for it to be said.
_CLEARLY = 1.2


@dataclass(frozen=True)
class Way:
    r"""One way to spend the experiments, and what it gains.

    Parameters
    ----------
    words : str
        What is done.
    kind : str
        ``"one"``, ``"archive"``, ``"islands"``, ``"restarts"`` or ``"sample"``.
    size : int
        Members of the archive, islands, restarts, or variants.
    gain : float
        Mean true gain of what is measured best in the end, in the unit of the metric, where steps
        shrink with every experiment, whoever makes it.
    error : float
        Standard error of the mean.
    apart : float
        Mean gain where steps shrink only with the experiments of the same chain. A log of one chain
        does not tell which it is.

    See Also
    --------
    archive : Compares them.

    Examples
    --------
    >>> Way("an archive of 3", "archive", 3, 0.0121, 0.0002, 0.0121).size
    3
    """

    words: str
    kind: str
    size: int
    gain: float
    error: float
    apart: float

    @property
    def gain_in_words(self) -> str:
        """The gain with its standard error."""
        return f"{self.gain:.3g} ± {self.error:.1g}"


@dataclass(frozen=True)
class Ways:
    r"""What keeping one gains, and what else could be done with the same experiments.

    Parameters
    ----------
    p : Parameters
        The three parameters from here on.
    noise : float
        Standard deviation of one measurement, in the unit of the metric.
    experiments : int
        Experiments N that each way makes.
    ways : tuple of Way
        All of them, the loop that keeps one first.
    source : str
        What the parameters are from.
    own : Promise, optional
        What the same parameters promise of the log's own experiments, and what came.

    See Also
    --------
    archive : Makes it.

    Examples
    --------
    >>> from arbook import logs
    >>> found = logs.archive(p=Parameters(0.004, 1.0, 0.002, extended=True), experiments=100)
    >>> found.best.kind
    'one'
    """

    p: Parameters
    noise: float
    experiments: int
    ways: tuple[Way, ...]
    source: str
    own: Promise | None = None

    @property
    def best(self) -> Way:
        """The way that gains most of those that are clearly ahead of keeping one, or that."""
        one, *others = self.ways
        ahead = [
            way
            for way in others
            if way.gain - one.gain > _AHEAD_BY * math.hypot(way.error, one.error)
        ]
        return max(ahead, key=lambda way: way.gain, default=one)

    @property
    def words(self) -> str:
        """The answer."""
        return self.best.words.upper()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, a sentence each."""
        one, best, p = self.ways[0], self.best, self.p
        found = [
            f"The next step of {p.sigma0:.3g}, which {_change(p.gamma)} with each "
            f"experiment, the bias of {p.mu:.2g} and the noise of {self.noise:.2g} are those of "
            f"{self.source}.",
            f"In {self.experiments} experiments a loop that keeps one gains {one.gain_in_words}: "
            f"mean and standard error of {_RUNS} simulated runs.",
        ]
        if best is one:
            rival = max(self.ways[1:], key=lambda way: way.gain)
            found.append(
                f"Of the others most is gained by {rival.words}, {rival.gain_in_words}: not "
                f"{_AHEAD_BY:g} standard errors more."
            )
        else:
            times = f", {best.gain / one.gain:.2f} times as much" if one.gain > 0 else ""
            found.append(f"With {best.words} the gain is {best.gain_in_words}{times}.")
        found.append(
            f"Without noise and with rare keeps an archive of 3 runs at {archive_rate(3):.2f} of "
            "the speed of one: what it may buy is a remedy for lucky incumbents."
        )
        apart = max(self.ways, key=lambda way: way.apart)
        if p.gamma < 1 and apart.apart > best.apart * _CLEARLY:
            found.append(
                f"If steps shrank only with the experiments of the same chain, {apart.words} "
                f"would gain {apart.apart:.3g}: a log of one chain does not tell whether they do."
            )
        if self.own:
            found.append(self.own.words)
        found.append(
            "All this is the model's: it has one valley, and a variant hands on its parent's gain "
            "in full."
        )
        return tuple(found)

    def __repr__(self) -> str:
        return f"Ways({self.words}; expected gain {self.best.gain:.3g})"

    def _repr_html_(self) -> str:
        from html import escape

        items = "".join(f"<li>{escape(reason)}</li>" for reason in self.reasons)
        return f"<p><strong>{escape(self.words)}</strong></p><ul>{items}</ul>"


def archive(
    log: RunLog | None = None,
    *,
    experiments: int,
    p: Parameters | None = None,
    noise: float | None = None,
    seed: Seed = 0,
) -> Ways:
    r"""Say whether to keep one incumbent, an archive, islands, restarts or a sample.

    Parameters
    ----------
    log : RunLog, optional
        A run that goes on; if neither it nor `p` is given, the opening night, h100-mar8.
    experiments : int
        Further experiments N, in 1 ... `MOST_AHEAD`.
    p : Parameters, optional
        The three parameters from here on, in place of a log.
    noise : float, optional
        Standard deviation >= 0 of one measurement, in the metric's unit. If not given, what the log
        tells of it; 0 with `p`.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None, default 0
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.

    Returns
    -------
    Ways
        The answer, with gains, their standard errors and reasons.

    Raises
    ------
    ParameterError
        If an argument is outside its range, both a log and `p` are given, or the log has too few
        different changes.

    Notes
    -----
    All ways start from the incumbent of the log's end, whose measured value is taken for one
    ordinary measurement, and with the step of that place. They make the same number of
    experiments, islands and restarts up to the remainder of a division. The standard errors are
    those of the simulation; the parameters are taken as fitted, or of a short log as `plan` takes
    them.

    Examples
    --------
    Where noise is as large as the steps an archive is ahead:

    >>> from arbook import logs, Parameters
    >>> constant = Parameters(0.004, 1.0, 0.002, extended=True)
    >>> logs.archive(p=constant, experiments=200, noise=0.004).best.kind
    'archive'
    """
    n, known = _AHEAD("experiments", experiments), OrNone(not_negative)("noise", noise)
    if p is not None:
        if log is not None:
            raise refuse("p", p, "left out where there is a log")
        now, nu, source = instance("p", p, Parameters), known or 0.0, "the arguments"
        own = None
    else:
        seen, source = estimates_of(log, known)
        nu = seen["noise"] if known is None else known
        own = promise(log, seen, nu)
        whole = Parameters(seen["sigma0"], seen["gamma"], seen["mu"], extended=True)
        now = replace(whole, sigma0=float(step_size(whole, own.experiments)))
    return Ways(now, float(nu), n, tuple(_simulated(now, nu, n, seed)), source, own)


def _simulated(p: Parameters, noise: float, n: int, seed: Seed) -> Iterator[Way]:
    """Yield all ways that n experiments have room for, the loop that keeps one first."""
    rng = generator(seed)

    def kept(size: int) -> FloatArray:
        return -simulate_archive(p, n, size, _RUNS, noise=noise, f0=0.0, seed=rng).true[:, -1]

    def shared(q: Parameters, k: int, every: int) -> FloatArray:
        runs = simulate_islands(q, n // k, k, every, _RUNS, noise=noise, f0=0.0, seed=rng)
        return -runs.frontier[:, -1]

    yield _way("keep one", "one", 1, kept(1))
    for size in _ARCHIVES:
        yield _way(f"an archive of {size}", "archive", size, kept(size))
    for kind, every in (("islands", _EVERY), ("restarts", n)):
        for k in _CHAINS:
            if n // k > (_EVERY if kind == "islands" else 1):
                slowed = shared(_by_rounds(p, k), k, every)
                yield _way(f"{k} {kind}", kind, k, slowed, shared(p, k, every))
    whole = _sample(p, np.arange(n), noise, rng)
    fresh = _sample(p, np.zeros(n, dtype=int), noise, rng)
    yield _way(f"a sample of {n} variants", "sample", n, whole, fresh)


def _way(words: str, kind: str, size: int, gains: FloatArray, own: FloatArray | None = None) -> Way:
    """Return a way with the means of its runs; where there is one chain, both are one."""
    error = float(gains.std(ddof=1)) / math.sqrt(gains.size)
    mean = float(gains.mean())
    return Way(words, kind, size, mean, error, mean if own is None else float(own.mean()))


def _by_rounds(p: Parameters, k: int) -> Parameters:
    """Return the parameters of rounds of k experiments, whose steps shrink k times a round."""
    sigma0 = p.sigma0 * p.gamma ** ((k - 1) / 2)  # the middle one of a round
    gamma = min(max(k * math.log(p.gamma), -_STEEPEST), _STEEPEST)
    return replace(p, sigma0=sigma0, gamma=math.exp(gamma), extended=True)


def _sample(p: Parameters, t: NDArray[Any], noise: float, rng: np.random.Generator) -> FloatArray:
    """Return what variants of the incumbent gain, made at the times t; the one measured best is it.

    The incumbent is handed in where no variant is measured better.
    """
    change = np.zeros((_RUNS, t.size + 1))
    change[:, 1:] = bias(p, t) + step_size(p, t) * rng.standard_normal((_RUNS, t.size))
    seen = change + noise * rng.standard_normal(change.shape)
    gains: FloatArray = -change[np.arange(_RUNS), seen.argmin(axis=1)]
    return gains


def _change(gamma: float) -> str:
    """Return what steps do, in words."""
    if gamma == 1:
        return "stays as it is"
    return f"shrinks by {1 - gamma:.2%}" if gamma < 1 else f"grows by {gamma - 1:.2%}"
