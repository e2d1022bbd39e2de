"""Explorer of the chapter on trade-offs."""

from arbook.widgets import _sliders
from arbook.widgets._base import Explorer, Guess, Preset, Question, slider

#: The map's box.
BOX = {"sigma0": (0.001, 0.3), "gamma": (0.8, 0.99)}


class TradeOffExplorer(Explorer):
    """A map of the expected gain area over boldness and decay, and the frontier at one point.

    With a price of boldness c the bias of experiment t is ``mu + c * sigma_t**2``.
    """

    name = "trade-off"
    title = "Trade-off explorer"
    view = "trade_off.js"

    sigma0 = _sliders.sigma0(0.01, *BOX["sigma0"])
    gamma = _sliders.gamma(0.97, *BOX["gamma"])
    price = _sliders.price()
    n = slider(100, 10, 200, 10, symbol="N", words="experiments", more=True)
    mu = _sliders.mu(0.0, -0.005, 0.005, words="bias without the price", more=True)

    presets = (
        Preset("As stated", {}, "Boldness has no price: the map rises to its corner."),
        Preset(
            "The corner",
            {"sigma0": 0.3, "gamma": 0.99},
            "The best point as stated, and a loss below 0.",
        ),
        Preset(
            "Too timid",
            {"sigma0": 0.004, "price": 10.0},
            "Nearly half of the experiments are kept, and little is gained.",
        ),
        Preset(
            "Tuned",
            {"sigma0": 0.0819, "gamma": 0.99, "price": 10.0},
            "The best point with the price c = 10.",
        ),
        Preset(
            "Too bold",
            {"sigma0": 0.3, "gamma": 0.97, "price": 10.0},
            "Hardly anything is kept before the steps have shrunk.",
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
            "Every step pays for its own size, so one size is the best for all of them, and the "
            "slowest decay stays nearest to it. Only who starts too bold has to calm down: follow "
            "the ridge down the map. A landscape that narrows as the search closes in would put a "
            "price on slow decay, too."
        ),
    )
