"""Twenty hostile submissions of each kind: no mark forged, no student lost, no file left."""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import hostile
import pages
import psutil
import pytest
from conftest import RIGHT, command, notebook, rows

import arbook

#: One that cannot be stopped costs `--total`; a machine that is busy has time to start.
LIMITS = ("--seconds", "4", "--total", "15", "--memory", "600")

Here = dict[str, object]


@pytest.fixture
def here(tiny: Path, tmp_path: Path) -> Here:
    """Return places that a hostile submission would like to reach."""
    folder, free = tmp_path / "submissions", tmp_path / "open"
    for path in (folder, free):
        path.mkdir()
    free.chmod(0o777)
    private = tmp_path / "private.txt"
    private.write_text("secret")
    neighbour = folder / "zoe.ipynb"
    neighbour.write_text(notebook(*RIGHT), encoding="utf-8")
    return {
        "mark": f"hostile-{secrets.token_hex(8)}",
        "submissions": str(folder),
        "notebook": str(neighbour),
        "tests": str(tiny / "tiny" / "autograder" / "tiny-autograder.zip"),
        "table": str(tmp_path / "grades.csv"),
        "private": str(private),
        "open": str(free),
        "solutions": str(pages.ROOT / "coursework" / "hw1.md"),
        "package": str(Path(arbook.__file__).parent),
    }


def graded(
    kind: str, here: Here, tiny: Path, *options: str, marks: str | None = "0"
) -> dict[str, dict[str, str]]:
    """Grade the hostile submissions of a kind, and an honest one after them; return the rows."""
    folder, out = Path(str(here["submissions"])), Path(str(here["table"]))
    for name, cells in hostile.cells(kind, here).items():
        (folder / f"{name}.ipynb").write_text(notebook(*cells), encoding="utf-8")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    line = command("tiny", folder, out, tiny, *LIMITS, *options)
    env = os.environ | {"SECRET": str(here["mark"])}
    done = subprocess.run(
        line, cwd=pages.ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    found = rows(out)
    assert set(found) == {path.name for path in before}
    honest = found.pop("zoe.ipynb")
    assert (honest["total"], honest["status"], honest["note"]) == ("7", "ok", "")
    assert len(found) == len(hostile.KINDS[kind])
    for row in found.values():
        assert row["note"].isprintable()
        assert len(row["note"]) < 400
        assert not row["note"].startswith(("=", "+", "-", "@"))
        assert marks in (None, row["total"]), row
    return found


def left(here: Here) -> list[str]:
    """Return what hostile submissions have left: files, processes, memory that is shared."""
    mark = str(here["mark"])
    places = [Path(str(here[name])) for name in ("open", "submissions", "package")]
    places += [Path(p) for p in ("/tmp", "/var/tmp", "/dev/shm", "/usr", "/root", sys.prefix)]
    places += [Path.home(), pages.ROOT, pages.ROOT / "coursework"]
    found = []
    for place in places:
        if os.access(place, os.R_OK):
            found += [str(path) for path in place.iterdir() if mark in path.name]
    found += orphans()
    found += [
        line for kind in ("shm", "sem", "msg") for line in shared(kind) if "1633837873" in line
    ]
    return found


def orphans() -> list[str]:
    """Return processes of submissions that no grader is about to end; others test, too."""
    for _ in range(50):
        words = {p: " ".join(p.info["cmdline"] or []) for p in psutil.process_iter(["cmdline"])}
        numbers = {p.pid for p, said in words.items() if "coursework." in said}
        found = []
        for process, said in words.items():
            with contextlib.suppress(psutil.NoSuchProcess):
                ours = "coursework.runner" in said or said == "sleep 611"
                if ours and process.ppid() not in numbers:
                    found.append(said)
        if not found:
            break
        threading.Event().wait(0.1)
    return found


def shared(kind: str) -> list[str]:
    """Return what System V shares of a kind."""
    path = Path("/proc/sysvipc") / kind
    return path.read_text().splitlines() if path.exists() else []


def test_there_are_twenty_of_each_kind():
    sizes = {kind: len(cells) for kind, cells in hostile.KINDS.items() if kind != "near"}
    assert sizes == dict.fromkeys(("stop", "forge", "read", "write", "stay", "network"), 20)


@pytest.mark.usefixtures("box")
@pytest.mark.parametrize("kind", ["stop", "read", "write"])
def test_in_the_box_nothing_is_stopped_read_or_written(kind, here, tiny):
    graded(kind, here, tiny)
    assert left(here) == []


@pytest.mark.usefixtures("box")
def test_in_the_box_nothing_stays(here, tiny):
    found = graded("stay", here, tiny, marks=None)
    assert sum(row["q1"] != "0" for row in found.values()) > 10  # within the box it may
    assert left(here) == []


def test_no_mark_is_forged_with_a_box_or_without(way, here, tiny):
    found = graded("forge", here, tiny, *way)
    # they are judged, and not only ended
    assert sum(row["status"] == "ok" for row in found.values()) >= 15


def test_without_a_box_the_class_is_graded_to_its_end(here, tiny):
    found = graded("near", here, tiny, "--unboxed")
    assert "tried to end its grader" in found["near-01.ipynb"]["note"]


def test_what_the_hostile_ones_read_can_be_read_where_there_is_no_box(here, tmp_path):
    for name, cells in hostile.cells("read", here).items():
        code = "\n".join([*cells, "sys.exit(0 if answer() == 42 else 1)"])
        env = os.environ | {"SECRET": str(here["mark"])}
        done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, check=False)
        assert done.returncode == 0, (name, cells[-1])


class Listeners:
    """Sockets of this machine, and what has come to them."""

    def __init__(self, folder: Path) -> None:
        stream, datagram, local = socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.AF_UNIX
        self.came: list[str] = []
        abstract = f"\0{secrets.token_hex(8)}"
        asked = {
            "tcp": (socket.AF_INET, stream, ("127.0.0.1", 0)),
            "udp": (socket.AF_INET, datagram, ("127.0.0.1", 0)),
            "abstract": (local, stream, abstract),
            "path": (local, stream, str(folder / "s")),
            "datagram": (local, datagram, abstract + "d"),
        }
        self.sockets = {}
        for name, (family, kind, address) in asked.items():
            self.sockets[name] = made = socket.socket(family, kind)
            made.bind(address)
            if kind == stream:
                made.listen()
            threading.Thread(target=self.listen, args=(name, made), daemon=True).start()

    def listen(self, name: str, listening: socket.socket) -> None:
        """Note whoever comes."""
        while True:
            try:
                if listening.type == socket.SOCK_STREAM:
                    listening.accept()[0].close()
                else:
                    listening.recv(9)
            except OSError:
                return
            self.came.append(name)

    def addresses(self) -> Here:
        """Return where to reach them."""
        found: Here = {}
        for name, made in self.sockets.items():
            address = made.getsockname()
            found[name] = address.decode() if isinstance(address, bytes) else address
        return found


@pytest.fixture
def listeners(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listeners]:
    """Listen on every kind of socket."""
    made = Listeners(tmp_path_factory.mktemp("s"))
    yield made
    for one in made.sockets.values():
        one.shutdown(socket.SHUT_RDWR) if one.type == socket.SOCK_STREAM else None
        one.close()


@pytest.mark.usefixtures("box")
def test_in_the_box_there_is_no_network(here, tiny, listeners):
    graded("network", here | listeners.addresses(), tiny)
    assert listeners.came == []


def test_the_hostile_ones_reach_a_network_where_there_is_no_box(here, listeners, tmp_path):
    for cells in hostile.cells("network", here | listeners.addresses()).values():
        if "example.org" in cells[-1] or "192.0.2.1" in cells[-1]:
            continue
        before = len(listeners.came)
        subprocess.run([sys.executable, "-c", "\n".join(cells)], cwd=tmp_path, check=True)
        for _ in range(100):
            if len(listeners.came) > before:
                break
            threading.Event().wait(0.05)
        assert len(listeners.came) > before, cells[-1]


#: What gave full marks to anybody while tests ran in the submission's own process.
PATCH = """
import builtins
real = builtins.compile
def patched(source, file, *rest, **options):
    return real("pass" if file == "<test>" else source, file, *rest, **options)
builtins.compile = patched
"""


@pytest.mark.parametrize("name", ["hw1", "hw2", "hw3", "capstone"])
def test_who_patches_python_gets_what_is_right_and_no_more(built, grade, way, name):
    from test_assignments import cells

    blank, solution = cells(built, name, "student"), cells(built, name, "solution")
    submissions = {"forged": notebook(PATCH, *blank), "right": notebook(*solution)}
    found = grade(built, name, submissions, *way)
    assert (found["forged"]["total"], found["forged"]["status"]) == ("0", "ok")
    full = {"hw1": "20"}.get(name, "24")
    assert (found["right"]["total"], found["right"]["status"], found["right"]["note"]) == (
        full, "ok", "",
    )  # fmt: skip
