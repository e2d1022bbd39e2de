"""Simulation: what it is made of, what it does not depend on, and what it costs."""

import sys
import tracemalloc
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arbook import (
    ParameterError,
    Parameters,
    gain_area,
    simulate,
    simulate_moments,
    step_size,
)
from arbook._numerics import streams
from arbook._numerics.memory import free_memory

P = Parameters(0.01, 0.97, -0.001)
module = sys.modules["arbook.model.simulation"]


def same(a, b):
    """Whether two simulations are equal to the last bit."""
    names = ("delta", "kept", "frontier", "gain_area")
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in names)


def same_moments(a, b):
    names = ("frontier_mean", "frontier_std", "keep_rate", "gain_area_mean", "gain_area_std")
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in names)


class Reversed(Executor):
    """Does nothing until a result is wanted, and then the latest task first."""

    def __init__(self):
        self.tasks = []

    def submit(self, fn, /, *args, **kwargs):
        executor, future = self, Future()
        self.tasks.append((future, fn, args, kwargs))

        def result(timeout=None):
            while executor.tasks:
                each, fn, args, kwargs = executor.tasks.pop()
                each.set_result(fn(*args, **kwargs))
            return Future.result(future, timeout)

        future.result = result
        return future


# ---------------------------------------------------------------- definitions


@pytest.mark.parametrize("p", [P, Parameters(0.01, 0.5), Parameters(1, 0.9, 2, extended=True)])
@pytest.mark.parametrize(("n", "n_runs"), [(1, 1), (1, 5), (7, 1), (100, 700), (3000, 90)])
def test_every_result_follows_from_the_changes(p, n, n_runs):
    runs = simulate(p, n, n_runs, f0=0.9, seed=1)
    assert runs.delta.shape == runs.kept.shape == (n_runs, n)
    assert runs.frontier.shape == (n_runs, n + 1)
    assert runs.gain_area.shape == (n_runs,)
    assert (runs.n_runs, runs.n_experiments, runs.f0, runs.parameters) == (n_runs, n, 0.9, p)
    # the update rule, one experiment at a time
    frontier = np.full(n_runs, 0.9)
    assert (runs.frontier[:, 0] == frontier).all()
    for t in range(n):
        variant = frontier + runs.delta[:, t]
        assert np.array_equal(runs.kept[:, t], runs.delta[:, t] < 0)
        frontier = np.where(runs.kept[:, t], variant, frontier)
        assert np.array_equal(runs.frontier[:, t + 1], frontier)
    assert runs.gain_area == pytest.approx(gain_area(runs.frontier), abs=1e-12 * n)


@pytest.mark.parametrize(("n", "n_runs"), [(40, 50_000), (20_000, 100)])
def test_changes_are_independent_normals(n, n_runs):
    p = Parameters(0.01, 0.9999, -0.001)
    z = (simulate(p, n, n_runs, seed=2).delta - p.mu) / step_size(p, np.arange(n))
    count = z.size
    assert abs(z.mean()) < 5 / np.sqrt(count)
    assert abs((z**2).mean() - 1) < 5 * np.sqrt(2 / count)
    assert abs((z**3).mean()) < 5 * np.sqrt(15 / count)
    assert abs((z**4).mean() - 3) < 5 * np.sqrt(96 / count)
    for a, b in [(z[:, 1:], z[:, :-1]), (z[1:], z[:-1])]:  # within a run, and between runs
        assert abs((a * b).mean()) < 5 / np.sqrt(a.size)
    # streams are not copies of each other
    assert np.unique(z[:, 0]).size == n_runs


@given(
    st.floats(1e-6, 1e3), st.floats(1e-3, 0.9999), st.floats(-3, 3),
    st.integers(1, 50), st.integers(1, 20), st.integers(0, 2**64),
)  # fmt: skip
def test_frontiers_never_rise_and_gain_areas_are_positive(sigma0, gamma, mu, n, n_runs, seed):
    p = Parameters(sigma0, gamma, mu, extended=True)
    runs = simulate(p, n, n_runs, seed=seed)
    assert (np.diff(runs.frontier) <= 0).all()
    assert (runs.gain_area >= 0).all()
    fallen = runs.frontier[:, 0] - runs.frontier[:, -1]
    assert (runs.gain_area <= n * fallen + 1e-9 * (1 + sigma0) * n).all()
    assert (runs.kept.any(axis=1) >= (fallen > 0)).all()


@given(st.integers(-200, 200), st.integers(0, 1000))
def test_units_do_not_matter(exponent, seed):
    c = 2.0**exponent
    one = simulate(P, 20, 5, seed=seed, f0=1.0)
    other = simulate(Parameters(c * 0.01, 0.97, c * -0.001), 20, 5, seed=seed, f0=c)
    assert np.array_equal(other.delta, c * one.delta)
    assert np.array_equal(other.frontier, c * one.frontier)
    assert np.array_equal(other.kept, one.kept)


def test_the_same_seed_means_the_same_luck_for_other_parameters():
    """Common random numbers: only the parameters differ."""
    a, b = (simulate(p, 30, 40, seed=3) for p in (Parameters(0.01, 0.9), Parameters(0.02, 0.9)))
    assert np.array_equal(2 * a.delta, b.delta)


@pytest.mark.parametrize("sigma0", [1e-200, 1e100])
@pytest.mark.parametrize("gamma", [5e-324, 1 - 2**-53])
@pytest.mark.parametrize("mu", [0.0, -1e100, 1e100])
def test_no_corner_overflows(sigma0, gamma, mu):
    p = Parameters(sigma0, gamma, mu, extended=True)
    for n in (1, 10_000):
        runs, m = (f(p, n, 3, seed=1) for f in (simulate, simulate_moments))
        assert np.isfinite(runs.frontier).all()
        assert np.isfinite(runs.gain_area).all()
        assert np.isfinite(m.frontier_std).all()
        assert np.isfinite([m.gain_area_mean, m.gain_area_std]).all()


# ---------------------------------------------------------------- seeds


def test_equal_seeds_give_equal_runs():
    sequence = np.random.SeedSequence(5)
    for seed in (0, 5, np.int64(5), 2**200, sequence):
        assert same(simulate(P, 10, 5, seed=seed), simulate(P, 10, 5, seed=seed))
    assert same(simulate(P, 10, 5, seed=5), simulate(P, 10, 5, seed=sequence))
    assert not same(simulate(P, 10, 5, seed=5), simulate(P, 10, 5, seed=6))


def test_no_seed_gives_fresh_runs():
    assert not same(simulate(P, 10, 5), simulate(P, 10, 5))


def test_a_generator_gives_other_runs_at_each_call_and_the_same_from_the_same_state():
    one, two = np.random.default_rng(1), np.random.default_rng(1)
    first, second = simulate(P, 10, 5, seed=one), simulate(P, 10, 5, seed=one)
    assert not same(first, second)
    assert same(first, simulate(P, 10, 5, seed=two))
    assert same(second, simulate(P, 10, 5, seed=two))


def test_spawned_seeds_give_other_runs():
    children = np.random.SeedSequence(5).spawn(2)
    a, b = (simulate(P, 10, 5, seed=child) for child in children)
    assert not np.isin(a.delta, b.delta).any()


# ---------------------------------------------------------------- what does not matter


@pytest.mark.parametrize("n", [1, 100, 5_000, 200_000])
def test_the_first_runs_of_more_are_those_of_fewer(n):
    most = 3 * max(1, streams._STREAM // n) + 2  # the last stream is not used up
    most = min(most, 5_000)
    whole = simulate(P, n, most, seed=4)
    for fewer in {1, 2, most // 2, most - 1}:
        part = simulate(P, n, fewer, seed=4)
        assert np.array_equal(whole.delta[:fewer], part.delta)
        assert np.array_equal(whole.frontier[:fewer], part.frontier)
        assert np.array_equal(whole.gain_area[:fewer], part.gain_area)


@pytest.mark.parametrize("n", [300, 3000])
@pytest.mark.parametrize(("piece", "each"), [(1, 1), (10_000, 1), (2**15, 1), (2**20, 3)])
def test_pieces_and_tasks_do_not_matter(monkeypatch, n, piece, each):
    n_runs = 750_000 // n
    usual, moments = (f(P, n, n_runs, seed=6) for f in (simulate, simulate_moments))
    monkeypatch.setattr(module, "_PIECE", piece)
    monkeypatch.setattr(streams, "_STREAMS_A_TASK", each)
    assert same(simulate(P, n, n_runs, seed=6), usual)
    other = simulate_moments(P, n, n_runs, seed=6)
    assert np.array_equal(other.keep_rate, moments.keep_rate)
    # merged in another order: equal up to rounding
    assert other.frontier_mean == pytest.approx(moments.frontier_mean, rel=1e-13)
    assert other.frontier_std == pytest.approx(moments.frontier_std, rel=1e-11)
    assert other.gain_area_std == pytest.approx(moments.gain_area_std, rel=1e-11)


@pytest.mark.parametrize("wide", [1, 9**9])
def test_sums_by_run_are_those_by_experiment(monkeypatch, wide):
    usual = simulate(P, 300, 2_500, seed=6)
    monkeypatch.setattr(module, "_WIDE", wide)
    other = simulate(P, 300, 2_500, seed=6)
    assert np.array_equal(other.frontier, usual.frontier)
    assert other.gain_area == pytest.approx(usual.gain_area, rel=1e-14)


@pytest.mark.parametrize(("n", "n_runs"), [(100, 50_000), (3, 2), (20_000, 101)])
def test_executors_do_not_matter(n, n_runs):
    usual, moments = (f(P, n, n_runs, seed=7) for f in (simulate, simulate_moments))
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(3) as three:
        for executor in (one, three, Reversed()):
            assert same(simulate(P, n, n_runs, seed=7, executor=executor), usual)
            other = simulate_moments(P, n, n_runs, seed=7, executor=executor)
            assert same_moments(other, moments)


def test_processes_do_not_matter():
    from multiprocessing import get_context

    n, n_runs = 100, 50_000
    usual, moments = (f(P, n, n_runs, seed=8) for f in (simulate, simulate_moments))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        assert same(simulate(P, n, n_runs, seed=8, executor=executor), usual)
        assert same_moments(simulate_moments(P, n, n_runs, seed=8, executor=executor), moments)


def test_an_executor_is_given_few_tasks_ahead(monkeypatch):
    monkeypatch.setattr(streams, "_AHEAD", 3)
    monkeypatch.setattr(streams, "_STREAMS_A_TASK", 1)
    waiting = []

    class Counting(Reversed):
        def submit(self, fn, /, *args, **kwargs):
            future = super().submit(fn, *args, **kwargs)
            waiting.append(len(self.tasks))
            return future

    usual = simulate(P, 1000, 4_000, seed=1)
    assert same(simulate(P, 1000, 4_000, seed=1, executor=Counting()), usual)
    assert len(waiting) > 10
    assert max(waiting) == 3


def test_a_failing_task_stops_the_simulation(monkeypatch):
    class Failing(Executor):
        def __init__(self):
            self.futures = []

        def submit(self, fn, /, *args, **kwargs):
            future = Future()
            if not self.futures:
                future.set_exception(OSError("a worker was lost"))
            self.futures.append(future)
            return future

    monkeypatch.setattr(streams, "_STREAMS_A_TASK", 1)
    executor = Failing()
    with pytest.raises(OSError, match="a worker was lost"):
        simulate(P, 1000, 500, seed=1, executor=executor)
    assert all(future.cancelled() for future in executor.futures[1:])
    assert len(executor.futures) > 1


def test_a_progress_bar_changes_nothing(capsys):
    bar = simulate_moments(P, 100, 5_000, seed=9, progress=True)
    assert same_moments(bar, simulate_moments(P, 100, 5_000, seed=9))
    assert "100%" in capsys.readouterr().err
    assert same(simulate(P, 5, 5, seed=9, progress=True), simulate(P, 5, 5, seed=9))


# ---------------------------------------------------------------- moments


@pytest.mark.parametrize(("n", "n_runs"), [(1, 2), (60, 3_000), (100, 30_000), (9_000, 40)])
def test_moments_are_those_of_the_runs(n, n_runs):
    runs, m = (f(P, n, n_runs, f0=0.5, seed=10) for f in (simulate, simulate_moments))
    assert (m.n_runs, m.n_experiments, m.f0, m.parameters) == (n_runs, n, 0.5, P)
    assert m.frontier_mean == pytest.approx(runs.frontier.mean(axis=0), rel=1e-12)
    assert m.frontier_std == pytest.approx(runs.frontier.std(axis=0, ddof=1), rel=1e-9, abs=1e-15)
    assert np.array_equal(m.keep_rate, runs.kept.mean(axis=0))
    assert m.gain_area_mean == pytest.approx(runs.gain_area.mean(), rel=1e-12)
    assert m.gain_area_std == pytest.approx(runs.gain_area.std(ddof=1), rel=1e-10)
    assert m.frontier_mean_error == pytest.approx(m.frontier_std / n_runs**0.5)
    assert m.gain_area_mean_error == pytest.approx(m.gain_area_std / n_runs**0.5)
    spread = runs.kept.std(axis=0) / n_runs**0.5
    assert m.keep_rate_error == pytest.approx(spread, abs=1e-12)


def test_moments_of_one_run_have_no_spread():
    m = simulate_moments(P, 5, seed=1)
    assert np.isnan(m.frontier_std).all()
    assert np.isnan(m.gain_area_std)
    assert m.frontier_mean == pytest.approx(simulate(P, 5, seed=1).frontier[0])


def test_a_large_offset_costs_no_digits():
    """The spread is that of the gains, however far the baseline is from 0."""
    far, near = (simulate_moments(P, 20, 500, f0=f0, seed=2) for f0 in (1e9, 0.0))
    assert np.array_equal(far.frontier_std, near.frontier_std)
    assert far.gain_area_mean == near.gain_area_mean


def peak(function):
    tracemalloc.start()
    function()
    size = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return size


@pytest.mark.parametrize("executor", [None, "threads"])
def test_memory_of_moments_does_not_grow_with_runs(executor):
    def work(n_runs):
        if executor is None:
            return simulate_moments(P, 100, n_runs, seed=1)
        with ThreadPoolExecutor(1) as threads:
            return simulate_moments(P, 100, n_runs, seed=1, executor=threads)

    work(10)  # imports
    few, many = (peak(lambda n=n: work(n)) for n in (30_000, 300_000))
    assert many < 1.05 * few + 100_000
    assert many < 5_000_000  # the changes alone would be 240 MB


def test_simulate_holds_its_results_and_little_else():
    n, n_runs = 100, 50_000
    assert peak(lambda: simulate(P, n, n_runs, seed=1)) < 1.1 * n * n_runs * 17


# ---------------------------------------------------------------- sizes and looks


def test_too_many_runs_are_refused_and_the_error_says_what_fits(monkeypatch):
    monkeypatch.setattr("arbook._numerics.memory.free_memory", lambda: 2**30)
    fits = 2**30 // 1700
    message = rf"n_runs must be at most {fits}, .* 1 GiB .*simulate_moments.* got 1000000"
    with pytest.raises(ParameterError, match=message):
        simulate(P, 100, 1_000_000)
    assert simulate(P, 100, 10, seed=1).n_runs == 10


def test_too_long_runs_are_refused_and_the_error_says_what_fits(monkeypatch):
    monkeypatch.setattr("arbook._numerics.memory.free_memory", lambda: 2**20)
    for function in (simulate, simulate_moments):
        with pytest.raises(ParameterError, match=r"n_experiments must be at most 6990, .* 1000000"):
            function(P, 1_000_000)


@pytest.mark.parametrize("function", [simulate, simulate_moments])
def test_absurd_sizes_are_refused_on_this_machine(function):
    with pytest.raises(ParameterError, match="n_experiments must be at most"):
        function(P, 10**15)
    with pytest.raises(ParameterError, match=r"n_runs must be at most .*simulate_moments"):
        simulate(P, 100, 10**15)


def test_memory_that_cannot_be_had_after_all_is_the_same_error(monkeypatch):
    monkeypatch.setattr("arbook._numerics.memory.free_memory", lambda: 2**62)
    with pytest.raises(ParameterError, match=r"n_runs must be at most .*simulate_moments"):
        simulate(P, 100, 10**13)


def test_free_memory_is_that_of_the_machine():
    assert 2**20 < free_memory() < 2**50


def test_representations_name_the_parameters():
    runs, m = simulate(P, 10, 4, seed=1), simulate_moments(P, 10, 4, seed=1)
    assert repr(runs).startswith("Simulation(Parameters(sigma0=0.01, gamma=0.97, mu=-0.001)")
    assert repr(m).startswith("Moments(Parameters(sigma0=0.01, gamma=0.97, mu=-0.001)")
    for html in (runs._repr_html_(), m._repr_html_()):
        assert "4 simulated runs of 10 experiments" in html
        assert f"{runs.kept.mean():.4f}" in html
        assert f"{runs.gain_area.mean():.5g} ± {runs.gain_area.std(ddof=1):.2g}" in html
    assert "±" not in simulate(P, 3, seed=1)._repr_html_()


def test_results_are_frozen():
    runs = simulate(P, 3, seed=1)
    with pytest.raises(AttributeError):
        runs.delta = runs.delta
