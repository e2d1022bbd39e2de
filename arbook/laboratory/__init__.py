"""A laboratory: loops that are run, on tasks whose truth is known.

A loop is four objects: a task (measure a configuration: a value or a crash), a proposer, a keep
rule that sees measurements only, and a budget. `run` puts them together and writes the log that a
real loop would have written, which the rest of the package reads; only here the truth stands
beside it.
"""

from arbook.laboratory.language import LanguageModel
from arbook.laboratory.loop import LabRun, run
from arbook.laboratory.measuring import ChangeLaw, measure_changes, measured_changes
from arbook.laboratory.proposers import (
    Agent,
    Changes,
    CmaEs,
    OnePlusOne,
    Proposer,
    RandomSearch,
    TimidAgent,
)
from arbook.laboratory.spaces import Knob, Space
from arbook.laboratory.sphere import Sphere
from arbook.laboratory.surrogate import Surrogate
from arbook.laboratory.tasks import Task, load_task

__all__ = [
    "Agent",
    "ChangeLaw",
    "Changes",
    "CmaEs",
    "Knob",
    "LabRun",
    "LanguageModel",
    "OnePlusOne",
    "Proposer",
    "RandomSearch",
    "Space",
    "Sphere",
    "Surrogate",
    "Task",
    "TimidAgent",
    "load_task",
    "measure_changes",
    "measured_changes",
    "run",
]
