"""How often 95 % intervals hold the truth where the log is of measurements with noise.

Hundreds of logs take hours, so what was counted is kept: `python -m benchmarks.intervals` counts on
where intervals.csv ends, the case with the fewest logs next, and may be stopped at any time;
`python -m benchmarks intervals` only makes the table of it. After a change of `arbook.logs.fit`
that moves its intervals, delete the file, or the lines of the cases concerned.
"""

import argparse
import csv
import os
import shlex
from itertools import accumulate
from pathlib import Path

import numpy as np

from arbook import ParameterError, RunLog
from arbook.logs import Fit, fit
from arbook.runs.families import families
from benchmarks._measure import Table

N = 120
STEP, GAMMA, MU = 0.0036, 0.988, 0.0005
#: Coordinates of gains and losses apart: odds and slope, then sizes and decays of gains and losses.
TWO_PART = np.array([1.875, -0.913, -6.2, -2.32, -6.12, -1.02])
#: Mean of the logarithms of a first gain and a first loss: the unit of the noise there.
TWO_PART_STEP = float(np.exp(TWO_PART[[2, 4]].mean()))
SKEWNESS = 1.6
#: Variance of the logarithm of a lognormal number with that skewness, which is
#: (exp(v) + 2) sqrt(exp(v) - 1).
LOG_VARIANCE = 0.2178
#: Variance of the logarithm of the spread where it comes in clusters, and how much of it stays.
CLUSTERS, STAYS = 0.25, 0.9

#: What was counted: a line for each parameter of a case, in which 1 stands for an interval that
#: holds the truth, 0 for one that does not, and x for a fit that is refused, log after log.
COUNTED = Path(__file__).with_name("intervals.csv")

#: Most logs of a case that are counted unless the caller says otherwise.
N_LOGS = 400

Case = tuple[str, str, float]

#: The normal family, which is told the noise.
NOISE_GIVEN = "normal, noise given"

#: What changes are, what is fitted, and the noise in steps: each that can be counted.
CASES: list[Case] = [
    ("normal", "normal", 0.0),
    ("normal", "normal", 0.3),
    ("normal", "normal", 1.0),
    ("skewed", "normal", 0.0),
    ("skewed", "normal", 0.3),
    ("skewed", "normal", 1.0),
    ("skewed", NOISE_GIVEN, 0.0),
    ("skewed", NOISE_GIVEN, 0.3),
    ("skewed", NOISE_GIVEN, 1.0),
    ("lognormal", "normal", 0.3),
    ("skewed to gains", "normal", 0.3),
    ("clustered", NOISE_GIVEN, 0.0),
    ("two-part", "two-part", 0.0),
    ("two-part", "two-part", 0.3),
    ("two-part", "two-part", 1.0),
]


def drawn(changes: str, rng: np.random.Generator) -> np.ndarray:
    """Return the true changes of a run."""
    t = np.arange(N)
    if changes == "two-part":
        return families()["two-part"].draw(TWO_PART, t, N, np.zeros(2), rng)
    unit = rng.standard_normal(N)
    if changes.startswith("skewed"):
        shape = (2 / SKEWNESS) ** 2
        unit = (rng.gamma(shape, size=N) - shape) / np.sqrt(shape)
    if changes == "skewed to gains":
        unit = -unit
    if changes == "lognormal":
        unit = np.exp(np.sqrt(LOG_VARIANCE) * unit) - np.exp(LOG_VARIANCE / 2)
        unit /= np.sqrt(np.exp(LOG_VARIANCE) * np.expm1(LOG_VARIANCE))
    if changes == "clustered":
        shocks = rng.normal(0, np.sqrt(CLUSTERS * (1 - STAYS**2)), N)
        shocks[0] /= np.sqrt(1 - STAYS**2)
        spread = np.array(list(accumulate(shocks, lambda level, shock: STAYS * level + shock)))
        unit = unit * np.exp(spread - CLUSTERS)  # mean square 1
    return MU + STEP * GAMMA**t * unit


def logged(delta: np.ndarray, noise: float, rng: np.random.Generator) -> RunLog:
    """Return the log of the plain rule, which sees measurements only."""
    true, last = 1.0, 1.0 + noise * rng.standard_normal()
    value, status = [last], ["keep"]
    for change in delta:
        value.append(true + change + noise * rng.standard_normal())
        status.append("keep" if value[-1] < last else "discard")
        if value[-1] < last:
            true, last = true + change, value[-1]
    return RunLog(value, status)


def truth(changes: str, family: str, noise: float) -> dict[str, float]:
    """Return the parameters that the fit looks for and the case has."""
    if changes == "two-part":
        chosen = families()["two-part"]
        own = dict(zip(chosen.names, chosen.natural(TWO_PART, N, 1.0).tolist(), strict=True))
    else:
        own = {"sigma0": STEP, "gamma": GAMMA, "mu": MU}
    # no interval on its logarithm holds 0
    return {**own, "noise": noise} if noise and family != NOISE_GIVEN else own


def rng_of(changes: str, share: float, i: int) -> np.random.Generator:
    """Return what draws the i-th log of a case: its true changes first."""
    return np.random.default_rng([i, round(100 * share), len(changes)])


def noise_of(changes: str, share: float) -> float:
    """Return the noise that is so many steps."""
    return share * (TWO_PART_STEP if changes == "two-part" else STEP)


def log_of(changes: str, share: float, i: int) -> RunLog:
    """Return the i-th log of a case."""
    rng = rng_of(changes, share, i)
    return logged(drawn(changes, rng), noise_of(changes, share), rng)


def fitted(changes: str, family: str, share: float, i: int) -> Fit:
    """Return the fit of a family to the i-th log."""
    log = log_of(changes, share, i)
    if family == NOISE_GIVEN:
        return fit(log, noise=noise_of(changes, share), trim=None)
    return fit(log, family=family, noise="estimate", trim=None)


def held(changes: str, family: str, share: float, i: int) -> dict[str, str]:
    """Return the digits of the i-th log of a case, by parameter."""
    sought = truth(changes, family, noise_of(changes, share))
    try:
        found = fitted(changes, family, share, i)
    except ParameterError:
        return dict.fromkeys(sought, "x")
    ends = {name: found.interval(name) for name in sought}
    return {name: "01"[ends[name][0] < value < ends[name][1]] for name, value in sought.items()}


def read() -> dict[Case, dict[str, str]]:
    """Return what was counted: of each case, by parameter, a digit for each log."""
    found: dict[Case, dict[str, str]] = {case: {} for case in CASES}
    if COUNTED.exists():
        with COUNTED.open(encoding="utf-8", newline="") as file:
            for changes, family, noise, parameter, digits in list(csv.reader(file))[1:]:
                found[changes, family, float(noise)][parameter] = digits
    return found


def write(found: dict[Case, dict[str, str]]) -> None:
    """Keep what was counted; a process that is stopped leaves the old file or the new one."""
    new = COUNTED.with_suffix(".new")
    with new.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(("changes", "fitted", "noise in steps", "parameter", "held"))
        for (changes, family, noise), parameters in found.items():
            for parameter, digits in parameters.items():
                lines.writerow((changes, family, f"{noise:g}", parameter, digits))
    os.replace(new, COUNTED)


def n_counted(parameters: dict[str, str]) -> int:
    return len(next(iter(parameters.values()), ""))


def count(n_logs: int, cases: list[Case]) -> None:
    """Count on until each case has so many logs, the one with the fewest next."""
    found = read()
    while min(n_counted(found[case]) for case in cases) < n_logs:
        case = min(cases, key=lambda case: n_counted(found[case]))
        for name, digit in held(*case, n_counted(found[case])).items():
            found[case][name] = found[case].get(name, "") + digit
        write(found)


def share_of(digits: str) -> float:
    """Return the share of the intervals that hold, of the fits that are not refused."""
    return digits.count("1") / (len(digits) - digits.count("x"))


def row(case: Case, name: str, digits: str) -> tuple[str, ...]:
    """Return the row of a parameter, with the standard error of 95 % at the least."""
    changes, family, noise = case
    rate, n = share_of(digits), len(digits) - digits.count("x")
    error = np.sqrt(max(rate * (1 - rate), 0.95 * 0.05) / n)
    return changes, family, f"{noise:g}", name, f"{n}", f"{rate:.3f} ± {error:.3f}"


def table() -> Table:
    """Return the table of what was counted."""
    rows = [
        row(case, name, digits)
        for case, parameters in read().items()
        for name, digits in parameters.items()
    ]
    return Table(
        "Intervals",
        ("changes", "fitted", "noise in steps", "parameter", "logs", "95 % intervals hold"),
        rows,
        f"Logs of {N} experiments with the plain rule on noisy measurements; the noise is "
        "estimated, too, but where it says that it is given; then some logs are refused, since "
        "the noise explains them by itself. Skewed changes are a shifted gamma distribution with "
        f"a skewness of {SKEWNESS:g}, of which those to gains are the negative, and lognormal ones "
        "have the same skewness; clustered ones are normal, with a spread whose logarithm "
        f"wanders (standard deviation {np.sqrt(CLUSTERS):g}, correlation {STAYS:g} from one to the "
        "next). Counted by `python -m benchmarks.intervals`, which goes on where it was stopped: "
        "of each case the first logs, as many as the table says.",
    )


def main() -> None:
    """Count, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intervals", description=__doc__)
    parser.add_argument(
        "--logs", type=int, default=N_LOGS, help="of each case; default %(default)s"
    )
    parser.add_argument(
        "--case",
        nargs=3,
        action="append",
        metavar=("CHANGES", "FITTED", "NOISE"),
        help="only this one, and others where it is given again: "
        + "; ".join(shlex.join([*names, f"{noise:g}"]) for *names, noise in CASES),
    )
    asked = parser.parse_args()
    cases = [(changes, family, float(noise)) for changes, family, noise in asked.case or CASES]
    if unknown := [case for case in cases if case not in CASES]:
        parser.error(f"no case {unknown[0]}")
    count(asked.logs, cases)
    print(table().markdown())


if __name__ == "__main__":
    main()
