"""The model's parameters as sliders: the same symbols, words and units in every explorer."""

from typing import Any

from arbook.widgets._base import slider


def sigma0(
    default: float = 0.01,
    low: float = 0.001,
    high: float = 0.1,
    words: str = "initial step size",
    **options: Any,
) -> Any:
    """Return a slider of the step size, on a logarithmic scale."""
    shown: dict[str, Any] = {"symbol": "σ₀", "words": words, "unit": "bits per byte", "log": True}
    return slider(default, low, high, 0.02, **shown, **options)


def gamma(
    default: float = 0.97,
    low: float = 0.9,
    high: float = 0.999,
    words: str = "decay rate",
    **options: Any,
) -> Any:
    """Return a slider of the decay rate."""
    shown: dict[str, Any] = {"symbol": "γ", "words": words}
    return slider(default, low, high, 0.001, **shown, **options)


def mu(
    default: float = 0.0,
    low: float = -0.005,
    high: float = 0.01,
    words: str = "bias",
    **options: Any,
) -> Any:
    """Return a slider of the bias."""
    shown: dict[str, Any] = {"symbol": "μ", "words": words, "unit": "bits per byte", "digits": 4}
    return slider(default, low, high, 0.0005, **shown, **options)


def price(**options: Any) -> Any:
    """Return a slider of the price of boldness c: a step adds c times its square to its bias."""
    shown: dict[str, Any] = {"symbol": "c", "words": "price of boldness", "digits": 0}
    return slider(0.0, 0.0, 50.0, 1.0, unit="1 / (bits per byte)", **shown, **options)


def first_step(**options: Any) -> Any:
    """Return a slider of a loop's first step in the laboratory, on a logarithmic scale."""
    shown: dict[str, Any] = {"symbol": "s₀", "words": "first step", "unit": "of a knob’s scale"}
    return slider(0.1, 0.01, 0.5, 0.02, log=True, **shown, **options)


def keep_margin(**options: Any) -> Any:
    """Return a slider of what a change must bring to be kept, in standard deviations of noise."""
    shown: dict[str, Any] = {"symbol": "h", "words": "margin of the keep rule", "digits": 1}
    return slider(0.0, 0.0, 8.0, 0.5, unit="noises", **shown, **options)
