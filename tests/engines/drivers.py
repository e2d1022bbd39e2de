"""Firefox and WebKit, each driven by its own protocol: BiDi and WebDriver, no other package."""

import contextlib
import itertools
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pages
import pytest
import websocket

ARROW_RIGHT = "\ue014"  # in both protocols
MINI_BROWSERS = (
    "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
    "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
    "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.0/MiniBrowser",
)


#: What Firefox says where a page has come only as far as the middle of a formula, and draws that.
HALF_A_FORMULA = re.compile(r"Invalid markup: Incorrect number of children for <m\w+/> tag")

#: WebDriver says nothing of a page's errors: this script, the first of each page, keeps them.
RECORDER = """{
  globalThis.seenErrors = [];
  const note = (...words) => seenErrors.push(words.map(String).join(" "));
  addEventListener("error", (event) => note(event.message ?? event.target.outerHTML), true);
  addEventListener("unhandledrejection", (event) => note(event.reason));
  addEventListener("securitypolicyviolation", (event) => note("policy:", event.blockedURI));
  const { error } = console;
  console.error = (...words) => { note(...words); error.apply(console, words); };
}"""


def recording(folder: Path, copy: Path) -> Path:
    """Copy a built book with the recorder in its pages; the rest are links."""
    for found in folder.rglob("*"):
        place = copy / found.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        if found.suffix == ".html":
            html, depth = found.read_text(encoding="utf-8"), len(place.relative_to(copy).parts) - 1
            tag = f'<script src="{depth * "../"}recorder.js"></script>\n<meta content="width=device'
            # behind the policy, before every script
            place.write_text(html.replace('<meta content="width=device', tag, 1), encoding="utf-8")
        elif found.is_file():
            place.symlink_to(found)
    (copy / "recorder.js").write_text(RECORDER, encoding="utf-8")
    return copy


def presses(keys: str) -> list[dict[str, str]]:
    """Return the actions of both protocols that press keys."""
    return [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]


class Chromium:
    """Chromium, through Playwright."""

    def __init__(self, browser: Any) -> None:
        self.page = browser.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, address: str) -> None:
        """Go to a page; errors of the one before are forgotten."""
        self.errors.clear()
        self.page.goto(address)

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression."""
        return self.page.evaluate(expression)

    def type(self, keys: str) -> None:
        """Press keys, one after the other, on what has the focus."""
        for key in keys:
            self.page.keyboard.press("ArrowRight" if key == ARROW_RIGHT else key)


class Firefox:
    """Firefox, through WebDriver BiDi."""

    def __init__(self, address: str) -> None:
        self.socket = websocket.create_connection(address, timeout=60, suppress_origin=True)
        self.numbers, self.errors = itertools.count(1), []
        self.send("session.new", capabilities={})
        self.send("session.subscribe", events=["log.entryAdded"])
        self.context = self.send("browsingContext.getTree")["contexts"][0]["context"]

    def send(self, method: str, **params: Any) -> Any:
        """Send a command and return its result; errors in the page's log are kept on the way."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("method") == "log.entryAdded":
                entry = answer["params"]
                if entry["level"] == "error" and not HALF_A_FORMULA.match(entry["text"]):
                    self.errors.append(entry["text"])
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def open(self, address: str) -> None:
        """Go to a page; errors of the one before are forgotten."""
        self.errors.clear()
        self.send("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression."""
        result = self.send(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression}) ?? null))()",
            target={"context": self.context},
            awaitPromise=True,
        )
        assert result["type"] == "success", result
        return json.loads(result["result"]["value"])

    def type(self, keys: str) -> None:
        """Press keys, one after the other, on what has the focus."""
        actions = [{"type": "key", "id": "keyboard", "actions": presses(keys)}]
        self.send("input.performActions", context=self.context, actions=actions)


class WebKit:
    """WebKitGTK (the engine of Safari), through WebDriver."""

    def __init__(self, address: str, browser: str) -> None:
        self.address = address
        options = {"binary": browser, "args": ["--automation"]}
        capabilities = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self.session = self.send("POST", "session", capabilities=capabilities)["sessionId"]

    def send(self, method: str, path: str, **body: Any) -> Any:
        """Send a command and return its value."""
        data = json.dumps(body).encode() if method == "POST" else None
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.address}/{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=90) as answer:
            return json.load(answer)["value"]

    @property
    def errors(self) -> list[str]:
        """Errors of the page that is open."""
        return list(self.evaluate("globalThis.seenErrors ?? ['no recorder']"))

    def open(self, address: str) -> None:
        """Go to a page."""
        self.send("POST", f"session/{self.session}/url", url=address)

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression."""
        script = f"return (async () => JSON.stringify(await ({expression}) ?? null))()"
        path = f"session/{self.session}/execute/sync"
        return json.loads(self.send("POST", path, script=script, args=[]))

    def type(self, keys: str) -> None:
        """Press keys, one after the other, on what has the focus."""
        actions = [{"type": "key", "id": "keyboard", "actions": presses(keys)}]
        self.send("POST", f"session/{self.session}/actions", actions=actions)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextlib.contextmanager
def _running(command: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, text=True, start_new_session=True, **options) as process:
        try:
            yield process
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            process.kill()


@contextlib.contextmanager
def chromium() -> Iterator[Chromium]:
    """Start Chromium."""
    with pages.chromium(whole=True) as browser:
        yield Chromium(browser)


@contextlib.contextmanager
def firefox() -> Iterator[Firefox]:
    """Start an installed Firefox, or skip."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        pytest.skip("no Firefox (Debian: firefox-esr)")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [program, "--headless", "--no-remote", "--profile", profile]
        command.append("--remote-debugging-port=0")
        log = Path(profile) / "log"
        environment = os.environ | {"HOME": profile}
        with log.open("w") as out, _running(command, stderr=out, stdout=out, env=environment):
            deadline = time.monotonic() + 90
            listening = None
            while listening is None:
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.2)
                listening = re.search(r"BiDi listening on (ws://\S+)", log.read_text())
            driver = Firefox(f"{listening[1]}/session")
            yield driver
            driver.socket.close()


@contextlib.contextmanager
def webkit() -> Iterator[WebKit]:
    """Start WebKitGTK's small browser on a display of its own, or skip."""
    browser = next((place for place in MINI_BROWSERS if Path(place).exists()), None)
    if browser is None or not shutil.which("WebKitWebDriver") or not shutil.which("Xvfb"):
        pytest.skip("no WebKit (Debian: webkit2gtk-driver, xvfb)")
    port = _free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    read, write = os.pipe()
    screen = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x1000x24", "-nolisten", "tcp"]
    with _running(screen, pass_fds=[write], **quiet):
        os.close(write)
        with os.fdopen(read) as answer:
            display = f":{answer.readline().strip()}"
        environment = os.environ | {"DISPLAY": display, "GDK_BACKEND": "x11"}
        if os.geteuid() == 0:  # its sandbox does not start as root
            environment["WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS"] = "1"
        command = ["WebKitWebDriver", f"--port={port}", "--host=127.0.0.1"]
        with _running(command, env=environment, **quiet):
            deadline = time.monotonic() + 30
            while True:
                try:
                    driver = WebKit(f"http://127.0.0.1:{port}", browser)
                    break
                except ConnectionError:
                    assert time.monotonic() < deadline
                    time.sleep(0.2)
                except OSError as error:
                    if "refused" not in str(error):
                        raise
                    assert time.monotonic() < deadline
                    time.sleep(0.2)
            yield driver
            with contextlib.suppress(OSError):
                driver.send("DELETE", f"session/{driver.session}")
