"""The page of licences names everything that the built book brings along."""

import json
import re
import zipfile
from email import message_from_bytes
from importlib.metadata import distribution

import notices
import pages
import pytest
from bs4 import BeautifulSoup

#: Static files of the book's own, by their beginnings, and those that Sphinx writes for it.
OWN = ("book.", "favicon.", "live", "logo.", "katex/", "notices", "quiz.", "widgets/")
WRITTEN = {
    *("basic.css", "copybutton.js", "documentation_options.js", "language_data.js"),
    "pygments.css",
}


@pytest.fixture(scope="module")
def listed(site):
    """Return the licence of each package by name and version, as the page lists them."""
    text = (site / notices.NAME).read_text(encoding="utf-8")
    return dict(re.findall(r"^(\S+ ?\S*): (.+)$", text.split("-" * 80)[0], re.M))


def test_every_joined_script_is_named(site, listed):
    """All that the lock file has for the page and that is not for building it."""
    lock = json.loads((pages.ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    names = {name.rpartition("node_modules/")[2]: each for name, each in lock.items()}
    wanted = [*lock[""]["dependencies"], "pyodide", "backbone", "jquery", "nouislider"]
    for name in wanted:
        assert f"{name} {names[name]['version']}" in listed
    legal = (site / "_static/widgets/widgets.js.LEGAL.txt").read_text(encoding="utf-8")
    for file in re.findall(r"^(\S+):$", legal, re.M):
        name = re.match(r"(@[^/]+/)?[^/]+", file)[0]
        assert any(one.startswith(f"{name} ") for one in listed), name


def test_every_wheel_is_named(site, listed):
    wheels = [wheel for wheel in site.rglob("*.whl") if not wheel.name.startswith("arbook-")]
    assert len(wheels) >= 12
    for wheel in wheels:
        archive = zipfile.ZipFile(wheel)
        place = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = message_from_bytes(archive.read(place))
        assert f"{metadata['Name']} {metadata['Version']}" in listed, wheel.name


def test_every_static_file_has_an_owner_that_is_named(site, listed):
    static = site / "_static"
    files = {
        file
        for file in static.rglob("*")
        if file.is_file()
        and not file.relative_to(static).as_posix().startswith(OWN)
        and file.relative_to(static).as_posix() not in WRITTEN
    }
    found = notices.owners(files)
    assert files - set(found) == set()
    names = {each.metadata["Name"] for each in found.values()}
    assert {"Sphinx", "sphinx-book-theme", "pydata-sphinx-theme"} <= names
    for name in names:
        assert f"{name} {distribution(name).version}" in listed


def test_what_jupyterlite_is_made_of_is_named(site, listed):
    for name in ("jupyterlite-core", "jupyterlite-pyodide-kernel"):
        assert any(re.sub("_", "-", one).startswith(f"{name} ") for one in listed)
    files = list((site / "lite").rglob("third-party-licenses.json"))
    assert len(files) >= 3
    for file in files:
        for package in json.loads(file.read_text(encoding="utf-8"))["packages"]:
            assert f"{package['name']} {package['versionInfo']}" in listed


def test_each_has_a_licence_and_pages_lead_there(site, listed):
    assert all(len(licence) > 2 for licence in listed.values())
    assert listed["katex 0.19.1"] == "MIT"
    assert not any(name.startswith("arbook") for name in listed)
    text = (site / notices.NAME).read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Redistribution and use in source and binary forms" in text
    page = BeautifulSoup((site / "intro.html").read_text(encoding="utf-8"), "html.parser")
    assert page.select_one(f"footer a[href$='{notices.NAME}']")
