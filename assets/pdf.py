"""Print the book to PDF: python -m assets.pdf FOLDER-OF-SINGLE-PAGE FILE.pdf.

Chromium prints what `jupyter-book build --builder singlehtml` made, as assets/paper.js arranges it.
The pages to which links lead are known when they are printed: so the book is printed again, with
the numbers that the print before had, until they stay.
"""

from __future__ import annotations

import datetime
import os
import sys
import time
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pikepdf
from playwright.sync_api import Page, Route
from pypdf import PdfReader

from ext.cover import draw_cover
from tests.pages import chromium, server

ASSETS = Path(__file__).parent
FACE = ASSETS.parent / "node_modules" / "@fontsource" / "stix-two-text"
SHEETS = [
    *(f"face/{style}.css" for style in ("400", "400-italic", "700", "700-italic")),
    "paper.css",
]
PRINTS = 5  # at most

FILL = """pages => {
  for (const place of document.querySelectorAll(".page")) {
    place.textContent = pages[decodeURI(place.closest("a").hash.slice(1))] ?? "";
  }
}"""
READY = """async () => {
  await document.fonts.ready;
}"""
WIDE = """() => [...document.querySelectorAll("body :not(.cover, .cover *)")]
  .filter((e) => !e.closest("svg, .katex-mathml"))
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 3)
  .map((e) => `${e.tagName} in ${e.closest("[id]")?.id}: ${e.textContent.slice(0, 60)}`)"""
DECODED = "() => Promise.all([...document.images].map((image) => image.decode())).then(() => null)"


def date() -> datetime.datetime:
    """Return the date of the commit, so that two prints of it are the same."""
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)


def answer(route: Route) -> None:
    """Give the page what is for paper, and no script of the site."""
    name = route.request.url.partition("/paper/")[2]
    if name == "cover.svg":
        route.fulfill(body=draw_cover("svg"), content_type="image/svg+xml")
    elif name:
        route.fulfill(path=FACE / name.removeprefix("face/") if "/" in name else ASSETS / name)
    elif route.request.resource_type == "script":
        route.abort()
    else:
        route.continue_()


def pages_of(book: PdfReader) -> dict[str, int]:
    """Return the number of the page on which each place is that a link leads to."""
    numbers = {page.indirect_reference: number for number, page in enumerate(book.pages, 1)}
    return {
        unquote(name.removeprefix("/")): numbers[place.page.indirect_reference]
        for name, place in book.named_destinations.items()
    }


def printed(page: Page) -> bytes:
    """Return the book with the right numbers."""
    pages: dict[str, int] = {}
    for _ in range(PRINTS):
        page.evaluate(FILL, pages)
        book = page.pdf(prefer_css_page_size=True, print_background=True, outline=True, tagged=True)
        found = pages_of(PdfReader(BytesIO(book)))
        if found == pages:
            return book
        pages = found
    raise RuntimeError(f"the numbers of pages still changed in print {PRINTS}")


def main(folder: Path, file: Path) -> None:
    """Print the page."""
    with server(folder) as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 491, "height": 800})  # as wide as the text
        page.set_default_timeout(600_000)
        page.route("**/*", answer)
        page.emulate_media(media="print", color_scheme="light")
        page.goto(f"{address}/intro.html")
        page.evaluate(READY)
        for sheet in SHEETS:
            page.add_style_tag(url=f"{address}/paper/{sheet}")
        page.evaluate(f"() => {{ {(ASSETS / 'paper.js').read_text(encoding='utf-8')} }}")
        page.evaluate(READY)
        page.evaluate(DECODED)
        if wide := page.evaluate(WIDE):  # Chromium would make all pages smaller
            raise RuntimeError(f"wider than the text: {wide}")
        file.parent.mkdir(parents=True, exist_ok=True)
        # Chromium writes each of its tags as text: packed, the file is a third
        with pikepdf.open(BytesIO(printed(page))) as book:
            for name in ("/CreationDate", "/ModDate"):
                book.docinfo[name] = f"D:{date():%Y%m%d%H%M%S}Z"
            book.save(
                file,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                recompress_flate=True,
                deterministic_id=True,
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
