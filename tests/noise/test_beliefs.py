"""The filter: two measurements of one thing, joint normals, and runs whose truth is known."""

import math

import numpy as np
import pytest
from scipy.stats import kstest, multivariate_normal, norm

from arbook import ParameterError, Parameters, step_size
from arbook.noise import Belief, Trace, kalman
from arbook.noise.grid import GridFilter

P = Parameters(0.0036, 0.988, 0.0004, extended=True)


def measured_run(p, noise, n, rng, change=None):
    """Return a run under the plain rule and its true incumbents."""
    f = 1.0
    best = f + noise * rng.standard_normal()
    y, kept, true, start = [], [], [f], best
    for t, sigma in enumerate(step_size(p, np.arange(n))):
        delta = p.mu + sigma * rng.standard_normal() if change is None else change(t, rng)
        y.append(f + delta + noise * rng.standard_normal())
        kept.append(y[-1] < best)
        if kept[-1]:
            f, best = f + delta, y[-1]
        true.append(f)
    return Trace(start, np.array(y), np.array(kept)), np.array(true)


def laws(p, n):
    return np.full(n, p.mu), step_size(p, np.arange(n))


def test_measurements_of_one_thing_are_averaged_by_their_precision():
    seen = Belief(1.0, 0.02**2).again(0.97, 0.01)
    assert seen.mean == pytest.approx((1.0 + 4 * 0.97) / 5)
    assert seen.variance == pytest.approx(1 / (1 / 0.02**2 + 1 / 0.01**2))
    nothing = Belief(1.0, 0.02**2).again(math.nan, 0.01)
    assert (nothing.mean, nothing.variance) == (1.0, 0.02**2)


@pytest.mark.parametrize("measurements", [[0.994], [0.994, 0.999], [1.01, 0.98, 0.99]])
def test_a_trial_is_the_conditional_of_a_joint_normal(measurements):
    """Condition (f, g, y_1 ... y_k) on the y by the matrix formula."""
    m, v, mu, sigma, nu = 1.0, 0.003**2, 0.001, 0.004, 0.002
    trial = Belief(m, v).trial(mu, sigma)
    for y in measurements:
        trial = trial.measured(y, nu)
    k = len(measurements)
    g = v + sigma**2
    above = np.array([[v] * k, [g] * k])
    within = np.full((k, k), g) + nu**2 * np.eye(k)
    gain = above @ np.linalg.inv(within)
    mean = np.array([m, m + mu]) + gain @ (np.array(measurements) - m - mu)
    cov = np.array([[v, v], [v, g]]) - gain @ above.T
    assert (trial.incumbent, trial.variant) == pytest.approx(mean)
    found = (trial.incumbent_variance, trial.covariance, trial.variant_variance)
    assert found == pytest.approx((cov[0, 0], cov[0, 1], cov[1, 1]))
    std = math.sqrt(cov[0, 0] - 2 * cov[0, 1] + cov[1, 1])
    assert trial.gain_std == pytest.approx(std)
    assert trial.better == pytest.approx(norm.cdf((mean[0] - mean[1]) / std))


def test_the_worth_of_a_measurement_is_what_it_brings_on_average():
    rng = np.random.default_rng(1)
    trial = Belief(1.0, 0.003**2).trial(0.001, 0.004).measured(0.997, 0.004)
    spread = math.sqrt(trial.variant_variance + 0.004**2)
    again = trial.measured(trial.variant + spread * rng.standard_normal(400_000), 0.004)
    brought = np.maximum(again.gain, 0) - max(trial.gain, 0)
    error = brought.std() / math.sqrt(brought.size)
    assert abs(brought.mean() - trial.worth_again(0.004)) < 4 * error
    assert again.gain.mean() == pytest.approx(trial.gain, abs=5 * again.gain.std() / 600)


def test_the_likelihood_is_that_of_the_joint_normal_of_all_measurements():
    """Write all measurements as sums of independent parts and take their joint density."""
    trace, _ = measured_run(P, 0.001, 12, np.random.default_rng(2))
    mu, sigma = laws(P, 12)
    n = 12
    # columns: the baseline's noise, which f_0 is off by; changes; noises
    parts = np.zeros((n, 1 + 2 * n))
    incumbent, mean, means = np.zeros(1 + 2 * n), 0.0, []
    incumbent[0] = 1.0
    for t in range(n):
        variant = incumbent.copy()
        variant[1 + t] = 1.0
        parts[t] = variant
        parts[t, 1 + n + t] = 1.0
        means.append(mean + mu[t])
        if trace.kept[t]:
            incumbent, mean = variant, mean + mu[t]
    scale = np.concatenate([[0.001], sigma, np.full(n, 0.001)])
    cov = (parts * scale**2) @ parts.T
    expected = multivariate_normal(np.array(means), cov).logpdf(trace.y - trace.baseline)
    found = kalman.filtered(trace, mu, sigma, 0.001)
    assert found.log_density.sum() == pytest.approx(expected, abs=1e-8)


def test_beliefs_are_calibrated():
    """In 1,500 runs the truth minus the belief, in standard deviations, is standard normal."""
    rng = np.random.default_rng(3)
    before, smooth, chance = [], [], []
    for _ in range(1500):
        trace, true = measured_run(P, 0.0007, 40, rng)
        mu, sigma = laws(P, 40)
        past = kalman.filtered(trace, mu, sigma, 0.0007)
        said = kalman.smoothed(trace, mu, sigma, 0.0007, past)
        before.append((true[-1] - past.mean[-1]) / past.std[-1])
        smooth.append((true[10] - said.mean[10]) / said.std[10])
        kept = np.flatnonzero(trace.kept)
        gain = (true[:-1] - true[1:])[kept]
        chance.append(np.column_stack([said.better[kept], gain > 0, (gain - said.gain[kept])]))
    for z in (np.array(before), np.array(smooth)):
        assert kstest(z, "norm").pvalue > 0.001
    said = np.concatenate(chance)
    assert abs(said[:, 2].mean()) < 4 * said[:, 2].std() / math.sqrt(len(said))
    for low, high in ((0, 0.6), (0.6, 0.8), (0.8, 0.95), (0.95, 0.999)):
        rows = said[(said[:, 0] >= low) & (said[:, 0] < high)]
        off = rows[:, 1].mean() - rows[:, 0].mean()
        assert abs(off) < 4 * math.sqrt(0.25 / len(rows))


@pytest.mark.parametrize("noise", [0.0002, 0.001, 0.004])
def test_the_grid_agrees_with_the_exact_filter(noise):
    trace, _ = measured_run(P, noise, 120, np.random.default_rng(4))
    mu, sigma = laws(P, 120)
    past = kalman.filtered(trace, mu, sigma, noise)
    exact = kalman.smoothed(trace, mu, sigma, noise, past)
    grid = GridFilter(trace, lambda d, t: norm.cdf((d - P.mu) / step_size(P, t)), noise)
    found = grid.smoothed()
    assert grid.filtered.log_density.sum() == pytest.approx(past.log_density.sum(), abs=0.05)
    assert grid.filtered.mean == pytest.approx(past.mean, abs=0.02 * noise)
    kept = trace.kept
    assert found.mean == pytest.approx(exact.mean, abs=0.02 * noise)
    assert found.gain[kept] == pytest.approx(exact.gain[kept], abs=0.02 * noise)
    assert found.gain_std[kept] == pytest.approx(exact.gain_std[kept], abs=0.02 * noise)
    assert found.better[kept] == pytest.approx(exact.better[kept], abs=0.01)
    assert grid.below() == pytest.approx(kalman.below(trace, mu, sigma, noise, past), abs=0.005)


def test_the_grid_agrees_with_particles_where_changes_jump():
    """Gains and losses apart: an exponential on each side of zero, with a jump in between."""
    gain, loss, chance, noise = 0.003, 0.002, 0.3, 0.0015

    def change(_, rng):
        return -gain * rng.exponential() if rng.random() < chance else loss * rng.exponential()

    def law(d, _):
        return np.where(
            d < 0,
            chance * np.exp(np.minimum(d, 0) / gain),
            1 - (1 - chance) * np.exp(-np.maximum(d, 0) / loss),
        )

    rng = np.random.default_rng(5)
    trace, _ = measured_run(P, noise, 30, rng, change)
    grid = GridFilter(trace, law, noise)
    m = 200_000
    f, logs = trace.baseline + noise * rng.standard_normal(m), 0.0
    for t in range(30):
        gains = rng.random(m) < chance
        d = np.where(gains, -gain * rng.exponential(size=m), loss * rng.exponential(size=m))
        weight = norm.pdf(trace.y[t], f + d, noise)
        logs += math.log(weight.mean())
        after = f + d if trace.kept[t] else f
        f = rng.choice(after, m, p=weight / weight.sum())
        assert grid.filtered.mean[t + 1] == pytest.approx(f.mean(), abs=0.02 * noise)
    assert grid.filtered.log_density.sum() == pytest.approx(logs, abs=0.1)


def test_a_measurement_of_the_incumbent_is_the_usual_update():
    trace = Trace(1.0, [0.99, 0.995], [True, False], [False, True])
    mu, sigma = np.zeros(2), np.full(2, 0.01)
    past = kalman.filtered(trace, mu, sigma, 0.004)
    seen = Belief(past.mean[1], past.std[1] ** 2).again(0.995, 0.004)
    assert past.mean[2] == pytest.approx(seen.mean)
    assert past.std[2] == pytest.approx(seen.std)
    grid = GridFilter(trace, lambda d, t: norm.cdf(d / 0.01), 0.004)
    assert grid.filtered.mean[2] == pytest.approx(seen.mean, abs=1e-4 * 0.4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Belief(math.nan, 1.0), "mean must be"),
        (lambda: Belief(1.0, -1.0), "variance must be"),
        (lambda: Belief(1.0, 1.0).again(1.0, -1.0), "noise must be"),
        (lambda: Trace(math.nan, [1.0], [True]), "baseline must be"),
        (lambda: Trace(1.0, [math.inf], [True]), "y must be"),
        (lambda: Trace(1.0, [1.0], [True, False]), "kept must be"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ParameterError, match=message):
        call()
