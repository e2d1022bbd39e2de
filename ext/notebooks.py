"""A clean notebook of every chapter for download: plain Markdown, any Jupyter runs it.

Its only outputs are the stills of explorers, for readers who look at it without a kernel. Markdown
in Jupyter knows neither directives nor roles. Boxes become quotations, folded answers
``<details>``, and references the words and numbers that the page shows.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any

import jupytext
import nbformat
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from arbook import exercises
from ext.exercises import help_and_solution, statement
from ext.explorers import Still

CODE_EXERCISE = re.compile(r"^```\{code-exercise\} (\S+)\n(?:.*\n)*?```$", re.MULTILINE)
FENCE = re.compile(r"^(?P<fence>`{3,})\{(?P<name>[\w-]+)\} ?(?P<title>.*)$")
START = """\
*This is the notebook of a chapter. It needs Python 3.11 or newer and the package `arbook`{place}:*

    pip install {source}

*Runs and sliders then answer to Python.*"""


class Words:
    """The words that the book's pages show for a reference."""

    def __init__(self, env: BuildEnvironment) -> None:
        self.env = env
        self.labels = env.get_domain("std").anonlabels
        self.equations = env.get_domain("math").equations
        self.entries = env.get_domain("cite").bibdata.data.entries

    def number(self, docname: str, node_id: str) -> str:
        """Return the number of a figure, law, exercise or equation."""
        for numbers in self.env.toc_fignumbers.get(docname, {}).values():
            if node_id in numbers:
                return ".".join(map(str, numbers[node_id]))
        return ""

    def labelled(self, label: str, kind: str = "Fig.") -> str:
        """Return "Fig. 4.1"."""
        docname, node_id = self.labels.get(label, ("", ""))
        return f"{kind} {self.number(docname, node_id)}".rstrip()

    def equation(self, label: str) -> str:
        """Return "4.1"."""
        docname = self.equations[label][0] if label in self.equations else ""
        return self.number(docname, f"equation-{label}")

    def citation(self, keys: str) -> str:
        """Return "(Jones et al., 1998; Beyer, 2001)"."""
        found = []
        for key in keys.split(","):
            entry = self.entries.get(key.strip())
            if entry is None:  # the page has warned of it
                continue
            people = [" ".join(person.last_names) for person in entry.persons.get("author", [])]
            names = [*people[:1], "et al."] if len(people) > 2 else [" and ".join(people)]
            found.append(f"{' '.join(names)}, {entry.fields.get('year', '')}".strip(" ,"))
        return f"({'; '.join(found)})"


def plain_inline(text: str, words: Words, chapters: set[str]) -> str:
    """Return Markdown without roles, and with links between notebooks."""

    def role(match: re.Match[str]) -> str:
        name, target = match.groups()
        if name == "eq":
            return f"({words.equation(target)})"
        if name == "cite":
            return words.citation(target)
        if name in ("term", "index"):  # "the words <the entry>"
            return re.sub(r"\s*<[^<>]*>$", "", target)
        label = re.sub(r".*<(.*)>", r"\1", target)
        kinds = {"law": "Law", "ex": "Exercise"}
        return words.labelled(label, kinds.get(label.split("-")[0], "Fig."))

    def link(match: re.Match[str]) -> str:
        shown, target = match.groups()
        name = PurePosixPath(target).stem
        return f"[{shown}]({name}.ipynb)" if name in chapters else shown

    text = re.sub(r"\{([\w:]+)\}`([^`]+)`", role, text)
    return re.sub(r"\[([^\]]*)\]\(([\w./-]+\.md)(?:#[\w-]*)?\)", link, text)


def plain_blocks(text: str, words: Words) -> str:
    """Return Markdown without directives."""
    lines, out = text.splitlines(), []
    while lines:
        line = lines.pop(0)
        opening = FENCE.match(line)
        if not opening:
            out.append(line)
            continue
        body: list[str] = []
        while lines and lines[0].rstrip() != opening["fence"]:
            body.append(lines.pop(0))
        lines = lines[1:]
        options = {}
        while body and (option := re.match(r"^:([\w-]+): ?(.*)$", body[0])):
            options[option[1]] = option[2]
            body.pop(0)
        content = plain_blocks("\n".join(body).strip("\n"), words)
        out.append(plain_box(opening["name"], opening["title"], options, content, words))
    text = "\n".join(out)
    return re.sub(
        r"\$\$\s*\(([\w-]+)\)[ ]*$",
        lambda match: rf"\tag{{{words.equation(match[1])}}}" + "\n$$",
        text,
        flags=re.M,
    )


def plain_box(name: str, title: str, options: dict[str, str], content: str, words: Words) -> str:
    """Return one directive as plain Markdown."""
    if name == "solution":
        if words.env.config.hide_solutions:
            return ""
        title = f"Solution of {words.labelled(title, 'exercise')}"
    if name == "quiz":
        return plain_quiz(content)
    if name == "container":  # the first page's button leads to the cell below it
        return "" if title == "start" else f"{content}\n"
    if name == "solution" or "dropdown" in options.get("class", ""):
        return f"<details>\n<summary>{title}</summary>\n\n{content}\n\n</details>\n"
    if name == "law":
        title = f"{words.labelled(options['name'], 'Law')} ({title})"
        content += (
            f"\n\nIn code `{options['function']}`, simulated by `{options['simulation']}`."
            f"\n\n**When it fails.** {options['fails']}"
        )
    elif name == "exercise":
        title = f"{words.labelled(options['label'], 'Exercise')} ({title})"
    quoted = "\n".join(f"> {line}".rstrip() for line in f"**{title}**\n\n{content}".splitlines())
    return quoted + "\n"


def plain_quiz(content: str) -> str:
    """Return a question and its choices, with what is said about them folded below."""
    question, *choices = re.split(r"^- (?=right: |wrong: )", content, flags=re.M)
    listed, said = [], []
    for letter, choice in zip("abcdefgh", choices, strict=False):
        mark, text = choice.split(": ", 1)
        words, explanation = (" ".join(part.split()) for part in text.split("\n\n", 1))
        verdict = "Right." if mark == "right" else "Not this one."
        listed.append(f"- **{letter})** {words}")
        said.append(f"- **{letter})** {verdict} {explanation}")
    folded = ["<details>", "<summary>Answers</summary>", "", *said, "", "</details>", ""]
    return "\n".join([question.strip(), "", *listed, "", *folded])


def caption(cell: Any, words: Words) -> str:
    """Return the caption that a cell's metadata hold, with its number; empty if there is none."""
    mystnb = cell.metadata.get("mystnb", {})
    figure = cell.metadata.get("explorer") or mystnb.get("figure")
    if not figure:
        return ""
    return f"*{words.labelled(figure['name'])}.* {' '.join(figure['caption'].split())}"


def still_output(still: Still, folder: Path) -> Any:
    """Return a still as the output of a cell, on white paper, with its sentence."""
    svg = (folder / still["uri"]).read_text(encoding="utf-8")
    white = svg.replace("<svg ", '<svg style="background: white" ', 1)
    data = {"image/svg+xml": white, "text/plain": still["alt"]}
    return nbformat.v4.new_output("display_data", data)


def start(config: Config) -> str:
    """Return the words below a notebook's title: where its package comes from."""
    url, branch = config.book_repository, config.book_branch
    if url:
        return START.format(place="", source=f'"arbook @ git+{url}@{branch}"')
    return START.format(place=", in a copy of the book's repository", source=".")


def clean(source: Path, words: Words, chapters: set[str], stills: list[Any]) -> Any:
    """Return the notebook of one chapter; `stills` are the outputs of its explorers in order."""
    notebook, stills = jupytext.read(source, fmt="md:myst"), list(stills)

    cells: list[Any] = []

    def markdown(text: str) -> None:
        if text.strip():
            plain = plain_inline(plain_blocks(text, words), words, chapters)
            cells.append(nbformat.v4.new_markdown_cell(plain))

    def code(text: str, *outputs: Any) -> None:
        cells.append(nbformat.v4.new_code_cell(text, outputs=list(outputs)))

    for cell in notebook.cells:
        if cell.cell_type == "code":
            code(cell.source, *([stills.pop(0)] if "explorer" in cell.metadata else []))
            markdown(caption(cell, words))
            continue
        before, *rest = CODE_EXERCISE.split(cell.source)
        markdown(before)
        for name, after in zip(rest[::2], rest[1::2], strict=True):
            exercise = exercises.show(name)
            markdown(statement(exercise, stub=False))
            code(exercise.stub)
            code(exercise.call)
            markdown(help_and_solution(exercise))
            markdown(after)
    cells.insert(1, nbformat.v4.new_markdown_cell(start(words.env.config)))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def is_chapter(env: BuildEnvironment, docname: str) -> bool:
    """Return whether a page is a notebook."""
    return "kernelspec" in env.metadata.get(docname, {})


def add_link(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Tell the template where the page's notebook is."""
    if is_chapter(app.env, page):
        name = PurePosixPath(page).name
        context["notebook"] = context["pathto"](f"notebooks/{name}.ipynb", resource=True)


def write_all(app: Sphinx, error: Exception | None) -> None:
    """Write the notebooks beside the pages."""
    if error or app.builder.name != "html":
        return
    pages = [name for name in sorted(app.env.found_docs) if is_chapter(app.env, name)]
    names = {PurePosixPath(page).name for page in pages}
    words = Words(app.env)
    folder = Path(app.outdir) / "notebooks"
    folder.mkdir(exist_ok=True)
    for page in pages:
        found = app.env.get_doctree(page).findall(Still)
        stills = [still_output(still, Path(app.srcdir)) for still in found]
        notebook = clean(Path(app.env.doc2path(page)), words, names, stills)
        nbformat.write(notebook, folder / f"{PurePosixPath(page).name}.ipynb")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the notebooks."""
    app.connect("html-page-context", add_link)
    app.connect("build-finished", write_all)
    return {"version": "1", "parallel_read_safe": True}
