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


def drawn(explorer, *parts):
    """Return the parts that are in the picture now."""
    names = (f"[data-part='{part}']:not([display=none])" for part in parts)
    return explorer.root.locator(f".arbook-chart:not([hidden]) :is({', '.join(names)})")


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
    "atlas": ("late", "average"),
    "fit": ("with high", "with mean", "without high", "without mean"),
    "landscape": ("bar 1", "bar 2", "bar 3", "half"),
    "log": ("records",),
    "meta": ("wins", "rivals"),
    "noise": ("other", "other words"),
}


#: The words of a picture that say the answer.
NUMBERED = {
    "conditions": ("best words", "2.2 κ"),
    "atlas": ("late words", "their second half: 23 %"),
    "cover": ("gained", "0.0050 more"),
    "frontier": ("gained words", "0.127 gained"),
    "gain-area": ("times", "× 1.77"),
    "keep-probability": ("each words", "both 50 %"),
    "landscape": ("share 1", "11 %"),
    "multi-agent": ("times", "3.86 × one agent"),
    "racing": ("mean words", "mean: 20 each, 158\N{NO-BREAK SPACE}in\N{NO-BREAK SPACE}all"),
    "stopping": ("lost words", "29 % given away"),
    "true-frontier": ("real words", "6 of 22 real with 95 %"),
}


@pytest.mark.parametrize("opened", sorted(NUMBERED), indirect=True)
def test_the_picture_says_the_answer(explorer):
    part, words = NUMBERED[explorer.name]
    shown = drawn(explorer, part)
    assert not shown.count()
    explorer.click("form >> text=Just show me")
    assert shown.text_content() == words


@pytest.mark.parametrize("opened", sorted(PICTURED), indirect=True)
def test_the_picture_shows_what_was_asked(explorer):
    """Until the reader goes on: then it shows what the controls say."""
    parts = PICTURED[explorer.name]
    shown = drawn(explorer, *parts)
    assert not shown.count()
    explorer.click("form >> text=Just show me")
    assert shown.count() == len(parts)
    explorer.press(next(iter(pages.EXPLORERS[explorer.name].controls())), "PageUp")
    assert not shown.count()


#: Play from the answer, and tell how often what is hidden or shown changes until t is 200.
TURNS = """async (root) => {
  const charts = [...root.querySelectorAll(".arbook-chart")];
  let turns = 0;
  const seen = new MutationObserver((changes) => { turns += changes.length; });
  const how = { attributes: true, attributeFilter: ["hidden"] };
  for (const chart of charts) seen.observe(chart, how);
  root.querySelector("[data-do=play]").click();
  const t = () => Number(root.querySelector("[data-control=t] [role=slider]").ariaValueNow);
  while (t() < 200) await new Promise((then) => { setTimeout(then, 50); });
  root.querySelector("[data-do=play]").click();
  return turns;
}"""


@pytest.mark.parametrize("opened", ["landscape"], indirect=True)
def test_an_answer_does_not_come_back_while_time_plays(explorer):
    """Nor does the picture jump where time passes what was asked: t = 100."""
    explorer.click("form >> text=Just show me")
    assert explorer.state()["t"] == 100
    assert explorer.root.evaluate(TURNS) == 2  # one chart for the other, once


@pytest.mark.parametrize("opened", ["meta"], indirect=True)
def test_after_a_game_comes_the_next(explorer):
    """Not the question's answer, where the game was played before it."""
    explorer.push(explorer.button("One night each"))
    explorer.push(explorer.button("Choose program A"))
    explorer.push(explorer.button("Next shelf"))
    assert not drawn(explorer, "rivals").count()
    assert explorer.page.evaluate("document.activeElement.textContent") == "One night each"


@pytest.mark.parametrize("opened", ["cover", "frontier"], indirect=True)
def test_a_wild_guess_stays_in_the_picture(explorer):
    # as one who has called the first ten experiments of the cover's night
    write = "e => { e.value = '3'; e.dispatchEvent(new Event('input')); e.form.requestSubmit(); }"
    explorer.root.locator("input[name=guess]").evaluate(write)
    explorer.settle()
    assert drawn(explorer, "guess").count() == 1
    low = "e => e.closest('svg').getBoundingClientRect().bottom - e.getBoundingClientRect().bottom"
    for part in ("guess", "sketch"):
        assert drawn(explorer, part).evaluate(low) >= 0


#: Numbers that are guessed, where the picture has a place for them.
GUESSED = {
    "archive": "0.7",
    "budget": "10",
    "gain-area": "1.2",
    "multi-agent": "5",
    "night": "30",
    "overfitting": "3",
    "perturbation": "10",
    "power": "5",
    "stopping": "10",
    "team": "7",
}


@pytest.mark.parametrize("opened", sorted(GUESSED), indirect=True)
def test_the_guess_stands_in_the_picture(explorer):
    """Beside the truth, until the reader goes on."""
    explorer.root.locator("input[name=guess]").fill(GUESSED[explorer.name])
    explorer.click("form >> text=Commit")
    assert explorer.part("guess")
    assert drawn(explorer, "guess words").text_content() == "your guess"
    for control in pages.EXPLORERS[explorer.name].controls():
        explorer.press(control, "PageUp")
    assert not explorer.part("guess") + explorer.part("guess words")


#: Words of an answer, with what they must not lie on.
CLEAR = {
    "atlas": {"late words": ("run", "law", "average")},
    "fit": dict.fromkeys(("with words", "without words"), ("changes", "gains", "without mean")),
    "noise": {"other words": ("other", "true", "logged")},
    "overfitting": {"guess words": ("plain", "bent", "bound"), "found words": ()},
    "perturbation": {
        "guess words": ("step", "bias", "half"),
        "half words": ("step", "guess"),
        "bias words": ("step",),
    },
    "power": dict.fromkeys(("guess words", "wrong words"), ("bell", "zero", "guess line")),
    "stopping": dict.fromkeys(("guess words", "lost words"), ("gain", "kept", "guess line")),
}

#: Words with a line, dots or other words of their own that lie below their letters.
COVERED = """(root, clear) => {
  const part = (name) => root.querySelector(`[data-part="${name}"]:not([display=none])`);
  const letters = (name) => {
    const { x, y, width, height } = part(name).getBBox();
    return new DOMRect(x, y + 3, width, height - 6);
  };
  const meet = (a, b) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const crossed = (words, line) => {
    const box = letters(words), path = part(line).cloneNode();
    for (const piece of part(line).getAttribute("d").split(/(?=M)/)) { // many dots are one path
      path.setAttribute("d", piece);
      for (let at = 0; at < path.getTotalLength(); at++) {
        const { x, y } = path.getPointAtLength(at);
        if (meet(box, new DOMRect(x, y))) return true;
      }
    }
    return false;
  };
  return Object.entries(clear).flatMap(([words, lines]) => [
    ...lines.filter((line) => crossed(words, line)),
    ...Object.keys(clear).filter((other) => other !== words && meet(letters(words), letters(other)))
  ].map((other) => [words, other]));
}"""


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", CLEAR)
def test_words_of_an_answer_lie_on_no_line(visit, name, width):
    """Nor on dots, nor on each other, wherever the guess is."""
    size = {"width": width, "height": 740}
    seen = visit(f"{pages.page_of(name)}.html", viewport=size, reduced_motion="reduce")
    explorer = explorers.Drawn(seen.page, name)
    for guess in ("1", "5", "15", "20", "40", "60", "95") if name in GUESSED else [None]:
        if guess:
            explorer.root.locator("input[name=guess]").fill(guess)
            explorer.click("form >> text=Commit")
        else:
            explorer.click("form >> text=Just show me")
        assert explorer.root.evaluate(COVERED, CLEAR[name]) == [], guess
        explorer.click("[data-act=reset]")


#: How far below the end of its line each name at the end of a line is written, in pixels.
BELOW_ENDS = """(root) => [...root.querySelectorAll("[data-part^='label ']")].map((words) => {
  const name = words.dataset.part.slice("label ".length);
  const line = words.closest("svg").querySelector(`[data-part="${name}"]`);
  return words.getAttribute("y") - line.getPointAtLength(line.getTotalLength()).y;
})"""


def test_names_at_the_ends_of_lines_do_not_lie_across_them(visit):
    """Two of the five rules end near each other: the name of the second stands below its line."""
    seen = visit(f"{pages.page_of('keep-rules')}.html", viewport={"width": 1280, "height": 740})
    explorer = explorers.Drawn(seen.page, "keep-rules")
    explorer.click("form >> text=Just show me")
    below = explorer.root.evaluate(BELOW_ENDS)
    assert len(below) == 5
    assert all(down < -5 or down > 12 for down in below), below


@pytest.mark.parametrize("opened", ["fit"], indirect=True)
def test_the_key_names_what_is_drawn(explorer):
    """The two fits of the answer have their names beside them, the best one in the key."""
    key = explorer.root.locator(".arbook-legend")
    explorer.click("form >> text=Just show me")
    keys = ["gains", "losses", "2 catastrophes"]
    assert key.inner_text().split("\n") == [*keys, "μ of a fit", "its μ ± 2σ"]
    explorer.push(explorer.button("Reveal the best fit"))
    best = ["your model, μ ± 2σ", "μ of the best fit", "its μ ± 2σ"]
    assert key.inner_text().split("\n") == [*keys, *best]


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
