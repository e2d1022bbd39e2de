"""`arbook forecast`: the package's forecasts, within their bounds."""

import json

import pytest
from command import RUN, run

from arbook import logs


def test_forecast_is_that_of_the_package(results):
    done = run("forecast", results, "-n", 50, "--minutes", 5, "--seed", 3, "--json")
    answer = json.loads(done.stdout)
    made = logs.forecast(RUN, 50, minutes=5, seed=3)
    assert list(answer["improvement"].values()) == pytest.approx(
        made.quantiles().tolist(), rel=1e-6
    )
    assert answer["hours"] == pytest.approx(50 * 5 / 60)
    text = run("forecast", results, "-n", 50, "--minutes", 5).stdout
    assert "50 more experiments, 4.2 hours" in text
    assert "made of         what runs of the atlas did" in text


def test_a_family_forecasts_alone(results):
    options = ("forecast", results, "-n", 50, "--family", "two-part")
    answer = json.loads(run(*options, "--json").stdout)
    made = logs.forecast(logs.fit(RUN, family="two-part"), 50, population=None)
    assert list(answer["improvement"].values()) == pytest.approx(
        made.quantiles().tolist(), rel=1e-6
    )
    assert "fitted          two-part, to 122 changes" in run(*options).stdout


def test_no_log_is_too_short(tmp_path):
    path = tmp_path / "short.tsv"
    path.write_text("commit\tval_bpb\tstatus\na\t1.0\tkeep\nb\t0.0\tcrash\n")
    done = run("forecast", path, "-n", 20)
    assert done.exit_code == 0
    assert "nan" not in done.stdout


def test_no_frontier_goes_beyond_the_floor(results):
    options = ("forecast", results, "-n", 200, "--floor")
    assert "at the bound    of 0.969 with " in run(*options, "0.969").stdout
    answer = json.loads(run(*options, "0.969", "--json").stdout)
    assert answer["improvement"]["q90"] <= 0.969686 - 0.969 + 1e-12
    assert answer["at_floor"] > 0.1
    assert json.loads(run(*options, "-inf", "--json").stdout)["floor"] is None
    done = run(*options, "0.98")
    assert done.exit_code == 1
    assert "floor must be a finite number <= 0.969686" in done.stderr
