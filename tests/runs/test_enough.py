"""Whether nights are enough: the sixty runs, the repeated ones, and the answer for two groups."""

import csv
import math

import numpy as np
import pytest
from scipy import stats

from arbook import ParameterError, RunLog, logs
from arbook._numerics.shipped import read_shipped
from arbook.programs import best_night_bias, misranking_probability, nights_needed
from arbook.runs import sixty


def run_of(gain, n=20):
    value = np.full(n + 1, 1.0)
    value[n // 2 :] = 1 - gain
    status = ["discard"] * (n + 1)
    status[0] = status[n // 2] = "keep"
    return RunLog(value=value, status=status)


def pair_of(a, b):
    """Return the difference of two models, the spread of a night, and the share misranked."""
    spread = math.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2)
    wrong = (1 - np.sign((a[:, None] - b).round(6))).mean() / 2
    return a.mean() - b.mean(), spread, wrong


def test_the_closest_pair_of_the_sixty_runs_is_misranked_by_one_night_in_five():
    """The published shares, gaps and nights of each: 80, 98 and 91 %; 13, 4 and 6 nights."""
    astra, sol, luna = (nights.holdout for nights in logs.sixty_runs().values())
    published = [(astra, sol, 0.801, 13), (astra, luna, 0.978, 4), (sol, luna, 0.911, 6)]
    for a, b, right, nights in published:
        gap, spread, wrong = pair_of(a, b)
        assert 1 - wrong == pytest.approx(right, abs=6e-4)
        assert misranking_probability(gap, spread) == pytest.approx(wrong, abs=0.01)
        assert nights_needed(gap, spread) == nights
    for scores in (astra, sol, luna):
        seen = scores.max() - scores.mean()
        assert seen == pytest.approx(best_night_bias(20, scores.std(ddof=1)), rel=0.2)


def test_the_sixty_runs_are_those_of_the_published_table():
    found = logs.sixty_runs()
    assert sum(int(nights.experiments.sum()) for nights in found.values()) == 2446
    means = [nights.holdout.mean() for nights in found.values()]
    np.testing.assert_allclose(means, [0.6866, 0.6842, 0.6806], atol=6e-5)


def test_the_file_of_the_sixty_runs_is_made_of_a_table(tmp_path, capsys, monkeypatch):
    table = tmp_path / "runs.csv"
    columns = "model", "experiments", "best_eval_auc", "holdout_auc"
    with open(table, "w", newline="", encoding="utf-8") as file:
        file.write("# where it comes from\n")
        writer = csv.writer(file)
        writer.writerow(columns)
        for model, nights in logs.sixty_runs().items():
            writer.writerows((model, *row) for row in zip(*nights, strict=True))
    shipped = read_shipped(sixty.FILE)
    assert sixty.lines(table) == shipped.splitlines()
    assert sixty.main([]) == 2
    assert "usage" in capsys.readouterr().out


def test_repeated_runs_are_of_one_task_each():
    groups = logs.repeated_runs()
    assert all(gain.size >= 3 and (gain >= 0).all() for gain in groups.values())
    relative = [gain.std(ddof=1) / gain.mean() for gain in groups.values()]
    assert np.median(relative) == pytest.approx(0.42, abs=0.01)


# ---------------------------------------------------------------- two groups


def test_clear_differences_are_told_apart_and_small_ones_are_not():
    rng = np.random.default_rng(3)
    a, b = rng.normal(0.5, 0.02, 8), rng.normal(0.3, 0.02, 8)
    said = logs.enough(map(run_of, a), map(run_of, b))
    assert (said.answer, said.better) == (logs.Answer.TOLD_APART, 0)
    assert logs.enough(map(run_of, b), map(run_of, a)).better == 1
    assert said.interval[0] < 0.2 < said.interval[1]
    assert said.difference == pytest.approx(a.mean() - b.mean())
    assert said.spread == pytest.approx(math.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2))
    few = logs.enough(map(run_of, a[:2]), map(run_of, b[:2]))
    assert (few.answer, few.better, few.interval) == (
        logs.Answer.MORE_NIGHTS, None, (-math.inf, math.inf)
    )  # fmt: skip


def test_nights_needed_follow_the_difference_that_matters():
    a, b = [0.30, 0.34, 0.38], [0.29, 0.35, 0.37, 0.33]
    said = logs.enough(map(run_of, a), map(run_of, b), difference=0.05)
    assert said.needed == nights_needed(0.05, said.spread)
    assert said.more == said.needed - 3
    assert said.misranking == misranking_probability(0.05, said.spread)
    known = logs.enough(map(run_of, a), map(run_of, b), difference=0.05, spread=0.1, power=0.9)
    assert known.needed == nights_needed(0.05, 0.1, power=0.9)
    low, high = known.needed_interval
    half = stats.norm.ppf(0.9) * 0.1 * math.sqrt(1 / 3 + 1 / 4)
    assert low == nights_needed(abs(known.difference) + half, 0.1, power=0.9)
    assert high == math.inf


def test_pairs_need_fewer_nights():
    rng = np.random.default_rng(1)
    luck = rng.normal(0.4, 0.05, 6)
    a, b = luck + 0.02 + rng.normal(0, 0.004, 6), luck
    apart = logs.enough(map(run_of, a), map(run_of, b))
    paired = logs.enough(map(run_of, a), map(run_of, b), paired=True)
    assert paired.spread == pytest.approx((a - b).std(ddof=1) / math.sqrt(2))
    assert paired.needed < apart.needed / 10
    assert paired.evidence == apart.evidence  # which is of pairs, anyway


def test_one_night_each_shows_no_spread():
    with pytest.raises(ParameterError, match="spread must be given where there is one night"):
        logs.enough([run_of(0.3)], [run_of(0.2)])
    said = logs.enough([run_of(0.3)], [run_of(0.2)], spread=0.1)
    assert said.needed == nights_needed(said.wanted, 0.1)
    assert said.evidence == 1.0
    with pytest.raises(ParameterError, match="second must be as many runs as first, 2, got 1"):
        logs.enough([run_of(0.3)] * 2, [run_of(0.2)], paired=True, spread=0.1)


def test_nights_without_spread_need_no_more():
    same = logs.enough([run_of(0.2)] * 3, [run_of(0.2)] * 3)
    assert (same.needed, same.misranking, same.evidence) == (math.inf, 0.5, 0.5)
    clear = logs.enough([run_of(0.3)] * 3, [run_of(0.2)] * 3)
    assert (clear.needed, clear.misranking) == (2.0, 0.0)
