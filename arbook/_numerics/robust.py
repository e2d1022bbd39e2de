"""A spread that a few wild values do not move."""

from __future__ import annotations

import numpy as np

from arbook._numerics.validation import FloatArray

#: From the median absolute deviation to the standard deviation, for normal numbers.
ROBUST = 1.4826


def robust_std(values: FloatArray) -> float:
    """Return the standard deviation by the median absolute deviation; 0 of nothing.

    Examples
    --------
    >>> robust_std(np.array([1.0, 2.0, 3.0, 1000.0]))
    1.4826
    """
    if not values.size:
        return 0.0
    return float(ROBUST * np.median(np.abs(values - np.median(values))))
