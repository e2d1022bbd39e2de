"""Put Pyodide into a folder, every file of it checked: python live/get_pyodide.py FOLDER.

A site has the core in any case, so that what a page loads is what was built. The core and the lock
file are in the npm package `pyodide`, which package-lock.json pins. The lock file has the SHA-256
of every Python package; these are copied out of a PyPI package that ships them (nothing else of it
is used), and what it lacks comes from Pyodide's own server.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SETTINGS = json.loads((HERE / "pyodide.json").read_text(encoding="utf-8"))
NPM = HERE.parent / "node_modules" / "pyodide"
CORE = ["pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"]
FOR_NODE = ["pyodide.mjs", "package.json"]  # the latter says what kind of modules these are


def needed(packages: dict[str, dict], wanted: list[str]) -> dict[str, dict]:
    """Return the entries of packages and of all that they depend on."""
    names = {re.sub(r"[-_.]+", "-", name).lower(): name for name in packages}
    found, todo = {}, list(wanted)
    while todo:
        name = names[re.sub(r"[-_.]+", "-", todo.pop()).lower()]
        if name not in found:
            found[name] = packages[name]
            todo += packages[name]["depends"]
    return dict(sorted(found.items()))


def mirrored(folder: Path) -> dict[str, bytes]:
    """Return the packages that the mirror on PyPI ships, by file name."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--pre", "--no-deps"]
    command += ["-d", folder, SETTINGS["mirror"]]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        print(f"{SETTINGS['mirror']} cannot be had from PyPI: {done.stderr}", file=sys.stderr)
        return {}
    archive = zipfile.ZipFile(next(folder.glob("*.whl")))
    files = [name for name in archive.namelist() if "/assets/pyodide/" in name]
    return {name.rsplit("/", 1)[1]: archive.read(name) for name in files}


def package(entry: dict, mirror: dict[str, bytes]) -> bytes:
    """Return the file of one package, checked."""
    name = entry["file_name"]
    data = mirror.get(name)
    if data is None or hashlib.sha256(data).hexdigest() != entry["sha256"]:
        with urllib.request.urlopen(SETTINGS["cdn"] + name, timeout=60) as answer:
            data = answer.read()
    if hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise SystemExit(f"{name} is not what Pyodide's lock file says")
    return data


def put_core(folder: Path, wheels: list[Path]) -> None:
    """Make a folder of all but the packages, which are on Pyodide's own server.

    The lock file names them there, with the hashes by which Pyodide has the browser check them.
    Where the site, in `wheels`, has another version of one, that is what is loaded.
    """
    folder.mkdir(parents=True)
    for file in CORE:
        shutil.copy(NPM / file, folder)
    lock = json.loads((NPM / "pyodide-lock.json").read_text(encoding="utf-8"))
    for entry in lock["packages"].values():
        entry["file_name"] = SETTINGS["cdn"] + entry["file_name"]
    for wheel in wheels:
        name, version = wheel.name.split("-")[:2]
        if entry := lock["packages"].get(name.replace("_", "-")):
            place = os.path.relpath(wheel, folder)
            digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
            entry |= {"file_name": place, "version": version, "sha256": digest}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")


def get(folder: Path) -> None:
    """Make the folder, unless it is there."""
    wanted = [SETTINGS["version"], SETTINGS["notebook"], Path(__file__).read_text(encoding="utf-8")]
    stamp, done = hashlib.sha256(json.dumps(wanted).encode()).hexdigest(), folder / "ready"
    if done.exists() and done.read_text() == stamp:
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        made = Path(temporary) / "made"
        made.mkdir()
        for file in [*CORE, *FOR_NODE]:
            shutil.copy(NPM / file, made)
        lock = json.loads((NPM / "pyodide-lock.json").read_text(encoding="utf-8"))
        lock["packages"] = needed(lock["packages"], SETTINGS["notebook"])
        mirror = mirrored(Path(temporary))
        for entry in lock["packages"].values():
            (made / entry["file_name"]).write_bytes(package(entry, mirror))
        (made / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
        (made / "ready").write_text(stamp)
        if done.exists() and done.read_text() == stamp:  # another process was faster
            return
        with contextlib.suppress(OSError):
            shutil.rmtree(folder, ignore_errors=True)
            made.rename(folder)


if __name__ == "__main__":
    get(Path(sys.argv[1]))
