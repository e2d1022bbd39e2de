"""What a run says, as plain numbers."""

from __future__ import annotations

import math
from typing import Any

from arbook import logs
from arbook.model.run import RunLog

# Where the table of keep rates is cut, in experiments.
_POSITIONS = (0, 10, 25, 50, 100, 200, 500, 1000)


def summary_of(run: RunLog) -> dict[str, Any]:
    """Return what a run without restarts says, as plain numbers."""
    status = run.outcomes
    n = status.size
    edges = [edge for edge in _POSITIONS if edge < n] + [n]
    rates = logs.keep_rate_by_position(run, edges) if n else None
    noise = logs.repeats(run)
    pace = logs.pace(run)
    return {
        "experiments": n,
        "before_baseline": n if run.baseline is None else run.baseline,
        "kept": int((status == "keep").sum()),
        "discarded": int((status == "discard").sum()),
        "crashed": int((status == "crash").sum()),
        "other": int((status == "other").sum()),
        "keep_rate": run.keep_rate,
        "keep_rate_by_position": [
            {
                "from": int(rates.edges[b]),
                "to": int(rates.edges[b + 1]) - 1,
                "kept": int(rates.kept[b]),
                "rate": float(rates.rate[b]),
                "low": float(rates.low[b]),
                "high": float(rates.high[b]),
            }
            for b in range(rates.n.size)
        ]
        if rates
        else [],
        "baseline": run.f0,
        "best": float(run.frontier[-1]),
        "gain": run.gain,
        "gain_area": run.gain_area,
        "average_gain": run.average_gain,
        "average_share": run.average_gain / run.gain if run.gain > 0 else math.nan,
        "share_of_three_largest": run.share_of_three_largest,
        "decisions": run.decisions,
        "since_improvement": pace.since,
        "recent": {"experiments": pace.recent, "kept": pace.recent_kept, "rate": pace.recent_rate},
        "state": pace.state,
        "rule": pace.rule,
        "noise": {
            "std": noise.std,
            "lines": [_lines(run, rows) for rows in noise.rows],
            "commits": noise.n_commits,
            "measurements": noise.n_measurements,
            "share_below": noise.share_below,
        },
    }


def _lines(run: RunLog, rows: tuple[int, ...]) -> list[int]:
    """Return the lines of the log on which rows stand; the rows where these are not known."""
    return list(rows) if run.line is None else run.line[list(rows)].tolist()
