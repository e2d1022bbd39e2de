"""Figures: each draws what the theory and the runs say, looks as it should, and leaves no trace."""

import functools
import io
import itertools
import re
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from scipy.stats import norm

import arbook
from arbook import (
    ParameterError,
    Parameters,
    RunLog,
    agents,
    any_keep_probability,
    expected_frontier,
    expected_gain_area,
    expected_improvement,
    expected_keeps,
    expected_urn_gain,
    frontier_quantiles,
    gain_area,
    gain_area_std,
    keep_probability,
    keeps_std,
    laboratory,
    logs,
    no_keep_probability,
    noise,
    plots,
    simulate,
    simulate_moments,
    step_size,
)
from arbook._palette import PALETTE
from arbook.landscapes import (
    Decay,
    SuccessRule,
    progress_rate,
    search,
    sphere,
    sphere_expected_improvement,
)
from arbook.noise import noisy_step, simulate_noisy
from arbook.plots import _style
from arbook.programs import race, simulate_nights, uniform

P = Parameters(0.01, 0.97)
HIDES = agents.Fidelity(noise=1.0, curve=2.0)
AGENTS = [Parameters(0.01, 0.97, mu, extended=True) for mu in (-0.001, 0.0, 0.001)]
HARMFUL = Parameters(0.01, 0.9, 0.01, extended=True)
SIGMA0S, GAMMAS, PRICES = np.geomspace(0.001, 0.1, 40), np.linspace(0.8, 0.99, 12), [0.0, 2.0, 50.0]


def priced_area(sigma0, gamma, c, n=100):
    return expected_gain_area(Parameters(sigma0, gamma, c * sigma0**2, extended=True), n)


AREAS = [[priced_area(s, 0.97, c) for s in SIGMA0S] for c in PRICES]
MAP = np.array([[priced_area(s, g, 10.0) for g in GAMMAS] for s in SIGMA0S])


def run(values, statuses, **kwargs):
    words = {"k": "keep", "d": "discard", "c": "crash", "o": "other"}
    status = np.array([words[letter] for letter in statuses])
    return RunLog(value=np.array(values, dtype=float), status=status, **kwargs)


SHORT = run([1.0, 0.9, np.nan, 0.95, 0.9, 0.85], "kkcddk")


@functools.cache
def fitted():
    return logs.fit(logs.load_run("h100-mar8"))


NIGHT = laboratory.run(laboratory.Surrogate(), laboratory.TimidAgent(), None, 40, seed=1)


@functools.cache
def searches():
    return {
        "1/5 rule": search(sphere, [1.0, 1.0], SuccessRule(0.3), 60, 30, seed=1),
        "constant": search(sphere, [1.0, 1.0], Decay(0.3), 60, 30, seed=1),
    }


def unhurried(k, variation):
    return agents.simulate_async(P, 60, k, 100, variation=variation, seed=1)


@functools.cache
def judged():
    return logs.verdict(logs.load_run("h100-mar8"), noise=0.0005)


@functools.cache
def surveyed():
    return logs.patience_survey()


@functools.cache
def backtests():
    names = logs.available_runs()[:2]
    return [logs.backtest(logs.load_run(name), n_draws=100) for name in names]


@functools.cache
def stopped():
    return logs.stop(logs.load_run("h100-mar8"), cost=0.5, value=2.5e4)


@functools.cache
def archives():
    """Return runs of archives of one and three, without noise and with much."""
    p = Parameters(0.004, 1.0, 0.002, extended=True)
    return {
        label: {j: agents.simulate_archive(p, 40, j, 50, noise=nu, seed=1) for j in (1, 3)}
        for label, nu in (("half are kept", 0.0), ("noise", 0.004))
    }


@functools.cache
def noisy(repeats=1):
    return simulate_noisy(P, 60, 100, noise=0.01, repeats=repeats, seed=1)


@functools.cache
def contests():
    def sample(program, run):
        return "abcd".index(program) + [0.0, 1.5, -1.0][run % 3]

    return {
        "race": race("abcd", sample, indifference=1.0),
        "even shares": uniform("abcd", sample, 20),
    }


def sixty():
    return {model: nights.holdout for model, nights in logs.sixty_runs().items()}


FIGURES = {
    "plot_run": lambda **where: plots.plot_run(logs.load_run("h100-mar8"), **where),
    "plot_update_rule": lambda **where: plots.plot_update_rule(SHORT, **where),
    "plot_gain_area": lambda **where: plots.plot_gain_area(
        logs.load_run("h100-mar8").frontier, **where
    ),
    "plot_keep_curve": lambda **where: plots.plot_keep_curve(
        [logs.load_run(name) for name in logs.available_runs()], **where
    ),
    "plot_keep_rate_by_position": lambda **where: plots.plot_keep_rate_by_position(
        logs.load_run("h100-mar8"), [0, 10, 25, 50, 125], p=HARMFUL, **where
    ),
    "plot_night": lambda **where: plots.plot_night(NIGHT, **where),
    "plot_change_gains": lambda **where: plots.plot_change_gains(
        laboratory.measured_changes("automl"), **where
    ),
    "plot_step_size": lambda **where: plots.plot_step_size(
        [P, Parameters(0.01, 0.9)], 100, **where
    ),
    "plot_delta_density": lambda **where: plots.plot_delta_density(AGENTS[0], [0, 25, 50], **where),
    "plot_expected_keeps": lambda **where: plots.plot_expected_keeps(
        AGENTS, 100, simulation=simulate(AGENTS[0], 100, 200, seed=3), **where
    ),
    "plot_keep_probability": lambda **where: plots.plot_keep_probability(
        AGENTS, 100, simulation=simulate(AGENTS[0], 100, 400, seed=1), **where
    ),
    "plot_expected_improvement": lambda **where: plots.plot_expected_improvement(
        AGENTS, 150, **where
    ),
    "plot_frontiers": lambda **where: plots.plot_frontiers(simulate(P, 40, 12, seed=1), P, **where),
    "plot_frontier_distribution": lambda **where: plots.plot_frontier_distribution(
        HARMFUL, 12, simulate(HARMFUL, 12, 4000, seed=1), **where
    ),
    "plot_gain_area_growth": lambda **where: plots.plot_gain_area_growth(
        P, 100, moments=[simulate_moments(P, n, 500, seed=n) for n in (50, 100)], **where
    ),
    "plot_trade_off": lambda **where: plots.plot_trade_off(SIGMA0S, AREAS, PRICES, **where),
    "plot_gain_area_map": lambda **where: plots.plot_gain_area_map(
        SIGMA0S, GAMMAS, MAP, optimum=(0.047, 0.99), **where
    ),
    "plot_programs": lambda **where: plots.plot_programs(
        ["bold", "a program with a rather long name"],
        [9.2, 4.1],
        [2.0, 1.0],
        [[8, 11], [5, 3]],
        **where,
    ),
    "plot_conditions": lambda **where: plots.plot_conditions(
        SIGMA0S, AREAS, ["free", "dear", "dearer"], **where
    ),
    "plot_race": lambda **where: plots.plot_race(contests(), **where),
    "plot_selection_bias": lambda **where: plots.plot_selection_bias(
        [1, 4, 16], [12.3, 10.8, 10.2], [9.4, 9.7, 10.0], 10.12, **where
    ),
    "plot_any_keep": lambda **where: plots.plot_any_keep([0.5, 0.1], np.arange(1, 21), **where),
    "plot_best_of_k": lambda **where: plots.plot_best_of_k([1, 2, 3, 5, 10, 100], **where),
    "plot_equal_budget": lambda **where: plots.plot_equal_budget(
        agents.equal_budget(P, 120, 4), **where
    ),
    "plot_effective_agents": lambda **where: plots.plot_effective_agents(
        P, [1, 2, 10], [0.2, 0.5, 1.0], **where
    ),
    "plot_boldness": lambda **where: plots.plot_boldness(
        [0.0003, 0.01, 0.02, 0.1],
        [0.001, 0.013, 0.015, 0.004],
        ["timid", "b", "b", "bold"],
        **where,
    ),
    "plot_doublings": lambda **where: plots.plot_doublings(
        [logs.load_run("h100-mar8"), logs.load_run("pr109-loop")], [0.0, 0.2], **where
    ),
    "plot_async": lambda **where: plots.plot_async(P, unhurried(4, 1.0), **where),
    "plot_team_prices": lambda **where: plots.plot_team_prices(
        P, range(1, 41), [0, 1.5, 70], **where
    ),
    "plot_fit": lambda **where: plots.plot_fit(fitted(), **where),
    "plot_residuals": lambda **where: plots.plot_residuals(fitted(), **where),
    "plot_forecast": lambda **where: plots.plot_forecast(
        logs.forecast(fitted(), 50, n_draws=200), truth=logs.load_run("h100-mar8"), **where
    ),
    "plot_backtest": lambda **where: plots.plot_backtest(backtests(), **where),
    "plot_records": lambda **where: plots.plot_records(
        [logs.load_run(name) for name in logs.available_runs()], **where
    ),
    "plot_progress": lambda **where: plots.plot_progress(
        [3, 100], np.linspace(0.05, 5, 40), **where
    ),
    "plot_searches": lambda **where: plots.plot_searches(searches(), floor=0.0, **where),
    "plot_home_rate": lambda **where: plots.plot_home_rate(
        [0.7, 0.9, 0.99], [0.05, 0.4, 1.0], **where
    ),
    "plot_lucky_gain": lambda **where: plots.plot_lucky_gain(100, **where),
    "plot_true_frontier": lambda **where: plots.plot_true_frontier(judged(), **where),
    "plot_verdict": lambda **where: plots.plot_verdict(judged(), **where),
    "plot_budget": lambda **where: plots.plot_budget(P, HIDES, 2.0, 4, 1.0, n_runs=100, **where),
    "plot_carry_over": lambda **where: plots.plot_carry_over(
        HIDES, np.geomspace(0.1, 60, 50), **where
    ),
    "plot_kill_rule": lambda **where: plots.plot_kill_rule(0.8, 0.25, **where),
    "plot_patience": lambda **where: plots.plot_patience(
        P, 60, range(1, 13), simulate(P, 60, 400, seed=1), **where
    ),
    "plot_patience_survey": lambda **where: plots.plot_patience_survey(surveyed(), **where),
    "plot_stop": lambda **where: plots.plot_stop(stopped(), 60, **where),
    "plot_nights": lambda **where: plots.plot_nights(
        sixty(), "Holdout score (area under the curve)", **where
    ),
    "plot_power": lambda **where: plots.plot_power(
        1.2, 1.0, 20, simulate_nights(1.2, 1.0, 15, 1000, seed=1), **where
    ),
    "plot_best_nights": lambda **where: plots.plot_best_nights(20, sixty(), **where),
    "plot_looks": lambda **where: plots.plot_looks(
        np.subtract(*simulate_nights(0.0, 1.0, 20, 500, seed=1)), **where
    ),
    "plot_stopping_time": lambda **where: plots.plot_stopping_time(P, 100, 0.0005, **where),
    "plot_archives": lambda **where: plots.plot_archives(archives(), **where),
    "plot_luck_bound": lambda **where: plots.plot_luck_bound(60, 9, **where),
    "plot_noisy_gain": lambda **where: plots.plot_noisy_gain(P, 30, 0.01, noisy(), **where),
    "plot_sealed_runs": lambda **where: plots.plot_sealed_runs(logs.sealed_runs(), **where),
    "plot_noisy_step": lambda **where: plots.plot_noisy_step(P, np.linspace(0, 0.05, 40), **where),
    "plot_noisy_runs": lambda **where: plots.plot_noisy_runs(noisy(), **where),
    "plot_remedies": lambda **where: plots.plot_remedies(
        {"plain": noisy(), "4 times": noisy(4)}, **where
    ),
}

#: Pixels across that a figure of a page has on a phone of 360: tests/book/test_pages.py holds it.
PHONE = 311

every_figure = pytest.mark.parametrize("name", sorted(FIGURES))


def svg(axes):
    return axes._repr_svg_()


def figure_of(axes):
    """Return the figure of axes, or of an array of them."""
    return np.ravel(axes)[0].figure


@functools.cache
def drawn(name):
    """Return the axes of a figure that tests only look at."""
    return FIGURES[name]()


@functools.cache
def drawn_svg(name):
    return svg(FIGURES[name]())


def legend_texts(axes):
    return [text.get_text() for legend in figure_of(axes).legends for text in legend.get_texts()]


def line(axes, label):
    """Return the data of the line whose label starts so."""
    (found,) = [drawn for drawn in axes.lines if str(drawn.get_label()).startswith(label)]
    return np.asarray(found.get_xdata(), float), np.asarray(found.get_ydata(), float)


# -- what all figures have in common -----------------------------------------------------------


def test_every_function_is_tested():
    assert set(FIGURES) | {"style", "use_book_style"} == set(plots.__all__)


def test_every_call_in_the_book_exists():
    root = Path(__file__).parents[2]
    pages = [root / "intro.md", *(root / "chapters").glob("*.md")]
    called = {
        name for page in pages for name in re.findall(r"plots\.(\w+)\(", page.read_text("utf-8"))
    }
    assert "plot_run" in called
    assert called <= set(plots.__all__)


@every_figure
def test_labels_units_and_no_title(name):
    figure = figure_of(drawn(name))
    assert isinstance(figure, Figure)
    assert figure.get_suptitle() == ""
    # A count of things is its own unit.
    unit = re.compile(r"\(.+\)|^(Experiments?|Agents|Measured variants|Measurements|Nights)\b")
    for axes in figure.axes:
        assert axes.get_title() == ""
        labels = [axes.get_xlabel(), axes.get_ylabel()]
        shown = [label for label in labels if label]
        assert shown
        assert all(unit.search(label) for label in shown), labels
    assert figure.axes[0].get_xlabel()
    rows_with_names = {"plot_nights", "plot_programs", "plot_backtest", "plot_race"}
    assert figure.axes[0].get_ylabel() or name in rows_with_names


@every_figure
def test_nothing_is_small_cut_off_or_covered(name):
    figure = figure_of(drawn(name))
    figure.draw_without_rendering()
    width, height = figure.get_size_inches()
    texts = [t for t in figure.findobj(Text) if t.get_text().strip() and t.get_visible()]
    assert texts
    points = min(t.get_fontsize() for t in texts)
    assert points * PHONE / (72 * width) >= 11  # pixels
    with plots.style():  # measuring may make ticks anew
        box = figure.get_tightbbox()
    assert box.x0 >= -0.02
    assert box.y0 >= -0.02
    assert box.x1 <= width + 0.02
    assert box.y1 <= height + 0.02
    for legend in figure.legends:
        low = legend.get_window_extent().y0
        assert all(low >= axes.get_tightbbox().y1 - 1 for axes in figure.axes)


@every_figure
def test_ground_is_transparent(name):
    figure = figure_of(drawn(name))
    assert figure.get_facecolor()[3] == 0
    assert all(axes.get_facecolor()[3] == 0 for axes in figure.axes)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    file.seek(0)
    assert plt.imread(file)[0, 0, 3] == 0


@every_figure
def test_svg_is_the_same_each_time(name):
    first = drawn_svg(name)
    # ... whatever the session has set.
    theirs = {"font.size": 30, "axes.facecolor": "red", "lines.linewidth": 9, "svg.hashsalt": None}
    with mpl.rc_context(theirs):
        assert svg(FIGURES[name]()) == first
    assert first.startswith("<?xml")
    assert "dc:date" not in first
    assert len(first) < 400_000


@every_figure
def test_dark_style_has_white_ink(name):
    with plots.style("dark"):
        axes = FIGURES[name]()
    assert figure_of(axes).axes[0].xaxis.label.get_color() == "#ffffff"
    dark = svg(axes)
    assert "#ffffff" in dark
    assert not re.search(r"#000000|(fill|stroke): black", dark)
    assert "#ffffff" not in drawn_svg(name)


def test_no_figure_is_left_in_pyplot():
    for name in FIGURES:
        drawn(name)
    assert plt.get_fignums() == []


def test_drawing_does_not_load_pyplot():
    code = (
        "import sys; from arbook import Parameters, plots; plots.use_book_style();"
        "plots.plot_step_size(Parameters(0.01, 0.97), 9)._repr_svg_();"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


# -- axes that are given -----------------------------------------------------------------------

PANELS = {"plot_async", "plot_equal_budget"}


def given(name, columns=3):
    """Return axes as a function takes them: the first of a plain figure, and the figure."""
    figure = Figure(figsize=(12, 4), layout="constrained")
    axes = figure.subplots(1, columns)
    return axes[:2] if name in PANELS else axes[0], figure


def artists(axes):
    """Return what is drawn on axes, in a form that can be compared."""
    yield axes.get_xlabel(), axes.get_ylabel(), axes.get_xscale(), axes.get_yscale()
    yield axes.get_xlim(), axes.get_ylim()
    for drawn in axes.lines:
        look = (drawn.get_color(), drawn.get_linestyle(), drawn.get_marker(), drawn.get_linewidth())
        yield (*look, drawn.get_label(), str(drawn._unscaled_dash_pattern))
        yield drawn.get_xydata().tolist()
    for drawn in axes.collections:
        yield drawn.get_label(), str(drawn.get_facecolor()), str(drawn.get_edgecolor())
        yield from (path.vertices.tolist() for path in drawn.get_paths())
    for drawn in axes.patches:
        yield drawn.get_facecolor(), np.asarray(drawn.get_path().vertices).tolist()
    for drawn in axes.texts:
        yield drawn.get_text(), drawn.get_color(), drawn.get_fontsize()


@every_figure
def test_given_axes_get_the_same_artists_and_nothing_else_is_touched(name):
    axes, figure = given(name)
    before, places = list(figure.axes), [one.get_position().bounds for one in figure.axes]
    result = FIGURES[name](axes=axes)
    assert result is axes or (name in PANELS and list(result) == list(axes))
    for own, one in zip(np.ravel(drawn(name)), np.ravel(result), strict=True):
        alone = [*map(repr, artists(own))]  # nan is equal to itself there
        assert [*map(repr, artists(one))] == alone
        assert len(alone) > 2
    # No other axes, nothing of the figure's own, and no other layout.
    assert figure.axes == before
    assert [one.get_position().bounds for one in before] == places
    assert not any(one.has_data() or one.get_xlabel() for one in before[np.size(axes) :])
    assert figure.legends == figure.texts == []
    assert figure.get_suptitle() == ""
    assert type(figure.get_layout_engine()).__name__ == "ConstrainedLayoutEngine"
    # The legend is that of the axes, above them.
    first = np.ravel(result)[0]
    shown = first.get_legend().get_texts() if first.get_legend() else []
    assert [text.get_text() for text in shown] == legend_texts(drawn(name))
    figure.draw_without_rendering()
    if shown:
        legend = first.get_legend().get_window_extent()
        assert legend.y0 >= first.bbox.y1 - 1
        assert legend.y1 <= figure.bbox.y1


def test_two_plots_make_one_figure():
    figure = Figure(figsize=(9, 3.5), layout="constrained")
    left, right = figure.subplots(1, 2)
    plots.plot_step_size(P, 60, axes=left)
    plots.plot_run(SHORT, axes=right)
    np.testing.assert_array_equal(line(left, "σ₀ = 0.01")[1], step_size(P, np.arange(60)))
    np.testing.assert_array_equal(line(right, "frontier")[1], SHORT.frontier)
    figure.draw_without_rendering()
    assert not left.get_tightbbox().overlaps(right.get_tightbbox())


def test_one_plot_over_another_goes_on_with_the_colours():
    for first in (plots.plot_step_size(P, 60), Figure().add_subplot()):
        axes = plots.plot_step_size(Parameters(0.01, 0.9), 60, axes=first)
        axes = plots.plot_step_size(Parameters(0.01, 0.8), 60, axes=axes)
        assert axes is first
        curves = [drawn.get_color() for drawn in axes.lines if len(drawn.get_xdata()) == 60]
        order = [PALETTE["light"][role] for role in ("first", "second", "third")]
        assert curves == order[: len(curves)]
        legends = [*axes.figure.legends, *filter(None, [axes.get_legend()])]
        assert [len(legend.get_texts()) for legend in legends] == [len(curves)]


@every_figure
def test_wrong_axes_are_refused(name):
    axes, figure = given(name)
    polar = Figure().add_subplot(projection="polar")
    wrong = [3, "x", figure, [], figure.axes, polar, np.array(axes)[..., None], [figure, 3]]
    wrong += [figure.axes[0], [figure.axes[0]] * 2] if name in PANELS else [figure.axes[:2]]
    for value in wrong:
        with pytest.raises(ParameterError, match=r"^axes must be a .*matplotlib\.axes\.Axes, got "):
            FIGURES[name](axes=value)
    assert not any(one.has_data() or one.get_xlabel() for one in figure.axes)


# -- style -------------------------------------------------------------------------------------


def test_curves_differ_in_colour_and_dash():
    axes = plots.plot_step_size([Parameters(0.01, g) for g in (0.5, 0.6, 0.7, 0.8, 0.9)], 9)
    curves = [d for d in axes.lines if len(d.get_xdata()) == 9]
    assert len({d.get_color() for d in curves}) == 5
    assert len({str(d._unscaled_dash_pattern) for d in curves}) == 5


def test_style_ends_with_its_block():
    before = dict(mpl.rcParams)
    with plots.style("dark"):
        assert mpl.rcParams["text.color"] == "#ffffff"
    with pytest.raises(ParameterError), plots.style("dark"):
        plots.plot_best_of_k([])
    assert dict(mpl.rcParams) == before
    assert plots.plot_best_of_k([1, 2]).xaxis.label.get_color() == "#000000"


def test_use_book_style_stays(monkeypatch):
    monkeypatch.setattr(_style, "_mode", "light")
    with mpl.rc_context():
        plots.use_book_style("dark")
        assert plots.plot_best_of_k([1, 2]).xaxis.label.get_color() == "#ffffff"
        own = Figure()
        own.add_subplot().plot([1, 2])
        assert own.axes[0].lines[0].get_color() == PALETTE["dark"]["first"]
        with plots.style("light"):
            assert plots.plot_best_of_k([1, 2]).xaxis.label.get_color() == "#000000"
        assert plots.plot_best_of_k([1, 2]).xaxis.label.get_color() == "#ffffff"


@pytest.mark.parametrize("mode", ["Dark", "", None, 1, []])
def test_style_modes(mode):
    with pytest.raises(ParameterError, match=r"mode must be 'light' or 'dark', got"):
        plots.use_book_style(mode)
    with pytest.raises(ParameterError, match=r"mode must be"), plots.style(mode):
        pass


# -- a notebook --------------------------------------------------------------------------------


def test_a_kernel_shows_each_figure_once_as_svg(monkeypatch):
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.delenv("MPLBACKEND", raising=False)  # the kernel chooses its own
    draw = "plots.plot_best_of_k([1, 10, 100])"
    book = nbformat.v4.new_notebook()
    book.cells = [
        nbformat.v4.new_code_cell(source)
        for source in (
            "from arbook import plots\nplots.use_book_style()",
            draw,
            f"axes = {draw}",
            "plots.plot_best_of_k([1, 5], axes=axes)",
            "import arbook as ab, arbook.agents\n"
            "plots.plot_equal_budget(ab.agents.equal_budget(ab.Parameters(0.01, 0.97), 40, 4))",
            "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",  # pyplot's inline backend is on
            draw,
            "figure, (left, right) = plt.subplots(1, 2)\n"
            f"{draw[:-1]}, axes=left)\n{draw[:-1]}, axes=right);",
        )
    ]
    NotebookClient(book, timeout=120, kernel_name="python3").execute()
    setup, alone, assigned, over, panels, theirs, beside, composed = (
        cell.outputs for cell in book.cells
    )
    assert setup == assigned == []
    for shown in (alone, over, panels):
        assert [output.output_type for output in shown] == ["execute_result"]
        assert set(shown[0].data) == {"image/svg+xml", "text/plain"}
    assert [len(shown) for shown in (theirs, beside, composed)] == [1, 1, 1]
    assert "image/png" in composed[0].data
    assert beside[0].data["image/svg+xml"] == alone[0].data["image/svg+xml"]


# -- what is drawn: experiments ----------------------------------------------------------------


def test_step_size_is_the_law():
    ps = [Parameters(0.01, 0.9), Parameters(0.02, 0.97)]
    axes = plots.plot_step_size(ps, 60)
    for p in ps:
        t, sigma = line(axes, f"σ₀ = {p.sigma0:g}, γ = {p.gamma:g}, half-life")
        np.testing.assert_array_equal(sigma, step_size(p, t.astype(int)))
    marks = [d for d in axes.lines if len(d.get_xdata()) == 1]
    for p, mark in zip(ps, marks, strict=True):
        (half_life,), (half,) = mark.get_xdata(), mark.get_ydata()
        assert half == p.sigma0 / 2
        assert p.sigma0 * p.gamma**half_life == pytest.approx(half, rel=1e-12)


def test_step_size_without_decay_has_no_half_life():
    axes = plots.plot_step_size(Parameters(0.01, 1.0, extended=True), 10)
    assert legend_texts(axes) == ["σ₀ = 0.01, γ = 1"]


def test_delta_density_shades_the_keep_probability():
    p = Parameters(0.01, 0.97, -0.002)
    axes = plots.plot_delta_density(p, [0, 50])
    for t, band in zip((0, 50), axes.collections, strict=True):
        x, y = line(axes, f"t = {t}:")
        density = norm.pdf(x, p.mu, step_size(p, t))
        np.testing.assert_allclose(y, density, rtol=1e-9)
        kept = keep_probability(p, t)
        # All of both curves but what is beyond 3.5 standard deviations of the wide one.
        assert np.trapezoid(y[x <= 0], x[x <= 0]) == pytest.approx(kept, abs=5e-4)
        corners = band.get_paths()[0].vertices
        assert corners[:, 0].max() == 0
        across, up = corners.T
        area = abs(np.sum(across * np.roll(up, -1) - np.roll(across, -1) * up)) / 2
        assert area == pytest.approx(kept, abs=5e-4)
        assert f"{100 * kept:.0f} % kept" in " ".join(legend_texts(axes))


@pytest.mark.parametrize("mu", [-1.0, 1.0])
def test_delta_density_far_from_zero(mu):
    """Zero is on the picture, with both words, also where a curve is far from it."""
    axes = plots.plot_delta_density(Parameters(0.01, 0.97, mu, extended=True), [0, 400])
    low, high = axes.get_xlim()
    assert low < -0.1
    assert high > 0.1
    svg(axes)


def test_keep_probability_and_its_points():
    runs = simulate(AGENTS[0], 60, 400, seed=3)
    axes = plots.plot_keep_probability(AGENTS, 100, simulation=runs)
    for p, label in zip(AGENTS, ("μ = −0.001", "μ = 0", "μ = +0.001"), strict=True):
        t, y = line(axes, label)
        np.testing.assert_array_equal(y, keep_probability(p, t.astype(int)))
        assert t[-1] == 99
    (points,) = axes.containers
    t, y = (np.asarray(values) for values in points.lines[0].get_data())
    assert t[-1] < 60
    assert 15 < t.size <= 25
    np.testing.assert_array_equal(y, runs.kept.mean(axis=0)[t])
    bars = np.array([[low, high] for (_, low), (_, high) in points.lines[2][0].get_segments()])
    np.testing.assert_allclose(bars.mean(axis=1), y, rtol=1e-12)
    np.testing.assert_allclose(np.ptp(bars, axis=1), 4 * np.sqrt(y * (1 - y) / 400), rtol=1e-9)


def test_expected_keeps_and_their_points():
    runs = simulate(AGENTS[0], 60, 400, seed=3)
    axes = plots.plot_expected_keeps(AGENTS, 100, simulation=runs)
    for p, label in zip(AGENTS, ("μ = −0.001", "μ = 0", "μ = +0.001"), strict=True):
        n, y = line(axes, label)
        np.testing.assert_array_equal(n, np.arange(101))
        np.testing.assert_array_equal(y, expected_keeps(p, n.astype(int)))
    band = axes.collections[0].get_paths()[0].vertices[:, 1]
    assert band.max() == pytest.approx(expected_keeps(AGENTS[0], 100) + keeps_std(AGENTS[0], 100))
    (points,) = axes.containers
    n, y = (np.asarray(values) for values in points.lines[0].get_data())
    np.testing.assert_array_equal(n, np.arange(3, 61, 3))
    counts = np.array([runs.kept[:, :m].sum(axis=1) for m in n])
    np.testing.assert_allclose(y, counts.mean(axis=1))
    bars = np.array([[low, high] for (_, low), (_, high) in points.lines[2][0].get_segments()])
    np.testing.assert_allclose(np.ptp(bars, axis=1), 2 * counts.std(axis=1))


def test_expected_improvement_is_the_law():
    axes = plots.plot_expected_improvement(AGENTS, 150)
    for p, label in zip(AGENTS, ("μ = −0.001", "μ = 0", "μ = +0.001"), strict=True):
        t, y = line(axes, label)
        np.testing.assert_array_equal(y, expected_improvement(p, t.astype(int)))
    low, high = axes.get_ylim()
    assert axes.get_yscale() == "log"
    assert low >= 1e-9
    assert low < 0.00399 < high


def test_improvements_that_underflow_are_left_out():
    axes = plots.plot_expected_improvement(Parameters(0.01, 0.5, 0.01, extended=True), 60)
    y = axes.lines[0].get_ydata()
    assert np.isnan(y[-1])
    assert y[0] > 0
    svg(axes)


# -- what is drawn: runs of the model ----------------------------------------------------------


def test_frontiers_mean_band_and_runs():
    runs = simulate(P, 40, 12, seed=1, f0=2.0)
    axes = plots.plot_frontiers(runs, P)
    n, mean = line(axes, "mean")
    np.testing.assert_array_equal(mean, expected_frontier(P, n.astype(int), 2.0))
    np.testing.assert_array_equal(line(axes, "one of them")[1], runs.frontier[0])
    others = [d.get_ydata() for d in axes.lines if d.get_alpha() == 0.25]
    np.testing.assert_array_equal(others, runs.frontier[1:])
    (band,) = axes.collections
    corners = band.get_paths()[0].vertices
    quantiles = frontier_quantiles(P, 40, [0.05, 0.95], 2.0)
    end = corners[corners[:, 0] == 40, 1]
    np.testing.assert_allclose([end.min(), end.max()], quantiles, rtol=1e-12)


def test_many_or_single_frontiers():
    axes = plots.plot_frontiers(simulate(P, 30, 250, seed=1))
    assert sum(d.get_alpha() == 0.25 for d in axes.lines) == 99
    axes = plots.plot_frontiers(simulate(P, 300, 1, seed=1))
    assert "simulated run" in legend_texts(axes)


def test_frontier_distribution_shares_add_up_and_match():
    runs = simulate(HARMFUL, 12, 20_000, seed=7)
    axes = plots.plot_frontier_distribution(HARMFUL, 12, runs)
    classes, atom = axes.containers
    shares = np.array([bar.get_height() for bar in classes])
    (stuck,) = [bar.get_height() for bar in atom]
    assert shares.sum() + stuck == pytest.approx(1, abs=1e-12)
    assert stuck == pytest.approx(np.mean(runs.frontier[:, 12] == 1.0), abs=1e-12)
    middle, exact = line(axes, "exact")
    atom_exact = no_keep_probability(HARMFUL, 12)
    assert exact.sum() + atom_exact == pytest.approx(1, abs=1e-3)
    # Each class within 5 standard errors, or as many as one run in the rarest.
    error = np.sqrt(np.maximum(exact, 1e-4) / 20_000)
    assert (np.abs(shares - exact) < 5 * error).all()
    assert abs(stuck - atom_exact) < 5 * np.sqrt(0.25 / 20_000)
    np.testing.assert_allclose(middle, [bar.get_x() + bar.get_width() / 2 for bar in classes])
    assert classes[-1].get_x() + classes[-1].get_width() == pytest.approx(1.0)
    assert atom[0].get_x() > 1.0  # beside the last class, not over it


def test_frontier_distribution_far_from_the_baseline():
    runs = simulate(P, 100, 4000, seed=7)
    axes = plots.plot_frontier_distribution(P, 100, runs)
    assert len(axes.containers) == 1  # no atom: its probability is 2^-100
    shares = np.array([bar.get_height() for bar in axes.containers[0]])
    middle, exact = line(axes, "exact")
    assert shares.sum() == pytest.approx(1, abs=1e-12)
    assert exact.sum() == pytest.approx(1, abs=1e-3)
    assert middle @ exact == pytest.approx(expected_frontier(P, 100), abs=1e-3)
    assert 20 <= shares.size <= 70


def test_gain_area_growth_is_the_law():
    moments = [simulate_moments(P, n, 500, seed=n) for n in (50, 100)]
    axes = plots.plot_gain_area_growth(P, 120, moments=iter(moments))
    n, mean = line(axes, "mean (exact)")
    np.testing.assert_array_equal(mean, expected_gain_area(P, n.astype(int)))
    end = axes.collections[0].get_paths()[0].vertices
    end = end[end[:, 0] == 120, 1]
    assert np.ptp(end) / 2 == pytest.approx(gain_area_std(P, 120), rel=1e-12)
    (points,) = axes.containers
    np.testing.assert_array_equal(points.lines[0].get_xdata(), [50, 100])
    np.testing.assert_array_equal(points.lines[0].get_ydata(), [m.gain_area_mean for m in moments])


# -- what is drawn: real runs ------------------------------------------------------------------


def test_run_draws_every_row_once():
    log = logs.load_run("h100-mar8")
    axes = plots.plot_run(log)
    np.testing.assert_array_equal(line(axes, "frontier")[1], log.frontier)
    kept, discarded = line(axes, "22 kept"), line(axes, "102 discarded")
    crashed, above = line(axes, "1 crashed"), line(axes, "1 above: 3.216")
    assert [x.size for x, _ in (kept, discarded, crashed, above)] == [23, 101, 1, 1]
    rows = np.concatenate([x for x, _ in (kept, discarded, crashed, above)])
    np.testing.assert_array_equal(np.sort(rows), log.experiment)
    for x, y in (kept, discarded):
        np.testing.assert_array_equal(y, log.value[x.astype(int)])
    low, high = axes.get_ylim()
    assert low < 0.969686 < 0.9979 < high < 1.01


def test_run_where_higher_is_better():
    log = run(
        [0.5, 0.6, np.nan, 0.55, 0.7, 0.52, 0.61, -40], "kkcdkddd", direction="max", metric="acc"
    )
    axes = plots.plot_run(log)
    assert axes.get_ylabel() == "acc (its own unit)"
    assert line(axes, "frontier")[1][-1] == 0.7
    assert line(axes, "1 crashed")[1] > 0.9  # of the height: on the better side
    assert line(axes, "1 below: -40")[1] < 0.1
    assert axes.get_ylim()[0] > 0


def test_rows_without_metric_or_with_another_status():
    log = run([1.0, np.nan, 0.9, np.nan, 1.1], "kdoco")
    assert legend_texts(plots.plot_run(log)) == [
        "frontier", "0 kept", "1 discarded", "2 other", "2 without metric"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "log",
    [run([1.0], "k"), run([1.0, 1.0, 1.0], "kdd"), run([0.0, 0.0], "kd"), run([np.nan, 2.0], "cd")],
    ids=["baseline", "plateau", "zero", "nothing kept"],
)
def test_odd_runs_are_drawn(log):
    low, high = plots.plot_run(log).get_ylim()
    assert low < high
    svg(plots.plot_update_rule(log))


def test_text_of_a_log_is_no_formula():
    """A dollar sign may be a price, and what stands after it no TeX."""
    words = r"$a_{b \frac$ c"
    log = replace(logs.load_run("h100-mar8"), metric=words, source=words)
    fit = logs.fit(log)
    own = Figure().subplots()
    for axes in (
        plots.plot_run(log),
        plots.plot_run(log, axes=own),
        plots.plot_fit(fit),
        plots.plot_forecast(logs.forecast(fit, 10, n_draws=200)),
        plots.plot_backtest([logs.backtest(log, n_draws=100)]),
        plots.plot_records([log]),
    ):
        picture = io.StringIO()
        with mpl.rc_context({"svg.fonttype": "none"}):
            axes.figure.savefig(picture, format="svg")
        lines = re.findall(r"(?:<!-- |<text[^>]*>)([^<]*?)(?: -->|</text>)", picture.getvalue())
        assert words in " ".join(lines)  # a long name is broken at its blanks


def test_doublings_are_shares_of_runs_and_of_the_law():
    runs = [logs.load_run("h100-mar8"), logs.load_run("pr109-loop")]
    axes = plots.plot_doublings(runs, [0.0], doublings=2)
    right = np.mean([logs.gain_by_doubling(run, 2) for run in runs], axis=0)
    marks = axes.containers[0].lines[0]
    assert marks.get_ydata() == pytest.approx(right)
    parts = []
    for run in runs:
        n = run.n_experiments
        got = expected_urn_gain([0, round(n / 4), round(n / 2), n])
        parts.append(np.diff(got) / got[-1])
    assert line(axes, "law")[1] == pytest.approx(np.mean(parts, axis=0))


def test_boldness_has_a_mark_a_run():
    axes = plots.plot_boldness([0.1, 0.2, 0.3], [1, 2, 0], ["a", "b", "a"])
    assert [len(drawn.get_xdata()) for drawn in axes.lines] == [2, 1]
    assert line(axes, "a")[1].tolist() == [1, 0]


def test_update_rule_joins_incumbent_and_variant():
    axes = plots.plot_update_rule(SHORT)
    stems = {
        tuple(segment[0]): segment[1, 1]
        for segment in axes.collections[0].get_segments()
        if len(segment)  # none for the crash
    }
    assert stems == {(1, 1.0): 0.9, (3, 0.9): 0.95, (4, 0.9): 0.9, (5, 0.9): 0.85}


def test_gain_area_is_the_shaded_area():
    values = np.array([1.0, 0.98, 0.98, 0.95, 0.95])
    axes = plots.plot_gain_area(values)
    across, up = axes.collections[0].get_paths()[0].vertices.T
    shaded = abs(np.sum(across * np.roll(up, -1) - np.roll(across, -1) * up)) / 2
    assert shaded == pytest.approx(gain_area(values), rel=1e-12)
    assert set(legend_texts(axes)) == {
        "gain area 0.14, 70 % of the rectangle",
        "frontier",
        "rectangle: final gain × 4",
    }
    corners = line(axes, "rectangle")
    assert (corners[0].min(), corners[0].max()) == (0, 4)
    assert (corners[1].min(), corners[1].max()) == (0.95, 1.0)


def test_gain_area_of_nothing():
    axes = plots.plot_gain_area([1.0, 1.0, 1.0])
    assert "gain area 0" in legend_texts(axes)


def test_keep_curve_puts_runs_on_the_law():
    runs = [logs.load_run(name) for name in logs.available_runs()]
    axes = plots.plot_keep_curve(iter(runs))
    a, rate = line(axes, f"{len(runs)} real runs")
    np.testing.assert_array_equal(rate, [log.keep_rate for log in runs])
    # With sigma 1 and mu = -a, the law of one experiment.
    law = [float(keep_probability(Parameters(1.0, 0.5, -x, extended=True), 0)) for x in a]
    np.testing.assert_allclose(law, rate, rtol=1e-9)
    x, y = line(axes, "law")
    assert y[x == 0] == 0.5


def test_keep_curve_holds_runs_that_kept_all_or_nothing():
    axes = plots.plot_keep_curve([run([1.0, 0.9], "kk"), run([1.0, 1.1], "kd")])
    np.testing.assert_array_equal(line(axes, "2 real runs"), [[3, -3], [1, 0]])


def test_keep_rate_by_position_is_that_of_the_logs():
    log, edges = logs.load_run("h100-mar8"), [0, 10, 25, 50, 125]
    axes = plots.plot_keep_rate_by_position(log, edges, p=HARMFUL)
    rates = logs.keep_rate_by_position(log, edges)
    (points,) = axes.containers
    x, y = points.lines[0].get_data()
    np.testing.assert_allclose(y, 100 * rates.rate)
    np.testing.assert_array_equal(x, [5, 17.5, 37.5, 87.5])
    across, up = points.lines[2]
    widths = [segment[:, 0].tolist() for segment in across.get_segments()]
    assert widths == [[0, 10], [10, 25], [25, 50], [50, 125]]
    ends = np.array([segment[:, 1] for segment in up.get_segments()])
    np.testing.assert_allclose(ends, 100 * np.stack([rates.low, rates.high], axis=1), rtol=1e-9)
    t, law = line(axes, "law")
    np.testing.assert_allclose(law, 100 * keep_probability(HARMFUL, t.astype(int)))


@pytest.mark.parametrize("family", ["normal", "two-part"])
def test_keep_rate_by_position_takes_a_fit_of_any_family(family):
    log = logs.load_run("h100-mar8")
    fit = logs.fit(log, family=family)
    axes = plots.plot_keep_rate_by_position(log, [0, 10, 125], p=fit)
    t, law = line(axes, f"fit, {family}")
    np.testing.assert_allclose(law, 100 * fit.keep_probability(t))
    if family == "normal":
        np.testing.assert_allclose(law, 100 * keep_probability(fit.parameters, t.astype(int)))


def test_keep_rate_by_position_of_several_runs_and_an_empty_class():
    runs = [run([1.0, 0.9, 1.1], "kkd"), run([1.0, 0.9, 0.8], "kkk")]
    axes = plots.plot_keep_rate_by_position(runs, [0, 1, 2, 9, 12])
    np.testing.assert_array_equal(
        axes.containers[0].lines[0].get_ydata(), [100, 50, np.nan, np.nan]
    )


# -- what is drawn: agents and programs --------------------------------------------------------


def test_any_keep_is_the_law():
    axes = plots.plot_any_keep([0.5, 0.04], np.arange(1, 21))
    for p in (0.5, 0.04):
        k, y = line(axes, f"p = {p:g}")
        np.testing.assert_array_equal(y, any_keep_probability(p, k.astype(int)))


def test_best_of_k_is_the_expected_maximum():
    axes = plots.plot_best_of_k([1, 2, 3, 5, 10, 100])
    known = [0, 0.5641895835, 0.8462843753, 1.1629644736, 1.5387527308, 2.5075936346]
    k, best = line(axes, "expected maximum")
    np.testing.assert_allclose(best, known, atol=1e-9)
    at, bound = line(axes, "bound")
    np.testing.assert_allclose(bound, np.sqrt(2 * np.log(at)))
    assert (np.interp(k, at, bound) >= best - 1e-12).all()


def test_effective_agents_are_the_law():
    axes = drawn("plot_effective_agents")
    for rho in (0.2, 0.5, 1):
        x, y = line(axes, f"ρ = {rho:g}")
        np.testing.assert_array_equal(y, agents.effective_agents(P, x.astype(int), rho))


def test_agents_that_do_not_wait_on_both_axes():
    runs = unhurried(4, 1.0)
    left, right = drawn("plot_async")
    x, y = line(left, "4 that do not wait")
    np.testing.assert_array_equal(x, np.arange(61))
    np.testing.assert_array_equal(y, runs.frontier.mean(axis=0))
    x, y = line(left, "rounds of 4")
    alike = Parameters(0.01, 0.97**4)
    np.testing.assert_array_equal(y, agents.expected_round_frontier(alike, np.arange(16), 4))
    # In time, a round lasts as long as its slowest experiment.
    _, waited, free = (found.get_xydata() for found in right.lines)
    assert waited[-1] == pytest.approx([15 * agents.expected_longest(4, 1.0), y[-1]])
    np.testing.assert_array_equal(free[:, 1], runs.at(free[:, 0]).mean(axis=0))
    # Two agents with fixed durations are drawn exactly.
    exact, _ = plots.plot_async(P, unhurried(2, 0.0))
    law = agents.expected_async_frontier(P, np.arange(61), 2)
    np.testing.assert_array_equal(line(exact, "2 that do not wait")[1], law)


def test_team_prices_and_the_best():
    axes = drawn("plot_team_prices")
    bests = []
    for waiting in (0, 1.5, 70):
        x, y = line(axes, f"w = {waiting:g}")
        np.testing.assert_array_equal(y, agents.relative_price(P, x.astype(int), waiting))
        bests.append(x[y.argmin()])
    rings = [found.get_xdata()[0] for found in axes.lines if found.get_fillstyle() == "none"]
    assert rings == bests
    assert bests[0] == 1 < bests[1] < bests[2]


def test_equal_budget_on_both_axes():
    budget = agents.equal_budget(P, 120, 4)
    left, right = plots.plot_equal_budget(budget)
    for axes, rounds_cost in ((left, 4), (right, 1)):
        x, y = line(axes, "1 agent")
        np.testing.assert_array_equal(y, budget.serial)
        np.testing.assert_array_equal(x, np.arange(121))
        x, y = line(axes, "4 agents")
        np.testing.assert_array_equal(y, budget.parallel)
        np.testing.assert_array_equal(x, rounds_cost * np.arange(31))


def test_trade_off_marks_inner_maxima_only():
    axes = plots.plot_trade_off(SIGMA0S, AREAS, PRICES)
    for row, c in zip(AREAS, PRICES, strict=True):
        x, y = line(axes, f"c = {c:g}")
        np.testing.assert_array_equal(x, SIGMA0S)
        np.testing.assert_array_equal(y, row)
    marks = [d.get_xydata()[0].tolist() for d in axes.lines if len(d.get_xdata()) == 1]
    best = int(np.argmax(AREAS[2]))
    assert 0 < best < SIGMA0S.size - 1
    assert marks == [[SIGMA0S[best], AREAS[2][best]]]  # c = 0 and c = 2 rise to the end
    assert [text.split(",")[0] for text in legend_texts(axes)] == ["c = 0", "c = 2", "c = 50"]


def test_gain_area_map_has_round_levels_and_the_mark():
    axes = plots.plot_gain_area_map(SIGMA0S, GAMMAS, MAP, optimum=(0.047, 0.99))
    (contours,) = axes.collections
    scale = contours.colorbar.ax
    np.testing.assert_allclose(contours.levels, [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50])
    assert contours.levels[-1] >= MAP.max() > contours.levels[-2]
    assert line(axes, "optimum") == ([0.047], [0.99])
    # Areas of the right step sizes: sigma0 runs across, gamma upwards.
    i, j = np.unravel_index(MAP.argmax(), MAP.shape)
    where = axes.transData.transform((SIGMA0S[i], GAMMAS[j] - 1e-6))
    top_band = contours.get_paths()[-1]
    assert top_band.contains_point(axes.transData.inverted().transform(where))
    assert "bits per byte × experiments" in scale.get_ylabel()


def test_map_without_optimum_has_no_legend():
    assert legend_texts(plots.plot_gain_area_map(SIGMA0S, GAMMAS, MAP)) == []


def test_race_has_a_bar_for_every_program_and_contest():
    found = contests()
    axes = plots.plot_race(found)
    bars = [patch.get_width() for patch in axes.patches]
    assert bars == [*found["race"].runs, *found["even shares"].runs]
    pale = [patch.get_alpha() is not None for patch in axes.patches]
    assert pale == [True, True, True, False] + 4 * [False]
    assert legend_texts(axes)[-1] == "even shares: 80 runs"


def test_selection_bias_is_the_area_between_the_curves():
    axes = FIGURES["plot_selection_bias"]()
    reported, true, best = axes.lines
    assert list(reported.get_ydata() - true.get_ydata()) == pytest.approx([2.9, 1.1, 0.2])
    assert set(best.get_ydata()) == {10.12}


def test_programs_rows_from_the_top():
    axes = plots.plot_programs(["a", "b"], [9.0, 4.0], [2.0, 1.0], samples=[[8, 11], [5, 3, 4]])
    bars = [(bar.get_x(), bar.get_width()) for bar in axes.containers[0]]
    assert bars == [(7.0, 4.0), (3.0, 2.0)]
    assert [segment[0, 0] for segment in axes.collections[0].get_segments()] == [9.0, 4.0]
    x, row = line(axes, "single runs")
    np.testing.assert_array_equal(x, [8, 11, 5, 3, 4])
    np.testing.assert_array_equal(row, [0, 0, 1, 1, 1])
    low, high = axes.get_ylim()
    assert low > high  # row 0 is the upper one
    assert "single runs" not in legend_texts(plots.plot_programs(["a"], [1.0], [0.0]))


# -- bad input ---------------------------------------------------------------------------------

SIM = simulate(P, 10, 3, seed=1)
TINY = simulate(Parameters(1e-20, 0.9), 10, 3, seed=1)
BAD = [
    (lambda: plots.plot_run("results.tsv"), "log must be an arbook.RunLog, got 'results.tsv'"),
    (lambda: plots.plot_run(run([np.nan], "c")), "log must be a run in which at least one row"),
    (lambda: plots.plot_update_rule(None), "log must be an arbook.RunLog, got None"),
    (lambda: plots.plot_update_rule(run([], "")), "log must be a run in which"),
    (lambda: plots.plot_gain_area([1.0]), "frontier must be at least two finite numbers"),
    (lambda: plots.plot_gain_area([1.0, 0.9, 0.95]), "frontier must be a sequence that never"),
    (lambda: plots.plot_gain_area([1.0, np.nan]), "frontier must be at least two finite numbers"),
    (
        lambda: plots.plot_gain_area(np.ones((2, 2))),
        r"frontier must be .*, got an array of shape \(2, 2\)",
    ),
    (lambda: plots.plot_keep_curve([]), "logs must be an iterable of arbook.RunLog, at"),
    (lambda: plots.plot_keep_curve(3), "logs must be an iterable of .*, got 3"),
    (lambda: plots.plot_keep_curve(["h100-mar8"]), "logs must be an iterable of .*, got 'h1"),
    (lambda: plots.plot_keep_curve([run([1.0], "k")]), "logs must be runs with at least one exp"),
    (lambda: plots.plot_keep_rate_by_position("x", [0, 1]), "log must be an iterable of"),
    (lambda: plots.plot_keep_rate_by_position(SHORT, [0, 0]), "edges must be at least two incr"),
    (
        lambda: plots.plot_keep_rate_by_position(SHORT, [0, 2], p=0.5),
        "p must be an arbook.Parameters or a Fit",
    ),
    (lambda: plots.plot_step_size([], 9), "ps must be .*, 1 to 5 of them, got 0 of them"),
    (lambda: plots.plot_step_size([P] * 6, 9), "ps must be .*, 1 to 5 of them, got 6 of them"),
    (lambda: plots.plot_step_size(0.01, 9), "ps must be an iterable of arbook.Parameters"),
    (lambda: plots.plot_step_size([0.01], 9), "ps must be an iterable of arbook.Parameters"),
    (lambda: plots.plot_step_size(P, 1), "n must be an integer in 2 ... 1000000, got 1"),
    (lambda: plots.plot_step_size(P, 9.5), "n must be an integer in 2 ... 1000000, got 9.5"),
    (lambda: plots.plot_delta_density([P], [0]), "p must be an arbook.Parameters"),
    (
        lambda: plots.plot_delta_density(P, [-1]),
        "ts must be a sequence of 1 to 5 integers >= 0, got -1",
    ),
    (
        lambda: plots.plot_delta_density(P, 3),
        "ts must be a sequence of 1 to 5 integers >= 0, got 3",
    ),
    (lambda: plots.plot_delta_density(P, range(6)), "ts must be a sequence of 1 to 5 integers"),
    (lambda: plots.plot_keep_probability(P, 0), "n must be an integer in 2 ... 1000000, got 0"),
    (lambda: plots.plot_expected_keeps(P, 1), "n must be an integer in 2 ... 1000000, got 1"),
    (lambda: plots.plot_expected_keeps(P, 9, [1]), r"simulation must be an arbook.Simulation"),
    (lambda: plots.plot_keep_probability(P, 9, [1]), r"simulation must be an arbook.Simulation"),
    (
        lambda: plots.plot_expected_improvement(P, "9"),
        "n must be an integer in 2 ... 1000000, got '9'",
    ),
    (
        lambda: plots.plot_expected_improvement(Parameters(0.01, 0.9, 1.0, extended=True), 9),
        "ps must be parameters with an improvement that a double can hold",
    ),
    (lambda: plots.plot_frontiers(SIM.frontier, P), "sim must be an arbook.Simulation"),
    (lambda: plots.plot_frontiers(SIM, 0.97), "p must be an arbook.Parameters, got 0.97"),
    (
        lambda: plots.plot_frontier_distribution(P, 11, SIM),
        "n must be an integer in 1 ... 10 ",
    ),
    (
        lambda: plots.plot_frontier_distribution(P, 0, SIM),
        "n must be an integer in 1 ... 10 .*, got 0",
    ),
    (lambda: plots.plot_frontier_distribution(P, 5, P), "sim must be an arbook.Simulation"),
    (
        lambda: plots.plot_frontier_distribution(Parameters(0.01, 0.9, 9.0, extended=True), 5, SIM),
        "p must be parameters with which something is kept",
    ),
    (
        lambda: plots.plot_frontier_distribution(TINY.parameters, 5, TINY),
        "p must be parameters that move the frontier by more than rounding",
    ),
    (lambda: plots.plot_gain_area_growth(P, 0), "n_max must be an integer in 1 ... 1000000, got 0"),
    (lambda: plots.plot_gain_area_growth(P, 9, [SIM]), "moments must be an iterable of arbook.Mo"),
    (lambda: plots.plot_gain_area_growth(P, 9, 1), "moments must be an iterable of arbook.Mo"),
    (lambda: plots.plot_gain_area_growth(1, 9), "p must be an arbook.Parameters, got 1"),
    (lambda: plots.plot_trade_off([0.1, 0.2], [[1, 2]], [0, 1]), r"areas must have the shape"),
    (lambda: plots.plot_trade_off([0.2, 0.1], [[1, 2]], [0]), "sigma0s must be at least two incr"),
    (lambda: plots.plot_trade_off([0.0, 0.1], [[1, 2]], [0]), "sigma0s must be at least two incr"),
    (lambda: plots.plot_trade_off([0.1, 0.2], [[0, 0]], [0]), "areas must be numbers of which"),
    (
        lambda: plots.plot_trade_off([0.1, 0.2], [[1, 2]] * 6, range(6)),
        "prices must be a sequence of 1 to 5",
    ),
    (lambda: plots.plot_conditions([0.1, 0.2], [[1, 2]], ["a", "b"]), r"areas must have the shape"),
    (lambda: plots.plot_conditions([0.1, 0.2], [[0, 0]], ["a"]), "areas must be numbers of which"),
    (lambda: plots.plot_conditions([0.1, 0.2], [[1, 2]], "a"), "names must be a sequence of str"),
    (lambda: plots.plot_conditions([0.1, 0.2], [[1, 2]] * 6, list("abcdef")), "names must be 1 to"),
    (lambda: plots.plot_race({}), "choices must be a mapping of 1 to 3"),
    (lambda: plots.plot_race({"a": 3}), "choices must be a mapping of 1 to 3"),
    (
        lambda: plots.plot_race({"a": contests()["race"], "b": uniform("a", lambda *_: 1.0, 1)}),
        "choices must be a mapping of 1 to 3",
    ),
    (lambda: plots.plot_selection_bias([1, 2], [1], [1, 2], 3), "reported must have one entry"),
    (lambda: plots.plot_selection_bias([2, 1], [1, 2], [1, 2], 3), "n_runs must be at least two"),
    (lambda: plots.plot_selection_bias([1, 2], [1, 2], [1, 2], "x"), "best must be a finite"),
    (lambda: plots.plot_gain_area_map(SIGMA0S, GAMMAS, MAP.T), r"area must have the shape \(sig"),
    (lambda: plots.plot_gain_area_map(SIGMA0S, GAMMAS, 0 * MAP), "area must be numbers of which"),
    (lambda: plots.plot_gain_area_map(SIGMA0S, GAMMAS, MAP, 0.1), "optimum must be a pair of"),
    (lambda: plots.plot_gain_area_map(SIGMA0S, GAMMAS, MAP * np.nan), "area must be a finite"),
    (
        lambda: plots.plot_programs("ab", [1, 2], [1, 1]),
        "names must be a sequence of str, got 'ab'",
    ),
    (lambda: plots.plot_programs(7, [1], [1]), "names must be a sequence of str, got 7"),
    (lambda: plots.plot_programs(["a"], [1], [1], 7), "samples must be a sequence with the runs"),
    (lambda: plots.plot_programs([1], [1], [1]), "names must be a sequence of str"),
    (lambda: plots.plot_programs(["a"], [1, 2], [1, 1]), "names must have one entry for each of"),
    (lambda: plots.plot_programs(["a"], [1], [-1]), "stds must be .* in .0, 1e.150., got -1"),
    (lambda: plots.plot_programs(["a"], [1], [1], []), "samples must have one entry for each of"),
    (lambda: plots.plot_programs(["a"], [1], [1], [[np.inf]]), "samples must be a non-empty"),
    (lambda: plots.plot_any_keep([1.5], [1]), "ps must be a sequence of .* in"),
    (lambda: plots.plot_any_keep([0.5], [0]), "ks must be a non-empty .* integers >= 1"),
    (lambda: plots.plot_any_keep([0.1] * 6, [1]), "ps must be a sequence of 1 to 5 numbers"),
    (lambda: plots.plot_best_of_k(5), "ks must be a non-empty .* integers >= 1, got 5"),
    (lambda: plots.plot_best_of_k([]), "ks must be a non-empty .* integers >= 1"),
    (lambda: plots.plot_effective_agents(P, [1], [0.1] * 6), "correlations must be a sequence"),
    (lambda: plots.plot_effective_agents(P, [1], [1.5]), "correlations must be a sequence"),
    (lambda: plots.plot_effective_agents(P, 3, [0.5]), "ks must be a non-empty .* integers >= 1"),
    (lambda: plots.plot_async(P, 1), "runs must be an arbook.agents.AsyncSimulation"),
    (lambda: plots.plot_async(1, unhurried(2, 0.0)), "p must be"),
    (lambda: plots.plot_team_prices(P, [1, 2], [1] * 6), "waitings must be a sequence of 1 to 5"),
    (
        lambda: plots.plot_team_prices(P, [1, 2], [-1]),
        "waitings must be a seq.* >= 0, got -1",
    ),
    (lambda: plots.plot_equal_budget(P), "budget must be an arbook.agents.EqualBudget"),
]


@pytest.mark.parametrize(("call", "message"), BAD, ids=[message for _, message in BAD])
def test_bad_input(call, message):
    with pytest.raises(ParameterError, match=message):
        call()


# -- the laboratory ---------------------------------------------------------------------------


def test_a_night_is_drawn_as_it_was():
    axes = drawn("plot_night")
    assert line(axes, "in truth")[1] == pytest.approx(NIGHT.true)
    assert line(axes, "in the log")[1] == pytest.approx(NIGHT.logged)
    kept = np.flatnonzero(NIGHT.log.status == "keep")
    assert list(line(axes, "kept")[0]) == list(kept)
    assert line(axes, "crashed")[0].size == NIGHT.log.crashed.sum()


def test_gains_of_changes_are_means_over_runs():
    axes = drawn("plot_change_gains")
    rows = [r for r in laboratory.measured_changes("automl") if (r["step"], r["t"]) == (0.1, 50)]
    (drawn_line,) = [one[0] for one in axes.containers if one.get_label() == "step 0.1"]
    assert drawn_line.get_ydata()[2] == pytest.approx(np.mean([row["gain"] for row in rows]))
    assert plots.plot_change_gains(rows[:1]).get_yscale() == "log"


# -- landscapes and noise ----------------------------------------------------------------------


def test_progress_is_the_law():
    axes = drawn("plot_progress")
    s, limit = line(axes, "d → ∞")
    assert limit == pytest.approx(progress_rate(s))
    _, exact = line(axes, "d = 3")
    assert exact == pytest.approx(sphere_expected_improvement(3, s / 3) * 3 / 2)


def test_searches_are_drawn_by_their_medians():
    axes = drawn("plot_searches")
    _, y = line(axes, "1/5 rule")
    assert y == pytest.approx(np.median(searches()["1/5 rule"].frontier, axis=0))
    assert plots.plot_searches(searches()).get_yscale() == "linear"


def test_home_rate_stands_over_the_half_life():
    x, y = drawn("plot_home_rate").lines[0].get_data()
    assert np.power([0.7, 0.9, 0.99], x) == pytest.approx(0.5)
    assert list(y) == [5, 40, 100]


def test_noisy_figures_draw_law_and_means():
    x, true = line(drawn("plot_noisy_step"), "in truth")
    assert true == pytest.approx(noisy_step(P, 0, x * P.sigma0).true_gain)
    _, logged = line(drawn("plot_noisy_runs"), "logged")
    assert logged == pytest.approx(noisy().logged.mean(axis=0))
    spent, _ = line(drawn("plot_remedies"), "4 times")
    assert spent[-1] == 240


@pytest.mark.parametrize(
    "call",
    [
        lambda: plots.plot_progress([0], [1.0]),
        lambda: plots.plot_progress([1, 2, 3, 4, 5], [1.0]),
        lambda: plots.plot_progress([2], [0.0]),
        lambda: plots.plot_searches({}),
        lambda: plots.plot_searches({"a": 1}),
        lambda: plots.plot_searches([1]),
        lambda: plots.plot_home_rate([0.5], [0.1, 0.2]),
        lambda: plots.plot_home_rate([1.0], [0.5]),
        lambda: plots.plot_home_rate([0.5], [1.5]),
        lambda: plots.plot_noisy_step("p", [0.1]),
        lambda: plots.plot_noisy_step(P, [-0.1]),
        lambda: plots.plot_noisy_runs(1),
        lambda: plots.plot_remedies({}),
        lambda: plots.plot_remedies({"a": 1}),
    ],
)
def test_bad_input_of_landscapes_and_noise(call):
    with pytest.raises(ParameterError):
        call()


# -- budget ------------------------------------------------------------------------------------


def test_a_night_is_drawn_as_the_law_says():
    axes = drawn("plot_budget")
    for label, team in (("4 agents", (4, 1)), ("1 agent, 4 repeats", (1, 4))):
        tau, gain = line(axes, label)
        rounds = np.rint(120 / (tau + 1.0)).astype(int)
        law = [
            agents.budget_gain(P, HIDES, x, int(r), *team) for x, r in zip(tau, rounds, strict=True)
        ]
        np.testing.assert_allclose(gain, law, rtol=1e-9)
    for points in axes.containers:
        assert len(points[0].get_xdata()) == 5


def test_shares_of_the_variance_are_drawn():
    bands = drawn("plot_carry_over").collections
    assert len(bands) == 3
    minutes, edge = bands[0].get_paths()[0].vertices[1:51].T
    np.testing.assert_allclose(edge, 0, atol=1e-9)
    top = bands[0].get_paths()[0].vertices[:, 1].max()
    assert top == pytest.approx(100 * agents.carry_over(HIDES, minutes[-1]) ** 2)


def test_a_kill_rule_is_drawn():
    axes = drawn("plot_kill_rule")
    killed, gain = line(axes, "gain left")
    _, worth = line(axes, "gain of a night")
    middle = int(np.abs(killed - 50).argmin())
    assert gain[middle] == pytest.approx(90, abs=1)
    assert worth.max() == pytest.approx(100 * agents.best_kill(0.8, 0.25).worth(), abs=0.05)


# -- telling programs apart --------------------------------------------------------------------


def test_every_night_has_its_dot_and_every_model_its_mean():
    axes = drawn("plot_nights")
    for i, values in enumerate(sixty().values()):
        x, y = axes.lines[2 * i].get_data()
        assert sorted(x) == sorted(values)
        assert len({*zip(x, y, strict=True)}) == 20  # none hides another
        assert axes.lines[2 * i + 1].get_xdata() == pytest.approx([values.mean()] * 2)


def test_the_chance_to_rank_rightly_is_the_law_and_holds_in_contests():
    axes = drawn("plot_power")
    n, right = line(axes, "ranked rightly by the means")
    law = 100 - 100 * arbook.programs.misranking_probability(1.2, 1.0, n.astype(int))
    assert right == pytest.approx(law)
    n, found = line(axes, "found by a t-test, looked at once")
    assert found == pytest.approx(100 * arbook.programs.comparison_power(1.2, 1.0, n.astype(int)))
    (points,) = axes.containers
    assert np.abs(points[0].get_ydata() - right[:15]).max() < 5


def test_the_best_of_k_is_the_mean_over_all_choices():
    axes = drawn("plot_best_nights")
    k, law = line(axes, "law")
    assert law == pytest.approx(arbook.programs.best_night_bias(k.astype(int)))
    for name, values in sixty().items():
        pairs = [max(a, b) for a, b in itertools.combinations(values, 2)]
        _, seen = line(axes, name)
        scale = values.std(ddof=1)
        assert seen[1] * scale == pytest.approx(np.mean(pairs) - values.mean())
        assert seen[-1] * scale == pytest.approx(values.max() - values.mean())
        assert np.abs(seen - law).max() < 0.35


def test_looks_are_counted_from_the_first_one_on():
    axes = drawn("plot_looks")
    _, t_test = line(axes, "t-test, looked at every night")
    _, e_value = line(axes, "e-values, looked at every night")
    assert (np.diff(t_test) >= 0).all()
    assert t_test[-1] > 20
    assert e_value[-1] < 5


# -- stopping ----------------------------------------------------------------------------------


def test_the_profit_ends_where_the_price_is_reached():
    axes = drawn("plot_stopping_time")
    t, gain = line(axes, "expected improvement")
    assert gain == pytest.approx(expected_improvement(P, t.astype(int)))
    n = int(arbook.stopping_time(P, 0.0005))
    assert gain[n] <= 0.0005 < gain[n - 1]
    assert f"until {n} experiments" in " ".join(legend_texts(axes))


def test_patience_gives_away_what_the_law_says():
    ks, away = line(drawn("plot_patience"), "law")
    whole = 1 - expected_frontier(P, 60)
    kept = [arbook.patience_gain(P, 60, int(k)) for k in ks]
    assert away == pytest.approx(100 * (1 - np.array(kept) / whole))
    (points,) = drawn("plot_patience").containers
    assert np.abs(points[0].get_ydata() - away).max() < 10


def test_the_survey_is_drawn_as_it_is():
    survey = logs.patience_survey()
    drawn_rows = [bars[0].get_ydata() for bars in drawn("plot_patience_survey").containers]
    for row, middle in zip(
        (survey.position, survey.to_come, survey.again), drawn_rows, strict=True
    ):
        assert middle == pytest.approx(100 * row[:, 0])


def test_the_best_number_is_at_the_top_of_the_profit():
    axes, said = drawn("plot_stop"), stopped()
    n, profit = line(axes, "expected")
    assert n[profit.argmax()] == said.n
    assert profit.max() == pytest.approx(said.profit)
    assert line(axes, "best")[0] == [said.n]


# -- archives and overfitting ------------------------------------------------------------------


def test_archives_lie_about_the_law():
    axes = drawn("plot_archives")
    sizes, law = line(axes, "law")
    assert law == pytest.approx(agents.archive_rate(sizes.astype(int)))
    runs = archives()["half are kept"]
    gains = [np.mean(1 - runs[j].true[:, -1]) for j in (1, 3)]
    assert axes.containers[0][0].get_ydata() == pytest.approx([1, gains[1] / gains[0]])


def test_the_luck_of_a_run_lies_between_its_lines():
    axes = drawn("plot_noisy_gain")
    n, true = line(axes, "in truth")
    _, logged = line(axes, "in the log")
    gain = noise.expected_noisy_gain(P, n.astype(int), 0.01)
    assert true == pytest.approx(gain.true)
    assert logged == pytest.approx(gain.logged)
    assert len(axes.containers) == 2


def test_the_plain_loop_has_less_luck_than_one_bent_on_it_and_that_less_than_the_bound():
    axes = drawn("plot_luck_bound")
    n, bound = line(axes, "bound, one bit")
    rows = [line(axes, label)[1] for label in ("plain loop", "bent on luck", "bound, one bit")]
    assert bound[60] == pytest.approx(noise.luck_bound(60, 1.0))
    assert line(axes, "bound, at most 9")[1][60] == pytest.approx(noise.luck_bound(60, 1.0, 9))
    assert rows[0][1] == pytest.approx(1 / np.sqrt(np.pi))  # the larger of two normals
    for less, more in pairwise(rows):
        assert (less[8:] < more[8:]).all()
    assert n[-1] == 60


def test_every_sealed_run_is_drawn_twice():
    axes, runs = drawn("plot_sealed_runs"), logs.sealed_runs()
    seen, same = line(axes, "test of the same year")
    assert seen == pytest.approx([run.seen[-1] - run.seen[0] for run in runs])
    assert same == pytest.approx([run.same_year[-1] - run.same_year[0] for run in runs])
    later = [run.next_year[-1] - run.next_year[0] for run in runs]
    assert line(axes, "test of the next year")[1] == pytest.approx(later)
