"""What a class hands in: notebooks and folders, their names, and the cells in them."""

from __future__ import annotations

import json
import os
from pathlib import Path

from coursework.assignment import GradingError
from coursework.table import cell

#: Larger notebooks are not read.
MOST_BYTES = 64 * 2**20


class Unreadable(Exception):
    """A submission is no notebook that can be run; the message says why."""


def find_submissions(folder: Path, table: Path) -> dict[str, Path]:
    """Return what lies in a folder, but the table, by name: one submission an entry."""
    if not folder.is_dir():
        raise GradingError(f"{folder} is no folder")
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if not path.name.startswith((".", "__")) and path.resolve() != table.resolve():
            name = cell(os.fsencode(path.name).decode("utf-8", "backslashreplace"))
            while name in found:  # two names that differ in what cannot be printed
                name += "'"
            found[name] = path
    if not found:
        raise GradingError(f"{folder} is empty")
    return found


def read_notebook(path: Path) -> bytes:
    """Return the bytes of a submission's notebook."""
    if path.is_symlink():  # to the notebook of somebody else, perhaps
        raise Unreadable("a link, not a file")
    if path.is_dir():
        inside = [p for p in sorted(path.rglob("*.ipynb")) if ".ipynb_checkpoints" not in p.parts]
        if len(inside) != 1:
            raise Unreadable(f"{len(inside)} notebooks in the folder, where one is expected")
        return read_notebook(inside[0])
    if path.suffix != ".ipynb" or not path.is_file():
        raise Unreadable("not a notebook (.ipynb)")
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(f"larger than {MOST_BYTES // 2**20} MiB: clear its outputs")
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from None


def code_cells(data: bytes) -> list[str]:
    """Return the code cells of a notebook for Python, whatever its kernel is called."""
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(f"not JSON: {str(error)[:80]}") from None
    try:
        metadata = notebook.get("metadata", {})
        spec, info = metadata.get("kernelspec", {}), metadata.get("language_info", {})
        language = str(info.get("name") or spec.get("language") or "python").lower()
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        sources = ["".join(cell["source"]) for cell in cells]
    except (AttributeError, KeyError, TypeError):
        raise Unreadable("JSON, but no notebook of format 4") from None
    if language not in ("python", "ipython"):
        raise Unreadable(f"written for {language[:20]!r}, not for Python")
    return sources
