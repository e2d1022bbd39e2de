"""Explorer of the chapter on the gain area."""

from arbook.widgets import _sliders
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider


class GainAreaExplorer(Explorer):
    """Two agents side by side: the area under the baseline, of one run and in expectation.

    Both runs have the same luck (the same standard normal numbers), so that what differs is the
    agents.
    """

    name = "gain-area"
    title = "Gain area explorer"
    view = "gain_area.js"

    gamma_first = _sliders.gamma(0.9, 0.8, words="decay, first")
    gamma_second = _sliders.gamma(0.999, 0.8, words="decay, second")
    n = slider(100, 10, 300, 5, symbol="N", words="experiments")
    sigma0_first = _sliders.sigma0(0.03, words="step size, first", more=True)
    sigma0_second = _sliders.sigma0(0.00315, words="step size, second", more=True)
    mu_first = _sliders.mu(words="bias, first", more=True)
    mu_second = _sliders.mu(words="bias, second", more=True)

    first_seed = 25

    presets = (
        Preset(
            "Same depth, different area",
            {},
            "Both gain 0.12 bits per byte in 100 experiments, one early, one steadily.",
        ),
        Preset(
            "Fast but shallow",
            {"n": 80, "sigma0_second": 0.008, "gamma_second": 0.985},
            "The first stops early, the second ends deeper.",
        ),
        Preset(
            "Boldness against skill",
            {
                "sigma0_first": 0.02,
                "gamma_first": 0.96,
                "sigma0_second": 0.006,
                "gamma_second": 0.96,
                "mu_second": -0.002,
            },
            "The second agent’s steps are smaller, but they help on average.",
        ),
    )
    guess = Guess(
        text=(
            "Two agents gain the same in 100 experiments, 0.12 bits per byte on average: the first "
            "early, the second at a steady pace. How many times as large is the expected gain area "
            "of the first?"
        ),
        because="What is gained in experiment s counts N − s times: early gains pay all night.",
        unit="times",
        digits=2,
        example="1.2",
    )
    after = Question(
        text=(
            "In Fast but shallow the second agent is the deeper one from experiment 55 on. When "
            "does its area overtake, and why so late?"
        ),
        answer=(
            "At N = 111. Until then the area remembers the early lead of the first agent: what the "
            "second gains late must first pay back what the first was ahead by, experiment by "
            "experiment."
        ),
    )
