"""Exercises of the chapter on trade-offs."""

import math
from statistics import NormalDist

from arbook.exercises._model import exercise


def _improvement(mu, sigma):
    a = -mu / sigma
    return -mu * NormalDist().cdf(a) + sigma * NormalDist().pdf(a)


@exercise(
    title="The price of boldness",
    minutes=10,
    statement=r"""
Write `priced_improvement(c, sigma)`, the expected improvement of an experiment whose step `sigma`
has the price $\mu = c\sigma^2$. For $c = 10$ find the best step by trying a hundred of them, and
its keep probability.""",
    hints=(
        r"Put the price into the expected improvement of a change with mean $\mu$.",
        r"With $\mu > 0$ the mean is a loss. Which sign has $a = -\mu/\sigma$?",
    ),
    inputs=[(10.0, 0.01), (10.0, 0.06), (2.0, 0.3), (50.0, 0.02), (0.0, 0.01)],
    mistakes={
        "The sign is wrong: you pay the agent for boldness. The price is a positive μ, a change "
        "for the worse.": lambda c, sigma: _improvement(-c * sigma**2, sigma),
        "Your price grows with σ. On a bowl it grows with σ².": (
            lambda c, sigma: _improvement(c * sigma, sigma)
        ),
        "You charge the price in full. A variant that is discarded costs nothing: put μ into both "
        "terms of the expected improvement.": lambda c, sigma: (
            sigma / math.sqrt(2 * math.pi) - c * sigma**2
        ),
        "You left the price out.": lambda c, sigma: _improvement(0.0, sigma),
        "That is the keep probability. Wanted is the expected improvement.": (
            lambda c, sigma: NormalDist().cdf(-c * sigma)
        ),
    },
    remark="The best step for $c = 10$ is 0.0612, and 27 % of such experiments are kept.",
)
def priced_improvement(c, sigma):
    """Return the expected improvement of a step at the price c."""
    mu = c * sigma**2  # blank
    a = -mu / sigma  # blank
    return -mu * NormalDist().cdf(a) + sigma * NormalDist().pdf(a)  # blank


@exercise(
    title="A price of crashes",
    minutes=20,
    statement=r"""
Let an experiment crash with probability $1 - e^{-\sigma/\kappa}$, and let $\mu = 0$. Write
`risky_improvement(sigma, kappa)`, its expected improvement. Then find the step size that
maximises it, and its keep rate.""",
    hints=(
        "A crash gains nothing.",
        r"Without crashes an experiment without skill gains $\sigma/\sqrt{2\pi}$ on average.",
    ),
    inputs=[(1.0, 1.0), (0.01, 0.02), (0.03, 0.02), (0.5, 4.0)],
    mistakes={
        "You multiply by the probability of a crash. Only experiments that do not crash gain.": (
            lambda sigma, kappa: sigma / math.sqrt(2 * math.pi) - risky_improvement(sigma, kappa)
        ),
        "You left the crashes out.": lambda sigma, kappa: sigma / math.sqrt(2 * math.pi),
        "You forgot the minimum: a step of size σ gains σ/√(2π) on average, not σ.": (
            lambda sigma, kappa: sigma * math.exp(-sigma / kappa)
        ),
        "The exponent is upside down: the bolder the step, the more crashes.": (
            lambda sigma, kappa: sigma / math.sqrt(2 * math.pi) * math.exp(-kappa / sigma)
        ),
        "That is the keep rate. Wanted is the expected improvement.": (
            lambda sigma, kappa: math.exp(-sigma / kappa) / 2
        ),
    },
    remark=r"""
It is largest at $\sigma = \kappa$, where $1/e = 37\,\%$ of the variants run at all and half of
those are kept: a keep rate of 18 %. Another price, and nearly the same keep rate.""",
)
def risky_improvement(sigma, kappa):
    """Return the expected improvement of a step that may crash."""
    runs = math.exp(-sigma / kappa)  # blank
    return runs * sigma / math.sqrt(2 * math.pi)  # blank
