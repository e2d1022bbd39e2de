"""The book as a publication: where it is, what it says of itself, a page for what is not there.

`BOOK_URL` names the address where the book is published, as in
``BOOK_URL=https://name.github.io/autoresearch-book make book``. With it there are a sitemap, a card
for social networks and a page 404.html that works under that address. Nothing else needs it: all
links are relative.
"""

from __future__ import annotations

import datetime
import os
import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config

from ext.cover import draw_card

ADDRESS = os.environ.get("BOOK_URL", "").strip().rstrip("/")
CARD = "_static/card.png"

#: What other sites show of a page, and the letters in the formulas of its first sentences.
DESCRIPTION = re.compile(
    r'(<meta (?:property="og:description"|name="description") content=")([^"]*)'
)
LETTERS = {
    "Pr": "Pr",
    "alpha": "α", "gamma": "γ", "delta": "δ", "theta": "θ", "kappa": "κ", "mu": "μ", "nu": "ν",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "varphi": "φ", "Phi": "Φ", "Theta": "Θ", "star": "*",
    "le": "≤", "ge": "≥", "in": "∈", "to": "→", "approx": "≈", "cdot": "·", "dots": "…",
}  # fmt: skip


#: What the page 404 says.
NOT_FOUND = """\
<h1>Page not found</h1>
<p>No page of the book has this address. All are listed on
<a href="{home}index.html">its first page</a>.</p>
"""


def files(app: Sphinx) -> list[Path]:
    """Return this edition on paper and for e-readers, if `make pdf` and `make epub` made them."""
    return sorted((Path(app.outdir).parent / "publication").glob("*.*"))


def name_publication(app: Sphinx, config: Config) -> None:
    """Put version, date and address into the configuration."""
    from arbook import __version__

    config.version = config.release = __version__
    # the time of the commit (see the Makefile), so that two builds of it are the same
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH", datetime.datetime.now().timestamp()))
    day = datetime.datetime.fromtimestamp(seconds, datetime.UTC).date()
    config.html_context["book_version"] = f"Version {__version__}, {day.isoformat()}"
    config.html_context["book_files"] = [path.name for path in files(app)]
    home = config.notfound_urls_prefix = f"{urlsplit(ADDRESS).path}/"
    config.notfound_context = {"title": "Page not found", "body": NOT_FOUND.format(home=home)}
    if ADDRESS:
        config.html_baseurl = config.ogp_site_url = f"{ADDRESS}/"
        config.ogp_image, config.ogp_image_alt = f"{ADDRESS}/{CARD}", config.html_title
        config.ogp_custom_meta_tags = ['<meta name="twitter:card" content="summary_large_image">']
        config.sitemap_url_scheme = "{link}"
        config.sitemap_excludes = ["404.html", "search.html", "genindex.html"]


def share_handlers(app: Sphinx) -> None:
    """Let the book on one page know all nodes of HTML.

    sphinx-exercise names that builder, and Sphinx then asks nobody else's handlers.
    """
    handlers = app.registry.translation_handlers
    if app.builder.name in handlers:
        handlers[app.builder.name] = {**handlers["html"], **handlers[app.builder.name]}


def say_in_words(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Write formulas as plain text in what other sites show of a page, its first sentences."""
    context["metatags"] = DESCRIPTION.sub(
        lambda match: match[1] + plain(match[2]), context.get("metatags") or ""
    )


def plain(tex: str) -> str:
    """Return text in which formulas are words and letters, also where the last one was cut."""
    tex = re.sub(r"\\\w*\.\.\.$", "...", tex)
    tex = re.sub(r"(?<=[\w,;:.)])(?=\\[A-Za-z])", " ", tex)  # the extension takes \ for a full stop
    tex = re.sub(r"\\(?:mathbb|mathcal|mathrm|text|operatorname)\b", "", tex)
    for command, letter in LETTERS.items():
        tex = re.sub(rf"\\{command}(?![A-Za-z])", letter, tex)
    tex = re.sub(r"\\(?:[A-Za-z]+|.)", " ", tex)
    tex = tex.replace("_0", "₀").replace("_t", "ₜ").translate(str.maketrans("", "", "{}_^$"))
    return " ".join(tex.split())


def copy_files(app: Sphinx, error: Exception | None) -> None:
    """Put the book for paper and for e-readers beside its pages, and what GitHub Pages asks for."""
    if not error and app.builder.name == "html":
        for path in files(app):
            shutil.copyfile(path, Path(app.outdir) / path.name)
        (Path(app.outdir) / ".nojekyll").touch()  # folders that begin with _ are the book's too


def write_card(app: Sphinx, error: Exception | None) -> None:
    """Draw what social networks show beside a link."""
    if not error and ADDRESS and app.builder.name == "html":
        (Path(app.outdir) / CARD).write_bytes(draw_card(app.config.project))


def setup(app: Sphinx) -> dict[str, Any]:
    """Load what makes the parts, and register the rest."""
    for extension in ("notfound.extension", "sphinxext.opengraph"):
        app.setup_extension(extension)
    if ADDRESS:
        app.setup_extension("sphinx_sitemap")
    app.connect("config-inited", name_publication, priority=100)
    app.connect("builder-inited", share_handlers)
    app.connect("html-page-context", say_in_words, priority=600)  # after sphinxext.opengraph
    app.connect("build-finished", copy_files)
    app.connect("build-finished", write_card)
    return {"version": "1", "parallel_read_safe": True}
