"""Every explorer of the built book: alive, right, reachable by keyboard, and modest."""

import json
import re

import explorers
import pages
import pytest
from explorers import Drawn

#: A preset sets its values at once, where each else would be drawn on its way, at every frame.
PAGE = {"reduced_motion": "reduce"}

PHONE = {"viewport": {"width": 360, "height": 740}}

ALL = sorted(pages.EXPLORERS)
every_explorer = pytest.mark.parametrize("name", ALL)


@pytest.fixture
def drawn(visit):
    """Return a function that opens the page of an explorer."""

    def open_explorer(name: str, fragment: str = "", **options) -> Drawn:
        seen = visit(f"{pages.page_of(name)}.html{fragment}", **options)
        if fragment:
            seen.page.wait_for_timeout(600)  # till it has been brought into view for good
            explorers.check_top(seen.page, name)
        explorer = Drawn(seen.page, name)
        explorer.visit = seen
        return explorer

    return open_explorer


@pytest.fixture
def explorer(opened):
    """Return an explorer at its start, where it asks."""
    yield opened
    opened.click("[data-act=reset]")


every_explorer_reset = pytest.mark.parametrize("opened", ALL, indirect=True)


@every_explorer
def test_a_page_has_each_module_once(name, site):
    """An explorer names the modules that it is joined from; assets/widgets.js joins them."""
    page = (site / f"{pages.page_of(name)}.html").read_text(encoding="utf-8")
    kind = "application/vnd.jupyter.widget-state+json"
    (text,) = re.findall(rf'<script type="{re.escape(kind)}">(.*?)</script>', page, re.DOTALL)
    saved = json.loads(text)
    parts, states = saved["parts"], [model["state"] for model in saved["state"].values()]
    (state,) = (s for s in states if s.get("_spec", {}).get("name") == name)
    cls = pages.EXPLORERS[name]
    for key in ("_esm", "_css"):
        assert "\n".join(parts[part] for part in state[key]) == getattr(cls, key)
    assert set(parts) == {
        part for s in states for key in ("_esm", "_css") for part in s.get(key, ())
    }
    for source in parts.values():
        assert page.count(json.dumps(source)[1:-1]) == 1


def test_what_a_sentence_says():
    """Each number counts once, with its digits, its sign and its power of ten."""
    sentence = "Run mol-1 kept 1 of 10 (10 %), from −0.50 to 1.2 × 10⁻⁵."
    assert explorers.unsaid(sentence, ["1", "10", "10", "−0.50", ("0", "1.2 × 10⁻⁵")]) == []
    for wrong in ("0", "0.5", "0.50", "−0.5", "1.2", "1.0", ("2", "3")):
        assert explorers.unsaid(sentence, [wrong]) == [wrong]
    assert explorers.unsaid(sentence, ["1", "1"]) == ["1"]
    values = [(0.125, 2), (-0.004, 2), (2.5, 0), (-1.5, 1), (1e-12, 4)]
    assert [explorers.fixed(*value) for value in values] == ["0.13", "0.00", "3", "−1.5", "0.0000"]


def leave_start(explorer: Drawn) -> None:
    """Move every slider: it ends the question, and leaves values where σ does not matter."""
    for control in pages.EXPLORERS[explorer.name].controls():
        explorer.press(control, "PageUp")


@every_explorer_reset
def test_a_guess_is_compared_with_the_truth(opened):
    """By keyboard; a number that is no guess is refused first."""
    page, cls = opened.page, pages.EXPLORERS[opened.name]
    opened.click("[data-act=reset]")
    opened.root.locator(".arbook-scores + button").evaluate("forget => forget.click()")
    truth = explorers.TRUTHS[opened.name](explorers.DOUBLES[opened.name]())
    if cls.guess.choices:
        opened.push(opened.button(cls.guess.choices[truth]), "keyboard", "Space")
        expected = f"You said: {cls.guess.choices[truth]}. So it is. {cls.guess.because}"
    else:
        opened.reach(opened.root.locator("input[name=guess]"))
        page.keyboard.type("-1")
        page.keyboard.press("Enter")
        assert cls.guess.example in opened.root.get_by_role("alert").first.inner_text()
        opened.root.locator("input[name=guess]").fill("")
        page.keyboard.type(truth.replace(".", ","))
        page.keyboard.press("Enter")
        opened.settle()
        said = f"You guessed {truth}, the truth is {truth} {cls.guess.unit}. Very close. "
        expected = said + cls.guess.because
    assert opened.root.locator(".arbook-verdict").inner_text() == expected
    assert "1 of 1 right" in opened.root.locator(".arbook-scores").inner_text()
    assert page.evaluate("document.activeElement.className") == "arbook-verdict"
    assert opened.visit.errors == []


#: Sliders that change nothing but the sentence after `leave_start`, and why.
IN_WORDS = {("landscape", "gamma"): "the success rule has no decay: only words compare it"}


@every_explorer_reset
def test_an_arrow_key_changes_picture_and_numbers(explorer):
    leave_start(explorer)
    first = next(iter(pages.EXPLORERS[explorer.name].controls()))
    before = explorer.picture(), explorer.sentence(), explorer.value(first)
    explorer.press(first, "ArrowRight")
    after = explorer.picture(), explorer.sentence(), explorer.value(first)
    assert [one == other for one, other in zip(before, after, strict=True)] == [False] * 3
    explorer.check()
    assert explorer.visit.errors == []


#: Pixels of the outline of what has the focus.
OUTLINE = """() => { const style = getComputedStyle(document.activeElement);
  return style.outlineStyle === "solid" ? parseFloat(style.outlineWidth) : 0; }"""


@every_explorer_reset
def test_every_slider_works_by_keyboard(explorer):
    """Home, PageUp, End and PageDown move each, and that changes the drawing; the focus is seen."""
    leave_start(explorer)
    for control, range_ in pages.EXPLORERS[explorer.name].controls().items():
        start = explorer.value(control)
        assert explorer.handle(control).get_attribute("aria-label")
        explorer.press(control, "Home")
        low, before = explorer.value(control), explorer.picture()
        assert low == pytest.approx(range_.low, abs=1e-9)
        explorer.press(control, "PageUp")
        assert low < explorer.value(control) <= range_.high, control
        explorer.press(control, "End")
        assert explorer.value(control) == pytest.approx(range_.high)
        assert (explorer.picture() == before) == ((explorer.name, control) in IN_WORDS), control
        assert explorer.page.evaluate(OUTLINE) >= 2
        explorer.lower(control, start)
    explorer.check()
    assert explorer.visit.errors == []


@every_explorer_reset
def test_presets_seed_and_reset(explorer):
    cls = pages.EXPLORERS[explorer.name]
    start = explorer.state()
    for index, preset in enumerate(cls.presets):
        explorer.click(f"[data-preset='{index}']")
        state = explorer.check()
        assert {key: state[key] for key in preset.values} == pytest.approx(dict(preset.values))
    if cls.first_seed is not None:
        leave_start(explorer)
        before, seed = (explorer.picture(), explorer.sentence()), explorer.state()["seed"]
        explorer.click("[data-act=seed]")
        assert explorer.state()["seed"] == seed + 1
        # a new shelf of programs looks like the old one until a night is spent
        assert explorer.name == "meta" or (explorer.picture(), explorer.sentence()) != before
    explorer.push(explorer.root.locator("[data-act=reset]"), "keyboard", "Space")
    assert explorer.page.evaluate(OUTLINE) >= 2
    assert explorer.state() == pytest.approx(start)
    assert explorer.visit.errors == []


#: At the end of time there is no step.
STEP = "[data-do=step]:not([aria-disabled=true])"


@every_explorer_reset
def test_nothing_moves_by_itself_for_those_who_do_not_want_it(explorer):
    """Neither a slider on its way to where the track was pressed, nor anything drawn."""
    first = next(iter(pages.EXPLORERS[explorer.name].controls()))
    moving = "document.getAnimations().map((a) => a.effect.target.outerHTML.slice(0, 99))"
    for pressed in (f"[data-control={first}] .noUi-base", "[data-preset]", STEP):
        for target in explorer.root.locator(pressed).all()[:1]:
            target.click()
            assert explorer.page.evaluate(moving) == []
            explorer.settle()
            assert explorer.page.evaluate(moving) == []


#: On the site, and from a disk, where nothing is served; the last one is loaded when it is reached.
@pytest.mark.parametrize("name", ["frontier", "archive", "atlas"])
@pytest.mark.parametrize("served", [True, False])
def test_a_link_opens_a_state(drawn, site, name, served):
    explorer = drawn(name)
    for control in pages.EXPLORERS[name].controls():
        for key in ("ArrowLeft", "ArrowRight", "ArrowRight"):
            explorer.press(control, key)
    explorer.click("[data-act=link]")
    where = {} if served else {"address": site.as_uri(), **PHONE}
    again = drawn(name, fragment=explorer.page.evaluate("location.hash"), **where)
    assert again.sentence() == explorer.sentence()
    assert again.state() == pytest.approx(explorer.state())
    assert again.visit.errors == []
    assert again.visit.foreign() == []


#: Words of the race's answer, which a link does not give: it asks nothing.
ANSWERED = re.compile(r'<text data-part="(mean|even) words".*?</text>', re.DOTALL)


@pytest.mark.parametrize("name", ["racing", "night"])
def test_a_link_opens_a_moment(drawn, name):
    """Of a clock that is no parameter; a link without one opens the end."""

    def told(explorer):
        return ANSWERED.sub("", explorer.picture()), explorer.sentence()

    explorer = drawn(name)
    explorer.click("form >> text=Just show me")
    over = told(explorer)
    for _ in range(3):
        explorer.click("[data-do=step]")
    moment = told(explorer)
    assert moment != over
    explorer.click("[data-act=link]")
    link = explorer.page.evaluate("location.hash")
    again = drawn(name, fragment=link)
    assert told(again) == moment
    for later, shown in ((link.split("&time=")[0], over), (link, moment)):
        again.page.evaluate("link => { location.hash = link; }", later)
        again.settle()
        assert told(again) == shown
    assert again.visit.errors == []


def still(page, name):
    """Check that the picture of an explorer and its caption stand there, and return the figure."""
    picture = explorers.still_of(page, name)
    picture.scroll_into_view_if_needed()
    # far down a page it is loaded only now
    page.wait_for_function("e => e.complete && e.naturalWidth > 300", arg=picture.element_handle())
    assert picture.is_visible()
    figure = page.locator("figure", has=picture)
    assert figure.locator("figcaption").inner_text().startswith("Fig.")
    assert not page.locator(".arbook-explorer:visible").count()
    return figure


#: Pages with explorers, and which.
SHOWN = {page: [n for n in ALL if pages.page_of(n) == page] for page in map(pages.page_of, ALL)}


@pytest.mark.parametrize("page", SHOWN)
def test_a_reader_without_scripts_sees_the_still_pictures(visit, page):
    seen = visit(f"{page}.html", settle=False, java_script_enabled=False)
    for name in SHOWN[page]:
        picture = explorers.still_of(seen.page, name)
        assert picture.is_visible()
        box = picture.bounding_box()
        size = [int(picture.get_attribute(side)) for side in ("width", "height")]
        assert box["width"] > 300
        assert box["height"] / box["width"] == pytest.approx(size[1] / size[0], rel=0.01)


#: Words that leave their picture.
OUTSIDE = """svg => [...svg.querySelectorAll("text")].filter((text) => {
  const box = text.getBoundingClientRect(), paper = svg.getBoundingClientRect();
  return box.left < paper.left - 1 || box.right > paper.right + 1 || box.bottom > paper.bottom + 1;
}).map((text) => text.textContent)"""


@every_explorer
def test_words_stay_in_the_still(browser, site, name):
    [file] = (site / "_images").glob(f"fig-explorer-{name}*.svg")
    with browser.new_page() as page:
        page.goto(file.as_uri())
        assert page.locator("svg").evaluate(OUTSIDE) == []


@pytest.mark.parametrize("place", [pages.page_of("frontier"), pages.page_of("atlas")])
def test_a_blocked_script_leaves_the_still_pictures(browser, base, place):
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/widgets/widgets.js*", lambda route: route.abort())
        page.goto(f"{base}/{place}.html")
        for name in SHOWN[place]:
            figure = still(page, name)
            assert "rror" not in figure.inner_text()


@pytest.mark.parametrize(
    ("place", "broken"),
    [
        ("explorer((panel) => {", "explorer((panel) => { throw new Error('broken');"),
        ("return (state) => {", "return (state) => { throw new Error('broken');"),
    ],
    ids=["while it is made", "while it draws"],
)
def test_a_view_that_throws_leaves_the_still_picture(browser, base, place, broken):
    def send(route):
        text = route.fetch().text()
        assert place in text
        route.fulfill(body=text.replace(place, broken), content_type="text/html")

    with browser.new_context() as context:
        page, errors = context.new_page(), []
        page.on("console", lambda message: errors.append(message.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.route(f"**/{pages.page_of('frontier')}.html", send)
        page.goto(f"{base}/{pages.page_of('frontier')}.html")
        figure = still(page, "frontier")
        page.wait_for_timeout(300)
        assert "roken" not in figure.inner_text()
        assert "rror" not in figure.inner_text()
        assert any("broken" in error for error in errors)


def test_paper_is_light_in_dark_mode_too(visit):
    """Stills as they were drawn, on a light ground, and no pale words."""
    page = visit(f"{pages.page_of('frontier')}.html", color_scheme="dark").page
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    pale = """() => {
      const bright = (colour) => {
        const [red, green, blue] = colour.match(/[0-9.]+/g).map(Number);
        return (red + green + blue) / 3;
      };
      const words = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
      return [bright(getComputedStyle(document.body).backgroundColor),
        [...document.querySelectorAll("article *")].filter((e) => e.checkVisibility() && words(e)
          && bright(getComputedStyle(e).color) > 140).map((e) => e.outerHTML.slice(0, 99))];
    }"""
    assert page.evaluate(pale)[0] < 40
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(pale) == [255, []]
    still = page.locator(".arbook-still").first
    assert still.is_visible()
    assert still.evaluate("e => getComputedStyle(e).filter") == "none"


def test_nothing_but_scores_and_the_theme_is_stored(drawn):
    explorer = drawn("frontier")
    explorer.root.locator("input[name=guess]").fill("0.1")
    explorer.click("form .arbook-primary")
    explorer.click("[data-act=seed]")
    kept = explorer.page.evaluate("Object.keys(localStorage)")
    assert {key for key in kept if key not in ("mode", "theme")} == {"arbook.guesses.frontier"}
    explorer.root.get_by_role("button", name="Forget my scores").click()
    assert "arbook.guesses.frontier" not in explorer.page.evaluate("Object.keys(localStorage)")
    assert explorer.page.context.cookies() == []
