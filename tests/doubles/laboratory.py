"""Doubles of the explorers of nights in the laboratory."""

import numpy as np
from draws import normals

from arbook import widgets
from arbook._numerics.validation import FloatArray
from arbook.laboratory import Surrogate
from arbook.laboratory.proposers import reflected
from arbook.model.run import RunLog
from arbook.widgets._forecasts import NIGHT
from arbook.widgets._runs import load
from arbook.widgets.night import MOST, N_NIGHTS


def simulate(
    e: widgets.NightExplorer | widgets.CoverExplorer, nights: int, n: int, most: int
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return true and logged lines, (nights, n + 1), what was kept and crashed, (nights, n)."""
    task = Surrogate()
    z = normals(e.seed, nights, most * 14).reshape(nights, most, 14)
    luck = task.noise * normals(e.seed, nights, most + 1, 1)
    best = np.tile(task.space.start, (nights, 1))
    f = task.truth(best)
    logged, step = f + luck[:, 0], e.step
    lines, kept, crashed = [(f, logged)], [], []
    for t in range(n):
        theta = reflected(best + step * z[:, t])
        truth = task.truth(theta)
        y = truth + luck[:, t + 1]
        keep = y < logged - e.margin * task.noise
        kept.append(keep)
        crashed.append(np.isnan(y))
        f, logged = np.where(keep, truth, f), np.where(keep, y, logged)
        best = np.where(keep[:, None], theta, best)
        lines.append((f, logged))
        step *= e.gamma
    true, log = np.array(lines).transpose(1, 2, 0)
    return true, log, np.array(kept).T, np.array(crashed).T


class NightExplorer(widgets.NightExplorer):
    """The nights."""

    def simulated(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return what `simulate` does."""
        return simulate(self, N_NIGHTS, self.n, MOST)

    def half(self) -> int:
        """Return after how many experiments half of the mean gain is there."""
        mean = self.simulated()[0].mean(axis=0)
        return int(np.argmax(mean[0] - mean >= (mean[0] - mean[-1]) / 2))


class CoverExplorer(widgets.CoverExplorer):
    """The real night, and those of the reader's own."""

    def log(self) -> RunLog:
        """Return the real night."""
        return load(NIGHT)

    def is_own(self) -> bool:
        """Return whether a night of the reader's own is shown."""
        start = type(self)()
        return any(getattr(self, name) != getattr(start, name) for name in self.controls())

    def simulated(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return what `simulate` does."""
        n = self.log().n_experiments
        return simulate(self, max(self.nights, 1), n, n)
