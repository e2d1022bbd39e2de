r"""What a change does, measured directly: thousands of proposals from one incumbent.

A log shows one change from each incumbent, and only beside luck. In the laboratory the loop can be
held still: from one incumbent the proposer is asked again and again, and what comes of it is the
law of :math:`\delta` at that point of a run.

``python -m arbook.laboratory.measuring`` writes ``arbook/data/changes.json``: the sphere and the
surrogate in a minute, the language model in an hour.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.memory import check_size
from arbook._numerics.ranges import Integer, Options, instance
from arbook._numerics.rounding import to_digits
from arbook._numerics.seeds import Seed, generator
from arbook._numerics.shipped import read_shipped, shipped_path
from arbook._numerics.validation import FloatArray, refuse
from arbook.laboratory.language import LanguageModel
from arbook.laboratory.loop import run
from arbook.laboratory.proposers import OnePlusOne, Proposer, TimidAgent, a_proposer
from arbook.laboratory.sphere import Sphere
from arbook.laboratory.surrogate import Surrogate
from arbook.laboratory.tasks import Task
from arbook.landscapes import Decay
from arbook.model.parameters import Parameters
from arbook.noise import noisy_step

FILE = "changes.json"

#: Most measurements of a proposal.
_MOST_REPEATS = 1000

#: Resamples behind a standard error.
_RESAMPLES = 200

# Bytes for each proposal, beside its measurements.
_BYTES_A_PROPOSAL = 500


@dataclass(frozen=True)
class ChangeLaw:
    r"""What the changes from one incumbent are like; each number has its standard error beside it.

    Parameters
    ----------
    n : int
        Proposals.
    f : float
        The incumbent's true metric.
    crashed : float
        Share of proposals that crash.
    mean, mean_error : float
        Mean :math:`\mu` of the changes that do not crash; above 0 they harm on average.
    std, std_error : float
        Standard deviation :math:`\sigma` of the true changes.
    skewness, skewness_error : float
        Third standardised moment; 0 for a normal law.
    better, better_error : float
        Share of the proposals that did not crash which measured below the incumbent's true metric.
    gain, gain_error : float
        Mean true improvement of a proposal if what measures better is kept.
    normal_better, normal_gain : float
        The same two of a normal law with this mean and standard deviation, and this noise.
    noise : float
        Standard deviation of a measurement; 0 where the truth was asked.

    See Also
    --------
    measure_changes : Makes it.

    Examples
    --------
    >>> from arbook.laboratory import OnePlusOne, Sphere
    >>> from arbook.landscapes import Decay
    >>> task = Sphere(100)
    >>> law = measure_changes(task, task.space.start, OnePlusOne(Decay(0.002)), 500, seed=1)
    >>> abs(law.skewness) < 4 * law.skewness_error, law.crashed
    (True, 0.0)
    """

    n: int
    f: float
    crashed: float
    mean: float
    mean_error: float
    std: float
    std_error: float
    skewness: float
    skewness_error: float
    better: float
    better_error: float
    gain: float
    gain_error: float
    normal_better: float
    normal_gain: float
    noise: float


def measure_changes(
    task: Task,
    theta: ArrayLike,
    proposer: Proposer,
    n: int = 1000,
    repeats: int = 0,
    seed: Seed = None,
) -> ChangeLaw:
    r"""Ask a proposer many times for a change of one incumbent, and return the law of changes.

    Parameters
    ----------
    task : Task
        The task.
    theta : array of float, shape (d,)
        The incumbent, a point of the unit cube.
    proposer : Proposer
        What proposes; it is told nothing of what became of its proposals.
    n : int, default 1000
        Proposals, >= 20.
    repeats : int, default 0
        Measurements of each proposal, in 0 ... 1000, of which the first decides and the others say
        what is true; 0 asks for the truth instead, and else 2 are needed at least.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.

    Returns
    -------
    ChangeLaw
        Moments, shares and gains with standard errors.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or fewer than 10 proposals do not crash.

    Notes
    -----
    Standard errors come from 200 bootstrap resamples of the proposals [1]_; that of the incumbent's
    own metric, a mean of the task's many runs, is not among them. With repeats the noise is taken
    out of the standard deviation, and taken as symmetric in the skewness.

    References
    ----------
    .. [1] B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7,
       1-26, 1979.

    Examples
    --------
    >>> from arbook.laboratory import Surrogate, TimidAgent
    >>> task = Surrogate()
    >>> law = measure_changes(task, task.space.start, TimidAgent(), 300, seed=1)
    >>> law.gain < law.normal_gain  # which a normal law would promise
    True
    """
    instance("task", task, Task)  # type: ignore[type-abstract]
    point = task.space.points(theta)
    if point.ndim > 1:
        raise refuse("theta", theta, "one point")
    agent = a_proposer("proposer", proposer).start(task.space)
    n, repeats = Integer(20)("n", n), Integer(0, _MOST_REPEATS)("repeats", repeats)
    if repeats == 1:
        raise refuse("repeats", repeats, "0 or an integer >= 2")
    rng = generator(seed)
    check_size("n", n, _BYTES_A_PROPOSAL + 8 * len(task.space) * (repeats + 1))
    tried = np.array([agent.propose(point, rng) for _ in range(n)])
    f = float(task.truth(point))
    seen = (
        np.array([task.measure(tried, rng) for _ in range(repeats)])
        if repeats
        else np.tile(task.truth(tried), (2, 1))
    )
    change = (seen - f)[:, np.isfinite(seen).all(axis=0)]
    if change.shape[1] < 10:
        raise refuse("proposer", proposer, "one of which at least 10 proposals do not crash")
    best = _moments(change)
    size = change.shape[1]
    drawn = rng.integers(0, size, (_RESAMPLES, size)).astype(np.intp)
    draws = [_moments(change[:, rows]) for rows in drawn]
    errors = {name: float(np.std([draw[name] for draw in draws])) for name in best}
    normal = noisy_step(
        Parameters(max(best["std"], 1e-12), 1.0, best["mean"], extended=True),
        0, best["noise"], known=True,
    )  # fmt: skip
    return ChangeLaw(
        n=n,
        f=f,
        crashed=1 - change.shape[1] / n,
        **{
            key: value
            for name in ("mean", "std", "skewness", "better", "gain")
            for key, value in ((name, best[name]), (f"{name}_error", errors[name]))
        },
        normal_better=float(normal.keep_probability),
        normal_gain=float(normal.true_gain),
        noise=best["noise"],
    )


def _moments(change: FloatArray) -> dict[str, float]:
    """Return what measured changes, shape (repeats, n), say of the law of the true ones."""
    mean = change.mean(axis=0)
    noise = float(np.sqrt(change.var(axis=0, ddof=1).mean()))
    about = mean - mean.mean()
    std = float(np.sqrt(max((about**2).mean() - noise**2 / len(change), 0.0)))
    kept = change[0] < 0
    return {
        "mean": float(mean.mean()),
        "noise": noise,
        "std": std,
        "skewness": float((about**3).mean() / std**3) if std else 0.0,
        "better": float(kept.mean()),
        "gain": float(np.where(kept, -change[1:].mean(axis=0), 0.0).mean()),
    }


#: What is measured: of each task the proposer of its runs, their length, after how many experiments
#: they are held still, how many there are; the steps that are asked there; proposals and repeats.
STUDY: dict[str, dict[str, Any]] = {
    "sphere": {
        "task": Sphere(14), "run": Decay(0.05, 0.985), "at": (0, 12, 50, 200), "runs": 10,
        "steps": (0.01, 0.02, 0.04), "n": 2000, "repeats": 0,
    },
    "automl": {
        "task": Surrogate(), "run": Decay(0.1, 0.985), "at": (0, 12, 50, 200), "runs": 10,
        "steps": (0.025, 0.05, 0.1), "n": 2000, "repeats": 0,
    },
    "language": {
        "task": LanguageModel(16), "run": Decay(0.1, 0.97), "at": (0, 15, 60), "runs": 3,
        "steps": (0.03, 0.1), "n": 60, "repeats": 2,
    },
}  # fmt: skip

#: What the changes of one knob at a time are called among the steps.
TIMID = "timid"


def study(name: str) -> Iterator[dict[str, Any]]:
    """Hold the runs of a task still, and return a row for each incumbent and proposer."""
    plan = STUDY[name]
    task: Task = plan["task"]
    proposers: dict[Any, Proposer] = {s: OnePlusOne(Decay(s)) for s in plan["steps"]}
    proposers[TIMID] = TimidAgent(0.1)
    for number in range(plan["runs"]):
        night = run(task, OnePlusOne(plan["run"]), None, max(plan["at"]), seed=number)
        for t in plan["at"]:
            theta = night.theta[night.incumbent[t]]
            for step, proposer in proposers.items():
                law = measure_changes(
                    task, theta, proposer, plan["n"], plan["repeats"], seed=1000 * number + t
                )
                yield {"task": name, "run": number, "t": t, "step": step, **asdict(law)}


@cache
def _shipped() -> list[dict[str, Any]]:
    text = read_shipped(FILE)
    rows: list[dict[str, Any]] = json.loads(text)
    return rows


def measured_changes(task: str) -> list[dict[str, Any]]:
    """Return what was measured of the changes of a task, a row for each incumbent and proposer.

    Parameters
    ----------
    task : {"sphere", "automl", "language"}
        Name of the task.

    Returns
    -------
    list of dict
        The run's number, t, the step (or "timid": one knob at a time), and the numbers of a
        `ChangeLaw`.

    Raises
    ------
    ParameterError
        If there is no such task.

    Examples
    --------
    >>> rows = measured_changes("automl")
    >>> sorted({row["t"] for row in rows})
    [0, 12, 50, 200]
    """
    Options(*STUDY)("task", task)
    return [dict(row) for row in _shipped() if row["task"] == task]


def main(arguments: list[str]) -> int:
    """Measure the tasks that the command line names, or all, and write the file."""
    if not set(arguments) <= set(STUDY):
        print(f"usage: python -m arbook.laboratory.measuring [{' | '.join(STUDY)}] ...")
        return 2
    path = shipped_path(FILE)
    rows = [] if not path.exists() else json.loads(path.read_text(encoding="utf-8"))
    for name in arguments or STUDY:
        others, fresh = [row for row in rows if row["task"] != name], []
        for row in study(name):
            print(*(f"{key} {value:.4g}" if isinstance(value, float) else f"{key} {value}"
                    for key, value in row.items()), flush=True)  # fmt: skip
            fresh.append(to_digits(row, 4))
            rows = others + fresh  # what was measured stays, whenever this ends
            lines = ",\n".join(json.dumps(row) for row in rows)
            path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
