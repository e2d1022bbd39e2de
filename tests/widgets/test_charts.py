"""Axes and charts of whatever numbers a log holds: they are drawn, with labels that differ."""

import json
import math
import re
import subprocess

import node
import numpy as np
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from arbook.widgets import LogExplorer
from ext import explorers as stills

#: A metric of a log lies within 1e100; the smallest doubles are among them.
METRICS = st.one_of(
    st.floats(-1e100, 1e100),
    st.floats(-5, 5),
    st.floats(0, 5e-308),
    st.builds(lambda sign, e: sign * 10.0**e, st.sampled_from([-1, 1]), st.integers(-323, 100)),
)
NEIGHBOURS = st.builds(
    lambda value, steps: (value, value + steps * math.ulp(value)),
    METRICS,
    st.integers(0, 2000),
)
PAIRS = st.one_of(st.tuples(METRICS, METRICS), NEIGHBOURS)

#: These froze the page, or were drawn as NaN.
FROZEN = [
    (1.0, 0.9999999999999999),
    (0.0, 5e-324),
    (5e-324, 1e-323),
    (-1e100, 1e100),
    (1e100, math.nextafter(1e100, math.inf)),
    (1.0, 1.0),
    (0.0, -0.0),
    (1.0, 1 + 1e-10),
    (1e15, 1e15 + 0.125),
]

many = settings(
    phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck), deadline=None
)

TICKS = """
const { drawable, niceTicks, logTicks, tickFormat } = await import(data.ticks);
return data.pairs.map(([low, high]) => {
  const range = drawable([low, high]), ticks = niceTicks(...range, 6), log = logTicks(low, high);
  const raw = niceTicks(low, high, 6).length, labels = ticks.map(tickFormat(ticks));
  return { range, ticks, log, raw, labels };
});
"""


def sorted_pairs(pairs):
    return [tuple(sorted(pair)) for pair in pairs]


@settings(many, max_examples=50)
@given(st.lists(PAIRS, min_size=200, max_size=200))
@example(FROZEN)
def test_ticks_between_any_two_metrics(pairs):
    """Ten thousand pairs, two hundred in one call of Node."""
    pairs = sorted_pairs(pairs)
    found = node.run(TICKS, {"ticks": (node.WIDGETS / "ticks.js").as_uri(), "pairs": pairs})
    for (low, high), drawn in zip(pairs, found, strict=True):
        (bottom, top), ticks = (list(map(float, drawn[name])) for name in ("range", "ticks"))
        assert bottom <= low <= high <= top
        assert bottom < top
        slack = 1e-6 * (top - bottom)
        assert 2 <= len(ticks) <= 8, (low, high)
        assert all(bottom - slack <= tick <= top + slack for tick in ticks), (low, high)
        assert ticks == sorted(set(ticks)), (low, high)
        assert len(set(drawn["labels"])) == len(ticks), (low, high)
        assert drawn["raw"] <= 1000
        assert len(drawn["log"]) <= 3 * 632


def test_ticks_of_what_is_no_range():
    """No log holds these; an axis without ticks is what is left."""
    pairs = "[[0, Infinity], [-Infinity, Infinity], [NaN, 1], [1, NaN], [2, 1], [0, 1], [0, 0]]"
    found = node.run(
        f"const {{ niceTicks, logTicks }} = await import(data.ticks); return {pairs}.map("
        "([low, high]) => [niceTicks(low, high).length, logTicks(low, high).length]);",
        {"ticks": (node.WIDGETS / "ticks.js").as_uri()},
    )
    nice, log = zip(*found, strict=True)
    assert nice == (0, 0, 0, 0, 0, 6, 0)
    assert max(log) <= 632


OUTLINES = """
const { outline } = await import(data.contours);
return data.loops.map(outline);
"""


def points(path):
    """Return the points of a closed path that goes by steps."""
    assert re.fullmatch(r"M[-\d.,]+(l[-\d.,]+)+Z", path)
    steps = [
        [float(number) for number in re.findall(r"-?[\d.]+", step)] for step in path[1:].split("l")
    ]
    return np.cumsum(steps, axis=0)


def distance(point, start, end):
    """Return how far a point lies from the straight line between two others."""
    way = end - start
    along = np.clip(np.dot(point - start, way) / (np.dot(way, way) or 1), 0, 1)
    return np.hypot(*(point - start - along * way))


def test_an_outline_leaves_out_only_what_nobody_sees():
    """No point lies half a pixel from it: a circle, a wave, a square with many points on a side."""
    angle = np.linspace(0, 2 * np.pi, 600, endpoint=False)
    radius = 90 + 25 * np.sin(7 * angle) + 0.3 * np.sin(171 * angle)
    side = np.arange(0, 80, 0.5)
    end, none = np.full_like(side, 80), np.zeros_like(side)
    square = np.c_[np.r_[side, end, 80 - side, none], np.r_[none, side, end, 80 - side]]
    loops = [
        200 + 90 * np.c_[np.cos(angle), np.sin(angle)],
        200 + radius[:, None] * np.c_[np.cos(angle), np.sin(angle)],
        20.04 + square,
        np.array([[0.0, 0.0], [50.0, 0.0], [0.0, 50.0]]),
    ]
    data = {
        "contours": (node.WIDGETS / "contours.js").as_uri(),
        "loops": [loop.tolist() for loop in loops],
    }
    found = [points(path) for path in node.run(OUTLINES, data)]
    for loop, drawn in zip(loops, found, strict=True):
        sides = list(zip(drawn, np.roll(drawn, -1, axis=0), strict=True))
        for point in loop:
            assert min(distance(point, *side) for side in sides) < 0.25 + 0.1
    assert [len(drawn) for drawn in found[2:]] == [4, 3]
    assert len(found[0]) < 100


def drawn_logs(pairs):
    """Return the stills of the log explorer, with runs of two rows each in place of the book's."""
    state = LogExplorer().get_state()
    lines = []
    for pair in pairs:
        better = "min" if pair[1] < pair[0] else "max"
        run = {"value": pair, "status": ["keep", "keep"], "direction": better}
        runs = [{**state["_data"]["runs"][0], **run}]
        lines.append(
            json.dumps({"state": {**state, "_data": {"runs": runs}}, "widths": stills.widths()})
        )
    done = subprocess.run(
        [node.executable(), stills.program.path],
        input="\n".join(lines),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@settings(many, max_examples=4)
@given(st.lists(PAIRS, min_size=50, max_size=50))
@example(FROZEN)
def test_a_log_of_any_two_metrics_is_drawn(pairs):
    """The whole view: numbers only, and a sentence without an impossible one."""
    for pair, drawn in zip(pairs, drawn_logs(pairs), strict=True):
        assert "error" not in drawn, (pair, drawn)
        assert not re.search(r"NaN|Infinity|undefined", drawn["svg"]), pair
        assert not re.search(r"NaN|Infinity|undefined", drawn["sentence"]), (
            pair,
            drawn["sentence"],
        )
        assert drawn["svg"].count("<path") >= 3


def test_the_searches_for_a_number_end():
    """Programs that are equal are never told apart, and a race of them would not end."""
    found = node.run(
        "const rule = { indifference: 1e-9, error: 0.05, firstRuns: 2 };"
        "const { runs } = model.race(2, (i, j) => (j % 2 ? i : 1 - i), rule);"
        "return [model.runsNeeded([1, 1], [1, 1], 0.9), runs];"
    )
    assert found == [2**40, [100_000, 100_000]]
