"""The loop: what it logs is what the rest of the package reads, and the truth stands beside it."""

import math
import sys

import numpy as np
import pytest

from arbook import ParameterError, landscapes, logs, noise
from arbook.laboratory import (
    Changes,
    CmaEs,
    Knob,
    OnePlusOne,
    RandomSearch,
    Space,
    Sphere,
    Surrogate,
    Task,
    TimidAgent,
    run,
)

DECAY = OnePlusOne(landscapes.Decay(0.05, 0.99))
PROPOSERS = {
    "random": RandomSearch(),
    "decay": DECAY,
    "1/5 rule": OnePlusOne(landscapes.SuccessRule(0.05)),
    "timid": TimidAgent(),
    "cma": CmaEs(0.1),
    "changes": Changes([{"x1": 0.1}, {"x2": 0.0}] * 20),
}


@pytest.mark.parametrize("proposer", PROPOSERS.values(), ids=PROPOSERS)
def test_a_run_is_a_log_and_the_truth(proposer):
    task = Sphere(5, noise=0.02, crash=0.1)
    one = run(task, proposer, experiments=40, seed=1)
    again = run(task, proposer, experiments=40, seed=1)
    assert np.array_equal(one.log.value, again.log.value, equal_nan=True)
    assert one.log.n_experiments == 40
    assert ((one.theta >= 0) & (one.theta <= 1)).all()
    assert one.log.crashed.sum() == np.isnan(one.log.value).sum() > 0
    kept = np.flatnonzero(one.log.status == "keep")
    assert np.array_equal(one.logged[kept], one.log.value[kept])
    assert np.array_equal(one.true[kept], task.truth(one.theta[kept]))
    assert one.true[-1] < 1
    assert repr(one) == (
        f"LabRun(sphere: {kept.size - 1} of 40 kept, in the log {one.logged[-1]:.6g}, in truth "
        f"{one.true[-1]:.6g})"
    )


@pytest.mark.parametrize("task", [Sphere(3, noise=0.05, crash=0.2), Surrogate()], ids=["s", "a"])
def test_what_is_logged_is_read_and_used(task, tmp_path):
    one = run(task, OnePlusOne(landscapes.Decay(0.1, 0.98)), experiments=60, seed=2)
    one.save(tmp_path / "results.tsv")
    log = logs.read_log(tmp_path / "results.tsv")
    for name in ("value", "status", "description", "metric", "direction"):
        ours, its = np.array(getattr(one.log, name)), np.array(getattr(log, name))
        assert np.array_equal(ours, its, equal_nan=name == "value"), name
    assert not log.issues
    fit = logs.fit(log)
    assert 0 < fit.estimates["sigma0"] < 2
    assert logs.verdict(log, noise=getattr(task, "noise", 0.01)).experiment.size > 0
    assert logs.forecast(fit, 10, n_draws=20, seed=1).improvement.size


@pytest.mark.parametrize(
    "rule", [noise.Margin(0.02), noise.Confirm(), noise.Ladder(0.05), noise.LearntMean()]
)
def test_any_keep_rule_decides(rule):
    one = run(Sphere(4, noise=0.05), DECAY, rule, 40, seed=3)
    assert one.spent[-1] == 40 + (np.diff(one.spent) - 1).sum()
    assert (one.spent[-1] > 40) == isinstance(rule, noise.Confirm)
    assert one.curse == pytest.approx(one.true[-1] - one.logged[-1])


def test_rules_that_decide_alike_see_the_same_proposals():
    plain = run(Sphere(4, noise=0.05), DECAY, None, 30, seed=4)
    same = run(Sphere(4, noise=0.05), DECAY, noise.Margin(1e-12), 30, seed=4)
    assert np.array_equal(plain.theta, same.theta)


def test_the_decaying_agent_is_the_model_of_the_book():
    """Without noise, on a sphere of many dimensions: kept as often as the law says."""
    task, n = Sphere(100), 400
    one = run(task, OnePlusOne(landscapes.Decay(0.002)), experiments=n, seed=5)
    distance = np.sqrt(one.true[:-1])
    expected = sum(landscapes.sphere_keep_probability(100, 0.008, r) for r in distance)
    assert abs((one.log.status[1:] == "keep").sum() - expected) < 4 * math.sqrt(n) / 2


def test_crashes_are_told_to_the_strategy_as_the_worst():
    told = []
    agent = CmaEs(0.3, population=4).start(Sphere(2).space)
    rng = np.random.default_rng(6)
    for generation in ([1.0, math.nan, 0.5, 0.7], [math.nan] * 4, [0.4, 0.3, 0.2, 0.1]):
        for y in generation:
            told.append(agent.propose(np.zeros(2), rng))
            agent.learn(told[-1], y, False)
    assert len({tuple(theta) for theta in told}) == 12


def test_a_package_that_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "cma", None)
    with pytest.raises(ImportError, match=r"^CmaEs needs the package cma: pip install 'arbook"):
        run(Sphere(2), CmaEs(), experiments=2, seed=1)


def test_a_list_of_changes_ends():
    with pytest.raises(ParameterError, match=r"^experiments must be at most the 2 changes"):
        run(Sphere(2), Changes([{"x1": 0.0}] * 2), experiments=3, seed=1)
    with pytest.raises(ParameterError, match=r"^changes must be of knobs among x1, x2, got 'y'$"):
        run(Sphere(2), Changes([{"x1": 0.0}, {"y": 1}]), experiments=1, seed=1)


def test_a_baseline_that_crashes_is_refused():
    class Broken(Task):
        name = "broken"
        space = Space([Knob("x", 0, 1, 0.5)])

        def truth(self, theta):
            return math.nan

        def measure(self, theta, rng):
            return math.nan

    with pytest.raises(ParameterError, match=r"^task must have a baseline that does not crash"):
        run(Broken(), RandomSearch(), experiments=3, seed=1)


def test_the_timid_agent_always_changes_something():
    space = Surrogate().space
    agent, rng = TimidAgent(0.001).start(space), np.random.default_rng(7)
    for _ in range(200):
        theta = agent.propose(space.start, rng)
        assert (theta != space.start).sum() == 1
        assert space.difference(space.start, theta) != "nothing changed"
