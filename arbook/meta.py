r"""Meta-optimisation: choose the program that steers the agent.

:math:`\text{program}^* = \arg\max_{\text{program}}\ \mathbb E[\mathcal A_N \mid
\text{program}]`. A program (the instructions an agent is given, or its settings) enters the model
as a map to the three parameters, so the maximum can be taken over a finite set of programs
(`rank`, `best_program`) or over a box of parameters (`best_parameters`).

With the stated model alone the answer over a box is always its corner: :math:`\mathbb E[\mathcal
A_N]` only grows with :math:`\sigma_0`, with :math:`\gamma` and with :math:`-\mu`. A trade-off needs
a further ingredient, such as `boldness_cost`, or the crashes and the floor of
`arbook.conditions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._check import (
    FloatArray,
    ParameterError,
    count,
    flag,
    instance,
    instances,
    number,
    numbers,
    refuse,
    sequence,
)
from arbook._memory import check_size
from arbook.conditions import (
    _BYTES_AN_EXPERIMENT,
    STATED,
    Conditions,
    Cost,
    _bias,
    _check_cost,
    gain_area_moments,
    simulate_gain_areas,
)
from arbook.model import Parameters
from arbook.theory import LONGEST_RUN, MOST_TERMS, expected_gain_area

#: The box of `best_parameters`, in the order in which results name them.
NAMES = ("sigma0", "gamma", "mu")

#: Points a side of the first grid of `best_parameters`, by the number of free parameters.
FIRST_GRID = (1, 65, 25, 13)

#: Points a side of the grids that follow.
FINER_GRID = 5

#: Grids of `best_parameters`; each has half the width of the one before.
ZOOMS = 28


@dataclass(frozen=True)
class Program:
    """A program: what it is called, and the parameters that an agent has who follows it.

    Parameters
    ----------
    name : str
        Name of the program.
    parameters : Parameters
        The three parameters.

    Raises
    ------
    ParameterError
        If `name` is not a str or `parameters` not a Parameters.

    Examples
    --------
    >>> Program("timid", Parameters(0.001, 0.99))
    Program(name='timid', parameters=Parameters(sigma0=0.001, gamma=0.99, mu=0))
    """

    name: str
    parameters: Parameters

    def __post_init__(self) -> None:
        instance("name", self.name, str)
        instance("parameters", self.parameters, Parameters)


@dataclass(frozen=True)
class Ranked:
    """A program, and the mean and standard deviation of its gain area.

    Parameters
    ----------
    program : Program
        The program.
    mean, std : float
        Expectation and standard deviation of the gain area, in metric x experiments.

    See Also
    --------
    rank : Makes them.

    Examples
    --------
    >>> (one,) = rank([Program("usual", Parameters(0.01, 0.97))], 100)
    >>> one.program.name, round(one.mean, 4), round(one.std, 4)
    ('usual', 9.2028, 2.0571)
    """

    program: Program
    mean: float
    std: float


class Ranking(tuple[Ranked, ...]):
    """A tuple of `Ranked`: programs in the order of their expected gain area, the best first.

    See Also
    --------
    rank : Makes it.

    Examples
    --------
    >>> shelf = [Program("timid", Parameters(0.002, 0.99)), Program("bold", Parameters(0.01, 0.9))]
    >>> ranking = rank(shelf, 50)
    >>> len(ranking), ranking[0].program.name
    (2, 'bold')
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "\n".join(f"{r.program.name}: {r.mean:.4g} ± {r.std:.2g}" for r in self)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th scope='row'>{escape(r.program.name)}</th>"
            f"<td>{r.mean:.4g}</td><td>{r.std:.2g}</td></tr>"
            for r in self
        )
        head = "".join(
            f"<th scope='col'>{name}</th>"
            for name in ("program", "expected gain area", "standard deviation")
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def rank(
    programs: Iterable[Program], n_experiments: int, conditions: Conditions = STATED
) -> Ranking:
    r"""Return the programs with :math:`\mathbb E[\mathcal A_N]` and its sd, the best first.

    Parameters
    ----------
    programs : iterable of Program
        The programs, at least one, each with a name of its own.
    n_experiments : int
        Budget N of each.
    conditions : Conditions, default the stated model
        Price of boldness, crashes, floor.

    Returns
    -------
    Ranking
        A tuple of `Ranked`, the largest expected gain area first; equal ones stay in the order
        given.

    Raises
    ------
    ParameterError
        If there is no program, an entry is not a Program, two share a name, or another argument is
        outside its range, which for `n_experiments` is that of
        `arbook.conditions.gain_area_moments`.

    Examples
    --------
    >>> shelf = [Program("timid", Parameters(0.002, 0.99)), Program("bold", Parameters(0.01, 0.9))]
    >>> rank(shelf, 50)
    bold: 1.638 ± 0.62
    timid: 0.8693 ± 0.22
    >>> rank(shelf, 500)[0].program.name
    'timid'

    With a floor there is little left for the patient one to gain:

    >>> rank(shelf, 500, Conditions(floor=0.99))[0].program.name
    'bold'
    """
    chosen, n = _programs(programs), n_experiments
    ranked = [
        Ranked(program, *gain_area_moments(program.parameters, n, conditions)) for program in chosen
    ]
    return Ranking(sorted(ranked, key=lambda one: -one.mean))


def best_program(
    programs: Iterable[Program], n_experiments: int, conditions: Conditions = STATED
) -> Program:
    r"""Return the program with the largest expected gain area.

    Law: Meta-optimisation. :math:`\arg\max_{\text{program}}\ \mathbb E[\mathcal A_N \mid
    \text{program}]` over a finite set; of equal ones the first.

    Parameters
    ----------
    programs : iterable of Program
        The programs, at least one.
    n_experiments : int
        Budget N of each.
    conditions : Conditions, default the stated model
        Price of boldness, crashes, floor.

    Returns
    -------
    Program
        The best one.

    Raises
    ------
    ParameterError
        As `rank`.

    Notes
    -----
    The instructions of an agent are a program to be improved like any other [1]_.

    References
    ----------
    .. [1] A. Karpathy, autoresearch, software repository, 2026,
       https://github.com/karpathy/autoresearch.

    Examples
    --------
    >>> pair = [Program("a", Parameters(0.01, 0.97)), Program("b", Parameters(0.01, 0.98))]
    >>> best_program(pair, 100).name
    'b'
    """
    return rank(programs, n_experiments, conditions)[0].program


def boldness_cost(c: float) -> Cost:
    r"""Return a price of boldness, the bias :math:`\mu = c\,\sigma_0^2`.

    It is the law of the sphere :math:`\lVert x\rVert^2` in d dimensions at distance R from the
    optimum, where a mutation of strength s has :math:`\mu = d s^2` and, for large d,
    :math:`\sigma = 2 s R`: so :math:`c = d / (4R^2)`. As the steps shrink, the bias stays.

    Parameters
    ----------
    c : float
        The price, > 0, in 1 / metric.

    Returns
    -------
    callable
        Maps (sigma0, gamma) to mu, in units of the metric.

    Raises
    ------
    ParameterError
        If `c` is not a finite number > 0.

    Examples
    --------
    >>> round(boldness_cost(20.0)(0.01, 0.97), 10)
    0.002
    """
    if not number("c", c, "a finite number > 0") > 0:
        raise refuse("c", c, "a finite number > 0")

    def mu(sigma0: float, gamma: float) -> float:
        return float(c) * sigma0 * sigma0

    return mu


@dataclass(frozen=True, repr=False)
class BestParameters:
    """Where the expected gain area over a box is largest.

    Parameters
    ----------
    parameters : Parameters
        The maximiser.
    expected_gain_area : float
        The maximum, in metric x experiments.
    at_bound : tuple of str
        Parameters that lie on a bound of the box: not a trade-off, but the end of what was
        allowed. Empty for an interior maximum.

    See Also
    --------
    best_parameters : Finds them.

    Examples
    --------
    >>> best = best_parameters({"sigma0": (0.01, 0.1), "gamma": (0.97, 0.97)}, 100)
    >>> best.parameters.sigma0, best.at_bound, round(best.expected_gain_area, 2)
    (0.1, ('sigma0',), 92.03)
    """

    parameters: Parameters
    expected_gain_area: float
    at_bound: tuple[str, ...]

    def __repr__(self) -> str:
        p, bounds = self.parameters, ", ".join(self.at_bound) or "none"
        return (
            f"BestParameters(sigma0={p.sigma0:.4g}, gamma={p.gamma:.4g}, mu={p.mu:.4g}, "
            f"expected_gain_area={self.expected_gain_area:.4g}, at bound: {bounds})"
        )


def best_parameters(
    bounds: Mapping[str, tuple[float, float]], n_experiments: int, cost: Cost | None = None
) -> BestParameters:
    r"""Return the parameters in a box with the largest expected gain area.

    Parameters
    ----------
    bounds : mapping
        ``{"sigma0": (low, high), "gamma": (low, high), "mu": (low, high)}``. A pair of equal
        numbers fixes a parameter. Without "mu" the bias is 0, or what `cost` says. Any bias and
        any gamma > 0 are allowed, as in ``Parameters(..., extended=True)``.
    n_experiments : int
        Budget N; all sums together have at most `arbook.theory.MOST_TERMS` terms.
    cost : callable, optional
        Maps (sigma0, gamma) to mu, e.g. `boldness_cost`. Then `bounds` must not name "mu".

    Returns
    -------
    BestParameters
        The maximiser, the maximum, and which bounds it lies on.

    Raises
    ------
    ParameterError
        If a bound is missing, not finite, the wrong way round or not positive where it must be;
        if mu is given twice; or if another argument is outside its range.

    Notes
    -----
    A grid over the box (`sigma0` and `gamma` spaced by ratio), then ever finer grids about the
    best point so far. No randomness: the same call gives the same answer. Of several maxima that
    are narrower than the first grid, it may find any.

    Examples
    --------
    Nothing in the stated model speaks against boldness, so the answer is the corner:

    >>> box = {"sigma0": (0.001, 0.1), "gamma": (0.9, 0.99)}
    >>> best_parameters(box, 100).at_bound
    ('sigma0', 'gamma')

    With a price of boldness there is a best step inside the box:

    >>> best = best_parameters(box, 100, cost=boldness_cost(20.0))
    >>> best.at_bound, 0.01 < best.parameters.sigma0 < 0.1
    (('gamma',), True)
    """
    low, high = _box(bounds, cost)
    free = low < high
    sides = int(np.count_nonzero(free))
    tried = FIRST_GRID[sides] ** sides + (ZOOMS - 1) * FINER_GRID**sides
    n = count("n_experiments", n_experiments, most=min(LONGEST_RUN, MOST_TERMS // tried))

    def parameters(u: FloatArray) -> Parameters:
        """Map the unit cube to the box: sigma0 and gamma are scales, so by ratio."""
        x = np.append(low[:2] * (high[:2] / low[:2]) ** u[:2], low[2] + (high[2] - low[2]) * u[2])
        sigma0, gamma, mu = np.where(u == 1, high, np.clip(x, low, high)).tolist()
        if cost is not None:
            mu = _bias(cost, sigma0, gamma)
        return Parameters(sigma0, gamma, mu, extended=True)

    best_u, best, half = np.full(3, 0.5), -np.inf, 0.5
    points = FIRST_GRID[sides]
    for _ in range(ZOOMS):
        axes = [
            np.linspace(max(u - half, 0.0), min(u + half, 1.0), points) if is_free else [0.0]
            for u, is_free in zip(best_u, free, strict=True)
        ]
        for u in np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3):
            value = float(expected_gain_area(parameters(u), n))
            if value > best:
                best_u, best = u, value
        half *= 4 / points if points > FINER_GRID else 1 / 2
        points = FINER_GRID
    at_bound = free & ((best_u == 0) | (best_u == 1))
    return BestParameters(parameters(best_u), best, tuple(np.array(NAMES)[at_bound].tolist()))


def gain_area_map(
    sigma0s: ArrayLike,
    gammas: ArrayLike,
    n_experiments: int,
    *,
    mu: float = 0.0,
    cost: Cost | None = None,
) -> FloatArray:
    r"""Return :math:`\mathbb E[\mathcal A_N]` for every pair of a step size and a decay rate.

    Parameters
    ----------
    sigma0s : sequence of float, length S
        Initial step sizes, > 0, in units of the metric.
    gammas : sequence of float, length G
        Decay rates, > 0.
    n_experiments : int
        Budget N; all sums together have at most `arbook.theory.MOST_TERMS` terms.
    mu : float, default 0.0
        Bias, in units of the metric; any sign.
    cost : callable, optional
        Maps (sigma0, gamma) to mu, e.g. `boldness_cost`; then `mu` must be left out.

    Returns
    -------
    ndarray, shape (S, G)
        Expected gain areas, in metric x experiments.

    Raises
    ------
    ParameterError
        If an argument is out of range, or both `mu` and `cost` are given.

    Examples
    --------
    >>> gain_area_map([0.01, 0.02], [0.9, 0.97], 100).round(3)
    array([[ 3.63 ,  9.203],
           [ 7.261, 18.406]])
    """
    allowed = "finite numbers > 0"
    rows, columns = sequence("sigma0s", sigma0s, allowed), sequence("gammas", gammas, allowed)
    for name, values in (("sigma0s", rows), ("gammas", columns)):
        if values.min() <= 0:
            raise refuse(name, float(values.min()), f"a sequence of {allowed}")
    most = min(LONGEST_RUN, MOST_TERMS // (rows.size * columns.size))
    n = count("n_experiments", n_experiments, most=most)
    mu = number("mu", mu)
    _check_cost(cost)
    if cost is not None and mu != 0:
        raise refuse("mu", mu, "left out when cost gives it")
    result = np.empty((rows.size, columns.size))
    for i, sigma0 in enumerate(rows.tolist()):
        for j, gamma in enumerate(columns.tolist()):
            bias = mu if cost is None else _bias(cost, sigma0, gamma)
            p = Parameters(sigma0, gamma, bias, extended=True)
            result[i, j] = expected_gain_area(p, n)
    return result


def sample_programs(
    programs: Iterable[Program],
    n_experiments: int,
    n_runs: int,
    *,
    seed: int,
    common: bool = False,
    conditions: Conditions = STATED,
) -> dict[str, FloatArray]:
    r"""Simulate runs of each program, as one must where :math:`\mathbb E` is not known.

    Parameters
    ----------
    programs : iterable of Program
        The programs, at least one, each with a name of its own.
    n_experiments : int
        Budget N of a run.
    n_runs : int
        Runs of each program.
    seed : int
        Seed; the same seed gives the same sample.
    common : bool, default False
        Give run i of every program the same random numbers. Differences between programs are
        then far less noisy; real runs cannot do this.
    conditions : Conditions, default the stated model
        Price of boldness, crashes, floor.

    Returns
    -------
    dict of str to ndarray, shape (n_runs,)
        Gain area of each run, in metric x experiments, by the program's name.

    Raises
    ------
    ParameterError
        If there is no program, an entry is not a Program, two share a name, or an argument is
        out of range.

    Examples
    --------
    >>> pair = [Program("a", Parameters(0.01, 0.97)), Program("b", Parameters(0.01, 0.975))]
    >>> shared = sample_programs(pair, 100, 200, seed=1, common=True)
    >>> apart = sample_programs(pair, 100, 200, seed=1)
    >>> bool((shared["b"] - shared["a"]).std() < (apart["b"] - apart["a"]).std() / 4)
    True
    """
    chosen, n = _programs(programs), n_experiments
    return {
        program.name: simulate_gain_areas(program.parameters, n, n_runs, conditions, seed=own)
        for program, own in zip(chosen, _seeds(seed, len(chosen), common), strict=True)
    }


class ModelRuns:
    r"""Runs of programs under the model, one by one: a sampler for `arbook.racing`.

    Run j of a program is the one that `sample_programs` calls j, whatever the order in which runs
    are asked for.

    Parameters
    ----------
    programs : iterable of Program
        The programs, at least one, each with a name of its own.
    n_experiments : int
        Budget N of a run.
    seed : int
        Seed; the same seed gives the same runs.
    common : bool, default False
        Give run j of every program the same random numbers.
    conditions : Conditions, default the stated model
        Price of boldness, crashes, floor.

    Raises
    ------
    ParameterError
        If an argument is out of range.

    Examples
    --------
    >>> pair = [Program("a", Parameters(0.01, 0.97)), Program("b", Parameters(0.01, 0.975))]
    >>> runs = ModelRuns(pair, 100, seed=1)
    >>> runs(pair[0], 40) == float(sample_programs(pair, 100, 41, seed=1)["a"][40])
    True
    """

    def __init__(
        self,
        programs: Iterable[Program],
        n_experiments: int,
        *,
        seed: int,
        common: bool = False,
        conditions: Conditions = STATED,
    ) -> None:
        chosen = _programs(programs)
        self._n = count("n_experiments", n_experiments)
        check_size("n_experiments", self._n, 16 * _BYTES_AN_EXPERIMENT)
        self._conditions = instance("conditions", conditions, Conditions)
        self._seeds = dict(zip(chosen, _seeds(seed, len(chosen), common), strict=True))
        self._areas = {program: np.empty(0) for program in chosen}

    def __call__(self, program: Program, run: int) -> float:
        """Return the gain area of a program's run, in metric x experiments.

        Parameters
        ----------
        program : Program
            One of the programs.
        run : int
            Number of the run, counted from 0.

        Returns
        -------
        float
            The gain area.
        """
        if program not in self._areas:
            raise refuse("program", program, "one of the programs that the runs were made for")
        run = count("run", run, least=0)
        if run >= self._areas[program].size:
            check_size("run", run, 2 * self._n * _BYTES_AN_EXPERIMENT)
            # The first runs of a longer simulation are those of a shorter one: twice as many each
            # time costs at most twice the runs.
            n_runs = max(16, 2 ** (run + 1).bit_length())
            self._areas[program] = simulate_gain_areas(
                program.parameters, self._n, n_runs, self._conditions, seed=self._seeds[program]
            )
        return float(self._areas[program][run])


def _seeds(seed: int, size: int, common: bool) -> list[np.random.SeedSequence]:
    """Return the seed of each program."""
    root = np.random.SeedSequence(count("seed", seed, least=0))
    return [root] * size if flag("common", common) else root.spawn(size)


def _programs(programs: Iterable[Program]) -> tuple[Program, ...]:
    chosen = instances("programs", programs, Program)
    names = [program.name for program in chosen]
    if len(set(names)) < len(names):
        raise refuse("programs", names, "at least one Program, each with a name of its own")
    return tuple(chosen)


def _box(bounds: Mapping[str, Any], cost: Cost | None) -> tuple[FloatArray, FloatArray]:
    """Return the lower and the upper bounds of sigma0, gamma and mu."""
    if not isinstance(bounds, Mapping):
        raise refuse("bounds", bounds, "a mapping such as {'sigma0': (0.001, 0.1), ...}")
    for name in bounds:
        if name not in NAMES:
            raise refuse("bounds", name, "a mapping with keys among sigma0, gamma, mu")
    _check_cost(cost)
    if cost is not None and "mu" in bounds:
        raise refuse("bounds['mu']", bounds["mu"], "left out when cost gives mu")
    low, high = np.zeros(3), np.zeros(3)
    for i, name in enumerate(NAMES):
        if name not in bounds:
            if name == "mu":
                continue
            raise ParameterError(f"bounds must give {name} as a pair (low, high), got none")
        label, allowed = f"bounds[{name!r}]", "a pair of finite numbers (low, high), low <= high"
        pair = numbers(label, bounds[name], allowed)
        if pair.shape != (2,) or pair[0] > pair[1]:
            raise refuse(label, bounds[name], allowed)
        if name != "mu" and not pair[0] > 0:
            raise refuse(label, bounds[name], "a pair of numbers > 0")
        low[i], high[i] = pair
    return low, high
