r"""Meta-optimisation: choose the program that steers the agent from a shelf of them.

:math:`\text{program}^* = \arg\max_{\text{program}}\ \mathbb E[\mathcal A_N \mid
\text{program}]`. A program (the instructions an agent is given, or its settings) enters the model
as a map to the three parameters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import numpy as np

from arbook._numerics.memory import check_size
from arbook._numerics.ranges import count, flag, instance, natural
from arbook._numerics.seeds import Seed, child, seed_sequence
from arbook._numerics.validation import FloatArray, instances, refuse
from arbook.model.parameters import Parameters
from arbook.programs.conditions import (
    _BYTES_AN_EXPERIMENT,
    STATED,
    Conditions,
    gain_area_moments,
    simulate_gain_areas,
)


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
        Budget N of each, in 1 ... `arbook.model.laws.LONGEST_RUN`.
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
        `arbook.programs.gain_area_moments`.

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
        Budget N of each, in 1 ... `arbook.model.laws.LONGEST_RUN`.
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


def sample_programs(
    programs: Iterable[Program],
    n_experiments: int,
    n_runs: int,
    *,
    seed: Seed,
    common: bool = False,
    conditions: Conditions = STATED,
) -> dict[str, FloatArray]:
    r"""Simulate runs of each program, as one must where :math:`\mathbb E` is not known.

    Parameters
    ----------
    programs : iterable of Program
        The programs, at least one, each with a name of its own.
    n_experiments : int
        Budget N of a run, >= 1.
    n_runs : int
        Runs of each program, >= 1.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.
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
    r"""Runs of programs under the model, one by one: a sampler for `arbook.programs`.

    Run j of a program is the one that `sample_programs` calls j, whatever the order in which runs
    are asked for.

    Parameters
    ----------
    programs : iterable of Program
        The programs, at least one, each with a name of its own.
    n_experiments : int
        Budget N of a run, >= 1.
    seed : int, numpy.random.SeedSequence, numpy.random.Generator or None
        Same seed, same numbers. A Generator gives others at each call, None gives fresh ones.
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
        seed: Seed,
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
        run = natural("run", run)
        if run >= self._areas[program].size:
            check_size("run", run, 2 * self._n * _BYTES_AN_EXPERIMENT)
            # The first runs of a longer simulation are those of a shorter one: twice as many each
            # time costs at most twice the runs.
            n_runs = max(16, 2 ** (run + 1).bit_length())
            self._areas[program] = simulate_gain_areas(
                program.parameters, self._n, n_runs, self._conditions, seed=self._seeds[program]
            )
        return float(self._areas[program][run])


def _seeds(seed: Seed, size: int, common: bool) -> list[np.random.SeedSequence]:
    """Return the seed of each program."""
    root, same = seed_sequence(seed), flag("common", common)
    return [root if same else child(root, number) for number in range(size)]


def _programs(programs: Iterable[Program]) -> tuple[Program, ...]:
    chosen = instances("programs", programs, Program)
    names = [program.name for program in chosen]
    if len(set(names)) < len(names):
        raise refuse("programs", names, "at least one Program, each with a name of its own")
    return tuple(chosen)
