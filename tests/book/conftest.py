"""The book in a browser: one server and one Chromium for all tests here."""

from collections.abc import Iterator
from pathlib import Path

import pages
import pytest
from pages import Visit
from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def site() -> Path:
    return pages.built()


@pytest.fixture(scope="session")
def base(site: Path) -> Iterator[str]:
    with pages.server(site) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, base: str) -> Iterator:
    """Return a function that opens a page and waits until it is complete."""
    contexts = []

    def open_page(
        name: str,
        *,
        settle: bool = True,
        maths: bool = True,
        address: str | None = None,
        **options,
    ) -> Visit:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        context.set_default_timeout(20_000)
        if not maths:
            pages.leave_maths(context)
        seen = Visit(context.new_page(), address or base)
        seen.page.goto(f"{address or base}/{name}")
        if settle:
            seen.settle()
        return seen

    yield open_page
    for context in contexts:
        context.close()
