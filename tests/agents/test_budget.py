"""A night divided: laws against closed forms, quadrature, other formulas and simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import multivariate_normal, norm, spearmanr

from arbook import ParameterError, Parameters, expected_frontier
from arbook._numerics.best_of import mean
from arbook.agents import (
    Fidelity,
    best_kill,
    best_length,
    best_split,
    budget_gain,
    carry_over,
    expected_round_frontier,
    kill_rule,
    precision_weight,
    rank_correlation,
    simulate_budget,
    simulate_killing,
)
from arbook.agents.budget import _best_of, ways
from arbook.noise import PosteriorMean, noisy_step, simulate_noisy

P = Parameters(0.01, 0.97)
REAL = Parameters(0.0035, 0.9864, 0.0005, extended=True)
STEADY = Parameters(0.01, 1.0, extended=True)
EXACT = Fidelity()


def within(sample, law, errors=5.0):
    """Return whether the mean is the law, to so many standard errors."""
    return abs(sample.mean() - law) <= errors * sample.std(ddof=1) / math.sqrt(len(sample))


# ---------------------------------------------------------------- carry-over


def test_the_carry_over_is_the_correlation_of_what_is_simulated():
    rng, hides = np.random.default_rng(1), Fidelity(noise=2.0, curve=3.0, exponent=0.8)
    tau, repeats, step, n = 5.0, 3, 0.5, 200_000
    lasts = step * rng.standard_normal(n)
    passes = step * (3.0 / tau) ** 0.8 * rng.standard_normal(n)
    seen = lasts + passes + math.sqrt(2.0 / tau / repeats) * rng.standard_normal(n)
    r = carry_over(hides, tau, repeats, step)
    error = (1 - r**2) / math.sqrt(n)
    assert abs(np.corrcoef(lasts, seen)[0, 1] - r) < 5 * error
    # the error of a rank correlation is a little larger
    assert abs(spearmanr(lasts, seen).statistic - rank_correlation(r)) < 6 * error


def test_the_carry_over_at_its_ends():
    assert carry_over(EXACT, [1e-9, 1.0]).tolist() == [1.0, 1.0]
    assert carry_over(Fidelity(noise=1.0), 1.0) == pytest.approx(math.sqrt(0.5))
    assert carry_over(Fidelity(curve=4.0), 4.0, 100) == pytest.approx(math.sqrt(0.5))
    assert carry_over(Fidelity(1.0, 1.0, 10.0), 1e-300) == 0.0


def test_ranks_are_never_far_from_the_correlation():
    r = np.linspace(0, 1, 1001)
    assert np.abs(rank_correlation(r) - r).max() == pytest.approx(0.018, abs=0.0005)


def test_one_decision_is_that_of_the_chapter_on_noise():
    """A margin makes the plain rule the posterior's; without bias they agree as they are."""
    gain = budget_gain(P, Fidelity(noise=2.0), 4.0, 1)
    noise = 0.01 * math.sqrt(2.0 / 4.0)
    assert gain == pytest.approx(float(noisy_step(P, 0, noise, known=True).true_gain), rel=1e-12)


# ---------------------------------------------------------------- the gain of a night


@pytest.mark.parametrize("p", [P, REAL, Parameters(0.02, 0.9, -0.002)])
def test_without_anything_hidden_it_is_the_model(p):
    one = budget_gain(p, EXACT, 1.0, 50)
    assert one == pytest.approx(1 - expected_frontier(p, 50), rel=1e-9)
    team = budget_gain(p, EXACT, 1.0, 20, 4)
    assert team == pytest.approx(1 - expected_round_frontier(p, 20, 4), rel=1e-6)


@pytest.mark.parametrize("k", [2, 10, 1000])
def test_the_table_interpolates_to_a_millionth(k):
    a = np.array([-30.0, -12.0, -3.337, -0.701, 0.049, 2.953, 7.99, 8.0, 40.0])
    assert _best_of(a, k) == pytest.approx(mean(a, np.full(a.size, k), 0.0), abs=1e-6)


@pytest.mark.parametrize(
    ("p", "hides", "agents", "repeats"),
    [
        (P, Fidelity(noise=3.0), 1, 1),
        (REAL, Fidelity(noise=0.5, curve=2.0), 1, 3),
        (REAL, Fidelity(noise=2.0, curve=1.0, exponent=1.5), 4, 1),
        (Parameters(0.02, 0.9, -0.002), Fidelity(noise=4.0), 2, 2),
    ],
)
def test_nights_are_what_the_law_says(p, hides, agents, repeats):
    runs = simulate_budget(p, hides, 2.0, 40, agents, repeats, n_runs=4000, seed=3)
    assert within(runs, budget_gain(p, hides, 2.0, 40, agents, repeats))


@pytest.mark.parametrize(("p", "hides"), [(P, Fidelity(noise=3.0)), (REAL, Fidelity(noise=0.5))])
def test_an_incumbent_that_is_measured_is_that_of_the_posterior_rule(p, hides):
    """One agent and nothing that passes: a loop with a noisy metric, simulated elsewhere."""
    noise = p.sigma0 * math.sqrt(hides.noise / 2.0)
    runs = simulate_budget(p, hides, 2.0, 40, known=False, n_runs=4000, seed=1)
    loop = simulate_noisy(p, 40, 4000, noise=noise, keep_rule=PosteriorMean(p, noise), seed=2)
    true = loop.true[:, 0] - loop.true[:, -1]
    off = math.hypot(*(x.std(ddof=1) / math.sqrt(x.size) for x in (runs, true)))
    assert abs(runs.mean() - true.mean()) < 5 * off
    assert runs.mean() + 5 * off < budget_gain(p, hides, 2.0, 40)


def test_rounds_of_several_agents_believe_what_all_measurements_say():
    """Against the joint normal law of all measurements, with a part that passes and repeats."""
    p, hides, rounds, k, j, n = REAL, Fidelity(noise=8.0, curve=2.0), 3, 2, 2, 1500
    runs = simulate_budget(p, hides, 2.0, rounds, k, j, known=False, n_runs=40_000, seed=1)
    rng, passes, noise = np.random.default_rng(2), 1.0, p.sigma0 * math.sqrt(8.0 / 2.0 / j)
    # what is hidden: for each round and agent what lasts and what passes; and of each measurement
    # how much of that is in it, the baseline's first
    size, sigma = 2 * k * rounds, p.sigma0 * p.gamma ** np.repeat(np.arange(rounds), 2 * k)
    mean = np.tile([-p.mu, 0.0], k * rounds)
    cov = np.diag((sigma * np.tile([1.0, passes], k * rounds)) ** 2)
    total = np.zeros(n)
    for run in range(n):
        hidden = mean + np.sqrt(np.diag(cov)) * rng.standard_normal(size)
        held, rows, seen = np.zeros(size), [np.zeros(size)], [noise * rng.standard_normal()]
        for r in range(rounds):
            variants = []
            for i in range(k):
                changed = held.copy()
                changed[2 * (k * r + i) : 2 * (k * r + i) + 2] = 1.0
                variants.append(changed)
                rows.append(changed)
                seen.append(changed @ hidden + noise * rng.standard_normal())
            a = np.array(rows)
            # the baseline's own level is flat: differences to its measurement share its error
            d, b = np.array(seen[1:]) - seen[0], a[1:]
            errors = noise**2 * (np.eye(len(d)) + 1.0)
            gain = np.linalg.solve(b @ cov @ b.T + errors, b @ cov).T
            believed = mean + gain @ (d - b @ mean)
            lasts = [(v - held)[::2] @ believed[::2] for v in variants]
            best = int(np.argmax(lasts))
            if lasts[best] > 0:
                held = variants[best]
        total[run] = held[::2] @ hidden[::2]
    off = math.hypot(runs.std() / math.sqrt(runs.size), total.std() / math.sqrt(n))
    assert abs(runs.mean() - total.mean()) < 5 * off


def test_a_night_of_no_round_gains_nothing():
    assert budget_gain(P, EXACT, 1.0, 0) == budget_gain(P, EXACT, 1.0, 0, 3) == 0.0
    assert simulate_budget(P, EXACT, 1.0, 0, n_runs=2, seed=1).tolist() == [0.0, 0.0]


# ---------------------------------------------------------------- length


@pytest.mark.parametrize("noise", [0.01, 1.0, 30.0])
def test_the_length_has_a_closed_form_where_decisions_gain_alike(noise):
    closed = (math.sqrt(noise**2 + 8 * noise * 2.0) - noise) / 4
    assert best_length(Fidelity(noise=noise), 2.0) == pytest.approx(closed, rel=1e-9)


@given(
    noise=st.floats(0.01, 100),
    curve=st.floats(0, 100),
    exponent=st.floats(0.1, 2),
    overhead=st.floats(0.01, 10),
    elasticity=st.floats(0.05, 1),
    weight=st.floats(0.3, 5),
)
def test_no_other_length_gains_more(noise, curve, exponent, overhead, elasticity, weight):
    """Where the gain is the weight's power of r times the elasticity's power of the number."""
    hides = Fidelity(noise, curve, exponent)
    tau = best_length(hides, overhead, elasticity=elasticity, weight=weight)

    def log_gain(x):
        return weight * np.log(carry_over(hides, x)) - elasticity * np.log(x + overhead)

    assert (log_gain(tau) >= log_gain(tau * np.geomspace(0.1, 10, 21)) - 1e-9).all()


def test_with_gains_like_one_over_t_two_over_the_logarithm_is_noise():
    """The exact maximum of r ln N, with N = T / tau, solves the law with its elasticity."""
    hides, time = Fidelity(noise=1.0), 500.0
    tau = np.linspace(0.2, 20, 200_001)
    best = tau[(carry_over(hides, tau) * np.log(time / tau)).argmax()]
    eps = 1 / math.log(time / best)
    assert best_length(hides, elasticity=eps) == pytest.approx(best, rel=1e-3)
    assert 1 - carry_over(hides, best) ** 2 == pytest.approx(2 * eps, rel=1e-3)


def test_the_shortest_is_best_without_overhead():
    assert best_length(Fidelity(noise=1.0)) == 0.0
    assert best_length(EXACT, 1.0) == 0.0


@pytest.mark.parametrize("a", [-30.0, -6.1, -5.9, -0.7, 0.0, 2.0])
def test_the_weight_is_an_elasticity(a):
    """Of the integral of the tail, by the step."""

    def log_gain(s):
        scale = norm.logsf(-a)
        whole = quad(lambda x: math.exp(norm.logsf((x - a) / s) - scale), 0, 60, limit=200)[0]
        return math.log(whole)

    step = 1e-4 / (1 + a * a)
    slope = (log_gain(1 + step) - log_gain(1 - step)) / (2 * step)
    assert precision_weight(a) == pytest.approx(slope, rel=2e-3)


# ---------------------------------------------------------------- splits


@pytest.mark.parametrize("noise", [0.1, 30.0])
def test_the_best_split_is_the_best_of_all(noise):
    hides, night = Fidelity(noise=noise, curve=0.5), 60 * 2
    found = best_split(P, hides, 2.0, 3, 0.5)
    every = [
        (budget_gain(P, hides, night / r - 0.5, r, k, j), r, k, j)
        for k, j in ((3, 1), (2, 1), (1, 3))
        for r in range(1, 240)
    ]
    assert (found.gain, found.rounds, found.agents, found.repeats) == max(every)
    assert found.rounds * (found.minutes + 0.5) == pytest.approx(night)
    assert found.agents * found.repeats + found.idle == 3


def test_repeats_need_much_noise_and_many_machines():
    """Without bias other variants tell more than repeats do, up to seven machines."""
    quiet, loud = Fidelity(noise=0.1), Fidelity(noise=1e4)
    few, many = (best_split(P, loud, 2.0, machines, 1.0) for machines in (7, 8))
    assert (few.agents, few.repeats) == (7, 1)
    assert (many.agents, many.repeats) == (4, 2)
    assert best_split(P, quiet, 2.0, 8, 1.0).repeats == 1
    assert many.rounds < best_split(P, quiet, 2.0, 8, 1.0).rounds


def test_ways_leave_no_room():
    assert list(ways(1)) == [(1, 1)]
    assert list(ways(7)) == [(7, 1), (3, 2), (2, 3), (1, 7)]


def test_a_night_shorter_than_an_overhead_is_refused():
    with pytest.raises(ParameterError, match="more than one overhead of 90 minutes"):
        best_split(P, EXACT, 1.0, overhead=90.0)


def test_a_night_a_little_longer_than_an_overhead_has_one_round():
    assert best_split(P, EXACT, 1.0, overhead=59.0).rounds == 1


# ---------------------------------------------------------------- kill rules


@pytest.mark.parametrize("h", [-3.0, -0.5, 0.0, 1.0])
@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9, 0.9999])
def test_the_gain_left_has_a_closed_form_without_bias(rho, h):
    own = math.sqrt(1 - rho**2)
    closed = norm.sf(h / own) + math.sqrt(2 * math.pi) * rho * norm.pdf(h) * norm.cdf(rho * h / own)
    rule = kill_rule(rho, 0.3, h)
    assert rule.gain == pytest.approx(closed, abs=1e-9)
    assert rule.time == pytest.approx(1 - 0.7 * norm.cdf(h))


@pytest.mark.parametrize(("rho", "h", "a"), [(0.7, -0.4, -1.0), (0.2, 0.6, 0.5), (0.95, 0.0, -2.0)])
def test_keeps_lost_are_a_corner_of_the_plane(rho, h, a):
    corner = multivariate_normal([0, 0], [[1, -rho], [-rho, 1]]).cdf([h, a])
    assert kill_rule(rho, 0.3, h, a).lost == pytest.approx(corner / norm.cdf(a), abs=1e-5)


@pytest.mark.parametrize("rho", [0.3, 0.8])
def test_the_worse_half(rho):
    rule = kill_rule(rho, 0.25)
    assert rule.gain == pytest.approx((1 + rho) / 2, abs=1e-12)
    assert rule.lost == pytest.approx(math.acos(rho) / math.pi, abs=1e-9)
    assert rule.worth() == pytest.approx((1 + rho) / 1.25)


@pytest.mark.parametrize("a", [0.0, -1.0, 1.0])
def test_killing_is_what_the_law_says(a):
    gain, time = simulate_killing(0.6, 0.2, -0.3, a, n_experiments=50_000, seed=2)
    rule = kill_rule(0.6, 0.2, -0.3, a)
    whole = a * norm.cdf(a) + norm.pdf(a)
    assert within(gain, rule.gain * whole)
    assert within(time, rule.time)


@pytest.mark.parametrize("eps", [1.0, 0.2])
def test_no_threshold_is_better_than_the_best(eps):
    best = best_kill(0.7, 0.3, -0.5, elasticity=eps)
    others = [kill_rule(0.7, 0.3, h, -0.5).worth(eps) for h in np.linspace(-4, 4, 81)]
    assert best.worth(eps) >= max(others)
    assert best.worth(eps) > 1


def test_extreme_thresholds():
    none, all_of_them = kill_rule(0.5, 0.3, -100.0), kill_rule(0.5, 0.3, 100.0)
    assert (none.killed, none.time) == (0.0, 1.0)
    assert none.gain == pytest.approx(1.0)
    assert none.lost == pytest.approx(0.0, abs=1e-12)
    assert (all_of_them.gain, all_of_them.lost, all_of_them.time) == pytest.approx((0.0, 1.0, 0.3))
