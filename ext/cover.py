"""Pictures that stand for the book, with a real run: its cover, and its card on other sites."""

from __future__ import annotations

from io import BytesIO

import matplotlib as mpl
from matplotlib.figure import Figure

from arbook import __version__, logs
from arbook._palette import PALETTE

TITLE = "AutoResearch: a mathematical model"
COVER = (6.7, 9.45)  # inches, in the proportion of the printed page


def draw_run(
    figure: Figure, place: tuple[float, float, float, float], colour: str, **sizes: float
) -> None:
    """Draw the frontier of a run into a place of a figure."""
    run = logs.load_run("h100-mar8")
    axes = figure.add_axes(place)
    axes.step(range(run.frontier.size), run.frontier, where="post", color=colour, linewidth=4)
    axes.set_xlabel("experiments", fontsize=sizes["label"])
    axes.set_ylabel("bits per byte", fontsize=sizes["label"])
    axes.tick_params(labelsize=sizes["tick"])
    axes.spines[["top", "right"]].set_visible(False)


def draw_card(title: str) -> bytes:
    """Return what social networks show beside a link, as PNG."""
    colours = PALETTE["light"]
    figure = Figure(figsize=(12, 6.3), dpi=100, facecolor="white")
    draw_run(figure, (0.08, 0.13, 0.86, 0.55), colours["first"], label=18, tick=14)
    figure.text(0.08, 0.83, title, fontsize=34, weight="bold")
    figure.text(0.08, 0.745, "An interactive textbook", fontsize=24, color=colours["soft"])
    return saved(figure, "png")


def draw_cover(kind: str, title: str = TITLE) -> bytes:
    """Return the cover, as "png" or "svg"."""
    colours = PALETTE["dark"]
    name, _, rest = title.partition(": ")
    style = {
        "font.family": "STIXGeneral",
        "svg.hashsalt": "cover",
        **dict.fromkeys(
            ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"),
            colours["text"],
        ),
        "axes.facecolor": "none",
    }
    with mpl.rc_context(style):
        figure = Figure(figsize=COVER, dpi=180, facecolor=colours["paper"])
        figure.text(0.11, 0.84, name, fontsize=46, weight="bold")
        figure.text(0.11, 0.785, rest, fontsize=25)
        draw_run(figure, (0.17, 0.2, 0.72, 0.47), colours["second"], label=14, tick=11)
        figure.text(0.11, 0.09, f"Version {__version__}", fontsize=13, color=colours["soft"])
        return saved(figure, kind)


def saved(figure: Figure, kind: str) -> bytes:
    """Return a figure's file, the same in every build."""
    file = BytesIO()
    nothing = {"png": {"Software": None}, "svg": {"Date": None}}[kind]
    figure.savefig(file, format=kind, metadata=nothing)
    return file.getvalue()
