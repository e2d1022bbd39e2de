"""A code exercise as data, and the check that names the likely mistake.

The solution of an exercise is a function in one of this folder's modules, and so is every wrong
answer that it lists: code that the tests run. The stub is the solution's own source with the right
sides of the lines that end in ``# blank`` replaced by ``...``.
"""

from __future__ import annotations

import ast
import copy
import difflib
import html
import inspect
import re
import signal
import sys
import textwrap
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from arbook._numerics.validation import refuse, shown
from arbook._palette import PALETTE

#: How an exercise is solved: the words in the brackets before every statement of the book.
LEVELS = ("by hand", "in code", "open")

#: How long an answer may take for all inputs together; the solutions take milliseconds.
SECONDS = 10

#: Every exercise with a check, by its name, in the order of the book.
EXERCISES: dict[str, Exercise] = {}

_BLANK = re.compile(r"^(\s*(?:return |[^=\n]*= )).*  # blank$", re.MULTILINE)
_IMPORTS = {
    "math": "import math",
    "NormalDist": "from statistics import NormalDist",
    "np": "import numpy as np",
}
_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Result:
    """What `check` found; true if the answer is correct.

    Parameters
    ----------
    exercise : str
        Name of the exercise.
    status : str
        "correct", "wrong" or "not solved yet".
    message : str
        The likely mistake, or the smallest input for which the answer is wrong.

    Examples
    --------
    >>> from arbook import exercises
    >>> result = exercises.check("gain-area", sum)
    >>> bool(result), result.status
    (False, 'wrong')
    >>> result.message.split(". ")[0]
    'That is the sum of the frontier'
    """

    exercise: str
    status: str
    message: str

    def __bool__(self) -> bool:
        return self.status == "correct"

    def __repr__(self) -> str:
        return f"{self.exercise}: {self.status}. {self.message}"

    def _repr_html_(self) -> str:
        mark, role = {"correct": ("✓", "third"), "wrong": ("✗", "second")}.get(
            self.status, ("…", "many")
        )
        edge = f"4px solid {PALETTE['light'][role]}"
        message = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(self.message, quote=False))
        return (
            f'<div role="status" style="border-left: {edge}; padding: .2em .8em">'
            f"<strong>{mark} {html.escape(self.exercise)}: {self.status}.</strong> {message}</div>"
        )


@dataclass(frozen=True, eq=False, repr=False)
class Exercise:
    """An exercise whose answer is a function.

    Parameters
    ----------
    title, statement, remark : str
        Heading, task, and what is said below the solution; plain Markdown with mathematics.
    minutes : int
        How long it takes.
    hints : sequence of str
        One after the other; none of them holds the solution.
    inputs : sequence of tuple
        Arguments on which an answer is compared with the solution.
    mistakes : mapping of str to function
        Wrong answers by the message that a reader gets who gave them.
    solution : function
        The answer.
    level : str, default "in code"
        One of `LEVELS`.

    Examples
    --------
    >>> from arbook import exercises
    >>> gain_area = exercises.show("gain-area")
    >>> gain_area.title, gain_area.minutes, gain_area.function
    ('Area of a log', 5, 'my_gain_area')
    """

    title: str
    minutes: int
    statement: str
    hints: Sequence[str]
    inputs: Sequence[tuple[Any, ...]]
    mistakes: Mapping[str, Callable[..., Any]]
    solution: Callable[..., Any]
    remark: str = ""
    level: str = "in code"

    @property
    def function(self) -> str:
        """Name of the function that a reader writes."""
        return self.solution.__name__

    @property
    def name(self) -> str:
        """Name of the exercise, such as "keep-probability" of `my_keep_probability`."""
        return self.function.removeprefix("my_").replace("_", "-")

    @property
    def code(self) -> str:
        """Source of the solution, with its imports."""
        return self._source.replace("  # blank", "")

    @property
    def stub(self) -> str:
        """Source to begin with, the solution with blanks."""
        return _BLANK.sub(r"\1...", self._source)

    @property
    def call(self) -> str:
        """Source of the cell that checks an answer."""
        return f'from arbook import exercises\n\nexercises.check("{self.name}", {self.function})'

    @property
    def _source(self) -> str:
        source = textwrap.dedent(inspect.getsource(self.solution))
        below_decorator = ast.parse(source).body[0].lineno - 1
        body = "\n".join(source.splitlines()[below_decorator:])
        lines = [line for word, line in _IMPORTS.items() if re.search(rf"\b{word}\b", body)]
        return "\n".join(lines) + "\n\n\n" + body if lines else body

    def __repr__(self) -> str:
        return self._repr_markdown_()

    def _repr_markdown_(self) -> str:
        parts = [f"**{self.title}** ({self.minutes} minutes, {self.level})", self.statement]
        parts.append(f"```python\n{self.stub}\n\n\n{self.call}\n```")
        for number, hint in enumerate(self.hints, 1):
            parts.append(f"<details>\n<summary>Hint {number}</summary>\n\n{hint}\n\n</details>")
        return "\n\n".join(parts)

    def check(self, answer: Any) -> Result:
        """Compare an answer with the solution on all inputs."""
        if not callable(answer):
            return self._wrong(
                f"Give the function itself, without brackets: `{self.call.splitlines()[-1]}`."
            )
        if not _takes(answer, self.inputs[0]):
            wanted = inspect.signature(self.solution)
            return self._wrong(f"Your function has to take the arguments `{wanted}`.")
        results: list[Any] = []
        try:
            with _at_most(SECONDS):
                for arguments in self.inputs:
                    results.append(_answer(answer, arguments))
        except _TookTooLongError:
            return self._wrong(
                f"`{self._call(self.inputs[len(results)])}` was stopped: all {len(self.inputs)} "
                f"inputs together may take {SECONDS} seconds. Look for a loop that never ends."
            )
        expected = [self.solution(*copy.deepcopy(arguments)) for arguments in self.inputs]
        right = [_same(*pair) for pair in zip(results, expected, strict=True)]
        if all(right):
            return Result(self.name, "correct", f"Right on all {len(self.inputs)} inputs.")
        if _has_blanks(answer):
            return Result(self.name, "not solved yet", "Fill in what is `...` in the stub.")
        if all(result is None for result in results):
            return self._wrong("Your function returns nothing. Is a `return` missing?")
        for message, mistake in self.mistakes.items():
            others = [mistake(*copy.deepcopy(arguments)) for arguments in self.inputs]
            if all(_same(*pair) for pair in zip(results, others, strict=True)):
                return self._wrong(message)
        failed = [i for i, is_right in enumerate(right) if not is_right]
        calls = {i: self._call(self.inputs[i]) for i in failed}
        smallest = min(failed, key=lambda i: len(calls[i]))
        return self._wrong(_counterexample(calls[smallest], results[smallest], expected[smallest]))

    def _call(self, arguments: tuple[Any, ...]) -> str:
        return f"{self.function}({', '.join(map(_shown, arguments))})"

    def _wrong(self, message: str) -> Result:
        return Result(self.name, "wrong", message)


def exercise(**data: Any) -> Callable[[_Function], _Function]:
    """Make the function below it the solution of an exercise."""
    data["statement"] = data["statement"].strip()
    data["remark"] = data.get("remark", "").strip()

    def register(solution: _Function) -> _Function:
        made = Exercise(solution=solution, **data)
        EXERCISES[made.name] = made
        return solution

    return register


def find(name: str) -> Exercise:
    """Return the exercise of this name."""
    if isinstance(name, str) and name in EXERCISES:
        return EXERCISES[name]
    near = difflib.get_close_matches(
        name if isinstance(name, str) else shown(name), EXERCISES, n=3, cutoff=0.0
    )
    allowed = f"an exercise of arbook.exercises.names(), the nearest being {', '.join(near)}"
    raise refuse("name", name, allowed)


def _takes(function: Callable[..., Any], arguments: tuple[Any, ...]) -> bool:
    try:
        inspect.signature(function).bind(*arguments)
    except TypeError:
        return False
    except ValueError:  # some functions written in C do not say what they take
        return True
    return True


class _TookTooLongError(BaseException):
    """An answer took too long; no ``except Exception`` of a reader catches it."""


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise `_TookTooLongError` in a block that takes longer, where an alarm can be set."""
    main = threading.current_thread() is threading.main_thread()
    if not main or not hasattr(signal, "setitimer") or sys.platform == "emscripten":
        yield  # a thread, Windows, the browser
        return

    def ring(number: int, frame: object) -> None:
        raise _TookTooLongError

    if signal.getitimer(signal.ITIMER_REAL)[0]:
        yield  # somebody, like the grader of the coursework, limits the time already
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)  # and every second, if that is caught
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _answer(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Return a function's answer, or the exception that it raised; `exit()` raises one, too."""
    try:
        return function(*copy.deepcopy(arguments))
    except (Exception, SystemExit) as error:
        return error


def _has_blanks(function: Callable[..., Any]) -> bool:
    code = getattr(function, "__code__", None)
    return code is not None and ... in code.co_consts


def _same(first: Any, second: Any) -> bool:
    """Return whether two answers agree to six digits, in shape and in every element."""
    try:
        first, second = np.asarray(first), np.asarray(second)
    except ValueError:  # ragged nesting
        return False
    if first.shape != second.shape:
        return False
    if first.dtype.kind in "biuf" and second.dtype.kind in "biuf":
        return np.allclose(first, second, rtol=1e-6, atol=1e-12, equal_nan=True)
    return bool(first.dtype.kind == second.dtype.kind and np.all(first == second))


def _shown(value: Any, digits: int = 6) -> str:
    if isinstance(value, (list, tuple)):
        inside = ", ".join(_shown(part, digits) for part in value)
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    if isinstance(value, np.ndarray):
        return np.array2string(value, precision=digits, separator=", ").replace("\n", "")
    if isinstance(value, (float, np.floating)):
        return f"{value:.{digits}g}"
    return str(value) if isinstance(value, np.generic) else repr(value)


def _place(error: BaseException) -> str:
    """Return the reader's line that an error came from, also where a library raised it."""
    frames = traceback.extract_tb(error.__traceback__)[1:]  # the first is our call
    lines = [frame.lineno for frame in frames if frame.filename == frames[0].filename]
    return f" in line {lines[-1]}" if lines else ""


def _counterexample(call: str, got: Any, expected: Any) -> str:
    if isinstance(got, BaseException):
        what = "".join(traceback.format_exception_only(got)).strip()
        return f"`{call}` stopped{_place(got)} with `{what}`."
    digits = next((d for d in (6, 9) if _shown(got, d) != _shown(expected, d)), 17)
    shown = textwrap.shorten(_shown(got, digits), 200, placeholder=" ...")
    return f"`{call}` gives `{shown}`, expected `{_shown(expected, digits)}`."
