"""Explorer on the first page: the opening night, and nights of the reader's own."""

from typing import Any

from arbook.widgets import _sliders
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider
from arbook.widgets._forecasts import LEVELS, NIGHT, OPENING, PROBABILITIES, opening
from arbook.widgets._runs import load, numbers
from arbook.widgets.night import surrogate

#: What the agent tried first, one of `OPENING` experiments each.
CHANGES = (
    "half the batch, so twice the steps",
    "one layer more, and a little wider",
    "a warm-up at the start",
    "a learning rate that falls for longer",
    "far attention in fewer layers",
    "near attention that looks less far",
    "positions that turn more slowly",
    "a larger learning rate of the embedding",
    "a larger learning rate of the output",
    "a smaller share of the input in every layer",
)

# The forecast's 80 % band and its median, among its quantiles.
_BAND = [LEVELS.index(80), len(LEVELS), len(PROBABILITIES) - 1 - LEVELS.index(80)]


class CoverExplorer(Explorer):
    """The opening night, called and drawn by the reader; then nights of the reader's own."""

    name = "cover"
    title = "Opening night"
    view = "cover.js"

    step = _sliders.first_step()
    gamma = _sliders.gamma(0.985, 0.94, 1.0)
    margin = _sliders.keep_margin()
    nights = slider(0, 0, 96, 8, words="nights with yours (0: the real one)", more=True)

    presets = (
        Preset("The real night", {}, "Ten experiments bring most of it, and the rest a little."),
        Preset("Yours", {"nights": 24}, "The log flatters: part of what it keeps is luck."),
        Preset("Timid", {"nights": 24, "step": 0.02}, "No crash, and next to no gain."),
        Preset(
            "Reckless",
            {"nights": 24, "step": 0.4, "gamma": 1.0},
            "Most experiments crash or do great harm.",
        ),
    )
    guess = Guess(
        text=(
            "One night, 125 experiments. Call the first ten: keep or discard? Then draw how the "
            "line goes on. How much do the other 115 gain?"
        ),
        because="What is easy to find is found first: the first ten brought 82 % of the gain.",
        unit="bits per byte",
        digits=4,
        example="0.01",
    )
    after = Question(
        text="In a night of your own, which line would you report in the morning?",
        answer=(
            "A real loop has only the dashed one, and it flatters: among many noisy measurements "
            "those are kept that were lucky. Measured and true says by how much."
        ),
    )

    def load_data(self) -> dict[str, Any]:
        """Return the real night, its first changes in words, its forecast, and the surrogate."""
        log, made = load(NIGHT), opening()
        measured = [None if crashed else value for value, crashed in zip(
            numbers(log.value[1:]), log.crashed[1:], strict=True)]  # fmt: skip
        fate = [2 if crashed else int(kept) for kept, crashed in zip(
            log.kept[1:], log.crashed[1:], strict=True)]  # fmt: skip
        return {
            **surrogate(log.n_experiments),
            "real": {"frontier": numbers(log.frontier), "measured": measured, "fate": fate},
            "changes": list(CHANGES[:OPENING]),
            "forecast": {
                "at": made["at"],
                "quantiles": [made["quantiles"][row] for row in _BAND],
            },
        }
