"""Explorers: pictures with sliders that answer in JupyterLab and on the published page.

Each is an ipywidget. Put one as the last line of a cell; its parameters are attributes, and
`observe` sees the reader's changes when there is a kernel.
"""

from arbook.widgets._base import Control, Explorer, Guess, Preset, Question, slider
from arbook.widgets.frontier import FrontierExplorer

__all__ = ["Control", "Explorer", "FrontierExplorer", "Guess", "Preset", "Question", "slider"]
