"""Explorer of the chapter on stopping."""

from arbook.widgets import _sliders
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider


class StoppingExplorer(Explorer):
    """What each experiment is expected to gain against its price, and what patience gives away."""

    name = "stopping"
    title = "Stopping explorer"
    view = "stopping.js"

    first_seed = None

    cost = slider(
        0.0005,
        0.00001,
        0.01,
        0.02,
        symbol="b",
        words="price of an experiment",
        unit="bits per byte",
        log=True,
    )
    patience = slider(5, 1, 40, 1, symbol="L", words="failures in a row that stop the run")
    mu = _sliders.mu()
    sigma0 = _sliders.sigma0(more=True)
    gamma = _sliders.gamma(more=True)
    n = slider(100, 10, 200, 10, symbol="N", words="experiments", more=True)

    presets = (
        Preset("Half are kept", {}, "Patience 5 gives away a quarter or more of the gain."),
        Preset("Impatient", {"patience": 3}, "Three failures in a row come soon by chance."),
        Preset("Patient", {"patience": 12}, "Next to nothing is given away, and much is paid."),
        Preset(
            "As real runs keep",
            {"sigma0": 0.0036, "gamma": 0.988, "mu": 0.0008, "cost": 0.0002, "patience": 10},
            "Keeps get rarer, and a streak of ten is no news.",
        ),
        Preset("Dear", {"cost": 0.003}, "Only the first experiments pay."),
    )
    guess = Guess(
        text=(
            "An agent without bias keeps half of its experiments (σ₀ = 0.010, γ = 0.97). Its run "
            "of 100 experiments is stopped as soon as 5 of them fail in a row. What share of the "
            "gain does that give away on average?"
        ),
        because=(
            "Five tails in a row come after 62 tosses on average, and often in the first twenty, "
            "where most of the gain lies."
        ),
        unit="%",
        example="10",
        digits=1,
    )
    after = Question(
        text="Find the patience with the largest profit. Does it ever beat stopping at the mark?",
        answer=(
            "No. Under the model a streak of failures is luck: the coin does not remember it. The "
            "time at which the line meets the price is known before the run begins, and no rule "
            "that looks at keeps can know more."
        ),
    )
