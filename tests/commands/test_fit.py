"""`arbook fit`: the package's fits."""

import json

import numpy as np
import pytest
from command import RUN, run

from arbook import logs
from arbook.runs.families import FAMILIES


def test_fit_is_that_of_the_package(results):
    done = run("fit", results, "--json")
    [found] = json.loads(done.stdout)["fits"]
    assert found["estimates"] == pytest.approx(logs.fit(RUN).estimates, rel=1e-6)
    assert found["n_catastrophes"] == 2
    text = run("fit", results).stdout
    assert "sigma0        0.0036 ± 0.0014   95 %: 0.0015 to 0.0194" in text
    assert "gamma         0.9877 ± 0.0062" in text


def test_fit_without_a_rule_for_catastrophes(results):
    [found] = json.loads(run("fit", results, "--trim", 0, "--json").stdout)["fits"]
    assert found["estimates"]["mu"] == pytest.approx(-0.0017, abs=5e-5)
    assert found["threshold"] is None


def test_fit_all_is_sorted_by_aic(results):
    found = json.loads(run("fit", results, "--family", "all", "--json").stdout)["fits"]
    aic = [row["aic"] for row in found]
    assert len(found) == 5
    assert aic == sorted(aic)


def test_fit_with_a_noise(results):
    [given] = json.loads(run("fit", results, "--noise", 0.00051, "--json").stdout)["fits"]
    assert given["noise"] == 0.00051
    assert given["estimates"]["mu"] == pytest.approx(0.00039, abs=3e-5)
    [free] = json.loads(run("fit", results, "--noise", "estimate", "--json").stdout)["fits"]
    assert free["noise"] == pytest.approx(0.00039, abs=3e-5)
    refused = run("fit", results, "--noise", "loud")
    assert refused.exit_code == 2
    assert "loud is neither a finite number >= 0 nor estimate" in refused.stderr


def test_fit_says_that_a_wrong_shape_makes_intervals_longer(results):
    warning = "intervals are longer: the shape tells the noise, and does not fit; give one that"
    assert warning in run("fit", results, "--noise", "estimate").stdout
    assert warning not in run("fit", results).stdout


def test_fit_of_a_metric_that_fell_by_factors(tmp_path):
    path = tmp_path / "results.tsv"
    falling = [8 * 0.9**t for t in range(12)]
    rows = [f"c{t}\t{x * (1.02 if t % 3 == 1 else 1)}\tkeep\tchange" for t, x in enumerate(falling)]
    path.write_text("commit\tval_bpb\tstatus\tdescription\n" + "\n".join(rows))
    told = run("fit", path, "--json")
    assert "fell by a factor of 3.19" in told.stderr
    assert json.loads(told.stdout)["metric"] == "ln val_bpb"
    asked = run("fit", path, "--scale", "log", "--json")
    assert (asked.stdout, asked.stderr) == (told.stdout, "")
    assert json.loads(run("fit", path, "--scale", "metric", "--json").stdout)["metric"] == "val_bpb"
    # a noise has the metric's unit, but where the logarithm is asked for
    noisy = run("fit", path, "--noise", 0.001, "--json")
    assert (json.loads(noisy.stdout)["metric"], noisy.stderr) == ("val_bpb", "")
    share = run("fit", path, "--noise", 0.001, "--scale", "log", "--json")
    assert json.loads(share.stdout)["metric"] == "ln val_bpb"
    rows = [f"c{t}\t{x - 3}\tkeep\tchange" for t, x in enumerate(falling)]
    path.write_text("commit\toffset\tstatus\tdescription\n" + "\n".join(rows))
    refused = run("fit", path, "--direction", "min", "--scale", "log")
    assert refused.exit_code == 1
    assert "a run whose metric is positive" in refused.stderr


def test_a_family_that_cannot_be_fitted_is_named_beside_the_others(tmp_path):
    """Twenty of thirty variants measure what the best did, to the last digit."""
    rows, best = ["commit\tval_bpb\tstatus", "b\t1.0\tkeep"], 1.0
    for i, step in enumerate(np.random.default_rng(3).normal(0.004, 0.01, 30)):
        value = best if i % 3 else round(best + step, 4)
        rows.append(f"c{i}\t{value}\t{'keep' if value < best else 'discard'}")
        best = min(best, value)
    path = tmp_path / "results.tsv"
    path.write_text("\n".join(rows), encoding="utf-8")
    done = run("fit", path, "--family", "all")
    assert done.exit_code == 0
    assert "student: not fitted, for log must be a run whose changes tell scale0" in done.stderr
    found = json.loads(run("fit", path, "--family", "all", "--json").stdout)
    assert list(found["refused"]) == ["student"]
    assert {fit["family"] for fit in found["fits"]} == set(FAMILIES) - {"student"}
    done = run("fit", path, "--family", "student")
    assert done.exit_code == 1
    assert "changes tell scale0" in done.stderr
