"""Meta-optimisation: ranking and search against brute force, laws against simulation."""

import math

import numpy as np
import pytest

from arbook import ParameterError, Parameters, expected_gain_area, gain_area_std, simulate
from arbook.programs import (
    BestParameters,
    Program,
    Ranking,
    best_parameters,
    best_program,
    gain_area_map,
    rank,
    sample_programs,
)

SHELF = [
    Program("careful", Parameters(0.004, 0.990)),
    Program("balanced", Parameters(0.010, 0.970)),
    Program("bold", Parameters(0.030, 0.900)),
    Program("skilled", Parameters(0.006, 0.970, -0.0008)),
]

# Corners: one step only, hardly any decay, certain keeps, rare keeps.
CORNERS = [
    Program("one step", Parameters(0.01, 1e-9)),
    Program("no decay", Parameters(0.01, 1 - 1e-9)),
    Program("certain", Parameters(0.001, 0.5, -0.05)),
    Program("rare", Parameters(0.01, 0.99, 0.02, extended=True)),
]


@pytest.mark.parametrize("n", [1, 30])
def test_expectations_agree_with_samples(n):
    """Means and standard deviations within 5 standard errors."""
    n_runs = 20_000
    samples = sample_programs(SHELF + CORNERS, n, n_runs, seed=3)
    for ranked in rank(SHELF + CORNERS, n):
        area = samples[ranked.program.name]
        error = area.std(ddof=1) / math.sqrt(n_runs)
        assert abs(area.mean() - ranked.mean) <= 5 * error + 1e-12
        fourth = ((area - area.mean()) ** 4).mean()
        spread = area.std(ddof=1)
        error = math.sqrt(max(fourth - spread**4, 0) / n_runs) / (2 * spread)
        assert abs(spread - ranked.std) <= 5 * error + 1e-12


def test_rank_is_sorted_and_exact():
    ranking = rank(SHELF, 100)
    assert isinstance(ranking, Ranking)
    assert {r.program.name for r in ranking} == {program.name for program in SHELF}
    assert (np.diff([r.mean for r in ranking]) < 0).all()
    for r in ranking:
        assert r.mean == pytest.approx(expected_gain_area(r.program.parameters, 100), rel=1e-12)
        assert r.std == pytest.approx(gain_area_std(r.program.parameters, 100), rel=1e-12)
    assert rank(iter(SHELF), 100) == ranking


def test_the_best_program_depends_on_the_budget():
    names = {n: best_program(SHELF, n).name for n in (20, 500)}
    assert names[20] == "bold"
    assert names[500] == "skilled"
    for n in (1, 7, 20, 100, 500):
        by_hand = max(SHELF, key=lambda program, n=n: expected_gain_area(program.parameters, n))
        assert best_program(SHELF, n) is by_hand


def test_of_equal_programs_the_first_is_best():
    twins = [Program("a", Parameters(0.01, 0.97)), Program("b", Parameters(0.01, 0.97))]
    assert best_program(twins, 10).name == "a"
    assert best_program(twins[::-1], 10).name == "b"


def test_ranking_is_shown():
    ranking = rank([Program("<b>&", Parameters(0.01, 0.97)), SHELF[0]], 100)
    assert repr(ranking).splitlines()[0] == "<b>&: 9.203 ± 2.1"
    html = ranking._repr_html_()
    assert "<b>" not in html
    assert "&lt;b&gt;&amp;" in html
    assert html.count("<tr>") == 3


# --- over a box -----------------------------------------------------------------------------


def test_the_stated_model_answers_with_the_corner():
    box = {"sigma0": (0.001, 0.1), "gamma": (0.80, 0.99), "mu": (-0.002, 0.0)}
    best = best_parameters(box, 100)
    p = best.parameters
    assert (p.sigma0, p.gamma, p.mu) == (0.1, 0.99, -0.002)  # exactly, not to rounding
    assert best.at_bound == ("sigma0", "gamma", "mu")
    assert best.expected_gain_area == expected_gain_area(p, 100)


@pytest.mark.parametrize("c", [10.0, 400.0])
@pytest.mark.parametrize("n", [1, 10, 100])
def test_a_price_of_boldness_against_a_fine_scan(c, n):
    """The best step at a fixed decay rate, against 1,000 steps tried one by one."""
    box = {"sigma0": (0.0005, 0.2), "gamma": (0.95, 0.95)}
    best = best_parameters(box, n, price=c)
    assert best.at_bound == ()
    steps = np.geomspace(0.0005, 0.2, 1000)
    scan = gain_area_map(steps, [0.95], n, price=c)[:, 0]
    assert best.expected_gain_area >= scan.max()
    assert best.expected_gain_area == pytest.approx(scan.max(), rel=5e-5)
    assert best.parameters.sigma0 == pytest.approx(steps[scan.argmax()], rel=6e-3)
    assert best.parameters.price == c


def test_the_optimum_of_one_experiment_in_closed_form():
    """With N = 1 and mu = c s^2: s maximises s phi(c s) - c s^2 Phi(-c s), c s = 0.612."""
    # The sphere's progress rate: its maximum 0.2025 is at s* = 1.224 = 2 c s.
    best = best_parameters({"sigma0": (0.001, 1.0), "gamma": (0.5, 0.5)}, 1, price=10.0)
    assert 2 * 10 * best.parameters.sigma0 == pytest.approx(1.224, abs=5e-4)
    assert best.expected_gain_area * 2 * 10 == pytest.approx(0.2025, abs=5e-5)


def test_who_starts_too_bold_has_to_calm_down():
    """Where the box allows bold steps only, there is a best decay inside."""
    box = {"sigma0": (0.2, 0.4), "gamma": (0.8, 0.99)}
    best = best_parameters(box, 50, price=10.0)
    assert best.at_bound == ("sigma0",)
    decays = np.linspace(0.8, 0.99, 1000)
    area = gain_area_map([0.2], decays, 50, price=10.0)[0]
    assert best.expected_gain_area == pytest.approx(area.max(), rel=5e-5)
    assert best.parameters.gamma == pytest.approx(decays[area.argmax()], abs=3e-4)


@pytest.mark.parametrize("mu", [-0.002, 0.002])
def test_a_price_beside_a_bias(mu):
    box = {"sigma0": (0.001, 0.3), "gamma": (0.8, 0.99), "mu": (mu, mu)}
    best = best_parameters(box, 100, price=10.0)
    area = gain_area_map(
        np.geomspace(0.001, 0.3, 60), np.linspace(0.8, 0.99, 60), 100, mu=mu, price=10.0
    )
    assert best.expected_gain_area >= area.max()
    assert best.expected_gain_area == pytest.approx(area.max(), rel=0.01)


def test_fixed_parameters_stay():
    box = {"sigma0": (0.01, 0.01), "gamma": (0.97, 0.97), "mu": (-0.001, -0.001)}
    best = best_parameters(box, 100)
    assert best.parameters == Parameters(0.01, 0.97, -0.001, extended=True)
    assert best.at_bound == ()
    assert best.expected_gain_area == pytest.approx(12.077904635262103, rel=1e-12)


def test_search_is_deterministic_and_shown():
    box = {"sigma0": (0.001, 0.1), "gamma": (0.9, 0.9)}
    a, b = (best_parameters(box, 50, price=20.0) for _ in range(2))
    assert isinstance(a, BestParameters)
    assert a == b
    assert "at bound: none" in repr(a)
    assert f"sigma0={a.parameters.sigma0:.4g}" in repr(a)


def test_map_is_the_law_at_every_point():
    steps, decays = [0.01, 0.02, 0.03], [0.9, 0.97]
    area = gain_area_map(steps, decays, 50, mu=-0.001)
    priced = gain_area_map(steps, decays, 50, price=10.0)
    assert area.shape == priced.shape == (3, 2)
    for i, s in enumerate(steps):
        for j, g in enumerate(decays):
            assert area[i, j] == expected_gain_area(Parameters(s, g, -0.001), 50)
            assert priced[i, j] == expected_gain_area(Parameters(s, g, price=10.0), 50)


# --- samples --------------------------------------------------------------------------------


def test_samples_are_reproducible():
    a, b = (sample_programs(SHELF, 20, 50, seed=5) for _ in range(2))
    c = sample_programs(SHELF, 20, 50, seed=6)
    assert list(a) == [program.name for program in SHELF]
    for name in a:
        np.testing.assert_array_equal(a[name], b[name])
        assert (a[name] != c[name]).any()
        assert a[name].shape == (50,)


def test_common_random_numbers_are_common():
    twins = [Program("a", Parameters(0.01, 0.97)), Program("b", Parameters(0.02, 0.97))]
    shared = sample_programs(twins, 40, 500, seed=5, common=True)
    np.testing.assert_allclose(shared["b"], 2 * shared["a"], rtol=1e-12)
    np.testing.assert_array_equal(
        shared["a"], simulate(twins[0].parameters, 40, 500, seed=5).gain_area
    )


def test_independent_random_numbers_are_independent():
    """Correlation of independent samples: 0 within 5 standard errors of 1/sqrt(n)."""
    twins = [Program("a", Parameters(0.01, 0.97)), Program("b", Parameters(0.01, 0.97))]
    apart = sample_programs(twins, 40, 4000, seed=5)
    assert abs(np.corrcoef(apart["a"], apart["b"])[0, 1]) < 5 / math.sqrt(4000)


# --- bad input ------------------------------------------------------------------------------


def test_bad_programs():
    with pytest.raises(ParameterError, match=r"^name must be a str, got 3"):
        Program(3, Parameters(0.01, 0.97))
    with pytest.raises(ParameterError, match=r"^parameters must be an arbook.Parameters, got \(0"):
        Program("a", (0.01, 0.97))
    twins = [SHELF[0], Program("careful", Parameters(0.01, 0.97))]
    for bad in ([], twins, [SHELF[0], 3], 3, None, SHELF[0], "ab"):
        for call in (
            lambda bad: rank(bad, 10),
            lambda bad: best_program(bad, 10),
            lambda bad: sample_programs(bad, 10, 10, seed=1),
        ):
            with pytest.raises(ParameterError, match=r"^programs must be"):
                call(bad)


@pytest.mark.parametrize("bad", [0, -1, 1.5, "3", True, None, float("nan")])
def test_bad_counts(bad):
    box = {"sigma0": (0.01, 0.1), "gamma": (0.9, 0.9)}
    for call in (
        lambda: rank(SHELF, bad),
        lambda: best_program(SHELF, bad),
        lambda: best_parameters(box, bad),
        lambda: gain_area_map([0.01], [0.9], bad),
        lambda: sample_programs(SHELF, bad, 5, seed=1),
    ):
        with pytest.raises(
            ParameterError, match=r"^n_experiments must be an integer (>= 1|in 1 \.\.\. \d+),"
        ):
            call()
    with pytest.raises(ParameterError, match=r"^n_runs must be an integer >= 1"):
        sample_programs(SHELF, 5, bad, seed=1)


@pytest.mark.parametrize("seed", [-1, 1.5, "1"])
def test_bad_seeds(seed):
    with pytest.raises(ParameterError, match=r"^seed must be an integer >= 0"):
        sample_programs(SHELF, 5, 5, seed=seed)


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        (3, r"^bounds must be a mapping"),
        ({"gamma": (0.9, 0.9)}, r"^bounds must give sigma0"),
        ({"sigma0": (0.1, 0.2)}, r"^bounds must give gamma"),
        ({"sigma0": (0.1, 0.2), "gamma": (0.9, 0.9), "tau": (1, 2)}, r"^bounds must be .* 'tau'"),
        ({"sigma0": (0.2, 0.1), "gamma": (0.9, 0.9)}, r"^bounds\['sigma0'\] must be .* low <= hi"),
        ({"sigma0": (0.0, 0.1), "gamma": (0.9, 0.9)}, r"^bounds\['sigma0'\] must be .* > 0"),
        ({"sigma0": 0.1, "gamma": (0.9, 0.9)}, r"^bounds\['sigma0'\] must be a pair"),
        ({"sigma0": (0.1, 0.2, 0.3), "gamma": (0.9, 0.9)}, r"^bounds\['sigma0'\] must be a pair"),
        ({"sigma0": (0.1, math.inf), "gamma": (0.9, 0.9)}, r"^bounds\['sigma0'\] must be"),
        ({"sigma0": (0.1, 0.2), "gamma": ("a", "b")}, r"^bounds\['gamma'\] must be a pair"),
        ({"sigma0": (0.1, 0.2), "gamma": (-1, 0.9)}, r"^bounds\['gamma'\] must be .* > 0"),
    ],
)
def test_bad_bounds(bounds, message):
    with pytest.raises(ParameterError, match=message):
        best_parameters(bounds, 10)
