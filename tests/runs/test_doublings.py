"""The law of doublings in logs: shares, the index found again, and the likelihood of a decline."""

import numpy as np
import pytest
from scipy import optimize, stats

import arbook
from arbook import ParameterError, RunLog, logs
from arbook.runs.doublings import improvements, index_of, log_likelihoods


def run_of(frontier, **other):
    frontier = np.array(frontier, dtype=float)
    status = np.where(np.diff(frontier, prepend=np.inf) < 0, "keep", "discard")
    value = np.where(status == "keep", frontier, frontier + 1)
    return RunLog(value=value, status=status, **other)


def test_shares_of_a_run():
    run = run_of([1, 0.9, 0.9, 0.9, 0.5, 0.5, 0.5, 0.5, 0.2])
    assert logs.gain_by_doubling(run, 3) == pytest.approx([1 / 8, 0, 4 / 8, 3 / 8])
    assert logs.gain_by_doubling(run, 1) == pytest.approx([5 / 8, 3 / 8])


def test_a_run_without_a_gain_or_too_short_has_no_shares():
    with pytest.raises(ParameterError, match=r"^log must be a run with a gain"):
        logs.gain_by_doubling(run_of([1.0] * 20))
    with pytest.raises(ParameterError, match=r"^doublings must be few enough for a run of 2 exp"):
        logs.gain_by_doubling(run_of([1.0, 0.9, 0.8]))
    with pytest.raises(ParameterError, match=r"^runs must be at least one run that improved"):
        logs.tail_index(run_of([1.0] * 20))


@pytest.mark.parametrize("tail", [-0.4, 0.0, 0.3])
def test_the_index_of_an_urn_is_found_again(tail):
    """The estimate from many loops, and its spread over twenty groups of them."""
    gains = np.diff(arbook.simulate_urn(100, 4000, tail=tail, seed=2))
    found = [index_of(list(group)) for group in np.array_split(gains, 20)]
    assert abs(np.mean(found) - tail) < 5 * np.std(found) / 20**0.5 + 0.01


def test_shares_pull_the_index_towards_zero():
    """By up to a third, as the docstring says, and the chapter."""
    gains = np.diff(arbook.simulate_urn(100, 4000, tail=0.4, seed=3))
    shares = [row / row.sum() for row in gains if row.sum() > 0]
    assert index_of(shares) == pytest.approx(0.26, abs=0.01)


def test_runs_of_different_lengths_count_alike():
    """Against the sum over runs of the log likelihood of their shares, written out."""
    runs = [run_of([1, 0.9, 0.7, 0.7, 0.6]), run_of([1, 1, 0.8, 0.8, 0.8, 0.79, 0.7, 0.7])]

    def cost(xi):
        total = 0.0
        for run in runs:
            size = improvements(run)
            t = np.arange(1, size.size + 1)
            one = np.cumprod(t / (t + 1 - xi))
            total -= size / size.sum() @ np.log(one / one.sum())
        return total

    best = optimize.minimize_scalar(cost, bounds=(-2, 0.999), method="bounded").x
    assert logs.tail_index(runs) == pytest.approx(best, abs=1e-3)


def test_likelihoods_of_two_declines():
    """Against SciPy's densities at the best of a search of its own."""
    run = logs.load_run("pr109-loop")
    size = improvements(run)
    better = size > 0
    for x, found in zip(
        (np.log1p(np.arange(1, size.size + 1.0)), np.arange(1.0, size.size + 1)),
        log_likelihoods(run),
        strict=True,
    ):
        x = (x - x.mean()) / x.std()

        def cost(p, x=x):
            return -stats.bernoulli.logpmf(better, 1 / (1 + np.exp(-p[0] - p[1] * x))).sum()

        odds = -optimize.minimize(cost, [0, 0], method="Nelder-Mead").fun
        fit = stats.linregress(x[better], np.log(size[better]))
        rest = np.log(size[better]) - fit.intercept - fit.slope * x[better]
        sizes = stats.norm.logpdf(rest, scale=rest.std()).sum()
        constant = better.sum() / 2 * np.log(2 * np.pi * np.e)
        assert found == pytest.approx(odds + sizes + constant, abs=1e-3)
