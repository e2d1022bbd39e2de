"""The question of every explorer is answered, whatever the reader does, and asked again."""

import explorers
import pages
import pytest
from playwright.sync_api import expect

ALL = sorted(pages.EXPLORERS)
PAGE = {"reduced_motion": "reduce"}  # of test_explorers.py, too
every_explorer = pytest.mark.parametrize("opened", ALL, indirect=True)


def answer_of(name):
    """Return the answer in words, without a guess."""
    asked, truth = (
        pages.EXPLORERS[name].guess,
        explorers.TRUTHS[name](explorers.DOUBLES[name]()),
    )
    if asked.choices:
        return f"It is: {asked.choices[truth]}. {asked.because}"
    return f"The truth is {truth} {asked.unit}. {asked.because}"


def question(explorer):
    return explorer.root.locator(".arbook-question")


def asks(explorer):
    """Return whether the question is open: its form is there, and no answer."""
    form = question(explorer).locator("form")
    return form.is_visible() and not question(explorer).locator(".arbook-verdict").is_visible()


@every_explorer
def test_who_only_looks_is_answered(explorer):
    """In words, which get the focus, and in the picture."""
    assert asks(explorer)
    veiled = explorer.picture(), explorer.sentence()
    explorer.push(explorer.button("Just show me").first, "keyboard")
    verdict = question(explorer).locator(".arbook-verdict")
    assert verdict.inner_text() == answer_of(explorer.name)
    assert explorer.page.evaluate("document.activeElement.className") == "arbook-verdict"
    assert (explorer.picture(), explorer.sentence()) != veiled
    assert not asks(explorer)


@every_explorer
def test_who_moves_a_control_is_answered(explorer):
    """The answer is about the start, which is said; the focus stays where it was."""
    first = next(iter(pages.EXPLORERS[explorer.name].controls()))
    explorer.press(first, "PageUp")
    asked = pages.EXPLORERS[explorer.name].guess.text
    assert question(explorer).locator(".arbook-verdict").inner_text() == answer_of(explorer.name)
    assert question(explorer).locator(".arbook-ask").inner_text() == f"Asked at the start: {asked}"
    assert explorer.page.evaluate("document.activeElement.className").startswith("noUi-handle")


@every_explorer
def test_it_is_asked_again(explorer):
    """By its button, and by Reset: as at first, and nothing gives the answer away."""
    veiled, first = (
        explorer.picture(),
        next(iter(pages.EXPLORERS[explorer.name].controls())),
    )
    start = explorer.state()
    for again in ("ask", "reset"):
        explorer.click("form >> text=Just show me")
        explorer.press(first, "PageUp")
        assert not asks(explorer)
        explorer.click(f"[data-act={again}]")
        assert asks(explorer)
        if again == "ask":
            inside = "e => e.contains(document.activeElement)"
            assert question(explorer).locator("form").evaluate(inside)
        assert explorer.state() == pytest.approx(start)
        assert explorer.picture() == veiled


@every_explorer
def test_a_preset_has_words_of_its_own(explorer):
    """What there is to see in it; the question of the start does not stand over it."""
    cls = pages.EXPLORERS[explorer.name]
    start = {name: trait.default_value for name, trait in cls.class_traits().items()}
    index = next(
        i for i, p in enumerate(cls.presets) if any(start[k] != v for k, v in p.values.items())
    )
    explorer.click("form >> text=Just show me")
    explorer.click(f"[data-preset='{index}']")
    assert not question(explorer).locator(".arbook-ask").is_visible()
    assert question(explorer).locator(".arbook-seen").inner_text() == cls.presets[index].note
    explorer.click("[data-act=ask]")
    assert question(explorer).locator(".arbook-ask").inner_text() == cls.guess.text


#: The part of a picture that is the answer, where the explorer is about something else.
PICTURED = {
    "atlas": ("late",),
    "fit": ("with band", "without band"),
    "landscape": tuple(f"label γ {said} home" for said in ("0.80: 0 %", "0.93: 1 %", "0.98: 11 %")),
    "log": ("records",),
    "meta": ("wins", "rivals"),
}


@pytest.mark.parametrize("opened", sorted(PICTURED), indirect=True)
def test_the_picture_shows_what_was_asked(explorer):
    """Until the reader goes on: then it shows what the controls say."""
    parts = PICTURED[explorer.name]
    assert [explorer.part(part) for part in parts] == [""] * len(parts)
    explorer.click("form >> text=Just show me")
    assert all(explorer.part(part) for part in parts)
    explorer.press(next(iter(pages.EXPLORERS[explorer.name].controls())), "PageUp")
    assert not any(explorer.part(part) for part in parts)


#: Numbers that are guessed, where the picture has a place for them.
GUESSED = {
    "archive": "0.7",
    "budget": "10",
    "gain-area": "1.2",
    "multi-agent": "5",
    "night": "30",
    "overfitting": "3",
    "perturbation": "10",
    "team": "7",
}


@pytest.mark.parametrize("opened", sorted(GUESSED), indirect=True)
def test_the_guess_stands_in_the_picture(explorer):
    """Beside the truth, until the reader goes on."""
    explorer.root.locator("input[name=guess]").fill(GUESSED[explorer.name])
    explorer.click("form >> text=Commit")
    assert explorer.part("guess")
    assert "your guess" in explorer.part("guess words")
    for control in pages.EXPLORERS[explorer.name].controls():
        explorer.press(control, "PageUp")
    assert not explorer.part("guess") + explorer.part("guess words")


@pytest.mark.parametrize("opened", ["meta", "update-rule"], indirect=True)
def test_the_sentence_says_what_was_asked(explorer):
    """It does not begin with what comes next."""
    explorer.click("form >> text=Just show me")
    begins = {"meta": "Of such contests the better program wins 22 %, its seven rivals 78 %."}
    tie = "A variant that measures 0.9820, exactly the incumbent’s value, is a tie, so DISCARD."
    assert explorer.sentence().startswith(begins.get(explorer.name, tie))


@pytest.mark.parametrize("opened", ["frontier"], indirect=True)
def test_a_preset_answers_the_open_question(explorer):
    explorer.click("[data-preset='3']")
    assert question(explorer).locator(".arbook-verdict").inner_text() == answer_of("frontier")
    assert question(explorer).locator(".arbook-ask").inner_text().startswith("Asked at the start")


def test_a_link_to_another_state_asks_nothing(visit):
    seen = visit(f"{pages.page_of('frontier')}.html#frontier?sigma0=0.02&gamma=0.9")
    explorer = explorers.Drawn(seen.page, "frontier")
    assert question(explorer).inner_text() == "Ask me"
    explorer.click("[data-act=ask]")
    asked = explorer.root.locator(".arbook-ask")
    expect(asked).to_have_text(pages.EXPLORERS["frontier"].guess.text)
