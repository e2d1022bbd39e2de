"""Explorer of the chapter on the keep probability."""

from collections.abc import Mapping
from typing import Any

from arbook.widgets import _sliders
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider

#: Experiments of a run.
N_EXPERIMENTS = 100


class KeepProbabilityExplorer(Explorer):
    """Changes of a run and how many are kept, over the run and as a function of −μ/σ.

    The last picture marks the keep rates of the real runs that come with the book.
    """

    name = "keep-probability"
    title = "Keep probability explorer"
    view = "keep_probability.js"

    sigma0 = _sliders.sigma0(0.01, 0.0005)
    gamma = _sliders.gamma()
    mu = _sliders.mu()
    runs = slider(200, 20, 500, 20, words="simulated runs", more=True)

    presets = (
        Preset("No skill", {}, "One half, for ever."),
        Preset("Bold", {"sigma0": 0.05}, "Changes five times as wide, and the same curve."),
        Preset("Timid", {"sigma0": 0.0005}, "Changes a twentieth as wide, and the same curve."),
        Preset("Skilled", {"mu": -0.001}, "As the steps shrink, everything is kept."),
        Preset(
            "Skilled, bolder",
            {"sigma0": 0.05, "mu": -0.005},
            "Step and bias five times as large: wider changes, the same rates.",
        ),
        Preset("Harmful", {"mu": 0.001}, "As the steps shrink, nothing is kept."),
        Preset(
            "A real run",
            {"sigma0": 0.0036, "gamma": 0.988, "mu": 0.0008},
            "The parameters that fit a public run best: it keeps fewer and fewer.",
        ),
    )
    untouched = ("runs",)
    guess = Guess(
        text=(
            "An agent without skill (μ = 0) makes 100 experiments, once with bold steps, σ₀ = "
            "0.050, once with timid ones, σ₀ = 0.0005. Which run keeps more?"
        ),
        because=(
            "Without bias a change is as likely to be negative as positive, however large it is: "
            "50 of 100 on average in both runs."
        ),
        choices=("The bold one", "The timid one", "Both the same"),
    )
    after = Question(
        text="Find parameters for which the curve falls over the run. What do they have in common?",
        answer=(
            "μ > 0, which the model does not allow. As the steps shrink, the same average harm "
            "weighs more and more. Real runs fall, too."
        ),
    )

    def load_data(self) -> Mapping[str, Any]:
        """Return the keep rates of the real runs, and what the law makes of them."""
        from scipy.stats import norm

        from arbook import logs

        real = []
        for name in logs.available_runs():
            rate = float(logs.load_run(name).keep_rate)
            real.append({"name": name, "rate": rate, "a": float(norm.ppf(rate))})
        return {"n": N_EXPERIMENTS, "real": real}
