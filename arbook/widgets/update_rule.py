"""Explorer of the chapter on the update rule."""

from arbook.widgets import _sliders
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider

#: Experiments of a run.
N_EXPERIMENTS = 30

#: Metric of the baseline, in bits per byte.
BASELINE = 0.982


class UpdateRuleExplorer(Explorer):
    """One experiment at a time: guess keep or discard, measure the variant, see the decision."""

    name = "update-rule"
    title = "Update rule explorer"
    view = "update_rule.js"

    t = slider(0, 0, N_EXPERIMENTS, 1, symbol="t", words="experiments decided")
    mu = _sliders.mu(0.002, words="bias of the agent")
    crash = slider(0.1, 0.0, 0.5, 0.05, words="share of crashes", digits=2)
    sigma0 = _sliders.sigma0(0.004, 0.001, 0.02, more=True)
    gamma = _sliders.gamma(more=True)
    digits = slider(4, 2, 4, 1, words="decimals of the metric", more=True)

    presets = (
        Preset(
            "Typical", {}, "Most of its changes are discarded, and the line falls all the same."
        ),
        Preset(
            "Aimless",
            {"mu": 0.0, "crash": 0.0},
            "A coin decides, and the rule keeps the lucky half.",
        ),
        Preset("Skilled", {"mu": -0.004, "crash": 0.0}, "Almost everything is kept."),
        Preset(
            "Adversary",
            {"mu": 0.01},
            "It does all the harm it can: it stops the line, and cannot raise it.",
        ),
        Preset(
            "Ties",
            {"mu": 0.0, "crash": 0.0, "sigma0": 0.0015, "digits": 3},
            "Read to three decimals, many variants tie with the incumbent.",
        ),
    )
    untouched = ("t",)
    guess = Guess(
        text=(
            "The best script so far measures 0.9820 bits per byte. The next variant is shorter and "
            "measures exactly 0.9820. What does the update rule do?"
        ),
        because="The rule asks for strictly less, and looks at nothing but the metric.",
        choices=("Keep it", "Discard it"),
    )
    after = Question(
        text="Could you have made the line go up? Try the preset Adversary, too.",
        answer=(
            "No. Whatever the variant, the smaller of two numbers is never larger than either. A "
            "bad agent wastes time; it cannot do harm."
        ),
    )
    first_seed = 13  # a discard, a keep and a crash come first
    data = {"n": N_EXPERIMENTS, "f0": BASELINE}  # noqa: RUF012
