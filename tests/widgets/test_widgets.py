"""What holds for every explorer of `arbook.widgets`, and the shared parts they are made of."""

import inspect
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import node
import numpy as np
import pytest
import traitlets
from doubles.model import FrontierExplorer

from arbook import ParameterError, widgets
from arbook.widgets import _modules
from arbook.widgets._base import Control, Explorer

EXPLORERS = [
    found
    for found in (getattr(widgets, name) for name in widgets.__all__)
    if inspect.isclass(found) and issubclass(found, Explorer) and found is not Explorer
]
every = pytest.mark.parametrize("cls", EXPLORERS, ids=lambda cls: cls.__name__)


@pytest.fixture(scope="module")
def start():
    """Return each explorer in its start state (made once)."""
    return {cls: cls() for cls in EXPLORERS}


def other_value(control: Control, value: float) -> float:
    """Return a value of the slider that is far from `value`."""
    ends = control.low, control.high
    return max(ends, key=lambda end: abs(end - value))


# ---------------------------------------------------------------- the module


@every
def test_joined_module_is_one_module(cls, tmp_path):
    """It is one that Node.js runs; no import is left."""
    assert not re.search(r"^\s*import\b", cls._esm, flags=re.M)
    assert len(re.findall(r"^export\b", cls._esm, flags=re.M)) == 1
    path = tmp_path / "joined.mjs"
    path.write_text(cls._esm, encoding="utf-8")
    assert node.run("return typeof (await import(data)).default.render;", path.as_uri()) == (
        "function"
    )


@every
def test_names_that_the_view_imports_exist(cls):
    """Node links the module as written: a missing name would surface only when it is used."""
    uri = (node.WIDGETS / cls.view).as_uri()
    assert node.run("return typeof (await import(data)).default.render;", uri) == "function"


@every
def test_modules_come_after_what_they_import(cls):
    """Constants are computed where they stand: USUAL_AREA from a law of another module."""
    files = _modules.modules_of(cls.view)
    assert len(set(files)) == len(files)
    for i, file in enumerate(files):
        assert set(_modules.modules_of(file)) <= set(files[: i + 1])
    assert files[-1] == cls.view
    assert any(file.startswith("model/") for file in files) or cls is widgets.ForecastExplorer


def test_an_explorer_ships_only_what_its_view_uses():
    assert "model/laws.js" in _modules.modules_of("frontier.js")
    assert "model/racing.js" not in _modules.modules_of("frontier.js")


def test_modules_of_one_explorer_may_use_the_same_names(tmp_path, monkeypatch):
    monkeypatch.setattr(_modules, "_HERE", tmp_path)
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "first.js").write_text(
        "const secret = 20;\nexport const twice = (x) => 2 * x;\nexport function* secrets() {\n"
        "  yield secret;\n}\n"
    )
    (tmp_path / "second.js").write_text(
        'import { twice as double } from "./part/first.js";\nconst secret = 1;\n'
        "export class Sum {\n  of = double(secret);\n}\n"
    )
    (tmp_path / "both.js").write_text(
        'import { secrets } from "./part/first.js";\nimport { Sum } from "./second.js";\n'
        "const secret = 300;\nexport default [...secrets(), new Sum().of, secret];\n"
    )
    joined = tmp_path / "joined.mjs"
    joined.write_text(_modules.joined_module("both.js"))
    assert node.run("return (await import(data)).default;", joined.as_uri()) == [20, 2, 300]


def test_what_a_module_exports_is_what_it_returns():
    """A name that is exported in another way than the joined module knows would be undefined."""
    views = {cls.view for cls in EXPLORERS}
    files = [path.relative_to(node.WIDGETS).as_posix() for path in node.WIDGETS.rglob("*.js")]
    assert set(files) == {file for cls in EXPLORERS for file in _modules.modules_of(cls.view)}
    parts = {file: node.WIDGETS / file for file in files if file not in views}
    exported = node.run(
        "const names = async ([file, uri]) => [file, Object.keys(await import(uri))];"
        "return Object.fromEntries(await Promise.all(Object.entries(data).map(names)));",
        {file: path.as_uri() for file, path in parts.items()},
    )
    for file, names in exported.items():
        [returned] = re.findall(r"^return \{ (.+) \};$", _modules.module_source(file), flags=re.M)
        assert names == sorted(returned.split(", ")), file


# ---------------------------------------------------------------- what an explorer has


def test_names_are_unique():
    assert len({cls.name for cls in EXPLORERS}) == len(EXPLORERS)
    assert len({cls.title for cls in EXPLORERS}) == len(EXPLORERS)


@every
def test_three_sliders_at_first_sight(cls):
    controls = cls.controls()
    assert 1 <= sum(not control.more for control in controls.values()) <= 3
    assert all(control.words for control in controls.values())


@every
def test_start_values_are_in_range(cls, start):
    for name, control in cls.controls().items():
        assert control.low < control.high
        assert control.low <= getattr(start[cls], name) <= control.high


@every
def test_presets_are_named_and_in_range(cls):
    controls = cls.controls()
    assert cls.presets
    assert len({preset.name for preset in cls.presets}) == len(cls.presets)
    for preset in cls.presets:
        assert preset.note
        for name, value in preset.values.items():
            assert controls[name].low <= value <= controls[name].high, (preset.name, name)
            if controls[name].kind == "whole":
                assert value == int(value)
        cls(**preset.values)


@every
def test_a_question_before_and_one_after(cls):
    assert cls.guess is not None
    assert cls.guess.text.endswith("?")
    assert cls.guess.because
    assert cls.guess.choices is None or len(set(cls.guess.choices)) >= 2
    assert cls.guess.choices is not None or float(cls.guess.example) > 0
    assert cls.after is not None
    assert "?" in cls.after.text
    assert cls.after.answer


#: A straight apostrophe: the book's pages have curly ones.
STRAIGHT = re.compile(r"\w'\w|s' \w")


@every
def test_apostrophes_are_the_pages(cls, start):
    assert not STRAIGHT.findall(json.dumps([cls.title, start[cls]._spec], ensure_ascii=False))


def test_apostrophes_of_views_are_the_pages():
    """Of all but the reader's, whose words are those of `arbook.logs`."""
    for file in node.WIDGETS.glob("*.js"):
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", file.read_text(encoding="utf-8"), flags=re.S)
        assert not STRAIGHT.findall(code), file.name


@every
def test_what_the_view_gets_is_json(cls, start):
    for state in (start[cls]._spec, start[cls]._data):
        assert json.loads(json.dumps(state, allow_nan=False)) == json.loads(
            json.dumps(_base_types(state))
        )


def _base_types(value):
    """Fail on anything that is not a plain type: NumPy numbers do not travel."""
    if isinstance(value, Mapping):
        return {key: _base_types(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_base_types(item) for item in value]
    assert value is None or type(value) in (bool, int, float, str), repr(value)
    return value


@every
def test_links_reopen_a_state(cls):
    """The fragment that the page writes gives back every value, and ignores what is not one."""
    source = (node.WIDGETS / "state.js").as_uri()
    values = {
        name: other_value(control, getattr(cls, name).default_value)
        for name, control in cls.controls().items()
    }
    values |= {} if cls.first_seed is None else {"seed": 7}
    assert set(values) == set(cls(**values).values())
    link, found, foreign, broken = node.run(
        "const { writeFragment, readFragment } = await import(data.source);"
        "const { name, values } = data, keys = Object.keys(values);"
        "const link = writeFragment(name, values);"
        "return [link, readFragment(link, name, keys), readFragment(link, name + 'x', keys),"
        " readFragment(link + '&x=1&' + keys[0] + '=&' + keys[0] + '=NaN', name, keys)];",
        {"source": source, "name": cls.name, "values": values},
    )
    assert link.startswith(f"#{cls.name}?")
    assert found == pytest.approx(values, rel=1e-11)
    assert broken == found
    assert foreign is None


@pytest.mark.parametrize(
    "fragment", ["", "#", "#a-section", "#frontier", "#50%", "#frontier?%E0%A4%A", "#?sigma0=1"]
)
def test_another_fragment_is_left_alone(fragment):
    found = node.run(
        "const { readFragment } = await import(data[0]);"
        "return readFragment(data[1], 'frontier', ['sigma0', 'seed']);",
        [(node.WIDGETS / "state.js").as_uri(), fragment],
    )
    assert found is None


def test_a_fragment_that_a_mail_program_encoded_is_read():
    found = node.run(
        "const { readFragment } = await import(data);"
        "return readFragment('#frontier%3Fsigma0%3D0.02%26seed%3D3', 'frontier', ['sigma0']);",
        (node.WIDGETS / "state.js").as_uri(),
    )
    assert found == {"sigma0": 0.02}


@pytest.mark.parametrize("storage", ["works", "refuses", "nonsense"])
def test_scores(storage):
    """Counted, kept where the browser keeps things, forgotten when asked."""
    first, again, after, kept = node.run(
        """
        const { scoreKeeper } = await import(data.source);
        const store = new Map(data.storage === "nonsense" ? [["arbook.guesses.x", "{]"]] : []);
        const refuse = () => { throw new Error("denied"); };
        const works = {
          getItem: (key) => store.get(key) ?? null,
          setItem: (key, value) => store.set(key, value),
          removeItem: (key) => store.delete(key),
        };
        globalThis.localStorage = data.storage === "refuses"
          ? { getItem: refuse, setItem: refuse, removeItem: refuse } : works;
        const scores = scoreKeeper("x");
        scores.add(true);
        scores.add(false);
        const first = scores.get(), again = scoreKeeper("x").get(), kept = [...store.keys()];
        scores.reset();
        return [first, again, scores.get(), kept];
        """,
        {"source": (node.WIDGETS / "state.js").as_uri(), "storage": storage},
    )
    assert first == {"tries": 2, "hits": 1}
    assert again == (first if storage != "refuses" else {"tries": 0, "hits": 0})
    assert kept == ([] if storage == "refuses" else ["arbook.guesses.x"])
    assert after == {"tries": 0, "hits": 0}


def test_ticks_and_numbers_for_people():
    found = node.run(
        "const { niceTicks, logTicks, tickFormat } = await import(data.ticks);"
        "const { formatNumber, scientific, roundUp, perCent } = await import(data.numbers);"
        "const steps = niceTicks(0.8, 1.006, 5);"
        "return [steps, steps.map(tickFormat(steps)), niceTicks(0, 100, 2), logTicks(0.001, 0.1),"
        "logTicks(1e-4, 1), formatNumber(-0.0004, 2), formatNumber(-1.5, 1), formatNumber(0, 3),"
        "[344.4, 0.00301, 0.00003, 0].map(scientific), roundUp(0.99, 1.02), perCent(0.125, 1)];",
        {name: (node.WIDGETS / f"{name}.js").as_uri() for name in ("ticks", "numbers")},
    )
    assert found == [
        [0.8, 0.85, 0.9, 0.95, 1],
        ["0.80", "0.85", "0.90", "0.95", "1.00"],
        [0, 50, 100],
        [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1],
        [0.0001, 0.001, 0.01, 0.1, 1],
        "0.00",
        "−1.5",
        "0.000",
        ["344", "0.00301", "3.0 × 10⁻⁵", "0"],
        pytest.approx(1.2),
        "12.5 %",
    ]


# ---------------------------------------------------------------- in Python


@every
def test_unknown_or_impossible_values_are_refused(cls):
    name, control = next(iter(cls.controls().items()))
    with pytest.raises(ParameterError, match="theta"):
        cls(theta=1)
    with pytest.raises(ParameterError, match=name):
        cls(**{name: control.high + 10 * abs(control.high) + 1})
    with pytest.raises(traitlets.TraitError):
        setattr(cls(), name, control.high + 10 * abs(control.high) + 1)
    if cls.first_seed is None:
        with pytest.raises(ParameterError, match="seed"):
            cls(seed=1)


@every
def test_sliders_are_ipywidgets_tied_to_the_parameters(cls, start):
    explorer = start[cls]
    ties = {(link.source[0], link.target[1]) for link in explorer._links}
    for name, widget in explorer.sliders.items():
        assert widget.value == getattr(explorer, name)
        assert (widget, name) in ties
        low, high = widget.min, widget.max
        if cls.controls()[name].kind == "log":
            low, high = 10**low, 10**high
        assert (low, high) == pytest.approx((cls.controls()[name].low, cls.controls()[name].high))


@every
def test_observe_sees_a_change(cls):
    explorer, seen = cls(), []
    name, control = next(iter(cls.controls().items()))
    explorer.observe(lambda change: seen.append(change["new"]), name)
    value = other_value(control, getattr(explorer, name))
    setattr(explorer, name, value)
    assert seen == [value] == [explorer.values()[name]]


@every
def test_a_build_has_fixed_ids_and_a_kernel_has_not(cls, monkeypatch):
    def ids(explorer):
        widgets_ = [explorer, explorer.layout, *explorer.sliders.values(), *explorer._links]
        widgets_ += [part for w in explorer.sliders.values() for part in (w.layout, w.style)]
        return [widget.model_id for widget in widgets_]

    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    first, second = ids(cls()), ids(cls())
    assert len({*first, *second}) == len(first) + len(second)
    assert not any(model_id.startswith("arbook") for model_id in first)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    first, second = ids(cls()), ids(cls())
    assert len({*first, *second}) == len(first) + len(second)
    assert all(model_id.startswith(f"arbook-{cls.name}-") for model_id in first + second)


@every
def test_a_kernel_shows_the_widget_and_names_its_values(cls, start):
    shown, _ = start[cls]._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert shown["text/plain"].startswith(f"{cls.__name__}({next(iter(cls.controls()))}=")
    assert len(shown["text/plain"]) < 200


@every
def test_a_preset_sets_all_that_it_does_not_leave_alone(cls, start):
    defaults = {name: cls.class_traits()[name].default_value for name in cls.controls()}
    for preset, sent in zip(cls.presets, start[cls]._spec["presets"], strict=True):
        assert sent["values"].keys() == cls.controls().keys() - set(cls.untouched)
        assert defaults | sent["values"] == defaults | preset.values


def test_nothing_here_draws():
    code = "import sys, arbook.widgets; sys.exit('matplotlib' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
    for file in Path(widgets.__file__).parent.glob("*.py"):
        assert "matplotlib" not in file.read_text(encoding="utf-8"), file


# ---------------------------------------------------------------- single explorers


def test_the_runs_are_those_of_the_view():
    """Same seed, same frontiers."""
    explorer = FrontierExplorer(mu=-0.001, seed=3, n=50, runs=7)
    there = node.run(
        "const z = model.normals(data.seed, data.runs, data.n);"
        "return model.simulatePaths(data, data.n, z, data.runs);",
        explorer.values(),
    )
    np.testing.assert_allclose(explorer._runs().ravel(), there, rtol=0, atol=1e-12)


def test_real_runs_of_the_keep_probability():
    """The figures of the shipped runs, and the law turned round."""
    from scipy.special import ndtr

    from arbook import logs

    real = widgets.KeepProbabilityExplorer()._data["real"]
    assert [run["name"] for run in real] == list(logs.available_runs())
    assert real[0] == pytest.approx({"name": "h100-mar8", "rate": 22 / 125, "a": -0.9307}, abs=1e-4)
    for run in real:
        assert run["rate"] == float(logs.load_run(run["name"]).keep_rate)
        assert ndtr(run["a"]) == pytest.approx(run["rate"], rel=1e-12)
        assert run["a"] < 0
