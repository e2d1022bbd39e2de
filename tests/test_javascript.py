"""The JavaScript of the project: what `make check` does not see."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ["arbook", "assets", "ext", "live", "tests"]


def test_lines_are_short_enough_to_be_read_side_by_side():
    kinds = ("js", "mjs")
    files = [
        file for folder in FOLDERS for kind in kinds for file in (ROOT / folder).rglob(f"*.{kind}")
    ]
    assert len(files) > 60
    long = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 120
    ]
    assert long == []
