"""The shipped table of calibration: what the book says of it, and one cell made again."""

import json
from collections import Counter

import numpy as np
import pytest

from arbook import logs
from arbook._numerics.shipped import read_shipped
from arbook.runs.calibration import QUANTITIES, cuts, judge, table
from arbook.runs.rivals import RIVALS

TABLE = json.loads(read_shipped("calibration.json"))
CUTS = list(cuts(logs.atlas(), [source.repository for source in logs.sources().values()]))


def cell(cut, forecast, quantity):
    (found,) = [
        line
        for line in TABLE
        if (line["cut"], line["forecast"], line["quantity"]) == (cut, forecast, quantity)
    ]
    return found


def test_the_table_is_complete():
    rows = dict.fromkeys(row for cut in CUTS for row in cut.rows)
    assert len(TABLE) == len(rows) * len(RIVALS) * len(QUANTITIES)
    for row in rows:
        n = sum(row in cut.rows for cut in CUTS)
        for forecast in RIVALS:
            line = cell(row, forecast, "gain")
            assert line["cuts"] + line["refused"] == n
        assert cell(row, "atlas", "gain")["refused"] == 0


def test_the_text_says_what_the_table_says():
    gains = [line for line in TABLE if line["forecast"] == "atlas" and line["quantity"] == "gain"]
    held = {line["cut"]: line["coverage"][1][0] for line in gains}
    assert held.pop("> 80 seen") == pytest.approx(0.71, abs=0.005)
    assert min(held.values()) == pytest.approx(0.77, abs=0.005)
    assert max(held.values()) == pytest.approx(0.86, abs=0.005)
    late = [cell("80, then the rest", "atlas", quantity) for quantity in ("gain", "keeps")]
    assert [line["cuts"] for line in late] == [59, 59]
    assert np.round([line["coverage"][1] for line in late], 2).tolist() == [
        [0.83, 0.07],
        [0.86, 0.05],
    ]
    found = [cut for cut in CUTS if "> 80 seen" in cut.rows]
    of = Counter(cut.repository for cut in found)
    assert (len({id(cut.run) for cut in found}), len(of), max(of.values())) == (10, 4, 9)
    long = cell("> 80 seen", "atlas", "keeps")
    assert (long["cuts"], long["coverage"][1][0]) == (17, pytest.approx(0.59, abs=0.005))
    less = [line["difference"][0] for line in TABLE if line["forecast"] == "atlas"]
    error = [line["difference"][1] for line in TABLE if line["forecast"] == "atlas"]
    rest = [(x, e) for x, e in zip(less, error, strict=True) if x > -1e-4]
    z = np.array(less) / error
    assert (len(less), len(rest), (z < -1).sum(), (z < -2).sum()) == (30, 4, 10, 0)
    assert np.round(np.max(rest, axis=0), 3).tolist() == [0.003, 0.010]
    assert round(min(e for _, e in rest), 3) == 0.005
    assert all(
        line["difference"][0] > 0.1
        for line in TABLE
        if line["forecast"] == "plug-in normal" and line["quantity"] == "gain"
        and line["cut"] != "> 80 seen"
    )  # fmt: skip


def test_what_right_forecasts_would_hold_of_the_row_of_long_runs():
    """Truths drawn from the forecasts themselves: how many of 17 their own intervals hold."""
    shares, places = [], []
    for cut in CUTS:
        if "> 80 seen" in cut.rows:
            draws = RIVALS["atlas"](cut.first, cut.n, cut.repository, ())
            ends = [np.quantile(x, [0.1, 0.9]) for x in draws]
            inside = [(low <= x) & (x <= high) for x, (low, high) in zip(draws, ends, strict=True)]
            shares.append(np.mean(inside, axis=1))
            at = (draws[1] < cut.truth[1]).mean() + (draws[1] == cut.truth[1]).mean() / 2
            places.append((cut.repository, at))
    gain, keeps, _ = np.transpose(shares)
    counted = []
    for share in (gain, keeps):
        chance = np.ones(1)
        for p in share:
            chance = np.convolve(chance, [1 - p, p])
        counted.append(chance)
    assert counted[0][:13].sum() == pytest.approx(0.22, abs=0.02)
    assert counted[0][13:15].sum() == pytest.approx(0.45, abs=0.015)
    assert keeps.mean() == pytest.approx(0.83, abs=0.01)
    assert counted[1][:11].sum() == pytest.approx(0.01, abs=0.01)
    (most, n), *_ = Counter(place for place, _ in places).most_common()
    own, other = (
        [at for place, at in places if (place == most) == is_own] for is_own in (True, False)
    )
    assert (n, len(other)) == (9, 8)
    assert [sum(at < 0.5 for at in some) for some in (own, other)] == [8, 1]


def test_a_row_is_made_again():
    """More than 80 seen: the fewest cuts, judged anew."""
    found = [cut for cut in CUTS if "> 80 seen" in cut.rows]
    lines = table(found, judge(found))
    for line in lines:
        if line["cut"] == "> 80 seen" and line["forecast"] in ("atlas", "record law"):
            shipped = cell("> 80 seen", line["forecast"], line["quantity"])
            assert line["crps"] == pytest.approx(shipped["crps"], abs=2e-3)
            assert line["cuts"] == shipped["cuts"]
