"""Formulas, typeset by KaTeX when the book is built: no page waits for a script to show them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.math import get_node_equation_number

from ext.node import Program

katex = Program(Path(__file__).resolve().parent.parent / "assets" / "katex.mjs")


@cache
def typeset(tex: str, *, display: bool, output: str) -> str:
    """Return a formula as HTML with MathML, or as MathML alone."""
    answer = katex.ask({"tex": tex, "display": display, "output": output})
    if "error" in answer:
        raise ValueError(f"KaTeX cannot read {tex}: {answer['error']}")
    return str(answer["html"])


def output_of(translator: Any) -> str:
    """Return what a builder's pages get; e-readers know MathML, and KaTeX's styles hardly."""
    return "mathml" if translator.builder.name == "epub" else "htmlAndMathml"


def visit_inline(self: Any, node: nodes.math) -> None:
    """Write a formula in a line."""
    html = typeset(node.astext(), display=False, output=output_of(self))
    self.body.append(self.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    self.body.append(f"{html}</span>")
    raise nodes.SkipNode


def visit_block(self: Any, node: nodes.math_block) -> None:
    """Write a formula that stands alone, with its number."""
    self.body.append(self.starttag(node, "div", "", CLASS="math notranslate nohighlight"))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append(typeset(node.astext(), display=True, output=output_of(self)))
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer."""
    app.add_html_math_renderer("katex", (visit_inline, None), (visit_block, None))
    app.connect("build-finished", katex.stop)
    return {"version": "1", "parallel_read_safe": True}
