"""Bad input, for every public function: the error names the argument, the value and the range."""

import inspect
import io
import math
import operator
import re
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from unruly import Unruly

import arbook
from arbook import (
    ParameterError,
    Parameters,
    RunLog,
    agents,
    laboratory,
    landscapes,
    logs,
    noise,
    programs,
)
from arbook._numerics import ranges
from arbook._numerics.ranges import (
    Array,
    Instance,
    Integer,
    Options,
    OrNone,
    Range,
    Real,
    flag,
    instance,
)
from arbook._numerics.validation import function, instances, refuse
from arbook._numerics.validation import place as place_of
from arbook.agents import LONGEST_EXACT, simulate_async
from arbook.model import laws
from arbook.model.laws import LONGEST_RUN
from arbook.noise import simulate_noisy
from arbook.programs import LONGEST_FLOORED, Conditions

P = Parameters(0.01, 0.97)
nan, inf = math.nan, math.inf

# ---------------------------------------------------------------- what is wrong with an argument

# Ranges, said here once more: what a function must refuse, and with which words.
MODEL = Instance(Parameters)
FLAG = flag
NUMBER = Real()
NOT_NEGATIVE = Real(0)
POSITIVE = Real(0, ends="(")
SHARE = Real(0, 1)
OPEN_SHARE = Real(0, 1, ends="()")
LENGTH = Real(1e-40, 1e40)
MEASURED = Integer(1, 10**9)
COUNT = Integer(1)
MANY = Integer(1, 1_000_000)
NUMBERS = Array(NUMBER)
SEQUENCE = Array(NUMBER, ndim=1)
NOT_NEGATIVES = Array(NOT_NEGATIVE)
POSITIVES = Array(POSITIVE)
EXPERIMENTS = Array(Integer(0))
AGENTS = Array(COUNT)
TEAMS = Array(COUNT, ndim=1)
LENGTHS = Array(Integer(0, LONGEST_RUN))
RUN = Integer(1, LONGEST_RUN)
AXIS = Array(POSITIVE, ndim=1, least=2, increasing=True)
FEW_SHARES = Array(SHARE, ndim=1, most=5)
DRAWN = Integer(2, 1_000_000)
TAIL = Real(-2, 1, ends="[)")

# And values of which some fit no range.
NOT_CALLABLE = [None, 3, "f"]
NOT_PARAMETERS = [0.01, (0.01, 0.97, 0.0), "p", Parameters]
SIZE = [COUNT, 10**15, 10**30]
SOME = [*COUNT.bad(), 10**15, 10**30]  # up to what other arguments leave room for
NOT_RULES = [3, "plain", noise.Margin, [], P, Unruly()]
NO_PATHS = [3, True, b"name", "a\0b", "\ud800"]
PAIRS = [Integer(2), 10**15, 10**30]
SEED = [-1, 1.5, "1", True, nan, [1]]

of_t = {"p": MODEL, "t": EXPERIMENTS}
of_round = {**of_t, "k": AGENTS, "correlation": SHARE}
of_n = {"p": MODEL, "n": LENGTHS}
PATIENT = {"p": MODEL, "n": Array(Integer(0, 100_000)), "patience": Integer(1, 1000)}
simulated = {
    "p": MODEL,
    "n_experiments": SIZE,
    "n_runs": COUNT,
    "f0": NUMBER,
    "seed": SEED,
    "executor": [3, "threads", True, Unruly()],
    "progress": FLAG,
}

#: function -> good arguments, and for each argument what must be refused.
TABLE = {
    "Parameters": (
        {"sigma0": 0.01, "gamma": 0.97, "mu": 0.0},
        {
            "sigma0": [POSITIVE, 1e101],
            "gamma": Real(0, 1, ends="()", note="extended=True allows 1 and more"),
            "mu": [Real(high=0, note="extended=True allows > 0"), -1e101],
            "price": [NOT_NEGATIVE, 1e101],
            "extended": FLAG,
        },
    ),
    "any_keep_probability": (
        {"keep_prob": 0.5, "k": 2},
        {
            "keep_prob": Array(SHARE),
            "k": AGENTS,
            "correlation": SHARE,
        },
    ),
    "autoresearch": (
        {"objective": abs, "propose": lambda x, rng: x, "theta0": 0, "n_experiments": 2, "seed": 1},
        {
            "objective": NOT_CALLABLE,
            "propose": NOT_CALLABLE,
            "n_experiments": SIZE,
            "seed": SEED,
            "keep_rule": NOT_RULES,
        },
    ),
    "best_step_size": ({"price": 1.0}, {"price": POSITIVES}),
    "bias": ({"p": P, "t": 0}, of_t),
    "best_improvement_std": ({"p": P, "t": 0, "k": 2}, of_round),
    "expected_best_improvement": ({"p": P, "t": 0, "k": 2}, of_round),
    "expected_frontier": ({"p": P, "n": 5}, {**of_n, "f0": NUMBER}),
    "expected_gain_area": ({"p": P, "n": 5}, of_n),
    "expected_improvement": ({"p": P, "t": 0}, of_t),
    "expected_keeps": ({"p": P, "n": 5}, of_n),
    "expected_records": ({"n": 5}, {"n": EXPERIMENTS}),
    "expected_urn_gain": ({"n": 5}, {"n": EXPERIMENTS, "tail": TAIL, "scale": POSITIVE}),
    "frontier": ({"values": [1.0, 0.9]}, {"values": SEQUENCE.bad()}),
    "frontier_quantiles": (
        {"p": P, "n": 5, "q": 0.5},
        {**of_n, "q": Array(OPEN_SHARE), "f0": NUMBER},
    ),
    "frontier_std": ({"p": P, "n": 5}, of_n),
    "gain_area": (
        {"frontier": [1.0, 0.9]},
        {"frontier": [*NUMBERS.bad(), 1.0], "f0": OrNone(NUMBER).bad()},
    ),
    "gain_area_std": ({"p": P, "n": 5}, of_n),
    "half_life": ({"p": P}, {"p": MODEL}),
    "improvement_std": ({"p": P, "t": 0}, of_t),
    "keep": (
        {"f_variant": 0.9, "f_best": 1.0},
        {name: ["1", None, True, 1j, [], ["a"], object()] for name in ("f_variant", "f_best")},
    ),
    "keep_probability": ({"p": P, "t": 0}, of_t),
    "keeps_std": ({"p": P, "n": 5}, of_n),
    "negative_frontier_probability": ({"p": P, "n": 5}, {**of_n, "f0": NUMBER}),
    "no_keep_probability": ({"p": P, "n": 5}, of_n),
    "patience_experiments": ({"p": P, "n": 5, "patience": 2}, PATIENT),
    "patience_gain": ({"p": P, "n": 5, "patience": 2}, PATIENT),
    "patience_stop": (
        {"kept": [True, False, False], "patience": 2},
        {"kept": [None, 3, "x", [], [1, 0], True, [[True], [True, False]]], "patience": COUNT},
    ),
    "patience_survival": ({"p": P, "n": 5, "patience": 2}, PATIENT),
    "probability_of_records": (
        {"k": 2, "n": 5},
        {"k": Integer(0), "n": Integer(0, 10_000_000)},
    ),
    "reach": ({"p": P}, {"p": MODEL}),
    "records_std": ({"n": 5}, {"n": EXPERIMENTS}),
    "simulate": (
        {"p": P, "n_experiments": 3},
        {**simulated, "n_runs": SIZE},
    ),
    "simulate_moments": ({"p": P, "n_experiments": 3}, simulated),
    "simulate_urn": (
        {"n": 3},
        {"n": [RUN, 10**15], "n_runs": SIZE, "tail": TAIL, "scale": POSITIVE, "seed": SEED},
    ),
    "step_size": ({"p": P, "t": 0}, of_t),
    "stopping_time": (
        {"p": P, "cost": 0.001},
        {"p": [MODEL, Parameters(0.01, 0.97, price=1.0)], "cost": POSITIVE},
    ),
    "streak_waiting_time": (
        {"keep_prob": 0.5, "patience": 2},
        {"keep_prob": Array(OPEN_SHARE), "patience": AGENTS},
    ),
    "sweep": (
        {"parameters": [P], "n_experiments": 3, "n_runs": 2, "seed": 1},
        {
            **{name: values for name, values in simulated.items() if name != "p"},
            "parameters": [None, *NOT_PARAMETERS, [], P, [P, None]],
            "seed": SEED,
            "path": NO_PATHS,
        },
    ),
    "symmetric_gain_area": (
        {"p": P, "n": 5},
        {"p": [MODEL, Parameters(1, 0.5, -1)], "n": EXPERIMENTS},
    ),
}  # fmt: skip

# ---------------------------------------------------------------- the other modules

NOT_NOISES = [-0.1, nan, inf, "x", None, True, [0.1]]
TRACE = noise.Trace(1.0, [0.99, 1.01, 0.98], [True, False, True])
SHELF = [programs.Program("timid", P), programs.Program("bold", Parameters(0.03, 0.9))]
LOG = logs.load_run("h100-mar8")
FIT = logs.fit(LOG)
FORECAST = logs.forecast(FIT, 5, n_draws=20)
STOPPED = logs.stop(LOG, cost=1.0, value=1000.0)
SURVEY = logs.patience_survey([LOG], [5])
ROUNDS = agents.equal_budget(P, 20, 4)
CHANGES = laboratory.measured_changes("sphere")[:2]
NIGHT = laboratory.run(laboratory.Sphere(2), laboratory.RandomSearch(), None, 5, seed=1)
KNOB = laboratory.Knob("x", 0.0, 1.0, 0.5)
SPHERE = laboratory.Sphere(2)
STEP = Real(0, 1, "(")
SEARCH = landscapes.search(landscapes.sphere, [1.0], landscapes.Decay(0.3), 5, 3, seed=1)
VERDICT = logs.verdict(logs.load_run("macos-pr11-rmse"), noise=0.001)
NOISY = simulate_noisy(P, 5, 3, noise=0.01, seed=1)
ARCHIVES = {1: agents.simulate_archive(P, 5, 1, 3, seed=1)}
SIMULATION = arbook.simulate(P, 20, 10, seed=1)
CHOICE = programs.uniform("ab", lambda program, run: ord(program), 2)

CORRELATION = {"correlation": SHARE}
VARIATION = {"variation": Real(0, 100)}
ROUND = {**CORRELATION, "t": [Integer(0), 10**30]}
TEAM = Integer(1, agents.LARGEST_TEAM)
ARCHIVE = Integer(1, agents.LARGEST_ARCHIVE)
ROUND_LENGTHS = Array(Integer(0, agents.LONGEST_ROUNDS))
FIDELITY = agents.Fidelity(noise=1.0)
SPLIT = {
    "p": MODEL,
    "fidelity": Instance(agents.Fidelity),
    "minutes": POSITIVE,
    "rounds": Integer(0, agents.MOST_ROUNDS),
    "agents": Integer(1, agents.MOST_MACHINES),
    "repeats": Integer(1, agents.MOST_MACHINES),
}
KILL = {"correlation": Real(0, 1, "[)"), "fraction": OPEN_SHARE, "skill": Real(-5, 5)}
ELASTICITY = Real(0, 1, "(")
NOT_POINTS = ["x", None, True, 1j, [], [[]], [nan], [[1.0], [1.0, 2.0]], 1.0]
NOT_PROGRAMS = [None, 3, "ab", P, [], [P], [None], SHELF[:1] * 2]
NOT_A_SAMPLE = [
    *NOT_CALLABLE, lambda: 1.0, lambda program: 1.0, lambda p, r: "x", lambda p, r: nan,
    lambda p, r: 1e151,
]  # fmt: skip
BOX = {"sigma0": (0.01, 0.02), "gamma": (0.9, 0.9)}
NOT_A_BOX = [None, 3, "box", [], {}, {"sigma0": (1, 2)}, {**BOX, "x": (1, 2)}] + [
    {**BOX, "sigma0": wrong}
    for wrong in (None, "ab", 1.0, (1,), (2, 1), (0, 1), (-1, 1), (nan, 1), (1, inf), [[1, 2]])
]
UNEQUAL = {
    "means": Array(Real(-1e150, 1e150), ndim=1),
    "errors": [Array(Real(0, 1e150, ends="("), ndim=1), [1.0]],
}
RACE = {
    "programs": [None, 3, []],
    "sample": NOT_A_SAMPLE,
    "record": [3, "x", [[1.0]], [1.0, 2.0], [["x"], []], [[nan], []], [[1e151], []]],
    "progress": FLAG,
}
RULE = {
    "indifference": POSITIVE,
    "error": Real(1e-100, 0.5, ends=")"),
    "first_runs": PAIRS,
}
NOT_RUNS = [None, 3, "x", [1.0, 2.0], [None], [LOG, "x"]]
NOT_LOGS = [*NOT_RUNS, []]
TRIM = OrNone(POSITIVE)
FAMILY = Options("normal", "constant", "student", "laplace", "two-part")
SHAPES = [NUMBERS, 1.0, [1.0, 2.0], [[1.0, 2.0]]]
CURVES = [None, 3, "p", [], [0.01], [P] * 6]
NOT_NAMED = [None, 3, nan, "", "mar9", [], ["h100-mar8"]]
NAMES = [None, 3, "ab", [], ["a"], [1, 2]]

run_of = {"ab": lambda program, run: float(ord(program) + run % 2)}["ab"]
contest = {"programs": "ab", "sample": run_of}

FOUND, SPREAD, SHARED = Real(0, 1e150), Real(0, 1e150, ends="("), Real(-1, 1, ends="()")
NOT_GROUPS = [
    None,
    3,
    "x",
    [],
    {},
    {1: [1.0]},
    {"a": ["x"]},
    {"a": []},
    {key: [1.0] for key in "abcdef"},
]
APART, WIDTH = [Array(Real(-1e150, 1e150)), 1.0], Real(0, 1e6, ends="(")

#: The same, by module and function.
ELSEWHERE = {
    "agents.expected_async_frontier": (
        {"p": P, "n": 3, "k": 2},
        {
            "p": MODEL,
            "n": Array(Integer(0, LONGEST_EXACT)),
            "k": Integer(1, 2, "simulate_async takes more"),
            "f0": NUMBER,
        },
    ),
    "agents.simulate_async": (
        {"p": P, "n_experiments": 5, "k": 2},
        {
            "p": MODEL,
            "n_experiments": RUN,
            "k": [*COUNT.bad(), 2**63],
            "n_runs": SIZE,
            **VARIATION,
            "f0": NUMBER,
            "seed": SEED,
        },
    ),
    "agents.spread_of_durations": ({"variation": 0.5}, VARIATION),
    "programs.Conditions": (
        {},
        {
            "price": NOT_NEGATIVE,
            "crash": [
                Real(0, 1, note="or a function of step sizes"), lambda: 0.1, lambda s, t: 0.1
            ],
            "floor": [nan, inf, "x", None, True, [0.9], 1.0, 2.0],
            "f0": NUMBER,
        },
    ),
    "programs.bold_crashes": ({"kappa": 0.02}, {"kappa": POSITIVE}),
    "programs.gain_area_moments": (
        {"p": P, "n_experiments": 5},
        {
            "p": MODEL,
            "n_experiments": RUN,
            "conditions": Instance(Conditions),
        },
    ),
    "programs.simulate_gain_areas": (
        {"p": P, "n_experiments": 5, "n_runs": 2, "seed": 1},
        {
            "p": MODEL,
            "n_experiments": SIZE,
            "n_runs": SIZE,
            "conditions": Instance(Conditions),
            "seed": SEED,
        },
    ),
    "laboratory.Changes": (
        {"changes": [{"x1": 0.5}]},
        {"changes": [None, 3, "x", [], [3], [{"x1": 1}, "x"]]},
    ),
    "laboratory.CmaEs": ({}, {"step": STEP, "population": OrNone(Integer(2))}),
    "laboratory.Knob": (
        {"name": "x", "low": Fraction(0), "high": Fraction(2), "start": 1.0},
        {
            "name": [None, 3, "", b"x"],
            "low": NUMBER,
            "high": [NUMBER, 0.0, -1.0],
            "start": [NUMBER, -0.1, 2.1],
            "scale": Options("linear", "log"),
            "whole": FLAG,
            "unit": [None, 3, b"x"],
            "words": [3, None, "abc", ["a", 3], ["a", "b", "c"]],
        },
    ),
    "laboratory.LanguageModel": ({}, {"runs": COUNT}),
    "laboratory.OnePlusOne": (
        {"rule": landscapes.Decay(0.1)},
        {"rule": [None, 3, "x", landscapes.Decay, P, landscapes.Decay(1.5)]},
    ),
    "laboratory.Space": ({"knobs": [KNOB]}, {"knobs": [None, 3, "x", [], ["x"], [KNOB, KNOB]]}),
    "laboratory.Sphere": (
        {"d": 2},
        {"d": Integer(1, 1000), "noise": NOT_NEGATIVE, "crash": Real(0, 1, ")")},
    ),
    "laboratory.Surrogate": (
        {},
        {"model": [3, "x", [], {}, {"thresholds": [[0.5]], "metric": {}}]},
    ),
    "laboratory.TimidAgent": ({}, {"step": STEP}),
    "laboratory.load_task": (
        {"path": Path(__file__).parents[1] / "laboratory" / "sphere.json"},
        {"path": [None, nan, [], [Unruly()], __file__, *NO_PATHS]},
    ),
    "laboratory.measure_changes": (
        {"task": SPHERE, "theta": [0.6, 0.6], "proposer": laboratory.RandomSearch(), "n": 20},
        {
            "task": [None, 3, "sphere", laboratory.Sphere, SPHERE.space],
            "theta": [None, 3, "x", [], [0.5], [0.5, 1.1], [0.5, nan], [[0.5, 0.5]]],
            "proposer": [None, 3, "random", laboratory.RandomSearch, P],
            "n": [Integer(20), 10**15, 10**30],
            "repeats": [Integer(0, 1000), 1],
            "seed": SEED,
        },
    ),
    "laboratory.measured_changes": (
        {"task": "sphere"},
        {"task": Options("sphere", "automl", "language")},
    ),
    "laboratory.run": (
        {"task": SPHERE, "proposer": laboratory.RandomSearch(), "experiments": 2, "seed": 1},
        {
            "task": [None, 3, "sphere", laboratory.Sphere, SPHERE.space],
            "proposer": [None, 3, "random", laboratory.RandomSearch, P, noise.Margin()],
            "keep_rule": [*NOT_RULES, laboratory.RandomSearch()],
            "experiments": SIZE,
            "seed": SEED,
        },
    ),
    "landscapes.Decay": (
        {"start": 0.1},
        {"start": POSITIVE, "gamma": Real(0, 1, ends="(")},
    ),
    "landscapes.SuccessRule": (
        {"start": 0.1},
        {"start": POSITIVE, "factor": Real(1, ends="("), "rate": OPEN_SHARE},
    ),
    "landscapes.hollows": ({"x": [1.0]}, {"x": NOT_POINTS}),
    "landscapes.progress_rate": ({"s_star": 1.0}, {"s_star": NOT_NEGATIVES}),
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
            "start": Array(Real(-1e150, 1e150), ndim=1),
            "rule": [None, 3, "x", landscapes.Decay, P],
            "n_experiments": RUN,
            "n_runs": SIZE,
            "seed": SEED,
        },
    ),
    "landscapes.sphere": ({"x": [1.0]}, {"x": NOT_POINTS}),
    "landscapes.sphere_expected_improvement": (
        {"d": 3, "step": 0.1},
        {"d": Integer(1, landscapes.MOST_DIMENSIONS), "step": Array(LENGTH), "distance": LENGTH},
    ),
    "landscapes.sphere_keep_probability": (
        {"d": 3, "step": 0.1},
        {"d": Integer(1, landscapes.MOST_DIMENSIONS), "step": Array(LENGTH), "distance": LENGTH},
    ),
    "landscapes.sphere_skewness": (
        {"d": 14, "step": 0.1},
        {"d": Integer(1, landscapes.MOST_DIMENSIONS), "step": Array(LENGTH), "distance": LENGTH},
    ),
    "landscapes.sphere_parameters": (
        {"d": 3, "step": 0.1},
        {"d": Integer(1, landscapes.MOST_DIMENSIONS), "step": LENGTH, "distance": LENGTH},
    ),
    "logs.backtest": (
        {"log": LOG, "family": "normal", "n_draws": 5},
        {
            "log": Instance(RunLog),
            "family": FAMILY,
            "share": [OPEN_SHARE, 1e-300],
            "level": OPEN_SHARE,
            "drift": NOT_NEGATIVE,
            "population": [3, "x", nan, [], logs.Population],
            "trim": TRIM,
            "n_draws": SOME,
            "seed": SEED,
        },
    ),
    "logs.compare": (
        {"log": LOG, "families": ["constant"]},
        {
            "log": Instance(RunLog),
            "families": [None, 3, "normal", [], ["gauss"], [None], [["normal"]]],
            "trim": TRIM,
            "noise": NOT_NOISES,
            "share": OPEN_SHARE,
        },
    ),
    "logs.compare_groups": (
        {"first": [LOG], "second": [LOG]},
        {
            "first": NOT_LOGS,
            "second": [*NOT_LOGS, [RunLog(value=[1, 2], status=["keep"] * 2, direction="max")]],
            "budget": [0, -1, 1.5, "x", nan, [], 126],
        },
    ),
    "logs.enough": (
        {"first": [LOG, LOG], "second": [LOG, LOG]},
        {
            "first": NOT_LOGS,
            "second": NOT_LOGS,
            "difference": OrNone(SPREAD),
            "spread": OrNone(SPREAD),
            "paired": FLAG,
            "power": [OPEN_SHARE, 0.05],
            "error": OPEN_SHARE,
            "budget": [0, -1, 1.5, "x", nan, [], 126],
        },
    ),
    "logs.fit": (
        {"log": LOG},
        {"log": Instance(RunLog), "family": FAMILY, "trim": TRIM, "noise": NOT_NOISES},
    ),
    "logs.forecast": (
        {"fit": FIT, "n": 3, "n_draws": 5},
        {
            "fit": [None, "x", logs.Fit, RunLog(value=[nan], status=["crash"])],
            "population": [3, "x", nan, [], logs.Population],
            "n": Integer(1, 1_000_000),
            "minutes": OrNone(POSITIVE),
            "n_draws": SOME,
            "drift": NOT_NEGATIVE,
            "floor": [nan, inf, "x", True, 1j, [], [0.9], 1.0],
            "seed": SEED,
        },
    ),
    "logs.gain_by_doubling": (
        {"log": LOG},
        {"log": Instance(RunLog), "doublings": [Integer(1, 20), 12]},
    ),
    "logs.judge": (
        {"log": LOG, "value": 0.97, "noise": 0.001},
        {
            "log": Instance(RunLog),
            "value": [None, "x", nan, inf, [], True, 1e101, [[1.0, 2.0], [3.0]]],
            "noise": [*NOT_NOISES, 0.0, 100.0, 1e300],
            "trim": TRIM,
        },
    ),
    "logs.keep_rate_by_position": (
        {"log": LOG, "edges": [0, 10]},
        {"log": NOT_RUNS, "edges": Array(Integer(0), ndim=1, least=2, increasing=True)},
    ),
    "logs.load_run": ({"name": "h100-mar8"}, {"name": NOT_NAMED}),
    "logs.log_likelihood": (
        {"log": LOG, "p": P},
        {"log": Instance(RunLog), "p": [MODEL, Parameters(0.01, 0.97, price=1.0)], "trim": TRIM},
    ),
    "logs.patience_survey": (
        {"runs": [LOG], "patience": [5]},
        {
            "runs": [wrong for wrong in NOT_LOGS if wrong is not None],
            "patience": Array(Integer(1, 1000), ndim=1, increasing=True),
            "seed": SEED,
        },
    ),
    "logs.population": ({}, {"without": ["", "x", 3, nan, [], ["karpathy/autoresearch"]]}),
    "logs.predictive_checks": (
        {"fit": FIT, "n_draws": 5},
        {"fit": [None, "x", LOG, logs.Fit], "n_draws": SIZE, "seed": SEED},
    ),
    "logs.read_log": (
        {"path_or_file": io.StringIO("commit\tval_bpb\tstatus\na\t1\tkeep\n")},
        {
            "path_or_file": [None, nan, [], [[1.0]], Unruly(), *NO_PATHS],
            "metric": [3, nan, [], ["val_bpb"], True],
            "direction": [3, nan, "", "up", [], ["min"]],
            "status_column": [3, nan, [], ["status"], True],
            "status": [3, nan, "", "keep", [], ["keep"], {"x": 3}, {3: "keep"}, {"x": "best"}],
            "decisions": [3, nan, "", "none", [], ["best"]],
            "by": [3, nan, [], ["agent"], True],
            "where": [3, nan, "", "x=1", [], ["x=1"], {"x": 3}, {3: "x"}],
        },
    ),
    "logs.in_logarithms": ({"log": LOG}, {"log": Instance(RunLog)}),
    "logs.pace": ({"log": LOG}, {"log": Instance(RunLog)}),
    "logs.repeats": ({"log": LOG}, {"log": Instance(RunLog)}),
    "logs.sealed": (
        {"verdict": VERDICT, "baseline": 1.0, "best": 0.9},
        {
            "verdict": Instance(logs.Verdict),
            "baseline": NUMBER,
            "best": NUMBER,
            "noise": OrNone(POSITIVE),
        },
    ),
    "logs.shortcomings": ({"log": LOG}, {"log": Instance(RunLog)}),
    "logs.tail_index": ({"runs": [LOG]}, {"runs": NOT_LOGS}),
    "logs.archive": (
        {"experiments": 5},
        {
            "log": [3, "x", [], RunLog(value=[nan], status=["crash"])],
            "experiments": Integer(1, logs.MOST_AHEAD),
            "p": [3, "x"],
            "noise": OrNone(NOT_NEGATIVE),
            "seed": SEED,
        },
    ),
    "logs.plan": (
        {"hours": 8.0},
        {
            "log": [3, "x", [], RunLog(value=[nan], status=["crash"])],
            "hours": [POSITIVE, 0.01, 1e300, np.uint64(2**64 - 1)],
            "machines": Integer(1, agents.MOST_MACHINES),
            "overhead": NOT_NEGATIVE,
            "minutes": [POSITIVE, 5e-324],
            "curve": NOT_NEGATIVE,
            "noise": [OrNone(POSITIVE), 1e300],
        },
    ),
    "logs.stop": (
        {"log": LOG, "cost": 1.0, "value": 1000.0},
        {
            "log": [Instance(RunLog), RunLog(value=[nan], status=["crash"])],
            "cost": POSITIVE,
            "value": POSITIVE,
            "fresh": OrNone(POSITIVE),
            "population": [3, "x", nan, [], None, logs.Population],
            "seed": SEED,
        },
    ),
    "logs.trace": ({"log": LOG}, {"log": Instance(RunLog), "trim": TRIM}),
    "logs.verdict": (
        {"log": LOG, "noise": 0.001},
        {
            "log": Instance(RunLog),
            "noise": [*NOT_NOISES, 0.0, 100.0, 1e300],
            "family": FAMILY,
            "trim": TRIM,
        },
    ),
    "programs.ModelRuns": (
        {"programs": SHELF, "n_experiments": 5, "seed": 1},
        {
            "programs": NOT_PROGRAMS,
            "n_experiments": SIZE,
            "seed": SEED,
            "common": FLAG,
            "conditions": Instance(Conditions),
        },
    ),
    "programs.Program": (
        {"name": "a", "parameters": P},
        {"name": [None, 3, nan, [], ["a"]], "parameters": MODEL},
    ),
    "programs.best_parameters": (
        {"bounds": BOX, "n_experiments": 5},
        {"bounds": NOT_A_BOX, "n_experiments": [*COUNT.bad(), 10**8], "price": NOT_NEGATIVE},
    ),
    "programs.best_program": (
        {"programs": SHELF, "n_experiments": 5},
        {"programs": NOT_PROGRAMS, "n_experiments": RUN, "conditions": Instance(Conditions)},
    ),
    "programs.gain_area_map": (
        {"sigma0s": [0.01], "gammas": [0.9], "n_experiments": 5},
        {
            "sigma0s": Array(Real(0, 1e100, ends="("), ndim=1),
            "gammas": Array(POSITIVE, ndim=1),
            "n_experiments": [*COUNT.bad(), 10**8],
            "mu": NUMBER,
            "price": NOT_NEGATIVE,
        },
    ),
    "programs.rank": (
        {"programs": SHELF, "n_experiments": 5},
        {"programs": NOT_PROGRAMS, "n_experiments": RUN, "conditions": Instance(Conditions)},
    ),
    "programs.sample_programs": (
        {"programs": SHELF, "n_experiments": 5, "n_runs": 2, "seed": 1},
        {
            "programs": NOT_PROGRAMS,
            "n_experiments": SIZE,
            "n_runs": SIZE,
            "seed": SEED,
            "common": FLAG,
            "conditions": Instance(Conditions),
        },
    ),
    "agents.archive_rate": ({"size": [1, 2]}, {"size": Array(ARCHIVE)}),
    "agents.effective_agents": (
        {"p": P, "k": 2, "correlation": 0.5},
        {"p": MODEL, "k": AGENTS, **ROUND},
    ),
    "agents.elitism_advantage": ({"p": P, "n": 5}, {"p": MODEL, "n": Array(RUN)}),
    "agents.equal_budget": (
        {"p": P, "n_experiments": 4, "k": 2},
        {
            "p": MODEL,
            "n_experiments": [*COUNT.bad(), 10**9, 10**30, 3],
            "k": COUNT,
            "f0": NUMBER,
        },
    ),
    "agents.expected_restarts": (
        {"p": P, "n": 3, "k": 2},
        {"p": MODEL, "n": Integer(1, agents.LONGEST_ROUNDS), "k": AGENTS},
    ),
    "agents.expected_round_frontier": (
        {"p": P, "n_rounds": 3, "k": 2},
        {
            "p": MODEL,
            "n_rounds": ROUND_LENGTHS,
            "k": [COUNT, 10**30],
            "f0": NUMBER,
            **CORRELATION,
        },
    ),
    "agents.round_frontier_std": (
        {"p": P, "n_rounds": 3, "k": 2},
        {"p": MODEL, "n_rounds": ROUND_LENGTHS, "k": [COUNT, 10**30], **CORRELATION},
    ),
    "agents.simulate_archive": (
        {"p": P, "n_experiments": 3, "size": 2},
        {
            "p": MODEL,
            "n_experiments": RUN,
            "size": ARCHIVE,
            "n_runs": SIZE,
            "noise": NOT_NEGATIVE,
            "f0": NUMBER,
            "seed": SEED,
        },
    ),
    "agents.simulate_islands": (
        {"p": P, "n_rounds": 3, "k": 2, "every": 2},
        {
            "p": MODEL,
            "n_rounds": Integer(1, agents.LONGEST_ROUNDS),
            "k": SIZE,
            "every": COUNT,
            "n_runs": SIZE,
            "noise": NOT_NEGATIVE,
            "f0": NUMBER,
            "seed": SEED,
        },
    ),
    "agents.simulate_rounds": (
        {"p": P, "n_rounds": 3, "k": 2},
        {
            "p": MODEL,
            "n_rounds": Integer(1, agents.LONGEST_ROUNDS),
            "k": SIZE,
            "n_runs": SIZE,
            **CORRELATION,
            "f0": NUMBER,
            "seed": SEED,
        },
    ),
    "agents.speed_up": ({"p": P, "k": 2}, {"p": MODEL, "k": AGENTS, **ROUND}),
    "noise.Confirm": ({}, {"times": Integer(2)}),
    "noise.Ladder": ({"step": 0.1}, {"step": POSITIVE}),
    "noise.LearntMean": ({}, {"noise": OrNone(POSITIVE), "first": Integer(2)}),
    "noise.Margin": ({}, {"margin": NOT_NEGATIVES}),
    "noise.PosteriorMean": (
        {"p": P, "noise": 0.1},
        {"p": MODEL, "noise": NOT_NEGATIVE, "again": FLAG},
    ),
    "noise.best_threshold": (
        {"p": P, "t": [0, 1], "noise": 0.1},
        {**of_t, "noise": [NOT_NEGATIVES, [0.1, 0.2, 0.3]], "known": FLAG},
    ),
    "noise.expected_noisy_gain": (
        {"p": P, "n": [1, 2], "noise": 0.1},
        {
            "p": MODEL,
            "n": Array(Integer(0, noise.LONGEST_FOLLOWED)),
            "noise": NOT_NEGATIVE,
            "threshold": NOT_NEGATIVE,
        },
    ),
    "noise.learn": (
        {"trace": TRACE, "noise": 0.01},
        {"trace": Instance(noise.Trace), "noise": [OrNone(POSITIVE), 1e150]},
    ),
    "noise.luck_bound": (
        {"n": 9, "noise": 0.1},
        {"n": Integer(0, 1_000_000), "noise": NOT_NEGATIVE, "keeps": OrNone(Integer(0))},
    ),
    "noise.lucky_gain": (
        {"n": 5, "noise": 0.1},
        {"n": MEASURED, "noise": POSITIVE, "level": [OPEN_SHARE, 1e-300]},
    ),
    "noise.noisy_step": (
        {"p": P, "t": [0, 1], "noise": 0.1},
        {
            **of_t,
            "noise": [NOT_NEGATIVES, [0.1, 0.2, 0.3]],
            "threshold": NOT_NEGATIVE,
            "known": FLAG,
        },
    ),
    "noise.probability_of_luck": (
        {"gain": 0.1, "n": 5, "noise": 0.1},
        {"gain": NUMBERS, "n": MEASURED, "noise": POSITIVE, "freedom": [nan, 0.5, "x", None]},
    ),
    "noise.simulate_luck": (
        {"n": 9, "noise": 0.1},
        {"n": SIZE, "noise": NOT_NEGATIVE, "n_runs": SIZE, "seed": SEED},
    ),
    "noise.simulate_noisy": (
        {"p": P, "n_experiments": 3, "noise": 0.1},
        {
            "p": MODEL,
            "n_experiments": RUN,
            "n_runs": SIZE,
            "noise": NOT_NEGATIVE,
            "keep_rule": NOT_RULES,
            "repeats": [*COUNT.bad(), 2**63, 10**400],
            "remeasure": FLAG,
            "f0": NUMBER,
            "seed": SEED,
        },
    ),
    "plots.plot_archives": (
        {"runs": {"a": ARCHIVES}},
        {"runs": [None, 3, {}, {"a": 1}, {3: ARCHIVES}, {"a": {2: ARCHIVES[1]}}, {"a": {1: 3}}]},
    ),
    "plots.plot_luck_bound": (
        {"n": 9},
        {"n": Integer(1, noise.LONGEST_FOLLOWED), "keeps": OrNone(Integer(0))},
    ),
    "plots.plot_noisy_gain": (
        {"p": P, "n": 3, "noise": 0.1},
        {
            "p": MODEL,
            "n": Integer(1, noise.LONGEST_FOLLOWED),
            "noise": POSITIVE,
            "simulation": [3, "x", SIMULATION],
        },
    ),
    "plots.plot_sealed_runs": (
        {"runs": logs.sealed_runs()},
        {"runs": [None, 3, [], "ab", [P]]},
    ),
    "plots.plot_lucky_gain": ({"most": 20}, {"most": Integer(2, 1_000_000)}),
    "plots.plot_true_frontier": (
        {"verdict": logs.verdict(LOG, noise=0.001)},
        {"verdict": [None, "x", LOG, FIT]},
    ),
    "plots.plot_verdict": (
        {"verdict": logs.verdict(LOG, noise=0.001)},
        {"verdict": [None, "x", LOG, FIT]},
    ),
    "plots.plot_any_keep": (
        {"ps": [0.5], "ks": [1]},
        {"ps": FEW_SHARES, "ks": TEAMS},
    ),
    "plots.plot_async": (
        {"p": P, "runs": simulate_async(P, 5, 2, 3, seed=1)},
        {"p": MODEL, "runs": [None, "x", SIMULATION]},
    ),
    "plots.plot_backtest": (
        {"tests": [logs.Backtest(FORECAST, 0.001, 0.8)]},
        {"tests": [None, 3, "x", [], [FORECAST], [None]]},
    ),
    "plots.plot_best_of_k": ({"ks": [1, 2]}, {"ks": TEAMS}),
    "plots.plot_boldness": (
        {"sigma0": [0.1, 0.2], "gain": [1, 2], "groups": ["a", "b"]},
        {
            "sigma0": [Array(POSITIVE, ndim=1), [1.0]],
            "gain": [Array(NOT_NEGATIVE, ndim=1), [1.0]],
            "groups": NAMES,
        },
    ),
    "plots.plot_conditions": (
        {"sigma0s": [1, 2, 3], "areas": [[1, 2, 1], [1, 1, 1]], "names": ["a", "b"]},
        {"sigma0s": AXIS, "areas": SHAPES, "names": NAMES},
    ),
    "plots.plot_delta_density": (
        {"p": P, "ts": [0]},
        {"p": MODEL, "ts": Array(Integer(0), ndim=1, most=5)},
    ),
    "plots.plot_doublings": (
        {"logs": [LOG]},
        {
            "logs": NOT_LOGS,
            "tails": Array(TAIL, ndim=1, most=4),
            "doublings": [Integer(1, 20), 12],
        },
    ),
    "plots.plot_effective_agents": (
        {"p": P, "ks": [1, 2], "correlations": [0.5]},
        {
            "p": MODEL,
            "ks": TEAMS,
            "correlations": FEW_SHARES,
        },
    ),
    "plots.plot_equal_budget": ({"budget": ROUNDS}, {"budget": [None, "x", 3, P]}),
    "plots.plot_expected_improvement": ({"ps": P, "n": 5}, {"ps": CURVES, "n": DRAWN}),
    "plots.plot_expected_keeps": (
        {"ps": P, "n": 5},
        {"ps": CURVES, "n": DRAWN, "simulation": [3, "x", LOG]},
    ),
    "plots.plot_fit": ({"fit": FIT}, {"fit": [None, "x", LOG, [FIT]]}),
    "plots.plot_forecast": (
        {"forecast": FORECAST},
        {
            "forecast": [None, "x", FIT],
            "level": OPEN_SHARE,
            "truth": ["x", 3, LOG.value, FIT],
        },
    ),
    "plots.plot_frontier_distribution": (
        {"p": P, "n": 5, "sim": SIMULATION},
        {"p": MODEL, "n": Integer(1, 20).bad(), "sim": [None, "x", LOG]},
    ),
    "plots.plot_frontiers": (
        {"sim": SIMULATION},
        {"sim": [None, "x", LOG], "p": NOT_PARAMETERS},
    ),
    "plots.plot_gain_area": (
        {"frontier": [1.0, 0.9]},
        {"frontier": [Array(NUMBER, ndim=1, least=2), [0.9, 1.0]]},
    ),
    "plots.plot_gain_area_growth": (
        {"p": P, "n_max": 5},
        {
            "p": MODEL,
            "n_max": Integer(1, 1_000_000),
            "moments": [None, 3, "x", [SIMULATION]],
        },
    ),
    "plots.plot_gain_area_map": (
        {"sigma0s": [1, 2], "gammas": [0.1, 0.2], "area": [[1, 2], [3, 4]]},
        {
            "sigma0s": AXIS,
            "gammas": AXIS,
            "area": SHAPES,
            "optimum": ["x", 1.0, (1,), (1, nan), [[1, 2]], []],
        },
    ),
    "plots.plot_home_rate": (
        {"gammas": [0.5], "home": [0.5]},
        {
            "gammas": Array(OPEN_SHARE, ndim=1),
            "home": [Array(SHARE, ndim=1), [0.5, 0.6]],
        },
    ),
    "plots.plot_keep_curve": ({"logs": [LOG]}, {"logs": NOT_LOGS}),
    "plots.plot_keep_probability": (
        {"ps": P, "n": 5},
        {"ps": CURVES, "n": DRAWN, "simulation": [3, "x", LOG]},
    ),
    "plots.plot_keep_rate_by_position": (
        {"log": LOG, "edges": [0, 10, 10**12]},
        {
            "log": NOT_RUNS,
            "edges": Array(Integer(0), ndim=1, least=2, increasing=True),
            "p": NOT_PARAMETERS,
        },
    ),
    "plots.plot_noisy_runs": ({"runs": NOISY}, {"runs": [None, "x", SIMULATION]}),
    "plots.plot_change_gains": (
        {"rows": CHANGES},
        {"rows": [None, 3, "x", [], [3], [{}], [{**CHANGES[0], "step": s} for s in range(6)]]},
    ),
    "plots.plot_night": (
        {"run": NIGHT},
        {"run": [None, 3, "x", laboratory.LabRun, LOG]},
    ),
    "plots.plot_noisy_step": (
        {"p": P, "noises": [0.0, 0.1]},
        {"p": MODEL, "noises": [Array(NOT_NEGATIVE, ndim=1), [1e308]]},
    ),
    "plots.plot_budget": (
        {"p": P, "fidelity": FIDELITY, "hours": 1.0},
        {
            "p": MODEL,
            "fidelity": Instance(agents.Fidelity),
            "hours": POSITIVE,
            "machines": Integer(1, agents.MOST_MACHINES),
            "overhead": NOT_NEGATIVE,
            "n_runs": Integer(0),
        },
    ),
    "plots.plot_carry_over": (
        {"fidelity": FIDELITY, "minutes": [1.0, 2.0]},
        {
            "fidelity": Instance(agents.Fidelity),
            "minutes": Array(POSITIVE, ndim=1, least=2, increasing=True),
            "repeats": COUNT,
        },
    ),
    "plots.plot_kill_rule": (
        {"correlation": 0.5, "fraction": 0.5},
        {**KILL, "elasticity": ELASTICITY},
    ),
    "plots.plot_patience": (
        {"p": P, "n": 5, "patience": [1, 2]},
        {
            "p": MODEL,
            "n": Integer(1, 100_000),
            "patience": Array(Integer(1, 1000), ndim=1, increasing=True),
            "simulation": [3, "x", LOG],
        },
    ),
    "plots.plot_patience_survey": ({"survey": SURVEY}, {"survey": [None, 3, "x", LOG]}),
    "plots.plot_programs": (
        {"names": ["a", "b"], "means": [1, 2], "stds": [1, 1]},
        {
            "names": NAMES,
            "means": [Array(Real(-1e150, 1e150), ndim=1), [1.0]],
            "stds": [Array(Real(0, 1e150), ndim=1), [1.0]],
            "samples": [
                *(3, "x", np.array(None), [], [[1.0]], [[1.0], []], [[1.0], [nan]], [1.0, 2.0]),
                [[1e151]] * 2,
            ],
        },
    ),
    "plots.plot_progress": (
        {"dimensions": [3], "s_star": [1.0, 2.0]},
        {
            "dimensions": [
                Array(Integer(1, landscapes.MOST_DIMENSIONS)), [[1, 2]], [1] * 5
            ],
            "s_star": Array(Real(1e-30, 1e40), ndim=1),
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
    "plots.plot_run": ({"log": LOG}, {"log": Instance(RunLog)}),
    "plots.plot_searches": (
        {"searches": {"a": SEARCH}},
        {
            "searches": [None, 3, "x", {}, [SEARCH], {"a": 1}, dict.fromkeys("abcdef", SEARCH)],
            "floor": [*OrNone(NUMBER).bad(), 3.0],
        },
    ),
    "plots.plot_selection_bias": (
        {"n_runs": [1, 2], "reported": [2, 1], "true": [1, 1], "best": 1.0},
        {
            "n_runs": AXIS,
            "reported": [SEQUENCE, [1.0]],
            "true": [SEQUENCE, [1.0]],
            "best": NUMBER,
        },
    ),
    "plots.plot_step_size": ({"ps": P, "n": 5}, {"ps": CURVES, "n": DRAWN}),
    "plots.plot_stop": (
        {"stop": STOPPED},
        {"stop": [None, 3, "x", FORECAST], "n": OrNone(COUNT)},
    ),
    "plots.plot_nights": (
        {"groups": {"a": [1.0, 2.0]}, "label": "gain"},
        {"groups": NOT_GROUPS, "label": [None, 3, []]},
    ),
    "plots.plot_power": (
        {"difference": 1.0, "spread": 1.0, "nights": 5},
        {
            "difference": FOUND,
            "spread": SPREAD,
            "nights": Integer(2, 1000),
            "contests": [3, "x", [[1.0]], np.zeros((3, 2, 2))],
            "correlation": OrNone(SHARED),
        },
    ),
    "plots.plot_best_nights": (
        {"nights": 2},
        {"nights": Integer(2, 1000), "groups": [*NOT_GROUPS[1:], {"a": [1.0]}, {"a": [1.0, 1.0]}]},
    ),
    "plots.plot_looks": (
        {"differences": [[1.0, 2.0]]},
        {"differences": [3, "x", [], [1.0], [[nan]], None], "error": OPEN_SHARE},
    ),
    "plots.plot_stopping_time": (
        {"p": P, "n": 5, "cost": 0.001},
        {"p": [MODEL, Parameters(0.01, 0.97, price=1.0)], "n": DRAWN, "cost": POSITIVE},
    ),
    "plots.plot_team_prices": (
        {"p": P, "ks": [1, 2], "waitings": [1.0]},
        {
            "p": MODEL,
            "ks": Array(TEAM, ndim=1),
            "waitings": Array(NOT_NEGATIVE, ndim=1, most=5),
            **CORRELATION,
            **VARIATION,
        },
    ),
    "plots.plot_trade_off": (
        {"sigma0s": [1, 2, 3], "areas": [[1, 2, 1]], "prices": [1]},
        {"sigma0s": AXIS, "areas": SHAPES, "prices": Array(NUMBER, ndim=1, most=5)},
    ),
    "plots.plot_update_rule": ({"log": LOG}, {"log": Instance(RunLog)}),
    "programs.area_misranking": (
        {"better": P, "other": P, "n_experiments": 9},
        {"better": MODEL, "other": MODEL, "n_experiments": Integer(5, 1000), "nights": MANY},
    ),
    "programs.best_night_bias": (
        {"nights": 3}, {"nights": Array(COUNT), "spread": POSITIVE}
    ),
    "programs.comparison_power": (
        {"difference": 1.0, "spread": 1.0, "nights": 5},
        {
            "difference": Array(FOUND),
            "spread": SPREAD,
            "nights": Array(Integer(2, 10**15)),
            "error": OPEN_SHARE,
            "correlation": OrNone(SHARED),
        },
    ),
    "programs.confidence_sequence": (
        {"differences": [1.0, 2.0]},
        {"differences": APART, "error": OPEN_SHARE, "width": WIDTH},
    ),
    "programs.e_values": ({"differences": [1.0, 2.0]}, {"differences": APART, "width": WIDTH}),
    "programs.misranking_probability": (
        {"difference": 1.0, "spread": 1.0},
        {
            "difference": Array(FOUND),
            "spread": SPREAD,
            "nights": Array(COUNT),
            "correlation": SHARED,
        },
    ),
    "programs.nights_needed": (
        {"difference": 1.0, "spread": 1.0},
        {
            "difference": FOUND,
            "spread": SPREAD,
            "power": [OPEN_SHARE, 0.05, 0.01],
            "error": OPEN_SHARE,
            "correlation": OrNone(SHARED),
        },
    ),
    "programs.simulate_nights": (
        {"difference": 1.0, "spread": 1.0, "nights": 2, "n_contests": 3},
        {
            "difference": FOUND,
            "spread": SPREAD,
            "nights": SIZE,
            "n_contests": SIZE,
            "correlation": SHARED,
            "seed": SEED,
        },
    ),
    "programs.t_test_p_values": ({"differences": [1.0, 2.0]}, {"differences": APART}),
    "programs.race": ({**contest, "indifference": 0.5}, {**RACE, **RULE}),
    "programs.race_margin": (
        {"variance": 1.0, "n_programs": 3, "indifference": 1.0},
        {
            "variance": NOT_NEGATIVES,
            "n_programs": Integer(2),
            **RULE,
            "first_runs": Integer(2),
        },
    ),
    "programs.runs_needed": (
        {"means": [1.0, 2.0], "stds": [1.0, 1.0], "probability": 0.9},
        {
            "means": [UNEQUAL["means"], [1.0, 1.0]],
            "stds": UNEQUAL["errors"],
            "probability": OPEN_SHARE,
        },
    ),
    "programs.selection_bias": ({"means": [1.0, 2.0], "errors": [1.0, 1.0]}, UNEQUAL),
    "programs.simulate_selection": (
        {"means": [1.0, 2.0], "errors": [1.0, 1.0], "n_contests": 3},
        {**UNEQUAL, "n_contests": SIZE, "seed": SEED},
    ),
    "programs.successive_halving": ({**contest, "budget": 4}, {**RACE, "budget": SOME}),
    "programs.uniform": ({**contest, "n_runs": 2}, {**RACE, "n_runs": SIZE}),
    "agents.best_team": (
        {"p": P, "waiting": 1.0},
        {"p": MODEL, "waiting": NOT_NEGATIVES, **ROUND, **VARIATION, "most": TEAM},
    ),
    "agents.expected_longest": ({"k": 2}, {"k": AGENTS, **VARIATION}),
    "agents.relative_price": (
        {"p": P, "k": [1, 2], "waiting": 1.0},
        {
            "p": MODEL,
            "k": AGENTS,
            "waiting": [NOT_NEGATIVES, [1.0, 2.0, 3.0]],
            **ROUND,
            **VARIATION,
        },
    ),
    "agents.best_kill": (
        {"correlation": 0.5, "fraction": 0.5},
        {**KILL, "elasticity": ELASTICITY},
    ),
    "agents.best_length": (
        {"fidelity": FIDELITY},
        {
            "fidelity": Instance(agents.Fidelity),
            "overhead": NOT_NEGATIVE,
            "elasticity": ELASTICITY,
            "weight": POSITIVE,
            "repeats": MANY,
        },
    ),
    "agents.best_split": (
        {"p": P, "fidelity": FIDELITY, "hours": 1.0},
        {
            "p": MODEL,
            "fidelity": Instance(agents.Fidelity),
            "hours": [POSITIVE, 5e-324],
            "machines": Integer(1, agents.MOST_MACHINES),
            "overhead": NOT_NEGATIVE,
        },
    ),
    "agents.budget_gain": ({"p": P, "fidelity": FIDELITY, "minutes": 1.0, "rounds": 3}, SPLIT),
    "agents.carry_over": (
        {"fidelity": FIDELITY, "minutes": [1.0, 2.0]},
        {
            "fidelity": Instance(agents.Fidelity),
            "minutes": Array(POSITIVE),
            "repeats": [AGENTS, [1, 2, 3]],
            "step": POSITIVE,
        },
    ),
    "agents.Fidelity": (
        {},
        {"noise": NOT_NEGATIVE, "curve": NOT_NEGATIVE, "exponent": Real(0, 10, "(")},
    ),
    "agents.kill_rule": (
        {"correlation": 0.5, "fraction": 0.5},
        {**KILL, "threshold": NUMBER},
    ),
    "agents.precision_weight": ({"skill": 0.0}, {"skill": NUMBER}),
    "agents.rank_correlation": ({"correlation": 0.5}, {"correlation": Array(Real(-1, 1))}),
    "agents.simulate_budget": (
        {"p": P, "fidelity": FIDELITY, "minutes": 1.0, "rounds": 3},
        {**SPLIT, "known": FLAG, "n_runs": SIZE, "seed": SEED},
    ),
    "agents.simulate_killing": (
        {"correlation": 0.5, "fraction": 0.5},
        {**KILL, "threshold": NUMBER, "n_experiments": SIZE, "seed": SEED},
    ),
    "agents.team_threshold": (
        {"p": P},
        {"p": MODEL, "k": Array(Integer(2)), **ROUND, **VARIATION},
    ),
}  # fmt: skip

#: Modules whose functions are all in the table, and the classes that check what they are given.
MODULES = [
    "agents", "laboratory", "landscapes", "logs", "noise", "plots", "programs",
]  # fmt: skip
CLASSES = [
    "Conditions", "Decay", "Fidelity", "SuccessRule", "ModelRuns", "Program", "Confirm", "Ladder",
    "LearntMean", "Margin", "PosteriorMean", "Changes", "CmaEs", "Knob", "LanguageModel",
    "OnePlusOne", "Space", "Sphere", "Surrogate", "TimidAgent",
]  # fmt: skip

PLOTS = [name for name in ELSEWHERE if name.startswith("plots.")]
for name in PLOTS:
    ELSEWHERE[name][1]["axes"] = [3, "x", Figure(), [], [None, None]]

TABLE |= ELSEWHERE

ROWS = [(name, argument) for name, (_, bad) in TABLE.items() for argument in bad]


def said(entry):
    """Return the ranges among what the table says of an argument."""
    return [x for x in (entry if isinstance(entry, list) else [entry]) if isinstance(x, Range)]


def values(entry):
    """Return what must be refused, and the words that must say why where they are known."""
    for x in entry if isinstance(entry, list) else [entry]:
        yield from ((value, x.words) for value in x.bad()) if isinstance(x, Range) else [(x, "")]


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
    others = {
        "logs.atlas",
        "logs.available_runs",
        "logs.contest",
        "logs.repeated_runs",
        "logs.sixty_runs",
        "logs.sources",
        "plots.style",
        "plots.use_book_style",
    }
    assert elsewhere - others == set(ELSEWHERE)


@pytest.mark.parametrize("name", TABLE)
def test_the_table_holds_every_argument(name):
    good, bad = TABLE[name]
    call = operator.attrgetter(name)(arbook)
    arguments = set(inspect.signature(call).parameters)
    assert set(bad) == arguments - {"theta0"}  # anything may be a solution
    call(**good)


def find(name):
    """Return a thing of the package by the name that a docstring gives it, or None."""
    for home in (arbook, laws, agents, laboratory, landscapes, logs, noise, programs):
        if hasattr(home, name.rpartition(".")[2]):
            return getattr(home, name.rpartition(".")[2])
    return None


def documented(call, argument):
    """Return what a docstring says of an argument, with the numbers that it calls by name."""
    pattern = rf"^(\w+, )*\*?{argument}(, \w+)*( : .*)?(\n +.*|\n(?=\n ))+"
    found = re.search(pattern, inspect.getdoc(call), re.M)
    entry = " ".join(found[0].split()) if found else ""
    for name in re.findall(r"`([\w.]+)`", entry):
        home = inspect.getmodule(call)
        thing = getattr(home, name.rpartition(".")[2], None) or find(name)
        if isinstance(thing, int):
            entry = entry.replace(f"`{name}`", str(thing))
        elif thing is not None and re.search(rf"[Aa]s for .*`{re.escape(name)}`", entry):
            entry += documented(thing, argument)
    return entry


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
    for value, words in values(bad[argument]):
        message = refusal(call, {**good, argument: value})
        assert re.match(about, message), f"{argument}={value!r}: {message}"
        assert re.search(r" must (be|give|have|return) .*, got \S", message)
        assert words in message
        assert len(message) < 400


@pytest.mark.parametrize("name", PLOTS)
def test_nothing_is_drawn_where_an_argument_is_refused(name):
    good, bad = TABLE[name]
    call = operator.attrgetter(name)(arbook)
    axes = Figure().subplots(1, np.size(call(**good)))
    for argument in set(bad) - {"axes"}:
        for value, _ in values(bad[argument]):
            refusal(call, {**good, argument: value, "axes": axes})
    assert not any(one.has_data() or one.get_xlabel() for one in np.ravel(axes))


@pytest.mark.parametrize(("name", "argument"), ROWS)
def test_the_edges_of_a_range_are_allowed(name, argument):
    good, bad = TABLE[name]
    call = operator.attrgetter(name)(arbook)
    for of in said(bad[argument]):
        for value in of.good():
            if isinstance(of, Array | Integer) and np.max(value) > 1000:
                continue  # that many experiments take a while
            try:
                call(**{**good, argument: value})
            except ParameterError as error:  # of what the arguments must be together
                refused = str(error)
            else:
                refused = ""
            assert not refused.startswith(f"{argument} must be {of.words}")


@pytest.mark.parametrize(("name", "argument"), ROWS)
def test_the_docstring_says_the_range(name, argument):
    text = documented(operator.attrgetter(name)(arbook), argument)
    for of in said(TABLE[name][1][argument]):
        assert of.bounds in text or (of.bounds == ">= 0" and "counted from 0" in text)


def test_sizes_are_refused_before_anything_is_made():
    start = time.perf_counter()
    for name, (good, bad) in TABLE.items():
        for argument, entry in bad.items():
            for size in (x for x, _ in values(entry) if isinstance(x, int) and x >= 10**8):
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
    for q in (None, "x", [], [nan], -0.1, [[0.5, 1.1]]):
        with pytest.raises(ParameterError, match=r"^q must be"):
            FORECAST.quantiles("keeps", q)


def test_quantiles_have_the_shape_of_their_probabilities():
    q = np.linspace(0, 1, 6)
    flat = FORECAST.quantiles("improvement", q)
    assert FORECAST.quantiles("improvement", q.reshape(1, 3, 2)).ravel().tolist() == flat.tolist()
    assert FORECAST.quantiles("improvement", 0.2) == flat[1]


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


# fmt: off
NOT_A_NUMBER = [nan, inf, -inf, "1", None, True, 1j, [1.0], {}, 10**400]
NOT_NUMBERS = ["1", None, True, 1j, [], [[]], [1.0, nan], [inf], ["a"], [[1], [1, 2]], object()]
NOT_AN_INTEGER = [1.0, 2.5, nan, inf, "3", None, True, [3], 1j]
NOT_INTEGERS = [1.0, "1", None, True, 1j, [], [1.5], [True], ["a"], [[1], [1, 2]], [2**63], 2**70]

#: A range: its words, its bounds, what lies in it, and what does not.
RANGES = {
    "number": ("a finite number", "", [-1e300, 0, np.float32(2)], NOT_A_NUMBER),
    "positive": ("a finite number > 0", "> 0", [5e-324, 1e300], [*NOT_A_NUMBER, 0, -0.0, -1e-300]),
    "not_negative": ("a finite number >= 0", ">= 0", [0, -0.0, 1], [*NOT_A_NUMBER, -1e-300]),
    "unit_interval": ("a number in [0, 1]", "in [0, 1]", [0, 1], [*NOT_A_NUMBER, -1e-9, 1.0000001]),
    "open_unit_interval":
        ("a number in (0, 1)", "in (0, 1)", [1e-9, 0.9999999], [*NOT_A_NUMBER, 0, 1, -1, 2]),
    "natural": ("an integer >= 0", ">= 0", [0, 10**30], [*NOT_AN_INTEGER, -1]),
    "count": ("an integer >= 1", ">= 1", [1, 10**30], [*NOT_AN_INTEGER, 0, -1]),
    "flag": ("True or False", "", [True, np.False_], [1, 0, "x", None, nan, []]),
    "numbers":
        ("a finite number, or an array of such numbers", "", [1, [[-1.5]]], NOT_NUMBERS),
    "positives": (
        "a finite number > 0, or an array of such numbers", "> 0",
        [1, [[1e-300]]], [*NOT_NUMBERS, 0, [1, 0], [-1e-300]],
    ),
    "not_negatives": (
        "a finite number >= 0, or an array of such numbers", ">= 0",
        [0, [0, 1]], [*NOT_NUMBERS, -1, [1, -1]],
    ),
    "naturals": (
        "an integer >= 0, or an array of such integers", ">= 0",
        [0, [[0, 2**63 - 1]]], [*NOT_INTEGERS, -1, [0, -1]],
    ),
    "counts": (
        "an integer >= 1, or an array of such integers", ">= 1",
        [1, range(1, 3)], [*NOT_INTEGERS, 0, [1, 0]],
    ),
    "sequence": (
        "a non-empty one-dimensional sequence of finite numbers", "",
        [(1, 2), [0.5]], [*NOT_NUMBERS, 1.0, [[1.0]]],
    ),
}
#: The same of ranges that have no name, by how they are made.
MADE = {
    Real(0, 1, ends="("): ("a number in (0, 1]", "in (0, 1]", [1], [0, 1.1]),
    Real(high=0, ends=")", note="so"): ("a finite number < 0 (so)", "< 0", [-1e300], [0, 1, -inf]),
    Real(high=2): ("a finite number <= 2", "<= 2", [2, -1], [2.1, inf, -inf, nan]),
    Real(finite=False): ("a number", "", [nan, inf, -inf, 0], ["1", None, True]),
    Integer(2, 5): ("an integer in 2 ... 5", "in 2 ... 5", [2, 5], [1, 6, 10**30, 2.0]),
    Integer(1, 2, "so"): ("an integer in 1 ... 2 (so)", "in 1 ... 2", [1, 2], [0, 3]),
    Array(Integer(0, 5)): (
        "an integer in 0 ... 5, or an array of such integers", "in 0 ... 5",
        [[0, 5]], [[6], -1, 2**63],
    ),
    Array(Real(0, 1), ndim=1, most=2): (
        "a sequence of 1 to 2 numbers in [0, 1]", "in [0, 1]",
        [[0, 1], [1]], [[], 0.5, [[0.5]], [0.1] * 3, [2]],
    ),
    Array(Real(0, ends="("), ndim=1, least=2, increasing=True): (
        "at least two increasing finite numbers > 0", "> 0",
        [[1, 2]], [[1], [2, 1], [1, 1], [0, 1], [[1, 2]]],
    ),
    Array(Real(), least=2, text="points"): ("points", "", [[1, 2], [[1, 2]]], [1, [1], [[1], [1]]]),
    OrNone(Real(0)): ("a finite number >= 0, or None", ">= 0", [None, 0], [-1, "1"]),
    Options("min", "max", None): ("'min', 'max' or None", "", [None], ["", "mi", 3, ["min"]]),
    Options(*"abcd"): ("one of a, b, c, d", "", ["d"], ["e", None, nan, np.array(["a", "b"])]),
    Instance(Parameters): ("an arbook.Parameters", "", [P], [None, Parameters, 3]),
}
# fmt: on
RANGES = {name: (getattr(ranges, name), *row) for name, row in RANGES.items()}
RANGES |= {of.words: (of, *row) for of, row in MADE.items()}


@pytest.mark.parametrize("name", RANGES)
def test_a_range_says_and_checks_one_thing(name):
    of, words, bounds, right, wrong = RANGES[name]
    assert (of.words, of.bounds) == (words, bounds)
    for value in (*right, *of.good()):
        of("x", value)
    for value in (*wrong, *of.bad()):
        with pytest.raises(ParameterError, match=f"^x must be {re.escape(words)}, got "):
            of("x", value)


def test_every_named_range_is_tested():
    assert {k for k, v in vars(ranges).items() if isinstance(v, Range)} <= set(RANGES)


def test_edges_lie_next_to_each_other():
    assert Real(0, 1).good() == [0, 1]
    assert {-5e-324, np.nextafter(1, 2)} <= {x for x in Real(0, 1).bad() if isinstance(x, float)}
    # of type int, for True is 1 as well
    assert {0, 1} <= {x for x in Real(0, 1, ends="()").bad() if type(x) is int}
    assert Integer(2, 5).good() == [2, 5]
    assert {1, 6} <= {x for x in Integer(2, 5).bad() if type(x) is int}
    assert Array(Real(0, 1)).good() == [[0], [1]]
    lists = [x for x in Array(Integer(2, 5)).bad() if isinstance(x, list)]
    assert [3, 1] in lists
    assert [3, 6] in lists


def test_junk_holds_what_numpy_would_misread():
    for of in (ranges.numbers, ranges.naturals):
        assert {"m", "M"} <= {x.dtype.kind for x in of.bad() if isinstance(x, np.ndarray)}
        assert any(np.ma.is_masked(x) for x in of.bad() if isinstance(x, np.ndarray))
        assert any(isinstance(x, list) and x and np.ma.is_masked(x[0]) for x in of.bad())
    for of in (ranges.number, ranges.count):
        assert any(isinstance(x, np.timedelta64) for x in of.bad())
    assert {inf, -inf, 10**400} <= {x for x in ranges.number.bad() if type(x) in (int, float)}
    assert {"1.0", "[1.5]", "[9223372036854775808]"} <= set(map(repr, ranges.naturals.bad()))
    assert Instance(str).bad() == [None, 3, [], str]
    assert [x for x in flag.bad() if type(x) is int] == [1, 0]


def test_junk_of_a_sequence_is_just_outside_each_of_its_bounds():
    of = Array(Real(0), ndim=1, least=2, most=3, increasing=True)
    finite = {"[0.75, nan]", "[inf]", "[0.75, -5e-324]"}
    ndim = {"0.75", "[[0.75, 0.75]]"}
    length = {"[0.75]", "[0.75, 0.75, 0.75, 0.75]"}
    increasing = {"[0.75, 0.75]", "[0.75, 0.375]"}
    assert finite | ndim | length | increasing <= set(map(repr, of.bad()))


@pytest.mark.parametrize("value", [2, 2.0, np.float32(2), np.int8(2), Fraction(2), np.array(2)])
def test_number_accepts_every_real(value):
    result = ranges.number("x", value)
    assert type(result) is float
    assert result == 2.0


@pytest.mark.parametrize("value", [2, np.int8(2), np.uint64(2), np.array(2)])
def test_count_accepts_every_integer(value):
    result = ranges.count("n", value)
    assert type(result) is int
    assert result == 2


def test_arrays_keep_their_shape():
    assert ranges.naturals("n", 3).shape == ()
    assert ranges.naturals("n", [[1, 2]]).tolist() == [[1, 2]]
    assert ranges.naturals("n", np.array([5], dtype=np.uint8)).dtype == np.int64
    assert ranges.naturals("n", range(3)).tolist() == [0, 1, 2]
    assert ranges.numbers("x", [[1, 2]]).dtype == np.float64
    assert np.isnan(Array(Real(finite=False))("x", [nan])).all()
    assert ranges.sequence("x", (1, 2)).tolist() == [1.0, 2.0]


def test_short_and_long_floats_are_compared_as_doubles():
    assert Array(Real(0, 1e150))("x", np.float16([1, 2])).tolist() == [1, 2]
    with pytest.raises(ParameterError, match=r"^x must be a finite number"):
        ranges.numbers("x", np.array(["1e400"]).astype(np.longdouble))


def test_the_part_that_is_wrong_is_shown():
    with pytest.raises(ParameterError, match=r"got -2\.0$"):
        ranges.positives("x", [1.0, -2.0, -3.0])
    with pytest.raises(ParameterError, match=r"got an array of shape \(1, 2\)$"):
        ranges.sequence("x", [[1.0, 2.0]])
    with pytest.raises(ParameterError, match=r"got 5$"):
        ranges.sequence("x", 5)


@pytest.mark.parametrize("value", [True, False, np.True_, np.False_])
def test_flag_accepts_every_bool(value):
    assert flag("x", value) is bool(value)


# ---------------------------------------------------------------- values that NumPy would misread


class Wild:
    """An object whose every attribute is an error of its own."""

    def __getattribute__(self, name):
        raise RuntimeError(name)


class Odd:
    """An object whose methods do what they should not."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        if isinstance(self.text, Exception):
            raise self.text
        return self.text

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError


@pytest.mark.parametrize("text", [ValueError("no"), 3, None, "x" * 10**6], ids=type)
@pytest.mark.parametrize("name", RANGES)
def test_an_object_without_a_sound_repr_is_refused_as_any_other(name, text):
    of, words, *_ = RANGES[name]
    with pytest.raises(ParameterError, match=r"^x must be ") as caught:
        of("x", Odd(text))
    assert re.search(r", got (an object of class Odd|x{57}\.\.\.)$", str(caught.value))
    assert len(str(caught.value)) < len(words) + 100


def test_a_number_with_more_digits_than_python_shows_is_refused():
    for check in (ranges.number, ranges.numbers):
        with pytest.raises(ParameterError, match="got an object of class int"):
            check("x", 10**5000)


def test_an_objective_without_a_sound_repr_is_refused():
    for call, name in ((laboratory.OnePlusOne, "rule"), (arbook.plots.plot_sealed_runs, "runs")):
        with pytest.raises(ParameterError, match=f"^{name} must be "):
            call(Wild())
    with pytest.raises(ParameterError, match="got an object of class Odd"):
        arbook.autoresearch(lambda x: Odd(ValueError()), lambda x, rng: x, 0, 2, seed=1)


TIMES = [
    np.timedelta64(3, "ns"), np.timedelta64(3, "s"), np.timedelta64(3), np.datetime64(3, "s"),
    np.array(3, "m8[s]"), np.timedelta64("NaT"),
]  # fmt: skip


@pytest.mark.parametrize("time", TIMES, ids=repr)
def test_times_are_no_numbers(time):
    of_one = (ranges.number, ranges.count, ranges.natural, Integer(1, 5))
    of_many = (ranges.numbers, ranges.naturals, ranges.sequence, Array(Real(finite=False)))
    for of in of_one:
        with pytest.raises(ParameterError, match=r"^x must be"):
            of("x", time)
    for of in of_many:
        with pytest.raises(ParameterError, match=r"^x must be"):
            of("x", [time])
        with pytest.raises(ParameterError, match=r"^x must be"):
            of("x", np.array([time]))
    for array in (np.array([time]), np.array([time], dtype=object)):
        with pytest.raises(ParameterError, match=r"^value must be an array of numbers"):
            RunLog(value=array, status=["keep"])
    with pytest.raises(ParameterError, match=r"^objective must return a number"):
        arbook.autoresearch(lambda x: time, lambda x, rng: x, 0, 2, seed=1)
    with pytest.raises(ParameterError, match=r"^objective must be a function that returns one num"):
        landscapes.search(lambda x: np.array([time]), [1.0], landscapes.Decay(0.1), 3)


def test_masked_values_are_refused_and_a_mask_that_hides_nothing_is_none():
    hidden = np.ma.array([1.0, 5.0], mask=[False, True])
    for wrong in (hidden, [hidden, hidden], [np.ma.masked, 1.0], (1.0, np.ma.masked)):
        for of in (ranges.numbers, ranges.positives, Array(Real(finite=False))):
            with pytest.raises(ParameterError, match=r"^x must be"):
                of("x", wrong)
    for wrong in (np.ma.masked, np.ma.array(3, mask=True)):
        for of in (ranges.number, ranges.count, ranges.numbers, ranges.naturals):
            with pytest.raises(ParameterError, match=r"^x must be"):
                of("x", wrong)
    with pytest.raises(ParameterError, match=r"^value must be an array of numbers"):
        RunLog(value=hidden, status=["keep", "keep"])
    with pytest.raises(ParameterError, match=r"^status must be an array without a mask"):
        RunLog(value=[1.0, 0.9], status=np.ma.array(["keep", "keep"], mask=[False, True]))
    with pytest.raises(ParameterError, match=r"^objective must return a number"):
        arbook.autoresearch(lambda x: np.ma.masked, lambda x, rng: x, 0, 2, seed=1)
    with pytest.raises(ParameterError, match=r"^objective must be a function that returns one num"):
        landscapes.search(lambda x: hidden, [1.0], landscapes.Decay(0.1), 3, 2)
    shown = np.ma.array([1.0, 5.0], mask=[False, False])
    assert ranges.numbers("x", shown).tolist() == [1.0, 5.0]
    assert ranges.count("n", np.ma.array(3)) == 3


# ---------------------------------------------------------------- objects and functions


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
    for check in (ranges.numbers, ranges.sequence):
        check("x", given)[0] = 5
    assert given.tolist() == [1.0, 2.0]
