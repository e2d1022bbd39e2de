"""Explorer of the chapter on the perturbation model."""

from arbook.widgets import _sliders
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider

#: Experiments of a run.
N_EXPERIMENTS = 100


class PerturbationExplorer(Explorer):
    """Density of the change with the side that is kept shaded, beside the step size over the run.

    Both pictures show the same experiment t: dragging in one moves the other.
    """

    name = "perturbation"
    title = "Perturbation explorer"
    view = "perturbation.js"
    first_seed = None

    t = slider(0, 0, N_EXPERIMENTS - 1, 1, symbol="t", words="experiment")
    gamma = _sliders.gamma()
    mu = _sliders.mu(-0.002, -0.01)
    sigma0 = _sliders.sigma0(more=True)

    presets = (
        Preset("Skilled", {}, "As the hill narrows, it leaves the discard side."),
        Preset("No skill", {"mu": 0.0}, "Move t: the hill changes, and one number does not."),
        Preset("Harmful", {"mu": 0.002}, "As the hill narrows, it leaves the keep side."),
        Preset("Hasty", {"gamma": 0.9}, "Half the boldness is gone after seven experiments."),
        Preset(
            "Patient",
            {"sigma0": 0.004, "gamma": 0.99},
            "Smaller steps for longer: a reach of 0.4 in place of 0.1.",
        ),
        Preset(
            "A real run",
            {"sigma0": 0.0036, "gamma": 0.988, "mu": 0.0008},
            "The parameters that fit a public run best: its average change does harm.",
        ),
    )
    untouched = ("t",)
    guess = Guess(
        text=(
            "The first step is 0.010 bits per byte, and every experiment makes the next one 3 % "
            "smaller. After how many experiments is the step half as large?"
        ),
        because=(
            "It is ln 2 / ln(1/0.97). And if every step were gained in full, an endless run would "
            "go down by 0.010 / (1 − 0.97) = 0.33 bits per byte: 33 first steps."
        ),
        unit="experiments",
        digits=1,
        example="10",
    )
    after = Question(
        text="Choose No skill and move t. The hill changes; which number does not?",
        answer=(
            "The share that is kept. Half of a normal distribution about zero lies left of zero, "
            "however wide it is."
        ),
    )
    data = {"n": N_EXPERIMENTS}  # noqa: RUF012
