"""How often 95 % intervals hold the truth where the noise is estimated from the log."""

import numpy as np

from arbook import RunLog
from arbook._numerics.normal import NORMAL_95
from arbook.logs import fit
from arbook.runs.families import families
from benchmarks._measure import Table

N = 120
STEP, GAMMA, MU = 0.0036, 0.988, 0.0005
#: Coordinates of gains and losses apart: odds and slope, then sizes and decays of gains and losses.
TWO_PART = np.array([1.875, -0.913, -6.2, -2.32, -6.12, -1.02])
#: Mean of the logarithms of a first gain and a first loss: the unit of the noise there.
TWO_PART_STEP = float(np.exp(TWO_PART[[2, 4]].mean()))
KAPPA, SKEWNESS = 0.3, 1.6

#: What changes are, what is fitted, the noise in steps, and the number of logs: a grid filter is
#: twenty times as slow as a closed form.
CASES = [
    ("normal", "normal", 0.05, 400),
    ("normal", "normal", 0.3, 400),
    ("normal", "normal", 1.0, 400),
    ("skewed", "normal", 0.3, 400),
    ("skewed", "laplace", 0.3, 100),
    ("laplace", "laplace", 0.3, 100),
    ("two-part", "two-part", 0.0, 100),
    ("two-part", "two-part", 0.3, 100),
    ("two-part", "two-part", 1.0, 100),
]


def drawn(changes: str, rng: np.random.Generator) -> np.ndarray:
    """Return the true changes of a run."""
    t = np.arange(N)
    if changes == "two-part":
        return families()["two-part"].draw(TWO_PART, t, N, np.zeros(2), rng)
    if changes == "laplace":
        theta = np.array([np.log(STEP), N * np.log(GAMMA), MU, KAPPA])
        return families()["laplace"].draw(theta, t, N, np.zeros(2), rng)
    shape = (2 / SKEWNESS) ** 2
    unit = rng.standard_normal(N)
    if changes == "skewed":
        unit = (rng.gamma(shape, size=N) - shape) / np.sqrt(shape)
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
        if changes == family == "laplace":
            own["kappa"] = float(np.exp(KAPPA))
    return {**own, "noise": noise} if noise else own  # no interval on its logarithm holds 0


def rng_of(changes: str, share: float, i: int) -> np.random.Generator:
    """Return what draws the i-th log of a case: its true changes first."""
    return np.random.default_rng([i, round(100 * share), len(changes)])


def held(changes: str, family: str, share: float, i: int) -> dict[str, bool]:
    """Return whether the intervals of the i-th log of a case hold the truth, by parameter."""
    rng = rng_of(changes, share, i)
    noise = share * (TWO_PART_STEP if changes == "two-part" else STEP)
    log = logged(drawn(changes, rng), noise, rng)
    found = fit(log, family=family, noise="estimate", trim=None)
    ends = {name: found.interval(name) for name in truth(changes, family, noise)}
    return {
        name: ends[name][0] < value < ends[name][1]
        for name, value in truth(changes, family, noise).items()
    }


def held_without_noise(share: float, i: int) -> dict[str, bool]:
    """Return whether textbook intervals hold, the i-th log's losses being known exactly.

    Unusual losses are missed without any noise: what the noise costs is the difference.
    """
    delta = drawn("two-part", rng_of("two-part", share, i))
    is_loss = delta >= 0
    x = np.stack([np.ones(N), np.arange(N) / N])[:, is_loss]
    b = TWO_PART[[4, 5]]
    for _ in range(50):
        ratio = delta[is_loss] * np.exp(-b @ x)
        b = b + np.linalg.solve((x * ratio) @ x.T, x @ (ratio - 1))
    ratio = delta[is_loss] * np.exp(-b @ x)
    error = np.sqrt(np.diag(np.linalg.inv((x * ratio) @ x.T)))
    off = np.abs(b - TWO_PART[[4, 5]]) < NORMAL_95 * error
    return dict(zip(("loss0", "loss_decay"), off.tolist(), strict=True))


def counted(
    changes: str, family: str, share: float, found: list[dict[str, bool]]
) -> list[tuple[str, ...]]:
    """Return the rows of a case, with the standard error of 95 % at the least."""
    rows = []
    for name in found[0]:
        rate = float(np.mean([one[name] for one in found]))
        error = float(np.sqrt(max(rate * (1 - rate), 0.95 * 0.05) / len(found)))
        rows.append((
            changes, family, f"{share:g}", name, f"{len(found)}", f"{rate:.3f} ± {error:.3f}"
        ))  # fmt: skip
    return rows


def table() -> Table:
    """Measure and return the table."""
    rows: list[tuple[str, ...]] = []
    for changes, family, share, n_logs in CASES:
        found = [held(changes, family, share, i) for i in range(n_logs)]
        rows += counted(changes, family, share, found)
    for n_logs in (100, 400):
        found = [held_without_noise(0.3, i) for i in range(n_logs)]
        rows += counted("two-part", "losses, known exactly", 0.3, found)
    return Table(
        "Intervals",
        ("changes", "fitted", "noise in steps", "parameter", "logs", "95 % intervals hold"),
        rows,
        f"Logs of {N} experiments with the plain rule on noisy measurements; the noise is "
        "estimated, too. Skewed changes are a shifted gamma distribution with a skewness of "
        f"{SKEWNESS:g}.",
    )
