"""The kernel of "Run here": IPython and ipywidgets, without a Jupyter server.

It runs in Pyodide, in the worker of a page (worker.js) or in Node.js (tests/live). Every message
is one call of the JavaScript function `post(json, buffers)`; `run` and `comm` are what it answers.
"""

import importlib.util
import io
import json
import os
import sys

os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
os.environ["JUPYTER_WIDGETS_ECHO"] = "0"  # the page has one view of each state

import comm
from comm.base_comm import BaseComm, CommManager
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from pyodide.code import find_imports
from pyodide.ffi import to_js
from pyodide_js import loadPackagesFromImports
from traitlets import Type
from traitlets.config import Config

#: The function of the page, the number of the cell that runs, and the Output widgets that capture.
state = {"post": None, "cell": None, "into": []}


def send(kind, buffers=(), **content):
    """Send a message to the page."""
    place = {"cell": state["cell"], "into": state["into"][-1] if state["into"] else None}
    text = json.dumps({"kind": kind, **place, **content}, default=str)
    state["post"](text, to_js([bytes(buffer) for buffer in buffers]))


class Stream(io.TextIOBase):
    """What is printed, line by line."""

    def __init__(self, name):
        self.name, self.kept = name, ""

    def write(self, text):
        """Send whole lines, keep the rest."""
        self.kept += text
        if "\n" in text or "\r" in text:
            self.flush()
        return len(text)

    def flush(self):
        """Send what is left."""
        if self.kept:
            kept, self.kept = self.kept, ""
            send("stream", name=self.name, text=kept)


def flush():
    """Send all that was printed, before what comes next."""
    sys.stdout.flush()
    sys.stderr.flush()


class Publisher(DisplayPublisher):
    """What is displayed."""

    def publish(self, data, metadata=None, **kwargs):
        """Send the forms of one object, by MIME type."""
        flush()
        send("display", data=data)

    def clear_output(self, wait=False):
        """Empty the cell, at once or when its next output comes."""
        flush()
        send("clear", wait=bool(wait))


class Hook(DisplayHook):
    """The value of a cell's last line."""

    def start_displayhook(self):
        """Write nothing."""

    write_output_prompt = finish_displayhook = start_displayhook

    def write_format_data(self, format_dict, md_dict=None):
        """Send the forms of the value, by MIME type."""
        flush()
        send("display", data=format_dict)


class Shell(InteractiveShell):
    """IPython that writes to the page."""

    displayhook_class = Type(Hook)
    display_pub_class = Type(Publisher)

    def _showtraceback(self, etype, evalue, stb):
        flush()
        send("error", name=etype.__name__, value=str(evalue), traceback="\n".join(stb))


class PageComm(BaseComm):
    """The line between a widget in Python and its model in the page."""

    class kernel:
        """What ipywidgets asks for when it captures outputs."""

        @staticmethod
        def get_parent():
            """Return the cell that runs as if it were a Jupyter message."""
            return {"header": {"msg_id": str(state["cell"])}}

    def __init__(self, **kwargs):
        self.cell = state["cell"]  # what its callbacks print belongs there
        super().__init__(**kwargs)

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        """Send a widget's message."""
        flush()
        captures = (data or {}).get("state", {}).get("msg_id")  # an Output begins or ends
        if msg_type == "comm_msg" and captures:
            state["into"].append(self.comm_id)
        elif msg_type == "comm_msg" and captures == "" and state["into"]:
            state["into"].pop()
        content = {"data": data or {}, "metadata": metadata or {}, **keys}
        send(msg_type, buffers or (), comm_id=self.comm_id, **content)


def start(post):
    """Make the shell; `post` is the page's function."""
    state["post"] = post
    comms = CommManager()
    comm.create_comm, comm.get_comm_manager = PageComm, lambda: comms
    settings = {"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "NoColor"}}
    Shell.instance(config=Config(settings))
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")


async def run(cell, code):
    """Run the code of a cell; return whether it went well."""
    state.update(cell=cell, into=[])
    shell = Shell.instance()
    try:
        if missing := [name for name in imports(code) if not importlib.util.find_spec(name)]:
            await loadPackagesFromImports("\n".join(f"import {name}" for name in missing))
        result = await shell.run_cell_async(code, store_history=True)
        for event in ("post_execute", "post_run_cell"):  # figures are shown here
            arguments = (result,) if event == "post_run_cell" else ()
            shell.events.trigger(event, *arguments)
        error = result.error_in_exec
        if isinstance(error, ModuleNotFoundError) and error.name:  # raised by hand: no name
            await fetch_missing(error.name)
        return result.success
    finally:
        flush()


async def fetch_missing(name):
    """Load what a library wanted to import in the middle of a cell, which cannot wait for it."""
    await loadPackagesFromImports(f"import {name}")
    importlib.invalidate_caches()
    if importlib.util.find_spec(name.split(".")[0]):
        print(f"{name} has been loaded now: run the cell again.")


def imports(code):
    """Return the packages that a cell imports."""
    return {name.split(".")[0] for name in find_imports(Shell.instance().transform_cell(code))}


def comm_message(text, buffers):
    """Hand a message from the page to the widget."""
    message = json.loads(text)
    message["buffers"] = [buffer.to_py() for buffer in buffers]
    ident = message["content"]["comm_id"]
    found = comm.get_comm_manager().comms.get(ident)
    if found is not None:
        state["cell"] = found.cell
        (found.handle_close if message["kind"] == "comm_close" else found.handle_msg)(message)
    flush()
