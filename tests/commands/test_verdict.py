"""`arbook verdict` and `arbook judge`: what is real of a run, and what to do with a measurement."""

import json

import pytest
from command import RUN, run

from arbook import logs


def test_the_verdict_is_that_of_the_package(results):
    answer = json.loads(run("verdict", results, "--noise", 0.0005, "--json").stdout)
    said = logs.verdict(RUN, noise=0.0005)
    assert answer["noise"] == 0.0005
    assert answer["p_value"] == pytest.approx(said.p_value, abs=1e-12)
    found = {row["experiment"]: row for row in answer["keeps"]}
    assert list(found) == [int(said.experiment[i]) for i in said.probability.argsort()]
    for i, t in enumerate(said.experiment.tolist()):
        # the file holds six decimals
        assert found[t]["probability"] == pytest.approx(said.probability[i], abs=0.02)
        assert found[t]["true_gain"] == pytest.approx(said.true_gain[i], abs=2e-5)
    assert found[0]["verdict"] == "real"
    assert min(row["probability"] for row in found.values()) < 0.5
    assert {row["verdict"] for row in found.values()} == {"real", "doubtful", "luck"}


def test_the_most_doubtful_keep_comes_first(results):
    text = run("verdict", results).stdout
    assert "22 of 125 experiments" in text
    assert "by the number of records alone" in text
    rows = [line.split() for line in text.splitlines() if "change" in line]
    assert len(rows) == 22
    chances = [float(row[3].rstrip("%")) for row in rows]
    assert chances == sorted(chances)


def test_a_sealed_test_is_compared_with_what_is_believed(results):
    said = logs.verdict(RUN, noise=0.0005)
    asked = ("verdict", results, "--noise", 0.0005, "--sealed", 0.998)
    answer = json.loads(run(*asked, 0.971, "--json").stdout)["sealed"]
    seen = logs.sealed(said, 0.998, 0.971)
    assert answer["answer"] == seen.answer == "agrees"
    for name in ("tested", "tested_std", "believed", "believed_std", "logged", "z"):
        assert answer[name] == pytest.approx(getattr(seen, name), rel=0.05)
    assert "it agrees with the 0.02781 ± 0.00055" in run(*asked, 0.971).stdout
    assert "overfitted, or a test of another kind" in run(*asked, 0.99).stdout
    assert "more than the 0.02781 ± 0.00055" in run(*asked, 0.96).stdout
    assert "it agrees" in run(*asked, 0.99, "--sealed-noise", 0.02).stdout
    assert "sealed" not in run("verdict", results).stdout
    assert json.loads(run("verdict", results, "--json").stdout)["sealed"] is None


def test_a_sealed_test_needs_its_values(results):
    done = run("verdict", results, "--sealed-noise", 0.1)
    assert done.exit_code == 2
    assert "--sealed-noise is of the values of --sealed" in done.stderr
    assert "nan is not a finite number" in run("verdict", results, "--sealed", "nan", 1).stderr


def test_a_log_of_luck_has_nothing_that_is_real(tmp_path):
    path = tmp_path / "luck.tsv"
    rows = ["commit\tval_bpb\tstatus", "a\t1.000\tkeep", "b\t0.999\tkeep", "c\t1.002\tdiscard"]
    path.write_text("\n".join([*rows, "d\t1.001\tdiscard", "e\t0.998\tkeep"]))
    text = run("verdict", path).stdout
    assert "real" not in text.replace("verdict", "")
    assert "doubtful" in text


def test_the_figure_is_written(results, tmp_path):
    for name in ("frontier.svg", "frontier.png"):
        assert run("verdict", results, "--plot", tmp_path / name).exit_code == 0
        assert (tmp_path / name).stat().st_size > 5000
    done = run("verdict", results, "--plot", tmp_path / "frontier.xyz")
    assert done.exit_code == 1
    assert "frontier.xyz" in done.stderr


@pytest.mark.parametrize(
    ("value", "word", "code"),
    [("0.9600", "KEEP", 0), ("0.9800", "DISCARD", 3), ("0.9694", "MEASURE AGAIN", 4)],
)
def test_the_judge_answers_in_words_and_codes(results, value, word, code):
    done = run("judge", results, value, "--noise", "0.0005")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (code, word)
    done = run("judge", results, value, "--noise", "0.0005", "--json")
    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["decision"], answer["values"]) == (code, word, [float(value)])
    said = logs.judge(RUN, float(value), noise=0.0005)
    assert answer["gain"] == pytest.approx(said.gain, abs=2e-5)


def test_several_measurements_are_one_variant(results):
    once, twice = (
        json.loads(run("judge", results, *values, "--json").stdout)
        for values in (("0.9690",), ("0.9690", "0.9690"))
    )
    assert twice["probability"] > once["probability"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("judge", "0.97", "--noise", "-1"), "is not a finite number > 0"),
        (("judge", "good"), "is not a valid float"),
        (("judge",), "Missing argument"),
        (("verdict", "--error", "2"), "2 is not a number in (0, 1)"),
    ],
)
def test_what_is_wrong_is_said(arguments, message):
    command, *rest = arguments
    done = run(command, "-", *rest, input=b"")
    assert done.exit_code == 2
    assert message in done.stderr


def test_a_log_that_is_too_short_is_said(tmp_path):
    path = tmp_path / "short.tsv"
    path.write_text("commit\tval_bpb\tstatus\na\t1\tkeep\nb\t0.9\tkeep\n")
    for arguments in (("verdict", path), ("judge", path, "0.8")):
        done = run(*arguments)
        assert done.exit_code == 1
        assert "at least 2 measured changes" in done.stderr
