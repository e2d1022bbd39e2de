"""The book in a browser: one server and one Chromium for all tests here."""

import contextlib
import sys
from collections.abc import Callable, Iterator
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


@pytest.fixture(scope="session")
def kept_page(browser: Browser, base: str, site: Path) -> Iterator[Callable]:
    """Return a function that opens an explorer's page, unless it is the one that was open last."""
    with contextlib.ExitStack() as last:
        kept: list = [None, None]

        def get(name: str, how: dict) -> explorers.Drawn:
            if kept[0] != (name, how):
                last.close()
                kept[:] = [None, None]
                options = {key: value for key, value in how.items() if key != "disk"}
                place = site.as_uri() if "disk" in how else base
                opening = explorers.opening(browser, place, name, **options)
                kept[:] = [(name, how), last.enter_context(opening)]
            return kept[1]

        yield get


@pytest.fixture
def opened(kept_page: Callable, request: pytest.FixtureRequest) -> explorers.Drawn:
    """Return an explorer in its page, opened as its module says in `PAGE`.

    It stays open for the tests that follow, which come in this order: see `tests/conftest.py`.
    """
    return kept_page(request.param, getattr(request.module, "PAGE", {}))


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
