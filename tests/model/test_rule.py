"""The three parameters, the step size, and the update rule over any set of solutions."""

import dataclasses
import math
import pickle
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arbook import ParameterError, Parameters, RunLog, autoresearch, frontier, keep, step_size
from arbook.model.judges import Decision
from arbook.model.parameters import LARGEST_STEP, SMALLEST_STEP

# ---------------------------------------------------------------- Parameters

finite = st.floats(allow_nan=False, allow_infinity=False)


@given(finite, finite, finite, st.booleans())
def test_parameters_accept_exactly_the_stated_range(sigma0, gamma, mu, extended):
    allowed = 0 < sigma0 <= LARGEST_STEP and abs(mu) <= LARGEST_STEP and gamma > 0
    if not extended:
        allowed = allowed and gamma < 1 and mu <= 0
    if allowed:
        p = Parameters(sigma0, gamma, mu, extended=extended)
        assert (p.sigma0, p.gamma, p.mu, p.extended) == (sigma0, gamma, mu, extended)
    else:
        with pytest.raises(ParameterError):
            Parameters(sigma0, gamma, mu, extended=extended)


def test_the_error_for_a_positive_bias_names_the_way_out():
    with pytest.raises(ParameterError, match=r"mu must be .* <= 0 \(extended=True .*got 0.002"):
        Parameters(0.01, 0.97, 0.002)
    assert Parameters(0.01, 0.97, 0.002, extended=True).mu == 0.002


@pytest.mark.parametrize("number", [1, np.float32(0.5), np.int64(1), Fraction(1, 2), np.array(0.5)])
def test_parameters_become_plain_floats(number):
    p = Parameters(number, 0.5, -number)
    assert type(p.sigma0) is float
    assert type(p.mu) is float
    assert p == Parameters(float(number), 0.5, -float(number))


def test_parameters_are_values():
    p = Parameters(0.01, 0.97)
    assert p == Parameters(0.01, 0.97, 0.0) == Parameters(0.01, 0.97, -0.0, extended=True)
    assert hash(p) == hash(Parameters(0.01, 0.97, extended=True))
    assert p != Parameters(0.01, 0.97, -0.001)
    assert math.copysign(1, Parameters(0.01, 0.97, -0.0).mu) == 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        p.mu = -1.0
    assert pickle.loads(pickle.dumps(p)) == p
    bolder = dataclasses.replace(p, sigma0=0.02)
    assert (bolder.sigma0, bolder.gamma) == (0.02, 0.97)
    with pytest.raises(ParameterError):
        dataclasses.replace(p, gamma=2)


@given(st.floats(1e-300, 1e100), st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_the_representation_gives_the_parameters_back(sigma0, gamma):
    p = Parameters(sigma0, gamma, -sigma0 / 3, extended=True)
    assert eval(repr(p)) == p


def test_the_representation_is_short_where_it_can_be():
    assert repr(Parameters(0.01, 0.97)) == "Parameters(sigma0=0.01, gamma=0.97, mu=0)"
    assert repr(Parameters(1, 2, 3, extended=True)).endswith("mu=3, extended=True)")


# ---------------------------------------------------------------- step_size


@pytest.mark.parametrize("gamma", [1e-9, 0.5, 0.97, 1 - 1e-12, 1.0, 1.01])
def test_step_sizes_equal_exact_powers(gamma):
    p, t = Parameters(0.013, gamma, extended=True), [0, 1, 2, 3, 20, 31]
    right = [float(Decimal.from_float(0.013) * Decimal(gamma) ** i) for i in t]
    assert step_size(p, t) == pytest.approx(right, rel=1e-15, abs=0)
    assert step_size(p, 0) == 0.013


@given(
    st.floats(5e-324, 1e100), st.floats(5e-324, 1.7e308), st.integers(0, 10**6),
)  # fmt: skip
def test_step_sizes_stay_within_their_limits(sigma0, gamma, t):
    """Neither too small to have a sign, nor too large to be squared; and right in between."""
    value = step_size(Parameters(sigma0, gamma, extended=True), t)
    log10 = math.log10(sigma0) + t * math.log10(gamma)
    right = min(max(log10, math.log10(SMALLEST_STEP)), math.log10(LARGEST_STEP))
    assert math.log10(value) == pytest.approx(right, abs=1e-10 + 1e-13 * abs(log10))


def test_a_large_first_step_does_not_underflow_early():
    # 0.1**330 is no double, 1e100 * 0.1**330 = 1e-230 is
    assert step_size(Parameters(1e100, 0.1), 330) == pytest.approx(1e-230, rel=1e-13)


def test_step_sizes_have_the_shape_of_t():
    p = Parameters(0.01, 0.5)
    assert isinstance(step_size(p, 3), float)
    assert step_size(p, [[0, 1], [2, 3]]).tolist() == [[0.01, 0.005], [0.0025, 0.00125]]
    assert step_size(p, np.array([2], dtype=np.uint8)).tolist() == [0.0025]


# ---------------------------------------------------------------- keep


@given(st.floats(allow_infinity=True, allow_nan=True), st.floats(allow_infinity=True))
def test_keep_is_strictly_smaller(variant, best):
    """An infinite metric is that of a crash, whatever its sign."""
    assert keep(variant, best) is (math.isfinite(variant) and variant < best)


def test_ties_and_crashes_are_discarded():
    assert keep(0.9, 0.9) is False
    assert keep(math.nan, 0.9) is False
    assert keep(-math.inf, 0.9) is False  # a crash, as autoresearch and RunLog have it
    assert keep(-math.inf, math.inf) is False
    assert keep(1e308, math.inf) is True  # no incumbent yet
    assert keep(0.0, -0.0) is False
    assert keep(math.nextafter(0.9, 0), 0.9) is True


def test_keep_decides_many_at_once():
    assert keep([0.8, 0.9, math.nan, -math.inf], 0.9).tolist() == [True, False, False, False]
    assert keep([[1], [2]], [1, 2, 3]).shape == (2, 3)


# ---------------------------------------------------------------- autoresearch


def run(values, **kwargs):
    """Return the log of a run whose objective gives these values (or raises them), in order."""
    rest = iter(values)

    def objective(theta):
        value = next(rest)
        if isinstance(value, BaseException):
            raise value
        return value

    kwargs.setdefault("propose", lambda best, rng: best + 1)
    return autoresearch(objective, theta0=0, n_experiments=len(values) - 1, seed=0, **kwargs)


def test_keep_needs_strictly_smaller_and_ties_are_discarded():
    log = run([1.0, 1.0, 0.9, 0.9, 0.95, 0.8])
    assert log.status.tolist() == ["keep", "discard", "keep", "discard", "discard", "keep"]
    assert log.frontier.tolist() == [1.0, 1.0, 0.9, 0.9, 0.9, 0.8]
    assert log.value.tolist() == [1.0, 1.0, 0.9, 0.9, 0.95, 0.8]


def test_variants_are_proposed_from_the_incumbent():
    seen = []

    def propose(best, rng):
        seen.append(best)
        return len(seen) * 10

    log = run([1.0, 2.0, 0.5, 0.7, 0.4], propose=propose)
    assert seen == [0, 0, 20, 20]
    assert log.best == 40


@pytest.mark.parametrize(
    ("crash", "reason"),
    [(ZeroDivisionError("oops"), "ZeroDivisionError: oops"), (math.nan, "the metric is nan"),
     (math.inf, "the metric is inf"), (-math.inf, "the metric is -inf"),
     (np.float32("nan"), "the metric is nan"), (MemoryError(), "MemoryError: "),
     (ParameterError("no such thing"), "ParameterError: no such thing")],
)  # fmt: skip
def test_a_crash_spends_an_experiment_and_leaves_the_incumbent(crash, reason):
    seen = []

    def propose(best, rng):
        seen.append(best)
        return best + 1

    log = run([1.0, 0.9, crash, 0.8], propose=propose)
    assert log.status.tolist() == ["keep", "keep", "crash", "keep"]
    assert log.n_experiments == 3
    assert log.frontier.tolist() == [1.0, 0.9, 0.9, 0.8]
    assert np.isnan(log.value).tolist() == [False, False, True, False]
    assert seen == [0, 1, 1]  # the variant of the crash is not built upon
    assert log.best == 2
    assert log.description == ("", "", reason, "")


def test_a_baseline_that_crashes_is_beaten_by_any_metric():
    log = run([math.nan, RuntimeError("again"), 5.0, 6.0])
    assert log.status.tolist() == ["crash", "crash", "keep", "discard"]
    assert np.isnan(log.frontier[:2]).all()
    assert log.frontier[2:].tolist() == [5.0, 5.0]


def test_a_run_of_crashes_ends_where_it_began():
    log = run([math.nan] * 4)
    assert log.status.tolist() == ["crash"] * 4
    assert log.best == 0


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_the_reader_can_stop_a_run(stop):
    with pytest.raises(stop):
        run([1.0, stop(), 0.5])


@pytest.mark.parametrize("value", [None, "0.9", b"1", True, np.bool_(True), [1.0, 2.0], 1j, {}])
def test_an_objective_that_returns_no_number_is_a_mistake_and_no_crash(value):
    with pytest.raises(ParameterError, match="objective must return a number"):
        run([1.0, value])


@pytest.mark.parametrize("value", [1, np.float32(0.5), np.int64(2), np.array(0.5), Fraction(1, 2)])
def test_any_kind_of_number_is_a_metric(value):
    assert run([value, value]).value.tolist() == [float(value)] * 2


def test_a_rule_is_told_each_measurement_and_its_experiment():
    told, measured = [], iter([1.0, 0.9, 0.875, 0.625])

    class Rule:
        def start(self, baseline):
            return self

        def decide(self, t, y):
            told.append((t, y))
            return [Decision.DISCARD, Decision.AGAIN, Decision.KEEP][len(told) - 1]

    log = autoresearch(
        lambda theta: next(measured), lambda best, rng: best + 1, 0, 2, seed=0, keep_rule=Rule()
    )
    assert told == [(0, 0.9), (1, 0.875), (1, 0.625)]
    assert log.status.tolist() == ["keep", "discard", "keep"]
    assert log.value.tolist() == [1.0, 0.9, 0.75]  # the mean of what was measured of it


def test_errors_of_propose_are_not_hidden():
    def propose(best, rng):
        raise LookupError("nothing to propose")

    with pytest.raises(LookupError, match="nothing to propose"):
        run([1.0, 1.0], propose=propose)


def test_any_set_of_solutions_will_do():
    """Strings: turn letters until the word is right."""
    target = "keep"

    def objective(word):
        return sum(a != b for a, b in zip(word, target, strict=True))

    def propose(word, rng):
        i = rng.integers(len(word))
        return word[:i] + "abcdefghijklmnopqrstuvwxyz"[rng.integers(26)] + word[i + 1 :]

    log = autoresearch(objective, propose, "aaaa", 2_000, seed=1)
    assert log.best == target
    assert log.frontier[-1] == 0


def test_equal_seeds_give_equal_runs_and_a_generator_goes_on():
    def go(rng):
        return autoresearch(lambda x: x * x, lambda x, rng: x + rng.normal(), 3.0, 20, seed=rng)

    assert np.array_equal(go(5).value, go(5).value)
    assert np.array_equal(go(5).value, go(np.random.default_rng(5)).value)
    rng = np.random.default_rng(5)
    assert not np.array_equal(go(rng).value, go(rng).value)


def test_the_log_is_of_the_type_of_real_logs():
    log = run([1.0, 0.9, 1.2])
    assert type(log) is RunLog
    assert (log.direction, log.n_experiments, log.f0) == ("min", 2, 1.0)
    assert log.delta.tolist() == pytest.approx([-0.1, 0.3])
    assert np.array_equal(log.frontier, frontier(log.value))


@given(st.lists(st.one_of(st.floats(-5, 5), st.just(math.nan)), min_size=2, max_size=30))
def test_the_frontier_of_a_run_is_the_least_metric_so_far(values):
    log = run(values)
    best = math.inf
    for t, value in enumerate(values):
        assert log.status[t] == (
            "crash" if math.isnan(value) else "keep" if value < best else "discard"
        )
        best = min(best, value) if value == value else best
        assert log.frontier[t] == best or (math.isinf(best) and math.isnan(log.frontier[t]))
