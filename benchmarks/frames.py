"""Frames of explorers that play, with the processor slowed, and what a redraw takes."""

import numpy as np
from playwright.sync_api import Page

from benchmarks._host import host
from benchmarks._measure import Table, verdict
from tests.pages import EXPLORERS, built, chromium, page_of

SLOW = 4
SECONDS = 4.0
KEYS = 12
FRAME, REDRAW = 18.0, 16.0  # ms: 60 frames a second within a screen's jitter; a redraw

NOTE = f"""\
Chromium without a window, 1280 × 900, the processor slowed {SLOW} times. *Frame*: from one frame to
the next in the {SECONDS:g} seconds after Play; *redraw*: what scripts take in a frame after a key
on the first slider, {KEYS} keys, as they are and slowed. p50 / p95, ms."""

#: Keeps when frames begin, and what scripts take in them.
WATCH = """() => {
  const real = requestAnimationFrame;
  window.frames_ = [];
  window.work_ = [];
  window.requestAnimationFrame = (act) => real((now) => {
    const before = performance.now();
    act(now);
    window.work_.push(performance.now() - before);
  });
  const tick = (now) => { window.frames_.push(now); real(tick); };
  real(tick);
}"""


def of_play(page: Page, root: str) -> list[float]:
    """Return the times between frames while an explorer plays."""
    play = page.locator(f"{root} [data-do=play]")
    if not play.count():
        return []
    play.click()
    page.wait_for_timeout(300)
    page.evaluate("window.frames_ = []")
    page.wait_for_timeout(1000 * SECONDS)
    found = page.evaluate("window.frames_")
    if play.inner_text() == "Pause":
        play.click()
    return list(np.diff(found))


def of_keys(page: Page, root: str) -> list[float]:
    """Return what scripts take in the frames after keys on the first slider."""
    handle = page.locator(f"{root} .arbook-controls .noUi-handle").first
    handle.focus()
    page.evaluate("window.work_ = []")
    for key in ["ArrowRight", "ArrowLeft"] * (KEYS // 2):
        page.keyboard.press(key)
        page.wait_for_timeout(120)
    return [float(work) for work in page.evaluate("window.work_") if work > 0.2]


def quantiles(times: list[float]) -> tuple[str, float]:
    """Return p50 / p95 in words, and p95."""
    if not times:
        return "–", 0.0
    half, most = np.percentile(times, [50, 95])
    return f"{half:.1f} / {most:.1f}", float(most)


def table() -> Table:
    """Measure every explorer on its page."""
    rows, slowest, longest = [], 0.0, 0.0
    with host(built()) as base, chromium() as browser:
        for name in sorted(EXPLORERS):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{base}/{page_of(name)}.html")
            root = f".arbook-explorer[data-explorer={name}][data-ready]"
            page.locator(root).wait_for()
            page.locator(f"{root} .arbook-stage").scroll_into_view_if_needed()
            page.evaluate(WATCH)
            told = page.locator(f"{root} .arbook-question").get_by_text("Just show me")
            if told.count():
                told.first.click()
                page.wait_for_timeout(600)
            redraw, most = quantiles(of_keys(page, root))
            session = page.context.new_cdp_session(page)
            session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
            slowed, _ = quantiles(of_keys(page, root))
            frame, worst = quantiles(of_play(page, root))
            slowest, longest = max(slowest, worst), max(longest, most)
            rows.append((name, frame, redraw, slowed))
            page.close()
    rows.append(("p95 of each", verdict(slowest, FRAME), verdict(longest, REDRAW), ""))
    head = ("explorer", f"frame at {SLOW}×", "redraw", f"redraw at {SLOW}×")
    return Table("Explorers that play", head, rows, NOTE)
