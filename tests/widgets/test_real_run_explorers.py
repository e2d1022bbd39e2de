"""The explorers of real runs: what they say of the runs that come with the book."""

import json
from itertools import pairwise

import node
import numpy as np
import pytest
from doubles.runs import (
    FitExplorer,
    ForecastExplorer,
    LogExplorer,
    TrueFrontierExplorer,
    decimals,
    significant,
)

from arbook import logs
from arbook.widgets import CoverExplorer, _forecasts, _judged, _looking, _runs

ALL = range(1, len(_runs.RUNS) + 1)


# ---------------------------------------------------------------- numbers for people


def test_significant_digits():
    values = [0.0, 1.0, -0.5, 0.0030081, 0.00099951, 999.5, 343.88, 1e-14, 2e6, -12.345, 0.1]
    found = node.run(
        "const { significant, decimals } = await import(data.source);"
        "return data.values.map((v) => [significant(v), significant(v, 5), v ? decimals(v) : 2]);",
        {"source": (node.WIDGETS / "numbers.js").as_uri(), "values": values},
    )
    expected = [[significant(v), significant(v, 5), decimals(v) if v else 2] for v in values]
    assert found == expected


@pytest.mark.parametrize("run", ALL)
def test_rounding_loses_nothing_of_a_log(run):
    log = _runs.load(run)
    assert [round(x, 6) for x in _runs.numbers(log.frontier)] == [
        round(x, 6) for x in log.frontier.tolist()
    ]


# ---------------------------------------------------------------- fit


@pytest.mark.parametrize("run", ALL)
@pytest.mark.parametrize("catastrophes", [0, 1])
def test_the_best_fit_can_be_reached(run, catastrophes):
    """The sliders' ranges hold every fit, and nothing on them beats it."""
    explorer = FitExplorer(run=run, catastrophes=catastrophes)
    best = explorer.fit()
    p = best.parameters
    there = FitExplorer(
        run=run,
        catastrophes=catastrophes,
        sigma0=p.sigma0,
        gamma=p.gamma,
        relative_mu=p.mu / p.sigma0,
    )
    assert there.log_likelihood() == pytest.approx(best.log_likelihood, abs=1e-6)
    assert explorer.log_likelihood() < best.log_likelihood - 5


def test_the_answer_to_the_question_on_catastrophes():
    """One row turns the sign of mu in h100-mar8: the third choice."""
    without, counted = (f["mu"] for f in FitExplorer()._data["runs"][0]["fits"])
    assert without > 0 > counted
    assert FitExplorer.guess.choices[2] == "It turns its sign"


def test_changes_for_the_page():
    for name, run in zip(_runs.RUNS, FitExplorer()._data["runs"], strict=True):
        delta = logs.load_run(name).delta
        np.testing.assert_allclose(run["delta"], delta[run["t"]], rtol=1e-9, atol=1e-12)
        assert sum(run["used"]) == logs.fit(logs.load_run(name)).n_changes


# ---------------------------------------------------------------- log


def test_one_run_is_random_search():
    searchers = [run["searcher"] for run in LogExplorer()._data["runs"]]
    assert [words.startswith("random search") for words in searchers].count(True) == 1


def test_the_numbers_of_a_part():
    """The page's RunLog of a part of a run measures what Python's does."""
    cases = [[run, part] for run in ALL for part in (10, 35, 100)]
    found = node.run(
        "const { RunLog } = await import(data.source);"
        "return data.cases.map(([number, part]) => {"
        " const given = data.runs[number - 1], value = given.value.map((v) => v ?? NaN);"
        " const run = new RunLog({ ...given, value });"
        " const n = Math.max(1, Math.floor((run.nExperiments * part) / 100 + 0.5));"
        " const log = run.first(n);"
        " return [log.nExperiments, log.keeps, log.f0, log.frontier[n], log.gainArea]; });",
        {
            "source": (node.WIDGETS / "reader" / "run.js").as_uri(),
            "runs": LogExplorer()._data["runs"],
            "cases": cases,
        },
    )
    for (run, part), there in zip(cases, found, strict=True):
        log = LogExplorer(run=run, part=part).log()
        kept = int(log.kept[1:].sum())
        here = [log.n_experiments, kept, log.f0, float(log.frontier[-1]), log.gain_area]
        assert there == pytest.approx(here, rel=1e-9)


# ---------------------------------------------------------------- power


def test_shipped_looks_are_those_of_the_package():
    """A tenth of the contests of one effect, made again: within 5 standard errors."""
    shares = _looking.looking()
    assert shares["effects"] == [*_looking.EFFECTS]
    assert np.shape(shares["e"]) == np.shape(shares["t"]) == (41, _looking.NIGHTS)
    for effect in (0.0, 0.8):
        made = _looking.compute(effect, 1000)
        for name, row in made.items():
            shipped = np.array(shares[name][_looking.EFFECTS.index(effect)])
            error = np.sqrt(np.maximum(shipped * (100 - shipped), 10) / 1000)
            assert np.all(np.abs(row - shipped) < 5 * error)


# ---------------------------------------------------------------- forecast


def test_shipped_forecasts_cover_every_state():
    made = _forecasts.forecasts()
    assert list(made) == list(_runs.RUNS)
    for by_part in made.values():
        assert list(by_part) == [str(sixths) for sixths in _forecasts.SIXTHS]
        for forecast in by_part.values():
            quantiles = np.array(forecast["quantiles"])
            assert quantiles.shape == (len(_forecasts.PROBABILITIES), len(forecast["at"]))
            assert (np.diff(quantiles, axis=0) >= 0).all()
            assert (np.diff(quantiles, axis=1) >= 0).all()


def check_forecast(shipped, made):
    """Hold a forecast made again against the shipped one: optimisers differ by a per cent."""
    made = json.loads(json.dumps(made))
    assert {key: made[key] for key in ("seen", "at", "truth")} == {
        key: shipped[key] for key in ("seen", "at", "truth")
    }
    highest = shipped["quantiles"][-1][-1]
    np.testing.assert_allclose(
        made["quantiles"], shipped["quantiles"], rtol=0.02, atol=0.002 * highest
    )
    assert made["none"] == pytest.approx(shipped["none"], abs=0.005)


@pytest.mark.parametrize("run", ALL)
def test_shipped_forecasts_are_those_of_the_package(run):
    for sixths in _forecasts.SIXTHS:
        shipped = _forecasts.forecasts()[_runs.RUNS[run - 1]][str(sixths)]
        check_forecast(shipped, _forecasts.compute(run, sixths / 6))


def test_what_the_cover_says_of_the_opening_night():
    """Its forecast, which misses, and the share that is known."""
    check_forecast(_forecasts.opening(), _forecasts.compute_opening())
    log, forecast = _runs.load(_forecasts.NIGHT), CoverExplorer().load_data()["forecast"]
    known = log.frontier[_forecasts.OPENING]
    assert known - log.frontier[-1] < forecast["quantiles"][0][-1]
    share = (log.f0 - known) / log.gain
    assert f"brought {100 * share:.0f} % of the gain" in CoverExplorer.guess.because


def test_the_answer_to_the_question_on_bands():
    """Five of seven 80 % bands hold the truth, as in the chapter; the guess text is of the run."""
    hits = 0
    for run in ALL:
        explorer = ForecastExplorer(run=run)
        low, high = explorer.interval()
        hits += low <= explorer._forecast()["truth"] <= high
    assert hits == 5
    assert ForecastExplorer.after.answer.startswith("Five.")
    log = logs.load_run("h100-mar8")
    gain = f"{log.f0 - log.frontier[62]:.4f}"
    assert f"by {gain} bits per byte in 62 experiments" in ForecastExplorer.guess.text
    assert ForecastExplorer()._forecast()["seen"] == 62
    assert ForecastExplorer()._forecast()["truth"] > 0


def test_bands_nest():
    for run in ALL:
        ends = [ForecastExplorer(run=run, level=level).interval() for level in (50, 65, 80, 95)]
        for inner, outer in pairwise(ends):
            assert outer[0] <= inner[0] <= inner[1] <= outer[1]


# ---------------------------------------------------------------- true frontier


@pytest.mark.parametrize("preset", TrueFrontierExplorer.presets, ids=lambda preset: preset.name)
def test_presets_say_what_a_verdict_says(preset):
    explorer = TrueFrontierExplorer(**preset.values)
    said, log = explorer.said(), logs.load_run(list(_judged.JUDGED)[explorer.run - 1])
    there = logs.verdict(log, noise=explorer.noise)
    gain, better = said.gain[there.experiment], said.better[there.experiment]
    np.testing.assert_allclose(better, there.probability, atol=1e-4)
    np.testing.assert_allclose(gain, there.true_gain, rtol=1e-3, atol=1e-7)
    np.testing.assert_allclose(said.mean, there.true_frontier.mean, rtol=1e-6)
    assert np.count_nonzero(better >= 0.95) == np.count_nonzero(there.probability >= 0.95)


@pytest.mark.parametrize("run", range(1, len(_judged.JUDGED) + 1))
def test_noises_between_the_stops(run):
    """Half-way between two noises at which parameters were learnt, a probability is off by 0.05."""
    middle = np.sqrt(_judged.NOISES[1:] * _judged.NOISES[:-1])
    log = logs.load_run(list(_judged.JUDGED)[run - 1])
    for noise in middle[::5]:
        said, there = (
            TrueFrontierExplorer(run=run, noise=float(noise)).said(),
            logs.verdict(log, noise=float(noise)),
        )
        np.testing.assert_allclose(said.better[there.experiment], there.probability, atol=0.05)


def test_the_runs_that_are_judged():
    """More than luck, in bits per byte, at the noises that their logs tell; no keep is left out."""
    most = 0
    for name, (noise, *ends) in _judged.JUDGED.items():
        log = logs.load_run(name)
        said = logs.verdict(log)
        assert said.p_value < 0.01
        assert log.metric.endswith("bpb")
        assert log.direction == "min"
        assert noise == pytest.approx(said.noise, rel=0.02)
        assert ends == pytest.approx(said.noise_interval, rel=0.05)
        most = max(most, said.experiment.size)
    assert TrueFrontierExplorer.controls()["keep"].high == most


def test_the_answers_on_the_true_frontier():
    """Six keeps are real; with more noise fewer are, and hardly any gain is lost."""
    rows = []
    for noise in (2e-5, 0.0002, 0.00051):
        said = TrueFrontierExplorer(noise=noise).said()
        keeps = said.better[np.isfinite(said.better)]
        rows.append((int((keeps >= 0.95).sum()), float(said.mean[0] - said.mean[-1])))
    (all_real, gain), (some, _), (few, left) = rows
    assert TrueFrontierExplorer.guess.choices[2] == str(few) == "6"
    assert f"has {keeps.size} keeps" in TrueFrontierExplorer.guess.text
    assert all_real > some > few
    assert left > 0.95 * gain
    gains = said.gain[np.isfinite(said.gain)]
    assert np.sort(gains)[-5:].sum() / left == pytest.approx(0.75, abs=0.03)
    assert np.sort(gains)[-5] > 0.00051
    assert (keeps < 0.5).sum() == (gains < 0).sum() == 2
    assert keeps[TrueFrontierExplorer().keep - 1] == pytest.approx(0.5, abs=0.01)
