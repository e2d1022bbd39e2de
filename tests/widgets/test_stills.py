"""The still of every explorer: its own view, told everything and drawn by Node.js."""

import gzip
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from doubles.programs import NAMES, MetaExplorer
from explorers import DOUBLES, NUMBERS, two, unsaid, whole

import arbook
from arbook.widgets import Explorer, FitExplorer, LogExplorer, UpdateRuleExplorer
from ext import explorers as stills
from ext.node import Program

ALL = sorted(DOUBLES)
every = pytest.mark.parametrize("name", ALL)

#: What a still shows beyond the start: experiments in place of none.
SHOWN = {"update-rule": {"t": 20}, "perturbation": {"t": 23}}


def still(explorer: Explorer) -> dict:
    """Return the still of an explorer in its state."""
    return stills.draw(explorer.get_state())


@pytest.fixture(scope="module")
def start():
    """Return the still of each explorer at its start."""
    yield {name: still(cls()) for name, cls in DOUBLES.items()}
    stills.program.stop()


@every
def test_it_is_a_picture(start, name):
    """Drawn with numbers only, of the size that it says, and light."""
    found = start[name]
    svg, width, height = found["svg"], found["width"], found["height"]
    assert not re.search(r"NaN|undefined|Infinity|null|var\(|data-|display=", svg)
    picture = ElementTree.fromstring(svg)
    assert picture.get("viewBox") == f"0 0 {width} {height}"
    assert (picture.get("width"), picture.get("height")) == (str(width), str(height))
    assert len(picture.findall(".//{*}path[@d]")) >= 3
    assert len(picture.findall(".//{*}text")) >= 10
    assert len(gzip.compress(svg.encode())) < 40_000


@every
def test_every_class_has_its_style(start, name):
    """A mark without a rule would be black, or not there."""
    picture = ElementTree.fromstring(start[name]["svg"])
    rules = picture.find("{*}style").text
    marks = picture.findall(".//{*}path") + picture.findall(".//{*}circle")
    for mark in marks:
        kinds = (mark.get("class") or "").split()
        assert any(re.search(rf"\.{kind}\b", rules) for kind in kinds), mark.attrib


@every
def test_its_sentence_says_the_numbers(start, name):
    explorer = DOUBLES[name](**SHOWN.get(name, {}))
    sentence = start[name]["sentence"]
    assert sentence.endswith(".")
    if name != "meta":  # below
        assert unsaid(sentence, NUMBERS[name](explorer)) == [], sentence
    assert not re.search(r"Commit|press|NaN|undefined", sentence)


def test_the_game_is_played_for_the_reader(start):
    """Nights shared out evenly, the program that looks best, and the truth."""
    e = MetaExplorer()
    each = e.budget // len(NAMES)
    means = [e.nights(i, each).mean() for i in range(len(NAMES))]
    truth = [float(arbook.expected_gain_area(p.parameters, e.n)) for p in e.shelf()]
    looks, best, sentence = int(np.argmax(means)), int(np.argmax(truth)), start["meta"]["sentence"]
    assert f"those of {NAMES[looks]} look best" in sentence
    assert f"{NAMES[best]} is the best with" in sentence
    expected = two(truth[looks], truth[best], means[looks], abs(means[looks] - truth[looks]))
    assert unsaid(sentence, [*expected, *whole(each, each)]) == [], sentence
    picture = ElementTree.fromstring(start["meta"]["svg"])
    words = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert f"{NAMES[best]} · 1st" in words


def test_what_is_asked_for_is_told(start):
    assert "the 80 % band holds the truth in" in start["forecast"]["sentence"]
    assert (
        f"{FitExplorer()._data['runs'][0]['fits'][0]['logLikelihood']:.1f}"
        in start["fit"]["sentence"]
    )
    assert "Variant 20 " in start["update-rule"]["sentence"]
    assert "Variant 7 " in still(UpdateRuleExplorer(t=7))["sentence"]


def test_the_readers_own_log_has_a_still_too():
    assert "results.tsv" in still(LogExplorer(run=0))["sentence"]


def test_they_are_reproducible(start):
    """Drawn again, in another order, by a process of its own."""
    fresh = Program(stills.program.path)
    for name in reversed(ALL):
        state = DOUBLES[name]().get_state()
        assert fresh.ask({"state": state, "widths": stills.widths()}) == start[name]
    fresh.stop()


@every
def test_it_follows_every_parameter(start, name):
    """A slider that changes neither picture nor sentence would be dead, on paper too.

    At the start of keep-probability no step size matters, which is its law.
    """
    cls = DOUBLES[name]
    begin = cls(mu=0.001) if name == "keep-probability" else cls()
    before = still(begin)
    for parameter, control in cls.controls().items():
        ends, now = (control.low, control.high), getattr(begin, parameter)
        other = max(ends, key=lambda end: abs(end - now))
        assert still(cls(**begin.values() | {parameter: other})) != before, parameter


def places(svg: str) -> list[tuple[float, float]]:
    """Return where the charts of a still are: those groups whose first words are their title."""
    groups = ElementTree.fromstring(svg).findall("{*}g[{*}g]")
    found = [group for group in groups if group.get("class") is None]
    return [tuple(map(float, re.findall(r"[\d.]+", group.get("transform")))) for group in found]


def test_charts_stand_as_on_the_page(start):
    """Two beside each other, and a third below them."""
    (x1, y1), (x2, y2), (x3, y3) = places(start["gain-area"]["svg"])
    assert x1 == x3 == 0 < x2
    assert y1 == y2 < y3
    (x1, y1), (x2, y2) = places(start["log"]["svg"])  # the first is the wider one
    assert y1 == y2
    assert x2 > 345


def test_the_legend_has_room(start):
    """Entries neither overlap nor leave the picture, by the widths of a font."""
    width = stills.widths()
    assert width["m"] > width["0"] > width["i"] > 0
    for drawn in start.values():
        lines = {}
        for key in ElementTree.fromstring(drawn["svg"]).findall("{*}g[@class='arbook-key']"):
            x, y = map(float, re.findall(r"[\d.]+", key.get("transform")))
            assert x >= lines.get(y, 0)
            lines[y] = x + 28 + 13 * sum(width[c] for c in key.find("{*}text").text)
            assert lines[y] <= drawn["width"]


def test_a_view_that_throws_is_named():
    state = DOUBLES["frontier"]().get_state()
    broken = state["_esm"].replace("return (state) => {", "return (state) => { throw Error('hm');")
    assert broken != state["_esm"]
    with pytest.raises(RuntimeError, match="no still of frontier: Error: hm"):
        stills.draw({**state, "_esm": broken})


def test_the_kernel_has_no_second_drawing():
    for cls in DOUBLES.values():
        assert not [name for name in dir(cls) if "still" in name]
