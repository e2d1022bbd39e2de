"""Figures of the model, its simulations and real runs.

Every function takes `axes`, Matplotlib axes to draw on, and returns the axes that it drew on, or an
array of them where a figure has several panels. Without `axes` it makes a figure of its own. There
is no title: what a figure shows is said by the caption of the page that it stands on. A notebook
shows the figure as SVG when its axes are the value of a cell; elsewhere, `axes.figure.savefig`
writes it. Figures of their own do not belong to pyplot, so none stays open or is shown twice.

All are drawn in the book's style, whatever Matplotlib's settings are: on a transparent ground, in
colours that colour-blind readers can tell apart, with a line style or a marker of its own for
each, so that they survive grey print. `style` draws them for a dark ground. Of axes that are given
only what a function draws is in that style; `use_book_style` before they are made gives it to all
of the figure. The legend stands above the axes, for which ``layout="constrained"`` makes room.

Examples
--------
>>> from arbook import Parameters, plots
>>> p = Parameters(0.01, 0.97)
>>> plots.plot_step_size(p, 100).get_xlabel()
'Experiment t'

Two of them in one figure:

>>> import matplotlib.pyplot as plt
>>> figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5), layout="constrained")
>>> _ = plots.plot_step_size(p, 100, axes=left)
>>> plots.plot_expected_improvement(p, 100, axes=right) is right
True
>>> plt.close(figure)
"""

from arbook.plots._style import style, use_book_style
from arbook.plots.agents import (
    plot_any_keep,
    plot_archives,
    plot_async,
    plot_best_of_k,
    plot_effective_agents,
    plot_equal_budget,
    plot_team_prices,
)
from arbook.plots.atlas import plot_boldness, plot_doublings
from arbook.plots.budget import plot_budget, plot_carry_over, plot_kill_rule
from arbook.plots.fits import (
    plot_backtest,
    plot_fit,
    plot_forecast,
    plot_records,
    plot_residuals,
)
from arbook.plots.frontiers import (
    plot_frontier_distribution,
    plot_frontiers,
    plot_gain_area_growth,
)
from arbook.plots.laboratory import plot_change_gains, plot_night
from arbook.plots.landscapes import plot_home_rate, plot_progress, plot_searches
from arbook.plots.laws import (
    plot_delta_density,
    plot_expected_improvement,
    plot_expected_keeps,
    plot_keep_probability,
    plot_step_size,
)
from arbook.plots.noise import plot_noisy_runs, plot_noisy_step, plot_remedies
from arbook.plots.overfitting import plot_luck_bound, plot_noisy_gain, plot_sealed_runs
from arbook.plots.power import plot_best_nights, plot_looks, plot_nights, plot_power
from arbook.plots.programs import (
    plot_conditions,
    plot_gain_area_map,
    plot_programs,
    plot_race,
    plot_selection_bias,
    plot_trade_off,
)
from arbook.plots.runs import (
    plot_gain_area,
    plot_keep_curve,
    plot_keep_rate_by_position,
    plot_run,
    plot_update_rule,
)
from arbook.plots.stopping import (
    plot_patience,
    plot_patience_survey,
    plot_stop,
    plot_stopping_time,
)
from arbook.plots.verdicts import plot_lucky_gain, plot_true_frontier, plot_verdict

__all__ = [
    "plot_any_keep",
    "plot_archives",
    "plot_async",
    "plot_backtest",
    "plot_best_nights",
    "plot_best_of_k",
    "plot_boldness",
    "plot_budget",
    "plot_carry_over",
    "plot_change_gains",
    "plot_conditions",
    "plot_delta_density",
    "plot_doublings",
    "plot_effective_agents",
    "plot_equal_budget",
    "plot_expected_improvement",
    "plot_expected_keeps",
    "plot_fit",
    "plot_forecast",
    "plot_frontier_distribution",
    "plot_frontiers",
    "plot_gain_area",
    "plot_gain_area_growth",
    "plot_gain_area_map",
    "plot_home_rate",
    "plot_keep_curve",
    "plot_keep_probability",
    "plot_keep_rate_by_position",
    "plot_kill_rule",
    "plot_looks",
    "plot_luck_bound",
    "plot_lucky_gain",
    "plot_night",
    "plot_nights",
    "plot_noisy_gain",
    "plot_noisy_runs",
    "plot_noisy_step",
    "plot_patience",
    "plot_patience_survey",
    "plot_power",
    "plot_programs",
    "plot_progress",
    "plot_race",
    "plot_records",
    "plot_remedies",
    "plot_residuals",
    "plot_run",
    "plot_sealed_runs",
    "plot_searches",
    "plot_selection_bias",
    "plot_step_size",
    "plot_stop",
    "plot_stopping_time",
    "plot_team_prices",
    "plot_trade_off",
    "plot_true_frontier",
    "plot_update_rule",
    "plot_verdict",
    "style",
    "use_book_style",
]
