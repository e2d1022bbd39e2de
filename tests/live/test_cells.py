"""Every chapter's cells under Pyodide in Node.js: no error, and the numbers that the book shows."""

import json
import re
import subprocess
from pathlib import Path

import pages
import pytest
from bs4 import BeautifulSoup
from node import executable

CHAPTERS = [name for name in pages.page_names() if not name.startswith("appendix/")]

#: Processes that share the work: Python takes ten seconds to start.
PARTS = 2
RUNNER = Path(__file__).with_name("run_cells.mjs")
NUMBER = re.compile(r"[-−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


def ran(site: Path, pyodide: Path, output: Path, stems: list[str]) -> dict[str, list]:
    """Return the cells of chapters with what they wrote."""
    command = [executable(), RUNNER, pyodide, site, output, *stems]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(output.read_text(encoding="utf-8"))


def in_node(messages: list[dict]) -> str:
    """Return what a cell wrote: words alone, no pictures."""
    parts = [m["text"] for m in messages if m["kind"] == "stream" and m["name"] == "stdout"]
    for message in messages:
        data = message.get("data", {})
        if "text/html" in data and "<img" not in data["text/html"]:
            parts.append(BeautifulSoup(data["text/html"], "html.parser").get_text(" "))
        elif "text/plain" in data and len(data) == 1:
            parts.append(data["text/plain"])
    return " ".join(" ".join(parts).split())


def in_book(cell) -> str:
    """Return the same of a cell in the built page."""
    outputs = cell.select(".output.stream, .output.text_plain, .output.text_html")
    words = [
        output.get_text(" " if "text_html" in output["class"] else "")
        for output in outputs
        if not output.select("img") and "stderr" not in output["class"]
    ]
    return " ".join(" ".join(words).split())


def same(one: str, other: str) -> bool:
    """Return whether two texts agree, numbers up to one unit of the last digit."""
    if NUMBER.sub("0", one) != NUMBER.sub("0", other):
        return False
    for a, b in zip(NUMBER.findall(one), NUMBER.findall(other), strict=True):
        unit = 10.0 ** -len(a.partition(".")[2]) if "e" not in a else abs(float(a)) * 1e-6
        x, y = (float(text.replace("−", "-")) for text in (a, b))
        if abs(x - y) > 1.001 * unit * ("." in a or "e" in a):
            return False
    return True


@pytest.mark.parametrize("part", range(PARTS))
def test_the_numbers_of_the_book(site, pyodide, tmp_path, part):
    chapters = CHAPTERS[part::PARTS]
    cells = ran(site, pyodide, tmp_path / "cells.json", [Path(name).name for name in chapters])
    for chapter in chapters:
        compare(site, chapter, cells[Path(chapter).name])


def compare(site: Path, chapter: str, cells: list[dict]) -> None:
    """Hold what cells wrote against the page."""
    page = BeautifulSoup((site / f"{chapter}.html").read_text(encoding="utf-8"), "html.parser")
    shown = iter(page.select("article div.cell"))
    source = json.loads((site / "notebooks" / f"{Path(chapter).name}.json").read_text())
    assert len(cells) == len(source) > 0, chapter
    for cell, hidden in zip(cells, [entry["hidden"] for entry in source], strict=True):
        errors = [m["traceback"] for m in cell["messages"] if m["kind"] == "error"]
        assert errors == [], cell["code"]
        assert cell["ok"]
        if hidden:
            continue
        expected, got = in_book(next(shown)), in_node(cell["messages"])
        assert same(got, expected), f"{cell['code']}\nPyodide: {got}\nthe book: {expected}"
    assert next(shown, None) is None


def test_the_comparison_sees_a_difference():
    assert same("kept 22 of 125, 0.1760", "kept 22 of 125, 0.1761")
    assert not same("kept 22 of 125, 0.1760", "kept 22 of 125, 0.1763")
    assert not same("kept 22 of 125", "kept 23 of 125")
    assert not same("mean 0.1", "std 0.1")
