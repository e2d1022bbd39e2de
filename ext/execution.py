"""What Sphinx can't see: chapters depend on the package that they run, pages on this folder.

And what it does not do: execute several chapters at a time.
"""

from __future__ import annotations

import gc
import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from myst_nb.core.read import create_nb_reader
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.display import status_iterator

ROOT = Path(__file__).resolve().parent.parent


def hash_of(*names: str) -> str:
    """Return a hash of files and of all files in folders, notes (.md) left out."""
    found = [ROOT / name for name in names]
    found += [path for folder in found for path in folder.rglob("*")]
    digest = hashlib.sha256()
    for path in sorted(set(found)):
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".md":
            digest.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def name_state(app: Sphinx, config: Config) -> None:
    """Put both into the configuration, so that a change makes Sphinx read every page again.

    The cache of outputs is named after the package and the pinned versions: a chapter runs again
    when its cells or these change, and only then.
    """
    cache = ROOT / "_build" / ".jupyter_cache"  # all editions share it
    code = hash_of("arbook", "requirements.lock")
    config.nb_execution_cache_path = str(cache / code)
    config.arbook_glue = hash_of("ext", "assets", "live", "package-lock.json")


def not_cached(app: Sphinx, names: list[str]) -> Iterator[tuple[str, NotebookNode]]:
    """Yield the pages that have code, as notebooks, unless the cache has their outputs."""
    cache = get_cache(app.env.mystnb_config.execution_cache_path)
    for name in names:
        path = app.env.doc2path(name)
        text = Path(path).read_text(encoding="utf-8")
        reader = create_nb_reader(path, app.env.myst_config, app.env.mystnb_config, text)
        if reader is not None:
            notebook = reader.read(text)
            try:
                cache.match_cache_notebook(notebook)
            except KeyError:
                yield path, notebook


def execute_ahead(app: Sphinx, env: BuildEnvironment, names: list[str]) -> None:
    """Execute pages into the cache, one for each processor at a time, before they are read.

    A page that fails stays out of the cache: MyST-NB meets the error again, and reports it.
    """
    settings = env.mystnb_config
    if settings.execution_mode != "cache":
        return
    cache, places = get_cache(settings.execution_cache_path), {}
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for path, notebook in not_cached(app, names[::-1]):  # the last chapters take longest
            run = threads.submit(
                single_nb_execution,
                notebook,
                cwd=str(Path(path).parent),
                timeout=settings.execution_timeout,
                allow_errors=False,
            )
            places[run] = path

        def said(run: Future[Any]) -> str:
            return Path(places[run]).stem

        done = as_completed(places)
        for run in status_iterator(done, "executing... ", "purple", len(places), 0, said):
            result = run.result()
            if result.err is None:
                cache.cache_notebook_bundle(
                    CacheBundleIn(result.nb, places[run], data={"execution_seconds": result.time}),
                    check_validity=False,
                    overwrite=True,
                )


def spare_collector(app: Sphinx) -> None:
    """Let the garbage collector run less often, and pass over what lives as long as the build.

    Each reference to a numbered figure unpickles a page, and with the defaults the collector looks
    through Sphinx's whole environment several times on the way.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the two names, the work ahead, and what saves time."""
    app.add_config_value("arbook_glue", "", "env")
    app.connect("config-inited", name_state)
    app.connect("builder-inited", spare_collector)
    app.connect("env-before-read-docs", execute_ahead)
    return {"version": "1", "parallel_read_safe": True}
