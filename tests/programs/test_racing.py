"""Racing and conditions: promises and laws against simulation, oracles and limits."""

import json
import math

import numpy as np
import pytest
from scipy.stats import norm

from arbook import ParameterError, Parameters, expected_gain_area, gain_area_std, simulate
from arbook.programs import (
    AreaMoments,
    Choice,
    Conditions,
    Elimination,
    ModelRuns,
    Program,
    best_program,
    bold_crashes,
    gain_area_moments,
    race,
    race_margin,
    rank,
    runs_needed,
    sample_programs,
    selection_bias,
    simulate_gain_areas,
    simulate_selection,
    successive_halving,
    uniform,
)

SHELF = [Program(name, Parameters(0.011 - 0.001 * i, 0.97)) for i, name in enumerate("ABCD")]


def normal_sampler(means, std, seed, common=0.0, most=1500):
    """Return a sampler of normal values with a share of common luck."""
    rng = np.random.default_rng(seed)
    own, shared = rng.standard_normal((len(means), most)), rng.standard_normal(most)
    luck = math.sqrt(1 - common) * own + math.sqrt(common) * shared
    values = np.asarray(means)[:, None] + std * luck
    return lambda program, run: values[program, run]


# ---------------------------------------------------------------- the promise of a race


@pytest.mark.parametrize(
    ("means", "common", "error"),
    [([0.5, 0.0], 0.0, 0.2), ([0.5, 0.0, 0.0, 0.0], 0.0, 0.2), ([0.2, 0.0, 0.0], 0.8, 0.1)],
)
def test_a_race_keeps_its_promise(means, common, error):
    """Lead equal to the indifference, the hardest case: right in 1 - error, less 3 standard errors.

    And not always right: a race that spends far too much would pass the first check, too.
    """
    n = 250
    right = [
        race(
            range(len(means)), normal_sampler(means, 1.0, seed, common),
            indifference=max(means), error=error, first_runs=8,
        ).best == 0
        for seed in range(n)
    ]  # fmt: skip
    assert np.mean(right) >= 1 - error - 3 * math.sqrt(error * (1 - error) / n)
    assert not all(right)


def test_a_race_is_cheaper_on_stairs():
    """With runs of the model: two thirds of what even shares need to be right with 97 %.

    (The race is right more often than that: with 99.7 % in the benchmark, where the ratio is less
    than 0.3.) The mean cost of 30 races has a standard error of 5 %: 0.8 is four of them away.
    """
    stairs = [Program(str(i), Parameters(0.011 - 0.001 * i, 0.97)) for i in range(8)]
    found = [
        race(stairs, ModelRuns(stairs, 30, seed=seed), indifference=lead(stairs, 30))
        for seed in range(30)
    ]
    ranking = rank(stairs, 30)
    right = np.mean([choice.best == 0 for choice in found])
    assert right >= 0.95 - 3 * math.sqrt(0.05 * 0.95 / 30)
    even = runs_needed([r.mean for r in ranking], [r.std for r in ranking], 0.97)
    assert np.mean([choice.total for choice in found]) <= 0.8 * 8 * even


def lead(programs, n):
    """Return by how much the best program leads."""
    ranking = rank(programs, n)
    return ranking[0].mean - ranking[1].mean


def test_common_luck_shortens_a_race():
    shelf = [Program("a", Parameters(0.01, 0.97)), Program("b", Parameters(0.0098, 0.965))]
    shared, apart = (
        race(shelf, ModelRuns(shelf, 50, seed=4, common=common), indifference=0.2)
        for common in (True, False)
    )
    assert shared.program.name == apart.program.name == "a"
    assert shared.total < apart.total / 2


def test_margin_by_hand():
    """With 3 runs and 2 programs the factor is (1/alpha - 1)/2; with many, what Wald's test has."""
    got = race_margin([0.0, 2.0], 2, indifference=0.5, error=0.05, first_runs=3)
    assert got == pytest.approx([0, (1 / 0.05 - 1) / 2 * 2 / 0.5])
    known = race_margin(2.0, 8, indifference=0.5, error=0.05, first_runs=10**6)
    assert known == pytest.approx(2.0 / (2 * 0.5) * math.log(7 / 0.05), rel=1e-4)


def test_margin_of_equal_runs_is_nothing_whatever_the_factor():
    """Here the factor is no double."""
    rare = {"indifference": 1.0, "error": 1e-100, "first_runs": 2}
    assert race_margin([0.0, 1.0], 10**310, **rare).tolist() == [0.0, math.inf]


def test_margins_and_races_have_the_same_defaults():
    usual = race_margin(2.0, 3, indifference=0.5)
    assert usual == race_margin(2.0, 3, indifference=0.5, error=0.05, first_runs=20)


def test_a_race_with_a_bad_parameter_makes_no_run():
    record = []
    with pytest.raises(ParameterError, match=r"^error must be "):
        race("ab", lambda program, run: 1.0, indifference=1.0, error=0.7, record=record)
    assert not any(record)


@pytest.mark.parametrize("first_runs", [4, 20])
def test_a_walk_passes_the_margin_as_rarely_as_promised(first_runs):
    """The mean of exp(-2 d w / s^2) over sample variances, to 5 standard errors."""
    d, s2, n = 0.3, 1.7, 200_000
    sample = np.random.default_rng(3).chisquare(first_runs - 1, n) * s2 / (first_runs - 1)
    w = race_margin(sample, 5, indifference=d, error=0.08, first_runs=first_runs)
    bound = np.exp(-2 * d * w / s2)
    assert abs(bound.mean() - 0.08 / 4) <= 5 * bound.std() / math.sqrt(n)


def test_a_race_step_by_step():
    """Values without noise end a race at once; the margin decides when there is some."""
    choice = race("ab", lambda program, run: float(program == "b"), indifference=0.1)
    assert (choice.best, choice.program, choice.runs.tolist()) == (1, "b", [20, 20])
    assert choice.eliminations == (Elimination(0, 20),)
    assert choice.means.tolist() == [0.0, 1.0]

    def sample(program, run):  # b leads by 1 on average; the difference alternates by +-2
        return 0.0 if program == "a" else 1.0 + 2 * (-1) ** run

    variance = np.var([1 + 2 * (-1) ** run for run in range(6)], ddof=1)
    choice = race("ab", sample, indifference=1.0, first_runs=6)
    dropped = choice.eliminations[0].runs
    margin = race_margin(variance, 2, indifference=1.0, first_runs=6)
    ahead = np.cumsum([sample("b", run) for run in range(39)]) > margin
    assert dropped == 1 + int(np.argmax(ahead)) > 6
    assert choice.runs.tolist() == [dropped, dropped]


def test_equal_programs_end_too():
    choice = race("abc", lambda program, run: float(run), indifference=1.0)
    assert (choice.best, choice.total, choice.eliminations) == (0, 60, ())
    assert race("a", lambda program, run: 1.0, indifference=1.0).total == 20
    # and where only luck tells them apart, after some (w/S)^2 runs
    choice = race(range(2), normal_sampler([0.0, 0.0], 1.0, seed=1), indifference=0.5)
    assert 20 <= choice.runs[0] < 1500


# ---------------------------------------------------------------- the other two


def test_even_shares():
    choice = uniform(range(3), lambda program, run: program * run, 5)
    assert choice.runs.tolist() == [5, 5, 5]
    assert choice.means.tolist() == [0, 2, 4]
    assert choice.best == 2


@pytest.mark.parametrize(("size", "budget"), [(8, 24), (8, 100), (5, 60), (3, 31), (2, 7), (1, 4)])
def test_halving_spends_its_budget(size, budget):
    """Not more than the budget, and less by fewer runs than there are programs left."""
    choice = successive_halving(range(size), lambda program, run: program + run % 2, budget)
    assert choice.best == size - 1
    assert budget - 2 < choice.total + 1 <= budget + 1
    assert len(choice.eliminations) == size - 1
    kept = [size]
    while kept[-1] > 1:
        kept.append((kept[-1] + 1) // 2)
    at = [e.runs for e in choice.eliminations]
    assert [at.count(runs) for runs in dict.fromkeys(at)] == [-d for d in np.diff(kept)]


@pytest.mark.parametrize(
    ("sigma0s", "gap", "error"),
    [([0.011 - 0.001 * i for i in range(8)], 7.3, 1.8), ([0.011] + 7 * [0.010], 4.0, 2.1)],
)
def test_halving_against_even_shares_over_six_hundred_contests(sigma0s, gap, error):
    """Of "A meta-budget": in how many more of a hundred it is right, and the error."""
    shelf = [Program(str(i), Parameters(s, 0.97)) for i, s in enumerate(sigma0s)]
    nights = [ModelRuns(shelf, 100, seed=seed) for seed in range(600)]
    right = np.array(
        [
            (uniform(shelf, night, 5).best == 0, successive_halving(shelf, night, 40).best == 0)
            for night in nights
        ]
    )
    more = 100.0 * np.diff(right.astype(int), axis=1)
    assert more.mean() == pytest.approx(gap, abs=0.05)
    assert more.std() / 600**0.5 == pytest.approx(error, abs=0.05)


def test_halving_uses_all_runs_of_a_program():
    """In the second round a does better, over all its runs b."""
    values = {"a": [0.0, 5, 5, 5, 5], "b": [8.0, 4, 4, 4, 4], "c": [-1.0], "d": [-2.0]}
    choice = successive_halving("abcd", lambda program, run: values[program][run], 12)
    assert choice.runs.tolist() == [5, 5, 1, 1]
    assert choice.program == "b"


@pytest.mark.parametrize("size", [2, 5])
def test_runs_needed(size):
    """The definition, and for two programs the closed form."""
    means, stds = [1.0] + (size - 1) * [0.8], size * [0.5]
    n = runs_needed(means, stds, 0.9)
    win = [
        selection_bias(means, np.array(stds) / math.sqrt(m)).win_probability[0] for m in (n - 1, n)
    ]
    assert win[0] < 0.9 <= win[1]
    if size == 2:
        assert n == math.ceil(2 * (norm.ppf(0.9) * 0.5 / 0.2) ** 2)


def test_runs_that_no_one_could_make_are_not_looked_for():
    for tie in (1.0 + 1e-15, 1.0 + 2.3e-16):
        with pytest.raises(ParameterError, match=r"^probability must be one that \d+ runs of each"):
            runs_needed([1.0, tie], [1.0, 1.0], 0.9)


# ---------------------------------------------------------------- records, samplers


def test_same_seed_same_race():
    one, two, other = (
        race(SHELF, ModelRuns(SHELF, 20, seed=seed), indifference=0.3) for seed in (1, 1, 2)
    )
    assert one.runs.tolist() == two.runs.tolist()
    assert one.means.tolist() == two.means.tolist() != other.means.tolist()


def test_model_runs_are_those_of_sample_programs():
    for common in (False, True):
        runs = ModelRuns(SHELF, 20, seed=3, common=common)
        areas = sample_programs(SHELF, 20, 100, seed=3, common=common)
        for run in (70, 3, 99, 0):  # in any order
            assert [runs(p, run) for p in SHELF] == [areas[p.name][run] for p in SHELF]
    with pytest.raises(ParameterError, match=r"^program must be one of the programs"):
        runs(Program("new", Parameters(0.01, 0.9)), 0)
    with pytest.raises(ParameterError, match=r"^run must be an integer >= 0"):
        runs(SHELF[0], -1)


def test_a_contest_goes_on_after_an_interruption():
    """Nothing is paid for twice, and the result is that of a contest without interruption."""
    sampler, made = normal_sampler([0.3, 0.1, 0.0], 1.0, seed=5), []

    def interrupted(program, run):
        if len(made) == 55:
            made.append(None)
            raise KeyboardInterrupt
        made.append((program, run))
        return float(sampler(program, run))

    record = []
    with pytest.raises(KeyboardInterrupt):
        race(range(3), interrupted, indifference=0.2, record=record)
    record = json.loads(json.dumps(record))
    assert sum(map(len, record)) == 55
    choice = race(range(3), interrupted, indifference=0.2, record=record)
    whole = race(range(3), sampler, indifference=0.2)
    assert choice.runs.tolist() == whole.runs.tolist() == [len(values) for values in record]
    assert choice.best == whole.best
    made.remove(None)
    assert len(made) == len(set(made)) == whole.total


def test_progress_counts_runs(capsys):
    uniform("ab", lambda program, run: 1.0, 7, progress=True)
    assert "14run" in capsys.readouterr().err


def test_the_bar_is_closed_whatever_happens(monkeypatch):
    done = []

    class Bar:
        def __init__(self, unit):
            done.append(unit)

        def update(self, n):
            done.append(n)

        def close(self):
            done.append("closed")

    monkeypatch.setattr("tqdm.auto.tqdm", Bar)
    uniform("ab", lambda program, run: 1.0, 3, progress=True)
    assert done == ["run", 3, 3, "closed"]
    with pytest.raises(ZeroDivisionError):
        uniform("ab", lambda program, run: 1 / 0, 3, progress=True)
    assert done[4:] == ["run", "closed"]


def test_a_contest_is_silent_unless_asked(capsys):
    uniform("ab", lambda program, run: 1.0, 1)
    successive_halving("ab", lambda program, run: 1.0, 2)
    race("ab", lambda program, run: 1.0, indifference=1.0)
    assert capsys.readouterr().err == ""


def test_choice_is_shown():
    choice = uniform(["<b>", "c"], lambda program, run: float(program == "c"), 2)
    assert repr(choice) == "Choice(best='c', total=4 runs)"
    html = choice._repr_html_()
    assert "<b>" not in html
    assert "&lt;b&gt;" in html
    assert html.index("c (chosen)") < html.index("&lt;b&gt;")
    assert isinstance(choice, Choice)


# ---------------------------------------------------------------- selection bias


@pytest.mark.parametrize(
    ("means", "errors"),
    [
        ([10.12] + 7 * [9.20], 8 * [2.06]),
        ([1.0, 0.0, 0.5], [0.01, 2.0, 0.3]),
        ([0.0, 3.0], [1.0, 1e-6]),
        (list(np.linspace(0, 1, 20)), 20 * [0.5]),
    ],
)
def test_selection_bias_agrees_with_contests(means, errors):
    """Frequencies and means within 5 standard errors."""
    n = 100_000
    law, contests = (
        selection_bias(means, errors),
        simulate_selection(means, errors, n, seed=1),
    )
    share = np.bincount(contests.chosen, minlength=len(means)) / n
    w = law.win_probability
    assert w.sum() == pytest.approx(1, abs=1e-9)
    assert (abs(share - w) <= 5 * np.sqrt(w * (1 - w) / n) + 1e-9).all()
    for found, expected in (
        (contests.reported, law.reported),
        (contests.true, law.true),
        (contests.reported - contests.true, law.bias),
    ):
        assert abs(found.mean() - expected) <= 5 * found.std() / math.sqrt(n) + 1e-9
    assert law.bias > 0


def test_selection_bias_in_closed_form():
    """Two: w = Phi(gap / s), bias s phi(gap / s), s^2 = s1^2 + s2^2. Three: 1.5 / sqrt(pi)."""
    s = math.hypot(0.3, 0.4)
    law = selection_bias([1.0, 0.8], [0.3, 0.4])
    assert law.win_probability == pytest.approx(norm.cdf([0.2 / s, -0.2 / s]), rel=1e-10)
    assert law.bias == pytest.approx(s * norm.pdf(0.2 / s), rel=1e-10)
    assert selection_bias([5] * 3, [1] * 3).bias == pytest.approx(1.5 / math.sqrt(math.pi))
    alone = selection_bias([2.0], [1.0])
    assert (alone.true, alone.win_probability.tolist()) == (pytest.approx(2), [pytest.approx(1)])
    assert alone.bias == pytest.approx(0, abs=1e-12)


# ---------------------------------------------------------------- conditions

P = Parameters(0.01, 0.97)
HARD = [
    Conditions(crash=0.3),
    Conditions(crash=bold_crashes(0.01)),
    Conditions(floor=0.95),
    Conditions(floor=0.97, crash=0.2),
    Conditions(floor=0.97, crash=bold_crashes(0.02), price=20.0),
    Conditions(f0=5.0, floor=4.95),
    Conditions(crash=1.0),
]


@pytest.mark.parametrize("conditions", HARD)
@pytest.mark.parametrize("p", [P, Parameters(0.03, 0.8, -0.002), Parameters(0.002, 0.99, -0.002)])
def test_conditions_agree_with_simulation(p, conditions):
    """Mean and standard deviation of the gain area within 5 standard errors."""
    n_runs = 6_000
    law = gain_area_moments(p, 40, conditions)
    area = simulate_gain_areas(p, 40, n_runs, conditions, seed=2)
    assert abs(area.mean() - law.mean) <= 5 * area.std() / math.sqrt(n_runs) + 1e-12
    fourth = ((area - area.mean()) ** 4).mean()
    error = math.sqrt(max(fourth - area.var() ** 2, 0) / n_runs) / (2 * max(area.std(), 1e-12))
    assert abs(area.std() - law.std) <= 5 * error + 1e-12


def test_no_conditions_are_the_stated_model():
    law = gain_area_moments(P, 100)
    assert law == pytest.approx((expected_gain_area(P, 100), gain_area_std(P, 100)), rel=1e-12)
    far = gain_area_moments(P, 100, Conditions(floor=-10.0))
    assert far == law
    near = gain_area_moments(P, 100, Conditions(floor=0.7))  # 7 deviations away, on the lattice
    assert near == pytest.approx(law, rel=1e-4)
    runs = simulate(P, 30, 50, seed=7).gain_area
    np.testing.assert_array_equal(simulate_gain_areas(P, 30, 50, seed=7), runs)


def test_one_experiment_below_a_floor():
    """N = 1: E[min(g, I)] = E[I] - E[(I - g)^+], both positive parts of a normal."""
    p, room = Parameters(0.02, 0.9, -0.005), 0.03
    law = gain_area_moments(p, 1, Conditions(floor=1 - room))

    def positive_part(m):
        return m * norm.cdf(m / 0.02) + 0.02 * norm.pdf(m / 0.02)

    assert law.mean == pytest.approx(positive_part(0.005) - positive_part(0.005 - room), rel=1e-6)


def test_crashes_thin():
    assert gain_area_moments(P, 50, Conditions(crash=0.25)).mean == pytest.approx(
        0.75 * expected_gain_area(P, 50)
    )
    assert gain_area_moments(P, 50, Conditions(crash=1.0)) == AreaMoments(0.0, 0.0)


def test_the_argmax_moves():
    shelf = [
        Program("careful", Parameters(0.004, 0.990)),
        Program("balanced", Parameters(0.010, 0.970)),
        Program("bold", Parameters(0.020, 0.900)),
        Program("skilled", Parameters(0.006, 0.970, -0.0008)),
    ]
    found = {
        name: best_program(shelf, 100, conditions).name
        for name, conditions in {
            "stated": Conditions(),
            "price": Conditions(price=50.0),
            "crashes": Conditions(crash=bold_crashes(0.01)),
            "floor": Conditions(floor=0.95),
        }.items()
    }
    assert found == {
        "stated": "balanced",
        "price": "skilled",
        "crashes": "skilled",
        "floor": "bold",
    }
    areas = sample_programs(shelf, 100, 3000, seed=1, conditions=Conditions(floor=0.95))
    assert max(areas, key=lambda name: areas[name].mean()) == "bold"


def test_first_runs_of_more_are_those_of_fewer():
    conditions = Conditions(crash=0.3, floor=0.97)
    few, many = (simulate_gain_areas(P, 25, n, conditions, seed=1) for n in (20, 300))
    np.testing.assert_array_equal(few, many[:20])


# ---------------------------------------------------------------- bad input


def test_a_margin_that_is_no_double_ends_no_race():
    assert race_margin([0.0, 1e308], 3, indifference=1e-300).tolist() == [0.0, math.inf]
    values = [[1e149, -1e149], [0.0, 2.0]]
    with pytest.raises(ParameterError, match=r"^indifference must be larger where .* got 1e-50"):
        race("ab", lambda p, r: values["ab".index(p)][r % 2], indifference=1e-50)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: uniform(3, len, 1), "programs must be an iterable"),
        (lambda: uniform([], len, 1), "programs must be at least one"),
        (lambda: uniform("ab", 3, 1), "sample must be a function"),
        (lambda: uniform("ab", lambda *_: math.nan, 1), r"sample\(program, run\) must be a num"),
        (lambda: uniform("ab", lambda *_: "1", 1), r"sample\(program, run\) must be a num"),
        (lambda: uniform("ab", lambda *_: 1.0, 0), "n_runs must be an integer >= 1"),
        (lambda: uniform("ab", lambda *_: 1.0, 1, record=3), "record must be a list of lists"),
        (lambda: uniform("ab", lambda *_: 1.0, 1, record=[[]]), "record must be empty, or a list"),
        (lambda: uniform("a", lambda *_: 1.0, 1, record=[["x"]]), "record must be a list of lists"),
        (lambda: successive_halving("abcd", lambda *_: 1.0, 7), "budget must be an integer >= 8"),
        (lambda: race("ab", lambda *_: 1.0, indifference=0), "indifference must be a finite num"),
        (lambda: race("a", lambda *_: 1.0, indifference=-1), "indifference must be a finite num"),
        (lambda: race("ab", lambda *_: 1.0, indifference=1, error=0.5), r"error must be .*0, 0.5"),
        (lambda: race("ab", lambda *_: 1.0, indifference=1, first_runs=1), "first_runs must be an"),
        (lambda: race_margin(-1.0, 2, indifference=1), "variance must be a finite number >= 0"),
        (lambda: race_margin(1.0, 1, indifference=1), "n_programs must be an integer >= 2"),
        (lambda: selection_bias([1, 2], [1]), "errors must have one entry for each of the 2"),
        (
            lambda: selection_bias([1, 2], [1, 0]),
            r"errors must be a non-empty .* in \(0, 1e\+150\]",
        ),
        (lambda: selection_bias([], []), "means must be a non-empty"),
        (lambda: simulate_selection([1], [1], 0, seed=1), "n_contests must be an integer >= 1"),
        (lambda: runs_needed([1, 1], [1, 1], 0.9), "means must be numbers of which one"),
        (lambda: runs_needed([1, 2], [1, 1], 1.0), r"probability must be a number in \(0, 1\)"),
        (lambda: Conditions(crash=-0.1), r"crash must be a number in \[0, 1\]"),
        (lambda: Conditions(crash="1"), r"crash must be a number in \[0, 1\]"),
        (
            lambda: Conditions(floor=1.0),
            r"floor must be a finite number < 1 \(f0; or -inf\), got 1.0",
        ),
        (lambda: Conditions(floor=math.nan), "floor must be a finite number < 1"),
        (lambda: Conditions(price=-3), "price must be a finite number >= 0"),
        (lambda: Conditions(f0=math.inf), "f0 must be a finite number"),
        (lambda: bold_crashes(0), "kappa must be a finite number > 0"),
        (
            lambda: gain_area_moments(P, 5, Conditions(crash=lambda s: s + 1)),
            r"crash\(sigma\) must be one number in \[0, 1\]",
        ),
        (
            lambda: gain_area_moments(P, 5, Conditions(crash=lambda s: [0.1])),
            r"crash\(sigma\) must be one number in \[0, 1\]",
        ),
        (lambda: gain_area_moments(P, 0), "n_experiments must be an integer in 1 ... 10000000"),
        (lambda: gain_area_moments((1, 2), 5), "p must be an arbook.Parameters"),
        (lambda: simulate_gain_areas(P, 5, 5, seed=-1), "seed must be an integer >= 0"),
        (lambda: rank(SHELF, 5, "hard"), "conditions must be an arbook.programs.Conditions"),
        (
            lambda: ModelRuns(SHELF, 5, seed=1, conditions=3),
            "conditions must be an arbook.prog",
        ),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ParameterError, match=f"^{message}"):
        call()
