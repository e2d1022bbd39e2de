"""`arbook archive`: keep one, an archive, islands, restarts, or a sample."""

import json

import pytest
from command import RUN, run

from arbook import logs

LOUD = ("--sigma0", "0.004", "--gamma", "1", "--mu", "0.002", "--noise", "0.004")


def test_it_answers_without_a_log():
    done = run("archive", "--experiments", "30")
    first, *reasons = done.stdout.splitlines()
    assert done.exit_code == 0
    assert first == logs.archive(experiments=30).words
    assert "those of the opening night" in reasons[0]
    assert sum(reason.endswith(".") for reason in reasons) >= 4
    assert any(row.split()[:2] == ["archive", "3"] for row in reasons)


def test_parameters_by_hand_with_loud_noise_want_an_archive():
    done = run("archive", "--experiments", "200", *LOUD)
    assert done.stdout.startswith("AN ARCHIVE OF 3\n")
    assert "those of the arguments" in done.stdout


def test_the_answer_is_that_of_the_package(results):
    given = ("--experiments", "40", "--noise", "0.0005", "--seed", "3")
    answer = json.loads(run("archive", results, *given, "--json").stdout)
    found = logs.archive(RUN, experiments=40, noise=0.0005, seed=3)
    assert answer["answer"] == found.words
    # the file holds six decimals
    assert answer["sigma0"] == pytest.approx(found.p.sigma0, rel=0.01)
    for told, way in zip(answer["ways"], found.ways, strict=True):
        assert (told["kind"], told["size"]) == (way.kind, way.size)
        assert told["gain"] == pytest.approx(way.gain, abs=5 * way.error)
    assert answer["best"] in answer["ways"]
    assert len(answer["reasons"]) == len(found.reasons)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--experiments", "0"), "0 is not in the range"),
        (("--sigma0", "0.01"), "--sigma0 and --gamma go together"),
        (("--mu", "0.01"), "--sigma0 and --gamma go together"),
        (("--sigma0", "-1", "--gamma", "1"), "-1 is not a finite number > 0"),
        (("--noise", "-1"), "-1 is not a finite number >= 0"),
        (("results.tsv", "--sigma0", "1", "--gamma", "1"), "are for an answer without a log"),
    ],
)
def test_what_is_missing_or_wrong_is_said(arguments, says):
    done = run("archive", *arguments)
    assert done.exit_code == 2
    assert says in done.stderr


def test_a_bias_that_is_no_number_is_said():
    done = run("archive", "--sigma0", "1", "--gamma", "1", "--mu", "nan")
    assert done.exit_code == 1
    assert "mu must be" in done.stderr


def test_an_empty_log_cannot_be_used(tmp_path):
    path = tmp_path / "short.tsv"
    path.write_text("commit\tval_bpb\tstatus\na\t0\tcrash\n")
    assert run("archive", path).exit_code == 1
