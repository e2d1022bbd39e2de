"""Predictive checks: fits to simulated runs pass them; what a fit misses, they show."""

import numpy as np
import pytest

from arbook import Parameters, RunLog, logs, simulate

TRUE = Parameters(0.01, 0.985, 0.002, extended=True)


def simulated(seed, n=100):
    runs = simulate(TRUE, n, seed=seed)
    values = np.append(1.0, runs.frontier[0, :-1] + runs.delta[0])
    return RunLog(values, np.where(np.append(True, runs.kept[0]), "keep", "discard"))


def test_the_numbers_of_a_small_log_are_counted_by_hand():
    value = [1.0, 0.9, 0.95, 0.97, 0.93, 0.7, 0.8, 0.75, 0.72, 0.71, 0.705, 0.65]
    kept = [True, True, False, False, False, True, *[False] * 5, True]
    log = RunLog(value, np.where(kept, "keep", "discard"))
    found = {c.name: c.observed for c in logs.predictive_checks(logs.fit(log), n_draws=10)}
    assert found == pytest.approx(
        {
            "first ten keeps": 2.0,
            "keep rate": 3 / 11,
            "gain": 0.35,
            "largest gain": 0.2,
            "longest wait": 5.0,
        }
    )


def test_a_right_fit_passes():
    """In 40 simulated runs each number lies among its draws about as often as it should."""
    above = np.array(
        [
            [c.above for c in logs.predictive_checks(logs.fit(simulated(s)), n_draws=200)]
            for s in range(40)
        ]
    )
    inside = (above > 0.025) & (above < 0.975)
    assert (inside.mean(axis=0) > 0.85).all()
    assert (abs(above.mean(axis=0) - 0.5) < 4 * 0.29 / 40**0.5 + 0.05).all()


def test_no_normal_fit_explains_the_early_rush():
    """Eight of the first ten were kept: neither a bias nor noise does that."""
    run = logs.load_run("h100-mar8")
    for noise in (0.0, 0.0005):
        early = logs.predictive_checks(logs.fit(run, noise=noise))[0]
        assert early.observed == 8
        assert early.above < 0.04
    two_part = logs.predictive_checks(logs.fit(run, family="two-part"))
    # gains apart explain all but the size of the first
    assert [check.name for check in two_part if not 0.025 < check.above < 0.975] == ["largest gain"]


def test_noise_is_drawn_too():
    """Luck keeps more: the more noise, the more of the drawn keeps are lucky."""
    run = logs.load_run("h100-mar8")
    fit = logs.fit(run, noise=0.0005)
    again = [c.draws for c in logs.predictive_checks(fit, n_draws=50, seed=3)]
    same = [c.draws for c in logs.predictive_checks(fit, n_draws=50, seed=3)]
    assert all((a == b).all() for a, b in zip(again, same, strict=True))
