"""The JavaScript of an explorer: its view and what that imports, joined to one ES module."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_DOCUMENTED = re.compile(r"^ */\*\*(?:(?!\*/).)*\*/\n", flags=re.M | re.S)
_IMPORT = re.compile(r'^import \{[^}]*\} from "(\.\.?/[\w./-]+\.js)";\n', flags=re.M)


@cache
def modules_of(view: str) -> tuple[str, ...]:
    """Return the files that make up an explorer's module, each after those that it imports.

    Parameters
    ----------
    view : str
        File name of the view, such as ``"frontier.js"``.

    Returns
    -------
    tuple of str
        Files, as seen from this folder; the last one is the view.

    Examples
    --------
    >>> modules_of("state.js"), modules_of("model/totals.js")[-2:]
    (('numbers.js', 'state.js'), ('model/laws.js', 'model/totals.js'))
    """
    found: list[str] = []

    def add(file: Path) -> None:
        for needed in _IMPORT.findall(file.read_text(encoding="utf-8")):
            add((file.parent / needed).resolve())
        name = file.relative_to(_HERE.resolve()).as_posix()
        if name not in found:
            found.append(name)

    add((_HERE / view).resolve())
    return tuple(found)


@cache
def module_source(name: str) -> str:
    """Return a module as it stands in a joined one.

    Our modules import only one another, so joining them is leaving out the imports and, but for the
    view's ``export default``, the word export. No name may be defined twice; a test sees to it.
    What is written for a reader of the source, ``/** ... */``, is not sent to the reader of a page.

    Parameters
    ----------
    name : str
        A file, such as ``"model/laws.js"``.

    Returns
    -------
    str
        Its source.

    Examples
    --------
    >>> "import {" in module_source("panel.js")
    False
    """
    source = _IMPORT.sub("", _DOCUMENTED.sub("", (_HERE / name).read_text(encoding="utf-8")))
    return re.sub(r"^export (?!default)", "", source, flags=re.M)


def joined_module(view: str) -> str:
    """Return the modules of one explorer as one ES module.

    Parameters
    ----------
    view : str
        File name of the view, such as ``"frontier.js"``.

    Returns
    -------
    str
        The source of the module.

    Examples
    --------
    >>> joined_module("frontier.js").count("export ")
    1
    """
    return "\n".join(module_source(name) for name in modules_of(view))
