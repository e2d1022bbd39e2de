"""Break one decision at a time: python tests/mutants.py [FILE ...] says which breaks no test sees.

A mutant is a copy of the package with one comparison, truth or whole number changed. The tests of
its file must fail on it; one that they pass survives, and is printed. What no test can tell from
the original stands in `EQUIVALENT`, with its reason.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import compress
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
    "runs/reading.py": ["tests/runs/test_reading.py"],
    "runs/text.py": ["tests/runs/test_reading.py"],
}

#: Mutants that are no fault, by file and mutated line, and why.
EQUIVALENT = {
    ("model/rule.py", "_BYTES_A_ROW = 101"): "an estimate of memory",
}

SWAPPED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


def decisions(tree: ast.AST) -> Iterator[tuple[int, ast.AST, str, object]]:
    """Yield every change: its line, the node, the attribute to set, and to what."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.If, ast.IfExp, ast.While)):
            yield node.lineno, node, "test", ast.Constant(False)
        if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPPED:
            yield node.lineno, node, "ops", [SWAPPED[type(node.ops[0])](), *node.ops[1:]]
        if isinstance(node, ast.BoolOp):
            yield node.lineno, node, "op", SWAPPED[type(node.op)]()
        if isinstance(node, ast.Constant) and type(node.value) is int:
            yield node.lineno, node, "value", node.value + 1
        if isinstance(node, ast.Constant) and type(node.value) is bool:
            yield node.lineno, node, "value", not node.value


def mutants(name: str) -> Iterator[tuple[int, str, str]]:
    """Yield the mutants of a file: line, the line as it became, and the whole source."""
    text = (ROOT / "arbook" / name).read_text(encoding="utf-8")
    for line, node, attribute, value in decisions(tree := ast.parse(text)):
        usual = getattr(node, attribute)
        setattr(node, attribute, value)
        around = [n for n in ast.walk(tree) if isinstance(n, ast.stmt) and n.lineno <= line]
        shown = ast.unparse(max(around, key=lambda statement: statement.lineno))
        yield line, shown.splitlines()[0], ast.unparse(tree)
        setattr(node, attribute, usual)


def survives(name: str, source: str) -> bool:
    """Return whether the tests pass on a mutant."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "arbook", Path(folder, "arbook"))
        Path(folder, "arbook", name).write_text(source, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", *FILES[name]]
        options = ["--rootdir", str(ROOT), "-o", f"pythonpath={folder}"]
        environment = {**os.environ, "PYTHONPATH": folder}
        try:
            return not subprocess.run(
                command + options, cwd=ROOT, env=environment, capture_output=True, timeout=300
            ).returncode
        except subprocess.TimeoutExpired:  # a loop without end is seen, too
            return False


def main(names: list[str]) -> int:
    """Print the survivors; return how many there are."""
    found = 0
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for name in names:
            made = [m for m in mutants(name) if (name, m[1]) not in EQUIVALENT]
            tried = threads.map(partial(survives, name), (source for *_, source in made))
            alive = list(compress(made, list(tqdm(tried, name, len(made)))))
            for line, shown, _ in alive:
                print(f"arbook/{name}:{line}: {shown}")
            print(f"arbook/{name}: {len(made)} mutants, {len(alive)} survive")
            found += len(alive)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(FILES)) > 0)
