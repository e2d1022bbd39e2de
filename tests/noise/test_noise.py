"""Noise: exact laws of one decision, and what whole noisy runs do."""

import math

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

import arbook as ab
from arbook.noise import Margin, best_threshold, noisy_step, simulate_noisy

P = ab.Parameters(0.004, 0.97, 0.001, extended=True)


@pytest.mark.parametrize("mu", [-0.003, 0.0, 0.002])
@pytest.mark.parametrize("noise", [0.0, 0.001, 0.02])
@pytest.mark.parametrize("threshold", [0.0, 0.002])
def test_first_decision_is_the_law(mu, noise, threshold):
    p = ab.Parameters(0.004, 0.97, mu, extended=True)
    runs = simulate_noisy(p, 1, 200_000, noise=noise, keep_rule=Margin(threshold), seed=1)
    law = noisy_step(p, 0, noise, threshold=threshold)
    for sample, expected in (
        (runs.kept[:, 0], law.keep_probability),
        (runs.true[:, 0] - runs.true[:, 1], law.true_gain),
        (runs.logged[:, 0] - runs.logged[:, 1], law.logged_gain),
    ):
        assert abs(sample.mean() - expected) <= 5 * sample.std() / math.sqrt(sample.size) + 1e-15


def test_without_noise_it_is_the_model():
    step = noisy_step(P, [0, 5, 50], 0.0)
    assert step.keep_probability == pytest.approx(ab.keep_probability(P, [0, 5, 50]))
    assert step.true_gain == pytest.approx(ab.expected_improvement(P, [0, 5, 50]))
    assert step.curse == pytest.approx(0.0, abs=1e-18)
    runs = simulate_noisy(P, 30, 100, noise=0.0, seed=2)
    assert np.array_equal(runs.true, runs.logged)


def test_curse_grows_with_noise_and_is_half_with_a_known_incumbent():
    nu = np.array([0.0005, 0.002, 0.008])
    both, known = noisy_step(P, 0, nu).curse, noisy_step(P, 0, nu, known=True).curse
    assert (np.diff(both) > 0).all()
    assert (known < both).all()
    small = noisy_step(P, 0, 1e-6).curse / noisy_step(P, 0, 1e-6, known=True).curse
    assert small == pytest.approx(2.0, rel=1e-4)


def test_best_threshold_maximises_the_true_gain():
    for noise in (0.001, 0.004):
        found = minimize_scalar(
            lambda h, noise=noise: -noisy_step(P, 0, noise, threshold=h).true_gain,
            bounds=(0, 0.05),
            method="bounded",
            options={"xatol": 1e-10},
        )
        assert best_threshold(P, 0, noise) == pytest.approx(found.x, abs=1e-6)
    assert best_threshold(ab.Parameters(0.004, 0.97, -0.001), 0, 0.01) == 0.0


def test_repeats_divide_the_noise():
    once = simulate_noisy(P, 1, 200_000, noise=0.004, repeats=4, seed=3)
    law = noisy_step(P, 0, 0.002)
    gain = once.true[:, 0] - once.true[:, 1]
    assert abs(gain.mean() - law.true_gain) < 5 * gain.std() / math.sqrt(gain.size)
    assert once.measurements == 4


def test_the_logged_frontier_is_cursed_and_remeasuring_lifts_it():
    plain = simulate_noisy(P, 100, 4000, noise=0.003, seed=4)
    again = simulate_noisy(P, 100, 4000, noise=0.003, remeasure=True, seed=4)
    assert plain.curse.mean() > 0.003  # more than one standard deviation of a measurement
    assert abs(again.curse.mean()) < plain.curse.mean() / 2
    assert again.measurements == 2 * plain.measurements
    # A true metric may rise, a logged one under the plain rule may not.
    assert (np.diff(plain.logged) <= 0).all()
    assert (np.diff(plain.true) > 0).any()


def test_equal_seeds_give_equal_runs():
    a, b = (simulate_noisy(P, 20, 10, noise=0.01, seed=7) for _ in range(2))
    assert np.array_equal(a.true, b.true)
    assert np.array_equal(a.logged, b.logged)


def test_a_price_of_boldness_is_a_bias_of_each_experiment():
    p, t, nu = ab.Parameters(0.1, 0.9, -0.001, price=10.0), np.arange(30), np.array([[0.0], [0.02]])
    alone = [
        ab.Parameters(s, 0.5, m, extended=True)
        for s, m in zip(ab.step_size(p, t), ab.bias(p, t), strict=True)
    ]
    for known in (False, True):
        step, margin = noisy_step(p, t, nu, known=known), best_threshold(p, t, nu, known=known)
        assert margin.shape == step.true_gain.shape == (2, 30)
        for i, q in enumerate(alone):
            own = noisy_step(q, 0, nu[:, 0], known=known)
            for name in ("keep_probability", "true_gain", "logged_gain"):
                assert getattr(step, name)[:, i] == pytest.approx(getattr(own, name), rel=1e-12)
            assert margin[:, i] == pytest.approx(best_threshold(q, 0, nu[:, 0], known=known))


def test_without_noise_a_run_is_one_of_the_priced_model():
    p, n_runs = ab.Parameters(0.2, 0.97, price=10.0), 4000
    runs = simulate_noisy(p, 50, n_runs, noise=0.0, seed=4)
    t, n = np.arange(50), np.arange(51)
    prob = ab.keep_probability(p, t)
    assert (abs(runs.kept.mean(axis=0) - prob) < 5 * np.sqrt(prob * (1 - prob) / n_runs)).all()
    gap = runs.true.mean(axis=0) - ab.expected_frontier(p, n)
    assert (abs(gap) <= 5 * ab.frontier_std(p, n) / n_runs**0.5 + 1e-12).all()


def test_neither_keep_rate_nor_gain_tell_the_sign_of_the_bias():
    """Chapter 6: without bias, steps that shrink below the noise look much like h100-mar8."""
    slow, fast = (
        simulate_noisy(ab.Parameters(*numbers), 124, 4000, noise=0.0005, seed=1)
        for numbers in ((0.0036, 0.988), (0.003, 0.96))
    )
    assert slow.kept.mean() == pytest.approx(0.44, abs=0.005)
    assert fast.kept.mean() == pytest.approx(0.18, abs=0.005)
    gain = fast.logged[:, 0] - fast.logged[:, -1]
    assert gain.mean() == pytest.approx(0.024, abs=0.0005)
    # eight or more of the first ten, as that run: without noise a fair coin's 5.5 %
    for runs in (slow, fast):
        assert 0.035 < (runs.kept[:, :10].sum(axis=1) >= 8).mean() < 0.05


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: noisy_step("p", 0, 0.1), "p must be an arbook.Parameters"),
        (lambda: noisy_step(P, -1, 0.1), "t must be an integer >= 0"),
        (lambda: noisy_step(P, 0, -0.1), "noise must be a finite number >= 0"),
        (lambda: noisy_step(P, 0, 0.1, threshold=-1), "threshold must be a finite number >= 0"),
        (lambda: best_threshold(P, 0, math.inf), "noise must be a finite number >= 0"),
        (lambda: best_threshold(None, 0, 0.1), "p must be an arbook.Parameters"),
        (lambda: simulate_noisy(None, 5, noise=0.1), "p must be an arbook.Parameters"),
        (
            lambda: simulate_noisy(P, 0, noise=0.1),
            "n_experiments must be an integer in 1 ... 10000000,",
        ),
        (lambda: simulate_noisy(P, 5, noise=-0.1), "noise must be a finite number >= 0"),
        (
            lambda: simulate_noisy(P, 5, noise=0.1, repeats=0),
            "repeats must be an integer in 1 ... 1844674407370955161,",
        ),
        (lambda: simulate_noisy(P, 5, noise=0.1, remeasure=2), "remeasure must be True or False"),
        (lambda: simulate_noisy(P, 5, noise=0.1, seed=1.5), "seed must be an integer >= 0"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ab.ParameterError, match=message):
        call()
