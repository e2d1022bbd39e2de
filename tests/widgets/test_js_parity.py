"""The mathematics of the front end (`arbook/widgets/model`, run in Node) against `arbook`."""

import math
from dataclasses import asdict, replace

import draws
import node
import numpy as np
import pytest
from doubles import programs as shelves
from doubles.laboratory import CoverExplorer, simulate
from doubles.landscapes import LandscapeExplorer
from doubles.model import UpdateRuleExplorer, frequency_band
from doubles.noise import KeepRulesExplorer, NoiseExplorer
from doubles.programs import ConditionsExplorer, RacingExplorer
from scipy.stats import ks_2samp, sem

import arbook
from arbook import Parameters, RunLog, agents, landscapes, logs, programs
from arbook import noise as noise_laws
from arbook.noise import kalman
from arbook.noise.traces import Trace
from arbook.runs import gaining, keeping
from arbook.runs.continuing import of_population
from arbook.runs.places import place
from arbook.runs.scales import scaled
from arbook.widgets.landscape import STARTS
from arbook.widgets.night import surrogate
from arbook.widgets.update_rule import BASELINE

N_SETS = 5_000
TIMES = (0, 1, 7, 50, 199)
LENGTHS = (1, 10, 100, 200)

# ---------------------------------------------------------------- laws

#: Laws of one experiment: JavaScript name, arguments, and the twin.
AT = {
    "stepSize": arbook.step_size,
    "keepProbability": arbook.keep_probability,
    "expectedImprovement": arbook.expected_improvement,
    "improvementStd": arbook.improvement_std,
}
#: Laws of n experiments.
OF = {
    "frontierStd": arbook.frontier_std,
    "expectedGainArea": arbook.expected_gain_area,
    "gainAreaStd": arbook.gain_area_std,
    "expectedKeeps": arbook.expected_keeps,
    "keepsStd": arbook.keeps_std,
    "noKeepProbability": arbook.no_keep_probability,
}


def random_sets() -> list[Parameters]:
    """Return parameters all over the explorers' ranges, and some way beyond."""
    rng = np.random.default_rng(20260301)
    sigma0 = 10 ** rng.uniform(-4, -0.7, N_SETS)
    gamma = 1 - 10 ** rng.uniform(-4, -0.5, N_SETS)
    # biases of a few steps of some experiment, so that every part of both tails is met
    size = sigma0 * gamma ** rng.uniform(0, 60, N_SETS) * rng.uniform(0, 8, N_SETS)
    mu = np.clip(size * rng.choice([-1, 0, 1], N_SETS, p=[0.45, 0.1, 0.45]), -0.02, 0.02)
    sets = [Parameters(*values, extended=True) for values in zip(sigma0, gamma, mu, strict=True)]
    # a price in every third, up to a bias of three first steps
    price = rng.uniform(0, 3, N_SETS) / sigma0
    sets[::3] = [replace(p, price=c) for p, c in zip(sets[::3], price[::3], strict=True)]
    return sets


def plain(p: Parameters) -> dict[str, float]:
    """Return parameters as the browser takes them."""
    return {"sigma0": p.sigma0, "gamma": p.gamma, "mu": p.mu, "price": p.price}


#: No bias; both tails at 8 deviations and beyond; steps that underflow; decay of none and of all;
#: overflow.
CORNERS = [
    Parameters(0.01, 0.97),
    Parameters(0.01, 0.97, -0.001),
    Parameters(0.01, 0.97, 0.08, extended=True),
    Parameters(0.01, 0.97, -0.08),
    Parameters(0.01, 0.97, 0.3, extended=True),
    Parameters(0.01, 0.97, -0.3),
    Parameters(0.01, 1e-3, -1e-9),
    Parameters(0.01, 1e-3, 1e-9, extended=True),
    Parameters(0.01, 1e-3),
    Parameters(1e-12, 0.999999),
    Parameters(0.01, 1.0, 0.01, extended=True),
    Parameters(0.01, 1.02, 0.01, extended=True),
    Parameters(1e-280, 0.5, -1e80),
    Parameters(1e90, 1.5, 1.0, extended=True),
    Parameters(0.3, 0.97, price=10.0),
    Parameters(0.3, 0.97, -0.01, price=1e90),
]


@pytest.fixture(scope="module")
def sets() -> list[Parameters]:
    return CORNERS + random_sets()


@pytest.fixture(scope="module")
def browser(sets):
    """Return every law at every parameter set, as the browser computes it."""
    answer = node.run(
        """
        const { sets, at, of, times, lengths: ns } = data, result = {};
        for (const name of at) result[name] = sets.map((p) => times.map((t) => model[name](p, t)));
        for (const name of of) result[name] = sets.map((p) => ns.map((n) => model[name](p, n)));
        const frontiers = sets.map((p) => model.expectedFrontiers(p, 200));
        result.expectedFrontiers = frontiers.map((frontier) => ns.map((n) => frontier[n]));
        const some = sets.slice(0, 50);
        result.expectedFrontier = some.map((p) => ns.map((n) => model.expectedFrontier(p, n)));
        return result;
        """,
        {
            "sets": [plain(p) for p in sets],
            "times": TIMES,
            "lengths": LENGTHS,
            "at": list(AT),
            "of": list(OF),
        },
    )
    return {
        name: np.array([[np.nan if v is None else v for v in row] for row in rows], float)
        for name, rows in answer.items()
    }


def close(found, expected, *, relative, least=0.0):
    """Compare elementwise; values below `least` count as 0."""
    wrong = ~(np.abs(found - expected) <= relative * np.abs(expected) + least)
    where = np.argwhere(wrong)
    assert not wrong.any(), (
        f"{len(where)} differ, first at {where[0]}: {found[tuple(where[0])]!r} "
        f"against {expected[tuple(where[0])]!r}"
    )


@pytest.mark.parametrize("name", AT)
def test_laws_of_one_experiment(name, sets, browser):
    """Relative to the value itself, also where it is Φ(−8) and far smaller."""
    expected = np.array([AT[name](p, TIMES) for p in sets])
    close(browser[name], expected, relative=1e-9, least=1e-290)


@pytest.mark.parametrize("name", OF)
def test_laws_of_n_experiments(name, sets, browser):
    expected = np.array([OF[name](p, LENGTHS) for p in sets])
    close(browser[name], expected, relative=1e-9, least=1e-290)


def test_the_sets_reach_both_tails(sets):
    prob = np.array([arbook.keep_probability(p, TIMES) for p in sets])
    far = 6.2e-16  # Φ(−8)
    assert ((prob > far / 10) & (prob < 1e-12)).sum() > 20
    assert (prob > 1 - 1e-12).sum() > 20
    assert ((prob > 0.01) & (prob < 0.99)).sum() > 5_000


def test_expected_frontiers(sets, browser):
    """To 1e-12 of a bit per byte: the explorers' metric is about 1."""
    expected = np.array([arbook.expected_frontier(p, LENGTHS) for p in sets])
    ordinary = np.abs(expected).max(axis=1) < 100
    assert ordinary.sum() >= N_SETS
    close(browser["expectedFrontiers"][ordinary], expected[ordinary], relative=0, least=1e-12)
    close(browser["expectedFrontiers"][~ordinary], expected[~ordinary], relative=1e-12)
    assert np.array_equal(browser["expectedFrontier"], browser["expectedFrontiers"][:50])


def test_the_normal_distribution():
    from scipy.special import ndtr

    x = np.concatenate([np.linspace(-8, 8, 3201), np.linspace(-37, -8, 291), [0.0, 40.0]])
    cdf, pdf = node.run(
        "return [data.map(model.normalCdf), data.map(model.normalPdf)];", x.tolist()
    )
    close(np.array(cdf), ndtr(x), relative=1e-13)
    close(np.array(pdf), np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi), relative=1e-12)


def test_symmetric_gain_area():
    rng = np.random.default_rng(5)
    cases = [
        (*case, n) for case in rng.uniform([1e-4, 0.5], [0.1, 0.9999], (300, 2)) for n in LENGTHS
    ]
    cases = [(float(s), float(g), n) for s, g, n in cases]
    found = node.run("return data.map((c) => model.symmetricGainArea(...c));", cases)
    expected = [arbook.symmetric_gain_area(Parameters(s, g), n) for s, g, n in cases]
    close(np.array(found), np.array(expected), relative=1e-9)


def test_any_keep_probability():
    prob = [0.0, 1e-300, 6.2e-16, 1e-9, 0.176, 0.5, 1 - 1e-15, 1.0]
    k = [1, 2, 10, 1000]
    found = node.run(
        "return data.prob.map((p) => data.k.map((k) => model.anyKeepProbability(p, k)));",
        {"prob": prob, "k": k},
    )
    close(np.array(found), arbook.any_keep_probability(np.array(prob)[:, None], k), relative=1e-12)


def test_expected_best_improvement(sets):
    some = [*CORNERS[:12], *sets[-300:]]
    k = [1, 2, 3, 10, 100]
    found = node.run(
        "return data.sets.map((p) => data.t.map((t) => "
        "data.k.map((k) => model.expectedBestImprovement(p, t, k))));",
        {"sets": [plain(p) for p in some], "t": TIMES, "k": k},
    )
    expected = [arbook.expected_best_improvement(p, np.array(TIMES)[:, None], k) for p in some]
    close(np.array(found), np.array(expected), relative=1e-9, least=1e-290)


@pytest.mark.parametrize("points", [512, 1024])
def test_frontier_quantiles(points):
    """The browser's lattice is coarser: to 0.01 deviations of the last frontier."""
    rng = np.random.default_rng(9)
    sets = [CORNERS[0], CORNERS[1], Parameters(0.01, 0.9, 0.01, extended=True)]
    sets.append(Parameters(0.1, 0.95, price=10.0))
    for _ in range(20):
        sigma0, gamma = 10 ** rng.uniform(-3, -1), rng.uniform(0.9, 0.999)
        sets.append(Parameters(sigma0, gamma, rng.uniform(-0.005, 0.01), extended=True))
    n, q = [0, 1, 5, 20, 60], [0.05, 0.5, 0.95]
    found = node.run(
        "return data.sets.map((p) => model.frontierQuantiles(p, data.n, data.q, 1, data.points));",
        {"sets": [plain(p) for p in sets], "n": n, "q": q, "points": points},
    )
    for p, rows in zip(sets, found, strict=True):
        expected = arbook.frontier_quantiles(p, n, q)
        close(np.array(rows), expected, relative=0, least=0.01 * arbook.frontier_std(p, 60) + 1e-12)


def test_the_change_and_its_step(sets):
    """Density against SciPy; the experiment of a step by what it means."""
    from scipy.stats import norm

    some = [p for p in sets[-400:] if p.sigma0 * p.gamma**199 > 1e-200]
    density, half, reach, back = node.run(
        "const { sets, times } = data;"
        "const density = (p, t) => model.changeDensity(p, t, model.bias(p, t) / 2);"
        "return [sets.map((p) => times.map((t) => density(p, t))),"
        "sets.map((p) => model.halfLife(p.gamma)), sets.map((p) => model.reach(p)),"
        "sets.map((p) => times.map((t) => model.experimentOfStep(p, model.stepSize(p, t))))];",
        {"sets": [plain(p) for p in some], "times": TIMES},
    )
    sigma = np.array([arbook.step_size(p, TIMES) for p in some])
    mu = np.array([arbook.bias(p, TIMES) for p in some])
    close(np.array(density), norm.pdf(mu / 2, mu, sigma), relative=1e-9, least=1e-290)
    close(np.array(half), np.array([arbook.half_life(p) for p in some]), relative=1e-12)
    close(np.array(reach), np.array([arbook.reach(p) for p in some]), relative=1e-12)
    np.testing.assert_allclose(back, np.tile(TIMES, (len(some), 1)), atol=1e-9)


def test_a_step_that_does_not_shrink_never_halves():
    found = node.run(
        "return data.map((gamma) => [model.halfLife(gamma), model.reach({ sigma0: 0.01, gamma })])"
        ".flat().map((x) => x === Infinity);",
        [1.0, 1.02],
    )
    assert found == [True] * 4
    for gamma in (1.0, 1.02):
        p = Parameters(0.01, gamma, extended=True)
        assert arbook.half_life(p) == arbook.reach(p) == math.inf


# ---------------------------------------------------------------- seeded draws


def test_philox_is_the_published_one():
    """Known answers of the generator's authors, for both sides."""
    ones = 2**32 - 1
    cases = {
        (0, 0, 0, 0, 0, 0): "6627e8d5 e169c58d bc57ac4c 9b00dbd8",
        (ones, ones, ones, ones, ones, ones): "408f276d 41c83b0e a20bc7c6 6d5451fd",
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xA4093822, 0x299F31D0): (
            "d16cfe09 94fdcceb 5001e420 24126ea1"
        ),
    }
    found = node.run("return data.map((c) => model.philox(...c, []));", [list(c) for c in cases])
    for (case, words), there in zip(cases.items(), found, strict=True):
        here = draws.philox(tuple(np.array([w], np.uint64) for w in case[:4]), case[4:])
        expected = [int(word, 16) for word in words.split()]
        assert [int(word[0]) for word in here] == expected == there


SHAPES = [(1, 1, 1, 0), (1, 40, 100, 0), (2**31 - 1, 3, 7, 5), (7, 2, 1001, 1)]


@pytest.mark.parametrize(("seed", "rows", "n", "stream"), SHAPES)
def test_uniforms_bit_for_bit(seed, rows, n, stream):
    found = node.run("return model.uniforms(...data);", [seed, rows, n, stream])
    assert draws.uniforms(seed, rows, n, stream).ravel().tolist() == found


@pytest.mark.parametrize(("seed", "rows", "n", "stream"), SHAPES)
def test_normals(seed, rows, n, stream):
    """Equal up to the last digits of log, cos and sin, which the engines round differently."""
    found = node.run("return model.normals(...data);", [seed, rows, n, stream])
    expected = draws.normals(seed, rows, n, stream).ravel()
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=2e-15)


def test_draws_are_standard_normal():
    """Mean, variance and correlation of neighbours within 4 standard errors; no row repeats."""
    z = draws.normals(1, 1000, 200)
    size = z.size
    assert abs(z.mean()) < 4 / math.sqrt(size)
    assert abs(z.var() - 1) < 4 * math.sqrt(2 / size)
    assert abs((z[:, 1:] * z[:, :-1]).mean()) < 4 / math.sqrt(size)
    assert abs((z[1:] * z[:-1]).mean()) < 4 / math.sqrt(size)
    assert len({row[0] for row in z}) == 1000
    assert not np.array_equal(z[:2], draws.normals(2, 2, 200))
    assert not np.array_equal(z[:2], draws.normals(1, 2, 200, stream=1))


# ---------------------------------------------------------------- simulated runs


def test_simulated_paths():
    """The same frontiers as the update rule in Python, to 1e-12, for the same draws."""
    n, rows = 120, 25
    sets = random_sets()[:40]
    found = node.run(
        "const z = model.normals(data.seed, data.rows, data.n);"
        "return data.sets.map((p) => model.simulatePaths(p, data.n, z, data.rows));",
        {"sets": [plain(p) for p in sets], "n": n, "rows": rows, "seed": 3},
    )
    z = draws.normals(3, rows, n)
    for p, there in zip(sets, found, strict=True):
        delta = arbook.bias(p, np.arange(n)) + arbook.step_size(p, np.arange(n)) * z
        metric = np.hstack([np.ones((rows, 1)), 1 + np.cumsum(np.minimum(delta, 0), axis=1)])
        there = np.array(there).reshape(rows, n + 1)
        close(there, metric, relative=0, least=1e-12)
        assert np.array_equal(np.diff(there) < 0, delta < 0) or p.sigma0 * p.gamma**n < 1e-12


@pytest.mark.parametrize("mu", [-0.002, 0.0, 0.003])
def test_keep_frequencies(mu):
    """Counted over the same draws as in Python: exactly equal."""
    p, rows, n = Parameters(0.01, 0.97, mu, extended=True), 30, 100
    found = node.run(
        "const z = model.normals(4, data.rows, data.n);"
        "return model.keepFrequencies(data.p, data.n, z, data.rows);",
        {"p": {"sigma0": p.sigma0, "gamma": p.gamma, "mu": mu}, "n": n, "rows": rows},
    )
    kept = p.mu + arbook.step_size(p, np.arange(n)) * draws.normals(4, rows, n) < 0
    assert found == kept.mean(axis=0).tolist()


@pytest.mark.parametrize("runs", [1, 20, 500])
def test_frequency_band(runs):
    prob = [0.0, 1e-9, 0.176, 0.5, 0.97, 1.0]
    found = node.run(
        "return data.prob.map((p) => model.frequencyBand(p, data.runs));",
        {"prob": prob, "runs": runs},
    )
    there = np.array([[ends["low"], ends["high"]] for ends in found])
    close(there.T, np.array(frequency_band(prob, runs)), relative=1e-12, least=1e-15)


def test_keep():
    cases = [[0.9819, 0.982], [0.982, 0.982], [0.9821, 0.982], [-1.0, 0.0], [0.0, -0.0]]
    crashes = [math.nan, -math.inf, math.inf]
    found = node.run(
        "const crashes = [NaN, -Infinity, Infinity].map((f) => model.keep(f, 1));"
        "return [...data.map((c) => model.keep(...c)), ...crashes];",
        cases,
    )
    assert found == [arbook.keep(*c) for c in cases] + [arbook.keep(f, 1.0) for f in crashes]
    assert found[-3:] == [False] * 3


@pytest.mark.parametrize("digits", [2, 3, 4])
@pytest.mark.parametrize("crash", [0.0, 0.5])
def test_autoresearch(digits, crash):
    """The run of the explorer is the one that `arbook.autoresearch` decides, bit for bit."""
    explorers = [
        UpdateRuleExplorer(mu=mu, crash=crash, digits=digits, seed=9) for mu in (-0.004, 0.0, 0.002)
    ]
    found = node.run(
        "const z = model.normals(9, 1, 30), u = model.uniforms(9, 1, 30, 1);"
        "const run = (p) => model.autoresearch(p, 30, z, u, data.options);"
        "const plain = (v) => (Number.isNaN(v) ? null : v);"
        "return data.sets.map(run).map((log) => ({ ...log, value: log.value.map(plain) }));",
        {
            "sets": [explorer.values() for explorer in explorers],
            "options": {"crashRate": crash, "digits": digits, "f0": BASELINE},
        },
    )
    for explorer, there in zip(explorers, found, strict=True):
        here = explorer.log()
        assert [None if math.isnan(v) else v for v in here.value] == there["value"]
        assert here.kept.tolist() == there["kept"]
        assert here.frontier.tolist() == there["frontier"]
        assert crash == 0 or None in there["value"]


def test_gain_area():
    frontier = [1.0, 0.9, 0.9, 0.75]
    assert node.run("return model.gainArea(data);", frontier) == pytest.approx(
        float(arbook.gain_area(frontier)), rel=1e-15
    )


# ---------------------------------------------------------------- prices, teams, shelves

BOX = {"sigma0": (0.001, 0.3), "gamma": (0.8, 0.99)}


def test_a_night_divided(sets):
    """All over the explorer's ranges: whatever is hidden, for agents and for repeats."""
    some = [replace(p, price=0.0) for p in sets[len(CORNERS) :][:200]]
    nights = [(0.2, 300, 16, 1), (5.0, 90, 4, 1), (5.0, 90, 1, 4), (120.0, 4, 2, 2), (1.0, 0, 3, 1)]
    hides = [(0.01, 0.0, 0.5), (100.0, 20.0, 0.5), (1.0, 2.0, 1.5)]
    found = node.run(
        """return data.sets.map((p) => data.hides.map(([noise, curve, exponent]) =>
          data.nights.map((one) => model.budgetGain(p, { noise, curve, exponent }, ...one))));""",
        {"sets": [plain(p) for p in some], "nights": nights, "hides": hides},
    )
    for p, each in zip(some, found, strict=True):
        expected = [
            [agents.budget_gain(p, agents.Fidelity(*one), *night) for night in nights]
            for one in hides
        ]
        np.testing.assert_allclose(each, expected, rtol=1e-9, atol=1e-12 * p.sigma0)


def test_stopping_and_patience(sets):
    """At the explorer's prices and patiences, and at parameters of both tails."""
    some = [replace(p, price=0.0) for p in [*sets[-len(CORNERS) :], *sets[:200]] if p.gamma < 1]
    prices, patiences = [0.00001, 0.0005, 0.01], [1, 5, 40]
    found = node.run(
        """return data.sets.map((p) => [
          data.prices.map((h) => Math.min(model.stoppingTime(p, h), 1e300)),
          data.patiences.map((k) =>
            [model.withPatience(p, 60, k), model.patienceSurvival(p, 60, k)[60]]),
        ]);""",
        {"sets": [plain(p) for p in some], "prices": prices, "patiences": patiences},
    )
    for p, (times, patient) in zip(some, found, strict=True):
        expected = [min(arbook.stopping_time(p, h), 1e300) for h in prices]
        assert times == pytest.approx(expected, rel=1e-9, abs=1 if max(times) > 1e6 else 0)
        for k, (stopped, alive) in zip(patiences, patient, strict=True):
            assert stopped["gain"] == pytest.approx(arbook.patience_gain(p, 60, k), rel=1e-9)
            made = arbook.patience_experiments(p, 60, k)
            assert stopped["experiments"] == pytest.approx(made, rel=1e-9)
            assert alive == pytest.approx(arbook.patience_survival(p, 60, k), rel=1e-9, abs=1e-15)


def test_misranking():
    grid = [(d, n, rho) for d in (0.0, 0.3, 1.2, 3.0) for n in (1, 13, 40) for rho in (0.0, 0.95)]
    found = node.run("return data.map((one) => model.misrankingProbability(...one));", grid)
    expected = [programs.misranking_probability(d, 1.0, n, correlation=rho) for d, n, rho in grid]
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("c", [0.0, 1.0, 10.0, 50.0])
def test_gain_area_map(c):
    sigma0s, gammas = (
        np.geomspace(*BOX["sigma0"], 7).tolist(),
        np.linspace(*BOX["gamma"], 5).tolist(),
    )
    found = node.run(
        "return model.gainAreaMap(data.sigma0s, data.gammas, 100, 0, data.c);",
        {"sigma0s": sigma0s, "gammas": gammas, "c": c},
    )
    close(np.array(found), programs.gain_area_map(sigma0s, gammas, 100, price=c), relative=1e-9)


@pytest.mark.parametrize("mu", [-0.005, 0.003])
def test_gain_area_map_with_a_bias(mu):
    sigma0s, gammas = [0.001, 0.02], [0.9, 0.99]
    found = node.run("return model.gainAreaMap(...data);", [sigma0s, gammas, 50, mu])
    close(np.array(found), programs.gain_area_map(sigma0s, gammas, 50, mu=mu), relative=1e-9)


@pytest.mark.parametrize("n", [10, 100, 200])
@pytest.mark.parametrize("c", [0.0, 2.0, 5.0, 10.0, 50.0])
@pytest.mark.parametrize("mu", [0.0, -0.002, 0.005])
def test_best_parameters(c, n, mu):
    """The same maximum to 1e-9; the place, where the map is flat, to 1e-4."""
    found = node.run(
        "return model.bestParameters(data.box, data.n, data.mu, data.c);",
        {"box": BOX, "n": n, "mu": mu, "c": c},
    )
    best = programs.best_parameters({**BOX, "mu": (mu, mu)}, n, c)
    assert found["area"] == pytest.approx(best.expected_gain_area, rel=1e-9)
    assert found["p"]["sigma0"] == pytest.approx(best.parameters.sigma0, rel=1e-4)
    assert (found["p"]["mu"], found["p"]["price"]) == (mu, c)
    assert found["p"]["gamma"] == pytest.approx(best.parameters.gamma, rel=1e-4)
    assert tuple(found["atBound"]) == best.at_bound


TEAMS = [(k, p) for k in (1, 2, 7, 30) for p in CORNERS[:6]]


def test_speed_up():
    found = node.run(
        "return data.map(([k, p]) => { const s = model.speedUp(p, k, 3); "
        "return [s.perRound, s.perExperiment]; });",
        [[k, plain(p)] for k, p in TEAMS],
    )
    expected = [agents.speed_up(p, k, 3) for k, p in TEAMS]
    close(
        np.array(found),
        np.array([[s.per_round, s.per_experiment] for s in expected]),
        relative=1e-8,
    )


def test_simulate_rounds():
    """The rule of `agents.simulate_rounds`, for the same draws."""
    rounds, k, stride, p = 30, 4, 6, Parameters(0.01, 0.97, 0.005, extended=True)
    found = node.run(
        "const z = model.normals(5, data.rounds, data.stride);"
        "return model.simulateRounds(data.p, data.rounds, data.k, z, 1, data.stride);",
        {
            "rounds": rounds, "k": k, "stride": stride,
            "p": plain(p),
        },
    )  # fmt: skip
    best = draws.normals(5, rounds, stride)[:, :k].min(axis=1)
    delta = np.minimum(p.mu + arbook.step_size(p, np.arange(rounds)) * best, 0.0)
    close(np.array(found), 1 + np.concatenate([[0.0], np.cumsum(delta)]), relative=0, least=1e-12)


def test_correlated_rounds():
    """Correlations from next to nothing to next to everything."""
    k, correlations = [1, 2, 10, 100], [0.0, 1e-6, 0.05, 0.5, 0.999, 1.0]
    sets = [*CORNERS[:6], *random_sets()[:4]]
    found = node.run(
        "return data.sets.map((p) => data.correlations.map((rho) => data.k.map((k) => ["
        "model.expectedBestImprovement(p, 3, k, rho), model.speedUp(p, k, 3, rho).perRound,"
        "model.effectiveAgents(p, k, rho, 3)])));",
        {
            "sets": [plain(p) for p in sets],
            "k": k,
            "correlations": correlations,
        },
    )
    for p, there in zip(sets, np.array(found), strict=True):
        for rho, rows in zip(correlations, there, strict=True):
            best = arbook.expected_best_improvement(p, 3, k, correlation=rho)
            close(rows[:, 0], best, relative=1e-8, least=1e-290)
            times = agents.speed_up(p, k, 3, correlation=rho).per_round
            close(rows[:, 1], times, relative=1e-8)
            # with much skill all teams gain nearly the same, so their sizes are known less well
            worth = agents.effective_agents(p, k, rho, 3)
            close(rows[:, 2], worth, relative=1e-6 if p.mu > -3 * p.sigma0 else 1e-3)


def test_teams():
    k, waiting = [1, 2, 10, 60], [0.0, 0.3, 20.0]
    options = [{"correlation": 0.2, "variation": 0.0}, {"correlation": 0.0, "variation": 1.3}]
    p = {"sigma0": 0.01, "gamma": 0.97, "mu": 0.004}
    longest, prices = node.run(
        "return [data.k.map((k) => [0, 0.3, 1, 4].map((v) => model.expectedLongest(k, v))),"
        "data.options.map((o) => data.waiting.map((w) => data.k.map((k) =>"
        " model.relativePrice(data.p, k, w, o))))];",
        {"p": p, "k": k, "waiting": waiting, "options": options},
    )
    expected = [[agents.expected_longest(j, v) for v in (0, 0.3, 1, 4)] for j in k]
    close(np.array(longest), np.array(expected), relative=1e-9)
    here = Parameters(**p, extended=True)
    for option, there in zip(options, np.array(prices), strict=True):
        law = agents.relative_price(here, k, np.array(waiting)[:, None], **option)
        close(there, law, relative=1e-8)


@pytest.mark.parametrize(("k", "variation"), [(1, 0.0), (4, 0.0), (4, 0.8), (50, 0.8)])
def test_simulate_async(k, variation):
    """The rule of `agents.simulate_async`, for the same draws."""
    n, p = 40, Parameters(0.01, 0.97, 0.002, extended=True)
    z, u = draws.normals(3, 1, n), draws.normals(3, 1, n, 1)
    given = [z, u] if variation else [z]
    law = agents.simulate_async(p, n, k, variation=variation, seed=draws.Given(given))
    frontier, time = node.run(
        """
        const { p, n, k, variation } = data, u = model.normals(3, 1, n, 1);
        const run = model.simulateAsync(p, n, k, model.normals(3, 1, n), { variation, u });
        return [run.frontier, run.time];
        """,
        {
            "n": n, "k": k, "variation": variation,
            "p": plain(p),
        },
    )  # fmt: skip
    close(np.array(frontier), law.frontier[0], relative=0, least=1e-12)
    close(np.array(time), law.time[0], relative=1e-12)


@pytest.mark.parametrize("noise", [0.0, 0.004])
def test_archives(noise):
    found = node.run("return data.map(model.archiveRate);", [1, 2, 5, 12])
    close(np.array(found), agents.archive_rate([1, 2, 5, 12]), relative=1e-9)
    n, runs, size = 60, 3, 4
    p = Parameters(0.01, 0.97, 0.002, extended=True)
    parent, variant = draws.uniforms(3, runs, n + 1), draws.normals(3, runs, n + 1, 1)
    measured = draws.normals(3, runs, n + 1, 2)
    given = [measured[:, :1]]
    for t in range(n):
        given += [parent[:, t], variant[:, t], measured[:, t + 1]]
    law = agents.simulate_archive(p, n, size, runs, noise=noise, f0=0.0, seed=draws.Given(given))
    true = node.run(
        """
        const { p, n, size, runs, noise } = data, luck = {
          parent: model.uniforms(3, runs, n + 1), variant: model.normals(3, runs, n + 1, 1),
          measured: model.normals(3, runs, n + 1, 2),
        };
        return model.simulateArchive(p, n, size, luck, n + 1, runs, noise);
        """,
        {"p": plain(p), "n": n, "size": size, "runs": runs, "noise": noise},
    )
    close(np.array(true).reshape(runs, -1), law.true, relative=0, least=1e-12)


@pytest.mark.parametrize(("seed", "spread"), [(1, 0.15), (7, 0.6), (2**31 - 1, 0.02)])
def test_make_shelf(seed, spread):
    found = node.run(
        "return model.makeShelf(data.seed, 8, data.spread);", {"seed": seed, "spread": spread}
    )
    expected = [program.parameters for program in shelves.make_shelf(seed, spread)]
    there = np.array([[p["sigma0"], p["gamma"], p["mu"]] for p in found])
    close(there, np.array([[p.sigma0, p.gamma, p.mu] for p in expected]), relative=1e-12)


def test_best_wins_probability():
    """Also against the frequency in a simulated contest, within 4 standard errors."""
    rng = np.random.default_rng(2)
    cases = [([10.12] + 7 * [9.20], 8 * [2.06]), ([1.0, 1.0], [1.0, 3.0])]
    cases += [(rng.uniform(5, 15, 8).tolist(), rng.uniform(0.2, 4, 8).tolist()) for _ in range(50)]
    found = node.run(
        "return data.map(([m, s]) => [1, 10].map((n) => model.bestWinsProbability(m, s, n)));",
        cases,
    )
    expected = [
        [shelves.best_wins_probability(*case, nights) for nights in (1, 10)] for case in cases
    ]
    close(np.array(found), np.array(expected), relative=0, least=1e-6)
    for nights, there in zip((1, 10), found[0], strict=True):
        runs = rng.normal(*map(np.array, cases[0]), size=(nights, 40_000, 8)).mean(axis=0)
        assert abs((runs.argmax(axis=1) == 0).mean() - there) < 4 * math.sqrt(0.25 / 40_000)


def test_the_usual_program():
    usual, area = node.run("return [model.USUAL, model.USUAL_AREA];")
    assert Parameters(**usual) == shelves.USUAL
    assert area == pytest.approx(float(arbook.expected_gain_area(shelves.USUAL, 100)))


@pytest.mark.parametrize("seed", [1, 2, 5])
@pytest.mark.parametrize(
    "changes",
    [{}, {"stairs": 0}, {"common": 0.8, "gap": 0.05}, {"error": 0.3, "first_runs": 4}],
)
def test_races(seed, changes):
    """Each race of the explorer: the programs and their nights, who is chosen and dropped when.

    And what even shares need.
    """
    explorer = RacingExplorer(seed=seed, **changes)
    choice = explorer.choice()
    most = int(choice.runs.max())
    night = explorer.sampler()
    values = [[night(i, j) for j in range(most)] for i in range(8)]
    own = node.run(
        """
        const { state, values, most } = data, rule = { ...state, firstRuns: state.first_runs };
        const choice = model.race(8, (i, j) => values[i][j], rule);
        const truth = model.raceTruth(state, 8), luck = model.raceLuck(state.seed, 8);
        const samplers = [0, 1].map((which) => model.raceSampler(state, truth, luck, which));
        const nights = samplers.map((night) => values.map((_, i) => [night(i, most), night(i, 0)]));
        return [choice.best, choice.runs, choice.means,
          choice.eliminations.map((one) => [one.program, one.runs]),
          [97, 100].map((right) => model.evenRuns(state, truth, right, 100)), truth, nights];
        """,
        {"state": explorer.values(), "values": values, "most": most},
    )
    best, runs, means, eliminations, even, truth, nights = own
    assert truth == pytest.approx(explorer.truth().tolist(), rel=1e-15)
    here = [
        [[night(i, most), night(i, 0)] for i in range(8)] for night in map(explorer.sampler, (0, 1))
    ]
    np.testing.assert_allclose(nights, here, rtol=1e-13)
    assert best == choice.best
    assert runs == choice.runs.tolist()
    np.testing.assert_allclose(means, choice.means, rtol=1e-12)
    assert eliminations == [[one.program, one.runs] for one in choice.eliminations]
    assert even == [explorer.even_runs(right) for right in (97, 100)]


def test_race_margin():
    variance, first_runs = [0.0, 0.5, 8.0], [2, 12, 30]
    found = node.run(
        "return data.first_runs.map((firstRuns) => data.variance.map((s2) =>"
        " model.raceMargin(s2, 8, { indifference: 0.7, error: 0.05, firstRuns })));",
        {"variance": variance, "first_runs": first_runs},
    )
    law = [
        programs.race_margin(variance, 8, indifference=0.7, error=0.05, first_runs=n)
        for n in first_runs
    ]
    np.testing.assert_allclose(found, law, rtol=1e-12)


# ---------------------------------------------------------------- real runs


def test_log_likelihood():
    """Of every run that comes with the book, at its fit and at parameters drawn around it."""
    rng = np.random.default_rng(11)
    cases, expected = [], []
    for name in logs.available_runs():
        run = logs.load_run(name)
        for trim in (10.0, None):
            fitted = logs.fit(run, trim=trim)
            deltas = run.delta[fitted.t].tolist()
            best = fitted.parameters
            for size in (0.0, 0.1, 1.0):
                sigma0 = best.sigma0 * math.exp(size * rng.standard_normal())
                gamma = best.gamma * math.exp(0.02 * size * rng.standard_normal())
                mu = best.mu + size * best.sigma0 * rng.standard_normal()
                p = Parameters(sigma0, gamma, mu, extended=True)
                cases.append(
                    [{"sigma0": sigma0, "gamma": gamma, "mu": mu}, fitted.t.tolist(), deltas]
                )
                expected.append(logs.log_likelihood(run, p, trim=trim))
                assert expected[-1] <= fitted.log_likelihood + 1e-6
    found = node.run("return data.map((c) => model.logLikelihood(...c));", cases)
    close(np.array(found), np.array(expected), relative=1e-11, least=1e-8)


@pytest.mark.parametrize("name", logs.available_runs())
def test_the_fit_of_the_page_is_that_of_the_package(name):
    fitted = logs.fit(logs.load_run(name), trim=None)
    deltas = logs.load_run(name).delta[fitted.t].tolist()
    found = node.run("return model.fitNormal(...data);", [fitted.t.tolist(), deltas])
    assert found["logLikelihood"] == pytest.approx(fitted.log_likelihood, abs=1e-6)
    best = fitted.parameters
    assert [found["sigma0"], found["gamma"]] == pytest.approx([best.sigma0, best.gamma], rel=1e-4)
    assert found["mu"] == pytest.approx(best.mu, abs=1e-4 * best.sigma0)


def noisy_run(seed, n, noise):
    """Return a run whose measurements are noisy, with a crash and a catastrophe."""
    rng = np.random.default_rng(seed)
    f, logged, value, status = 1.0, np.inf, [], []
    for t in range(n + 1):
        variant = f + (t > 0) * (0.003 + 0.01 * 0.985**t * rng.standard_normal())
        y = variant + noise * rng.standard_normal() + 5 * (t == 11)
        kept = bool(y < logged)
        f, logged = (variant, y) if kept else (f, logged)
        value.append(np.nan if t == 7 else y)
        status.append("crash" if t == 7 else "keep" if kept else "discard")
    return RunLog(value=value, status=status)


def test_the_noise_that_the_page_fits_is_that_of_the_package():
    """Estimates are equal where the noise is told, and nowhere is the page's less likely.

    At both ends of the interval the log is less likely by as much.
    """
    runs = [noisy_run(1, 20, 0.003), noisy_run(1, 125, 0.003), noisy_run(1, 125, 0.005)]
    cases = []
    for run in runs:
        seen = logs.trace(run)
        y = [None if math.isnan(value) else value for value in seen.y]
        trace = {"baseline": seen.baseline, "y": y, "kept": seen.kept.tolist(),
                 "again": seen.again.tolist()}  # fmt: skip
        delta = [None if math.isnan(value) else value for value in run.delta]
        cases.append({"delta": delta, "trace": trace})
    found = node.run(
        """
        const numbers = (values) => values.map((value) => value ?? NaN);
        return data.map(({ delta, trace }) => [
          model.usedChanges(numbers(delta)), model.fitNoisy({ ...trace, y: numbers(trace.y) }),
        ]);
        """,
        cases,
    )
    identified = []
    for run, (used, page) in zip(runs, found, strict=True):
        fitted = logs.fit(run, noise="estimate")
        assert np.flatnonzero(used).tolist() == fitted.t.tolist()
        assert page["logLikelihood"] > fitted.log_likelihood - 1e-5
        low, high = page["interval"]
        identified.append(page["identified"])
        # at the high end of a short log noise explains all changes, and the package fits no step
        for end in (low, high) if page["identified"] else (low,):
            there = logs.fit(run, noise=end).log_likelihood
            fall = page["logLikelihood"] - there
            assert fall < 1.93 if end == 0 else fall == pytest.approx(1.92, abs=0.03)
        if page["identified"]:
            assert page["logLikelihood"] == pytest.approx(fitted.log_likelihood, abs=1e-5)
            for name, value in fitted.estimates.items():
                assert f"{page[name]:.3g}" == f"{value:.3g}"
    assert identified == [False, True, True]


def test_many_nights_a_slice_at_a_time_are_those_at_once():
    """Shares of the true metric after each experiment, of which the first nights are the page's."""
    nights, n, shares = 21, 12, [0.1, 0.5, 0.9]
    found = node.run(
        """
        const { makeCrowd } = await import(data.module);
        const { nights, shares, controls, task } = data, { signal } = new AbortController();
        return await new Promise((resolve) => {
          const made = () => resolve(crowd(...controls));
          const crowd = makeCrowd(task, { nights, shares, made, signal });
          if (crowd(...controls)) throw new Error("there before it was made");
        });
        """,
        {"module": (node.WIDGETS / "nights.js").as_uri(), "nights": nights, "shares": shares,
         "controls": [3, n, 0.1, 0.985, 0.5], "task": surrogate(20)},
    )  # fmt: skip
    explorer = CoverExplorer(seed=3, step=0.1, gamma=0.985, margin=0.5)
    true, *_ = simulate(explorer, nights, n, 20)
    ranks = [round(share * (nights - 1)) for share in shares]
    np.testing.assert_allclose(np.array(found), np.sort(true, axis=0)[ranks], rtol=1e-12)
    assert len(set(found[0])) > 3


def test_the_luck_of_a_session():
    gains, n = [-0.002, 0.0, 0.001, 0.004, 0.02], [1, 20, 150]
    found = node.run(
        "return data.n.map((n) => data.gains.map((g) => model.probabilityOfLuck(g, n, 0.001)));",
        {"gains": gains, "n": n},
    )
    law = [noise_laws.probability_of_luck(gains, size, 0.001) for size in n]
    np.testing.assert_allclose(found, law, rtol=1e-9, atol=1e-12)


def test_the_luck_of_a_validation_set():
    n, nu = [1, 10, 100, 500], 0.0005
    found = node.run(
        """const [ns, nu] = data;
        return [model.luckBound, model.bentOnLuck, model.plainLuck].map((f) =>
          ns.map((n) => f(n, nu)));""",
        [n, nu],
    )
    far, count = Parameters(1.0, 0.5, -40.0), np.array(n)
    plain = nu * (arbook.expected_best_improvement(far, 0, count + 1) - 40)
    expected = [[noise_laws.luck_bound(i, nu) for i in n], nu * np.sqrt(2 * count / np.pi), plain]
    close(np.array(found), np.array(expected), relative=1e-9)


def test_records():
    n = [0, 1, 2, 10, 99, 100, 5000]
    mean, std = node.run("return [data.map(model.expectedRecords), data.map(model.recordsStd)];", n)
    close(np.array(mean), arbook.expected_records(n), relative=1e-12)
    close(np.array(std), arbook.records_std(n), relative=1e-9, least=1e-12)


@pytest.mark.parametrize("tail", [-1.0, -0.3, 0.0, 0.45, 0.9])
def test_gains_of_an_urn(tail):
    found = node.run("return model.expectedUrnGains(data[0], data[1]);", [300, tail])
    close(np.array(found), arbook.expected_urn_gain(np.arange(301), tail), relative=1e-10)


def test_places_of_runs():
    """Of every run of the atlas, of a log of one row, and of one that never changes."""
    status = ["keep", "discard", "discard"]
    runs = [*logs.atlas(), RunLog(value=[1.0], status=["keep"]), RunLog([1.0, 1.0, 1.0], status)]
    cases = [
        [[x if math.isfinite(x) else None for x in part.tolist()] for part in (r.delta, r.frontier)]
        for r in runs
    ]
    rates = [r.keep_rate if r.n_experiments else 0.0 for r in runs]
    found = node.run(
        "const number = (x) => x ?? NaN;"
        "return data.map(([[delta, frontier], rate]) => {"
        " const at = model.placeOf(delta.map(number), frontier.map(number), rate);"
        " return [at.boldness, at.skill, at.decay, at.late]"
        "  .map((x) => Number.isNaN(x) ? null : x); });",
        list(zip(cases, rates, strict=True)),
    )
    for there, log in zip(found, runs, strict=True):
        at = place(log)
        here = [at.boldness, at.skill, at.decay, at.late]
        assert there == [None if math.isnan(x) else pytest.approx(x, rel=1e-9) for x in here]


def continued(run: RunLog, n: int) -> tuple[list, list]:
    """Return mean and covariance of the odds and of the sizes of what follows, here and there."""
    of, on_scale = logs.population(), scaled(run).log
    u = keeping.places(np.array([0, 1, n // 2, n]) + run.n_experiments)
    counts = keeping.counts(
        np.nan_to_num(on_scale.improvement), keeping.edges_of(run.n_experiments)
    )
    line = of.keep_start, of.keep_slope, of.keep_walk
    here = keeping.continued(keeping.odds(counts, *line), u, *line)
    past = gaining.gains(on_scale, 1.0)
    delta = [x if math.isfinite(x) else 0.0 for x in on_scale.delta.tolist()]
    there = node.run(
        "const { delta, improvement, u, of } = data;"
        "const { keep_start: start, keep_slope: slope, keep_walk: spread } = of;"
        "const line = { start, slope, spread };"
        "const odds = model.continuedOdds(model.countsOf(improvement), u, line);"
        "const past = model.gainsOf(delta, improvement, 1);"
        "const size = model.continuedGains(past, u, of);"
        "return [odds.mean, odds.covariance, past.logSize, size.mean, size.shape];",
        {
            "delta": delta,
            "improvement": np.nan_to_num(on_scale.improvement).tolist(),
            "u": u.tolist(),
            "of": asdict(of),
        },
    )
    return [*here, past.log_size, None, (of.freedom + past.u.size) / 2], there


@pytest.mark.parametrize("seen", [0, 3, 60, 125])
def test_a_run_of_the_population_goes_on(seen):
    """Its odds exactly; gains and keeps as the package draws them, to the error of the draws."""
    run, n, draws = logs.load_run("h100-mar8").first(max(seen, 1)), 40, 4000
    if seen == 0:
        run = RunLog(value=[1.0, 1.1], status=["keep", "discard"])
    here, there = continued(run, n)
    for i in (0, 1, 2, 4):
        close(np.array(there[i]), np.array(here[i]), relative=1e-7, least=1e-8)
    paths = of_population(
        run, logs.population(), np.array([n]), draws, run.frontier[-1], np.random.default_rng(1)
    )
    keys = {"frontier": run.frontier.tolist(), "direction": run.direction, "f0": run.f0}
    value = [x if math.isfinite(x) else None for x in run.value.tolist()]
    drawn = node.run(
        "const value = data.value.map((x) => x ?? NaN);"
        "return model.continuations({ ...data, value }, data.n, data.draws, data.of);",
        {**keys, "value": value, "n": n, "draws": draws, "of": asdict(logs.population())},
    )
    for mine, own in ((paths.gain[:, -1], drawn["gains"]), (paths.keeps, drawn["keeps"])):
        assert ks_2samp(mine, own).pvalue > 1e-4


def test_wilson_interval():
    run = logs.load_run("h100-mar8")
    rates = logs.keep_rate_by_position(run, [0, 1, 10, 25, 50, 125, 200])
    found = node.run(
        "return data.map(([k, n]) => { const w = model.wilsonInterval(k, n);"
        " return [Number.isNaN(w.rate) ? null : w.rate, w.low, w.high]; });",
        [[int(k), int(n)] for k, n in zip(rates.kept, rates.n, strict=True)],
    )
    for there, rate, low, high in zip(found, rates.rate, rates.low, rates.high, strict=True):
        assert there[0] == (None if math.isnan(rate) else pytest.approx(rate, rel=1e-12))
        assert there[1:] == pytest.approx([low, high], rel=1e-12, abs=1e-12)


# ---------------------------------------------------------------- conditions


@pytest.mark.parametrize(
    "changes",
    [{}, {"floor": 0.9}, {"kappa": 0.005, "sigma0": 0.1}, {"price": 50.0, "kappa": 10.0, "n": 200}],
)
def test_runs_under_conditions(changes):
    explorer = ConditionsExplorer(seed=4, **changes)
    found = node.run(
        """
        const { runs, most, sigma0, gamma, n, kappa, seed } = data;
        const z = model.normals(seed, runs, most), u = model.uniforms(seed, runs, most, 1);
        const p = { sigma0, gamma, mu: 0, price: data.price };
        const under = { kappa, room: data.f0 - data.floor };
        return model.simulateConditions(p, n, z, u, runs, most, under);
        """,
        {**explorer.values(), **explorer.load_data()},
    )
    np.testing.assert_allclose(explorer.gains().ravel(), found, rtol=0, atol=1e-12)


# ---------------------------------------------------------------- filter and smoother


def traces():
    """Return runs with all that a log can hold, and what the filter is asked with."""
    rng = np.random.default_rng(17)
    for noise in (1e-9, 0.003, 0.1, 50.0):
        for n in (0, 1, 40):
            y = 1 + 0.01 * rng.standard_normal(n)
            y[rng.random(n) < 0.2] = np.nan
            kept, again = rng.random(n) < 0.4, rng.random(n) < 0.2
            sigma = 0.01 * 0.97 ** np.arange(n)
            sigma[rng.random(n) < 0.1] = 0.0
            yield Trace(1.0, y, kept, again), 0.004 * rng.standard_normal(n), sigma, noise
    # changes that are certain, and one that is none
    yield Trace(1.0, [0.5, 0.6, 0.6], [True] * 3), np.array([-0.5, 0.125, 0.0]), np.zeros(3), 0.125


def test_filter_and_smoother():
    cases, expected = list(traces()), []
    for trace, mu, sigma, noise in cases:
        past = kalman.filtered(trace, mu, sigma, noise)
        said = kalman.smoothed(trace, mu, sigma, noise, past)
        rows = past.mean, past.std, said.mean, said.std, said.gain, said.gain_std, said.better
        expected.append(rows)
    found = node.run(
        """
        return data.map(({ y, mu, sigma, noise, ...seen }) => {
          const trace = { ...seen, y: y.map((value) => value ?? NaN) };
          const past = model.filtered(trace, mu, sigma, noise);
          const said = model.smoothed(trace, mu, sigma, noise, past);
          return [past.mean, past.std, said.mean, said.std, said.gain, said.gainStd, said.better];
        });
        """,
        [
            {
                "baseline": trace.baseline,
                "y": [None if np.isnan(value) else value for value in trace.y],
                "kept": trace.kept.tolist(),
                "again": trace.again.tolist(),
                "mu": mu.tolist(),
                "sigma": sigma.tolist(),
                "noise": noise,
            }
            for trace, mu, sigma, noise in cases
        ],
    )
    kept = [trace.kept.sum() for trace, *_ in cases]
    assert min(kept) == 0
    assert max(kept) > 5
    for here, there in zip(expected, found, strict=True):
        for row, other in zip(here, there, strict=True):
            np.testing.assert_allclose(np.array(other, float), row, rtol=1e-9, atol=1e-12)


# ---------------------------------------------------------------- landscapes and noise


def test_landscapes():
    points = np.random.default_rng(12).uniform(-6, 6, (500, 3))
    found = node.run(
        "return ['sphere', 'ridge', 'hollows'].map((f) => data.map((x) => model[f](x)));",
        points.tolist(),
    )
    for there, law in zip(
        found, (landscapes.sphere, landscapes.ridge, landscapes.hollows), strict=True
    ):
        close(np.array(there), law(points), relative=1e-13, least=1e-12)


@pytest.mark.parametrize("success", [0, 1])
@pytest.mark.parametrize("landscape", range(3))
def test_searches(landscape, success):
    """Every search of the explorer: the same decisions, steps and frontiers.

    On the floor of a hollow, 0.1 high, smaller steps than 1e-6 change the metric by less than it
    is rounded: such decisions are left out.
    """
    x0, y0 = STARTS[landscape]
    place = {"landscape": landscape, "x0": x0, "y0": y0}
    explorer = LandscapeExplorer(**place, success=success, gamma=0.998, seed=4)
    found = node.run(
        """
        const { runs, n } = data, z = model.normals(data.seed, runs, 2 * n);
        const { start, gamma } = data;
        const rule = data.success ? model.successRule(start) : model.decay(start, gamma);
        const objective = [model.sphere, model.ridge, model.hollows][data.landscape];
        return Array.from({ length: runs }, (_, i) => {
          const row = z.subarray(2 * n * i, 2 * n * (i + 1));
          const found = model.search(objective, [data.x0, data.y0], rule, n, row);
          return [found.frontier, found.step, found.kept, found.incumbents.slice(-2)];
        });
        """,
        {**explorer.values(), **explorer.load_data()},
    )
    runs = explorer.searches()
    frontier, step, kept, best = (np.array(part) for part in zip(*found, strict=True))
    clear = np.logical_and.accumulate((runs.step > 1e-6) | (landscape != 2), axis=1)
    np.testing.assert_array_equal(kept[clear], runs.kept[clear])
    close(step[:, :-1][clear], runs.step[clear], relative=1e-9)
    close(frontier, runs.frontier, relative=1e-6, least=1e-10)
    close(best, runs.best, relative=1e-6, least=1e-6)


def test_noisy_step():
    noise = [0.0, 0.0007, 0.004, 0.05]
    sets = random_sets()
    found = node.run(
        "return data.sets.map((p) => data.noise.map((nu) => {"
        " const s = model.noisyStep(p, 7, nu, 0.002);"
        " return [s.keepProbability, s.trueGain, s.loggedGain, s.curse,"
        " model.bestThreshold(p, 7, nu)]; }));",
        {"sets": [plain(p) for p in sets],
         "noise": noise},
    )  # fmt: skip
    for p, there in zip(sets, np.array(found), strict=True):
        law = noise_laws.noisy_step(p, 7, noise, threshold=0.002)
        here = [law.keep_probability, law.true_gain, law.logged_gain, law.curse]
        scale = arbook.step_size(p, 7) + abs(p.mu) + 0.05
        np.testing.assert_allclose(there[:, :4].T, here, rtol=1e-9, atol=1e-13 * scale)
        margin = noise_laws.best_threshold(p, 7, noise)
        np.testing.assert_allclose(there[:, 4], margin, rtol=1e-9)


@pytest.mark.parametrize(
    "changes", [{}, {"threshold": 0.004}, {"repeats": 4}, {"remeasure": 1, "repeats": 3, "n": 180}]
)
def test_noisy_runs(changes):
    """Every run of the explorer, by the library's own simulation."""
    explorer = NoiseExplorer(seed=9, **changes)
    runs = explorer.runs()
    true, logged, noise, error, spent = node.run(
        """
        const { runs, most, seed } = data;
        const draw = (kind) => model.normals(seed, runs, most + 1, kind);
        const z = { variant: draw(0), measured: draw(1), fresh: draw(2) };
        const keepRule = model.margin(data.threshold), remeasure = !!data.remeasure;
        const how = { ...data, keepRule, remeasure };
        const found = model.simulateNoisy(data, data.count, z, most + 1, runs, how);
        const noise = model.noiseOfMean(data), error = model.standardError(found.trueMetric);
        return [found.trueMetric, found.logged, noise, error, found.spent];
        """,
        {**explorer.values(), **explorer.load_data(), "count": runs.kept.shape[1]},
    )
    np.testing.assert_array_equal(runs.spent.ravel(), spent)
    np.testing.assert_allclose(runs.true.ravel(), true, rtol=0, atol=1e-12)
    np.testing.assert_allclose(runs.logged.ravel(), logged, rtol=0, atol=1e-12)
    assert noise == pytest.approx(explorer.noise_of_mean(), rel=1e-15)
    assert error == pytest.approx(sem(runs.true, axis=None), rel=1e-9)


RULES = """[model.margin(), model.margin(0.004), model.ladder(0.003), model.confirm(),
            model.posteriorMean(data.p, 0.004)]"""


def test_keep_rules_judge_alike():
    """Every decision on a measurement, on a crash and after a fresh one of the incumbent."""
    p, rng = Parameters(0.004, 0.99, 0.001, extended=True), np.random.default_rng(6)
    y = 1 + 0.006 * rng.standard_normal(300)
    fresh, crashed = rng.random(300) < 0.1, rng.random(300) < 0.05
    rules = (
        noise_laws.Margin(), noise_laws.Margin(0.004), noise_laws.Ladder(0.003),
        noise_laws.Confirm(), noise_laws.PosteriorMean(p, 0.004),
    )  # fmt: skip
    here = []
    for rule in rules:
        judge, found = rule.start(1.0), []
        for t, value in enumerate(y):
            if fresh[t]:
                judge.refresh(value)
            decided = judge.decide(t, np.nan if crashed[t] else value - 0.003)
            found.append([int(decided), float(judge.incumbent)])
        here.append(found)
    there = node.run(
        f"""
        return {RULES}.map((rule) => {{
          const judge = rule(1);
          return data.y.map((value, t) => {{
            if (data.fresh[t]) judge.refresh(value);
            const decided = judge.decide(t, data.crashed[t] ? NaN : value - 0.003);
            return [decided, judge.incumbent];
          }});
        }});
        """,
        {"p": plain(p), "y": y.tolist(), "fresh": fresh.tolist(), "crashed": crashed.tolist()},
    )
    np.testing.assert_allclose(there, here, rtol=0, atol=1e-14)
    assert {decided for found in here for decided, _ in found} == {0, 1, 2}


def test_races_of_keep_rules():
    """Every race of the explorer, by the library's own simulation."""
    explorer = KeepRulesExplorer(seed=3, races=30, n=100, gamma=0.99, noise=0.006)
    there = node.run(
        """
        const { n, most, races, noise } = data;
        const draw = (kind) => model.normals(data.seed, races, most + 1, kind);
        const z = { variant: draw(0), measured: draw(1), again: draw(2) };
        const rules = [model.margin(), model.margin(noise), model.ladder(noise), model.confirm(),
                       model.posteriorMean(data, noise)];
        return rules.map((keepRule) => {
          const found = model.simulateNoisy(data, n, z, most + 1, races, { noise, keepRule });
          return [found.trueMetric, found.logged, found.spent];
        });
        """,
        {**explorer.values(), **explorer.load_data()},
    )
    for runs, (true, logged, spent) in zip(explorer.runs().values(), there, strict=True):
        np.testing.assert_allclose(runs.true.ravel(), true, rtol=0, atol=1e-12)
        np.testing.assert_allclose(runs.logged.ravel(), logged, rtol=0, atol=1e-12)
        np.testing.assert_array_equal(runs.spent.ravel(), spent)
