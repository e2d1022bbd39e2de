"""Print the book to PDF: python -m assets.pdf FOLDER-OF-SINGLE-PAGE FILE.pdf.

Chromium prints what `jupyter-book build --builder singlehtml` made, with MathJax's formulas, the
stills of the explorers, and the headings as the PDF's outline.
"""

import sys
from pathlib import Path

from tests.pages import chromium, server

FOOTER = """<div style="width: 100%; font-size: 8px; text-align: center;">
  <span class="pageNumber"></span></div>"""

#: The book's name before its first words; chapters on pages of their own; everything that is
#: fetched late, and all that is folded.
READY = """async () => {
  const title = document.createElement("header"), words = document.querySelector("footer .version");
  title.append(Object.assign(document.createElement("p"), { textContent: document.title }));
  title.append(Object.assign(document.createElement("p"), { textContent: words.textContent }));
  title.style = "break-after: page; padding-top: 30vh; text-align: center; font-size: 2rem";
  title.lastChild.style = "font-size: 1rem";
  document.querySelector("article").prepend(title);
  const pages = document.createElement("style");
  pages.textContent = "[id^=document-] + section { break-before: page; }";
  document.head.append(pages);
  for (const image of document.images) image.loading = "eager";
  for (const folded of document.querySelectorAll("details")) folded.open = true;
  await MathJax.startup.promise;
  await Promise.all([...document.images].map((image) => image.decode()));
  await document.fonts.ready;
}"""


def main(folder: Path, file: Path) -> None:
    """Print the page."""
    with server(folder) as address, chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(300_000)
        page.route("**/widgets/widgets.js*", lambda route: route.abort())  # stills are wanted
        page.emulate_media(media="print", color_scheme="light")
        page.goto(f"{address}/intro.html")
        page.evaluate(READY)
        file.parent.mkdir(parents=True, exist_ok=True)
        page.pdf(
            path=file,
            format="A4",
            scale=0.8,
            margin={"top": "18mm", "bottom": "20mm", "left": "17mm", "right": "17mm"},
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=FOOTER,
            outline=True,
            tagged=True,
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
