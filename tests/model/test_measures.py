"""Frontier and gain area of any sequence of values."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arbook import RunLog, autoresearch, frontier, gain_area

values = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40)


@given(values)
def test_the_frontier_is_the_best_so_far(v):
    assert frontier(v).tolist() == [min(v[: t + 1]) for t in range(len(v))]


@given(values)
def test_the_frontier_never_rises_and_is_its_own_frontier(v):
    f = frontier(v)
    assert (np.diff(f) <= 0).all()
    assert np.array_equal(frontier(f), f)
    assert f[0] == v[0]
    assert f[-1] == min(v)


@given(values, st.integers(0, 40))
def test_the_frontier_of_a_shorter_run_is_the_start_of_that_of_a_longer(v, n):
    assert np.array_equal(frontier(v)[: n + 1], frontier(v[: n + 1]))


@given(values)
def test_the_gain_area_sums_the_gains(v):
    f = frontier(v)
    exact = sum(Fraction(f[0]) - Fraction(x) for x in f[1:].tolist())
    assert gain_area(f) == pytest.approx(float(exact), rel=1e-12, abs=1e-9)
    assert gain_area(f) >= 0


@given(values)
def test_the_gain_area_weights_improvements_by_the_experiments_left(v):
    f, n = frontier(v), len(v) - 1
    weighted = math.fsum((n - s) * (f[s] - f[s + 1]) for s in range(n))
    assert gain_area(f) == pytest.approx(weighted, rel=1e-9, abs=1e-6)


@given(values, st.floats(-1e6, 1e6))
def test_another_baseline_moves_the_area_by_n_times_its_distance(v, f0):
    f, n = frontier(v), len(v) - 1
    assert gain_area(f, f0) == pytest.approx(gain_area(f) + n * (f0 - f[0]), abs=1e-6)
    assert gain_area(f + f0) == pytest.approx(gain_area(f), abs=1e-6)


def test_gain_areas_of_many_runs_at_once():
    many = np.minimum.accumulate(np.random.default_rng(1).normal(size=(2, 3, 9)), axis=-1)
    areas = gain_area(many)
    assert areas.shape == (2, 3)
    for i in np.ndindex(2, 3):
        assert areas[i] == gain_area(many[i])
    assert isinstance(gain_area(many[0, 0]), float)


def test_nothing_gained():
    assert gain_area([0.7]) == 0.0
    assert gain_area([0.7, 0.7, 0.7]) == 0.0
    assert frontier([3]).tolist() == [3.0]


def test_the_worked_example():
    # baseline 1; the second experiment gains 0.2, the third 0.1
    assert frontier([1.0, 1.1, 0.8, 0.7]).tolist() == [1.0, 1.0, 0.8, 0.7]
    assert gain_area([1.0, 1.0, 0.8, 0.7]) == pytest.approx(0.5)


def test_arguments_are_not_changed():
    v = np.array([1.0, 0.5, 0.7])
    frontier(v)
    gain_area(v)
    assert v.tolist() == [1.0, 0.5, 0.7]


def test_a_run_log_has_the_same_frontier_and_area():
    log = autoresearch(lambda x: x * x, lambda x, rng: x + rng.normal(), 3.0, 50, seed=2)
    assert np.array_equal(frontier(log.value), log.frontier)
    assert gain_area(log.frontier) == pytest.approx(log.gain_area)
    assert isinstance(log, RunLog)
