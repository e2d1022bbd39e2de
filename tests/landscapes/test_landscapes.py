"""Landscapes: exact laws of one step against simulation and limits, and step-size rules at work."""

import math

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import ndtr
from scipy.stats import ncx2

import arbook as ab
from arbook._numerics import memory
from arbook.landscapes import (
    Decay,
    SuccessRule,
    hollows,
    progress_rate,
    ridge,
    search,
    sphere,
    sphere_expected_improvement,
    sphere_keep_probability,
    sphere_parameters,
)


@pytest.mark.parametrize("d", [1, 2, 10, 100])
@pytest.mark.parametrize("s_star", [0.1, 1.224, 4.0])
def test_one_step_on_the_sphere_is_the_law(d, s_star):
    # 200,000 steps of a random direction, no chi-squared distribution anywhere: 5 errors.
    rng = np.random.default_rng([d, int(10 * s_star)])
    distance, n = 2.0, 200_000
    step = s_star * distance / d
    along = distance + step * rng.standard_normal(n)
    across = step**2 * (rng.standard_gamma((d - 1) / 2, n) * 2 if d > 1 else 0.0)
    gain = np.maximum(distance**2 - along**2 - across, 0.0)
    law = sphere_expected_improvement(d, step, distance)
    assert abs(gain.mean() - law) < 5 * gain.std() / math.sqrt(n)
    p = sphere_keep_probability(d, step, distance)
    assert abs((gain > 0).mean() - p) < 5 * math.sqrt(p * (1 - p) / n)


@pytest.mark.parametrize("d", [1, 2, 7, 300])
def test_keep_probability_is_noncentral_chi_squared(d):
    # f(x') / s^2 has that distribution, with d degrees of freedom and noncentrality (R/s)^2.
    rho2 = (1 / np.array([0.01, 0.1, 1.0, 5.0])) ** 2
    ours = sphere_keep_probability(d, [0.01, 0.1, 1.0, 5.0])
    assert ours == pytest.approx(ncx2.cdf(rho2, d, rho2), rel=1e-6, abs=1e-14)


def test_many_dimensions_are_the_perturbation_model():
    d, s_star = 100_000, np.array([0.3, 1.224, 3.0])
    assert sphere_keep_probability(d, s_star / d) == pytest.approx(ndtr(-s_star / 2), abs=2e-3)
    exact = sphere_expected_improvement(d, s_star / d) * d / 2
    assert exact == pytest.approx(progress_rate(s_star), rel=5e-3)
    for s in s_star:
        p = sphere_parameters(d, s / d)
        assert p.mu == pytest.approx(d / 4 * p.sigma0**2)
        assert ab.keep_probability(p, 0) == pytest.approx(ndtr(-s / 2))
        assert ab.expected_improvement(p, 0) * d / 2 == pytest.approx(progress_rate(s))


def test_largest_progress_is_the_classic():
    best = minimize_scalar(lambda s: -progress_rate(s), bounds=(0.1, 5), method="bounded")
    assert best.x == pytest.approx(1.224, abs=1e-3)
    assert -best.fun == pytest.approx(0.2025, abs=5e-5)
    assert ndtr(-best.x / 2) == pytest.approx(0.270, abs=5e-4)
    assert best.x / 2 == pytest.approx(ab.best_step_size(1.0), abs=1e-4)
    assert progress_rate(1e6) == 0.0


def test_landscapes_have_their_minima():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(100, 5))
    assert (sphere(x) > 0).all()
    assert sphere(np.zeros(5)) == hollows(np.zeros(5)) == ridge(np.zeros(5)) == 0
    assert (hollows(x) > 0).all()
    at = hollows(np.arange(4.0)[:, None])
    assert (at < hollows(np.arange(4.0)[:, None] + 0.3)).all()
    assert (np.diff(at) > 0).all()
    assert ridge([5.0, 0.0]) < ridge([1.0, 0.0])


def test_search_obeys_the_update_rule():
    runs = search(sphere, np.ones(4), Decay(0.5, 0.99), 60, 30, seed=2)
    falls = np.diff(runs.frontier) < 0
    assert np.array_equal(falls, runs.kept)
    assert (np.diff(runs.frontier) <= 0).all()
    assert sphere(runs.best) == pytest.approx(runs.frontier[:, -1])
    assert runs.step[0] == pytest.approx(0.5 * 0.99 ** np.arange(60))
    again = search(sphere, np.ones(4), Decay(0.5, 0.99), 60, 30, seed=2)
    assert np.array_equal(runs.frontier, again.frontier)


def test_a_tie_is_a_discard():
    runs = search(lambda x: np.zeros(len(x)), [1.0], Decay(0.5), 20, seed=1)
    assert (runs.n_experiments, runs.kept.shape) == (20, (1, 20))  # one run unless told
    assert not runs.kept.any()
    assert (runs.best == 1.0).all()


@pytest.mark.parametrize("crash", [math.nan, math.inf, -math.inf])
def test_a_crash_spends_an_experiment_and_keeps_the_incumbent(crash):
    def cliff(x):
        return np.where(x[:, 0] < 0.9, crash, x[:, 0])

    runs = search(cliff, [1.0], Decay(0.5), 50, 200, seed=3)
    assert (runs.best >= 0.9).all()
    assert runs.frontier.shape == (200, 51)


def test_runs_that_do_not_fit_are_refused_by_what_is_too_large(monkeypatch):
    monkeypatch.setattr(memory, "free_memory", lambda: 20_000)
    for size, name in [((10_000, 1), "n_experiments"), ((10, 1_000), "n_runs")]:
        with pytest.raises(ab.ParameterError, match=f"^{name} must be at most"):
            search(sphere, [1.0], Decay(1), *size)


def test_success_rule_holds_its_rate_and_wins_on_the_sphere():
    # On the sphere the distance shrinks, so only a rule that follows it goes on converging.
    rule = search(sphere, np.ones(10), SuccessRule(0.3), 800, 40, seed=4)
    constant = search(sphere, np.ones(10), Decay(0.3), 800, 40, seed=4)
    hasty = search(sphere, np.ones(10), Decay(0.3, 0.97), 800, 40, seed=4)
    # A little below 1/5, since the steps have to shrink all the time.
    assert 0.15 < rule.kept[:, 200:].mean() < 0.2
    ends = [np.median(runs.frontier[:, -1]) for runs in (rule, constant, hasty)]
    assert ends[0] < 1e-6 * ends[1]
    assert ends[0] < 1e-6 * ends[2]


def test_hasty_decay_is_stuck_in_a_hollow_and_patience_is_not():
    patient = search(hollows, [4.0], Decay(2.0, 0.995), 400, 300, seed=5)
    hasty = search(hollows, [4.0], Decay(2.0, 0.8), 400, 300, seed=5)
    home = [np.mean(np.abs(runs.best[:, 0]) < 0.5) for runs in (patient, hasty)]
    assert home[0] > 0.95
    assert home[1] < 0.5


def wins(first, second):
    """Return by how many standard errors the first of two sets of runs ends lower more often."""
    n = min(len(first), len(second))
    return (np.mean(first[:n] < second[:n]) - 0.5) / (0.5 / math.sqrt(n))


def test_each_step_rule_wins_somewhere():
    """The sentences of chapter 12, "When each wins", each by 5 standard errors."""

    def ends(landscape, start, *rules):
        return [search(landscape, start, rule, 400, 1000, seed=8).frontier[:, -1] for rule in rules]

    rule, sharp = SuccessRule(0.3), Decay(0.3, 0.98)
    decay, adaptive, constant = ends(sphere, np.ones(10), sharp, rule, Decay(0.1))
    assert wins(decay, adaptive) > 5
    assert wins(adaptive, constant) > 5
    assert wins(decay, constant) > 5
    unlucky = np.quantile(adaptive, 0.9)  # one decay in ten is far worse
    assert (np.mean(decay > 20 * unlucky) - 0.1) / math.sqrt(0.09 / 1000) > 5

    slow = Decay(0.3, 0.995)
    decay, adaptive, constant, sharp = ends(ridge, np.zeros(10), slow, rule, Decay(0.2), sharp)
    assert wins(constant, adaptive) > 5
    assert wins(adaptive, decay) > 5
    assert np.median(adaptive) / np.median(constant) == pytest.approx(0.88, abs=0.03)
    assert np.median(sharp) == pytest.approx(-2.8, abs=0.15)

    three = Decay(2.0, 0.99), SuccessRule(2.0), Decay(0.5)
    decay, adaptive, constant = ends(hollows, [4.0], *three)
    assert wins(decay, constant) > 5
    home = [np.mean(end < 0.09) for end in (decay, adaptive, constant)]  # the next hollow: 0.0995
    error = math.sqrt(2 * 0.25 / 1000)
    assert min(home[0], home[2]) - home[1] > 5 * error


class OneArgument:
    """No rule: it is not told what was kept."""

    start = 0.5

    @staticmethod
    def next(step):
        """Return the steps as they were."""
        return step


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sphere("x"), "x must be points with at least 1"),
        (lambda: sphere(1.0), "x must be points"),
        (lambda: ridge([1.0]), "x must be points with at least 2"),
        (lambda: sphere_keep_probability(0, 0.1), "d must be an integer in 1 ... 1000000,"),
        (
            lambda: sphere_keep_probability(3, [0.1, 0.0]),
            r"step must be a number in \[1e-40,",
        ),
        (
            lambda: sphere_keep_probability(3, 0.1, -1),
            r"distance must be a number in \[1e-40,",
        ),
        (lambda: sphere_expected_improvement(2.5, 0.1), "d must be an integer in 1 ... 1000000,"),
        (lambda: sphere_parameters(2, math.nan), r"step must be a number in \[1e-40,"),
        (lambda: progress_rate(-1), "s_star must be a finite number >= 0"),
        (lambda: Decay(0), "start must be a finite number > 0"),
        (lambda: Decay(1, 1.5), r"gamma must be a number in \(0, 1\]"),
        (lambda: SuccessRule(1, factor=1), "factor must be a finite number > 1"),
        (lambda: SuccessRule(1, rate=1), r"rate must be a number in \(0, 1\)"),
        (lambda: search(sphere, [[1.0]], Decay(1), 5), "start must be a non-empty one-dim"),
        (lambda: search(sphere, [1.0], Decay(1), 0), "n_experiments must be an integer in 1 ..."),
        (lambda: search(sphere, [1.0], Decay(1), 5, seed=-1), "seed must be an integer >= 0"),
        (lambda: search(sphere, [1.0], OneArgument, 5), "rule must be a Decay, a SuccessRule, or"),
        (lambda: search(lambda x: 1.0, [1.0], Decay(1), 5), "objective must return one number"),
        (lambda: search(lambda x: x[:, 0] * np.nan, [1.0], Decay(1), 5), "must be finite at start"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ab.ParameterError, match=message):
        call()
