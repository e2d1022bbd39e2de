"""Regular expressions of the page take linear time: none can be made to go back and forth.

Those that stand in the front end's modules are found in their text, those that a module puts
together when it is loaded by watching it. Each is tried on what would be its worst case: much of
what its repetitions take, and then something that they do not take.
"""

import re
from pathlib import Path

import node
import pytest
from readers import read_there

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("arbook/widgets", "arbook/widgets/model", "assets", "live")
    for path in (ROOT / folder).glob("*.js")
)

#: A literal: where a value may stand, up to the first slash that is neither escaped nor in a class.
LITERAL = re.compile(
    r"(?:(?<=[(,=:\[!&|?{};>])|(?<=return)) *"
    r"/(?![/*])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+)/([dgimsuvy]*)(?=[\s).,;:\]])"
)

#: Loads modules, and gives pattern and flags of what they make at that.
LOADED = """
const made = [], Native = RegExp;
globalThis.RegExp = new Proxy(Native, {
  construct(target, words) { made.push(words.map(String)); return new target(...words); },
});
for (const file of data) await import(file);
globalThis.RegExp = Native;
return made.map(([pattern, flags = ""]) => [pattern, flags]);
"""

#: Times each on two lengths of its worst cases; gives a growth that is too large, with its text.
#: What is worse than quadratic does not come to an end, and is found by that.
TIMED = """
const seconds = (regex, text) => {
  const times = [0, 1, 2].map(() => {
    const start = performance.now();
    text.replace(regex, "");
    return performance.now() - start;
  });
  return Math.min(...times);
};
return data.map(([pattern, flags, pieces]) => {
  const regex = new RegExp(pattern, flags);
  for (const piece of pieces) for (const start of ["", "x"]) for (const end of ["", "\\0"]) {
    const text = (n) => start + piece.repeat(n / piece.length) + end;
    const ratio = seconds(regex, text(32_000)) / Math.max(seconds(regex, text(4_000)), 0.2);
    if (ratio > 24) return [ratio, start + piece + piece + "..." + end];
  }
  return null;
});
"""


def literals(path: Path) -> list[tuple[str, str]]:
    """Return pattern and flags of each regular expression that stands in a module."""
    code = re.sub(r"^\s*(//|\*|/\*).*$", "", path.read_text(encoding="utf-8"), flags=re.M)
    return LITERAL.findall(code)


@pytest.fixture(scope="module")
def found() -> list[tuple[str, str]]:
    """Return pattern and flags of every regular expression of the front end."""
    there = [one for path in FILES for one in literals(path)]
    there += map(tuple, node.run(LOADED, [(node.WIDGETS / "reader.js").as_uri()]))
    assert len(there) > 30
    return sorted(set(there))


def pieces(pattern: str) -> list[str]:
    """Return what a pattern's repetitions may take: letters, words, and some of each kind."""
    plain = re.sub(r"\\[bBdDsSwW]|\\[pP]\{\w+\}|\\u\w{4}|\(\?(?:[:=!]|<[=!])", " ", pattern)
    letters = sorted({*"a1 _-+.,\"'e0\t", *re.sub(r"[\\^$()\[\]{}|?*]", "", plain)[:40]})
    words = [f"{word} " for word in re.findall(r"[a-z]{2,}", plain)]
    return [*letters, *words, "the of ", "a1", "a_", "1.", "\r", "\ufeff"]


#: Slow on what they are never given: names whose marks have become one each, and numbers.
GUARDED = {r"^_+|_+$", r"^[+-]+|[+-]+$"}


def test_time_grows_with_length(found):
    """Eight times the text takes eight times as long, not sixty-four times."""
    tried = [(p, flags, pieces(p)) for p, flags in found if p not in GUARDED]
    seen = node.run(TIMED, tried)
    assert {p: slow for (p, *_), slow in zip(tried, seen, strict=True) if slow} == {}


@pytest.mark.parametrize("pattern", [r"_+$", r"x*y", r"(\w+_)+$"])
def test_what_goes_back_and_forth_is_found(pattern):
    assert node.run(TIMED, [[pattern, "", pieces(pattern)]]) != [None]


PLACES = {
    "a name": "commit\tval_bpb\tstatus\tTHIS\na\t1.2\tkeep\tx\nb\t1.1\tkeep\tx\n",
    "a metric": "commit\tval_bpb\tstatus\na\t1.2\tkeep\nb\tTHIS\tdiscard\nc\t1.1\tkeep\n",
    "a decision": "commit\tval_bpb\tstatus\na\t1.2\tkeep\nb\t1.3\tTHIS\nc\t1.1\tkeep\n",
    "a text": "commit\tval_bpb\tstatus\tdescription\na\t1.2\tkeep\tTHIS\nb\t1.1\tkeep\tx\n",
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_no_cell_takes_the_reader_long(place):
    """Forty times the cell takes at most a hundred and fifty times as long."""
    cells = [
        start + piece * (n // len(piece)) + end
        for piece in ("_", "+", "-", "9", "1.", " ", "a_", "the of ", "re-run ", "bpb_", "val")
        for start, end in (("", ""), ("1", "1"), ("x", "x"))
        for n in (2_000, 80_000)
    ]
    logs = [place.replace("THIS", cell).encode() for cell in cells]
    seen = read_there(logs, [{}] * len(logs))
    assert [one["fault"] for one in seen if one["fault"]] == []
    times = [max(one["seconds"], 0.004) for one in seen]
    assert [i for i in range(0, len(times), 2) if times[i + 1] > 150 * times[i]] == []
