"""Search spaces and tasks: places and values, known truths, a model that really learns."""

import math

import numpy as np
import pytest

from arbook import ParameterError, landscapes
from arbook.laboratory import Knob, LanguageModel, Space, Sphere, Surrogate, Task, load_task, prose
from arbook.laboratory.byte_model import _bits, _gradient, _layers
from arbook.laboratory.language import _text

KNOBS = {knob.name: knob for task in (Surrogate(), LanguageModel(), Sphere(2))
         for knob in task.space.knobs}  # fmt: skip


@pytest.mark.parametrize("knob", KNOBS.values(), ids=KNOBS)
def test_a_place_is_that_of_its_value(knob):
    u = np.linspace(0, 1, 4001)
    values = knob.value(u)
    assert (values[0], values[-1]) == (knob.low, knob.high)
    assert (np.diff(values) >= 0).all()
    assert knob.value(knob.place(knob.start)) == pytest.approx(knob.start, rel=1e-12)
    if knob.whole:
        assert set(values) == set(np.arange(knob.low, knob.high + 1))
        assert all(knob.value(knob.place(v)) == v for v in set(values.tolist()))
    else:
        assert [knob.place(v) for v in values.tolist()] == pytest.approx(u, abs=1e-12)


def test_a_space_names_moves_and_compares():
    space = Surrogate().space
    there = space.moved(space.start, {"window_pattern": "LLLL", "depth": 12})
    assert space.named(there)["window_pattern"] == "LLLL"
    assert space.difference(space.start, there) in (
        "window_pattern SSSL to LLLL, depth 8 to 12 layers",
        "depth 8 to 12 layers, window_pattern SSSL to LLLL",
    )
    assert space.difference(there, there) == "nothing changed"
    for wrong in ({"width": 3}, {"depth": 99}, {"depth": "deep"}, {"window_pattern": "XXXX"}):
        with pytest.raises(ParameterError, match=r" must be .*, got "):
            space.moved(space.start, wrong)
    for wrong in ([0.5], [0.5] * 13 + [1.1], [0.5] * 13 + [math.nan], "x", None):
        with pytest.raises(ParameterError, match=r"^theta must be points with 14 coordinates"):
            space.values(wrong)


def test_the_sphere_is_that_of_the_landscapes():
    task, rng = Sphere(7), np.random.default_rng(1)
    step = landscapes.sphere_parameters(7, 4 * 0.01)  # a step of u is one of 4u
    theta = task.space.start + 0.01 * rng.standard_normal((20_000, 7))
    change = task.truth(theta) - 1
    assert change.mean() == pytest.approx(step.mu, abs=5 * step.sigma0 / math.sqrt(20_000))
    kept = landscapes.sphere_keep_probability(7, 0.04)
    assert (change < 0).mean() == pytest.approx(kept, abs=5 * 0.5 / math.sqrt(20_000))


def test_measurements_have_the_noise_and_the_crashes_that_are_stated():
    task, rng = Sphere(3, noise=0.2, crash=0.3), np.random.default_rng(2)
    seen = task.measure(np.tile(task.space.start, (20_000, 1)), rng)
    assert np.isnan(seen).mean() == pytest.approx(0.3, abs=0.015)
    assert np.nanmean(seen) == pytest.approx(1.0, abs=0.01)
    assert np.nanstd(seen) == pytest.approx(0.2, abs=0.005)
    surrogate = Surrogate()
    seen = surrogate.measure(np.tile(surrogate.space.start, (5000, 1)), rng)
    assert seen.std() == pytest.approx(0.00051, rel=0.05)


def test_the_gradient_is_that_of_the_loss():
    rng = np.random.default_rng(3)
    recipe = {"context": 2, "embedding": 3, "width": 4, "depth": 2, "init_scale": 1.0}
    layers = [layer.astype(np.float64) for layer in _layers(5, recipe, rng)]
    layers[-1] *= 10
    x, y = rng.integers(0, 5, (6, 2)), rng.integers(0, 5, 6)
    text = np.concatenate([np.append(row, last) for row, last in zip(x, y, strict=True)])

    def loss():
        bits = [_bits(layers, text[3 * i : 3 * i + 3], 2) for i in range(6)]
        return np.mean(bits) * math.log(2)

    bits, gradient = _gradient(layers, x, y, 0.0)
    assert bits == pytest.approx(loss() / math.log(2), rel=1e-6)
    for layer, found in zip(layers, gradient, strict=True):
        for place in [(0, 0), (1, 2), (-1, -1)]:
            kept, h = layer[place], 1e-5
            layer[place] = kept + h
            above = loss()
            layer[place] = kept - h
            slope = (above - loss()) / (2 * h)
            layer[place] = kept
            assert found[place] == pytest.approx(slope, abs=1e-6)


def test_a_model_learns_and_one_that_diverges_crashes():
    task, rng = LanguageModel(runs=1), np.random.default_rng(4)
    text, held_out, kinds = _text()
    counts = np.bincount(text, minlength=kinds) + 1
    alone = -np.log2(counts / counts.sum())[held_out].mean()  # bits without any context
    better = task.space.moved(
        task.space.start, {"depth": 1, "context": 3, "learning_rate": 0.2, "batch": 32}
    )
    learnt = task.measure(better, rng)
    assert 2.5 < learnt < alone - 1
    wild = task.space.moved(
        task.space.start, {"learning_rate": 3.0, "clip": 10.0, "momentum": 0.98, "init_scale": 5.0}
    )
    assert math.isnan(task.measure(wild, rng))
    assert task.truth(better) == task.truth(better)  # by seeds of its own


def test_the_prose_has_neither_code_nor_markup():
    raw = prose.plain("---\na: b\n---\n\n(x)=\n## Deep\n\n$$y$$\n\n- One [link](http://x).\n")
    assert raw == "Deep\n\nOne link."
    assert prose.main([]) == 2
    text, held_out, kinds = _text()
    assert 60_000 < text.size < 100_000
    assert held_out.size == 5000
    assert 60 < kinds < 100


@pytest.mark.parametrize(
    "task", [Sphere(4, 0.1, 0.2), Surrogate(), LanguageModel(3)], ids=lambda task: task.name
)
def test_a_task_that_is_saved_comes_back(task, tmp_path):
    task.save(tmp_path / "task.json")
    again = load_task(tmp_path / "task.json")
    assert type(again) is type(task)
    assert again.settings() == task.settings()


NO_TASKS = [
    "", "[]", "{}", '{"task": "go"}', '{"task": "sphere", "x": 1}', '{"task": "sphere", "d": 0}',
    '{"task": "automl", "model": {}}',
]  # fmt: skip


@pytest.mark.parametrize("text", NO_TASKS)
def test_a_file_that_holds_no_task_is_refused(text, tmp_path):
    (tmp_path / "task.json").write_text(text)
    with pytest.raises(ParameterError, match=r"^path must be a file that a task of automl, sphere"):
        load_task(tmp_path / "task.json")


def test_a_task_of_ones_own_needs_three_things():
    with pytest.raises(TypeError, match="abstract"):
        Task()

    class Line(Task):
        space = Space([Knob("x", 0, 1, 0.5)])

        def truth(self, theta):
            return self.space.values(theta)[..., 0]

        def measure(self, theta, rng):
            return self.truth(theta)

    assert Line().truth([0.25]) == 0.25
