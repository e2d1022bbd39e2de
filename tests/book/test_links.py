"""Links, anchors, pictures and scripts of the built book, without a browser."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup


@pytest.fixture(scope="module")
def soups(site) -> dict[Path, BeautifulSoup]:
    return {
        path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in site.rglob("*.html")
        if not {"_static", "lite"} & set(path.relative_to(site).parts)
    }


def test_no_broken_link(site, soups):
    anchors = {path: {tag["id"] for tag in soup.find_all(id=True)} for path, soup in soups.items()}
    broken = []
    for path, soup in soups.items():
        for tag in soup.find_all(["a", "link", "script", "img", "form"]):
            target = tag.get("href") or tag.get("src") or tag.get("action") or ""
            parts = urlsplit(target)
            if not target or parts.scheme or parts.netloc:
                continue
            # the page 404, which is shown at any address, counts from the site's root
            start = site if parts.path.startswith("/") else path.parent
            place = unquote(parts.path).lstrip("/")
            file = (start / place).resolve() if parts.path else path
            if (
                not file.is_file()
                or not file.is_relative_to(site)
                or unquote(parts.fragment) not in anchors.get(file, set()) | {""}
            ):
                broken.append((path.name, target))
    assert len(soups) > 10
    assert broken == []


def test_nothing_is_loaded_from_elsewhere(soups):
    for path, soup in soups.items():
        for tag in soup.find_all(["script", "link", "img", "iframe", "source", "video"]):
            target = tag.get("src") or tag.get("href") or ""
            assert urlsplit(target).scheme in ("", "data"), (path.name, target)


def test_first_words_of_a_docstring_are_not_taken_for_a_type(soups):
    """Napoleon does so where a property's first line has a colon."""
    fields = [dt.text for soup in soups.values() for dt in soup.select("dl.field-list > dt")]
    assert "Returns:" in fields
    assert "Type:" not in fields


def test_labels_of_sources_are_short(site, soups):
    labels = [tag.text for tag in soups[site / "appendix/bibliography.html"].select("span.label")]
    assert len(labels) > 30
    assert [label for label in labels if not re.fullmatch(r"\[[A-Za-z]{1,3}\+?\d\d\]", label)] == []


def test_every_page_has_a_policy(site, soups):
    """The notebooks' site, too; scripts that stand in a page run by their hash, or not at all."""
    assert [path.name for path, soup in soups.items() if not soup.title] == []
    files = list(site.rglob("*.html"))
    assert len(files) >= len(soups) + 15
    for path in files:
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        (policy,) = soup.select("head > meta[http-equiv=Content-Security-Policy]")
        first = soup.head.find(["meta", "script", "link", "style"])
        assert first is policy or first.get("charset"), path
        scripts = re.search(r"script-src [^;]*", policy["content"])
        assert scripts is None or "'unsafe-inline'" not in scripts[0], path
        assert "default-src 'self'" in policy["content"], path


def test_no_inline_handler(soups):
    """The policy forbids them, so they would do nothing."""
    for path, soup in soups.items():
        handlers = [
            (tag.name, name)
            for tag in soup.find_all(True)
            for name in tag.attrs
            if name[:2] == "on"
        ]
        assert handlers == [], path.name


def test_unused_fonts_and_icons_are_left_out(site):
    for unused in ("fa-*.woff2", "fontawesome.js"):
        found = [path.relative_to(site).parts[0] for path in site.rglob(unused)]
        assert set(found) <= {"lite"}  # JupyterLite brings its own
