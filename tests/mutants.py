"""Break one decision at a time: python tests/mutants.py [FILE ...] says which breaks no test sees.

A mutant is a copy of the package with one comparison, truth or whole number changed, or one check
or update left out. The tests of its file must fail on it; one that they pass survives, and is
printed. What no test can tell from the original stands in `EQUIVALENT`, with its reason.
"""

from __future__ import annotations

import ast
import gc
import importlib
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tqdm import tqdm

ROOT = Path(__file__).resolve().parents[1]

FORK = multiprocessing.get_context("fork")

REFUSALS = "tests/_numerics/test_validation.py"

#: The tests of readers take as long to collect as most mutants live: all at once.
READERS = "tests/runs/test_cases.py tests/runs/test_text.py tests/runs/test_reading.py"

#: Tests of one reader alone, which are quicker.
OWN = {
    "cells": ["tests/runs/test_text.py"],
    "columns": ["tests/runs/test_columns.py"],
    "decisions": ["tests/runs/test_decisions.py"],
    "json_logs": ["tests/runs/test_json.py"],
    "jsonl": ["tests/runs/test_json.py"],
    "markdown": ["tests/runs/test_tables.py"],
    "rows": ["tests/runs/test_text.py"],
    "tables": ["tests/runs/test_text.py tests/runs/test_tables.py"],
    "reading": ["tests/runs/test_rows.py tests/runs/test_columns.py tests/runs/test_finding.py"],
    "text": ["tests/runs/test_text.py"],
    "text_logs": ["tests/runs/test_rows.py"],
    "words": ["tests/runs/test_text.py"],
}

#: The rules that decide, and what tests them: one after the other.
FILES = {
    "model/rule.py": ["tests/model/test_rule.py", REFUSALS],
    "model/measures.py": ["tests/model/test_measures.py", REFUSALS],
    "model/run.py": ["tests/model/test_run.py", "tests/model/test_measures.py"],
    "landscapes/searching.py": ["tests/landscapes", REFUSALS],
    "programs/racing.py": ["tests/programs/test_racing.py", REFUSALS],
    **{
        f"runs/{name}.py": [*OWN.get(name, []), READERS]
        for name in (
            "cells",
            "columns",
            "decisions",
            "json_logs",
            "jsonl",
            "markdown",
            "reading",
            "rows",
            "tables",
            "text",
            "text_logs",
            "words",
        )
    },
    "runs/finding.py": ["tests/runs/test_finding.py"],
    "_numerics/ranges.py": [REFUSALS],
}

#: Mutants that are no fault, by file and mutated line, and why.
EQUIVALENT = {
    ("runs/tables.py", "searched, closing = (start, -1) -> searched, closing = (start, -2)"):
        "any line before the first says that there is none",
    ("runs/tables.py", "searched, closing = (i + 1, -1) -> searched, closing = (i + 1, -2)"):
        "the same",
    ("runs/tables.py", "if len(cells) <= MOST_CELLS: -> if len(cells) < MOST_CELLS:"):
        "the other way to split a line gives the same cells",
    ("runs/tables.py", "if closing > i: -> if closing >= i:"):
        "no row begins on the line that closes another",
    (
        "runs/decisions.py",
        "return None if ups == downs else 'min' if downs > ups else 'max' -> "
        "return None if ups == downs else 'min' if downs >= ups else 'max'",
    ): "if they are equal, this is not asked",
    (
        "runs/decisions.py",
        "outvoted = total > 1 and keeps > 1 and (share >= 0.75) and (ways[named][0] <= 0.4) -> "
        "outvoted = total >= 1 and keeps > 1 and (share >= 0.75) and (ways[named][0] <= 0.4)",
    ): "of one decision no two are keeps",
    (
        "runs/decisions.py",
        "return 'max' if up[0] > down[0] else 'min' -> "
        "return 'max' if up[0] >= down[0] else 'min'",
    ): "they differ by a half",
    (
        "runs/decisions.py",
        "last_positive = max((row.line for row in keeps if row.value > 0), default=0) -> "
        "last_positive = max((row.line for row in keeps if row.value > 0), default=1)",
    ): "no row stands before line 1",
    ("runs/decisions.py", "if math.isnan(value): -> if False:"):
        "nan is neither 0 nor below it",
    (
        "runs/decisions.py",
        "impossible = sign > 0 and row.line < last_positive and (value == 0 or (value < 0 and "
        "never_negative)) -> "
        "impossible = sign >= 0 and row.line < last_positive and (value == 0 or (value < 0 and "
        "never_negative))",
    ): "the sign is 1 or -1",
    (
        "runs/decisions.py",
        "impossible = sign > 0 and row.line < last_positive and (value == 0 or (value < 0 and "
        "never_negative)) -> "
        "impossible = sign > 0 and row.line <= last_positive and (value == 0 or (value < 0 and "
        "never_negative))",
    ): "what stands there is positive",
    (
        "runs/decisions.py",
        "impossible = sign > 0 and row.line < last_positive and (value == 0 or (value < 0 and "
        "never_negative)) -> "
        "impossible = sign > 0 and row.line < last_positive and (value == 0 or (value <= 0 and "
        "never_negative))",
    ): "0 was asked for before",
    (
        "runs/decisions.py",
        "impossible = all_positive and (sign > 0 and value == 0 or (value < 0 and "
        "(never_negative or value == -1))) -> "
        "impossible = all_positive and (sign >= 0 and value == 0 or (value < 0 and "
        "(never_negative or value == -1)))",
    ): "the sign is 1 or -1",
    (
        "runs/decisions.py",
        "suspect = [row for row in found if not math.isnan(row.value) and "
        "_SENTINEL.fullmatch(row.metric[:100])] -> "
        "suspect = [row for row in found if not math.isnan(row.value) and "
        "_SENTINEL.fullmatch(row.metric[:101])]",
    ): "a longer cell has no value",
    (
        "runs/decisions.py",
        "other_agent = row.agent not in agents and len(agents) > 0 -> "
        "other_agent = row.agent not in agents and len(agents) >= 0",
    ): "before the first agent there is no best",
    (
        "runs/decisions.py",
        "if not 1 < len(groups) <= 20 or 2 * len(groups) > len(found) + 1: -> "
        "if not 1 <= len(groups) <= 20 or 2 * len(groups) > len(found) + 1:",
    ): "in one group as many are worse",
    (
        "runs/cells.py",
        "if not cell or not re.search('\\\\d', cell, re.ASCII): -> "
        "if not cell and (not re.search('\\\\d', cell, re.ASCII)):",
    ): "a shortcut: what is below needs digits",
    ("runs/cells.py", "if not cell or not re.search('\\\\d', cell, re.ASCII): -> if False:"):
        "the same",
    ("runs/cells.py", "plain = 1.0 if main == 'count' else size -> plain = 1.0 if False else size"):
        "the size of a count is 1",
    (
        "runs/cells.py",
        "kinds[kind] = kinds.get(kind, 0) + 1 -> "
        "kinds[kind] = kinds.get(kind, 1) + 1",
    ): "only the order matters",
    (
        "runs/cells.py",
        "kinds[kind] = kinds.get(kind, 0) + 1 -> "
        "kinds[kind] = kinds.get(kind, 0) + 2",
    ): "only the order matters",
    (
        "runs/cells.py",
        "units[q.unit] = units.get(q.unit, 0) + 1 -> "
        "units[q.unit] = units.get(q.unit, 1) + 1",
    ): "only the order matters",
    (
        "runs/cells.py",
        "units[q.unit] = units.get(q.unit, 0) + 1 -> "
        "units[q.unit] = units.get(q.unit, 0) + 2",
    ): "only the order matters",
    ("runs/cells.py", "if factor == size: -> if False:"):
        "a shortcut: to divide by 1 changes nothing",
    ("runs/cells.py", "if factor > size: -> if factor >= size:"):
        "if they are equal, this is not asked",
    (
        "programs/racing.py",
        "_rule(max(size, 2), indifference, error, first_runs) -> "
        "_rule(max(size, 3), indifference, error, first_runs)",
    ): "here the other parameters are checked",
    ("programs/racing.py", "return float(min(n, 10 ** 300)) -> return float(min(n, 10 ** 301))"):
        "neither is a number of programs or runs that there could be",
    ("runs/tables.py", "if len(cells) <= MOST_CELLS: -> if False:"):
        "the other way to split a line gives the same cells",
    ("runs/tables.py", "if not line.endswith(('\\r', '\\n')): -> if False:"):
        "the other way to split a line gives the same cells",
    ("runs/tables.py", "if 0 < width < len(words): -> if 1 < width < len(words):"):
        "no table has one column",
    ("runs/tables.py", "if 0 < width < len(words): -> if 0 <= width < len(words):"):
        "of no width the words stay as they are",
    (
        "runs/tables.py",
        "if 2 * fit >= max(1, len(below)) and (best is None or fit > best[0]): -> "
        "if 2 * fit >= max(2, len(below)) and (best is None or fit > best[0]):",
    ): "the double of a number is not 1",
    ("runs/tables.py", "first, width = (-1, 0) -> first, width = (-2, 0)"):
        "any line before the first says that there is none",
    ("runs/tables.py", "first, width = (-1, 0) -> first, width = (-1, 1)"):
        "it is set at the first row",
    ("runs/tables.py", "self.decisions = -1 -> self.decisions = -2"):
        "neither is a column",
    (
        "runs/tables.py",
        "at = next((i for i, word in enumerate(words) if i > 0 and _decides(word)), -1) -> "
        "at = next((i for i, word in enumerate(words) if i > 0 and _decides(word)), -2)",
    ): "neither is a column",
    ("runs/words.py", "if found: -> if False:"):
        "a shortcut: words that are known as they stand are known by their parts, too",
    ("runs/text_logs.py", "_CELLS_A_TABLE = 3000 -> _CELLS_A_TABLE = 3001"):
        "of 2 to 1001, the names that a table may have, none divides 3001",
    ("runs/text_logs.py", "if key in tried: -> if False:"):
        "what was refused is refused again",
    ("runs/text_logs.py", "best, most = (None, (-1, -1)) -> best, most = (None, (-2, -1))"):
        "no table has fewer than no decisions",
    ("runs/text_logs.py", "best, most = (None, (-1, -1)) -> best, most = (None, (-1, -2))"):
        "the same",
    (
        "runs/json_logs.py",
        "parts = [(1, {}, records.rows[:edges[0]])] -> "
        "parts = [(2, {}, records.rows[:edges[0]])]",
    ): "what stands before the settings is not left out, so no line is said",
    (
        "runs/json_logs.py",
        "sizes[name] = sizes.get(name, 0) + len(rows_of) -> "
        "sizes[name] = sizes.get(name, 1) + len(rows_of)",
    ): "only the order matters",
    (
        "runs/jsonl.py",
        "has_lines = 2 * sum(whole) >= len(said) -> has_lines = 3 * sum(whole) >= len(said)",
    ): "a shortcut: what is an object a line is no JSON as a whole",
    (
        "runs/jsonl.py",
        "has_lines = 2 * sum(whole) >= len(said) -> has_lines = 2 * sum(whole) > len(said)",
    ): "the same",
    (
        "runs/jsonl.py",
        "if not (has_lines and whole[0] and (len(said) > 1)): -> "
        "if not (has_lines and whole[0] and (len(said) > 2)):",
    ): "the same",
    (
        "runs/jsonl.py",
        "depth, start, line, begun = (0, 0, 1, 1) -> depth, start, line, begun = (0, 1, 1, 1)",
    ): "it is set where an object begins",
    (
        "runs/jsonl.py",
        "depth, start, line, begun = (0, 0, 1, 1) -> depth, start, line, begun = (0, 0, 1, 2)",
    ): "the same",
    (
        "runs/jsonl.py",
        "return '\"' + ('=' if match[1] else \"'\") + token[1:] -> "
        "return '\"' + ('=' if match[2] else \"'\") + token[1:]",
    ): "whatever mark a name has is taken off again",
    (
        "runs/jsonl.py",
        "return '\"' + ('=' if match[1] else \"'\") + token[1:] -> "
        "return '\"' + ('=' if False else \"'\") + token[1:]",
    ): "the same",
    (
        "runs/jsonl.py",
        "if key == _LINE or len(found) > MOST_COLUMNS: -> "
        "if key == _LINE or len(found) >= MOST_COLUMNS:",
    ): "one more than so many columns is not told apart either",
    (
        "runs/jsonl.py",
        "return text if text.isascii() else _SURROGATE.sub('\ufffd', text) -> "
        "return text if False else _SURROGATE.sub('\ufffd', text)",
    ): "a shortcut: a surrogate is not ASCII",
    ("runs/reading.py", "left = MOST_BYTES + 1 -> left = MOST_BYTES + 2"):
        "a few more bytes than there may be are read",
    (
        "runs/reading.py",
        "while left > 0 and (piece := file.read(left)) != '': -> "
        "while left >= 0 and (piece := file.read(left)) != '':",
    ): "to read no byte is the end",
    ("runs/reading.py", "width = len(cells[0]) -> width = len(cells[1])"):
        "all are as wide, or it is not asked",
    (
        "runs/words.py",
        "return _STATUS.get('_'.join(words[:3])) or _STATUS.get('_'.join(words[:2])) or "
        "('crash' if words[0] not in _STATUS and words[1:2] and (words[1] in _FAILED) else '') "
        "or _one_word(words[0]) -> "
        "return _STATUS.get('_'.join(words[:3])) or _STATUS.get('_'.join(words[:2])) or "
        "('crash' if words[0] not in _STATUS and words[1:3] and (words[1] in _FAILED) else '') "
        "or _one_word(words[0])",
    ): "it is asked whether there is a second word",
    (
        "runs/words.py",
        "return cell[:200].lower().startswith(('succe', 'ok', 'pass')) -> "
        "return cell[:201].lower().startswith(('succe', 'ok', 'pass'))",
    ): "the first five letters tell",
    ("runs/columns.py", "metric: int = -1 -> metric: int = -2"):
        "it is found before it is asked for",
    ("runs/columns.py", "done_is_keep: bool = False -> done_is_keep: bool = True"):
        "it is asked for where there are decisions, and known with them",
    ("runs/columns.py", "better += cost < best -> better += cost <= best"):
        "if they are equal, this is not asked",
    (
        "runs/columns.py",
        "held_out = 2 if _TRAINING.search(names[i]) else 0 if _HELD_OUT.search(names[i]) else 1 -> "
        "held_out = 3 if _TRAINING.search(names[i]) else 0 if _HELD_OUT.search(names[i]) else 1",
    ): "only the order matters",
}  # fmt: skip

#: How lines begin that list examples of what must be taken or refused: others would do.
EXAMPLES = (
    "infinite = [math.nan,",
    "masked = np.ma.array([",
    "others = [1.0, 2.5,",
    "others = [None, 3,",
    "result += [1.0, [1.5],",
    "result += [np.array([",
    "result: list[Any] = ['1',",
    "return ['1', None,",
    "return [True, False, np.True_]",
)

SWAPPED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.And: ast.Or, ast.Or: ast.And, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


#: Functions that only word what others decided.
WORDS = {"__repr__", "_repr_html_"}


def decisions(node: ast.AST) -> Iterator[tuple[int, ast.AST, str, object]]:
    """Yield every change: its line, the node, the attribute to set, and to what.

    Words decide nothing: strings, the text of errors, what notebooks show, annotations; estimates
    of memory need not be exact; and `zip(strict=)` is for what cannot be.
    """
    names = [getattr(target, "id", "") for target in getattr(node, "targets", ())]
    if any(name.startswith("_BYTES") for name in names):
        return
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "check_size":
        return
    if isinstance(node, (ast.JoinedStr, ast.Raise)) or getattr(node, "name", None) in WORDS:
        return
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        if isinstance(node, ast.keyword) and node.arg in ("repr", "strict"):
            continue
        for place, part in enumerate(parts := value if isinstance(value, list) else [value]):
            if isinstance(part, (ast.AugAssign, ast.Expr)) and not _is_text(part):
                yield part.lineno, node, name, [*parts[:place], ast.Pass(), *parts[place + 1 :]]
            if isinstance(part, ast.UnaryOp) and isinstance(part.op, (ast.Not, ast.Invert)):
                bare = [*parts[:place], part.operand, *parts[place + 1 :]]
                yield part.lineno, node, name, bare if isinstance(value, list) else part.operand
            if isinstance(part, ast.AST):
                yield from decisions(part)
    if isinstance(node, (ast.If, ast.IfExp, ast.While)):
        yield node.lineno, node, "test", ast.Constant(False)
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPPED:
        yield node.lineno, node, "ops", [SWAPPED[type(node.ops[0])](), *node.ops[1:]]
    if isinstance(node, (ast.BoolOp, ast.BinOp)) and type(node.op) in SWAPPED:
        yield node.lineno, node, "op", SWAPPED[type(node.op)]()
    if isinstance(node, ast.Constant) and type(node.value) is int:
        yield node.lineno, node, "value", node.value + 1
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        yield node.lineno, node, "value", not node.value


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def mutants(name: str) -> Iterator[tuple[int, str, str]]:
    """Yield the mutants of a file: line, the line as it became, and the whole source."""
    text = (ROOT / "arbook" / name).read_text(encoding="utf-8")
    tree = ast.parse(text)
    usual = ast.unparse(tree).splitlines()
    for line, node, attribute, value in decisions(tree):
        before = getattr(node, attribute)
        setattr(node, attribute, value)
        source = ast.unparse(tree)
        setattr(node, attribute, before)
        pairs = zip(usual, source.splitlines(), strict=False)
        was, became = next((a.strip(), b.strip()) for a, b in pairs if a != b)
        if attribute != "value" or not was.startswith(EXAMPLES):
            yield line, f"{was} -> {became}", source


class Quickest:
    """A plugin of pytest: first the tests that found most mutants in least time.

    One that takes much longer than it took ends the process: a loop without end. What the plugin
    learns in one process has to be handed to the next.
    """

    def __init__(self, took: dict[str, float], found: Counter[str]) -> None:
        self.took, self.found = took, found

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: self.took.get(item.nodeid, 0) / (0.1 + self.found[item.nodeid]))

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        # of the processor's time: on a busy machine a clock would end those that survive
        signal.setitimer(signal.ITIMER_PROF, 5 + 5 * self.took.get(item.nodeid, 1000))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self.took[report.nodeid] = max(0.001, report.duration)
        self.found[report.nodeid] += report.failed


class Tests:
    """The tests of a file, each time in a new process that begins with all but them loaded."""

    def __init__(self, name: str) -> None:
        self.name, self.quickest = name, Quickest({}, Counter())
        self.folder = tempfile.TemporaryDirectory()
        self.place = Path(self.folder.name, "arbook")
        shutil.copytree(ROOT / "arbook", self.place)
        passed, modules = self._run()
        if not passed:
            sys.exit(f"arbook/{name}: its tests fail as it is")
        # two mutants of one second and size would share their bytecode
        sys.dont_write_bytecode = True
        for module in modules:
            importlib.import_module(module)
        gc.freeze()  # what is there need not be looked through in each process again

    def pass_on(self, source: str) -> bool:
        """Return whether they pass on a mutant, in time."""
        (self.place / self.name).write_text(source, encoding="utf-8")
        return self._run()[0]

    def _run(self) -> tuple[bool, list[str]]:
        """Return whether all pass, and what else they import."""
        receiver, sender = FORK.Pipe(duplex=False)
        child = FORK.Process(target=self._report, args=(sender,))
        child.start()
        sender.close()
        try:
            passed, modules, self.quickest = receiver.recv()
        except EOFError:  # out of time
            passed, modules = False, []
        child.join()
        return passed, modules

    def _report(self, sender: Any) -> None:
        signal.setitimer(signal.ITIMER_PROF, 100)  # to collect the tests
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        os.chdir(ROOT)
        os.environ |= {"PYTHONPATH": self.folder.name, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        options = ["-qx", "--tb=no", "--assert=plain", "-p", "no:cacheprovider", "-k", "not plots"]
        options += [f"-opythonpath={self.folder.name}", "-oaddopts=", f"--rootdir={ROOT}"]
        # most mutants do not live to see the second
        passed = not any(
            pytest.main([*options, *tests.split()], plugins=[self.quickest])
            for tests in FILES[self.name]
        )
        others = [name for name, module in sys.modules.items() if _is_elsewhere(module)]
        sender.send((passed, others, self.quickest))


def _is_elsewhere(module: Any) -> bool:
    """Return whether a module is an installed one."""
    return "site-packages" in (getattr(module, "__file__", None) or "")


def main(names: list[str]) -> int:
    """Print the survivors; return how many there are."""
    found = 0
    for name in names:
        sys.dont_write_bytecode = False
        tests = Tests(name)
        made = [m for m in mutants(name) if (name, m[1]) not in EQUIVALENT]
        alive = 0
        for line, shown, source in tqdm(made, name):
            if tests.pass_on(source):
                tqdm.write(f"arbook/{name}:{line}: {shown}")
                alive += 1
        print(f"arbook/{name}: {len(made)} mutants, {alive} survive", flush=True)
        found += alive
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(FILES)) > 0)
