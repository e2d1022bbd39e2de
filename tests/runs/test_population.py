"""The population: its densities against independent ones, its parameters found again, its draws."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import integrate, stats

from arbook import ParameterError, RunLog, logs
from arbook.runs import gaining, keeping, surveying
from arbook.runs.scales import best_possible, scaled

P = logs.population()


def run_of(value, status=None, **other):
    value = np.array(value, dtype=float)
    if status is None:
        best = np.minimum.accumulate(value)
        status = np.where(np.r_[True, value[1:] < best[:-1]], "keep", "discard")
    return RunLog(value=value, status=status, **other)


def drawn(of, n, rng, level=0.01):
    """Return a run drawn experiment by experiment from a population, whose unit is known."""
    u = np.log1p(np.arange(n))
    steps = np.sqrt(np.diff(u, prepend=0.0))
    first, second = (np.cumsum(steps * rng.standard_normal(n)) for _ in range(2))
    logit = of.keep_start + of.keep_slope * (u - keeping.CENTRE) + of.keep_walk * first
    size = np.sqrt(of.freedom / 2 / rng.gamma(of.freedom / 2))
    own = of.gain_level * rng.standard_normal() + of.gain_walk * second
    log_gain = of.gain_start + of.gain_slope * (u - keeping.CENTRE)
    log_gain += size * (own + of.gain_noise * rng.standard_normal(n))
    improved = rng.random(n) < 1 / (1 + np.exp(-logit))
    gain = np.where(improved, level * np.exp(log_gain), 0.0)
    best = -np.concatenate([[1.0], 1.0 + np.cumsum(gain)])  # negative: no logarithm is taken
    # discards are such that the median change stays what it was said to be
    value = np.where(np.r_[True, improved], best, best + level)
    return RunLog(value=value, status=np.where(np.r_[True, improved], "keep", "discard"))


# ---------------------------------------------------------------- how often


def test_laplace_is_near_the_integral():
    counts = keeping.counts(np.array([1.0, 0, 1, 0, 0, 0, 0, 1]), np.array([0, 2, 8]))
    a, b, s = -0.5, -0.4, 0.9
    line = a + b * (counts.u - keeping.CENTRE)
    law = stats.multivariate_normal(np.zeros(2), s**2 * keeping.walk(counts.u, counts.u))

    def joint(y, x):
        logit = line + np.array([x, y])
        likelihood = (counts.improved * logit - counts.n * np.logaddexp(0, logit)).sum()
        return np.exp(likelihood) * law.pdf([x, y])

    exact, _ = integrate.dblquad(joint, -5, 5, -6, 6, epsabs=1e-9)
    found = keeping.odds(counts, a, b, s)
    assert float(found.log_evidence) == pytest.approx(np.log(exact), abs=0.05)


def test_a_walk_without_spread_is_a_line():
    counts = keeping.counts(np.array([1.0, 0, 0, 1, 0]), np.array([0, 1, 5]))
    found = keeping.odds(counts, -1.0, 0.5, 1e-9)
    logit = -1.0 + 0.5 * (counts.u - keeping.CENTRE)
    plain = (counts.improved * logit - counts.n * np.logaddexp(0, logit)).sum()
    assert float(found.log_evidence) == pytest.approx(plain, abs=1e-6)
    mean, spread = keeping.continued(found, np.array([2.0, 3.0]), -1.0, 0.5, 1e-9)
    np.testing.assert_allclose(mean, -1.0 + 0.5 * (np.array([2.0, 3.0]) - keeping.CENTRE))
    assert np.abs(spread).max() < 1e-9


def test_runs_beside_each_other_are_counted_as_alone():
    rng = np.random.default_rng(3)
    runs = [drawn(P, n, rng) for n in (9, 60, 400)]
    alone = [keeping.counts(r.improvement, keeping.edges_of(r.n_experiments)) for r in runs]
    together = keeping.odds(keeping.stacked(alone), -1.9, -0.65, 0.8).log_evidence
    each = [float(keeping.odds(one, -1.9, -0.65, 0.8).log_evidence) for one in alone]
    np.testing.assert_allclose(together, each, rtol=1e-6)


@pytest.mark.parametrize(("n", "start"), [(1, 0), (2, 1), (30, 0), (30, 12), (5000, 4999)])
def test_bins_hold_every_experiment_once(n, start):
    edges = keeping.edges_of(n, start)
    assert (edges[0], edges[-1]) == (start, n)
    assert (np.diff(edges) > 0).all()
    assert keeping.edges_of(0).tolist() == [0]


# ---------------------------------------------------------------- how large


def test_gains_have_the_multivariate_t_distribution():
    past = gaining.Gains(np.array([0.3, -1.0, -2.2]), np.array([0.0, 1.1, 3.0]), 1.0)
    mean = P.gain_start + P.gain_slope * (past.u - keeping.CENTRE)
    shape = P.gain_level**2 + P.gain_walk**2 * np.minimum.outer(past.u, past.u)
    law = stats.multivariate_t(mean, shape + P.gain_noise**2 * np.eye(3), df=P.freedom)
    assert gaining.log_density([past], P) == pytest.approx(law.logpdf(past.log_size))


def test_a_drawn_gain_follows_the_conditional_density():
    """One more gain after three: the ratio of two densities, against 40,000 draws."""
    past = gaining.Gains(np.array([0.3, -1.0, -2.2]), np.array([0.0, 1.1, 3.0]), 1.0)
    u = np.array([3.5])
    kept = np.ones((40_000, 1), dtype=np.int64)
    draws = np.log(gaining.draw(past, u, kept, P, np.random.default_rng(1))[:, 0])

    def density(x):
        more = gaining.Gains(np.append(past.log_size, x), np.append(past.u, u), 1.0)
        return np.exp(gaining.log_density([more], P) - gaining.log_density([past], P))

    below, _ = integrate.quad(density, -30, -1.5)
    assert below == pytest.approx((draws < -1.5).mean(), abs=4 * 0.5 / 200)


def test_many_gains_are_drawn_by_their_mean_and_variance():
    rng = np.random.default_rng(2)
    level, noise = np.full((4000, 1), 0.2), np.full((4000, 1), 0.9)
    many = gaining._sums(level, noise, np.full((4000, 1), 51), rng)
    few = gaining._sums(level, noise, np.full((4000, 1), 50), rng)
    assert many.mean() / 51 == pytest.approx(few.mean() / 50, rel=0.03)
    assert many.std() / 51**0.5 == pytest.approx(few.std() / 50**0.5, rel=0.1)


# ---------------------------------------------------------------- the whole


def test_the_fit_finds_the_parameters_of_simulated_runs():
    rng = np.random.default_rng(5)
    found = surveying.survey([drawn(P, 90, rng) for _ in range(150)])
    for name, within in {
        "keep_start": 0.6, "keep_slope": 0.15, "keep_walk": 0.15, "gain_start": 0.3,
        "gain_slope": 0.12, "gain_level": 0.3, "gain_walk": 0.2, "gain_noise": 0.15,
    }.items():  # fmt: skip
        assert getattr(found, name) == pytest.approx(getattr(P, name), abs=within), name


def test_intervals_hold_on_runs_of_the_population():
    rng, hits = np.random.default_rng(8), {"improvement": 0, "keeps": 0}
    for _ in range(100):
        run = drawn(P, 80, rng)
        made = logs.forecast(run.first(40), 40, n_draws=1, population=P)  # one draw is the
        assert made.keeps.size == 1  # population's own
        made = population_alone(run.first(40), 40)
        truths = {
            "improvement": abs(run.frontier[40] - run.frontier[80]),
            "keeps": (run.improvement[40:] > 0).sum(),
        }
        for what, truth in truths.items():
            low, high = np.quantile(made[what], [0.1, 0.9])
            hits[what] += low <= truth <= high
    assert 68 <= hits["improvement"] <= 92
    assert 68 <= hits["keeps"] <= 95  # counts are coarse


def population_alone(log, n):
    from arbook.runs.continuing import of_population

    rng, at = np.random.default_rng(0), np.arange(1, n + 1)
    paths = of_population(log, P, at, 1000, np.inf, rng)
    return {"improvement": paths.gain[:, -1], "keeps": paths.keeps}


def test_the_shipped_numbers_are_those_of_the_fit():
    """One repository left out, fitted again: the first of the file."""
    without = next(iter(logs.sources().values())).repository
    rest = [
        run
        for run, source in zip(logs.atlas(), logs.sources().values(), strict=True)
        if source.repository != without
    ]
    found, shipped = surveying.survey(rest, P), logs.population(without)
    for name in vars(shipped):
        assert getattr(found, name) == pytest.approx(getattr(shipped, name), rel=5e-3), name


def test_each_repository_can_be_left_out():
    for source in logs.sources().values():
        assert logs.population(source.repository) != P
    with pytest.raises(ParameterError, match=r"^without must be a repository of logs\.sources"):
        logs.population("nobody/nothing")


# ---------------------------------------------------------------- scales and bounds


def test_a_positive_metric_that_is_minimised_changes_by_factors():
    run = run_of([8.0, 4.0, 6.0, 2.0])
    there = scaled(run)
    np.testing.assert_allclose(there.log.frontier, np.log(run.frontier))
    np.testing.assert_allclose(there.metric(np.log([1.0, 2.0, 4.0])), [0.0, 1.0, 1.5])
    up = run_of([0.1, 0.2], ["keep", "keep"], direction="max")
    for other in (run_of([1.0, 0.0, -1.0]), run_of([1.0, 0.0]), up):
        assert scaled(other).log is other
        assert scaled(other).metric(np.array([3.0])) == 3.0


@pytest.mark.parametrize(
    ("metric", "direction", "value", "best"),
    [
        ("wall_seconds", "min", 3.0, 0.0),
        ("delta", "min", -3.0, -np.inf),
        ("CV_AUC", "max", 0.7, 1.0),
        ("best_acc", "max", 71.0, 100.0),
        ("test accuracy", "max", 0.7, 1.0),
        ("accelerator_tps", "max", 0.7, np.inf),
        ("tokens_per_sec", "max", 0.7, np.inf),
        ("coverage", "max", 400.0, np.inf),
    ],
)
def test_a_name_tells_the_best_value(metric, direction, value, best):
    run = run_of([value, value], ["keep", "discard"], metric=metric, direction=direction)
    assert best_possible(run) == best


def test_no_forecast_passes_the_bound_of_a_share():
    rise = [0.5, 0.9, 0.99, 0.999, 0.9, 0.9, 0.9, 0.8, 0.9, 0.9]
    status = ["keep"] * 4 + ["discard"] * 6
    run = run_of(rise, status, metric="accuracy", direction="max")
    made = logs.forecast(run, 300)
    assert made.floor == 1.0
    assert made.improvement.max() <= 0.001 + 1e-12
    assert (made.gain_area <= 300 * 0.001 + 1e-9).all()
    falling = run_of([100.0, 1.0, 0.1, 0.2, 0.3, 0.2, 0.3, 0.2, 0.3, 0.2])
    assert logs.forecast(falling, 1000).improvement.max() <= 0.1


# ---------------------------------------------------------------- short and odd logs


@pytest.mark.parametrize(
    "run",
    [
        run_of([1.0], ["keep"]),
        run_of([1.0, np.nan], ["keep", "crash"]),
        run_of([0.0, np.nan], ["keep", "crash"]),
        run_of([1.0] * 9, ["keep"] + ["discard"] * 8),
        run_of([1.0, 0.9] * 5),
        run_of([1e-300, 1e-301, 1e-302]),
        run_of([-5.0, -1e9, -1e9], ["keep"] * 3, direction="min"),
        run_of([3.0] + [4.0] * 20),
    ],
    ids=range(8),
)
def test_no_run_with_a_baseline_is_refused(run):
    made = logs.forecast(run, 30, n_draws=400)
    for numbers in (made.improvement, made.gain_area, made.path):
        assert np.isfinite(numbers).all()
    assert (made.improvement >= 0).all()
    assert ((made.keeps == 0) == (made.improvement == 0)).all()
    assert (np.diff(made.path, axis=1) >= 0).all()
    assert (made.gain_area <= 30 * made.improvement * (1 + 1e-9)).all()


def test_a_forecast_is_the_same_from_a_run_and_from_any_fit_to_it():
    run = logs.load_run("h100-mar8")
    made = [logs.forecast(x, 20, n_draws=100) for x in (run, logs.fit(run))]
    np.testing.assert_array_equal(made[0].improvement, made[1].improvement)


def test_units_do_not_matter():
    run = logs.load_run("h100-mar8")
    larger = replace(run, value=1000 * run.value)
    a, b = (logs.forecast(x, 20, n_draws=100).quantiles() for x in (run, larger))
    np.testing.assert_allclose(1000 * a, b, rtol=1e-4)


def test_a_backtest_leaves_the_run_s_repository_out():
    run = logs.load_run("h100-mar8")
    by_default = logs.backtest(run, n_draws=50)
    fair = logs.backtest(run, n_draws=50, population=logs.population("karpathy/autoresearch"))
    unfair = logs.backtest(run, n_draws=50, population=P)
    np.testing.assert_array_equal(by_default.forecast.improvement, fair.forecast.improvement)
    assert not np.array_equal(by_default.forecast.improvement, unfair.forecast.improvement)
    own = replace(run, source="results.tsv")
    np.testing.assert_array_equal(
        logs.backtest(own, n_draws=50).forecast.improvement, unfair.forecast.improvement
    )
