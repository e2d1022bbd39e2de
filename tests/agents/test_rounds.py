"""k agents a round: laws against simulation, and against SciPy's quadrature."""

import math
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from arbook import (
    ParameterError,
    Parameters,
    any_keep_probability,
    expected_frontier,
    expected_improvement,
    frontier_std,
    keep_probability,
)
from arbook.agents import (
    equal_budget,
    expected_round_frontier,
    round_frontier_std,
    simulate_rounds,
    speed_up,
)

P = Parameters(0.01, 0.97)

# Everyday values, and corners: the step gone after one round, no decay, growth, certain keeps,
# rare keeps, one agent, many agents, one round.
GRID = [
    (P, 30, 4),
    (Parameters(0.01, 0.97, -0.001), 30, 4),
    (Parameters(0.01, 0.97, 0.002, extended=True), 30, 4),
    (Parameters(0.01, 1e-6), 10, 3),
    (Parameters(0.01, 1 - 1e-9), 20, 2),
    (Parameters(0.01, 1.02, 0.001, extended=True), 20, 5),
    (Parameters(0.001, 0.5, -0.05), 20, 3),
    (Parameters(0.01, 0.99, 0.03, extended=True), 20, 10),
    (P, 30, 1),
    (P, 5, 500),
    (P, 1, 2),
]


def ids(values):
    p, n_rounds, k = values
    return f"{p.sigma0:g}-{p.gamma:g}-{p.mu:g}-R{n_rounds}-k{k}"


@pytest.mark.parametrize("values", GRID, ids=ids)
def test_laws_agree_with_simulation(values):
    """Mean, spread and keep rate within 5 standard errors."""
    p, n_rounds, k = values
    n_runs = 20_000 if k < 100 else 4_000
    runs = simulate_rounds(p, n_rounds, k, n_runs, f0=2.0, seed=7)
    rounds = np.arange(n_rounds + 1)
    mean, std = runs.frontier.mean(axis=0), runs.frontier.std(axis=0, ddof=1)
    law, law_std = expected_round_frontier(p, rounds, k, 2.0), round_frontier_std(p, rounds, k)
    rounding = 1e-13
    assert (np.abs(mean - law) <= 5 * law_std / math.sqrt(n_runs) + rounding).all()

    # The standard error of a standard deviation, from the sample's fourth moment.
    fourth = ((runs.frontier - mean) ** 4).mean(axis=0)
    with np.errstate(invalid="ignore"):
        error = np.sqrt(np.maximum(fourth - std**4, 0) / n_runs) / (2 * std)
    error = np.nan_to_num(error)
    assert (np.abs(std - law_std) <= 5 * error + rounding).all()

    q = any_keep_probability(keep_probability(p, np.arange(n_rounds)), k)
    error = np.sqrt(q * (1 - q) / n_runs)
    assert (np.abs(runs.kept.mean(axis=0) - q) <= 5 * error + 1 / n_runs).all()

    area = runs.gain_area
    law_area = (2.0 - law[1:]).sum()
    assert abs(area.mean() - law_area) <= 5 * area.std() / math.sqrt(n_runs) + rounding


def integral(f, low, high):
    return quad(f, low, high, epsabs=0, epsrel=1e-11, limit=400)[0]


@pytest.mark.parametrize("a", [-12.0, -5.0, -1.0, 0.0, 0.025, 0.3, 1.0, 2.7, 5.0, 30.0])
@pytest.mark.parametrize("k", [1, 2, 7, 1000])
def test_one_round_against_quadrature(a, k):
    """Mean and standard deviation of max(0, best of k) for mean a and unit variance."""
    p = Parameters(1.0, 0.9, -a, extended=True)
    above = integral(lambda x: -math.expm1(k * norm.logcdf(x - a)), max(0.0, a), max(a, 0.0) + 40)
    below = integral(lambda x: -math.expm1(k * norm.logcdf(x - a)), 0.0, a) if a > 0 else 0.0
    mean = above + below
    law = 0.0 - expected_round_frontier(p, 1, k, 0.0)
    np.testing.assert_allclose(law, mean, rtol=1e-9)

    def density(x):
        return k * norm.pdf(x - a) * math.exp((k - 1) * norm.logcdf(x - a))

    top = max(a, 0.0) + 12
    centre = max(a, 0.0)
    pieces = [0.0, *(x for x in (centre, centre + 1, centre + 3) if x > 0), top]
    second = sum(
        integral(lambda x: density(x) * (x - mean) ** 2, low, high)
        for low, high in pairwise(pieces)
    )
    second += math.exp(k * norm.logcdf(-a)) * mean**2
    np.testing.assert_allclose(round_frontier_std(p, 1, k), math.sqrt(second), rtol=1e-7)


def test_known_maxima_of_normals():
    """E[max of k standard normals], by a mean so large that the positive part does nothing."""
    p = Parameters(1.0, 0.5, -50.0)
    for k, value in ((2, 0.5642), (3, 0.8463), (5, 1.1630), (10, 1.5388), (100, 2.5076)):
        assert -expected_round_frontier(p, 1, k, 0.0) - 50 == pytest.approx(value, abs=5e-5)


def test_one_agent_is_the_serial_model():
    n = np.arange(101)
    for p in (P, Parameters(0.02, 0.9, -0.0005), Parameters(0.01, 0.97, 0.002, extended=True)):
        same = np.testing.assert_allclose
        same(expected_round_frontier(p, n, 1), expected_frontier(p, n), rtol=1e-11)
        same(round_frontier_std(p, n, 1), frontier_std(p, n), rtol=1e-9, atol=1e-18)


def test_shapes():
    assert np.ndim(expected_round_frontier(P, 30, 4)) == 0
    assert expected_round_frontier(P, 0, 4, 3.0) == 3.0
    assert round_frontier_std(P, 0, 4) == 0.0
    many = np.array([[0, 30], [5, 1]])
    for law in (expected_round_frontier, round_frontier_std):
        result = law(P, many, 4)
        assert result.shape == (2, 2)
        assert result[0, 1] == law(P, 30, 4)


def test_simulation_is_reproducible_and_consistent():
    a, b = (simulate_rounds(P, 20, 3, 50, seed=5) for _ in range(2))
    c = simulate_rounds(P, 20, 3, 50, seed=6)
    np.testing.assert_array_equal(a.frontier, b.frontier)
    assert (a.frontier[:, -1] != c.frontier[:, -1]).all()
    np.testing.assert_array_equal(np.diff(a.frontier) < 0, a.kept)
    np.testing.assert_allclose(a.gain_area, (1 - a.frontier[:, 1:]).sum(axis=1), rtol=1e-12)
    assert (a.frontier[:, 0] == 1).all()
    assert (a.n_rounds, a.n_experiments, a.k) == (20, 60, 3)


def test_a_generator_moves_on_and_no_seed_is_fresh():
    rng = np.random.default_rng(1)
    a, b = (simulate_rounds(P, 5, 2, seed=rng).frontier for _ in range(2))
    assert (a[:, -1] != b[:, -1]).all()
    a, b = (simulate_rounds(P, 5, 2, 20).frontier for _ in range(2))
    assert (a != b).any()


def test_speed_up_is_bounded_and_has_its_limits():
    k = np.array([1, 2, 3, 10, 100])
    for mu in (-0.1, -0.001, 0.0, 0.001, 0.1, 0.3):
        s = speed_up(Parameters(0.01, 0.97, mu, extended=True), k)
        assert s.per_round[0] == pytest.approx(1.0, rel=1e-9)
        assert (np.diff(s.per_round) > 0).all()
        assert (s.per_round <= k * (1 + 1e-9)).all()
        assert (np.diff(s.per_experiment) < 0).all() or mu > 0.02
        np.testing.assert_allclose(s.per_experiment, s.per_round / k)
    rare = speed_up(Parameters(0.01, 0.97, 0.3, extended=True), k)
    np.testing.assert_allclose(rare.per_round, k, rtol=1e-9)
    never = speed_up(Parameters(0.01, 0.97, 3.0, extended=True), k)
    np.testing.assert_array_equal(never.per_round, k)
    assert speed_up(P, 2).per_round == pytest.approx(1 + math.sqrt(0.5), rel=1e-11)
    # What counts is the step of that round.
    p = Parameters(0.01, 0.9, 0.001, extended=True)
    later = Parameters(0.01 * 0.9**20, 0.9, 0.001, extended=True)
    assert speed_up(p, 4, t=20).per_round == pytest.approx(speed_up(later, 4).per_round)


def test_speed_up_against_simulation():
    p = Parameters(0.01, 0.97, 0.005, extended=True)
    gain = 1 - simulate_rounds(p, 1, 6, 200_000, seed=2).frontier[:, -1]
    one = expected_improvement(p, 0)
    error = gain.std() / one / math.sqrt(gain.size)
    assert abs(gain.mean() / one - speed_up(p, 6).per_round) < 5 * error


def test_equal_budget():
    budget = equal_budget(P, 120, 4, f0=2.0)
    assert (budget.n_experiments, budget.n_rounds, budget.k) == (120, 30, 4)
    np.testing.assert_array_equal(budget.serial, expected_frontier(P, np.arange(121), 2.0))
    np.testing.assert_array_equal(
        budget.parallel, expected_round_frontier(P, np.arange(31), 4, 2.0)
    )
    alone = equal_budget(P, 10, 1)
    np.testing.assert_allclose(alone.serial, alone.parallel, rtol=1e-11)


@pytest.mark.parametrize("mu", [-0.01, 0.0, 0.01])
@pytest.mark.parametrize("k", [2, 5, 10])
def test_serial_search_is_ahead_at_equal_budget_and_equal_steps(mu, k):
    p = Parameters(0.01, 1.0, mu, extended=True)
    budget = equal_budget(p, 100, k)
    assert budget.serial[-1] < budget.parallel[-1]
    # And in time, the other way round.
    assert budget.parallel[-1] < budget.serial[budget.n_rounds]


BAD_COUNTS = [0, -1, 1.5, "3", True, None, float("nan")]


@pytest.mark.parametrize("bad", BAD_COUNTS)
def test_bad_counts(bad):
    for name, call in {
        "n_rounds": lambda: simulate_rounds(P, bad, 2),
        "k": lambda: simulate_rounds(P, 5, bad),
        "n_runs": lambda: simulate_rounds(P, 5, 2, bad),
        "k ": lambda: expected_round_frontier(P, 5, bad),
        "k  ": lambda: round_frontier_std(P, 5, bad),
        "k   ": lambda: speed_up(P, bad),
        "n_experiments": lambda: equal_budget(P, bad, 2),
        "k    ": lambda: equal_budget(P, 10, bad),
    }.items():
        with pytest.raises(ParameterError, match=f"^{name.strip()} must be"):
            call()


@pytest.mark.parametrize("bad", [-1, 1.5, "3", [], [1, -1], 10**9])
def test_bad_rounds(bad):
    for law in (expected_round_frontier, round_frontier_std):
        with pytest.raises(ParameterError, match=r"^n_rounds must be"):
            law(P, bad, 2)


def test_other_bad_input():
    for call in (
        lambda p: simulate_rounds(p, 5, 2),
        lambda p: expected_round_frontier(p, 5, 2),
        lambda p: round_frontier_std(p, 5, 2),
        lambda p: speed_up(p, 2),
        lambda p: equal_budget(p, 10, 2),
    ):
        with pytest.raises(ParameterError, match=r"^p must be an arbook.Parameters, got"):
            call((0.01, 0.97))
    for f0 in (float("nan"), float("inf"), "1", None):
        with pytest.raises(ParameterError, match=r"^f0 must be"):
            simulate_rounds(P, 5, 2, f0=f0)
        with pytest.raises(ParameterError, match=r"^f0 must be"):
            expected_round_frontier(P, 5, 2, f0)
        with pytest.raises(ParameterError, match=r"^f0 must be"):
            equal_budget(P, 10, 2, f0=f0)
    for seed in (-1, 1.5, "1"):
        with pytest.raises(ParameterError, match=r"^seed must be"):
            simulate_rounds(P, 5, 2, seed=seed)
    with pytest.raises(ParameterError, match=r"^t must be an integer >= 0, got -1"):
        speed_up(P, 2, t=-1)
    with pytest.raises(ParameterError, match=r"^n_experiments must be a multiple of k = 4, got 30"):
        equal_budget(P, 30, 4)


def test_sizes_that_do_not_fit_are_refused_at_once():
    other = r"must be at most \d+, .* memory .*\(expected_round_frontier .* no runs\), got 10+$"
    for size in (10**9, 10**30):
        with pytest.raises(ParameterError, match=rf"^n_runs {other}"):
            simulate_rounds(P, 10**4, 1, size)
    for size in (10**12, 10**30):
        with pytest.raises(ParameterError, match=rf"^k {other}"):
            simulate_rounds(P, 1, size)
        with pytest.raises(ParameterError, match=r"^n_rounds must be .* 1 \.\.\. 100000, got 10+$"):
            simulate_rounds(P, size, 2)
        with pytest.raises(ParameterError, match=r"^n_experiments must .* 200000, got 10"):
            equal_budget(P, size, 2)
    with pytest.raises(ParameterError, match=r"^n_experiments must be .* 1 \.\.\. 10000000,"):
        equal_budget(P, 10**9, 10**6)


def test_what_is_said_to_fit_fits(monkeypatch):
    monkeypatch.setattr("arbook._numerics.memory.free_memory", lambda: 10**6)
    with pytest.raises(ParameterError, match=r"^n_runs must be at most 238, ") as caught:
        simulate_rounds(P, 100, 20, 1000)
    assert "0.000931 GiB" in str(caught.value)
    assert simulate_rounds(P, 100, 20, 238, seed=1).kept.shape == (238, 100)


def test_memory_that_cannot_be_had_after_all_is_the_same_error(monkeypatch):
    monkeypatch.setattr("arbook._numerics.memory.free_memory", lambda: 2**80)
    for k, n_runs in ((1, 10**14), (10**14, 1), (2, 2**62)):
        with pytest.raises(ParameterError, match=r"^n_runs must be at most .*expected_round"):
            simulate_rounds(P, 3, k, n_runs)


def test_importing_costs_numpy_only():
    code = (
        "import sys, arbook.agents, arbook.logs, arbook.programs\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}"
        " & {'scipy', 'matplotlib', 'pandas', 'ipywidgets'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
