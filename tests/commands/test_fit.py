"""`arbook fit`: the package's fits."""

import json

import pytest
from command import RUN, run

from arbook import logs


def test_fit_is_that_of_the_package(results):
    done = run("fit", results, "--json")
    [found] = json.loads(done.stdout)["fits"]
    assert found["estimates"] == pytest.approx(logs.fit(RUN).estimates, rel=1e-6)
    assert found["n_catastrophes"] == 2
    text = run("fit", results).stdout
    assert "sigma0        0.00357" in text
    assert "gamma         0.98767 ± 0.006" in text


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
