"""Doubles of the explorers of real runs, and how these write numbers."""

from typing import Any

import numpy as np

from arbook import Parameters, logs, widgets
from arbook.model.run import RunLog
from arbook.noise import kalman, probability_of_luck
from arbook.noise.traces import Smoothed, Trace
from arbook.widgets import _judged
from arbook.widgets._forecasts import LEVELS, forecasts
from arbook.widgets._runs import RUNS, load
from arbook.widgets.fit import _fit, _rule


def decimals(value: float, digits: int = 3) -> int:
    """Return the decimals that show a number to some significant digits."""
    exponent = int(f"{abs(value):.{digits - 1}e}".partition("e")[2])
    return min(max(digits - 1 - exponent, 0), 12)


def significant(value: float, digits: int = 3) -> str:
    """Return a number to some significant digits, with a power of ten where it is tiny.

    Examples
    --------
    >>> significant(0.0030081), significant(343.88), significant(-0.5), significant(1e-14)
    ('0.00301', '344', '−0.500', '1.0 × 10⁻¹⁴')
    """
    if value == 0:
        return "0"
    if abs(value) < 1e-9:
        number, exponent = f"{value:.1e}".split("e")
        raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return f"{number} × 10{raised}".replace("-", "−")
    return f"{value:.{decimals(value, digits)}f}".replace("-", "−")


class LogExplorer(widgets.LogExplorer):
    """The part of the run that is shown."""

    def log(self) -> RunLog | None:
        """Return the part of the run that is shown; None for the reader's own.

        Returns
        -------
        RunLog or None
            The baseline and the first experiments.
        """
        if self.run == 0:
            return None
        whole = load(self.run)
        return whole.first(max(1, int(whole.n_experiments * self.part / 100 + 0.5)))


class AtlasExplorer(widgets.AtlasExplorer):
    """The runs that are chosen."""

    def chosen(self) -> list[RunLog]:
        """Return the run, and the one that it is compared with, if there is one.

        Returns
        -------
        list of RunLog
            None of them, one or two; none for the reader's own.
        """
        numbers = [self.run, self.other] if self.run else []
        return [logs.atlas()[number - 1] for number in numbers if number]


class FitExplorer(widgets.FitExplorer):
    """The model of the sliders, and the best fit."""

    def parameters(self) -> Parameters:
        """Return the model of the sliders, in the metric's unit."""
        mu = self.relative_mu * self.sigma0
        return Parameters(self.sigma0, self.gamma, mu, extended=True)

    def log_likelihood(self) -> float:
        """Return the log likelihood of the run's changes under the model of the sliders."""
        return logs.log_likelihood(load(self.run), self.parameters(), trim=_rule(self.catastrophes))

    def fit(self) -> logs.Fit:
        """Return the maximum-likelihood fit of the run."""
        return _fit(self.run, self.catastrophes)


class ForecastExplorer(widgets.ForecastExplorer):
    """The run, and the ends of the band."""

    def _rows(self) -> tuple[int, int]:
        """Return the rows of the quantiles that are the band's ends."""
        nearest = min(range(len(LEVELS)), key=lambda i: abs(LEVELS[i] - self.level))
        return nearest, 2 * len(LEVELS) - nearest

    def _forecast(self) -> dict[str, Any]:
        found: dict[str, Any] = forecasts()[RUNS[self.run - 1]][str(self.sixths)]
        return found

    def log(self) -> RunLog:
        """Return the whole run."""
        return load(self.run)

    def n_seen(self) -> int:
        """Return the number of experiments that the forecast sees."""
        return int(self._forecast()["seen"])

    def interval(self) -> tuple[float, float]:
        """Return the ends of the band for the further gain of the whole rest of the run."""
        low, high = (self._forecast()["quantiles"][row][-1] for row in self._rows())
        return low, high


class TrueFrontierExplorer(widgets.TrueFrontierExplorer):
    """The run, and what its whole log says at the noise of the slider."""

    def trace(self) -> Trace:
        """Return what the loop of the run saw."""
        return _judged.trace(self.run)

    def luck(self) -> float:
        """Return how likely luck alone gains as much."""
        trace = self.trace()
        measured = trace.y[np.isfinite(trace.y)]
        gain = trace.baseline - measured.min()
        return float(probability_of_luck(gain, measured.size, self.noise))

    def said(self) -> Smoothed:
        """Return what the whole log says, with parameters between those of the nearest noises."""
        at, stops = np.log(self.noise), np.log(_judged.NOISES)
        data, trace = _judged.run_data(self.run), self.trace()
        sigma0, gamma, bias = (np.interp(at, stops, data[key]) for key in ("sigma0", "gamma", "mu"))
        mu, sigma = np.full(trace.y.size, bias), sigma0 * gamma ** np.arange(trace.y.size)
        past = kalman.filtered(trace, mu, sigma, self.noise)
        return kalman.smoothed(trace, mu, sigma, self.noise, past)
