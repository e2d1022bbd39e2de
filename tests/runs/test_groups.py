"""Groups of runs: differences over runs, and no winner where the runs do not tell."""

import numpy as np
import pytest
from scipy import stats

from arbook import ParameterError, RunLog, logs


def run_of(gain, n=20, **other):
    value = np.full(n + 1, 1.0)
    value[n // 2 :] = 1 - gain
    status = ["discard"] * (n + 1)
    status[0] = status[n // 2] = "keep"
    return RunLog(value=value, status=status, **other)


def test_the_interval_is_welch_s():
    a, b = [0.3, 0.35, 0.5, 0.42], [0.1, 0.15, 0.11]
    said = logs.compare_groups(map(run_of, a), map(run_of, b))
    found = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    assert said.interval == pytest.approx((found.low, found.high))
    assert said.difference == pytest.approx(np.mean(a) - np.mean(b))
    assert said.superiority == 1.0
    assert said.superiority_interval[0] > 0.5
    assert said.superiority_interval[1] == 1.0
    assert said.p_value == pytest.approx(2 / 35)  # one of 35 orders, either way
    assert said.winner is None


def test_a_winner_takes_enough_runs():
    many = logs.compare_groups(
        map(run_of, [0.3, 0.35, 0.5, 0.42]), map(run_of, [0.1, 0.2, 0.15, 0.11])
    )
    assert many.winner == 0
    other = logs.compare_groups(
        map(run_of, [0.1, 0.2, 0.15, 0.11]), map(run_of, [0.3, 0.35, 0.5, 0.42])
    )
    assert other.winner == 1
    assert other.superiority == 0.0
    one = logs.compare_groups([run_of(0.5)], [run_of(0.1)])
    assert one.winner is None
    assert one.interval == (-np.inf, np.inf)
    assert np.isnan(one.runs_needed)
    two = logs.compare_groups([run_of(0.5), run_of(0.51)], [run_of(0.1), run_of(0.12)])
    assert two.winner is None


def test_equal_groups_have_no_difference():
    said = logs.compare_groups([run_of(0.2)] * 5, [run_of(0.2)] * 5)
    assert (said.difference, said.superiority, said.p_value) == (0.0, 0.5, 1.0)
    assert said.winner is None


def test_budgets_are_aligned():
    long, short = run_of(0.3, n=40), run_of(0.1, n=15)
    assert logs.compare_groups([long], [short]).budget == 15
    np.testing.assert_allclose(logs.compare_groups([long], [short]).first, 0.0)
    assert logs.compare_groups([long], [long], budget=30).first == pytest.approx(0.3)


def test_the_false_winners_are_few():
    """Of 300 pairs of equal groups, five runs each, about 5 % at most have a winner."""
    rng = np.random.default_rng(4)
    found = 0
    for _ in range(300):
        a, b = rng.gamma(1.5, 0.05, (2, 5))
        found += logs.compare_groups(map(run_of, a), map(run_of, b)).winner is not None
    assert found <= 25


def test_the_intervals_of_superiority_hold():
    """Six runs against eight, true probability 0.76: 400 intervals, about 95 %."""
    rng, hits = np.random.default_rng(6), 0
    truth = stats.norm.cdf(1 / np.sqrt(2))
    for _ in range(400):
        a, b = rng.normal(0.6, 0.1, 6), rng.normal(0.5, 0.1, 8)
        low, high = logs.compare_groups(map(run_of, a), map(run_of, b)).superiority_interval
        hits += low <= truth <= high
    assert 370 <= hits <= 396


def test_runs_needed_give_that_power():
    """With so many runs a difference as large is found in about 80 % of the comparisons."""
    rng = np.random.default_rng(7)
    a, b = rng.normal(0.5, 0.1, 400), rng.normal(0.4, 0.1, 400)
    needed = logs.compare_groups(map(run_of, a), map(run_of, b)).runs_needed
    assert 12 <= needed <= 22
    n = int(needed)
    ends = [
        stats.ttest_ind(rng.normal(0.5, 0.1, n), rng.normal(0.4, 0.1, n)).pvalue for _ in range(500)
    ]
    assert 0.72 <= np.mean(np.array(ends) < 0.05) <= 0.9


def test_runs_of_one_kind():
    up = run_of(-0.1, direction="max")
    with pytest.raises(ParameterError, match="second must be runs of the direction of the first"):
        logs.compare_groups([run_of(0.1)], [up])
    empty = RunLog(value=np.array([1.0]), status=["keep"])
    with pytest.raises(ParameterError, match="first must be runs with an experiment"):
        logs.compare_groups([run_of(0.1)], [empty])
    nothing = RunLog(value=np.array([np.nan, np.nan]), status=["crash"] * 2)
    with pytest.raises(ParameterError, match="second must be runs with a measured baseline"):
        logs.compare_groups([run_of(0.1)], [nothing])
