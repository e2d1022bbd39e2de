"""Quizzes: a question with choices, each with what is to be said about it.

::

    ```{quiz} quiz-frontier-double
    What happens to the expected gain when σ₀ doubles?

    - wrong: It stays.

      The steps are larger, and so are the gains.
    - right: It doubles.

      At μ = 0 every improvement scales with σ₀.
    ```

The page holds choices and explanations, the latter folded; `assets/quiz.js` makes buttons of the
choices where scripts run.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

MARKS = {"wrong: ": False, "right: ": True}


class quiz(nodes.General, nodes.Element):
    """A question and its choices."""


class quiz_answer(nodes.General, nodes.Element):
    """What is said about a choice."""


class QuizDirective(SphinxDirective):
    """One question."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the question with its choices."""
        name = self.arguments[0]
        box = quiz(classes=["quiz"])
        self.set_source_info(box)
        self.state.nested_parse(self.content, self.content_offset, box)
        *question, found = box.children or [None]
        if not question or not isinstance(found, nodes.bullet_list):
            raise self.error(f"quiz '{name}' is not a question and a list of choices")
        choices = nodes.enumerated_list(enumtype="loweralpha", prefix="", suffix=")")
        choices.extend(self.choice(name, item) for item in found.children)
        if [answer["right"] for answer in choices.findall(quiz_answer)].count(True) != 1:
            raise self.error(f"quiz '{name}' has not one right choice")
        box.replace(found, choices)
        self.options["name"] = name
        self.add_name(box)
        return [box]

    def choice(self, name: str, item: nodes.Element) -> nodes.list_item:
        """Return a choice, its explanation in a box of its own."""
        first, *rest = item.children
        mark = first.astext()[:7]
        if mark not in MARKS or not rest:
            raise self.error(
                f"quiz '{name}': a choice begins with right: or wrong:, and is explained"
            )
        text = next(first.findall(nodes.Text))
        text.parent.replace(text, nodes.Text(text[len(mark) :]))
        answer = quiz_answer("", *rest, right=MARKS[mark])
        return nodes.list_item("", first, answer)


def visit_quiz(self: Any, node: quiz) -> None:
    """Open the box."""
    self.body.append(self.starttag(node, "div", ""))


def depart_quiz(self: Any, node: quiz) -> None:
    """Close the box."""
    self.body.append("</div>\n")


def visit_answer(self: Any, node: quiz_answer) -> None:
    """Open what is folded."""
    says = "Right" if node["right"] else "Not this one"
    self.body.append(
        f'<details class="quiz-answer" data-right="{str(node["right"]).lower()}">'
        f'<summary>Is it this one?</summary><p class="quiz-verdict">{says}.</p>'
    )


def depart_answer(self: Any, node: quiz_answer) -> None:
    """Close it."""
    self.body.append("</details>\n")


def add_script(app: Sphinx, page: str, template: str, context: Any, doctree: Any) -> None:
    """Give pages with quizzes their script."""
    if doctree is not None and next(doctree.findall(quiz), None) is not None:
        app.add_js_file("quiz.js", defer="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_node(quiz, html=(visit_quiz, depart_quiz))
    app.add_node(quiz_answer, html=(visit_answer, depart_answer))
    app.add_directive("quiz", QuizDirective)
    app.connect("html-page-context", add_script)
    return {"version": "1", "parallel_read_safe": True}
