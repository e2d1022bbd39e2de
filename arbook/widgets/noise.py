"""Explorer of the chapter on noise."""

from arbook.widgets import _sliders
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider

#: Runs of which the mean is drawn, most measurements of a run, and the baseline's true metric.
N_RUNS, MOST, BASELINE = 200, 200, 1.0


class NoiseExplorer(Explorer):
    """Noisy decisions and the mean of many runs: what the log says, and what is true."""

    name = "noise"
    title = "Noise explorer"
    view = "noise.js"

    noise = slider(
        0.004, 0.0, 0.02, 0.0005, symbol="ν", words="noise", unit="bits per byte", digits=4
    )
    threshold = slider(
        0.0, 0.0, 0.02, 0.0005, symbol="h", words="margin", unit="bits per byte", digits=4
    )
    repeats = slider(1, 1, 10, 1, symbol="J", words="repetitions")
    remeasure = slider(0, 0, 1, 1, words="fresh incumbent: no, yes", more=True)
    n = slider(200, 20, MOST, 20, symbol="N", words="measurements to spend", more=True)
    mu = _sliders.mu(0.002, -0.005, 0.005, more=True)
    sigma0 = _sliders.sigma0(0.004, 0.001, 0.02, more=True)
    gamma = _sliders.gamma(0.99, more=True)

    presets = (
        Preset("Quiet", {"noise": 0.0}, "Without noise the log is the truth."),
        Preset("Noise as large as the steps", {}, "Two thirds of the logged gain are luck."),
        Preset("Margin", {"threshold": 0.004}, "Small gains are refused, lucky ones among them."),
        Preset(
            "Four measurements",
            {"repeats": 4},
            "A quarter of the variants, each known twice as well.",
        ),
        Preset("Fresh incumbent", {"remeasure": 1}, "Fair to the variants: the true line rises."),
    )
    guess = Guess(
        text=(
            "The noise is as large as the agent’s steps, 0.004 bits per byte. To be fair to "
            "variants, the incumbent is measured anew in every experiment, in place of keeping its "
            "old, perhaps lucky value. For the same number of measurements, what does that do to "
            "the search?"
        ),
        because=(
            "The lucky value was a margin: it refused variants that were not clearly better. "
            "Without it nearly as many harmful changes are kept as good ones, and here changes "
            "harm on average."
        ),
        choices=("It gets better", "It stays the same", "It gets worse"),
    )
    after = Question(
        text="Raise the noise until the true line rises. What brings it down, at the same noise?",
        answer=(
            "A margin, or several measurements of each variant. Either makes it rarer that luck "
            "alone decides; the second costs variants, and still gains more."
        ),
    )
    data = {"runs": N_RUNS, "most": MOST, "f0": BASELINE}  # noqa: RUF012
