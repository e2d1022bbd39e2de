"""How much of the atlas's gains is luck: ``python -m arbook.runs.believing``, about a minute.

It writes ``arbook/data/believed.json``, a row for each run with a gain: the share of the logged
gain that `arbook.logs.verdict` believes; the same of the improvements among the first experiments,
and of the later ones (null if there are none); and the share of improvements that is expected to
be luck.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arbook._numerics.rounding import to_digits
from arbook._numerics.shipped import shipped_path
from arbook.model.run import RunLog
from arbook.runs.atlas import atlas, sources
from arbook.runs.verdicts import verdict

FILE = "believed.json"

#: The first experiments; those from here on are late.
LATE = 10


def row_of(log: RunLog) -> dict[str, Any] | None:
    """Return what is believed of a run's gains; None for one without."""
    if log.gain <= 0:
        return None
    said = verdict(log)
    gain = said.logged_gain > 0

    def share(of: NDArray[np.bool_]) -> float | None:
        if not of.any():
            return None
        return float(said.true_gain[of].sum() / said.logged_gain[of].sum())

    return {
        "believed": said.believed_gain / log.gain,
        "early": share(gain & (said.experiment < LATE)),
        "late": share(gain & (said.experiment >= LATE)),
        "luck": float(1 - said.probability[gain].mean()),
    }


def main() -> None:
    """Ask all runs, and write the file."""
    found = ((name, row_of(log)) for name, log in zip(sources(), atlas(), strict=True))
    rows = [{"run": name, **to_digits(row, 4)} for name, row in found if row is not None]
    text = ",\n".join(json.dumps(row) for row in rows)
    path = shipped_path(FILE)
    path.write_text(f"[\n{text}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
