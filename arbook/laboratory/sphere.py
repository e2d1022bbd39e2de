"""A task of which everything is known: the sphere, with noise and crashes of a stated size."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.ranges import Integer, Real, not_negative
from arbook.laboratory.spaces import Knob, Space
from arbook.laboratory.tasks import Task, noisy
from arbook.landscapes import sphere

_DIMENSIONS = Integer(1, 1000)
_SHARE = Real(0, 1, ")")


class Sphere(Task):
    r"""The bowl :math:`f(x) = \lVert x \rVert^2` from distance 1 of its optimum.

    A place u of a knob is :math:`x = 4u - 2`, so a step s in u is one of 4s in x. The laws of
    `arbook.landscapes` hold exactly, as long as no wall is near.

    Parameters
    ----------
    d : int, default 14
        Number of knobs, in 1 ... 1000.
    noise : float, default 0.0
        Standard deviation of a measurement, >= 0, in units of the baseline's metric.
    crash : float, default 0.0
        Probability that an experiment crashes, whatever it tries, in [0, 1).

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    See Also
    --------
    arbook.landscapes.sphere_parameters : The perturbation model of one step on it.

    Examples
    --------
    >>> task = Sphere(2)
    >>> round(float(task.truth(task.space.start)), 12), float(task.truth([0.5, 0.5]))
    (1.0, 0.0)
    """

    name = "sphere"
    metric = "f"
    unit = ""

    def __init__(self, d: int = 14, noise: float = 0.0, crash: float = 0.0) -> None:
        self.d = _DIMENSIONS("d", d)
        self.noise = not_negative("noise", noise)
        self.crash = _SHARE("crash", crash)
        start = 1 / math.sqrt(self.d)
        self.space = Space(tuple(Knob(f"x{i + 1}", -2.0, 2.0, start) for i in range(self.d)))

    def truth(self, theta: ArrayLike) -> Any:
        """Return the squared distance from the optimum, of shape (...,) for points (..., d)."""
        return sphere(self.space.values(theta))

    def measure(self, theta: ArrayLike, rng: np.random.Generator) -> Any:
        """Return a measurement of each point, of shape (...,); nan is a crash."""
        value = noisy(self.truth(theta), self.noise, rng)
        if not self.crash:
            return value
        return np.where(rng.random(np.shape(value)) < self.crash, np.nan, value)[()]

    def settings(self) -> dict[str, Any]:
        """Return dimensions, noise and crashes."""
        return {"d": self.d, "noise": self.noise, "crash": self.crash}
