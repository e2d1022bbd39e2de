"""`make fuzz`: twenty hostile submissions of each kind, and an honest one after them, are graded.

    PYTHONPATH=tests python -m fuzz.grading

Counts marks forged, students without a row or with a wrong one, and what is left: files, processes,
shared memory, visits to sockets. What they try must succeed behind glass: in a box that hides
nothing.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import classroom
import hostile
import psutil

import arbook
from coursework.assignment import ROOT

#: One that cannot be stopped costs `--total`; a machine that is busy has time to start.
LIMITS = ("--seconds", "4", "--total", "15", "--memory", "600")

#: What an attempt that succeeds is worth, where it may: in the box.
MAY = {"stay": 3.0}

Here = dict[str, object]


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

    def close(self) -> None:
        """Listen no more."""
        for one in self.sockets.values():
            if one.type == socket.SOCK_STREAM:
                one.shutdown(socket.SHUT_RDWR)
            one.close()


class Place:
    """A folder with a class, an assignment, and what a hostile submission would like to reach."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.mark = folder, f"hostile-{secrets.token_hex(8)}"
        self.submissions, self.table = folder / "submissions", folder / "grades.csv"
        self.built = classroom.write_tiny(folder / "built")
        self.open, private = folder / "open", folder / "private.txt"
        for path in (self.submissions, self.open):
            path.mkdir()
        self.open.chmod(0o777)
        private.write_text("secret")
        honest = self.submissions / "zoe.ipynb"
        honest.write_text(classroom.notebook(*classroom.RIGHT), encoding="utf-8")
        self.listeners = Listeners(folder)
        self.here: Here = self.listeners.addresses() | {
            "mark": self.mark,
            "submissions": str(self.submissions),
            "notebook": str(honest),
            "tests": str(self.built / "tiny" / "autograder" / "tiny-autograder.zip"),
            "table": str(self.table),
            "private": str(private),
            "open": str(self.open),
            "solutions": str(ROOT / "coursework" / "hw1.md"),
            "package": str(Path(arbook.__file__).parent),
        }

    def left(self) -> list[str]:
        """Return what hostile submissions have left here and on the machine."""
        places = [self.open, self.submissions, ROOT, ROOT / "coursework", Path.home()]
        places += [Path(str(self.here["package"])), Path(sys.prefix)]
        places += [Path(path) for path in ("/tmp", "/var/tmp", "/dev/shm", "/usr", "/root")]
        found = []
        for place in dict.fromkeys(places):
            if os.access(place, os.R_OK):
                found += [str(path) for path in place.iterdir() if self.mark in path.name]
        for kind in ("shm", "sem", "msg"):
            shared = Path("/proc/sysvipc") / kind
            lines = shared.read_text().splitlines() if shared.exists() else []
            found += [line for line in lines if str(0x61626331) in line]
        return found + orphans() + self.listeners.came


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
        time.sleep(0.1)
    return found


@contextlib.contextmanager
def place() -> Iterator[Place]:
    """Make a place, and remove it."""
    with tempfile.TemporaryDirectory(prefix="class-", ignore_cleanup_errors=True) as folder:
        made = Place(Path(folder))
        try:
            yield made
        finally:
            made.listeners.close()


def behind_glass(line: list[str], folder: Path) -> list[str]:
    """Return a command in a box that hides nothing: what is read is there, one folder is writable.

    Its processes see those of the box only, so that signals reach nobody else.
    """
    box = ["bwrap", "--unshare-pid", "--unshare-ipc", "--die-with-parent", "--cap-drop", "ALL"]
    box += ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    return [*box, "--bind", str(folder), str(folder), "--setenv", "TMPDIR", str(folder), *line]


def works_behind_glass(kind: str, number: int) -> bool:
    """Return whether what a hostile notebook tries succeeds where nothing keeps it from that."""
    with place() as made:
        cells = hostile.cells(kind, number, made.here)
        code = "\n".join([*cells, "sys.exit(0 if answer() == 42 else 1)"])
        done = subprocess.run(
            behind_glass([sys.executable, "-c", code], made.folder),
            cwd=made.folder, env=os.environ | {"SECRET": made.mark}, check=False,
        )  # fmt: skip
        for _ in range(20 if done.returncode else 0):  # a datagram says nothing of its arrival
            if made.listeners.came:
                break
            time.sleep(0.05)
        return done.returncode == 0 or bool(made.listeners.came)


@dataclass
class Damage:
    """What hostile submissions have done to a class."""

    forged: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def graded(made: Place, kind: str, numbers: tuple[int, ...], *options: str) -> classroom.Rows:
    """Grade hostile submissions of a kind, and the honest one after them; return the rows."""
    for number in numbers:
        text = classroom.notebook(*hostile.cells(kind, number, made.here))
        (made.submissions / f"{kind}-{number:02d}.ipynb").write_text(text, encoding="utf-8")
    line = classroom.command("tiny", made.submissions, made.table, made.built, *LIMITS, *options)
    if "--unboxed" in options:
        line = behind_glass(line, made.folder)
    done = classroom.run(line, SECRET=made.mark)
    if done.returncode:
        raise RuntimeError(f"{kind}: the class was not graded\n{done.stderr}")
    return classroom.rows(made.table)


def damage(kind: str, numbers: tuple[int, ...], *options: str) -> tuple[Damage, classroom.Rows]:
    """Return what hostile submissions of a kind do to a class, and their rows."""
    with place() as made:
        files = {path: path.read_bytes() for path in made.submissions.iterdir()}
        found = graded(made, kind, numbers, *options)
        done = Damage(left=made.left())
        done.left += [str(path) for path, data in files.items() if path.read_bytes() != data]
    honest = found.pop("zoe.ipynb", {})
    if (honest.get("total"), honest.get("status"), honest.get("note")) != ("7", "ok", ""):
        done.lost.append("zoe.ipynb")
    for number in numbers:
        name = f"{kind}-{number:02d}.ipynb"
        if name not in found or not sound(found[name]["note"]):
            done.lost.append(name)
        elif float(found[name]["total"]) > MAY.get(kind, 0.0):
            done.forged.append(name)
    return done, found


def sound(note: str) -> bool:
    """Return whether a note is short, on one line, and no formula."""
    return note.isprintable() and len(note) < 400 and not note.startswith(("=", "+", "-", "@"))


#: What succeeds on other machines only, or in folders that glass does not open.
ELSEWHERE = ("example.org", "192.0.2.1", "HERE['package']", "sys.prefix", "'/usr/'")

ROW = "{:<8}{:>12}{:>8}{:>6}{:>6}{:>6}{:>9}"


def main() -> int:
    """Print the table; return 1 if anything in it is not as it must be."""
    if classroom.NO_BOX:
        print(f"No hostile submission was graded. {classroom.NO_BOX}")
        return 1
    bad = False
    heads = ("kind", "submissions", "forged", "lost", "left", "vain", "seconds")
    print(ROW.format(*heads), flush=True)
    for kind, notebooks in hostile.KINDS.items():
        start = time.monotonic()
        numbers = tuple(range(1, len(notebooks) + 1))
        done, found = damage(kind, numbers)
        tried: list[int] = []
        if kind in ("read", "write", "network"):
            tried = [n for n in numbers if not any(e in notebooks[n - 1] for e in ELSEWHERE)]
        vain = [f"{kind}-{n:02d}" for n in tried if not works_behind_glass(kind, n)]
        if kind == "stay" and not any(float(row["total"]) for row in found.values()):
            vain.append(kind)
        seconds = time.monotonic() - start
        counts = [len(done.forged), len(done.lost), len(done.left), len(vain)]
        print(
            "{:7} {:12} {:13} {:14} {:5} {:15} {:8.0f}".format(kind, len(numbers), *counts, seconds)
        )
        for one in (*done.forged, *done.lost, *done.left, *vain):
            bad = True
            print(f"  {one}: {found.get(one, '')}")
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
