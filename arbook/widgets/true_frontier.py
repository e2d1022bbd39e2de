"""Explorer of the chapter on what is true when only measurements are seen."""

from collections.abc import Mapping
from typing import Any

from arbook.widgets._base import Explorer, Guess, Preset, Question, slider
from arbook.widgets._judged import HIGHEST, JUDGED, LOWEST, NOISES, REPEATED, run_data
from arbook.widgets._runs import numbers


class TrueFrontierExplorer(Explorer):
    """The true frontier of a run, and the verdict on each of its keeps, for any noise."""

    name = "true-frontier"
    title = "True frontier explorer"
    view = "true_frontier.js"

    noise = slider(
        REPEATED, LOWEST, HIGHEST, 0.02, symbol="ν", words="noise", unit="bits per byte", log=True
    )
    keep = slider(11, 1, 24, 1, words="chosen keep")  # a toss-up, which stands alone
    start = slider(0, 0, 90, 10, words="start of the picture", unit="% of the run")
    run = slider(1, 1, len(JUDGED), 1, words="run, in the order of the buttons", more=True)

    presets = (
        Preset("As 27 repeats tell", {}, "One program, measured 27 times, beside h100-mar8."),
        Preset(
            "As the log tells", {"noise": JUDGED["h100-mar8"][0]}, "What the log itself expects."
        ),
        Preset("Almost none", {"noise": LOWEST}, "The log of h100-mar8 as it stands."),
        *(
            Preset(name, {"run": run, "noise": noise}, f"The noise that the log of {name} tells.")
            for run, (name, (noise, *_)) in enumerate(JUDGED.items(), start=1)
            if run > 1
        ),
    )
    guess = Guess(
        text=(
            "The log of h100-mar8 has 22 keeps. Measured again and again, one program gives values "
            "that differ by 0.00051 bits per byte (one standard deviation). How many of the keeps "
            "are true improvements with a probability of 95 %?"
        ),
        because=(
            "A few early steps are many times the noise. Most keeps are of its size, and each of "
            "them may be luck."
        ),
        choices=("22", "15", "6"),
    )
    after = Question(
        text=(
            "Slide ν from its least value up to 0.00051. Keep after keep falls into doubt, but the "
            "gain stays. Why?"
        ),
        answer=(
            "Five steps make three quarters of it, and are larger than the noise. Most keeps in "
            "doubt are expected to be gains, too: two of the 22 are probably losses."
        ),
    )
    first_seed = None

    def load_data(self) -> Mapping[str, Any]:
        """Return the runs, with the parameters that each suggests at each noise."""
        runs = [run_data(run) for run in range(1, len(JUDGED) + 1)]
        return {"noises": numbers(NOISES), "runs": runs}
