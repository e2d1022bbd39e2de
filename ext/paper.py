"""The book on paper and for e-readers: answers at the back, and an index.

What a page folds lies open on paper. So hints, solutions and what quizzes say of their choices move
to the page with ``{answers}``, and a line with its place stays with each question. ``{terms}`` is
the index: the words that ``{index}`` and the glossary name. Both pages are in
`appendix/paper/`, and in the books of `make pdf` and `make epub` only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx_exercise.nodes import is_exercise_node, is_solution_node

from ext.laws import reference
from ext.quizzes import quiz, quiz_answer

ANSWERS, TERMS = "appendix/paper/answers", "appendix/paper/terms"
BUILDERS = ("singlehtml", "epub")


class answers(nodes.General, nodes.Element):
    """The place of all hints, solutions and answers."""


class terms(nodes.General, nodes.Element):
    """The place of the index."""


class AnswersDirective(SphinxDirective):
    """All hints, solutions and answers."""

    def run(self) -> list[nodes.Node]:
        """Return the place."""
        self.env.note_reread()  # any page may have others
        return [answers()]


class TermsDirective(SphinxDirective):
    """The index."""

    def run(self) -> list[nodes.Node]:
        """Return the place."""
        self.env.note_reread()
        return [terms()]


def is_help(node: nodes.Node) -> bool:
    """Return whether a node is a hint or a solution."""
    return is_solution_node(node) or (
        isinstance(node, nodes.admonition) and "hint" in node["classes"]
    )


def helps_of(exercise: nodes.Element) -> list[nodes.Element]:
    """Return the hints and the solution that follow an exercise."""
    found = []
    for node in exercise.findall(include_self=False, descend=False, siblings=True):
        if is_exercise_node(node) or isinstance(node, nodes.section):
            break
        if is_help(node):
            found.append(node)
    return found


def questions_of(tree: nodes.Element) -> list[tuple[nodes.Element, str]]:
    """Return a page's quizzes and exercises that have help, in order, each with its name."""
    return [
        (node, node["label"] if is_exercise_node(node) else node["names"][0])
        for node in tree.findall()
        if isinstance(node, quiz) or (is_exercise_node(node) and helps_of(node))
    ]


class PaperTransform(SphinxPostTransform):
    """What happens to a book that has the pages for paper."""

    builders = BUILDERS

    def link(self, text: str, page: str, target: str) -> nodes.reference:
        """Return a link to a place in the book."""
        uri = self.app.builder.get_relative_uri(self.env.docname, page)
        return nodes.reference("", text, internal=True, refuri=f"{uri}#{target}")

    def pages(self, first: str) -> Iterator[str]:
        """Yield a page and all below it, in the order of the book."""
        yield first
        for page in self.env.toctree_includes.get(first, ()):
            yield from self.pages(page)


class MoveAnswers(PaperTransform):
    """Move answers to their page: before references are resolved, after every page was read."""

    default_priority = 2

    def run(self, **kwargs: Any) -> None:
        """Leave a line with each question, and fill the page."""
        if ANSWERS not in self.env.found_docs:
            return
        for question, name in questions_of(self.document):
            if isinstance(question, quiz):
                words = "Answer"
                for found in list(question.findall(quiz_answer)):
                    found.parent.remove(found)
            else:
                helps = helps_of(question)
                words = "Hints" if len(helps) > 2 or not is_solution_node(helps[-1]) else "Hint"
                if is_solution_node(helps[-1]):
                    words = f"{words} and solution" if len(helps) > 1 else "Solution"
                for found in helps:
                    found.parent.remove(found)
            line = nodes.paragraph(classes=["see-answers"])
            line += self.link(words, ANSWERS, f"answers-{name}")
            question += line
        for place in list(self.document.findall(answers)):
            place.replace_self(list(self.chapters()))
        for node in self.document.findall(lambda n: is_exercise_node(n) or is_solution_node(n)):
            for content in node.findall(nodes.section):
                content["ids"] = []  # sphinx-exercise gives all of them the same

    def chapters(self) -> Iterator[nodes.section]:
        """Yield the answers of each chapter."""
        for page in self.pages(self.config.root_doc):
            found = questions_of(self.env.get_doctree(page))
            if found:
                title = self.env.titles[page].deepcopy()
                section = nodes.section(ids=[nodes.make_id(f"answers-{page}")])
                section += nodes.title("", "", *title.children)
                quizzes = [name for question, name in found if isinstance(question, quiz)]
                for question, name in found:
                    part = nodes.container(ids=[f"answers-{name}"], classes=["answers"])
                    if isinstance(question, quiz):
                        part += self.choices(question, page, quizzes.index(name) + 1, name)
                    else:
                        part += self.helps(question, name)
                    section += part
                yield section

    def choices(self, question: quiz, page: str, number: int, name: str) -> list[nodes.Node]:
        """Return what is said about the choices of a quiz."""
        said = list(question.findall(quiz_answer))
        right = "abcdefgh"[[answer["right"] for answer in said].index(True)]
        title = nodes.paragraph("", "", classes=["answers-title"])
        title += self.link(f"Question {number}", page, name)
        title += nodes.Text(f": {right}")
        choices = nodes.enumerated_list(enumtype="loweralpha", prefix="", suffix=")")
        for answer in said:
            choices += nodes.list_item("", *(child.deepcopy() for child in answer.children))
        return [title, self.at_home(choices)]

    def helps(self, question: nodes.Element, name: str) -> list[nodes.Node]:
        """Return the hints and the solution of an exercise."""
        title = nodes.paragraph("", "", classes=["answers-title"])
        title += reference("std", "numref", name, self.env.docname)
        return [title, *(self.at_home(found.deepcopy()) for found in helps_of(question))]

    def at_home(self, moved: nodes.Element) -> nodes.Element:
        """Return a part of another page, whose references begin here."""
        for xref in moved.findall(addnodes.pending_xref):
            xref["refdoc"] = self.env.docname
        return moved


class Unfold(PaperTransform):
    """Show the code that a page folds."""

    default_priority = 250  # when MyST-NB has folded it

    def run(self, **kwargs: Any) -> None:
        """Put it in the place of its fold."""
        for fold in list(self.document.findall(HideCodeCellNode)):
            fold.replace_self(fold.children)


class NameTerms(SphinxTransform):
    """Give the places of indexed words names that no other page has."""

    default_priority = 800  # before Sphinx's own index takes them

    def apply(self, **kwargs: Any) -> None:
        """Rename them."""
        if TERMS not in self.env.found_docs:
            return
        places = {
            name: node for node in self.document.findall(nodes.target) for name in node["ids"]
        }
        for node in self.document.findall(addnodes.index):
            for i, (kind, value, target, main, key) in enumerate(node["entries"]):
                if target.startswith("index-"):
                    name = nodes.make_id(f"{target}-{self.env.docname}")
                    node["entries"][i] = (kind, value, name, main, key)
                    places[target]["ids"] = [name]


class FillTerms(PaperTransform):
    """Fill the index."""

    default_priority = 3

    def run(self, **kwargs: Any) -> None:
        """Put the index into its place."""
        for place in list(self.document.findall(terms)):
            place.replace_self(nodes.container("", *self.letters(), classes=["terms"]))

    def letters(self) -> Iterator[nodes.Node]:
        """Yield each letter and its words with links to their places."""
        index: dict[str, list[nodes.reference]] = defaultdict(list)
        for page in self.pages(self.config.root_doc):
            if page.startswith("appendix/api"):
                continue  # the reference is its own index
            for node in self.env.get_doctree(page).findall(addnodes.index):
                for kind, value, target, *_ in node["entries"]:
                    for word in words_of(kind, value):
                        index[word].append(self.link(self.env.titles[page].astext(), page, target))
        letters: dict[str, nodes.bullet_list] = defaultdict(nodes.bullet_list)
        for word in sorted(index, key=str.casefold):
            line = nodes.paragraph("", word)
            for place in index[word]:
                line += [nodes.Text(", "), place]
            letters[word[0].upper()] += nodes.list_item("", line)
        for letter, words in letters.items():
            words["classes"] = ["simple"]
            yield nodes.rubric("", letter)
            yield words


def words_of(kind: str, value: str) -> Iterable[str]:
    """Return the words under which an entry stands in the index."""
    parts = [part.strip() for part in value.split(";")]
    return [f"{parts[0]}, {parts[1]}", f"{parts[1]}, {parts[0]}"] if kind == "pair" else parts[:1]


class NameParts(PaperTransform):
    """Write the name of a part before its first page, where all pages are one."""

    builders = ("singlehtml",)
    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        """Put the names into their places."""
        pages = {page["docname"]: page for page in self.document.findall(addnodes.start_of_file)}
        for toc in self.env.get_doctree(self.config.root_doc).findall(addnodes.toctree):
            if toc["caption"]:
                name = nodes.paragraph("", toc["caption"], classes=["part"])
                first = pages[toc["includefiles"][0]]
                first.parent.insert(first.parent.index(first), name)


class UniqueIds(SphinxPostTransform):
    """Let names of places differ where pages are one or their parts are copied; links follow."""

    default_priority = 900  # when references are resolved
    builders = BUILDERS

    def run(self, **kwargs: Any) -> None:
        """Rename what has the name of a place before it."""
        seen: set[str] = set()
        for page in (self.document, *self.document.findall(addnodes.start_of_file)):
            renamed: dict[str, str] = {}
            name = page.get("docname", self.env.docname)
            for node in own(page):
                # sections and figures are numbered by these names
                if isinstance(node, nodes.section | nodes.figure):
                    continue
                for i, known in enumerate(node["ids"]):
                    if known in seen:
                        node["ids"][i] = nodes.make_id(f"{name}-{known}-{len(seen)}")
                        renamed.setdefault(known, node["ids"][i])
                    seen.add(node["ids"][i])
            start = f"#document-{name}#"
            for link in self.document.findall(nodes.reference):
                uri = link.get("refuri", "")
                if uri.startswith(start) and uri.removeprefix(start) in renamed:
                    link["refuri"] = f"#{renamed[uri.removeprefix(start)]}"


def own(page: nodes.Element) -> Iterator[nodes.Element]:
    """Yield what a page holds, without the pages below it."""
    for child in page.children:
        if isinstance(child, nodes.Element) and not isinstance(child, addnodes.start_of_file):
            yield child
            yield from own(child)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives and what fills them."""
    app.add_node(answers)
    app.add_node(terms)
    app.add_directive("answers", AnswersDirective)
    app.add_directive("terms", TermsDirective)
    app.add_transform(NameTerms)
    for transform in (MoveAnswers, FillTerms, NameParts, Unfold, UniqueIds):
        app.add_post_transform(transform)
    return {"version": "1", "parallel_read_safe": True}
