"""Exercises of the chapter on what is true when only measurements are seen."""

from arbook.exercises._model import exercise


@exercise(
    title="Two scales",
    minutes=5,
    statement=r"""
Write `combine(first, first_variance, second, second_variance)`: the best estimate of one thing from
two estimates with independent errors.""",
    hints=(
        "The worse an estimate, the less it should count.",
        "Each counts in proportion to the variance of the *other*.",
    ),
    inputs=[(70.4, 1.0, 69.8, 1.0), (1.0, 9.0, 2.0, 1.0), (0.99, 1e-6, 0.98, 4e-6)],
    mistakes={
        "Each counts in proportion to its own variance: the worse one then counts more.": (
            lambda first, first_variance, second, second_variance: combine(
                first, second_variance, second, first_variance
            )
        ),
        "That is the plain mean. The better estimate should count more.": (
            lambda first, first_variance, second, second_variance: (first + second) / 2
        ),
        "You weigh by standard deviations. Precision is the inverse of a variance.": (
            lambda first, first_variance, second, second_variance: combine(
                first, first_variance**0.5, second, second_variance**0.5
            )
        ),
    },
)
def combine(first, first_variance, second, second_variance):
    """Return the estimate from both."""
    total = first_variance + second_variance  # blank
    weighted = second_variance * first + first_variance * second  # blank
    return weighted / total  # blank


@exercise(
    title="What a discard tells",
    minutes=15,
    statement=r"""
Write `after_discard(mean, variance, y, mu, sigma, noise)`: the mean of what is believed of the
incumbent after a variant of it was measured as `y` and discarded.""",
    hints=(
        "What would `y` be on average, and with which variance, given what is believed?",
        "The incumbent's share of that variance is the share of the surprise that it takes.",
    ),
    inputs=[
        (1.0, 1.0, 4.0, 0.0, 1.0, 1.0),
        (0.99, 1e-6, 0.993, 0.001, 0.002, 0.001),
        (0.5, 0.0, 0.9, 0.1, 0.2, 0.1),
        (1.0, 4e-6, 1.004, 0.0, 0.0, 0.002),
    ],
    mistakes={
        "You left the bias out: a variant is expected at the mean plus μ.": (
            lambda mean, variance, y, mu, sigma, noise: after_discard(
                mean, variance, y, 0.0, sigma, noise
            )
        ),
        "You left the variant's own change out: it widens the surprise.": (
            lambda mean, variance, y, mu, sigma, noise: after_discard(
                mean, variance, y, mu, 0.0, noise
            )
        ),
        "That is what is believed of the variant, as if it had been kept.": (
            lambda mean, variance, y, mu, sigma, noise: (
                mean
                + mu
                + (variance + sigma**2) / (variance + sigma**2 + noise**2) * (y - mean - mu)
            )
        ),
        "The incumbent stays, but what is known of it does not: the variant was built on it.": (
            lambda mean, variance, y, mu, sigma, noise: mean
        ),
        "You add standard deviations. Variances of independent parts add up.": (
            lambda mean, variance, y, mu, sigma, noise: (
                mean + variance / (variance + (sigma + noise) ** 2) * (y - mean - mu)
            )
        ),
    },
)
def after_discard(mean, variance, y, mu, sigma, noise):
    """Return the incumbent's expected metric after a discard."""
    surprise = y - mean - mu  # blank
    share = variance / (variance + sigma**2 + noise**2)  # blank
    return mean + share * surprise  # blank
