"""Pages that need no other site: own icons, a content security policy, names for what has none."""

from __future__ import annotations

import re
import shutil
from copy import copy
from itertools import groupby
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, NavigableString
from sphinx.application import Sphinx

from ext.policy import policy_for

#: The theme's icons by their Font Awesome names (1.3 MB), drawn with a few strokes on 16 x 16.
ICONS = {
    "angle-left": "M10 3 5 8l5 5",
    "angle-right": "m6 3 5 5-5 5",
    "bars": "M2 4h12M2 8h12M2 12h12",
    "chevron-down": "m3 5.5 5 5 5-5",
    "circle-half-stroke": "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2zv12M9.5 3v10M11 4v8M12.5 6v4",
    "download": "M8 2v8M4.5 6.5 8 10l3.5-3.5M2.5 13.5h11",
    "list": "M6 4h8M6 8h8M6 12h8M2 4h1M2 8h1M2 12h1",
    "magnifying-glass": "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 1 0 0-9zM10.5 10.5 14 14",
    "moon": "M13.5 9.5A6 6 0 1 1 6.5 2.5a5 5 0 0 0 7 7z",
    "sun": "M8 5a3 3 0 1 0 0 6 3 3 0 1 0 0-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15"
    "M3 3l1.1 1.1M11.9 11.9 13 13M3 13l1.1-1.1M11.9 4.1 13 3",
}

#: Names for what the theme leaves nameless.
NAMES = {
    "#pst-search-dialog": "Search",
    "#pst-primary-sidebar-modal": "Site navigation",
    "#pst-secondary-sidebar-modal": "On this page",
    "button.primary-toggle": "Site navigation",
    "button.secondary-toggle": "On this page",
    "#pst-primary-sidebar": "Book",
    ".bd-links summary": "Pages of this section",
}

#: Names that say other words than those that are seen.
MISNAMED = "details.hide > summary, .search-button-field"

#: What only the theme's other users need: a second title for paper, Font Awesome.
UNUSED = [
    "#jb-print-docs-body",
    ".pst-async-banner-revealer",
    'script[src*="scripts/fontawesome.js"]',
    'link[href*="scripts/fontawesome.js"]',
]

#: TeX's quad and qquad as KaTeX writes them, with their widths.
WIDE = {"margin-right:1em;": 1, "margin-right:2em;": 2}

#: Everything comes from the site itself (`file:` when it is read from a disk). Explorers are
#: modules in a blob; formulas have styles of their own, and the theme sets some from scripts.
#: Firefox fetches the next page ahead, by default-src.
POLICY = (
    "default-src 'self' file:; object-src 'none'; script-src 'self' file: blob: {hashes}; "
    "style-src 'self' file: 'unsafe-inline'; img-src 'self' file: data:; "
    "font-src 'self' file: data:; connect-src 'self' file:; "
    "form-action 'self' file:; base-uri 'none'"
)

#: The page at the site's root, which leads to the first one.
FRONT = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'self' file:">
<meta http-equiv="refresh" content="0; url={first}">
<title>{title}</title>
</head>
<p><a href="{first}">{title}</a></p>
</html>
"""


def draw_icons(soup: BeautifulSoup) -> None:
    """Replace the places of icons by the icons."""
    for place in soup.select("i[class*=fa-], span[class*=fa-]"):
        names = {name.removeprefix("fa-") for name in place["class"]} & ICONS.keys()
        if not names:
            raise ValueError(f"no icon for {place}")
        attributes = {"viewBox": "0 0 16 16", "aria-hidden": "true", "class": "icon"}
        attributes |= {
            name: value for name, value in place.attrs.items() if name.startswith("data-")
        }
        if "theme-switch" in place["class"]:
            attributes["class"] = "icon theme-switch"
        icon = soup.new_tag("svg", attrs=attributes)
        icon.append(soup.new_tag("path", attrs={"d": ICONS[names.pop()]}))
        place.replace_with(icon)


def keep_together(soup: BeautifulSoup) -> None:
    """Keep a formula and the marks after it on one line: browsers would break between the two."""
    for formula in soup.select("article span.math"):
        after = formula.next_sibling
        if type(after) is NavigableString and (marks := re.match(r"[^\w\s]+", after)):
            if bases := formula.select(".katex-html > .katex-base"):
                # inside a formula lines break, but not behind its last part
                bases[-1].wrap(soup.new_tag("span", attrs={"class": "together"}))
            formula.wrap(soup.new_tag("span", attrs={"class": "together"})).append(marks[0])
            after.replace_with(after[marks.end() :])


def part_formulas(soup: BeautifulSoup) -> None:
    """Let formulas that stand alone break at their wide spaces first.

    A browser fills line after line: on a phone one ended with "m =", and the next had "0".
    """
    for formula in soup.select("article .katex-display .katex-html"):
        for space in formula.select(":scope > .katex-base > .mspace"):
            if not (width := WIDE.get(space.get("style", ""))):
                continue
            base, rest = space.parent, list(space.next_siblings)
            if rest:
                base.insert_after(soup.new_tag("span", attrs={"class": "katex-base"}))
                base.next_sibling.extend([copy(base.select_one(".katex-strut")), *rest])
            blank = {"class": "katex-blank", "style": f"word-spacing:{width - 0.25}em;"}
            base.insert_after(soup.new_tag("span", attrs=blank, string=" "))  # none at a line's end
            space.decompose()
        if formula.select_one(".katex-blank"):
            bases = groupby(list(formula.children), lambda e: "katex-base" in e["class"])
            for part in [list(group) for are_bases, group in bases if are_bases]:
                part[0].wrap(soup.new_tag("span", attrs={"class": "katex-part"})).extend(part[1:])


def mend(html: str) -> str:
    """Return a page of the theme with what it lacks, and without what it does not need."""
    soup = BeautifulSoup(html, "html.parser")
    for selector in UNUSED:
        for found in soup.select(selector):
            found.decompose()
    draw_icons(soup)
    for selector, name in NAMES.items():
        for found in soup.select(selector):
            found["aria-label"] = name
    for found in soup.select(MISNAMED):
        del found["aria-label"]
    for sidebar in soup.select("#pst-primary-sidebar"):
        sidebar["role"] = "navigation"
    keep_together(soup)
    part_formulas(soup)
    for entry in soup.select("div[role=doc-biblioentry]"):
        entry["role"] = "listitem"  # its own role is allowed for other elements only
        for address in entry.select("a.external"):  # breaks at a slash, not before the full stop
            *parts, last = address.get_text().split("/")
            address.clear()
            for part in parts:
                address.extend([f"{part}/", soup.new_tag("wbr")])
            address.append(last)
    for head in soup.select("article th"):
        if not head.get_text(strip=True):  # pandas writes them above the index
            head.name = "td"
    for table in soup.select("article table"):
        table.wrap(soup.new_tag("div", attrs={"class": "table-scroll"}))
    soup.head.find("meta", charset=True).insert_after(policy_for(soup, POLICY))
    return str(soup)


def mend_pages(app: Sphinx) -> None:
    """Let every page that is written be mended."""
    if app.builder.name not in ("html", "singlehtml"):
        return
    render = app.builder.templates.render

    def render_and_mend(template: str, context: dict[str, Any]) -> str:
        text = render(template, context)
        return mend(text) if "<html" in text else text

    app.builder.templates.render = render_and_mend


def add_files(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Give pages with an explorer the styles of its controls."""
    if app.env.nb_metadata.get(page, {}).get("js_files"):
        app.add_css_file("widgets/widgets.css")


def write_front(app: Sphinx, error: Exception | None) -> None:
    """Write the page at the root before sphinx-external-toc writes one without words and policy."""
    if not error and app.builder.name == "html":
        page = FRONT.format(first=f"{app.config.root_doc}.html", title=app.config.html_title)
        (Path(app.outdir) / "index.html").write_text(page, encoding="utf-8")


def leave_out(app: Sphinx, error: Exception | None) -> None:
    """Remove Font Awesome, which no page asks for, the themes' source maps and templates."""
    static = Path(app.outdir) / "_static"
    shutil.rmtree(static / "vendor" / "fontawesome", ignore_errors=True)
    for kind in ("scripts/fontawesome.js*", "**/*.map", "*webpack-macros.html"):
        for unused in static.glob(kind):
            unused.unlink(missing_ok=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register what is done to pages."""
    app.connect("builder-inited", mend_pages)
    app.connect("html-page-context", add_files, priority=400)
    app.connect("build-finished", write_front, priority=400)
    app.connect("build-finished", leave_out)
    return {"version": "1", "parallel_read_safe": True}
