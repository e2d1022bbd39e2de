"""The columns of a run log: which holds the metric, which the decisions, and the others."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from arbook.runs.cells import DECIMAL_COMMA, column_of, number_of
from arbook.runs.text import LogError, name_in, name_of, short
from arbook.runs.words import (
    AGAINST_NAMES,
    direction_of,
    flag_of,
    is_success,
    is_yes_or_no,
    status_of,
)

STATUS_NAMES = (
    "status", "decision", "result", "outcome", "verdict", "kept", "keep", "accepted", "action",
    "keep_discard", "disposition", "judgement", "judgment", "state", "correctness",
    "estado", "decisión", "resultado", "statut", "décision", "ergebnis", "entscheidung",
    "状态", "狀態", "决定", "決定", "结果", "結果", "判定", "結論", "상태", "결과",
    "статус", "решение", "результат",
)  # fmt: skip
#: Columns that say yes or no, or 1 or 0.
FLAG_NAMES = (
    *AGAINST_NAMES, "kept", "keep", "accepted", "accept", "improved", "is_best", "is_kept",
    "selected", "merged", "promoted", "adopted", "better", "is_better", "new_best",
)  # fmt: skip
_COMMIT_NAMES = (
    "commit", "hash", "sha", "commit_hash", "commit_sha", "id", "exp", "experiment", "run",
    "number", "run_id",
)  # fmt: skip
_DESCRIPTION_NAMES = (
    "description", "desc", "notes", "note", "comment", "change", "summary", "hypothesis", "idea",
    "message", "title",
)  # fmt: skip
# Names of rows, places and settings: never the metric.
_NOT_A_METRIC = re.compile(
    r"commit|hash|sha|id|exp|experiment|run|iter|iteration|step|steps|num_steps|round|trial|index"
    r"|date|timestamp|datetime|branch|parent|agent|gpu|seed|lr|depth|status"
    r"|delta|diff|diff_lines|reject_reason|reason|baseline|n|no|num|model"
    r"|cycle|generation|gen|epoch|epochs|attempt|segment|phase|session|number|task|worker|machine"
    r"|port|rank"
    r"|created|created_at|updated|started|finished|start|end|start_time|end_time|started_at"
    r"|finished_at"
    r"|datetime_start|datetime_complete|clock|line|version|pr|confidence|budget|runtime_limit|budget_[a-z]+"
    r"|(change|improvement|gain|delta|diff)_(pct|percent|vs_best|vs_baseline|abs|rel)"
    r"|uid|uuid|.*_(id|idx|index|num|number|no|commit|hash|sha)|prio|priority"
    r"|(pct|percent)_(change|improvement|gain)|vs_(best|baseline)|delta_.*|.*_delta"
)
# Settings and labels, as Optuna, MLflow and Weights & Biases name their columns.
_SETTING = re.compile(
    r"(params?|config|hparams|hyperparams?|hyperparameters|tags?|user_attrs?|system_attrs?|args"
    r"|settings|values?_json|asi)[_./].*"
)
# What is written down beside a metric: the metric itself only where nothing else can be.
_MEMORY = re.compile(r"(^|_)[a-z]*(mem|memory|vram)([gm]i?b)?(_|$)")
_BESIDE_A_METRIC = re.compile(
    r"^(time|duration|elapsed|runtime|batch|(micro|global)_batch)$"
    r"|(^|_)(time|duration|elapsed|runtime)_(s|sec)$"
    r"|(^|_)(before|old|new|baseline|changed|seconds|secs|minutes|hours|ms|n?params|n?tokens|mfu|batch_size"
    r"|gap|trades|lines|loc|files|n_features|parent)(_|$)"
)
_NOTHING = ("", "-", "--", "\u2013", "\u2014", "n/a", "na", "nan", "none", "null", "?", "tbd")
# What a metric was before an experiment.
_EARLIER = re.compile(r"(^|_)(before|old|prev|previous|prior|baseline|parent)(_|$)")
# What it is after it, where what it was is there as well.
_LATER = re.compile(r"(^|_)(after|new)(_|$)")
# How far a mean spreads, beside it.
_SPREAD = re.compile(
    r"(^|_)(std|stdev|stddev|sd|se|sem|stderr|std_err|std_dev|ci|ci95|ci_low|ci_high|var|variance"
    r"|iqr|mad|min|max|lo|low"
    r"|hi|high|lower|upper|noise)(_|$)"
)
_PEAK = re.compile(r"(^|_)(mean|avg|average|median|best|p50)(_|$)")
# Where several columns could be the metric, what was held out goes first.
_HELD_OUT = re.compile(r"(^|_)(test|val|valid|validation|eval|dev|holdout)(_|$)")
_TRAINING = re.compile(r"(^|_)(train|training)(_|$)")
# Of a measure such as F1 these are parts.
_OF_TWO = re.compile(r"(^|_)(f1|f2|f0_?5|f_?beta)(_|$)")
_PART = re.compile(r"(^|_)(precision|recall)(_|$)")
_PLAIN_NAMES = ("val_bpb", "metric", "metric_after", "value")
_METRIC_FIRST = (
    r"val_bpb", r"(best_)?val(id|idation)?_.*",
    r"metric_after|(after|results?|primary|main|target)_metric", r"metric", r"value",
    r"(.*_)?(overall|composite|combined|objective|fitness)(_score)?(_after)?", r".*bpb.*",
)  # fmt: skip


def is_status_name(name: str) -> bool:
    """Return whether a column's name is one of decisions."""
    return name in STATUS_NAMES


@dataclass
class Sheet:
    """The names of a table, some of its rows, and the line (from 1) of its names."""

    cells: list[str]
    sample: list[list[str]]
    line: int
    names: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.names = [name_in(cell) for cell in self.cells]

    def column(self, i: int) -> list[str]:
        """Return the cells of a column in the sample; '' where a row ends before it."""
        return [row[i] if i < len(row) else "" for row in self.sample]

    def find(self, wanted: str, option: str) -> int:
        """Return the column that is named, or refuse."""
        for i, cell in enumerate(self.cells):
            if cell == wanted:
                return i
        for i, cell in enumerate(self.cells):
            if name_of(wanted) and name_of(wanted) in (self.names[i], name_of(cell)):
                return i
        names = ", ".join(short(name) for name in self.cells)
        raise LogError(
            f"line {self.line}: expected a column {wanted!r} ({option}=), got the columns {names}"
        )

    def first(self, wanted: Sequence[str]) -> int | None:
        """Return the first column that has one of some names, in their order."""
        return next((self.names.index(name) for name in wanted if name in self.names), None)


@dataclass
class Columns:
    """Which column is which, by its number, and what has to be said of the choice."""

    status: int | None = None
    state: int | None = None
    metric: int = -1
    commit: int | None = None
    description: int | None = None
    memory: int | None = None
    flag: str = ""  # name of the column of decisions, if it says yes or no
    done_is_keep: bool = False
    direction: str | None = None
    said: list[str] = field(default_factory=list)

    def status_in(self, cells: list[str]) -> str:
        """Return what a row's decision says: keep, discard, crash or other."""
        word = cells[self.status] if self.status is not None and self.status < len(cells) else ""
        kind = flag_of(word, self.flag) if self.flag else status_of(word)
        if kind == "done":
            return "keep" if self.done_is_keep else "other"
        return kind


def _quoted(sheet: Sheet, columns: Sequence[int]) -> str:
    names = [repr(short(sheet.cells[i])) for i in columns]
    return ", ".join(names[:3]) + (" ..." if names[3:] else "")


_COUNTED = ("keep", "discard", "crash", "done", "other", "said", "success", "answer")


def choose_status(sheet: Sheet, wanted: str | None, words: Sequence[str] = ()) -> Columns:
    """Return which column holds decisions: the one whose words are decisions, not states.

    `words` are those that the reader of the log said the meaning of.
    """
    found = Columns(commit=sheet.first(_COMMIT_NAMES), description=sheet.first(_DESCRIPTION_NAMES))
    counted: dict[int, dict[str, int]] = {}
    for i, name in enumerate(sheet.names):
        is_flag = name in FLAG_NAMES
        count = dict.fromkeys(_COUNTED, 0)
        for cell in sheet.column(i):
            if cell:
                count[flag_of(cell, name) if is_flag else status_of(cell)] += 1
                count["success"] += is_success(cell)
                count["said"] += cell.lower() in words
                count["answer"] += is_yes_or_no(cell)
        counted[i] = count
    if wanted is not None:
        found.status = sheet.find(wanted, "status_column")
        found.flag = sheet.names[found.status] or "kept"
        found.done_is_keep = _means_keep(counted[found.status])
        return found
    named = [i for name in STATUS_NAMES for i, n in enumerate(sheet.names) if n == name]
    named += [i for i, name in enumerate(sheet.names) if name in FLAG_NAMES and i not in named]
    other = [
        i
        for i, count in counted.items()
        if i not in named and i != found.description and _all_decide(count)
    ]
    deciding = [i for i in (*named, *other) if _decisions(counted[i])]
    deciding.sort(key=lambda i: -_decisions(counted[i]))
    states = [i for i in named if counted[i]["done"] and i not in deciding[:1]]
    if deciding:
        found.status = deciding[0]
        rest = [
            i
            for i in deciding[1:]
            if 2 * _decisions(counted[i]) >= _decisions(counted[deciding[0]])
        ]
        if rest:
            found.said.append(
                f"{_quoted(sheet, deciding[:1])} was taken for the decisions; "
                f"{_quoted(sheet, rest)} could be it as well (status_column= names another one)"
            )
    elif not states and named:
        found.status = named[0]
    found.state = states[0] if states else None
    if found.state is None:
        failing = [
            i
            for i in named
            if i != found.status and counted[i]["crash"] and not counted[i]["other"]
        ]
        found.state = failing[0] if failing else None
    if found.status is not None:
        name = sheet.names[found.status]
        found.flag = name if name in FLAG_NAMES else ""
        found.done_is_keep = _means_keep(counted[found.status])
        if found.done_is_keep:
            found.said.append(
                f"no row of {sheet.cells[found.status]!r} says keep: what succeeded was taken as "
                f"kept "
                "(status= says otherwise)"
            )
    return found


def _decisions(count: dict[str, int]) -> int:
    """Return how many cells are decisions, or were said to be; crashes alone are none."""
    some = count["keep"] + count["discard"] + count["said"]
    is_state = count["done"] > 0 and not count["keep"] + count["said"] and not _means_keep(count)
    return some + count["crash"] if some and not is_state else 0


def _all_decide(count: dict[str, int]) -> bool:
    """Return whether all words of a column decide, whatever its name; yes and no need a name."""
    both = count["keep"] > 0 and count["discard"] > 0
    return both and not count["other"] + count["done"] + count["answer"]


def _means_keep(count: dict[str, int]) -> bool:
    """Return whether success is what a column calls a keep, for it has discards and no keeps."""
    return 0 < count["success"] == count["done"] and count["discard"] > 0 and not count["keep"]


def support(values: Sequence[float], kinds: Sequence[str], sign: float) -> tuple[float, int, int]:
    """Return which share of decisions agrees with a direction, of how many, and how many keeps.

    A keep agrees if it is better than the best keep before it, a discard if it is not. `sign` is 1
    where lower is better, else -1. Of the keeps those count that agree, or none if more do not.

    Examples
    --------
    >>> support([1.0, 0.9, 0.95], ["keep", "keep", "discard"], 1.0)
    (1.0, 2, 1)
    >>> support([1.0, 1.1, 1.2], ["keep", "keep", "discard"], 1.0)
    (0.5, 2, 0)
    """
    best = math.inf
    agree = total = keeps = better = 0
    for value, kind in zip(values, kinds, strict=True):
        cost = sign * value
        if math.isnan(cost) or kind not in ("keep", "discard"):
            continue
        if best == math.inf:
            best = cost if kind == "keep" else best
        elif kind == "discard":
            total += 1
            agree += cost >= best
        elif cost != best:
            total += 1
            keeps += 1
            better += cost < best
            best = min(best, cost)
    agree += better
    return (agree / total if total else 0.0), total, better if 2 * better >= keeps else 0


#: From so many decisions on they outvote a name.
_FEWEST_VOTES = 3


@dataclass
class _Candidate:
    """A column that could hold the metric."""

    column: int
    named: str | None  # direction that its name says
    votes: tuple[float, int, int]  # for that direction, or the better of the two


def choose_metric(sheet: Sheet, found: Columns, wanted: str | None) -> None:
    """Find the column that holds the metric, and say of it what has to be said."""
    memory = next((i for i, n in enumerate(sheet.names) if _MEMORY.search(n)), None)
    found.memory = memory
    kinds = [found.status_in(row) for row in sheet.sample]
    if wanted is not None:
        found.metric = sheet.find(wanted, "metric")
        found.direction = direction_of(sheet.cells[found.metric])
        return
    taken = (found.status, found.state, found.commit, found.description)
    likely = [
        i
        for i, name in enumerate(sheet.names)
        if i not in taken
        and not _NOT_A_METRIC.fullmatch(name)
        and not _SETTING.fullmatch(name_of(sheet.cells[i]))
        and not _is_spread(sheet, i)
    ]
    values = {i: _numbers(sheet, i, kinds) for i in likely}
    ways = {i: direction_of(sheet.cells[i]) for i in likely}
    likely = [i for i in likely if not _is_counter(values[i], ways[i], False)]
    # a few numbers count rows where they stand first and others can be the metric
    later = [i for i in likely if not _is_counter(values[i], ways[i], i == 0)]
    likely = later if any(_is_full(values[i]) for i in later) else likely
    if not any(sheet.cells[i] for i in likely if not sheet.names[i].startswith("column_")):
        likely = [i for i in likely if not _is_beside_nameless(sheet, i)] or likely
    steady = {i for i in likely if _is_constant(values[i])}
    moving = [i for i in likely if i not in steady]
    order = moving if any(_is_full(values[i]) for i in moving) else likely
    first, others = _by_name(sheet, order, {i for i in order if _is_full(values[i])})
    if first is None or (
        # without decisions, what stands beside a metric is none if its name says no direction
        others[:1] == [first] and found.status is None and not ways[first]
    ):
        raise LogError(_no_metric(sheet, kinds))
    candidates = {i: _candidate(i, sheet, values[i], kinds) for i in order if _is_full(values[i])}
    chosen = _outvoted(first, candidates)
    if chosen != first:
        found.said.append(
            f"{_quoted(sheet, [chosen])} was taken as the metric, for the keeps follow it and not "
            f"{_quoted(sheet, [first])} (metric= names another one)"
        )
    else:
        twice = _measured_twice(sheet, candidates)
        is_beside = others[:1] == [first]
        rest = [] if is_beside else [i for i in others if i != first]
        if first in twice:
            rest += [i for i in twice if i not in (first, *rest)]
        said = f"{_quoted(sheet, [first])} was taken as the metric"
        if is_beside and not rest:
            found.said.append(
                said + ", for no other column looks like one (metric= names another one)"
            )
        elif rest:
            found.said.append(
                f"{said}; {_quoted(sheet, rest)} could be it as well (metric= names another one)"
            )
    found.metric = chosen
    found.direction = direction_of(sheet.cells[chosen])


def _is_beside_nameless(sheet: Sheet, i: int) -> bool:
    """Return whether a column without a name counts the rows, or says changes with their sign."""
    cells = [cell for cell in sheet.column(i) if not is_empty(cell)]
    return any(cell.startswith("+") for cell in cells) or (
        i == 0 and all(cell.isascii() and cell.isdigit() for cell in cells)
    )


def _no_metric(sheet: Sheet, kinds: list[str]) -> str:
    names = ", ".join(short(name) for name in sheet.cells)
    kept = kinds.count("keep")
    counted = ""
    if kept or "discard" in kinds:
        counted = f"; its decisions alone are {kept} kept of {len(kinds)}"
    return (
        f"line {sheet.line}: expected a column that holds the metric, such as val_bpb (metric= "
        f"names another one), got the columns {names}{counted}"
    )


def _numbers(sheet: Sheet, i: int, kinds: list[str]) -> list[float]:
    """Return the numbers of a column in the sample, nan where there is none or a crash; or nothing.

    Nothing if fewer than half of the cells are numbers.
    """
    cells = sheet.column(i)
    numbers = column_of(cells, sheet.names[i]).found
    full = [j for j, c in enumerate(cells) if not is_empty(c) and status_of(c) != "crash"]
    # a number with a decimal comma is one, though it is not read
    some = sum(
        numbers[j] is not None or bool(DECIMAL_COMMA.fullmatch(cells[j][:100])) for j in full
    )
    if not full or 2 * some < len(full):
        return []
    out = []
    for number, kind in zip(numbers, kinds, strict=True):
        out.append(math.nan if number is None or kind == "crash" else number.value)
    return out


def is_empty(cell: str) -> bool:
    """Return whether a cell says that there is nothing.

    Examples
    --------
    >>> [is_empty(cell) for cell in ("", "-", "N/A", "0")]
    [True, True, True, False]
    """
    return cell.lower() in _NOTHING


def _is_full(values: list[float]) -> bool:
    return bool(values)


def _is_constant(values: list[float]) -> bool:
    measured = [value for value in values if not math.isnan(value)]
    return len(measured) > 2 and min(measured) == max(measured)


def _is_counter(values: list[float], direction: str | None, is_first: bool) -> bool:
    """Return whether numbers count rows, or seconds since 1970."""
    measured = [value for value in values if not math.isnan(value)]
    steps = [b - a for a, b in pairwise(measured)]
    if len(steps) > 1 and min(measured) > 1e9 and max(measured) < 1e14 and min(steps) >= 0:
        return min(measured) > 1e12 or max(measured) < 2e10
    fewest = 1 if is_first else 3
    if direction is not None or len(steps) < fewest or not all(step in (0, 1) for step in steps):
        return False
    return sum(steps) > (0.7 if measured[0] in (0, 1) else 0.999) * len(steps)


def _is_spread(sheet: Sheet, i: int) -> bool:
    """Return whether a column says how far another one spreads."""
    name = sheet.names[i]
    if not _SPREAD.search(name):
        return False
    stem = _stem(_SPREAD, name)
    others = (n for j, n in enumerate(sheet.names) if j != i and not _SPREAD.search(n))
    return any(stem in (n, _stem(_PEAK, n)) or stem == "" for n in others)


def _measured_twice(sheet: Sheet, columns: Iterable[int]) -> list[int]:
    """Return the columns that are what another one was before the experiment."""
    names = sheet.names
    before = {_stem(_EARLIER, name) for name in names if _EARLIER.search(name)}
    return [i for i in columns if _LATER.search(names[i]) and _stem(_LATER, names[i]) in before]


def _stem(pattern: re.Pattern[str], name: str) -> str:
    return re.sub(r"_+", "_", pattern.sub("_", name)).strip("_")


def _by_name(sheet: Sheet, likely: list[int], numeric: set[int]) -> tuple[int | None, list[int]]:
    """Return the metric's column by the names, or None, and others that could be it.

    The others hold the metric itself if it is first among them: its name is that of something else,
    and no better column was found.
    """
    names = sheet.names

    def is_beside(i: int) -> bool:
        return bool(_MEMORY.search(names[i]) or _BESIDE_A_METRIC.search(names[i]))

    has_whole = any(_OF_TWO.search(names[i]) for i in numeric)

    def order(i: int) -> tuple[int, bool]:
        """Put what was held out first, and the whole before its parts."""
        held_out = 2 if _TRAINING.search(names[i]) else 0 if _HELD_OUT.search(names[i]) else 1
        return held_out, has_whole and bool(_PART.search(names[i]))

    columns = sorted((i for i in likely if not is_beside(i)), key=order)
    named = [i for i in columns if direction_of(sheet.cells[i])]
    full = [i for i in columns if i in numeric]
    both = [i for i in named if i in numeric]
    for pattern in _METRIC_FIRST:
        for i in columns:
            if re.fullmatch(pattern, names[i]) and (i in numeric or not full):
                return i, [] if names[i] in _PLAIN_NAMES else [j for j in both if j != i]
    if full:
        chosen = (both or full)[0]
        return chosen, [j for j in (both if len(both) > 1 else full) if j != chosen]
    beside = [i for i in likely if is_beside(i) and i in numeric]
    beside.sort(key=lambda i: (bool(_EARLIER.search(names[i])), not direction_of(sheet.cells[i])))
    if beside:
        return beside[0], beside
    return next(iter(named), None), []


def _candidate(i: int, sheet: Sheet, values: list[float], kinds: list[str]) -> _Candidate:
    named = direction_of(sheet.cells[i])
    ways = {"min": support(values, kinds, 1.0), "max": support(values, kinds, -1.0)}
    return _Candidate(i, named, ways[named] if named else max(ways.values()))


def _outvoted(first: int, candidates: dict[int, _Candidate]) -> int:
    """Return the column that the decisions follow, where they clearly do not follow `first`."""
    if first not in candidates:
        return first
    share, total, _ = candidates[first].votes
    if total < _FEWEST_VOTES or share >= 0.6:
        return first
    better = [
        c
        for c in candidates.values()
        if c.votes[1] >= _FEWEST_VOTES and c.votes[2] and c.votes[0] >= max(0.8, share + 0.3)
    ]
    better.sort(key=lambda c: (-c.votes[0], c.named is None))
    return better[0].column if better else first


def memory_of(cell: str, name: str) -> float:
    """Return a row's memory in GB; nan where there is none, and for 0.

    Examples
    --------
    >>> memory_of("2048", "memory_mb"), memory_of("0.0", "memory_gb")
    (2.0, nan)
    """
    number = number_of(cell)
    if not number:
        return math.nan
    return number / 1024 if re.search(r"mi?b$", name) else number
