"""Search spaces: knobs, each with a range, a unit and a scale, and the unit cube they make."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.ranges import Array, Options, Real, flag, number
from arbook._numerics.validation import FloatArray, instances, refuse

_SCALES = Options("linear", "log")
_SHARE = Real(0, 1)


@dataclass(frozen=True)
class Knob:
    r"""One number that an agent may turn: a range, a scale, a unit, and where it stands at first.

    A place u in [0, 1] stands for a value: on a linear scale for :math:`a + (b-a)u`, on a
    logarithmic one for :math:`a\,(b/a)^u`. Whole numbers have equal shares of the scale.

    Parameters
    ----------
    name : str
        Its name, which is not empty.
    low, high : float
        Its range, low < high; of a logarithmic scale, low > 0.
    start : float
        Its value in the baseline, within the range.
    scale : {"linear", "log"}
        What equal steps of u are: equal differences, or equal factors.
    whole : bool, default False
        True for integers; the range ends in integers then.
    unit : str
        Unit of the value.
    words : tuple of str
        Names of the values 0, 1, ... of a choice that is no number.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    See Also
    --------
    Space : Several of them.

    Examples
    --------
    >>> rate = Knob("learning rate", 0.001, 1.0, start=0.1, scale="log")
    >>> round(float(rate.value(0.5)), 4), round(rate.place(0.1), 4)
    (0.0316, 0.6667)
    >>> float(Knob("depth", 1, 4, start=2, whole=True).value(0.6))
    3.0
    """

    name: str
    low: float
    high: float
    start: float
    scale: str = "linear"
    whole: bool = False
    unit: str = ""
    words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            raise refuse("name", self.name, "a text that is not empty")
        if not isinstance(self.unit, str):
            raise refuse("unit", self.unit, "a text")
        _SCALES("scale", self.scale)
        flag("whole", self.whole)
        least = 0.0 if self.scale == "log" else -math.inf
        number("low", self.low)
        Real(least, ends="(")("low", self.low)
        number("high", self.high)
        if not self.low < self.high:
            raise refuse("high", self.high, f"a number > low, which is {float(self.low):g}")
        number("start", self.start)
        if not self.low <= self.start <= self.high:
            between = f"a number from low to high, {float(self.low):g} to {float(self.high):g}"
            raise refuse("start", self.start, between)
        if self.whole:
            for name in ("low", "high", "start"):
                if getattr(self, name) % 1:
                    raise refuse(name, getattr(self, name), "an integer, as the knob is whole")
        object.__setattr__(self, "words", tuple(instances("words", self.words, str, least=0)))
        if self.words and not (self.whole and self.low == 0 and self.high == len(self.words) - 1):
            raise refuse("words", self.words, "names of the values 0 to high of a whole knob")

    def value(self, u: ArrayLike) -> Any:
        """Return the values at places.

        Parameters
        ----------
        u : float or array of float
            Places, in [0, 1].

        Returns
        -------
        float or ndarray
            Values, of the shape of `u`.

        Raises
        ------
        ParameterError
            If a place is outside its range.
        """
        u = Array(_SHARE)("u", u)
        if self.whole and self.scale == "linear":  # in sums that JavaScript rounds alike
            return np.minimum(self.low + np.floor(u * (self.high - self.low + 1)), self.high)[()]
        low, high = self._ends
        x = low * (high / low) ** u if self.scale == "log" else low + (high - low) * u
        return np.clip(np.rint(x) if self.whole else x, self.low, self.high)[()]

    def place(self, value: float) -> float:
        """Return the place of a value.

        Parameters
        ----------
        value : float
            A value within the range.

        Returns
        -------
        float
            Its place, in [0, 1].

        Raises
        ------
        ParameterError
            If the value is outside the range.
        """
        value = Real(self.low, self.high)(self.name, value)
        low, high = self._ends
        if self.scale == "log":
            return min(1.0, max(0.0, math.log(value / low) / math.log(high / low)))
        return (value - low) / (high - low)

    def said(self, value: float) -> str:
        """Return a value in words, without its unit."""
        return self.words[int(value)] if self.words else f"{value:.4g}"

    @property
    def _ends(self) -> tuple[float, float]:
        """The ends of the scale: whole numbers reach half a step beyond theirs."""
        half = 0.5 if self.whole else 0.0
        return self.low - half, self.high + half


@dataclass(frozen=True)
class Space:
    """A search space: its configurations are the points of the unit cube, a number a knob.

    Parameters
    ----------
    knobs : iterable of Knob
        The knobs, at least one, of different names.

    Raises
    ------
    ParameterError
        If there is no knob, or two have one name.

    Examples
    --------
    >>> space = Space([Knob("width", 8, 64, start=16, whole=True),
    ...                Knob("rate", 0.01, 1.0, start=0.1, scale="log")])
    >>> space.named(space.start)
    {'width': 16.0, 'rate': 0.1}
    """

    knobs: tuple[Knob, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "knobs", tuple(instances("knobs", self.knobs, Knob)))
        names = [knob.name for knob in self.knobs]
        for name in names:
            if names.count(name) > 1:
                raise refuse("knobs", name, "of different names")

    def __len__(self) -> int:
        return len(self.knobs)

    @property
    def start(self) -> FloatArray:
        """The baseline's point."""
        return np.array([knob.place(knob.start) for knob in self.knobs])

    def points(self, theta: ArrayLike, name: str = "theta") -> FloatArray:
        """Return points as an array, if they are points of the cube.

        Parameters
        ----------
        theta : array of float, shape (..., d)
            Points, a number in [0, 1] a knob.
        name : str, default "theta"
            What an error calls them.

        Returns
        -------
        ndarray, shape (..., d)
            The points.

        Raises
        ------
        ParameterError
            If they are no points of the cube.
        """
        text = f"points with {len(self)} coordinates that are numbers in [0, 1]"
        return Array(_SHARE, least=len(self), most=len(self), text=text)(name, theta)

    def values(self, theta: ArrayLike) -> FloatArray:
        """Return the knobs' values at points, of the same shape.

        Parameters
        ----------
        theta : array of float, shape (..., d)
            Points, a number in [0, 1] a knob.

        Returns
        -------
        ndarray, shape (..., d)
            Values in the knobs' units.

        Raises
        ------
        ParameterError
            If they are no points of the cube.
        """
        theta = self.points(theta)
        return np.stack([knob.value(theta[..., i]) for i, knob in enumerate(self.knobs)], axis=-1)

    def named(self, theta: ArrayLike) -> dict[str, Any]:
        """Return the values of one configuration by the names of the knobs; choices as words."""
        pairs = zip(self.knobs, self.values(theta).tolist(), strict=True)
        return {
            knob.name: knob.words[int(value)] if knob.words else round(value, 12)
            for knob, value in pairs
        }

    def moved(self, theta: ArrayLike, changes: Mapping[str, Any]) -> FloatArray:
        """Return a point with other values of some knobs.

        Parameters
        ----------
        theta : array of float, shape (d,)
            A point.
        changes : dict
            Values by names of knobs: numbers, or words of a choice.

        Returns
        -------
        ndarray, shape (d,)
            The point with these values.

        Raises
        ------
        ParameterError
            If there is no such knob, or no such value of it.
        """
        point = self.points(theta).copy()
        names = [knob.name for knob in self.knobs]
        for name, value in changes.items():
            if name not in names:
                raise refuse("changes", name, f"of knobs among {', '.join(names)}")
            i = names.index(name)
            knob = self.knobs[i]
            if knob.words:
                value = knob.words.index(Options(*knob.words)(name, value))
            point[i] = knob.place(value)
        return point

    def difference(self, before: ArrayLike, after: ArrayLike) -> str:
        """Return in words what the two knobs do that moved farthest, for a log.

        Parameters
        ----------
        before, after : array of float, shape (d,)
            Two points.

        Returns
        -------
        str
            Such as "depth 8 to 9 layers, batch 64 to 32".
        """
        before, after = self.points(before, "before"), self.points(after, "after")
        old, new = self.values(before), self.values(after)
        moved = np.where(old == new, 0.0, np.abs(after - before))
        order = [i for i in np.argsort(-moved, kind="stable")[:2].tolist() if moved[i] > 0]
        words = []
        for i in order:
            knob = self.knobs[i]
            said = f"{knob.name} {knob.said(old[i])} to {knob.said(new[i])} {knob.unit}"
            words.append(said.strip())
        return ", ".join(words) or "nothing changed"
