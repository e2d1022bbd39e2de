"""Forecasts: what is uncertain widens them, and they hold on the second halves of real runs."""

import math
from dataclasses import replace

import numpy as np
import pytest
from test_fitting import TRUE, simulated

import arbook as ab
from arbook import logs
from arbook.logs import fit


def forecast(fitted, n, **options):
    """Return the forecast from a fit alone; test_population.py has those by other runs."""
    return logs.forecast(fitted, n, **{"population": None, **options})


def backtest(log, **options):
    return logs.backtest(log, **{"population": None, **options})


@pytest.fixture(scope="module")
def fitted():
    return fit(logs.load_run("h100-mar8"), family="two-part")


def test_equal_seeds_give_equal_forecasts(fitted):
    a, b = (forecast(fitted, 50, n_draws=200, seed=4) for _ in range(2))
    assert np.array_equal(a.improvement, b.improvement)
    assert not np.array_equal(a.improvement, forecast(fitted, 50, n_draws=200, seed=5).improvement)


def test_measures_belong_together(fitted):
    f = forecast(fitted, 40, minutes=5, n_draws=500)
    assert f.hours == pytest.approx(40 * 5 / 60)
    assert ((f.keeps == 0) == (f.improvement == 0)).all()
    assert (f.gain_area <= 40 * f.improvement + 1e-12).all()
    assert (f.gain_area >= f.improvement - 1e-12).all()
    assert f.no_improvement == (f.keeps == 0).mean()
    low, middle, high = f.quantiles("gain_area")
    assert low <= middle <= high


def test_more_experiments_bring_more_and_drift_widens(fitted):
    short, long = (forecast(fitted, n, n_draws=2000).quantiles() for n in (20, 200))
    assert (long >= short).all()
    assert long[1] > short[1]
    sure, drifting = (forecast(fitted, 100, drift=d, n_draws=2000).quantiles() for d in (0.0, 1.0))
    assert drifting[2] / max(drifting[0], 1e-9) > sure[2] / max(sure[0], 1e-9)


def test_the_model_forecasts_its_own_runs():
    # Without drift, on runs of the model itself, the 80 % interval covers about 80 % of 60 runs:
    # within 5 standard errors of 5 % each, and it must not cover everything.
    hits = 0
    for seed in range(60):
        run = simulated(TRUE, 100, seed)
        low, _, high = forecast(fit(run.first(50)), 50, drift=0.0, n_draws=400).quantiles()
        hits += low <= run.frontier[50] - run.frontier[100] <= high
    assert 33 <= hits <= 59


def test_backtest_on_real_runs():
    """Fit on the first half: the 80 % interval covers 65 to 95 % of the second halves' gains."""
    made = [backtest(logs.load_run(name)) for name in logs.available_runs()]
    assert len(made) >= 7
    assert 0.65 <= np.mean([test.covered for test in made]) <= 0.95
    # Plugging in the normal model is what the drift and the second part are there to mend.
    plugged = []
    for name in logs.available_runs():
        if name == "pr246-rmse":  # of its 19 first changes ten are equal
            with pytest.raises(ab.ParameterError, match=r"tell gamma.*10 are 18\.98"):
                backtest(logs.load_run(name), family="normal", drift=0.0)
        else:
            plugged.append(backtest(logs.load_run(name), family="normal", drift=0.0))
    assert sum(t.covered for t in plugged) < sum(t.covered for t in made)


def test_backtest_sees_only_the_first_part():
    run = logs.load_run("h100-mar8")
    test = backtest(run, share=0.4, n_draws=200)
    assert test.forecast.log.n_experiments == 50
    assert test.forecast.n_experiments == 75
    assert test.truth == pytest.approx(run.frontier[50] - run.frontier[125])
    low, high = test.interval
    assert test.covered == (low <= test.truth <= high)
    for name in ("share", "level"):
        with pytest.raises(ab.ParameterError, match=f"{name} must be a number in"):
            backtest(run, **{name: 1.0})


def test_path_ends_at_the_improvement(fitted):
    f = forecast(fitted, 250, n_draws=50)
    assert f.at[-1] == 250
    assert f.path.shape == (50, f.at.size)
    assert np.array_equal(f.path[:, -1], f.improvement)
    assert (np.diff(f.path, axis=1) >= 0).all()


def test_no_frontier_goes_beyond_the_bound():
    # The root mean square error of macos-pr11 is 27.7 half way, and cannot go below 0.
    half = logs.load_run("macos-pr11-rmse").first(19)
    f, free = (forecast(fit(half), 200, floor=floor) for floor in (None, -math.inf))
    room = float(half.frontier[-1])
    assert free.improvement.max() > room
    assert f.improvement.max() == f.path.max() == room
    np.testing.assert_allclose(f.improvement, np.minimum(free.improvement, room), rtol=1e-12)
    assert (f.gain_area <= 200 * room).all()
    assert (f.keeps <= free.keeps).all()
    assert f.at_floor == np.mean(free.improvement >= room) > 0
    assert (f.floor, free.floor, free.at_floor) == (0, -math.inf, 0)


def test_no_gain_is_smaller_than_the_metric_can_show():
    """Quantiles of such gains, 5e-24 bits per byte, are no numbers of a metric near 1."""
    run = ab.RunLog([1.0, 1.1, 1.2], ["keep", "discard", "discard"])
    usual = logs.population()
    made = logs.forecast(run, 50, population=replace(usual, gain_start=-150.0), n_draws=500)
    assert made.improvement.max() == made.gain_area.max() == 0
    assert made.no_improvement == 1
    assert logs.forecast(run, 50, population=usual, n_draws=500).no_improvement < 0.5


def test_a_bound_that_is_far_changes_nothing(fitted):
    f, free = (forecast(fitted, 50, n_draws=500, floor=floor) for floor in (None, -math.inf))
    assert f.floor == f.at_floor == 0
    assert np.array_equal(f.improvement, free.improvement)
    assert np.array_equal(f.gain_area, free.gain_area)
    assert np.array_equal(f.keeps, free.keeps)


def test_the_bound_of_a_metric_that_rises():
    run = logs.load_run("h100-mar8")
    up = replace(run, value=2 - run.value, direction="max")
    f = forecast(fit(up), 500, n_draws=500, floor=1.031)
    assert f.improvement.max() == pytest.approx(1.031 - up.frontier[-1])
    assert forecast(fit(up), 5, n_draws=5).floor == math.inf
    with pytest.raises(
        ab.ParameterError, match=r"floor must be a finite number >= 1\.03031 \(the fr"
    ):
        forecast(fit(up), 5, floor=1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"n": 5, "floor": 0.97},
            r"floor must be a finite number <= 0\.969686 \(the frontier now; or -inf, or None\)",
        ),
        ({"n": 5, "floor": math.nan}, "floor must be a finite number"),
        ({"n": 5, "floor": "0"}, "floor must be a finite number"),
        ({"n": 0}, "n must be an integer in 1 ... 1000000,"),
        ({"n": 2.5}, "n must be an integer in 1 ... 1000000,"),
        ({"n": 5, "minutes": 0}, "minutes must be a finite number > 0, or None"),
        ({"n": 5, "minutes": math.inf}, "minutes must be a finite number > 0, or None"),
        ({"n": 5, "n_draws": 0}, "n_draws must be an integer in 1 ... "),
        ({"n": 5, "drift": -1}, "drift must be a finite number >= 0"),
        ({"n": 5, "seed": -1}, "seed"),
    ],
)
def test_bad_arguments(fitted, arguments, message):
    with pytest.raises(ab.ParameterError, match=message):
        forecast(fitted, **arguments)


def test_bad_quantiles(fitted):
    f = forecast(fitted, 5, n_draws=10)
    with pytest.raises(
        ab.ParameterError, match="what must be 'improvement', 'keeps' or 'gain_area'"
    ):
        f.quantiles("delta")
    with pytest.raises(ab.ParameterError, match="q must be a number"):
        f.quantiles(q=1.5)
    with pytest.raises(
        ab.ParameterError, match=r"fit must be an arbook.logs.Fit or an arbook.RunLog"
    ):
        forecast("fit", 5)


def test_a_forecast_is_one_of_the_logged_frontier():
    fitted = logs.fit(logs.load_run("h100-mar8"), noise=0.0005)
    with pytest.raises(ab.ParameterError, match=r"^fit must be made with noise=0"):
        logs.forecast(fitted, 10)
