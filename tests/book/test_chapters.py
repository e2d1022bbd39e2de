"""The code of the solutions runs after their chapter's, as a reader would type it."""

import ast
import contextlib
import inspect
import io
import re
from collections import Counter
from pathlib import Path

import jupytext
import pytest
from pybtex.database import parse_file
from pybtex.richtext import Text

from arbook import exercises
from ext.laws import find_object

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "intro.md", *ROOT.glob("chapters/*.md")])
CHAPTERS = [page for page in PAGES if page.parent.name == "chapters"]
EXERCISE = re.compile(
    r"^```\{exercise\} [^\n]*\n:label: (\S+)\n\((\d+) minutes, ([\w ]+)\) .*?^```\n"
    r"((?:\n```\{admonition\} Hint(?: \d)?\n(?:.*?\n)??```\n)*)",
    re.MULTILINE | re.DOTALL,
)
HINT = re.compile(
    r"^```\{admonition\} (Hint(?: \d)?)\n:class: dropdown hint\n(.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
SOLUTION = re.compile(r"^````\{solution\} (\S+)\n(.*?)^````$", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE_EXERCISE = re.compile(r"^```\{code-exercise\} (\S+)$", re.MULTILINE)
COLUMNS = 68  # of code, without scrolling, in a window 1280 px wide


def name(page):
    return page.stem


def names(source):
    """Return the names that code makes, and those that it only uses."""
    made, used = set(), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            (made if isinstance(node.ctx, ast.Store) else used).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            made.add(node.name)
        elif isinstance(node, ast.alias):
            made.add((node.asname or node.name).split(".")[0])
    return made, used - made


def foundation(cells, wanted):
    """Return the last cells that make the wanted names, and what those cells use in turn."""
    needed = []
    for source in reversed(cells):
        made, used = names(source)
        if made & wanted:
            wanted = wanted - made | used
            needed.insert(0, source)
    return needed


@pytest.mark.parametrize("page", CHAPTERS, ids=name)
def test_solutions_run_after_the_cells_of_their_chapter(page):
    """The build has run all cells; here only those run that the solutions stand on."""
    found = SOLUTION.findall(page.read_text(encoding="utf-8"))
    solutions = [(label, code) for label, body in found for code in PYTHON.findall(body)]
    cells = [c.source for c in jupytext.read(page).cells if c.cell_type == "code"]
    wanted = set().union(*(names(code)[1] for _, code in solutions))
    namespace = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for source in foundation(cells, wanted):
            exec(compile(source, str(page), "exec"), namespace)
        for label, source in solutions:
            exec(compile(source, f"{page.name}: {label}", "exec"), dict(namespace))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_line_of_code_is_cut_off_at_the_right(page):
    text = page.read_text(encoding="utf-8")
    code = [c.source for c in jupytext.read(page).cells if c.cell_type == "code"]
    code += BLOCK.findall(text)
    for found in map(exercises.show, CODE_EXERCISE.findall(text)):
        code += [found.stub, found.call, found.code]
    assert [line for line in "\n".join(code).splitlines() if len(line) > COLUMNS] == []


def packed(text):
    """Return code or a formula without what another layout of it would change."""
    return re.sub(r",(?=[)\]}])", "", re.sub(r"\s", "", text))


@pytest.mark.parametrize("page", CHAPTERS, ids=name)
def test_exercises_have_staged_hints_that_do_not_hold_the_solution(page):
    text = page.read_text(encoding="utf-8")
    solutions = dict(SOLUTION.findall(text))
    for label, _, level, after in EXERCISE.findall(text):
        hints = HINT.findall(after)
        number = len(hints)
        assert number >= (1 if level == "open" else 2), label
        assert after.count("{admonition}") == number, label
        expected = [f"Hint {i + 1}" for i in range(number)] if number > 1 else ["Hint"]
        assert [title for title, _ in hints] == expected, label
        shown = "\n".join(body for _, body in hints)
        for piece in map("".join, re.findall(r"`([^`]+)`|\$([^$]+)\$", shown)):
            if len(packed(piece)) >= 25 and not re.fullmatch(r"[\w.]+", piece):  # no mere name
                assert packed(piece) not in packed(solutions[label]), label
        for line in "".join(PYTHON.findall(solutions[label])).splitlines():
            if len(packed(line)) >= 25 and not line.startswith(("from ", "import ")):
                assert packed(line) not in packed(shown), label


def test_the_text_refers_to_exercises_and_nothing_to_what_a_solution_holds():
    texts = [page.read_text(encoding="utf-8") for page in CHAPTERS]
    outside = "".join(SOLUTION.sub("", text) for text in texts)
    inside = "".join(body for text in texts for _, body in SOLUTION.findall(text))
    # the edition without solutions has no labels from them
    labels = re.findall(
        r"^:(?:label|name): (\S+)|^\$\$ \((\S+)\)|^\((\S+)\)=", inside, re.MULTILINE
    )
    for label in map("".join, labels):
        assert f"`{label}`" not in outside
        assert f"<{label}>`" not in outside
    prose = [text.split("\n## Exercises\n")[0] for text in texts]
    referred = re.findall(r"(?:numref|ref)\}`(ex-[\w-]+)`", "".join(prose))
    assert len(set(referred)) >= 8
    assert "xercise {ref}`ex-" not in outside  # the reference says the word itself


@pytest.mark.parametrize("page", CHAPTERS, ids=name)
def test_every_exercise_in_the_text_has_a_solution(page):
    text = page.read_text(encoding="utf-8")
    exercises = [label for label, *_ in EXERCISE.findall(text)]
    assert exercises == [label for label, _ in SOLUTION.findall(text)]
    assert len(exercises) >= 4


LAWS = {
    title: dict(re.findall(r"^:(\w+): (.+)$", options, flags=re.M))
    for page in PAGES
    for title, options in re.findall(
        r"^```\{law\} (.+)\n((?::.+\n)+)", page.read_text(encoding="utf-8"), flags=re.M
    )
}
assert len(LAWS) >= 27


@pytest.mark.parametrize("title", LAWS)
def test_a_law_and_its_function_have_one_source(title):
    """The first author and the year of the law's citation stand in the docstring's references."""
    entry = parse_file(str(ROOT / "references.bib")).entries[LAWS[title]["cite"].split()[0]]
    _, doc = find_object(LAWS[title]["function"])
    references = inspect.getdoc(doc).partition("References\n----------\n")[2]
    listed = [" ".join(text.split()) for text in references.split(".. [")[1:]]
    author = str(Text.from_latex(" ".join(entry.persons["author"][0].last_names)))
    assert any(author in text and entry.fields["year"] in text for text in listed)


def test_a_source_of_several_laws_says_which_part_it_has():
    """Background is not cited as if the statement stood there."""
    cited = [option["cite"].split(maxsplit=1) for option in LAWS.values()]
    sources = Counter(key for key, *_ in cited)
    assert [key for key, *words in cited if sources[key] > 1 and not words] == []


def test_the_twin_of_the_model_is_cited():
    """In the chapter that states the model, and as the source of what it shares."""
    page = ROOT / "chapters/02-perturbation-model.md"
    assert "{cite}`lengler2026`" in page.read_text(encoding="utf-8")
    assert LAWS["Expected frontier"]["cite"].startswith("lengler2026 ")
