"""Numbers with as many digits as they deserve in a file that is shipped."""

from __future__ import annotations

import json
from typing import Any


def to_digits(answer: Any, digits: int) -> Any:
    """Return an answer as JSON gives it back, with floats of so many significant digits.

    Examples
    --------
    >>> to_digits({"n": 12345, "share": (0.123456, 2.0)}, 3)
    {'n': 12345, 'share': [0.123, 2.0]}
    """
    return json.loads(json.dumps(answer), parse_float=lambda x: float(f"{float(x):.{digits}g}"))
