"""Explorer of the chapter on many agents."""

from arbook.widgets import _sliders
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider

#: Agents on the axis of the picture.
MOST_AGENTS = 30


class MultiAgentExplorer(Explorer):
    """One round of k agents: k variants, the best of them kept, and what the best of k gains."""

    name = "multi-agent"
    title = "Multi-agent explorer"
    view = "multi_agent.js"
    first_seed = 7  # the first round's best does not lie on the curve of means

    k = slider(10, 1, MOST_AGENTS, 1, symbol="k", words="agents a round")
    mu = _sliders.mu(0.0, -0.005, 0.02)
    sigma0 = _sliders.sigma0(more=True)

    presets = (
        Preset("No skill", {}, "Every variant is kept with probability ½."),
        Preset("As in a real run", {"mu": 0.0093}, "One agent keeps 17.6 % of its variants."),
        Preset(
            "Rare keeps",
            {"mu": 0.0175},
            "With p = 0.04 two good variants in one round are rare: little is thrown away.",
        ),
        Preset("Small team", {"k": 4}, "Four agents gain 2.6 times as much as one."),
    )
    guess = Guess(
        text=(
            "One agent without skill gains 0.004 bits per byte an experiment on average. Ten "
            "agents start from the same script and the best of their variants is kept. How many "
            "times as much does their round gain?"
        ),
        because="Only the best of the ten is kept; the gains of the others are thrown away.",
        unit="times",
        digits=2,
        example="5",
    )
    after = Question(
        text=(
            "From which k on does one more agent add less than a tenth of what the first one gave? "
            "And with rare keeps?"
        ),
        answer=(
            "Without skill from the 13th on. With rare keeps the 30th still adds more than half: "
            "two variants worth keeping seldom fall into one round, so little is thrown away."
        ),
    )
