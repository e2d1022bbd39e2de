"""The shipped table of calibration: what the book says of it, and one cell made again."""

import json
from collections import Counter

import numpy as np
import pytest
from scipy.stats import binom

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
    assert np.round(binom.cdf([12, 10], 17, 0.8), 2).tolist() == [0.24, 0.04]
    assert round(sum(binom.pmf([13, 14], 17, 0.8)), 2) == 0.45
    long = cell("> 80 seen", "atlas", "keeps")
    assert (long["cuts"], long["coverage"][1][0]) == (17, pytest.approx(0.59, abs=0.005))
    less = [line["difference"][0] for line in TABLE if line["forecast"] == "atlas"]
    assert np.mean(np.array(less) < 0) > 0.85
    assert max(less) < 0.005
    assert all(
        line["difference"][0] > 0.1
        for line in TABLE
        if line["forecast"] == "plug-in normal" and line["quantity"] == "gain"
        and line["cut"] != "> 80 seen"
    )  # fmt: skip


def test_a_row_is_made_again():
    """More than 80 seen: the fewest cuts, judged anew."""
    found = [cut for cut in CUTS if "> 80 seen" in cut.rows]
    lines = table(found, judge(found))
    for line in lines:
        if line["cut"] == "> 80 seen" and line["forecast"] in ("atlas", "record law"):
            shipped = cell("> 80 seen", line["forecast"], line["quantity"])
            assert line["crps"] == pytest.approx(shipped["crps"], abs=2e-3)
            assert line["cuts"] == shipped["cuts"]
