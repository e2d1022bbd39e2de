"""A phone: words have room, a finger moves sliders, a swipe only scrolls, the picture stays.

The book is read from a disk here, where nothing is served: all works as it does on the site.
"""

from urllib.parse import urlencode

import explorers
import pages
import pytest

ALL = sorted(pages.EXPLORERS)
every_explorer = pytest.mark.parametrize("opened", ALL, indirect=True)
PAGE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "disk": True}


@every_explorer
def test_a_link_leads_to_a_state(explorer):
    """And to the explorer's top, with sliders that go on from there."""
    cls = pages.EXPLORERS[explorer.name]
    start = explorer.state()
    aim = start | cls.presets[-1].values
    explorer.page.evaluate("link => { location.hash = link; }", f"{cls.name}?{urlencode(aim)}")
    explorer.settle()
    explorers.check_top(explorer.page, explorer.name)
    assert explorer.check() == pytest.approx(aim)
    first, control = next(iter(cls.controls().items()))
    explorer.press(first, "ArrowLeft" if aim[first] == control.high else "ArrowRight")
    assert explorer.check() != pytest.approx(aim)
    assert explorer.visit.foreign() == []


def swipe(explorer, x, y, by):
    """Put a finger down and move it by so many pixels, upwards if negative."""
    fingers = explorer.page.context.new_cdp_session(explorer.page)
    for part in range(11):
        kind = "touchMove" if part else "touchStart"
        points = [{"x": x, "y": y + by * part / 10}]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    fingers.detach()
    explorer.page.wait_for_timeout(150)
    explorer.settle()


@every_explorer
def test_a_swipe_on_a_picture_only_scrolls(explorer):
    """In the middle of each chart: neither is the question ended nor anything moved."""
    before = explorer.picture(), explorer.root.locator(".arbook-question").inner_text()
    for chart in explorer.root.locator(".arbook-svg").all():
        if not chart.is_visible():
            continue
        chart.evaluate("e => e.scrollIntoView({ block: 'center', behavior: 'instant' })")
        explorer.settle()
        box, scroll = chart.bounding_box(), explorer.page.evaluate("scrollY")
        swipe(explorer, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, -200)
        assert explorer.page.evaluate("scrollY") > scroll + 50
        after = explorer.picture(), explorer.root.locator(".arbook-question").inner_text()
        assert after == before


@every_explorer
def test_the_picture_stays_in_view_while_main_sliders_move(explorer):
    explorer.click("form >> text=Just show me")
    controls = pages.EXPLORERS[explorer.name].controls()
    for name in [name for name, control in controls.items() if not control.more]:
        handle = explorer.handle(name)
        handle.evaluate("e => e.scrollIntoView({ block: 'end', behavior: 'instant' })")
        explorer.page.evaluate("scrollBy({ top: 30, behavior: 'instant' })")
        explorer.settle()
        box = explorer.root.locator(".arbook-figure").bounding_box()
        header = explorer.page.locator(".bd-header-article").first.bounding_box()
        assert box["y"] >= header["y"] + header["height"] - 1, name
        assert box["y"] + box["height"] <= handle.bounding_box()["y"] + 1, name


#: Words of a picture that leave its card, as those of a question did where the frame is narrow.
CUT_OFF = """root => [...root.querySelectorAll("svg text")].filter((text) => {
  const box = text.getBoundingClientRect(), card = root.getBoundingClientRect();
  return box.width && (box.left < card.left || box.right > card.right);
}).map((text) => text.textContent)"""


@every_explorer
def test_a_question_has_room(explorer):
    assert explorer.root.evaluate(CUT_OFF) == []


@every_explorer
def test_a_finger_moves_a_slider(explorer):
    """A finger moves the first slider of a phone, where all targets are 24 pixels or more."""
    first = next(iter(pages.EXPLORERS[explorer.name].controls()))
    handle = explorer.handle(first)
    # below the picture, which is pinned
    handle.evaluate("e => e.scrollIntoView({ block: 'end', behavior: 'instant' })")
    track = explorer.root.locator(f"[data-control={first}] .noUi-base").bounding_box()
    before = handle.get_attribute("aria-valuetext"), explorer.picture()
    x, y = track["x"] + 0.9 * track["width"], track["y"] + track["height"] / 2
    explorer.page.touchscreen.tap(x, y)
    explorer.page.wait_for_timeout(400)
    targets = "button, summary, select, .noUi-handle, input, [role=textbox]"
    small = """(root, targets) => [...root.querySelectorAll(targets)]
      .filter((target) => target.checkVisibility())
      .map((target) => [target.getBoundingClientRect(), target.outerHTML.slice(0, 120)])
      .filter(([box]) => box.width < 24 || box.height < 24)"""
    assert explorer.root.evaluate(small, targets) == []
    assert explorer.root.evaluate(CUT_OFF) == []
    assert handle.get_attribute("aria-valuetext") != before[0]
    assert explorer.picture() != before[1]


#: What is told to a reader of the still, who presses no button: the same as in the still.
TOLD = {
    "update-rule": ["[data-do=step]"] * 20,
    "perturbation": ["[data-do=step]"] * 23,
    "fit": [".arbook-button:text('Reveal')"],
}


# but for the game, whose numbers are tested
@pytest.mark.parametrize("opened", sorted(set(ALL) - {"meta"}), indirect=True)
def test_the_still_says_what_the_page_says(explorer):
    if explorer.root.locator("form.arbook-guess").count():  # the cover asks in its own way
        explorer.click("form.arbook-guess >> text=Just show me")
    for button in TOLD.get(explorer.name, []):
        explorer.click(button)
    still = explorers.still_of(explorer.page, explorer.name)
    assert explorer.sentence() == still.get_attribute("alt")


#: Scrolls until an element stands so many pixels below the top of the screen.
TO = """(e, top) =>
  scrollBy({ top: e.getBoundingClientRect().top - top, behavior: "instant" })"""

#: Whether the answer is below the header, and 150 pixels of the picture are on the screen.
IN_VIEW = """(root) => {
  const box = (selector) => root.querySelector(selector).getBoundingClientRect();
  const header = document.querySelector(".bd-header-article").getBoundingClientRect();
  return header.bottom - 1 <= box(".arbook-verdict").top
    && box(".arbook-figure").top + 150 <= innerHeight;
}"""


@pytest.mark.parametrize("top", [60, 90, 250, 690])  # pixels: where the button is pressed
@pytest.mark.parametrize("opened", ["archive"], indirect=True)
def test_an_answer_and_its_picture_are_in_view(explorer, top):
    """However long the question is, and wherever the page has been scrolled to."""
    button = explorer.root.locator("form.arbook-guess >> text=Just show me")
    button.evaluate(TO, top)
    explorer.settle()
    box = button.bounding_box()
    explorer.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    explorer.settle()
    assert explorer.root.evaluate(IN_VIEW)


#: Whether the answer is below the header, and the picture, or 300 pixels of it, on the screen.
BOTH = """(root) => {
  const box = (selector) => root.querySelector(selector).getBoundingClientRect();
  const header = document.querySelector(".bd-header-article").getBoundingClientRect();
  const { top, height } = box(".arbook-figure"), seen = top + Math.min(height, 300) <= innerHeight;
  return header.bottom - 1 <= box(".arbook-verdict").top && seen;
}"""

#: Words of a chart that hide each other.
HIDDEN = """root => [...root.querySelectorAll(".arbook-svg")].flatMap((svg) => {
  const words = [...svg.querySelectorAll(".arbook-label")]
    .filter((e) => e.checkVisibility() && e.textContent);
  const boxes = words.map((e) => e.getBoundingClientRect());
  return words.flatMap((one, i) => words.slice(0, i).filter((_, j) => {
    const [a, b] = [boxes[i], boxes[j]];
    return Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
      && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 5;
  }).map((other) => [one.textContent, other.textContent]));
})"""


@every_explorer
def test_a_picture_is_seen_with_its_answer(explorer):
    """Nothing that only changes it stands between, and no words of it hide others."""
    explorer.click("form >> text=Just show me")
    assert explorer.root.evaluate(BOTH)
    assert explorer.root.evaluate(CUT_OFF) == []
    assert explorer.root.evaluate(HIDDEN) == []


#: Whether two parts of a picture overlap.
OVERLAP = """([one, other]) => {
  const [a, b] = [one, other].map((part) => part.getBoundingClientRect());
  return Math.min(a.right, b.right) > Math.max(a.left, b.left)
    && Math.min(a.bottom, b.bottom) > Math.max(a.top, b.top);
}"""


@pytest.mark.parametrize("opened", ["multi-agent"], indirect=True)
def test_a_mean_that_plays_hides_no_words(explorer):
    explorer.click("form >> text=Just show me")
    mean, *words = [
        explorer.root.locator(f"[data-part='{name}']")
        for name in ("mean", "mean words", "best words")
    ]
    for _ in range(12):
        explorer.click("[data-do=step]")
        for pair in ((mean, words[1]), words):
            handles = [part.element_handle() for part in pair]
            assert not explorer.page.evaluate(OVERLAP, handles)


@pytest.mark.parametrize(
    "opened", ["landscape", "multi-agent", "racing", "stopping"], indirect=True
)
def test_no_setting_hides_words(explorer):
    explorer.click("form >> text=Just show me")
    for preset in explorer.root.locator("[data-preset]").all():
        preset.click()
        explorer.settle()
        assert explorer.root.evaluate(CUT_OFF) == []
        assert explorer.root.evaluate(HIDDEN) == []


@pytest.mark.parametrize("size", [(360, 740), (1280, 900)])
@pytest.mark.parametrize("name", ["keep-probability", "landscape", "racing"])
def test_full_screen_is_for_any_screen(visit, name, size):
    """Letters and charts are as large as it allows, and lie on nothing."""
    screen = {"width": size[0], "height": size[1]}
    seen = visit(f"{pages.page_of(name)}.html", viewport=screen, reduced_motion="reduce")
    explorer = explorers.Drawn(seen.page, name)
    explorer.click("form >> text=Just show me")
    explorer.click("[data-act=hall]")
    explorer.settle()
    assert explorer.root.bounding_box() == {"x": 0, "y": 0, **screen}
    parts = [explorer.root.locator(f".arbook-{part}") for part in ("figure", "question")]
    handles = [part.element_handle() for part in parts]
    assert not explorer.page.evaluate(OVERLAP, handles)
    assert explorer.root.evaluate(HIDDEN) == []
    charts = explorer.root.locator(".arbook-chart:not([hidden]) svg").all()
    assert all(chart.bounding_box()["height"] >= 115 for chart in charts)
    explorer.click("[data-act=hall]")
    assert explorer.root.bounding_box()["width"] < size[0]


NUMBERS = [name for name in ALL if not pages.EXPLORERS[name].guess.choices]


@pytest.mark.parametrize("opened", NUMBERS, indirect=True)
def test_a_guess_hides_no_words(explorer):
    """Wherever it stands, near the truth and far from it."""
    truth = float(explorers.TRUTHS[explorer.name](explorers.DOUBLES[explorer.name]()))
    for share in (0.4, 0.5, 0.8, 1, 1.3, 2):
        explorer.click("[data-act=reset]")
        explorer.root.locator("input[name=guess]").first.fill(f"{share * truth:.6f}")
        explorer.click("form >> text=Commit")
        assert explorer.root.evaluate(CUT_OFF) == [], share
        assert explorer.root.evaluate(HIDDEN) == [], share


@pytest.mark.parametrize("opened", ["landscape"], indirect=True)
def test_what_is_chosen_stands_below_the_picture(explorer):
    """On a phone, with what there is to see; a screen that is turned has it above."""
    parts = ".arbook-bar, .arbook-seen, .arbook-legend, .arbook-figure, .arbook-controls"
    order = f"""root => [...root.querySelectorAll("{parts}")]
      .filter((part) => !part.closest(".arbook-more"))
      .map((part) => part.className.replace("arbook-", ""))"""
    chosen = ["bar", "seen", "bar"]  # presets, and the rows of the landscape
    below = ["legend", "figure", *chosen, "controls"]
    assert explorer.root.evaluate(order) == below
    try:
        explorer.page.set_viewport_size({"width": 740, "height": 360})
        explorer.settle()
        turned = ["seen", "bar", "legend", "bar", "figure", "controls"]
        assert explorer.root.evaluate(order) == turned
    finally:
        explorer.page.set_viewport_size(PAGE["viewport"])
    explorer.settle()
    assert explorer.root.evaluate(order) == below
