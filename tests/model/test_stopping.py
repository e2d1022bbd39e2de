"""Stopping times and patience: against dynamic programming, brute force and simulation."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

import arbook
from arbook import ParameterError, Parameters, expected_improvement, keep_probability, simulate

P = Parameters(0.01, 0.97)
AGENTS = [P, Parameters(0.01, 0.95, 0.003, extended=True), Parameters(0.02, 0.9, -0.0005)]
COST = 0.0008


def extended(sigma0, gamma, mu):
    return Parameters(sigma0, gamma, mu, extended=True)


def value_of_going_on(p, cost, horizon=400):
    """Return the value of each state of a run by backward induction, from its last experiment."""
    value, gain = np.zeros(horizon + 1), expected_improvement(p, np.arange(horizon))
    for t in range(horizon - 1, -1, -1):
        value[t] = max(0.0, gain[t] - cost + value[t + 1])
    return value


@pytest.mark.parametrize("p", AGENTS)
def test_the_stopping_time_is_that_of_dynamic_programming(p):
    n = int(arbook.stopping_time(p, COST))
    value = value_of_going_on(p, COST)
    assert 0 < n < 400
    assert (value[:n] > 0).all()
    assert (value[n:] == 0).all()
    assert value[0] == pytest.approx(1 - arbook.expected_frontier(p, n) - COST * n, rel=1e-9)


@pytest.mark.parametrize("p", AGENTS)
def test_no_rule_that_looks_at_the_run_is_better(p):
    """Simulated runs that stop then make the profit, and rules of patience no more."""
    sim = simulate(p, 400, 2000, seed=4)
    profit = 1 - sim.frontier - COST * np.arange(401)
    n = int(arbook.stopping_time(p, COST))
    best = profit[:, n]
    error = best.std() / math.sqrt(best.size)
    assert abs(best.mean() - value_of_going_on(p, COST)[0]) < 5 * error
    for k in (3, 5, 10, 20):
        when = np.minimum(arbook.patience_stop(sim.kept, k), 400).astype(int)
        stopped = profit[np.arange(when.size), when]
        difference = best - stopped
        assert difference.mean() > -5 * difference.std() / math.sqrt(best.size)


@given(
    sigma0=st.floats(1e-6, 1.0),
    gamma=st.floats(0.5, 0.9999),
    share=st.floats(1e-6, 0.39),
)
def test_without_bias_it_has_a_closed_form(sigma0, gamma, share):
    cost = share * sigma0
    exact = math.log(sigma0 / (cost * math.sqrt(2 * math.pi))) / -math.log(gamma)
    n = arbook.stopping_time(Parameters(sigma0, gamma), cost)
    assert exact - 1e-6 * (1 + exact) <= n <= exact + 1 + 1e-6 * (1 + exact)


@pytest.mark.parametrize(
    ("p", "cost", "n"),
    [
        (P, 0.004, 0.0),
        (P, 1e-300, math.inf),  # below what the smallest step gains
        (Parameters(0.01, 0.97, -0.001), 0.001, math.inf),
        (Parameters(0.01, 0.97, -0.001), 0.00099, math.inf),
        (extended(0.01, 1.0, 0.0), 0.001, math.inf),
        (extended(0.01, 1.0, 0.0), 0.01, 0.0),
        (extended(0.01, 1.1, 0.0), 0.1, math.inf),
        (
            Parameters(1.0, 1 - 1e-12),
            1e-3,
            math.ceil(math.log(1e3 / math.sqrt(2 * math.pi)) / 1e-12),
        ),
    ],
)
def test_stopping_times_at_the_edges(p, cost, n):
    assert arbook.stopping_time(p, cost) == pytest.approx(n, rel=1e-3)


def test_with_a_price_of_boldness_one_step_is_not_enough():
    """The case that the law refuses: the first experiment does not pay, and the run does."""
    p = Parameters(0.3, 0.97, price=10.0)
    gain = expected_improvement(p, np.arange(200))
    assert gain[0] < 0.005 < gain.max()
    assert np.cumsum(gain - 0.005).max() > 0
    with pytest.raises(ParameterError, match="price must be 0"):
        arbook.stopping_time(p, 0.005)


def by_brute_force(p, n, k):
    """Return survival and gain of runs of n experiments from all 2^n ways to keep and discard."""
    prob, gain = keep_probability(p, np.arange(n)), expected_improvement(p, np.arange(n))
    alive = np.zeros(n + 1)
    for ways in itertools.product((False, True), repeat=n):
        weight = np.prod(np.where(ways, prob, 1 - prob))
        stop = min(arbook.patience_stop(np.array(ways), k), n + 1)
        alive[: int(min(stop, n + 1))] += weight
    return alive, np.concatenate([[0.0], np.cumsum(alive[:-1] * gain)])


@pytest.mark.parametrize("p", AGENTS)
@pytest.mark.parametrize("k", [1, 2, 3, 11])
def test_patience_is_that_of_all_ways(p, k):
    n = np.arange(11)
    alive, gain = by_brute_force(p, 10, k)
    assert arbook.patience_survival(p, n, k) == pytest.approx(alive, abs=1e-12)
    assert arbook.patience_gain(p, n, k) == pytest.approx(gain, abs=1e-15)
    assert arbook.patience_experiments(p, 10, k) == pytest.approx(alive[:-1].sum(), rel=1e-12)


@pytest.mark.parametrize("p", AGENTS)
@pytest.mark.parametrize("k", [3, 8])
def test_patience_is_that_of_simulated_runs(p, k):
    sim = simulate(p, 60, 5000, seed=7)
    when = arbook.patience_stop(sim.kept, k)
    made = np.minimum(when, 60).astype(int)
    gain = 1 - sim.frontier[np.arange(made.size), made]
    for found, exact in (
        (when > 12, arbook.patience_survival(p, 12, k)),
        (gain, arbook.patience_gain(p, 60, k)),
        (made, arbook.patience_experiments(p, 60, k)),
    ):
        assert abs(found.mean() - exact) < 5 * found.std() / math.sqrt(found.size)


@pytest.mark.parametrize("p", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("k", [1, 2, 4])
def test_the_mean_wait_is_the_sum_of_the_survival(p, k):
    constant = extended(1.0, 1.0, -norm.ppf(p))
    long = arbook.patience_experiments(constant, 20_000, k)
    assert arbook.streak_waiting_time(p, k) == pytest.approx(long, rel=1e-9)


def test_a_run_of_no_experiments_gains_nothing():
    p = Parameters(sigma0=0.01, gamma=0.97)
    assert arbook.patience_gain(p, 0, 3) == 0.0
    assert arbook.patience_gain(p, [0, 1], 3)[1] == pytest.approx(expected_improvement(p, 0))


def test_a_small_keep_probability_leaves_the_patience():
    assert arbook.streak_waiting_time(1e-12, 7) == pytest.approx(7, rel=1e-9)
    assert arbook.streak_waiting_time(0.999, 1000) == math.inf


@given(st.lists(st.booleans(), min_size=1, max_size=30), st.integers(1, 6))
def test_a_streak_is_found_where_counting_finds_it(kept, k):
    streak, found = 0, math.inf
    for n, one in enumerate(kept, start=1):
        streak = 0 if one else streak + 1
        if streak == k:
            found = n
            break
    assert arbook.patience_stop(kept, k) == found
