"""What is played with besides sliders and presets: by pointer, by keyboard alone and by touch.

Files of one's own are in `test_own_log.py`.
"""

import math

import explorers
import numpy as np
import pytest
from doubles import laboratory
from doubles.programs import NAMES, best_wins_probability
from doubles.runs import significant
from draws import normals
from explorers import fixed, two, unsaid, whole
from playwright.sync_api import expect

import arbook
from arbook import logs
from arbook.laboratory import Surrogate
from arbook.widgets import _runs

WAYS = ("pointer", "keyboard", "touch")
every_way = pytest.mark.parametrize("way", WAYS)
dragging = pytest.mark.parametrize("way", ["pointer", "touch"])


def on(*names: str) -> pytest.MarkDecorator:
    """Run a test on these explorers, whose page stays open for the tests that follow."""
    return pytest.mark.parametrize("opened", names, indirect=True)


@pytest.fixture
def explorer(opened):
    """Return an explorer at its start, with the question out of the way."""
    opened.restart()
    yield opened
    assert opened.visit.errors == []


def drag(explorer, way, chart, start, end):
    """Drag from one place of a chart to another: shares of its frame, from the left and the top.

    `chart` is its number and the room left of its frame.
    """
    svg = explorer.root.locator(".arbook-svg").nth(chart[0])
    svg.scroll_into_view_if_needed()
    box, left = svg.bounding_box(), chart[1]

    def place(part):
        x, y = start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])
        width, height = box["width"] - left - 14, box["height"] - 8 - 42
        return {"x": box["x"] + left + x * width, "y": box["y"] + 8 + y * height}

    parts = [place(part) for part in (0, 0.25, 0.5, 0.75, 1)]
    if way == "pointer":
        mouse = explorer.page.mouse
        mouse.move(**parts[0])
        mouse.down()
        for part in parts[1:]:
            mouse.move(**part)
        mouse.up()
    else:
        fingers = explorer.page.context.new_cdp_session(explorer.page)
        kinds = ["touchStart", *4 * ["touchMove"], "touchEnd"]
        for kind, part in zip(kinds, [*parts, None], strict=True):
            points = [part] if part else []
            fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        fingers.detach()
    explorer.settle()


# ---------------------------------------------------------------- update rule


@on("update-rule")
@every_way
def test_keep_or_discard(explorer, way):
    """Six guesses and a step: decisions, sentence and score are those of the run in Python."""
    explorer.click("[data-act=seed]")
    log, guesses = explorer.python().log(), (True, False, False, True, False, False)
    verdict, scores = (explorer.root.locator(f".arbook-{x}") for x in ("bench-verdict", "scores"))
    before = [int(number) for number in explorers.numbers(scores.inner_text()).elements()]
    right = tries = discards = 0
    for t, keeps in enumerate(guesses, start=1):
        explorer.push(explorer.button("Keep" if keeps else "Discard"), way)
        decision = "crash" if log.crashed[t] else "keep" if log.kept[t] else "discard"
        assert verdict.get_attribute("data-decision") == decision
        hit = decision == ("keep" if keeps else "discard")
        assert ("you were right" in verdict.inner_text()) == hit
        if decision != "crash":  # nobody can guess that
            tries, right, discards = tries + 1, right + hit, discards + (decision == "discard")
        explorer.check()
    told = f"You guessed {right} of {tries} right; always saying discard would have got {discards}."
    assert explorer.sentence().endswith(told)
    hits, all_tries = before or (0, 0)
    assert f"{hits + right} of {all_tries + tries} right" in scores.inner_text()

    explorer.push(explorer.button("Step"), way)
    assert explorer.state()["t"] == len(guesses) + 1
    assert explorer.sentence().endswith(told)  # a step is no guess
    explorer.press("t", "ArrowLeft")
    explorer.push(explorer.button("Keep"), way)  # nor is an answer that was on the page
    assert explorer.sentence().endswith(told)


@on("update-rule")
@every_way
def test_play_and_pause(explorer, way):
    explorer.push(explorer.button("Play"), way, "Space")
    explorer.root.locator("output", has_text="Variant 2 ").wait_for()
    explorer.push(explorer.button("Pause"), way, "Space")
    t = explorer.state()["t"]
    assert 2 <= t <= 4
    explorer.page.wait_for_timeout(1000)
    assert explorer.state()["t"] == t
    assert explorer.button("Play").is_visible()


@on("update-rule")
def test_after_the_last_experiment(explorer):
    explorer.press("t", "End")
    said = explorer.sentence()
    for words in ("Step", "Keep", "Discard"):
        assert explorer.button(words).get_attribute("aria-disabled") == "true"
        explorer.button(words).dispatch_event("click")
    explorer.settle()
    assert explorer.sentence() == said
    assert explorer.button("Again").is_visible()


@on("update-rule")
def test_a_variant_drops_in(explorer):
    """Which is what moves; for those who do not want it, see `test_explorers.py`."""
    explorer.push(explorer.button("Step"))
    assert explorer.page.evaluate("document.getAnimations().length") == 1


# ---------------------------------------------------------------- perturbation


def linked(explorer):
    """Return what shows t in the left picture and in the right one."""
    return explorer.part("hill"), explorer.part("now")


@on("perturbation")
@dragging
@pytest.mark.parametrize("chart", ["density", "step size"])
def test_dragging_in_one_picture_moves_both(explorer, way, chart):
    """To t = 60 in the right one; in the left one to a step size, which a pixel knows less well."""
    before, e = linked(explorer), explorer.python()
    if chart == "step size":
        drag(explorer, way, (1, 52), (0.35, 0.5), (0.6, 0.5))
        assert explorer.state()["t"] == 60
    else:
        sigma = e.sigma0 * e.gamma**60
        low, high = e.mu - 3.3 * e.sigma0, 3.3 * e.sigma0
        drag(explorer, way, (0, 44), (0.8, 0.5), ((e.mu + sigma - low) / (high - low), 0.5))
        assert explorer.state()["t"] == pytest.approx(60, abs=4)
    assert [one == other for one, other in zip(before, linked(explorer), strict=True)] == 2 * [
        False
    ]
    assert explorer.value("t") == explorer.state()["t"]
    explorer.check()


@on("perturbation")
def test_keys_move_both_pictures(explorer):
    before = linked(explorer)
    explorer.push(explorer.handle("t"), "keyboard", "ArrowRight")
    assert [one == other for one, other in zip(before, linked(explorer), strict=True)] == 2 * [
        False
    ]
    assert explorer.state()["t"] == 1


# ---------------------------------------------------------------- trade-offs


@on("trade-off")
@dragging
def test_the_point_is_dragged(explorer, way):
    """From its place three quarters to the right, and half-way down."""
    before, scroll = explorer.part("mean"), explorer.page.evaluate("scrollY")
    place = math.log(10) / math.log(300)  # of 0.01 on the way from 0.001 to 0.3
    drag(explorer, way, (0, 44), (place, 0.02 / 0.19), (0.75, 0.5))
    state = explorer.state()
    assert state["sigma0"] == pytest.approx(0.001 * 300**0.75, rel=0.03)
    assert state["gamma"] == pytest.approx(0.895, abs=0.002)
    assert explorer.part("mean") != before
    assert way == "pointer" or explorer.page.evaluate("scrollY") >= scroll  # nor does the page move
    explorer.check()


@on("trade-off")
def test_keys_move_the_point(explorer):
    for control, key in (("sigma0", "ArrowUp"), ("gamma", "ArrowDown")):
        before = explorer.part("grip point"), explorer.part("mean")
        value = explorer.value(control)
        explorer.push(explorer.handle(control), "keyboard", key)
        assert (explorer.value(control) > value) == (key == "ArrowUp")
        assert explorer.part("grip point") != before[0]
        assert explorer.part("mean") != before[1]
    explorer.check()


@on("trade-off")
@every_way
def test_a_price_of_boldness_brings_the_best_point_inside(explorer, way):
    switch = explorer.root.get_by_role("switch")
    corner = explorer.part("best")
    assert "The best point is the corner" in explorer.sentence()
    explorer.push(switch, way, "Space")
    assert switch.get_attribute("aria-checked") == "true"
    assert "a step size inside the map" in explorer.sentence()
    assert explorer.part("best") != corner
    assert explorer.state()["price"] == 10
    explorer.check()
    explorer.push(switch, way, "Space")
    assert switch.get_attribute("aria-checked") == "false"
    assert explorer.part("best") == corner
    explorer.check()


# ---------------------------------------------------------------- meta-optimisation


@on("meta")
@every_way
def test_a_game_of_nights(explorer, way):
    """Nights are spent, a program is chosen, and then, not before, the truth is there."""
    e = explorer.python()
    nights = np.array([e.nights(i, e.budget) for i in range(len(NAMES))])
    programs = [program.parameters for program in e.shelf()]
    truth = np.array([float(arbook.expected_gain_area(p, e.n)) for p in programs])
    stds = [float(arbook.gain_area_std(p, e.n)) for p in programs]
    counts = np.zeros(len(NAMES), int)
    left, each = explorer.root.locator(".arbook-left"), explorer.button("One night each")

    def run(button, *these):
        explorer.push(button, way)
        counts[list(these)] += 1
        assert left.inner_text() == f"{e.budget - counts.sum()} of {e.budget} nights left"
        means = np.array([nights[i, :n].mean() if n else -1 for i, n in enumerate(counts)])
        looks = int(np.argmax(means))
        expected = [*two(means[looks])]
        if len(these) == 1:
            (i,) = these
            expected += two(nights[i, counts[i] - 1])
            expected += [*two(means[i]), *whole(counts[i])] if counts[i] > 1 else []
        assert f"So far {NAMES[looks]} looks best" in explorer.sentence()
        assert unsaid(explorer.sentence(), expected) == [], explorer.sentence()
        assert explorer.root.locator("[data-part^='truth']:not([display=none])").count() == 0
        return means

    def runner(i):
        return explorer.root.get_by_role("button", name=f"Run {NAMES[i]}:")

    explorer.push(explorer.button("Play the game"), way)
    assert explorer.button("Choose program A").is_disabled()
    for i in range(len(NAMES)) if way == "pointer" else (2,):  # each area is said once
        run(runner(i), i)
    run(each, *range(len(NAMES)))
    run(runner(2), 2)
    while counts.sum() + len(NAMES) <= e.budget:
        run(each, *range(len(NAMES)))
    assert each.is_disabled()
    while counts.sum() < e.budget:
        means = run(runner(0), 0)
    assert "The budget is spent: choose." in explorer.sentence()
    assert all(runner(i).is_disabled() for i in range(len(NAMES)))

    chosen, best = 1, int(np.argmax(truth))
    explorer.push(explorer.button(f"Choose program {NAMES[chosen]}"), way, "Space")
    luck, rank = means[chosen] - truth[chosen], int((truth > truth[chosen]).sum()) + 1
    odds = [best_wins_probability(truth, stds, n) for n in (1, 10)]
    expected = two(truth[chosen], means[chosen], abs(luck), *odds) + whole(counts[chosen])
    expected += two(truth[best]) if rank > 1 else []
    assert unsaid(explorer.sentence(), expected) == [], explorer.sentence()
    assert explorer.sentence().startswith(f"You chose {NAMES[chosen]}")
    assert ("overstates" if luck > 0 else "understates") in explorer.sentence()
    assert explorer.root.locator("[data-part^='truth']:not([display=none])").count() == len(NAMES)
    assert explorer.root.locator(".arbook-top").inner_text() == f"{NAMES[best]} · 1st"

    explorer.push(explorer.button("Next shelf"), way)
    assert explorer.state()["seed"] == e.seed + 1
    assert left.inner_text() == f"{e.budget} of {e.budget} nights left"
    assert explorer.root.locator("[data-part^='truth']:not([display=none])").count() == 0
    explorer.check()


@on("racing")
@every_way
def test_watching_a_race(explorer, way):
    """Night by night, from the first decision on; at the end the choice is said."""
    e = explorer.python()
    choice = e.choice()
    for until in range(e.first_runs + 1, e.first_runs + 4):
        explorer.push(explorer.button("Step"), way)
        out = [NAMES[one.program] for one in choice.eliminations if one.runs <= until]
        names = " and ".join(filter(None, [", ".join(out[:-1]), *out[-1:]])) or "nobody"
        said = f"After {until} nights of each {names} {'are' if len(out) > 1 else 'is'} out; "
        spent = np.minimum(choice.runs, until).sum()
        assert explorer.sentence() == f"{said}{spent} nights are spent."
    for _ in range(choice.runs.max()):
        explorer.click("[data-do=step]")
        if explorer.sentence().startswith("The race chose"):
            break
    explorer.check()


@on("racing")
def test_what_a_race_spends_stands_in_the_picture(explorer):
    """On average over many races, in every setting; not before it is asked for."""
    title = explorer.root.locator(".arbook-axis-title").last
    for preset in explorer.root.locator("[data-preset]").all():
        preset.click()
        explorer.settle()
        _, nights = explorer.python().record()
        assert explorer.part("mean")
        assert title.inner_text().endswith(f"nights; mean: {fixed(nights)}")
    explorer.click("[data-act=ask]")
    assert not explorer.part("mean")
    assert title.inner_text() == "the race and even shares"


# ---------------------------------------------------------------- switches


def turn(explorer, way, parameter):
    """Turn the switch of a parameter on and off again."""
    switch, before = explorer.root.get_by_role("switch"), explorer.picture()
    for checked in ("true", "false"):
        explorer.push(switch, way, "Space")
        assert switch.get_attribute("aria-checked") == checked
        assert explorer.state()[parameter] == (checked == "true")
        assert (explorer.picture() == before) == (checked == "false")
        explorer.check()


@on("noise")
def test_switches(explorer):
    for way in WAYS:
        turn(explorer, way, "remeasure")


@on("landscape")
@every_way
def test_landscape_and_rule(explorer, way):
    for number, words in enumerate(["Bowl", "Ridge", "Hollows"]):
        button = explorer.button(words)
        explorer.push(button, way)
        assert button.get_attribute("aria-pressed") == "true"
        assert explorer.state()["landscape"] == number
        explorer.check()
    turn(explorer, way, "success")


@on("landscape", "noise")
def test_a_start_and_a_margin_are_set_on_the_picture(explorer):
    """The middle of the map is the start; the margin follows its grip."""
    svg = explorer.root.locator(".arbook-svg").first
    svg.evaluate("e => e.scrollIntoView({ block: 'center' })")
    box = svg.bounding_box()
    mouse = explorer.page.mouse
    if explorer.name == "landscape":
        mouse.click(box["x"] + 0.55 * box["width"], box["y"] + 0.45 * box["height"])
    else:
        grip = explorer.root.locator("[data-part='grip margin']").bounding_box()
        x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
        mouse.move(x, y)
        mouse.down()
        mouse.move(x - 30, y, steps=3)
        mouse.up()
    explorer.settle()
    state = explorer.state()
    if explorer.name == "landscape":
        assert abs(state["x0"]) < 1.5
        assert abs(state["y0"]) < 1.5
    else:
        assert state["threshold"] > 0.001
    explorer.check()


# ---------------------------------------------------------------- real runs


@on("fit")
@every_way
def test_a_fit_is_revealed(explorer, way):
    """Reveal, go there, and count the catastrophes in, which hides the fit again."""
    fit, score = explorer.python().fit(), explorer.root.locator(".arbook-score b")
    largest = fixed(fit.log_likelihood, 1)
    assert explorer.part("best high") == ""
    assert not explorer.button("Move the sliders there").is_visible()
    explorer.push(explorer.button("Reveal the best fit"), way)
    assert explorer.part("best high") != ""
    p = fit.parameters
    expected = [largest, significant(p.sigma0), fixed(p.gamma, 3), significant(p.mu)]
    less = fit.log_likelihood - explorer.python().log_likelihood()
    assert unsaid(explorer.sentence(), [*expected, fixed(less, 1)]) == []
    explorer.push(explorer.button("Move the sliders there"), way)
    assert score.inner_text() == largest
    assert explorer.state()["sigma0"] == pytest.approx(p.sigma0, rel=1e-3)
    assert "yours is 0.0 less" in explorer.sentence()
    explorer.push(explorer.root.get_by_role("switch"), way, "Space")
    assert explorer.state()["catastrophes"] == 1
    assert explorer.part("best high") == ""
    explorer.check()


@on("forecast")
@every_way
def test_a_bet_on_the_rest(explorer, way):
    """An interval that is none is refused; then the forecast and the truth are there."""
    run = 2 + WAYS.index(way)  # what was opened stays open
    explorer.press("run", "Home")
    for _ in range(run - 1):
        explorer.press("run", "ArrowRight")
    e = explorer.python()
    (low, high), made = e.interval(), e._forecast()
    explorer.check()
    assert explorer.part("band") == explorer.part("truth") == ""
    fields = [explorer.root.locator(f"input[name={name}]") for name in ("low", "high")]
    commit = explorer.root.locator(".arbook-bet").get_by_role("button", name="Commit")
    for bet in (2, 1), (0, 2 * made["truth"]):
        for field, value in zip(fields, bet, strict=True):
            explorer.push(field, way, "Control+a")
            explorer.page.keyboard.press("Control+a")
            explorer.page.keyboard.type(f"{value:.6g}")
        assert explorer.part("truth") == ""
        explorer.push(commit, way)
        if bet == (2, 1):
            assert "the smaller one first" in explorer.root.locator(".arbook-bet").inner_text()
    said = [low, high, made["quantiles"][4][-1], made["truth"], 2 * made["truth"]]
    expected = [significant(value) for value in said]
    assert unsaid(explorer.sentence(), expected) == [], explorer.sentence()
    assert "holds it." in explorer.sentence()
    inside = "inside the band" if low <= made["truth"] <= high else "outside"
    assert inside in explorer.sentence()
    assert explorer.part("band") != ""
    assert not commit.is_visible()


@on("log")
def test_naming_random_search(explorer):
    """By keyboard: the names appear, and one is right."""
    runs = [_runs.searcher(number) for number in range(1, len(_runs.RUNS) + 1)]
    random = next(i for i, words in enumerate(runs) if words.startswith("random search"))
    letter = chr(ord("A") + random)
    presets = explorer.root.locator("[data-preset]")
    assert presets.first.inner_text() == "Run A"
    explorer.push(explorer.root.locator(f"[data-say='{random + 1}']"), "keyboard", "Space")
    said = f"You said {letter}. So it is: {_runs.RUNS[random]}."
    assert explorer.root.locator(".arbook-naming").inner_text() == said
    assert presets.all_inner_texts() == list(_runs.RUNS)
    assert "1 of 1 right" in explorer.root.locator(".arbook-scores").inner_text()


@on("log")
@every_way
def test_the_file_picker_opens(explorer, way):
    target = explorer.root.locator("input[type=file]" if way == "keyboard" else ".arbook-file")
    with explorer.page.expect_file_chooser() as chooser:
        explorer.push(target, way)
    log = b"commit\tval_bpb\tstatus\na1\t1.0\tkeep\nb2\t0.9\tkeep\n"
    file = {"name": f"{way}.tsv", "mimeType": "text/plain", "buffer": log}
    chooser.value.set_files(file)
    expect(explorer.root.locator("output")).to_contain_text(f"{way}.tsv kept 1")


# ---------------------------------------------------------------- true frontier


@on("true-frontier")
@dragging
def test_each_keep_can_be_pointed_at(explorer, way):
    """The nearest one of those that are seen is chosen, and its verdict is said."""
    drag(explorer, way, (0, 58), (0.5, 0.5), (0.99, 0.95))
    assert explorer.python().keep == np.count_nonzero(explorer.python().trace().kept)
    explorer.check()
    drag(explorer, way, (0, 58), (0.5, 0.5), (0.0, 0.05))
    assert explorer.python().keep == 1
    explorer.check()
    explorer.press("start", "End")
    assert "← keep 1" in explorer.part("chosen words")
    drag(explorer, way, (0, 58), (0.5, 0.5), (0.0, 0.05))
    first_seen = explorer.python()
    t = np.flatnonzero(first_seen.trace().kept)[first_seen.keep - 1]
    assert t + 1 >= 0.9 * first_seen.trace().y.size
    assert "←" not in explorer.part("chosen words")
    explorer.check()


# ---------------------------------------------------------------- cover


@on("cover")
def test_a_thousand_nights_come_behind_those_of_the_reader(explorer):
    """They come by themselves, for the controls as they are; a real night has none."""
    said = explorer.root.locator(".arbook-bench-said")
    explorer.button("Yours").click()
    expect(said).to_contain_text("Of a thousand nights half", timeout=60_000)
    band, before = explorer.part("crowd"), said.inner_text()
    assert band
    explorer.button("Timid").click()
    expect(said).not_to_have_text(before)
    expect(said).to_contain_text("Of a thousand nights half", timeout=60_000)
    assert explorer.part("crowd") != band
    explorer.button("The real night").click()
    expect(said).to_be_hidden()
    assert not explorer.part("crowd")


# ---------------------------------------------------------------- night


def hand(theta, seed, measurements):
    """Return the lines of the agent that is a reader: true and logged, and what was kept."""
    task = Surrogate()
    luck = task.noise * normals(seed, 1, 21, 2)[0]
    true, logged, kept = [float(task.truth(task.space.start))], [], []
    logged.append(true[0] + luck[0])
    for t, (row, wanted) in enumerate(zip(theta, measurements, strict=True)):
        f = float(task.truth(row))
        keep = wanted and f == f
        true.append(f if keep else true[-1])
        logged.append(f + luck[t + 1] if keep else logged[-1])
        kept.append(keep)
    return true, logged, kept


@on("night")
def test_the_reader_is_the_agent(explorer, tmp_path):
    """By hand, to a file that the package reads; and all of a log by its link, with the verdict."""
    page, root = explorer.page, explorer.root
    explorer.push(root.get_by_role("switch"), "keyboard")
    for idea, decision in (("Smaller batches", "Keep"), ("Deeper", "Discard")):
        explorer.button(idea).click()
        explorer.button("Measure").click()
        explorer.button(decision).click()
    with page.expect_download() as event:
        explorer.button("Download the log").click()
    event.value.save_as(tmp_path / "results.tsv")
    log = logs.read_log(tmp_path / "results.tsv")
    start = Surrogate().space.start
    places = np.minimum(np.floor(start * 64).astype(int), 63)
    batch = np.arange(14) == 4
    smaller = np.where(batch, (places - 11 + 0.5) / 64, start)
    _, logged, _ = hand([smaller], 1, [True])
    assert log.value[:2].tolist() == pytest.approx(logged, abs=1e-6)
    assert log.kept[1:].tolist() == [True, False]

    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    moved = places - 11 * batch
    rows = [np.where(np.arange(14) == i % 14, 63 - moved, moved) for i in range(20)]
    theta = [np.where(row == places, start, (row + 0.5) / 64) for row in rows]
    wanted = [i % 3 == 0 for i in range(20)]
    code = "".join(
        "".join(letters[p] for p in row) + "DK"[keep]
        for row, keep in zip(rows, wanted, strict=True)
    )
    page.evaluate("code => { location.hash = 'night-agent=3.' + code; }", code)
    expect(root.locator("output").first).to_contain_text("the truth is")
    true, logged, kept = hand(theta, 3, wanted)
    keeps = [t for t in range(20) if kept[t]]
    real = sum(true[t + 1] < true[t] for t in keeps)
    gains = [logged[0] - logged[-1], true[0] - true[-1]]
    loop = laboratory.NightExplorer(seed=3, n=20).simulated()[0]
    others = [(loop[:, 0] - loop[:, -1]).mean()]
    others += [np.mean([r.f0 - r.frontier[20] for r in logs.contest()["TPE"]])]
    expected = [fixed(value, 5) for value in (*gains, *others)]
    assert unsaid(explorer.sentence(), [*expected, *whole(len(keeps), real)]) == []

    with page.expect_download() as event:
        explorer.button("Download the log").click()
    event.value.save_as(tmp_path / "results.tsv")
    fitted = logs.fit(logs.read_log(tmp_path / "results.tsv"))
    expect(root.locator("output").first).to_contain_text("noise ν is not identified")
    sigma0, gamma, mu = (fitted.estimates[name] for name in ("sigma0", "gamma", "mu"))
    assert unsaid(explorer.sentence(), [f"{sigma0:.3g}", fixed(gamma, 3), f"{mu:.3g}"]) == []
