"""Whatever has a unit scales with it: a power of two changes no digit, however small or large."""

import numpy as np
import pytest

from arbook import Parameters, RunLog, logs, simulate_moments, sweep
from arbook._numerics.units import unit_of
from arbook.noise import LearntMean, PosteriorMean, simulate_noisy

#: Small enough for the squares to be 0, and large enough for those of squares to be infinite.
UNITS = pytest.mark.parametrize("unit", [2.0**-600, 2.0**-330, 2.0**260])


def test_a_unit_is_a_power_of_two_at_the_size():
    assert unit_of(0.75, [-3.0, 0.5]) == 4.0
    assert unit_of([], 0.0) == 1.0
    assert 0.5 <= 1e-180 / unit_of(1e-180) < 1


def p(unit, gamma=0.97):
    return Parameters(0.01 * unit, gamma, 0.002 * unit, extended=True)


@UNITS
def test_moments(unit):
    usual, other = (simulate_moments(p(u), 30, 500, f0=0.0, seed=1) for u in (1.0, unit))
    for name in ("frontier_mean", "frontier_std", "gain_area_mean", "gain_area_std"):
        np.testing.assert_array_equal(getattr(other, name), unit * getattr(usual, name))
    np.testing.assert_array_equal(other.keep_rate, usual.keep_rate)


@UNITS
def test_sweeps(unit):
    usual = sweep([p(1.0), p(1.0, 0.9)], 30, 500, f0=0.0, seed=1)
    other = sweep([p(1.0), p(unit), p(unit, 0.9)], 30, 500, f0=0.0, seed=1)
    for name in ("frontier_mean", "frontier_std", "gain_area_mean", "gain_area_std"):
        expected = getattr(usual, name)[[0, 0, 1]] * [1.0, unit, unit]
        np.testing.assert_array_equal(getattr(other, name), expected)
    np.testing.assert_array_equal(other.keep_rate, usual.keep_rate[[0, 0, 1]])


@UNITS
@pytest.mark.parametrize("learnt", [False, True])
def test_posterior_rules(unit, learnt):
    def runs(unit):
        noise = 0.004 * unit
        rule = LearntMean(noise) if learnt else PosteriorMean(p(unit), noise)
        n_runs = 3 if learnt else 50
        return simulate_noisy(p(unit), 40, n_runs, noise=noise, keep_rule=rule, f0=0.0, seed=1)

    usual, other = runs(1.0), runs(unit)
    assert usual.kept.any()
    np.testing.assert_array_equal(other.kept, usual.kept)
    np.testing.assert_array_equal(other.logged, unit * usual.logged)


@UNITS
def test_verdicts_and_judgements(unit):
    run = logs.load_run("h100-mar8")

    def said(unit):
        log = RunLog(value=unit * run.value, status=run.status)
        return (
            logs.verdict(log, noise=0.0005 * unit),
            logs.judge(log, 0.9694 * unit, noise=0.0005 * unit),
        )

    (usual, judged), (other, others) = said(1.0), said(unit)
    for name in ("true_gain", "gain_std", "logged_gain"):
        np.testing.assert_array_equal(getattr(other, name), unit * getattr(usual, name))
    np.testing.assert_array_equal(other.probability, usual.probability)
    np.testing.assert_array_equal(other.plan(), usual.plan())
    assert other.p_value == usual.p_value
    assert others.decision == judged.decision
    assert (others.gain, others.worth_again) == (unit * judged.gain, unit * judged.worth_again)
