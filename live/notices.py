"""The notices of everything that a built book brings along, from the packages' own metadata.

A package is in the book if a file of it is: scripts that esbuild joined (assets/build.mjs lists
their packages), static files of Python packages, wheels, Pyodide's core and libraries, and what
JupyterLite and others say that their scripts are made of.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_string
from email.message import Message
from pathlib import Path

HERE = Path(__file__).resolve().parent
#: Written by assets/build.mjs.
SCRIPTS = HERE.parent / "_build" / "notices.json"
NAME = "third-party.txt"

_LICENCE = re.compile(r"(^|/)(licen[cs]es?|copying|notice|authors)[^/]*(/[^/]+)?$", re.I)

_HEAD = """\
What this book brings along beside its own text and code, with the licences of those who made it.
The build makes this list from the packages' own metadata. Packages of Python that a reader loads
from Pyodide's server are named in pyodide/pyodide-lock.json, and have their licences in them.
"""


@dataclass(frozen=True, order=True)
class Notice:
    """A package, what it says of its licence, and the licence's text where it ships one."""

    name: str
    version: str
    licence: str
    text: str = ""


def _licence_of(metadata: Message) -> str:
    """Return what the metadata of a Python package says of its licence."""
    classifiers = [
        c.rsplit(" :: ", 1)[1] for c in metadata.get_all("Classifier", []) if "License ::" in c
    ]
    stated = metadata.get("License-Expression") or ", ".join(classifiers) or metadata.get("License")
    return " ".join((stated or "see its text").split())[:100]


def _python_notice(metadata: Message, texts: Iterable[str]) -> Notice:
    return Notice(metadata["Name"], metadata["Version"], _licence_of(metadata), "\n\n".join(texts))


def _of_wheel(wheel: Path) -> Notice:
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" in name]
        read = {name: archive.read(name).decode("utf-8", "replace") for name in names}
    metadata = next(text for name, text in read.items() if name.endswith(".dist-info/METADATA"))
    texts = [text for name, text in sorted(read.items()) if _LICENCE.search(name)]
    return _python_notice(message_from_string(metadata), texts)


def _of_distribution(found: importlib.metadata.Distribution) -> Notice:
    files = [file for file in found.files or [] if ".dist-info" in str(file)]
    texts = [file.read_text("utf-8") for file in files if _LICENCE.search(str(file))]
    return _python_notice(message_from_string(found.read_text("METADATA") or ""), texts)


def _digest(file: Path) -> str:
    """Return a file's hash as lists of installed files have it."""
    digest = hashlib.sha256(file.read_bytes()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def owners(files: Iterable[Path]) -> dict[Path, importlib.metadata.Distribution]:
    """Return the installed packages that the files of a site are from; no entry for its own."""
    wanted = {_digest(file): file for file in files}
    found = {}
    for distribution in importlib.metadata.distributions():
        record = distribution.read_text("RECORD") or ""
        for digest in re.findall(r",sha256=([\w-]+),", record):
            if digest in wanted:
                found[wanted[digest]] = distribution
    return found


def notices(site: Path, environment: Path) -> list[Notice]:
    """Return the notices of a site, whose notebooks were made in an environment."""
    found = {Notice(**package) for package in json.loads(SCRIPTS.read_text(encoding="utf-8"))}
    static = [file for file in (site / "_static").rglob("*") if file.is_file()]
    found |= {_of_distribution(distribution) for distribution in owners(static).values()}
    found |= {_of_wheel(wheel) for wheel in site.rglob("*.whl")}
    found |= {*_of_lite(site, environment), *_of_pyodide(site / "pyodide")}
    for kind in ("*.LICENSE.txt", "*.LEGAL.txt"):
        for file in site.rglob(kind):
            name = file.relative_to(site).as_posix()
            found.add(Notice(name, "", "see its text", file.read_text(encoding="utf-8")))
    return sorted(notice for notice in found if notice.name != "arbook")


def _of_pyodide(folder: Path) -> Iterator[Notice]:
    """Return the notices of Python and of the libraries that are there, but for wheels."""
    lock = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))
    yield Notice(
        "Python", lock["info"]["python"], "PSF-2.0", "https://docs.python.org/3/license.html"
    )
    for entry in lock["packages"].values():
        if entry["file_name"].endswith(".zip") and (folder / entry["file_name"]).exists():
            text = "Built by Pyodide; source and licence: https://github.com/pyodide/pyodide"
            yield Notice(entry["name"], entry["version"], "see its text", text)


def _of_lite(site: Path, environment: Path) -> Iterator[Notice]:
    """Return the notices of JupyterLite: of its packages, and of what is joined in its scripts."""
    for place in environment.glob("lib/python*/site-packages"):
        for distribution in importlib.metadata.distributions(path=[str(place)]):
            if distribution.metadata["Name"].replace("_", "-").startswith("jupyterlite-"):
                yield _of_distribution(distribution)
    for file in (site / "lite").rglob("third-party-licenses.json"):
        for package in json.loads(file.read_text(encoding="utf-8"))["packages"]:
            licence, text = package["licenseId"] or "see its text", package["extractedText"] or ""
            yield Notice(package["name"], package["versionInfo"], licence, text)


def write(site: Path, environment: Path) -> None:
    """Write the notices: a list of the packages, and then each text of a licence once."""
    found = notices(site, environment)
    texts: dict[str, list[str]] = {}
    for notice in found:
        if notice.text.strip():
            text = "\n".join(line.rstrip() for line in notice.text.strip().splitlines())
            texts.setdefault(text, []).append(f"{notice.name} {notice.version}".strip())
    lines = dict.fromkeys(f"{n.name} {n.version}".strip() + f": {n.licence}" for n in found)
    parts = [_HEAD, "\n".join(lines)]
    parts += [f"{'-' * 80}\n{', '.join(names)}\n\n{text}" for text, names in texts.items()]
    (site / NAME).write_text("\n\n".join(parts) + "\n", encoding="utf-8")
