"""The JavaScript of an explorer: its view and what that imports, joined to one ES module."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_DOCUMENTED = re.compile(r"^ */\*\*(?:(?!\*/).)*\*/\n", flags=re.M | re.S)
_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.\.?/[\w./-]+\.js)";\n', flags=re.M)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|class) (\w+))", flags=re.M)


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
        for _, needed in _IMPORT.findall(file.read_text(encoding="utf-8")):
            add(file.parent / needed)
        name = _name_of(file)
        if name not in found:
            found.append(name)

    add(_HERE / view)
    return tuple(found)


def _name_of(file: Path) -> str:
    return file.resolve().relative_to(_HERE.resolve()).as_posix()


def _object_of(name: str) -> str:
    """Return the name of the object that has what a module exports."""
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))


@cache
def module_source(name: str) -> str:
    """Return a module as it stands in a joined one.

    A module that others import is a function that is called once and returns what it exports, so
    its other names are its own; the view stands as it is. What is written for a reader of the
    source, ``/** ... */``, is not sent to the reader of a page.

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
    file = _HERE / name

    def needed(match: re.Match[str]) -> str:
        wanted, place = match.groups()
        there = _object_of(_name_of(file.parent / place))
        return f"const {{{wanted.replace(' as ', ': ')}}} = {there};\n"

    source = _IMPORT.sub(needed, _DOCUMENTED.sub("", file.read_text(encoding="utf-8")))
    exported = _EXPORT.findall(source)
    if not exported:
        return source
    source = _EXPORT.sub("", source)
    returned = f"return {{ {', '.join(exported)} }};"
    return f"const {_object_of(name)} = (() => {{\n{source}{returned}\n}})();\n"


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
