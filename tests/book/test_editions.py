"""The edition for classes: nowhere in it is a solution, whoever wrote it."""

import json
import re
from pathlib import Path

import nbformat
import pages
from bs4 import BeautifulSoup

from arbook import exercises

CHAPTERS = ("03-keep-probability", "17-noise")
SOLUTION = re.compile(r"^````\{solution\} \S+\n:class: dropdown\n(.*?)^````$", re.M | re.S)
CODE = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
PLACED = re.compile(r"^```\{code-exercise\} (\S+)$", re.M)
#: A word of a solution that the book has nowhere else, as the search index cuts it off.
WORD = ("sobering", "sober")


def text_of(chapter: str) -> str:
    return (pages.ROOT / "chapters" / f"{chapter}.md").read_text(encoding="utf-8")


def squeeze(text: str) -> str:
    """Return text without white space: pages and notebooks break lines in their own ways."""
    return re.sub(r"\s", "", text)


def lines_of_solutions(chapter: str) -> set[str]:
    """Return the lines of code that only solutions have, written by hand or not."""
    text = text_of(chapter)
    data = [exercises.show(name) for name in PLACED.findall(text)]
    code = [*CODE.findall("\n".join(SOLUTION.findall(text))), *(found.code for found in data)]
    shown = [SOLUTION.sub("", text_of(other)) for other in CHAPTERS]
    others = squeeze("".join([*shown, *(found.stub for found in data)]))
    lines = {squeeze(line) for block in code for line in block.splitlines()}
    return {line for line in lines if len(line) > 12 and line not in others}


def read(path: Path) -> str:
    """Return the text of a file: of a page without its tags, of a notebook its cells."""
    if path.suffix == ".ipynb":
        return "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
    text = path.read_text(encoding="utf-8", errors="replace")
    return BeautifulSoup(text, "html.parser").get_text() if path.suffix == ".html" else text


def build(folder: Path, solutions: str) -> Path:
    """Build two chapters in an edition; outputs come from the book's own cache."""
    root, *others = [f"chapters/{chapter}" for chapter in CHAPTERS]
    toc = {"root": root, "chapters": [{"file": name} for name in others]}
    return pages.build_part(folder, toc, ARBOOK_SOLUTIONS=solutions) / "html"


def test_nothing_is_left_of_a_solution(tmp_path):
    edition, book = build(tmp_path, "no"), pages.built()
    kinds = {".html", ".ipynb", ".js", ".json", ".txt", ".md"}
    paths = [path for path in edition.rglob("*") if path.suffix in kinds]
    texts = {path: squeeze(read(path)) for path in paths if "_static" not in path.parts}
    assert {path.suffix for path in texts} >= {".html", ".ipynb", ".js"}
    assert not (edition / "_sources").exists()
    for chapter in CHAPTERS:
        lines = lines_of_solutions(chapter)
        assert len(lines) > 10
        for name in (f"chapters/{chapter}.html", f"notebooks/{chapter}.ipynb"):
            assert lines - {line for line in lines if line in squeeze(read(book / name))} == set()
            # what remains: exercises, stubs and hints
            for exercise in map(exercises.show, PLACED.findall(text_of(chapter))):
                for part in (exercise.stub, exercise.call):
                    assert squeeze(part) in texts[edition / name]
            assert "Solution" not in texts[edition / name]
        for path, text in texts.items():
            assert not any(line in text for line in lines), path

    def index(folder: Path) -> set[str]:
        text = (folder / "searchindex.js").read_text(encoding="utf-8")
        return set(json.loads(text[text.index("{") : text.rindex("}") + 1])["terms"])

    word, stem = WORD
    assert (
        text_of("17-noise").count(word)
        == "".join(SOLUTION.findall(text_of("17-noise"))).count(word)
        == 1
    )
    assert stem in index(book)
    assert stem not in index(edition)


def test_nothing_in_a_solution_can_be_referred_to():
    """A number or a label would be missing in the edition without solutions."""
    for page in (pages.ROOT / "chapters").glob("*.md"):
        for body in SOLUTION.findall(page.read_text(encoding="utf-8")):
            assert not re.search(r"\$\$ ?\(|^:(name|label):|^\(\S+\)=", body, re.M)
