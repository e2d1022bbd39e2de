"""Explorer of the chapter on racing."""

from arbook.widgets._base import Explorer, Guess, Preset, Question, slider

#: Races of which the record is told.
N_RACES = 100


class RacingExplorer(Explorer):
    """A race of eight programs beside even shares: who is dropped when, and what it costs.

    Gain areas are in units of the usual program's, so that 0.1 is 10 % of it.
    """

    name = "racing"
    title = "Racing explorer"
    view = "racing.js"

    gap = slider(0.1, 0.04, 0.16, 0.01, words="gap between programs, usual = 1", digits=2)
    noise = slider(0.2, 0.05, 0.3, 0.01, words="noise of a night, usual = 1", digits=2)
    error = slider(
        0.05, 0.01, 0.3, 0.01, symbol="α", words="allowed probability of error", digits=2
    )
    stairs = slider(1, 0, 1, 1, words="seven equals, stairs", more=True)
    common = slider(0.0, 0.0, 0.9, 0.1, words="share of common luck", digits=1, more=True)
    indifference = slider(
        0.1, 0.05, 0.2, 0.01, symbol="d", words="indifference, usual = 1", digits=2, more=True
    )
    first_runs = slider(
        10, 4, 30, 1, symbol="n₀", words="nights before the first decision", more=True
    )

    presets = (
        Preset("Stairs", {}, "Most programs are hopeless, and soon out."),
        Preset("Seven equals", {"stairs": 0}, "Every rival is close: racing saves less."),
        Preset(
            "Common luck",
            {"stairs": 0, "common": 0.8},
            "Four fifths of a night’s luck are shared: both need far fewer nights.",
        ),
        Preset("Hasty", {"error": 0.3, "first_runs": 4}, "Three wrong choices in ten are allowed."),
    )
    guess = Guess(
        text=(
            "Eight programs, each 10 % of the usual gain area better than the next; one night has "
            "a standard deviation of 20 %. A race drops a program as soon as it is clearly worse "
            "than another, and errs with a probability of at most 5 %. How many nights does it "
            "spend on all programs together, on average?"
        ),
        because=(
            "The hopeless ones leave soon after the first decision, at ten nights; most nights go "
            "into the three best."
        ),
        unit="nights",
        digits=0,
        example="300",
    )
    after = Question(
        text=(
            "Switch to seven equals. Why does the race save less, and what could save nights there?"
        ),
        answer=(
            "Nobody is hopeless, so nobody leaves early, and a race must guard against seven "
            "rivals at once. Common luck helps there: differences between programs are then less "
            "noisy. So does a wider indifference, if a smaller lead does not matter to you."
        ),
    )

    data = {"races": N_RACES}  # noqa: RUF012
