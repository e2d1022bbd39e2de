"""The two buttons of a chapter: "Run here" and "Notebook", and the code that "Run here" runs.

What they lead to is added to the built book by live/build.py.
"""

from __future__ import annotations

import json
import os
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import jupytext
from sphinx.application import Sphinx
from sphinx.config import Config

from ext.notebooks import is_chapter

SETTINGS = json.loads(
    (Path(__file__).parent.parent / "live" / "pyodide.json").read_text(encoding="utf-8")
)

BAR = """
<div class="live-bar" data-name="{name}">
<button type="button" class="live-button" data-live-start>Run here</button>
<a class="live-button" href="{notebook}">Notebook</a>
<span>Python in your browser: change the code and run it. The first time this loads about
{here} MB ({there} MB for the notebook) from {source}; nothing is loaded before you ask.</span>
<progress hidden aria-label="Loading Python"></progress>
<p role="status"></p>
</div>
"""


def cells(source: Path) -> list[dict[str, Any]]:
    """Return the code cells of a chapter, and whether the page shows them."""
    notebook = jupytext.read(source, fmt="md:myst")
    return [
        {"code": cell.source, "hidden": "remove-cell" in cell.metadata.get("tags", ())}
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def add_bar(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Put the buttons below a chapter's title; on the first page below that of a section."""
    if app.builder.name != "html" or not is_chapter(app.env, page):
        return
    name = PurePosixPath(page).name
    bar = BAR.format(
        name=name,
        notebook=context["pathto"](f"lite/{name}.html", resource=True),
        here=SETTINGS["megabytes"]["page"],
        there=SETTINGS["megabytes"]["notebook"],
        source=app.config.arbook_pyodide,
    )
    title = "</h2>" if page == app.config.root_doc else "</h1>"
    context["body"] = context["body"].replace(title, title + bar, 1)


def write_cells(app: Sphinx, error: Exception | None) -> None:
    """Write the code beside the notebooks."""
    if error or app.builder.name != "html":
        return
    for page in filter(lambda name: is_chapter(app.env, name), app.env.found_docs):
        file = Path(app.outdir) / "notebooks" / f"{PurePosixPath(page).name}.json"
        text = json.dumps(cells(Path(app.env.doc2path(page))), ensure_ascii=False)
        file.write_text(text, encoding="utf-8")


def name_source(app: Sphinx, config: Config) -> None:
    """Say where Pyodide comes from: its public server or, with PYODIDE=local, this site."""
    local = os.environ.get("PYODIDE") == "local"
    config.arbook_pyodide = "this site" if local else urlsplit(SETTINGS["cdn"]).netloc


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the buttons."""
    app.add_config_value("arbook_pyodide", "", "html")
    app.connect("config-inited", name_source)
    app.connect("html-page-context", add_bar)
    app.connect("build-finished", write_cells, priority=600)
    return {"version": "1", "parallel_read_safe": True}
