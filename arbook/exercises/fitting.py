"""Exercises of the chapter on fitting."""

import math

import numpy as np

from arbook.exercises._model import exercise

_T = np.array([0, 1, 3, 4])
_DELTA = np.array([0.004, -0.002, 0.001, 0.0005])


def _mean(weights, delta):
    return np.sum(weights * delta) / np.sum(weights)


@exercise(
    title="The weighted mean in code",
    minutes=10,
    statement=r"""
Write `weighted_mean(gamma, t, delta)`, the estimate $\hat\mu$ for a known $\gamma$. The array `t`
holds the numbers of the experiments that were measured, and `delta` their changes. Then compare
with `fitted.estimates` above, with `t = fitted.t` and `delta = run.delta[t]`.""",
    hints=(
        "How does the weight of an experiment depend on its step size?",
        r"The weight is $\gamma^{-2t}$, whatever $\sigma_0$ is.",
    ),
    inputs=[
        (0.5, np.array([0, 1]), np.array([1.0, 2.0])),
        (0.5, np.array([0, 2]), np.array([1.0, 2.0])),
        (0.9, _T, _DELTA),
    ],
    mistakes={
        "That is the plain mean. Late experiments have small steps and say more about μ.": (
            lambda gamma, t, delta: np.mean(delta)
        ),
        "You weigh by 1/σ. A least-squares weight is one over the variance, 1/σ².": (
            lambda gamma, t, delta: _mean(gamma ** (-1.0 * t), delta)
        ),
        "Your weights are the wrong way round: an experiment with a small step says more.": (
            lambda gamma, t, delta: _mean(gamma ** (2.0 * t), delta)
        ),
        "Divide by the sum of the weights, not by the number of rows.": (
            lambda gamma, t, delta: np.mean(gamma ** (-2.0 * t) * delta)
        ),
        "You count rows in place of experiments. A crash has no change, but it advances the clock: "
        "use t.": lambda gamma, t, delta: weighted_mean(gamma, np.arange(len(t)), delta),
    },
    remark="With the fit's own `gamma` it is the fit's own `mu`.",
)
def weighted_mean(gamma, t, delta):
    """Return the estimate of mu for a known gamma."""
    w = gamma ** (-2.0 * t)  # blank
    return np.sum(w * delta) / np.sum(w)  # blank


def _log_densities(sigma, mu, delta, power=2.0):
    squares = (delta - mu) ** 2 / (2 * sigma**power)
    return -(math.log(2 * math.pi) / 2 + np.log(sigma) + squares)


@exercise(
    title="The likelihood",
    minutes=15,
    statement=r"""
Write `log_likelihood(sigma0, gamma, mu, t, delta)`, the log likelihood of the changes `delta` of
the experiments `t` (arrays). Then find out by how much it falls when $\mu = 0$ is put in place of
the estimate.""",
    hints=(
        "Take the logarithm of a normal density, and sum over the experiments.",
        r"Every experiment has its own $\sigma_t$, in two of the three terms.",
    ),
    inputs=[
        (1.0, 0.5, 0.0, np.array([0, 1]), np.array([0.5, -0.25])),
        (0.004, 0.97, 0.001, _T, _DELTA),
        (0.01, 0.9, -0.002, _T, _DELTA),
    ],
    mistakes={
        "You divide by 2σ. The square of a change is divided by 2σ², the variance.": (
            lambda sigma0, gamma, mu, t, delta: np.sum(
                _log_densities(sigma0 * gamma**t, mu, delta, 1.0)
            )
        ),
        "Those are the densities, one an experiment. Wanted is the sum of their logarithms.": (
            lambda sigma0, gamma, mu, t, delta: np.exp(_log_densities(sigma0 * gamma**t, mu, delta))
        ),
        "Those are the terms, one an experiment. Sum them.": (
            lambda sigma0, gamma, mu, t, delta: _log_densities(sigma0 * gamma**t, mu, delta)
        ),
        "That is the likelihood, the product of the densities. For long runs it leaves the range "
        "of the computer's numbers: return its logarithm.": lambda sigma0, gamma, mu, t, delta: (
            np.exp(log_likelihood(sigma0, gamma, mu, t, delta))
        ),
        "That is the mean of the terms. The log likelihood is their sum.": (
            lambda sigma0, gamma, mu, t, delta: log_likelihood(sigma0, gamma, mu, t, delta) / len(t)
        ),
        "The term ln σ is missing. Without it the largest σ always wins.": (
            lambda sigma0, gamma, mu, t, delta: (
                log_likelihood(sigma0, gamma, mu, t, delta) + np.sum(np.log(sigma0 * gamma**t))
            )
        ),
        "You take ln σ² where ln σ belongs.": lambda sigma0, gamma, mu, t, delta: (
            log_likelihood(sigma0, gamma, mu, t, delta) - np.sum(np.log(sigma0 * gamma**t))
        ),
        "The sign is wrong: that is minus the log likelihood.": (
            lambda sigma0, gamma, mu, t, delta: -log_likelihood(sigma0, gamma, mu, t, delta)
        ),
        "Off by one in t: experiment t has the step σ₀γ^t, so the first has σ₀.": (
            lambda sigma0, gamma, mu, t, delta: log_likelihood(sigma0, gamma, mu, t + 1, delta)
        ),
        "The constant ½ ln 2π is missing in each term. It moves no maximum, but AIC of other "
        "families has it.": lambda sigma0, gamma, mu, t, delta: (
            log_likelihood(sigma0, gamma, mu, t, delta) + len(t) * math.log(2 * math.pi) / 2
        ),
        "You add μ. A residual is the change less its mean.": (
            lambda sigma0, gamma, mu, t, delta: log_likelihood(sigma0, gamma, -mu, t, delta)
        ),
    },
)
def log_likelihood(sigma0, gamma, mu, t, delta):
    """Return the log likelihood of the experiments' changes."""
    sigma = sigma0 * gamma**t  # blank
    squares = (delta - mu) ** 2 / (2 * sigma**2)  # blank
    constant = math.log(2 * math.pi) / 2  # blank
    return -np.sum(constant + np.log(sigma) + squares)  # blank
