"""The package as a whole: its names, its documentation, and what importing it costs."""

import ast
import inspect
import json
import pkgutil
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import arbook


def python(code: str) -> str:
    """Run code in a fresh interpreter."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_importing_the_package_imports_numpy_only():
    loaded = json.loads(
        python("import json, sys, arbook; print(json.dumps(sorted(m for m in sys.modules)))")
    )
    top = {name.partition(".")[0] for name in loaded}
    assert "numpy" in top
    slow = {"scipy", "matplotlib", "pandas", "ipywidgets", "anywidget", "IPython", "tqdm"}
    assert not top & slow
    assert "concurrent.futures.thread" not in loaded


def test_importing_the_package_loads_nothing_that_is_not_needed():
    """Against NumPy alone: only the package's own modules and a few of the standard library.

    Some that take as long to load as all of the package are left until they are used.
    """
    names = python(
        "import sys, numpy; before = set(sys.modules); import arbook;"
        "print(*sorted(set(sys.modules) - before))"
    ).split()
    foreign = {n.partition(".")[0] for n in names} - {"arbook", "numpy"}
    assert foreign <= sys.stdlib_module_names
    assert not {"json", "html", "numpy.polynomial"} & set(names)


#: The folders of the package, each of which may use those before it. Plots and explorers are drawn
#: from everything; the command and the exercises use whatever a reader can.
FOLDERS = [
    "_numerics", "_palette", "model", "agents", "programs", "landscapes", "noise", "runs", "logs",
    "laboratory", "plots", "widgets", "exercises", "commands", "__main__",
]  # fmt: skip
ROOT = Path(arbook.__file__).parent


def imported(file: Path) -> set[str]:
    """Return the parts of the package that a file imports, wherever it does."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "arbook":
            parts = node.module.split(".")[1:2] or [name.name for name in node.names]
            found |= {part for part in parts if part in FOLDERS}
    return found


def test_every_folder_has_its_place_in_the_order():
    there = {m.name for m in pkgutil.iter_modules(arbook.__path__)}
    assert there == set(FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS)
def test_folders_use_only_those_before_them(folder):
    files = [ROOT / f"{folder}.py", *(ROOT / folder).rglob("*.py")]
    used = set().union(*(imported(file) for file in files if file.exists()))
    allowed = set(FOLDERS[: FOLDERS.index(folder) + 1])
    siblings = {"agents", "programs", "landscapes", "noise"}
    if folder in siblings:  # one subject beside the other
        allowed -= siblings - {folder}
    assert used <= allowed


@pytest.mark.parametrize("folder", ["", *FOLDERS])
def test_no_module_is_hidden_by_a_name(folder):
    package = import_module(f"arbook.{folder}".rstrip("."))
    for found in pkgutil.iter_modules(getattr(package, "__path__", [])):
        module = import_module(f"{package.__name__}.{found.name}")
        assert getattr(package, found.name) is module


@pytest.mark.parametrize("name", arbook._LATER)
def test_the_other_parts_are_loaded_when_they_are_asked_for(name):
    assert name in dir(arbook)
    code = f"import arbook, sys; assert 'arbook.{name}' not in sys.modules; print(arbook.{name})"
    assert python(code).startswith(f"<module 'arbook.{name}'")


def test_a_name_that_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'arbook' has no attribute 'simulat'"):
        arbook.simulat  # noqa: B018


def test_public_names_are_sorted_and_exist():
    assert arbook.__all__ == sorted(arbook.__all__)
    public = {n for n, v in vars(arbook).items() if inspect.isclass(v) or inspect.isfunction(v)}
    assert {n for n in public if not n.startswith("_")} - {"Any", "import_module"} == set(
        arbook.__all__
    )


def public(name: str) -> dict[str, object]:
    """Return a module's own public classes and functions."""
    module = import_module(f"arbook.{name}".rstrip("."))
    listed = getattr(module, "__all__", None)
    own = {
        key: value
        for key, value in vars(module).items()
        if (inspect.isclass(value) or inspect.isfunction(value))
        and (key in listed if listed else key[0] != "_" and value.__module__ == module.__name__)
    }
    return {f"{name}.{key}".lstrip("."): value for key, value in own.items()}


#: Everything that readers call, by the door through which they reach it.
THINGS = [(name, thing) for door in ("", *arbook._LATER) for name, thing in public(door).items()]


def test_every_thing_has_one_door():
    doors = [id(thing) for _, thing in THINGS]
    assert len(doors) == len(set(doors))


#: Says what a caller's own class must have.
PROTOCOLS = {
    "landscapes.StepRule", "laboratory.Agent", "laboratory.Proposer", "noise.Judge",
    "noise.KeepRule",
}  # fmt: skip
NOTHING_TO_RAISE = {
    "logs.atlas", "logs.available_runs", "logs.contest", "logs.repeated_runs", "logs.sixty_runs",
    "logs.sources", "exercises.names", "widgets.slider",
}  # fmt: skip


def arguments_of(thing):
    """Return its arguments; errors and a Ranking are made as their built-in bases are."""
    built_in = inspect.isclass(thing) and issubclass(thing, (Exception, tuple, int))
    return {} if built_in else inspect.signature(thing).parameters


@pytest.mark.parametrize(("name", "thing"), THINGS, ids=[name for name, _ in THINGS])
def test_documentation_is_complete(name, thing):
    doc = inspect.getdoc(thing)
    if name in PROTOCOLS:
        return
    assert "Examples\n--------\n" in doc
    assert ">>> " in doc
    arguments = arguments_of(thing)
    sections = ["Parameters"] if arguments else []
    if inspect.isfunction(thing):
        returns = inspect.signature(thing).return_annotation not in ("None", "Iterator[None]")
        sections += ["Returns"] if returns else []
        sections += [] if name in NOTHING_TO_RAISE else ["Raises"]
    for section in sections:
        assert f"{section}\n{'-' * len(section)}\n" in doc
    for argument in arguments:
        if argument[0] != "_" and arguments[argument].kind != inspect.Parameter.VAR_KEYWORD:
            assert re.search(rf"^([\w*]+, )*\**{argument}(, \w+)*( : |$)", doc, flags=re.M)


SEED = """seed : int, numpy.random.SeedSequence, numpy.random.Generator or None{}
    Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.
"""


def test_seeds_and_executors_have_one_name_one_type_and_one_wording():
    seen = set()
    for name, thing in THINGS:
        if name.startswith("widgets."):
            continue  # the seed of an explorer is a slider of it
        doc, arguments = inspect.getdoc(thing), arguments_of(thing)
        assert not {"rng", "random_state", "pool"} & set(arguments)
        if "seed" in arguments:
            seen.add(name)
            assert arguments["seed"].annotation == "Seed"
            default = ", default 0" if arguments["seed"].default == 0 else ""
            assert SEED.format(default) in doc or "seed\n    As for `forecast`" in doc
        if "executor" in arguments:
            assert arguments["executor"].annotation == "Executor | None"
            assert f"`{name}`" in Path("README.md").read_text(encoding="utf-8")
    assert {"simulate", "programs.ModelRuns"} <= seen


def test_the_version_is_stated_once():
    from importlib.metadata import version

    assert version("arbook") == arbook.__version__


@pytest.mark.parametrize("skip", ["no reason", "the run logs are not here"])
@pytest.mark.parametrize("strict", [True, False])
def test_a_skipped_test_fails_the_run_where_that_is_wanted(pytester_run, skip, strict):
    code = pytester_run(f"import pytest\ndef test():\n    pytest.skip({skip!r})\n", strict)
    assert code == (1 if strict and "run logs" not in skip else 0)


def test_a_module_that_is_skipped_fails_the_run_too(pytester_run):
    text = "import pytest\npytest.importorskip('no_such_module')\ndef test():\n    pass\n"
    assert pytester_run(text, True) == 1


@pytest.fixture
def pytester_run(tmp_path):
    """Return a function that runs pytest on a file beside a copy of our conftest.py."""
    import os
    import shutil
    from pathlib import Path

    def run(text: str, strict: bool) -> int:
        shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
        (tmp_path / "test_it.py").write_text(f"def test_other():\n    pass\n\n{text}")
        environment = {k: v for k, v in os.environ.items() if k != "ARBOOK_NO_SKIP"}
        if strict:
            environment["ARBOOK_NO_SKIP"] = "1"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        return done.returncode

    return run
