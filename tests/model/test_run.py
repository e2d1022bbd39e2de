"""RunLog: what follows from values and decisions."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arbook import ParameterError, RunLog, autoresearch, frontier, gain_area
from arbook.model.run import unbroken

NAN = float("nan")


def log_of(*rows, **fields):
    """Make a RunLog of (value, status) pairs."""
    values, statuses = zip(*rows, strict=True)
    return RunLog(value=np.array(values), status=np.array(statuses), **fields)


EXAMPLE = log_of(
    (1.0, "keep"), (0.9, "keep"), (NAN, "crash"), (0.95, "discard"), (0.7, "keep"), (2.0, "other")
)


def test_measures_by_hand():
    np.testing.assert_array_equal(EXAMPLE.frontier, [1, 0.9, 0.9, 0.9, 0.7, 0.7])
    np.testing.assert_allclose(EXAMPLE.delta, [-0.1, NAN, 0.05, -0.2, 1.3])
    np.testing.assert_array_equal(EXAMPLE.experiment, range(6))
    assert EXAMPLE.n_experiments == 5
    assert EXAMPLE.f0 == 1.0
    assert EXAMPLE.keep_rate == pytest.approx(2 / 5)  # a crash is an experiment
    assert EXAMPLE.gain_area == pytest.approx(3 * 0.1 + 2 * 0.3)
    np.testing.assert_allclose(EXAMPLE.improvement, [0.1, 0, 0, 0.2, 0])
    assert EXAMPLE.gain == pytest.approx(0.3)
    assert EXAMPLE.average_gain == pytest.approx(0.9 / 5)
    assert EXAMPLE.share_of_three_largest == pytest.approx(1)
    np.testing.assert_array_equal(EXAMPLE.crashed, [0, 0, 1, 0, 0, 0])
    np.testing.assert_array_equal(EXAMPLE.evaluated, [1, 1, 0, 1, 1, 1])
    np.testing.assert_array_equal(EXAMPLE.kept, [1, 1, 0, 0, 1, 0])


def test_a_keep_without_a_metric_moves_nothing():
    log = log_of((1.0, "keep"), (NAN, "keep"), (0.9, "keep"))
    np.testing.assert_array_equal(log.frontier, [1, 1, 0.9])


def test_a_keep_that_is_worse_does_not_raise_the_frontier():
    log = log_of((1.0, "keep"), (1.2, "keep"), (1.1, "discard"))
    np.testing.assert_array_equal(log.frontier, [1, 1, 1])


def test_three_improvements_of_five():
    log = log_of(*[(float(value), "keep") for value in (20, 16, 15, 10, 8, 0)])
    np.testing.assert_array_equal(log.improvement, [4, 1, 5, 2, 8])
    assert log.share_of_three_largest == 17 / 20


def test_a_run_without_a_gain():
    flat, alone = log_of((1.0, "keep"), (1.2, "discard")), log_of((1.0, "keep"))
    for log in (flat, alone):
        assert (log.gain, log.gain_area) == (0, 0)
        assert math.isnan(log.share_of_three_largest)
    assert flat.average_gain == 0
    assert math.isnan(alone.average_gain)  # there is nothing to divide by


def test_a_run_that_starts_with_crashes():
    log = log_of((NAN, "crash"), (NAN, "crash"), (1.0, "keep"), (0.8, "keep"))
    np.testing.assert_array_equal(log.frontier, [NAN, NAN, 1.0, 0.8])
    np.testing.assert_allclose(log.delta, [NAN, NAN, -0.2])
    assert log.f0 == 1.0
    assert log.gain_area == pytest.approx(0.2)
    np.testing.assert_allclose(log.improvement, [NAN, NAN, 0.2])
    assert log.gain == pytest.approx(0.2)
    assert log.average_gain == pytest.approx(0.2 / 3)
    assert log.share_of_three_largest == 1


def test_a_run_that_never_starts():
    nothing = RunLog(value=np.array([]), status=np.array([], dtype=str))
    crashes = log_of((NAN, "crash"), (NAN, "crash"))
    for log in (nothing, crashes):
        assert math.isnan(log.f0)
        for measure in (log.gain, log.gain_area, log.average_gain, log.share_of_three_largest):
            assert math.isnan(measure)
        assert np.isnan(log.frontier).all()
        assert np.isnan(log.improvement).all()
        assert repr(log)
        assert log._repr_html_()
    assert math.isnan(nothing.keep_rate)
    assert nothing.n_experiments == 0
    assert nothing.delta.size == 0
    assert crashes.keep_rate == 0


@pytest.mark.parametrize(
    ("rows", "baseline", "outcomes"),
    [
        ([(1.0, "keep"), (0.9, "keep")], 0, ["keep"]),
        # measured, and kept: not the first row of either
        ([(1.2, "discard"), (NAN, "keep"), (1.0, "keep")], 2, ["discard", "other"]),
        ([(NAN, "crash"), (1.0, "keep"), (NAN, "keep")], 1, ["crash", "keep"]),
        # no such row: the first one, if it was kept
        ([(NAN, "keep"), (1.0, "discard")], 0, ["discard"]),
        ([(NAN, "crash"), (NAN, "keep")], None, ["crash", "keep"]),
        ([(1.0, "discard")], None, ["discard"]),
    ],
)
def test_the_baseline_is_the_first_row_that_was_kept_with_a_metric(rows, baseline, outcomes):
    log = log_of(*rows)
    assert log.baseline == baseline
    assert log.outcomes.tolist() == outcomes


def test_the_first_experiments_keep_their_restarts():
    log = log_of(*[(1.0, "keep")] * 6, restarts=(2, 4), commit=tuple("abcdef"))
    for n, restarts in ((1, ()), (2, (2,)), (4, (2, 4)), (9, (2, 4))):
        first = log.first(n)
        assert first.commit == tuple("abcdef"[: n + 1])
        assert first.restarts == restarts


def test_a_run_whose_baseline_was_measured_again_is_no_unbroken_one():
    assert unbroken(EXAMPLE) is EXAMPLE
    with pytest.raises(
        ParameterError, match=r"^log must be one of log\.segments, got .*2 restarts"
    ):
        unbroken(log_of(*[(1.0, "keep")] * 6, restarts=(2, 4)))
    with pytest.raises(ParameterError, match=r"^log must be an arbook\.RunLog, got 3"):
        unbroken(3)


STATUS = st.sampled_from(["keep", "discard", "crash", "other"])
VALUE = st.one_of(st.just(NAN), st.floats(-1e6, 1e6))


@given(st.lists(st.tuples(VALUE, STATUS), min_size=1, max_size=20))
def test_higher_is_better_is_the_mirror_image(rows):
    down = log_of(*rows)
    up = log_of(*[(-value, status) for value, status in rows], direction="max")
    np.testing.assert_array_equal(up.frontier, -down.frontier)
    np.testing.assert_array_equal(up.delta, down.delta)
    for name in ("improvement", "gain", "gain_area", "average_gain", "share_of_three_largest"):
        np.testing.assert_array_equal(getattr(up, name), getattr(down, name))
    assert not down.gain_area < 0
    known = down.frontier[~np.isnan(down.frontier)]
    assert (np.diff(known) <= 0).all()


@given(st.lists(st.tuples(VALUE, STATUS), min_size=4, max_size=20))
def test_segments_are_the_run_in_pieces(rows):
    log = log_of(*rows, restarts=(1, 3), commit=tuple(map(str, range(len(rows)))))
    parts = log.segments
    assert [part.value.size for part in parts] == [1, 2, len(rows) - 3]
    np.testing.assert_array_equal(np.concatenate([part.value for part in parts]), log.value)
    assert sum((part.commit for part in parts), ()) == log.commit
    assert all(part.segments == (part,) for part in parts)


def test_autoresearch_and_the_measures_agree():
    log = autoresearch(
        lambda x: x * x, lambda x, rng: x + rng.normal(), theta0=3.0, n_experiments=50, seed=1
    )
    np.testing.assert_array_equal(log.frontier, frontier(log.value))
    assert log.gain_area == pytest.approx(gain_area(log.frontier))
    np.testing.assert_array_equal(log.kept[1:], log.delta < 0)
    np.testing.assert_allclose(log.improvement, np.maximum(0, -log.delta), rtol=1e-12, atol=1e-12)
    assert log.gain == pytest.approx(log.improvement.sum())


def test_arguments_are_left_alone():
    value, status = np.array([1.0, 0.9]), np.array(["keep", "keep"])
    log = RunLog(value=value, status=status)
    value[0], status[0] = 5.0, "crash"
    assert log.value[0] == 1.0
    assert log.kept[0]
    for column, other in ((log.value, 2.0), (log.status, "crash")):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = other


def test_it_is_shown_and_its_text_is_no_markup():
    log = log_of(
        (1.0, "keep"),
        (0.5, "keep"),
        (NAN, "crash"),
        (0.9, "discard"),
        source="<script>x</script>",
        metric="<b>loss</b>",
        issues=("one",),
    )
    assert repr(log) == (
        "RunLog(<script>x</script>: 3 experiments, 1 kept, 1 crashed; <b>loss</b> 1 -> 0.5)"
    )
    html = log._repr_html_()
    assert "<script>" not in html
    assert "<b>" not in html
    for text in ("3: 1 kept, 1 discarded, 1 crashed", "1 → 0.5", "33.3%", "1, see .issues"):
        assert text in html


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"value": [[1.0]], "status": ["keep"]}, r"^value must be a one-dimensional array"),
        ({"value": ["a"], "status": ["keep"]}, r"^value must be an array of numbers"),
        ({"value": [None, {}], "status": ["keep"] * 2}, r"^value must be an array of numbers"),
        ({"value": [1.0, 2.0], "status": ["keep"]}, r"^status must be of the shape of value"),
        ({"value": [1.0], "status": [["keep"], ["a", "b"]]}, r"^status must be an array of str"),
        ({"value": [1.0], "status": np.ma.array(["keep"], mask=[1])}, r"^status must be .* mask"),
        (
            {"value": [1.0], "status": ["keep"], "line": 3},
            r"^line must be one entry a row, 1, got 3",
        ),
        ({"value": [1.0], "status": ["kept"]}, r"^status must be one of keep, discard, .* 'kept'"),
        ({"value": [math.inf], "status": ["keep"]}, r"^value must be finite"),
        ({"value": [1.0], "status": ["keep"], "direction": "up"}, r"^direction must be 'min' or"),
        ({"value": [1.0], "status": ["keep"], "commit": ("a", "b")}, r"^commit must be one entry"),
        ({"value": [1.0], "status": ["keep"], "memory": [1, 2]}, r"^memory must be one entry"),
        ({"value": [1.0], "status": ["keep"], "restarts": (0,)}, r"^restarts must be rising row"),
        ({"value": [1.0], "status": ["keep"], "restarts": (1,)}, r"^restarts must be rising row"),
        ({"value": [1.0] * 4, "status": ["keep"] * 4, "restarts": (2, 1)}, r"^restarts must be"),
        ({"value": [1.0] * 4, "status": ["keep"] * 4, "restarts": 2}, r"^restarts must be rising"),
    ],
)
def test_bad_input(fields, message):
    with pytest.raises(ParameterError, match=message):
        RunLog(**fields)
