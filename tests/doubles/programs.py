"""Doubles of the explorers of programs and of racing."""

import functools
import math
from typing import ClassVar

import numpy as np
from draws import normals, uniforms
from numpy.typing import ArrayLike

from arbook import Parameters, bias, step_size, widgets
from arbook._numerics.validation import FloatArray
from arbook.model.totals import symmetric_gain_area
from arbook.programs import Choice, Program, race, runs_needed, selection_bias
from arbook.programs.conditions import Conditions, _gains, bold_crashes
from arbook.programs.racing import Sampler
from arbook.widgets.conditions import HIGH, LOW, MOST, N_RUNS, TRIED
from arbook.widgets.racing import N_RACES

#: Programs on the shelf.
NAMES = "ABCDEFGH"


#: The program that the others are scattered about.
USUAL = Parameters(0.01, 0.97)


# Stream of the first program's nights; the shelf's own streams begin at 100.
_FIRST_NIGHTS = 10


def make_shelf(seed: int, spread: float) -> list[Program]:
    r"""Return a shelf of programs without bias.

    The logarithms of their :math:`\mathbb E[\mathcal A_{100}]` are normal about that of the usual
    program; each has its own decay rate, and the step size that gives it its area.

    Parameters
    ----------
    seed : int
        Which shelf.
    spread : float
        Standard deviation of the logarithms.

    Returns
    -------
    list of Program
        Named A to H.

    Examples
    --------
    >>> [program.name for program in make_shelf(1, 0.1)][:3]
    ['A', 'B', 'C']
    """
    size, stream = len(NAMES), 100 + 2 * int(1000 * spread + 0.5)  # another spread, another shelf
    gamma = 0.93 + 0.06 * uniforms(seed, size, 1, stream)[:, 0]
    z = normals(seed, size, 1, stream + 1)[:, 0]
    area = symmetric_gain_area(USUAL, 100) * np.exp(spread * z)
    unit = [symmetric_gain_area(Parameters(1.0, g), 100) for g in gamma]
    return [
        Program(name, Parameters(a / u, g))
        for name, a, u, g in zip(NAMES, area, unit, gamma, strict=True)
    ]


def best_wins_probability(means: ArrayLike, stds: ArrayLike, nights: int = 1) -> float:
    """Return the probability that the program of largest mean wins a contest of some nights each.

    Parameters
    ----------
    means, stds : array_like
        Means and standard deviations of the programs' nights, which are taken as normal.
    nights : int, default 1
        Nights of each program, of which the average counts.

    Returns
    -------
    float
        The probability.

    Examples
    --------
    >>> round(best_wins_probability([10.12] + 7 * [9.20], 8 * [2.06]), 2)
    0.22
    """
    errors = np.asarray(stds) / np.sqrt(nights)
    return float(selection_bias(means, errors).win_probability[np.argmax(means)])


class MetaExplorer(widgets.MetaExplorer):
    """The shelf, and the nights of its programs."""

    def shelf(self) -> list[Program]:
        """Return the programs on the shelf."""
        return make_shelf(self.seed, self.spread)

    def nights(self, program: int, n_nights: int) -> FloatArray:
        """Return the gain areas of a program's first nights."""
        p = self.shelf()[program].parameters
        stream = _FIRST_NIGHTS + (0 if self.common else program)
        z = normals(self.seed, n_nights, self.n, stream)
        gains = np.maximum(0.0, -p.mu - step_size(p, np.arange(self.n)) * z)
        return np.asarray(gains @ np.arange(self.n, 0, -1))


class RacingExplorer(widgets.RacingExplorer):
    """The races."""

    # Records by parameters: a hundred races take a second.
    _records: ClassVar[dict[tuple[float, ...], tuple[int, float]]] = {}

    def truth(self) -> FloatArray:
        """Return the true means of the programs."""
        place = np.argsort(np.argsort(uniforms(self.seed, len(NAMES), 1, 2)[:, 0], kind="stable"))
        others = 1.0 - place if self.stairs else 0.0 * place
        return np.asarray(1 + self.gap * np.where(place == 0, 1.0, others))

    def sampler(self, which: int = 0) -> Sampler:
        """Return what makes the nights of one of the races; the picture shows race 0."""
        truth, names = self.truth(), len(NAMES)
        own, common = (
            self.noise * math.sqrt(share) for share in (1 - self.common, self.common)
        )  # fmt: skip
        values = np.empty((names, 0))

        def night(program: int, run: int) -> float:
            nonlocal values
            if run >= values.shape[1]:
                n = max(32, 2 * values.shape[1], run + 1)
                luck = own * normals(self.seed, names, n, 10 + 2 * which)
                shared = common * normals(self.seed, 1, n, 11 + 2 * which)
                values = truth[:, None] + luck + shared
            return float(values[program, run])

        return night

    def choice(self, which: int = 0) -> Choice:
        """Return the result of one of the races."""
        return race(
            range(len(NAMES)), self.sampler(which),
            indifference=self.indifference, error=self.error, first_runs=self.first_runs,
        )  # fmt: skip

    def record(self) -> tuple[int, float]:
        """Return how many of the races are right, and the nights that one takes on average."""
        key = tuple(self.values().values())
        if key not in self._records:
            best, choices = int(self.truth().argmax()), [self.choice(k) for k in range(N_RACES)]
            right = sum(choice.best == best for choice in choices)
            self._records[key] = right, sum(choice.total for choice in choices) / N_RACES
        return self._records[key]

    def even_runs(self, right: int | None = None) -> int:
        """Return the nights of each program with which even shares are as often right.

        Parameters
        ----------
        right : int, optional
            How many of the races are right, if that is known already.

        Returns
        -------
        int
            Nights; for races that are all right, those to be right in all but one.
        """
        right = self.record()[0] if right is None else right
        truth, std = self.truth(), self.noise * math.sqrt(1 - self.common)
        return runs_needed(truth, np.full(truth.size, std), min(right, N_RACES - 1) / N_RACES)


@functools.lru_cache(maxsize=2)
def _luck(seed: int) -> tuple[FloatArray, FloatArray]:
    """Return the normals of the changes and the uniforms of the crashes: one luck for all steps."""
    return normals(seed, N_RUNS, MOST), uniforms(seed, N_RUNS, MOST, 1)


class ConditionsExplorer(widgets.ConditionsExplorer):
    """The runs at any first step size."""

    def conditions(self) -> Conditions:
        """Return the conditions that the sliders say."""
        return Conditions(self.price, bold_crashes(self.kappa), self.floor)

    def parameters(self, sigma0: float | None = None) -> Parameters:
        """Return the parameters at a first step size, with the price."""
        s = self.sigma0 if sigma0 is None else sigma0
        return self.conditions().parameters(Parameters(s, self.gamma, 0.0))

    def crash_rate(self) -> float:
        """Return the mean probability of a crash."""
        sigma = step_size(self.parameters(), np.arange(self.n))
        return float(self.conditions().crash_probabilities(sigma).mean())

    def gains(self, sigma0: float | None = None) -> FloatArray:
        """Return what the runs have gained after each experiment, at a first step size.

        Returns
        -------
        ndarray of shape (200, n)
            Baseline minus frontier, in bits per byte.
        """
        z, u = (draws[:, : self.n] for draws in _luck(self.seed))
        p, under = self.parameters(sigma0), self.conditions()
        sigma = step_size(p, np.arange(self.n))
        return _gains(
            bias(p, np.arange(self.n)) + sigma * z, u < under.crash_probabilities(sigma), under.room
        )

    def curve(self) -> tuple[FloatArray, FloatArray]:
        """Return the first step sizes that are tried, and the mean gain area of each."""
        tried = np.geomspace(LOW, HIGH, TRIED)
        return tried, np.array([self.gains(s).sum(axis=1).mean() for s in tried])
