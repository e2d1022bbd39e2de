"""The scale of a metric: its logarithm, and when it is taken."""

from dataclasses import replace

import numpy as np
import pytest

from arbook import ParameterError, RunLog, logs
from arbook.runs.scales import FACTOR, falls_by_factors


def shrinking(seed=1, n=120):
    """Return a run whose metric is multiplied by a random factor again and again."""
    rng = np.random.default_rng(seed)
    value, status, best = [100.0], ["keep"], 100.0
    for factor in np.exp(rng.normal(0.02, 0.05, n)):
        value.append(best * factor)
        status.append("keep" if value[-1] < best else "discard")
        best = min(best, value[-1])
    return RunLog(np.array(value), np.array(status))


def test_changes_of_a_logarithm_are_factors():
    run = shrinking()
    in_logs = logs.in_logarithms(run)
    np.testing.assert_allclose(np.exp(in_logs.delta), run.value[1:] / run.frontier[:-1])
    assert (in_logs.kept == run.kept).all()
    found = logs.fit(in_logs, trim=None)
    assert found.estimates["sigma0"] == pytest.approx(0.05, abs=4 * found.std_errors["sigma0"])
    assert found.estimates["mu"] == pytest.approx(0.02, abs=4 * found.std_errors["mu"])


def test_a_noise_becomes_a_share():
    run = replace(shrinking(), noise=np.full(121, 0.5))
    np.testing.assert_allclose(logs.in_logarithms(run).noise, 0.5 / run.value)


def test_the_logarithm_is_likelier_where_the_metric_fell_by_factors():
    """What `in_logarithms` says of the atlas; densities of the metric, so divided by it."""
    found = []
    for name in logs.sources():
        run = logs.load_run(name)
        try:
            if not falls_by_factors(run):
                continue
            plain, in_logs = logs.fit(run), logs.fit(logs.in_logarithms(run))
        except ParameterError:  # too few changes for a fit
            continue
        if np.array_equal(plain.t, in_logs.t):
            jacobian = np.log(run.value[in_logs.t + 1]).sum()
            found.append(in_logs.log_likelihood - jacobian > plain.log_likelihood)
    assert (len(found), sum(found)) == (9, 9)


@pytest.mark.parametrize(
    ("value", "direction", "is_told"),
    [
        ([FACTOR, 1.0], "min", True),
        ([FACTOR, 1.01], "min", False),
        ([1.0, FACTOR], "max", False),
        ([FACTOR, 0.0], "min", False),
        ([FACTOR, -1.0], "min", False),
    ],
)
def test_when_the_logarithm_is_taken(value, direction, is_told):
    run = RunLog(np.array(value), np.array(["keep", "keep"]), direction=direction)
    assert falls_by_factors(run) == is_told


def test_a_metric_that_is_not_positive_has_no_logarithm():
    run = RunLog(np.array([1.0, 0.0]), np.array(["keep", "keep"]))
    with pytest.raises(ParameterError, match=r"log must be a run whose metric is positive, got 0"):
        logs.in_logarithms(run)
