"""What a run of noisy decisions costs: the chain of its luck, its bits, and an agent bent on it."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import comb
from scipy.stats import norm

from arbook import Parameters, expected_frontier
from arbook.noise import (
    Confirm,
    Ladder,
    Margin,
    PosteriorMean,
    expected_noisy_gain,
    luck_bound,
    noisy_step,
    simulate_luck,
    simulate_noisy,
)


def extended(sigma0, gamma, mu):
    return Parameters(sigma0, gamma, mu, extended=True)


CASES = [
    (extended(0.004, 0.99, 0.002), 0.004, 0.0),
    (extended(0.004, 1.0, 0.0), 0.004, 0.0),
    (extended(0.004, 1.0, 0.002), 0.0005, 0.0),
    (extended(0.0004, 1.0, 0.0), 0.004, 0.0),
    (extended(0.004, 0.9, 0.001), 0.004, 0.002),
    (extended(0.004, 0.97, -0.001), 0.008, 0.0),
    (extended(0.004, 0.97, 0.001), 0.0, 0.001),
    (Parameters(0.01, 0.97, price=5.0), 0.003, 0.0),
]


@pytest.mark.parametrize(("p", "noise", "margin"), CASES)
def test_the_gain_of_noisy_runs_is_that_of_simulated_ones(p, noise, margin):
    n = np.array([1, 4, 20, 60])
    law = expected_noisy_gain(p, n, noise, threshold=margin)
    runs = simulate_noisy(p, 60, 4000, noise=noise, keep_rule=Margin(margin), seed=1)
    for found, expected in ((runs.true, law.true), (runs.logged, law.logged)):
        gain = 1 - found[:, n]
        assert (abs(gain.mean(axis=0) - expected) < 5 * gain.std(axis=0) / 4000**0.5 + 1e-15).all()


@pytest.mark.parametrize("noise", [0.001, 0.004, 0.02])
@pytest.mark.parametrize(("mu", "margin"), [(0.0, 0.0), (0.002, 0.0), (-0.001, 0.003)])
def test_the_first_decision_is_in_closed_form(noise, mu, margin):
    p = extended(0.004, 0.9, mu)
    law = expected_noisy_gain(p, 1, noise, threshold=margin)
    step = noisy_step(p, 0, noise, threshold=margin)
    assert law.true == pytest.approx(step.true_gain, rel=1e-7, abs=1e-9)
    assert law.logged == pytest.approx(step.logged_gain, rel=1e-7)
    if mu == margin == 0:
        share = 0.004**2 / (0.004**2 + 2 * noise**2)
        assert law.share == pytest.approx(share, rel=1e-7)


def test_a_run_of_no_decision_gains_nothing():
    for n in (0, [0, 0]):
        law = expected_noisy_gain(Parameters(0.01, 0.97), n, 0.01)
        assert law.true == pytest.approx(np.zeros(np.shape(n)), abs=0)
        assert law.logged == pytest.approx(np.zeros(np.shape(n)), abs=0)


def test_without_noise_it_is_the_model():
    p = Parameters(0.01, 0.97, -0.001)
    law = expected_noisy_gain(p, [0, 50], 0.0)
    assert (
        law.true.tolist() == law.logged.tolist() == (-expected_frontier(p, [0, 50], 0.0)).tolist()
    )
    assert math.isnan(law.share[0])
    least = expected_noisy_gain(p, [0, 50], 5e-324)
    assert least.true.tolist() == least.logged.tolist() == law.true.tolist()
    assert law.share[1] == 1


def test_without_steps_the_log_shows_the_lowest_of_its_measurements():
    """The luck of n + 1 equal values: the mean of the largest of as many normals."""
    law = expected_noisy_gain(extended(1e-6, 1.0, 0.0), [1, 9, 99], 1.0)
    for logged, k in zip(law.logged, (2, 10, 100), strict=True):
        largest = quad(lambda x, k=k: x * k * norm.pdf(x) * norm.cdf(x) ** (k - 1), -10, 10)[0]
        assert logged == pytest.approx(largest, rel=0.01)


def test_luck_is_less_than_its_bits_allow():
    p = extended(0.004, 1.0, 0.001)
    rules = [Margin(0.0), Margin(0.004), Ladder(0.004), Confirm(2), PosteriorMean(p, 0.008)]
    for rule in rules:
        runs = simulate_noisy(p, 50, 1000, noise=0.008, keep_rule=rule, seed=3)
        error = runs.curse.std() / 1000**0.5
        assert runs.curse.mean() + 5 * error < luck_bound(50, 0.008)
        # the noise of all 51 measurements is one bound, that of the keeps a sharper one
        most = int(runs.kept.sum(axis=1).max())
        assert runs.curse.mean() + 5 * error < luck_bound(50, 0.008, most)


@pytest.mark.parametrize("n", [1, 10, 200])
def test_an_agent_bent_on_luck_reaches_two_thirds_of_the_bound(n):
    luck = simulate_luck(n, 0.5, 4000, seed=4)
    expected = 0.5 * math.sqrt(2 * n / math.pi)
    assert abs(luck.mean() - expected) < 5 * luck.std() / 4000**0.5
    assert expected / luck_bound(n, 0.5) == pytest.approx(0.678, abs=0.001)


def test_bits():
    assert luck_bound(0, 1.0) == luck_bound(20, 0.0) == luck_bound(20, 1.0, 0) == 0
    assert luck_bound(20, 1.0) == luck_bound(20, 1.0, 20) == luck_bound(20, 1.0, 99)
    ways = sum(comb(20, j, exact=True) for j in range(4))
    assert luck_bound(20, 3.0, 3) == pytest.approx(3 * math.sqrt(2 * math.log(ways)), rel=1e-12)
    # a leaderboard that tells one best of many: the bound for the largest of n + 1
    assert luck_bound(99, 1.0, 1) == pytest.approx(math.sqrt(2 * math.log(100)), rel=1e-12)
