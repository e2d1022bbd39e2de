"""How the keep rate changes along a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.normal import NORMAL_95
from arbook._numerics.ranges import Array, natural
from arbook._numerics.validation import FloatArray, IntArray, instances
from arbook.model.run import RunLog


@dataclass(frozen=True, eq=False)
class KeepRates:
    r"""Keep rates by position, with 95 % intervals.

    Parameters
    ----------
    edges : ndarray of int, shape (B + 1,)
        Bin b holds the experiments ``edges[b] <= t < edges[b + 1]``.
    kept, n : ndarray of int, shape (B,)
        Keeps and experiments in each bin.
    rate : ndarray, shape (B,)
        Keep rates; nan where a bin is empty.
    low, high : ndarray, shape (B,)
        Ends of the 95 % intervals; 0 and 1 where a bin is empty.

    See Also
    --------
    keep_rate_by_position : Makes them.

    Examples
    --------
    >>> from arbook import logs
    >>> run = logs.load_run("h100-mar8")
    >>> rates = logs.keep_rate_by_position(run, [0, 10, 125])
    >>> rates.kept, rates.n
    (array([ 8, 14]), array([ 10, 115]))
    """

    edges: IntArray
    kept: IntArray
    n: IntArray
    rate: FloatArray
    low: FloatArray
    high: FloatArray


def keep_rate_by_position(log: RunLog | Iterable[RunLog], edges: ArrayLike) -> KeepRates:
    r"""Return the share of kept experiments by their position in the run.

    Parameters
    ----------
    log : RunLog or iterable of RunLog
        One run, or several that are counted together. Experiments are counted from 0 after the
        baseline; crashes are experiments.
    edges : sequence of int
        Edges of the bins, >= 0, increasing, at least two.

    Returns
    -------
    KeepRates
        Counts, rates and intervals.

    Raises
    ------
    ParameterError
        If `log` is no run, or `edges` are not rising integers >= 0.

    Notes
    -----
    The interval for k keeps among n experiments is Wilson's [1]_: with z = 1.96 its centre is
    :math:`(k + z^2/2)/(n + z^2)` and its half width
    :math:`z\sqrt{k(n-k)/n + z^2/4}/(n + z^2)`. Unlike rate ± 1.96 standard errors it stays
    within [0, 1] and does not shrink to a point when nothing was kept.

    References
    ----------
    .. [1] E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
       Journal of the American Statistical Association 22, 209-212, 1927.

    Examples
    --------
    >>> from arbook import logs
    >>> run = logs.load_run("h100-mar8")
    >>> rates = logs.keep_rate_by_position(run, [0, 10, 25, 50, 125])
    >>> rates.rate.round(2)
    array([0.8 , 0.2 , 0.08, 0.12])
    >>> rates.low.round(2), rates.high.round(2)
    (array([0.49, 0.07, 0.02, 0.06]), array([0.94, 0.45, 0.25, 0.21]))
    """
    logs = instances("log", log, RunLog, least=0, one=True)
    edge = Array(natural, ndim=1, least=2, increasing=True)("edges", edges)
    kept, n = np.zeros(edge.size - 1, dtype=np.int64), np.zeros(edge.size - 1, dtype=np.int64)
    for one in logs:
        outcomes = one.outcomes
        t = np.arange(outcomes.size)
        n += np.histogram(t, bins=edge - 0.5)[0]
        kept += np.histogram(t[outcomes == "keep"], bins=edge - 0.5)[0]
    z = NORMAL_95
    some = np.maximum(n, 1)
    centre = (kept + z * z / 2) / (n + z * z)
    half = z * np.sqrt(kept * (n - kept) / some + z * z / 4) / (n + z * z)
    return KeepRates(
        edges=edge,
        kept=kept,
        n=n,
        rate=np.where(n > 0, kept / some, np.nan),
        low=np.clip(centre - half, 0.0, 1.0),
        high=np.clip(centre + half, 0.0, 1.0),
    )
