"""Explorers as numbered figures, and no picture without words.

A code cell with ``explorer: {name: fig-x, caption: ...}`` in its metadata becomes a figure: the
still picture and the explorer that takes its place, with a number, a caption and a label.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import myst_nb.sphinx_
from docutils import nodes
from myst_nb.core.render import create_figure_context
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)


class NotebookRenderer(myst_nb.sphinx_.SphinxNbRenderer):
    """MyST-NB's renderer, taught to make a figure of all outputs of a cell."""

    def _render_nb_cell_code_outputs(self, token: Any, outputs: list[Any]) -> None:
        figure = token.meta["metadata"].get("explorer")
        if figure is not None:
            figure = {**figure, "classes": "explorer"}
        with create_figure_context(self, figure, token.map[0] if token.map else 0):
            super()._render_nb_cell_code_outputs(token, outputs)


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
    """Register the renderer and the check."""
    myst_nb.sphinx_.SphinxNbRenderer = NotebookRenderer
    app.connect("doctree-resolved", check_pictures)
    return {"version": "1", "parallel_read_safe": True}
