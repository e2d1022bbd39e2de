"""The update rule, and the loop that it makes over any set of solutions.

This is the page to read first. An AutoResearch process keeps one solution, proposes one variant
of it at a time, and keeps the better of the two: a (1+1) evolution strategy with elitist
selection. Everywhere else in this package the perturbation model (`arbook.Parameters`) stands in
for the agent.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.memory import check_size
from arbook._numerics.ranges import Array, Real, count
from arbook._numerics.seeds import Seed, generator
from arbook._numerics.validation import ParameterError, broadcast, is_masked, refuse, shown
from arbook.model.judges import Decision, Judge, KeepRule, a_rule
from arbook.model.run import RunLog

Theta = TypeVar("Theta")

# Bytes that a row of a log takes at least.
_BYTES_A_ROW = 100


_METRICS = Array(Real(finite=False), text="a number or an array of numbers")


def keep(f_variant: ArrayLike, f_best: ArrayLike) -> Any:
    r"""Decide an experiment: KEEP exactly when the variant is strictly better.

    Law: Update rule. KEEP if :math:`f(\theta') < f(\theta^*)`, else DISCARD. A tie is a
    DISCARD, and so is a metric that is nan or infinite: that of a crash.

    Parameters
    ----------
    f_variant, f_best : float or array
        Metric of the variant and of the incumbent; lower is better.

    Returns
    -------
    bool or array of bool
        True for KEEP.

    Raises
    ------
    ParameterError
        If an argument is not numeric, is empty, or the shapes do not fit.

    Notes
    -----
    The elitist selection of a (1+1) evolution strategy [1]_.

    References
    ----------
    .. [1] H.-G. Beyer and H.-P. Schwefel, "Evolution strategies: a comprehensive introduction",
       Natural Computing 1, 3-52, 2002.

    Examples
    --------
    >>> keep(0.98, 0.99), keep(0.99, 0.99), keep(float("nan"), 0.99), keep(float("-inf"), 0.99)
    (True, False, False, False)
    """
    variant, best = _METRICS("f_variant", f_variant), _METRICS("f_best", f_best)
    variant, best = broadcast(("f_variant", variant), ("f_best", best))
    result = (variant < best) & np.isfinite(variant)
    return bool(result) if result.ndim == 0 else result


def autoresearch(
    objective: Callable[[Theta], float],
    propose: Callable[[Theta, np.random.Generator], Theta],
    theta0: Theta,
    n_experiments: int,
    *,
    seed: Seed,
    keep_rule: KeepRule | None = None,
) -> RunLog:
    r"""Run the update rule over any set of solutions.

    .. math::

        \theta^*_{t+1} = \begin{cases}
            \theta'_t  & \text{if } f(\theta'_t) < f(\theta^*_t) \quad\text{(KEEP)}\\
            \theta^*_t & \text{otherwise} \quad\text{(DISCARD)}
        \end{cases}

    Parameters
    ----------
    objective : callable
        :math:`f`, maps a solution to the metric; lower is better. Raising an `Exception`, or
        returning nan or an infinity, is a crash: it spends the experiment and leaves the
        incumbent as it was. `KeyboardInterrupt` is not caught.
    propose : callable
        ``propose(incumbent, rng)`` returns a variant. It must not change the incumbent in place.
    theta0 : object
        The baseline. It is measured first and is row 0 of the log.
    n_experiments : int
        Number of experiments N after the baseline, >= 1.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.
    keep_rule : arbook.noise.KeepRule, optional
        What decides in place of the update rule, for an objective that is noisy. It sees
        measurements only, and may ask for one more of a variant: a row then holds their mean.

    Returns
    -------
    RunLog
        ``n_experiments + 1`` rows (row 0 is the baseline), with the final incumbent in
        ``log.best``. If the baseline crashes, the first variant that has a metric is kept.

    Raises
    ------
    ParameterError
        If `objective` or `propose` is not callable, `n_experiments` is not a positive integer,
        `seed` is none, or `keep_rule` has no method `start`.

    Notes
    -----
    A (1+1) evolution strategy with elitist selection [1]_.

    References
    ----------
    .. [1] H.-G. Beyer and H.-P. Schwefel, "Evolution strategies: a comprehensive introduction",
       Natural Computing 1, 3-52, 2002.

    Examples
    --------
    >>> log = autoresearch(
    ...     objective=lambda x: x * x,
    ...     propose=lambda x, rng: x + rng.normal(),
    ...     theta0=3.0, n_experiments=4, seed=1)
    >>> log.status.tolist()
    ['keep', 'discard', 'discard', 'discard', 'keep']
    >>> bool(log.frontier[-1] < 9.0)
    True
    """
    if not callable(objective):
        raise refuse("objective", objective, "callable")
    if not callable(propose):
        raise refuse("propose", propose, "callable")
    n_experiments = count("n_experiments", n_experiments)
    check_size("n_experiments", n_experiments, _BYTES_A_ROW)
    rng = generator(seed)

    rule: KeepRule = _UpdateRule() if keep_rule is None else a_rule("keep_rule", keep_rule)
    judge: Judge | None = None
    best = theta0
    values, statuses, reasons = [], [], []
    for experiment in range(n_experiments + 1):
        variant = propose(best, rng) if experiment > 0 else theta0
        value, reason = _measure(objective, variant)
        kept = not math.isnan(value)
        if judge is not None:
            value, reason, kept = _judged(judge, experiment - 1, objective, variant, value, reason)
        elif kept:
            judge = rule.start(value)
        best = variant if kept else best
        status = "keep" if kept else "crash" if math.isnan(value) else "discard"
        values.append(value)
        statuses.append(status)
        reasons.append(reason)
    return RunLog(
        value=np.array(values),
        status=np.array(statuses),
        description=tuple(reasons),
        metric="f",
        best=best,
    )


class _UpdateRule:
    """The update rule as a rule that is started, and as the judge that this makes."""

    def start(self, baseline: ArrayLike) -> Judge:
        judge = _UpdateRule()
        judge.incumbent = baseline
        return judge

    def __init__(self) -> None:
        self.incumbent: Any = math.inf

    def decide(self, t: int, y: ArrayLike) -> Any:
        kept = keep(y, self.incumbent)
        self.incumbent = y if kept else self.incumbent
        return kept

    def refresh(self, y: ArrayLike) -> None:
        self.incumbent = y


def _judged(
    judge: Judge,
    t: int,
    objective: Callable[[Theta], float],
    variant: Theta,
    value: float,
    reason: str,
) -> tuple[float, str, bool]:
    """Return a variant's metric, why it has none, and whether it is kept, as the judge asks."""
    seen = [value]
    while (decided := judge.decide(t, seen[-1])) == Decision.AGAIN:
        value, reason = _measure(objective, variant)
        seen.append(value)
    return math.fsum(seen) / len(seen), reason, bool(decided == Decision.KEEP)


def _measure(objective: Callable[[Theta], float], theta: Theta) -> tuple[float, str]:
    """Return the metric and '', or nan and the reason of the crash."""
    try:
        value = objective(theta)
    except Exception as error:  # whatever the agent's code raises is a crash of the experiment
        return math.nan, f"{type(error).__name__}: {error}"
    try:
        if isinstance(value, (str, bytes, bool, np.bool_, np.timedelta64)) or is_masked(value):
            raise TypeError
        value = float(value)
    except (TypeError, ValueError, OverflowError):
        # Not a crash of an experiment but a mistake in the objective: say so at once.
        raise ParameterError(
            f"objective must return a number (or raise, for a crash), got {shown(value)}"
        ) from None
    if not math.isfinite(value):
        return math.nan, f"the metric is {value}"
    return value, ""
