"""Bad input, for every public function: the error names the argument, the value and the range."""

import functools
import inspect
import io
import math
import operator
import re
import time
from fractions import Fraction

import numpy as np
import pytest

import arbook
from arbook import ParameterError, Parameters, RunLog, agents, landscapes, logs, programs
from arbook._numerics.validation import (
    count,
    counts,
    flag,
    function,
    instance,
    instances,
    number,
    numbers,
    refuse,
    sequence,
)
from arbook._numerics.validation import place as place_of
from arbook.agents import LONGEST_EXACT, simulate_async
from arbook.model.laws import LONGEST_RUN
from arbook.noise import simulate_noisy
from arbook.programs import LONGEST_FLOORED, Conditions

P = Parameters(0.01, 0.97)
nan, inf = math.nan, math.inf

# ---------------------------------------------------------------- what is wrong with an argument

NOT_A_NUMBER = [nan, inf, -inf, "1", None, True, 1j, [1.0], {}]
NOT_AN_INTEGER = [1.0, 2.5, nan, inf, "3", None, True, [3], 1j]
NOT_NUMBERS = [
    "1",
    None,
    True,
    1j,
    [],
    [[]],
    [1.0, nan],
    [inf],
    ["a"],
    [[1.0], [1.0, 2.0]],
    object(),
]
NOT_INTEGERS = [1.0, "1", None, True, 1j, [], [1.5], [True], ["a"], [[1], [1, 2]], [2**63], 2**70]
NOT_PARAMETERS = [None, 0.01, (0.01, 0.97, 0.0), "p", Parameters]
NOT_A_SHARE = [*NOT_A_NUMBER, -1e-9, 1.0000001]
NOT_CALLABLE = [None, 3, "f"]
NOT_A_FLAG = [1, 0, "x", None, nan, []]
NOT_A_SEQUENCE = [*NOT_NUMBERS, 1.0, [[1.0, 2.0]]]

POSITIVE = [0, -1, -1e-300]
OF_EXPERIMENTS = [*NOT_INTEGERS, -1, [0, -1]]
COUNT = [*NOT_AN_INTEGER, 0, -1]

SIZE = [*COUNT, 10**15, 10**30]
SEED = [-1, 1.5, "1", True, nan, [1]]

of_t = {"p": NOT_PARAMETERS, "t": OF_EXPERIMENTS}
of_round = {**of_t, "k": [*NOT_INTEGERS, 0, -1], "correlation": NOT_A_SHARE}
of_n = {"p": NOT_PARAMETERS, "n": [*OF_EXPERIMENTS, LONGEST_RUN + 1, 10**15]}
simulated = {
    "p": NOT_PARAMETERS,
    "n_experiments": SIZE,
    "n_runs": COUNT,
    "f0": NOT_A_NUMBER,
    "seed": SEED,
    "executor": [3, "threads", True],
    "progress": NOT_A_FLAG,
}

#: function -> good arguments, and for each argument what must be refused.
TABLE = {
    "Parameters": (
        {"sigma0": 0.01, "gamma": 0.97, "mu": 0.0},
        {
            "sigma0": [*NOT_A_NUMBER, *POSITIVE, 1e101, 10**400],
            "gamma": [*NOT_A_NUMBER, *POSITIVE, 1, 1.0, 1.5],
            "mu": [*NOT_A_NUMBER, 1e-300, 1, -1e101],
            "extended": NOT_A_FLAG,
        },
    ),
    "any_keep_probability": (
        {"keep_prob": 0.5, "k": 2},
        {
            "keep_prob": [*NOT_NUMBERS, -1e-9, 1.0000001, [0.5, 2]],
            "k": [*NOT_INTEGERS, 0, -1],
            "correlation": NOT_A_SHARE,
        },
    ),
    "autoresearch": (
        {"objective": abs, "propose": lambda x, rng: x, "theta0": 0, "n_experiments": 2, "rng": 1},
        {
            "objective": NOT_CALLABLE,
            "propose": NOT_CALLABLE,
            "n_experiments": SIZE,
            "rng": [None, -1, 1.5, "1", True, nan],
        },
    ),
    "best_step_size": ({"cost": 1.0}, {"cost": [*NOT_NUMBERS, *POSITIVE, [1.0, 0.0]]}),
    "best_improvement_std": ({"p": P, "t": 0, "k": 2}, of_round),
    "expected_best_improvement": ({"p": P, "t": 0, "k": 2}, of_round),
    "expected_frontier": ({"p": P, "n": 5}, {**of_n, "f0": NOT_A_NUMBER}),
    "expected_gain_area": ({"p": P, "n": 5}, of_n),
    "expected_improvement": ({"p": P, "t": 0}, of_t),
    "expected_keeps": ({"p": P, "n": 5}, of_n),
    "expected_records": ({"n": 5}, {"n": OF_EXPERIMENTS}),
    "frontier": ({"values": [1.0, 0.9]}, {"values": [*NOT_NUMBERS, 1.0, [[1.0, 0.9]], [1, nan]]}),
    "frontier_quantiles": (
        {"p": P, "n": 5, "q": 0.5},
        {**of_n, "q": [*NOT_NUMBERS, 0, 1, -0.1, 1.1, [0.5, 1.0]], "f0": NOT_A_NUMBER},
    ),
    "frontier_std": ({"p": P, "n": 5}, of_n),
    "gain_area": (
        {"frontier": [1.0, 0.9]},
        {"frontier": [*NOT_NUMBERS, 1.0], "f0": [*NOT_A_NUMBER[:4], *NOT_A_NUMBER[5:]]},
    ),
    "gain_area_std": ({"p": P, "n": 5}, of_n),
    "half_life": ({"p": P}, {"p": NOT_PARAMETERS}),
    "improvement_std": ({"p": P, "t": 0}, of_t),
    "keep": (
        {"f_variant": 0.9, "f_best": 1.0},
        {name: ["1", None, True, 1j, [], ["a"], object()] for name in ("f_variant", "f_best")},
    ),
    "keep_probability": ({"p": P, "t": 0}, of_t),
    "keeps_std": ({"p": P, "n": 5}, of_n),
    "negative_frontier_probability": ({"p": P, "n": 5}, {**of_n, "f0": NOT_A_NUMBER}),
    "no_keep_probability": ({"p": P, "n": 5}, of_n),
    "reach": ({"p": P}, {"p": NOT_PARAMETERS}),
    "records_std": ({"n": 5}, {"n": OF_EXPERIMENTS}),
    "simulate": (
        {"p": P, "n_experiments": 3},
        {**simulated, "n_runs": SIZE},
    ),
    "simulate_moments": ({"p": P, "n_experiments": 3}, simulated),
    "step_size": ({"p": P, "t": 0}, of_t),
    "sweep": (
        {"parameters": [P], "n_experiments": 3, "n_runs": 2, "seed": 1},
        {
            **{name: values for name, values in simulated.items() if name != "p"},
            "parameters": [*NOT_PARAMETERS, [], P, [P, None]],
            "seed": [*simulated["seed"], None, np.random.default_rng(1)],
            "path": [3, True, b"sweep"],
        },
    ),
    "symmetric_gain_area": (
        {"p": P, "n": 5},
        {"p": [*NOT_PARAMETERS, Parameters(1, 0.5, -1)], "n": OF_EXPERIMENTS},
    ),
}  # fmt: skip

# ---------------------------------------------------------------- the other modules

SHELF = [programs.Program("timid", P), programs.Program("bold", Parameters(0.03, 0.9))]
LOG = logs.load_run("h100-mar8")
FIT = logs.fit(LOG)
FORECAST = logs.forecast(FIT, 5, n_draws=20)
ROUNDS = agents.equal_budget(P, 20, 4)
SEARCH = landscapes.search(landscapes.sphere, [1.0], landscapes.Decay(0.3), 5, 3, seed=1)
NOISY = simulate_noisy(P, 5, 3, noise=0.01, seed=1)
SIMULATION = arbook.simulate(P, 20, 10, seed=1)
CHOICE = programs.uniform("ab", lambda program, run: ord(program), 2)

CORRELATION = {"correlation": NOT_A_SHARE}
VARIATION = {"variation": [*NOT_A_NUMBER, -1e-9, 100.1, 1e300]}
ROUND = {**CORRELATION, "t": [*NOT_AN_INTEGER, -1, 10**30]}
AGENTS = [*NOT_INTEGERS, 0, -1, [0, 2]]
OF_ROUNDS = [*OF_EXPERIMENTS, agents.LONGEST_ROUNDS + 1, 10**15, 10**30]
NOT_POSITIVE = [*NOT_A_NUMBER, *POSITIVE]
NOT_NEGATIVE = [*NOT_A_NUMBER, -1e-9]
NOT_AN_OPEN_SHARE = [*NOT_A_NUMBER, 0, 1, -0.1, 1.1]
PRICES = [*NOT_NUMBERS, -1, [1.0, -1.0]]
NOT_POINTS = ["x", None, True, 1j, [], [[]], [nan], [[1.0], [1.0, 2.0]], 1.0]
NOT_CONDITIONS = [None, "x", 0.1, {}, Conditions]
NOT_PROGRAMS = [None, 3, "ab", P, [], [P], [None], SHELF[:1] * 2]
NOT_A_COST = [3, "f", lambda s: 1, lambda: 1, lambda s, g, n: 1, lambda s, g: "x", lambda s, g: nan]
NOT_A_SAMPLE = [*NOT_CALLABLE, lambda: 1.0, lambda program: 1.0, lambda p, r: "x", lambda p, r: nan]
BOX = {"sigma0": (0.01, 0.02), "gamma": (0.9, 0.9)}
NOT_A_BOX = [None, 3, "box", [], {}, {"sigma0": (1, 2)}, {**BOX, "x": (1, 2)}] + [
    {**BOX, "sigma0": wrong}
    for wrong in (None, "ab", 1.0, (1,), (2, 1), (0, 1), (-1, 1), (nan, 1), (1, inf), [[1, 2]])
]
UNEQUAL = {
    "means": NOT_A_SEQUENCE,
    "errors": [*NOT_A_SEQUENCE, [0.0, 1.0], [-1.0, 1.0], [1.0]],
}
RACE = {
    "programs": [None, 3, []],
    "sample": NOT_A_SAMPLE,
    "record": [3, "x", [[1.0]], [1.0, 2.0], [["x"], []], [[nan], []]],
    "progress": NOT_A_FLAG,
}
RULE = {
    "indifference": NOT_POSITIVE,
    "error": [*NOT_AN_OPEN_SHARE, 0.5],
    "first_runs": [*SIZE, 1],
}
NOT_A_LOG = [None, 3, "x", [1.0, 2.0], LOG.value, logs]
NOT_RUNS = [None, 3, "x", [1.0, 2.0], [None], [LOG, "x"]]
NOT_LOGS = [*NOT_RUNS, []]
TRIM = [*[x for x in NOT_A_NUMBER if x is not None], *POSITIVE]
FAMILY = [None, 3, "", "gauss", [], ["normal"]]
SHAPES = [*NOT_NUMBERS, 1.0, [1.0, 2.0], [[1.0, 2.0]]]
RISING = [*NOT_A_SEQUENCE, [1.0], [2.0, 1.0], [1.0, 1.0], [-1.0, 1.0], [0.0, 1.0]]
CURVES = [None, 3, "p", [], [0.01], [P] * 6]
LENGTH = [*NOT_AN_INTEGER, 1, 0, -1, 10**9, 10**30]
NAMES = [None, 3, "ab", [], ["a"], [1, 2]]

run_of = {"ab": lambda program, run: float(ord(program) + run % 2)}["ab"]
contest = {"programs": "ab", "sample": run_of}

#: The same, by module and function.
ELSEWHERE = {
    "agents.expected_async_frontier": (
        {"p": P, "n": 3, "k": 2},
        {
            "p": NOT_PARAMETERS,
            "n": [*OF_EXPERIMENTS, LONGEST_EXACT + 1, 10**30],
            "k": [*COUNT, 3, 10**30],
            "f0": NOT_A_NUMBER,
        },
    ),
    "agents.simulate_async": (
        {"p": P, "n_experiments": 5, "k": 2},
        {
            "p": NOT_PARAMETERS,
            "n_experiments": SIZE,
            "k": [*COUNT, 10**30],
            "n_runs": SIZE,
            **VARIATION,
            "f0": NOT_A_NUMBER,
            "seed": SEED,
        },
    ),
    "agents.spread_of_durations": ({"variation": 0.5}, VARIATION),
    "programs.Conditions": (
        {},
        {
            "cost": NOT_A_COST[:5],
            "crash": [*NOT_A_SHARE, lambda: 0.1, lambda s, t: 0.1],
            "floor": [nan, inf, "x", None, True, [0.9], 1.0, 2.0],
            "f0": NOT_A_NUMBER,
        },
    ),
    "programs.bold_crashes": ({"kappa": 0.02}, {"kappa": NOT_POSITIVE}),
    "programs.gain_area_moments": (
        {"p": P, "n_experiments": 5},
        {
            "p": NOT_PARAMETERS,
            "n_experiments": [*SIZE, LONGEST_RUN + 1, 4 * 10**8],
            "conditions": NOT_CONDITIONS,
        },
    ),
    "programs.simulate_gain_areas": (
        {"p": P, "n_experiments": 5, "n_runs": 2, "seed": 1},
        {
            "p": NOT_PARAMETERS,
            "n_experiments": SIZE,
            "n_runs": SIZE,
            "conditions": NOT_CONDITIONS,
            "seed": [*SEED, None],
        },
    ),
    "landscapes.Decay": (
        {"start": 0.1},
        {"start": NOT_POSITIVE, "gamma": [*NOT_POSITIVE, 1.1]},
    ),
    "landscapes.SuccessRule": (
        {"start": 0.1},
        {"start": NOT_POSITIVE, "factor": [*NOT_POSITIVE, 1], "rate": NOT_AN_OPEN_SHARE},
    ),
    "landscapes.hollows": ({"x": [1.0]}, {"x": NOT_POINTS}),
    "landscapes.progress_rate": ({"s_star": 1.0}, {"s_star": PRICES}),
    "landscapes.ridge": ({"x": [1.0, 2.0]}, {"x": [*NOT_POINTS, [1.0]]}),
    "landscapes.search": (
        {
            "objective": landscapes.sphere,
            "start": [1.0],
            "rule": landscapes.Decay(0.1),
            "n_experiments": 3,
        },
        {
            "objective": [
                *NOT_CALLABLE,
                lambda: 1.0,
                lambda x: 1.0,
                lambda x: "x",
                lambda x: [None],
                lambda x: [nan],
            ],
            "start": NOT_A_SEQUENCE,
            "rule": [None, 3, "x", landscapes.Decay, P],
            "n_experiments": SIZE,
            "n_runs": SIZE,
            "seed": SEED,
        },
    ),
    "landscapes.sphere": ({"x": [1.0]}, {"x": NOT_POINTS}),
    "landscapes.sphere_expected_improvement": (
        {"d": 3, "step": 0.1},
        {"d": SIZE, "step": [*NOT_NUMBERS, *POSITIVE], "distance": NOT_POSITIVE},
    ),
    "landscapes.sphere_keep_probability": (
        {"d": 3, "step": 0.1},
        {"d": SIZE, "step": [*NOT_NUMBERS, *POSITIVE], "distance": NOT_POSITIVE},
    ),
    "landscapes.sphere_parameters": (
        {"d": 3, "step": 0.1},
        {"d": SIZE, "step": NOT_POSITIVE, "distance": NOT_POSITIVE},
    ),
    "logs.backtest": (
        {"log": LOG, "family": "normal", "n_draws": 5},
        {
            "log": NOT_A_LOG,
            "family": FAMILY,
            "share": NOT_AN_OPEN_SHARE,
            "level": NOT_AN_OPEN_SHARE,
            "drift": NOT_NEGATIVE,
            "trim": TRIM,
            "n_draws": SIZE,
            "seed": SEED,
        },
    ),
    "logs.compare": (
        {"log": LOG, "families": ["constant"]},
        {
            "log": NOT_A_LOG,
            "families": [None, 3, "normal", [], ["gauss"], [None], [["normal"]]],
            "trim": TRIM,
            "share": NOT_AN_OPEN_SHARE,
        },
    ),
    "logs.fit": ({"log": LOG}, {"log": NOT_A_LOG, "family": FAMILY, "trim": TRIM}),
    "logs.forecast": (
        {"fit": FIT, "n": 3, "n_draws": 5},
        {
            "fit": [None, "x", LOG, logs.Fit],
            "n": SIZE,
            "minutes": [x for x in NOT_POSITIVE if x is not None],
            "n_draws": SIZE,
            "drift": NOT_NEGATIVE,
            "floor": [nan, inf, "x", True, 1j, [], [0.9], 1.0],
            "seed": SEED,
        },
    ),
    "logs.keep_rate_by_position": (
        {"log": LOG, "edges": [0, 10]},
        {"log": NOT_RUNS, "edges": [*NOT_INTEGERS, 3, [3], [3, 3], [3, 1], [-1, 3], [[0, 3]]]},
    ),
    "logs.load_run": ({"name": "h100-mar8"}, {"name": [None, 3, "", "x", ["h100-mar8"]]}),
    "logs.log_likelihood": (
        {"log": LOG, "p": P},
        {"log": NOT_A_LOG, "p": NOT_PARAMETERS, "trim": TRIM},
    ),
    "logs.read_log": (
        {"path_or_file": io.StringIO("commit\tval_bpb\tstatus\na\t1\tkeep\n")},
        {
            "path_or_file": [None, 3, nan, [], [[1.0]]],
            "metric": [3, nan, [], ["val_bpb"], True],
            "direction": [3, nan, "", "up", [], ["min"]],
        },
    ),
    "logs.repeats": ({"log": LOG}, {"log": NOT_A_LOG}),
    "programs.ModelRuns": (
        {"programs": SHELF, "n_experiments": 5, "seed": 1},
        {
            "programs": NOT_PROGRAMS,
            "n_experiments": SIZE,
            "seed": [*SEED, None],
            "common": NOT_A_FLAG,
            "conditions": NOT_CONDITIONS,
        },
    ),
    "programs.Program": (
        {"name": "a", "parameters": P},
        {"name": [None, 3, nan, [], ["a"]], "parameters": NOT_PARAMETERS},
    ),
    "programs.best_parameters": (
        {"bounds": BOX, "n_experiments": 5},
        {"bounds": NOT_A_BOX, "n_experiments": [*SIZE, 10**8], "cost": NOT_A_COST},
    ),
    "programs.best_program": (
        {"programs": SHELF, "n_experiments": 5},
        {"programs": NOT_PROGRAMS, "n_experiments": SIZE, "conditions": NOT_CONDITIONS},
    ),
    "programs.boldness_cost": ({"c": 20.0}, {"c": NOT_POSITIVE}),
    "programs.gain_area_map": (
        {"sigma0s": [0.01], "gammas": [0.9], "n_experiments": 5},
        {
            "sigma0s": [*NOT_A_SEQUENCE, [0.0], [-1.0]],
            "gammas": [*NOT_A_SEQUENCE, [0.0], [-1.0]],
            "n_experiments": [*SIZE, 10**8],
            "mu": NOT_A_NUMBER,
            "cost": NOT_A_COST,
        },
    ),
    "programs.rank": (
        {"programs": SHELF, "n_experiments": 5},
        {"programs": NOT_PROGRAMS, "n_experiments": SIZE, "conditions": NOT_CONDITIONS},
    ),
    "programs.sample_programs": (
        {"programs": SHELF, "n_experiments": 5, "n_runs": 2, "seed": 1},
        {
            "programs": NOT_PROGRAMS,
            "n_experiments": SIZE,
            "n_runs": SIZE,
            "seed": [*SEED, None],
            "common": NOT_A_FLAG,
            "conditions": NOT_CONDITIONS,
        },
    ),
    "agents.effective_agents": (
        {"p": P, "k": 2, "correlation": 0.5},
        {"p": NOT_PARAMETERS, "k": AGENTS, **ROUND},
    ),
    "agents.equal_budget": (
        {"p": P, "n_experiments": 4, "k": 2},
        {
            "p": NOT_PARAMETERS,
            "n_experiments": [*SIZE, 10**9, 3],
            "k": COUNT,
            "f0": NOT_A_NUMBER,
        },
    ),
    "agents.expected_round_frontier": (
        {"p": P, "n_rounds": 3, "k": 2},
        {
            "p": NOT_PARAMETERS,
            "n_rounds": OF_ROUNDS,
            "k": [*COUNT, 10**30],
            "f0": NOT_A_NUMBER,
            **CORRELATION,
        },
    ),
    "agents.round_frontier_std": (
        {"p": P, "n_rounds": 3, "k": 2},
        {"p": NOT_PARAMETERS, "n_rounds": OF_ROUNDS, "k": [*COUNT, 10**30], **CORRELATION},
    ),
    "agents.simulate_rounds": (
        {"p": P, "n_rounds": 3, "k": 2},
        {
            "p": NOT_PARAMETERS,
            "n_rounds": SIZE,
            "k": SIZE,
            "n_runs": SIZE,
            **CORRELATION,
            "f0": NOT_A_NUMBER,
            "seed": SEED,
        },
    ),
    "agents.speed_up": ({"p": P, "k": 2}, {"p": NOT_PARAMETERS, "k": AGENTS, **ROUND}),
    "noise.best_threshold": (
        {"p": P, "t": [0, 1], "noise": 0.1},
        {**of_t, "noise": [*PRICES, [0.1, 0.2, 0.3]], "known": NOT_A_FLAG},
    ),
    "noise.noisy_step": (
        {"p": P, "t": [0, 1], "noise": 0.1},
        {
            **of_t,
            "noise": [*PRICES, [0.1, 0.2, 0.3]],
            "threshold": NOT_NEGATIVE,
            "known": NOT_A_FLAG,
        },
    ),
    "noise.simulate_noisy": (
        {"p": P, "n_experiments": 3, "noise": 0.1},
        {
            "p": NOT_PARAMETERS,
            "n_experiments": SIZE,
            "n_runs": SIZE,
            "noise": NOT_NEGATIVE,
            "threshold": NOT_NEGATIVE,
            "repeats": [*COUNT, 10**400],
            "remeasure": NOT_A_FLAG,
            "f0": NOT_A_NUMBER,
            "seed": SEED,
        },
    ),
    "plots.plot_any_keep": (
        {"ps": [0.5], "ks": [1]},
        {"ps": [*NOT_A_SEQUENCE, [-0.1], [1.1], [0.1] * 6], "ks": [*AGENTS, 1, [[1, 2]]]},
    ),
    "plots.plot_async": (
        {"p": P, "runs": simulate_async(P, 5, 2, 3, seed=1)},
        {"p": NOT_PARAMETERS, "runs": [None, "x", SIMULATION]},
    ),
    "plots.plot_backtest": (
        {"tests": [logs.Backtest(FORECAST, 0.001, 0.8)]},
        {"tests": [None, 3, "x", [], [FORECAST], [None]]},
    ),
    "plots.plot_best_of_k": ({"ks": [1, 2]}, {"ks": [*AGENTS, 1, [[1, 2]]]}),
    "plots.plot_conditions": (
        {"sigma0s": [1, 2, 3], "areas": [[1, 2, 1], [1, 1, 1]], "names": ["a", "b"]},
        {"sigma0s": RISING, "areas": SHAPES, "names": NAMES},
    ),
    "plots.plot_delta_density": (
        {"p": P, "ts": [0]},
        {"p": NOT_PARAMETERS, "ts": [*OF_EXPERIMENTS, 1, [[0, 1]], range(6)]},
    ),
    "plots.plot_effective_agents": (
        {"p": P, "ks": [1, 2], "correlations": [0.5]},
        {
            "p": NOT_PARAMETERS,
            "ks": [*AGENTS, 1, [[1, 2]]],
            "correlations": [*NOT_A_SEQUENCE, [-0.1], [1.1], [0.1] * 6],
        },
    ),
    "plots.plot_equal_budget": ({"budget": ROUNDS}, {"budget": [None, "x", 3, P]}),
    "plots.plot_expected_improvement": ({"ps": P, "n": 5}, {"ps": CURVES, "n": LENGTH}),
    "plots.plot_expected_keeps": (
        {"ps": P, "n": 5},
        {"ps": CURVES, "n": LENGTH, "simulation": [3, "x", LOG]},
    ),
    "plots.plot_fit": ({"fit": FIT}, {"fit": [None, "x", LOG, [FIT]]}),
    "plots.plot_forecast": (
        {"forecast": FORECAST},
        {
            "forecast": [None, "x", FIT],
            "level": NOT_AN_OPEN_SHARE,
            "truth": ["x", 3, LOG.value, FIT],
        },
    ),
    "plots.plot_frontier_distribution": (
        {"p": P, "n": 5, "sim": SIMULATION},
        {"p": NOT_PARAMETERS, "n": [*COUNT, 21, 10**30], "sim": [None, "x", LOG]},
    ),
    "plots.plot_frontiers": (
        {"sim": SIMULATION},
        {"sim": [None, "x", LOG], "p": [x for x in NOT_PARAMETERS if x is not None]},
    ),
    "plots.plot_gain_area": (
        {"frontier": [1.0, 0.9]},
        {"frontier": [*NOT_A_SEQUENCE, [1.0], [0.9, 1.0]]},
    ),
    "plots.plot_gain_area_growth": (
        {"p": P, "n_max": 5},
        {
            "p": NOT_PARAMETERS,
            "n_max": [*COUNT, 10**9, 10**30],
            "moments": [None, 3, "x", [SIMULATION]],
        },
    ),
    "plots.plot_gain_area_map": (
        {"sigma0s": [1, 2], "gammas": [0.1, 0.2], "area": [[1, 2], [3, 4]]},
        {
            "sigma0s": RISING,
            "gammas": RISING,
            "area": SHAPES,
            "optimum": ["x", 1.0, (1,), (1, nan), [[1, 2]], []],
        },
    ),
    "plots.plot_home_rate": (
        {"gammas": [0.5], "home": [0.5]},
        {
            "gammas": [*NOT_A_SEQUENCE, [0.0], [1.0], [0.5, 0.6]],
            "home": [*NOT_A_SEQUENCE, [-0.1], [1.1], [0.5, 0.6]],
        },
    ),
    "plots.plot_keep_curve": ({"logs": [LOG]}, {"logs": NOT_LOGS}),
    "plots.plot_keep_probability": (
        {"ps": P, "n": 5},
        {"ps": CURVES, "n": LENGTH, "simulation": [3, "x", LOG]},
    ),
    "plots.plot_keep_rate_by_position": (
        {"log": LOG, "edges": [0, 10, 10**12]},
        {
            "log": NOT_RUNS,
            "edges": [*NOT_INTEGERS, 3, [3], [3, 3], [3, 1], [-1, 3], [[0, 3]]],
            "p": [x for x in NOT_PARAMETERS if x is not None],
        },
    ),
    "plots.plot_noisy_runs": ({"runs": NOISY}, {"runs": [None, "x", SIMULATION]}),
    "plots.plot_noisy_step": (
        {"p": P, "noises": [0.0, 0.1]},
        {"p": NOT_PARAMETERS, "noises": [*NOT_A_SEQUENCE, [-0.1, 0.1]]},
    ),
    "plots.plot_programs": (
        {"names": ["a", "b"], "means": [1, 2], "stds": [1, 1]},
        {
            "names": NAMES,
            "means": [*NOT_A_SEQUENCE, [1.0]],
            "stds": [*NOT_A_SEQUENCE, [1.0], [-1.0, 1.0]],
            "samples": [3, "x", [], [[1.0]], [[1.0], []], [[1.0], [nan]], [1.0, 2.0]],
        },
    ),
    "plots.plot_progress": (
        {"dimensions": [3], "s_star": [1.0, 2.0]},
        {
            "dimensions": [*AGENTS, [[1, 2]], [1] * 5, 10**15],
            "s_star": [*NOT_A_SEQUENCE, [0.0], [-1.0]],
        },
    ),
    "plots.plot_race": (
        {"choices": {"a": CHOICE}},
        {"choices": [None, 3, "x", [], {}, [CHOICE], {"a": 1}, dict.fromkeys("abcd", CHOICE)]},
    ),
    "plots.plot_records": ({"logs": [LOG]}, {"logs": NOT_LOGS}),
    "plots.plot_remedies": (
        {"remedies": {"a": NOISY}},
        {"remedies": [None, 3, "x", {}, [NOISY], {"a": 1}, dict.fromkeys("abcdef", NOISY)]},
    ),
    "plots.plot_residuals": (
        {"fits": [FIT]},
        {"fits": [None, 3, "x", [], [LOG], [None], [FIT] * 6]},
    ),
    "plots.plot_run": ({"log": LOG}, {"log": NOT_A_LOG}),
    "plots.plot_searches": (
        {"searches": {"a": SEARCH}},
        {
            "searches": [None, 3, "x", {}, [SEARCH], {"a": 1}, dict.fromkeys("abcdef", SEARCH)],
            "floor": [x for x in NOT_A_NUMBER if x is not None],
        },
    ),
    "plots.plot_selection_bias": (
        {"n_runs": [1, 2], "reported": [2, 1], "true": [1, 1], "best": 1.0},
        {
            "n_runs": RISING,
            "reported": [*NOT_A_SEQUENCE, [1.0]],
            "true": [*NOT_A_SEQUENCE, [1.0]],
            "best": NOT_A_NUMBER,
        },
    ),
    "plots.plot_step_size": ({"ps": P, "n": 5}, {"ps": CURVES, "n": LENGTH}),
    "plots.plot_team_prices": (
        {"p": P, "ks": [1, 2], "waitings": [1.0]},
        {
            "p": NOT_PARAMETERS,
            "ks": [*AGENTS, 1, [[1, 2]], [1, 10**9]],
            "waitings": [*NOT_A_SEQUENCE, [-1.0], [1.0] * 6],
            **CORRELATION,
            **VARIATION,
        },
    ),
    "plots.plot_trade_off": (
        {"sigma0s": [1, 2, 3], "areas": [[1, 2, 1]], "prices": [1]},
        {"sigma0s": RISING, "areas": SHAPES, "prices": [*NOT_A_SEQUENCE, [1.0] * 6]},
    ),
    "plots.plot_update_rule": ({"log": LOG}, {"log": NOT_A_LOG}),
    "programs.race": ({**contest, "indifference": 0.5}, {**RACE, **RULE}),
    "programs.race_margin": (
        {"variance": 1.0, "n_programs": 3, "indifference": 1.0},
        {
            "variance": PRICES,
            "n_programs": [*COUNT, 1],
            **RULE,
            "first_runs": [*COUNT, 1],
        },
    ),
    "programs.runs_needed": (
        {"means": [1.0, 2.0], "stds": [1.0, 1.0], "probability": 0.9},
        {
            "means": [*NOT_A_SEQUENCE, [1.0, 1.0]],
            "stds": UNEQUAL["errors"],
            "probability": NOT_AN_OPEN_SHARE,
        },
    ),
    "programs.selection_bias": ({"means": [1.0, 2.0], "errors": [1.0, 1.0]}, UNEQUAL),
    "programs.simulate_selection": (
        {"means": [1.0, 2.0], "errors": [1.0, 1.0], "n_contests": 3},
        {**UNEQUAL, "n_contests": SIZE, "seed": SEED},
    ),
    "programs.successive_halving": ({**contest, "budget": 4}, {**RACE, "budget": [*SIZE, 1]}),
    "programs.uniform": ({**contest, "n_runs": 2}, {**RACE, "n_runs": SIZE}),
    "agents.best_team": (
        {"p": P, "waiting": 1.0},
        {"p": NOT_PARAMETERS, "waiting": PRICES, **ROUND, **VARIATION, "most": [*SIZE, 10**6]},
    ),
    "agents.expected_longest": ({"k": 2}, {"k": AGENTS, **VARIATION}),
    "agents.relative_price": (
        {"p": P, "k": [1, 2], "waiting": 1.0},
        {
            "p": NOT_PARAMETERS,
            "k": AGENTS,
            "waiting": [*PRICES, [1.0, 2.0, 3.0]],
            **ROUND,
            **VARIATION,
        },
    ),
    "agents.team_threshold": (
        {"p": P},
        {"p": NOT_PARAMETERS, "k": [*AGENTS, 1], **ROUND, **VARIATION},
    ),
}  # fmt: skip

#: Modules whose functions are all in the table, and the classes that check what they are given.
MODULES = [
    "agents", "landscapes", "logs", "noise", "plots", "programs",
]  # fmt: skip
CLASSES = ["Conditions", "Decay", "SuccessRule", "ModelRuns", "Program"]

TABLE |= ELSEWHERE

ROWS = [(name, argument) for name, (_, bad) in TABLE.items() for argument in bad]


def public_functions(name):
    """Return the names of the functions that a module has for its readers."""
    module = getattr(arbook, name)
    listed = getattr(module, "__all__", None)
    for key, value in vars(module).items():
        own = key in listed if listed else getattr(value, "__module__", "") == module.__name__
        if own and key[0] != "_" and (inspect.isfunction(value) or key in CLASSES):
            yield f"{name}.{key}"


def test_the_table_holds_every_public_function():
    public = {n for n in arbook.__all__ if callable(getattr(arbook, n))}
    assert public - set(TABLE) == {"ParameterError", "RunLog", "Simulation", "Moments", "Sweep"}
    elsewhere = {name for module in MODULES for name in public_functions(module)}
    # nothing to be wrong; and test_plots.py
    others = {"logs.available_runs", "plots.style", "plots.use_book_style"}
    assert elsewhere - others == set(ELSEWHERE)


@pytest.mark.parametrize("name", TABLE)
def test_the_table_holds_every_argument(name):
    good, bad = TABLE[name]
    call = operator.attrgetter(name)(arbook)
    arguments = set(inspect.signature(call).parameters)
    assert set(bad) == arguments - {"theta0"}  # anything may be a solution
    call(**good)


def refusal(call, arguments):
    """Return the message of the error that a call must raise."""
    with pytest.raises(ParameterError) as caught:
        call(**arguments)
    return str(caught.value)


@pytest.mark.parametrize(("name", "argument"), ROWS)
def test_bad_input_is_refused_by_name(name, argument):
    good, bad = TABLE[name]
    call = operator.attrgetter(name)(arbook)
    # "p.mu must be 0 ..., got -1.0" is about p; "n and k must have shapes ..." and "areas must have
    # the shape (names, sigma0s) ..." are about each of them
    about = rf"({argument}\b|\w+ and {argument}\b|\w+ must (have|be as many) .*\b{argument}\b)"
    for value in bad[argument]:
        message = refusal(call, {**good, argument: value})
        assert re.match(about, message), f"{argument}={value!r}: {message}"
        assert re.search(r" must (be|give|have|return) .*, got \S", message)
        assert len(message) < 400


def test_sizes_are_refused_before_anything_is_made():
    start = time.perf_counter()
    for name, (good, bad) in TABLE.items():
        for argument, values in bad.items():
            for size in (x for x in values if isinstance(x, int) and x >= 10**8):
                with pytest.raises(ParameterError, match="must be"):
                    operator.attrgetter(name)(arbook)(**{**good, argument: size})
    assert time.perf_counter() - start < 10


def test_a_floor_shortens_the_longest_run():
    hard = Conditions(floor=0.9)
    with pytest.raises(ParameterError, match=r"^n_experiments must be .* \(with a floor; simulate"):
        arbook.programs.gain_area_moments(P, LONGEST_FLOORED + 1, hard)
    # where the floor is out of reach it does not matter
    arbook.programs.gain_area_moments(P, LONGEST_FLOORED + 1, Conditions(floor=-9.0))


def test_many_parameters_shorten_the_longest_run():
    box = {"sigma0": (0.01, 0.02), "gamma": (0.9, 0.99), "mu": (-0.01, 0.0)}
    with pytest.raises(ParameterError, match=r"^n_experiments must be .* 1 \.\.\. 53840, got 10"):
        programs.best_parameters(box, 10**5)
    with pytest.raises(ParameterError, match=r"^n_experiments must be .* 1 \.\.\. 3000, got 10"):
        programs.gain_area_map([0.01] * 1000, [0.9] * 100, 10**5)


def test_many_draws_shorten_the_longest_forecast():
    with pytest.raises(ParameterError, match=r"^n_draws must be .* 300 \(for n = 1000000\), got"):
        logs.forecast(FIT, 10**6)


def test_a_run_that_does_not_fit_is_refused_by_its_number():
    runs = programs.ModelRuns(SHELF, 100, seed=1)
    for run in (10**12, 10**30):
        with pytest.raises(ParameterError, match=r"^run must be at most \d+, .* memory"):
            runs(SHELF[0], run)


def test_methods_refuse_bad_input_too():
    for t in ("x", None, [nan], []):
        with pytest.raises(ParameterError, match=r"^t must be"):
            FIT.keep_probability(t)
    for what in (None, 3, "x", ["keeps"]):
        with pytest.raises(ParameterError, match=r"^what must be"):
            FORECAST.quantiles(what)


def test_a_missing_baseline_is_no_error_of_gain_area():
    assert arbook.gain_area([1.0, 0.9], None) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("call", "names"),
    [
        (lambda: arbook.keep([1, 2], [1, 2, 3]), "f_variant and f_best"),
        (lambda: arbook.any_keep_probability([0.1, 0.2], [1, 2, 3]), "keep_prob and k"),
        (lambda: arbook.expected_best_improvement(P, [1, 2], [1, 2, 3]), "t and k"),
    ],
)
def test_shapes_that_do_not_fit_are_refused_by_name(call, names):
    with pytest.raises(ParameterError, match=rf"{names} must .*\(2,\) and \(3,\)"):
        call()


def test_growing_steps_are_refused_where_they_overflow():
    p = Parameters(1.0, 2.0, extended=True)
    assert np.isfinite(arbook.symmetric_gain_area(p, 300))
    with pytest.raises(ParameterError, match=r"n must be small enough .*got 400"):
        arbook.symmetric_gain_area(p, 400)


def test_a_crash_in_a_frontier_is_explained():
    with pytest.raises(ParameterError, match=r"leave a crash out, or use arbook\.RunLog"):
        arbook.frontier([1.0, nan, 0.9])


def test_what_cannot_fit_in_memory_names_the_alternative():
    with pytest.raises(ParameterError, match=r"n_runs must be at most \d+, .*simulate_moments"):
        arbook.simulate(P, 100, 10**15)


def test_parameter_errors_are_value_errors():
    assert issubclass(ParameterError, ValueError)
    with pytest.raises(ValueError, match=r"^sigma0 must be a finite number > 0, got -1$"):
        Parameters(-1, 0.9)


# ---------------------------------------------------------------- the checks themselves


def test_errors_are_short_whatever_the_value():
    error = refuse("x", "a" * 1000, "short")
    assert str(error).startswith("x must be short, got 'aaa")
    assert len(str(error)) < 100


@pytest.mark.parametrize("value", [2, 2.0, np.float32(2), np.int8(2), Fraction(2), np.array(2)])
def test_number_accepts_every_real(value):
    result = number("x", value)
    assert type(result) is float
    assert result == 2.0


@pytest.mark.parametrize("value", [2, np.int8(2), np.uint64(2), np.array(2)])
def test_count_accepts_every_integer(value):
    result = count("n", value)
    assert type(result) is int
    assert result == 2


def test_counts_keep_their_shape():
    assert counts("n", 3).shape == ()
    assert counts("n", [[1, 2]]).tolist() == [[1, 2]]
    assert counts("n", np.array([5], dtype=np.uint8)).dtype == np.int64
    assert counts("n", range(3)).tolist() == [0, 1, 2]
    with pytest.raises(ParameterError, match=r"n must be an integer >= 1, .* got 0"):
        counts("n", [3, 0], least=1)


def test_numbers_and_sequences():
    assert numbers("x", [[1, 2]]).dtype == np.float64
    assert np.isnan(numbers("x", [nan], finite=False)).all()
    assert sequence("x", (1, 2)).tolist() == [1.0, 2.0]
    for wrong in (1.0, [[1.0]]):
        with pytest.raises(ParameterError, match="x must be a non-empty one-dimensional sequence"):
            sequence("x", wrong)


@pytest.mark.parametrize("value", [True, False, np.True_, np.False_])
def test_flag_accepts_every_bool(value):
    assert flag("x", value) is bool(value)


def test_an_object_of_a_class_is_asked_for_by_the_name_that_readers_import():
    assert instance("p", P, Parameters) is P
    for kind, place in (
        (Parameters, "an arbook.Parameters"),
        (logs.Fit, "an arbook.logs.Fit"),
        (Conditions, "an arbook.programs.Conditions"),
        (str, "a str"),
    ):
        with pytest.raises(ParameterError, match=rf"^x must be {place}, got 3$"):
            instance("x", 3, kind)
    for kind in (logs.Fit, logs.Forecast, logs.Backtest, RunLog, Conditions, landscapes.Search):
        name = place_of(kind).partition(" ")[2]
        assert operator.attrgetter(name.partition(".")[2])(arbook) is kind


def test_instances():
    assert instances("ps", (p for p in [P, P]), Parameters) == [P, P]
    assert instances("ps", P, Parameters, one=True) == [P]
    assert instances("ps", [], Parameters, least=0) == []
    for wrong in (P, [], [P] * 3):
        with pytest.raises(ParameterError, match=r"^ps must be .*Parameters, 1 to 2 of them, got"):
            instances("ps", wrong, Parameters, most=2)


def test_function_looks_at_what_a_function_takes():
    for right in (pow, max, lambda *x: 0, lambda a, b=1, c=2: 0, print):
        assert function("f", right, "x", "y") is right
    for wrong in (lambda: 0, lambda a: 0, lambda a, b, c: 0, lambda a, *, b: 0, "pow"):
        with pytest.raises(ParameterError, match=r"^f must be a function of \(x, y\), got"):
            function("f", wrong, "x", "y")


def test_checks_do_not_return_what_they_were_given():
    given = np.array([1.0, 2.0])
    for check in (numbers, sequence):
        functools.partial(check, "x")(given)[0] = 5
    assert given.tolist() == [1.0, 2.0]
