"""What a keep rule is: it is started with a measured baseline, and then sees measurements only."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arbook._numerics.validation import attribute, refuse

Decisions = NDArray[np.int8]


class Decision(IntEnum):
    """What can be decided on a measurement.

    Examples
    --------
    >>> Decision(2).name
    'AGAIN'
    """

    DISCARD = 0
    KEEP = 1
    AGAIN = 2  #: measure the variant once more


class Judge(Protocol):
    """A rule at work: it remembers what it saw of one run, or of many side by side."""

    @property
    def incumbent(self) -> Any:
        """The metric that the incumbent is taken to have."""

    def decide(self, t: int, y: ArrayLike) -> Decisions:
        """Return the decision on a measurement y of experiment t's variant; nan is a crash."""

    def refresh(self, y: ArrayLike) -> None:
        """Take note of a fresh measurement of the incumbent."""


class KeepRule(Protocol):
    """A rule that keeps or discards, and sees measurements only."""

    def start(self, baseline: ArrayLike) -> Judge:
        """Return a judge for runs whose baselines were measured."""


def a_rule(name: str, value: Any) -> KeepRule:
    """Return a keep rule, or refuse what is none."""
    if isinstance(value, type) or not callable(attribute(value, "start")):
        raise refuse(name, value, "a rule with a method start, such as arbook.noise.Margin()")
    rule: KeepRule = value
    return rule
