"""Links, anchors, pictures and scripts of the built book, without a browser."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html


def parsed(path: Path) -> html.HtmlElement:
    return html.document_fromstring(path.read_bytes(), html.HTMLParser(encoding="utf-8"))


@pytest.fixture(scope="module")
def trees(site) -> dict[Path, html.HtmlElement]:
    return {
        path: parsed(path)
        for path in site.rglob("*.html")
        if not {"_static", "lite"} & set(path.relative_to(site).parts)
    }


def test_no_broken_link(site, trees):
    anchors = {path: set(tree.xpath("//@id")) for path, tree in trees.items()}
    broken = []
    for path, tree in trees.items():
        for tag in tree.iter("a", "link", "script", "img", "form"):
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
    assert len(trees) > 10
    assert sum(map(len, anchors.values())) > 1000
    assert broken == []


def test_nothing_is_loaded_from_elsewhere(trees):
    for path, tree in trees.items():
        for tag in tree.iter("script", "link", "img", "iframe", "source", "video"):
            target = tag.get("src") or tag.get("href") or ""
            assert urlsplit(target).scheme in ("", "data"), (path.name, target)


def test_first_words_of_a_docstring_are_not_taken_for_a_type(trees):
    """Napoleon does so where a property's first line has a colon."""
    terms = "//dl[contains(@class, 'field-list')]/dt"
    fields = [dt.text_content() for tree in trees.values() for dt in tree.xpath(terms)]
    assert "Returns:" in fields
    assert "Type:" not in fields


def test_labels_of_sources_are_short(site, trees):
    sources = trees[site / "appendix/bibliography.html"]
    labels = [tag.text_content() for tag in sources.xpath("//span[@class='label']")]
    assert len(labels) > 30
    assert [label for label in labels if not re.fullmatch(r"\[[A-Za-z]{1,3}\+?\d\d\]", label)] == []


def test_every_page_has_a_policy(site, trees):
    """The notebooks' site, too; scripts that stand in a page run by their hash, or not at all."""
    assert [path.name for path, tree in trees.items() if not tree.findtext(".//title")] == []
    files = list(site.rglob("*.html"))
    assert len(files) >= len(trees) + 15
    for path in files:
        head = parsed(path).find("head")
        (policy,) = head.xpath("meta[@http-equiv='Content-Security-Policy']")
        first = next(head.iter("meta", "script", "link", "style"))
        assert first is policy or first.get("charset"), path
        rules = policy.get("content")
        scripts = re.search(r"script-src [^;]*", rules)
        assert scripts is None or "'unsafe-inline'" not in scripts[0], path
        assert "default-src 'self'" in rules, path


def test_no_inline_handler(trees):
    """The policy forbids them, so they would do nothing."""
    for path, tree in trees.items():
        assert tree.xpath("//@*[starts-with(name(), 'on')]") == [], path.name


def test_unused_fonts_and_icons_are_left_out(site):
    for unused in ("fa-*.woff2", "fontawesome.js"):
        found = [path.relative_to(site).parts[0] for path in site.rglob(unused)]
        assert set(found) <= {"lite"}  # JupyterLite brings its own
