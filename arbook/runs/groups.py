"""Two groups of runs: which gains more, and whether so few runs can tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from arbook._numerics.normal import NORMAL_95
from arbook._numerics.ranges import Integer, OrNone
from arbook._numerics.validation import FloatArray, Verbatim, instances, refuse
from arbook.model.run import RunLog, unbroken
from arbook.programs.power import nights_needed

# Two-sided chance below which a difference is not put down to luck.
_LEVEL = 0.05

# Differences that are larger, in spreads, are found as soon.
_LARGEST = 1e3

# Steps of the search for the ends of an interval of a probability.
_STEPS = 4001


@dataclass(frozen=True, eq=False, repr=False)
class GroupComparison:
    """Gains of two groups of runs after the same number of experiments.

    Parameters
    ----------
    budget : int
        Number of experiments after which all runs are compared: that of the shortest.
    first, second : ndarray
        Gain of each run after so many, in the metric's unit.
    difference : float
        Mean gain of the first group less that of the second.
    interval : tuple of float
        95 % interval of the difference over runs (Welch); infinite with fewer than two runs in a
        group.
    superiority : float
        Share of pairs in which the run of the first group gained more, ties counted half.
    superiority_interval : tuple of float
        95 % interval of the probability that it estimates.
    p_value : float
        Chance of so large a difference in ranks, either way, if runs had been dealt to the groups
        at random.
    runs_needed : float
        Runs in each group with which a difference as large as this one is found with 80 %; nan
        where the spread of runs is unknown, infinite where there is no difference.

    See Also
    --------
    compare_groups : Makes it.

    Examples
    --------
    >>> from arbook import logs
    >>> run = logs.load_run("h100-mar8")
    >>> said = logs.compare_groups([run], [logs.load_run("pr109-loop")])
    >>> said.budget, said.winner
    (115, None)
    """

    budget: int
    first: FloatArray
    second: FloatArray
    difference: float
    interval: tuple[float, float]
    superiority: float
    superiority_interval: tuple[float, float]
    p_value: float
    runs_needed: float

    @property
    def winner(self) -> int | None:
        """0 or 1, the group that gains more; None where the runs do not tell."""
        low, high = self.interval
        if self.p_value > _LEVEL or not (low > 0 or high < 0):
            return None
        return 0 if self.difference > 0 else 1

    def __repr__(self) -> str:
        low, high = self.interval
        return (
            f"GroupComparison({self.first.size} and {self.second.size} runs after {self.budget} "
            f"experiments: difference {self.difference:.4g}, {low:.4g} to {high:.4g}; "
            f"superiority {self.superiority:.2f})"
        )


def compare_groups(
    first: Iterable[RunLog], second: Iterable[RunLog], *, budget: int | None = None
) -> GroupComparison:
    r"""Compare the gains of two groups of runs after the same number of experiments.

    Parameters
    ----------
    first, second : iterable of RunLog
        Runs of one task, with one direction and without restarts. Of a run with restarts, take a
        segment.
    budget : int, optional
        Number of experiments, >= 1 and at most that of the shortest run, which is the default.

    Returns
    -------
    GroupComparison
        The difference with its interval, and the probability of superiority.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    A run is one draw, however many experiments it has. With one run in each group nothing is known
    of how much runs differ, and there is no winner; the test of ranks [1]_ names none below four
    and four. The interval of the probability of superiority is Newcombe's fifth [2]_.

    References
    ----------
    .. [1] H. B. Mann and D. R. Whitney, "On a test of whether one of two random variables is
       stochastically larger than the other", Annals of Mathematical Statistics 18, 50-60, 1947.
    .. [2] R. G. Newcombe, "Confidence intervals for an effect size measure based on the
       Mann-Whitney statistic, part 2", Statistics in Medicine 25, 559-573, 2006.

    Examples
    --------
    >>> from arbook import logs
    >>> runs = {source: run for source, run in zip(logs.sources().values(), logs.atlas())}
    >>> own = {s: r for s, r in runs.items() if s.repository == "ewijaya/autoresearch-mol"}
    >>> agents = [r for s, r in own.items() if s.kind == "LLM agent" and r.n_experiments == 99]
    >>> chance = [r for s, r in own.items() if s.kind == "random search"]
    >>> compare_groups(agents, chance).budget
    99
    """
    groups = [instances(name, runs, RunLog) for name, runs in
              (("first", first), ("second", second))]  # fmt: skip
    runs = [unbroken(run) for group in groups for run in group]
    if len({run.direction for run in runs}) > 1:
        raise refuse("second", Verbatim("both directions"), "runs of the direction of the first")
    for name, group in zip(("first", "second"), groups, strict=True):
        if not all(np.isfinite(run.f0) for run in group):
            raise refuse(name, Verbatim("one without"), "runs with a measured baseline")
    shortest = min(run.n_experiments for run in runs)
    if shortest < 1:
        raise refuse("first", Verbatim("a run without any"), "runs with an experiment")
    budget = OrNone(Integer(1, shortest))("budget", budget) or shortest
    a, b = (np.array([run.first(budget).gain for run in group]) for group in groups)
    a, b = (np.nan_to_num(x) for x in (a, b))  # a run whose baseline comes later gained nothing
    half, needed = _welch(a, b)
    difference = float(a.mean() - b.mean())
    pairs = np.sign(a[:, None] - b[None, :])
    share = float((pairs + 1).mean() / 2)
    return GroupComparison(
        budget=budget,
        first=a,
        second=b,
        difference=difference,
        interval=(difference - half, difference + half),
        superiority=share,
        superiority_interval=_newcombe(share, a.size, b.size),
        p_value=_ranks(a, b),
        runs_needed=needed,
    )


def _welch(a: FloatArray, b: FloatArray) -> tuple[float, float]:
    """Return half the width of the interval, and the runs in each group that would settle it."""
    from scipy.stats import t

    if min(a.size, b.size) < 2:
        return float("inf"), float("nan")
    parts = np.array([a.var(ddof=1) / a.size, b.var(ddof=1) / b.size])
    if not parts.sum() > 0:
        return 0.0, 2.0
    freedom = parts.sum() ** 2 / (parts**2 / np.array([a.size - 1, b.size - 1])).sum()
    spread = a.var(ddof=1) + b.var(ddof=1)
    difference = abs(float(a.mean() - b.mean()))
    with np.errstate(over="ignore"):
        effect = np.minimum(difference / np.sqrt(spread / 2), _LARGEST)
    return float(t.ppf(0.975, freedom) * np.sqrt(parts.sum())), nights_needed(float(effect), 1.0)


def _newcombe(share: float, m: int, n: int) -> tuple[float, float]:
    """Return the probabilities from which the share is less than 1.96 standard errors away."""
    p = np.linspace(0.0, 1.0, _STEPS)
    extra = ((m + n) / 2 - 1) * ((1 - p) / (2 - p) + p / (1 + p))
    error = np.sqrt(p * (1 - p) * (1 + extra) / (m * n))
    near = p[np.abs(share - p) <= NORMAL_95 * error + 1e-12]
    return float(near.min()), float(near.max())


def _ranks(a: FloatArray, b: FloatArray) -> float:
    from scipy.stats import mannwhitneyu

    if np.ptp(np.concatenate([a, b])) == 0:
        return 1.0
    exact = a.size * b.size <= 400 and np.unique(np.concatenate([a, b])).size == a.size + b.size
    found: Any = mannwhitneyu(a, b, method="exact" if exact else "asymptotic")
    return float(found.pvalue)
