r"""Noise: a measurement is the true metric plus an error, and the frontier collects lucky errors.

A measurement of a configuration is :math:`y = f + \nu\eta` with a standard normal
:math:`\eta`. The update rule sees only y, so it keeps some variants that are worse, discards some
that are better, and the logged frontier is below the true one: the winner's curse. A filter follows
the true metric through such a log, and better rules keep by what it believes.
"""

from arbook.model.judges import Decision, Judge, KeepRule
from arbook.noise.beliefs import Belief, Trial
from arbook.noise.decisions import NoisyStep, best_threshold, noisy_step
from arbook.noise.keep_rules import (
    Confirm,
    Ladder,
    LearntMean,
    Margin,
    PosteriorMean,
)
from arbook.noise.learning import Learnt, learn
from arbook.noise.luck import lucky_gain, probability_of_luck
from arbook.noise.overfitting import (
    LONGEST_FOLLOWED,
    NoisyGain,
    expected_noisy_gain,
    luck_bound,
    simulate_luck,
)
from arbook.noise.simulation import NoisySimulation, simulate_noisy
from arbook.noise.traces import Trace

__all__ = [
    "LONGEST_FOLLOWED",
    "Belief",
    "Confirm",
    "Decision",
    "Judge",
    "KeepRule",
    "Ladder",
    "Learnt",
    "LearntMean",
    "Margin",
    "NoisyGain",
    "NoisySimulation",
    "NoisyStep",
    "PosteriorMean",
    "Trace",
    "Trial",
    "best_threshold",
    "expected_noisy_gain",
    "learn",
    "luck_bound",
    "lucky_gain",
    "noisy_step",
    "probability_of_luck",
    "simulate_luck",
    "simulate_noisy",
]
