"""Double of the explorer of a night in the laboratory."""

import numpy as np
from draws import normals

from arbook import widgets
from arbook._numerics.validation import FloatArray
from arbook.laboratory import Surrogate
from arbook.laboratory.proposers import reflected
from arbook.widgets.night import MOST, N_NIGHTS


class NightExplorer(widgets.NightExplorer):
    """The nights."""

    def nights(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return true and logged lines, (nights, n + 1), what was kept and crashed, (nights, n)."""
        task = Surrogate()
        z = normals(self.seed, N_NIGHTS, MOST * 14).reshape(N_NIGHTS, MOST, 14)
        luck = task.noise * normals(self.seed, N_NIGHTS, MOST + 1, 1)
        best = np.tile(task.space.start, (N_NIGHTS, 1))
        f = task.truth(best)
        logged, step = f + luck[:, 0], self.step
        lines, kept, crashed = [(f, logged)], [], []
        for t in range(self.n):
            theta = reflected(best + step * z[:, t])
            truth = task.truth(theta)
            y = truth + luck[:, t + 1]
            keep = y < logged - self.margin * task.noise
            kept.append(keep)
            crashed.append(np.isnan(y))
            f, logged = np.where(keep, truth, f), np.where(keep, y, logged)
            best = np.where(keep[:, None], theta, best)
            lines.append((f, logged))
            step *= self.gamma
        true, log = np.array(lines).transpose(1, 2, 0)
        return true, log, np.array(kept).T, np.array(crashed).T

    def half(self) -> int:
        """Return after how many experiments half of the mean gain is there."""
        mean = self.nights()[0].mean(axis=0)
        return int(np.argmax(mean[0] - mean >= (mean[0] - mean[-1]) / 2))
