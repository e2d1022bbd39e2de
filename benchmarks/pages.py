"""Weight and speed of the built pages, beside a Jupyter Book with its defaults."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from playwright.sync_api import Browser, Page, TimeoutError
from tqdm import tqdm

from benchmarks._default_book import default_book
from benchmarks._host import host
from benchmarks._measure import Table, ratio, verdict
from tests.pages import built, chromium, page_names

ROUNDS, PRESSES = 5, 15
SLOW = 4
VIEW = {"width": 1280, "height": 900}
READY = ".arbook-explorer[data-ready]"
HANDLES = ".arbook-explorer .arbook-controls .noUi-handle"

BOOK, DEFAULT, NOTHING = "this book", "default", "–"
#: What draws the widgets, here and in the default book.
WIDGETS = ["*/widgets/widgets.js*", "*/require.min.js*", "*/embed-amd.js*"]
#: kB gzipped; first explorer, to the page without widgets; ms from key to paint, p95; at 4×.
TARGETS = (650, 1.5, 33, 100)
HEAD = (
    "chapter",
    "build",
    "kB gzipped",
    "requests",
    "without widgets, ms",
    "loaded",
    "first explorer",
    "main thread, ms",
    "key to paint, ms",
    f"at {SLOW}×",
)
NOTE = f"""\
Chromium without a window, 1280 × 900, empty cache, a static host on the same machine that sends
text gzipped. Sizes are all that a visit to the foot of the page loads. *Loaded* and *first
explorer* are ratios to the time in which the page loads while the script of its widgets is blocked;
medians of {ROUNDS} interleaved rounds. *Main thread*: its processor time until the page was loaded
and the first explorer drawn, in the same rounds. *Key to paint*: from the right arrow on a slider
to the end of the frame that shows the new picture, p50 / p95 of {PRESSES} keys on each slider in
sight; on the right with the processor slowed {SLOW} times. An empty page that moves one line at a
key says what the machine has to give at the moment.

*Default*: the same chapters built by Jupyter Book with its default settings, sphinx-exercise, and
plain boxes for laws. What it asks of content delivery networks (html-manager, MathJax, require.js,
anywidget) came from the same npm packages, through the same host: real readers add the way to those
networks.

Heaviest of the heaviest page, in kB. This book: {{}}. Default: {{}}."""

LOADED = "() => performance.getEntriesByType('navigation')[0].loadEventEnd"

#: Keeps the time at which the first explorer is drawn.
WATCH = f"""new MutationObserver((_, observer) => {{
  if (!document.querySelector("{READY}")) return;
  window.firstExplorer = performance.now();
  observer.disconnect();
}}).observe(document, {{ subtree: true, attributes: true, attributeFilter: ["data-ready"] }});"""

#: Sets window.painted with every key: it becomes the milliseconds from the key to the end of the
#: first frame in which the picture had changed (null if nothing changes for two seconds), and
#: whether the slider has come to its end. The message comes after the frame: nothing else tells
#: when a page has been painted.
KEYS = """() => {
  let changed = false, painted = null;
  const observer = new MutationObserver(() => { changed = true; });
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  for (const figure of document.querySelectorAll(".arbook-explorer .arbook-figure"))
    observer.observe(figure, all);
  const atEnd = (slider) => slider.role === "slider" && slider.ariaValueNow === slider.ariaValueMax;
  const { port1, port2 } = new MessageChannel();
  const afterFrame = () => requestAnimationFrame(() => port2.postMessage(null));
  port1.onmessage = () => changed ? painted(performance.now()) : afterFrame();
  addEventListener("keydown", (event) => {
    changed = false;
    window.painted = new Promise((resolve) => {
      const answer = (time) => resolve([time, atEnd(event.target)]);
      painted = (now) => answer(now - event.timeStamp);
      setTimeout(answer, 2000, null);
    });
    afterFrame();
  }, true);
}"""


@dataclass
class Visits:
    """What was measured of one page in one build."""

    size: dict[str, int]  # bytes sent, by address
    alone: list[float] = field(default_factory=list)  # ms until loaded, widgets blocked
    loaded: list[float] = field(default_factory=list)
    drawn: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)  # ms of the main thread's processor time
    keys: list[float] = field(default_factory=list)  # ms from key to paint
    slow_keys: list[float] = field(default_factory=list)

    @property
    def kilobytes(self) -> float:
        """All that was sent."""
        return sum(self.size.values()) / 1000

    def ratio(self, times: list[float]) -> float:
        """Return how many times as long as the page without its widgets something takes."""
        return ratio(np.array(times), np.array(self.alone))


def weigh(browser: Browser, url: str) -> dict[str, int]:
    """Return the bytes of everything that a page loads, pictures further down included."""
    with browser.new_context(viewport=VIEW) as context:
        page = context.new_page()
        network = context.new_cdp_session(page)
        address, size = {}, {}
        network.on(
            "Network.requestWillBeSent",
            lambda sent: address.update({sent["requestId"]: sent["request"]["url"]}),
        )
        network.on(
            "Network.loadingFinished",
            lambda done: size.update({done["requestId"]: done["encodedDataLength"]}),
        )
        network.send("Network.enable")
        page.goto(url)
        wait_until_drawn(page)
        for _ in range(page.evaluate("() => document.body.scrollHeight / innerHeight | 0")):
            page.mouse.wheel(0, VIEW["height"])
            page.wait_for_timeout(100)
        page.wait_for_load_state("networkidle")
        return {address[key]: n for key, n in size.items() if address[key].startswith("http")}


def wait_until_drawn(page: Page) -> bool:
    """Wait for the first explorer; False if none comes."""
    try:
        page.wait_for_selector(READY, state="attached", timeout=15_000)
    except TimeoutError:
        return False
    return True


def load(browser: Browser, url: str, blocked: Sequence[str] = ()) -> tuple[float, float, float]:
    """Load a page with an empty cache.

    Return the ms until it was loaded and an explorer drawn, and the work of its main thread.
    """
    with browser.new_context(viewport=VIEW) as context:
        page = context.new_page()
        page.add_init_script(WATCH)
        session = context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        if blocked:
            session.send("Network.enable")
            session.send("Network.setBlockedURLs", {"urls": list(blocked)})
        page.goto(url)
        drawn = float("nan")
        if not blocked and wait_until_drawn(page):
            drawn = page.evaluate("() => window.firstExplorer")
        page.wait_for_function(LOADED)
        counted = session.send("Performance.getMetrics")["metrics"]
        [seconds] = [one["value"] for one in counted if one["name"] == "TaskDuration"]
        return page.evaluate(LOADED), drawn, 1000 * seconds


def press_keys(page: Page, rng: np.random.Generator) -> list[float]:
    """Press the right arrow on every slider in sight; return the ms to each new picture."""
    times = []
    for handle in page.locator(HANDLES).all():
        if not handle.is_visible():
            continue
        handle.focus()
        for count in range(-3, PRESSES):  # three to warm up
            time.sleep(rng.uniform(0.020, 0.040))  # anywhere between two frames
            page.keyboard.press("ArrowRight")
            painted, at_end = page.evaluate("() => window.painted")
            if painted is None and not at_end:
                raise RuntimeError(f"{page.url}: a slider moved and the picture did not")
            if painted is not None and count >= 0:
                times.append(painted)
            if at_end:
                page.keyboard.press("Home")
                page.evaluate("() => window.painted")
    return times


EMPTY = """<div class="arbook-explorer"><div class="arbook-figure"><svg><path></path></svg></div>
<div class="arbook-controls"><p class="noUi-handle" tabindex="0">line</p></div></div><script>
let x = 0;
addEventListener("keydown", () => requestAnimationFrame(() =>
  document.querySelector("path").setAttribute("d", `M${++x % 100},0V100`)));
</script>"""


def play_empty(browser: Browser, visits: Visits) -> None:
    """Measure the same on a page with nothing but one line."""
    with browser.new_context(viewport=VIEW) as context:
        page = context.new_page()
        page.set_content(EMPTY)
        both_speeds(page, visits)


def both_speeds(page: Page, visits: Visits) -> None:
    """Press keys at full speed and slowed down."""
    page.evaluate(KEYS)
    rng = np.random.default_rng(1)
    visits.keys += press_keys(page, rng)
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
    visits.slow_keys += press_keys(page, rng)


def play(browser: Browser, url: str, visits: Visits) -> None:
    """Measure the answers of a page's explorers to keys."""
    with browser.new_context(viewport=VIEW) as context:
        page = context.new_page()
        page.goto(url, wait_until="load")
        if not wait_until_drawn(page):
            return
        page.wait_for_timeout(500)
        both_speeds(page, visits)


def measure(browser: Browser, urls: dict[str, str]) -> dict[str, Visits]:
    """Measure a page in every build, one after the other in every round."""
    visits = {build: Visits(weigh(browser, url)) for build, url in urls.items()}
    for _ in range(ROUNDS):
        for build, url in urls.items():
            visits[build].alone.append(load(browser, url, WIDGETS)[0])
            loaded, drawn, work = load(browser, url)
            visits[build].loaded.append(loaded)
            visits[build].drawn.append(drawn)
            visits[build].work.append(work)
    for build, url in urls.items():
        play(browser, url, visits[build])
    return visits


def quantiles(times: Sequence[float]) -> str:
    """Return the median and the 95th percentile."""
    return " / ".join(f"{q:.0f}" for q in np.percentile(times, [50, 95])) if times else NOTHING


def as_ratio(value: float) -> str:
    """Return a ratio."""
    return NOTHING if np.isnan(value) else f"{value:.2f}"


def row(page: str, build: str, visits: Visits) -> tuple[str, ...]:
    """Return the line of one page in one build."""
    return (
        page,
        build,
        f"{visits.kilobytes:,.0f}",
        f"{len(visits.size)}",
        f"{np.median(visits.alone):.0f}",
        as_ratio(visits.ratio(visits.loaded)),
        as_ratio(visits.ratio(visits.drawn)),
        f"{np.median(visits.work):.0f}",
        quantiles(visits.keys),
        quantiles(visits.slow_keys),
    )


def summary(name: str, floor: Visits, all_visits: Sequence[Visits]) -> list[tuple[str, ...]]:
    """Return the worst of all pages, with targets, and what an empty page takes."""
    drawn = [visits for visits in all_visits if visits.keys]
    worst = (
        max(visits.kilobytes for visits in all_visits),
        max(visits.ratio(visits.drawn) for visits in drawn),
        max(np.percentile(visits.keys, 95) for visits in drawn),
        max(np.percentile(visits.slow_keys, 95) for visits in drawn),
    )
    size, first, *keys = (
        f"{value:,.{digits}f}" for value, digits in zip(worst, (0, 2, 0, 0), strict=True)
    )
    targets = [verdict(value, target) for value, target in zip(worst, TARGETS, strict=True)]
    busiest = f"{max(np.median(visits.work) for visits in all_visits):.0f}"
    empty = ("an empty page", *[""] * 7, quantiles(floor.keys), quantiles(floor.slow_keys))
    return [
        empty,
        ("**worst**", name, size, "", "", "", first, busiest, *keys),
        ("**target**", "", targets[0], "", "", "", targets[1], "", *targets[2:]),
    ]


def heaviest(visits: Visits, count: int = 5) -> str:
    """Name what weighs most on a page."""
    parts = sorted(visits.size.items(), key=lambda part: -part[1])[:count]
    names = (urlsplit(url).path.rpartition("/")[2] for url, _ in parts)
    return ", ".join(f"{name} {n / 1000:.0f}" for name, (_, n) in zip(names, parts, strict=True))


def table() -> Table:
    """Measure and return the table."""
    chapters = [name for name in page_names() if name.startswith("chapters/")]
    rows, ours, theirs, floor = [], [], [], Visits({})
    with (
        default_book() as plain,
        host(built()) as book,
        host(plain) as default,
        chromium(whole=True) as browser,
    ):
        for name in tqdm(chapters, desc="pages", unit="page"):
            urls = {BOOK: f"{book}/{name}.html", DEFAULT: f"{default}/{name}.html"}
            visits = measure(browser, urls)
            play_empty(browser, floor)
            rows += [row(Path(name).name, build, found) for build, found in visits.items()]
            ours.append(visits[BOOK])
            theirs.append(visits[DEFAULT])
    rows += summary(BOOK, floor, ours)
    largest, standard = (max(found, key=lambda v: v.kilobytes) for found in (ours, theirs))
    return Table("Pages", HEAD, rows, NOTE.format(heaviest(largest), heaviest(standard)))
