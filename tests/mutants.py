"""Break one decision at a time: python tests/mutants.py [FILE ...] says which breaks no test sees.

A mutant is a copy of the package with one comparison, truth or whole number changed, or one check
or update left out. The tests of its file must fail on it; one that they pass survives, and is
printed. What no test can tell from the original stands in `EQUIVALENT`, with its reason.
"""

from __future__ import annotations

import ast
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tqdm import tqdm

ROOT = Path(__file__).resolve().parents[1]

REFUSALS = "tests/_numerics/test_validation.py"

#: The rules that decide, and what tests them.
FILES = {
    "model/rule.py": ["tests/model/test_rule.py", REFUSALS],
    "model/measures.py": ["tests/model/test_measures.py", REFUSALS],
    "model/run.py": ["tests/model/test_run.py", "tests/model/test_measures.py"],
    "landscapes/searching.py": ["tests/landscapes", REFUSALS],
    "programs/racing.py": ["tests/programs/test_racing.py", REFUSALS],
    **{
        f"runs/{name}.py": [f"tests/runs/test_{test}.py" for test in ("text", "reading", "cases")]
        for name in (
            "cells",
            "columns",
            "decisions",
            "finding",
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
    ("runs/words.py", "if found: -> if False:"):
        "a shortcut: words that are known as they stand are known by their parts, too",
    (
        "runs/columns.py",
        "return 2 if _TRAINING.search(names[i]) else 0 if _HELD_OUT.search(names[i]) else 1 -> "
        "return 3 if _TRAINING.search(names[i]) else 0 if _HELD_OUT.search(names[i]) else 1",
    ): "only the order matters",
}  # fmt: skip

SWAPPED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.And: ast.Or, ast.Or: ast.And, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


#: Functions that only word what others decided.
WORDS = {"__repr__", "_repr_html_"}


def decisions(node: ast.AST) -> Iterator[tuple[int, ast.AST, str, object]]:
    """Yield every change: its line, the node, the attribute to set, and to what.

    Words decide nothing: strings, the text of errors, what notebooks show, annotations; and
    estimates of memory need not be exact.
    """
    names = [getattr(target, "id", "") for target in getattr(node, "targets", ())]
    if any(name.startswith("_BYTES") for name in names):
        return
    if isinstance(node, (ast.JoinedStr, ast.Raise)) or getattr(node, "name", None) in WORDS:
        return
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        if isinstance(node, ast.keyword) and node.arg == "repr":
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
        yield line, next(f"{a.strip()} -> {b.strip()}" for a, b in pairs if a != b), source


def survives(name: str, source: str, seconds: float = resource.RLIM_INFINITY) -> bool:
    """Return whether the tests pass on a mutant, in time: a loop without end is seen, too."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "arbook", Path(folder, "arbook"))
        Path(folder, "arbook", name).write_text(source, encoding="utf-8")
        # one file after the other: most mutants do not live to see the second
        return all(_pass(tests, folder, seconds) for tests in FILES[name])


def _pass(tests: str, folder: str, seconds: float) -> bool:
    command = [sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", tests]
    options = ["--rootdir", str(ROOT), "-o", f"pythonpath={folder}", "-k", "not plots"]
    # of the processor's time: on a busy machine a clock would end those that survive
    limit = partial(resource.setrlimit, resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    return not subprocess.run(
        command + options,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": folder},
        capture_output=True,
        preexec_fn=limit,
    ).returncode


def _seconds() -> float:
    """Return the processor's time that all tests took so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(names: list[str]) -> int:
    """Print the survivors; return how many there are."""
    found = 0
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for name in names:
            start = _seconds()
            if not survives(name, (ROOT / "arbook" / name).read_text(encoding="utf-8")):
                sys.exit(f"arbook/{name}: its tests fail as it is")
            tries = partial(survives, name, seconds=10 + 5 * (_seconds() - start))
            made = [m for m in mutants(name) if (name, m[1]) not in EQUIVALENT]
            tried = threads.map(tries, (source for *_, source in made))
            alive = 0
            for (line, shown, _), survived in zip(made, tqdm(tried, name, len(made)), strict=True):
                if survived:
                    tqdm.write(f"arbook/{name}:{line}: {shown}")
                    alive += 1
            print(f"arbook/{name}: {len(made)} mutants, {alive} survive", flush=True)
            found += alive
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(FILES)) > 0)
