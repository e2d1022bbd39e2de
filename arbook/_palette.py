"""The colours of figures, explorers and pages, by their roles, for light and for dark grounds.

`palette.json` is the one place where they stand. `first` to `fourth` are those of Okabe and Ito's
palette, which colour-blind readers can tell apart, and for a dark ground lighter ones of the same
hues. `many` is for what is drawn many times. Style sheets get them as variables, ``--ab-first``.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

#: Colours by mode, "light" or "dark", and by role.
PALETTE: dict[str, dict[str, str]] = json.loads(
    Path(__file__).with_name("palette.json").read_text(encoding="utf-8")
)


def coloured(css: str) -> str:
    """Return a style sheet with variables in place of every ``@palette light;``.

    `assets/build.mjs` does the same to the style sheets of the book.
    """
    return re.sub(
        r"@palette (\w+);",
        lambda found: " ".join(f"--ab-{role}: {c};" for role, c in PALETTE[found[1]].items()),
        css,
    )
