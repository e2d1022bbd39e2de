"""Exercises of the chapter on the perturbation model."""

import math

import numpy as np

from arbook.exercises._model import exercise


@exercise(
    title="A half-life",
    minutes=5,
    statement="""
Write `half_life(gamma)`, the number of experiments after which the step is half as large. It need
not be an integer.""",
    hints=(
        r"Solve $\gamma^t = \tfrac12$ for $t$.",
        r"Take the logarithm of both sides. Two negative numbers have a positive ratio.",
    ),
    inputs=[(0.5,), (0.9,), (0.97,), (0.999,)],
    mistakes={
        "1/(1 − γ) is the reach in units of σ₀: how many first steps all steps add up to.": (
            lambda gamma: 1 / (1 - gamma)
        ),
        "Your step falls in a straight line. It falls by a factor γ each time, so take "
        "logarithms.": lambda gamma: 0.5 / (1 - gamma),
        "The sign is wrong: ln γ is negative, and a half-life is not.": (
            lambda gamma: math.log(2) / math.log(gamma)
        ),
        "That is the approximation for γ near 1, where ln(1/γ) ≈ 1 − γ. Use the logarithm.": (
            lambda gamma: math.log(2) / (1 - gamma)
        ),
    },
    remark="For $\\gamma = 0.97$ it is 22.8 experiments.",
)
def half_life(gamma):
    """Return after how many experiments the step has halved."""
    return math.log(2) / math.log(1 / gamma)  # blank


def _started_at_one(falls):
    return 1 + np.pad(falls, ((0, 0), (1, 0)))


def _changes(sigma0, gamma, mu, z):
    return mu + sigma0 * gamma ** np.arange(z.shape[1]) * z


def _walk(sigma0, gamma, mu, z):
    return np.cumsum(_changes(sigma0, gamma, mu, z), axis=1)


@exercise(
    title="Your own simulator",
    minutes=15,
    statement="""
Write `paths(sigma0, gamma, mu, z)`. Each row of the array `z` holds the standard normal numbers of
one run of $n$ experiments; return the incumbent's metric after $0, 1, \\dots, n$ experiments,
starting at 1, one run a row. Use no loop. Then draw `z` for 10,000 runs and compare the mean at the
end with `arbook.expected_frontier`.""",
    hints=(
        "The step of experiment $t$ scales column $t$ of `z`; NumPy multiplies a row into every "
        "row.",
        r"An experiment changes the incumbent by $\min(\delta_t, 0)$.",
    ),
    inputs=[
        (0.01, 0.5, 0.0, np.array([[-1.0, 0.5]])),
        (0.01, 0.97, -0.002, np.array([[0.1, -1.0, 1.5], [-0.3, 0.2, -2.0]])),
        (0.02, 0.9, 0.001, np.array([[1.0, -0.4, 0.0], [-1.2, -0.1, 0.7]])),
    ],
    mistakes={
        "You forgot the minimum: a change for the worse is discarded, it moves nothing.": (
            lambda sigma0, gamma, mu, z: _started_at_one(_walk(sigma0, gamma, mu, z))
        ),
        "You took the minimum of the sum. Every change is decided by itself: first the minimum, "
        "then the sum.": lambda sigma0, gamma, mu, z: _started_at_one(
            np.minimum(_walk(sigma0, gamma, mu, z), 0)
        ),
        "That is the best point of a walk that never goes back. A discarded change is undone: the "
        "next variant starts from the incumbent.": lambda sigma0, gamma, mu, z: (
            np.minimum.accumulate(_started_at_one(_walk(sigma0, gamma, mu, z)), axis=1)
        ),
        "Your paths start at 0. The baseline has the metric 1.": (
            lambda sigma0, gamma, mu, z: paths(sigma0, gamma, mu, z) - 1
        ),
        "Off by one in t: the first experiment is t = 0 and has the step σ₀.": (
            lambda sigma0, gamma, mu, z: paths(sigma0 * gamma, gamma, mu, z)
        ),
        "You scale by σ², the variance. A standard normal number is scaled by σ.": (
            lambda sigma0, gamma, mu, z: paths(sigma0**2, gamma**2, mu, z)
        ),
        "Your steps do not decay: experiment t has the step σ₀γ^t.": (
            lambda sigma0, gamma, mu, z: paths(sigma0, 1.0, mu, z)
        ),
        "You subtract μ. It is the mean of a change, so it is added.": (
            lambda sigma0, gamma, mu, z: paths(sigma0, gamma, -mu, z)
        ),
        "Your paths begin after the first experiment. Column 0 is the baseline, 1.": (
            lambda sigma0, gamma, mu, z: paths(sigma0, gamma, mu, z)[:, 1:]
        ),
        "You keep what is worse: a kept change is negative.": (
            lambda sigma0, gamma, mu, z: _started_at_one(
                np.cumsum(np.maximum(_changes(sigma0, gamma, mu, z), 0), axis=1)
            )
        ),
    },
    remark="""
The means differ by a few standard errors at most, that is by the standard deviation of the end
points divided by 100.""",
)
def paths(sigma0, gamma, mu, z):
    """Return frontiers after 0 to n experiments, one run a row."""
    n_runs, n = z.shape
    sigma = sigma0 * gamma ** np.arange(n)  # blank
    delta = mu + sigma * z  # blank
    falls = np.cumsum(np.minimum(delta, 0), axis=1)  # blank
    start = np.zeros((n_runs, 1))
    return 1 + np.concatenate([start, falls], axis=1)
