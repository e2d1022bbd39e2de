"""The null: what a session shows in which no change has any effect."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from arbook import ParameterError, expected_records, probability_of_records, records_std
from arbook.noise import lucky_gain, probability_of_luck


@pytest.mark.parametrize("n", [1, 5, 100, 10_000])
@pytest.mark.parametrize("x", [-1.0, 0.0, 2.0, 6.0, 9.0])
def test_the_law_is_the_integral(n, x):
    def some(z):
        return norm.pdf(z) * -math.expm1(n * norm.logcdf(x - z))

    expected = quad(some, -12, 12, limit=400, points=[x - 4, 0], epsabs=0, epsrel=1e-9)[0]
    assert probability_of_luck(0.01 * x, n, 0.01) == pytest.approx(expected, rel=1e-6)


def test_the_law_is_the_simulation():
    z = np.random.default_rng(1).standard_normal((60_000, 51))
    gain = z[:, 0] - z[:, 1:].min(axis=1)
    for x in (1.0, 3.0, 4.0):
        p = probability_of_luck(x, 50, 1.0)
        assert abs((gain >= x).mean() - p) < 4 * math.sqrt(p * (1 - p) / gain.size)


def test_an_estimated_noise_makes_the_tail_heavier():
    """Draw the noise's estimate, too: at most the stated share of sessions is called real."""
    rng = np.random.default_rng(2)
    found = []
    for _ in range(3000):
        noise = math.sqrt(rng.chisquare(4) / 4)
        z = rng.standard_normal(31)
        found.append(probability_of_luck(float(z[0] - z[1:].min()), 30, noise, freedom=4))
    share = (np.array(found) <= 0.05).mean()
    assert abs(share - 0.05) < 4 * math.sqrt(0.05 * 0.95 / 3000)


def test_a_lucky_gain_is_exceeded_as_often_as_stated():
    for n in (1, 20, 1000):
        for level in (0.5, 0.05):
            assert probability_of_luck(lucky_gain(n, 0.003, level), n, 0.003) == pytest.approx(
                level, rel=1e-6
            )


def test_records_have_their_distribution():
    n = 30
    at_least = np.array([probability_of_records(k, n) for k in range(n + 2)])
    assert at_least[0] == 1
    assert at_least[-1] == 0
    k = np.arange(1, n + 1)
    mean = at_least[1:-1].sum()
    assert mean == pytest.approx(expected_records(n))
    second = ((2 * k - 1) * at_least[1:-1]).sum()
    assert math.sqrt(second - mean**2) == pytest.approx(records_std(n))
    assert at_least[n] == pytest.approx(1 / math.factorial(n + 1))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: probability_of_luck(0.1, 0, 1.0), "n must be"),
        (lambda: probability_of_luck(0.1, 1, 0.0), "noise must be"),
        (lambda: probability_of_luck(math.nan, 1, 1.0), "gain must be"),
        (lambda: probability_of_luck(0.1, 1, 1.0, freedom=0.5), "freedom must be"),
        (lambda: lucky_gain(3, 1.0, 1.0), "level must be"),
        (lambda: probability_of_records(-1, 3), "k must be"),
        (lambda: probability_of_records(1, -3), "n must be"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ParameterError, match=message):
        call()
