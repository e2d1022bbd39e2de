"""Stands in for the book's own directives where a plain Jupyter Book is built."""

from typing import Any

from docutils import nodes
from docutils.parsers.rst.directives.admonitions import Admonition
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from ext.laws import LawDirective


class Law(Admonition):
    """A law as a box with a title, without its other parts."""

    option_spec = LawDirective.option_spec

    def run(self) -> list[nodes.Node]:
        """Return the box."""
        self.options = {"class": ["law"]}
        return super().run()


class Laws(SphinxDirective):
    """The list of laws, left out."""

    def run(self) -> list[nodes.Node]:
        """Return nothing."""
        return []


class Quiz(SphinxDirective):
    """A quiz as its question and a list."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return what the directive holds."""
        return self.parse_content_to_nodes()


def setup(app: Sphinx) -> dict[str, Any]:
    """Register both."""
    app.add_directive("law", Law)
    app.add_directive("laws", Laws)
    app.add_directive("quiz", Quiz)
    return {"version": "1", "parallel_read_safe": True}
