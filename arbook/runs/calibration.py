"""Judge forecasts on all runs of the atlas: ``python -m arbook.runs.calibration``, some minutes.

Every run is cut, the first part forecasts what follows, and nothing that a forecaster knows of
other runs comes from the run's own repository. The table that is printed is written to
``arbook/data/calibration.json``, too. Gains and gain areas are judged as log(1 + x / the first
part's), keeps as log(1 + x).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from arbook._numerics.shipped import shipped_path
from arbook.model.run import RunLog
from arbook.runs.atlas import atlas, sources
from arbook.runs.rivals import RIVALS, Draws, unit
from arbook.runs.scores import LEVELS, Score, clustered, score

FILE = "calibration.json"

#: The fewest experiments of a run that is cut by shares.
FEWEST = 20

#: A late cut, and the fewest experiments after it: most long runs have just under a hundred.
LATE, FEWEST_AFTER = 80, 10

QUANTITIES = ("gain", "keeps", "gain area")


@dataclass(frozen=True, eq=False)
class Cut:
    """A run in two parts, and the rows of the table that it is counted in."""

    run: RunLog
    repository: str
    rows: tuple[str, ...]
    seen: int
    n: int

    @property
    def first(self) -> RunLog:
        """The part that is seen."""
        return self.run.first(self.seen)

    @property
    def truth(self) -> Draws:
        """What the part that follows brought."""
        improvement = np.nan_to_num(self.run.improvement)[self.seen : self.seen + self.n]
        frontier = self.run.frontier
        gain = abs(frontier[self.seen] - frontier[self.seen + self.n])
        keeps = float((improvement > 0).sum())
        area = np.cumsum(improvement).sum()
        return np.array([gain]), np.array([keeps]), np.array([area])


def cuts(runs: Sequence[RunLog], repositories: Sequence[str]) -> Iterator[Cut]:
    """Return all cuts: at shares of a run, and after its first 10, 20 and 80 experiments."""
    for run, repository in zip(runs, repositories, strict=True):
        total = run.n_experiments
        for name, share in {"1/4": 0.25, "1/2": 0.5, "3/4": 0.75}.items():
            seen = int(total * share)
            if total >= FEWEST:
                sizes = ("10-30 seen",) * (10 <= seen <= 30) + ("> 80 seen",) * (seen > 80)
                yield Cut(run, repository, (name, *sizes), seen, total - seen)
        for seen in (10, 20):
            if total >= 1.5 * seen:
                yield Cut(run, repository, (f"{seen}, then {seen}",), seen, min(seen, total - seen))
                yield Cut(run, repository, (f"{seen}, then the rest",), seen, total - seen)
        if total >= LATE + FEWEST_AFTER:
            yield Cut(run, repository, (f"{LATE}, then the rest",), LATE, total - LATE)


def judge(found: Sequence[Cut]) -> dict[str, list[tuple[Score, ...] | None]]:
    """Return each rival's scores for gain, keeps and gain area of each cut."""
    scores: dict[str, list[tuple[Score, ...] | None]] = {name: [] for name in RIVALS}
    firsts, truths = [cut.first for cut in found], [cut.truth for cut in found]
    for cut, first, truth in zip(found, firsts, truths, strict=True):
        others = [
            (firsts[i], truths[i])
            for i, other in enumerate(found)
            if other.rows[0] == cut.rows[0] and other.repository != cut.repository
        ]
        units = (unit(first), 1.0, unit(first) * cut.n)
        for name, rival in RIVALS.items():
            draws = rival(first, cut.n, cut.repository, others)
            rng = np.random.default_rng(0)
            scores[name].append(
                None if draws is None else tuple(
                    score(np.log1p(x / size), float(np.log1p(y[0] / size)), rng)
                    for x, y, size in zip(draws, truth, units, strict=True)
                )
            )  # fmt: skip
    return scores


def table(
    found: Sequence[Cut], scores: dict[str, list[tuple[Score, ...] | None]]
) -> list[dict[str, Any]]:
    """Return a row for each kind of cut, rival and quantity.

    `difference` is the mean of the CRPS less that of the two-part fit alone, over the cuts that
    both forecast, with its standard error clustered by repository.
    """
    lines = []
    for row in dict.fromkeys(row for cut in found for row in cut.rows):
        for name in RIVALS:
            for q, quantity in enumerate(QUANTITIES):
                chosen = [i for i, cut in enumerate(found) if row in cut.rows]
                have = [(i, s[q]) for i in chosen if (s := scores[name][i]) is not None]
                if not have:
                    continue
                places = [found[i].repository for i, _ in have]
                both = [
                    (one.crps - base[q].crps, place)
                    for (i, one), place in zip(have, places, strict=True)
                    if (base := scores["two-part"][i]) is not None
                ]
                covered = np.array([one.covered for _, one in have], dtype=float)
                pit = np.array([one.pit for _, one in have])
                line: dict[str, Any] = {
                    "cut": row,
                    "forecast": name,
                    "quantity": quantity,
                    "cuts": len(have),
                    "refused": len(chosen) - len(have),
                    "coverage": [clustered(column, places) for column in covered.T],
                    "pit": [
                        float(pit.mean()),
                        float((pit < 0.1).mean()),
                        float((pit > 0.9).mean()),
                    ],
                    "crps": clustered(np.array([one.crps for _, one in have]), places),
                    "difference": clustered(
                        np.array([d for d, _ in both]), [place for _, place in both]
                    ),
                }
                lines.append(line)
    return lines


def say(line: dict[str, Any]) -> str:
    """Return a line of the table in words."""
    held = " ".join(f"{mean:.2f} ({error:.2f})" for mean, error in line["coverage"])
    low, high = line["pit"][1:]
    crps, difference = (f"{x:+.3f} ({e:.3f})" for x, e in (line["crps"], line["difference"]))
    return (
        f"{line['cut']:18}{line['quantity']:10}{line['forecast']:15}{line['cuts']:4}"
        f"{line['refused']:4}  {held}   {low:.2f} {high:.2f}   {crps.lstrip('+')}  {difference}"
    )


def main() -> None:
    """Judge, print and write."""
    found = list(cuts(atlas(), [source.repository for source in sources().values()]))
    lines = table(found, judge(found))
    levels = "  ".join(f"{level:.0%}" for level in LEVELS)
    print(
        f"cut, quantity, forecast, cuts, refused; coverage of {levels} (s.e. by repository); "
        "share of truths below the 10 % and above the 90 % quantile; CRPS; CRPS less two-part's"
    )
    for line in lines:
        print(say(line))
    rounded = json.loads(json.dumps(lines), parse_float=lambda x: round(float(x), 4))
    text = ",\n".join(json.dumps(line) for line in rounded)
    path = shipped_path(FILE)
    path.write_text(f"[\n{text}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
