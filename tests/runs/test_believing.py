"""What is believed of the atlas's gains: the shipped rows, and what the book says of them."""

import json

import numpy as np
import pytest

from arbook import RunLog, logs
from arbook._numerics.rounding import to_digits
from arbook._numerics.shipped import read_shipped
from arbook.runs.believing import FILE, row_of
from arbook.runs.scores import resampled_rows

TEXT = read_shipped(FILE)
ROWS = {row.pop("run"): row for row in json.loads(TEXT)}


def median(what):
    """Return the median over runs, and its 95 % interval with repositories drawn anew."""
    found = {run: row[what] for run, row in ROWS.items() if row[what] is not None}
    value, of = np.array(list(found.values())), logs.sources()
    again = resampled_rows([of[run].repository for run in found], 2000, np.random.default_rng(0))
    ends = np.quantile([np.median(value[rows]) for rows in again], [0.025, 0.975])
    return [float(np.median(value)), *ends.tolist()]


def test_the_text_says_what_the_rows_say():
    assert len(ROWS) == 117
    assert median("believed") == pytest.approx([0.96, 0.90, 0.99], abs=0.006)
    assert np.quantile([row["believed"] for row in ROWS.values()], 0.25) == pytest.approx(
        0.82, abs=0.005
    )
    assert median("luck") == pytest.approx([0.19, 0.13, 0.23], abs=0.006)
    assert median("late") == pytest.approx([0.98, 0.93, 1.00], abs=0.006)


@pytest.mark.parametrize("run", ["h100-mar8", "mekann2904-mekann-1"])
def test_a_row_is_made_again(run):
    made = to_digits(row_of(logs.load_run(run)), 4)
    assert made == pytest.approx(ROWS[run], rel=0.02)


def test_a_run_without_a_gain_has_nothing_to_believe():
    assert row_of(RunLog([1.0, 1.1, 1.2, 1.05], ["keep", *["discard"] * 3])) is None
