"""Explorer of the chapter on the budget."""

from typing import Any

from arbook.widgets import _sliders
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider

#: What the explorer's experiments hide beside noise falls with this power of their length.
EXPONENT = 0.5


class BudgetExplorer(Explorer):
    """What a night gains against the length of its experiments, for agents and for repeats."""

    name = "budget"
    title = "Budget explorer"
    view = "budget.js"

    first_seed = None

    hours = slider(8, 1, 24, 1, symbol="H", words="length of the night", unit="hours")
    machines = slider(4, 1, 16, 1, symbol="k", words="machines")
    tau = slider(
        5.0, 0.2, 120, 0.02, symbol="τ", words="training of an experiment", unit="minutes", log=True
    )
    noise = slider(
        0.075,
        0.01,
        100,
        0.05,
        symbol="τ_ν",
        words="noise length",
        unit="minutes",
        log=True,
        more=True,
    )
    curve = slider(1.0, 0.0, 20, 0.5, symbol="τ_β", words="curve length", unit="minutes", more=True)
    overhead = slider(0.5, 0.0, 10, 0.5, symbol="τ_o", words="overhead", unit="minutes", more=True)
    sigma0 = _sliders.sigma0(0.0032, more=True)
    gamma = _sliders.gamma(0.9864, more=True)
    mu = _sliders.mu(0.0005, more=True)

    presets = (
        Preset("Opening night", {}, "A flat top: half the length or twice costs a tenth or two."),
        Preset("One machine", {"machines": 1}, "The same length: machines hardly change it."),
        Preset("Two nights", {"hours": 16}, "Twice the time goes into length, not into number."),
        Preset(
            "Much noise",
            {"noise": 20, "tau": 20},
            "Few long experiments, and agents still beat repeats.",
        ),
        Preset(
            "Steps that stay",
            {"gamma": 0.999, "mu": 0.0, "tau": 1},
            "Decisions that all gain alike: the best experiments are short.",
        ),
    )
    guess = Guess(
        text=(
            "Four machines for eight hours, with the agent and the noise of the opening night; "
            "an experiment takes half a minute beside its training. How many minutes of training "
            "bring the largest gain that lasts?"
        ),
        because=(
            "Its steps shrink by 1.4 % a round: after some hundred rounds there is little left "
            "to find, and what time remains is better spent on seeing more of each change."
        ),
        unit="minutes",
        example="2",
        digits=1,
    )
    after = Question(
        text="Raise the noise length until four repeats beat four agents. Where is that?",
        answer=(
            "At the best length, nowhere on this slider; without bias, at no length: another "
            "variant tells more than another look at the same one. With a bias repeats win where "
            "experiments are far too short. With many machines and much noise it turns round."
        ),
    )

    def load_data(self) -> dict[str, Any]:
        """Return what is not a slider."""
        return {"exponent": EXPONENT}
