"""A page about one run to send around: what a command said of it, and a live explorer of it.

The page needs no other file, no network and no kernel: it holds the explorer's own module, and
plain sliders in place of those of ipywidgets.
"""

from __future__ import annotations

import html
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from arbook import logs
from arbook._numerics.validation import ParameterError
from arbook.model.run import RunLog
from arbook.widgets._base import Explorer, Guess, slider
from arbook.widgets._judged import learnt_at
from arbook.widgets._runs import numbers
from arbook.widgets.true_frontier import TrueFrontierExplorer

_HERE = Path(__file__).parent


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
    >>> page = report(logs.load_run("pr246-rmse"), ["38 experiments"])
    >>> page.startswith("<!doctype html>"), "38 experiments" in page
    (True, True)
    """
    try:
        explorer = _explorer(run, noise)
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
        page = {"state": state, "controls": controls, "module": explorer._esm}
        css, why = explorer._css, ""
    except ParameterError as error:  # too short a run has no explorer yet
        page, css, why = {}, "", f"No explorer yet: {error}"
    filled = {
        "TITLE": html.escape(run.source or "A run"),
        "LINES": html.escape("\n".join(lines)),
        "WHY": html.escape(why),
        "CSS": css,
        # no text of a log ends the script that it stands in
        "PAGE": json.dumps(page).replace("<", "\\u003c"),
    }
    text = (_HERE / "report.html").read_text(encoding="utf-8")
    for name, part in filled.items():
        text = text.replace(f"@@{name}@@", part)
    return text


def _explorer(run: RunLog, noise: float | None) -> Explorer:
    """Return the explorer of the true frontier for one run of the reader's."""
    said = logs.verdict(run, noise=noise or "estimate")
    seen = logs.trace(run)
    keeps = int(seen.kept.sum())
    if not keeps:
        raise ParameterError("run must have a keep after the baseline, got none")
    scale = float(np.abs(seen.changes).mean()) or 1.0
    low, high = (float(f"{scale * x:.2g}") for x in (0.003, 3))
    start = float(f"{min(max(float(said.noise), low), high):.3g}")
    made = _kind(start, low, high, keeps)
    explorer: Explorer = made()
    explorer._spec = {**explorer._spec, "after": None}  # that of the shipped runs says nothing here
    noises = np.geomspace(low, high, 11)
    interval = [x if math.isfinite(x) else high for x in said.noise_interval]
    explorer._data = {
        "noises": numbers(noises),
        "unit": run.unit or run.metric,
        "runs": [
            {
                "name": run.source or "the run",
                "searcher": f"{run.n_experiments} experiments"
                + ("" if run.direction == "min" else ", the metric's sign turned"),
                "allowed": [float(f"{x:.2g}") for x in interval],
                **learnt_at(seen, noises),
            }
        ],
    }
    return explorer


def _kind(likely: float, low: float, high: float, keeps: int) -> Any:
    """Return the class of explorer for a run with so many keeps."""
    choices = sorted({keeps, round(keeps / 2), round(keeps / 4)}, reverse=True)

    class Own(TrueFrontierExplorer):
        """The true frontier of the reader's run."""

        view = "true_frontier.js"
        noise = slider(likely, low, high, 0.02, symbol="ν", words="noise", log=True)
        keep = slider(1, 1, max(keeps, 2), 1, words="chosen keep")
        start = slider(0, 0, 90, 10, words="start of the picture", unit="% of the run")
        run = slider(1, 1, 2, 1, words="run", more=True)
        presets = ()
        guess = Guess(
            text=f"The log has {keeps} keeps. How many are true improvements with 95 %?",
            because="That is what the log lets one believe, given this noise.",
            choices=tuple(map(str, choices)),
        )

        def load_data(self) -> dict[str, Any]:
            return {}

    return Own
