"""Exercises of the chapter on the frontier."""

import math
from statistics import NormalDist

import numpy as np

from arbook.exercises._model import exercise


@exercise(
    title="One experiment",
    minutes=10,
    statement="""
Write `my_expected_improvement(mu, sigma)`, the expected improvement of an experiment whose change
has mean `mu` and standard deviation `sigma`. Then compare with a million simulated changes.""",
    hints=(
        r"The formula has two terms: one for the mean, one for the luck.",
        "`NormalDist()` is the standard normal distribution; its methods `cdf` and `pdf` are "
        r"$\Phi$ and $\varphi$.",
    ),
    inputs=[(0.0, 1.0), (0.0, 0.01), (-0.001, 0.004), (0.002, 0.004), (-1.0, 2.0)],
    mistakes={
        "The sign of μ is wrong: a negative μ is a skilled agent, and improves more.": (
            lambda mu, sigma: my_expected_improvement(-mu, sigma)
        ),
        "You forgot the minimum: that is the mean of all changes, also of those that are "
        "discarded.": lambda mu, sigma: -mu,
        "That is the mean improvement of the variants that are kept. A discarded one counts, too, "
        "with 0: do not divide by the keep probability.": lambda mu, sigma: (
            my_expected_improvement(mu, sigma) / NormalDist().cdf(-mu / sigma)
        ),
        "The second term is missing, what luck brings: σφ(a).": (
            lambda mu, sigma: -mu * NormalDist().cdf(-mu / sigma)
        ),
        "φ has no unit: the second term is σφ(a).": (
            lambda mu, sigma: -mu * NormalDist().cdf(-mu / sigma) + NormalDist().pdf(-mu / sigma)
        ),
        "You use σ², the variance, in place of σ.": (
            lambda mu, sigma: my_expected_improvement(mu, sigma**2)
        ),
        "That is the case without skill, μ = 0.": (
            lambda mu, sigma: my_expected_improvement(0.0, sigma)
        ),
    },
)
def my_expected_improvement(mu, sigma):
    """Return the mean of max(0, -delta) for a normal delta."""
    m = -mu
    a = m / sigma  # blank
    return m * NormalDist().cdf(a) + sigma * NormalDist().pdf(a)  # blank


@exercise(
    title="How sure is the end?",
    minutes=15,
    statement=r"""
Write `my_frontier_std(sigma0, gamma, n)`, the standard deviation of $F(n)$ for an agent without
skill. An improvement of step $\sigma$ then has the mean $\sigma/\sqrt{2\pi}$ and the mean square
$\sigma^2/2$.""",
    hints=(
        "The variance of one improvement is its mean square less the square of its mean.",
        "Improvements are independent. What adds up?",
    ),
    inputs=[(1.0, 0.5, 1), (1.0, 0.5, 2), (0.01, 0.97, 10), (0.02, 0.9, 50)],
    mistakes={
        "You add standard deviations. Of independent numbers the variances add up.": (
            lambda sigma0, gamma, n: (
                my_frontier_std(sigma0, gamma, 1) * np.sum(gamma ** np.arange(n))
            )
        ),
        "You took the mean square for the variance: subtract the square of the mean.": (
            lambda sigma0, gamma, n: np.sqrt(np.sum(sigma0**2 * gamma ** (2 * np.arange(n)) / 2))
        ),
        "You forgot the minimum: σ is the spread of a change, and half of the changes are "
        "discarded.": lambda sigma0, gamma, n: np.sqrt(
            np.sum(sigma0**2 * gamma ** (2 * np.arange(n)))
        ),
        "That is the variance. The standard deviation is its square root.": (
            lambda sigma0, gamma, n: my_frontier_std(sigma0, gamma, n) ** 2
        ),
        "Off by one in t: the first experiment is t = 0 and has the step σ₀.": (
            lambda sigma0, gamma, n: my_frontier_std(sigma0 * gamma, gamma, n)
        ),
        "Your sum has one term too many: F(n) comes after the experiments 0 … n − 1.": (
            lambda sigma0, gamma, n: my_frontier_std(sigma0, gamma, n + 1)
        ),
    },
    remark="For the agent of the question, $\\sigma_0 = 0.010$ and $\\gamma = 0.97$, it is 0.024 "
    "after 100 experiments.",
)
def my_frontier_std(sigma0, gamma, n):
    """Return the frontier's standard deviation at mu = 0."""
    sigma = sigma0 * gamma ** np.arange(n)  # blank
    variance = sigma**2 * (1 / 2 - 1 / (2 * math.pi))  # blank
    return np.sqrt(np.sum(variance))  # blank
