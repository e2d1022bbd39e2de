"""What real runs say of the length of an experiment: the shipped numbers, and how they are made."""

import json
import math
import os
from pathlib import Path

import numpy as np
import pytest

from arbook import logs
from arbook.runs.lengths import FILE, SEARCHES, idle_share, main, seconds

ROOT = Path(__file__).parents[2]
TABLE = Path(os.environ.get("ARBOOK_ATLAS", ROOT.parent / "shared" / "atlas")) / "automl.tsv"
SHIPPED = json.loads((ROOT / "arbook" / "data" / FILE).read_text(encoding="utf-8"))


def test_machines_wait_for_the_slowest():
    lasts = np.array([300.0, 30.0, 300.0])
    assert idle_share(lasts, 1) == pytest.approx(0)
    longest = 300 - 270 / 9  # both are crashes in one of nine pairs
    assert idle_share(lasts, 2) == pytest.approx(1 - lasts.mean() / longest)
    rng = np.random.default_rng(1)
    many, rounds = rng.exponential(size=500), 20_000
    drawn = rng.choice(many, (rounds, 4)).max(axis=1)
    error = drawn.std() / math.sqrt(rounds)
    assert abs(many.mean() / (1 - idle_share(many, 4)) - drawn.mean()) < 5 * error


@pytest.mark.skipif(not TABLE.exists(), reason=f"there is no {TABLE} (set ARBOOK_ATLAS)")
def test_the_seconds_are_those_of_the_table():
    made = seconds(TABLE)
    assert [row["trials"] for row in made] == [row["trials"] for row in SHIPPED["seconds"]]
    for row, shipped in zip(made, SHIPPED["seconds"], strict=True):
        assert row["idle"] == pytest.approx(shipped["idle"], rel=1e-3)
        assert row["hours in crashes"] == pytest.approx(shipped["hours in crashes"], rel=1e-3)


def test_a_noise_is_that_of_the_fit():
    """Of one search, as all four take a while."""
    name = SEARCHES[1][1]
    run = logs.atlas()[list(logs.sources()).index(name)]
    made, shipped = logs.fit(run, family="two-part", noise="estimate"), SHIPPED["noise"]["searches"]
    assert made.noise == pytest.approx(shipped[name]["noise"], rel=0.01)
    assert made.interval("noise") == pytest.approx(shipped[name]["interval"], rel=0.01)


def test_the_ratio_pools_the_four():
    """Each error is what its interval spans, on a scale of logarithms."""
    short, long = (
        [SHIPPED["noise"]["searches"][name] for name in SEARCHES[minutes]] for minutes in (1, 5)
    )

    def pooled(group):
        width = [math.log(one["interval"][1] / one["interval"][0]) / (2 * 1.96) for one in group]
        weight = np.array(width) ** -2
        return np.average([math.log(one["noise"]) for one in group], weights=weight), weight.sum()

    (a, known_a), (b, known_b) = pooled(short), pooled(long)
    assert SHIPPED["noise"]["ratio"] == pytest.approx(math.exp(a - b), rel=0.005)
    half = 1.96 * math.sqrt(1 / known_a + 1 / known_b)
    ends = [math.exp(a - b - half), math.exp(a - b + half)]
    assert SHIPPED["noise"]["interval"] == pytest.approx(ends, rel=0.01)


def test_a_table_is_asked_for(tmp_path, capsys):
    assert main([]) == main([str(tmp_path / "nowhere")]) == 2
    assert "usage: python -m arbook.runs.lengths TABLE" in capsys.readouterr().out
