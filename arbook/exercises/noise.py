"""Exercises of the chapter on noise."""

import math
from statistics import NormalDist

from arbook.exercises._model import exercise


@exercise(
    title="How much of it is real?",
    minutes=10,
    statement=r"""
Write `likely_gain(logged, sigma, noise)`: how much better is a variant in truth, on average, that
is logged as better by `logged`? Take $\mu = 0$; both sides were measured once, with the standard
deviation `noise`.""",
    hints=(
        "Which share of the variance of the logged difference belongs to the true change?",
        "Variant and incumbent were both measured.",
    ),
    inputs=[(1.0, 1.0, 1.0), (0.006, 0.003, 0.003), (0.002, 0.004, 0.001), (0.01, 0.002, 0.0)],
    mistakes={
        "You count the noise of one measurement. Both sides carry it: S² = σ² + 2ν².": (
            lambda logged, sigma, noise: logged * sigma**2 / (sigma**2 + noise**2)
        ),
        "You take shares of standard deviations. The share is one of variances, σ²/S².": (
            lambda logged, sigma, noise: logged * sigma / math.sqrt(sigma**2 + 2 * noise**2)
        ),
        "That is the part that was luck.": lambda logged, sigma, noise: (
            logged - likely_gain(logged, sigma, noise)
        ),
        "You take the log at its word. Part of a logged gain is luck.": (
            lambda logged, sigma, noise: logged
        ),
        "Twice the variance is 2ν²; you have (2ν)².": lambda logged, sigma, noise: (
            logged * sigma**2 / (sigma**2 + 4 * noise**2)
        ),
    },
)
def likely_gain(logged, sigma, noise):
    """Return the mean true gain behind a logged gain."""
    real = sigma**2 / (sigma**2 + 2 * noise**2)  # blank
    return real * logged  # blank


@exercise(
    title="A noisy decision",
    minutes=10,
    statement=r"""
Write `noisy_keep(mu, sigma, noise, margin)`, the probability that a variant is logged as better
than the incumbent by more than `margin`. Then compare with `simulate_noisy`, as in the chapter.""",
    hints=(
        "What are the mean and the variance of the logged difference?",
        "It has to be less than $-h$. How many standard deviations is that from the mean?",
    ),
    inputs=[
        (0.0, 1.0, 0.0, 1.0),
        (0.0, 0.003, 0.003, 0.0),
        (0.002, 0.004, 0.004, 0.004),
        (-0.001, 0.004, 0.002, 0.001),
    ],
    mistakes={
        "You added standard deviations. Of independent errors the variances add up.": (
            lambda mu, sigma, noise, margin: noisy_keep(mu, sigma + 2 * noise, 0.0, margin)
        ),
        "You count the noise of one measurement. Both sides carry it: S² = σ² + 2ν².": (
            lambda mu, sigma, noise, margin: noisy_keep(mu, sigma, noise / 2**0.5, margin)
        ),
        "You left the noise out: it widens the logged difference.": (
            lambda mu, sigma, noise, margin: noisy_keep(mu, sigma, 0.0, margin)
        ),
        "You left the margin out.": lambda mu, sigma, noise, margin: noisy_keep(
            mu, sigma, noise, 0.0
        ),
        "The sign of the margin is wrong: it makes keeping harder.": (
            lambda mu, sigma, noise, margin: noisy_keep(mu, sigma, noise, -margin)
        ),
        "Wrong tail: that is the probability of a discard.": lambda mu, sigma, noise, margin: (
            1 - noisy_keep(mu, sigma, noise, margin)
        ),
        "The sign of μ is wrong: a positive μ makes variants worse, and keeping rarer.": (
            lambda mu, sigma, noise, margin: noisy_keep(-mu, sigma, noise, margin)
        ),
        "You divide by S², the variance. Φ takes a number of standard deviations.": (
            lambda mu, sigma, noise, margin: NormalDist().cdf(
                -(margin + mu) / (sigma**2 + 2 * noise**2)
            )
        ),
    },
)
def noisy_keep(mu, sigma, noise, margin):
    """Return the probability of a logged gain above the margin."""
    spread = math.sqrt(sigma**2 + 2 * noise**2)  # blank
    return NormalDist().cdf(-(margin + mu) / spread)  # blank
