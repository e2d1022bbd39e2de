"""The reader of the page (`reader.js`, run in Node) against `arbook.logs.read_log`."""

import random
import re
from pathlib import Path

import pytest
from any_bytes import NAMES, PIECES, SEVERAL, log_of, small_logs
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from node import WIDGETS
from readers import difference, read_here, read_there

from arbook.runs import cells, jsonl, markdown, rows, tables, text, text_logs

SHIPPED = Path(__file__).parents[2] / "arbook" / "data"


def assert_same(contents, **options):
    refused = 0
    found = read_there(contents, [options] * len(contents))
    for content, there in zip(contents, found, strict=True):
        here = read_here(content, **options)
        assert there["fault"] is None, content
        assert not difference(there["found"], here), content
        refused += isinstance(here, str)
    return refused


def test_every_small_log():
    assert len(small_logs()) >= 60
    assert assert_same(small_logs()) == 4  # a counter as the metric, a plan, and two pages


@pytest.mark.parametrize(
    "options",
    [
        *({"direction": "max"}, {"metric": "learning_rate"}, {"decisions": "best"}),
        *({"status": {"pending": "discard"}}, {"status_column": "status"}, {"by": "agent"}),
        *({"where": {"model": "large"}}, {"where": {"status": "keep"}}),
    ],
)
def test_options(options):
    refused = assert_same(small_logs(), **options)
    assert refused < len(small_logs())
    if "metric" in options:
        assert refused == len(small_logs()) - 1


def test_shipped_runs():
    assert_same([path.read_bytes() for path in SHIPPED.glob("*.csv") if path.stem != "index"])


def test_shared_runs(runs_folder):
    files = [path for path in sorted(runs_folder.glob("*.tsv")) if path.stem != "index"]
    assert len(files) == 18
    assert_same([path.read_bytes() for path in files])


CORNERS = [
    b"",
    b"| commit | val_bpb | verdict of it |\n",
    b'{"commit": "a", "val_bpb": 1}\n',
    b"commit   val_bpb   status\n",
    b"commit\tval_bpb\tstatus\na\t1.5\tkeep\nb\t1,4\tkeep\n",
    b"hello",
    b"\n\n  \n",
    b"\0",
    b"a\nb\0c\n",
    b"commit\tstatus\n",
    b"commit\tstatus\tnote\nx\tkeep\ty\n",
    b"\xef\xbb\xbfcommit\tval_bpb\tstatus\na\t1\xff\tkeep\n",
    b"\xff\xfea",
    b"\xff\xfe\x00\xd8",
    b"\xfe\xff" + "commit\tloss\tstatus\na\t1\tkept".encode("utf-16-be"),
    b"\xef\xbb\xbf\xef\xbb\xbfcommit\tloss\tstatus\na\t1\tkept",
    b"commit\tloss\tstatus\na\t1\tkept\r\nb\t\xe9\xff\tkept\n\xc3",
    "commit\tloss\tstatus\na\t1\tkept\xa0\x85\nb\t\u20032\u2003\tKEPT\x1f\n".encode(),
    "commit\tloss\tstatus\tnote\na\t\u0661\tké\tbaseline\nb\t\ufeff2\tkeep\tx\n".encode(),
    "commit\tloss\tstatus\na\t1\t\U0001f600\nb\t2\t'\"\\\u200b\x07\t\n".encode(),
    b"commit\tloss\tstatus\tnote\na\t1\tkeep\t" + "é".encode() * 300 + b"baseline\n",
    "commit\tloss\tstatus\tnote\na\t1\tkeep\t\nb\t2\tkeep\tÉto baseline\n".encode(),
    b"commit\tloss\tstatus\n" + b"a\tconstructor\t__proto__\n" * 3,
    b"commit\tloss\tstatus\n" + b"a\t1e101\tkeep\na\t-1e100\tkeep\na\t.5e-9\tkeep\na\t7.\tno\n",
    b"commit\tloss\tstatus\n" + b"\t" * 1500 + b"\na\t1\tkeep" + b"\tx" * 1500,
    b'commit\tb\tstatus\na\t40/50\tkeep\nb50\tkeep\nc\t"44/50\tdiscard\nd',
    b'commit,loss,status,note\n"a",1,keep,"x""y"\nb,2,no,"open\nmore\n"\nc,1,keep,"z',
]


def test_corners():
    assert 8 <= assert_same(CORNERS) < len(CORNERS)


def test_names_of_metrics():
    contents = [log_of(name, way) for name, _, _ in NAMES for way in ("min", "max")]
    for one, other, _ in SEVERAL:
        contents.append(f"commit\t{one}\t{other}\tstatus\na\t3\t2\tkeep".encode())
    contents.append(b"a\tb\tc\td\te\tstatus\n1\t2\t3\t4\t5\tkeep")
    assert assert_same(contents) == 0


def test_baselines():
    head, good = b"commit\tloss\tstatus\tnote\n", b"a\t2\tkeep\tbaseline\nb\t1\tkeep\tx\n"
    notes = [b"Baseline re-run (seed 2)", b"baseline with more", b"the new baseline", b"re-run of"]
    again = [head + good + b"c\t0.5\tkeep\t" + note for note in notes]
    odd = [head + b"a\t0\tcrash\tx\n" * 12, head + b"a\t3\tdiscard\tx\n" + good]
    assert assert_same([*again, *odd, head + b"a\t?\tkeep\tx\n" + good]) == 0


def test_long_cells():
    """Blanks, marks and signs that a regular expression would try again and again."""
    head, long = b"commit\tval_bpb\tstatus\tnote\na\t1\tkeep\tbaseline\nb\t", 1_000_000
    cells = [b"0.9" + b" " * long + b"8", b'"' * long, b'"' * (long + 1), b"+-" * long, b"%" * long]
    rows = [cell + b"\tkeep\tx" for cell in cells] + [b"1\tkeep\t" + cell for cell in cells]
    assert assert_same([head + row for row in rows]) == 0
    assert assert_same([*cells, b"\n" * long + b"\xff"]) == len(cells) + 1
    record = b'{"loss": 1, "status": "keep"}\n'
    assert assert_same([record * 3 + b'{"loss"' + b"," * long + b": 1}\n"]) == 0


@pytest.mark.parametrize(
    ("module", "file", "names"),
    [
        (text, "reader/text.js", ["MOST_LINES", "MOST_BYTES"]),
        (tables, "reader/tables.js", ["MOST_CELLS", "HEADER_WITHIN"]),
        (jsonl, "reader/records.js", ["DEEPEST", "MOST_COLUMNS", "MOST_OBJECTS"]),
        (cells, "reader/cells.js", ["LARGEST_METRIC"]),
        (rows, "reader/rows.js", ["SAMPLE", "SAMPLE_CELLS"]),
        (markdown, "reader/markdown.js", ["MOST_TABLES"]),
        (text_logs, "reader/text_logs.js", ["TRIED", "CELLS_A_TABLE"]),
    ],
)
def test_limits(module, file, names):
    for name in names:
        found = re.search(
            rf"^(?:export )?const {name} = (\S+);", (WIDGETS / file).read_text(), re.M
        )
        assert float(found[1]) == vars(module).get(name, vars(module).get(f"_{name}"))


def test_too_many_lines():
    assert assert_same([b"commit\tval_bpb\tstatus\n" + b"\n" * 50_001]) == 1


def test_too_many_objects():
    """Also in one line, which may be long: each takes some twenty microseconds."""
    row = b'{"loss": 1, "status": "keep"}'
    many = b"[" + b",".join([row] * 30_001) + b"]"
    at_most = b'{"loss": 1, "status": "keep", "note": "' + b"{" * 29_999 + b'"}'
    contents = [many, many[:-1], b"[\n" + row + b",\n" + many[1:], at_most]
    assert assert_same(contents) == 3


# ---------------------------------------------------------------- mutated logs


@st.composite
def mutated(draw):
    """Return a small log with a few places overwritten, cut, doubled or moved, in some encoding."""
    log = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 6))):
        i, j = (draw(st.integers(0, len(log))) for _ in range(2))
        i, j = min(i, j), min(max(i, j), min(i, j) + draw(st.integers(0, 12)))
        kind = draw(st.sampled_from(["put", "cut", "double", "swap"]))
        if kind == "put":
            log = log[:i] + draw(st.sampled_from(PIECES)) + log[i:]
        elif kind == "cut":
            log = log[:i] + log[j:]
        elif kind == "double":
            log = log[:j] + log[i:]
        else:
            lines = log.split("\n")
            random.Random(i).shuffle(lines)
            log = "\n".join(lines)
    encoding = draw(st.sampled_from(["utf-8"] * 6 + ["latin-1", "utf-16", "utf-8-sig"]))
    return log.encode(encoding, "replace")


TEXTS = [content.decode("utf-8", "replace") for content in small_logs()]


@settings(
    max_examples=6, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None
)
@given(st.lists(mutated(), min_size=100, max_size=100))
def test_mutated_logs(contents):
    """Six hundred of them, a hundred in one call of Node."""
    assert assert_same(contents) < 50


@settings(max_examples=3, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(st.binary(max_size=200), min_size=100, max_size=100))
def test_any_bytes(contents):
    assert_same([b"commit\tval_bpb\tstatus\tnote\n" + content for content in contents])
    assert_same(contents)
