"""What real runs say of the length of an experiment: ``python -m arbook.runs.lengths TABLE``.

It writes ``arbook/data/lengths.json``: how long trials of the contest took, from a table of them
that is no part of the package; and the noise that is read from four searches of the atlas, two with
experiments of one minute and two of five.
"""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from arbook._numerics.normal import NORMAL_95
from arbook._numerics.rounding import to_digits
from arbook._numerics.shipped import read_shipped, shipped_path
from arbook._numerics.validation import FloatArray
from arbook.model.parameters import Parameters
from arbook.model.run import RunLog, unbroken
from arbook.noise.learning import DECAY, learn
from arbook.noise.simulation import simulate_noisy
from arbook.runs.atlas import entries
from arbook.runs.changes import trace
from arbook.runs.fitting import fit
from arbook.runs.library import load_run

FILE = "lengths.json"

# A decay so many standard deviations from the mean of a weak prior is not believed of a log with
# fewer changes.
_ABSURD, _LONG = 5.0, 40

#: Searches on one task, by the minutes that their experiments train.
SEARCHES = {
    1: ("menzhse-autoresearch-cifar10-1", "menzhse-autoresearch-cifar10-2"),
    5: ("menzhse-autoresearch-cifar10-3", "menzhse-autoresearch-cifar10-4"),
}

# Runs that tell what parameters promise, fewer where they are long.
_RUNS, _EXPERIMENTS = 1000, 200_000

# A promise that is so many times too large, or too small, is none.
_FAR = 1.25

#: Agents of rounds for which it is told how long machines are idle.
TEAMS = (2, 4, 8)


@cache
def opening_night() -> dict[str, float]:
    """Return step size, decay rate, bias and noise that fit the opening night."""
    text = read_shipped(FILE)
    return dict(json.loads(text)["opening night"])


def estimates_of(log: RunLog | None, noise: float | None) -> tuple[dict[str, float], str]:
    """Return the estimates of a log, or the opening night if there is none, and whose they are.

    A noise that is not known is estimated, too. The first changes of a run are often the best and
    the largest, so a short log may suggest steps that are gone at once, or changes that gain on
    average; then weak priors have a say, and a bias for the better is not believed.
    """
    if log is None:
        return dict(opening_night()), "the opening night"
    unbroken(log)
    found = fit(log, noise="estimate" if noise is None else noise)
    off = abs(np.log(found.estimates["gamma"]) - DECAY[0]) / DECAY[1]
    usual = off < _ABSURD and found.estimates["mu"] >= 0
    if usual or found.n_changes >= _LONG or noise == 0:
        return found.estimates, "the log"
    said = learn(trace(log), noise)
    held = {name: said.mean(name) for name in ("sigma0", "gamma", "mu", "noise")}
    held["mu"] = max(held["mu"], 0.0)
    return held, "the log, held by weak priors, as it is too short to tell them"


@dataclass(frozen=True)
class Promise:
    """What parameters promise of the very experiments that they are fitted to, and what came.

    Parameters
    ----------
    experiments : int
        Experiments of the log.
    expected : float
        Mean logged gain of as many in simulated runs with the same noise, in the metric's unit.
    logged : float
        Gain of the log.
    """

    experiments: int
    expected: float
    logged: float

    @property
    def words(self) -> str:
        """Both gains in a sentence, and what follows where they are far apart."""
        close = self.logged / _FAR < self.expected < self.logged * _FAR
        return (
            f"Of the {self.experiments} experiments that they are fitted to, the same parameters "
            f"promise {self.expected:.3g}, and {self.logged:.3g} came"
            + ("." if close else ": gains of this kind compare ways, and are no forecast.")
        )


def promise(log: RunLog | None, seen: dict[str, float], noise: float) -> Promise:
    """Return what estimates promise of their own log, or of the opening night."""
    log = load_run("h100-mar8") if log is None else log
    p = Parameters(seen["sigma0"], seen["gamma"], seen["mu"], extended=True)
    n = log.n_experiments
    n_runs = max(1, min(_RUNS, _EXPERIMENTS // n))
    runs = simulate_noisy(p, n, n_runs, noise=noise, f0=0.0, seed=0)
    return Promise(n, -float(runs.logged[:, -1].mean()), log.gain)


def idle_share(seconds: FloatArray, agents: int) -> float:
    """Return the share of time in which machines wait for the slowest of a round.

    The durations of a round are drawn from those given.
    """
    at = np.arange(seconds.size + 1) / seconds.size
    longest = float(np.sort(seconds) @ np.diff(at**agents))
    return 1 - float(seconds.mean()) / longest


def seconds(table: Path) -> list[dict[str, Any]]:
    """Return how long the trials of each method took, and what rounds of them would waste."""
    with open(table, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))

    def method(row: dict[str, str]) -> str:
        return row["method"]

    found = []
    for name, trials in groupby(sorted(rows, key=method), method):
        each = list(trials)
        lasted = np.array([float(row["seconds"]) for row in each])
        crashed = np.array([row["success"] != "1" for row in each])
        found.append({
            "method": name,
            "trials": lasted.size,
            "crashes": int(crashed.sum()),
            "seconds of a crash": float(np.median(lasted[crashed])),
            "seconds of the others": np.quantile(lasted[~crashed], [0, 0.5, 1]).tolist(),
            "hours": float(lasted.sum()) / 3600,
            "hours in crashes": float(lasted[crashed].sum()) / 3600,
            "variation": float(lasted.std() / lasted.mean()),
            "idle": {str(k): idle_share(lasted, k) for k in TEAMS},
        })  # fmt: skip
    return found


def noises(family: str) -> dict[str, Any]:
    """Return the noise of each search with its 95 % interval, and one minute's over five's.

    The ratio is one of means of logarithms, weighted by what their intervals say of their errors.
    """
    found: dict[str, Any] = {}
    pooled = []
    for minutes, names in SEARCHES.items():
        logs, weights = [], []
        for name in names:
            made = fit(entries()[name][1], family=family, noise="estimate")
            low, high = made.interval("noise")
            found[name] = {
                "minutes": minutes,
                "noise": made.estimates["noise"],
                "interval": [low, high],
            }
            logs.append(np.log(made.estimates["noise"]))
            weights.append((np.log(high / low) / 2 / NORMAL_95) ** -2)
        pooled.append((np.average(logs, weights=weights), 1 / np.sum(weights)))
    (short, short_var), (long, long_var) = pooled
    half = NORMAL_95 * np.sqrt(short_var + long_var)
    ratio = np.exp(short - long + half * np.array([0, -1, 1])).tolist()
    return {"searches": found, "ratio": ratio[0], "interval": ratio[1:]}


def main(arguments: list[str]) -> int:
    """Write the file from the table that the command line names."""
    if len(arguments) != 1 or not (table := Path(arguments[0])).is_file():
        print("usage: python -m arbook.runs.lengths TABLE, with method, success and seconds")
        return 2
    made = {
        "seconds": seconds(table),
        "noise": noises("two-part"),
        "opening night": fit(load_run("h100-mar8"), noise="estimate").estimates,
    }
    path = shipped_path(FILE)
    path.write_text(json.dumps(to_digits(made, 4), indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
