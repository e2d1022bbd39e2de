"""Explorer of the chapter on sealed tests."""

from arbook.widgets._base import Explorer, Guess, Preset, Question, slider


class OverfittingExplorer(Explorer):
    """What luck can be had of a validation set, and what one look at a sealed test tells."""

    name = "overfitting"
    title = "Overfitting explorer"
    view = "overfitting.js"

    first_seed = None

    n = slider(100, 10, 500, 5, symbol="n", words="decisions")
    noise = slider(
        0.0005, 0.0001, 0.01, 0.05, symbol="ν", words="noise", unit="bits per byte", log=True
    )
    sealed = slider(
        0.0005,
        0.0001,
        0.01,
        0.05,
        symbol="νₛ",
        words="noise of the sealed test",
        unit="bits per byte",
        log=True,
    )

    presets = (
        Preset("One night", {}, "A hundred decisions, and as quiet a test as set."),
        Preset("A month", {"n": 500}, "The plain line has hardly risen, the others have doubled."),
        Preset("A small test", {"sealed": 0.002}, "The test cannot tell what luck can do."),
        Preset("A large test", {"sealed": 0.0001}, "The test sees even the plain loop’s luck."),
    )
    guess = Guess(
        text=(
            "An agent is told keep or discard, 100 times, by one validation set, and tries to look "
            "as good as it can without being better. By how many standard deviations of a "
            "measurement does it succeed, on average?"
        ),
        because=(
            "It tries 100 changes that do nothing, one at a time, and hands in those that looked "
            "good together. Their luck adds up like the number, its noise like the root, so that "
            "the root of the number is left. A loop that is not bent on luck has 2.5."
        ),
        unit="ν",
        example="3",
        digits=1,
    )
    after = Question(
        text="What lets a sealed test see the plain loop’s luck: more decisions, or a larger test?",
        answer=(
            "A larger test. From 100 decisions to 500 the plain loop’s luck rises from 2.5 to 3.0 "
            "noises only, and two standard errors of a test as noisy as the set are 2.8. A loop "
            "overfits slowly, unless it is given a reason to."
        ),
    )
