"""Every simulator accepts the same things as a seed, and means the same by them."""

import numpy as np
import pytest

from arbook import (
    Parameters,
    agents,
    autoresearch,
    laboratory,
    landscapes,
    logs,
    noise,
    programs,
    simulate,
    simulate_moments,
    simulate_urn,
    sweep,
)

P = Parameters(0.01, 0.97)
SHELF = [programs.Program("a", P), programs.Program("b", Parameters(0.02, 0.9))]
FIT = logs.fit(logs.load_run("h100-mar8"))
SOME = logs.atlas()[::4]

#: What is made of a seed: numbers that it settles.
SIMULATORS = {
    "autoresearch": lambda seed: (
        autoresearch(abs, lambda x, rng: rng.normal(), 2.0, 9, seed=seed).value
    ),
    "simulate": lambda seed: simulate(P, 9, seed=seed).delta,
    "simulate_moments": lambda seed: simulate_moments(P, 9, 5, seed=seed).frontier_mean,
    "simulate_urn": lambda seed: simulate_urn(9, seed=seed),
    "sweep": lambda seed: sweep([P, P], 9, 5, seed=seed).frontier_mean,
    "agents.simulate_archive": lambda seed: agents.simulate_archive(P, 9, 2, seed=seed).true,
    "agents.simulate_async": lambda seed: agents.simulate_async(P, 9, 2, seed=seed).frontier,
    "agents.simulate_budget": lambda seed: agents.simulate_budget(
        P, agents.Fidelity(noise=1.0), 1.0, 9, n_runs=5, seed=seed
    ),
    "agents.simulate_killing": lambda seed: agents.simulate_killing(
        0.5, 0.5, n_experiments=9, seed=seed
    )[0],
    "agents.simulate_islands": lambda seed: agents.simulate_islands(P, 9, 2, 3, seed=seed).frontier,
    "agents.simulate_rounds": lambda seed: agents.simulate_rounds(P, 9, 2, seed=seed).frontier,
    "laboratory.measure_changes": lambda seed: (
        laboratory.measure_changes(
            laboratory.Sphere(1), [0.9], laboratory.RandomSearch(), 20, seed=seed
        ).mean
    ),
    "laboratory.run": lambda seed: (
        laboratory.run(laboratory.Sphere(2), laboratory.RandomSearch(), None, 9, seed).log.value
    ),
    "landscapes.search": lambda seed: (
        landscapes.search(landscapes.sphere, [1.0], landscapes.Decay(0.3), 9, seed=seed).frontier
    ),
    "logs.backtest": lambda seed: (
        logs.backtest(FIT.log, n_draws=20, seed=seed).forecast.improvement
    ),
    "logs.forecast": lambda seed: logs.forecast(FIT, 9, n_draws=20, seed=seed).improvement,
    # medians of few runs are often the same by chance
    "logs.patience_survey": lambda seed: (
        logs.patience_survey(SOME, [3, 5, 10, 20], seed=seed).again
    ),
    "logs.predictive_checks": lambda seed: (
        logs.predictive_checks(FIT, n_draws=20, seed=seed)[2].draws
    ),
    "logs.archive": lambda seed: logs.archive(p=P, experiments=9, seed=seed).ways[0].gain,
    "logs.stop": lambda seed: (
        logs.stop(FIT.log, cost=1.0, value=1000.0, seed=seed).forecast.improvement
    ),
    "noise.simulate_luck": lambda seed: noise.simulate_luck(9, 0.01, 5, seed=seed),
    "noise.simulate_noisy": lambda seed: noise.simulate_noisy(P, 9, noise=0.01, seed=seed).logged,
    "programs.ModelRuns": lambda seed: (
        [programs.ModelRuns(SHELF, 9, seed=seed)(program, 3) for program in SHELF[1:]]
    ),
    "programs.sample_programs": lambda seed: programs.sample_programs(SHELF, 9, 5, seed=seed)["b"],
    "programs.simulate_gain_areas": lambda seed: programs.simulate_gain_areas(
        P, 9, 5, programs.Conditions(crash=0.5), seed=seed
    ),
    "programs.simulate_nights": lambda seed: programs.simulate_nights(1.0, 2.0, 3, 5, seed=seed),
    "programs.simulate_selection": lambda seed: (
        programs.simulate_selection([1.0, 2.0], [1.0, 1.0], 5, seed=seed).reported
    ),
}


@pytest.mark.parametrize("made", SIMULATORS.values(), ids=SIMULATORS)
def test_whatever_simulates_accepts_the_same_seeds(made):
    usual = made(5)
    sequence = np.random.SeedSequence(5)
    for seed in (5, np.int64(5), sequence, sequence):  # which is not used up
        assert np.array_equal(made(seed), usual)
    assert not np.array_equal(made(6), usual)
    one, two = np.random.default_rng(5), np.random.default_rng(5)
    first, second = made(one), made(one)
    assert not np.array_equal(first, second)
    assert np.array_equal(made(two), first)
    assert np.array_equal(made(two), second)
    assert not np.array_equal(made(None), made(None))
