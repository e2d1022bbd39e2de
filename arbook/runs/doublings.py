"""How the gain of runs is spread over doublings of their length: the law of doublings in logs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from arbook._numerics.ranges import Integer
from arbook._numerics.validation import FloatArray, instances, refuse
from arbook.model.run import RunLog, unbroken
from arbook.model.urn import LEAST_TAIL
from arbook.runs.gaining import gains
from arbook.runs.scales import scaled


def gain_by_doubling(log: RunLog, doublings: int = 4) -> FloatArray:
    """Return the share of a run's gain that each doubling of its length brought.

    Parameters
    ----------
    log : RunLog
        A run that improved its metric, with `2 ** doublings` experiments or more.
    doublings : int, default 4
        Number of doublings, in 1 ... 20.

    Returns
    -------
    ndarray
        Shares of the gain, shape (doublings + 1,): that of the first part, which is
        `2 ** -doublings` of the run, and of each doubling after it. They add up to 1.

    Raises
    ------
    ParameterError
        If `log` is no run, restarts or gained nothing, or `doublings` is outside its range or too
        many for a run of this length.

    See Also
    --------
    tail_index : What they say of many runs.

    Examples
    --------
    >>> from arbook import logs
    >>> logs.gain_by_doubling(logs.load_run("h100-mar8")).round(2)
    array([0.79, 0.09, 0.01, 0.01, 0.11])
    """
    return shares_of("log", log, doublings)


def shares_of(name: str, log: RunLog, doublings: int) -> FloatArray:
    """Return the shares of a run, which errors call by the name of the argument that it came in."""
    log, doublings = unbroken(log), Integer(1, 20)("doublings", doublings)
    n = log.n_experiments
    if not log.gain > 0:
        raise refuse(name, log, "a run with a gain")
    if n < 2**doublings:
        most = f"few enough for a run of {n} experiments, of which 2 to this power are needed"
        raise refuse("doublings", doublings, most)
    return np.asarray(np.abs(np.diff(log.frontier[ends_of(n, doublings)])) / log.gain)


def ends_of(n: int, doublings: int) -> list[int]:
    """Return the start of a run, and the ends of its first part and of each doubling."""
    return [0, *(round(n / 2**k) for k in range(doublings, -1, -1))]


def tail_index(runs: Iterable[RunLog] | RunLog) -> float:
    r"""Return the tail index of the urn whose gains fall as those of runs do.

    Parameters
    ----------
    runs : iterable of RunLog, or RunLog
        Runs without restarts, of which at least one improved its metric.

    Returns
    -------
    float
        :math:`\xi` in [-2, 1): gain per experiment falls like :math:`t^{-(1 - \xi)}`, and a
        doubling brings :math:`2^\xi` times as much as the one before it.

    Raises
    ------
    ParameterError
        If `runs` holds something else, none, or none that improved.

    See Also
    --------
    gain_by_doubling : The shares of one run.
    arbook.expected_urn_gain : The urn.

    Notes
    -----
    Of a run's expected gain experiment t brings a share in proportion to
    :math:`\mathrm B(t + 1, 1 - \xi)`; the index makes the shares most likely, with the run's own
    scale free and every run counted once. The metric is taken on the scale on which it changes.
    Shares of single runs are more even than those of their mean, so this is nearer to 0 than the
    index of the urn by up to a third.

    Examples
    --------
    >>> from arbook import logs
    >>> round(logs.tail_index(logs.atlas()), 2)
    0.09
    """
    found = [unbroken(run) for run in instances("runs", runs, RunLog, one=True)]
    each = [size for run in found if (size := improvements(run)).sum() > 0]
    if not each:
        raise refuse("runs", found, "at least one run that improved its metric")
    return index_of([size / size.sum() for size in each])


def improvements(run: RunLog) -> FloatArray:
    """Return the improvement of each experiment, on the scale on which the metric changes."""
    return np.nan_to_num(scaled(run).log.improvement)


def in_units(run: RunLog) -> FloatArray:
    """Return the improvements in units of the run's usual change."""
    return improvements(run) / gains(scaled(run).log, 1.0).unit


def index_of(weights: Sequence[FloatArray], first: int = 1) -> float:
    """Return the index under which the weights of experiments are most likely, from one on."""
    from scipy.optimize import minimize_scalar
    from scipy.special import gammaln

    longest = max(w.size for w in weights)
    t = np.arange(first, longest + 1.0)
    total = np.zeros(t.size)
    gain = np.zeros(t.size)  # what all runs gained at t
    for w in weights:
        rest = w[first - 1 :]
        gain[: rest.size] += rest
        if rest.size:
            total[rest.size - 1] += rest.sum()  # what was gained by the runs that end here

    def cost(xi: float) -> float:
        log_share = gammaln(t + 1) - gammaln(t + 2 - xi)
        top = log_share.max()
        return float(total @ (top + np.log(np.cumsum(np.exp(log_share - top)))) - gain @ log_share)

    found: Any = minimize_scalar(cost, bounds=(LEAST_TAIL, 1 - 1e-6), method="bounded")
    return float(found.x)


def log_likelihoods(run: RunLog) -> tuple[float, float]:
    """Return how likely a run's improvements are as a power of t, and as a geometric decline.

    Both have a line for the log odds of an improvement and one for the log of its size, whose
    errors are normal: in the logarithm of t, and in t.
    """
    size = improvements(run)
    u = np.log1p(np.arange(1, size.size + 1.0))
    return _hurdle(size, u), _hurdle(size, np.arange(1.0, size.size + 1))


#: Fewest improvements whose sizes are judged: a line has two numbers, its errors a third.
_FEWEST = 4


def _hurdle(size: FloatArray, x: FloatArray) -> float:
    x = (x - x.mean()) / x.std()
    better = size > 0
    found = _odds(better.astype(float), x)
    if better.sum() < _FEWEST:
        return found
    at = np.column_stack([np.ones(int(better.sum())), x[better]])
    y = np.log(size[better])
    rest = y - at @ np.linalg.lstsq(at, y, rcond=None)[0]
    return found - y.size / 2 * float(np.log(max(float(rest @ rest) / y.size, 1e-12)))


def _odds(better: FloatArray, x: FloatArray) -> float:
    """Return the largest log likelihood of a logistic line."""
    from scipy.optimize import minimize

    def cost(p: FloatArray) -> tuple[float, FloatArray]:
        logit = p[0] + p[1] * x
        miss = 1 / (1 + np.exp(-logit)) - better
        value = np.logaddexp(0.0, logit).sum() - better @ logit
        return float(value), np.array([miss.sum(), miss @ x])

    found: Any = minimize(cost, np.zeros(2), jac=True, method="BFGS")
    return -float(found.fun)
