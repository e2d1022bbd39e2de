"""Explorer of the chapter on programs."""

from arbook.widgets._base import Explorer, Guess, Preset, Question, slider


class MetaExplorer(Explorer):
    """A shelf of programs: spend a budget of noisy nights, choose, and see the truth."""

    name = "meta"
    title = "Meta-optimisation explorer"
    view = "meta.js"

    budget = slider(24, 8, 80, 1, words="nights to spend")
    n = slider(100, 10, 300, 10, symbol="N", words="experiments a night")
    spread = slider(0.15, 0.02, 0.6, 0.01, words="spread of programs", digits=2)
    common = slider(0, 0, 1, 1, words="the same luck for all (1: yes)", more=True)

    first_seed = 3  # a shelf that misleads at first

    presets = (
        Preset("Three nights each", {}, "Programs differ by about 15 %, nights by about 20 %."),
        Preset("Close race", {"spread": 0.04}, "Differences far below the noise of a night."),
        Preset(
            "Clear differences", {"budget": 16, "spread": 0.5}, "Two nights each are often enough."
        ),
        Preset(
            "Same luck",
            {"spread": 0.12, "common": 1},
            "Common random numbers: a lucky night is lucky for all.",
        ),
    )
    guess = Guess(
        text=(
            "Eight programs: seven equally good, one better by 10 %. Each runs for one night of "
            "100 experiments, and you take the one with the largest gain area. How often is it the "
            "better one?"
        ),
        because=(
            "One night’s area has a standard deviation of 22 %, more than twice the difference, "
            "and there are seven rivals to be lucky: the better one wins 22 % of the contests."
        ),
        choices=("in more than 90 %", "in about 50 %", "in less than 30 %"),
    )
    after = Question(
        text=(
            "Play five shelves. Was the measured area of the program that you chose above or below "
            "its true one? Why?"
        ),
        answer=(
            "Mostly above. You chose it because its nights looked good, and luck is part of that. "
            "The more programs compete, and the fewer nights each has, the larger the share of "
            "luck in the winner: the winner’s curse."
        ),
    )
