"""Figures of fitted runs and forecasts."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes

from arbook._numerics.normal import NORMAL_95
from arbook._numerics.ranges import instance, open_unit_interval
from arbook._numerics.validation import instances
from arbook.model.parameters import step_size
from arbook.model.records import expected_records, records_std
from arbook.model.run import RunLog
from arbook.plots._style import (
    BPB,
    DASHED,
    DOTTED,
    MARKERS,
    MOST_CURVES,
    axes_for,
    colour,
    in_book_style,
    ink,
    percent,
    plain,
)
from arbook.runs.backtesting import Backtest
from arbook.runs.fits import Fit
from arbook.runs.forecasting import Forecast


def _unit(metric: str) -> str:
    return BPB if metric == "val_bpb" else plain(metric)


def _short_name(log: RunLog) -> str:
    """Return the first part of where a log comes from."""
    return plain(log.source.split(",")[0])


@in_book_style
def plot_fit(fit: Fit, *, axes: Axes | None = None) -> Axes:
    r"""Draw the changes of a run with the fitted mean and spread.

    Parameters
    ----------
    fit : Fit
        A fit with sigma0 and mu, that is of any family but "two-part" and "student".
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Changes :math:`\delta_t` in the metric's unit against t, the mean :math:`\mu`, and the band
        :math:`\mu \pm 1.96\,\sigma_t`. Triangles at the upper edge are catastrophes.

    Raises
    ------
    ParameterError
        If `fit` is no Fit, or of the family "two-part" or "student".

    Examples
    --------
    >>> from arbook import logs
    >>> axes = plot_fit(logs.fit(logs.load_run("h100-mar8")))
    >>> axes.get_legend_handles_labels()[1]
    ['changes', 'μ = +0.000796', 'μ ± 1.96 σ', '2 catastrophes']
    """
    instance("fit", fit, Fit)
    p = fit.parameters
    axes = axes_for(axes, "Experiment t", f"Change δ ({_unit(fit.log.metric)})")
    t, delta = fit.t, fit.log.delta[fit.t]
    whole = np.arange(fit.log.n_experiments)
    reach = NORMAL_95 * step_size(p, whole)
    axes.axhline(0, color=ink(), linewidth=0.8)
    axes.plot(t, delta, "o", color=ink(), markerfacecolor="none", alpha=0.7, label="changes")
    mean = f"{p.mu:+.3g}".replace("-", "−")
    axes.axhline(p.mu, color=colour(1), linestyle=DASHED, label=f"μ = {mean}")
    axes.fill_between(
        whole, p.mu - reach, p.mu + reach, color=colour(0), alpha=0.2, linewidth=0,
        label="μ ± 1.96 σ",
    )  # fmt: skip
    far = np.flatnonzero(fit.log.delta > fit.threshold)
    if far.size:
        axes.plot(
            far, np.full(far.size, 0.97), "^", color=colour(1), clip_on=False,
            transform=axes.get_xaxis_transform(),
            label=f"{far.size} catastrophe{'s' if far.size > 1 else ''}",
        )  # fmt: skip
    axes.set_xlim(-1, fit.log.n_experiments)
    return axes


@in_book_style
def plot_residuals(fits: Iterable[Fit] | Fit, *, axes: Axes | None = None) -> Axes:
    """Draw the residuals of fits against the normal quantiles that they should have.

    Parameters
    ----------
    fits : iterable of Fit, or Fit
        One to five fits.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Sorted residuals against normal quantiles, both without a unit; on the diagonal where the
        family fits.

    Raises
    ------
    ParameterError
        If `fits` holds something else, none, or too many.

    Examples
    --------
    >>> from arbook import logs
    >>> axes = plot_residuals(logs.fit(logs.load_run("h100-mar8")))
    >>> axes.get_xlabel()
    'Normal quantile (standard deviations)'
    """
    from scipy.special import ndtri

    chosen = instances("fits", fits, Fit, most=MOST_CURVES, one=True)
    axes = axes_for(
        axes, "Normal quantile (standard deviations)", "Residual (standard deviations)", height=4
    )
    for i, fit in enumerate(chosen):
        sample = np.sort(fit.residuals)
        wanted = ndtri((np.arange(sample.size) + 0.5) / sample.size)
        axes.plot(
            wanted, sample, MARKERS[i], color=colour(i), markersize=4.5, alpha=0.8,
            markerfacecolor=colour(i) if i % 2 == 0 else "none", label=fit.family,
        )  # fmt: skip
    low, high = axes.get_xlim()
    axes.plot([low, high], [low, high], color=ink(), linestyle="-", linewidth=0.8, label="exact")
    axes.set_xlim(low, high)
    return axes


@in_book_style
def plot_forecast(
    forecast: Forecast, *, level: float = 0.8, truth: RunLog | None = None, axes: Axes | None = None
) -> Axes:
    """Draw a run's frontier and its forecast.

    Parameters
    ----------
    forecast : Forecast
        The forecast; it knows its run.
    level : float, default 0.8
        Probability of the band, in (0, 1).
    truth : RunLog, optional
        The same run, longer: what happened is drawn as a dashed line.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Frontier in the metric's unit against experiments; from the last one on the median and
        the band of the forecast.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Examples
    --------
    >>> from arbook import logs
    >>> made = logs.forecast(logs.fit(logs.load_run("h100-mar8")), 50, n_draws=100)
    >>> plot_forecast(made).get_legend_handles_labels()[1]
    ['frontier', 'forecast, median', '80 % band']
    """
    instance("forecast", forecast, Forecast)
    level = open_unit_interval("level", level)
    if truth is not None:
        instance("truth", truth, RunLog)
    log = forecast.log
    axes = axes_for(axes, "Experiments", f"Frontier ({_unit(log.metric)})")
    axes.step(
        log.experiment, log.frontier, where="post", color=colour(0), linestyle="-",
        label="frontier",
    )  # fmt: skip
    sign = 1.0 if log.direction == "min" else -1.0
    tail = (1 - level) / 2
    x = log.n_experiments + np.append(0, forecast.at)
    gains = np.quantile(forecast.path, [tail, 0.5, 1 - tail], axis=0)
    low, middle, high = log.frontier[-1] - sign * np.pad(gains, ((0, 0), (1, 0)))
    axes.plot(x, middle, color=colour(1), linestyle=DASHED, label="forecast, median")
    axes.fill_between(
        x, low, high, color=colour(1), alpha=0.25, linewidth=0, label=f"{percent(level)} band"
    )
    if truth is not None:
        after = truth.experiment >= log.n_experiments
        axes.step(
            truth.experiment[after], truth.frontier[after], where="post", color=ink(),
            linestyle=DOTTED, label="what happened",
        )  # fmt: skip
    return axes


@in_book_style
def plot_backtest(tests: Iterable[Backtest] | Backtest, *, axes: Axes | None = None) -> Axes:
    """Draw what forecasts said and what happened, one row a run.

    Parameters
    ----------
    tests : iterable of Backtest, or Backtest
        At least one, as `logs.backtest` gives them.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        For each run the interval of the forecast and the truth, in units of the gain of the part
        that was seen, on an axis that is linear up to 0.01 and logarithmic beyond.

    Raises
    ------
    ParameterError
        If `tests` holds something else, or none.

    Examples
    --------
    >>> from arbook import logs
    >>> axes = plot_backtest([logs.backtest(logs.load_run("h100-mar8"), n_draws=200)])
    >>> [text.get_text() for text in axes.get_yticklabels()]
    ['h100-mar8']
    """
    chosen = instances("tests", tests, Backtest, one=True)
    axes = axes_for(
        axes, "Further gain (share of the gain before)", "", height=1.4 + 0.38 * len(chosen)
    )
    for row, test in enumerate(chosen):
        log = test.forecast.log
        unit = abs(log.f0 - log.frontier[-1]) or 1.0
        low, high = test.interval
        word = f"{percent(test.level)} interval"
        axes.plot(
            [low / unit, high / unit], [row, row], color=colour(0), linestyle="-", linewidth=4,
            alpha=0.5, solid_capstyle="butt", label=word if row == 0 else None,
        )  # fmt: skip
        axes.plot(
            test.truth / unit, row, "o" if test.covered else "X", color=colour(1), markersize=8,
            markeredgecolor=ink(),
        )  # fmt: skip
    axes.plot([], [], "o", color=colour(1), markeredgecolor=ink(), markersize=8, label="inside")
    axes.plot([], [], "X", color=colour(1), markeredgecolor=ink(), markersize=8, label="missed")
    axes.set_xscale("symlog", linthresh=0.01)
    axes.set_xlim(left=0)
    names = [_short_name(test.forecast.log) or "run" for test in chosen]
    axes.set_yticks(range(len(chosen)), names)
    axes.invert_yaxis()
    axes.set_ylim(len(chosen) - 0.5, -0.5)
    return axes


@in_book_style
def plot_records(logs: Iterable[RunLog] | RunLog, *, axes: Axes | None = None) -> Axes:
    """Draw how often runs improved, beside what luck alone would bring.

    Parameters
    ----------
    logs : iterable of RunLog, or RunLog
        The runs, each with at least one measured change.
    axes : matplotlib.axes.Axes, optional
        Where to draw; axes of a figure of their own if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Number of improvements against the number of measured variants, with the mean of the law
        of records and a band of two standard deviations.

    Raises
    ------
    ParameterError
        If `logs` holds something else, or none.

    Examples
    --------
    >>> from arbook import logs
    >>> axes = plot_records([logs.load_run("h100-mar8")])
    >>> axes.get_ylabel()
    'Improvements (variants)'
    """
    runs = instances("logs", logs, RunLog, one=True)
    variants = [int(np.isfinite(log.delta).sum()) for log in runs]
    improvements = [int((log.delta < 0).sum()) for log in runs]
    axes = axes_for(axes, "Measured variants", "Improvements (variants)", height=4.2)
    n = np.arange(1, max([*variants, 1]) + 10)
    mean, std = expected_records(n), records_std(n)
    axes.plot(n, mean, color=colour(0), linestyle="-", label="luck: law of records")
    axes.fill_between(
        n, np.maximum(mean - 2 * std, 0), mean + 2 * std, color=colour(0), alpha=0.2, linewidth=0,
        label="± 2 standard deviations",
    )  # fmt: skip
    axes.plot(
        variants, improvements, "o", color=colour(1), markeredgecolor=ink(), label="real runs"
    )
    for log, x, y in zip(runs, variants, improvements, strict=True):
        # The labels of long runs stand to the left of their marks, the others above.
        long = x > 0.6 * n[-1]
        axes.annotate(
            textwrap.fill(_short_name(log), 12, break_long_words=False), (x, y),
            xytext=(-7, 0) if long else (0, 7), textcoords="offset points",
            ha="right" if long else "center", va="center" if long else "bottom",
        )  # fmt: skip
    axes.set_xlim(0, n[-1])
    axes.set_ylim(bottom=0)
    return axes
