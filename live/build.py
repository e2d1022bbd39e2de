"""Add to a built book what runs Python in the reader's browser: python live/build.py _build/html.

- lite/        JupyterLite: the chapters and an assignment as notebooks, with the wheels of `arbook`
  and what it needs
- lite/NAME.html  opens a notebook, whatever its version is called
- lite/live.json  what "Run here" loads
- third-party.txt  the licences of everything that is not the book's own
- pyodide/     Pyodide itself; with PYODIDE=local its packages, too: a site that needs no other

What has not changed since the last time is not made again: neither JupyterLite with the wheels and
the assignments, which wait in _build/lite/made for the chapters of any edition, nor these.
"""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from doctest import DocTestParser
from pathlib import Path
from string import Template

import get_pyodide
import nbformat
import notices
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from ext.policy import policy_for  # noqa: E402

HERE = ROOT / "live"
WORK = ROOT / "_build" / "lite"
SITE = Path(sys.argv[1]).resolve()
# JupyterLite sets the times of all files beside its site: it has a folder of its own.
LITE = WORK / "made" / "site"
PYODIDE = ROOT / "_build" / "pyodide"
ENVIRONMENT = WORK / "environment"
LOCK = ROOT / "requirements.lock"

#: What arbook needs and Pyodide lacks; versions as everywhere.
WHEELS = [
    *("ipywidgets", "jupyterlab_widgets", "anywidget", "comm", "psygnal"),
    *("typing_extensions", "tqdm", "click"),
]

#: The file of a made folder that says what it was made of.
STAMP = "stamp"

#: Assignments that students can do in the browser, too: those that need nothing but arbook.
ASSIGNMENTS = ["hw1"]

START = """\
*This notebook runs in your browser: press the two arrows above to run all of it. The first cell
loads Python from {source}, about {megabytes} MB the first time. Your changes stay in this browser;
**Download** gives you the file. *Kernel*, *Restart Kernel* ends code that does not end by itself.
To get the original back, press the logo at the top left for the list of files, and delete this one
there.*"""

#: A comment after %pip would be read as a package.
INSTALL = "%pip install -q arbook"


def run(*command: str | Path, **options: object) -> None:
    """Run a command; show what it wrote if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")


def digest(*places: Path) -> str:
    """Return a hash of files, and of all files in folders."""
    files = [file for place in places for file in [place, *place.rglob("*")] if file.is_file()]
    total = hashlib.sha256()
    for file in sorted(file for file in files if "__pycache__" not in file.parts):
        total.update(f"{file}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def is_stale(folder: Path, stamp: str) -> bool:
    """Return whether a folder was made of something else, or not at all."""
    done = folder / STAMP
    return not done.exists() or done.read_text() != stamp


def make_environment() -> None:
    """Make the environment that builds wheels and site."""
    stamp = digest(HERE / "requirements.lock") + sys.version
    if not is_stale(ENVIRONMENT, stamp):
        return
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    run(sys.executable, "-m", "venv", ENVIRONMENT)
    pip = [ENVIRONMENT / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "-q"]
    run(*pip, "install", "--no-deps", "--require-hashes", "-r", HERE / "requirements.lock")
    (ENVIRONMENT / STAMP).write_text(stamp)


def locked(name: str) -> str:
    """Return what the lock says of a package: its version and its hashes."""
    name = name.replace("_", "-")
    return re.search(rf"^{name}==.*(\n    .*)*", LOCK.read_text(), re.M)[0]


def make_wheels(folder: Path) -> None:
    """Put the wheels into a folder: those from PyPI, and arbook's."""
    pip = [ENVIRONMENT / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "-q"]
    pure = ["--only-binary=:all:", "--platform=any", "--implementation=py", "--abi=none"]
    python = "--python-version=3.12"
    with tempfile.TemporaryDirectory() as name:  # setuptools leaves its work beside the source
        source = Path(name)
        (source / "wheels.txt").write_text("\n".join(map(locked, WHEELS)))
        asked = ["--require-hashes", "-r", source / "wheels.txt", "-d", folder]
        run(*pip, "download", "--no-deps", *pure, python, *asked)
        shutil.copytree(
            ROOT / "arbook", source / "arbook", ignore=shutil.ignore_patterns("__pycache__")
        )
        for file in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-TEXT"):
            shutil.copy(ROOT / file, source)
        run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, source)


def chapter(file: Path, start: str) -> nbformat.NotebookNode:
    """Return the notebook of a chapter for the browser."""
    notebook = nbformat.read(file, as_version=4)
    notebook.cells[1].source = start
    notebook.cells.insert(2, nbformat.v4.new_code_cell(INSTALL, id="install"))
    return notebook


def assignment(name: str, start: str) -> nbformat.NotebookNode:
    """Return the student version of an assignment for the browser, where there is no otter.

    What a student hands in from there is graded like any other.
    """
    from coursework.generate import assign, included  # with otter, which takes a second to load

    with tempfile.TemporaryDirectory() as folder:
        text = included(ROOT / "coursework" / f"{name}.md")
        assign(name, text, Path(folder) / "work", Path(folder) / "made")
        notebook = nbformat.read(Path(folder) / f"made/student/{name}.ipynb", as_version=4)
    tests = {}
    for question, test in notebook.metadata.otter.tests.items():
        tests[question] = [
            {
                "code": "".join(e.source for e in DocTestParser().get_examples(case.code)),
                "message": case.get("failure_message", ""),
            }
            for suite in test.suites
            for case in suite.cases
        ]
    cell = Template((HERE / "assignment.txt").read_text(encoding="utf-8"))
    code = cell.substitute(tests=repr(json.dumps(tests)))
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"  # otter's are random: each build would change the notebook
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(start, id="start"))
    notebook.cells.insert(1, nbformat.v4.new_code_cell(code, id="install"))
    return notebook


def make_notebooks(folder: Path, start: str) -> dict[str, str]:
    """Put the notebooks into a folder; return the names of the files by chapter or assignment.

    A changed notebook gets another name. Under the old one the reader's own copy, which the browser
    keeps, would hide it for ever.
    """
    made = {
        file.stem: chapter(file, start) for file in sorted((SITE / "notebooks").glob("*.ipynb"))
    }
    made |= {file.stem: nbformat.read(file, as_version=4) for file in LITE.parent.glob("*.ipynb")}
    texts = {}
    for stem, notebook in made.items():
        notebook.metadata |= {
            "kernelspec": {"name": "python", "display_name": "Python (Pyodide)"},
            "language_info": {"name": "python"},
        }
        texts[stem] = nbformat.writes(notebook) + "\n"
    names = {
        stem: f"{stem}-{hashlib.sha256(text.encode()).hexdigest()[:6]}.ipynb"
        for stem, text in texts.items()
    }
    folder.mkdir()
    for stem, text in texts.items():
        for other, name in names.items():
            text = text.replace(f"]({other}.ipynb)", f"]({name})")
        (folder / names[stem]).write_text(text, encoding="utf-8")
    return names


def list_files(site: Path) -> None:
    """Write the list of files that JupyterLite asks a Jupyter server for."""
    when = "2026-01-01T00:00:00Z"
    entries = [
        {
            "name": file.name, "path": file.name, "type": "notebook", "size": file.stat().st_size,
            "created": when, "last_modified": when, "writable": True,
            "content": None, "format": None, "mimetype": None, "hash": None, "hash_algorithm": None,
        }
        for file in sorted((site / "files").iterdir())
    ]  # fmt: skip
    listing = {
        "name": "", "path": "", "type": "directory", "size": None, "created": when,
        "last_modified": when, "writable": True, "content": entries, "format": "json",
        "mimetype": None, "hash": None, "hash_algorithm": None,
    }  # fmt: skip
    (site / "api" / "contents").mkdir(parents=True)
    (site / "api" / "contents" / "all.json").write_text(json.dumps(listing), encoding="utf-8")


def source_of_python(local: bool) -> str:
    """Return in words where Python comes from."""
    return "this site" if local else get_pyodide.SETTINGS["cdn"].split("/")[2]


def first_words(local: bool) -> str:
    """Return what stands at the top of every notebook."""
    megabytes = get_pyodide.SETTINGS["megabytes"]["notebook"]
    return START.format(source=source_of_python(local), megabytes=megabytes)


def make_lite(local: bool) -> None:
    """Make JupyterLite with the wheels, and the assignments beside it."""
    source = WORK / "source"
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(HERE / "lite", source)
    make_wheels(source / "pypi")

    file = source / "jupyter-lite.json"
    configuration = json.loads(file.read_text(encoding="utf-8"))
    kernel = configuration["jupyter-config-data"]["litePluginSettings"]
    for plugin in kernel.values():
        plugin["pyodideUrl"] = "../../pyodide/pyodide.js"  # from lite/notebooks and lite/tree
    file.write_text(json.dumps(configuration), encoding="utf-8")

    shutil.rmtree(LITE.parent, ignore_errors=True)
    programs = ENVIRONMENT / "bin"
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
    command = [programs / "jupyter", "lite", "build", "--lite-dir", source, "--output-dir", LITE]
    run(*command, cwd=source, env=environment)
    for name in ASSIGNMENTS:
        nbformat.write(assignment(name, first_words(local)), LITE.parent / f"{name}.ipynb")


#: JupyterLab compiles its settings' schemas, and explorers are modules in a blob; Python is a
#: worker, which may load packages from Pyodide's server.
POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "script-src 'self' blob: 'unsafe-eval' {hashes}; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' data: "
)


def with_policy(page: str, local: bool) -> str:
    """Return a page of the notebooks' site under a policy."""
    server = "" if local else "/".join(get_pyodide.SETTINGS["cdn"].split("/")[:3])
    policy = policy_for(BeautifulSoup(page, "html.parser"), POLICY + server)
    return page.replace("<head>", f"<head>{policy}", 1)


def make_site(local: bool) -> None:
    """Make lite/ of JupyterLite and the notebooks."""
    settings, site = get_pyodide.SETTINGS, SITE / "lite"
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(LITE, site)
    opening = Template((HERE / "open.html").read_text(encoding="utf-8"))
    for stem, name in make_notebooks(site / "files", first_words(local)).items():
        page = opening.substitute(
            name=stem,
            address=f"notebooks/index.html?path={name}",
            pyodide=f"{'../../pyodide/' if local else settings['cdn']}pyodide.js",
            source=source_of_python(local),
        )
        (site / f"{stem}.html").write_text(page, encoding="utf-8")
    list_files(site)
    for page in site.rglob("*.html"):
        page.write_text(with_policy(page.read_text(encoding="utf-8"), local), encoding="utf-8")

    wheels = []
    for wheel in sorted((site / "pypi").glob("*.whl")):
        if wheel.name.startswith("jupyterlab_widgets"):  # the notebooks' front end
            continue
        digest = hashlib.sha256(wheel.read_bytes()).digest()
        address = f"pypi/{wheel.name}?sha256={digest.hex()}"  # another wheel is not taken for it
        integrity = f"sha256-{base64.b64encode(digest).decode()}"
        wheels.append({"address": address, "integrity": integrity})
    live = {
        "packages": settings["page"],
        "megabytes": settings["megabytes"]["page"],
        "wheels": wheels,
    }
    (site / "live.json").write_text(json.dumps(live), encoding="utf-8")


def main() -> None:
    """Make what is out of date."""
    local = os.environ.get("PYODIDE") == "local"
    WORK.mkdir(parents=True, exist_ok=True)
    make_environment()
    inputs = [HERE, ROOT / "arbook", ROOT / "coursework", ROOT / "pyproject.toml", LOCK]
    stamp = digest(*inputs) + str(local)
    if is_stale(LITE, stamp):
        make_lite(local)
        (LITE / STAMP).write_text(stamp)
    stamp += digest(SITE / "notebooks")
    if is_stale(SITE / "lite", stamp):
        make_site(local)
        (SITE / "lite" / STAMP).write_text(stamp)
    shutil.rmtree(SITE / "pyodide", ignore_errors=True)
    if local:
        get_pyodide.get(PYODIDE)
        shutil.copytree(PYODIDE, SITE / "pyodide")
    else:
        get_pyodide.put_core(SITE / "pyodide", sorted((SITE / "lite" / "pypi").glob("*.whl")))
    notices.write(SITE, ENVIRONMENT)


if __name__ == "__main__":
    main()
