"""Fit the surrogate: ``python -m arbook.laboratory.surrogate_fitting automl.tsv``, two minutes.

The table has a row a trial, as made of ferreirafabio/autoresearch-automl (MIT) at 2959c3c: method,
seed, val_bpb, success and the 14 hyperparameters. It is no part of the package; what is learnt
of it is, in ``arbook/data/automl.json``, with what this script measures of it. Needs scikit-learn.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arbook._numerics.rounding import to_digits
from arbook._numerics.shipped import shipped_path
from arbook._numerics.validation import FloatArray
from arbook.laboratory.surrogate import FILE, FLOOR, LEAF, PATTERNS, SPACE, sized
from arbook.laboratory.trees import MOST, Trees, exponential

#: Trees and leaves of the metric, and of the crashes.
METRIC = {"max_iter": 300, "max_leaf_nodes": 12, "learning_rate": 0.08, "min_samples_leaf": 15}
CRASH = {"max_iter": 100, "max_leaf_nodes": 8, "learning_rate": 0.15, "min_samples_leaf": 20}

#: Below this lies what a search that goes well sees, in bits per byte.
GOOD = 0.99


def _rows(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def repeats(path: Path) -> FloatArray:
    """Return what the first trial of every run measured: all begin with one configuration."""
    return np.array([float(row["val_bpb"]) for row in _rows(path) if row["trial"] == "0"])


def read(path: Path) -> tuple[FloatArray, FloatArray, NDArray[Any], NDArray[Any]]:
    """Return what the trees look at, metrics (nan: crashed), runs and methods of all usable trials.

    Not used: the agent that edits code, whose trials are not what their 14 numbers say, and
    patterns of windows that nobody else tried.
    """
    rows = [
        row
        for row in _rows(path)
        if row["method"] != "Karpathy Agent (Code)" and row["window_pattern"] in PATTERNS
    ]

    def column(name: str) -> FloatArray:
        return np.array([float(row[name]) for row in rows])

    head, batch = column("head_dim"), column("device_batch_size")
    x = np.empty((len(rows), len(SPACE)))
    for i, knob in enumerate(SPACE.knobs):
        if knob.words == PATTERNS:
            x[:, i] = [knob.words.index(row[knob.name]) for row in rows]
        elif knob.words:  # doublings; agents also tried what lies between
            x[:, i] = np.log2(column(knob.name) / float(knob.words[0])).round(3)
        elif knob.whole:
            x[:, i] = column(knob.name)
        else:
            inside = np.clip(column(knob.name), knob.low, knob.high)
            x[:, i] = [round(knob.place(value), 3) for value in inside.tolist()]
    y = np.array([float(row["val_bpb"]) if row["success"] == "1" else math.nan for row in rows])
    run = np.array([f"{row['method']}, {row['seed']}" for row in rows])
    return sized(x, head, batch), y, run, np.array([row["method"] for row in rows])


def grow(x: FloatArray, y: FloatArray) -> dict[str, Any]:
    """Return trees for the metric and for crashes, in the form in which they are shipped."""
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from threadpoolctl import threadpool_limits

    common = {"max_bins": MOST - 1, "l2_regularization": 1.0, "early_stopping": False}
    alive = np.isfinite(y)
    metric = HistGradientBoostingRegressor(**METRIC, **common, random_state=0)
    crash = HistGradientBoostingClassifier(**CRASH, **common, random_state=0)
    with threadpool_limits(1):  # sums of several threads differ in their last digits
        metric.fit(x[alive], np.log(y[alive] - FLOOR))
        crash.fit(x, ~alive)
    thresholds: list[list[float]] = [[] for _ in range(x.shape[1])]
    model = {name: _numbers(fitted, thresholds) for name, fitted in
             (("metric", metric), ("crash", crash))}  # fmt: skip
    return {"thresholds": thresholds, **model}


def _numbers(fitted: Any, thresholds: list[list[float]]) -> dict[str, list[int]]:
    """Return the nodes of fitted trees, each before its branches, and note their thresholds."""
    splits, leaves = [-1], [round(float(np.ravel(fitted._baseline_prediction)[0]) / LEAF)]
    for (tree,) in fitted._predictors:
        waiting = [0]
        while waiting:
            node = tree.nodes[waiting.pop()]
            if node["is_leaf"]:
                splits.append(-1)
                leaves.append(round(float(node["value"]) / LEAF))
                continue
            feature = int(node["feature_idx"])
            threshold = round(float(node["num_threshold"]), 4)
            if threshold not in thresholds[feature]:
                thresholds[feature].append(threshold)
            splits.append(feature * MOST + thresholds[feature].index(threshold))
            waiting += [int(node["right"]), int(node["left"])]
    return {"splits": splits, "leaves": leaves}


def say(model: dict[str, Any], x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the metric, and the log odds of a crash, that trees expect of rows."""
    metric, crash = (
        Trees(model["thresholds"], **model[name]).sums(x) * LEAF for name in ("metric", "crash")
    )
    return FLOOR + exponential(metric), crash.astype(np.float64)


def folds(groups: NDArray[Any], n: int) -> Iterator[NDArray[np.bool_]]:
    """Return which rows are left out, a fold after the other; no group is in two of them."""
    names = sorted(set(groups.tolist()))
    for i in range(n):
        yield np.isin(groups, names[i::n])


def judge(x: FloatArray, y: FloatArray, groups: NDArray[Any], n: int) -> dict[str, Any]:
    """Return how trees do on trials whose groups they have not seen."""
    from scipy.stats import spearmanr
    from sklearn.metrics import roc_auc_score

    metric, odds = np.empty_like(y), np.empty_like(y)
    for out in folds(groups, n):
        metric[out], odds[out] = say(grow(x[~out], y[~out]), x[out])
    alive = np.isfinite(y)
    good = alive & (y < GOOD)
    error, logs = metric - y, np.log(np.array([metric[alive], y[alive]]) - FLOOR)
    promised = alive & (metric < GOOD)  # a search sees promises, and finds what is behind them
    chance = 1 / (1 + np.exp(-odds))
    bins = [(0.0, 0.05), (0.05, 0.35), (0.35, 0.65), (0.65, 0.95), (0.95, 1.0)]
    calibration = []
    for low, high in bins:
        here = (chance >= low) & (chance <= high)
        shares = chance[here].mean(), (~alive[here]).mean()
        calibration.append([int(here.sum()), *map(float, shares)])
    tenth = np.array_split(np.argsort(metric[alive]), 10)
    return {
        "folds": n,
        "rank_correlation": float(spearmanr(metric[alive], y[alive])[0]),
        "r2_of_log": float(1 - ((logs[0] - logs[1]) ** 2).mean() / logs[1].var()),
        "mean_error": float(np.abs(error[alive]).mean()),
        "good": {
            "trials": int(good.sum()),
            "rank_correlation": float(spearmanr(metric[good], y[good])[0]),
            "mean_error": float(np.abs(error[good]).mean()),
            "bias": float(error[good].mean()),
        },
        "promised": {
            "trials": int(promised.sum()),
            "mean_error": float(np.abs(error[promised]).mean()),
            "bias": float(error[promised].mean()),
        },
        "tenths": [[float(metric[alive][i].mean()), float(y[alive][i].mean())] for i in tenth],
        "crash": {
            "auc": float(roc_auc_score(~alive, odds)),
            "wrong": float(((odds > 0) == alive).mean()),
            "calibration": calibration,
        },
    }


def main(arguments: list[str]) -> int:
    """Fit, measure, print and write."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        print(
            "usage: python -m arbook.laboratory.surrogate_fitting FILE, a table of the trials of "
            "ferreirafabio/autoresearch-automl, which does not come with the package"
        )
        return 2
    try:
        import sklearn
    except ImportError:
        print("the fit needs scikit-learn: pip install scikit-learn")
        return 2
    path = Path(arguments[0])
    x, y, run, method = read(path)
    rng, first = np.random.default_rng(0), repeats(path)
    report = {
        "source": "ferreirafabio/autoresearch-automl (MIT) at 2959c3c",
        "trials": len(y),
        "crashed": int((~np.isfinite(y)).sum()),
        "repeats": [len(first), float(first.std(ddof=1))],
        "scikit-learn": sklearn.__version__,
        "random": judge(x, y, rng.permutation(len(y)), 10),
        "by run": judge(x, y, run, 8),
        "by method": judge(x, y, method, 8),
    }
    rounded = to_digits(report, 4)
    print(json.dumps(rounded, indent=1))
    text = json.dumps({"task": "automl", "model": {"report": rounded, **grow(x, y)}},
                      separators=(",", ":"))  # fmt: skip
    shipped = shipped_path(FILE)
    shipped.write_text(f"{text}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
