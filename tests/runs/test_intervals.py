"""How intervals with an estimated noise are counted, and what a wrong shape makes of errors."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from arbook._numerics.minimising import descend, hessian
from arbook.logs import fit
from arbook.runs import measured
from arbook.runs.changes import changes_of, misfit
from arbook.runs.families import families
from arbook.runs.measured import trace_of
from benchmarks import intervals


def test_the_table_of_intervals_is_what_the_command_makes():
    results = Path(intervals.__file__).with_name("results.md").read_text(encoding="utf-8")
    assert intervals.table().markdown() in results


def test_what_fit_says_of_its_intervals_was_counted():
    said, found = " ".join(fit.__doc__.split()), intervals.read()
    appendix = Path(intervals.__file__).parents[1] / "appendix" / "logs.md"
    written = " ".join(appendix.read_text("utf-8").split())

    def percent(case, name):
        return round(100 * intervals.share_of(found[case][name]))

    def three(values):
        return "{}, {} and {}".format(*values)

    for family, words in (("normal", "the parameters of normal changes"),
                          ("two-part", "gains and losses apart")):  # fmt: skip
        cases = [(family, family, noise) for noise in (0.0, 0.3, 1.0)]
        assert {intervals.n_counted(found[case]) for case in cases} == {400}
        shares = [percent(case, name) for case in cases for name in found[case]]
        for text in (said, written):
            assert f"{min(shares)} to {max(shares)} % of {words}" in text
    for family in ("normal", intervals.NOISE_GIVEN):
        cases = [("skewed", family, noise) for noise in (0.0, 0.3, 1.0)]
        assert {intervals.n_counted(found[case]) for case in cases} == {400}
        mu, sigma0 = (three(percent(case, name) for case in cases) for name in ("mu", "sigma0"))
        assert f"had mu in {mu} %, and sigma0 in {sigma0} %" in said
        assert f"in {mu} %" in written
        if family == intervals.NOISE_GIVEN:
            refused = found[cases[-1]]["mu"].count("x")
            assert refused
            assert f"of those with a noise of 1 {refused} are refused" in said
            assert not any("x" in digits for case in cases[:-1] for digits in found[case].values())
    clustered = ("clustered", intervals.NOISE_GIVEN, 0.0)
    sigma0, gamma, mu = (percent(clustered, name) for name in ("sigma0", "gamma", "mu"))
    assert f"sigma0 was in {sigma0} %, gamma in {gamma} % and mu in {mu} %" in said
    assert f"in {sigma0} % and $\\gamma$ in {gamma} %, and $\\mu$ in {mu} %" in written
    mu, sigma0 = (percent(("lognormal", "normal", 0.3), name) for name in ("mu", "sigma0"))
    assert f"at 0.3 had mu in {mu} and sigma0 in {sigma0} %" in said
    to_gains = ("skewed to gains", "normal", 0.3)
    mu, sigma0, gamma = (percent(to_gains, name) for name in ("mu", "sigma0", "gamma"))
    assert f"gains mu was in {mu}, sigma0 in {sigma0} and gamma in {gamma} %" in said


def test_counting_goes_on_where_it_stopped(tmp_path, monkeypatch):
    case, asked = ("skewed", "normal", 0.3), []
    kept = intervals.read()[case]
    monkeypatch.setattr(intervals, "COUNTED", tmp_path / "intervals.csv")
    one = intervals.held
    monkeypatch.setattr(intervals, "held", lambda *a: asked.append(a[-1]) or one(*a))
    for n_logs in (1, 2, 2):
        intervals.count(n_logs, [case])
        found = intervals.read()[case]
        assert found == {name: digits[:n_logs] for name, digits in kept.items()}
    assert asked == [0, 1]


def test_logs_that_a_noise_explains_are_refused_and_counted_apart():
    case = ("skewed", intervals.NOISE_GIVEN, 1.0)
    first = intervals.read()[case]["mu"].index("x")
    assert intervals.held(*case, first) == dict.fromkeys(("sigma0", "gamma", "mu"), "x")
    assert set(intervals.held(*case, 0).values()) <= {"0", "1"}
    assert intervals.share_of("1x01") == 2 / 3
    assert intervals.row(case, "mu", "1x01")[4] == "3"


def test_a_wrong_shape_hardly_moves_mu_but_its_errors():
    """What the normal law makes of many skewed logs together, and how slopes of each log vary.

    That is the sandwich, whatever depends on what within a log. Of 400 logs mu is off by 0.03 +-
    0.01 steps, and errors are 1.34 times as large as the curvature says (1.01 of normal changes).
    So differences of the log likelihood are 1.8 times too large; a fit takes them for 2.3 times,
    since one log tells its skewness badly.
    """
    n_logs, family = 150, families()["normal"]
    truth = np.array([0.0, intervals.N * np.log(intervals.GAMMA), 0.0, np.log(0.3)])
    truth[2] = intervals.MU / intervals.STEP
    for changes, least, most in (("skewed", 1.15, 1.6), ("normal", 0.85, 1.15)):
        traces, used = [], []
        for i in range(n_logs):
            log = intervals.log_of(changes, 0.3, i)
            traces.append(trace_of(log, np.arange(intervals.N)).divided(intervals.STEP))
            used.append(replace(changes_of(log, None)[0], trace=traces[-1], noise=None))

        def terms(y, traces=traces):
            noise = float(np.exp(y[-1]))
            return np.array([
                measured.log_density(trace, family, y[:-1], intervals.N, noise).sum()
                for trace in traces
            ])  # fmt: skip

        def cost(y, terms=terms):
            return -terms(y).sum() / n_logs

        best = descend(cost, truth)
        curvature = np.linalg.inv(hessian(cost, best))
        slopes = [(terms(best + h) - terms(best - h)) / 2e-4 for h in 1e-4 * np.eye(4)]
        sandwich = curvature @ np.cov(slopes) @ curvature
        error = np.sqrt(sandwich[2, 2] / n_logs)
        assert abs(best[2] - truth[2]) < 0.05 + 2 * error
        too_large = sandwich[2, 2] / curvature[2, 2]
        assert least < np.sqrt(too_large) < most
        taken = np.mean([misfit(data.residuals(family, best)) for data in used])
        assert 0.9 < taken / too_large < 1.5
        # mu is off where the noise is
        if changes == "skewed":
            both = sandwich[2, 3] / np.sqrt(sandwich[2, 2] * sandwich[3, 3])
            assert both == pytest.approx(-0.92, abs=0.05)
