"""The book for e-readers: formulas as MathML, stills in place of explorers, no scripts, a cover."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder

from ext.cover import draw_cover

ASSETS = Path(__file__).parents[1] / "assets"
#: The style sheets of its pages.
STYLES = ("_static/pygments.css", "_static/reader.css")


def is_epub(app: Sphinx) -> bool:
    """Return whether the book is made for e-readers."""
    return app.builder.name == "epub"


def prepare(app: Sphinx) -> None:
    """Draw the cover, take the readers' style sheet, and leave the front end's parts at home."""
    if is_epub(app):
        folder = Path(app.doctreedir) / "cover"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "cover.png").write_bytes(draw_cover("png"))
        (folder / "reader.css").write_bytes((ASSETS / "reader.css").read_bytes())
        app.config.html_static_path = [str(folder)]
        app.add_css_file("reader.css")
        app.config.epub_cover = ("_static/cover.png", "epub-cover.html")
        # of the last build: the cover, made anew, and Jupyter Book's way to the first page
        app.config.epub_exclude_files = ["epub-cover.xhtml", "index.html"]


def leave_out_scripts(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Remove the explorers, whose stills stay, and tables' own styles."""
    if not is_epub(app):
        return
    for raw in list(doctree.findall(nodes.raw)):
        soup = BeautifulSoup(raw.astext(), "html.parser")  # writes XHTML: every tag is closed
        for gone in soup.select("script, style, a[href*='lite/']"):  # the last is in the site only
            gone.decompose()
        raw.replace_self(nodes.raw("", str(soup), format=raw["format"]))


def leave_out_files(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Ask for no script, and for the styles that are there."""
    if is_epub(app):
        context["script_files"] = []
        styles = context["css_files"]
        context["css_files"] = [style for style in styles if str(style.filename) in STYLES]


class Builder(Epub3Builder):
    """Sphinx's builder, and the list of its pages says which of them have formulas."""

    def copy_image_files(self) -> None:
        """Copy the pictures, of which Matplotlib's name a file elsewhere and have empty paths."""
        super().copy_image_files()
        for file in (Path(self.outdir) / self.imagedir).glob("*.svg"):
            text = re.sub(r"<!DOCTYPE[^>]*>", "", file.read_text(encoding="utf-8"), count=1)
            text = re.sub(r"<path(?![^>]* d=)", '<path d=""', text)
            file.write_text(text, encoding="utf-8")

    def build_content(self) -> None:
        """Write the list, without styles that no page asks for: those of MyST-NB are nested."""
        sheets = {f"_static/{file.name}" for file in Path(self.outdir, "_static").glob("*.css")}
        self.config.epub_exclude_files += sorted(sheets - {*STYLES})
        super().build_content()
        file = Path(self.outdir) / "content.opf"

        def say(item: re.Match[str]) -> str:
            page = Path(self.outdir) / item[1]
            return item[0] + ' properties="mathml"' * ("<math" in page.read_text(encoding="utf-8"))

        text = file.read_text(encoding="utf-8")
        text = re.sub(r'<item [^>]*href="([^"]+xhtml)"(?! [^>]*properties)', say, text)
        file.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the builder and what is left out."""
    app.setup_extension("sphinx.builders.epub3")
    app.add_builder(Builder, override=True)
    app.connect("builder-inited", prepare)
    app.connect("doctree-resolved", leave_out_scripts)
    app.connect("html-page-context", leave_out_files, priority=900)
    return {"version": "1", "parallel_read_safe": True}
