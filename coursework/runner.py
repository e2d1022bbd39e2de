"""Run one submission and its tests: the process that `coursework.grade` starts, limits and ends.

It stands alone. Standard input brings two lines of JSON: first the cells of the notebook, and the
tests only after every cell has run, so that no cell has a test to look at. The answer goes to the
other end; whatever a submission prints goes nowhere.

This stops mistakes, runaway loops and idle curiosity. It is no sandbox: cells and tests share one
process, and inside a process Python has no walls.
"""

from __future__ import annotations

import json
import linecache
import os
import resource
import signal
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

#: What a submission has no reason to do, by the name of Python's audit event.
DENIED = {
    "subprocess.Popen": "start a program",
    "os.system": "start a program",
    "os.exec": "start a program",
    "os.posix_spawn": "start a program",
    "pty.spawn": "start a program",
    "socket.connect": "use the network",
    "socket.getaddrinfo": "use the network",
}

#: Audit events of what reads or changes files, whose first arguments are paths: so many of them.
LOOKS = {
    "open": 1,
    "os.chdir": 1,
    "os.chmod": 1,
    "os.chown": 1,
    "os.link": 2,
    "os.listdir": 1,
    "os.mkdir": 1,
    "os.remove": 1,
    "os.rename": 2,
    "os.rmdir": 1,
    "os.scandir": 1,
    "os.symlink": 2,
    "os.truncate": 1,
    "os.utime": 1,
    "sqlite3.connect": 1,
}

#: Bytes of memory beyond the submission's own limit, for the runner to answer with.
RESERVE = 256 * 2**20


class TookTooLong(BaseException):
    """A cell or a test ran too long; no ``except Exception`` of a submission catches it."""


def limit(seconds: int, memory: int, processes: int, file_size: int) -> None:
    """Set the limits that the kernel holds this process and its children to."""
    wanted = {
        "CPU": (seconds, seconds + 5),
        "AS": (memory, memory + RESERVE),
        "NPROC": (processes, processes),
        "FSIZE": (file_size, file_size),
        "CORE": (0, 0),
    }
    for name, (soft, hard) in wanted.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        allowed = resource.getrlimit(kind)[1]
        if allowed != resource.RLIM_INFINITY:
            soft, hard = min(soft, allowed), min(hard, allowed)
        with suppress(ValueError, OSError):  # macOS knows limits that it does not set
            resource.setrlimit(kind, (soft, hard))


def use_reserve() -> None:
    """Allow this process the memory that its submission had not."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def refuse(hidden: list[str], refused: list[str]) -> None:
    """Raise PermissionError where the submission looks into hidden folders or starts programs.

    Python offers no way to take an audit hook away again.
    """
    folders = tuple(os.path.realpath(folder) for folder in hidden)
    realpath, fsdecode, separator = os.path.realpath, os.fsdecode, os.sep
    busy = False

    def hides(argument: Any) -> bool:
        nonlocal busy
        if isinstance(argument, int):  # a file that is open already
            return False
        busy = True  # realpath itself may look
        try:
            path = realpath(fsdecode(argument or ".")) + separator
        except (OSError, TypeError, ValueError):  # Python will say so itself
            return False
        finally:
            busy = False
        return any(path.startswith(folder + separator) for folder in folders)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        what = DENIED.get(event, "")
        if event in LOOKS and not busy and any(map(hides, arguments[: LOOKS[event]])):
            what = "look into the folders of the coursework"
        if what:
            if what not in refused:
                refused.append(what)
            raise PermissionError(f"a submission that is being graded may not {what}")

    sys.addaudithook(hook)


def ring(number: int, frame: object) -> None:
    """Answer the alarm."""
    raise TookTooLong


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise `TookTooLong` in a block that takes longer, and every second if that is caught."""
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def stand_in_for_otter() -> None:
    """Let ``grader = otter.Notebook(...)`` and ``grader.check("q1")`` do nothing, at once."""

    class Notebook:
        def __init__(self, *arguments: Any, **options: Any) -> None: ...

        def __getattr__(self, name: str) -> Callable[..., None]:
            return lambda *arguments, **options: None

    module = types.ModuleType("otter")
    module.Notebook = Notebook  # type: ignore[attr-defined]
    sys.modules["otter"] = module


class Report:
    """What is told of a submission."""

    def __init__(self) -> None:
        self.kind = ""  # "timed out" or "out of memory"; the first of them counts
        self.note = ""  # the first error, in a few words
        self.refused: list[str] = []

    def add(self, place: str, error: BaseException) -> None:
        """Note an error."""
        if isinstance(error, TookTooLong):
            kind, text = "timed out", "took too long"
        else:
            kind = "out of memory" if isinstance(error, MemoryError) else ""
            text = describe(error)
        self.kind = self.kind or kind
        self.note = self.note or f"{place}: {text}"


def describe(error: BaseException) -> str:
    """Return an error in a few words of plain text."""
    try:
        text = f"{type(error).__name__}: {error}"
    except BaseException:  # the submission's own error class may fail here, too
        text = type(error).__name__
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= 160 else text[:157] + "..."


def run_cells(cells: list[str], seconds: float, report: Report) -> dict[str, Any]:
    """Run cells as a notebook does, going on after an error; return the names they made."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.showtraceback = lambda *arguments, **options: None  # nobody would read it
    shell.enable_gui = lambda *arguments: None  # what %matplotlib asks for
    for number, cell in enumerate(cells, start=1):
        try:
            with at_most(seconds):
                done = shell.run_cell(cell)
            error = done.error_before_exec or done.error_in_exec
        except BaseException as escaped:
            error = escaped
        if error is not None:
            report.add(f"cell {number}", error)
        done = error = None  # and with them what the cell's frames hold
    return dict(shell.user_ns)


def passes(test: str, names: dict[str, Any], seconds: float, report: Report) -> bool:
    """Run a test on a copy of the names."""
    try:
        with at_most(seconds):
            exec(compile(test, "<test>", "exec"), dict(names))
    except BaseException as error:
        if isinstance(error, (TookTooLong, MemoryError)):
            report.add("a test", error)
        return False
    return True


def main() -> None:
    """Read the cells and run them, read the tests and run them, answer."""
    orders, answers = os.fdopen(os.dup(0), "r"), os.fdopen(os.dup(1), "w")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)

    job = json.loads(orders.readline())
    seconds, report, owner = job["seconds"], Report(), os.getpid()
    signal.signal(signal.SIGALRM, ring)
    stand_in_for_otter()
    limit(**job["limits"])
    linecache.getlines(__file__)  # so that a traceback need not look at this file
    refuse(job["hidden"], report.refused)
    names = run_cells(job["cells"], seconds, report)
    if os.getpid() != owner:  # a child that a cell forked, and that went on from there
        os._exit(0)

    print("ready", file=answers, flush=True)
    work = json.loads(orders.readline())
    passed = [passes(test, names, seconds, report) for test in work["tests"]]
    use_reserve()
    answer = {"token": work["token"], "passed": passed, **vars(report)}
    print(json.dumps(answer), file=answers, flush=True)
    os._exit(0)  # without whatever the submission wants done at exit


if __name__ == "__main__":
    main()
