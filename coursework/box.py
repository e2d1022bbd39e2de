"""Where a submission runs: in a box that Bubblewrap makes, or, if told so, in none.

In the box it sees the system, Python and `arbook`, all read-only, and an empty folder in memory
that is gone when it ends. It is another user, with process numbers and shared memory of its own,
and no network. The kernel limits time, memory, processes and files of each of its processes
(`coursework.runner.limit`), and the grader watches the memory of all of them together.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import matplotlib.font_manager  # makes its list of fonts, if there is none
import psutil

from coursework.assignment import ROOT

#: The parts of the system that are shown in the box, where they are.
SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"),
    *("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", "/etc/fonts", "/etc/mime.types"),
)

#: The parts of this folder without which nothing runs.
PARTS = tuple(ROOT / "coursework" / name for name in ("__init__.py", "runner.py", "wire.py"))

START = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from coursework.runner import main; "
START += "del sys.path[0]; main()"

#: Covers a file with an empty one.
NOTHING = ["--ro-bind", "/dev/null"]

#: The user in the box, if root grades: nobody.
NOBODY = 65534

#: What nothing holds a submission to if it is not in the box.
UNENFORCED = """\
Without it a submission has your rights. What is not enforced: that it reads neither hidden tests
nor other submissions nor your files; that it writes in its folder only, and leaves neither files
nor shared memory; that it uses no network and ends no other process; how much disk it takes."""

#: Of the environment, what a submission gets to see.
SHOWN = ("PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE")

#: How a process says that it is gone already, or goes while psutil opens it (file not found).
GONE = (ProcessLookupError, FileNotFoundError, PermissionError, psutil.NoSuchProcess)


@dataclass(frozen=True)
class Limits:
    """What a submission may use."""

    seconds: int = 60  # of a cell or a test
    total: int = 300  # of a submission
    memory: int = 2 * 2**30  # bytes: of address space (not enforced by macOS), and of all processes
    processes: int = 64  # beside those that the user has already (not enforced for root unboxed)
    file_size: int = 64 * 2**20  # bytes of one file
    disk: int = 256 * 2**20  # bytes of all files (not enforced unboxed)

    def of_process(self, user: int) -> dict[str, int]:
        """Return what the kernel is told of each process."""
        return {
            "seconds": self.total,
            "memory": self.memory,
            "processes": processes_of(user) + self.processes,
            "file_size": self.file_size,
        }


class Box:
    """The command, folder and environment that a submission's process starts with."""

    boxed = False

    def __init__(self, limits: Limits, hidden: Iterable[Path]) -> None:
        self.limits, self.hidden = limits, [path.resolve() for path in hidden]
        # where there is no list of fonts, Matplotlib looks for them by starting a program
        self.fonts = sorted(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))
        #: Whom the runner has to become; None if it is somebody already.
        self.user: int | None = None

    def command(self, folder: Path) -> list[str]:
        """Return the command for a submission that works in a folder."""
        return [sys.executable, "-I", "-B", "-c", START]

    @contextmanager
    def room(self) -> Iterator[Path]:
        """Make the folder of a submission, and remove it."""
        made = tempfile.TemporaryDirectory(prefix="submission-", ignore_cleanup_errors=True)
        with made as name:
            folder = Path(name)
            for part in ("home", "work"):
                (folder / part).mkdir()
            for path in self.fonts:
                shutil.copy(path, folder / "home")
            yield folder

    def environment(self, folder: Path) -> dict[str, str]:
        """Return the environment: a home of its own, one thread, no display."""
        env = {name: os.environ[name] for name in SHOWN if name in os.environ}
        home = str(folder / "home")
        env |= dict.fromkeys(("HOME", "TMPDIR", "IPYTHONDIR", "MPLCONFIGDIR"), home)
        env |= {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
        return env | {"MPLBACKEND": "agg", "PYTHONHASHSEED": "0"}


class Bubblewrap(Box):
    """A box made by Bubblewrap."""

    boxed = True

    def __init__(self, limits: Limits, hidden: Iterable[Path]) -> None:
        super().__init__(limits, hidden)
        self.user = NOBODY if os.geteuid() == 0 else None

    def command(self, folder: Path) -> list[str]:
        """Return the command for a submission; its folder is in the box only."""
        size = str(self.limits.disk)
        line = ["bwrap", "--die-with-parent", "--new-session"]
        if self.user is None:
            line += ["--unshare-all", "--uid", str(NOBODY), "--gid", str(NOBODY)]
        else:  # not in a name space of users, in which root's files would be the submission's own
            spaces = ("ipc", "pid", "net", "uts", "cgroup-try")
            line += [f"--unshare-{space}" for space in spaces]
            line += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        line += ["--proc", "/proc", "--dev", "/dev"]
        for place in ("/tmp", "/dev/shm"):
            line += ["--perms", "1777", "--size", size, "--tmpfs", place]
        shown = [*map(Path, SYSTEM), Path(sys.base_prefix), Path(sys.prefix), ROOT / "arbook"]
        above = {parent for path in (*shown, *PARTS) for parent in path.parents}
        for path in sorted(above - {Path("/")}):  # Bubblewrap would make them for their owner only
            line += ["--perms", "0755", "--dir", str(path)]
        for path in dict.fromkeys(shown):
            line += ["--ro-bind-try", str(path), str(path)]
        for hidden in self.hidden:  # should one of them lie in what is shown
            if any(hidden.is_relative_to(one.resolve()) for one in shown):
                covered = ["--tmpfs", str(hidden), "--remount-ro"] if hidden.is_dir() else NOTHING
                line += [*covered, str(hidden)]
        for part in PARTS:
            line += ["--ro-bind", str(part), str(part)]
        for part in ("home", "work"):
            line += ["--perms", "0777", "--dir", str(folder / part)]
        for font in self.fonts:
            line += ["--ro-bind", str(font), str(folder / "home" / font.name)]
        line += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", str(folder / "work"), "--"]
        return line + super().command(folder)

    @contextmanager
    def room(self) -> Iterator[Path]:
        """Return where the box itself makes the folder."""
        yield Path("/tmp")


def closed(limits: Limits, hidden: Iterable[Path]) -> Bubblewrap | str:
    """Return a box, or the reason why there is none."""
    if shutil.which("bwrap") is None:
        return "Bubblewrap (bwrap) is not installed."
    box = Bubblewrap(limits, hidden)
    line = box.command(Path("/tmp"))
    line[line.index("--") + 1 :] = [sys.executable, "-I", "-c", "import arbook"]
    tried = subprocess.run(
        line, env=box.environment(Path("/tmp")), capture_output=True, check=False
    )
    if tried.returncode == 0:
        return box
    said = tried.stderr.decode(errors="replace").strip().splitlines()
    return f"Bubblewrap makes no box here: {said[-1] if said else tried.returncode}"


# ---------------------------------------------------------------- processes


def adopt_orphans() -> None:
    """Make this process the parent of whatever its children leave behind (Linux only)."""
    set_child_subreaper = 36
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)


def processes_of(user: int) -> int:
    """Return how many threads a user's processes have: what the limit of processes counts."""
    total = 0
    for process in psutil.process_iter(["uids", "num_threads"]):
        uids = process.info["uids"]
        if uids is not None and uids.real == user:
            total += process.info["num_threads"] or 1
    return total


def memory_below(process: int) -> int:
    """Return how many bytes of memory the children of a process, and theirs, have."""
    total = 0
    with suppress(*GONE):
        for child in psutil.Process(process).children(recursive=True):
            with suppress(*GONE):
                total += child.memory_info().rss
    return total


def sweep(process: subprocess.Popen[bytes], before: set[psutil.Process]) -> None:
    """End a process, its group, and whatever it has left behind, but what was there before."""
    with suppress(*GONE):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
    for _ in range(100):
        with suppress(*GONE):  # then the next round looks again
            left = set(psutil.Process().children(recursive=True)) - before
            if not left:
                return
            for child in left:
                with suppress(*GONE):
                    child.kill()
            psutil.wait_procs(left, timeout=1)
