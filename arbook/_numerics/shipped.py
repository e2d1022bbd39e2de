"""Files that come with the package, in ``arbook/data``."""

from __future__ import annotations

from importlib import resources
from pathlib import Path


def read_shipped(name: str) -> str:
    """Return the text of a file."""
    return resources.files("arbook").joinpath("data", name).read_text(encoding="utf-8")


def shipped_path(name: str) -> Path:
    """Return where a checkout has a file, for the commands that make it again."""
    return Path(__file__).parents[1] / "data" / name
