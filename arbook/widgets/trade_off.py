"""Explorer of the chapter on trade-offs."""

from arbook.widgets import _sliders
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider

#: The map's box.
BOX = {"sigma0": (0.001, 0.1), "gamma": (0.8, 0.99)}


class TradeOffExplorer(Explorer):
    """A map of the expected gain area over boldness and decay, and the frontier at one point.

    With a price of boldness c the bias at a point is ``mu + c * sigma0**2``.
    """

    name = "trade-off"
    title = "Trade-off explorer"
    view = "trade_off.js"

    sigma0 = _sliders.sigma0(0.01, *BOX["sigma0"])
    gamma = _sliders.gamma(0.97, *BOX["gamma"])
    cost = _sliders.cost()
    n = slider(100, 10, 200, 10, symbol="N", words="experiments", more=True)
    mu = _sliders.mu(0.0, -0.005, 0.005, words="bias without the price", more=True)

    presets = (
        Preset("As stated", {}, "Boldness has no price: the map rises to its corner."),
        Preset(
            "The corner",
            {"sigma0": 0.1, "gamma": 0.99},
            "The best point as stated, and a loss below 0.",
        ),
        Preset(
            "Too timid",
            {"sigma0": 0.004, "cost": 10.0},
            "Four in ten experiments are kept, and little is gained.",
        ),
        Preset(
            "Tuned",
            {"sigma0": 0.0472, "gamma": 0.99, "cost": 10.0},
            "The best point with the price c = 10.",
        ),
        Preset(
            "Too bold",
            {"sigma0": 0.1, "gamma": 0.93, "cost": 10.0},
            "The harm of large steps outgrows their luck.",
        ),
    )
    guess = Guess(
        text=(
            "The map will show the expected gain area of 100 experiments without bias. Bolder "
            "steps (σ₀ up), slower decay (γ up): is there a point beyond which more does harm?"
        ),
        because="Discards cost nothing but their experiment, so the highest point is the corner.",
        choices=("for boldness", "for slow decay", "for both", "for neither"),
    )
    after = Question(
        text="Switch the price of boldness on. Why is there still no best γ inside the map?",
        answer=(
            "The price depends on σ₀ alone. At a given bias larger steps always gain more, and a "
            "larger γ makes every step but the first larger. A landscape that narrows as the "
            "search closes in would put a price on γ too."
        ),
    )
