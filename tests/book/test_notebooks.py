"""The notebook that a chapter's download button gives, and the assignment for the browser."""

import ast
import asyncio
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import jupytext
import nbformat
import pages
import pytest
from nbclient import NotebookClient

from arbook import exercises
from ext.notebooks import plain_inline

NOTEBOOKS = [name for name in pages.page_names() if not name.startswith("appendix/")]


def code_of(name):
    """Return the code cells that a chapter should give: its own, and two for a code exercise."""

    def cells(match):
        exercise = exercises.show(match[1])
        return "\n".join(f"```{{code-cell}}\n{s}\n```\n" for s in (exercise.stub, exercise.call))

    text = (pages.ROOT / f"{name}.md").read_text(encoding="utf-8")
    text = re.sub(r"^```\{code-exercise\} (\S+)\n(?:.*\n)*?```$", cells, text, flags=re.M)
    read = jupytext.reads(text, fmt="md:myst")
    return [cell.source for cell in read.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_download(visit, name, tmp_path):
    page = visit(f"{name}.html").page
    buttons = page.locator("a[download]")
    assert buttons.count() == 1
    with page.expect_download() as event:
        buttons.click()
    stem = name.split("/")[-1]
    assert event.value.suggested_filename == f"{stem}.ipynb"
    event.value.save_as(tmp_path / "chapter.ipynb")

    notebook = nbformat.read(tmp_path / "chapter.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert re.search(r"`arbook`.*\n\n    pip install ", notebook.cells[1].source)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert cells == code_of(name)
    for cell in notebook.cells:
        assert not cell.metadata
        stills = cell.get("outputs", [])
        assert len(stills) == (cell.cell_type == "code" and "Explorer()" in cell.source)
        for still in stills:
            assert "</svg>" in still.data["image/svg+xml"]
            assert re.search(r"\d.*\.$", still.data["text/plain"])
        if cell.cell_type == "markdown":
            left_over = re.search(r"\{[a-z:]+\}`|^`{3,}\{|^:::|\$\$ ?\(", cell.source, re.M)
            assert left_over is None, cell.source


def test_terms_and_index_entries_are_their_words():
    text = "**{index}`frontier`**, {term}`keep rates <keep rate>` and {term}`bias`"
    assert plain_inline(text, None, set()) == "**frontier**, keep rates and bias"


@pytest.mark.parametrize("stem", ["04-frontier"])
def test_runs_in_plain_jupyter(site, stem, tmp_path):
    notebook = nbformat.read(site / "notebooks" / f"{stem}.ipynb", as_version=4)
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()
    printed = [output for cell in notebook.cells for output in cell.get("outputs", []) if output]
    assert any("application/vnd.jupyter.widget-view+json" in out.get("data", {}) for out in printed)
    assert not any(out.output_type == "error" for out in printed)
    # exercises wait for an answer, in words and as a box
    results = [out["data"] for out in printed if "not solved yet" in str(out.get("data", ""))]
    assert [sorted(data) for data in results] == [["text/html", "text/plain"]] * 2


def test_the_assignment_for_the_browser_checks_what_is_visible(site, monkeypatch, capsys):
    """Its first cell stands in for otter there; elsewhere it leaves everything alone."""
    [file] = (site / "lite" / "files").glob("hw1-*.ipynb")
    cells = [c.source for c in nbformat.read(file, as_version=4).cells if c.cell_type == "code"]
    names = {}
    names["get_ipython"] = lambda: SimpleNamespace(user_ns=names)

    def run(source):
        code = compile(source, file.name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        waiting = eval(code, names)
        if waiting is not None:  # in a thread: this one may have the loop of the browser's driver
            with ThreadPoolExecutor(1) as thread:
                thread.submit(asyncio.run, waiting).result()

    run(cells[0])
    assert "Notebook" not in names

    installed = []

    async def install(package):
        installed.append(package)

    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.setitem(sys.modules, "piplite", SimpleNamespace(install=install))
    monkeypatch.delitem(sys.modules, "otter", raising=False)
    for source in cells[:3]:
        run(source)
    assert installed == ["arbook"]
    assert "import otter" in cells[1]
    check = next(source for source in cells if "grader.check" in source)
    run("def decide(values):\n    return ...")
    run(check)
    said = capsys.readouterr().out
    assert "q1, test 1: failed. One variant is better and one is worse" in said
    assert "assert list(decide([1.0, 0.9, 0.95]))" in said
    run("""def decide(values):
    best, words = values[0], []
    for value in values[1:]:
        words.append("crash" if value != value else "keep" if value < best else "discard")
        best = min(best, value) if value == value else best
    return words""")
    run(check)
    said = capsys.readouterr().out
    assert "q1, test 1: passed" in said
    assert "failed" not in said
    monkeypatch.delitem(sys.modules, "otter")
