r"""How much of a change an experiment of some length shows.

After :math:`\tau` minutes of training a change of step :math:`\sigma_t` is measured as
:math:`\delta + B + \varepsilon`: the part :math:`\delta` that lasts, a part B that a longer
training takes away, as :math:`\tau^{-\beta}` like the rest of a training curve, and noise, whose
variance falls as :math:`1/\tau` and with repeats.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.ranges import (
    Array,
    Integer,
    Real,
    counts,
    instance,
    not_negative,
    positive,
    positives,
)
from arbook._numerics.validation import FloatArray, broadcast

# Between these lengths in minutes the best is looked for.
_SHORTEST, _LONGEST = 1e-9, 1e9

_EXPONENT = Real(0, 10, ends="(")
_REPEATS = Integer(1, 1_000_000)
_CORRELATION = Array(Real(-1, 1))


@dataclass(frozen=True)
class Fidelity:
    r"""What short experiments hide, as lengths in minutes.

    Parameters
    ----------
    noise : float, default 0.0
        Noise length :math:`\tau_\nu` >= 0: the training after which noise is as large as the first
        step :math:`\sigma_0`, in minutes.
    curve : float, default 0.0
        Curve length :math:`\tau_\beta` >= 0: the training after which what passes of a change is as
        large as what lasts, in minutes.
    exponent : float, default 0.5
        Exponent :math:`\beta` of the training curve, in (0, 10].

    Raises
    ------
    ParameterError
        If a value is outside its range.

    See Also
    --------
    carry_over : What is left.

    Examples
    --------
    >>> Fidelity(noise=0.1, curve=1)
    Fidelity(noise=0.1, curve=1.0, exponent=0.5)
    """

    noise: float = 0.0
    curve: float = 0.0
    exponent: float = 0.5

    def __post_init__(self) -> None:
        values = {
            "noise": not_negative("noise", self.noise),
            "curve": not_negative("curve", self.curve),
            "exponent": _EXPONENT("exponent", self.exponent),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)


def carry_over(
    fidelity: Fidelity, minutes: ArrayLike, repeats: ArrayLike = 1, step: float = 1.0
) -> Any:
    r"""Return the correlation of a measured change with what lasts of it.

    Law: Carry-over. With J repeats of :math:`\tau` minutes,

    .. math:: \chi(\tau)^2 = \frac1{1 + (\tau_\beta/\tau)^{2\beta}
       + (\tau_\nu/J\tau)\,(\sigma_0/\sigma_t)^2} .

    Parameters
    ----------
    fidelity : Fidelity
        Noise length, curve length and exponent.
    minutes : float or array of float
        Training :math:`\tau` > 0 of an experiment, in minutes.
    repeats : int or array of int, default 1
        Measurements J >= 1 of each variant. Broadcasts against `minutes`.
    step : float, default 1.0
        The step in units of the first, :math:`\sigma_t/\sigma_0` > 0.

    Returns
    -------
    float or ndarray
        Correlations :math:`\chi` in [0, 1], of the common shape.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the shapes do not fit.

    Notes
    -----
    Of three independent normal parts the first has the share :math:`\chi^2` in the variance. So
    :math:`\chi^2` is also the share of a measured change that is believed to last. That training
    curves are power laws is an assumption; [1]_ fits that and ten other shapes.

    References
    ----------
    .. [1] T. Domhan, J. T. Springenberg and F. Hutter, "Speeding up automatic hyperparameter
       optimization of deep neural networks by extrapolation of learning curves", IJCAI 2015,
       3460-3468.

    Examples
    --------
    >>> carry_over(Fidelity(noise=1), [1, 3, 8]).round(3)
    array([0.707, 0.866, 0.943])
    >>> round(float(carry_over(Fidelity(noise=1, curve=1), 5, repeats=4)), 3)
    0.894
    """
    instance("fidelity", fidelity, Fidelity)
    tau, j = broadcast(("minutes", positives("minutes", minutes)),
                       ("repeats", counts("repeats", repeats)))  # fmt: skip
    noise, passing = parts(fidelity, tau, j, positive("step", step))
    return (1 / np.sqrt(1 + noise + passing))[()]


def parts(fidelity: Fidelity, tau: Any, repeats: Any, step: Any) -> tuple[FloatArray, FloatArray]:
    """Return the variances of noise and of what passes, in units of that of what lasts."""
    with np.errstate(over="ignore"):  # a very short experiment shows nothing
        noise = np.square(np.sqrt(fidelity.noise / tau / repeats) / step)
        passing = np.power(fidelity.curve / tau, 2 * fidelity.exponent)
    return np.asarray(noise), np.asarray(passing)


def rank_correlation(correlation: ArrayLike) -> Any:
    r"""Return Spearman's rank correlation of two normals from their correlation.

    .. math:: \rho_S = \frac6\pi\arcsin\frac r2

    Parameters
    ----------
    correlation : float or array of float
        Pearson's correlation r, in [-1, 1].

    Returns
    -------
    float or ndarray
        Rank correlations, of the shape of `correlation`.

    Raises
    ------
    ParameterError
        If `correlation` is outside its range.

    Notes
    -----
    In [1]_. It is never far from r: at most 0.018.

    References
    ----------
    .. [1] W. H. Kruskal, "Ordinal measures of association", Journal of the American Statistical
       Association 53, 814-861, 1958.

    Examples
    --------
    >>> rank_correlation([0.0, 0.5, 1.0]).round(3)
    array([0.   , 0.483, 1.   ])
    """
    return np.asarray(6 / np.pi * np.arcsin(_CORRELATION("correlation", correlation) / 2))[()]


def best_length(
    fidelity: Fidelity,
    overhead: float = 0.0,
    *,
    elasticity: float = 1.0,
    weight: float = 1.0,
    repeats: int = 1,
) -> float:
    r"""Return how long an experiment is best trained.

    Law: Length of an experiment. With the shares :math:`s_\nu` of noise and :math:`s_\beta` of what
    passes in the variance of a measured change,

    .. math:: \omega\left(\tfrac12 s_\nu + \beta s_\beta\right)
       = \epsilon\,\frac{\tau}{\tau + \tau_o} :

    what one per cent of length adds to the gain of a decision is what it takes from their number.

    Parameters
    ----------
    fidelity : Fidelity
        Noise length, curve length and exponent.
    overhead : float, default 0.0
        Minutes :math:`\tau_o` >= 0 that an experiment takes beside its training.
    elasticity : float, default 1.0
        By how many per cent one per cent more decisions raise the gain of a night: :math:`\epsilon`
        in (0, 1]. 1 if every decision gains alike, and about :math:`1/\ln N` where the N-th gains
        1/N.
    weight : float, default 1.0
        By how many per cent a decision gains more if the carry-over is one per cent larger:
        :math:`\omega` > 0, see `precision_weight`.
    repeats : int, default 1
        Measurements J of each variant, at the same time, in 1 ... 1000000.

    Returns
    -------
    float
        Minutes :math:`\tau`; 0 where the shortest experiment is best.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    The left side falls in :math:`\tau` and the right one does not, so they meet once at most. A
    choice between few precise and many rough comparisons of this kind is in [1]_.

    References
    ----------
    .. [1] L. Li, K. Jamieson, G. DeSalvo, A. Rostamizadeh and A. Talwalkar, "Hyperband: a novel
       bandit-based approach to hyperparameter optimization", Journal of Machine Learning Research
       18 (185), 1-52, 2018.

    Examples
    --------
    With noise alone, an overhead of 1 minute, and decisions that gain alike:

    >>> [round(best_length(Fidelity(noise=h), 1.0), 3) for h in (0.1, 1, 10)]
    [0.2, 0.5, 0.854]

    Without overhead and with gains like 1/t the noise's share of the variance is 2/ln N:

    >>> round(best_length(Fidelity(noise=1.0), elasticity=1 / 5), 3)
    1.5
    """
    instance("fidelity", fidelity, Fidelity)
    extra, j = not_negative("overhead", overhead), _REPEATS("repeats", repeats)
    eps = Real(0, 1, "(")("elasticity", elasticity)
    omega = positive("weight", weight)

    def too_short(tau: float) -> bool:
        noise, passing = parts(fidelity, tau, j, 1.0)
        whole = 1 + noise + passing
        gains = omega * (noise / whole / 2 + fidelity.exponent * (passing / whole))
        return bool(gains > eps * tau / (tau + extra))

    low, high = _SHORTEST, _LONGEST
    if not too_short(low):
        return 0.0
    while high / low > 1 + 1e-12:
        middle = float(np.sqrt(low) * np.sqrt(high))
        low, high = (middle, high) if too_short(middle) else (low, middle)
    return high
