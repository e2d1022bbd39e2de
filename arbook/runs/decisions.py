"""What the rows of a log say together: numbers that cannot be, keeps, baselines, direction."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from arbook.runs.cells import DECIMAL_COMMA, column_of
from arbook.runs.columns import support
from arbook.runs.text import name_of, short
from arbook.runs.words import is_only_baseline, names_baseline

Say = Callable[[int, str], None]


@dataclass(slots=True)
class Row:
    """A row of a log; `value` is nan until a number was found to be a measurement."""

    line: int
    cells: list[str]
    word: str  # of the decision, as written in the log
    status: str
    metric: str
    description: list[str]  # in lines
    commit: str
    agent: str = ""
    memory: float = math.nan
    value: float = math.nan
    noise: float = math.nan
    starts: bool = False  # whether a new sequence is said to begin here


def read_numbers(found: list[Row], name: str, say: Say) -> str:
    """Read the metrics of all rows but crashes; return their unit."""
    measured = [row for row in found if row.status != "crash"]
    column = column_of([row.metric for row in measured], name)
    for i, (row, number) in enumerate(zip(measured, column.found, strict=True)):
        if number is not None:
            row.value, row.noise = number.value, number.noise
        elif i in column.odd:
            say(row.line, f"the metric {short(row.metric)!r}: {column.odd[i]}; not used")
        else:
            reason = f"the metric {short(row.metric)!r} is not a number"
            if DECIMAL_COMMA.fullmatch(row.metric[:100]):
                reason += " (write a point, not a comma)"
            say(row.line, reason + "; the experiment counts, without a metric")
    for row in found:
        if row.status == "crash" and any(c in "123456789" for c in row.metric):
            say(row.line, f"a crash has no metric; {short(row.metric)!r} was not used")
    return column.unit


def direction_of_keeps(found: list[Row]) -> str | None:
    """Return the direction in which most kept values go."""
    kept = [row.value for row in found if row.status == "keep" and not math.isnan(row.value)]
    ups = sum(b > a for a, b in pairwise(kept))
    downs = sum(b < a for a, b in pairwise(kept))
    return None if ups == downs else "min" if downs > ups else "max"


# Mostly higher is better, but there are scores of what is to be small.
_SCORE = re.compile(r"(^|_)(scores?|points|performance)(_|$)")


def direction_of_rows(found: list[Row], named: str | None, name: str, line: int, say: Say) -> str:
    """Return which way is better: as the name says, unless the decisions clearly say otherwise."""
    values, kinds = [row.value for row in found], [row.status for row in found]
    ways = {way: support(values, kinds, sign) for way, sign in (("min", 1.0), ("max", -1.0))}
    if named:
        other = "max" if named == "min" else "min"
        share, total, keeps = ways[other]
        outvoted = total > 1 and keeps > 1 and share >= 0.75 and ways[named][0] <= 0.4
        if not outvoted:
            is_decided = "keep" in kinds or "discard" in kinds
            if not is_decided and len(found) > 1 and _SCORE.search(name_of(name)):
                say(
                    line,
                    f"higher was taken as better for the name {name!r} alone (see direction=)",
                )
            return named
        better, go = ("lower", "fall") if other == "min" else ("higher", "rise")
        say(
            line,
            f"{better} was taken as better, for the kept values {go}, whatever the name {name!r} "
            f"says "
            "(see direction=)",
        )
        return other
    kept = direction_of_keeps(found)
    if kept:
        return kept
    up, down = ways["max"], ways["min"]
    if up[1] >= 3 and abs(up[0] - down[0]) >= 0.5:
        return "max" if up[0] > down[0] else "min"
    say(line, f"nothing says which way {name!r} is better; lower was taken (see direction=)")
    return "min"


# Metrics that are below 0 only by mistake.
_NEVER_NEGATIVE = re.compile(
    r"(^|_)(acc|accuracy|f1|f0_?5|f_?beta|auc|auroc|auprc|iou|dice|precision|recall|bpb|bpc|rmse|mse|msle|mae"
    r"|mape|perplexity|ppl"
    r"|wer|cer|fid|latency|runtime|time|duration|throughput|ms|us|ns|seconds|secs|bytes|fps|tps"
    r"|qps|rps|psnr|ssim"
    r"|ndcg|mrr|bleu|rouge|pass|hits?|wins?|per_sec|per_second|tok_s|loss|tflops|gflops|memory)(_"
    r"|$)"
)
_BOUNDED = re.compile(
    r"(^|_)(acc|accuracy|f1|f0_?5|f_?beta|auc|auroc|auprc|iou|dice|precision|recall|ndcg|mrr|ssim|map|kappa|mcc"
    r"|r2|corr"
    r"|correlation|pearson|spearman|pass_rate|coverage|success|win_rate|hit_rate)(_|$)"
)


def drop_contradicted(found: list[Row], sign: float, name: str, say: Say) -> None:
    """Turn numbers into nan that were written down but cannot have been measured.

    A loss of 0 is the last word: whoever measures it keeps it, and can never keep anything
    positive again. So a 0 that was discarded, or was followed by a positive keep, says "no value",
    as do numbers such as -999 and 9999, and what is below 0 of a metric that never is.
    """
    for row in _sentinels(found):
        _none(row, say)
    keeps = [row for row in found if row.status == "keep" and not math.isnan(row.value)]
    if not keeps:
        return
    last_positive = max((row.line for row in keeps if row.value > 0), default=0)
    all_positive = all(row.value > 0 for row in keeps)
    never_negative = bool(_NEVER_NEGATIVE.search(name_of(name)))
    ones = [row for row in found if row.value == -1]
    rest = [row.value for row in found if not math.isnan(row.value) and row.value != -1]
    if len(ones) > 1 and rest and min(rest) >= 0:  # -1 again and again, beside nothing below 0
        for row in ones:
            _none(row, say)
    for row in found:
        value = row.value
        if math.isnan(value):
            continue
        if row.status == "keep":
            impossible = (
                sign > 0
                and row.line < last_positive
                and (value == 0 or (value < 0 and never_negative))
            )
        else:
            impossible = all_positive and (
                (sign > 0 and value == 0) or (value < 0 and (never_negative or value == -1))
            )
        if impossible:
            _none(row, say)


def _none(row: Row, say: Say) -> None:
    say(
        row.line,
        f"the metric {row.metric!r} cannot have been measured beside the other rows; taken as none",
    )
    row.value = row.noise = math.nan


_SENTINEL = re.compile(r"[+-]?(9{2,}|1(0{4,})|1[eE]\+?\d{1,3})(\.[09]*)?", re.ASCII)


def _sentinels(found: list[Row]) -> list[Row]:
    """Return the rows with a number such as -999 that is far from all others."""
    suspect = [
        row for row in found if not math.isnan(row.value) and _SENTINEL.fullmatch(row.metric[:100])
    ]
    likely = {row.line for row in suspect}
    sizes = [abs(r.value) for r in found if not math.isnan(r.value) and r.line not in likely]
    if not sizes:
        return []
    far = 10 * max(10.0, *sizes)
    return [row for row in suspect if abs(row.value) > far]


def settle_best(found: list[Row], sign: float) -> None:
    """Decide by the running best: a row is kept where it is better than all before it."""
    best = math.inf
    for row in found:
        cost = sign * row.value
        if row.status == "crash":
            continue
        if math.isnan(cost):
            row.status = "other"
        elif row.status == "out" or cost >= best:
            row.status = "discard"
        else:
            row.status, best = "keep", cost


def merge_baselines(found: list[Row], say: Say) -> list[Row]:
    """Return the rows with the baseline once, where each agent measured it first."""
    n = 0
    while n < len(found) and is_baseline(found[n]) and not math.isnan(found[n].value):
        n += 1
    agents = {row.agent for row in found[:n]}
    if n < 2 or len(agents) < n:
        return found
    first, values = found[0], [row.value for row in found[:n]]
    mean = _total(values) / n
    spread = math.sqrt(_total([(v - mean) ** 2 for v in values]) / (n - 1))
    for row in found[1:n]:
        say(
            row.line,
            f"the baseline again, by {short(row.agent)!r}: one of {n} measurements, of which the "
            f"mean was "
            "taken, with their spread as its noise (by= gives each its own sequence)",
        )
    first.value, first.noise = mean, spread
    return [first, *found[n:]]


def _total(values: list[float]) -> float:
    """Return a sum from left to right, as the page adds."""
    total = 0.0
    for value in values:
        total += value
    return total


def is_baseline(row: Row) -> bool:
    """Return whether a row is kept and says that it is a baseline."""
    return row.status == "keep" and (
        name_of(row.word) == "baseline"
        or is_only_baseline(row.description[0])
        or names_baseline(row.commit, row.description[0])
    )


def restarts_of(found: list[Row], sign: float, say: Say) -> tuple[int, ...]:
    """Return the rows at which a new sequence begins: a baseline again, or the log says so."""
    restarts = []
    best = math.inf
    agents: set[str] = set()
    for i, row in enumerate(found):
        if row.starts and i > 0:
            restarts.append(i)
            best = math.inf
            agents = set()
        value = sign * row.value
        other_agent = row.agent not in agents and len(agents) > 0
        agents.add(row.agent)
        if row.status != "keep" or math.isnan(value):
            continue
        # What is kept without being better is a baseline, if it says so; what is better may be a
        # change to one.
        by_commit = "baseline" in row.commit.lower()
        named = names_baseline(row.commit, row.description[0])
        again = name_of(row.word) == "baseline" or any(
            map(is_only_baseline, (row.commit, row.description[0]))
        )
        if best < math.inf and (again or named) and other_agent and row.agent:
            if value >= best:
                row.status = "other"
            say(
                row.line,
                f"the baseline again, by {short(row.agent)!r}: no keep of the others' sequence "
                "(by= gives each its own)",
            )
        elif best < math.inf and (
            again or (named and (value > best or (by_commit and value >= best)))
        ):
            restarts.append(i)
            say(row.line, "a baseline again: a new sequence starts here")
            best = value
        elif best < math.inf and named and value < best:
            say(
                row.line,
                "is called a baseline, and is better than all before it; counted as a gain",
            )
        best = min(best, value)
    return tuple(restarts)


def check_direction(
    found: list[Row], restarts: tuple[int, ...], direction: str, line: int, say: Say
) -> None:
    """Say so if most kept values go the wrong way."""
    edges = [0, *restarts, len(found)]
    ways = [direction_of_keeps(found[a:b]) for a, b in pairwise(edges)]
    wrong = "max" if direction == "min" else "min"
    if ways.count(wrong) > ways.count(direction):
        better, go = ("lower", "rise") if direction == "min" else ("higher", "fall")
        say(line, f"{better} was taken as better, but most kept values {go} (see direction=)")


def _worse(found: list[Row], sign: float) -> tuple[int, int]:
    """Return how many keeps are worse than the best before them, and how many could be."""
    best, worse, total = math.inf, 0, 0
    for row in found:
        if row.status == "keep" and not math.isnan(row.value):
            total += best < math.inf
            worse += sign * row.value > best
            best = min(best, sign * row.value)
    return worse, total


def check_keeps(
    found: list[Row], restarts: tuple[int, ...], sign: float, columns: list[str], taken: set[int],
    say: Say,
) -> None:  # fmt: skip
    """Say so if most keeps are worse than the best before them, and what would split the rows."""
    edges = [0, *restarts, len(found)]
    for a, b in pairwise(edges):
        part = found[a:b]
        worse, total = _worse(part, sign)
        if total < 3 or 2 * worse <= total:
            continue
        reason = f"{worse} of {total} later keeps are worse than the best before them: "
        column = _splitting(part, sign, columns, taken, worse)
        if column is None:
            reason += "is this one sequence? (decisions='best' keeps what is better)"
        else:
            name = columns[column]
            last = part[-1].cells[column] if column < len(part[-1].cells) else ""
            reason += (
                f"by={name!r} splits them into sequences, and where={f'{name}={short(last)}'!r} "
                "reads one"
            )
        say(part[0].line, reason)


def _splitting(
    found: list[Row], sign: float, columns: list[str], taken: set[int], worse: int
) -> int | None:
    """Return the column by which the fewest keeps are worse than the best of their group."""
    best: tuple[int, int] | None = None
    for column in range(min(len(columns), 30)):
        if column in taken:
            continue
        groups: dict[str, list[Row]] = {}
        for row in found:
            if column < len(row.cells):
                groups.setdefault(row.cells[column], []).append(row)
        if not 1 < len(groups) <= 20 or 2 * len(groups) > len(found) + 1:
            continue
        left = sum(_worse(rows, sign)[0] for rows in groups.values())
        if 2 * left < worse and (best is None or left < best[0]):
            best = left, column
    return best[1] if best else None


def check_first_row(found: list[Row], say: Say) -> None:
    """Say so if the first row is no baseline."""
    kept = [i for i, row in enumerate(found) if row.status == "keep" and not math.isnan(row.value)]
    if not found or kept[:1] == [0]:
        return
    if kept:
        line = found[kept[0]].line
        before = "the row before that counts as an experiment"
        if kept[0] > 1:
            before = f"the {kept[0]} rows before that count as experiments"
        reason = f"no baseline; the first row kept with a metric is line {line}, and {before}"
    else:
        reason = "no baseline, and no later row was kept with a metric: there is no frontier"
    say(found[0].line, reason)


def bounds_of(name: str, values: list[float], unit: str, direction: str) -> tuple[float, float]:
    """Return what the metric can be at least and at most, by its name, unit and values.

    Examples
    --------
    >>> bounds_of("accuracy", [0.6, 0.9], "", "max"), bounds_of("p50_ms", [120.0], "", "min")
    ((0.0, 1.0), (0.0, inf))
    """
    plain = name_of(name)
    measured = [value for value in values if not math.isnan(value)]
    low, high = -math.inf, math.inf
    least, most = min(measured, default=0.0), max(measured, default=0.0)
    if least >= 0 and (
        direction == "min" or _NEVER_NEGATIVE.search(plain) or _BOUNDED.search(plain)
    ):
        low = 0.0
    if unit == "%" or _BOUNDED.search(plain):
        high = 1.0 if most <= 1 and unit != "%" else 100.0 if most <= 100 else math.inf
    return low, high
