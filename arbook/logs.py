"""Logs of real runs: read one whatever its quirks, fit the model to it, forecast the next night."""

from arbook.runs.archiving import MOST_AHEAD, Way, Ways, archive
from arbook.runs.atlas import Source, atlas, sources
from arbook.runs.backtesting import Backtest, backtest
from arbook.runs.changes import trace
from arbook.runs.checking import Check, predictive_checks
from arbook.runs.comparing import Comparison, compare
from arbook.runs.contest import contest
from arbook.runs.doublings import gain_by_doubling, tail_index
from arbook.runs.enough import Answer, Enough, enough
from arbook.runs.fits import Fit
from arbook.runs.fitting import fit, log_likelihood
from arbook.runs.forecasting import Forecast, forecast
from arbook.runs.groups import GroupComparison, compare_groups
from arbook.runs.inclusion import shortcomings
from arbook.runs.judging import Judgement, judge
from arbook.runs.library import available_runs, load_run
from arbook.runs.measured import TrueFrontier
from arbook.runs.pace import Pace, pace
from arbook.runs.patience import PatienceSurvey, patience_survey
from arbook.runs.planning import Plan, plan
from arbook.runs.population import Population, population
from arbook.runs.rates import KeepRates, keep_rate_by_position
from arbook.runs.reading import Issue, read_log
from arbook.runs.repeats import Repeats, repeats
from arbook.runs.scales import in_logarithms
from arbook.runs.sealed import Sealed, sealed
from arbook.runs.sealed_runs import SealedRun, sealed_runs
from arbook.runs.sixty import ModelNights, sixty_runs
from arbook.runs.spreads import repeated_runs
from arbook.runs.stopping import Advice, Stop, stop
from arbook.runs.text import LogError
from arbook.runs.verdicts import Verdict, verdict

__all__ = [
    "MOST_AHEAD",
    "Advice",
    "Answer",
    "Backtest",
    "Check",
    "Comparison",
    "Enough",
    "Fit",
    "Forecast",
    "GroupComparison",
    "Issue",
    "Judgement",
    "KeepRates",
    "LogError",
    "ModelNights",
    "Pace",
    "PatienceSurvey",
    "Plan",
    "Population",
    "Repeats",
    "Sealed",
    "SealedRun",
    "Source",
    "Stop",
    "TrueFrontier",
    "Verdict",
    "Way",
    "Ways",
    "archive",
    "atlas",
    "available_runs",
    "backtest",
    "compare",
    "compare_groups",
    "contest",
    "enough",
    "fit",
    "forecast",
    "gain_by_doubling",
    "in_logarithms",
    "judge",
    "keep_rate_by_position",
    "load_run",
    "log_likelihood",
    "pace",
    "patience_survey",
    "plan",
    "population",
    "predictive_checks",
    "read_log",
    "repeated_runs",
    "repeats",
    "sealed",
    "sealed_runs",
    "shortcomings",
    "sixty_runs",
    "sources",
    "stop",
    "tail_index",
    "trace",
    "verdict",
]
