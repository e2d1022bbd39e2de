"""Exercises of the chapter on another night."""

from statistics import NormalDist

import numpy as np

from arbook.exercises._model import exercise


def _gain(mu, sigma):
    return sigma * NormalDist().pdf(mu / sigma) - mu * NormalDist().cdf(-mu / sigma)


@exercise(
    title="Average, then plug in?",
    minutes=10,
    statement=r"""
Fifty draws of $\mu$, in the list `mus`, say what a log leaves open; $\sigma$ is known and constant.
Write `averaged_gain(mus, sigma, n)`, the expected improvement by `n` more experiments, averaged
over the draws. Compare it with the plug-in forecast, which uses the mean of the draws.""",
    hints=(
        r"One experiment gains $\sigma\varphi(a) - \mu\Phi(a)$ with $a = -\mu/\sigma$ on average.",
        "What is averaged: the draws, or their gains?",
    ),
    inputs=[
        ([0.0, 0.004], 0.004, 1),
        ([0.003, 0.004, 0.006], 0.004, 100),
        ([-0.001, 0.002], 0.005, 10),
    ],
    mistakes={
        "That is the plug-in forecast: you averaged the draws. Average their gains, which bend "
        "upwards.": lambda mus, sigma, n: n * _gain(np.mean(mus), sigma),
        "That is one experiment. Multiply by n.": lambda mus, sigma, n: averaged_gain(
            mus, sigma, 1
        ),
        "The sign of μ is wrong: a positive μ is a change for the worse.": (
            lambda mus, sigma, n: averaged_gain([-mu for mu in mus], sigma, n)
        ),
        "You forgot the minimum: a change for the worse is discarded, it loses nothing.": (
            lambda mus, sigma, n: -n * np.mean(mus)
        ),
        "You summed over the draws. They are possibilities, not experiments: average.": (
            lambda mus, sigma, n: len(mus) * averaged_gain(mus, sigma, n)
        ),
    },
    remark="The average is always the larger one: the expected improvement is a convex function of "
    r"$\mu$. What is not known about $\mu$ raises the mean, and widens the interval far more.",
)
def averaged_gain(mus, sigma, n):
    """Return the expected improvement, averaged over the draws."""
    normal = NormalDist()
    gains = []
    for mu in mus:
        a = mu / sigma
        gain = sigma * normal.pdf(a) - mu * normal.cdf(-a)  # blank
        gains.append(gain)
    return n * np.mean(gains)  # blank


def _inside(draws, truth, low, high):
    low, high = np.quantile(draws, [low, high], axis=1)
    return np.mean((low <= truth) & (truth <= high))


@exercise(
    title="Is it calibrated?",
    minutes=10,
    statement="""
Row $r$ of `draws` holds the gains that a forecaster drew for run $r$, and `truth[r]` is what
happened. Write `coverage(draws, truth, level)`, the share of runs whose truth lies in the central
interval that holds `level` (0.8 for 80 %) of the draws.""",
    hints=(
        "How much lies outside of a central interval, and how much of it below?",
        "`np.quantile(draws, q, axis=1)` gives a quantile of each row.",
    ),
    inputs=[
        (np.array([[0.0, 1, 2, 3, 4]]), np.array([2.0]), 0.8),
        (np.array([[0.0, 1, 2, 3, 4]]), np.array([5.0]), 0.8),
        (np.array([[0.0, 1, 2, 3, 4]] * 4), np.array([-1.0, 0.5, 3.1, 2.0]), 0.8),
        (np.array([[0.0, 2, 4, 6, 8]] * 3), np.array([1.9, 2.5, 5.5]), 0.5),
        (np.array([[0.0, 1, 2, 3, 4], [10, 11, 12, 13, 14]]), np.array([5.0, 12.0]), 0.8),
    ],
    mistakes={
        "You cut `1 - level` off at each end: half of it belongs to each.": (
            lambda draws, truth, level: _inside(draws, truth, 1 - level, level)
        ),
        "Your interval is open below. A central one leaves out as much below as above.": (
            lambda draws, truth, level: np.mean(truth <= np.quantile(draws, level, axis=1))
        ),
        "You took quantiles of all draws together. Every run has an interval of its own, from its "
        "row: axis=1.": lambda draws, truth, level: _inside(
            draws.reshape(1, -1), truth, (1 - level) / 2, (1 + level) / 2
        ),
        "That is the share of misses.": lambda draws, truth, level: (
            1 - coverage(draws, truth, level)
        ),
        "That is a number of runs. Wanted is their share.": lambda draws, truth, level: (
            len(truth) * coverage(draws, truth, level)
        ),
        "Your interval goes from the smallest draw to the largest.": (
            lambda draws, truth, level: _inside(draws, truth, 0, 1)
        ),
    },
)
def coverage(draws, truth, level):
    """Return the share of truths in their central intervals."""
    tail = (1 - level) / 2  # blank
    low, high = np.quantile(draws, [tail, 1 - tail], axis=1)
    inside = (low <= truth) & (truth <= high)  # blank
    return np.mean(inside)
