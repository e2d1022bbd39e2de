"""The built book, a server for it, and a Chromium to read it with: for all tests in a browser."""

import contextlib
import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    sync_playwright,
)

from arbook import widgets

ROOT = Path(__file__).parents[1]
HTML = ROOT / "_build" / "html"

#: The classes of all explorers by their name in the page.
EXPLORERS = {
    found.name: found
    for found in vars(widgets).values()
    if isinstance(found, type)
    and issubclass(found, widgets.Explorer)
    and found is not widgets.Explorer
}


@functools.cache
def page_names() -> tuple[str, ...]:
    """Return the book's pages in order, such as "chapters/04-frontier"."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    chapters = [page for part in toc["parts"] for page in part["chapters"]]
    return (toc["root"], *(p["file"] for c in chapters for p in (c, *c.get("sections", ()))))


@functools.cache
def page_of(explorer: str) -> str:
    """Return the page that shows an explorer."""
    call = re.compile(rf"^{EXPLORERS[explorer].__name__}\(", re.M)
    return next(
        name
        for name in page_names()
        if call.search((ROOT / f"{name}.md").read_text(encoding="utf-8"))
    )


def built() -> Path:
    """Return the folder of the built book; build it first if it is not there."""
    if not (HTML / "index.html").exists():
        # with what is installed: no test changes the environment that runs it
        subprocess.run(["make", "-o", ".venv/ready", "build"], cwd=ROOT, check=True)
    return HTML


def build_part(
    folder: Path,
    toc: dict[str, Any],
    *builder: str,
    settings: dict[str, Any] | None = None,
    execute: str = "cache",
    **environment: str,
) -> Path:
    """Build some pages of the book into a folder of their own; gives its `_build`.

    `settings` go to Sphinx; the outputs of cells come from the book's own cache, or with
    ``execute="force"`` from a new run.
    """
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    config["sphinx"]["local_extensions"] = {"ext.laws": str(ROOT)}  # beside the config
    config["sphinx"]["config"] |= settings or {}
    config["execute"]["execute_notebooks"] = execute
    for name, content in (("config", config), ("toc", {"format": "jb-book", **toc})):
        text = yaml.safe_dump(content, allow_unicode=True)
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    places = ["--config", folder / "config.yml", "--toc", folder / "toc.yml"]
    program = Path(sys.executable).with_name("jupyter-book")
    done = subprocess.run(
        [program, "build", ROOT, *places, "--path-output", folder, "-q", *builder],
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return folder / "_build"


class _Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextlib.contextmanager
def server(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; gives the address."""
    handler = functools.partial(_Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.server_address[1]}"
        finally:
            running.shutdown()
            thread.join()


#: Chromium without a user interface: the same pages, at half of the processor's time.
SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def _installed(names: tuple[str, ...]) -> str | None:
    places = [os.environ.get("ARBOOK_CHROMIUM"), *map(shutil.which, names)]
    places.append("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    return next((place for place in places if place and Path(place).exists()), None)


@contextlib.contextmanager
def chromium(*, whole: bool = False) -> Iterator[Browser]:
    """Start an installed Chrome or Chromium, or install Playwright's; skip if there is none.

    Its shell will do, unless the whole browser is wanted.
    """
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    args = ["--no-sandbox"] if root else []  # Chromium's own rule for root
    with sync_playwright() as playwright:
        if place := _installed(BROWSERS if whole else SHELLS + BROWSERS):
            browser = playwright.chromium.launch(executable_path=place, args=args)
        else:
            install = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
            subprocess.run(install, check=False, capture_output=True, timeout=600)
            try:
                browser = playwright.chromium.launch(args=args)
            except Error:
                pytest.skip("no Chrome or Chromium, and none could be installed")
        yield browser
        browser.close()


class Visit:
    """A page, and everything that went wrong or was asked for while it was open."""

    #: Tells the test of what the content security policy forbade.
    WATCH = """addEventListener("securitypolicyviolation",
      (event) => console.error("policy: " + event.violatedDirective + " " + event.blockedURI))"""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.bodies: dict[str, Request] = {}  # what arrived, by address
        page.add_init_script(self.WATCH)
        page.on("pageerror", lambda error: self.errors.append(f"error: {error}"))
        page.on("console", self._console)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("requestfinished", lambda sent: self.bodies.setdefault(sent.url, sent))
        page.on("requestfailed", lambda request: self.errors.append(f"failed: {request.url}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.errors.append(f"{response.status}: {response.url}")

    def settle(self) -> None:
        """Wait until fonts are there, and explorers are drawn."""
        self.page.wait_for_load_state("load")
        self.page.evaluate("() => document.fonts.ready.then(() => null)")
        states = "script[type='application/vnd.jupyter.widget-view+json']"
        expected = self.page.locator(states).count()
        self.page.wait_for_function(
            "n => document.querySelectorAll('.arbook-explorer[data-ready]').length >= n",
            arg=expected,
        )

    def foreign(self) -> list[str]:
        """Return the requests that left the site."""
        local = (self.base, "data:", "blob:")
        return [url for url in self.requests if not url.startswith(local)]


@contextlib.contextmanager
def opening(
    browser: Browser, base: str, place: str, *, settle: bool = True, **options
) -> Iterator[Visit]:
    """Open a page of the book, such as "intro.html", and wait until it is complete."""
    options = {"viewport": {"width": 1280, "height": 900}, **options}
    with browser.new_context(**options) as context:
        context.set_default_timeout(20_000)
        seen = Visit(context.new_page(), base)
        seen.page.goto(f"{base}/{place}")
        if settle:
            seen.settle()
        yield seen
