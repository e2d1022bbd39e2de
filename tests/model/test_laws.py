"""The laws against reference values, decimal arithmetic, quadrature, and their simulation twins."""

import math
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

import exact
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import brentq, minimize_scalar
from scipy.special import beta
from scipy.stats import norm

import arbook
from arbook import Parameters, simulate, simulate_moments, step_size
from arbook.model.parameters import LARGEST_STEP


def extended(sigma0: float, gamma: float, mu: float = 0.0, price: float = 0.0) -> Parameters:
    return Parameters(sigma0, gamma, mu, price=price, extended=True)


def close(value, exact_value, rel=1e-12):
    return value == pytest.approx(float(exact_value), rel=rel, abs=0)


# ---------------------------------------------------------------- reference values

#: (sigma0, gamma, mu, N) -> E[A_N], sd[A_N], E[f0 - F(N)], sd[F(N)], computed from the defining
#: sums with mpmath at 50 digits.
REFERENCE = {
    (0.01, 0.97, 0.0, 100): (
        9.202826822077329, 2.057125473819774, 0.1266571914836213, 0.023987952563070857,
    ),
    (0.01, 0.97, -0.001, 100): (
        12.077904635262103, 2.2349008626059637, 0.1882854847806998, 0.026576069215186047,
    ),
    (0.02, 0.9, -0.0005, 50): (
        3.630466351063523, 1.2604002564054253, 0.09502237935400992, 0.027526873653722743,
    ),
    (0.01, 0.97, 0.002, 100): (
        5.427365606325769, 1.7049733679375991, 0.06508729353040393, 0.01916066398046788,
    ),
}  # fmt: skip


@pytest.mark.parametrize("key", REFERENCE)
def test_reference_values(key):
    *three, n = key
    p = extended(*three)
    area, area_std, gain, gain_std = REFERENCE[key]
    assert close(arbook.expected_gain_area(p, n), area)
    assert close(arbook.gain_area_std(p, n), area_std)
    assert close(arbook.frontier_std(p, n), gain_std)
    assert close(-arbook.expected_frontier(p, n, f0=0.0), gain)
    assert close(arbook.expected_frontier(p, n, f0=1.0), 1 - gain)


#: From timid to saturated on both sides, slow and fast decay, and none; and with a price.
EXACT = [
    (0.01, 0.97, 0.0),
    (0.01, 0.97, -0.001),
    (0.01, 0.97, 0.002),
    (1.0, 0.9, -0.2),
    (1.0, 0.9, 0.2),
    (1.0, 1e-3, -3e-56),
    (1.0, 0.999999, -25.0),
    (1.0, 0.999999, 25.0),
    (1.0, 1.0, 3.0),
    (0.001, 1.1, -0.003),
    (1e-9, 0.5, 4e-14),
    (0.1, 0.97, 0.0, 10.0),
    (0.1, 0.8, -0.002, 50.0),
    (0.01, 1.1, 0.001, 2000.0),
]


@pytest.mark.parametrize("numbers", EXACT)
def test_moments_of_runs_equal_decimal_arithmetic(numbers):
    p, n = extended(*numbers), 20
    right = exact.run(n, *numbers)
    assert close(-arbook.expected_frontier(p, n, 0.0), right["gain"])
    assert close(arbook.frontier_std(p, n), right["frontier_std"])
    assert close(arbook.expected_gain_area(p, n), right["gain_area"])
    assert close(arbook.gain_area_std(p, n), right["gain_area_std"])
    assert close(arbook.expected_keeps(p, n), right["keeps"])
    assert close(arbook.keeps_std(p, n), right["keeps_std"])
    assert close(arbook.no_keep_probability(p, n), right["no_keep"], rel=2e-12)


SKILLS = sorted(
    {0.0, *(s * a for s in (-1, 1) for a in (1e-9, 0.1, 0.7, 2, 3.999, 4, 4.001, 5, 9))}
)


@pytest.mark.parametrize("skill", [*SKILLS, -30.0, -20.0, 20.0, 30.0])
def test_moments_of_an_experiment_equal_decimal_arithmetic(skill):
    """Also where the textbook formulas lose all digits of a double."""
    sigma = 0.25  # skill * sigma is exact
    p, mean, var = exact.improvement(-skill * sigma, Decimal(sigma))
    q = extended(sigma, 0.9, -skill * sigma)
    assert close(arbook.keep_probability(q, 0), p)
    assert close(arbook.expected_improvement(q, 0), mean)
    assert close(arbook.improvement_std(q, 0), var.sqrt())


@pytest.mark.parametrize("skill", [30.001, 36.0, 39.0, 50.0, 53.0])
def test_the_deviation_of_an_improvement_outlives_its_variance(skill):
    """From 38 deviations on the variance is 0 in a double, and its root is not."""
    square = quad(lambda x: x * x * math.exp(-skill * x - x * x / 2), 0, 1, epsabs=0)[0]
    right = math.exp(-skill * skill / 4) * math.sqrt(square / math.sqrt(2 * math.pi))
    assert arbook.improvement_std(extended(1.0, 0.9, skill), 0) == pytest.approx(right, rel=1e-9)


@pytest.mark.parametrize(
    "gamma", [1e-300, 1e-9, 0.3, 0.97, 1 - 1e-6, 1 - 1e-12, np.nextafter(1, 0)]
)
@pytest.mark.parametrize("n", [1, 2, 3, 100, 10_000])
def test_symmetric_gain_area_is_an_equality(gamma, n):
    with localcontext() as context:
        context.prec = 60
        g, one = Decimal(float(gamma)), Decimal(1)
        bracket = n - g * (one - g**n) / (one - g)
        right = Decimal.from_float(0.01) / ((2 * exact.PI).sqrt() * (one - g)) * bracket
    p = Parameters(0.01, gamma)
    assert close(arbook.symmetric_gain_area(p, n), right)
    assert close(arbook.expected_gain_area(p, n), right)


@pytest.mark.parametrize("gamma", [1.0, 1.0001, 1.5])
def test_symmetric_gain_area_without_decay(gamma):
    p, g = extended(0.01, gamma), Fraction(gamma)
    right = sum((50 - s) * g**s for s in range(50))
    assert close(arbook.symmetric_gain_area(p, 50), float(right) * 0.01 / np.sqrt(2 * np.pi))


def test_any_keep_equals_exact_fractions():
    for p in (0.0, 1e-12, 0.176, 0.5, 0.999, 1.0):
        for k in (1, 2, 7, 100):
            assert close(arbook.any_keep_probability(p, k), 1 - (1 - Fraction(p)) ** k)


def test_records_equal_sums_of_fractions():
    n = [0, 1, 2, 50, 1000]
    chances = [[Fraction(1, i + 1) for i in range(1, k + 1)] for k in n]
    mean, std = arbook.expected_records(n), arbook.records_std(n)
    assert mean == pytest.approx([float(sum(c)) for c in chances], rel=1e-12)
    variances = [float(sum(p * (1 - p) for p in c)) for c in chances]
    assert std == pytest.approx(np.sqrt(variances), rel=1e-12)
    assert np.isfinite(arbook.records_std([10**6, 10**15])).all()


@pytest.mark.parametrize("draw", ["normal", "exponential", "standard_cauchy"])
def test_records_do_not_depend_on_the_distribution(draw):
    n, n_runs = 40, 20_000
    values = getattr(np.random.default_rng(4), draw)(size=(n_runs, n + 1))
    records = (np.diff(np.minimum.accumulate(values, axis=1), axis=1) < 0).sum(axis=1)
    assert near(records.mean(), arbook.records_std(n), n_runs, arbook.expected_records(n), n)
    assert near_std(records, arbook.records_std(n), n)


# ---------------------------------------------------------------- doublings


TAILS = [-2.0, -1.0, -0.3, 0.0, 1e-12, 1e-4, 0.3, 0.9]


@pytest.mark.parametrize("tail", TAILS)
def test_gains_of_an_urn_are_sums_of_beta_functions(tail):
    n = [0, 1, 2, 50, 10_000]
    each = beta(np.arange(10_000) + 2.0, 1 - tail)
    right = 0.5 * np.concatenate([[0], np.cumsum(each)])[n]
    assert arbook.expected_urn_gain(n, tail, 0.5) == pytest.approx(right, rel=1e-10)
    assert np.isfinite(arbook.expected_urn_gain(10**15, tail))


def test_an_exponential_urn_brings_its_scale_a_record():
    n = [1, 10, 1000]
    right = 2 * arbook.expected_records(n)
    assert arbook.expected_urn_gain(n, scale=2.0) == pytest.approx(right, rel=1e-12)


@pytest.mark.parametrize("tail", [-1.0, -0.3, 0.0, 0.3])
def test_gains_of_an_urn_equal_their_simulation(tail):
    n_runs = 20_000
    gains = arbook.simulate_urn(80, n_runs, tail=tail, scale=3.0, seed=5)
    for n in (1, 10, 40, 80):
        right, found = arbook.expected_urn_gain(n, tail, 3.0), gains[:, n]
        assert near(found.mean(), found.std(), n_runs, right, n)
    assert (gains[:, 0] == 0).all()
    assert (np.diff(gains) >= 0).all()


@pytest.mark.parametrize("tail", [-0.5, 0.0, 0.4])
def test_a_doubling_brings_so_many_times_the_one_before(tail):
    bought = np.diff(arbook.expected_urn_gain(1000 * 2 ** np.arange(4), tail))
    assert bought[1:] / bought[:-1] == pytest.approx(2**tail, rel=0.002)


# ---------------------------------------------------------------- best of k


@pytest.mark.parametrize("skill", [-6.0, -1.0, 0.0, 1.0, 12.0])
@pytest.mark.parametrize("k", [1, 2, 3, 10, 1000, 10**6])
def test_best_of_k_equals_quadrature(skill, k):
    """Against E[max(0, best)] = the integral of x k Phi^(k-1) phi: another form than the code's."""
    low = max(-skill, -9.0)
    middle = max(float(norm.isf(1 / k)) if k > 1 else 0.0, low)
    edges = sorted({low, middle, middle + 1, middle + 3, middle + 8})

    def density(z):
        return (skill + z) * k * np.exp((k - 1) * norm.logcdf(z) + norm.logpdf(z))

    total = sum(
        quad(density, a, b, epsabs=0, epsrel=1e-13, limit=200)[0] for a, b in pairwise(edges)
    )
    value = arbook.expected_best_improvement(extended(0.01, 0.9, -0.01 * skill), 0, k)
    assert value == pytest.approx(0.01 * total, rel=1e-10)


def test_expected_maximum_of_normals():
    """With skill that never fails, what remains is the expected maximum of k normals."""
    p = Parameters(1.0, 0.9, -20.0)
    maximum = arbook.expected_best_improvement(p, 0, [1, 2, 3, 5, 10, 100]) - 20
    assert maximum[1] == pytest.approx(1 / np.sqrt(np.pi), abs=1e-12)
    assert maximum[2] == pytest.approx(1.5 / np.sqrt(np.pi), abs=1e-12)
    known = [0.0, 0.5642, 0.8463, 1.1630, 1.5388, 2.5076]  # David and Nagaraja, Order Statistics
    assert maximum == pytest.approx(known, abs=5e-5)


def test_one_agent_is_the_best_of_one():
    p, t = extended(0.01, 0.9, 0.003), np.arange(50)
    one = arbook.expected_best_improvement(p, t, 1)
    assert one == pytest.approx(arbook.expected_improvement(p, t), rel=1e-11)


# ---------------------------------------------------------------- best step size


@pytest.mark.parametrize("gamma", [1e-300, 0.5, 0.97, 1 - 1e-9])
def test_half_life_and_reach_are_what_they_say(gamma):
    p = Parameters(0.02, gamma, -0.001)
    assert gamma ** arbook.half_life(p) == pytest.approx(0.5, rel=1e-12)
    assert arbook.reach(p) * float(1 - Fraction(gamma)) == pytest.approx(0.02, rel=1e-15)


def test_the_reach_is_the_sum_of_all_steps_and_the_end_of_the_frontier():
    p = Parameters(0.01, 0.97)
    assert arbook.reach(p) == pytest.approx(step_size(p, np.arange(2000)).sum(), rel=1e-12)
    gained = 1 - arbook.expected_frontier(p, 2000)
    assert gained == pytest.approx(arbook.reach(p) / np.sqrt(2 * np.pi), rel=1e-12)


@pytest.mark.parametrize("gamma", [1.0, 1.02])
def test_steps_that_do_not_shrink_have_no_half_life(gamma):
    p = extended(0.01, gamma)
    assert arbook.half_life(p) == arbook.reach(p) == np.inf


def test_best_step_size_solves_its_equation():
    u = brentq(lambda u: norm.pdf(u) - 2 * u * norm.cdf(-u), 0.1, 2, xtol=1e-15, rtol=1e-15)
    assert close(arbook.best_step_size(1.0), u)
    assert norm.cdf(-arbook.best_step_size(1.0)) == pytest.approx(0.2703, abs=5e-5)


@pytest.mark.parametrize("price", [1e-6, 0.3, 25.0, 1e8])
def test_best_step_size_gains_most(price):
    def loss(log_step):
        s = np.exp(log_step)
        return -price * arbook.expected_improvement(extended(s, 0.9, price * s * s), 0)

    centre = np.log(1 / price)
    found = minimize_scalar(loss, bounds=(centre - 3, centre + 3), options={"xatol": 1e-9})
    assert np.exp(found.x) == pytest.approx(arbook.best_step_size(price), rel=1e-6)
    # 2 c E[I] is the progress rate on the sphere, 0.2025 at its maximum
    assert -2 * found.fun == pytest.approx(0.2025, abs=5e-5)


def test_best_step_size_beats_its_neighbours_in_simulation():
    price, means = 10.0, []
    for factor in (0.5, 1.0, 2.0):
        p = Parameters(factor * arbook.best_step_size(price), 0.9, price=price)
        m = simulate_moments(p, 1, 100_000, f0=0.0, seed=3)
        gap = -m.frontier_mean[1] - arbook.expected_improvement(p, 0)
        assert abs(gap) < 5 * m.frontier_mean_error[1]
        means.append((-m.frontier_mean[1], m.frontier_mean_error[1]))
    for other in (means[0], means[2]):
        assert means[1][0] - other[0] > 5 * np.hypot(means[1][1], other[1])


def test_best_step_size_of_arrays_and_tiny_prices():
    assert arbook.best_step_size([[1.0, 10.0]]).shape == (1, 2)
    assert isinstance(arbook.best_step_size(2), float)
    assert arbook.best_step_size(5e-324) == pytest.approx(LARGEST_STEP)


# ---------------------------------------------------------------- price per step


def test_every_step_pays_for_its_own_size():
    p, t = extended(0.1, 0.9, -0.001, 10.0), np.arange(40)
    np.testing.assert_allclose(arbook.bias(p, t), -0.001 + 10 * step_size(p, t) ** 2, rtol=1e-14)
    np.testing.assert_array_equal(arbook.bias(extended(0.1, 0.9, 0.002), t), np.full(40, 0.002))
    assert isinstance(arbook.bias(p, 3), float)


def test_a_price_alone_makes_keeps_rarer_the_bolder_the_step():
    """Phi(-c sigma): from rare keeps to one half as the steps shrink."""
    p, t = Parameters(0.3, 0.97, price=10.0), np.arange(200)
    prob = arbook.keep_probability(p, t)
    assert prob == pytest.approx(norm.cdf(-10 * step_size(p, t)), rel=1e-12)
    assert (np.diff(prob) > 0).all()
    assert prob[0] < 0.002
    assert prob[-1] > 0.49


@pytest.mark.parametrize("c", [0.1, 3.0, 1e4])
def test_a_price_is_a_unit_of_length(c):
    """With u = c sigma0 fixed, all that is gained is inversely proportional to the price."""
    n, one = np.array([1, 20, 300]), Parameters(1.2, 0.97, price=1.0)
    p = Parameters(1.2 / c, 0.97, price=c)
    assert c * arbook.expected_gain_area(p, n) == pytest.approx(arbook.expected_gain_area(one, n))
    assert c * arbook.gain_area_std(p, n) == pytest.approx(arbook.gain_area_std(one, n))
    assert arbook.expected_keeps(p, n) == pytest.approx(arbook.expected_keeps(one, n))


# ---------------------------------------------------------------- simulation twins


def near(mean, std, n, value, scale):
    """Whether means of n samples with this standard deviation are within 5 errors of `value`."""
    return np.all(np.abs(mean - value) <= 5 * std / np.sqrt(n) + 1e-12 * scale)


def near_std(samples, value, scale):
    """The same for the standard deviation of samples, by their fourth moment."""
    n, d = len(samples), samples - samples.mean()
    s = np.sqrt((d**2).mean())
    error = np.sqrt(((d**4).mean() - s**4) / n) / (2 * s) if s > 0 else 0.0
    # 13 s / n: five errors to second order, all there is for the toss of a fair coin
    return abs(samples.std(ddof=1) - value) <= 5 * error + 13 * s / n + 1e-12 * scale


@pytest.mark.parametrize("gamma", [1e-12, 0.5, 0.97, 1 - 1e-9])
@pytest.mark.parametrize("skill", [0.0, 0.1, 50.0, -0.5, -50.0])
@pytest.mark.parametrize(("n", "n_runs"), [(1, 20_000), (30, 4_000), (10_000, 60)])
def test_laws_agree_with_their_simulation_twins(gamma, skill, n, n_runs):
    p = extended(0.01, gamma, -0.01 * skill)
    runs = simulate(p, n, n_runs, f0=1.0, seed=[n, 1][n == 1] + round(100 + skill))
    t, scale = np.arange(n), 0.01 * (1 + abs(skill))

    prob = arbook.keep_probability(p, t)
    assert near(runs.kept.mean(axis=0), np.sqrt(prob * (1 - prob)), n_runs, prob, 1)
    improvements = np.maximum(0.0, -runs.delta)
    mean, std = arbook.expected_improvement(p, t), arbook.improvement_std(p, t)
    assert near(improvements.mean(axis=0), std, n_runs, mean, scale)

    ns = np.arange(n + 1)
    frontier, spread = arbook.expected_frontier(p, ns, 1.0), arbook.frontier_std(p, ns)
    assert near(runs.frontier.mean(axis=0), spread, n_runs, frontier, 1 + n * scale)
    area, area_std = arbook.expected_gain_area(p, n), arbook.gain_area_std(p, n)
    assert near(runs.gain_area.mean(), area_std, n_runs, area, n * n * scale)
    keeps, number = arbook.expected_keeps(p, n), runs.kept.sum(axis=1)
    assert near(number.mean(), arbook.keeps_std(p, n), n_runs, keeps, n)
    nothing = arbook.no_keep_probability(p, n)
    share = (number == 0).mean()
    assert near(share, np.sqrt(nothing * (1 - nothing)), n_runs, nothing, 1)

    if n_runs * (1 - nothing) > 30:  # else too few runs moved to tell a spread
        assert near_std(runs.frontier[:, -1], spread[-1], 1 + n * scale)
        assert near_std(runs.gain_area, area_std, n * n * scale)
        assert near_std(number, arbook.keeps_std(p, n), n)


@pytest.mark.parametrize(
    "numbers",
    [(0.01, 0.97, 0.0), (0.01, 0.97, -0.001), (0.02, 0.9, 0.002), (0.2, 0.97, -0.001, 10.0)],
)
def test_moments_agree_in_a_long_simulation(numbers):
    p, n, n_runs = extended(*numbers), 100, 40_000
    m = simulate_moments(p, n, n_runs, seed=5)
    ns = np.arange(n + 1)
    assert near(
        m.frontier_mean, arbook.frontier_std(p, ns), n_runs, arbook.expected_frontier(p, ns), 1
    )
    assert abs(m.gain_area_mean - arbook.expected_gain_area(p, n)) < 5 * m.gain_area_mean_error
    # near a normal distribution, a standard deviation has the relative error 1 / sqrt(2 n)
    relative = 5 * 1.2 / np.sqrt(2 * n_runs)
    assert m.frontier_std[-1] == pytest.approx(arbook.frontier_std(p, n), rel=relative)
    assert m.gain_area_std == pytest.approx(arbook.gain_area_std(p, n), rel=relative)


def test_best_of_k_agrees_with_simulation():
    p, k, n = extended(0.01, 0.97, 0.002, 20.0), 5, 200_000
    rng = np.random.default_rng(9)
    for t in (0, 40):
        change = arbook.bias(p, t) + step_size(p, t) * rng.standard_normal((n, k))
        best = np.maximum(0, -change).max(axis=1)
        gap = best.mean() - arbook.expected_best_improvement(p, t, k)
        assert abs(gap) < 5 * best.std() / np.sqrt(n)
        prob = arbook.any_keep_probability(arbook.keep_probability(p, t), k)
        assert near((best > 0).mean(), np.sqrt(prob * (1 - prob)), n, prob, 1)


# ---------------------------------------------------------------- distribution of the frontier

QS = np.array([0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999])


@pytest.mark.parametrize("skill", [-2.0, -0.3, 0.0, 0.5, 4.0, 40.0])
def test_quantiles_after_one_experiment_are_those_of_a_censored_normal(skill):
    p = extended(0.01, 0.9, -0.01 * skill)
    right = 1 - np.maximum(0, 0.01 * (skill + norm.isf(QS)))
    value = arbook.frontier_quantiles(p, 1, QS)
    assert value == pytest.approx(right, abs=0.001 * arbook.frontier_std(p, 1))
    assert (value == 1.0)[arbook.no_keep_probability(p, 1) > 1 - QS].all()


def test_quantiles_of_skill_that_never_fails_are_normal():
    p = Parameters(0.01, 0.99, -0.2)
    mean, std = arbook.expected_frontier(p, 60), arbook.frontier_std(p, 60)
    value = arbook.frontier_quantiles(p, 60, QS)
    assert value == pytest.approx(norm.ppf(QS, mean, std), abs=0.001 * std)


@pytest.mark.parametrize("skill", [-1.0, 0.0, 0.8])
def test_quantiles_after_two_experiments_equal_quadrature(skill):
    p = extended(1.0, 0.7, -skill)

    def below(x):
        """Pr[I_0 + I_1 <= x]."""
        first, second = norm(skill, 1.0), norm(skill, 0.7)
        inner = quad(lambda y: first.pdf(y) * second.cdf(x - y), 0, x, epsabs=1e-12)[0]
        return first.cdf(0) * second.cdf(x) + inner

    std = arbook.frontier_std(p, 2)
    for q in (0.01, 0.3, 0.5, 0.9, 0.99):
        gain = -arbook.frontier_quantiles(p, 2, q, f0=0.0)
        if gain == 0:
            assert below(0.0) >= 1 - q
        else:
            slope = (below(gain + 1e-4) - below(gain - 1e-4)) / 2e-4
            assert below(gain) == pytest.approx(1 - q, abs=0.001 * std * slope)
        wanted = arbook.negative_frontier_probability(p, 2, f0=max(gain, 0.1))
        assert wanted == pytest.approx(1 - below(max(gain, 0.1)), abs=2e-5)


@pytest.mark.parametrize(
    ("numbers", "n"),
    [((0.01, 0.97, 0.0), 100), ((0.01, 0.9, 0.01), 12), ((0.01, 0.97, -0.005), 200),
     ((0.01, 0.97, 0.002), 1000), ((0.001, 1.05, 0.0005), 60), ((0.1, 0.9, 0.0, 10.0), 30)],
)  # fmt: skip
def test_distribution_agrees_with_simulation(numbers, n):
    p, n_runs = extended(*numbers), 20_000
    values = simulate(p, n, n_runs, seed=12).frontier[:, -1]
    error = 5 * np.sqrt(QS * (1 - QS) / n_runs)
    quantiles = arbook.frontier_quantiles(p, n, QS)
    margin = 0.001 * arbook.frontier_std(p, n)
    # a quantile may lie on the atom: compare Pr[F <= x] from both sides
    assert (np.array([(values <= x + margin).mean() for x in quantiles]) >= QS - error).all()
    assert (np.array([(values < x - margin).mean() for x in quantiles]) <= QS + error).all()
    below = arbook.negative_frontier_probability(p, n)
    assert near((values < 0).mean(), np.sqrt(below * (1 - below)), n_runs, below, 1e6)


@pytest.mark.parametrize("skill", [-1.0, 0.0, 2.0])
def test_negative_frontier_after_one_experiment(skill):
    p = extended(0.5, 0.9, -0.5 * skill)
    assert arbook.negative_frontier_probability(p, 1) == pytest.approx(norm.sf(2 - skill), abs=1e-6)
    assert arbook.negative_frontier_probability(p, [0, 5], f0=-1.0).tolist() == [1.0, 1.0]
    assert arbook.negative_frontier_probability(p, 0, f0=0.5) == 0.0


def test_quantiles_have_the_shape_of_n_then_q():
    p = Parameters(0.01, 0.97)
    both = arbook.frontier_quantiles(p, [[5, 60, 0]], [0.1, 0.9])
    assert both.shape == (1, 3, 2)
    assert (both[0, 2] == 1.0).all()
    # one lattice for several n costs some accuracy, within what is stated
    alone = [arbook.frontier_quantiles(p, n, 0.9) for n in (5, 60)]
    assert both[0, :2, 1] == pytest.approx(alone, abs=0.001 * arbook.frontier_std(p, 5))
    assert isinstance(arbook.frontier_quantiles(p, 5, 0.5), float)


# ---------------------------------------------------------------- corners

ALL_OF_N = [
    arbook.expected_frontier, arbook.frontier_std, arbook.expected_gain_area,
    arbook.gain_area_std, arbook.expected_keeps, arbook.keeps_std, arbook.no_keep_probability,
    arbook.negative_frontier_probability,
]  # fmt: skip


@pytest.mark.parametrize("sigma0", [5e-324, 1e-200, 0.01, 1e100])
@pytest.mark.parametrize("gamma", [5e-324, 1e-12, 0.5, 1 - 2**-53, 1.0, 1e300])
@pytest.mark.parametrize("mu", [0.0, -5e-324, -0.3, 0.3, -1e100, 1e100])
@pytest.mark.parametrize("price", [0.0, 1e100])
def test_no_corner_overflows(sigma0, gamma, mu, price):
    """Finite, in range, and without a warning (warnings are errors here)."""
    p = extended(sigma0, gamma, mu, price)
    t, n = np.array([0, 1, 2, 9_999]), np.array([0, 1, 2, 300])
    prob = arbook.keep_probability(p, t)
    assert ((prob >= 0) & (prob <= 1)).all()
    for law in (arbook.expected_improvement, arbook.improvement_std):
        assert np.isfinite(law(p, t)).all()
        assert (law(p, t) >= 0).all()
    assert np.isfinite(arbook.expected_best_improvement(p, t, 7)).all()
    for law in ALL_OF_N:
        value = law(p, n)
        assert np.isfinite(value).all()
        if "probability" in law.__name__:
            assert ((value >= 0) & (value <= 1)).all()
        elif law is not arbook.expected_frontier:
            assert (value >= 0).all()
    quantiles = arbook.frontier_quantiles(p, n, [0.01, 0.5, 0.99])
    assert np.isfinite(quantiles).all()
    assert (np.diff(quantiles) >= 0).all()
    if mu == price == 0 and gamma <= 1:
        symmetric = arbook.symmetric_gain_area(p, n)
        assert np.isfinite(symmetric).all()
        if sigma0 > 1e-280 and gamma > 1e-9:  # above, where no step is replaced by the smallest
            assert symmetric == pytest.approx(arbook.expected_gain_area(p, n), rel=1e-12)


def test_ten_thousand_experiments_at_once():
    p, n = Parameters(0.01, 0.999, -1e-4), np.arange(10_001)
    for law in ALL_OF_N[:-1]:
        values = law(p, n)
        assert values.shape == n.shape
        assert values[[0, 7, 10_000]] == pytest.approx(
            [law(p, i) for i in (0, 7, 10_000)], rel=1e-14
        )
    # about the mean, the sum of so many terms is nearly normal
    end = arbook.expected_frontier(p, 10_000, 0.0)
    assert arbook.negative_frontier_probability(p, 10_000, -end) == pytest.approx(0.5, abs=0.01)


def test_long_runs_stay_exact():
    """A running sum of a million equal terms, against a product."""
    p, n = Parameters(0.01, 0.5, -0.3), 1_000_000
    assert -arbook.expected_frontier(p, n, 0.0) == pytest.approx(0.3 * n, rel=1e-9)


# ---------------------------------------------------------------- properties

steps = st.floats(1e-6, 1e3)
decays = st.floats(1e-3, 1 - 1e-9)
skills = st.floats(-40, 40)
lengths = st.integers(1, 60)


@st.composite
def parameters(draw) -> Parameters:
    sigma0 = draw(steps)
    return extended(sigma0, draw(decays), -sigma0 * draw(skills))


@given(parameters(), lengths)
def test_the_gain_area_sums_the_gains(p, n):
    gains = -arbook.expected_frontier(p, np.arange(1, n + 1), 0.0)
    assert arbook.expected_gain_area(p, n) == pytest.approx(gains.sum(), rel=1e-12)


@given(parameters(), lengths)
def test_the_expected_frontier_never_rises(p, n):
    values = arbook.expected_frontier(p, np.arange(n + 1))
    assert values[0] == 1.0
    assert (np.diff(values) <= 0).all()
    assert (np.diff(arbook.frontier_std(p, np.arange(n + 1))) >= 0).all()


@given(parameters(), lengths)
def test_probabilities_are_probabilities(p, n):
    t = np.arange(n)
    keep = arbook.keep_probability(p, t)
    assert ((keep >= 0) & (keep <= 1)).all()
    opposite = arbook.keep_probability(extended(p.sigma0, p.gamma, -p.mu), t)
    assert keep + opposite == pytest.approx(np.ones(n), abs=1e-15)
    nothing = arbook.no_keep_probability(p, np.arange(n + 1))
    assert nothing[0] == 1
    assert ((nothing >= 0) & (np.diff(nothing, prepend=1) <= 0)).all()
    assert 0 <= arbook.expected_keeps(p, n) <= n * (1 + 1e-15)
    assert arbook.keeps_std(p, n) <= np.sqrt(n) / 2 * (1 + 1e-15)


@given(parameters(), lengths, st.integers(-300, 300))
def test_units_do_not_matter(p, n, exponent):
    """sigma0, mu and f0 in another unit: everything is in that unit, probabilities stay."""
    c = 2.0**exponent
    q = extended(c * p.sigma0, p.gamma, c * p.mu)
    assert arbook.keep_probability(q, n) == arbook.keep_probability(p, n)
    assert arbook.no_keep_probability(q, n) == arbook.no_keep_probability(p, n)
    for law in (arbook.expected_gain_area, arbook.gain_area_std, arbook.frontier_std):
        assert law(q, n) == pytest.approx(c * law(p, n), rel=1e-12, abs=0)
    pair = [arbook.expected_frontier(x, n, f) for x, f in ((q, c), (p, 1.0))]
    assert pair[0] == pytest.approx(c * pair[1], rel=1e-12, abs=0)


@given(parameters(), lengths, st.floats(1, 3))
def test_nothing_is_traded_off_in_the_stated_model(p, n, factor):
    """E[A_N] grows in sigma0, gamma and skill: meta-optimisation needs a further ingredient."""
    area = arbook.expected_gain_area(p, n) * (1 - 1e-12)
    assert arbook.expected_gain_area(extended(factor * p.sigma0, p.gamma, p.mu), n) >= area
    assert arbook.expected_gain_area(extended(p.sigma0, p.gamma ** (1 / factor), p.mu), n) >= area
    more_skill = p.mu - (factor - 1) * p.sigma0
    assert arbook.expected_gain_area(extended(p.sigma0, p.gamma, more_skill), n) >= area


@given(parameters(), st.integers(0, 40), st.integers(1, 50))
def test_more_agents_gain_more_but_less_each(p, t, k):
    one, some, more = arbook.expected_best_improvement(p, t, [1, k, k + 1])
    slack = 1e-11 * one
    assert one - slack <= some <= more + slack
    assert some <= k * one + slack


@given(st.floats(0, 1), st.integers(1, 1000))
def test_any_keep_grows_with_agents(prob, k):
    some, more = arbook.any_keep_probability(prob, [k, k + 1])
    assert 0 <= some <= more <= 1
    assert arbook.any_keep_probability(prob, 1) == pytest.approx(prob, rel=1e-14, abs=0)


@given(parameters(), lengths)
def test_quantiles_never_fall(p, n):
    q = np.array([0.001, 0.05, 0.3, 0.5, 0.7, 0.95, 0.999])
    values = arbook.frontier_quantiles(p, n, q)
    assert (np.diff(values) >= 0).all()
    assert (values <= 1.0).all()
    # Chebyshev: no quantile is further from the mean than its probability allows
    distance = np.abs(values - arbook.expected_frontier(p, n))
    assert (distance <= 1.01 * arbook.frontier_std(p, n) / np.sqrt(np.minimum(q, 1 - q))).all()


def test_scalars_give_scalars_and_arrays_arrays():
    p = Parameters(0.01, 0.97, -0.001)
    for law in (arbook.keep_probability, arbook.expected_improvement, arbook.improvement_std,
                arbook.symmetric_gain_area, step_size, *ALL_OF_N):  # fmt: skip
        q = Parameters(0.01, 0.97) if law is arbook.symmetric_gain_area else p
        assert isinstance(law(q, 3), float)
        assert law(q, [[3, 4]]).shape == (1, 2)
        assert law(q, [[3, 4]])[0, 1] == pytest.approx(law(q, 4), rel=1e-4)
    assert arbook.any_keep_probability([[0.1], [0.2]], [1, 2, 3]).shape == (2, 3)
