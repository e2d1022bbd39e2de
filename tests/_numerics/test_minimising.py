"""The minimum of a cost: no warning of what is tried on the way reaches a user."""

import math

import numpy as np
import pytest
from scipy.special import stdtrit

from arbook._numerics.minimising import (
    covariance,
    freedom,
    jackknife,
    minimise,
    profile_end,
    slopes,
)
from arbook._numerics.normal import NORMAL_95

START = np.array([0.5, -0.5])


def overflowing(x):
    """A parabola whose parts overflow wherever it is asked."""
    return float(x @ x) + 0.0 * float(1 / np.square(np.float64(1e200) + x[0]))


def test_the_cost_does_overflow():
    with pytest.warns(RuntimeWarning, match="overflow"):
        overflowing(START)


def test_what_overflows_on_the_way_is_not_said():
    np.testing.assert_allclose(minimise(overflowing, START), 0.0, atol=1e-5)
    np.testing.assert_allclose(covariance(overflowing, np.zeros(2)), np.eye(2) / 2, atol=1e-6)
    np.testing.assert_allclose(slopes(lambda x: overflowing(x) * np.ones(1), START), [[1.0, -1.0]])
    end = profile_end(overflowing, np.zeros(2), START, 0, 1.0, 4.0)
    assert end == pytest.approx([2.0, 0.0], rel=1e-3, abs=1e-4)


def valleys(x):
    """A valley along x[1] = 0 that rises, and a level one along 5, which is lower from 1 on."""
    return x[0] ** 2 + min(x[1] ** 2, (x[1] - 5) ** 2 + 1 - x[0] * x[0])


def test_a_profile_may_change_its_valley():
    best = np.zeros(2)
    end = profile_end(valleys, best, best, 0, 0.3, 1.5)
    assert end == pytest.approx([math.sqrt(1.5), 0.0], rel=1e-3, abs=1e-4)
    assert profile_end(valleys, best, np.array([0.0, 5.0]), 0, 0.3, 1.5)[0] == np.inf


def test_what_is_not_identified_has_no_end_and_is_seen_at_once():
    def ridge(x):
        """Only a sum is told."""
        nonlocal asked
        asked += 1
        return float(np.exp(x[0] + 0.7 * x[1]) - x[0] - 0.7 * x[1] + x[2] ** 2)

    asked = 0
    for i in (0, 1):
        for step in (-1.0, 1.0):
            assert profile_end(ridge, np.zeros(3), np.zeros(3), i, step, 2.0)[i] == step * np.inf
    assert asked < 250
    end = profile_end(ridge, np.zeros(3), np.zeros(3), 2, 1.0, 2.25)
    assert end[2] == pytest.approx(1.5, rel=1e-3)


def moves_of_size(sample):
    """Return how far the logarithm of a sample's size moves without each of its values."""
    size = 0.5 * math.log(np.mean(sample**2))

    def terms(x):
        return -x[0] - 0.5 * sample**2 * np.exp(-2 * x[0])

    return size, jackknife(terms, np.array([size]))[1]


def test_a_jackknife_leaves_out_each():
    sample = np.random.default_rng(3).standard_t(4, 50)
    _, moves = moves_of_size(sample)
    without = [0.5 * math.log(np.delete(sample**2, i).mean()) for i in range(sample.size)]
    scale = np.sqrt(1 - 1 / sample.size)
    assert moves.shape == (50, 1)
    np.testing.assert_allclose(
        np.abs(moves[:, 0]), scale * np.abs(np.array(without) - np.mean(without)), atol=0.01
    )


def test_freedom_of_normal_moves_is_their_number():
    moves = np.random.default_rng(4).standard_normal((60_000, 1))
    # three standard errors of the fourth moment
    assert freedom(moves)[0] == pytest.approx(len(moves), rel=0.06)
    two = freedom(np.array([[3.0, 1.0, 0.0], [-3.0, 0.0, 0.0]]))
    assert two.tolist() == [np.inf, 4.0, np.inf]


@pytest.mark.parametrize("changes", ["standard_normal", "laplace"])
def test_intervals_know_how_well_a_jackknife_knows_a_variance(changes):
    """Sizes of 60 values: the variance of their squares is known least where tails are heavy."""
    rng, n_logs, hold = np.random.default_rng(5), 2000, np.zeros(2)
    truth = 0.0 if changes == "standard_normal" else 0.5 * math.log(2)
    for _ in range(n_logs):
        size, moves = moves_of_size(getattr(rng, changes)(size=60))
        error = np.linalg.norm(moves)
        for i, ratio in enumerate((NORMAL_95, stdtrit(freedom(moves)[0], 0.975))):
            hold[i] += abs(size - truth) < ratio * error
    standard_error = math.sqrt(0.95 * 0.05 / n_logs)
    normal, student = hold / n_logs
    assert normal < 0.95 - 2 * standard_error
    assert abs(student - 0.95) < 4 * standard_error
