"""Time that is played, values that ease, the last state as a ghost, and the hall with its keys."""

import re

import pages
import pytest
from playwright.sync_api import expect

#: Explorers in which something happens in time.
TIMED = sorted(set(pages.EXPLORERS) - {"meta", "atlas", "budget", "overfitting", "power"})
PAGE = {"viewport": {"width": 1920, "height": 1080}}

#: Whether an element fills a screen of that width.
WIDE = "e => e.getBoundingClientRect().width > 1000"
timed = pytest.mark.parametrize("opened", TIMED, indirect=True)


def on(*names):
    return pytest.mark.parametrize("opened", names, indirect=True)


@pytest.fixture
def explorer(opened):
    """Return an explorer at its start, with the question answered."""
    opened.restart()
    yield opened
    assert opened.visit.errors == []


#: What time changes: the picture, or how much of it is uncovered.
NOW = """e => [...e.querySelectorAll(".arbook-svg > g[style], .arbook-figure path")]
  .map((part) => part.getAttribute("d") ?? part.style.clipPath).join()"""


@timed
def test_time_plays_and_pauses(explorer):
    seen = explorer.root.evaluate(NOW)
    play = explorer.root.locator("[data-do=play]")
    play.click()
    expect(play).to_have_text("Pause")
    moved = f"([root, seen]) => ({NOW})(root) !== seen"
    explorer.page.wait_for_function(moved, arg=[explorer.root.element_handle(), seen])
    play.click()
    expect(play).to_have_text("Play")
    explorer.settle()
    paused = explorer.root.evaluate(NOW)
    explorer.page.wait_for_timeout(200)
    assert explorer.root.evaluate(NOW) == paused
    for _ in range(2):  # the next whole experiment may be nearer than a picture shows
        explorer.click("[data-do=step]")
    assert explorer.root.evaluate(NOW) != paused


#: Words of which time covers a part: where they begin and end, and how far it has come.
CUT = """root => [...root.querySelectorAll("svg > g[style] text")].flatMap((words) => {
  const group = words.closest("g"), rest = group.style.clipPath.match(/([0-9.]+)px 0px/)[1];
  const box = words.getBoundingClientRect(), svg = words.closest("svg").getBoundingClientRect();
  const edge = svg.right - rest;
  return box.left < edge && edge < box.right ? [words.textContent] : [];
})"""


@on("frontier", "night")
def test_time_cuts_no_words(explorer):
    """It comes to them, and they are there."""
    play = explorer.root.locator("[data-do=play]")
    play.click()
    while play.inner_text() == "Pause":
        assert explorer.root.evaluate(CUT) == []
        explorer.page.wait_for_timeout(100)


@on("night")
def test_words_wait_for_time(explorer):
    words = explorer.root.locator("[data-part='half words']")
    half = int(words.text_content().split()[-1])
    for _ in range(half):
        explorer.click("[data-do=step]")
        expect(words).to_be_hidden()
    for _ in range(6):  # they begin beside the point
        explorer.click("[data-do=step]")
    expect(words).to_be_visible()


@on("frontier")
def test_who_wants_no_motion_sees_still_pictures(explorer):
    explorer.page.emulate_media(reduced_motion="reduce")
    play = explorer.root.locator("[data-do=play]")
    play.click()
    explorer.settle()
    first = explorer.root.evaluate(NOW)
    explorer.page.wait_for_timeout(500)
    assert explorer.root.evaluate(NOW) == first
    explorer.page.wait_for_timeout(800)
    assert explorer.root.evaluate(NOW) != first
    play.click()
    before = explorer.state()["sigma0"]
    explorer.root.locator("[data-preset='3']").click()
    assert not explorer.root.evaluate("e => 'moving' in e.dataset")
    assert explorer.state()["sigma0"] != before
    explorer.page.emulate_media(reduced_motion="no-preference")


@on("frontier")
def test_values_ease_to_a_preset(explorer):
    watch = """e => { globalThis.passed = new Set();
      const handle = e.querySelector("[data-control=sigma0] .noUi-handle");
      new MutationObserver(() => passed.add(handle.getAttribute("aria-valuetext")))
        .observe(handle, { attributes: true }); }"""
    explorer.root.evaluate(watch)
    explorer.click("[data-preset='3']")
    assert explorer.page.evaluate("passed.size") >= 3


@on("frontier", "gain-area", "trade-off", "keep-probability", "conditions")
def test_the_last_state_stays_as_a_ghost(explorer):
    """On an axis that holds both; a question that is asked again begins without it."""
    ticks = explorer.root.locator(".arbook-axes").last.text_content()
    assert explorer.root.locator(".arbook-ghost:not([display])").count() == 0
    explorer.page.wait_for_timeout(700)
    explorer.press("gamma_first" if explorer.name == "gain-area" else "sigma0", "PageUp")
    explorer.page.wait_for_timeout(700)
    explorer.press("gamma_first" if explorer.name == "gain-area" else "sigma0", "PageUp")
    assert explorer.root.locator(".arbook-ghost:not([display])").count() >= 1
    if explorer.name == "frontier":
        explorer.click("[data-preset='3']")
        low = min(map(float, re.findall(r"\d\.\d+", ticks)))
        now = explorer.root.locator(".arbook-axes").last.text_content()
        assert min(map(float, re.findall(r"\d\.\d+", now))) <= low


@on("frontier")
def test_the_end_of_the_mean_is_dragged(explorer):
    explorer.root.locator(".arbook-svg").evaluate("e => e.scrollIntoView({ block: 'center' })")
    explorer.settle()
    grip = explorer.root.locator("[data-part='grip end']").bounding_box()
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    before = explorer.state()["sigma0"]
    mouse = explorer.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x, y - 40, steps=4)
    mouse.up()
    explorer.settle()
    assert explorer.state()["sigma0"] < before
    explorer.check()


@on("frontier")
def test_a_guess_is_drawn(explorer):
    """With the mouse; its end is the number in the field, and it stays beside the truth."""
    explorer.click("[data-act=ask]")
    explorer.root.locator(".arbook-svg").evaluate("e => e.scrollIntoView({ block: 'center' })")
    explorer.settle()
    box = explorer.root.locator(".arbook-svg").bounding_box()
    mouse = explorer.page.mouse
    mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    mouse.down()
    for part in (0.5, 0.7, 0.9, 1.0):
        mouse.move(
            box["x"] + part * box["width"] - 14, box["y"] + (0.2 + 0.4 * part) * box["height"]
        )
    mouse.up()
    explorer.settle()
    drawn = explorer.part("sketch")
    assert drawn.count("L") > 5
    assert 0.02 < float(explorer.root.locator("input[name=guess]").input_value()) < 0.2
    explorer.root.locator("input[name=guess]").fill("0.05")
    explorer.settle()
    assert explorer.part("sketch") != drawn
    explorer.button("Commit").click()
    explorer.settle()
    assert explorer.part("sketch")
    assert "You guessed 0.050" in explorer.root.locator(".arbook-verdict").inner_text()


@on("frontier")
def test_a_slider_is_said_when_it_rests(explorer):
    """Not once for each of its values on the way."""
    explorer.page.wait_for_timeout(800)
    counting = """e => { globalThis.said = [];
      const voice = e.querySelector("[role=status].arbook-said");
      new MutationObserver(() => said.push(voice.textContent))
        .observe(voice, { childList: true }); }"""
    explorer.root.evaluate(counting)
    for _ in range(6):
        explorer.press("sigma0", "ArrowRight")
    explorer.page.wait_for_timeout(900)
    assert explorer.page.evaluate("said") == [explorer.sentence()]


@on("frontier", "gain-area", "night", "log")
def test_the_hall(explorer):
    """Nothing is smaller than 24 pixels; the picture fills its side, its sentence stands below."""
    figure = explorer.root.locator(".arbook-figure")
    explorer.click("[data-act=hall]")
    explorer.page.wait_for_function(WIDE, arg=figure.element_handle())
    explorer.settle()
    small = """root => [...root.querySelectorAll("*")].filter((e) => e.checkVisibility()
      && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())).map((e) => {
      const svg = e.closest("svg"), box = svg?.getBoundingClientRect();
      const scale = svg ? box.width / svg.viewBox.baseVal.width : 1;
      return [e.textContent, parseFloat(getComputedStyle(e).fontSize) * scale];
    }).filter(([, size]) => size < 24)"""
    assert explorer.root.evaluate(small) == []
    box = figure.bounding_box()
    assert box["height"] > 750
    said = explorer.root.locator("output").first.bounding_box()
    assert box["y"] + box["height"] <= said["y"] + 1
    assert 1040 < said["y"] + said["height"] <= 1080
    explorer.click("[data-act=hall]")
    explorer.page.wait_for_function(f"e => !({WIDE})(e)", arg=figure.element_handle())


@on("meta")
def test_buttons_stand_beside_their_rows(explorer):
    """On the page and in the hall."""
    centres = """(root, which) => [...root.querySelectorAll(which)].map((e) => {
      const { y, height } = e.getBoundingClientRect();
      return y + height / 2;
    })"""
    for _ in range(2):  # into the hall, and back
        explorer.click("[data-act=hall]")
        explorer.settle()
        rows = sorted(explorer.root.evaluate(centres, ".arbook-grid line"))
        assert explorer.root.evaluate(centres, ".arbook-run") == pytest.approx(rows, abs=2)


@on("log")
def test_tiles_do_not_run_into_each_other(explorer):
    """In the hall their numbers are as large as its words."""
    explorer.click("[data-act=hall]")
    explorer.settle()
    cut = """root => [...root.querySelectorAll("dl.arbook-tiles *")]
      .map((e) => e.scrollWidth - e.clientWidth)"""
    assert max(explorer.root.evaluate(cut)) <= 0
    explorer.click("[data-act=hall]")


@on("frontier")
def test_keys(explorer):
    page, play = explorer.page, explorer.root.locator("[data-do=play]")
    page.keyboard.press("f")  # the answer has the focus
    expect(explorer.root).to_have_attribute("data-hall", "")
    explorer.root.evaluate("e => e.focus()")
    page.keyboard.press("Space")
    expect(play).to_have_text("Pause")
    page.keyboard.press("Space")
    expect(play).to_have_text("Play")
    seed = explorer.root.locator("output").inner_text()
    page.keyboard.press("n")
    explorer.settle()
    assert explorer.root.locator("output").inner_text() != seed
    page.keyboard.press("?")
    assert explorer.root.locator(".arbook-keys").is_visible()
    page.keyboard.press("?")
    page.keyboard.press("r")
    field = explorer.root.locator("input[name=guess]")
    field.focus()
    for key in "frn?":
        page.keyboard.press(key)
    assert field.input_value() == "frn?"
    assert explorer.root.get_attribute("data-hall") == ""
    explorer.root.evaluate("e => e.focus()")
    page.keyboard.press("f")
    expect(explorer.root).not_to_have_attribute("data-hall", "")


@on("frontier")
def test_keys_of_the_page_are_not_taken(explorer):
    """Outside the explorer they do nothing."""
    explorer.page.locator("h1").first.click()
    explorer.page.keyboard.press("f")
    assert explorer.root.get_attribute("data-hall") is None
