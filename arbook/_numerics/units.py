"""Units in which squares are neither zero nor infinite."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike


def unit_of(*values: ArrayLike) -> float:
    """Return the power of two at the size of the largest of some numbers; 1 if all are 0.

    Dividing by it rounds nothing, so results are the same to the last bit in either unit.
    """
    largest = max(float(np.max(np.abs(v), initial=0.0)) for v in values)
    return math.ldexp(1.0, math.frexp(largest)[1])
