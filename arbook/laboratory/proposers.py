"""Proposers: each names the next configuration to try, and is told what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from arbook._numerics.ranges import Integer, OrNone, Real
from arbook._numerics.validation import (
    FloatArray,
    ParameterError,
    attribute,
    function,
    instances,
    refuse,
)
from arbook.laboratory.spaces import Space
from arbook.landscapes import StepRule

_STEP = Real(0, 1, "(")


class Agent(Protocol):
    """A proposer at work on one run."""

    def propose(self, incumbent: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return the point to try next; the incumbent must stay as it is."""

    def learn(self, theta: FloatArray, y: float, kept: bool) -> None:
        """Take note of what a point measured (nan: it crashed), and whether it was kept."""


class Proposer(Protocol):
    """What proposes configurations, and sees measurements only."""

    def start(self, space: Space) -> Agent:
        """Return an agent for a run in a search space."""


def a_proposer(name: str, value: Any) -> Proposer:
    """Return a proposer, or refuse what is none."""
    if isinstance(value, type) or not callable(attribute(value, "start")):
        raise refuse(
            name, value, "a proposer with a method start, such as arbook.laboratory.RandomSearch()"
        )
    proposer: Proposer = value
    return proposer


def reflected(theta: FloatArray) -> FloatArray:
    """Return points folded back into the unit cube at its walls.

    Examples
    --------
    >>> reflected(np.array([-0.25, 0.5, 1.25]))
    array([0.25, 0.5 , 0.75])
    """
    return np.asarray(1 - np.abs(1 - np.mod(theta, 2)))


@dataclass(frozen=True)
class RandomSearch:
    """Configurations drawn from the whole space, whatever happened before.

    Examples
    --------
    >>> from arbook.laboratory import Sphere
    >>> agent = RandomSearch().start(Sphere(3).space)
    >>> agent.propose(np.zeros(3), np.random.default_rng(1)).round(2)
    array([0.51, 0.95, 0.14])
    """

    def start(self, space: Space) -> Agent:
        """Return an agent for a run in a search space."""
        return _Drawing(len(space))


@dataclass(frozen=True)
class OnePlusOne:
    r"""The incumbent plus a normal step in every knob, :math:`\theta' = \theta + s z`.

    Steps that leave the cube are folded back at its walls.

    Parameters
    ----------
    rule : arbook.landscapes.StepRule
        How the step s changes: `arbook.landscapes.Decay` is the book's model, and
        `arbook.landscapes.SuccessRule` the 1/5 rule.

    Raises
    ------
    ParameterError
        If `rule` is no step rule, or its first step is not in (0, 1].

    Examples
    --------
    >>> from arbook.laboratory import Sphere
    >>> from arbook.landscapes import Decay
    >>> agent = OnePlusOne(Decay(0.01)).start(Sphere(2).space)
    >>> agent.propose(np.full(2, 0.5), np.random.default_rng(1)).round(3)
    array([0.503, 0.508])
    """

    rule: StepRule

    def __post_init__(self) -> None:
        allowed = "a Decay, a SuccessRule, or anything with start and next"
        if (rule := attribute(self.rule, "next")) is None:
            raise refuse("rule", self.rule, allowed)
        function("rule", rule, "step", "kept", allowed=allowed)
        _STEP("rule.start", attribute(self.rule, "start"))

    def start(self, space: Space) -> Agent:
        """Return an agent for a run in a search space."""
        return _Stepping(self.rule)


@dataclass(frozen=True)
class TimidAgent:
    """One knob at a time, to a value nearby: what language models do with hyperparameters.

    Parameters
    ----------
    step : float, default 0.05
        Standard deviation of the step of that knob, in (0, 1], as a share of its scale; knobs of
        whole numbers move at least to the next one.

    Raises
    ------
    ParameterError
        If `step` is outside its range.

    Notes
    -----
    A caricature of an agent that may change hyperparameters only [1]_.

    References
    ----------
    .. [1] F. Ferreira et al., arXiv:2603.24647.

    Examples
    --------
    >>> from arbook.laboratory import Sphere
    >>> agent = TimidAgent().start(Sphere(4).space)
    >>> theta = agent.propose(np.full(4, 0.5), np.random.default_rng(1))
    >>> int((theta != 0.5).sum())
    1
    """

    step: float = 0.05

    def __post_init__(self) -> None:
        _STEP("step", self.step)

    def start(self, space: Space) -> Agent:
        """Return an agent for a run in a search space."""
        return _Tinkering(self.step, space)


@dataclass(frozen=True)
class Changes:
    """Changes written by hand, tried in their order on whatever the incumbent is by then.

    Parameters
    ----------
    changes : iterable of dict
        Of each change, the new values by names of knobs; at least one.

    Raises
    ------
    ParameterError
        If `changes` holds anything but dicts with names. A knob or a value that the task does not
        have is refused when a run starts, and a run that is longer than the list when it ends.

    Examples
    --------
    >>> from arbook.laboratory import Surrogate
    >>> space = Surrogate().space
    >>> agent = Changes([{"depth": 9}, {"matrix_lr": 0.03}]).start(space)
    >>> space.difference(space.start, agent.propose(space.start, np.random.default_rng(1)))
    'depth 8 to 9 layers'
    """

    changes: tuple[Mapping[str, Any], ...]

    def __init__(self, changes: Iterable[Mapping[str, Any]]) -> None:
        listed = instances("changes", changes, Mapping)  # type: ignore[type-abstract]
        object.__setattr__(self, "changes", tuple(listed))

    def start(self, space: Space) -> Agent:
        """Return an agent for a run in a search space."""
        for change in self.changes:
            space.moved(space.start, change)
        return _Listed(self.changes, space)


@dataclass(frozen=True)
class CmaEs:
    """CMA-ES, by the package ``cma``: populations drawn around a mean that learns where to go.

    It does not propose changes of the incumbent. A crash counts as the worst of its generation.

    Parameters
    ----------
    step : float, default 0.2
        First standard deviation, in (0, 1], as a share of each knob's scale.
    population : int, optional
        Configurations a generation, >= 2; default: what ``cma`` suggests for as many knobs.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    A run needs ``pip install 'arbook[cma]'``, and `start` says so where it is not there.

    References
    ----------
    .. [1] N. Hansen, "The CMA evolution strategy: a tutorial", arXiv:1604.00772.

    Examples
    --------
    >>> CmaEs(step=0.1).population is None
    True
    """

    step: float = 0.2
    population: int | None = None

    def __post_init__(self) -> None:
        _STEP("step", self.step)
        OrNone(Integer(2))("population", self.population)

    def start(self, space: Space) -> Agent:
        """Return an agent for a run in a search space."""
        return _Evolving(self.step, self.population, space)


class _Drawing:
    def __init__(self, d: int) -> None:
        self._d = d

    def propose(self, incumbent: FloatArray, rng: np.random.Generator) -> FloatArray:
        return rng.random(self._d)

    def learn(self, theta: FloatArray, y: float, kept: bool) -> None:
        """Nothing is learnt."""


class _Stepping:
    def __init__(self, rule: StepRule) -> None:
        self._rule, self._step = rule, np.array([rule.start])

    def propose(self, incumbent: FloatArray, rng: np.random.Generator) -> FloatArray:
        return reflected(incumbent + self._step * rng.standard_normal(incumbent.size))

    def learn(self, theta: FloatArray, y: float, kept: bool) -> None:
        self._step = self._rule.next(self._step, np.array([kept]))


class _Tinkering:
    def __init__(self, step: float, space: Space) -> None:
        self._step, self._space = step, space

    def propose(self, incumbent: FloatArray, rng: np.random.Generator) -> FloatArray:
        theta = incumbent.copy()
        i = int(rng.integers(theta.size))
        knob = self._space.knobs[i]
        move = self._step * rng.standard_normal()
        theta[i] = reflected(theta[i] + move)
        now = float(knob.value(incumbent[i]))
        if knob.whole and knob.value(theta[i]) == now:  # an agent proposes some change
            other = now + np.sign(move)
            theta[i] = knob.place(other if knob.low <= other <= knob.high else now - np.sign(move))
        return theta

    def learn(self, theta: FloatArray, y: float, kept: bool) -> None:
        """Nothing is learnt."""


class _Listed:
    def __init__(self, changes: tuple[Mapping[str, Any], ...], space: Space) -> None:
        self._changes, self._space = list(changes), space
        self._n = len(changes)

    def propose(self, incumbent: FloatArray, rng: np.random.Generator) -> FloatArray:
        if not self._changes:
            raise ParameterError(f"experiments must be at most the {self._n} changes of the list")
        return self._space.moved(incumbent, self._changes.pop(0))

    def learn(self, theta: FloatArray, y: float, kept: bool) -> None:
        """Nothing is learnt."""


class _Evolving:
    def __init__(self, step: float, population: int | None, space: Space) -> None:
        try:
            from cma import CMAEvolutionStrategy
        except ImportError:
            raise ImportError(
                "CmaEs needs the package cma: pip install 'arbook[cma]', or pip install cma"
            ) from None
        self._options = {"verbose": -9, "seed": float("nan"), "randn": self._normals}
        if population is not None:
            self._options["popsize"] = population
        self._step, self._start = step, space.start
        self._make: Callable[..., Any] = CMAEvolutionStrategy
        self._strategy: Any = None
        self._asked: list[FloatArray] = []
        self._seen: list[float] = []

    def _normals(self, *shape: int) -> FloatArray:
        return self._rng.standard_normal(shape)

    def propose(self, incumbent: FloatArray, rng: np.random.Generator) -> FloatArray:
        self._rng = rng
        if self._strategy is None:
            self._strategy = self._make(self._start, self._step, self._options)
        if not self._asked:
            self._asked = self._strategy.ask()
        return reflected(self._asked[len(self._seen)])

    def learn(self, theta: FloatArray, y: float, kept: bool) -> None:
        self._seen.append(y)
        if len(self._seen) < len(self._asked):
            return
        seen = np.array(self._seen)
        worst = np.nanmax(seen) if np.isfinite(seen).any() else 0.0
        self._strategy.tell(self._asked, np.where(np.isfinite(seen), seen, worst).tolist())
        self._asked, self._seen = [], []
