"""Correlated agents, agents that do not wait, and prices: laws against simulation and SciPy."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import log_ndtr, ndtr
from scipy.stats import norm

from arbook import (
    ParameterError,
    Parameters,
    any_keep_probability,
    best_improvement_std,
    expected_best_improvement,
    expected_frontier,
    expected_improvement,
    improvement_std,
    keep_probability,
    simulate,
)
from arbook._numerics.best_of import any_positive, mean, variance
from arbook.agents import (
    LONGEST_EXACT,
    best_team,
    effective_agents,
    expected_async_frontier,
    expected_longest,
    expected_round_frontier,
    relative_price,
    round_frontier_std,
    simulate_async,
    simulate_rounds,
    speed_up,
    spread_of_durations,
    team_threshold,
)

P = Parameters(0.01, 0.97)
STEADY = Parameters(0.01, 1.0, extended=True)
nan = math.nan


def of(mu, gamma=1.0):
    return Parameters(0.01, gamma, mu, extended=True)


def within(sample, law, *, errors=5.0, rounding=1e-13):
    """Return whether the mean of each column is the law, to so many standard errors."""
    error = sample.std(axis=0, ddof=1) / math.sqrt(len(sample))
    return (np.abs(sample.mean(axis=0) - law) <= errors * error + rounding).all()


# ---------------------------------------------------------------- correlated agents


def tail(x, a, k, rho):
    """Return Pr[largest > x] by averaging over the common part: another formula."""
    z, step = np.linspace(-14, 14, 2001, retstep=True)
    own = (x - a - math.sqrt(rho) * z) / math.sqrt(1 - rho)
    return float((norm.pdf(z) * -np.expm1(k * log_ndtr(own))).sum() * step)


@pytest.mark.parametrize("a", [-3.0, 0.0, 0.3, 4.0])
@pytest.mark.parametrize("k", [2, 50])
@pytest.mark.parametrize("rho", [0.05, 0.5, 0.95])
def test_one_correlated_round_against_quadrature(a, k, rho):
    ends = [0.0, max(a, 0.0) + 1, max(a, 0.0) + 14]

    def moment(f):
        pieces = (quad(f, *piece, epsabs=0, epsrel=1e-11, limit=200)[0] for piece in pairwise(ends))
        return sum(pieces)

    first = moment(lambda x: tail(x, a, k, rho))
    second = moment(lambda x: 2 * x * tail(x, a, k, rho))
    here = np.array(a), np.array(k), rho
    assert float(mean(*here)) == pytest.approx(first, rel=1e-10)
    assert float(variance(*here)) == pytest.approx(second - first**2, rel=1e-8)
    assert float(any_positive(*here)) == pytest.approx(tail(0.0, a, k, rho), rel=1e-10)


@pytest.mark.parametrize("rho", [0.0, 1e-12, 1e-5, 0.1, 0.5, 0.9, 1 - 1e-9, 1.0])
def test_one_agent_whatever_the_correlation(rho):
    """Also far out in both tails, relative to the value itself."""
    p = [of(mu) for mu in (-0.3, -0.02, 0.0, 0.01, 0.1, 0.3)]
    one, std, keep, first, spread, any_keep = np.transpose([
        (
            expected_improvement(q, 0), improvement_std(q, 0), keep_probability(q, 0),
            expected_best_improvement(q, 0, 1, correlation=rho),
            best_improvement_std(q, 0, 1, correlation=rho),
            any_keep_probability(keep_probability(q, 0), 1, correlation=rho),
        )
        for q in p
    ])  # fmt: skip
    np.testing.assert_allclose(first, one, rtol=1e-10)
    np.testing.assert_allclose(spread, std, rtol=1e-10)
    np.testing.assert_allclose(any_keep, keep, rtol=1e-10)


def test_correlation_0_is_independence_and_1_is_one_agent():
    k, prob = np.array([1, 2, 7, 100]), np.array([0.0, 1e-9, 0.2, 0.5, 1.0])[:, None]
    for p in (P, of(0.01), of(-0.01)):
        alone = np.full(4, expected_improvement(p, 0))
        same = expected_best_improvement(p, 0, k, correlation=1.0)
        np.testing.assert_allclose(same, alone, rtol=1e-11)
        np.testing.assert_array_equal(effective_agents(p, k, 0.0), k)
        np.testing.assert_array_equal(effective_agents(p, k, 1.0), 1)
        nearly = expected_best_improvement(p, 0, k, correlation=1e-13)
        np.testing.assert_allclose(nearly, expected_best_improvement(p, 0, k), rtol=1e-9)
    np.testing.assert_allclose(
        any_keep_probability(prob, k, correlation=1.0), np.broadcast_to(prob, (5, 4)), rtol=1e-11
    )
    independent = any_keep_probability(prob, k)
    np.testing.assert_allclose(
        any_keep_probability(prob, k, correlation=1e-14), independent, rtol=1e-9
    )


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.5, 0.9])
def test_two_agents_without_bias(rho):
    """The orthant probability, and 1 + sqrt((1 - rho) / 2) times one agent's gain."""
    orthant = 0.25 + math.asin(rho) / (2 * math.pi)
    assert any_keep_probability(0.5, 2, correlation=rho) == pytest.approx(1 - orthant, rel=1e-12)
    times = speed_up(P, 2, correlation=rho).per_round
    assert times == pytest.approx(1 + math.sqrt((1 - rho) / 2), rel=1e-12)
    # and so the price of waiting from which on two beat one
    threshold = team_threshold(P, 2, correlation=rho)
    assert threshold == pytest.approx(math.sqrt(2 / (1 - rho)) - 1, rel=1e-10)


@pytest.mark.parametrize(
    ("p", "k", "rho"),
    [(P, 4, 0.5), (of(0.012, 0.97), 10, 0.8), (of(-0.004, 0.9), 3, 0.2), (P, 5, 1.0)],
)
def test_correlated_rounds_agree_with_simulation(p, k, rho):
    n, n_runs = 12, 20_000
    runs = simulate_rounds(p, n, k, n_runs, correlation=rho, seed=8)
    rounds = np.arange(n + 1)
    law = expected_round_frontier(p, rounds, k, correlation=rho)
    assert within(runs.frontier, law)
    std = round_frontier_std(p, rounds, k, correlation=rho)[1:]
    gain = 1 - runs.frontier[:, 1:]
    assert within((gain - gain.mean(axis=0)) ** 2, std**2)
    keeps = any_keep_probability(keep_probability(p, np.arange(n)), k, correlation=rho)
    assert within(runs.kept.astype(float), keeps)
    once = np.diff(runs.frontier[:, :2])[:, 0]
    std = best_improvement_std(p, 0, k, correlation=rho)
    assert within((once - once.mean()) ** 2, std**2)


def test_effective_agents_gain_the_same_and_lie_between():
    k = np.array([1, 2, 3, 10, 100])
    for mu in (-0.02, 0.0, 0.01, 0.05):
        p = of(mu)
        before = k * 1.0
        for rho in (0.1, 0.5, 0.9):
            worth = effective_agents(p, k, rho)
            gain = 0.01 * mean(np.full(5, -mu / 0.01), worth, 0.0)
            law = expected_best_improvement(p, 0, k, correlation=rho)
            np.testing.assert_allclose(gain, law, rtol=1e-12)
            assert worth[0] == pytest.approx(1.0, abs=1e-9)
            assert (np.diff(worth) > 0).all()
            assert (worth[1:] < before[1:]).all()
            before = worth
    # Two keeps in one round are rare where keeps are rare: then correlation does no harm.
    assert effective_agents(of(0.2), 10, 0.2) > 9.9
    assert effective_agents(of(3.0), 10, 0.2) == 10
    assert effective_agents(of(3.0), 10, 1.0) == 1
    assert speed_up(of(3.0), 10, correlation=1.0).per_round == 1
    # What counts is the step of that round.
    later = effective_agents(Parameters(0.01, 0.9, 0.001, extended=True), 10, 0.5, t=20)
    now = effective_agents(Parameters(0.01 * 0.9**20, 0.9, 0.001, extended=True), 10, 0.5)
    assert later == pytest.approx(now, rel=1e-9)


# ---------------------------------------------------------------- agents that do not wait


@pytest.mark.parametrize("variation", [0.0, 1.0])
def test_one_agent_that_does_not_wait_is_the_serial_model(variation):
    runs = simulate_async(P, 40, 1, 2000, variation=variation, f0=2.0, seed=4)
    change = P.mu + 0.01 * 0.97 ** np.arange(40) * np.random.default_rng(4).standard_normal(
        (2000, 40)
    )
    serial = 2 + np.cumsum(np.minimum(change, 0), axis=1)
    np.testing.assert_allclose(runs.frontier[:, 1:], serial, rtol=0, atol=1e-13)
    np.testing.assert_array_equal(runs.kept, change < 0)
    n = np.arange(41)
    assert within(runs.frontier, expected_frontier(P, n, 2.0))
    assert within(runs.time, n)  # mean duration 1
    np.testing.assert_array_equal(
        expected_async_frontier(P, n, 1, 2.0), expected_frontier(P, n, 2.0)
    )
    assert simulate(P, 40, 10, seed=1).frontier.shape == runs.frontier[:10].shape


@pytest.mark.parametrize("k", [2, 3, 7, 60])
def test_staggered_agents_follow_their_recursion(k):
    """F(j+1) = min(F(j), F(j-k+1) + delta_j), and the ends 1, 1 + 1/k, 1 + 2/k, ..."""
    p, n = of(0.002, 0.98), 50
    runs = simulate_async(p, n, k, 5, seed=6)
    z = np.random.default_rng(6).standard_normal((5, n))
    for row, changes in zip(runs.frontier, p.mu + 0.01 * 0.98 ** np.arange(n) * z, strict=True):
        f = [1.0]
        for j, delta in enumerate(changes):
            f.append(min(f[j], f[max(j - k + 1, 0)] + delta))
        np.testing.assert_allclose(row, f, rtol=0, atol=1e-14)
    np.testing.assert_allclose(runs.time[:, 1:], np.tile(1 + np.arange(n) / k, (5, 1)))
    assert runs.n_experiments == n


def test_each_is_judged_by_the_incumbent_at_its_end():
    """Every frontier and every decision again, from the starts and ends of the experiments."""
    k, n, p = 3, 30, of(0.001)
    runs = simulate_async(p, n, k, 20, variation=0.7, seed=2)
    rng = np.random.default_rng(2)
    change = p.mu + 0.01 * rng.standard_normal((20, n))
    b = spread_of_durations(0.7)
    lasts = np.exp(b * rng.standard_normal((20, n)) - b * b / 2)
    for i in range(20):
        start = np.concatenate([np.zeros(k), runs.time[i, 1 : n - k + 1]])  # in order of start
        end = start + lasts[i]
        order = np.argsort(end)
        np.testing.assert_allclose(end[order], runs.time[i, 1:])
        f = [1.0]
        for j in order:
            seen = f[int((np.sort(end) <= start[j]).sum())]
            f.append(min(f[-1], seen + change[i, j]))
        np.testing.assert_allclose(runs.frontier[i], f, rtol=0, atol=1e-14)
    np.testing.assert_array_equal(runs.kept, np.diff(runs.frontier) < 0)


@pytest.mark.parametrize(
    "p", [P, of(0.0), of(0.01), of(-0.005, 0.95), of(0.001, 0.3), of(0.004, 1.05), of(-0.08)],
    ids=repr,
)  # fmt: skip
def test_two_staggered_agents_agree_with_their_law(p):
    n, n_runs = 25, 20_000
    runs = simulate_async(p, n, 2, n_runs, seed=3)
    law = expected_async_frontier(p, np.arange(n + 1), 2)
    assert within(runs.frontier, law)


def test_the_first_gaps_by_hand():
    """Two experiments are a round of two; and by nested quadrature, the third."""
    for mu in (-0.006, 0.0, 0.008):
        p = of(mu)
        gaps = -np.diff(expected_async_frontier(p, np.arange(4), 2))
        assert gaps[0] == pytest.approx(expected_improvement(p, 0), rel=1e-12)
        assert gaps[:2].sum() == pytest.approx(expected_best_improvement(p, 0, 2), rel=1e-11)

        x, step = np.linspace(-mu - 0.09, -mu + 0.09, 1201, retstep=True)
        chance = norm.pdf(x, -mu, 0.01) * step
        gap = np.maximum(0, x - np.maximum(0, x)[:, None])  # columns: the second X
        u = (-mu - gap) / 0.01
        third = 0.01 * (u * ndtr(u) + norm.pdf(u))  # E[max(0, X - gap)]
        total = chance @ third @ chance
        assert gaps[2] == pytest.approx(total, rel=2e-5)


def test_the_steady_state_of_two():
    law = expected_async_frontier(STEADY, np.arange(101), 2)
    assert -np.diff(law)[-1] / expected_improvement(STEADY, 0) == pytest.approx(0.77082, abs=1e-5)
    assert speed_up(STEADY, 2).per_experiment == pytest.approx(0.85355, abs=1e-5)


@pytest.mark.parametrize("mu", [-0.01, 0.0, 0.01])
@pytest.mark.parametrize("k", [2, 5])
def test_fresher_starts_are_never_behind(mu, k):
    """The same changes: serial <= rounds <= staggered <= more staggered, in every run."""
    p, n, n_runs = of(mu), 60, 200
    z = np.random.default_rng(9).standard_normal((n_runs, n))
    serial, free, freer = (
        simulate_async(p, n, agents, n_runs, seed=9).frontier for agents in (1, k, k + 1)
    )
    rounds = np.ones((n_runs, n + 1))
    for j in range(n):
        start = rounds[:, j // k * k]
        rounds[:, j + 1] = np.minimum(rounds[:, j], start + p.mu + 0.01 * z[:, j])
    np.testing.assert_allclose(
        rounds[:, k] - 1, np.minimum(0, p.mu + 0.01 * z[:, :k].min(axis=1)), atol=1e-14
    )
    slack = 1e-13
    for ahead, behind in pairwise([serial, rounds, free, freer]):
        assert (ahead <= behind + slack).all()
        assert ahead.mean() < behind.mean()
    # And in expectation, by the laws, with rounds that shrink their steps not at all.
    if k == 2:
        exact = [
            expected_frontier(p, n),
            expected_round_frontier(p, n // 2, 2),
            expected_async_frontier(p, n, 2),
        ]
        assert exact == sorted(exact)


def test_serial_search_is_ahead_of_random_durations_in_expectation():
    for variation in (0.3, 1.5):
        runs = simulate_async(P, 60, 4, 2000, variation=variation, seed=1).frontier[:, 1:]
        error = runs.std(axis=0) / math.sqrt(2000)
        assert (runs.mean(axis=0) > expected_frontier(P, np.arange(1, 61)) - 5 * error).all()


def test_not_waiting_pays_exactly_when_durations_vary():
    """The chapter's lesson, as gain in one tau."""
    one, k, n = expected_improvement(STEADY, 0), 10, 1500
    pays = []
    for variation in (0.0, 0.1, 0.5, 1.0):
        free = simulate_async(STEADY, n, k, 150, variation=variation, seed=1)
        gain = (1 - free.at([100]).mean()) / 100 / one
        pays.append(gain > speed_up(STEADY, k).per_round / expected_longest(k, variation))
    assert pays == [False, False, True, True]


def test_frontiers_at_given_moments():
    runs = simulate_async(P, 20, 3, 4, variation=0.5, seed=5)
    moments = np.array([0.0, 0.5, 2.0, 5.0, 1e9])
    found = runs.at(moments)
    for i in range(4):
        for moment, value in zip(moments, found[i], strict=True):
            assert value == runs.frontier[i, runs.time[i] <= moment][-1]
    np.testing.assert_array_equal(runs.at(runs.time[0])[0], runs.frontier[0])
    for bad in ([-1.0], [], [nan], 1.0):
        with pytest.raises(ParameterError, match=r"^times must be"):
            runs.at(bad)


def test_runs_that_do_not_wait_are_reproducible():
    a, b = (simulate_async(P, 20, 3, 4, variation=0.5, seed=5) for _ in range(2))
    np.testing.assert_array_equal(a.frontier, b.frontier)
    np.testing.assert_array_equal(a.time, b.time)
    few = simulate_async(P, 2, 5, 4, seed=5)  # more agents than experiments
    np.testing.assert_allclose(few.time[0], [0, 1, 1.2])


# ---------------------------------------------------------------- prices


@pytest.mark.parametrize("variation", [0.3, 1.0, 3.0])
def test_longest_durations(variation):
    b = spread_of_durations(variation)
    k = [1, 2, 10, 1000]
    for agents, found in zip(k, expected_longest(k, variation), strict=True):
        above = quad(
            lambda x, n=agents: -math.expm1(n * norm.logcdf((math.log(x) + b * b / 2) / b)),
            0, 1, epsrel=1e-11, limit=400,
        )[0] + quad(
            lambda y, n=agents: math.exp(y) * -math.expm1(n * norm.logcdf((y + b * b / 2) / b)),
            0, b * (b + 14), epsrel=1e-11, limit=400,
        )[0]  # fmt: skip
        assert found == pytest.approx(above, rel=1e-9)
    lasts = np.exp(b * np.random.default_rng(1).standard_normal((20_000, 10)) - b * b / 2)
    assert within(lasts.max(axis=1), expected_longest(10, variation))
    assert expected_longest(1, variation) == pytest.approx(1.0, rel=1e-13)
    # A coefficient of variation: its square is the variance of a duration of mean 1.
    assert math.expm1(b * b) == pytest.approx(variation**2)


def test_rounds_last_one_experiment_if_all_do():
    np.testing.assert_array_equal(expected_longest([[1, 2], [3, 99]], 0.0), np.ones((2, 2)))


@pytest.mark.parametrize("mu", [-0.005, 0.0, 0.0175])
@pytest.mark.parametrize(("rho", "variation"), [(0.0, 0.0), (0.5, 0.0), (0.3, 0.8)])
def test_the_best_team_has_the_smallest_price(mu, rho, variation):
    p, k, w = of(mu), np.arange(1, 41), np.array([0.0, 0.2, 1.0, 7.0, 50.0])
    given = {"correlation": rho, "variation": variation}
    price = relative_price(p, k, w[:, None], **given)
    best = best_team(p, w, most=40, **given)
    np.testing.assert_array_equal(best, k[price.argmin(axis=1)])
    np.testing.assert_allclose(price[:, 0], 1.0, rtol=1e-11)
    assert best[0] == 1
    # From its definition, for one price.
    gain = expected_best_improvement(p, 0, k, correlation=rho)
    by_hand = (k + 7 * expected_longest(k, variation)) / gain
    np.testing.assert_allclose(price[3], by_hand / by_hand[0], rtol=1e-11)


@pytest.mark.parametrize("mu", [-0.005, 0.0, 0.0175])
def test_one_more_agent_pays_from_the_threshold_on(mu):
    p = of(mu)
    for k in (2, 3, 8):
        for variation in (0.0, 0.5):
            w = float(team_threshold(p, k, variation=variation))
            for waiting, smaller in ((0.999 * w, True), (1.001 * w, False)):
                less, more = relative_price(p, [k - 1, k], waiting, variation=variation)
                assert (less < more) == smaller
            less, more = relative_price(p, [k - 1, k], w, variation=variation)
            assert less == pytest.approx(more, rel=1e-11)
    # With fixed durations the thresholds rise with k, so that the first k that one more agent
    # does not improve is the best.
    thresholds = team_threshold(p, np.arange(2, 30))
    assert (np.diff(thresholds) > 0).all()
    waiting = (thresholds[4:7] + thresholds[5:8]) / 2
    np.testing.assert_array_equal(best_team(p, waiting), [6, 7, 8])


def test_some_teams_are_never_worth_it():
    """Agents that all propose the same, or of whom one is always late."""
    assert team_threshold(P, 2, correlation=1.0) == math.inf
    assert team_threshold(of(-0.05), 2, variation=3.0) == math.inf
    assert best_team(P, 1e6, correlation=1.0, most=20) == 1
    assert best_team(P, 1e9, most=20) == 20


# ---------------------------------------------------------------- bad input

BAD_COUNTS = [0, -1, 1.5, "3", True, None, nan]
BAD_SHARES = [-0.1, 1.1, nan, "0.5", None, True]


@pytest.mark.parametrize("bad", BAD_COUNTS)
def test_bad_counts(bad):
    for name, call in {
        "n_experiments": lambda: simulate_async(P, bad, 2),
        "k": lambda: simulate_async(P, 5, bad),
        "n_runs": lambda: simulate_async(P, 5, 2, bad),
        "k ": lambda: expected_async_frontier(P, 5, bad),
        "k  ": lambda: effective_agents(P, bad, 0.5),
        "k   ": lambda: expected_longest(bad),
        "k    ": lambda: relative_price(P, bad, 1.0),
        "k     ": lambda: team_threshold(P, bad),
        "most": lambda: best_team(P, 1.0, most=bad),
    }.items():
        with pytest.raises(ParameterError, match=f"^{name.strip()} must be"):
            call()


@pytest.mark.parametrize("bad", BAD_SHARES)
def test_bad_correlations(bad):
    for call in (
        lambda: simulate_rounds(P, 5, 2, correlation=bad),
        lambda: expected_round_frontier(P, 5, 2, correlation=bad),
        lambda: round_frontier_std(P, 5, 2, correlation=bad),
        lambda: speed_up(P, 2, correlation=bad),
        lambda: effective_agents(P, 2, bad),
        lambda: relative_price(P, 2, 1.0, correlation=bad),
        lambda: team_threshold(P, 2, correlation=bad),
        lambda: best_team(P, 1.0, correlation=bad),
    ):
        with pytest.raises(ParameterError, match=r"^correlation must be a number in \[0, 1\]"):
            call()


@pytest.mark.parametrize("bad", [-0.1, 101, nan, "0.5", None, True])
def test_bad_variations(bad):
    for call in (
        lambda: simulate_async(P, 5, 2, variation=bad),
        lambda: spread_of_durations(bad),
        lambda: expected_longest(2, bad),
        lambda: best_team(P, 1.0, variation=bad),
    ):
        with pytest.raises(ParameterError, match=r"^variation must be a number in \[0, 100\]"):
            call()


def test_other_bad_input():
    for call in (
        lambda p: simulate_async(p, 5, 2),
        lambda p: expected_async_frontier(p, 5, 2),
        lambda p: effective_agents(p, 5, 0.5),
        lambda p: relative_price(p, 5, 1.0),
        lambda p: best_team(p, 1.0),
    ):
        with pytest.raises(ParameterError, match=r"^p must be"):
            call((0.01, 0.97))
    for bad in (-1.0, nan, "1", [], [1.0, -2.0]):
        with pytest.raises(ParameterError, match=r"^waiting must be"):
            best_team(P, bad)
    with pytest.raises(ParameterError, match=r"^k and waiting must have shapes"):
        relative_price(P, [1, 2], [1.0, 2.0, 3.0])
    with pytest.raises(
        ParameterError, match=r"^k must be an integer in 1 \.\.\. 2 \(simulate_async takes more\)"
    ):
        expected_async_frontier(P, 5, 3)
    for bad in (-1, 1.5, LONGEST_EXACT + 1):
        with pytest.raises(ParameterError, match=r"^n must be"):
            expected_async_frontier(P, bad, 2)
    with pytest.raises(ParameterError, match=r"^p must be such that no step of 300 is smaller"):
        expected_async_frontier(of(-0.001, 0.97), 300, 2)
    with pytest.raises(ParameterError, match=r"^n_runs must be at most"):
        simulate_async(P, 10**6, 2, 10**6)
    with pytest.raises(ParameterError, match=r"^f0 must be"):
        simulate_async(P, 5, 2, f0=nan)
    with pytest.raises(ParameterError, match=r"^seed must be"):
        simulate_async(P, 5, 2, seed=-1)


def test_shapes_of_the_exact_frontier():
    assert np.ndim(expected_async_frontier(P, 5, 2)) == 0
    assert expected_async_frontier(P, 0, 2, 3.0) == 3.0
    many = expected_async_frontier(P, [[0, 7], [3, 1]], 2)
    assert many.shape == (2, 2)
    assert many[0, 1] == expected_async_frontier(P, 7, 2)
