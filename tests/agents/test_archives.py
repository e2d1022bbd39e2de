"""Archives, islands, restarts and sampling: laws against simulation, and against each other."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expn, log_ndtr, ndtri_exp

from arbook import (
    Parameters,
    expected_best_improvement,
    expected_frontier,
    expected_improvement,
    frontier_std,
    simulate,
)
from arbook.agents import (
    archive_rate,
    elitism_advantage,
    expected_restarts,
    expected_round_frontier,
    simulate_archive,
    simulate_islands,
)
from arbook.noise import simulate_noisy

P = Parameters(0.01, 0.97)


def extended(sigma0, gamma, mu):
    return Parameters(sigma0, gamma, mu, extended=True)


AGENTS = [P, extended(0.01, 0.95, 0.003), Parameters(0.02, 0.9, -0.0005)]


def error(sample):
    return sample.std(ddof=1) / math.sqrt(sample.size)


def rate_by_events(skill, size, events, chains, seed):
    """Return rates of an archive, one a chain, in units of the loop that keeps one.

    Only variants that enter are drawn, from the tail of the normal; between them pass the
    experiments that are expected to. So no keep is too rare. Gains are in units of the step.
    """
    rng = np.random.default_rng(seed)
    gain, waited = np.zeros((chains, size)), np.zeros(chains)
    rows, alone = np.arange(chains), log_ndtr(skill)
    for event in range(2 * events):
        if event == events:  # settled
            start, waited = gain.mean(axis=1), np.zeros(chains)
        worst = gain.argmin(axis=1)
        beats = log_ndtr(skill + gain - gain[rows, worst, None])
        share = np.cumsum(np.exp(beats - beats.max(axis=1, keepdims=True)), axis=1)
        waited += size * np.exp(alone - beats.max(axis=1)) / share[:, -1]
        parent = (rng.random(chains)[:, None] * share[:, -1:] > share).sum(axis=1)
        tail = beats[rows, parent] + np.log(rng.random(chains))
        gain[rows, worst] = gain[rows, parent] + skill - ndtri_exp(tail)
    density = math.exp(-skill * skill / 2 - alone) / math.sqrt(2 * math.pi)
    return (gain.mean(axis=1) - start) / waited / (density + skill)


@pytest.mark.parametrize("size", [1, 2, 5, 20])
def test_the_rate_of_an_archive_is_that_of_rare_keeps(size):
    """Keeps of probability 1e-275: the law is their limit, off by about one in a thousand."""
    rates = rate_by_events(-35.0, size, 60 * size, 4000 // size, seed=size)
    assert abs(rates.mean() - archive_rate(size)) < 5 * error(rates) + 0.002 * archive_rate(size)
    assert error(rates) < 0.015 * archive_rate(size)


def test_events_and_experiments_are_one_process():
    """The simulation by events, and the archive experiment by experiment."""
    p, size = extended(0.01, 1.0, 0.01), 3
    runs = simulate_archive(p, 900, size, 600, seed=3)
    gain = (runs.true[:, 300] - runs.true[:, 900]) / 600 / expected_improvement(p, 0)
    rates = rate_by_events(-1.0, size, 200, 300, seed=4)
    assert abs(gain.mean() - rates.mean()) < 5 * math.hypot(error(gain), error(rates))


def test_the_rate_of_an_archive_by_quadrature():
    assert archive_rate(1) == pytest.approx(1, rel=1e-12)
    assert archive_rate(2) == pytest.approx(1 / (4 * (1 - math.log(2))), rel=1e-10)
    waits = quad(lambda s: math.exp(-s) * expn(2, s) ** 6, 0, 40, epsabs=1e-14)[0]
    assert archive_rate(7) == pytest.approx(1 / (49 * waits), rel=1e-8)
    sizes = np.array([100, 1000, 10_000])
    ratio = archive_rate(sizes) * sizes / np.log(sizes)  # tends to 1, slowly
    assert (np.diff(ratio) < 0).all()
    assert 1 < ratio[-1] < 1.3


@pytest.mark.parametrize("p", AGENTS)
def test_an_archive_of_one_is_the_model(p):
    runs = simulate_archive(p, 60, 1, 4000, seed=1)
    for n in (10, 60):
        assert abs(runs.true[:, n].mean() - expected_frontier(p, n)) < 5 * error(runs.true[:, n])
    noisy = simulate_archive(p, 60, 1, 4000, noise=0.005, seed=1)
    other = simulate_noisy(p, 60, 4000, noise=0.005, seed=2)
    for name in ("true", "logged"):
        a, b = getattr(noisy, name)[:, -1], getattr(other, name)[:, -1]
        assert abs(a.mean() - b.mean()) < 5 * math.hypot(error(a), error(b))


@pytest.mark.parametrize("p", AGENTS)
def test_an_archive_falls_behind_the_larger_it_is(p):
    gains = [1 - simulate_archive(p, 60, size, 2000, seed=5).true[:, -1] for size in (1, 2, 5, 20)]
    for more, less in pairwise(gains):
        assert more.mean() - less.mean() > 5 * math.hypot(error(more), error(less))


def test_an_archive_is_a_hedge_where_noise_is_as_large_as_the_steps():
    p = extended(0.004, 1.0, 0.002)
    one, three = (1 - simulate_archive(p, 200, j, 1500, noise=0.004, seed=6).true[:, -1]
                  for j in (1, 3))  # fmt: skip
    assert three.mean() - one.mean() > 5 * math.hypot(error(one), error(three))


def test_members_that_enter_replace_the_worst():
    """One run against the few lines that say what an archive is."""
    runs = simulate_archive(P, 200, 4, 1, noise=0.002, seed=8)
    rng = np.random.default_rng(8)
    seen = [1 + 0.002 * rng.standard_normal()] * 4
    true = [1.0] * 4
    for t in range(200):
        parent = rng.integers(4, size=1)[0]
        variant = true[parent] + 0.01 * 0.97**t * rng.standard_normal()
        y = variant + 0.002 * rng.standard_normal()
        worst = max(range(4), key=seen.__getitem__)
        assert runs.kept[0, t] == (y < seen[worst])
        if y < seen[worst]:
            true[worst], seen[worst] = variant, y
        assert runs.logged[0, t + 1] == pytest.approx(min(seen), rel=1e-12)
        assert runs.true[0, t + 1] == pytest.approx(true[seen.index(min(seen))], rel=1e-12)


@pytest.mark.parametrize("p", AGENTS)
@pytest.mark.parametrize("k", [1, 3, 10])
def test_restarts_are_those_of_simulated_runs(p, k):
    n = 40
    best = 1 - simulate(p, n, 3000 * k, seed=9).frontier[:, -1].reshape(3000, k).min(axis=1)
    law = expected_restarts(p, n, k)
    assert abs(best.mean() - law) < 5 * error(best)
    mean, std = 1 - expected_frontier(p, n), frontier_std(p, n)
    assert law <= mean + (k - 1) / math.sqrt(2 * k - 1) * std + 1e-9
    assert expected_restarts(p, n, 1) == pytest.approx(mean, rel=1e-4)
    sample = expected_best_improvement(p, 0, k)
    assert expected_restarts(p, 1, k) == pytest.approx(sample, rel=1e-3)


@pytest.mark.parametrize("k", [2, 6])
def test_islands_lie_between_rounds_and_restarts(k):
    rounds = simulate_islands(P, 40, k, 1, 4000, seed=10)
    at = rounds.frontier[:, -1]
    assert abs(at.mean() - expected_round_frontier(P, 40, k)) < 5 * error(at)
    apart = 1 - simulate_islands(P, 40, k, 40, 4000, seed=10).frontier[:, -1]
    assert abs(apart.mean() - expected_restarts(P, 40, k)) < 5 * error(apart)
    # the same changes: whoever shares more often is never behind
    ends = [simulate_islands(P, 40, k, e, 500, seed=11).frontier[:, -1] for e in (1, 5, 20, 99)]
    for often, seldom in pairwise(ends):
        assert (often <= seldom + 1e-12).all()


@pytest.mark.parametrize("p", AGENTS)
def test_elitism_against_sampling_is_that_of_simulated_runs(p):
    n = 50
    chain = 1 - simulate(p, n, 4000, seed=12).frontier[:, -1]
    rng = np.random.default_rng(13)
    sample = np.maximum(-p.mu + p.sigma0 * rng.standard_normal((4000, n)).max(axis=1), 0.0)
    ratio = chain.mean() / sample.mean()
    spread = ratio * math.hypot(error(chain) / chain.mean(), error(sample) / sample.mean())
    assert abs(ratio - elitism_advantage(p, n)) < 5 * spread


@pytest.mark.parametrize("skill", [-3, -1, 0, 0.5])
def test_with_constant_steps_sampling_is_never_ahead(skill):
    assert (elitism_advantage(extended(1.0, 1.0, -skill), np.arange(1, 200)) >= 1 - 1e-9).all()


def test_where_keeps_are_rare_elitism_depends_on_their_number_alone():
    for keeps in (0.5, 3.0):
        n = 100_000
        p = extended(1.0, 1.0, float(-ndtri_exp(math.log(keeps / n))))
        ein = quad(lambda x: -math.expm1(-x) / x, 0, keeps)[0]
        # the exponential tail is good to 1/a^2, about a twentieth here
        assert elitism_advantage(p, n) == pytest.approx(keeps / ein, rel=0.05)
    assert elitism_advantage(extended(1.0, 1.0, 50.0), 10) == 1


def test_steps_that_shrink_let_sampling_win_in_the_end():
    p = Parameters(0.01, 0.85)
    assert elitism_advantage(p, [2, 154]).min() > 1 > elitism_advantage(p, 156)
    chain = -expected_frontier(p, 156, 0.0)
    assert chain < expected_best_improvement(p, 0, 156)


def test_islands_that_are_measured_with_noise():
    """One island is the loop that keeps one; two against the few lines that say what they are."""
    noisy = simulate_islands(P, 60, 1, 9, 4000, noise=0.005, seed=1).frontier[:, -1]
    other = simulate_noisy(P, 60, 4000, noise=0.005, seed=2).true[:, -1]
    assert abs(noisy.mean() - other.mean()) < 5 * math.hypot(error(noisy), error(other))

    runs = simulate_islands(P, 90, 2, 7, 1, noise=0.004, seed=3)
    rng = np.random.default_rng(3)
    true, seen = [1.0] * 2, [1 + 0.004 * rng.standard_normal((1, 1))[0, 0]] * 2
    for r in range(90):
        changes = 0.01 * 0.97**r * rng.standard_normal(2)
        measured = 0.004 * rng.standard_normal(2)
        for i in range(2):
            if true[i] + changes[i] + measured[i] < seen[i]:
                true[i] += changes[i]
                seen[i] = true[i] + measured[i]
        best = seen.index(min(seen))
        assert runs.frontier[0, r + 1] == pytest.approx(true[best], rel=1e-12)
        if (r + 1) % 7 == 0:
            true, seen = [true[best]] * 2, [seen[best]] * 2
