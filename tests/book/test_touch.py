"""A finger on a phone: a swipe only scrolls; the picture stays in view while sliders move."""

import explorers
import pages
import pytest

ALL = sorted(pages.EXPLORERS)
every_explorer = pytest.mark.parametrize("opened", ALL, indirect=True)
PAGE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True}


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


@pytest.mark.parametrize("name", ALL)
def test_a_link_opens_with_the_top_in_view(browser, base, name):
    """On a phone; links from a disk, in test_explorers.py, are opened on a wide screen."""
    cls = pages.EXPLORERS[name]
    control = next(iter(cls.controls()))
    place = f"{pages.page_of(name)}.html#{name}?{control}={cls.controls()[control].high}"
    with pages.opening(browser, base, place, viewport={"width": 360, "height": 740}) as seen:
        seen.page.wait_for_timeout(700)
        explorers.check_top(seen.page, name)
