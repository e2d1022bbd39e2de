"""Explorer of the chapter on the atlas."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

import numpy as np

from arbook import logs
from arbook.runs.places import place
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider

#: Names of the runs; the parameter `run` counts them from 1.
NAMES = tuple(logs.sources())

#: What the height of a dot may mean, in the order of the buttons.
HEIGHTS = ("keep rate", "skill μ/σ", "decay of σ", "gain of the second half")

#: What searched, in the order of the buttons behind *All*.
KINDS = ("LLM agent", "hp only", "random search")


def _short(value: float) -> float | None:
    return float(f"{value:.5g}") if np.isfinite(value) else None


@cache
def _run_data(number: int) -> dict[str, Any]:
    name = NAMES[number - 1]
    log, source = logs.load_run(name), logs.sources()[name]
    at = place(log)
    share = np.abs(log.frontier - log.f0) / log.gain if log.gain > 0 else np.zeros(log.value.size)
    steps = np.flatnonzero(np.diff(share, prepend=0.0))
    return {
        "name": name,
        "repository": source.repository,
        "kind": KINDS.index(source.kind),
        "agent": source.agent,
        "metric": log.metric,
        "n": log.n_experiments,
        "at": steps.tolist(),
        "share": [_short(x) for x in share[steps].tolist()],
        "boldness": _short(at.boldness),
        "keepRate": _short(at.keep_rate),
        "skill": _short(at.skill),
        "decay": _short(at.decay),
        "late": _short(at.late),
    }


def _number(name: str) -> int:
    return NAMES.index(name) + 1


class AtlasExplorer(Explorer):
    """Every run of the atlas a dot, two of them compared, and the reader's own among them.

    On the page a reader opens a log with a file picker or drops it. It is read there by the twin of
    `arbook.logs.read_log`, and goes nowhere.
    """

    name = "atlas"
    title = "Atlas of runs"
    view = "atlas.js"

    run = slider(_number("h100-mar8"), 0, len(NAMES), 1, words="run; 0: your own")
    other = slider(0, 0, len(NAMES), 1, words="run to compare it with; 0: none")
    tail = slider(0.0, -1.0, 0.9, 0.05, symbol="ξ", words="tail index of the law", digits=2)
    height = slider(
        0, 0, len(HEIGHTS) - 1, 1, words="height of a dot, in the order of the buttons", more=True
    )
    kind = slider(0, 0, len(KINDS), 1, words="who is shown, in the order of the buttons", more=True)
    agents = slider(0, 0, 1, 1, words="colour by what searched (0) or by model (1)", more=True)

    presets = (
        Preset("A famous night", {}, "The night with which this book begins."),
        Preset(
            "Agent and chance",
            {"run": _number("mol-nlp-agent-1"), "other": _number("mol-nlp-random-nas-1")},
            "One task, an agent and random search.",
        ),
        Preset(
            "A long one",
            {"run": _number("szilard-xgboost-autoresearch-3"), "tail": 0.2},
            "More than five hundred experiments, beside a law whose doublings grow.",
        ),
    )
    untouched = "height", "kind", "agents"
    guess = Guess(
        text=(
            "Agents’ runs with 60 experiments or more: their first sixteenth brought a third of "
            "the gain, on average. What did the second half of all experiments bring?"
        ),
        because=(
            "The last doubling brings more than the one before it. Gains fall about like 1/t, and "
            "a doubling has twice as many of them."
        ),
        choices=("3 %", "10 %", "23 %"),
    )
    after = Question(
        text="Show the gain of the second half. Which runs have none at all, and is that a law?",
        answer=(
            "Some of every kind: with few improvements the last may well lie in the first half. "
            "One run says little about a law of averages."
        ),
    )
    first_seed = None

    def load_data(self) -> Mapping[str, Any]:
        """Return place and frontier of every run."""
        return {
            "population": asdict(logs.population()),
            "runs": [_run_data(number) for number in range(1, len(NAMES) + 1)],
        }
