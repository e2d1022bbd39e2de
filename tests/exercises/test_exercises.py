"""Every exercise with a check: what it takes for right, names as wrong, and shows to the reader."""

import ast
import contextlib
import math
import re
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jupytext
import numpy as np
import pytest

import arbook
from arbook import ParameterError, exercises

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted((ROOT / "chapters").glob("*.md"))
TEXTS = {page.stem: page.read_text(encoding="utf-8") for page in CHAPTERS}
PLACED = re.compile(r"^```\{code-exercise\} (\S+)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
LEVEL = re.compile(rf"\(\d+ minutes, (?:{'|'.join(exercises.LEVELS)})\)")
DATA = {name: exercises.show(name) for name in exercises.names()}
MISTAKES = [
    pytest.param(name, message, mistake, id=f"{name}-{number}")
    for name, data in DATA.items()
    for number, (message, mistake) in enumerate(data.mistakes.items())
]

every_exercise = pytest.mark.parametrize("data", DATA.values(), ids=DATA)
every_chapter = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)


def function(data, source):
    """Return the function that a reader defines with this source, as a notebook would."""
    namespace = {}
    exec(source, namespace)
    return namespace[data.function]


def blanks(stub, solution):
    """Return the expressions that a stub leaves blank; what else differs is an error."""
    if isinstance(stub, ast.Constant) and stub.value is ...:
        return [ast.unparse(solution)]
    if isinstance(stub, list):
        assert len(stub) == len(solution)
        return [blank for pair in zip(stub, solution, strict=True) for blank in blanks(*pair)]
    if isinstance(stub, ast.AST):
        assert type(stub) is type(solution)
        fields = [(getattr(stub, name), getattr(solution, name)) for name in stub._fields]
        return [blank for pair in fields for blank in blanks(*pair)]
    assert stub == solution
    return []


# ---------------------------------------------------------------- the data


@every_exercise
def test_the_solution_is_correct(data):
    assert exercises.check(data.name, data.solution)
    assert exercises.check(data.name, function(data, data.code))


@every_exercise
def test_the_stub_is_not_solved_yet(data):
    found = exercises.check(data.name, function(data, data.stub))
    assert (found.status, bool(found)) == ("not solved yet", False)


@pytest.mark.parametrize(("name", "message", "mistake"), MISTAKES)
def test_a_listed_wrong_answer_is_named(name, message, mistake):
    found = exercises.check(name, mistake)
    assert (found.status, found.message) == ("wrong", message)


@every_exercise
def test_the_stub_differs_from_the_solution_at_its_blanks_only(data):
    assert blanks(ast.parse(data.stub), ast.parse(data.code))
    assert "# blank" not in data.stub + data.code


@every_exercise
def test_no_hint_holds_the_solution(data):
    assert len(data.hints) >= 2
    hints = re.sub(r"\s", "", " ".join([data.statement, *data.hints]))
    lines = [line for line in data.code.splitlines() if line not in data.stub.splitlines()]
    for expression in [*blanks(ast.parse(data.stub), ast.parse(data.code)), *lines]:
        assert re.sub(r"\s", "", expression) not in hints


@every_exercise
def test_the_words_are_complete(data):
    assert data.level in exercises.LEVELS
    assert 1 <= data.minutes <= 60
    assert data.title
    assert f"`{data.function}(" in data.statement
    assert len(data.mistakes) >= 3
    # the words are shown in notebooks too, where MyST's roles and directives are not carried out
    for text in (data.statement, *data.hints, data.remark):
        assert not re.search(r"\{[\w:]+\}`|```|\]\(", text)


# ---------------------------------------------------------------- the chapters


def test_every_exercise_is_in_one_chapter_in_the_order_of_the_book():
    placed = [name for text in TEXTS.values() for name, _ in PLACED.findall(text)]
    assert len(placed) == len(set(placed))
    assert set(placed) == set(DATA)
    # a chapter's exercises come from its own module
    for page, text in TEXTS.items():
        homes = {
            DATA[name].solution.__module__.rpartition(".")[2] for name, _ in PLACED.findall(text)
        }
        assert homes == {page[3:].replace("-", "_")}


@every_chapter
def test_every_chapter_has_two_code_exercises_with_a_check(text):
    placed = PLACED.findall(text)
    assert len(placed) >= 2
    assert text.count("```{code-exercise}") == len(placed)
    for name, lines in placed:  # what JupyterLab shows, to run in a cell
        assert lines == f'from arbook import exercises\nexercises.show("{name}")'


@every_chapter
def test_levels_and_minutes_are_marked_in_one_way(text):
    statements = re.findall(r"^`{3,}\{exercise\} .*\n:label: \S+\n(.*)$", text, re.MULTILINE)
    assert len(statements) + len(PLACED.findall(text)) >= 6
    assert [s for s in statements if not LEVEL.match(s)] == []
    found = {LEVEL.match(s)[0].split(", ")[1].rstrip(")") for s in statements} | {"in code"}
    assert found == set(exercises.LEVELS)


def test_the_board_plans_have_the_minutes_of_the_exercises_and_of_the_board():
    plans = (ROOT / "appendix" / "instructors" / "chapters.md").read_text(encoding="utf-8")
    head, *sections = re.split(r"^## \d+ ", plans, flags=re.MULTILINE)
    boards = []
    for (page, text), plan in zip(TEXTS.items(), sections, strict=True):
        written = re.findall(r"^\((\d+) minutes, ", text, re.MULTILINE)
        minutes = [*map(int, written), *(DATA[name].minutes for name, _ in PLACED.findall(text))]
        assert f"**exercises** {sum(minutes)}\n" in plan, page
        boards.append(sum(map(int, re.findall(r"^\d+\. \((\d+)\)", plan, re.MULTILINE))))
        assert f"**board** {boards[-1]} " in plan, page
    assert f"{min(boards)} to {max(boards)}" in head


@every_chapter
def test_an_answer_hides_no_name_of_its_chapter(text):
    cells = [
        cell.source for cell in jupytext.reads(text, "md:myst").cells if cell.cell_type == "code"
    ]
    tree = ast.parse("\n".join(cells))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not names & {DATA[name].function for name, _ in PLACED.findall(text)}


# ---------------------------------------------------------------- the check


def test_another_wrong_answer_gets_the_smallest_input_for_which_it_is_wrong():
    def my_gain_area(frontier):
        return 0.28 if len(frontier) > 2 else sum(frontier[0] - f for f in frontier)

    found = exercises.check("gain-area", my_gain_area)
    assert found.message == "`my_gain_area([2, 1.5, 1.5, 1])` gives `0.28`, expected `2`."


def test_answers_that_look_equal_are_shown_with_more_digits():
    found = exercises.check("half-life", lambda gamma: math.log(2) / math.log(1 / gamma) * 1.000002)
    assert found.message == "`half_life(0.5)` gives `1.000002`, expected `1`."


@pytest.mark.parametrize("answer", [lambda f: [1, [2]], lambda f: "0.28", lambda f: [0.0, 0.1]])
def test_an_answer_of_another_kind_or_shape_is_wrong(answer):
    assert "expected" in exercises.check("gain-area", answer).message


def test_a_very_long_answer_is_shown_in_part():
    message = exercises.check("gain-area", lambda f: [0.5] * 5000).message
    assert " ...`, expected `0`." in message
    assert len(message) < 300


def test_an_exception_is_reported_with_the_readers_line():
    def my_gain_area(frontier):
        values = np.asarray(frontier)
        return np.sum(values, axis=3)

    line = my_gain_area.__code__.co_firstlineno + 2
    found = exercises.check("gain-area", my_gain_area)
    assert found.status == "wrong"
    assert f"stopped in line {line} with `" in found.message
    assert "axis 3 is out of bounds" in found.message


@pytest.mark.parametrize("leave", [exit, sys.exit])
def test_an_answer_that_exits_is_wrong_and_ends_nothing(leave):
    found = exercises.check("gain-area", lambda frontier: leave("bye"))
    assert found.status == "wrong"
    assert found.message.endswith("with `SystemExit: bye`.")


def slow(seconds):
    """Return a right answer that takes so long for each input, and catches what it can."""

    def my_gain_area(frontier):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(Exception):
                time.sleep(seconds)
        return sum(frontier[0] - f for f in frontier)

    return my_gain_area


def test_an_answer_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(exercises._model, "SECONDS", 0.1)
    handler, start = signal.getsignal(signal.SIGALRM), time.monotonic()
    found = exercises.check("gain-area", slow(60))
    assert time.monotonic() - start < 30
    assert (found.status, found.message) == (
        "wrong",
        "`my_gain_area([1, 1])` was stopped: all 4 inputs together may take 0.1 seconds. "
        "Look for a loop that never ends.",
    )
    # no alarm is left behind
    assert signal.getsignal(signal.SIGALRM) is handler
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_in_a_thread_where_no_alarm_rings_there_is_no_limit(monkeypatch):
    monkeypatch.setattr(exercises._model, "SECONDS", 0.01)
    with ThreadPoolExecutor() as pool:
        assert pool.submit(exercises.check, "gain-area", slow(0.02)).result()


def test_an_alarm_that_somebody_has_set_stays(monkeypatch):
    monkeypatch.setattr(exercises._model, "SECONDS", 0.01)
    signal.setitimer(signal.ITIMER_REAL, 600)
    try:
        assert exercises.check("gain-area", slow(0.02))
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 500
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def test_an_answer_may_change_its_arguments():
    def my_gain_area(frontier):
        first = frontier[0]
        frontier.reverse()
        return sum(first - f for f in frontier)

    assert exercises.check("gain-area", my_gain_area)
    assert exercises.check("gain-area", my_gain_area)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (0.14, "the function itself"),
        (lambda: 0.14, "has to take the arguments `(frontier)`"),
        (lambda frontier: None, "Is a `return` missing?"),
    ],
)
def test_what_is_no_answer_is_told_kindly(answer, message):
    assert message in exercises.check("gain-area", answer).message


def test_an_index_with_dots_is_no_blank():
    assert exercises.check("round-gains", lambda delta: delta[..., 0]).status == "wrong"
    assert exercises.check("round-gains", lambda delta: np.maximum(0, -delta[..., :].min(axis=1)))


def test_functions_written_in_c_are_checked_too():
    assert exercises.check("gain-area", np.sum).message.startswith(
        "That is the sum of the frontier"
    )


@pytest.mark.parametrize("function", [exercises.check, lambda name, _: exercises.show(name)])
@pytest.mark.parametrize("name", ["keepprobability", "", 3, None, ["half-life"]])
def test_an_unknown_name_lists_the_nearest(function, name):
    with pytest.raises(ParameterError, match=r"nearest being [\w-]+, [\w-]+, [\w-]+, got"):
        function(name, sum)


def test_the_nearest_name_comes_first():
    with pytest.raises(ParameterError, match="nearest being keep-probability,"):
        exercises.check("keepprobability", sum)


def test_the_result_is_readable():
    found = exercises.check("half-life", lambda gamma: 0.5)
    assert repr(found) == f"half-life: wrong. {found.message}"
    page = found._repr_html_()
    assert "✗ half-life: wrong." in page
    assert "<code>half_life(0.5)</code>" in page
    assert "&lt;" in exercises.Result("x", "wrong", "a < b")._repr_html_()


@every_exercise
def test_what_a_notebook_shows_holds_all_but_the_solution(data):
    shown = data._repr_markdown_()
    for part in (data.title, data.statement, data.stub, data.call, *data.hints):
        assert part in shown
    assert data.code not in shown


def test_the_package_loads_exercises_when_they_are_asked_for():
    assert arbook.exercises is exercises
