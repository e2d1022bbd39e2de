r"""What to do with a new measurement: keep the variant, discard it, or measure it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.ranges import Array, Real
from arbook._numerics.units import unit_of
from arbook._numerics.validation import FloatArray, plain_array
from arbook.model.run import RunLog
from arbook.noise import Decision, learn
from arbook.runs.cells import LARGEST_METRIC
from arbook.runs.changes import TRIM, known_noise, trace

_VALUES = Array(Real(-LARGEST_METRIC, LARGEST_METRIC), ndim=1)


@dataclass(frozen=True, repr=False)
class Judgement:
    r"""What a log so far says of a new measurement.

    Parameters
    ----------
    decision : Decision
        KEEP, DISCARD, or AGAIN: measure the variant once more.
    probability : float
        Probability that the variant is truly better than the incumbent.
    gain : float
        Expected true improvement in the metric's unit; negative if it is worse.
    logged_gain : float
        Improvement on the incumbent's logged value.
    worth_again : float
        Expected true improvement that one more measurement of the variant brings.
    worth_next : float
        Expected true improvement of the next variant, measured once. It is better to measure
        again where `worth_again` is more.
    incumbent, incumbent_std : float
        Expected true metric of the incumbent, and the standard deviation about it.
    noise : float
        Standard deviation of a measurement, given or expected.

    See Also
    --------
    judge : Makes it.

    Examples
    --------
    >>> from arbook import logs
    >>> logs.judge(logs.load_run("h100-mar8"), 0.9680, noise=0.0005).decision.name
    'KEEP'
    """

    decision: Decision
    probability: float
    gain: float
    logged_gain: float
    worth_again: float
    worth_next: float
    incumbent: float
    incumbent_std: float
    noise: float

    def __repr__(self) -> str:
        return (
            f"Judgement({self.decision.name}: better with {self.probability:.0%}, "
            f"expected true gain {self.gain:.3g})"
        )


def judge(
    log: RunLog,
    value: ArrayLike,
    *,
    noise: float | str = "estimate",
    trim: float | None = TRIM,
) -> Judgement:
    r"""Say whether a variant that was just measured should be kept.

    Law: Posterior keep rule. KEEP exactly if the variant's true metric is expected to be better
    than the incumbent's, given the whole log; but first measure again where that is worth more
    than the next experiment.

    Parameters
    ----------
    log : RunLog
        The run so far, with at least two measured changes; what `value` belongs to is not in it.
    value : float or array of float
        Measurement of the variant, or all measurements of it, of a size that a log may hold:
        in [-1e+100, 1e+100].
    noise : float or "estimate", default "estimate"
        Standard deviation :math:`\nu` of a measurement in the metric's unit, > 0 and at most a
        thousand times the largest change; without it, what the log tells of it is used with all its
        doubt.
    trim : float or None, default 10
        Rule for catastrophes in the log, as for `fit`.

    Returns
    -------
    Judgement
        The decision, with what it rests on.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the log has too few changes.

    Notes
    -----
    The worth of a measurement is its knowledge gradient [1]_.

    References
    ----------
    .. [1] P. I. Frazier, W. B. Powell and S. Dayanik, "A knowledge-gradient policy for sequential
       information collection", SIAM Journal on Control and Optimization 47, 2410-2439, 2008.

    Examples
    --------
    >>> from arbook import logs
    >>> run = logs.load_run("h100-mar8")
    >>> float(run.frontier[-1]), logs.judge(run, 0.9694, noise=0.0005).decision.name
    (0.969686, 'AGAIN')
    """
    plain = plain_array(value)
    values = _VALUES("value", value if plain is None else np.atleast_1d(plain))
    seen = trace(log, trim=trim)
    known = known_noise(noise, seen)
    unit = unit_of(seen.changes)  # one in which variances are neither 0 nor infinite
    seen, values = seen.in_unit(unit), values / unit
    said = learn(seen, None if known is None else known / unit)
    before = said.belief(seen)
    trial = said.trial(seen, log._sign * values)
    after = trial.discarded.trial(said.mu, said.sigma(seen.y.size + 1))

    def mean(of: Any) -> float:
        return float(said.weight @ of)

    gain, again = mean(trial.gain), mean(trial.worth_again(said.noise))
    following = mean(after.worth_again(said.noise) + np.maximum(after.gain, 0.0))
    decision = Decision.KEEP if gain > 0 else Decision.DISCARD
    middle = mean(before.mean)
    spread: FloatArray = np.asarray(before.variance + (before.mean - middle) ** 2)
    return Judgement(
        decision=Decision.AGAIN if again > following else decision,
        probability=min(mean(trial.better), 1.0),  # weights add up to 1 but for rounding
        gain=unit * gain,
        logged_gain=unit * float(seen.last_of_all - log._sign * values.mean()),
        worth_again=unit * again,
        worth_next=unit * following,
        incumbent=unit * log._sign * middle,
        incumbent_std=unit * float(np.sqrt(mean(spread))),
        noise=unit * said.mean("noise"),
    )
