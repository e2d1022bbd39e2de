"""Explorer of correlated agents, and of what a team's gain costs, waiting or not."""

from arbook.widgets import _sliders
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider

#: Largest team; runs of agents that do not wait, and their seed; experiments of each agent; the
#: time in which the gain is taken: once all have begun, and before any has ended.
MOST_AGENTS, N_RUNS, SEED, EACH = 30, 120, 1, 16
FROM, UNTIL = 2, 14


class TeamExplorer(Explorer):
    """How many independent agents a team is worth, what its gain costs, and whether to wait."""

    name = "team"
    title = "Team explorer"
    view = "team.js"

    k = slider(10, 1, MOST_AGENTS, 1, symbol="k", words="agents")
    correlation = slider(0.5, 0.0, 1.0, 0.05, symbol="ρ", words="correlation", digits=2)
    waiting = slider(
        10.0, 0.1, 100.0, 0.02, symbol="w", words="price of waiting", unit="experiments", log=True
    )
    mu = _sliders.mu(0.0, -0.005, 0.02, more=True)
    sigma0 = _sliders.sigma0(words="step size", more=True)
    variation = slider(
        0.0, 0.0, 2.0, 0.05, symbol="v", words="spread of durations", unit="τ", digits=2, more=True
    )

    presets = (
        Preset(
            "One model, one prompt", {"correlation": 0.9}, "Ten agents with nearly the same ideas."
        ),
        Preset("Independent", {"correlation": 0.0}, "As the law of the best of k has it."),
        Preset(
            "Waiting is cheap",
            {"k": 2, "correlation": 0.0, "waiting": 0.4},
            "Just below √2 − 1: one agent costs least.",
        ),
        Preset(
            "Uneven experiments",
            {"correlation": 0.0, "variation": 1.0},
            "A round lasts as long as its slowest experiment.",
        ),
    )
    guess = Guess(
        text=(
            "Ten agents share a model and a prompt; any two of their changes have correlation ½. "
            "The gain of their round is that of how many independent agents?"
        ),
        because="Half of the variance is common to all ten: there is nothing to choose in it.",
        unit="agents",
        digits=2,
        example="5",
    )
    after = Question(
        text=(
            "Choose independent agents, then raise the spread of the durations to 1. What happens "
            "to the best team, and to agents that do not wait?"
        ),
        answer=(
            "A round of ten then lasts 2.9 experiments, and the best team shrinks from 7 to 4. "
            "Agents that do not wait gain less with each experiment, but lose no time: they were "
            "dearer than the round, and are cheaper now."
        ),
    )
    first_seed = None
    data = {  # noqa: RUF012
        "runs": N_RUNS,
        "seed": SEED,
        "most": MOST_AGENTS,
        "each": EACH,
        "from": FROM,
        "until": UNTIL,
    }
