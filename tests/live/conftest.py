"""The built book below /autoresearch-book/, and Pyodide's server played by a folder."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pages
import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

sys.path.insert(0, str(pages.ROOT / "live"))
import get_pyodide

expect.set_options(timeout=60_000)

PYODIDE = pages.ROOT / "_build" / "pyodide"
CDN = get_pyodide.SETTINGS["cdn"]
TYPES = {".wasm": "application/wasm", ".js": "text/javascript", ".json": "application/json"}

#: As in Safari: Python cannot wait for JavaScript in the middle of a function.
NO_JSPI = "for (const name of ['Suspending', 'promising', 'Suspender', 'SuspendError'])\n"
NO_JSPI += "  delete WebAssembly[name];\n"


@pytest.fixture(scope="session")
def pyodide() -> Path:
    """Return the folder of Pyodide, every file checked; no test is skipped if it cannot be had."""
    get_pyodide.get(PYODIDE)
    return PYODIDE


@pytest.fixture(scope="session")
def site() -> Path:
    return pages.built()


@pytest.fixture(scope="session")
def base(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the book as a part of a site, as GitHub Pages does."""
    root = tmp_path_factory.mktemp("server")
    (root / "autoresearch-book").symlink_to(site)
    with pages.server(root) as address:
        yield f"{address}/autoresearch-book"


class Cdn:
    """Pyodide's server, answered from the folder, and what the site has of Pyodide."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.jspi, self.bytes = folder, True, 0
        self.answers: Callable[[Route], object] | None = None
        self.altered = ""  # the package that is not what it was when the book was built

    def core(self, route: Route) -> None:
        """Answer for the site."""
        self.answer(route, pages.HTML / "pyodide")

    def __call__(self, route: Route) -> None:
        if self.answers is not None:
            self.answers(route)
            return
        self.answer(route, self.folder)

    def answer(self, route: Route, folder: Path) -> None:
        """Answer with a file, and count its bytes."""
        file = folder / route.request.url.rsplit("/", 1)[1]
        body = file.read_bytes()
        self.bytes += len(body)
        if file.name == "pyodide.js" and not self.jspi:
            body = NO_JSPI.encode() + body
        if self.altered and file.name.startswith(self.altered):
            body = body[:-1] + bytes([body[-1] ^ 1])
        headers = {"Access-Control-Allow-Origin": "*"}
        kind = TYPES.get(file.suffix, "application/octet-stream")
        route.fulfill(body=body, content_type=kind, headers=headers)


@pytest.fixture
def cdn(pyodide: Path) -> Cdn:
    return Cdn(pyodide)


@pytest.fixture
def context(browser: Browser, base: str, cdn: Cdn) -> Iterator[BrowserContext]:
    """One reader, for whom there are two servers: this site's and Pyodide's."""
    options: dict[str, Any] = {"viewport": {"width": 1280, "height": 1000}}
    with browser.new_context(**options, accept_downloads=True) as opened:
        host = base.rsplit("/", 1)[0]
        opened.route(lambda url: not url.startswith(host), lambda route: route.abort())
        opened.route(f"{CDN}**", cdn)
        opened.route(f"{base}/pyodide/**", cdn.core)
        opened.set_default_timeout(90_000)
        yield opened
