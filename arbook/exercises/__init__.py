"""Exercises of the book that check an answer, and name the likely mistake in it.

Examples
--------
>>> from arbook import exercises
>>> exercises.check("half-life", lambda gamma: 1 / (1 - gamma))
half-life: wrong. 1/(1 − γ) is the reach in units of σ₀: how many first steps all steps add up to.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from arbook.exercises._model import EXERCISES, LEVELS, Exercise, Result, find

__all__ = ["LEVELS", "Exercise", "Result", "check", "names", "show"]

# One module a chapter, in the order of the book: each adds its exercises.
for _chapter in (
    "update_rule",
    "perturbation_model",
    "keep_probability",
    "frontier",
    "gain_area",
    "trade_offs",
    "multi_agent",
    "what_agents_cost",
    "meta_optimisation",
    "racing",
    "reading_a_run",
    "measured_and_true",
    "fitting",
    "another_night",
    "an_atlas_of_runs",
    "landscapes",
    "noise",
    "a_loop_of_your_own",
    "when_to_stop",
    "what_is_enough",
    "the_budget",
    "a_sealed_test",
):
    import_module(f"arbook.exercises.{_chapter}")


def check(name: str, function: Callable[..., Any]) -> Result:
    """Check the answer to an exercise.

    Parameters
    ----------
    name : str
        Name of the exercise, as in `names`.
    function : function
        The answer, the function itself.

    Returns
    -------
    Result
        Correct, wrong or not solved yet. A wrong answer that the exercise lists is named; for any
        other the message shows the smallest input for which it is wrong. An answer that takes
        longer than ten seconds is stopped and wrong, except in the browser, on Windows and in a
        thread, where it has no limit.

    Raises
    ------
    ParameterError
        If there is no exercise of this name; the message lists the nearest ones.

    Examples
    --------
    >>> from math import log
    >>> check("half-life", lambda gamma: log(2) / log(1 / gamma))
    half-life: correct. Right on all 4 inputs.
    >>> check("half-life", lambda gamma: 0.5)
    half-life: wrong. `half_life(0.5)` gives `0.5`, expected `1`.
    """
    return find(name).check(function)


def names() -> list[str]:
    """Return the names of all exercises that have a check, in the order of the book.

    Returns
    -------
    list of str
        Names that `check` and `show` take.

    Examples
    --------
    >>> names()[:2]
    ['statuses', 'incumbent']
    """
    return list(EXERCISES)


def show(name: str) -> Exercise:
    """Return an exercise: its statement, what to begin with, and its hints.

    Parameters
    ----------
    name : str
        Name of the exercise, as in `names`.

    Returns
    -------
    Exercise
        Shown in a notebook as the book shows it, without the solution.

    Raises
    ------
    ParameterError
        If there is no exercise of this name; the message lists the nearest ones.

    Examples
    --------
    >>> print(show("half-life").stub)
    import math
    <BLANKLINE>
    <BLANKLINE>
    def half_life(gamma):
        \"\"\"Return after how many experiments the step has halved.\"\"\"
        return ...
    """
    return find(name)
