"""What runs have in common: the population that a single run is drawn from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from arbook._numerics.shipped import read_shipped
from arbook._numerics.validation import refuse

FILE = "population.json"


@dataclass(frozen=True)
class Population:
    r"""How runs improve in general, and how much they differ.

    With :math:`u = \ln(1 + t)` and :math:`u_0 = \ln 31`, experiment t improves the frontier with
    the log odds :math:`a + b(u - u_0) + s\,W(u)`, where W is a Brownian motion of the run's own. An
    improvement g has :math:`\ln(g/S) = c + d(u - u_0) + \sqrt\lambda\,[s_c z + s_g W'(u) + e]`,
    where S is the median size of the run's changes that are not 0, z is standard normal, W' is
    another Brownian motion, e is normal with standard deviation `gain_noise`, and
    :math:`\lambda` is inverse-gamma with shape and scale `freedom` / 2. Gains of a metric that is
    positive and minimised are those of its logarithm.

    Parameters
    ----------
    keep_start, keep_slope, keep_walk : float
        :math:`a`, :math:`b` and :math:`s`, in log odds.
    gain_start, gain_slope : float
        :math:`c` and :math:`d`, in logs.
    gain_level, gain_walk, gain_noise : float
        :math:`s_c`, :math:`s_g` and the standard deviation of e, in logs.
    freedom : float
        Degrees of freedom of a run's own variance.
    usual_change : float
        Median over runs of S as a share of the baseline; the unit of a run without changes.

    See Also
    --------
    population : The one of the atlas.

    Examples
    --------
    >>> from arbook import logs
    >>> bool(-1 < logs.population().keep_slope < 0)
    True
    """

    keep_start: float
    keep_slope: float
    keep_walk: float
    gain_start: float
    gain_slope: float
    gain_level: float
    gain_walk: float
    gain_noise: float
    freedom: float
    usual_change: float


def population(without: str | None = None) -> Population:
    """Return the population of the atlas, as ``python -m arbook.runs.surveying`` fitted it.

    Parameters
    ----------
    without : str, optional
        A repository of `sources` whose runs are left out, so that they can be forecast fairly.

    Returns
    -------
    Population
        The fitted population.

    Raises
    ------
    ParameterError
        If the atlas has no run of that repository.

    Examples
    --------
    >>> from arbook import logs
    >>> fair = population(without="karpathy/autoresearch")
    >>> fair == population()
    False
    """
    known = _fitted()
    if without is None:
        return known[""]
    if not isinstance(without, str) or without not in known or not without:
        raise refuse("without", without, "a repository of logs.sources(), or None")
    return known[without]


@cache
def _fitted() -> dict[str, Population]:
    """Return the populations by the repository that was left out; "" for none."""
    text = read_shipped(FILE)
    return {name: Population(**numbers) for name, numbers in json.loads(text).items()}
