"""Explorer of the archive that keeps the best Q configurations."""

from arbook.widgets import _sliders
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider

#: Largest archive, longest run, and runs of which means are drawn.
MOST, LONGEST, N_RUNS = 12, 200, 100


class ArchiveExplorer(Explorer):
    """What an archive buys or costs against keeping the best one, with noise and without."""

    name = "archive"
    title = "Archive explorer"
    view = "archive.js"

    size = slider(3, 1, MOST, 1, symbol="Q", words="members of the archive")
    noise = slider(
        0.004, 0.0, 0.012, 0.0005, symbol="ν", words="noise", unit="bits per byte", digits=4
    )
    mu = _sliders.mu(0.002)
    sigma0 = _sliders.sigma0(0.004, more=True)
    gamma = _sliders.gamma(1.0, 0.9, 1.0, more=True)
    n = slider(LONGEST, 20, LONGEST, 10, symbol="N", words="experiments", more=True)

    presets = (
        Preset("Noise as large as the steps", {}, "Lucky incumbents block a loop that keeps one."),
        Preset("No noise", {"noise": 0.0}, "No archive gains more than keeping one."),
        Preset("Rare keeps", {"noise": 0.0, "mu": 0.006}, "The law of rare keeps comes near."),
        Preset("Too many", {"size": 12}, "Nearly all variants start from worse parents."),
        Preset(
            "Steps that shrink",
            {"gamma": 0.98},
            "The noise does not: little is gained, and archives get more of it.",
        ),
    )
    guess = Guess(
        text=(
            "An agent’s measurements are as noisy as its steps are large (σ₀ = ν = 0.004, "
            "μ = +0.002). One loop keeps the best configuration; another keeps the best three and "
            "changes a random one of them. Both make 200 experiments. How many times as much does "
            "the second gain?"
        ),
        because=(
            "A lucky measurement is hard to beat, and all that a loop of one can do is wait. An "
            "archive goes on from its other members."
        ),
        unit="times",
        example="0.7",
        digits=2,
    )
    after = Question(
        text="Lower the noise to 0. Which archive gains most, and which noise makes three pay?",
        answer=(
            "Without noise keeping one gains most: its variants never start from a worse parent. "
            "Three members are level with it at a noise of about two thirds of a step, and ahead "
            "from there on."
        ),
    )
    data = {"runs": N_RUNS, "most": MOST, "longest": LONGEST}  # noqa: RUF012
