"""Exercises of the chapter on landscapes."""

from arbook.exercises._model import exercise


@exercise(
    title="From the bowl to the model",
    minutes=10,
    statement=r"""
Write `model_of_a_step(d, s, R)`, the pair $(\mu, \sigma)$ of the perturbation model for a step of
size $s$ in $d$ dimensions at the distance $R$ from the bottom of $f(x) = \lVert x \rVert^2$, when
$d$ is large. Then simulate a thousand such steps and compare.""",
    hints=(
        r"Expand $\lVert x + sz \rVert^2 - \lVert x \rVert^2$. Which term is random, and which is "
        "nearly constant?",
        r"$x \cdot z$ is normal with standard deviation $\lVert x \rVert$, and $\lVert z \rVert^2$ "
        "has the mean $d$.",
    ),
    inputs=[(2, 1.0, 3.0), (10, 0.1, 1.0), (100, 0.01, 2.0)],
    mistakes={
        "The second number is the variance. σ is its square root.": (
            lambda d, s, R: (d * s**2, (2 * s * R) ** 2)
        ),
        "The factor 2 of the mixed term is missing: (a + b)² = a² + 2ab + b².": (
            lambda d, s, R: (d * s**2, s * R)
        ),
        "The sign of μ is wrong: sideways on a bowl is up, so the mean change is positive.": (
            lambda d, s, R: (-d * s**2, 2 * s * R)
        ),
        "You counted one dimension. Each of the d adds s² to μ.": lambda d, s, R: (s**2, 2 * s * R),
        "μ grows with the square of the step.": lambda d, s, R: (d * s, 2 * s * R),
        "The order is (μ, σ).": lambda d, s, R: model_of_a_step(d, s, R)[::-1],
    },
)
def model_of_a_step(d, s, R):
    """Return mu and sigma of the perturbation model."""
    mu = d * s**2  # blank
    sigma = 2 * s * R  # blank
    return mu, sigma


@exercise(
    title="A rule that listens",
    minutes=10,
    statement=r"""
Write `next_step(step, kept, rate)`: the step is multiplied by 1.5 if the variant was `kept`, and
otherwise divided by the power of 1.5 that leaves the step as it is, in the long run, when a share
`rate` of the variants is kept. For `rate = 0.2` that is the 1/5 rule.""",
    hints=(
        "Take logarithms: what does the logarithm of the step do after a keep, after a discard, "
        "and on average?",
        r"With a discard's exponent $x$ the mean change is $q - (1 - q)\,x$ at a keep rate $q$.",
    ),
    inputs=[(1.0, True, 0.2), (1.0, False, 0.2), (0.3, False, 0.5), (2.0, False, 0.27)],
    mistakes={
        "The rule is the wrong way round: a keep says that you may be bolder.": (
            lambda step, kept, rate: next_step(step, not kept, rate)
        ),
        "You divide by 1.5 itself. That balances one keep against one discard, a rate of ½.": (
            lambda step, kept, rate: next_step(step, kept, 0.5)
        ),
        "Your exponent is upside down: at a rate of 0.2 four discards undo one keep, so the "
        "exponent is ¼.": lambda step, kept, rate: next_step(step, kept, 1 - rate),
        "Your exponent is the rate. At a rate of 0.2 there are four discards for each keep, not "
        "five.": lambda step, kept, rate: step * (1.5 if kept else 1.5**-rate),
        "You changed the step after a keep only.": lambda step, kept, rate: (
            step * 1.5 if kept else step
        ),
        "You made the step larger after a discard.": lambda step, kept, rate: (
            step * (1.5 if kept else 1.5 ** (rate / (1 - rate)))
        ),
    },
    remark="`arbook.landscapes.SuccessRule` does the same for many runs at once.",
)
def next_step(step, kept, rate):
    """Return the step after a variant that was kept or not."""
    exponent = rate / (1 - rate)  # blank
    return step * 1.5 if kept else step / 1.5**exponent  # blank
