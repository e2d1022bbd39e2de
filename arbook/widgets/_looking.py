"""How soon two rules that are looked at every night find a difference, for the explorer of power.

It takes simulated contests, so the shares come with the package: ``python -m
arbook.widgets._looking`` writes the file, and a test makes some of them again.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np

from arbook._numerics.shipped import read_shipped, shipped_path
from arbook.programs import e_values, simulate_nights, t_test_p_values

#: Differences in standard deviations of the difference of a pair, and the most nights.
EFFECTS = tuple(round(0.1 * i, 1) for i in range(41))
NIGHTS = 40

#: Contests behind each share, whose standard errors are 0.5 % at most, and the level of both rules.
CONTESTS, ERROR = 10_000, 0.05

_FILE = "looking.json"


def compute(effect: float, contests: int = CONTESTS) -> dict[str, list[float]]:
    """Return the shares of contests, in per cent, in which each rule has found a difference.

    Parameters
    ----------
    effect : float
        Difference in standard deviations of the difference of a pair.
    contests : int
        Number of contests.

    Returns
    -------
    dict
        ``e`` for e-values and ``t`` for the t-test: a share after each of 1 ... `NIGHTS` nights.
    """
    better, other = simulate_nights(effect, np.sqrt(0.5), NIGHTS, contests, seed=1)
    rules = {
        "e": e_values(better - other) >= 1 / ERROR,
        "t": t_test_p_values(better - other) < ERROR,
    }
    return {
        name: (100 * np.logical_or.accumulate(found, axis=1).mean(axis=0)).round(1).tolist()
        for name, found in rules.items()
    }


@cache
def looking() -> dict[str, Any]:
    """Return the shares that come with the package: a row for each of `EFFECTS`."""
    return dict(json.loads(read_shipped(_FILE)))


def main() -> None:
    """Write the file."""
    rows = [compute(effect) for effect in EFFECTS]
    found = {name: [row[name] for row in rows] for name in ("e", "t")}
    path = shipped_path(_FILE)
    text = json.dumps({"effects": EFFECTS, **found}, separators=(",", ":"))
    path.write_text(text.replace("],", "],\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
