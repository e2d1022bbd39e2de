"""Make the text of the tiny language model: ``python -m arbook.laboratory.prose CHAPTERS``.

The chapters' own prose without code, formulas and markup, in ASCII. It stays as it was made: the
task would be another one with every edit of the book.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from pathlib import Path

from arbook._numerics.shipped import shipped_path

FILE = "prose.txt"


def plain(text: str) -> str:
    r"""Return the prose of a page in MyST Markdown.

    Examples
    --------
    >>> plain("# The *rule*\n\n```{figure} x\n```\nKeep what is {index}`better <keep>`: $y < f$.")
    'The rule\n\nKeep what is better:.'
    """
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
    text = re.sub(r"^(`{3,}|:{3,}).*?^\1\s*$", "", text, flags=re.S | re.M)
    text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$|^\(.*\)=$", "", text, flags=re.S | re.M)
    text = re.sub(r"\{(cite|ref|eq|numref)\w*\}`[^`]*`", "", text)
    text = re.sub(r"\{[\w:-]+\}`([^`<]*?)\s*(?:<[^`>]*>)?`", r"\1", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"^#+ |[*`]|^[ \t]*[-|>] ?", "", text, flags=re.M)
    text = text.translate(str.maketrans("–—−“”‘’×", "---\"\"''x"))
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    text = re.sub(r" +([.,;:)])", r"\1", re.sub(r"[ \t]+", " ", text))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" *\n *", "\n", text)).strip()


def main(arguments: list[str]) -> int:
    """Write the file from the folder of chapters that the command line names."""
    pages = sorted(Path(arguments[0]).glob("*.md")) if len(arguments) == 1 else []
    if not pages:
        print("usage: python -m arbook.laboratory.prose CHAPTERS, a folder with pages in Markdown")
        return 2
    text = "\n\n".join(plain(page.read_text(encoding="utf-8")) for page in pages)
    path = shipped_path(FILE)
    path.write_text(f"{text}\n", encoding="ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
