"""Going on, stopping, changing: the value of looking again, the advice, and patience in runs."""

from dataclasses import replace

import numpy as np
import pytest

from arbook import ParameterError, RunLog, logs
from arbook.runs import stopping
from arbook.runs.atlas import atlas

RUN = logs.load_run("h100-mar8")


def test_looking_again_is_worth_what_a_tree_says():
    """Half of the runs gain 2 in every block and half nothing, which the first block shows."""
    at = np.array([1, 2, 3, 4, 5, 6])
    gains = np.where(np.arange(4000)[:, None] % 4 < 2, 2.0, 0.0) * at
    fixed = max(0.0, *(gains - 1.2 * at).mean(axis=0))
    assert fixed == 0
    # the first block loses 0.2 on average, and then half of the runs earn 0.8 in each of five
    assert stopping._worth(gains, at, 1.2) == pytest.approx(-0.2 + 0.5 * 5 * 0.8, rel=1e-9)
    assert stopping._worth(gains, at, 2.5) == 0


def test_what_the_past_does_not_tell_is_worth_nothing():
    """Independent blocks whose mean falls: the value is that of the best fixed length."""
    rng = np.random.default_rng(1)
    at = np.arange(1, 7)
    mean = np.array([3.0, 2.0, 1.5, 0.7, 0.4, 0.2])
    gains = np.cumsum(rng.exponential(mean, (40_000, 6)), axis=1)
    fixed = (gains - at).mean(axis=0).max()
    error = (gains[:, 2] - 3).std() / 200
    assert abs(stopping._worth(gains, at, 1.0) - fixed) < 5 * error
    assert abs(fixed - (mean[:3].sum() - 3)) < 5 * error


def test_looks_double_and_end_at_the_horizon():
    at = np.arange(4, 401, 4)
    assert at[stopping._looks(at)].tolist() == [16, 28, 52, 100, 200, 400]
    assert stopping._looks(np.arange(1, 3)).tolist() == [0, 1]


@pytest.fixture(scope="module")
def said():
    return {price: logs.stop(RUN, cost=price, value=1.0) for price in (1e-5, 3e-5, 1e-3)}


def test_a_higher_price_stops_earlier(said):
    cheap, middling, dear = said.values()
    assert cheap.n > middling.n > dear.n == 0
    assert cheap.profit > middling.profit > dear.profit == 0
    assert [one.advice.name for one in said.values()] == ["GO_ON", "GO_ON", "STOP"]
    assert cheap.probability > middling.probability > dear.probability


def test_the_expected_profit_is_that_of_its_draws(said):
    one = said[1e-5]
    place = int(np.flatnonzero(one.forecast.at == one.n)[0])
    profit = one.forecast.path[:, place] - 1e-5 * one.n
    assert one.profit == pytest.approx(profit.mean(), rel=1e-12)
    assert one.probability == (profit > 0).mean()
    assert one.profit_interval == pytest.approx(np.quantile(profit, [0.1, 0.9]), rel=1e-12)
    best = (one.forecast.path - 1e-5 * one.forecast.at).mean(axis=0)
    assert best.max() == pytest.approx(one.profit, rel=1e-12)
    assert one.n < one.forecast.n_experiments


def test_money_has_no_unit(said):
    one, same = said[3e-5], logs.stop(RUN, cost=3.0, value=1e5)
    assert (same.n, same.look, same.probability) == (one.n, one.look, one.probability)
    assert same.profit == pytest.approx(1e5 * one.profit, rel=1e-9)
    assert same.waiting == pytest.approx(1e5 * one.waiting, rel=1e-9)


def test_a_change_pays_from_its_share(said):
    for one in said.values():
        for factor, advice in ((1.01, logs.Advice.CHANGE), (0.99, replace(one).advice)):
            assert replace(one, fresh=one.change_share * factor).advice is advice


def test_the_reasons_name_what_they_rest_on(said):
    text = " ".join(said[1e-5].reasons)
    assert "An experiment pays if it gains 1e-05 val_bpb" in text
    assert f"after {said[1e-5].n} further experiments" in text
    assert "The last improvement was 7 experiments ago." in text
    assert "No fixed number" in " ".join(said[1e-3].reasons)
    assert "<li>" in said[1e-3]._repr_html_()
    given = replace(said[1e-3], fresh=0.5)
    assert "; 50% was given." in " ".join(given.reasons)


def test_a_run_that_gained_nothing_has_no_share_of_a_change():
    value = np.r_[1.0, 1.0 + 0.01 * np.arange(1, 31)]
    run = RunLog(value=value, status=["keep"] + ["discard"] * 30)
    one = logs.stop(run, cost=1.0, value=1e6, fresh=5.0)
    assert one.change_share == np.inf
    assert one.advice is not logs.Advice.CHANGE
    assert "No experiment has improved the baseline." in one.reasons


def test_a_price_that_no_double_holds_is_refused():
    with pytest.raises(ParameterError, match="value must be such that"):
        logs.stop(RUN, cost=1e-300, value=1e300)


def test_patience_is_counted_in_the_runs_themselves():
    runs = [run for run in atlas() if run.gain > 0][:40]
    found = logs.patience_survey(runs, [4])
    position, left = [], []
    for run in runs:
        gain, streak = np.nan_to_num(run.improvement), 0
        for n, one in enumerate(gain, start=1):
            streak = 0 if one > 0 else streak + 1
            if streak == 4:
                position.append(n / gain.size)
                left.append(gain[n:].sum() / gain.sum())
                break
    assert found.stopped[0] == len(left)
    assert found.position[0, 0] == pytest.approx(np.median(position))
    assert found.to_come[0, 0] == pytest.approx(np.median(left))
    assert found.again[0, 0] == pytest.approx(np.mean(np.array(left) > 0))
    for row in (found.position[0], found.to_come[0], found.again[0]):
        assert row[1] <= row[0] <= row[2]
    assert f"{found.stopped[0]} of 40" in found._repr_html_()


def test_a_patience_that_no_run_lacks_is_nan():
    found = logs.patience_survey([RUN], [900])
    assert found.stopped[0] == 0
    assert np.isnan(found.to_come).all()
