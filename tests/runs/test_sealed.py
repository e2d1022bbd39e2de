"""Sealed tests: unbiased after any number of decisions, and the runs that have one."""

import math
import os
from pathlib import Path

import numpy as np
import pytest
from test_verdicts import NOISE, P, log_of

from arbook import logs
from arbook.noise import simulate_noisy
from arbook.runs import sealed_runs as module

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("ARBOOK_ATLAS", ROOT.parent / "shared" / "atlas")) / "truth"
SHIPPED = ROOT / "arbook" / "data" / module.FILE


@pytest.mark.parametrize("n", [1, 20, 200])
def test_a_sealed_test_has_the_true_gain_as_its_mean(n):
    """Whatever the number of decisions, where the log has less and less of it."""
    runs = simulate_noisy(P, n, 4000, noise=0.004, seed=1)
    rng = np.random.default_rng(2)
    tested = runs.true[:, [0, -1]] + 0.003 * rng.standard_normal((4000, 2))
    off = (tested[:, 0] - tested[:, 1]) - (runs.true[:, 0] - runs.true[:, -1])
    assert abs(off.mean()) < 5 * off.std() / 4000**0.5
    assert off.std() == pytest.approx(math.sqrt(2) * 0.003, rel=0.05)
    logged = runs.logged[:, 0] - runs.logged[:, -1] - (runs.true[:, 0] - runs.true[:, -1])
    assert logged.mean() > 20 * logged.std() / 4000**0.5


def test_it_agrees_with_the_belief_as_often_as_it_says():
    """Runs under the model: 95 % agree, or a few more, as the belief's error is taken too large."""
    z = []
    for seed in range(120):
        rng = np.random.default_rng(seed)
        f, best = 1.0, 1.0 + NOISE * rng.standard_normal()
        values = [best]
        for t in range(40):
            delta = P.mu + P.sigma0 * P.gamma**t * rng.standard_normal()
            values.append(f + delta + NOISE * rng.standard_normal())
            if values[-1] < best:
                f, best = f + delta, values[-1]
        said = logs.verdict(log_of(np.array(values)), noise=NOISE)
        test = np.array([1.0, f]) + NOISE * rng.standard_normal(2)
        z.append(logs.sealed(said, *test.tolist()).z)
    z = np.array(z)
    assert abs(z.mean()) < 5 * z.std() / z.size**0.5
    assert (np.abs(z) < 1.96).mean() > 0.95 - 3 * math.sqrt(0.05 * 0.95 / z.size)


def test_where_higher_is_better_a_rise_is_a_gain():
    log = log_of(np.array([0.5, 0.6, 0.55, 0.7, 0.65, 0.72]), "max")
    seen = logs.sealed(logs.verdict(log, noise=0.01), 0.50, 0.71, noise=0.02)
    assert seen.tested == pytest.approx(0.21)
    assert seen.tested_std == pytest.approx(0.02 * math.sqrt(2))
    assert seen.logged == pytest.approx(0.22)
    assert seen.answer == "agrees"


def test_sealed_runs():
    runs = logs.sealed_runs()
    assert len({run.name for run in runs}) == len(runs) == 13
    for run in runs:
        assert run.seen[-1] == run.seen.max()  # the last keep is the best
        assert run.n_experiments >= run.seen.size - 1 >= 11
        assert run.seen[0] == 0.7445
    assert SHIPPED.stat().st_size < 20_000


@pytest.mark.skipif(not FOLDER.exists(), reason=f"there is no {FOLDER} (set ARBOOK_ATLAS)")
def test_the_file_is_made_of_the_tables():
    made = [(run.name, run.n_experiments) for run in logs.sealed_runs()]
    rows = module.rows_of(FOLDER)
    assert made == [(name, n) for name, n, _ in rows]
    for run, (_, _, values) in zip(logs.sealed_runs(), rows, strict=True):
        assert np.column_stack([run.seen, run.same_year, run.next_year]).tolist() == values


def test_tables_become_rows(tmp_path, capsys):
    head = "experiment\tstatus\tcv_auc\ttest_auc_2005s2_full\ttest_auc_2006_full"
    rows = ["0\tcrash\t0.0\tN/A\tN/A", "1\tkeep\t0.7\t0.71\t0.6", "2\tdiscard\t0.69\tN/A\tN/A"]
    (tmp_path / "b.tsv").write_text("\n".join([head, *rows, "3\tkeep\t0.72\t0.74\t0.61"]))
    (tmp_path / "untested.tsv").write_text("\n".join([head, *rows]))
    (tmp_path / "other.tsv").write_text("experiment\tstatus\teval_auc\n0\tkeep\t0.7")
    assert module.rows_of(tmp_path) == [("b", 2, [[0.7, 0.71, 0.6], [0.72, 0.74, 0.61]])]
    assert module.main([]) == module.main([str(tmp_path / "nowhere")]) == 2
    assert "usage: python -m arbook.runs.sealed_runs FOLDER" in capsys.readouterr().out
