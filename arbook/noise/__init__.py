r"""Noise: a measurement is the true metric plus an error, and the frontier collects lucky errors.

A measurement of a configuration is :math:`y = f + \nu\eta` with a standard normal
:math:`\eta`. The update rule sees only y, so it keeps some variants that are worse, discards some
that are better, and the logged frontier is below the true one: the winner's curse.
"""

from arbook.noise.decisions import NoisyStep, best_threshold, noisy_step
from arbook.noise.simulation import NoisySimulation, simulate_noisy

__all__ = ["NoisySimulation", "NoisyStep", "best_threshold", "noisy_step", "simulate_noisy"]
