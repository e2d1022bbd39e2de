"""Hostile submissions: no mark forged, no student lost, nothing left (`make fuzz` has more)."""

import hostile
import pytest
from classroom import in_box, notebook
from fuzz.grading import Damage, damage, works_behind_glass
from test_assignments import NAMES, cells


def test_there_are_twenty_of_each_kind():
    assert {kind: len(set(found)) for kind, found in hostile.KINDS.items()} == dict.fromkeys(
        ("stop", "forge", "read", "write", "stay", "network"), 20
    )


@in_box
@pytest.mark.parametrize("kind", hostile.KINDS)
def test_in_the_box_two_of_a_kind_reach_nothing(kind):
    done, found = damage(kind, hostile.SOME[kind])
    assert done == Damage()
    if kind == "stay":  # in the box they may, so they have run
        assert {row["q1"] for row in found.values()} == {"3"}


@in_box
@pytest.mark.parametrize("kind", ["read", "write", "network"])
def test_they_reach_it_where_the_box_hides_nothing(kind):
    assert all(works_behind_glass(kind, number) for number in hostile.SOME[kind])


@in_box  # around the grader, too: nobody else may meet these
@pytest.mark.parametrize("kind", ["stop", "forge"])
def test_without_a_box_no_mark_is_forged_and_the_class_is_graded_to_its_end(kind):
    done, found = damage(kind, hostile.SOME[kind], "--unboxed")
    assert done == Damage()
    if kind == "stop":
        assert all("tried to end its grader" in row["note"] for row in found.values())


#: What gave full marks to anybody while tests ran in the submission's own process.
PATCH = """
import builtins
real = builtins.compile
def patched(source, file, *rest, **options):
    return real("pass" if file == "<test>" else source, file, *rest, **options)
builtins.compile = patched
"""


@in_box
@pytest.mark.parametrize("name", NAMES)
def test_who_patches_python_gets_what_is_right_and_no_more(built, grade, name):
    blank, solution = cells(built, name, "student"), cells(built, name, "solution")
    submissions = {"forged": notebook(PATCH, *blank), "right": notebook(*solution)}
    found = grade(built, name, submissions)
    assert (found["forged"]["total"], found["forged"]["status"]) == ("0", "ok")
    full = {"hw1": "20", "hw3": "29"}.get(name, "24")
    assert (found["right"]["total"], found["right"]["status"], found["right"]["note"]) == (
        full, "ok", "",
    )  # fmt: skip
