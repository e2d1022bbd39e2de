"""The lines of a log in text: rows, comments, names again and tables beside it; and the order."""

import io
from itertools import islice

import pytest

from arbook.logs import LogError, read_log
from arbook.runs import reading, text

LETTERS = {"keep": "K", "discard": "D", "crash": "C", "other": "o"}
NAMES = "commit loss status note"


def read(*lines, **options):
    """Read a log that has a tab for every blank; "_" is a blank."""
    text = "\n".join(lines).replace(" ", "\t").replace("_", " ")
    return read_log(io.StringIO(text), **options)


def read_page(*lines, **options):
    return read_log(io.StringIO("\n".join(lines)), **options)


def said(log):
    return [(issue.line, issue.reason) for issue in log.issues]


# ---------------------------------------------------------------- lines that are no rows


@pytest.mark.parametrize(
    ("lines", "rows", "issues"),
    [
        (["#_made_by_hand", "a 3 keep x"], [3], [(2, "a comment; not used")]),
        (["//_made", "a 3 keep x", "//_by_hand"], [3],
         [(2, "a comment; not used"), (4, "a comment; not used")]),
        (["#1 3 keep x", "#2 - crash x"], [2, 3], []),  # names of rows, no comments
        (["words", "a 3 keep x"], [3], [(2, "no row, for it ends before the status; not used")]),
        (["a 3 keep x", "b y"], [2],
         [(3, "no row, for it ends before the status; taken as more of the description of "
           "line 2")]),
        (["a 3 keep "], [2], []),
        (["a 3 keep x  "], [2], []),
        (["a 3 keep x y z"], [2],
         [(2, "6 cells, where the header has 4; the rest was taken as description")]),
        ([NAMES, "a 3 keep x", "b 2 keep x"], [3, 4], [(2, "the header again; not used")]),
        ([NAMES, "a 3 keep baseline"], [3], [(2, "the header again; not used")]),
    ],
)  # fmt: skip
def test_what_is_no_row_is_said(lines, rows, issues):
    log = read(NAMES, *lines)
    assert (log.line.tolist(), said(log), log.restarts) == (rows, issues, ())
    assert {len(cells) for cells in log.cells} <= {4, 6}


@pytest.mark.parametrize(
    ("first", "again", "starts"),
    [
        ("a 3 keep x", "a 2.5 keep x", True),  # as the first row is called
        ("a 3 keep x", "b 2.5 keep baseline", True),
        ("a 3 keep x", "b 2.5 keep x", False),
        ("- 3 keep x", "- 2.5 keep x", False),
    ],
)
def test_below_the_header_again_a_log_may_begin_again(first, again, starts):
    log = read(NAMES, first, NAMES, again)
    assert log.restarts == ((1,) if starts else ())
    words = "begins below the header again as a log does: a new sequence starts here"
    assert ((4, words) in said(log)) == starts


def test_numbers_of_rows_have_three_digits():
    for n, restarts in ((999, (1,)), (1000, ())):
        log = read("n loss status", f"{n} 3 keep", "n loss status", f"{n} 2.5 keep")
        assert log.restarts == restarts


def test_one_number_alone_is_no_row():
    log = read("loss status", "3 keep", "5", "2 keep")
    assert (log.value.tolist(), log.line.tolist()) == ([3, 2], [2, 4])


def test_cells_that_are_too_many_are_left_out_where_the_description_is_not_last():
    log = read("commit note loss status", "a x 3 keep y")
    assert (log.cells[0][:4], log.status.tolist()) == (("a", "x", "3", "keep"), ["keep"])
    assert said(log) == [(2, "5 cells, where the header has 4; the rest was not used")]
    log = read_page("|commit|loss|status|note|", "|-|-|-|-|", "|a|3|keep|x|y|")
    assert (log.description, said(log)[0][1][-20:]) == (("x",), "he rest was not used")


# ---------------------------------------------------------------- which way is better


@pytest.mark.parametrize(
    ("lines", "options", "direction", "issues"),
    [
        (["my run", "higher is better", "words", "n\tx\tstatus", "1\t3\tkeep"], {}, "max",
         [(1, "stands before the header; not used"), (2, "higher"),
          (3, "stands before the header; not used")]),
        (["n\tscore\tstatus", "1\t3\tkeep", "# lower is better"], {}, "min",
         [(3, "a comment; not used"), (3, "lower")]),
        (["n\tscore\tstatus", "1\t3\tkeep", "# lower is better"], {"direction": "max"}, "max",
         [(3, "a comment; not used")]),
    ],
)  # fmt: skip
def test_a_comment_says_which_way_is_better(lines, options, direction, issues):
    log = read_page(*lines, **options)
    words = "a comment says that {} is better; so it was taken (see direction=)"
    assert log.direction == direction
    assert said(log) == [
        (line, words.format(what) if what in ("higher", "lower") else what) for line, what in issues
    ]


# ---------------------------------------------------------------- which line has the names


def test_six_lines_may_be_that_of_the_names():
    others = [f"a{i} status" for i in range(6)]
    log = ["commit loss status", "a 3 keep", "b 2 keep"]
    assert read(*others[:5], *log).value.tolist() == [3, 2]
    with pytest.raises(LogError, match=r"^line 1: expected a column that holds the metric"):
        read(*others, *log)


def test_lines_that_are_no_rows_do_not_tell_the_columns():
    """Here three of four cells below 'loss' are no numbers, but only one is of a row."""
    assert read("widgets status", "3 keep", "5 keep").metric == "widgets"
    row = "3 5 keep"
    for other in ("two_words", "# 1 2", "#_a b c", "loss widgets status"):
        assert read("loss widgets status", row, other, other, other).metric == "loss"


def test_a_table_without_names_says_so_at_its_first_row():
    log = read("a 3 keep", "b 2 keep")
    words = "no line of names; 'column 2' was taken as the metric (metric= names another one)"
    assert (1, words) in said(log)


# ---------------------------------------------------------------- Markdown


def page(*tables):
    """Return the lines of tables in Markdown: names, and words of rows, one blank between cells."""
    lines = []
    for names, *rows in tables:
        drawn = " ".join("-" for _ in names.split())
        lines += [f"|{row.replace(' ', '|')}|" for row in (names, drawn, *rows)] + [""]
    return lines


@pytest.mark.parametrize(
    ("tables", "read"),
    [
        ([("loss status", "1 keep"), ("acc status2", "2 ?", "3 ?")], "loss"),
        ([("loss status", "1 keep", "2 wait"), ("acc verdict", "2 keep")], "loss"),
        ([("loss status", "1 keep"), ("acc verdict", "2 keep")], "loss"),
        ([("loss status", "1 keep"), ("acc verdict", "2 keep", "3 ?")], "acc"),
    ],
)
def test_of_several_tables_the_one_with_most_decisions_is_read(tables, read):
    log = read_page(*page(*tables))
    assert log.metric == read
    assert any(reason.startswith("of 2 kinds of tables the one") for _, reason in said(log))


def test_of_one_table_nothing_is_said_and_of_others_which_was_read():
    assert said(read_page(*page(("loss status", "1 keep")))) == []
    for names, words in (
        ("n loss status", "'n', 'loss', 'status' was read"),
        ("n loss status note", "'n', 'loss', 'status' ... was read"),
    ):
        log = read_page(*page(("a b", "x y"), (names, "1 2 keep" + " x" * ("note" in names))))
        [reason] = [reason for _, reason in said(log) if "kinds of tables" in reason]
        assert words in reason


def test_lines_beside_a_markdown_table_are_said():
    log = read_page(
        *page(("setting value", "lr 3")), *page(("loss status", "1 keep")), "words", "x"
    )
    words = "in a table of fields and their values; not used"
    rest = [(i, "no row of the table; not used") for i in (9, 10)]
    assert said(log) == [*((i, words) for i in (1, 2, 3)), *rest]
    assert log.description == ("",)


# ---------------------------------------------------------------- options, order, limits


@pytest.mark.parametrize(
    ("cells", "is_backwards"),
    [
        ("time 5 3", True),
        ("time 5 5 3", True),
        ("time 5 5 5", False),
        ("time 5 3 4", False),
        ("time 5  3", False),
        ("date 2026-01-03 2026-01-02", True),
        ("date 2026-01-02T09:00 2026-01-02T08:00", True),
        ("date 2026-01-02T9:00 2026-01-02T10:00", False),  # not as wide
        ("date yesterday today", False),
        ("step 3 2", False),
        ("step 3 2 1", True),
        ("step 3 3 1", False),
        ("step c b a", False),
        ("step 3 - 1", False),
    ],
)
def test_the_newest_row_may_stand_first(cells, is_backwards):
    name, *values = cells.split(" ")
    rows = [f"{value} {9 - 2 * i} keep" for i, value in enumerate(values)]
    log = read(f"{name} loss status", *rows)
    assert ("the newest row stands first" in str(log.issues)) == is_backwards
    lines = [*range(2, 2 + len(values))]
    assert log.line.tolist() == (lines[::-1] if is_backwards else lines)


def test_rows_that_are_not_wanted_are_counted():
    rows = ["a 3 keep s", "b 2 keep s", "c 1 keep t"]
    log = read(NAMES, *rows, where={"note": "s"})
    assert log.value.tolist() == [3, 2]
    assert said(log) == [(1, "1 rows whose 'note' is not 's' were left out")]
    assert said(read(NAMES, *rows[:2], where={"note": "s"})) == []
    with pytest.raises(LogError, match=r"expected a row whose 'note' is 'u' .*, got 's', 't'$"):
        read(NAMES, *rows, where={"note": "u"})
    assert read(NAMES, where={"note": "u"}).value.size == 0


def test_a_state_is_said_to_be_no_decision():
    [(line, reason)] = said(read("commit loss status", "a 3 ok", "b 2 ok"))
    words = "no column holds decisions: 'status' says only which experiments ran; "
    assert (line, reason.startswith(words)) == (1, True)


def test_what_describes_a_row_does_not_split_the_log():
    """Keeps that are worse than the best may be of several models, but not of several notes."""
    rows = [f"{['small', 'large'][i % 2]} {[1, 9][i % 2] - i / 10} keep" for i in range(8)]
    assert "by='model'" in str(read("model loss status", *rows).issues)
    assert "by=" not in str(read("note loss status", *rows).issues)


class Pieces:
    """A file that gives one byte at a time."""

    def __init__(self, content):
        self.left = iter(content)

    def read(self, size=-1):
        return bytes(islice(self.left, min(size, 1)))


def test_a_file_is_read_to_its_limit(monkeypatch):
    content = b"loss\tstatus\n3\tkeep\n"
    for module in (reading, text):
        monkeypatch.setattr(module, "MOST_BYTES", len(content))
    assert read_log(Pieces(content)).value.tolist() == [3]
    endless = iter(lambda: 10, None)
    for longer in (content + b"\n", endless):
        with pytest.raises(LogError, match=f"at most {len(content)} bytes, got {len(content) + 1}"):
            read_log(Pieces(longer))
