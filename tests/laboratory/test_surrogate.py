"""The surrogate of the real task: its trees, what is said of them, and the script behind it."""

import gzip
import json
import math
from importlib import resources

import node
import numpy as np
import pytest

from arbook.laboratory import Surrogate, surrogate_fitting
from arbook.laboratory.surrogate import FILE, NOISE, PATTERNS, features
from arbook.laboratory.trees import MOST, Trees, exponential

TASK = Surrogate()


def walked(trees, x):
    """Return the sum over all trees, a branch after the other, as the docstring says it."""
    codes, leaves = iter(trees.splits), iter(trees.leaves)

    def branch():
        code = next(codes)
        if code < 0:
            return next(leaves)
        left, right = branch(), branch()
        return left if x[code // MOST] <= trees.thresholds[code // MOST][code % MOST] else right

    total, first = 0, True
    while True:
        try:
            total, first = total + branch(), False
        except StopIteration:
            return None if first else total


def test_trees_add_the_leaves_of_their_branches():
    x = features(np.random.default_rng(1).random((20, 14)))
    for trees in (TASK._metric, TASK._crash):
        assert trees.sums(x).tolist() == [walked(trees, row) for row in x.tolist()]


@pytest.mark.parametrize(("splits", "leaves"), [([0, -1], [1]), ([-1], []), ([-1], [1, 2])])
def test_trees_that_are_cut_off_are_refused(splits, leaves):
    with pytest.raises((ValueError, StopIteration)):
        Trees([[0.5]], splits, leaves)


def test_the_exponential_is_one():
    x = np.linspace(-10, 10, 1001)  # squared ten times, so that errors add up a thousand times
    assert exponential(x) == pytest.approx(np.exp(x), rel=1e-11)


def test_javascript_agrees_to_the_last_bit():
    theta = np.random.default_rng(2).random((2000, 14))
    theta[:500] = TASK.space.start + 0.05 * (theta[:500] - 0.5)
    theta = np.clip(theta, 0, 1)
    theta[0], theta[1] = 0.0, 1.0
    browser = node.run(
        "const of = model.surrogate(data.model); return data.theta.map((x) => of(x));",
        {"model": TASK.settings()["model"], "theta": theta.tolist()},
    )
    found = np.array([math.nan if y is None else y for y in browser])
    assert np.array_equal(found, TASK.truth(theta), equal_nan=True)
    assert 400 < np.isnan(found).sum() < 1200


def grown(rng, leaves):
    """Return the splits of a tree of so many leaves, of three features with four thresholds."""
    if leaves == 1:
        return [-1]
    left = int(rng.integers(1, leaves))
    code = int(rng.integers(3)) * MOST + int(rng.integers(4))
    return [code, *grown(rng, left), *grown(rng, leaves - left)]


def test_javascript_walks_trees_of_sixteen_leaves():
    """In no order of thresholds, and at one of them; the shipped trees have no more leaves."""
    rng = np.random.default_rng(3)
    sizes = [1, 16, *rng.integers(1, 17, 60).tolist()]
    splits = [code for size in sizes for code in grown(rng, size)]
    leaves = rng.integers(-9999, 9999, sum(sizes)).tolist()
    trees = Trees(
        [[0.5, 0.2, 0.7, 0.4], [3.5, 0.5, 2.5, 1.5], [-1.0, 1.0, 0.0, 2.0]], splits, leaves
    )
    x = np.column_stack([rng.random(300), rng.integers(0, 5, 300), rng.integers(-2, 4, 300)])
    found = node.run(
        """const trees = model.trees(data.thresholds, data.splits, data.leaves);
        return data.x.map((x) => model.sumOf(trees, x));""",
        {"thresholds": trees.thresholds, "splits": splits, "leaves": leaves, "x": x.tolist()},
    )
    assert found == trees.sums(x).tolist()
    shipped = surrogate_fitting.METRIC, surrogate_fitting.CRASH
    assert max(settings["max_leaf_nodes"] for settings in shipped) <= 16


def test_the_shipped_file_is_small():
    text = resources.files("arbook").joinpath("data", FILE).read_bytes()
    assert len(gzip.compress(text)) < 80_000


def test_what_is_said_of_the_trees_is_what_was_measured():
    report = TASK.report
    n, std = report["repeats"]
    assert (n, round(std, 5)) == (27, NOISE)
    doc = " ".join(Surrogate.__doc__.split())
    for name in ("random", "by run", "by method"):
        good = report[name]["good"]
        assert f"{report[name]['rank_correlation']:.3f}" in doc
        assert f"{good['rank_correlation']:.2f}" in doc
        assert f"{good['mean_error']:.4f}" in doc
    assert f"of {report['trials']:,} trials of which {report['crashed']:,} crashed" in doc
    crash = report["by method"]["crash"]
    assert f"{crash['auc']:.3f}" in doc
    assert f"{crash['wrong']:.1%}".replace("%", " %") in doc
    assert f"{report['by method']['promised']['bias']:.4f}" in doc
    # the mean of each tenth of what is expected, and of what was measured
    for expected, measured in report["random"]["tenths"][:-1]:
        assert expected == pytest.approx(measured, abs=0.002)


def test_the_baseline_is_that_of_the_trials():
    named = TASK.space.named(TASK.space.start)
    assert named["depth"] == 8
    assert named["total_batch_size"] == "524288"
    assert named["window_pattern"] == PATTERNS[1] == "SSSL"
    assert named["matrix_lr"] == pytest.approx(0.04)
    assert TASK.truth(TASK.space.start) == pytest.approx(0.9914, abs=3 * NOISE)


def test_a_model_that_fills_the_memory_crashes():
    huge = TASK.space.moved(
        TASK.space.start,
        {"depth": 24, "aspect_ratio": 128, "device_batch_size": "256"},
    )
    assert math.isnan(TASK.truth(huge))
    assert math.isnan(TASK.measure(huge, np.random.default_rng(1)))


def test_the_script_says_what_it_needs(capsys, tmp_path):
    for arguments in ([], [str(tmp_path / "none.tsv")], ["a", "b"]):
        assert surrogate_fitting.main(arguments) == 2
        assert "does not come with the package" in capsys.readouterr().out


def table(path, n=400):
    """Write a table of trials whose metric is a smooth function of two knobs."""
    rng = np.random.default_rng(3)
    names = [knob.name for knob in TASK.space.knobs]
    lines = ["\t".join(["method", "seed", "trial", "val_bpb", "success", *names])]
    for i in range(n):
        theta = rng.random(14)
        values = TASK.space.named(theta)
        alive = values["depth"] < 20
        y = f"{0.97 + 0.1 * theta[7] + 0.05 * theta[9]:.6f}" if alive else ""
        cells = ["AB"[i % 2], str(i % 3), str(i // 6), y, str(int(alive)), *values.values()]
        lines.append("\t".join(map(str, cells)))
    path.write_text("\n".join(lines) + "\n")


def test_the_script_learns_what_a_table_says(tmp_path):
    path = tmp_path / "trials.tsv"
    table(path)
    x, y, run, method = surrogate_fitting.read(path)
    assert len(set(run)) == 6
    assert set(method) == {"A", "B"}
    task = Surrogate(json.loads(json.dumps(surrogate_fitting.grow(x, y))))
    theta = np.random.default_rng(4).random((300, 14))
    truth, depth = task.truth(theta), task.space.values(theta)[:, 0]
    assert (np.isnan(truth) == (depth >= 20)).mean() > 0.97
    alive = np.isfinite(truth)
    expected = 0.97 + 0.1 * theta[:, 7] + 0.05 * theta[:, 9]
    assert np.abs(truth - expected)[alive].mean() < 0.01
    out = [*surrogate_fitting.folds(run, 3)]
    assert np.sum(out, axis=0).tolist() == [1] * len(y)
    assert all(not set(run[left]) & set(run[~left]) for left in out)


def test_the_shipped_trees_know_the_trials(runs_folder):
    trials = runs_folder.parent / "atlas" / "automl.tsv"
    x, y, _, _ = surrogate_fitting.read(trials)
    assert [len(y), int(np.isnan(y).sum())] == [TASK.report["trials"], TASK.report["crashed"]]
    metric, odds = surrogate_fitting.say(TASK.settings()["model"], x)
    assert ((odds > 0) == np.isnan(y)).mean() > 0.998
    assert np.nanmean(np.abs(metric - y)) < 0.009
    assert surrogate_fitting.repeats(trials).std(ddof=1) == pytest.approx(NOISE, abs=5e-6)
