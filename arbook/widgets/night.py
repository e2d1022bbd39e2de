"""Explorer of a night in the laboratory, in the chapter on a loop of one's own."""

from typing import Any

from arbook.laboratory import Surrogate
from arbook.widgets import _sliders
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider

#: Nights of which the sentence tells, and the longest.
N_NIGHTS, MOST = 24, 200


def surrogate(most: int) -> dict[str, Any]:
    """Return what `nights.js` needs of the task, for nights of at most so many experiments."""
    task = Surrogate()
    model = {name: part for name, part in task.settings()["model"].items() if name != "report"}
    return {
        "model": model,
        "start": task.space.start.tolist(),
        "noise": task.noise,
        "most": most,
    }


class NightExplorer(Explorer):
    """A night on the surrogate of the real task, and many like it: logged and true frontier."""

    name = "night"
    title = "Night explorer"
    view = "night.js"

    step = _sliders.first_step()
    gamma = _sliders.gamma(0.985, 0.94, 1.0)
    margin = _sliders.keep_margin()
    n = slider(100, 20, MOST, 10, symbol="N", words="experiments", more=True)

    presets = (
        Preset("Sensible", {}, "Half of the gain in the first experiments, then ever less."),
        Preset("Timid", {"step": 0.02}, "No crash, and next to no gain: it stays where it began."),
        Preset("Reckless", {"step": 0.4, "gamma": 1.0}, "Most experiments crash or do great harm."),
        Preset("Hasty", {"gamma": 0.94}, "The steps are gone before the night is over."),
        Preset("Suspicious", {"margin": 6.0}, "Little luck in the log, and small gains refused."),
    )
    untouched = ("n",)
    guess = Guess(
        text=(
            "Fourteen hyperparameters of the real task, a hundred experiments of five minutes "
            "each, steps that shrink by 1.5 % an experiment. After how many experiments is half of "
            "the night’s gain there, in the mean of many nights?"
        ),
        because=(
            "Changes that gain much are used up first: near the baseline one proposal in seven is "
            "better, later one in fifty."
        ),
        unit="experiments",
        digits=0,
        example="30",
    )
    after = Question(
        text="Raise the margin to six noises. What does it do to the two lines, and who gains?",
        answer=(
            "The logged line moves almost onto the true one: what is kept is hardly luck. The "
            "truth is no better for it, for what the margin refuses is small and often real."
        ),
    )

    def load_data(self) -> dict[str, Any]:
        """Return the trees, the baseline, and the noise."""
        return {**surrogate(MOST), "nights": N_NIGHTS}
