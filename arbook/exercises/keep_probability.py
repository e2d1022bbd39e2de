"""Exercises of the chapter on the keep probability."""

import math

import numpy as np

from arbook.exercises._model import exercise


@exercise(
    title="Write it",
    minutes=10,
    statement="""
Write `my_keep_probability(sigma0, gamma, mu, t)` with `math.erf` only. Then compare it with
`arbook.keep_probability` for a thousand random parameter sets.""",
    hints=(
        "What is the step of experiment $t$, and how many steps is zero away from the mean change?",
        r"`math.erf(x / math.sqrt(2))` is $2\Phi(x) - 1$.",
    ),
    inputs=[
        (0.01, 0.97, 0.0, 7),
        (0.01, 0.97, -0.001, 0),
        (0.01, 0.97, -0.001, 10),
        (0.02, 0.9, -0.01, 3),
        (0.01, 0.97, 0.002, 20),
    ],
    mistakes={
        "Wrong tail: that is the probability of a change for the worse. Check the sign of μ.": (
            lambda sigma0, gamma, mu, t: 1 - my_keep_probability(sigma0, gamma, mu, t)
        ),
        "You divide by σ², the variance. Φ takes a number of standard deviations: divide by σ.": (
            lambda sigma0, gamma, mu, t: my_keep_probability(sigma0**2, gamma**2, mu, t)
        ),
        "Off by one in t: experiment t has the step σ₀γ^t, so the first has σ₀.": (
            lambda sigma0, gamma, mu, t: my_keep_probability(sigma0, gamma, mu, t + 1)
        ),
        "You count t from 1. The first experiment is t = 0: its step is σ₀γ⁰ = σ₀, not σ₀/γ.": (
            lambda sigma0, gamma, mu, t: my_keep_probability(sigma0, gamma, mu, t - 1)
        ),
        "Your step does not decay: use σ₀γ^t, not σ₀.": (
            lambda sigma0, gamma, mu, t: my_keep_probability(sigma0, gamma, mu, 0)
        ),
        "The √2 is missing: erf belongs to a normal distribution of variance ½.": (
            lambda sigma0, gamma, mu, t: my_keep_probability(sigma0 / 2**0.5, gamma, mu, t)
        ),
        "erf runs from −1 to 1, a probability from 0 to 1.": (
            lambda sigma0, gamma, mu, t: 2 * my_keep_probability(sigma0, gamma, mu, t) - 1
        ),
    },
)
def my_keep_probability(sigma0, gamma, mu, t):
    """Return the probability that experiment t is kept."""
    sigma = sigma0 * gamma**t  # blank
    a = -mu / sigma  # blank
    return (1 + math.erf(a / math.sqrt(2))) / 2  # blank


@exercise(
    title="The spread of a count",
    minutes=10,
    statement="""
Write `my_keeps_std(p)`, the standard deviation of the number of keeps in a run whose experiments
are kept with the probabilities `p`, a list or an array.""",
    hints=(
        "Each experiment is a toss of its own coin. What is the variance of one toss?",
        "Variances of independent numbers add up; standard deviations do not.",
    ),
    inputs=[([0.5],), ([0.5, 0.2],), ([0.1, 0.9, 0.4],), ([0.3, 0.3, 0.2, 0.05],)],
    mistakes={
        "That is the variance. The standard deviation is its square root.": (
            lambda p: my_keeps_std(p) ** 2
        ),
        "You add standard deviations. Of independent numbers the variances add up.": (
            lambda p: np.sum(np.sqrt(np.multiply(p, np.subtract(1, p))))
        ),
        "You toss one coin with the mean probability. Different coins give a smaller spread: sum "
        "over the experiments.": lambda p: np.sqrt(len(p) * np.mean(p) * (1 - np.mean(p))),
        "You took the mean for the variance, as for rare events. The variance of a toss is "
        "p(1 − p).": lambda p: np.sqrt(np.sum(p)),
        "That is the expected number of keeps, not its spread.": lambda p: np.sum(p),
    },
    remark="`arbook.keeps_std` does the same with the probabilities of the model.",
)
def my_keeps_std(p):
    """Return the standard deviation of the number of keeps."""
    p = np.asarray(p)
    variance = np.sum(p * (1 - p))  # blank
    return np.sqrt(variance)  # blank
