"""Whether nights say which of two programs is better, and how many more are needed."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from arbook._numerics.ranges import OrNone, Real, flag, open_unit_interval
from arbook._numerics.validation import FloatArray, Verbatim, refuse
from arbook.model.run import RunLog
from arbook.programs.looking import confidence_sequence, e_values
from arbook.programs.power import misranking_probability, nights_needed
from arbook.runs.groups import compare_groups

_SIZE = OrNone(Real(0, 1e150, ends="("))

# Share of the interval of the difference whose ends the nights needed are told for.
_SHARE = 0.8


class Answer(IntEnum):
    """What the nights of two programs say; the values are the command's exit codes.

    See Also
    --------
    enough : Gives it.

    Examples
    --------
    >>> Answer(30).name
    'MORE_NIGHTS'
    """

    TOLD_APART = 0
    MORE_NIGHTS = 30

    @property
    def words(self) -> str:
        """The answer as it is printed."""
        return self.name.replace("_", " ")


@dataclass(frozen=True, eq=False, repr=False)
class Enough:
    """Whether nights tell two programs apart, and how many would.

    Parameters
    ----------
    budget : int
        Number of experiments after which all runs are compared.
    first, second : ndarray
        Gain of each night, in the metric's unit.
    difference : float
        Mean gain of the first less that of the second.
    interval : tuple of float
        Interval of the expected difference that holds after all nights at once, with
        ``1 - error``; infinite in the first nights.
    evidence : float
        E-value of the pairs of nights, against no difference.
    spread : float
        Standard deviation of a night; of paired ones, as much of it as they do not share.
    wanted : float
        Difference that is to be found: the smallest that matters, or else the one seen.
    needed : float
        Nights of each with which a t-test, looked at once, finds it with `power`; infinite if
        there is no difference.
    needed_interval : tuple of float
        The same for the ends of the 80 % interval of the difference; nan where there is none.
    misranking : float
        Probability that one night of each ranks such programs wrongly.
    power, error : float
        Wanted probability of finding the difference, and of finding one that is not there.

    See Also
    --------
    enough : Makes it.

    Examples
    --------
    >>> from arbook import logs
    >>> runs = logs.contest()
    >>> logs.enough(runs["TPE"], runs["Random"]).answer.name
    'MORE_NIGHTS'
    """

    budget: int
    first: FloatArray
    second: FloatArray
    difference: float
    interval: tuple[float, float]
    evidence: float
    spread: float
    wanted: float
    needed: float
    needed_interval: tuple[float, float]
    misranking: float
    power: float
    error: float

    @property
    def answer(self) -> Answer:
        """TOLD_APART where the evidence is 1 / error or more."""
        return Answer.TOLD_APART if self.evidence >= 1 / self.error else Answer.MORE_NIGHTS

    @property
    def better(self) -> int | None:
        """0 or 1, the program that gains more; None where the nights do not tell."""
        if self.answer is Answer.MORE_NIGHTS:
            return None
        return 0 if sum(self.interval) > 0 else 1

    @property
    def more(self) -> float:
        """The nights of each still to be made, at the least; 0 where they are told apart."""
        if self.answer is Answer.TOLD_APART:
            return 0.0
        enough = max(self.needed, _fewest(self.error))
        return max(enough - min(self.first.size, self.second.size), 1.0)

    def __repr__(self) -> str:
        return (
            f"Enough({self.answer.name}: {self.first.size} and {self.second.size} nights, "
            f"difference {self.difference:.4g}, evidence {self.evidence:.3g}, "
            f"{self.needed:.0f} nights of each needed)"
        )


def enough(
    first: Iterable[RunLog],
    second: Iterable[RunLog],
    *,
    difference: float | None = None,
    spread: float | None = None,
    paired: bool = False,
    power: float = 0.8,
    error: float = 0.05,
    budget: int | None = None,
) -> Enough:
    r"""Say whether the nights of two programs tell which is better, and how many more would.

    Parameters
    ----------
    first, second : iterable of RunLog
        Runs of one task, with one direction and without restarts, in the order in which they were
        made.
    difference : float, optional
        Smallest difference of gains that matters, in (0, 1e+150]; the one that was seen if not
        given, which is a guess.
    spread : float, optional
        Standard deviation of a night, in (0, 1e+150], where it is known; else that of the runs.
    paired : bool, default False
        Whether run j of both groups share their luck: the seed, the start, the machine and hour.
    power : float, default 0.8
        Wanted probability of finding the difference, in (0, 1).
    error : float, default 0.05
        Probability of telling equal programs apart, ever, in (0, 1).
    budget : int, optional
        Number of experiments after which runs are compared, >= 1 and at most that of the
        shortest, which is the default.

    Returns
    -------
    Enough
        The answer, with what it rests on.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or one night of each shows no spread and none is
        given.

    See Also
    --------
    compare_groups : What the same runs say if they are looked at once.

    Notes
    -----
    The answer rests on `arbook.programs.e_values` of the differences between the runs of one
    place, so that it may be asked for after every night, and nights may be added until it is
    clear. The first pairs are taken where one group has more.

    Examples
    --------
    >>> from arbook import logs
    >>> runs = logs.contest()
    >>> said = logs.enough(runs["TPE"], runs["Random"], difference=0.005)
    >>> said.needed, said.more
    (6.0, 3.0)
    """
    groups = compare_groups(first, second, budget=budget)
    size, given = _SIZE("difference", difference), _SIZE("spread", spread)
    paired, alpha = flag("paired", paired), open_unit_interval("error", error)
    nights_needed(1.0, 1.0, power=power, error=alpha)  # refuses what is wrong before all else
    a, b = groups.first, groups.second
    pairs = min(a.size, b.size)
    if paired and a.size != b.size:
        raise refuse("second", Verbatim(f"{b.size} runs"), f"as many runs as first, {a.size}")
    apart = a[:pairs] - b[:pairs]
    freedom = apart.size - 1 if paired else a.size + b.size - 2
    seen = given
    if seen is None:
        if not freedom:
            raise refuse("spread", spread, "given where there is one night of each")
        squares = _squares(apart) / 2 if paired else _squares(a) + _squares(b)
        seen = math.sqrt(squares / freedom)
    found = float(apart.mean()) if paired else groups.difference
    half = _half(seen, a.size, b.size, freedom, known=given is not None)
    ends = np.array([abs(found) + half, abs(found) - half])

    def needed(d: float) -> float:
        if not seen:
            return 2.0 if d > 0 else math.inf
        correlation = 0.0 if paired else None
        return nights_needed(max(d, 0.0), seen, power=power, error=alpha, correlation=correlation)

    wanted = size or abs(found)
    low, high = (end[-1] for end in confidence_sequence(apart, error=alpha))
    return Enough(
        budget=groups.budget,
        first=a,
        second=b,
        difference=found,
        interval=(float(low), float(high)),
        evidence=float(e_values(apart)[-1]),
        spread=seen,
        wanted=wanted,
        needed=needed(wanted),
        needed_interval=(needed(ends[0]), needed(ends[1])),
        misranking=float(misranking_probability(wanted, seen)) if seen else 0.5 * (not wanted),
        power=power,
        error=alpha,
    )


def _fewest(error: float) -> float:
    """Return the fewest pairs whose e-value can be as large as 1 / error: of equal differences."""
    n = 2
    while (n - 1) / 2 * math.log1p(n) < -math.log(error):
        n += 1
    return float(n)


def _squares(x: FloatArray) -> float:
    return float(((x - x.mean()) ** 2).sum())


def _half(spread: float, m: int, n: int, freedom: int, *, known: bool) -> float:
    """Return half the width of the 80 % interval of the difference."""
    from scipy.special import ndtri, stdtrit

    q = (1 + _SHARE) / 2
    width = ndtri(q) if known else stdtrit(freedom, q)
    return float(width) * spread * math.sqrt(1 / m + 1 / n)
