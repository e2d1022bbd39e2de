"""Explorers: pictures with sliders that answer in JupyterLab and on the published page.

Each is an ipywidget. Put one as the last line of a cell; its parameters are attributes, and
`observe` sees the reader's changes when there is a kernel.
"""

from arbook.widgets._base import Control, Explorer, Guess, Preset, Question, slider
from arbook.widgets.archive import ArchiveExplorer
from arbook.widgets.atlas import AtlasExplorer
from arbook.widgets.budget import BudgetExplorer
from arbook.widgets.conditions import ConditionsExplorer
from arbook.widgets.cover import CoverExplorer
from arbook.widgets.fit import FitExplorer
from arbook.widgets.forecast import ForecastExplorer
from arbook.widgets.frontier import FrontierExplorer
from arbook.widgets.gain_area import GainAreaExplorer
from arbook.widgets.keep_probability import KeepProbabilityExplorer
from arbook.widgets.keep_rules import KeepRulesExplorer
from arbook.widgets.landscape import LandscapeExplorer
from arbook.widgets.log import LogExplorer
from arbook.widgets.meta import MetaExplorer
from arbook.widgets.multi_agent import MultiAgentExplorer
from arbook.widgets.night import NightExplorer
from arbook.widgets.noise import NoiseExplorer
from arbook.widgets.overfitting import OverfittingExplorer
from arbook.widgets.perturbation import PerturbationExplorer
from arbook.widgets.power import PowerExplorer
from arbook.widgets.racing import RacingExplorer
from arbook.widgets.stopping import StoppingExplorer
from arbook.widgets.team import TeamExplorer
from arbook.widgets.trade_off import TradeOffExplorer
from arbook.widgets.true_frontier import TrueFrontierExplorer
from arbook.widgets.update_rule import UpdateRuleExplorer

__all__ = [
    "ArchiveExplorer",
    "AtlasExplorer",
    "BudgetExplorer",
    "ConditionsExplorer",
    "Control",
    "CoverExplorer",
    "Explorer",
    "FitExplorer",
    "ForecastExplorer",
    "FrontierExplorer",
    "GainAreaExplorer",
    "Guess",
    "KeepProbabilityExplorer",
    "KeepRulesExplorer",
    "LandscapeExplorer",
    "LogExplorer",
    "MetaExplorer",
    "MultiAgentExplorer",
    "NightExplorer",
    "NoiseExplorer",
    "OverfittingExplorer",
    "PerturbationExplorer",
    "PowerExplorer",
    "Preset",
    "Question",
    "RacingExplorer",
    "StoppingExplorer",
    "TeamExplorer",
    "TradeOffExplorer",
    "TrueFrontierExplorer",
    "UpdateRuleExplorer",
    "slider",
]
