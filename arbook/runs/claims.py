"""What the first survey claimed, and the atlas says: ``python -m arbook.runs.claims``, minutes.

It writes ``arbook/data/claims.json``: each claim with its value on the atlas and a
95 % interval, made by drawing repositories anew with all their runs; and the fits of the contest.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from arbook._numerics.rounding import to_digits
from arbook._numerics.shipped import shipped_path
from arbook._numerics.validation import ParameterError
from arbook.model.records import expected_records, records_std
from arbook.model.run import RunLog
from arbook.model.stopping import patience_stop
from arbook.model.totals import expected_frontier
from arbook.runs.atlas import atlas, sources
from arbook.runs.changes import TRIM, changes_of
from arbook.runs.comparing import compare
from arbook.runs.contest import contest
from arbook.runs.doublings import (
    gain_by_doubling,
    improvements,
    in_units,
    index_of,
    log_likelihoods,
)
from arbook.runs.families import FAMILIES
from arbook.runs.fitting import fit
from arbook.runs.scores import resampled_rows

FILE = "claims.json"

#: Fewest measured changes of a run that is counted, and fewest experiments for doublings.
FEWEST, LONG = 30, 60

#: Experiments from which an index is fitted a second time: the crowded start is left out.
LATE = 10

#: Where positions begin at which keep rates are told.
POSITIONS = (0, 5, 10, 25, 50)

#: Failures in a row after which it is asked whether a run improved again.
WAITS = (10, 30)

_RESAMPLES = 2000

#: What is known of a run, by name; nan where it has no answer.
Facts = dict[str, float]


def facts(run: RunLog, kind: str) -> Facts:
    """Return what a run contributes to the claims."""
    delta, t = run.delta, np.flatnonzero(np.isfinite(run.delta))
    changes, _, _ = changes_of(run, TRIM)
    kept = changes.delta
    z = (kept - kept.mean()) / kept.std()
    half, n = run.n_experiments // 2, run.n_experiments
    early = abs(run.frontier[0] - run.frontier[half])
    improved = np.nan_to_num(run.improvement) > 0
    status = run.status[1:]
    found: Facts = {
        "agent": float(kind == "LLM agent"),
        "hp only": float(kind == "hp only"),
        "random search": float(kind == "random search"),
        "language": float("bpb" in run.metric or "loss" in run.metric),
        "measured": float(t.size),
        "n": float(n),
        "mean z": float(kept.mean() / (kept.std(ddof=1) / kept.size**0.5)),
        "keep rate": float(run.keep_rate),
        "three largest": float(run.share_of_three_largest) if run.gain > 0 else np.nan,
        "skewness": float((z**3).mean()),
        "kurtosis": float((z**4).mean() - 3),
        "second half": float(abs(run.frontier[half] - run.frontier[n]) / early)
        if early > 0
        else np.nan,
        "improvements": float(improved.sum()),
        "records": float(expected_records(t.size)),
        "records var": float(records_std(t.size) ** 2),
        "kept no better": float(((status == "keep") & (delta >= 0)).sum()),
        "discarded better": float(((status == "discard") & (delta < 0)).sum()),
    }
    edges = (*POSITIONS, n)
    for low, high in pairwise(edges):
        part = status[low:high]
        found[f"keep rate from {low}"] = float((part == "keep").mean()) if part.size else np.nan
    for wait in WAITS:
        found[f"after {wait}"] = _again(improved, wait)
    found |= _fits(run)
    return found


def _again(improved: Any, wait: int) -> float:
    """Return whether a run improved after its first so many failures in a row; nan without them."""
    n = patience_stop(improved, wait)
    return float(improved[int(n) :].any()) if np.isfinite(n) else float("nan")


def _fits(run: RunLog) -> Facts:
    found = dict.fromkeys(("gain decay", "loss decay", "normal less best", "model's gain"), np.nan)
    try:
        each = {row.fit.family: row.fit for row in compare(run, FAMILIES)}
        two, normal = each["two-part"], each["normal"]
    except (ParameterError, KeyError):
        return found
    for name in ("gain decay", "loss decay"):
        found[name] = two.estimates[name.replace(" ", "_")]
    found["normal less best"] = normal.aic - min(f.aic for f in each.values())
    if run.gain > 0:
        p = normal.parameters
        found["model's gain"] = float(-expected_frontier(p, run.n_experiments, 0.0)) / run.gain
    return found


Statistic = Callable[[list[Facts]], float]


def _median(name: str, of: str = "") -> Statistic:
    def statistic(runs: list[Facts]) -> float:
        values = [run[name] for run in runs if not of or run[of]]
        return float(np.nanmedian(values)) if np.isfinite(values).any() else np.nan

    return statistic


def _share(name: str, holds: Callable[[float], bool], of: str = "") -> Statistic:
    def statistic(runs: list[Facts]) -> float:
        values = [run[name] for run in runs if (not of or run[of]) and run[name] == run[name]]
        return float(np.mean([holds(x) for x in values])) if values else np.nan

    return statistic


def _total(name: str, of: str, over: str) -> Statistic:
    def statistic(runs: list[Facts]) -> float:
        chosen = [run for run in runs if run[of]]
        below = sum(run[over] for run in chosen)
        return sum(run[name] for run in chosen) / below if below else np.nan

    return statistic


def _mean(name: str) -> Statistic:
    def statistic(runs: list[Facts]) -> float:
        return float(np.nanmean([run[name] for run in runs]))

    return statistic


#: Claim by name: what the first survey of 43 sequences said, and how it is told on others.
CLAIMS: dict[str, tuple[str, Statistic]] = {
    "mean change positive": ("43 of 43", _share("mean z", lambda z: z > 0)),
    "by two standard errors": ("40 of 43", _share("mean z", lambda z: z > 2)),
    "negative by two": ("0 of 43", _share("mean z", lambda z: z < -2)),
    "positive, bpb or loss": ("", _share("mean z", lambda z: z > 0, "language")),
    "keep rate, agents": ("17.5 %", _median("keep rate", "agent")),
    "keep rate, hp only": ("11 %", _median("keep rate", "hp only")),
    "keep rate, random search": ("4 %", _median("keep rate", "random search")),
    **{
        f"keep rate from {low}": (first, _mean(f"keep rate from {low}"))
        for low, first in zip(POSITIONS, ("49 %", "29 %", "24 %", "18 %", "12 %"), strict=True)
    },
    "three largest gains": ("69 %", _median("three largest")),
    "skewness": ("+1.2", _median("skewness")),
    "excess kurtosis": ("+2.5", _median("kurtosis")),
    "decay of gains": ("0.980", _median("gain decay")),
    "decay of losses": ("0.998", _median("loss decay")),
    "normal family best": ("never", _share("normal less best", lambda x: x == 0)),
    "normal less best, AIC": ("", _median("normal less best")),
    "model's gain over the real": ("2.4", _median("model's gain")),
    "second half over first": ("a tenth", _median("second half")),
    "records of random search": (
        "39 of 37.7 ± 5.7", _total("improvements", "random search", "records")),
    "records of agents": ("3 to 5 times", _total("improvements", "agent", "records")),
    "improves again after 10": ("", _share("after 10", bool)),
    "improves again after 30": ("", _share("after 30", bool)),
}  # fmt: skip


def resampled(
    values: Sequence[Any], cluster: Sequence[str], statistic: Callable[[list[Any]], float]
) -> tuple[float, float, float]:
    """Return a statistic, and the 95 % interval of it over repositories drawn anew."""
    rows = resampled_rows(cluster, _RESAMPLES, np.random.default_rng(0))
    drawn = [statistic([values[i] for i in chosen]) for chosen in rows]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return statistic(list(values)), float(low), float(high)


def claims() -> dict[str, Any]:
    """Return every claim with value, interval, and the numbers of runs and repositories."""
    found: dict[str, Any] = {}
    pairs = [
        (run, source)
        for run, source in zip(atlas(), sources().values(), strict=True)
        if np.isfinite(run.delta).sum() >= FEWEST
    ]
    known = [facts(run, source.kind) for run, source in pairs]
    places = [source.repository for _, source in pairs]
    for name, (first, statistic) in CLAIMS.items():
        value, low, high = resampled(known, places, statistic)
        found[name] = {"first": first, "value": value, "interval": [low, high]}
    found["counted"] = {"runs": len(known), "repositories": len(set(places))}
    for key in ("kept no better", "discarded better"):
        found["counted"][key] = sum(fact[key] for fact in known)
    chance = [fact for fact in known if fact["random search"]]
    found["counted"]["random search"] = {
        "runs": len(chance),
        "improvements": sum(fact["improvements"] for fact in chance),
        "expected": sum(fact["records"] for fact in chance),
        "std": sum(fact["records var"] for fact in chance) ** 0.5,
    }
    return found


def doublings() -> dict[str, Any]:
    """Return what runs of agents say of the law of doublings."""
    pairs = [
        (run, source.repository)
        for run, source in zip(atlas(), sources().values(), strict=True)
        if source.kind == "LLM agent" and run.n_experiments >= FEWEST and run.gain > 0
    ]
    runs, places = [run for run, _ in pairs], [place for _, place in pairs]
    found: dict[str, Any] = {"runs": len(runs), "repositories": len(set(places))}
    shares = [size / size.sum() for size in map(improvements, runs)]
    late = [share for share in shares if share[LATE - 1 :].sum() > 0]
    late_places = [p for p, s in zip(places, shares, strict=True) if s[LATE - 1 :].sum() > 0]
    late = [share / share[LATE - 1 :].sum() for share in late]
    found["index"] = resampled(shares, places, index_of)
    found["index in units"] = resampled([in_units(run) for run in runs], places, index_of)
    found["index from 10"] = resampled(late, late_places, lambda w: index_of(w, LATE))
    found["late runs"] = len(late)
    long = [i for i, run in enumerate(runs) if run.n_experiments >= LONG]
    parts = np.array([gain_by_doubling(runs[i]) for i in long])
    where = [places[i] for i in long]
    found["long"] = {"runs": len(long), "repositories": len(set(where))}
    found["shares"] = [
        resampled(column.tolist(), where, lambda x: float(np.mean(x))) for column in parts.T
    ]
    less = [float(np.subtract(*log_likelihoods(run))) for run in runs]
    found["power less geometric"] = resampled(less, places, lambda x: float(np.sum(x)))
    found["power better"] = sum(x > 0 for x in less)
    return found


def methods() -> list[dict[str, Any]]:
    """Return the normal fit to each run of the contest, and its gain after the fewest trials."""
    runs = contest()
    n = min(run.n_experiments for each in runs.values() for run in each)
    found = []
    for method, each in runs.items():
        for run in each:
            p = fit(run).parameters
            found.append({
                "method": method,
                "n": n,
                "sigma0": p.sigma0,
                "mu": p.mu,
                "gamma": p.gamma,
                "crashes": float(run.crashed.mean()),
                "improvements": int((np.nan_to_num(run.first(n).improvement) > 0).sum()),
                "gain": float(run.first(n).gain),
            })  # fmt: skip
    return found


def main() -> None:
    """Compute all, and write the file."""
    made = {"claims": claims(), "doublings": doublings(), "methods": methods()}
    rounded = to_digits(made, 5)
    path = shipped_path(FILE)
    path.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
