"""Every explorer in three engines: drawn, moved by keyboard, right; mathematics; no error."""

import time
from urllib.parse import parse_qsl

import drivers
import explorers
import pages
import pytest

#: Runs in the page; X is the explorer's element.
X = "document.querySelector('.arbook-explorer[data-explorer={name}][data-ready]')"
#: Two frames later: true.
DRAWN = "new Promise((f) => requestAnimationFrame(() => requestAnimationFrame(() => f(true))))"


@pytest.fixture(scope="module", params=["chromium", "firefox", "webkit"])
def engine(request):
    with getattr(drivers, request.param)() as running:
        yield running


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    copy = drivers.recording(pages.built(), tmp_path_factory.mktemp("site"))
    with pages.server(copy) as address:
        yield address


def test_an_error_of_a_page_is_seen(engine, base):
    """Of each kind; what follows rests on it."""
    engine.open(f"{base}/intro.html")
    assert engine.errors == []
    engine.evaluate("setTimeout(() => { throw new Error('first'); })")
    engine.evaluate("void Promise.reject(new Error('second'))")
    wait_for(engine, "new Promise((done) => setTimeout(() => done(true), 300))")
    seen = " ".join(engine.errors)
    assert "first" in seen
    assert "second" in seen


@pytest.mark.parametrize("field", ["<textarea></textarea>", "<p contenteditable></p>"])
def test_what_is_typed_into_a_field_arrives(engine, base, field):
    """The editor of "Run here" is such a paragraph; Sphinx would take "/" for a wish to search."""
    engine.open(f"{base}/intro.html")
    place = "document.querySelector('article')"
    engine.evaluate(f"{place}.insertAdjacentHTML('afterbegin', '{field}')")
    first = "document.querySelector('article').firstElementChild"
    engine.evaluate(f"void {first}.focus()")
    engine.evaluate(f"void ({first}.isContentEditable && getSelection().collapse({first}))")
    engine.type("1/2 # a")
    typed = f"({first}.value ?? {first}.textContent).replaceAll('\\u00a0', ' ')"
    wait_for(engine, f"{typed}.endsWith('a')")
    assert engine.evaluate(typed) == "1/2 # a"
    assert engine.errors == []


def wait_for(engine, expression):
    deadline = time.monotonic() + 60
    while not engine.evaluate(expression):
        assert time.monotonic() < deadline, expression
        time.sleep(0.2)


@pytest.mark.parametrize("name", sorted(pages.EXPLORERS))
def test_explorer(engine, base, name):
    x = X.format(name=name)
    control = next(iter(pages.EXPLORERS[name].controls()))
    engine.open(f"{base}/{pages.page_of(name)}.html")
    wait_for(engine, f"{x} !== null")
    # some have their first control folded away
    engine.evaluate(f"[...{x}.querySelectorAll('details.arbook-more')].forEach(d => d.open = true)")

    picture = f"({explorers.SEEN})({x}.querySelector('.arbook-figure'))"
    look = f"[{picture}, {x}.querySelector('output').textContent]"
    before = engine.evaluate(look)
    for _ in range(2):
        engine.evaluate(f"{x}.querySelector('[data-control={control}] .noUi-handle').focus()")
        engine.type(drivers.ARROW_RIGHT)
    wait_for(engine, f"{x}.querySelector('output').innerText !== {before[1]!r}")
    engine.evaluate(f"{x}.querySelector('[data-act=link]').click()")
    fragment = engine.evaluate("location.hash")
    wait_for(engine, DRAWN)
    after = engine.evaluate(look)
    assert after[0] != before[0]
    state = {key: float(value) for key, value in parse_qsl(fragment.split("?")[1])}
    python = explorers.as_explorer(name, state)
    assert explorers.unsaid(after[1], explorers.NUMBERS[name](python)) == [], after[1]

    wait_for(
        engine,
        "document.querySelectorAll('article .math .katex').length > 0 && "
        "document.querySelectorAll('article .math .katex').length === "
        "document.querySelectorAll('article .math').length",
    )
    assert engine.errors == []
