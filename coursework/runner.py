"""Run one submission and answer questions about it: the process that `coursework.judge` starts.

The first line that comes in brings the cells of the notebook. When every cell has run, the judge
asks for values by name and has functions called, and gets plain data (`coursework.wire`). No test
ever comes here, and no answer is believed to be more than data. Whatever a submission prints goes
nowhere.

What Python refuses here stops mistakes and idle curiosity. The walls are those of `coursework.box`.
"""

from __future__ import annotations

import builtins
import linecache
import os
import resource
import signal
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np

from coursework import wire

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
LOOK, END = "look into the folders of the coursework", "end its grader"
REASONS = frozenset((*DENIED.values(), LOOK, END))

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


def become(user: int) -> None:
    """Give up the rights of root: be a user whom no file belongs to."""
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)


def refuse(hidden: list[str], graders: list[int], refused: list[str]) -> None:
    """Raise PermissionError where the submission looks into hidden folders or starts programs.

    Python offers no way to take an audit hook away again.
    """
    hidden = [*hidden, *(f"/proc/{grader}" for grader in graders)]
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
            what = LOOK
        if event in ("os.kill", "os.killpg") and (arguments[0] <= 1 or arguments[0] in graders):
            what = END
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
        self.kind = self.kind or status(error)
        self.note = self.note or f"{place}: {describe(error)}"


def status(error: BaseException) -> str:
    """Return the status that an error makes, if it makes one."""
    if isinstance(error, TookTooLong):
        return "timed out"
    return "out of memory" if isinstance(error, MemoryError) else ""


def describe(error: BaseException) -> str:
    """Return an error in a few words of plain text."""
    if isinstance(error, TookTooLong):
        return "took too long"
    try:
        return wire.one_line(f"{type(error).__name__}: {error}")
    except BaseException:  # the submission's own error class may fail here, too
        return wire.one_line(type(error).__name__)


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


# ---------------------------------------------------------------- the judge's questions


class Desk:
    """Answers what the judge asks about the names that a notebook has made."""

    def __init__(self, channel: wire.Channel, names: dict[str, Any]) -> None:
        self.channel, self.names = channel, names
        self.makers = {
            "function": lambda number: lambda *given: self.call_back(number, given),
            "generator": generator,
            "parameters": parameters,
            "range": lambda ends: range(*ends),
        }

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """Answer a question: for a value, or for what a function returns."""
        try:
            with at_most(question["seconds"]):
                value = self.names[question["name"]]
                if "arguments" in question:
                    given = wire.decode(question["arguments"], self.makers)
                    options = question["options"].items()
                    value = value(*given, **{k: wire.decode(v, self.makers) for k, v in options})
                elif callable(value):
                    return {"function": True}
                return {"value": wire.encode(value)}
        except BaseException as error:
            return {"error": describe(error), "kind": status(error)}

    def call_back(self, number: int, given: tuple[Any, ...]) -> Any:
        """Call a function that the judge has passed as an argument; it stays with the judge."""
        words = [wire.encode(one) for one in given]
        # an alarm in the middle of a line would leave the other half for the next question
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        try:
            self.channel.send({"callback": number, "arguments": words})
            reply = self.channel.receive()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
        if "error" in reply:
            error = getattr(builtins, reply["error"], RuntimeError)
            raise error(reply["text"])
        return wire.decode(reply["value"], self.makers)


def generator(state: dict[str, Any]) -> np.random.Generator:
    """Return a generator of random numbers in a state."""
    made = np.random.default_rng(0)
    made.bit_generator.state = state
    return made


def parameters(fields: dict[str, Any]) -> Any:
    """Return `arbook.Parameters`."""
    import arbook  # here, because not every submission needs it

    return arbook.Parameters(**fields)


def main() -> None:
    """Read the cells and run them, then answer until nobody asks."""
    channel = wire.Channel(os.dup(0), os.dup(1))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)

    job = channel.receive()
    report, owner = Report(), os.getpid()
    signal.signal(signal.SIGALRM, ring)
    stand_in_for_otter()
    if job["user"] is not None:
        become(job["user"])
    limit(**job["limits"])
    linecache.getlines(__file__)  # so that a traceback need not look at this file
    refuse(job["hidden"], job["graders"], report.refused)
    names = run_cells(job["cells"], job["seconds"], report)
    if os.getpid() != owner:  # a child that a cell forked, and that went on from there
        os._exit(0)

    use_reserve()
    desk = Desk(channel, names)
    while True:
        question = channel.receive()
        channel.send(desk.answer(question) if "name" in question else vars(report))
