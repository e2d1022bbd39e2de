"""The log in a folder, or among the files of a pattern."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator

#: Names of logs, the likeliest first.
_NAMES = (
    "autoresearch.jsonl", os.path.join(".auto", "log.jsonl"), "results.tsv", "results.csv",
    "results.jsonl", "log.jsonl", "experiments.tsv", "experiments.csv", "experiments.jsonl",
    "trials.csv", "runs.csv",
)  # fmt: skip
_ENDINGS = (".tsv", ".jsonl", ".csv")
_PASSED_OVER = {"node_modules", ".git", ".venv", "venv", "__pycache__", "site-packages"}
#: More files than this are not looked at.
_MOST_FILES = 10_000


def find_log(path: str) -> tuple[str, str]:
    """Return the path of the log that a path, a folder or a pattern means, and what to say of it.

    Examples
    --------
    >>> find_log("results.tsv")
    ('results.tsv', '')
    """
    found = find_logs(path)
    if found == [path]:
        return path, ""
    others = [os.path.relpath(other, _root(path)) for other in found[1:]]
    said = f"{os.path.relpath(found[0], _root(path))!r} is the log that was found in {path!r}"
    if others:
        some = ", ".join(map(repr, others[:3])) + (" ..." if others[3:] else "")
        said += f"; {some} could be it as well (name it)"
    return found[0], said


def _root(path: str) -> str:
    return path if os.path.isdir(path) else os.path.dirname(path) or "."


def find_logs(path: str) -> list[str]:
    """Return the logs that a path, a folder or a pattern means, the likeliest first.

    Raises
    ------
    FileNotFoundError
        If there are none.
    """
    if os.path.isdir(path):
        known = [os.path.join(path, name) for name in _NAMES]
        found = [name for name in known if os.path.isfile(name)]
        found += sorted(
            (file for file in _files_in(path) if file not in found),
            key=lambda file: (os.path.basename(file) not in _NAMES, file.count(os.sep), file),
        )
        if not found:
            raise FileNotFoundError(
                f"no log in the folder {path!r}: expected {_NAMES[0]}, {_NAMES[2]} or another file "
                f"that ends in {', '.join(_ENDINGS)}"
            )
        return found
    if os.path.exists(path) or not glob.has_magic(path):
        return [path]
    found = sorted(glob.glob(path, recursive=True, include_hidden=True))
    found = [file for file in found if os.path.isfile(file)]
    if not found:
        raise FileNotFoundError(f"no file matches {path!r}")
    return found


def _files_in(folder: str) -> Iterator[str]:
    """Yield the files of a folder, and those in it, whose names end as those of logs do."""
    seen = 0
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(set(folders) - _PASSED_OVER)
        for name in files:
            seen += 1
            if seen > _MOST_FILES:
                return
            if name.endswith(_ENDINGS):
                yield os.path.join(root, name)
