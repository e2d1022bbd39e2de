"""The palette: colour-blind readers can tell it apart, and nothing has a colour of its own."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from arbook._palette import PALETTE, coloured

ROOT = Path(__file__).parents[1]
SOURCES = [
    file
    for folder in ("arbook", "assets", "ext", "live")
    for file in (ROOT / folder).rglob("*")
    if file.suffix in {".css", ".html", ".js", ".mjs", ".py", ".svg"}
]
COLOUR = re.compile(r"#(?:[0-9a-f]{3,4}){1,2}\b|\b(?:rgb|hsl)a?\(", re.IGNORECASE)

#: Names that say colours of the theme again: where paper is light, and where an editor writes code.
THEME = re.compile(r"--(?:pst-color|code)-[\w-]+: [^;}]+")

CURVES = ("first", "second", "third", "fourth", "ink")
DARK_PAGE = np.array(to_rgb("#121212"))  # the theme's

#: What readers see of linear RGB, also those without long or medium cones (Machado et al., 2009).
SIGHT = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
XYZ = np.array([[0.4125, 0.3576, 0.1804], [0.2127, 0.7152, 0.0722], [0.0193, 0.1192, 0.9503]])


def linear(colour):
    c = np.asarray(colour)
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(a, b):
    """Return the ratio of WCAG 2."""
    low, high = sorted(linear(colour) @ XYZ[1] for colour in (a, b))
    return (high + 0.05) / (low + 0.05)


def lab(light):
    """Return CIELAB, in which distances are what the eye sees, of linear RGB."""
    x, y, z = np.clip(light, 0, 1) @ XYZ.T / XYZ.sum(axis=1)
    f = [np.cbrt(v) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def inverted(colour):
    """Return what a dark page makes of a figure: filter: invert(1) hue-rotate(180deg)."""
    turn = 2 * np.array([0.213, 0.715, 0.072]) - np.eye(3)
    return np.clip(turn @ (1 - np.asarray(colour)), 0, 1)


def rgb(mode, *roles):
    return [np.array(to_rgb(PALETTE[mode][role])) for role in roles]


#: The colours of curves as they are seen, with the grounds that they are seen on.
GROUNDS = {
    "light": (rgb("light", *CURVES), rgb("light", "paper")),
    "light, inverted on a dark page": (
        [inverted(colour) for colour in rgb("light", *CURVES)],
        [DARK_PAGE],
    ),
    "dark": (rgb("dark", *CURVES), [DARK_PAGE, *rgb("dark", "paper")]),
}


def test_both_modes_have_the_same_roles():
    assert list(PALETTE) == ["light", "dark"]
    assert list(PALETTE["light"]) == list(PALETTE["dark"])
    for colours in PALETTE.values():
        assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in colours.values())


@pytest.mark.parametrize("seen", GROUNDS)
def test_curves_can_be_seen_on_their_grounds(seen):
    """Lines and marks need a contrast of 3 (WCAG 2, 1.4.11)."""
    colours, grounds = GROUNDS[seen]
    assert min(contrast(colour, ground) for colour in colours for ground in grounds) >= 3


@pytest.mark.parametrize("mode", PALETTE)
def test_words_can_be_read_on_their_grounds(mode):
    words = rgb(mode, "text", "soft", "link", "link-hover")
    for ground in rgb(mode, "paper", "panel", "first-soft", "third-soft"):
        assert min(contrast(colour, ground) for colour in words) >= 4.5


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("seen", GROUNDS)
def test_any_two_curves_can_be_told_apart(seen, sight):
    """A distance of 2.3 can just be noticed side by side; thin lines need several times that."""
    colours = [lab(SIGHT[sight] @ linear(colour)) for colour in GROUNDS[seen][0]]
    assert min(np.linalg.norm(a - b) for a, b in combinations(colours, 2)) > 15


def test_style_sheets_get_the_colours_as_variables():
    css = coloured("p { @palette dark; color: red; }")
    assert css.startswith(f"p {{ --ab-first: {PALETTE['dark']['first']}; --ab-second: ")
    assert css.endswith("; color: red; }")


def test_no_other_file_has_a_colour_of_its_own():
    """Pictures cannot use variables: theirs are those of the palette."""
    known = {"#fff", *(colour for colours in PALETTE.values() for colour in colours.values())}
    found = {
        (str(file.relative_to(ROOT)), colour)
        for file in SOURCES
        for colour in COLOUR.findall(THEME.sub("", file.read_text(encoding="utf-8")))
        if not (file.suffix == ".svg" and colour in known)
    }
    assert not found
