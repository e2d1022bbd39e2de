"""The status page: how long each chapter took to run, and how large its page is.

``{status}`` makes the table. What is measured is filled in when all pages are written: sizes are
known then, and times, which no two builds share, stay out of the search index.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

HEAD = ("page", "cells", "words", "seconds to run", "kB of text, gzipped", "kB of pictures")
MEASURED = HEAD.index("seconds to run")  # from here on: written into the page at the end
WAITING = "measured-"


class status_table(nodes.General, nodes.Element):
    """The place of the table."""


class StatusDirective(SphinxDirective):
    """The table."""

    def run(self) -> list[nodes.Node]:
        """Return its place."""
        return [status_table()]


def row(cells: list[nodes.Node]) -> nodes.row:
    """Return a row of a table."""
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells))


def fill_in(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Make the table of all pages with code."""
    env = app.env
    for place in list(doctree.findall(status_table)):
        head = HEAD if app.builder.name == "html" else HEAD[:MEASURED]
        group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in head), cols=len(head))
        group += nodes.thead("", row([nodes.Text(title) for title in head]))
        body = nodes.tbody()
        for page in env.toctree_includes.get(env.config.root_doc, []):
            run = env.nb_metadata.get(page, {}).get("exec_data")
            if run is None:
                continue
            tree = env.get_doctree(page)
            title = nodes.Text(env.titles[page].astext())
            link = make_refnode(app.builder, docname, page, None, title)
            texts = [
                str(sum("cell" in box["classes"] for box in tree.findall(nodes.container))),
                f"{len(tree.astext().split()):,}",
                *(f"{WAITING}{what}:{page}" for what in ("seconds", "text", "pictures")),
            ]
            body += row([link, *map(nodes.Text, texts[: len(head) - 1])])
        group += body
        table = nodes.table("", group, classes=["status"])
        place.replace_self(table)


def fill_in_measures(app: Sphinx, error: Exception | None) -> None:
    """Write what was measured into the page, once all pages are there."""
    if error or app.builder.name != "html":
        return
    folder = Path(app.outdir)

    def measured(found: re.Match[str]) -> str:
        if found[1] == "seconds":
            return f"{app.env.nb_metadata[found[2]]['exec_data']['runtime']:.1f}"
        page = folder / f"{found[2]}.html"
        html = page.read_bytes()
        if found[1] == "text":
            return f"{len(gzip.compress(html, 9, mtime=0)) / 1000:.0f}"
        pictures = set(re.findall(rb'src="([^"]+\.(?:png|svg))"', html))
        sizes = [(page.parent / name.decode()).stat().st_size for name in pictures]
        return f"{sum(sizes) / 1000:.0f}"

    for page in folder.rglob("status.html"):
        text = page.read_text(encoding="utf-8")
        text = re.sub(rf"{WAITING}(seconds|text|pictures):([\w/-]+)", measured, text)
        page.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the table."""
    app.add_node(status_table)
    app.add_directive("status", StatusDirective)
    app.connect("doctree-resolved", fill_in, priority=400)
    app.connect("build-finished", fill_in_measures)
    return {"version": "1", "parallel_read_safe": True}
