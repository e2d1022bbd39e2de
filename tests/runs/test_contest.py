"""Nine ways of searching on one task: the shipped values, and where they come from."""

import os
from pathlib import Path

import numpy as np
import pytest

from arbook import logs
from arbook.runs.contest import FILE, lines, main

ROOT = Path(__file__).parents[2]
TABLE = Path(os.environ.get("ARBOOK_ATLAS", ROOT.parent / "shared" / "atlas")) / "automl.tsv"
SHIPPED = ROOT / "arbook" / "data" / FILE


def test_runs_of_the_contest():
    runs = logs.contest()
    assert [len(each) for each in runs.values()] == [3] * 9
    for method, each in runs.items():
        for run in each:
            assert run.source.startswith(method)
            assert run.n_experiments >= 286
            value = np.where(np.isnan(run.value), np.inf, run.value)
            np.testing.assert_array_equal(run.frontier, np.minimum.accumulate(value))
            np.testing.assert_array_equal(run.crashed, np.isnan(run.value))
    begun = [run.f0 for each in runs.values() for run in each]
    assert np.std(begun, ddof=1) == pytest.approx(0.000505, abs=1e-6)  # as the chapter says
    assert SHIPPED.stat().st_size < 100_000


@pytest.mark.skipif(not TABLE.exists(), reason=f"there is no {TABLE} (set ARBOOK_ATLAS)")
def test_the_file_is_made_of_the_table():
    assert SHIPPED.read_text(encoding="utf-8").splitlines() == lines(TABLE)


def test_a_table_becomes_lines(tmp_path, capsys):
    table = tmp_path / "trials.tsv"
    rows = ["b\t0\t1\t\t0", "b\t0\t0\t0.9\t1", "a\t1\t0\t0.8\t1"]
    table.write_text("\n".join(["method\tseed\ttrial\tval_bpb\tsuccess", *rows]))
    assert lines(table) == [
        '{"method":"a","seed":1,"value":[0.8]}',
        '{"method":"b","seed":0,"value":[0.9,null]}',
    ]
    assert main([]) == main([str(tmp_path / "nowhere")]) == 2
    assert "usage: python -m arbook.runs.contest TABLE" in capsys.readouterr().out
