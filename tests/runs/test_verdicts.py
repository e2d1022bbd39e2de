"""Verdicts: calibrated where the truth is known, quiet where nothing has any effect."""

import math
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from arbook import ParameterError, Parameters, RunLog, logs
from arbook.noise import simulate_noisy
from arbook.runs.verdicts import _p_value

P = Parameters(0.0036, 0.988, 0.0004, extended=True)
NOISE = 0.0007


def log_of(values, direction="min", **columns):
    """Return the log of a loop that keeps what is better, from all its measurements."""
    sign = 1 if direction == "min" else -1
    best = np.minimum.accumulate(sign * np.asarray(values))
    kept = np.append(True, np.diff(best) < 0)
    return RunLog(values, np.where(kept, "keep", "discard"), direction=direction, **columns)


def night(p, noise, n, seed):
    """Return a log under the plain rule, and the true gains of its keeps."""
    rng = np.random.default_rng(seed)
    f = 1.0
    y, true, best = [f + noise * rng.standard_normal()], [], math.inf
    best = y[0]
    for t in range(n):
        delta = p.mu + p.sigma0 * p.gamma**t * rng.standard_normal()
        y.append(f + delta + noise * rng.standard_normal())
        if y[-1] < best:
            f, best = f + delta, y[-1]
            true.append(-delta)
    return log_of(np.array(y)), np.array(true)


def calibration(noise_is_known):
    rows = []
    for seed in range(60):
        log, true = night(P, NOISE, 80, seed)
        said = logs.verdict(log, noise=NOISE if noise_is_known else "estimate")
        rows.append(np.column_stack([said.probability, true > 0, said.true_gain - true]))
    return np.concatenate(rows)


@pytest.mark.parametrize("noise_is_known", [True, False])
def test_probabilities_of_being_real_are_calibrated(noise_is_known):
    rows = calibration(noise_is_known)
    for low, high in ((0, 0.6), (0.6, 0.8), (0.8, 0.95), (0.95, 1.01)):
        p, real, _ = rows[(rows[:, 0] >= low) & (rows[:, 0] < high)].T
        # 0.04 for what the noise's own doubt adds; keeps of one run depend on each other
        assert abs(p.mean() - real.mean()) < 0.04 + 3 * math.sqrt(0.25 / p.size)
    error = rows[:, 2].std() / math.sqrt(len(rows))
    assert abs(rows[:, 2].mean()) < 4 * error


def test_the_believed_gain_is_closer_to_the_truth_than_the_logged_one():
    believed, logged = [], []
    for seed in range(60):
        log, true = night(P, NOISE, 80, seed)
        said = logs.verdict(log)
        believed.append(said.believed_gain - true.sum())
        logged.append(log.gain - true.sum())
    assert np.mean(logged) > 3 * abs(np.mean(believed))
    assert np.square(believed).mean() < np.square(logged).mean()


@pytest.mark.parametrize("n", [5, 20, 100])
def test_luck_is_called_luck(n):
    """At most 5 % of sessions without any effect pass; the field's own confidence passes most."""
    rng = np.random.default_rng(n)
    real = {"estimate": 0, "known": 0}
    confident = 0
    sessions = 400
    for _ in range(sessions):
        log = log_of(1 + NOISE * rng.standard_normal(n + 1))
        if log.gain > 0:
            # without what a verdict says of each keep, which takes most of its time
            real["known"] += _p_value(log, NOISE)[0] <= 0.05
            real["estimate"] += _p_value(log, None)[0] <= 0.05
        spread = np.median(np.abs(log.value - np.median(log.value)))
        confident += log.gain / spread >= 2
    limit = sessions * 0.05 + 3 * math.sqrt(sessions * 0.05 * 0.95)
    assert max(real.values()) <= limit
    assert confident > 0.4 * sessions
    assert logs.verdict(log, noise=NOISE).p_value == _p_value(log, NOISE)[0]
    assert logs.verdict(log).p_value == _p_value(log, None)[0]


def test_a_real_night_is_told_from_luck(run):
    said = logs.verdict(run)
    assert (said.null, said.p_value < 1e-9) == ("records", True)
    assert said.noise_interval[0] < 0.00051 < said.noise_interval[1]  # 27 repeats elsewhere
    assert said.experiment.tolist() == np.flatnonzero(run.status[1:] == "keep").tolist()
    assert said.believed_gain < run.gain
    assert said.logged_gain.sum() == pytest.approx(run.gain)


@pytest.fixture(scope="module")
def run():
    return logs.load_run("h100-mar8")


def test_repeats_in_the_log_count():
    """A noise that is measured in the log is believed, and gives the p-value its noise."""
    rng = np.random.default_rng(3)
    log, _ = night(P, NOISE, 40, 3)
    value = np.concatenate([log.value, 1.1 + 0.003 * rng.standard_normal(12)])
    status = np.concatenate([log.status, ["discard"] * 12])
    commit = (*(f"a{i}" for i in range(41)), *["b"] * 12)
    words = (*(f"idea {i}" for i in range(41)), *["the same"] * 12)
    alone, both = (
        logs.verdict(RunLog(value[:k], status[:k], commit=commit[:k], description=words[:k]))
        for k in (42, 53)
    )
    assert (alone.null, both.null) == ("records", "repeats")
    assert both.noise > 1.5 * alone.noise


def test_a_plan_makes_the_verdicts_right(run):
    """Measure as planned, by simulation: the share of wrong verdicts is what was allowed."""
    said = logs.verdict(run, noise=0.0005)
    plan = said.plan(0.05)
    assert plan.sum() < logs.verdict(run, noise=0.0005).plan(0.02).sum()
    assert (said.plan(0.4) == 0).all()
    rng = np.random.default_rng(4)
    wrong = []
    for _ in range(4000):
        true = said.true_gain + said.gain_std * rng.standard_normal(plan.size)
        error = said.noise * np.sqrt(2 / np.maximum(plan, 1))
        seen = true + error * rng.standard_normal(plan.size)
        weight = np.where(plan > 0, said.gain_std**2 / (said.gain_std**2 + error**2), 0.0)
        called = said.true_gain + weight * (seen - said.true_gain) > 0
        wrong.append((called != (true > 0)).mean())
    assert np.mean(wrong) == pytest.approx(0.05, abs=0.012)


def test_direction_and_unit_change_nothing_but_direction_and_unit(run):
    low = logs.verdict(run, noise=0.0005)
    high = logs.verdict(RunLog(3 - 10 * run.value, run.status, direction="max"), noise=0.005)
    assert high.probability == pytest.approx(low.probability, abs=1e-5)
    assert high.true_gain == pytest.approx(10 * low.true_gain, rel=1e-3)
    assert high.true_frontier.mean == pytest.approx(3 - 10 * low.true_frontier.mean, rel=1e-5)


@pytest.mark.parametrize("family", ["student", "two-part"])
def test_other_families_see_the_same_large_gains(run, family):
    said = logs.verdict(run.first(40), family=family, noise=0.0005)
    normal = logs.verdict(run.first(40), noise=0.0005)
    large = normal.logged_gain > 0.003
    assert large.sum() == 3
    assert said.true_gain[large] == pytest.approx(normal.true_gain[large], rel=0.2)


def test_no_probability_is_above_one():
    """In a run of the atlas the weights of the noises added up to a little more."""
    said = logs.verdict(logs.load_run("openai-parameter-golf-4"))
    assert said.probability.max() == 1
    assert said.plan().min() >= 0
    log = log_of([1.0, 1.01, 0.99, 1.02, 0.985, 1.0, 1.03, 0.98])
    probability = [logs.judge(log, value).probability for value in (-1e3, -10.0, 0.0, 0.5)]
    assert 0.99 < min(probability) <= max(probability) <= 1


def test_short_sessions_are_judged_too():
    said = logs.verdict(log_of([1.0, 0.9, 0.95]))
    assert said.experiment.tolist() == [0]
    assert said.p_value == pytest.approx(0.5 + 1 / 6)
    nothing = logs.verdict(log_of([1.0, 1.1, 1.2]))
    assert (nothing.experiment.size, nothing.p_value, nothing.plan().size) == (0, 1.0, 0)
    with pytest.raises(ParameterError, match="at least 2 measured changes"):
        logs.verdict(log_of([1.0, 0.9]))


def test_the_judge_follows_the_law(run):
    """With one set of parameters the decision is the posterior rule's."""
    better, worse = logs.judge(run, 0.965, noise=0.0005), logs.judge(run, 0.972, noise=0.0005)
    assert (better.decision.name, worse.decision.name) == ("KEEP", "DISCARD")
    assert better.probability > 0.99
    assert worse.gain < 0 < better.gain < better.logged_gain
    doubtful = logs.judge(run, 0.9694, noise=0.0005)
    assert doubtful.worth_again > doubtful.worth_next
    # a second look settles it
    assert logs.judge(run, [0.9694, 0.9668], noise=0.0005).decision.name == "KEEP"


def test_the_judge_gains_as_the_rule_does():
    """Asked at each step of a night, the judge with a known noise is the rule that learns."""
    p = Parameters(0.004, 1.0, 0.002, extended=True)
    runs = simulate_noisy(p, 30, 1, noise=0.004, seed=1)
    value = np.append(runs.logged[0, 0], runs.logged[0, 1:])
    log = log_of(value)
    if (np.isfinite(log.delta)).sum() >= 2 and np.unique(log.delta).size > 1:
        assert logs.judge(log, 0.5, noise=0.004).decision.name == "KEEP"


ATLAS = Path(os.environ.get("ARBOOK_ATLAS", Path(__file__).parents[3] / "shared/atlas"))


def test_on_runs_whose_truth_is_known():
    """Fourteen public runs with the true test value of every row: 93 to 116 % of what is seen."""
    files = sorted((ATLAS / "truth").glob("*.tsv"))
    if not files:
        pytest.skip("the run logs are not here")
    chance, real = [], []
    for file in files:
        table = pd.read_csv(file, sep="\t")
        seen = next(c for c in table.columns if c in ("cv_auc", "eval_auc"))
        if seen != "cv_auc":
            continue  # the metric is the test value itself
        value = pd.to_numeric(table[seen], errors="coerce").to_numpy(float)
        true = pd.to_numeric(table["test_auc_2005s2_full"], errors="coerce").to_numpy(float)
        value = np.where(value > 0.5, value, np.nan)
        best = np.fmax.accumulate(np.nan_to_num(value, nan=-1))
        kept = np.append(True, np.diff(best) > 0)
        status = np.where(np.isnan(value), "crash", np.where(kept, "keep", "discard"))
        said = logs.verdict(RunLog(value, status, metric=seen, direction="max"))
        rows = np.flatnonzero(status == "keep")
        gains = dict(zip(rows[1:].tolist(), np.diff(true[rows]).tolist(), strict=True))
        for t, p in zip(said.experiment.tolist(), said.probability.tolist(), strict=True):
            if math.isfinite(gains[t + 1]):
                chance.append(p)
                real.append(gains[t + 1] > 0)
    p, is_real = np.array(chance), np.array(real)
    assert p.size > 250
    for low, high in ((0.5, 0.8), (0.8, 0.95), (0.95, 1.01)):
        rows = (p >= low) & (p < high)
        assert abs(p[rows].mean() - is_real[rows].mean()) < 0.12
