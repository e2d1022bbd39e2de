"""The book in a browser: one server and one Chromium for all tests here."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import explorers
import pages
import pytest
from pages import Visit
from playwright.sync_api import Browser

sys.path.insert(0, str(pages.ROOT / "live"))


@pytest.fixture(scope="session")
def site() -> Path:
    return pages.built()


@pytest.fixture(scope="session")
def base(site: Path) -> Iterator[str]:
    with pages.server(site) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, base: str) -> Iterator:
    """Return a function that opens a page, until the test ends: see `pages.opening`."""
    with contextlib.ExitStack() as opened:

        def open_page(place: str, *, address: str | None = None, **options) -> Visit:
            return opened.enter_context(pages.opening(browser, address or base, place, **options))

        yield open_page


@pytest.fixture(scope="module")
def opened(browser: Browser, base: str, request: pytest.FixtureRequest) -> Iterator:
    """Open the page of an explorer once for a module's tests, which may say how in `PAGE`."""
    how = getattr(request.module, "PAGE", {})
    with explorers.opening(browser, base, request.param, **how) as explorer:
        yield explorer


@pytest.fixture(autouse=True)
def reopened(request: pytest.FixtureRequest) -> None:
    """Open a module's page anew for a test that is tried once more."""
    if getattr(request.node, "execution_count", 1) > 1 and "opened" in request.fixturenames:
        request.getfixturevalue("opened").reopen()


@pytest.fixture
def explorer(opened: explorers.Drawn) -> Iterator:
    """Return an explorer that asks."""
    opened.click("[data-act=reset]")
    yield opened
    assert opened.visit.errors == []
