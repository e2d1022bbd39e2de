"""How the book's figures look, and what all of them share."""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from arbook._numerics.ranges import Array, Integer, Options, not_negative, positive, unit_interval
from arbook._numerics.validation import IntArray, instances, place, refuse
from arbook._palette import PALETTE
from arbook.model.parameters import Parameters

_P = ParamSpec("_P")
_T = TypeVar("_T")

#: An array of axes.
Panels = NDArray[Any]
_Drawn = TypeVar("_Drawn", Axes, Panels)

# What curves are drawn in, one after the other. The light colours can be seen on white, and on a
# dark page, which shows them through `filter: invert(1) hue-rotate(180deg)`. The dark ones are for
# a ground that is dark already.
_CURVES = ("first", "second", "third", "fourth", "ink")

#: Dashes of a second curve and dots of a third, where a figure chooses by itself.
DASHED, DOTTED = (0, (5, 2)), (0, (1.2, 1.6))
_DASHES: list[Any] = ["-", DASHED, (0, (6, 2, 1.2, 2)), DOTTED, (0, (9, 2))]

#: The most curves that one figure can hold so that each is told from the others.
MOST_CURVES = len(_DASHES)

#: The longest run that is drawn experiment by experiment.
LONGEST_DRAWN = 1_000_000

#: Circle, square, ...: the markers that go with the colours.
MARKERS = ["o", "s", "^", "D", "v"]

# Inches, and points of type. On a phone a figure is 310 pixels wide, and its type then 11 high.
WIDTH, HEIGHT, SIZE = 4.7, 3.6, 12

# Labels with more characters than these do not fit in one line along their axes.
_LONG_ACROSS, _LONG_IN_PANELS, _LONG_UP = 38, 18, 25

BPB = "bits per byte"
AREA = f"{BPB} × experiments"

_mode = "light"


def _settings(mode: str) -> dict[Any, Any]:
    ink = PALETTE[Options(*PALETTE)("mode", mode)]["ink"]
    return {
        "axes.axisbelow": True,
        "axes.edgecolor": ink,
        "axes.facecolor": "none",
        "axes.formatter.useoffset": False,
        "axes.grid": False,
        "axes.labelcolor": ink,
        "axes.labelsize": "medium",
        "axes.linewidth": 0.8,
        "axes.prop_cycle": cycler(color=[PALETTE[mode][role] for role in _CURVES])
        + cycler(linestyle=_DASHES),
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlecolor": ink,
        "axes.unicode_minus": True,
        "errorbar.capsize": 0,
        "figure.edgecolor": "none",
        "figure.facecolor": "none",
        "figure.figsize": (WIDTH, HEIGHT),
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],  # comes with Matplotlib: the same everywhere
        "font.size": SIZE,
        "legend.borderaxespad": 0.2,
        "legend.columnspacing": 1.2,
        "legend.fontsize": "medium",
        "legend.frameon": False,
        "legend.handlelength": 2,
        "legend.handletextpad": 0.6,
        "legend.labelcolor": ink,
        "lines.linewidth": 1.8,
        "lines.markersize": 5,
        "savefig.edgecolor": "auto",
        "savefig.facecolor": "auto",
        "svg.fonttype": "path",  # looks the same whatever fonts the reader has
        "svg.hashsalt": "arbook",  # equal figures, equal files
        "text.color": ink,
        "text.usetex": False,
        "xtick.color": ink,
        "xtick.labelsize": "medium",
        "ytick.color": ink,
        "ytick.labelsize": "medium",
    }


@contextmanager
def style(mode: str = "light") -> Iterator[None]:
    """Draw in the book's style within a ``with`` block.

    Parameters
    ----------
    mode : {"light", "dark"}, default "light"
        "light" has black text and axes. The book's dark pages invert it, so its chapters need no
        other. "dark" is for a ground that is dark and does not invert: slides, a dark notebook.

    Raises
    ------
    ParameterError
        If `mode` is neither.

    See Also
    --------
    use_book_style : The same for the rest of the session.

    Examples
    --------
    >>> from arbook import plots
    >>> with plots.style("dark"):
    ...     axes = plots.plot_best_of_k([1, 10, 100])
    >>> axes.spines["left"].get_edgecolor()
    (1.0, 1.0, 1.0, 1.0)
    """
    global _mode
    settings = _settings(mode)
    before, _mode = _mode, mode
    try:
        with mpl.rc_context(settings):
            yield
    finally:
        _mode = before


def use_book_style(mode: str = "light") -> None:
    """Make the book's style the default of this session.

    The functions of this module draw in `mode` from then on, and so do figures of your own that
    use Matplotlib directly.

    Parameters
    ----------
    mode : {"light", "dark"}, default "light"
        As for `style`.

    Raises
    ------
    ParameterError
        If `mode` is neither.

    Examples
    --------
    >>> import matplotlib
    >>> from arbook import plots
    >>> with matplotlib.rc_context():
    ...     plots.use_book_style()
    ...     matplotlib.rcParams["figure.facecolor"]
    'none'
    """
    global _mode
    mpl.rcParams.update(_settings(mode))
    _mode = mode


class BookFigure(Figure):
    """A figure that keeps its style, and has an SVG without pyplot's help."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._mode = _mode

    def draw(self, renderer: Any) -> None:
        """Draw in the style of the figure: Matplotlib makes ticks and texts only now."""
        with style(self._mode):
            super().draw(renderer)

    def svg(self) -> str:
        """Return the figure as the text of an SVG file."""
        text = io.StringIO()
        with style(self._mode):
            self.savefig(text, format="svg", metadata={"Date": None})
        return text.getvalue()


class BookAxes(Axes):
    """The axes of a `BookFigure`, which a notebook shows in their place."""

    figure: BookFigure

    def _repr_svg_(self) -> str:
        return self.figure.svg()


class BookPanels(np.ndarray[Any, Any]):
    """Several axes; a notebook shows their figure, if it is a `BookFigure`."""

    def _repr_svg_(self) -> str | None:
        figures = [axes.figure for axes in self.flat[:1]]
        return figures[0].svg() if figures and isinstance(figures[0], BookFigure) else None


def in_book_style(draw: Callable[_P, _Drawn]) -> Callable[_P, _Drawn]:
    """Make a function draw in the book's style, and put the legend above the axes it returns."""

    @wraps(draw)
    def plot(*args: _P.args, **kwargs: _P.kwargs) -> _Drawn:
        with style(_mode):
            drawn = draw(*args, **kwargs)
            _put_legend(np.asarray(drawn, dtype=object).flat[0])
        return drawn

    return plot


def axes_for(given: Axes | None, xlabel: str, ylabel: str, *, height: float = HEIGHT) -> Axes:
    """Return labelled axes: those that are given, or the only ones of a figure in the book's style.

    Everything else is checked before, so that nothing is drawn where an argument is refused.
    """
    if given is None:
        figure = BookFigure(figsize=(WIDTH, height), layout="constrained")
        axes: Axes = figure.add_subplot(axes_class=BookAxes)
    else:
        axes = _ready(_checked(given))
    axes.set(xlabel=_folded(xlabel, _LONG_ACROSS), ylabel=_folded(ylabel, _LONG_UP))
    return axes


def panels_for(given: Sequence[Axes] | None, xlabels: tuple[str, str], ylabel: str) -> Panels:
    """Return the axes of two panels side by side that share a vertical label, as `axes_for`."""
    if given is None:
        figure = BookFigure(figsize=(WIDTH, HEIGHT), layout="constrained")
        both = figure.subplots(1, 2, sharey=True, subplot_kw={"axes_class": BookAxes})
    else:
        several = isinstance(given, (Sequence, np.ndarray)) and getattr(given, "ndim", 1) > 0
        if not several or len(given) != 2 or given[0] is given[1]:
            raise refuse("axes", given, "a sequence of two different matplotlib.axes.Axes")
        both = np.array([_checked(axes) for axes in given], dtype=object)
        for axes in both:
            _ready(axes)
    for axes, xlabel in zip(both, xlabels, strict=True):
        axes.set_xlabel(_folded(xlabel, _LONG_IN_PANELS))
    both[0].set_ylabel(_folded(ylabel, _LONG_UP))
    panels: Panels = both.view(BookPanels)
    return panels


def _checked(axes: Axes) -> Axes:
    """Return what was given as axes, if it is one pair of straight axes."""
    if not isinstance(axes, Axes) or axes.name != "rectilinear":
        raise refuse("axes", axes, "a rectilinear matplotlib.axes.Axes")
    return axes


def _ready(axes: Axes) -> Axes:
    """Give the book's colours and dashes to axes that somebody else made and that are empty."""
    if not axes.has_data():
        axes.set_prop_cycle(mpl.rcParams["axes.prop_cycle"])
    return axes


def plain(text: str) -> str:
    """Return text of a log as Matplotlib shows it as it is: a dollar sign begins no formula."""
    return text.replace("$", r"\$")


def _folded(label: str, room: int) -> str:
    """Break a label with more characters than there is room for, before its unit if it can be."""
    if len(label) <= room:
        return label
    name = label.partition(" (")[0]
    if len(name) <= room:
        return label.replace(" (", "\n(")
    return textwrap.fill(label, room, break_long_words=False)  # nor a dollar sign from its escape


def _put_legend(axes: Axes) -> None:
    """Put the legend above the axes, where it covers no data, in as many columns as fit.

    That of a figure of the book is the figure's, so that it may be wider than the axes.
    """
    handles, labels = axes.get_legend_handles_labels()
    if isinstance(axes, BookAxes):
        owner: BookFigure | Axes = axes.figure
        place: dict[str, Any] = {"loc": "outside upper left"}
        for legend in [*axes.figure.legends]:
            legend.remove()  # of what was drawn before
    else:
        owner, place = axes, {"loc": "lower left", "bbox_to_anchor": (0, 1)}
    for columns in range(min(len(handles), 3), 0, -1):
        legend = owner.legend(handles, labels, ncols=columns, **place)
        # 3 % are the pad around it, and what type varies by from one resolution to another
        if columns == 1 or legend.get_window_extent().width <= 0.97 * owner.bbox.width:
            return
        legend.remove()


def ink() -> str:
    """Return the colour of text and axes."""
    return PALETTE[_mode]["ink"]


def colour(i: int) -> str:
    """Return the i-th colour of curves; the last is the ink."""
    return PALETTE[_mode][_CURVES[i]]


def round_below(x: float) -> float:
    """Return the largest 1, 2 or 5 times a power of ten that is at most x > 0."""
    power = 10.0 ** math.floor(math.log10(x))
    return float(f"{max(step for step in (1, 2, 5) if step * power <= x or step == 1) * power:.1g}")


def percent(x: float) -> str:
    """Return a share as text in whole per cent."""
    return f"{x:.0%}".replace("%", " %")


def signed(x: float) -> str:
    """Return a number as text with a sign, and a true minus; 0 has none."""
    return f"{x:+g}".replace("-", "−") if x else "0"


def parameter_labels(ps: list[Parameters], names: tuple[str, ...]) -> list[str]:
    """Name each of several parameter sets by what it does not share with the others."""
    texts = {
        "sigma0": lambda p: f"σ₀ = {p.sigma0:g}",
        "gamma": lambda p: f"γ = {p.gamma:g}",
        "mu": lambda p: f"μ = {signed(p.mu)}",
    }
    differing = [name for name in names if len({getattr(p, name) for p in ps}) > 1] or names
    return [", ".join(texts[name](p) for name in differing) for p in ps]


def parameter_list(ps: Iterable[Parameters] | Parameters) -> list[Parameters]:
    """Check the parameter sets of a figure with one curve for each."""
    return instances("ps", ps, Parameters, most=MOST_CURVES, one=True)


#: What an axis may be: positive numbers, each larger than the one before.
increasing = Array(positive, ndim=1, least=2, increasing=True)

#: Numbers and shares of which each has a curve of its own.
few_prices = Array(not_negative, ndim=1, most=MOST_CURVES)
few_shares = Array(unit_interval, ndim=1, most=MOST_CURVES)


def experiments(name: str, value: Any, *, least: int = 1) -> IntArray:
    """Check a number of experiments and return their numbers, counted from 0."""
    return np.arange(Integer(least, LONGEST_DRAWN)(name, value))


def mapping(name: str, value: Any, kind: type[_T], *, most: int = MOST_CURVES) -> dict[str, _T]:
    """Check objects of a class by the names that a legend gives them."""
    allowed = f"a mapping of 1 to {most} names to {place(kind).partition(' ')[2]}"
    if not isinstance(value, Mapping) or not 1 <= len(value) <= most:
        raise refuse(name, value, allowed)
    for key, one in value.items():
        if not isinstance(key, str) or not isinstance(one, kind):
            raise refuse(name, value, allowed)
    return dict(value)
