"""Landscapes: exact laws of one step against simulation and limits, and step-size rules at work."""

import math

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import ndtr
from scipy.stats import ncx2

import arbook as ab
from arbook import Parameters, landscapes
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
from arbook.programs import best_parameters


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


@pytest.mark.parametrize("d", [1, 3, 14])
@pytest.mark.parametrize("step", [0.01, 0.3, 1.0, 30.0])
def test_the_skewness_is_that_of_a_noncentral_chi_squared(d, step):
    known = float(ncx2.stats(d, step**-2, moments="s"))
    assert landscapes.sphere_skewness(d, step) == pytest.approx(known, rel=1e-9)
    assert landscapes.sphere_skewness(d, 2 * step, 2.0) == pytest.approx(known, rel=1e-9)
    far = landscapes.sphere_skewness(d, 1e40, 1e-40)
    assert far == pytest.approx(math.sqrt(8 / d))


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


def near(runs, q, value, errors=5):
    """Whether a quantile of runs is within some standard errors of a value, by order statistics."""
    half = errors * math.sqrt(q * (1 - q) / runs.size)
    low, high = np.quantile(runs, [max(q - half, 0), min(q + half, 1)])
    return low <= value <= high


def test_the_fastest_decay_stands_on_an_edge():
    """d = 10, N = 400: medians and unlucky tenths of an independent calculation."""
    known = {  # first step, decay: median, unlucky tenth
        (0.3, 0.98): (9e-7, 0.031),
        (0.3, 0.9825): (1.7e-6, 2e-5),
        (0.3, 0.985): (9e-6, 2e-5),
        (0.6, 0.98): (1.4e-6, 1.5e-5),
    }
    rule = search(sphere, np.ones(10), SuccessRule(0.3), 400, 2000, seed=5).frontier[:, -1]
    for numbers, (median, tenth) in known.items():
        end = search(sphere, np.ones(10), Decay(*numbers), 400, 2000, seed=6).frontier[:, -1]
        assert near(end, 0.5, median)
        assert near(end, 0.9, tenth)
        assert wins(end, rule) > 5
        safer = np.quantile(end, 0.9) < np.quantile(rule, 0.9)
        assert safer == (numbers != (0.3, 0.98))


@pytest.mark.parametrize(("first", "gamma"), [(0.3, 0.98), (0.3, 0.985), (0.6, 0.98)])
def test_too_bold_mends_itself_and_too_timid_does_not(first, gamma):
    """Steps in natural units, s d / R, of runs in the middle and at the end of the night."""
    runs = search(sphere, np.ones(10), Decay(first, gamma), 400, 1000, seed=7)
    middle, end = (runs.step[:, t] * 10 / np.sqrt(runs.frontier[:, t]) for t in (200, 399))
    bold = (middle > 2.5) & (middle < 4)
    assert np.median(end[bold] / middle[bold]) < 1.05
    timid = middle < 0.6
    if gamma > 0.98:
        assert timid.mean() < 0.01
    else:
        assert np.median(end[timid] / middle[timid]) < 0.3


def test_each_step_rule_wins_somewhere():
    """The sentences of "When each wins", each by 5 standard errors."""

    def ends(landscape, start, *rules):
        return [search(landscape, start, rule, 400, 1000, seed=8).frontier[:, -1] for rule in rules]

    rule, slow = SuccessRule(0.3), Decay(0.3, 0.985)
    decay, adaptive, constant = ends(sphere, np.ones(10), slow, rule, Decay(0.1))
    assert wins(decay, adaptive) > 5
    assert wins(adaptive, constant) > 5

    slower = Decay(0.3, 0.998)
    decay, adaptive, constant, slow = ends(ridge, np.zeros(10), slower, rule, Decay(0.2), slow)
    assert wins(constant, adaptive) > 5
    assert wins(decay, adaptive) > 5
    assert np.median(adaptive) / np.median(constant) == pytest.approx(0.88, abs=0.03)
    assert np.median(slow) / np.median(decay) == pytest.approx(0.34, abs=0.03)

    three = Decay(2.0, 0.99), SuccessRule(2.0), Decay(0.5)
    decay, adaptive, constant = ends(hollows, [4.0], *three)
    assert wins(decay, constant) > 5
    home = [np.mean(end < 0.09) for end in (decay, adaptive, constant)]  # the next hollow: 0.0995
    error = math.sqrt(2 * 0.25 / 1000)
    assert min(home[0], home[2]) - home[1] > 5 * error


#: The best first steps of runs on the sphere in 40 dimensions from the distance 1, where
#: d / (4 R^2) = 10, and the gain area there: 40,000 runs for each step and a curve through the
#: means; standard errors in the last digit or below.
SPHERE = {
    (0.97, 20): (0.071, 1.98),
    (0.97, 100): (0.107, 33.3),
    (0.97, 500): (0.178, 266.7),
    (0.99, 20): (0.063, 1.99),
    (0.99, 100): (0.070, 37.3),
    (0.99, 500): (0.094, 390.6),
}


def sphere_areas(first_steps, gamma, n, n_runs=4000, d=40):
    """Gain areas on the sphere by its parabola: no d-dimensional point, and no normal model."""
    rng, s = np.random.default_rng(n), np.array(first_steps)[:, None] / 2
    f, area = np.ones((len(first_steps), n_runs)), np.zeros((len(first_steps), n_runs))
    for t in range(n):
        along, across = rng.standard_normal(n_runs), rng.chisquare(d - 1, n_runs)
        step = s * gamma**t
        f = np.minimum(f, f + 2 * step * np.sqrt(f) * along + step**2 * (along**2 + across))
        area += 1 - f
    return area


@pytest.mark.parametrize(("gamma", "n"), SPHERE)
def test_the_best_first_step_on_the_sphere_rises_with_the_length_of_the_run(gamma, n):
    """Chapter 6: the step stated beats those a sixth away, all with the same luck."""
    best, known = SPHERE[gamma, n]
    smaller, at, larger = sphere_areas([best / 1.2, best, best * 1.2], gamma, n)
    for other in (smaller, larger):
        gap = at - other
        assert gap.mean() > 3 * gap.std() / math.sqrt(gap.size)
    assert abs(at.mean() - known) < 4 * at.std() / math.sqrt(at.size) + 0.005 * known


@pytest.mark.parametrize(
    ("gamma", "n", "law"),
    [(0.97, 20, 0.0731), (0.97, 100, 0.1187), (0.97, 500, 0.1990),
     (0.99, 20, 0.0651), (0.99, 100, 0.0819), (0.99, 500, 0.1458)],
)  # fmt: skip
def test_the_price_per_step_agrees_with_the_sphere_until_it_has_come_near(gamma, n, law):
    """As the distance shrinks the sphere's price rises, so its best first step is smaller."""
    box = {"sigma0": (0.01, 1.0), "gamma": (gamma, gamma)}
    found = best_parameters(box, n, price=10.0)
    assert found.parameters.sigma0 == pytest.approx(law, abs=5e-5)
    on_sphere = SPHERE[gamma, n][0]
    assert on_sphere < law
    assert on_sphere == pytest.approx(law, rel=0.15) or (gamma, n) == (0.99, 500)


def test_the_price_per_step_is_exact_on_a_sphere_that_is_far_away():
    """In many dimensions the run gains little of the distance, and the price stays what it is."""
    d, gamma, n = 20_000, 0.9, 60
    price = d / 4
    p = Parameters(1.5 / price, gamma, price=price)
    area = sphere_areas([p.sigma0], gamma, n, d=d)[0]
    assert abs(area.mean() / ab.expected_gain_area(p, n) - 1) < 0.01


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
