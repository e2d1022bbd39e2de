"""Code exercises from their data in `arbook.exercises`, and the edition without solutions.

::

    ```{code-exercise} keep-probability
    from arbook import exercises
    exercises.show("keep-probability")
    ```

becomes what an author would write by hand: an exercise of sphinx-exercise with the label
``ex-keep-probability``, its hints, and its folded solution. The lines inside are for those who open
the chapter as a notebook in JupyterLab, where directives are not carried out.

With ``ARBOOK_SOLUTIONS=no`` in the environment no solution is part of the book, whoever wrote it.
"""

from __future__ import annotations

import os
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util.docutils import SphinxDirective

from arbook import ParameterError, exercises


def statement(exercise: exercises.Exercise, *, stub: bool = True) -> str:
    """Return the exercise in MyST Markdown, with or without the code to begin with."""
    code = f"\n```python\n{exercise.stub}\n\n\n{exercise.call}\n```\n" if stub else ""
    return f"""\
````{{exercise}} {exercise.title}
:label: ex-{exercise.name}
({exercise.minutes} minutes, {exercise.level}) {exercise.statement}
{code}````
"""


def help_and_solution(exercise: exercises.Exercise) -> str:
    """Return the hints and the solution in MyST Markdown."""
    blocks = []
    for number, hint in enumerate(exercise.hints, 1):
        title = f"Hint {number}" if len(exercise.hints) > 1 else "Hint"
        blocks.append(f"```{{admonition}} {title}\n:class: dropdown hint\n{hint}\n```\n")
    blocks.append(f"""\
````{{solution}} ex-{exercise.name}
:class: dropdown
```python
{exercise.code}
```
{exercise.remark}
````
""")
    return "\n".join(blocks)


class CodeExercise(SphinxDirective):
    """One exercise of `arbook.exercises`."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the exercise, its hints and its solution."""
        try:
            exercise = exercises.show(self.arguments[0])
        except ParameterError as error:
            raise self.error(str(error)) from error
        text = statement(exercise) + "\n" + help_and_solution(exercise)
        place = nodes.Element()
        source, _ = self.get_source_info()
        lines = StringList(text.splitlines(), source=source)
        self.state.nested_parse(lines, self.content_offset, place)
        return place.children


def choose_edition(app: Sphinx, config: Config) -> None:
    """Leave solutions out where that is wanted; sphinx-exercise knows how."""
    wanted = os.environ.get("ARBOOK_SOLUTIONS", "yes")
    if wanted not in ("yes", "no"):
        raise ConfigError(f"SOLUTIONS must be yes or no, got {wanted!r}")
    config.hide_solutions = wanted == "no"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive and the edition."""
    app.add_directive("code-exercise", CodeExercise)
    app.connect("config-inited", choose_edition)
    return {"version": "1", "parallel_read_safe": True}
