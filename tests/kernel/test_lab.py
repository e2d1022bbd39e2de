"""A chapter in JupyterLab with a live kernel: the reader moves a slider, Python sees it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pages
import pytest
from explorers import Drawn
from playwright.sync_api import Browser, Page, expect

CHAPTER = "04-frontier"
CALL = "FrontierExplorer()\n"
WATCHED = """explorer = FrontierExplorer()
explorer.observe(lambda change: open("seen.txt", "a").write(f"{change.new!r}\\n"), "sigma0")
explorer
"""


#: A notebook of one cell.
OWN = """---
kernelspec: {name: python3, display_name: Python 3}
---

```{code-cell} ipython3
from arbook.widgets import LogExplorer
LogExplorer()
```
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the chapter, its explorer watched from Python, and a notebook."""
    (tmp_path / "own.md").write_text(OWN, encoding="utf-8")
    text = (pages.ROOT / "chapters" / f"{CHAPTER}.md").read_text(encoding="utf-8")
    assert text.count(CALL) == 1
    (tmp_path / f"{CHAPTER}.md").write_text(text.replace(CALL, WATCHED), encoding="utf-8")
    return tmp_path


@pytest.fixture
def lab(folder: Path) -> Iterator[str]:
    """Run JupyterLab on a free port; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "ServerApp.ip": "127.0.0.1", "ServerApp.port": port, "ServerApp.port_retries": 0,
        "ServerApp.open_browser": False, "ServerApp.allow_root": True,
        "ServerApp.root_dir": folder, "IdentityProvider.token": "",
        "LabApp.news_url": "None", "LabApp.user_settings_dir": folder / ".settings",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }  # fmt: skip
    # all cells stay in the page, also those that are out of sight after the last has run
    notebooks = folder / ".settings" / "@jupyterlab" / "notebook-extension"
    notebooks.mkdir(parents=True)
    (notebooks / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')
    command = [sys.executable, "-m", "jupyterlab"]
    command += [f"--{name}={value}" for name, value in options.items()]
    log = (folder / "lab.log").open("w")
    # nothing of the reader's own settings, nothing left behind
    own = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "IPYTHONDIR": "ipython"}
    env = os.environ | {name: str(folder / f".{place}") for name, place in own.items()}
    server = subprocess.Popen(command, stdout=log, stderr=log, env=env)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(f"{address}/api", server)
        yield address
    finally:
        server.terminate()
        server.wait(30)
        log.close()
        shutil.rmtree(folder / ".data", ignore_errors=True)


def wait_until_up(address: str, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + 90
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            assert server.poll() is None, "JupyterLab ended"
            assert time.monotonic() < deadline, "JupyterLab does not answer"
            time.sleep(0.3)


def run_all(page: Page, address: str) -> None:
    """Open a notebook, and run it."""
    page.set_default_timeout(90_000)
    page.goto(address)
    # a Markdown file that opens as a notebook, with its kernel; "Run All Cells" before the kernel
    # has a name asks for one and runs nothing
    page.locator(".jp-NotebookPanel .jp-CodeCell").first.wait_for()
    page.locator(".jp-Toolbar-kernelName", has_text="Python 3").wait_for()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first.wait_for()
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).click()


def test_the_readers_log_is_read_in_a_worker(browser: Browser, lab: str):
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    run_all(page, f"{lab}/lab/tree/own.md")
    explorer = Drawn(page, "log")
    log = b"commit\tval_bpb\tstatus\na1\t1.0\tkeep\nb2\t0.9\tkeep\n"
    file = {"name": "mine.tsv", "mimeType": "text/plain", "buffer": log}
    with page.expect_worker() as worker:
        explorer.root.locator("input[type=file]").set_input_files(file)
    expect(explorer.root.locator("output").first).to_contain_text("mine.tsv kept 1")
    assert worker.value.url.startswith("blob:")
    page.close()


def test_python_sees_a_slider_move(browser: Browser, lab: str, folder: Path):
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    run_all(page, f"{lab}/lab/tree/{CHAPTER}.md")
    explorer = Drawn(page, "frontier")
    explorer.press("sigma0", "ArrowRight")
    seen = folder / "seen.txt"
    deadline = time.monotonic() + 30
    while not (seen.exists() and seen.read_text()):
        assert time.monotonic() < deadline, "Python saw nothing"
        page.wait_for_timeout(200)
    value = float(seen.read_text().split()[-1])
    shown = explorer.handle("sigma0").get_attribute("aria-valuetext")
    assert value > 0.01
    assert float(shown.split()[0]) == pytest.approx(value, abs=5e-5)
    assert page.locator(".jp-RenderedText[data-mime-type*=stderr]").count() == 0
    page.close()
