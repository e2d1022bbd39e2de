"""A page about one run to send around: what a command said of it, and live explorers of it.

The page needs no other file, no network and no kernel: it holds the explorers' own modules, and
plain sliders in place of those of ipywidgets.
"""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from arbook._numerics.validation import ParameterError
from arbook.model.run import RunLog
from arbook.widgets._base import Explorer
from arbook.widgets._own import forecast_explorer, log_explorer, true_frontier_explorer

_HERE = Path(__file__).parent

# What each part of the page is about, and what makes its explorer.
_PARTS = (
    ("What the log says", log_explorer),
    ("What is true of it", true_frontier_explorer),
    ("What comes next", forecast_explorer),
)


def report(run: RunLog, lines: Sequence[str], noise: float | None = None) -> str:
    """Return a page in HTML.

    Parameters
    ----------
    run : RunLog
        The run.
    lines : sequence of str
        What is said of it in words.
    noise : float, optional
        Standard deviation of a measurement, where it is known.

    Returns
    -------
    str
        The page.

    Examples
    --------
    >>> from arbook import logs
    >>> page = report(logs.load_run("pr246-rmse"), ["38 experiments"])
    >>> page.startswith("<!doctype html>"), "38 experiments" in page
    (True, True)
    """
    parts = [_part(title, make, run, noise) for title, make in _PARTS]
    filled = {
        "TITLE": html.escape(run.source or "A run"),
        "LINES": html.escape("\n".join(lines)),
        "CSS": Explorer._styles(),
        # no text of a log ends the script that it stands in
        "PARTS": json.dumps(parts).replace("<", "\\u003c"),
    }
    text = (_HERE / "report.html").read_text(encoding="utf-8")
    for name, part in filled.items():
        text = text.replace(f"@@{name}@@", part)
    return text


def _part(title: str, make: Any, run: RunLog, noise: float | None) -> dict[str, Any]:
    """Return a part of the page: an explorer, or why there is none yet."""
    try:
        explorer: Explorer = make(run, noise)
    except ParameterError as error:  # too short a run
        return {"title": title, "why": f"No explorer yet: {error}"}
    state = {
        name: value
        for name, value in explorer.get_state().items()
        if name in ("_spec", "_data", *explorer.values())
    }
    controls = [
        {"name": name, "log": control.kind == "log", "step": control.step}
        for name, control in explorer.controls().items()
        if name != "run"
    ]
    return {"title": title, "state": state, "controls": controls, "module": explorer._esm}
