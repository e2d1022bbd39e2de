"""What stands beside the package: workflows, habits, instructions, and the version in all."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

import arbook

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([\w./-]+):(?!=)", MAKEFILE, flags=re.M))

every_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def recipe(target):
    """Return the commands of a target of the Makefile."""
    found = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, flags=re.M)
    return [line.strip().lstrip("@") for line in found[1].splitlines()]


@every_workflow
def test_actions_are_pinned_by_commit(path):
    used = re.findall(r"^[ -]*uses: *(.*)$", path.read_text(encoding="utf-8"), flags=re.M)
    steps = [step for job in read(path)["jobs"].values() for step in job["steps"]]
    assert len(used) == sum("uses" in step for step in steps) > 0
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+(\.\d+){2}", action)


def test_an_action_has_one_version():
    text = "".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)
    versions = set(re.findall(r"uses: (\S+)@(\S+ # \S+)", text))
    assert len(versions) == len({name for name, _ in versions})


#: What a job may do beside reading, by workflow and job.
MAY_WRITE = {
    ("pages", "deploy"): {"pages", "id-token"},
    ("pages", "colab"): {"contents"},
    ("release", "publish"): {"id-token"},
}


@every_workflow
def test_permissions_are_the_least(path):
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        may = {what for what, how in job.get("permissions", {}).items() if how != "read"}
        assert may == MAY_WRITE.get((path.stem, name), set())
        assert not may or "actions/checkout" not in str(job["steps"])  # what writes runs no code


@every_workflow
def test_a_checkout_leaves_no_credentials(path):
    for job in read(path)["jobs"].values():
        assert job["timeout-minutes"] <= 90
        for step in job["steps"]:
            if "actions/checkout@" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False


@every_workflow
def test_workflows_call_what_there_is(path):
    for job in read(path)["jobs"].values():
        for step in job["steps"]:
            for targets in re.findall(r"^make ([\w -]+)$", step.get("run", ""), flags=re.M):
                assert set(targets.split()) <= TARGETS
            for script in re.findall(r"^bash (\S+)$", step.get("run", ""), flags=re.M):
                assert (ROOT / script).is_file()


def test_a_commit_begins_with_the_checks_that_make_test_begins_with():
    [repo] = read(ROOT / ".pre-commit-config.yaml")["repos"]
    assert repo["repo"] == "local"
    targets = [re.fullmatch(r"make (\w+)", hook["entry"])[1] for hook in repo["hooks"]]
    assert re.search(rf"^test: {' '.join(targets)} ", MAKEFILE, flags=re.M)
    commands = [command for target in targets for command in recipe(target)]
    assert {"ruff check .", "ruff format --check .", "mypy"} <= set(commands)
    assert [command.split()[0] for command in recipe("test")] == ["pytest"]


def test_what_contributing_names_is_there():
    named = re.findall(r"`([^`\n]+)`", CONTRIBUTING)
    paths = [name for name in named if "/" in name or name.endswith((".md", ".yml", ".bib"))]
    paths = [path for path in paths if not re.search(r"NN-|NAME|some_name", path)]
    assert len(paths) >= 30
    for path in paths:
        assert (ROOT / path).exists(), path
    targets = [name.split()[1] for name in named if name.startswith("make ")]
    assert targets
    assert set(targets) <= TARGETS


def test_every_folder_has_a_line_in_contributing():
    table = "".join(line for line in CONTRIBUTING.splitlines() if line.startswith("| `"))
    for folder in (ROOT / "arbook").iterdir():
        if folder.is_dir() and folder.name != "__pycache__":
            assert f"`arbook/{folder.name}/`" in table


@pytest.mark.parametrize(
    "what", ["a law", "a figure", "an explorer", "an exercise", "a log format", "a chapter"]
)
def test_instructions_are_short(what):
    [section] = re.findall(rf"^## Add {what}\n\n(.+?)\n\n## ", CONTRIBUTING, flags=re.M | re.S)
    assert len(section.splitlines()) <= 10


def test_issue_forms_have_what_the_host_asks_for():
    assert len(FORMS) == 5
    for path in FORMS:
        if path.stem == "config":
            continue
        form = read(path)
        assert form["name"]
        assert form["description"]
        ids = [field["id"] for field in form["body"]]
        assert len(ids) == len(set(ids))
        assert all(field["type"] in ("input", "textarea") for field in form["body"])
        assert all(field["attributes"]["label"] for field in form["body"])
        assert any(field["validations"]["required"] for field in form["body"])


def test_the_container_makes_what_the_makefile_makes():
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    make, *targets = container["postCreateCommand"].split()
    assert make == "make"
    assert set(targets) <= TARGETS


def test_the_version_and_its_date_are_the_same_everywhere():
    citation = read(ROOT / "CITATION.cff")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    version, date = re.search(r"^## (\S+) \((\S+)\)$", changes, flags=re.M).groups()
    assert version == arbook.__version__ == citation["version"]
    assert date == citation["date-released"]


LOCKS = {"requirements.txt": "requirements.lock", "live/requirements.txt": "live/requirements.lock"}


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_locked_with_its_hashes(name):
    lock = (ROOT / LOCKS[name]).read_text(encoding="utf-8")
    blocks = re.findall(
        r"^(\S+)==(\S+)(?: ; .*)? \\\n((?: {4}--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", lock, re.M
    )
    assert len(blocks) == len(
        re.findall(r"^\S", lock, re.M)
    )  # nothing without a hash, and no other line
    assert "://" not in lock
    locked = {(package, version) for package, version, _ in blocks}
    asked = re.findall(
        r"^([\w.-]+)(?:==([^\s;#]+))?", (ROOT / name).read_text(encoding="utf-8"), re.M
    )
    assert len(asked) >= 10
    for package, version in asked:
        versions = {v for p, v in locked if p == canonical(package)}
        assert versions
        assert not version or version in versions


def test_what_the_site_has_of_the_book_is_the_books():
    pins = [
        dict(re.findall(r"^(\S+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.M))
        for lock in LOCKS.values()
    ]
    shared = pins[0].keys() & pins[1].keys()
    assert shared >= {"anywidget", "traitlets"}
    assert all(pins[0][package] == pins[1][package] for package in shared)


@pytest.mark.parametrize(
    "name", ["Makefile", "README.md", "appendix/deploying.md", "live/build.py"]
)
def test_what_is_locked_is_installed_with_hashes_only(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "require-hashes" in text
    assert not re.search(r"install .*-r \S*requirements\.txt", text)


def test_every_dependency_has_a_reason():
    """A line in requirements.txt, and in package.json under the key that npm leaves to comments."""
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    assert {**package["dependencies"], **package["devDependencies"]}.keys() == package["//"].keys()
    assert all(3 <= len(reason) <= 100 for reason in package["//"].values())
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        assert "==" not in line or re.search(r" # \S", line), line


def test_an_extra_asks_for_the_release_that_the_tests_run():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8").split()
    for wanted in project["optional-dependencies"].values():
        assert set(wanted) <= set(pins)
