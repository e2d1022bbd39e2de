"""Explorers as numbered figures with a still picture; their code, once on a page.

A code cell with ``explorer: {name: fig-x, caption: ...}`` in its metadata becomes a figure with a
number, a caption and a label. Its still is for readers without JavaScript, for paper and for
e-readers: the explorer's own view, run by Node.js, draws it and says what it shows. No picture of
the book is without words.
"""

from __future__ import annotations

import json
import posixpath
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import matplotlib as mpl
import myst_nb.sphinx_
from docutils import nodes
from matplotlib.ft2font import FT2Font, LoadFlags
from myst_nb.core.render import (
    WIDGET_STATE_MIMETYPE,
    WIDGET_VIEW_MIMETYPE,
    create_figure_context,
    sanitize_script_content,
)
from sphinx.application import Sphinx
from sphinx.util import logging

from arbook.widgets import Explorer
from arbook.widgets._modules import module_source, modules_of
from ext.node import Program

logger = logging.getLogger(__name__)
program = Program(Path(__file__).with_name("stills.mjs"))


@cache
def widths() -> dict[str, float]:
    """Return the advance widths of characters, in units of the font's size.

    Of DejaVu Sans, as wide a font as "sans-serif" may be: what has room in it has room everywhere.
    """
    font = FT2Font(str(Path(mpl.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")))
    signs = [code for code in font.get_charmap() if code < 0x2300]  # letters, digits, mathematics
    wide = [font.load_char(code, LoadFlags.NO_SCALE).horiAdvance for code in signs]
    return {chr(code): round(w / font.units_per_EM, 3) for code, w in zip(signs, wide, strict=True)}


def draw(state: dict[str, Any]) -> dict[str, Any]:
    """Return the still of a widget's state: ``svg``, ``width``, ``height`` and ``sentence``."""
    drawn = program.ask({"state": state, "widths": widths()})
    if "error" in drawn:
        raise RuntimeError(f"no still of {state['_spec']['name']}: {drawn['error']}")
    return drawn


class Still(nodes.image):
    """A still in the document, which the explorer finds and takes the place of."""


def visit_still(self: Any, node: Still) -> None:
    """Write a still with its size, so that nothing moves when it is there."""
    file = quote(self.builder.images[node["uri"]])
    size = {name: node[name] for name in ("alt", "width", "height")}
    where = posixpath.join(self.builder.imgpath, file)
    tag = self.emptytag(node, "img", "\n", CLASS="arbook-still", src=where, loading="lazy", **size)
    self.body.append(tag)
    raise nodes.SkipNode


class NotebookRenderer(myst_nb.sphinx_.SphinxNbRenderer):
    """MyST-NB's renderer, taught to make a figure of all outputs of a cell."""

    def _render_nb_cell_code_outputs(self, token: Any, outputs: list[Any]) -> None:
        figure = token.meta["metadata"].get("explorer")
        if figure is None:
            super()._render_nb_cell_code_outputs(token, outputs)
            return
        line = token.map[0] if token.map else 0
        with create_figure_context(self, {**figure, "classes": "explorer"}, line):
            for output in outputs:
                if WIDGET_VIEW_MIMETYPE in output.get("data", {}):
                    self._add_still(output["data"][WIDGET_VIEW_MIMETYPE]["model_id"], figure)
            super()._render_nb_cell_code_outputs(token, outputs)

    def _add_still(self, model: str, figure: dict[str, Any]) -> None:
        widgets = self.nb_client.nb_metadata["widgets"][WIDGET_STATE_MIMETYPE]["state"]
        drawn = draw(widgets[model]["state"])
        uri = self.nb_renderer.write_file(
            [f"{figure['name']}.svg"], drawn["svg"].encode(), overwrite=True
        )
        size = {name: drawn[name] for name in ("width", "height")}
        # without its class Sphinx would make it a link, which has no name
        classes = ["no-scaled-link"]
        self.current_node.append(Still(uri=uri, alt=drawn["sentence"], classes=classes, **size))


@cache
def parts_of() -> dict[str, dict[str, str]]:
    """Return what the text of each explorer's module and style sheet is made of, by name."""
    known = {}
    for cls in Explorer.__subclasses__():
        known[cls._esm] = {name: module_source(name) for name in modules_of(cls.view)}
        known[cls._css] = {"explorers.css": cls._css}
    return known


def shared(saved: dict[str, Any]) -> dict[str, Any]:
    """Return the state of a page's widgets with each module and style sheet of explorers once.

    They are in `parts` by name; in each explorer the names of its own stand in the place of their
    text, which assets/widgets.js puts together again.
    """
    parts: dict[str, str] = {}
    for model in saved["state"].values():
        state = model["state"]
        for text in ("_esm", "_css"):
            own = parts_of().get(state.get(text))
            if own:
                state[text] = list(own)
                parts |= own
    return {**saved, "parts": parts}


def share_modules(app: Sphinx, doctree: nodes.document) -> None:
    """Let the page that was read have its explorers' code once."""
    files = app.env.nb_metadata.get(app.env.docname, {}).get("js_files", {})
    if "ipywidgets_state" in files:
        place, script = files["ipywidgets_state"]
        body = sanitize_script_content(json.dumps(shared(json.loads(script["body"]))))
        files["ipywidgets_state"] = place, {**script, "body": body}


def check_pictures(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Warn of a picture without alternative text, and of a figure without a caption."""
    for image in doctree.findall(nodes.image):
        text = image.get("alt", "").strip()
        if not text or Path(image["uri"]).stem in text:
            logger.warning("picture without alternative text: %s", image["uri"], location=image)
    for raw in doctree.findall(nodes.raw):
        for tag in re.findall(r"<img\b[^>]*>", raw.astext()):
            if not re.search(r'\balt="[^"]+"', tag):
                logger.warning("picture without alternative text: %.80s", tag, location=raw)
    for figure in doctree.findall(nodes.figure):
        if not list(figure.findall(nodes.caption)):
            logger.warning("figure without a caption", location=figure)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer, the stills, the sharing and the check."""
    myst_nb.sphinx_.SphinxNbRenderer = NotebookRenderer
    app.add_node(Still, html=(visit_still, None))
    app.connect("doctree-read", share_modules, priority=900)  # when MyST-NB has the state
    app.connect("doctree-resolved", check_pictures)
    app.connect("build-finished", program.stop)
    return {"version": "1", "parallel_read_safe": True}
