"""The book as a publication: the same bytes twice, an address, a page 404, PDF and EPUB."""

import posixpath
import re
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from difflib import unified_diff
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pages
import pytest
import yaml
from bs4 import BeautifulSoup
from pypdf import PdfReader

import arbook

CHAPTER = "chapters/03-keep-probability"
TITLE = "AutoResearch: a mathematical model"
ADDRESS = "https://owner.example.org/some/book"
PAPER = pages.ROOT / "appendix" / "paper" / "toc.yml"
CHAPTERS = [name for name in pages.page_names() if name.startswith("chapters/")]


def build(folder: Path, *builder: str) -> Path:
    """Build the preface and a chapter at an address of their own, and execute them anew.

    With another builder they are a book with answers and an index at the back.
    """
    others = [{"file": CHAPTER}, {"file": "appendix/status"}]
    parts = [{"caption": "The model", "numbered": True, "chapters": others}]
    if builder:
        parts += yaml.safe_load(PAPER.read_text(encoding="utf-8"))
    toc = {"root": "intro", "parts": parts}
    address = {"BOOK_URL": ADDRESS, "SOURCE_DATE_EPOCH": "1767225600"}
    return pages.build_part(folder, toc, *builder, execute="force", **address)


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Build the same book in two folders at the same time."""
    folders = [tmp_path_factory.mktemp("book") for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(build, folders))


def comparable(path: Path) -> bytes:
    """Return a file's bytes; of the status page all but the seconds that the code ran."""
    if path.name != "status.html":
        return path.read_bytes()
    soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    for row in soup.select("table.status tbody tr"):
        row.select("td")[3].string = ""
    return str(soup).encode()


def lines_of(data: bytes) -> list[str]:
    return data.decode(errors="replace").splitlines()


def test_two_builds_are_the_same(twice):
    first, second = (
        {
            path.relative_to(folder).as_posix(): comparable(path)
            for path in sorted((folder / "html").rglob("*"))
            if path.is_file() and path.name not in (".buildinfo", "objects.inv")
        }
        for folder in twice
    )
    assert first.keys() == second.keys()
    assert len([name for name in first if name.endswith(".html")]) >= 5
    differences = {
        name: list(unified_diff(lines_of(data), lines_of(second[name]), n=0, lineterm=""))[2:8]
        for name, data in first.items()
        if data != second[name]
    }
    assert differences == {}


def test_an_address_gives_a_card_a_sitemap_and_a_page_404(twice):
    site = twice[0] / "html"
    page = BeautifulSoup((site / f"{CHAPTER}.html").read_text(encoding="utf-8"), "html.parser")
    meta = {tag["property"]: tag["content"] for tag in page.select("meta[property^='og:']")}
    assert meta["og:site_name"] == TITLE
    assert meta["og:url"] == f"{ADDRESS}/{CHAPTER}.html"
    assert "keep probability" in meta["og:title"]
    # the first sentences, with letters for their formulas
    assert "μ = 0" in meta["og:description"]
    assert "σ₀ = 0.05" in meta["og:description"]
    assert not set(meta["og:description"]) & set("\\{}_^$")
    card = site / meta["og:image"].removeprefix(f"{ADDRESS}/")
    assert card.read_bytes().startswith(b"\x89PNG")
    assert page.select_one("link[rel=canonical]")["href"] == f"{ADDRESS}/{CHAPTER}.html"

    listed = ElementTree.parse(site / "sitemap.xml").findall(".//{*}loc")
    found = {place.text.removeprefix(f"{ADDRESS}/") for place in listed}
    assert {f"{CHAPTER}.html", "intro.html"} <= found
    assert all((site / name).is_file() for name in found)

    missing = BeautifulSoup((site / "404.html").read_text(encoding="utf-8"), "html.parser")
    places = [tag["href"] for tag in missing.select("link[rel=stylesheet], nav a.internal")]
    assert places
    assert all(place.startswith(("/some/book/", "#")) for place in places), places
    assert missing.select_one("article a")["href"] == "/some/book/index.html"


def test_every_page_says_its_version_and_date():
    site = pages.built()
    for name in pages.page_names():
        page = (site / f"{name}.html").read_text(encoding="utf-8")
        [said] = re.findall(r'<p class="version">(.*?)</p>', page)
        assert "By The AutoResearch book authors" in page
        assert 'rel="license"' in page
        assert re.fullmatch(rf"Version {re.escape(arbook.__version__)}, \d{{4}}-\d\d-\d\d", said)


def test_the_status_page_knows_every_chapter_and_the_atlas():
    path = pages.built() / "appendix" / "status.html"
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    rows = {row.a["href"]: row.select("td") for row in page.select("table.status tbody tr")}
    assert list(rows) == [*(f"../{name}.html" for name in CHAPTERS), "atlas.html"]
    for cells in rows.values():
        numbers = [float(cell.get_text().replace(",", "")) for cell in cells[1:]]
        assert all(number > 0 for number in numbers)


def test_epub(twice):
    folder = build(twice[0].parent, "--builder", "custom", "--custom-builder", "epub") / "epub"
    with zipfile.ZipFile(folder / "autoresearch.epub") as book:
        names = book.namelist()
        assert names[0] == "mimetype"
        texts = {name: book.read(name).decode() for name in names if name.endswith(".xhtml")}
        about = ElementTree.fromstring(book.read("content.opf"))
    said = {tag.tag.rpartition("}")[2]: tag.text for tag in about.find("{*}metadata")}
    assert said["title"] == TITLE
    assert len(said["identifier"]) == 36  # a UUID, the same in every build
    assert "unknown" not in said.values()
    for text in texts.values():
        ElementTree.fromstring(text)  # well formed
        assert "<script" not in text
    chapter = texts[f"{CHAPTER}.xhtml"]
    assert chapter.count("<math") > 40
    assert "merror" not in chapter
    [still] = BeautifulSoup(chapter, "html.parser").select("img.arbook-still")
    assert "The keep probability is 50.0 %" in still["alt"]
    assert f"_images/{Path(still['src']).name}" in names
    for name, text in texts.items():
        found = ElementTree.fromstring(text)
        places = [tag.get("id") for tag in found.iter() if tag.get("id")]
        assert len(places) == len(set(places)), name
        links = [tag.get("href") or tag.get("src") or "" for tag in found.iter()]
        files = [urlsplit(link).path for link in links if not urlsplit(link).scheme]
        where = [posixpath.normpath(posixpath.join(Path(name).parent, file)) for file in files]
        assert not {file for file in where if file != "."} - {*names, str(Path(name).parent)}, name
        item = about.find(f".//{{*}}item[@href='{name}']")
        if item is not None:
            assert ("<math" in text) == (item.get("properties") == "mathml"), name
    assert "_static/cover.png" in names
    assert [name for name in names if name.endswith(".css")] == [
        "_static/pygments.css",
        "_static/reader.css",
    ]
    # answers are at the back, each with a link from its question
    assert not re.search(r"Not this one|Hint 1|Solution to", chapter)
    back = BeautifulSoup(texts["appendix/paper/answers.xhtml"], "html.parser")
    links = BeautifulSoup(chapter, "html.parser").select(".see-answers a")
    assert len(links) >= 8
    for link in links:
        assert back.find(id=link["href"].partition("#")[2]) is not None
    assert "Solution to" in back.get_text()
    assert (
        "decay rate" in BeautifulSoup(texts["appendix/paper/terms.xhtml"], "html.parser").get_text()
    )
    assert "Law 1.1" in re.sub(r"\s+", " ", BeautifulSoup(chapter, "html.parser").get_text())


def test_pdf(twice):
    folder = build(twice[1].parent, "--builder", "singlehtml") / "singlehtml"
    file = twice[1] / "book.pdf"
    command = [sys.executable, "-m", "assets.pdf", folder, file]
    subprocess.run(command, cwd=pages.ROOT, check=True, timeout=300)
    book = PdfReader(file)
    assert book.metadata.title == TITLE
    text = "\n".join(page.extract_text() for page in book.pages)
    assert len(book.pages) >= 8
    assert "What you will be able to do" in text
    assert re.search(r"Law 1\.1\s+\(Keep probability\)", text)
    words = [" ".join(page.extract_text().split()) for page in book.pages]
    [contents] = [page for page in words if page.startswith("Contents")]
    for title in ("A night of experiments", "The keep probability", "Exercises", "Index"):
        number = int(re.search(rf"{title} (\d+)", contents)[1])
        assert title in words[number - 1]
        assert str(number) in words[number - 1].split()  # in the running head
    [back, *_] = [number for number, page in enumerate(words, 1) if "Solution to" in page]
    [solution, *_] = re.findall(r"Hints and solution \(p. (\d+)\)", text)
    assert back <= int(solution) <= len(words)
    assert "Exercise 1.1" in words[int(solution) - 1]
    assert not re.search(r"Not this one|Hint 1", " ".join(words[: back - 1]))

    def titles(items):
        for item in items:
            yield from titles(item) if isinstance(item, list) else [item.title]

    assert any("Where real runs differ" in title for title in titles(book.outline))
    assert len(set(re.findall(r"Fig\. 1\.\d", text))) >= 3
    assert "95 % of the dots" in text  # in the legend of the still, whose letters are letters
