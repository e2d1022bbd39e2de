"""The same chapters as a Jupyter Book with its defaults: the stock theme, widgets and mathematics.

What its pages ask of content delivery networks is put into the built folder, from the same npm
packages, and asked for there.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ext.execution import hash_of

ROOT = Path(__file__).parents[1]
SOURCES = ("intro.md", "chapters", "appendix", "arbook", "references.bib", "_toc.yml")
CONFIG = """\
title: "AutoResearch: a mathematical model"
only_build_toc_files: true
execute:
  execute_notebooks: cache
  cache: {cache}
  timeout: 120
bibtex_bibfiles: [references.bib]
sphinx:
  extra_extensions:
    - sphinx_exercise
    - sphinx.ext.autodoc
    - sphinx.ext.napoleon
    - benchmarks._plain_directives
"""
NETWORKS = re.compile(r"https://(?:cdn\.jsdelivr\.net/npm|cdnjs\.cloudflare\.com/ajax/libs)/")
REQUIRE = "require.js/2.3.4"


def fetch(specification: str, folder: Path) -> None:
    """Unpack an npm package where the address that names it will look for it."""
    with tempfile.TemporaryDirectory() as scratch:
        command = ["npm", "pack", "--silent", "--pack-destination", scratch, specification]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(scratch).iterdir()
        with tarfile.open(archive) as packed:
            packed.extractall(scratch, filter="data")
        shutil.move(Path(scratch) / "package", folder)


def fetch_all(html: Path) -> None:
    """Put what the pages ask other sites for into the folder `npm`."""
    packages = html / "npm"
    (packages / "@jupyter-widgets").mkdir(parents=True)
    asked = re.compile(NETWORKS.pattern + r"((?:@[\w-]+/)?[\w-]+@[^/\"]+)/")
    wanted = {name for page in html.rglob("*.html") for name in asked.findall(page.read_text())}
    for specification in {*wanted, "anywidget@~0.11.*"}:  # require.js asks for the last one
        fetch(specification, packages / specification)
    fetch("requirejs@2.3.4", packages / "requirejs")
    small = ["node_modules/.bin/esbuild", "--minify", packages / "requirejs" / "require.js"]
    (packages / REQUIRE).mkdir(parents=True)
    made = subprocess.run(small, cwd=ROOT, check=True, capture_output=True).stdout
    (packages / REQUIRE / "require.min.js").write_bytes(made)


@contextmanager
def default_book() -> Iterator[Path]:
    """Build it in a temporary folder, with the outputs that the book's own build has cached."""
    code = hash_of("arbook", "requirements.lock")
    with tempfile.TemporaryDirectory() as scratch:
        book = Path(scratch)
        for name in SOURCES:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, book / name)
        cache = ROOT / "_build" / ".jupyter_cache" / code
        (book / "_config.yml").write_text(CONFIG.format(cache=cache))
        build = [Path(sys.executable).with_name("jupyter-book"), "build", str(book), "-q"]
        paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        done = subprocess.run(
            build, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True
        )
        html = book / "_build" / "html"
        if done.returncode or (html / "reports").exists():  # of chapters that failed
            raise RuntimeError(f"the default book was not built:\n{done.stderr}")
        fetch_all(html)
        for page in html.rglob("*.html"):
            text = NETWORKS.sub("/npm/", page.read_text(encoding="utf-8"))
            page.write_text(re.sub(r' integrity="[^"]*"', "", text), encoding="utf-8")
        yield html
