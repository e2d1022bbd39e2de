r"""Which of a run's gains are real: the verdict on every keep, and on the session as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from arbook._numerics.normal import cdf, pdf
from arbook._numerics.ranges import Options, open_unit_interval
from arbook._numerics.units import unit_of
from arbook._numerics.validation import FloatArray, IntArray
from arbook.model.records import probability_of_records
from arbook.model.run import RunLog
from arbook.noise import probability_of_luck
from arbook.noise.traces import Smoothed, Trace
from arbook.runs import measured
from arbook.runs.changes import TRIM, known_noise, trace
from arbook.runs.families import FAMILIES, Family, families
from arbook.runs.measured import TrueFrontier
from arbook.runs.open_noise import kept_open
from arbook.runs.repeats import repeats

#: A keep is called real from this probability, and only in a session that luck does not explain.
REAL = 0.95

#: Most measurements of one configuration that a plan asks for.
MOST_REPEATS = 50

# Nodes for what a further measurement may show.
_NODES = np.linspace(-6.0, 6.0, 121)
_WEIGHTS = pdf(_NODES) / pdf(_NODES).sum()


@dataclass(frozen=True, eq=False, repr=False)
class Verdict:
    r"""What a whole log says of each of its keeps, and of luck.

    Parameters
    ----------
    log : RunLog
        The run.
    experiment : ndarray of int, shape (k,)
        The experiments t that were kept.
    logged_gain, true_gain, gain_std : ndarray, shape (k,)
        Improvement in the log; expected true improvement; its standard deviation. In the metric's
        unit, positive where the metric became better.
    probability : ndarray, shape (k,)
        Probability that the change is a true improvement.
    true_frontier : TrueFrontier
        The true metric of the incumbents.
    noise : float
        Standard deviation of a measurement, given or expected, in the metric's unit.
    noise_interval : tuple of float
        The interval that holds it with 95 %; two equal ends where it was given.
    p_value : float
        Probability that a session in which no change has any effect shows as much.
    null : {"noise", "repeats", "records"}
        What the p-value rests on: the noise that was given, repeats in the log, or the number of
        records alone.

    See Also
    --------
    verdict : Makes it.

    Examples
    --------
    >>> from arbook import logs
    >>> said = logs.verdict(logs.load_run("h100-mar8"), noise=0.0005)
    >>> int((said.probability > 0.95).sum()), said.experiment.size
    (6, 22)
    >>> said.p_value < 1e-6
    True
    """

    log: RunLog
    experiment: IntArray
    logged_gain: FloatArray
    true_gain: FloatArray
    gain_std: FloatArray
    probability: FloatArray
    true_frontier: TrueFrontier
    noise: float
    noise_interval: tuple[float, float]
    p_value: float
    null: str

    @property
    def real(self) -> NDArray[np.bool_]:
        """Whether each keep is called real, shape (k,).

        It is an improvement with 95 % or more, and a session without any effect would show as much
        with 5 % at most.

        Examples
        --------
        >>> from arbook import logs
        >>> int(logs.verdict(logs.load_run("h100-mar8"), noise=0.0005).real.sum())
        6
        """
        return np.asarray((self.probability >= REAL) & (self.p_value <= 1 - REAL))

    @property
    def believed_gain(self) -> float:
        """Expected true improvement of the whole session."""
        return float(self.true_gain.sum())

    def plan(self, error: float = 0.05) -> IntArray:
        r"""Return how often to measure both sides of each keep again.

        After these measurements each keep is called real or not by the likelier side. The plan is
        the cheapest found with which the share of wrong calls is expected to be at most `error`.

        Parameters
        ----------
        error : float, default 0.05
            Expected share of wrong calls, in (0, 1).

        Returns
        -------
        ndarray of int, shape (k,)
            Measurements of the variant, and as many of the incumbent that it replaced; 0 where
            nothing need be done. At most `MOST_REPEATS`: what it leaves open is a difference too
            small to be told.

        Raises
        ------
        ParameterError
            If `error` is outside (0, 1).
        """
        error = open_unit_interval("error", error)
        k = self.experiment.size
        plan = np.zeros(k, dtype=np.int64)
        wrong = self._wrong
        while k and wrong[np.arange(k), plan].mean() > error:
            # the step that saves most for each measurement, over all lengths of step
            best, choice = 0.0, None
            for i in range(k):
                further = np.arange(plan[i] + 1, MOST_REPEATS + 1)
                saved = (wrong[i, plan[i]] - wrong[i, further]) / (further - plan[i])
                if saved.size and saved.max() > best:
                    best, choice = float(saved.max()), (i, int(further[saved.argmax()]))
            if choice is None:
                break
            plan[choice[0]] = choice[1]
        return plan

    @cached_property
    def _wrong(self) -> FloatArray:
        """Expected share of wrong calls of each keep after 0, 1 ... measurements of both sides."""
        unit = unit_of(self.noise, self.gain_std)
        prior = (self.gain_std[:, None] / unit) ** 2
        n = np.arange(MOST_REPEATS + 1)
        with np.errstate(divide="ignore"):
            error = 2 * (self.noise / unit) ** 2 / n  # of the difference of two means
        moved = prior / np.sqrt(np.where(n > 0, prior + error, np.inf))
        moved = np.where(prior + np.where(n > 0, error, 0) > 0, moved, 0.0)
        left = np.sqrt(np.maximum(prior - moved**2, 1e-300))
        seen = self.true_gain[:, None, None] / unit + moved[..., None] * _NODES
        wrong = cdf(-np.minimum(np.abs(seen) / left[..., None], 40.0)) @ _WEIGHTS
        wrong[:, 0] = np.minimum(self.probability, 1 - self.probability)
        return np.asarray(np.minimum.accumulate(wrong, axis=1))

    def __repr__(self) -> str:
        return (
            f"Verdict({self.experiment.size} keeps: logged {self.log.gain:.4g}, believed "
            f"{self.believed_gain:.4g}; p = {self.p_value:.2g} from {self.null})"
        )


def verdict(
    log: RunLog,
    *,
    noise: float | str = "estimate",
    family: str = "normal",
    trim: float | None = TRIM,
) -> Verdict:
    r"""Say of each keep of a run how likely it is real, and what it truly gained.

    Law: Verdict. For every keep :math:`\Pr[\delta_t < 0 \mid \text{log}]` and
    :math:`\mathbb E[-\delta_t \mid \text{log}]`, from the filter forwards and backwards [2]_.

    Parameters
    ----------
    log : RunLog
        A run with at least two measured changes. Of a run with restarts, take a segment.
    noise : float or "estimate", default "estimate"
        Standard deviation :math:`\nu` of a measurement in the metric's unit, > 0 and at most a
        thousand times the largest change. Without it the noise is kept open: what each of several
        values says is averaged, weighed by how likely it makes the log. Repeats in the log count in
        either case.
    family : {"normal", "constant", "student", "laplace", "two-part"}, default "normal"
        Distribution of the true changes, as for `fit`. All but the first two take seconds.
    trim : float or None, default 10
        Rule for catastrophes, as for `fit`.

    Returns
    -------
    Verdict
        One entry a keep, the true frontier, and the p-value of the session.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the log has too few changes.

    Notes
    -----
    The p-value asks another question than the probabilities: could all of it be luck? Under its
    null all measurements are one value plus noise. With a noise that is given, or known from
    repeats, it is that of the running best; without one, that of the number of records, which
    needs no noise and sees no sizes [1]_. It holds its level whatever the length of the session.

    References
    ----------
    .. [1] N. Glick, "Breaking records and breaking boards", American Mathematical Monthly 85,
       2-26, 1978.
    .. [2] H. E. Rauch, F. Tung and C. T. Striebel, "Maximum likelihood estimates of linear dynamic
       systems", AIAA Journal 3, 1445-1450, 1965.

    Examples
    --------
    >>> from arbook import logs
    >>> said = logs.verdict(logs.load_run("h100-mar8"))
    >>> bool(0.0001 < said.noise_interval[0] < 0.0005 < said.noise_interval[1] < 0.002)
    True
    """
    Options(*FAMILIES)("family", family)
    seen = trace(log, trim=trim)
    known = known_noise(noise, seen)
    change = np.abs(seen.changes)
    scale = float(change.mean()) if change.any() else known or 1.0
    ratio = None if known is None else known / scale
    sets, noises, interval = _sets(seen.divided(scale), families()[family], ratio)
    weight = np.array([w for w, _ in sets])

    def mean(name: str) -> FloatArray:
        return np.asarray(weight @ np.array([getattr(said, name) for _, said in sets]))

    def total_std(value: str, std: str) -> FloatArray:
        squares = np.array([getattr(s, value) ** 2 + getattr(s, std) ** 2 for _, s in sets])
        return np.asarray(np.sqrt(np.maximum(weight @ squares - mean(value) ** 2, 0.0)))

    kept = np.flatnonzero(seen.kept)
    p_value, null = _p_value(log, known)
    return Verdict(
        log=log,
        experiment=kept,
        logged_gain=(seen.last - seen.y)[kept],
        true_gain=scale * mean("gain")[kept],
        gain_std=scale * total_std("gain", "gain_std")[kept],
        probability=np.minimum(mean("better")[kept], 1.0),  # weights add up to 1 but for rounding
        true_frontier=TrueFrontier(
            log._sign * (seen.baseline + scale * mean("mean")),
            scale * total_std("mean", "std"),
        ),
        noise=scale * float(weight @ noises),
        noise_interval=(scale * interval[0], scale * interval[1]),
        p_value=p_value,
        null=null,
    )


def _sets(
    trace: Trace, family: Family, noise: float | None
) -> tuple[list[tuple[float, Smoothed]], FloatArray, tuple[float, float]]:
    """Return what each noise says of a run with its weight, the noises, and their interval."""
    used = np.flatnonzero(np.isfinite(trace.y) & ~trace.again)
    opened = kept_open(trace, family, family.start(trace.changes, used), noise)
    found = [
        (w, measured.smoothed(trace, family, theta, trace.y.size, nu))
        for w, theta, nu in opened.sets
    ]
    noises = np.array([nu for _, _, nu in opened.sets])
    return found, noises, opened.noise_interval()


def _p_value(log: RunLog, noise: float | None) -> tuple[float, str]:
    """Return the p-value of the session, and what it rests on."""
    value = log._sign * log.value[log.baseline or 0 :]
    value = value[np.isfinite(value)]
    n = value.size - 1
    gain = float(value[0] - value.min())
    if noise is not None:
        return float(probability_of_luck(gain, n, noise)), "noise"
    seen = repeats(log)
    freedom = seen.n_measurements - seen.n_commits
    if freedom > 0 and seen.std > 0:
        return float(probability_of_luck(gain, n, seen.std, freedom=freedom)), "repeats"
    best = np.minimum.accumulate(value)
    return probability_of_records(int((np.diff(best) < 0).sum()), n), "records"
