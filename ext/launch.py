"""Buttons that open a chapter on Binder and on Colab, once `book_repository` has an address.

Binder makes an environment from the repository (``.binder/``) and opens the chapter itself, which
is Markdown. Colab opens notebooks only, and only from GitHub, so the build writes them to
``colab/``, each with a cell that installs the package; publishing pushes that folder to `BRANCH`.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

import nbformat
from sphinx.application import Sphinx
from sphinx.errors import ConfigError

from ext.notebooks import is_chapter

#: The branch with the notebooks, which .github/workflows/pages.yml pushes.
BRANCH = "colab"

INSTALL = """\
import sys

try:
    import arbook
except ImportError:
    %pip install --quiet "arbook @ git+{url}@{branch}"
if "google.colab" in sys.modules:  # the sliders
    from google.colab import output

    output.enable_custom_widget_manager()"""


def repository(app: Sphinx) -> tuple[str, str]:
    """Return address and branch of the book's repository; ("", ...) if it has no address."""
    url = app.config.book_repository.strip().rstrip("/").removesuffix(".git")
    if url and not re.fullmatch(r"https://[\w.-]+(/[\w.-]+){2,}", url):
        raise ConfigError(
            "book_repository in _config.yml must be an address such as "
            f"https://github.com/owner/name, got {url!r}"
        )
    return url, app.config.book_branch


def links(url: str, branch: str, page: str) -> list[tuple[str, str]]:
    """Return the names and addresses of a chapter's buttons."""
    host, path = url.removeprefix("https://").split("/", 1)
    services = {"github.com": f"gh/{path}", "gitlab.com": f"gl/{quote(path, safe='')}"}
    service = services.get(host, f"git/{quote(url, safe='')}")
    place = quote(f"lab/tree/{page}.md", safe="")
    found = [("Binder", f"https://mybinder.org/v2/{service}/{branch}?urlpath={place}")]
    if host == "github.com":
        file = f"{PurePosixPath(page).name}.ipynb"
        colab = f"https://colab.research.google.com/github/{path}/blob/{BRANCH}/{file}"
        found.append(("Colab", colab))
    return found


def add_buttons(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Tell the template what the buttons are."""
    url, branch = repository(app)
    if url and is_chapter(app.env, page):
        context["launch"] = links(url, branch, page)


def write_notebooks(app: Sphinx, error: Exception | None) -> None:
    """Write the notebooks that the buttons open: the downloads, which install the package."""
    url, branch = repository(app)
    if error or not url or app.builder.name != "html":
        return
    folder = Path(app.outdir) / "colab"
    folder.mkdir(exist_ok=True)
    for path in sorted((Path(app.outdir) / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        cell = nbformat.v4.new_code_cell(INSTALL.format(url=url, branch=branch), id="install")
        notebook.cells.insert(1, cell)
        nbformat.write(notebook, folder / path.name)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the buttons."""
    app.add_config_value("book_repository", "", "html", [str])
    app.add_config_value("book_branch", "main", "html", [str])
    app.connect("html-page-context", add_buttons)
    app.connect("build-finished", write_notebooks, priority=700)  # the downloads are there
    return {"version": "1", "parallel_read_safe": True}
