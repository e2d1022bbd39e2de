"""`arbook stop`: go on, stop, or change."""

import json

import pytest
from command import RUN, run

from arbook import logs

CHEAP = ("--cost", "0.5", "--value", "10000/0.01")


@pytest.mark.parametrize(
    ("arguments", "word", "code"),
    [
        (CHEAP, "GO ON", 0),
        (("--cost", "0.5", "--value", "1000"), "STOP", 10),
        ((*CHEAP, "--fresh", "0.9"), "CHANGE", 20),
    ],
)
def test_it_answers_in_words_and_codes(results, arguments, word, code):
    done = run("stop", results, *arguments)
    first, *reasons = done.stdout.splitlines()
    assert (done.exit_code, first) == (code, word)
    assert len(reasons) >= 4
    assert all(reason.endswith(".") for reason in reasons)


def test_the_answer_is_that_of_the_package(results):
    answer = json.loads(run("stop", results, *CHEAP, "--json").stdout)
    said = logs.stop(RUN, cost=0.5, value=1e6)
    assert answer["advice"] == "GO ON"
    assert answer["value"] == 1e6
    # the file holds six decimals
    assert answer["average"] == pytest.approx(said.average, rel=1e-3)
    assert answer["probability"] == pytest.approx(said.probability, abs=0.05)
    assert answer["price"] == said.price
    assert len(answer["reasons"]) == len(said.reasons)


@pytest.mark.parametrize("value", ["0", "-1", "x", "1/0", "1/x", "inf", "nan", "1/-0.1"])
def test_a_value_that_is_none_is_said(results, value):
    done = run("stop", results, "--cost", "1", "--value", value)
    assert done.exit_code == 2
    assert "as in 10000/0.01" in done.stderr


def test_what_is_missing_or_wrong_is_said(results):
    assert "Missing option '--cost'" in run("stop", results, "--value", "1").stderr
    done = run("stop", results, "--cost", "-1", "--value", "1")
    assert "-1 is not a finite number > 0" in done.stderr
    assert run("stop", results, *CHEAP, "--fresh", "0").exit_code == 2


def test_an_empty_log_cannot_be_used(tmp_path):
    path = tmp_path / "short.tsv"
    path.write_text("commit\tval_bpb\tstatus\na\t0\tcrash\n")
    assert run("stop", path, *CHEAP).exit_code == 1
