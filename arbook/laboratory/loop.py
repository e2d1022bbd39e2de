"""The loop: a task, a proposer, a keep rule and a budget make a log, and the truth beside it."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from arbook._numerics.memory import check_size
from arbook._numerics.ranges import count, instance
from arbook._numerics.seeds import Seed, child, seed_sequence
from arbook._numerics.validation import FloatArray, IntArray, ParameterError, file_name, refuse
from arbook.laboratory.proposers import (
    Changes,
    OnePlusOne,
    Proposer,
    RandomSearch,
    TimidAgent,
    a_proposer,
)
from arbook.laboratory.tasks import Task
from arbook.model.judges import Decision, KeepRule, a_rule
from arbook.model.run import RunLog
from arbook.noise import Confirm, Ladder, LearntMean, Margin, PosteriorMean

# Both begin with a method start, so only their classes tell which is in the other's place.
_PROPOSERS: tuple[type, ...] = (Changes, OnePlusOne, RandomSearch, TimidAgent)
_RULES: tuple[type, ...] = (Confirm, Ladder, LearntMean, Margin, PosteriorMean)

# Bytes for each experiment of a run, beside its configuration.
_BYTES_AN_EXPERIMENT = 500

#: Digits behind the point of a measurement, as the scripts of real loops print it.
DIGITS = 6


@dataclass(frozen=True, eq=False, repr=False)
class LabRun:
    """A run in the laboratory: what its log says, and what is true.

    Parameters
    ----------
    task : Task
        What was to be improved.
    log : RunLog
        The log as a real loop would have written it; row 0 is the baseline. Where a variant was
        measured several times, the mean.
    theta : ndarray, shape (N + 1, d)
        What was tried, as points of the unit cube.
    logged : ndarray, shape (N + 1,)
        The metric that the keep rule took the incumbent to have.
    spent : ndarray of int, shape (N + 1,)
        Measurements so far, the baseline's not counted.

    See Also
    --------
    run : Makes it.

    Examples
    --------
    >>> from arbook.laboratory import RandomSearch, Sphere
    >>> one = run(Sphere(3, noise=0.1), RandomSearch(), experiments=20, seed=1)
    >>> one.true.shape, bool(one.true[-1] <= 1.5)
    ((21,), True)
    """

    task: Task
    log: RunLog
    theta: FloatArray
    logged: FloatArray
    spent: IntArray

    @property
    def incumbent(self) -> IntArray:
        """Of each row, the row whose configuration was the incumbent after it, shape (N + 1,)."""
        rows = np.where(self.log.status == "keep", np.arange(self.log.value.size), 0)
        return np.asarray(np.maximum.accumulate(rows))

    @cached_property
    def true(self) -> FloatArray:
        """True metric of the incumbent after each row, shape (N + 1,). It can rise."""
        rows, place = np.unique(self.incumbent, return_inverse=True)
        return np.asarray(self.task.truth(self.theta[rows]))[place]

    @property
    def curse(self) -> float:
        """Winner's curse at the end, the true metric minus the logged one."""
        return float(self.true[-1] - self.logged[-1])

    def __repr__(self) -> str:
        n, kept = self.log.n_experiments, int((self.log.status[1:] == "keep").sum())
        return (
            f"LabRun({self.task.name}: {kept} of {n} kept, in the log {self.logged[-1]:.6g}, in "
            f"truth {self.true[-1]:.6g})"
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the log as a results.tsv, which `arbook.logs.read_log` and the command read.

        Parameters
        ----------
        path : str or path
            The file.
        """
        rows = [f"experiment\t{self.log.metric}\tstatus\tdescription"]
        for number, (value, status, words) in enumerate(
            zip(self.log.value, self.log.status, self.log.description, strict=True)
        ):
            said = "" if math.isnan(value) else f"{value:.{DIGITS}f}"
            rows.append(f"{number}\t{said}\t{status}\t{words}")
        Path(file_name("path", path)).write_text("\n".join(rows) + "\n", encoding="utf-8")


def run(
    task: Task,
    proposer: Proposer,
    keep_rule: KeepRule | None = None,
    experiments: int = 100,
    seed: Seed = None,
) -> LabRun:
    """Run a loop: propose, measure, decide.

    Parameters
    ----------
    task : Task
        What is to be improved: `Surrogate`, `Sphere`, `LanguageModel`, or one of your own.
    proposer : Proposer
        What is tried: `RandomSearch`, `OnePlusOne`, `TimidAgent`, `Changes`, `CmaEs`, or an object
        with the same methods.
    keep_rule : arbook.noise.KeepRule, optional
        What decides; default: `arbook.noise.Margin()`, the plain rule.
    experiments : int, default 100
        Number of experiments after the baseline, >= 1.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.

    Returns
    -------
    LabRun
        The log, and the truth beside it.

    Raises
    ------
    ParameterError
        If an argument is not what it should be, or the baseline crashes.
    ImportError
        If the proposer needs a package that is not there.

    Notes
    -----
    Proposals and measurements have a stream of luck each, so that two keep rules see the same
    proposals as long as they decide alike. Measurements are rounded to six digits behind the
    point, as real logs have them.

    Examples
    --------
    >>> from arbook.laboratory import OnePlusOne, Surrogate
    >>> from arbook.landscapes import Decay
    >>> night = run(Surrogate(), OnePlusOne(Decay(0.08, 0.98)), experiments=60, seed=1)
    >>> night.log.n_experiments, bool(night.true[-1] < 0.991)
    (60, True)
    """
    instance("task", task, Task)  # type: ignore[type-abstract]
    if isinstance(proposer, _RULES):
        raise refuse("proposer", proposer, "a proposer, such as RandomSearch(), and no keep rule")
    if isinstance(keep_rule, _PROPOSERS):
        raise refuse("keep_rule", keep_rule, "a keep rule, such as Margin(), and no proposer")
    agent = a_proposer("proposer", proposer).start(task.space)
    rule = Margin() if keep_rule is None else a_rule("keep_rule", keep_rule)
    n = count("experiments", experiments)
    check_size("experiments", n, _BYTES_AN_EXPERIMENT + 8 * len(task.space))
    source = seed_sequence(seed)
    choice, luck = (np.random.default_rng(s) for s in (child(source, 0), child(source, 1)))

    def measured(theta: FloatArray) -> float:
        return round(float(task.measure(theta, luck)), DIGITS)

    best = task.space.start
    y = measured(best)
    if not math.isfinite(y):
        raise ParameterError(f"task must have a baseline that does not crash, got {task.name}")
    judge = rule.start(y)
    tried, values, logged = np.tile(best, (n + 1, 1)), np.full(n + 1, y), np.full(n + 1, y)
    spent = np.zeros(n + 1, dtype=np.int64)
    status, words = ["keep"], ["baseline"]
    for t in range(n):
        theta = agent.propose(best, choice)
        seen = [measured(theta)]
        while (decided := judge.decide(t, seen[-1])) == Decision.AGAIN:
            seen.append(measured(theta))
        y, kept = float(np.mean(seen)), bool(decided == Decision.KEEP)
        agent.learn(theta, y, kept)
        status.append("keep" if kept else "discard" if math.isfinite(y) else "crash")
        words.append(task.space.difference(best, theta))
        best = theta if kept else best
        tried[t + 1], values[t + 1], logged[t + 1] = theta, y, judge.incumbent
        spent[t + 1] = spent[t] + len(seen)
    log = RunLog(
        value=values.round(DIGITS),
        status=np.array(status),
        description=tuple(words),
        metric=task.metric,
        source=f"laboratory, {task.name}",
        best=best,
        unit=task.unit,
    )
    return LabRun(task, log, tried, logged, spent)
