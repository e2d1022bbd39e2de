"""Logs of the kinds that their owners write, each with what is to be read of it."""

import io
from pathlib import Path

import numpy as np
import pytest

from arbook import ParameterError
from arbook.logs import LogError, fit, read_log, repeats

CASES = Path(__file__).parent / "cases"
NAN = float("nan")
K, D, C, O = "keep", "discard", "crash", "other"  # noqa: E741

#: Of each file: the metric, its direction, the values, the statuses.
READ = {
    "status-and-decision.tsv": ("loss", "min", [2.0, 2.1, 1.9, NAN, 1.8, 1.95], [K, D, K, C, K, D]),
    "no-json-status.tsv": ("tok_per_sec", "max", [10.0, NAN, 10.4, NAN, 10.1], [K, C, K, C, D]),
    "checks-failed.tsv": ("total_ms", "min", [NAN, 265, NAN, 180, 190], [C, K, C, K, D]),
    "status-in-chinese.tsv": ("val_score", "max", [0.1, 0.0, 0.3, 0.2, 0.5], [K, D, K, D, K]),
    "direction-comment.tsv": ("metric", "max", [10, 4, 30, 11, 29, 2], [K, D, K, D, K, D]),
    "silent-choice.tsv": ("mean_pnl", "max", [100, 120, 90, 150], [K, K, D, K]),
    "tokens-per-sec.tsv": (
        "tokens_per_sec",
        "max",
        [2000, 1900, 2300, 2250, 2500],
        [K, D, K, D, K],
    ),
    "false-restart.tsv": ("f1", "max", [0.5, 0.55, 0.54, 0.55, 0.6, 0.58], [K, K, D, K, K, D]),
    "agent-baselines.tsv": ("val_loss", "min", [1.7875, 1.7, 1.9, 1.65, 1.72], [K, K, D, K, D]),
    "kept-but-worse.tsv": ("tok_s", "max", [37.0, 0.5, 1.0, 0.8, 2.0, 3.0], [K, K, K, D, K, K]),
    "literal-backslash-t.tsv": ("val_bpb", "min", [1.1, 1.12, 1.09, 1.11, NAN], [K, D, K, D, C]),
    "expanded-tabs-with-gaps.tsv": ("val_bpb", "min", [0.997277, NAN, 0.99], [K, C, K]),
    "expanded-tabs.tsv": ("val_bpb", "min", [0.997277, 1.001276, 0.995], [K, D, K]),
    "pi.jsonl": ("wall_ms", "min", [NAN, 100, 90, 95, NAN, 80], [C, K, K, D, C, K]),
    "units-in-cells.tsv": ("latency", "min", [12.5, 11.9, 13.0, 0.95], [K, K, D, K]),
    "k-and-M.tsv": ("throughput", "max", [1200, 1500, 900, 1.1e6], [K, K, D, K]),
    "thousands.tsv": ("latency_ns", "min", [1234567, 1100000, 1300000], [K, K, D]),
}


#: Without decisions: the metric, its direction, the running best, keeps, and experiments.
UNDECIDED = {
    "success-is-no-keep.csv": ("test_corr", "max", [0.08, 0.09], 1, 6),
    "no-decision-column.tsv": ("throughput_tflops", "max", [15, 18, 25], 2, 5),
    "optuna-trials.csv": ("value", "min", [0.91, 0.88], 1, 3),
    "a-bare-score.jsonl": ("score", "max", [5100.5], 0, 1),
    "parts-of-a-measure.csv": ("val_f0.5", "max", [0.25, 0.26, 0.4], 2, 2),
}


@pytest.mark.parametrize("name", UNDECIDED)
def test_a_log_without_decisions_says_so_and_can_be_read_by_the_running_best(name):
    metric, direction, best, keeps, experiments = UNDECIDED[name]
    log = read_log(CASES / name)
    assert log.decisions == "none"
    assert not log.kept.any()
    assert "no column holds decisions" in log.issues[-1].reason
    assert "decisions='best'" in log.issues[-1].reason
    log = read_log(CASES / name, decisions="best")
    assert (log.metric, log.direction, log.decisions) == (metric, direction, "best")
    assert np.unique(log.frontier).tolist() == sorted(best)
    assert ((log.outcomes == K).sum(), log.n_experiments) == (keeps, experiments)


def test_a_failed_trial_is_a_crash_and_a_pruned_one_is_discarded():
    log = read_log(CASES / "optuna-trials.csv", decisions="best")
    assert log.status.tolist() == [K, K, C, D]


#: The same of further formats and cells.
READ |= {
    "arrow-in-the-name.tsv": ("beam ↓", "min", [10, 9, 12], [K, K, D]),
    "array.json": ("val_loss", "min", [3.1, NAN, 2.9], [K, D, K]),
    "broken-line.jsonl": ("metric", "min", [5, 3], [K, K]),
    "cut-off.json": ("loss", "min", [5, 4], [K, K]),
    "document.json": ("latency_ms", "min", [12.5, 11, 13], [K, K, D]),
    "decimal-commas.csv": ("val_loss", "min", [NAN] * 3, [K, K, D]),
    "durations.tsv": ("runtime", "min", [90, 80, 100], [K, K, D]),
    "kept-flag.jsonl": ("score", "max", [10, 8, 14], [K, D, K]),
    "markdown.md": ("val loss", "min", [3.1, 2.9, 3.3], [K, K, D]),
    "markdown-without-names.md": ("column 2", "min", [3.1, 2.9, 3.3], [K, K, D]),
    "names-between-blanks.txt": ("Val Loss", "min", [3.1, 2.9, 3.3], [K, K, D]),
    "plus-minus.tsv": ("val_loss", "min", [2.31, 2.25, 2.4], [K, K, D]),
    "shares.tsv": ("passed", "max", [0.8, 0.9, 0.88], [K, K, D]),
    "spread-beside-its-mean.csv": ("reward_mean", "max", [10, 12, 11], [K, K, D]),
    "three-rows.md": ("スコア", "max", [0.5, 0.6, 0.4], [K, K, D]),
    "two-metrics.jsonl": ("ms", "min", [30, 20, 25], [K, K, D]),
    "one-line.json": ("widgets", "max", [5, 4, 7], [K, D, K]),
    "old-and-new.tsv": ("new_score", "max", [60, 64, 61], [K, K, D]),
    "overall-score.json": ("scores.overall", "max", [0.6, 0.58, 0.66], [K, D, K]),
    "reasons-in-the-status.tsv": ("loss", "min", [1.5, 1.7, 9.1, 1.4, 1.3], [K, D, D, K, O]),
    "reverted-flag.jsonl": ("after", "min", [8, 8.5, 7], [K, D, K]),
    "without-names.tsv": ("column 3", "min", [920, 935, NAN, 850, 849], [K, D, C, K, K]),
    "zero-bytes.tsv": ("val_bpb", "min", [1.2, 1.1], [K, K]),
    "better-yes-or-no.tsv": ("loss", "min", [2.0, 1.8, 1.9], [K, K, D]),
    "a-key-called-metric.jsonl": ("after.metric", "min", [9, 11, 8], [K, D, K]),
    "settings-beside-the-log.md": ("val_loss", "min", [3.0, 2.8, 2.9], [K, K, D]),
    "of-the-parent.csv": ("auc", "max", [0.81, 0.82, 0.815], [K, K, D]),
    "keeps-against-the-speed.tsv": (
        *("val_loss", "min"),
        *([2.0, 1.9, 1.8, 1.95, 2.1, 1.7], [K, D, D, D, K, D]),
    ),
}


@pytest.mark.parametrize("name", sorted(READ))
def test_what_is_read(name):
    metric, direction, value, status = READ[name]
    log = read_log(CASES / name)
    assert (log.metric, log.direction) == (metric, direction)
    np.testing.assert_array_equal(log.value, value)
    assert log.status.tolist() == status
    assert log.restarts == ()


def test_a_line_of_settings_starts_a_sequence_and_another_metric_can_be_chosen():
    log = read_log(CASES / "segments.jsonl")
    assert (log.metric, log.unit, log.restarts) == ("total_s", "s", (2,))
    assert log.value.tolist() == [9, 8, 7.9, 7, 7.5]
    assert log.column("confidence") == ("", "", "", "2.1", "")
    log = read_log(CASES / "segments.jsonl", metric="rss_mb")
    assert log.value.tolist() == [40, 45, 41, 39, 38]
    log = read_log(CASES / "two-metrics.jsonl", metric="acc")
    assert (log.metric, log.direction, log.value.tolist()) == ("acc", "max", [0.5])


def test_a_row_whose_id_is_baseline_starts_a_sequence_even_where_it_is_better():
    log = read_log(CASES / "baseline-as-id.tsv")
    assert (log.metric, log.restarts) == ("score", (2,))
    assert [part.frontier[-1] for part in log.segments] == [0.25, 0.75]


def test_below_its_header_again_a_log_goes_on_unless_it_counts_anew_or_has_a_baseline():
    log = read_log(CASES / "two-nights.md")
    assert [part.frontier.tolist() for part in log.segments] == [
        *([3.0, 2.8, 2.8], [2.0, 2.0, 1.9, 1.8])
    ]
    text = (CASES / "two-nights.md").read_text(encoding="utf-8").replace("| 1 | 2.0", "| 7 | 2.0")
    assert read_log(io.StringIO(text)).restarts == ()
    text = text.replace("2.0 | keep | as it is", "2.0 | keep | baseline")
    assert read_log(io.StringIO(text)).restarts == (3,)


def test_what_is_left_out_is_said():
    [issue] = read_log(CASES / "broken-line.jsonl").issues
    assert (issue.line, "not used" in issue.reason) == (2, True)
    [issue] = read_log(CASES / "two-metrics.jsonl").issues
    assert "another metric, 'acc', from here on: its 1 rows were left out" in issue.reason
    [issue] = read_log(CASES / "cut-off.json").issues
    assert (issue.line, "not used" in issue.reason) == (3, True)


@pytest.mark.parametrize(
    ("name", "metric", "value"),
    [
        ("wandb.csv", "val_loss", [3.1, 2.7, NAN, 2.9]),
        ("mlflow.csv", "metrics.val_acc", [0.7, NAN, 0.72]),
    ],
)
def test_the_newest_run_may_stand_first(name, metric, value):
    log = read_log(CASES / name, decisions="best")
    assert log.metric == metric
    np.testing.assert_array_equal(log.value, value)
    assert "the newest row stands first" in log.issues[0].reason


def test_a_crash_may_stand_where_the_metric_does():
    log = read_log(CASES / "crash-in-the-metric.csv", decisions="best")
    assert (log.metric, log.status.tolist()) == ("val_f1", [C, K, C, K])


def test_the_noise_after_a_sign_is_kept():
    assert read_log(CASES / "plus-minus.tsv").noise.tolist() == [0.02, 0.04, 0.02]


def test_words_can_be_given_a_meaning():
    text = "n\tloss\tstatus\n1\t3\tshipped\n2\t2\tShipped\n3\t4\tbinned\n"
    log = read_log(io.StringIO(text), status={"shipped": "keep", "binned": "discard"})
    assert log.status.tolist() == [K, K, D]
    said = [issue.reason for issue in read_log(io.StringIO(text)).issues]
    assert "the status 'shipped' is not known; taken as 'other' (status= maps it)" in said


def test_every_case_is_tested():
    code = Path(__file__).read_text(encoding="utf-8")
    assert [path.name for path in CASES.iterdir() if f'"{path.name}"' not in code] == []


def test_a_counter_is_no_metric_and_the_decisions_are_counted():
    with pytest.raises(LogError, match=r"line 1: .* \(metric= names .*; .* 5 kept of 10"):
        read_log(CASES / "counter-as-metric.tsv")


def test_a_plan_is_no_log_for_its_yes_and_no_are_no_decisions():
    with pytest.raises(LogError, match=r"line 1: expected a column that holds the metric"):
        read_log(CASES / "plan-of-a-queue.tsv")
    assert read_log(CASES / "plan-of-a-queue.tsv", metric="hours").decisions == "none"


def test_a_page_without_a_row_for_each_experiment_is_refused_clearly():
    with pytest.raises(LogError, match=r"line 3: expected .* experiment, got .* for each field"):
        read_log(CASES / "fields-and-values.md")
    with pytest.raises(LogError, match=r"line 1: .* Markdown tables are read, with a row for each"):
        read_log(CASES / "sections.md")


def test_what_was_chosen_among_several_is_said():
    [issue] = read_log(CASES / "silent-choice.tsv").issues
    assert "'win_rate' could be it as well (metric= names another one)" in issue.reason
    [issue] = read_log(CASES / "tokens-per-sec.tsv").issues
    assert "for the keeps follow it and not 'bpb' (metric= names another one)" in issue.reason


def test_what_is_of_the_parent_or_measured_beside_is_not_offered():
    assert read_log(CASES / "of-the-parent.csv").issues == ()


def test_a_name_that_alone_says_the_direction_is_said():
    said = read_log(CASES / "a-bare-score.jsonl").issues[0].reason
    assert said == "higher was taken as better for the name 'score' alone (see direction=)"
    assert len(read_log(CASES / "a-bare-score.jsonl", direction="min").issues) == 1


def test_a_constant_is_no_metric():
    log = read_log(CASES / "constant-column.tsv")
    assert (log.metric, log.direction, log.f0, log.frontier[-1]) == ("tok_sec", "max", 1.0, 2.4)


def test_four_baselines_are_measurements_of_one():
    log = read_log(CASES / "agent-baselines.tsv")
    assert log.noise[0] == pytest.approx(0.025)
    assert (log.n_experiments, (log.outcomes == K).sum()) == (4, 2)
    assert [issue.line for issue in log.issues] == [3, 4, 5]
    split = read_log(CASES / "agent-baselines.tsv", by="agent").segments
    assert [part.f0 for part in split] == [1.79, 1.76, 1.82, 1.78]
    assert [part.group[0] for part in split] == ["ann", "bo", "cy", "di"]


def test_a_sentinel_is_no_baseline():
    log = read_log(CASES / "sentinel-baseline.tsv")
    assert (log.baseline, log.f0, log.frontier[-1]) == (1, 1.0, 1.1)
    assert np.isnan(log.value).sum() == 4
    assert "line 3" in str(log.issues[1])


def test_keeps_that_are_worse_than_the_best_propose_a_split():
    [issue] = read_log(CASES / "kept-but-worse.tsv").issues
    assert "4 of 4 later keeps are worse" in issue.reason
    assert "by='model'" in issue.reason
    log = read_log(CASES / "kept-but-worse.tsv", where={"model": "large"})
    assert (log.f0, log.frontier[-1]) == (0.5, 3.0)


def test_the_unit_is_known():
    assert read_log(CASES / "units-in-cells.tsv").unit == "ms"
    assert read_log(CASES / "pi.jsonl").unit == "ms"


def test_bounds_are_known():
    assert read_log(CASES / "bounded-above.tsv").bounds == (0.0, 1.0)
    assert read_log(CASES / "ties-collapse-trim.tsv").bounds == (0.0, 1.0)
    assert read_log(CASES / "latency-to-zero.tsv").bounds == (0.0, np.inf)
    assert read_log(CASES / "parts-of-a-measure.csv").bounds == (0.0, 1.0)


def test_a_change_is_no_repeat_because_of_a_word():
    found = repeats(read_log(CASES / "false-repeat.tsv"))
    assert (found.n_commits, found.n_measurements) == (1, 2)
    assert found.std == pytest.approx(0.42, abs=0.005)
    assert found.rows == ((3, 4),)
    found = repeats(read_log(CASES / "repeat-is-a-code-word.tsv"))
    assert (found.n_measurements, found.rows) == (0, ())


def test_a_log_without_a_scale_is_refused():
    with pytest.raises(ParameterError, match="changes"):
        fit(read_log(CASES / "degenerate-fit.tsv"))


def test_ties_collapse_no_threshold():
    fitted = fit(read_log(CASES / "ties-collapse-trim.tsv"))
    assert fitted.n_catastrophes == 0
