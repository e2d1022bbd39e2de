"""The book for e-readers: formulas as MathML, stills in place of explorers, no scripts, a cover."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.math import get_node_equation_number

from ext.cover import draw_cover
from ext.node import Program

MATHML = Path(__file__).resolve().parent.parent / "assets" / "mathml.mjs"


mathjax = Program(MATHML)


def mathml(tex: str, display: bool) -> str:
    """Return a formula as MathML."""
    answer = str(mathjax.ask({"tex": tex, "display": display})["mathml"])
    if "<merror" in answer:
        raise ValueError(f"MathJax cannot read {tex}")
    return answer


def visit_inline(self: Any, node: nodes.math) -> None:
    """Write a formula in a line."""
    self.body.append(mathml(node.astext(), display=False))
    raise nodes.SkipNode


def visit_block(self: Any, node: nodes.math_block) -> None:
    """Write a formula that stands alone, with its number."""
    self.body.append(self.starttag(node, "div", CLASS="math"))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})</span>')
    self.body.append(mathml(node.astext(), display=True))
    self.body.append("</div>\n")
    raise nodes.SkipNode


def is_epub(app: Sphinx) -> bool:
    """Return whether the book is made for e-readers."""
    return app.builder.name == "epub"


def prepare(app: Sphinx) -> None:
    """Choose MathML, draw the cover, and leave the front end's parts at home."""
    if is_epub(app):
        app.config.html_math_renderer = "mathml"
        folder = Path(app.doctreedir) / "cover"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "cover.png").write_bytes(draw_cover("png"))
        app.config.html_static_path = [str(folder)]
        app.config.epub_cover = ("_static/cover.png", "epub-cover.html")


def leave_out_scripts(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Remove the explorers, whose stills stay."""
    if not is_epub(app):
        return
    for raw in list(doctree.findall(nodes.raw)):
        soup = BeautifulSoup(raw.astext(), "html.parser")  # writes XHTML: every tag is closed
        for script in soup.select("script"):
            script.decompose()
        raw.replace_self(nodes.raw("", str(soup), format=raw["format"]))


def leave_out_files(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Ask for no script."""
    if is_epub(app):
        context["script_files"] = []


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer and what is left out."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    app.connect("builder-inited", prepare)
    app.connect("doctree-resolved", leave_out_scripts)
    app.connect("html-page-context", leave_out_files, priority=900)
    app.connect("build-finished", mathjax.stop)
    return {"version": "1", "parallel_read_safe": True}
