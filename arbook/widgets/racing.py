"""Explorer of racing, in the chapter on meta-optimisation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from arbook._numerics.validation import FloatArray
from arbook.programs.racing import Choice, Sampler, race
from arbook.programs.selection import runs_needed
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider
from arbook.widgets._draws import normals, uniforms

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Programs in a race, and races of which the record is told.
NAMES, N_RACES = "ABCDEFGH", 100

_START = {
    "gap": 0.1, "noise": 0.2, "error": 0.05, "stairs": 1, "common": 0.0, "indifference": 0.1,
    "first_runs": 10,
}  # fmt: skip


class RacingExplorer(Explorer):
    """A race of eight programs beside even shares: who is dropped when, and what it costs.

    Gain areas are in units of the usual program's, so that 0.1 is 10 % of it.

    Parameters
    ----------
    gap : float
        Lead of the best program.
    noise : float
        Standard deviation of a night.
    error : float
        Probability of a wrong choice that the race allows.
    stairs : int
        1: each program is a gap better than the next; 0: seven are equal.
    common : float
        Share of a night's variance that is the same for all programs.
    indifference : float
        Smallest difference that matters to the race.
    first_runs : int
        Nights of each program before the first decision.
    seed : int
        Which luck, and which program is the best.

    Examples
    --------
    >>> explorer = RacingExplorer()
    >>> explorer.choice().total < 8 * explorer.even_runs()
    True
    """

    name = "racing"
    title = "Racing explorer"
    view = "racing.js"

    gap = slider(
        0.1, 0.04, 0.16, 0.01, symbol="", words="gap between programs, usual = 1", digits=2
    )
    noise = slider(0.2, 0.05, 0.3, 0.01, symbol="", words="noise of a night, usual = 1", digits=2)
    error = slider(
        0.05, 0.01, 0.3, 0.01, symbol="α", words="allowed probability of error", digits=2
    )
    stairs = slider(1, 0, 1, 1, symbol="", words="seven equals, stairs", more=True)
    common = slider(
        0.0, 0.0, 0.9, 0.1, symbol="", words="share of common luck", digits=1, more=True
    )
    indifference = slider(
        0.1, 0.05, 0.2, 0.01,
        symbol="d", words="indifference, usual = 1", digits=2, more=True,
    )  # fmt: skip
    first_runs = slider(
        10, 4, 30, 1, symbol="n₀", words="nights before the first decision", more=True
    )

    presets = (
        Preset("Stairs", _START, "Most programs are hopeless, and soon out."),
        Preset(
            "Seven equals",
            {**_START, "stairs": 0},
            "Every rival is close: racing saves less.",
        ),
        Preset(
            "Common luck",
            {**_START, "stairs": 0, "common": 0.8},
            "Four fifths of a night's luck are shared: both need far fewer nights.",
        ),
        Preset(
            "Hasty",
            {**_START, "error": 0.3, "first_runs": 4},
            "Three wrong choices in ten are allowed.",
        ),
    )
    guess = Guess(
        text=(
            "Eight programs, each 10 % of the usual gain area better than the next; one night has "
            "a standard deviation of 20 %. A race drops a program as soon as it is clearly worse "
            "than another, and errs with a probability of at most 5 %. How many nights does it "
            "spend on all programs together, on average?"
        ),
        because=(
            "The hopeless ones leave soon after the first decision, at ten nights; most nights go "
            "into the three best."
        ),
        unit="nights",
        digits=0,
        example="300",
    )
    after = Question(
        text=(
            "Switch to seven equals. Why does the race save less, and what could save nights there?"
        ),
        answer=(
            "Nobody is hopeless, so nobody leaves early, and a race must guard against seven "
            "rivals at once. Common luck helps there: differences between programs are then less "
            "noisy. So does a wider indifference, if a smaller lead does not matter to you."
        ),
    )

    data = {"races": N_RACES}  # noqa: RUF012

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

    def draw_still(self, figure: Figure) -> None:
        """Draw the nights that each program got, and what even shares cost."""
        choice, axes = self.choice(), figure.subplots()
        dropped = {one.program for one in choice.eliminations}
        for i, runs in enumerate(choice.runs):
            colour = "#999999" if i in dropped else "#d55e00"
            axes.barh(i, runs, 0.6, color=colour)
        axes.axvline(
            self.even_runs(), color="#009e73", ls="--", label="even shares, as often right"
        )
        axes.set(
            yticks=range(len(NAMES)), yticklabels=list(NAMES), ylabel="program",
            xlabel="nights spent", title="orange: chosen; grey: dropped",
        )  # fmt: skip
        axes.title.set_fontsize(10)
        axes.legend(frameon=False)
        axes.invert_yaxis()

    def describe_still(self) -> str:
        """Say what the picture shows."""
        choice, (right, nights) = self.choice(), self.record()
        even = self.even_runs(right)
        out = ", ".join(f"{NAMES[one.program]} after {one.runs}" for one in choice.eliminations)
        return (
            f"A race of eight programs with gap {self.gap:g}, noise {self.noise:g}, error "
            f"{self.error:g}, indifference {self.indifference:g} and {self.common:g} of the luck "
            f"in common. It chose {NAMES[choice.best]} after {choice.total} nights in all; dropped "
            f"were {out or 'none'}. Of {N_RACES} such races {right} are right, after {nights:.1f} "
            f"nights on average; for that even shares need {len(NAMES) * even}."
        )
