"""How many configurations to keep: simulated ways against laws."""

import pytest

from arbook import ParameterError, Parameters, expected_best_improvement, expected_frontier, logs
from arbook.agents import archive_rate, expected_restarts, expected_round_frontier

N = 100
RARE = Parameters(0.01, 1.0, 0.02, extended=True)  # keeps 2 %
QUICK = Parameters(0.01, 0.93, 0.003, extended=True)


def ways(found):
    return {(way.kind, way.size): way for way in found.ways}


@pytest.mark.parametrize("p", [RARE, QUICK])
def test_without_noise_the_ways_are_the_laws(p):
    said = ways(logs.archive(p=p, experiments=N))
    one, sample = said["one", 1], said["sample", N]
    assert abs(one.gain - (1 - expected_frontier(p, N))) < 5 * one.error
    # larger gains are spread in proportion
    wide = sample.error * sample.apart / sample.gain
    assert abs(sample.apart - expected_best_improvement(p, 0, N)) < 5 * wide
    for k in (2, 5, 10):
        way = said["restarts", k]
        law = expected_restarts(p, N // k, k)
        assert abs(way.apart - law) < 5 * way.error * way.apart / way.gain
        middle = Parameters(p.sigma0 * p.gamma ** ((k - 1) / 2), p.gamma**k, p.mu, extended=True)
        assert abs(way.gain - expected_restarts(middle, N // k, k)) < 5 * way.error
        islands = said.get(("islands", k))
        if islands:  # between restarts and rounds
            most = 1 - expected_round_frontier(middle, N // k, k)
            assert way.gain - 5 * way.error < islands.gain < most + 5 * islands.error


def test_one_chain_is_ahead_where_steps_are_alike_and_nothing_is_noisy():
    found = logs.archive(p=RARE, experiments=400)
    assert found.best.kind == "one"
    assert found.ways[2].gain / found.ways[0].gain == pytest.approx(archive_rate(3), abs=0.1)
    assert "Of the others" in found.reasons[2]


def test_what_a_log_of_one_chain_does_not_tell_is_said():
    found = logs.archive(p=QUICK, experiments=N)
    assert found.best.kind == "one"
    assert any("a log of one chain does not tell" in reason for reason in found.reasons)


def test_a_short_plan_has_fewer_ways():
    assert [way.kind for way in logs.archive(p=RARE, experiments=1).ways] == [
        "one", *["archive"] * 4, "sample",
    ]  # fmt: skip


def test_a_log_goes_on_from_its_end():
    run = logs.load_run("h100-mar8")
    found = logs.archive(run, experiments=5, noise=0.0)
    fit = logs.fit(run).estimates
    assert found.p.sigma0 == pytest.approx(fit["sigma0"] * fit["gamma"] ** run.n_experiments)
    assert found.noise == 0
    assert "KEEP ONE" in repr(found)
    assert "<strong>KEEP ONE</strong>" in found._repr_html_()
    with pytest.raises(ParameterError, match="p must be left out where there is a log"):
        logs.archive(run, experiments=5, p=RARE)
