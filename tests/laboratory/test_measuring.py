"""The law of changes, measured directly: against what is known, and what the shipped file says."""

import math
from itertools import product

import numpy as np
import pytest

from arbook import ParameterError, landscapes
from arbook.laboratory import (
    OnePlusOne,
    RandomSearch,
    Sphere,
    Surrogate,
    TimidAgent,
    measure_changes,
    measured_changes,
    measuring,
)

STEP = OnePlusOne(landscapes.Decay(0.02))


def test_on_the_sphere_it_is_the_known_law():
    task, d, s = Sphere(14), 14, 4 * 0.02
    law = measure_changes(task, task.space.start, STEP, 20_000, seed=1)
    spread = math.sqrt(4 * s**2 + 2 * d * s**4)
    skewness = (24 * s**4 + 8 * d * s**6) / spread**3
    known = {
        "mean": d * s**2,
        "std": spread,
        "skewness": skewness,
        "better": landscapes.sphere_keep_probability(d, s),
        "gain": landscapes.sphere_expected_improvement(d, s),
    }
    for name, value in known.items():
        assert abs(getattr(law, name) - value) < 4 * getattr(law, f"{name}_error"), name
        assert 0 < getattr(law, f"{name}_error") < 0.05 * value + 0.02


def test_noise_is_measured_and_taken_out():
    task = Sphere(14, noise=0.1)
    exact = measure_changes(task, task.space.start, STEP, 4000, seed=2)
    noisy = measure_changes(task, task.space.start, STEP, 4000, repeats=3, seed=2)
    assert (exact.noise, noisy.noise) == (0, pytest.approx(0.1, rel=0.03))
    for name in ("mean", "std", "skewness"):
        gap = getattr(exact, name) - getattr(noisy, name)
        assert abs(gap) < 4 * getattr(noisy, f"{name}_error"), name
    assert noisy.gain < exact.gain - 3 * noisy.gain_error  # decisions that see noise gain less
    assert noisy.gain == pytest.approx(noisy.normal_gain, abs=4 * noisy.gain_error)


def test_crashes_are_counted_and_left_out():
    task = Surrogate()
    law = measure_changes(task, task.space.start, RandomSearch(), 2000, seed=3)
    drawn = task.truth(np.random.default_rng(4).random((2000, 14)))
    assert law.crashed == pytest.approx(np.isnan(drawn).mean(), abs=0.06)
    assert law.mean == pytest.approx(np.nanmean(drawn) - law.f, abs=0.02)
    always = task.space.moved(
        task.space.start, {"depth": 24, "aspect_ratio": 128, "device_batch_size": "256"}
    )
    with pytest.raises(ParameterError, match=r"^proposer must be one of which at least 10 prop"):
        measure_changes(task, always, TimidAgent(0.001), 20, seed=1)


def test_the_shipped_rows_are_those_of_the_study():
    for task, plan in measuring.STUDY.items():
        found = [(r["run"], r["t"], r["step"]) for r in measured_changes(task)]
        steps = (*plan["steps"], measuring.TIMID)
        assert found == [*product(range(plan["runs"]), plan["at"], steps)]


def test_a_row_is_measured_again():
    plan = measuring.STUDY["automl"]
    (row,) = [
        r for r in measured_changes("automl") if (r["run"], r["t"], r["step"]) == (3, 0, 0.05)
    ]
    task = plan["task"]
    law = measure_changes(
        task, task.space.start, OnePlusOne(landscapes.Decay(0.05)), plan["n"], seed=3000
    )
    assert law.mean == pytest.approx(row["mean"], rel=1e-3)
    assert law.gain == pytest.approx(row["gain"], rel=1e-3)


def test_the_script_says_what_it_takes(capsys):
    assert measuring.main(["go"]) == 2
    assert "sphere | automl | language" in capsys.readouterr().out
