"""Explorer of the chapter on reading runs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from arbook import logs
from arbook.model.records import expected_records, records_std
from arbook.model.run import RunLog
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider
from arbook.widgets._runs import RUNS, decimals, load, numbers, searcher, significant, unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Runs are shown under letters until the reader has said which one is random search.
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(RUNS)])


def _run_data(run: int) -> dict[str, Any]:
    log = load(run)
    value = [None if np.isnan(x) else x for x in numbers(log.value)]
    return {
        "name": RUNS[run - 1],
        "searcher": searcher(run),
        "metric": log.metric,
        "direction": log.direction,
        "value": value,
        "status": [str(status) for status in log.status],
    }


@cache
def _all_data() -> dict[str, Any]:
    return {"runs": [_run_data(run) for run in range(1, len(RUNS) + 1)]}


class LogExplorer(Explorer):
    """What a log says: frontier, gain area, keep rate by position; also of the reader's own log.

    On the page a reader opens a ``results.tsv`` with a file picker or drops it. It is read there by
    the twin of `arbook.logs.read_log`, and goes nowhere.

    Parameters
    ----------
    run : int
        Number of the run in `arbook.logs.available_runs`, from 1; 0 is the reader's own.
    part : int
        Part of the run that is looked at, in per cent.
    bins : int
        Number of positions at which the keep rate is counted.

    Examples
    --------
    >>> LogExplorer(run=1).log()
    RunLog(h100-mar8, karpathy/autoresearch@6c087cb5e2: 125 experiments, 22 kept, 1 crashed; \
val_bpb 0.9979 -> 0.969686)
    """

    name = "log"
    title = "Log explorer"
    view = "log.js"

    run = slider(
        1, 0, len(RUNS), 1,
        symbol="", words="run, in the order of the buttons; 0: your own", more=True,
    )  # fmt: skip
    part = slider(100, 10, 100, 5, symbol="", words="part of the run", unit="%")
    bins = slider(5, 2, 10, 1, symbol="", words="positions of the keep rate")

    presets = tuple(
        Preset(f"Run {letter}", {"run": run}, "One of the runs that come with the book.")
        for run, letter in enumerate(LETTERS, start=1)
    )
    guess = Guess(
        text=(
            "An agent without a thought draws 100 variants at random from one urn, and keeps the "
            "best so far. The baseline is from the same urn. How many improvements do you expect?"
        ),
        because=(
            "The i-th draw is the best of i + 1 with probability 1/(i + 1), and these add up to "
            "4.2. Now look for the run below that drew at random."
        ),
        choices=("50", "10", "4"),
    )
    after = Question(
        text="Move the part of the run from 35 to 100 %. Which number hardly moves, in most runs?",
        answer=(
            "The gain: in four of the seven runs a third of the experiments brings nine tenths of "
            "it. What a late experiment buys is seldom more than its own row in the log."
        ),
    )
    first_seed = None

    def load_data(self) -> Mapping[str, Any]:
        """Return the shipped runs."""
        return _all_data()

    def log(self) -> RunLog | None:
        """Return the part of the run that is shown; None for the reader's own.

        Returns
        -------
        RunLog or None
            The baseline and the first experiments.
        """
        if self.run == 0:
            return None
        whole = load(self.run)
        return whole.first(max(1, int(whole.n_experiments * self.part / 100 + 0.5)))

    def draw_still(self, figure: Figure) -> None:
        """Draw the frontier with all variants and the gain area, and the keep rate by position."""
        log = self.log()
        left, right = figure.subplots(1, 2, width_ratios=[2, 1])
        if log is None:
            left.text(0.5, 0.5, "On the page: open your own results.tsv", ha="center")
            right.set_axis_off()
            return
        row, low_high = log.experiment, _frame(log)
        discarded = ~log.kept & log.evaluated
        inside = np.clip(log.value, *low_high)
        left.plot(row[discarded], inside[discarded], "o", mfc="none", mec="0.5", ms=4)
        left.fill_between(row, log.frontier, log.f0, step="post", color="0.85", zorder=0)
        left.step(row, log.frontier, where="post", color="0.15")
        left.plot(row[log.kept], log.value[log.kept], "o", color="#0072b2", ms=5)
        foot = np.full(log.crashed.sum(), 0.02)
        left.plot(
            row[log.crashed], foot, "x", color="#aa4499", transform=left.get_xaxis_transform()
        )
        left.set(xlabel="experiments", ylabel=f"{log.metric}, {unit(log.metric)}", ylim=low_high)
        if log.metric == unit(log.metric):
            left.set_ylabel(log.metric)
        rates = self._rates(log)
        middle = (rates.edges[:-1] + rates.edges[1:]) / 2
        bars = np.abs([rates.low - rates.rate, rates.high - rates.rate])
        right.errorbar(middle, rates.rate, bars, fmt="o", color="#0072b2", capsize=3, label="run")
        t = np.arange(log.n_experiments)
        right.plot(t, 1 / (t + 2), "--", color="#d55e00", label="luck alone")
        right.set(xlabel="experiments", ylabel="keep rate", ylim=(0, 1))
        right.legend(frameon=False)

    def _rates(self, log: RunLog) -> logs.KeepRates:
        edges = np.linspace(0, log.n_experiments, self.bins + 1)
        return logs.keep_rate_by_position(log, np.unique((edges + 0.5).astype(int)))

    def describe_still(self) -> str:
        """Say what the picture shows."""
        log = self.log()
        if log is None:
            return (
                "An empty chart: on the page a reader opens a results.tsv here, which is read in "
                "the browser and goes nowhere (limit 10 MB)."
            )
        gain = abs(log.f0 - float(log.frontier[-1]))
        digits = decimals(gain) if gain else 3
        delta = log.delta[np.isfinite(log.delta)]
        rates = self._rates(log)
        return (
            f"The first {log.n_experiments} experiments of {RUNS[self.run - 1]}: {log.metric} goes "
            f"from {log.f0:.{digits}f} to {log.frontier[-1]:.{digits}f}, a falling step line under "
            f"scattered discards; {int((log.outcomes == 'keep').sum())} kept, "
            f"{int(log.crashed.sum())} "
            f"crashed. The gain area, shaded between the line and the baseline, is "
            f"{significant(log.gain_area)}, the average gain "
            f"{significant(log.gain_area / log.n_experiments)}. The "
            f"{int((delta < 0).sum())} improvements compare with {expected_records(delta.size):.1f}"
            f" ± {records_std(delta.size):.1f} of luck alone. By position the keep rate is "
            f"{', '.join(f'{rate:.0%}' for rate in rates.rate)}."
        )


def _frame(log: RunLog) -> tuple[float, float]:
    """Return the ends of the y axis: the frontier, and most of the other variants."""
    sign = 1.0 if log.direction == "min" else -1.0
    cost = np.sort(sign * log.value[log.evaluated])
    best, first = float(cost[0]), sign * log.f0
    top = max(float(cost[int(0.9 * (cost.size - 1))]), first)
    room = 0.08 * (top - best) or 1.0
    low, high = sorted([sign * (best - room), sign * (top + room)])
    return low, high
