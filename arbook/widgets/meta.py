"""Explorer of the chapter on meta-optimisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.validation import FloatArray
from arbook.model.parameters import Parameters, step_size
from arbook.model.totals import expected_gain_area, gain_area_std, symmetric_gain_area
from arbook.programs.selection import selection_bias
from arbook.programs.shelf import Program
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider
from arbook.widgets._draws import normals, uniforms

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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


class MetaExplorer(Explorer):
    """A shelf of programs: spend a budget of noisy nights, choose, and see the truth.

    Parameters
    ----------
    budget : int
        Nights to spend.
    n : int
        Experiments a night.
    spread : float
        How much the programs differ: standard deviation of the logarithm of their expected areas.
    common : int
        1: night j brings every program the same luck (common random numbers).
    seed : int
        Which shelf, and which luck.

    Examples
    --------
    >>> [program.name for program in MetaExplorer().shelf()][-1]
    'H'
    """

    name = "meta"
    title = "Meta-optimisation explorer"
    view = "meta.js"

    budget = slider(24, 8, 80, 1, symbol="", words="nights to spend")
    n = slider(100, 10, 300, 10, symbol="N", words="experiments a night")
    spread = slider(0.15, 0.02, 0.6, 0.01, symbol="", words="spread of programs", digits=2)
    common = slider(0, 0, 1, 1, symbol="", words="the same luck for all (1: yes)", more=True)

    first_seed = 3  # a shelf that misleads at first

    presets = (
        Preset(
            "Three nights each",
            {"budget": 24, "n": 100, "spread": 0.15, "common": 0},
            "Programs differ by about 15 %, nights by about 20 %.",
        ),
        Preset(
            "Close race",
            {"budget": 24, "n": 100, "spread": 0.04, "common": 0},
            "Differences far below the noise of a night.",
        ),
        Preset(
            "Clear differences",
            {"budget": 16, "n": 100, "spread": 0.5, "common": 0},
            "Two nights each are often enough.",
        ),
        Preset(
            "Same luck",
            {"budget": 24, "n": 100, "spread": 0.12, "common": 1},
            "Common random numbers: a lucky night is lucky for all.",
        ),
    )
    guess = Guess(
        text=(
            "Eight programs: seven equally good, one better by 10 %. Each runs for one night of "
            "100 experiments, and you take the one with the largest gain area. How often is it the "
            "better one?"
        ),
        because=(
            "One night’s area has a standard deviation of 22 %, more than twice the difference, "
            "and there are seven rivals to be lucky: the better one wins 22 % of the contests."
        ),
        choices=("in more than 90 %", "in about 50 %", "in less than 30 %"),
    )
    after = Question(
        text=(
            "Play five shelves. Was the measured area of the program that you chose above or below "
            "its true one? Why?"
        ),
        answer=(
            "Mostly above. You chose it because its nights looked good, and luck is part of that. "
            "The more programs compete, and the fewer nights each has, the larger the share "
            "of luck in the winner: the winner’s curse."
        ),
    )

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

    def draw_still(self, figure: Figure) -> None:
        """Draw the nights of each program, the budget shared out evenly, and the truth."""
        axes, each = figure.subplots(), self.budget // len(NAMES)
        for i, program in enumerate(self.shelf()):
            p = program.parameters
            mean, std = expected_gain_area(p, self.n), gain_area_std(p, self.n)
            axes.barh(i, 2 * std, 0.6, mean - std, color="#d55e00", alpha=0.18)
            axes.plot([mean, mean], [i - 0.36, i + 0.36], color="#d55e00", lw=2.5)
            axes.plot(self.nights(i, each), each * [i], "o", color="#0072b2", ms=5, mec="w")
        axes.set(
            yticks=range(len(NAMES)), yticklabels=list(NAMES), ylabel="program",
            xlabel="gain area of a night, bits per byte × experiments",
            title="dots: single nights; line and bar: expectation ± standard deviation",
        )  # fmt: skip
        axes.title.set_fontsize(10)
        axes.invert_yaxis()

    def describe_still(self) -> str:
        """Say what the picture shows."""
        shelf = self.shelf()
        means = [float(expected_gain_area(program.parameters, self.n)) for program in shelf]
        each = self.budget // len(NAMES)
        areas = [float(self.nights(i, each).mean()) for i in range(len(shelf))]
        best, looks = int(np.argmax(means)), int(np.argmax(areas))
        return (
            f"Eight programs with the gain areas of {each} nights of {self.n} experiments each, "
            f"and their expectations. The best is {NAMES[best]} with an expected area of "
            f"{means[best]:.2f}; its nights average {areas[best]:.2f}. Of all nights those of "
            f"{NAMES[looks]} look best, with {areas[looks]:.2f}; its expectation is "
            f"{means[looks]:.2f} bits per byte times experiments."
        )
