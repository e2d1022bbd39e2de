"""Explorer of the chapter on telling programs apart."""

from collections.abc import Mapping
from typing import Any

from arbook.widgets._base import Explorer, Guess, Preset, Question, slider
from arbook.widgets._looking import NIGHTS, looking


class PowerExplorer(Explorer):
    """How often n nights of each rank two programs rightly, and looking at them every night."""

    name = "power"
    title = "Power explorer"
    view = "power.js"

    first_seed = None

    difference = slider(
        1.2, 0.0, 3.0, 0.05, symbol="d/s", words="true difference, in spreads of a night", digits=2
    )
    n = slider(1, 1, NIGHTS, 1, symbol="n", words="nights of each")
    correlation = slider(
        0.0, 0.0, 0.95, 0.05, symbol="ρ", words="correlation of paired nights", digits=2
    )

    presets = (
        Preset("The closest pair", {}, "One night of each of two published models."),
        Preset("Thirteen nights", {"n": 13}, "What a test needs to see that difference."),
        Preset("No difference", {"difference": 0.0, "n": 20}, "Whoever finds one here is wrong."),
        Preset("Neighbours", {"difference": 0.3, "n": 40}, "Forty nights, and still a bet."),
        Preset(
            "Shared luck", {"difference": 0.3, "n": 40, "correlation": 0.9}, "The same, in pairs."
        ),
    )
    guess = Guess(
        text=(
            "Two models were given the same task twenty times each. Their mean scores differ by "
            "1.2 standard deviations of a single run. You make one run of each. In how many of 100 "
            "such contests does the worse model look better?"
        ),
        because=(
            "Both runs have luck, and their difference has the luck of two: its spread is 1.41, "
            "and the lead of 1.2 is less than that."
        ),
        unit="%",
        example="5",
        digits=1,
    )
    after = Question(
        text=(
            "Take No difference. How often does a t-test claim one, if you look every night for "
            "twenty nights? Which rule may be looked at?"
        ),
        answer=(
            "In about a quarter of the contests, where 5 % were promised: one lucky night of many "
            "is enough. E-values stay below their 5 % for ever, and pay for it with a few nights "
            "where there is a difference."
        ),
    )

    def load_data(self) -> Mapping[str, Any]:
        """Return how soon the two rules find a difference."""
        return looking()
