"""Scores and rivals: what they are for forecasts whose score is known."""

import numpy as np
import pytest
from scipy import stats

from arbook import RunLog, logs
from arbook.runs.calibration import FEWEST, QUANTITIES, cuts, judge, say, table
from arbook.runs.rivals import RIVALS, last_quarter, record_law, unit
from arbook.runs.scores import clustered, score


def test_crps_of_a_normal_forecast():
    rng = np.random.default_rng(1)
    for truth in (0.0, 1.3):
        found = score(rng.standard_normal(40_000), truth, rng)
        density, below = stats.norm.pdf(truth), stats.norm.cdf(truth)
        exact = truth * (2 * below - 1) + 2 * density - 1 / np.sqrt(np.pi)
        assert found.crps == pytest.approx(exact, abs=0.005)
        assert found.pit == pytest.approx(below, abs=0.01)
    assert score(rng.standard_normal(40_000), 1.3, rng).covered == (False, False, True)


def test_one_number_is_judged_by_its_distance():
    found = score(np.array([2.0]), 5.0, np.random.default_rng(0))
    assert found == type(found)(3.0, (False, False, False), 1.0)
    assert score(np.zeros(9), 0.0, np.random.default_rng(0)).covered == (True, True, True)


def test_the_place_among_equal_draws_is_uniform():
    rng = np.random.default_rng(2)
    places = [score(np.array([0.0] * 5 + [1.0] * 5), 0.0, rng).pit for _ in range(2000)]
    assert np.mean(places) == pytest.approx(0.25, abs=0.02)
    assert max(places) <= 0.5


def test_clustered_errors():
    x = np.random.default_rng(3).standard_normal(400)
    mean, error = clustered(x, [str(i) for i in range(400)])
    assert (mean, error) == pytest.approx((x.mean(), x.std() / 20))
    doubled = clustered(np.repeat(x, 2), [str(i // 2) for i in range(800)])
    assert doubled == pytest.approx((mean, error))  # the same again tells nothing


def run_of(gains):
    value = 10 - np.concatenate([[0.0], np.cumsum(gains)])
    status = np.where(np.concatenate([[True], np.array(gains) > 0]), "keep", "discard")
    return RunLog(value=value, status=status)


def test_the_last_quarter_again():
    gain, keeps, area = last_quarter(run_of([1, 0, 0, 0, 0, 0, 0.5, 0]), 4)
    assert (gain[0], keeps[0], area[0]) == (1.0, 2.0, 0.25 * 10)


def test_records_are_as_many_as_the_law_says():
    gain, keeps, _ = record_law(run_of([0.5] + [0.0] * 19), 30)
    expected = sum(1 / (t + 2) for t in range(20, 50))
    assert keeps.mean() == pytest.approx(expected, abs=4 * np.sqrt(expected / 1000))
    np.testing.assert_allclose(gain, 0.5 * keeps)


def test_units_are_never_zero():
    assert unit(run_of([1, 0.5, 0])) == 1.5
    assert unit(RunLog(value=np.array([0.0]), status=["keep"])) == 1.0


def test_cuts_are_inside_the_run_and_say_what_came():
    run = logs.load_run("h100-mar8")
    found = list(cuts([run, run.first(FEWEST - 1)], ["a", "b"]))
    assert [cut.rows[0] for cut in found[:3]] == ["1/4", "1/2", "3/4"]
    assert ("1/4", "10-30 seen") not in [cut.rows for cut in found]  # it is 31
    assert [cut.seen for cut in found if "> 80 seen" in cut.rows] == [93]
    for cut in found:
        gain, keeps, area = (x[0] for x in cut.truth)
        rest = cut.run.frontier[cut.seen : cut.seen + cut.n + 1]
        assert gain == pytest.approx(rest[0] - rest[-1])
        assert keeps == (np.diff(rest) < 0).sum()
        assert area == pytest.approx((rest[0] - rest[1:]).sum())
    assert {cut.repository for cut in found if cut.seen == 10} == {"a", "b"}


def test_the_table_has_a_line_for_each_forecast():
    owners = ["karpathy/autoresearch", "ewijaya/autoresearch-mol"]
    runs = [logs.load_run(name).first(24) for name in ("h100-mar8", "mol-nlp-agent-1")]
    found = [cut for cut in cuts(runs, owners) if cut.rows[0] == "1/2"]
    lines = table(found, judge(found))
    assert {line["forecast"] for line in lines} == set(RIVALS)
    assert {line["quantity"] for line in lines} == set(QUANTITIES)
    base = [line for line in lines if line["forecast"] == "two-part"]
    assert all(line["difference"][0] == 0 for line in base)
    assert say(lines[0]).startswith("1/2")
