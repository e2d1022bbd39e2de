"""A mathematical model of AutoResearch: laws, simulations, explorers, and tools for real run logs.

The names below are the whole everyday vocabulary. Importing the package costs NumPy only; SciPy,
Matplotlib, pandas and ipywidgets are loaded by the parts that use them, when they are first used.

Examples
--------
>>> import arbook
>>> p = arbook.Parameters(sigma0=0.01, gamma=0.97)
>>> float(arbook.keep_probability(p, 0))
0.5
"""

from importlib import import_module
from typing import Any

from arbook._numerics.validation import ParameterError
from arbook.model.best_of import (
    any_keep_probability,
    best_improvement_std,
    expected_best_improvement,
)
from arbook.model.distributions import frontier_quantiles, negative_frontier_probability
from arbook.model.laws import (
    best_step_size,
    expected_improvement,
    half_life,
    improvement_std,
    keep_probability,
    reach,
)
from arbook.model.measures import frontier, gain_area
from arbook.model.parameters import Parameters, bias, step_size
from arbook.model.records import expected_records, probability_of_records, records_std
from arbook.model.rule import autoresearch, keep
from arbook.model.run import RunLog
from arbook.model.simulation import Moments, Simulation, simulate, simulate_moments
from arbook.model.stopping import (
    patience_experiments,
    patience_gain,
    patience_stop,
    patience_survival,
    stopping_time,
    streak_waiting_time,
)
from arbook.model.sweeps import Sweep, sweep
from arbook.model.totals import (
    expected_frontier,
    expected_gain_area,
    expected_keeps,
    frontier_std,
    gain_area_std,
    keeps_std,
    no_keep_probability,
    symmetric_gain_area,
)
from arbook.model.urn import expected_urn_gain, simulate_urn

__version__ = "2.0.0"

__all__ = [
    "Moments",
    "ParameterError",
    "Parameters",
    "RunLog",
    "Simulation",
    "Sweep",
    "any_keep_probability",
    "autoresearch",
    "best_improvement_std",
    "best_step_size",
    "bias",
    "expected_best_improvement",
    "expected_frontier",
    "expected_gain_area",
    "expected_improvement",
    "expected_keeps",
    "expected_records",
    "expected_urn_gain",
    "frontier",
    "frontier_quantiles",
    "frontier_std",
    "gain_area",
    "gain_area_std",
    "half_life",
    "improvement_std",
    "keep",
    "keep_probability",
    "keeps_std",
    "negative_frontier_probability",
    "no_keep_probability",
    "patience_experiments",
    "patience_gain",
    "patience_stop",
    "patience_survival",
    "probability_of_records",
    "reach",
    "records_std",
    "simulate",
    "simulate_moments",
    "simulate_urn",
    "step_size",
    "stopping_time",
    "streak_waiting_time",
    "sweep",
    "symmetric_gain_area",
]

# Parts that are loaded when they are first asked for, as in `arbook.plots.plot_run(log)`.
_LATER = (
    "agents", "exercises", "laboratory", "landscapes", "logs", "noise", "plots", "programs",
    "widgets",
)  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return import_module(f"arbook.{name}")
    raise AttributeError(f"module 'arbook' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_LATER])
