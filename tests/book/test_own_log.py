"""A reader's own log on the page: read there, shown as text, and sent nowhere."""

import re

import pages
import pytest
from explorers import Drawn
from playwright.sync_api import expect

HEAD = "commit\tval_bpb\tstatus\tdescription"
GOOD = [HEAD, "a1\t1.00\tkeep\tbaseline", "b2\t0.90\tkeep\twider", "c3\t0\tcrash\tOOM"]
RESTARTED = [*GOOD, "d4\t1.50\tkeep\tbaseline", "e5\t1.25\tkeep\tdeeper", "f6\t1.3\tdiscard\tx"]
MARKUP = "<img src=x onerror='hit=1'>"


class Desk(Drawn):
    """The explorer of logs, with what a reader does to open one."""

    def __init__(self, visit, **options) -> None:
        self.visit = visit(f"{pages.page_of('log')}.html", **options)
        super().__init__(self.visit.page, "log")
        self.alert = self.root.locator("[role=alert]")
        self.stop = self.root.get_by_role("button", name="Stop")
        self.sent = len(self.visit.requests)

    def open(self, name: str, lines: list[str], awaited: str = "output") -> None:
        """Choose a file in the file picker, and wait for a text that names it."""
        self.choose(name, "\n".join(lines))
        self.awaits(name, awaited)

    def choose(self, name: str, text: str) -> None:
        """Choose a file in the file picker."""
        file = {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
        self.root.locator("input[type=file]").set_input_files(file)

    def instead(self, worker: str) -> None:
        """Put a class in the place of the browser's workers; it may extend `Real`."""
        self.page.evaluate(f"() => {{ const Real = Worker; window.Worker = {worker}; }}")

    def awaits(self, text: str, where: str = "output") -> None:
        """Wait until a text is there."""
        self.root.locator(where, has_text=text).first.wait_for()
        self.settle()

    def says(self) -> str:
        """Return the live sentence with plain blanks."""
        return " ".join(self.sentence().split())

    def drop(self, name: str, lines: list[str]) -> None:
        """Drag a file over the explorer, and drop it."""
        given = self.page.evaluate_handle(
            "([name, text]) => { const data = new DataTransfer();"
            " data.items.add(new File([text], name)); return data; }",
            [name, "\n".join(lines)],
        )
        desk = self.root.locator(".arbook-desk")
        for event in ("dragover", "drop"):
            desk.dispatch_event(event, {"dataTransfer": given})
        self.awaits(name)


@pytest.fixture
def desk(visit):
    """Return the explorer on its page; afterwards nothing has left the page or gone wrong."""
    made = Desk(visit)
    yield made
    sent = made.visit.requests[made.sent :]
    assert [address for address in sent if not address.startswith("blob:")] == []  # the worker's
    assert made.visit.errors == []
    assert made.page.evaluate("window.hit") is None
    assert made.root.locator("img").count() == 0


@pytest.fixture
def desk_on_disk(visit, site):
    return Desk(visit, address=site.as_uri())


def test_a_good_file(desk):
    desk.open("results.tsv", GOOD)
    said = desk.says()
    assert "In 2 experiments results.tsv kept 1 (50 %), discarded 0 and lost 1 crash." in said
    assert "from 1.000 to 0.900, a gain of 0.100" in said
    assert not desk.alert.is_visible()


def test_a_file_that_is_no_log_leaves_the_one_before(desk):
    desk.open("results.tsv", GOOD)
    before = desk.sentence()
    desk.open("notes.txt", ["hello"], "[role=alert]")
    words = "notes.txt cannot be read. Line 1: expected a header with the columns commit, val_bpb"
    assert desk.alert.inner_text().startswith(words)
    assert desk.sentence() == before


def test_a_file_without_a_metric_offers_its_columns(desk):
    cells = ["0.9 so far", "0.8", "much", "too much", "none"]
    lines = ["commit\tverdict\tnote", *(f"a{i}\tkeep\t{cell}" for i, cell in enumerate(cells))]
    desk.open("words.tsv", lines, "[role=alert]")
    said = (
        "such as val_bpb (“Metric” below names another one), got the columns commit, verdict, note"
    )
    assert said in desk.alert.inner_text()
    metric = desk.root.locator(".arbook-trouble + .arbook-desk-row").get_by_label("Metric")
    assert metric.locator("option").all_inner_texts() == ["-", "commit", "verdict", "note"]
    metric.select_option("note")
    desk.awaits("experiments words.tsv kept")
    assert not desk.alert.is_visible()
    assert metric.count() == 0


def test_a_restarted_file_has_its_sequences(desk):
    desk.open("restarted.tsv", RESTARTED)
    assert "In 2 experiments restarted.tsv kept 1 (50 %), discarded 1." in desk.says()
    sequence = desk.root.locator("label", has_text="sequence").locator("select")
    assert sequence.locator("option").all_inner_texts() == [
        "1: 2 experiments from line 2",
        "2: 2 experiments from line 5",
    ]
    sequence.select_option("0")
    desk.awaits("lost 1 crash")


def test_a_file_can_be_dropped(desk):
    desk.drop("dropped.tsv", GOOD)
    assert "In 2 experiments dropped.tsv kept 1" in desk.sentence()


def test_text_is_never_markup(desk):
    lines = [HEAD.replace("val_bpb", f"val_{MARKUP}"), *GOOD[1:]]
    lines[2] = f"b2\t0.90\tkeep\t{MARKUP}"
    lines += [f"{MARKUP}\t{MARKUP}\t{MARKUP}\t{MARKUP}"]
    desk.open(f"{MARKUP}.tsv", lines)
    assert MARKUP in desk.sentence()
    remarks = desk.root.locator("details.arbook-remarks")
    remarks.locator("summary").click()
    assert remarks.inner_text().count("<img") >= 2
    assert MARKUP in desk.root.locator("label", has_text="Metric").inner_text()
    desk.open(f"no {MARKUP}", [MARKUP], "[role=alert]")
    assert desk.alert.inner_text().count("<img") == 2


# ---------------------------------------------------------------- large and hostile files

LARGE = "\n".join([HEAD, "a1\t1.0\tkeep\tbaseline", *["b2\t0.9\tdiscard\tx"] * 49_000])
#: Ten megabytes, and what is said of them.
HOSTILE = {
    "blanks": (f"{LARGE[:60]}\nb2\t0.9{' ' * 9_900_000}8\tkeep\tx", "output"),
    "marks": ('"' * 10_000_000, "[role=alert]"),
    "a cell of marks": (f"{HEAD}\na1\t1\tkeep\t" + '"' * 9_900_000, "output"),
    "lines": ("\n" * 10_000_000, "[role=alert]"),
    "a row a line": (LARGE, "output"),
    "baselines": (f"{HEAD}\n" + "a1\t0.9\tkeep\tbaseline\n" * 49_000, "output"),
}
#: Workers that a page may not have, that never answer, and that end.
NONE = "undefined"
BLOCKED = (
    "class { constructor() { setTimeout(() => this.onerror(new Event('error'))); } terminate() {} }"
)
SILENT = "class { terminate() { window.ended = true; } }"
ENDED = """class extends Real {
  set onmessage(act) { super.onmessage = (event) => { act(event); this.end(); }; }
  end() { this.onerror(new ErrorEvent('error', { message: 'out of memory' })); }
}"""


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("worker", ["Worker", NONE])
def test_ten_megabytes_are_read_or_refused(desk, tmp_path, kind, worker):
    """None of them holds the page for a second where there is a worker, or for five without."""
    text, awaited = HOSTILE[kind]
    desk.instead(worker.replace("Worker", "Real"))
    desk.page.evaluate(
        "() => { window.longest = 0; new PerformanceObserver((list) => {"
        " for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);"
        " }).observe({ type: 'longtask' }); }"
    )
    file = tmp_path / f"{kind}.tsv"
    file.write_text(text, encoding="utf-8")
    desk.root.locator("input[type=file]").set_input_files(file)
    desk.awaits(f"{kind}.tsv", awaited)
    assert desk.stop.is_hidden()
    assert desk.page.evaluate("longest") < (1000 if worker == "Worker" else 5000)
    words = desk.alert.inner_text() if awaited != "output" else desk.says()
    assert re.match(
        rf"In |{kind}\.tsv (cannot be read\. Line \d+: expected |has a baseline)", words
    )


@pytest.mark.parametrize(
    "worker", [NONE, BLOCKED, "class { constructor() { throw Error('no'); } }"]
)
def test_where_there_is_no_worker_the_page_reads(desk, worker):
    desk.instead(worker)
    desk.open("results.tsv", GOOD)
    assert "In 2 experiments results.tsv kept 1 (50 %)" in desk.says()
    desk.open("notes.txt", ["hello"], "[role=alert]")
    assert desk.alert.inner_text().startswith("notes.txt cannot be read. Line 1: expected a header")


def test_reading_can_be_stopped(desk):
    """It says so when it lasts; then what was shown stays, and the next file is read."""
    desk.open("results.tsv", GOOD)
    before = desk.sentence()
    desk.instead(SILENT)
    desk.choose("slow.tsv", "x")
    status = desk.root.get_by_role("status").filter(has_text="slow.tsv")
    expect(status).to_have_text("reading slow.tsv")
    desk.stop.press("Enter")
    desk.awaits("slow.tsv was not read: you stopped it.", "[role=alert]")
    assert desk.page.evaluate("window.ended")
    assert desk.stop.is_hidden()
    assert desk.sentence() == before
    desk.instead(NONE)
    desk.open("next.tsv", GOOD)
    assert desk.alert.is_hidden()


def test_another_file_takes_the_place_of_one_that_is_read(desk):
    desk.instead(SILENT)
    desk.choose("slow.tsv", "x")
    expect(desk.stop).to_be_visible()
    desk.instead(NONE)
    desk.open("results.tsv", GOOD)
    assert desk.stop.is_hidden()
    assert desk.alert.is_hidden()


def test_progress_is_shown_and_slices_can_be_stopped(desk):
    """Without a worker the reader gets the page between two slices."""
    desk.instead(NONE)
    desk.page.evaluate("() => { performance.now = () => (window.at = (window.at ?? 0) + 1e3); }")
    desk.page.evaluate(
        "() => { const go = setTimeout; window.held = [];"
        " window.setTimeout = (act, ms) => (ms === undefined ? held.push(act) : go(act, ms)); }"
    )
    desk.choose("large.tsv", LARGE)
    bar = desk.root.locator("progress")
    expect(bar).to_be_visible()
    assert 0 < bar.evaluate("e => e.value") < 0.1
    desk.stop.click()
    desk.page.evaluate("() => held.forEach((act) => act())")
    desk.awaits("large.tsv was not read: you stopped it.", "[role=alert]")


def test_a_reader_that_fails_is_told(desk):
    desk.instead(ENDED)
    desk.choose("results.tsv", "\n".join(GOOD))
    desk.awaits("results.tsv", "[role=alert]")
    words = "results.tsv could not be read: the reader failed (out of memory). Is the file whole?"
    assert desk.alert.inner_text() == words


def test_a_new_choice_of_the_metric_is_read_again(desk):
    desk.open("two.tsv", [f"loss\t{HEAD}", "3\ta1\t1.0\tkeep\tx", "2\tb2\t0.9\tkeep\ty"])
    desk.root.locator("label", has_text="Metric").locator("select").select_option("loss")
    desk.awaits("from 3.00 to 2.00")
    desk.instead(ENDED)
    better = desk.root.locator("label", has_text="better is").locator("select")
    better.select_option("max")
    desk.awaits("the reader failed", "[role=alert]")
    assert better.input_value() == "min"  # as it is shown


def test_from_a_disk(desk_on_disk):
    """`file:` pages have workers, too."""
    desk_on_disk.instead(
        "class extends Real { constructor(...how) { super(...how); window.made = true; } }"
    )
    desk_on_disk.open("results.tsv", GOOD)
    assert desk_on_disk.page.evaluate("window.made")
    assert "In 2 experiments results.tsv kept 1 (50 %)" in desk_on_disk.says()


def choose(desk, words: str, value: str) -> None:
    """Choose a value in the chooser that has these words."""
    desk.root.locator("label", has_text=words).locator("select").select_option(value)


def test_a_log_without_decisions_can_be_read_by_the_best_so_far(desk):
    desk.open("trials.csv", ["number,value,state", "0,0.9,COMPLETE", "1,0.8,COMPLETE", "2,,FAIL"])
    assert "so it has no frontier" in desk.says()
    remarks = desk.root.locator("details.arbook-remarks")
    remarks.locator("summary").click()
    assert "“kept is” above 'best' takes a row as kept" in remarks.inner_text()
    choose(desk, "kept is", "best")
    desk.awaits("kept 1 (50 %)")
    assert "from 0.900 to 0.800" in desk.says()


def test_a_word_that_is_not_known_can_be_given_a_meaning(desk):
    desk.open("words.tsv", ["n\tloss\tstatus", "1\t3\tkeep", "2\t2\tshipped", "3\t4\tdiscard"])
    assert "1 has another status" in desk.says()
    choose(desk, "“shipped” means", "keep")
    desk.awaits("kept 1 (50 %)")


def test_a_log_of_two_agents_can_be_split_and_one_can_be_read(desk):
    rows = ["agent\tloss\tstatus", "ann\t3\tkeep", "bo\t5\tkeep", "ann\t2\tkeep", "bo\t4\tkeep"]
    desk.open("agents.tsv", rows)
    choose(desk, "split by", "agent")
    sequence = desk.root.locator("label", has_text="sequence").locator("select")
    sequence.wait_for()
    assert sequence.locator("option").count() == 2
    desk.awaits("from 5.00 to 4.00")
    choose(desk, "split by", "")
    choose(desk, "only", '["agent","ann"]')
    desk.awaits("from 3.00 to 2.00")
