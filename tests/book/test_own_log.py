"""A reader's own log on the page: read there, shown as text, and sent nowhere."""

import pages
import pytest
from explorers import Drawn

HEAD = "commit\tval_bpb\tstatus\tdescription"
GOOD = [HEAD, "a1\t1.00\tkeep\tbaseline", "b2\t0.90\tkeep\twider", "c3\t0\tcrash\tOOM"]
RESTARTED = [*GOOD, "d4\t1.50\tkeep\tbaseline", "e5\t1.25\tkeep\tdeeper", "f6\t1.3\tdiscard\tx"]
MARKUP = "<img src=x onerror='hit=1'>"


class Desk(Drawn):
    """The explorer of logs, with what a reader does to open one."""

    def __init__(self, visit) -> None:
        self.visit = visit(f"{pages.page_of('log')}.html", maths=False)
        super().__init__(self.visit.page, "log")
        self.alert = self.root.locator("[role=alert]")
        self.sent = len(self.visit.requests)

    def open(self, name: str, lines: list[str], awaited: str = "output") -> None:
        """Choose a file in the file picker, and wait for a text that names it."""
        content = "\n".join(lines).encode()
        file = {"name": name, "mimeType": "text/plain", "buffer": content}
        self.root.locator("input[type=file]").set_input_files(file)
        self.awaits(name, awaited)

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
    assert made.visit.requests[made.sent :] == []
    assert made.visit.errors == []
    assert made.page.evaluate("window.hit") is None
    assert made.root.locator("img").count() == 0


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
