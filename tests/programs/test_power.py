"""How many nights tell two programs apart: laws against simulation, oracles and limits."""

import math

import numpy as np
import pytest
from scipy import stats

from arbook import ParameterError, Parameters, expected_gain_area, gain_area_std
from arbook.programs import (
    area_misranking,
    best_night_bias,
    comparison_power,
    confidence_sequence,
    e_values,
    misranking_probability,
    nights_needed,
    selection_bias,
    simulate_gain_areas,
    simulate_nights,
    t_test_p_values,
)


def errors_from(share, law, n):
    """Return by how many standard errors a simulated share differs from a law."""
    return abs(share - law) / math.sqrt(max(law * (1 - law), 1 / n) / n)


# ---------------------------------------------------------------- one look


@pytest.mark.parametrize("correlation", [0.0, 0.7, -0.4])
@pytest.mark.parametrize("nights", [1, 4])
def test_nights_are_misranked_as_often_as_the_law_says(nights, correlation):
    better, other = simulate_nights(0.8, 1.0, nights, 40_000, correlation=correlation, seed=3)
    law = misranking_probability(0.8, 1.0, nights, correlation=correlation)
    assert errors_from((better.mean(axis=1) < other.mean(axis=1)).mean(), law, 40_000) < 5


def test_misranking_is_what_is_left_of_the_choice_of_two():
    wins = selection_bias([0.7, 0.0], [0.5, 0.5]).win_probability
    assert misranking_probability(0.7, 1.0, 4) == pytest.approx(wins[1], abs=1e-9)
    assert misranking_probability(0.0, 1.0) == 0.5


@pytest.mark.parametrize("correlation", [None, 0.0, 0.6])
@pytest.mark.parametrize(("difference", "nights"), [(0.0, 2), (0.9, 4), (1.2, 13)])
def test_power_is_that_of_the_test(difference, nights, correlation):
    better, other = simulate_nights(
        difference, 2.0, nights, 20_000, correlation=correlation or 0.0, seed=5
    )
    test = stats.ttest_ind if correlation is None else stats.ttest_rel
    found = (test(better, other, axis=1).pvalue < 0.05).mean()
    law = comparison_power(difference, 2.0, nights, correlation=correlation)
    assert errors_from(found, law, 20_000) < 5


@pytest.mark.parametrize(("nights", "difference"), [(2, 0.3), (3, 1.2), (6, 1.2), (13, 0.3)])
def test_power_is_the_tail_of_a_noncentral_t(nights, difference):
    freedom, centre = 2 * nights - 2, difference * math.sqrt(nights / 2)
    limit = stats.t.isf(0.025, freedom)
    tails = stats.nct.sf(limit, freedom, centre) + stats.nct.cdf(-limit, freedom, centre)
    assert comparison_power(difference, 1.0, nights) == pytest.approx(tails, abs=1e-9)


def test_power_holds_at_its_edges():
    nights = [2, 5, 100, 10**12]
    np.testing.assert_allclose(comparison_power(0.0, 1.0, nights), 0.05, atol=1e-9)
    assert comparison_power(1e150, 1e-140, 2) == 1.0
    assert comparison_power([0.1, 0.2], 1.0, [[2], [3], [4]]).shape == (3, 2)
    assert comparison_power(1.0, 1.0, 2, error=1e-300) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("correlation", [None, 0.0, 0.9])
@pytest.mark.parametrize("difference", [0.05, 0.4, 1.2, 9.0])
def test_nights_needed_are_the_fewest(difference, correlation):
    n = int(nights_needed(difference, 1.0, correlation=correlation))
    assert comparison_power(difference, 1.0, n, correlation=correlation) >= 0.8
    if n > 2:
        assert comparison_power(difference, 1.0, n - 1, correlation=correlation) < 0.8


def test_pairs_need_their_share_of_the_nights():
    """Far from few nights, 1 - correlation of them; and about z² s²/d² more generally."""
    alone = nights_needed(0.05, 1.0)
    assert alone == pytest.approx(2 * 2.8016**2 / 0.05**2, rel=0.001)
    for rho in (0.5, 0.9):
        paired = nights_needed(0.05, 1.0, correlation=rho)
        assert paired == pytest.approx((1 - rho) * alone, rel=0.01)
    assert nights_needed(0.0, 1.0) == math.inf
    assert nights_needed(1e-150, 1.0) > 1e300
    with pytest.raises(ParameterError, match=r"power must be a number above error, 0\.2"):
        nights_needed(1.0, 1.0, power=0.1, error=0.2)


# ---------------------------------------------------------------- the best of k


def test_the_best_of_k_nights_is_too_good_by_the_law():
    runs, _ = simulate_nights(0.0, 3.0, 7, 40_000, seed=8)
    best = runs.max(axis=1)
    assert abs(best.mean() - best_night_bias(7, 3.0)) < 5 * best.std() / math.sqrt(best.size)


def test_known_expectations_of_a_maximum():
    exact = [0, 1 / math.sqrt(math.pi), 1.5 / math.sqrt(math.pi)]
    np.testing.assert_allclose(best_night_bias([1, 2, 3]), exact, atol=1e-12)
    assert best_night_bias(100, 2.0) == pytest.approx(2 * 2.507594, abs=1e-5)


# ---------------------------------------------------------------- nights of the model


@pytest.mark.parametrize(
    ("better", "other", "n"),
    [
        (Parameters(0.011, 0.97), Parameters(0.010, 0.97), 100),
        (Parameters(0.0036, 0.988, 0.0008, extended=True), Parameters(0.003, 0.988), 60),
        (Parameters(0.011, 0.9, 0.01, extended=True), Parameters(0.010, 0.9), 5),
        (Parameters(0.01, 0.5, -0.5), Parameters(0.01, 0.5, -0.495), 5),
    ],
)
@pytest.mark.parametrize("nights", [1, 5])
def test_areas_are_misranked_as_often_as_simulated_ones(better, other, n, nights):
    law = area_misranking(better, other, n, nights)
    a, b = (
        simulate_gain_areas(p, n, 20_000, seed=seed).reshape(-1, nights).mean(axis=1)
        for p, seed in ((better, 1), (other, 2))
    )
    assert errors_from((a < b).mean() + (a == b).mean() / 2, law, a.size) < 5


def test_areas_of_a_night_are_nearly_normal():
    better, other = Parameters(0.011, 0.97), Parameters(0.010, 0.97)
    apart = expected_gain_area(better, 100) - expected_gain_area(other, 100)
    spread = math.hypot(gain_area_std(better, 100), gain_area_std(other, 100)) / math.sqrt(2)
    for nights in (1, 10):
        normal = misranking_probability(apart, spread, nights)
        assert area_misranking(better, other, 100, nights) == pytest.approx(normal, abs=0.002)
    assert area_misranking(better, better, 100) == pytest.approx(0.5, abs=1e-9)
    assert area_misranking(better, other, 100, 10**6) == 0.0
    assert area_misranking(other, better, 100, 10**6) == 1.0


# ---------------------------------------------------------------- every night


def test_e_values_keep_their_promise_and_p_values_do_not():
    """5,000 pairs of equal programs, looked at after each of 40 nights."""
    a, b = simulate_nights(0.0, 2.0, 40, 5000, correlation=0.3, seed=6)
    said, once = e_values(a - b), t_test_p_values(a - b) < 0.05
    promised = (said >= 20).any(axis=1).mean()
    assert 0.005 < promised < 0.05
    assert errors_from(once[:, 9].mean(), 0.05, 5000) < 5
    assert once.any(axis=1).mean() > 0.25
    fair = said[:, :3].mean(axis=0)  # later ones are rarely large, and then very
    assert np.all(abs(fair - 1) < 5 * said[:, :3].std(axis=0) / math.sqrt(5000) + 1e-12)


def test_e_values_are_likelihood_ratios_of_what_has_no_unit():
    """Against their definition: a mixture over the mean and the scale, by quadrature."""
    d, w = np.array([0.3, 0.5, -0.2, 0.4]), 0.8
    m, log_s = np.meshgrid(np.linspace(-8, 8, 321), np.linspace(-8, 6, 561), indexing="ij")
    s = np.exp(log_s)
    density = [stats.norm.pdf(x, m * s, s) for x in d]
    prior = stats.norm.pdf(m, 0, w)  # of the mean over the scale; flat in the log of the scale
    for n in (2, 3, 4):
        likelihood = np.prod(density[:n], axis=0)
        over = (likelihood * prior).sum() * 0.05
        under = np.prod([stats.norm.pdf(x, 0, s[0]) for x in d[:n]], axis=0).sum()
        assert e_values(d[:n], width=w)[-1] == pytest.approx(over / under, rel=1e-4)


@pytest.mark.parametrize("width", [0.3, 1.0, 4.0])
def test_a_confidence_sequence_holds_what_e_values_do_not_refuse(width):
    a, b = simulate_nights(0.7, 1.0, 30, 200, seed=2)
    d = a - b
    low, high = confidence_sequence(d, width=width)
    without_zero = (low > 0) | (high < 0)
    assert np.array_equal(without_zero, e_values(d, width=width) >= 20)
    shifted = e_values(d - high[:, -1:] + 1e-9, width=width)[:, -1]
    np.testing.assert_allclose(shifted, 20, rtol=1e-5)
    assert np.isinf(high[:, 0]).all()
    held = ((low <= 0.7) & (high >= 0.7)).all(axis=1).mean()
    assert held > 0.93


def test_unit_and_sign_say_nothing_of_evidence():
    d = np.array([0.3, 0.5, 0.2, 0.4, 0.6])
    for factor in (1e-140, -3.0, 1e140):
        np.testing.assert_allclose(e_values(factor * d), e_values(d))
        np.testing.assert_allclose(t_test_p_values(factor * d), t_test_p_values(d))
    np.testing.assert_allclose(t_test_p_values(1e7 + d), t_test_p_values(1e7 + d.round(6)))
    np.testing.assert_allclose(e_values([0.0, 0.0]), [1, 1 / math.sqrt(3)])
    assert t_test_p_values([0.0, 0.0, 0.0]).tolist() == [1.0, 1.0, 1.0]
    assert t_test_p_values([1.0, 1.0]).tolist() == [1.0, 0.0]
    assert [end[-1] for end in confidence_sequence([1.0] * 6)] == [1.0, 1.0]


def test_p_values_are_scipy_s():
    d = np.random.default_rng(1).normal(0.4, 1, (3, 9))
    for n in (2, 5, 9):
        expected = stats.ttest_1samp(d[:, :n], 0, axis=1).pvalue
        np.testing.assert_allclose(t_test_p_values(d)[:, n - 1], expected)
