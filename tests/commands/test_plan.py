"""`arbook plan`: a night's machines, divided."""

import json

import pytest
from command import RUN, run

from arbook import logs
from arbook.runs.lengths import Promise


def test_it_answers_without_a_log():
    done = run("plan", "--hours", "8", "--machines", "4")
    first, *reasons = done.stdout.splitlines()
    assert done.exit_code == 0
    assert first == logs.plan(hours=8, machines=4).words
    assert len(reasons) >= 5
    assert all(reason.endswith(".") for reason in reasons)
    assert "those of the opening night" in reasons[0]


def test_the_answer_is_that_of_the_package(results):
    given = ("--hours", "8", "--minutes", "5", "--noise", "0.0005", "--curve", "2")
    answer = json.loads(run("plan", results, *given, "--json").stdout)
    found = logs.plan(RUN, hours=8, noise=0.0005, curve=2)
    assert answer["plan"]["rounds"] == pytest.approx(found.split.rounds, abs=2)
    assert answer["plan"]["experiments"] == answer["plan"]["rounds"]
    # the file holds six decimals
    assert answer["plan"]["gain"] == pytest.approx(found.split.gain, rel=0.01)
    assert answer["noise_length"] == pytest.approx(found.fidelity.noise, rel=0.01)
    assert [other["curve"] for other in answer["others"]] == [0, 5]
    assert len(answer["reasons"]) == len(found.reasons)
    measured, error = answer["measured_gain"], answer["measured_gain_se"]
    assert measured == pytest.approx(found.measured[0], rel=0.01)
    assert measured + 5 * error < answer["plan"]["gain"]
    assert f"simulated nights gain {measured:.3g} ± {error:.1g}" in answer["reasons"][2]


def test_what_is_promised_is_held_against_what_came(results):
    """Runs of the fit gain twice what the night did."""
    said = logs.plan(RUN, hours=8).own
    assert (said.experiments, said.logged) == (125, pytest.approx(RUN.gain))
    fitted = logs.fit(RUN, noise="estimate")
    check = next(c for c in logs.predictive_checks(fitted) if c.name == "gain")
    # the checks draw at the log's own places, crashes left out
    assert said.expected == pytest.approx(check.draws.mean(), rel=0.05)
    assert "promise 0.0536, and 0.0282 came: gains of this kind" in run("plan", "--hours", 8).stdout
    text = run("archive", results, "--experiments", 20).stdout
    assert "Of the 125 experiments that they are fitted to, the same parameters promise" in text
    own = Promise(100, 0.11, 0.1)
    assert own.words.endswith("promise 0.11, and 0.1 came.")


def test_a_short_log_does_not_make_an_absurd_plan():
    """Eleven rows, of which most gained: any number of tiny experiments would go on gaining."""
    early = RUN.first(11)
    assert logs.fit(early, noise="estimate").estimates["mu"] < 0
    found = logs.plan(early, hours=8)
    assert found.split.minutes > 1
    assert 0.95 < found.p.gamma < 1.05
    assert found.p.mu == 0
    assert "too short to tell them" in found.reasons[0]
    assert 0.95 < logs.archive(early, experiments=20).p.gamma < 1.05


def test_much_noise_late_asks_to_measure_again():
    said = run("plan", "--hours", "8", "--noise", "0.002").stdout
    assert "Measure again what is kept late" in said
    assert "Measure again" not in run("plan", "--hours", "8").stdout


def test_idle_machines_are_named():
    """Eleven machines and much noise: five agents whose variants are measured twice."""
    said = run("plan", "--hours", "8", "--machines", "11", "--noise", "0.02").stdout
    assert "are idle, and paid for" in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Missing option '--hours'"),
        (("--hours", "-1"), "-1 is not a finite number > 0"),
        (("--hours", "8", "--overhead", "-1"), "-1 is not a finite number >= 0"),
        (("--hours", "8", "--machines", "0"), "0 is not in the range"),
    ],
)
def test_what_is_missing_or_wrong_is_said(arguments, says):
    done = run("plan", *arguments)
    assert done.exit_code == 2
    assert says in done.stderr


@pytest.mark.parametrize("hours", ["0.005", "0.05"])
def test_a_night_without_time_for_an_experiment_is_none(hours):
    done = run("plan", "--hours", hours)
    assert done.exit_code == 1
    assert "hours must be" in done.stderr


def test_an_empty_log_cannot_be_used(tmp_path):
    path = tmp_path / "short.tsv"
    path.write_text("commit\tval_bpb\tstatus\na\t0\tcrash\n")
    assert run("plan", path, "--hours", "8").exit_code == 1
