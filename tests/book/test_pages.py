"""Every page of the built book in Chromium."""

import gzip
import re
from io import BytesIO

import pages
import pytest
from bs4 import BeautifulSoup
from pages import opening
from PIL import Image

PAGES = [*pages.page_names(), "search", "genindex", "py-modindex", "404"]
ARTICLES = pages.page_names()
WEIGHT_LIMIT = 650_000  # bytes, gzipped, everything that a first visit fetches
AXE = pages.ROOT / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def visited(browser, base, request):
    with opening(browser, base, f"{request.param}.html") as seen:
        yield seen


@pytest.fixture
def opened(visited):
    """Return the page on a screen of 1280 pixels."""
    return _resized(visited, {"width": 1280, "height": 900})


@pytest.fixture
def phone(visited):
    """Return the page on a screen of 360 pixels: these tests stand together, after the others."""
    return _resized(visited, {"width": 360, "height": 900})


def _resized(visited, size):
    if visited.page.viewport_size != size:
        visited.page.set_viewport_size(size)
        visited.page.wait_for_function("width => innerWidth === width", arg=size["width"])
        visited.page.wait_for_timeout(400)  # the sidebars glide
    return visited


every_page = pytest.mark.parametrize("visited", PAGES, indirect=True)
every_article = pytest.mark.parametrize("visited", ARTICLES, indirect=True)


@every_page
def test_no_error_in_the_console(opened):
    assert opened.errors == []


@pytest.mark.parametrize("page", ARTICLES)
def test_a_mark_stays_with_the_last_part_of_its_formula(site, page):
    """Lines break between the other parts only: on paper a mark stood alone in the next line."""
    html = (site / f"{page}.html").read_text(encoding="utf-8")
    soup = BeautifulSoup(html, "html.parser")
    for marked in soup.select(".together:has(> .math) .katex-html"):
        *parts, last = marked.find_all("span", recursive=False)
        assert last["class"] == ["together"]
        assert not any("together" in part["class"] for part in parts)


@pytest.mark.parametrize("page", ARTICLES)
def test_tables_that_cells_make_are_tables(site, page):
    """MyST-NB's own setting reads a cell's Markdown without tables, and shows its bars."""
    soup = BeautifulSoup((site / f"{page}.html").read_text(encoding="utf-8"), "html.parser")
    assert [text for p in soup.select("p") if (text := p.get_text()).startswith("|")] == []


@every_page
def test_no_request_leaves_the_machine(opened):
    assert opened.requests
    assert opened.foreign() == []


@every_page
def test_a_policy_names_no_foreign_origin(opened):
    policy = opened.page.locator("head > meta[http-equiv=Content-Security-Policy]")
    assert policy.count() == 1
    sources = re.split(r"[; ]+", policy.get_attribute("content"))
    allowed = (
        r"[a-z]+-(src|uri|action)|'(none|self|unsafe-inline|sha256-[\w+/=]+)'|file:|blob:|data:"
    )
    assert [source for source in sources if source and not re.fullmatch(allowed, source)] == []
    assert re.search(r"script-src [^;]*'unsafe", policy.get_attribute("content")) is None
    first = opened.page.evaluate("document.querySelector('script, meta[http-equiv]').tagName")
    assert first == "META", "a script comes before the policy"


#: Controls with a name that lacks the words that are seen, and hints and solutions that do not
#: say whose they are.
MISNAMED = """() => {
  const words = (text) => text.replace(/\\s+/g, " ").trim().toLowerCase();
  const controls = ":is(a, button, summary, input, [role=button], [role=slider], [role=switch])";
  const wrong = [...document.querySelectorAll(controls + "[aria-label]")]
    .filter((e) => !words(e.ariaLabel).includes(words(e.innerText)));
  const folded = [...document.querySelectorAll(":is(.hint, .solution) .toggle-button")];
  const whose = /(Hint.*, |Solution to )Exercise [\\d.]+ \\(.+\\)/;
  const nobodys = folded.filter((e) => e.ariaLabel || !whose.test(e.textContent));
  return [...wrong, ...nobodys].map((e) => [e.innerText, e.ariaLabel]);
}"""


@every_page
def test_names_of_controls_have_the_words_that_are_seen(opened):
    assert opened.page.evaluate(MISNAMED) == []


#: Elements of MathML that have not the number of children which they need.
MISFORMED = """() => Object.entries({ msubsup: 3, munderover: 3, msub: 2, msup: 2, munder: 2,
  mover: 2, mfrac: 2, mroot: 2 }).flatMap(([name, n]) => [...document.querySelectorAll(name)]
    .filter((e) => e.children.length !== n).map((e) => e.outerHTML))"""


@every_article
def test_mathematics_is_typeset(opened):
    page = opened.page
    places = page.locator("article .math").count()
    assert page.locator("article .math .katex").count() == places
    assert (
        page.locator("article .math math annotation").count() == places
    )  # for screen readers, with its TeX
    assert page.locator(".katex-error").count() == 0
    assert page.evaluate(MISFORMED) == []
    assert "\\(" not in page.locator("article").inner_text()


@every_article
def test_pictures_have_words(opened):
    for picture in opened.page.locator("article img").all():
        words = picture.get_attribute("alt")
        assert words is not None
        assert len(words) > 20, picture.get_attribute("src")
    for drawing in opened.page.locator("article svg[role=img]").all():
        assert drawing.get_attribute("aria-label")


@every_article
def test_figures_have_a_number_and_a_caption(opened):
    for figure in opened.page.locator("article figure").all():
        assert re.match(r"Fig\. [\d.]+ \S", figure.locator("figcaption").inner_text())


transfers = {}  # most pages fetch the same files


def transfer(url, sent):
    """Return the bytes of an answer, gzipped where that makes it smaller."""
    if url not in transfers:
        body = sent.response().body()
        compressed = url.endswith((".woff2", ".woff", ".png"))
        transfers[url] = len(body if compressed else gzip.compress(body, 9, mtime=0))
    return transfers[url]


@every_page
def test_weight_of_a_first_visit(opened):
    bodies = list(opened.bodies.items())  # a late answer may add to them
    weight = sum(transfer(url, sent) for url, sent in bodies if url.startswith(opened.base))
    assert weight > 10_000
    assert weight <= WEIGHT_LIMIT


@every_page
def test_one_search_box(opened):
    boxes = (
        "button.search-button__button, main form[action=''] input[type=search], main input[name=q]"
    )
    shown = [box for box in opened.page.locator(boxes).all() if box.is_visible()]
    if "/search.html" in opened.page.url:
        assert sum(box.evaluate("e => e.tagName") == "INPUT" for box in shown) <= 1
    else:
        assert len(shown) == 1


@every_article
def test_targets_are_large_enough(opened):
    """24 CSS pixels each way, for what is not a link in a line of text."""
    targets = "button, summary, .noUi-handle, [role=slider], input, .article-header-buttons a"
    sizes = opened.page.evaluate(
        """targets => [...document.querySelectorAll(targets)]
        .filter((target) => target.checkVisibility({ visibilityProperty: true }))
        .map((target) => [target.getBoundingClientRect(), target.outerHTML.slice(0, 120)])
        .map(([box, what]) => [Math.min(box.width, box.height), what])""",
        targets,
    )
    assert sizes
    assert [what for size, what in sizes if 0 < size < 24] == []


UNDER_A_BUTTON = """() => [...document.querySelectorAll("button.toggle-button")].map((button) => {
  const covered = button.getBoundingClientRect(), title = document.createRange();
  title.setStart(button.parentElement, 0);
  title.setEndBefore(button);
  const lines = [...title.getClientRects()].filter((line) => line.width && line.right > covered.left
    && line.top < covered.bottom && line.bottom > covered.top);
  return lines.length ? title.toString().trim() : "";
}).filter(Boolean)"""


@every_article
def test_no_title_runs_under_its_button(opened):
    assert opened.page.evaluate(UNDER_A_BUTTON) == []


RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"],
}


COLOURS = ["color-contrast", "link-in-text-block"]
RULES_OF_COLOUR = RULES | {"runOnly": {"type": "rule", "values": COLOURS}}
SIZES = ["scrollable-region-focusable", "target-size"]
RULES_OF_SIZE = RULES | {"runOnly": {"type": "rule", "values": SIZES}}
OTHER_RULES = RULES | {"rules": {rule: {"enabled": False} for rule in COLOURS}}

#: Half of a page's elements draw formulas, which are hidden from those who hear the page, or are
#: words of code, which differ in their colours only. Axe passes over them, but looks at each.
PUT_ASIDE = """(what) => {
  globalThis.aside ??= [];
  for (const e of document.querySelectorAll(what)) {
    const place = document.createComment("");
    aside.push([e, place]);
    e.replaceWith(place);
  }
}"""
PUT_BACK = """() => {
  for (const [e, place] of aside.splice(0).reverse()) place.replaceWith(e);
}"""
FORMULAS, CODE = ".katex-html > *", "pre > *"

#: Puts all but one of the texts aside that look alike, by themselves and in what they stand in.
ONE_OF_EACH_LOOK = """() => {
  const STYLES = ["color", "opacity", "backgroundColor", "backgroundImage", "fontSize",
    "fontWeight"];
  const looks = new Map([[null, ""]]), seen = new Set();
  const look = (e) => {
    if (!looks.has(e)) {
      const style = getComputedStyle(e), own = STYLES.map((name) => style[name]);
      looks.set(e, [look(e.parentElement), e.tagName, e.className, ...own].join());
    }
    return looks.get(e);
  };
  for (const e of document.querySelectorAll("article *:not(:has(*))")) {
    if (seen.has(look(e))) e.dataset.alike = "";
    seen.add(look(e));
  }
}"""
ALIKE = "[data-alike]"


def violations(page, rules, where="document"):
    """Return what axe-core finds in a page by some rules."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(f"rules => axe.run({where}, rules)", rules)["violations"]
    return [
        (rule["id"], node["html"][:160], node["failureSummary"][:300])
        for rule in found
        for node in rule["nodes"]
    ]


@every_page
def test_accessibility(opened):
    """Light and dark, which differ in their colours only."""
    page, found = opened.page, []
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.evaluate(ONE_OF_EACH_LOOK)
    page.evaluate(PUT_ASIDE, f"{FORMULAS}, {CODE}")
    found += violations(page, OTHER_RULES)
    page.evaluate(PUT_BACK)
    page.evaluate(PUT_ASIDE, f"{FORMULAS}, {ALIKE}")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.wait_for_timeout(100)
        found += [(scheme, *what) for what in violations(page, RULES_OF_COLOUR)]
    page.evaluate(PUT_BACK)
    page.emulate_media(color_scheme="null", reduced_motion="null")
    assert found == []


@every_article
def test_no_title_runs_under_its_button_on_a_phone(phone):
    assert phone.page.evaluate(UNDER_A_BUTTON) == []


CUT_OFF = """() => [...document.querySelectorAll(".bd-article span.math .katex-base")]
  .filter((maths) => maths.getBoundingClientRect().right > 361 && !maths.closest(".table-scroll"))
  .map((maths) => maths.parentElement.textContent)"""


@every_page
def test_no_sideways_scrolling_on_a_phone(phone):
    assert phone.page.evaluate("document.scrollingElement.scrollWidth") <= 360
    assert phone.page.evaluate(CUT_OFF) == []  # formulas in lines scroll by themselves, too
    assert phone.errors == []


#: Parts of formulas that are broken, although they had room in a line of their own.
BROKEN = """() => [...document.querySelectorAll(".bd-article .katex-part")].filter((part) => {
  const boxes = [...part.children].map((base) => base.getBoundingClientRect());
  const width = boxes.reduce((sum, box) => sum + box.width, 0);
  return boxes.some((box, i) => i && box.left < boxes[i - 1].left)
    && width < part.closest(".katex-display").clientWidth - 1;
}).map((part) => part.textContent)"""


@every_article
def test_formulas_break_between_their_parts_first(phone):
    assert phone.page.evaluate(BROKEN) == []


#: Formulas in lines after which the next words stand elsewhere than behind their last part.
STRANDED = """() => [...document.querySelectorAll(".bd-article .together > .math")].filter((m) => {
  const mark = document.createRange();
  mark.selectNode(m.nextSibling);
  const { left } = mark.getBoundingClientRect();
  const last = [...m.querySelectorAll(".katex-base")].at(-1).getBoundingClientRect();
  return last.width && !m.querySelector(".wide") && Math.abs(left - last.right) > 5;
}).map((m) => m.textContent)"""


@every_article
def test_marks_follow_their_formulas(phone):
    """Those of folded answers, too, when they are shown."""
    folded = "document.querySelectorAll('.bd-article .toggle-button[aria-expanded=false]')"
    phone.page.evaluate(f"{folded}.forEach((button) => button.click())")
    phone.page.wait_for_timeout(400)  # boxes glide
    assert phone.page.evaluate(STRANDED) == []


#: Pixels across that a figure of Matplotlib has, with the least of its type in pixels, as SVG says
#: it: letters are drawn in hundredths of the size that they have. The signs of an exponent are in
#: the letters' own units, and smaller. Type of explorers stands in pixels of the page.
TYPE = """async () => {
  const shown = [], figures = "article figure img[src$='.svg']:not(.arbook-still)";
  for (const img of document.querySelectorAll(figures)) {
    const svg = await (await fetch(img.src)).text();
    const sizes = [...svg.matchAll(/scale\\((0\\.\\d+) -0/g)].map((found) => 100 * found[1]);
    const width = svg.match(/viewBox="0 0 ([\\d.]+)/)[1], { clientWidth } = img;
    if (sizes.length) shown.push([Math.min(...sizes) * clientWidth / width, img.src]);
  }
  for (const text of document.querySelectorAll(".arbook-explorer svg text")) {
    const { a, b } = text.getScreenCTM(), size = parseFloat(getComputedStyle(text).fontSize);
    shown.push([size * Math.hypot(a, b), text.textContent]);
  }
  return shown;
}"""


@every_article
def test_type_in_pictures_can_be_read_on_a_phone(phone):
    assert [found for found in phone.page.evaluate(TYPE) if found[0] < 11] == []


@every_page
def test_accessibility_on_a_phone(phone):
    """All around the article, in which only sizes differ from the wide screen's."""
    page = phone.page
    page.evaluate(PUT_ASIDE, FORMULAS)
    found = violations(page, RULES_OF_SIZE)
    page.evaluate(PUT_ASIDE, CODE)
    found += violations(page, OTHER_RULES, "{ exclude: 'article > *' }")
    page.evaluate(PUT_BACK)
    assert found == []


def test_the_theme_switch_is_followed(visit):
    page = visit("chapters/04-frontier.html", color_scheme="light").page
    ground = "getComputedStyle(document.querySelector('.arbook-explorer')).backgroundColor"
    light = page.evaluate(ground)
    for _ in range(3):  # auto, light and dark follow one another
        page.locator(".theme-switch-button").first.click()
        if page.evaluate("document.documentElement.dataset.theme") == "dark":
            break
    assert page.evaluate(ground) != light
    still = "getComputedStyle(document.querySelector('figure img:not(.arbook-still)')).filter"
    assert "invert" in page.evaluate(still)


def test_search_finds_a_chapter(visit):
    seen = visit("intro.html")
    seen.page.evaluate("document.querySelector('h1').contentEditable = true")
    seen.page.locator("h1").click()
    seen.page.keyboard.press("Control+K")  # who writes does not search
    assert not seen.page.locator("#pst-search-dialog").is_visible()
    seen.page.evaluate("document.activeElement.blur()")
    seen.page.keyboard.press("Control+K")
    seen.page.locator("#pst-search-dialog input").fill("frontier")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector("#search-results p:text('Search finished')")
    seen.page.wait_for_load_state("networkidle")  # each result fetches its page for an excerpt
    assert "search.html" in seen.page.url
    assert seen.page.locator("ul.search li a", has_text="The frontier").count() >= 1
    assert seen.page.locator("ul.search li p.context").count() > 10
    excerpts = seen.page.locator("ul.search").inner_text()
    assert "\u200b" not in excerpts  # KaTeX puts one into each of its lines
    assert seen.errors == []
    assert seen.foreign() == []


def test_search_from_a_disk(visit, site):
    seen = visit("search.html?q=frontier", address=site.as_uri())
    seen.page.wait_for_selector("ul.search li a")
    assert seen.errors == []
    assert seen.foreign() == []


def test_paper_shows_title_and_stills_no_sidebars_and_no_answers(visit):
    page = visit("chapters/04-frontier.html").page
    page.locator(".quiz-choice").first.click()
    page.emulate_media(media="print")
    assert page.get_by_role("heading", level=1).is_visible()
    answers = page.locator(".hint, .solution, .quiz-answer")
    assert answers.count() > 20
    assert not any(answer.is_visible() for answer in answers.all())
    mark = "getComputedStyle(document.querySelector('.quiz-choice'), '::after').content"
    assert page.evaluate(mark) == "none"
    assert page.locator(".arbook-still").first.is_visible()
    assert not page.locator(".arbook-explorer").first.is_visible()
    assert not page.locator(".bd-sidebar-primary").is_visible()


def test_what_is_too_wide_can_be_scrolled_by_keyboard(visit):
    page = visit("chapters/04-frontier.html", viewport={"width": 360, "height": 740}).page
    wide = """() => [...document.querySelectorAll(
      '.bd-article :is(.katex-display, .katex.wide, .table-scroll, pre)')]
      .filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.tabIndex)"""
    indices = page.evaluate(wide)
    assert indices
    assert set(indices) == {0}


def test_formulas_that_are_wider_than_their_text_scroll_until_they_have_room(visit):
    """However often the page is measured again, as for a phone that is turned."""
    page = visit("chapters/06-trade-offs.html").page
    boxes = page.locator(".bd-article .katex.wide[tabindex][data-more]")
    for width in (61, 60, 62):
        page.set_viewport_size({"width": width, "height": 740})
        page.wait_for_function("width => innerWidth === width", arg=width)
        page.wait_for_timeout(400)  # the sidebars glide
        assert boxes.count() > 50
    page.set_viewport_size({"width": 1280, "height": 740})
    page.locator(".bd-article .katex.wide").first.wait_for(state="detached")
    assert page.locator(".bd-article .katex:is([tabindex], [data-more])").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_table_shows_that_it_goes_on(visit, scheme):
    """The shadow at its edge is seen, although its rows have grounds of their own."""
    size = {"width": 360, "height": 740}
    page = visit("appendix/notation.html", viewport=size, color_scheme=scheme).page
    row = page.locator(".table-scroll[data-more=right] tbody tr").first
    row.scroll_into_view_if_needed()
    box = page.locator(".table-scroll[data-more=right]").first.bounding_box()
    x, y = box["x"] + box["width"], row.bounding_box()["y"] + 3
    picture = page.screenshot(clip={"x": x - 40, "y": y, "width": 40, "height": 1})
    pixels = Image.open(BytesIO(picture)).convert("L").tobytes()
    assert abs(pixels[-1] - pixels[0]) > 40


#: Outputs of code on a page of 360 pixels: their text, and whether they are wider than their place.
OUTPUTS = """() => [...document.querySelectorAll(".bd-article div.cell_output pre")]
  .filter((pre) => pre.checkVisibility())
  .map((pre) => [pre.textContent, pre.scrollWidth > pre.clientWidth + 1, pre.dataset.more])"""


def test_columns_scroll_and_other_output_wraps(visit):
    """The lines of a table stay below each other, with a shadow where it goes on."""
    size = {"width": 360, "height": 740}
    table = "median (unlucky tenth)           decay          1/5 rule          constant"
    shown = visit("chapters/16-landscapes.html", viewport=size).page.evaluate(OUTPUTS)
    [found] = [output for output in shown if output[0].startswith(table)]
    assert found[1:] == [True, "right"]
    for words in ("logged 0.220; twelve repetitions", "the baseline with seed 0"):
        [found] = [output for output in shown if output[0].startswith(words)]
        assert found[1] is False
    # one object a line, with a name before it: lines of 165 characters
    shown = visit("chapters/12-measured-and-true.html", viewport=size).page.evaluate(OUTPUTS)
    [found] = [output for output in shown if output[0].startswith("noise 0         Fit(")]
    assert found[1] is False


def test_columns_on_paper_wrap(visit):
    page = visit("chapters/16-landscapes.html").page
    page.emulate_media(media="print")
    columns = page.locator("div.cell_output pre.aligned")
    assert columns.count() >= 4
    spaces = columns.evaluate_all("all => all.map((pre) => getComputedStyle(pre).whiteSpace)")
    assert set(spaces) == {"pre-wrap"}
