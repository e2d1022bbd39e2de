"""Explorer of programs under conditions: crashes, a floor, a price of boldness."""

from arbook.widgets import _sliders
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider

#: Runs of which means are made, the longest of them, and the baseline.
N_RUNS, MOST, BASELINE = 200, 200, 1.0

#: First step sizes that are tried: the ends and how many.
LOW, HIGH, TRIED = 0.001, 0.3, 25


class ConditionsExplorer(Explorer):
    """Gain area against the first step size under conditions, and runs at one step size.

    An experiment crashes with probability ``1 - exp(-sigma / kappa)``, the frontier cannot pass the
    floor, and the bias of experiment t is ``price * sigma_t**2``. All step sizes are tried with the
    same luck.
    """

    name = "conditions"
    title = "Conditions explorer"
    view = "conditions.js"

    sigma0 = _sliders.sigma0(0.01, LOW, HIGH)
    kappa = slider(
        0.02, 0.005, 10.0, 0.02, symbol="κ", words="crash scale", unit="bits per byte", log=True
    )
    floor = slider(0.0, 0.0, 0.98, 0.01, words="floor", unit="bits per byte", digits=2)
    price = _sliders.price(more=True)
    gamma = _sliders.gamma(more=True)
    n = slider(100, 10, MOST, 10, symbol="N", words="experiments", more=True)

    presets = (
        Preset("Crashes", {}, "Bold experiments crash: there is a best step."),
        Preset(
            "As good as stated",
            {"kappa": 10.0},
            "Hardly a crash, and a floor that only the boldest runs meet.",
        ),
        Preset(
            "A floor",
            {"kappa": 10.0, "floor": 0.9},
            "Bolder is never worse, but soon hardly better.",
        ),
        Preset(
            "Crashes and a floor",
            {"floor": 0.9},
            "With little room left to gain, the best step is smaller.",
        ),
        Preset(
            "A price",
            {"kappa": 10.0, "price": 10.0},
            "Bold changes harm on average: a best step again.",
        ),
    )
    guess = Guess(
        text=(
            "Bold experiments crash more often, with probability 1\u00a0−\u00a0exp(−σ/κ), "
            "κ\u00a0=\u00a00.02. For one experiment σ = κ would be best. For 100, with steps that "
            "shrink by γ\u00a0=\u00a00.97 each time, where is the best first step?"
        ),
        because=(
            "It is about twice κ. Steps shrink: a run that starts too bold passes through κ later, "
            "when most of its experiments are still to come."
        ),
        choices=("Well below κ", "At κ", "Well above κ"),
    )
    after = Question(
        text="Find the best step under crashes, then raise the floor to 0.9. Where does it go?",
        answer=(
            "Down, from twice κ to little more than κ. A bold start paid by going deep, and the "
            "floor does not let it: what is left to win is to arrive early, which crashes hinder."
        ),
    )
    data = { # noqa: RUF012
        "runs": N_RUNS, "most": MOST, "f0": BASELINE, "low": LOW, "high": HIGH, "tried": TRIED
    }  # fmt: skip
