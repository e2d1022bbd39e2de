"""Explorer of rules that decide under noise, in the chapter on it."""

from arbook.widgets import _sliders
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider
from arbook.widgets.noise import BASELINE, MOST

#: The rules in the order of the question's choices; "margin" and "ladder" ask for one noise.
RULES = "plain", "margin", "ladder", "confirm", "posterior mean"


class KeepRulesExplorer(Explorer):
    """Five keep rules race on the same luck: what each one's log says, and what is true."""

    name = "keep-rules"
    title = "Keep rules explorer"
    view = "keep_rules.js"

    noise = slider(
        0.004, 0.0005, 0.016, 0.0005, symbol="ν", words="noise", unit="bits per byte", digits=4
    )
    mu = _sliders.mu(0.002, -0.002, 0.005)
    gamma = _sliders.gamma(1.0, high=1.0)
    n = slider(MOST, 20, MOST, 20, symbol="N", words="measurements to spend", more=True)
    sigma0 = _sliders.sigma0(0.004, 0.001, 0.02, more=True)
    races = slider(100, 1, 100, 1, words="races, of which the mean is drawn", more=True)

    presets = (
        Preset("As large as the steps", {}, "Every decision is half luck."),
        Preset("Quiet", {"noise": 0.001}, "Little is left to decide: a second look costs most."),
        Preset("Loud", {"noise": 0.012}, "Most of what the logs show is luck, but for one."),
        Preset("No bias", {"mu": 0.0}, "No margin is needed, and each costs good variants."),
        Preset(
            "Steps that shrink", {"gamma": 0.99}, "Who tries fewer variants has larger steps left."
        ),
        Preset("One race", {"races": 1}, "One night: true lines rise where a keep was bad."),
    )
    guess = Guess(
        text=(
            "Five rules judge the same variants, measured with the same luck. Noise is as large as "
            "the steps, and changes harm on average. Margin and ladder ask for a logged gain of "
            "one noise, confirm measures again what looks better, the posterior mean weighs all it "
            "saw. Whose incumbent is truly best after 200 measurements?"
        ),
        because=(
            "It counts how lucky its incumbent is likely to be, and asks for no more than that. "
            "A margin of one noise refuses most good variants, too."
        ),
        choices=RULES,
    )
    after = Question(
        text="Slide γ down to 0.99. Which rule catches up with the posterior mean, and why?",
        answer=(
            "Confirm. Steps shrink with each variant, not with each measurement; a rule that "
            "spends two on some has tried fewer variants, and its steps are still larger. Compare "
            "rules under one schedule."
        ),
    )
    data = {"most": MOST, "f0": BASELINE, "rules": RULES}  # noqa: RUF012
