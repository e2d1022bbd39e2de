r"""Landscapes over :math:`\Theta = \mathbb R^d`: where the perturbation model's numbers come from.

A search adds a normal step to every coordinate, :math:`x' = x + s z`, and keeps the better point.
Step-size rules say how s changes. On the sphere :math:`f(x) = \lVert x \rVert^2` everything about
one step is known exactly, and for many dimensions it is the perturbation model with
:math:`\mu = d s^2` and :math:`\sigma = 2 s R`.
"""

from arbook.landscapes.rates import (
    progress_rate,
    sphere_expected_improvement,
    sphere_keep_probability,
    sphere_parameters,
    sphere_skewness,
)
from arbook.landscapes.searching import (
    MOST_DIMENSIONS,
    Decay,
    Objective,
    Search,
    StepRule,
    SuccessRule,
    search,
)
from arbook.landscapes.surfaces import hollows, ridge, sphere

__all__ = [
    "MOST_DIMENSIONS",
    "Decay",
    "Objective",
    "Search",
    "StepRule",
    "SuccessRule",
    "hollows",
    "progress_rate",
    "ridge",
    "search",
    "sphere",
    "sphere_expected_improvement",
    "sphere_keep_probability",
    "sphere_parameters",
    "sphere_skewness",
]
