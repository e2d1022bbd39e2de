"""The API reference: many docstrings on one page, and names that are documented elsewhere."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode


def plain_references(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]
) -> None:
    """Turn ``.. [1]`` into a list item: a page can't have two footnotes of one name."""
    for number, line in enumerate(lines):
        line = re.sub(r"^(\s*)\.\. (\[\d+\]) ", r"\1*  \2 ", line)
        lines[number] = re.sub(r"(\[\d+\])_", r"\1", line)


def find_by_last_name(
    app: Sphinx, env: BuildEnvironment, node: nodes.Element, words: nodes.TextElement
) -> nodes.reference | None:
    """Resolve ``arbook.logs.fit``, which is documented where readers import it from."""
    target = node.get("reftarget", "")
    if node.get("refdomain") == "py" and target.startswith("arbook."):
        last = target.rpartition(".")[2]
        for name, found in env.get_domain("py").objects.items():
            if re.fullmatch(rf"arbook\.[\w.]+\.{last}", name):
                return make_refnode(
                    app.builder, node["refdoc"], found.docname, found.node_id, words, name
                )
    return None


def own_nodes(app: Sphinx, doctree: nodes.document) -> None:
    """Make the page the document of all its nodes.

    What MyST parsed as reStructuredText keeps the document of that parser, with settings that hold
    Sphinx's whole environment: 7 MB, stored with the page and read whenever the page is looked at.
    """
    for node in doctree.findall():
        node.document = doctree


def setup(app: Sphinx) -> dict[str, Any]:
    """Register all three; the docstring is changed before napoleon sees it."""
    app.connect("autodoc-process-docstring", plain_references, priority=100)
    app.connect("missing-reference", find_by_last_name)
    app.connect("doctree-read", own_nodes)
    return {"version": "1", "parallel_read_safe": True}
