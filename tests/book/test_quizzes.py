"""Quizzes in the page: an answer to every choice, a score that stays in this browser."""

import json
import re

import pages
import pytest

CHAPTERS = [name for name in pages.page_names() if name.startswith("chapters/")]
PAGE = "chapters/03-keep-probability"


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_chapter_has_quizzes(name):
    text = (pages.ROOT / f"{name}.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^```\{quiz\} quiz-[a-z-]+$", text, re.M)) >= 3


def score(page):
    return page.locator(".quiz-score").inner_text()


def test_choices_are_answered_and_the_first_one_counts(visit):
    seen = visit(f"{PAGE}.html")
    page = seen.page
    first, second, third = page.locator(".quiz").all()
    wrong = first.locator(".quiz-choice:has(+ [data-right=false])").first
    right = first.locator(".quiz-choice:has(+ [data-right=true])")
    answer = wrong.locator("+ .quiz-answer")
    assert not answer.is_visible()

    wrong.focus()
    page.keyboard.press("Enter")
    assert answer.is_visible()
    assert len(answer.inner_text().splitlines()) > 1
    assert wrong.get_attribute("aria-expanded") == "true"
    assert score(page).startswith("Not this one. Right at the first choice: 0 of 3")
    right.click()
    assert "0 of 3 on this page" in score(page)  # the second choice does not count
    second.locator(".quiz-choice:has(+ [data-right=true])").click()
    assert "Right. Right at the first choice: 1 of 3 on this page, 1 of 2" in score(page)
    kept = json.loads(page.evaluate("localStorage.getItem('arbook.quizzes')"))
    names = [quiz.get_attribute("id") for quiz in (first, second, third)]
    assert kept == {names[0]: False, names[1]: True}

    page.reload()
    seen.settle()
    assert "1 of 3 on this page, 1 of 2" in score(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save my answers").click()
    with open(saved.value.path(), encoding="utf-8") as file:
        assert json.load(file) == kept
    page.get_by_role("button", name="Forget them").click()
    assert page.evaluate("localStorage.getItem('arbook.quizzes')") is None
    assert "only this browser" in score(page)
    assert seen.errors == []


def test_what_another_page_left_in_the_storage_does_no_harm(visit):
    seen = visit(f"{PAGE}.html")
    for kept in ("nonsense", '"text"', '{"quiz-keep-half": "<b>", "quiz-keep-limit": true}'):
        seen.page.evaluate("kept => localStorage.setItem('arbook.quizzes', kept)", kept)
        seen.page.reload()
        seen.settle()
        assert seen.page.locator(".quiz-choice").count() == 9
    assert "1 of 1 answered" in score(seen.page)
    assert seen.errors == []


def test_without_scripts_the_explanations_unfold(visit):
    page = visit(f"{PAGE}.html", settle=False, java_script_enabled=False).page
    answer = page.locator(".quiz-answer").first
    answer.locator("summary").click()
    assert answer.locator("p:not(.quiz-verdict)").first.is_visible()
