"""Explorer of the chapter on the frontier."""

from arbook.widgets import _sliders
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider


class FrontierExplorer(Explorer):
    """Many simulated runs, one highlighted, with the exact mean frontier and 90 % band."""

    name = "frontier"
    title = "Frontier explorer"
    view = "frontier.js"

    sigma0 = _sliders.sigma0()
    gamma = _sliders.gamma()
    mu = _sliders.mu()
    n = slider(100, 10, 200, 10, symbol="N", words="experiments", more=True)
    runs = slider(40, 5, 60, 5, words="simulated runs", more=True)

    presets = (
        Preset("No skill", {}, "Every change is as likely to help as to harm."),
        Preset(
            "Skilled agent",
            {"mu": -0.001},
            "The gain never stops: about |μ| an experiment once the steps are small.",
        ),
        Preset(
            "Harmful agent",
            {"gamma": 0.9, "mu": 0.01},
            "Many runs never keep anything: a flat piece at the top.",
        ),
        Preset("Too timid", {"sigma0": 0.001}, "The same shape, a tenth as deep."),
        Preset(
            "Too hasty",
            {"sigma0": 0.02, "gamma": 0.9},
            "Bold at first, and done after 40 experiments.",
        ),
    )
    untouched = (
        "n",
        "runs",
    )
    guess = Guess(
        text=(
            "An agent without skill (μ = 0) starts with steps of 0.010 bits per byte and γ = 0.97. "
            "How far below the baseline is the mean frontier after 100 experiments?"
        ),
        because=(
            "It is 0.399 of the sum of all steps, σ₀(1 − γᴺ)/(1 − γ); two thirds of it come in the "
            "first third."
        ),
        unit="bits per byte",
        example="0.05",
    )
    after = Question(
        text="Press New seed a few times: what changes, and what does not? Why?",
        answer=(
            "The runs change. The mean and the band do not: they are computed from the parameters, "
            "not from the runs. One run may well end outside the band; one in ten does."
        ),
    )
