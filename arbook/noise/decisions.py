r"""One decision on noisy measurements: what it keeps, what it gains, and the margin that helps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.normal import cdf, pdf
from arbook._numerics.ranges import flag, not_negative, not_negatives
from arbook._numerics.validation import broadcast
from arbook.model.parameters import Parameters, bias, step_size


@dataclass(frozen=True, eq=False)
class NoisyStep:
    r"""What one noisy decision does on average.

    Parameters
    ----------
    keep_probability : float or ndarray
        Probability that the variant is kept.
    true_gain : float or ndarray
        Expected true improvement, in bits per byte; negative where noise makes the loop drift.
    logged_gain : float or ndarray
        Expected improvement in the log, in bits per byte.

    See Also
    --------
    noisy_step : Makes it.

    Examples
    --------
    >>> step = noisy_step(Parameters(0.004, 0.97), 0, noise=[0.0, 0.003])
    >>> step.curse.round(6)
    array([0.      , 0.001232])
    """

    keep_probability: Any
    true_gain: Any
    logged_gain: Any

    @property
    def curse(self) -> Any:
        """Winner's curse, the logged improvement minus the true one, in bits per byte."""
        return self.logged_gain - self.true_gain


def noisy_step(
    p: Parameters, t: ArrayLike, noise: ArrayLike, *, threshold: float = 0.0, known: bool = False
) -> NoisyStep:
    r"""Return what one noisy decision does on average, exactly.

    Law: Winner's curse. The logged difference is :math:`D \sim \mathcal N(\mu, S^2)` with
    :math:`S^2 = \sigma_t^2 + 2\nu^2`, and the variant is kept when :math:`D < -h`. With
    :math:`z = (-h-\mu)/S`,

    .. math:: \mathbb E[\text{logged gain}] = -\mu\,\Phi(z) + S\,\varphi(z), \qquad
       \mathbb E[\text{true gain}] = -\mu\,\Phi(z) + \frac{\sigma_t^2}{S}\,\varphi(z),

    and the curse is the difference :math:`(2\nu^2/S)\,\varphi(z)`.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    t : int or array of int
        Experiments, counted from 0.
    noise : float or array of float
        Standard deviation :math:`\nu` of one measurement, in bits per byte, >= 0.
    threshold : float, default 0.0
        Margin h >= 0 by which a variant must beat the incumbent's logged value.
    known : bool, default False
        True if the incumbent's metric is known without error, for instance from many
        measurements; then :math:`S^2 = \sigma_t^2 + \nu^2` and the curse is half as strong in
        :math:`\nu^2`.

    Returns
    -------
    NoisyStep
        Keep probability, true and logged gain, of the common shape of `t` and `noise`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    Given D, the true change has the mean :math:`\mu + (\sigma_t^2/S^2)(D - \mu)`: it regresses
    towards :math:`\mu` [1]_. Exact for a first experiment, whose incumbent was measured once and
    not selected.

    References
    ----------
    .. [1] R. H. Thaler, "Anomalies: the winner's curse", Journal of Economic Perspectives 2,
       191-202, 1988.

    Examples
    --------
    >>> step = noisy_step(Parameters(0.004, 0.97), 0, noise=0.003)
    >>> round(float(step.logged_gain), 6), round(float(step.true_gain), 6)
    (0.002326, 0.001095)
    """
    nu, h = not_negatives("noise", noise), not_negative("threshold", threshold)
    sigma, nu = broadcast(("t", np.asarray(step_size(p, t))), ("noise", nu))
    spread = np.hypot(sigma, math.sqrt(1.0 if flag("known", known) else 2.0) * nu)
    mu = bias(p, t)
    z = (-h - mu) / spread
    probability, density = cdf(z), pdf(z)
    return NoisyStep(
        keep_probability=np.asarray(probability)[()],
        true_gain=np.asarray(-mu * probability + sigma / spread * sigma * density)[()],
        logged_gain=np.asarray(-mu * probability + spread * density)[()],
    )


def best_threshold(p: Parameters, t: ArrayLike, noise: ArrayLike, *, known: bool = False) -> Any:
    r"""Return the margin that makes the true gain of one decision largest.

    Law: Best threshold. :math:`h = \max(0, \mu\,(S^2 - \sigma_t^2)/\sigma_t^2)`: demand more when
    changes harm on average and noise is large.

    Parameters
    ----------
    p : Parameters
        The three parameters.
    t : int or array of int
        Experiments, counted from 0.
    noise : float or array of float
        Standard deviation of one measurement, in bits per byte, >= 0.
    known : bool, default False
        As for `noisy_step`.

    Returns
    -------
    float or ndarray
        Margins in bits per byte, of the common shape of `t` and `noise`.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    Keep exactly when the true change, given the log, is expected to be negative:
    :math:`\mu + (\sigma_t^2/S^2)(D-\mu) < 0`. The Ladder of [1]_ uses a fixed margin to that end.

    References
    ----------
    .. [1] A. Blum and M. Hardt, "The Ladder: a reliable leaderboard for machine learning
       competitions", ICML 2015.

    Examples
    --------
    >>> p = Parameters(0.004, 1.0, 0.001, extended=True)
    >>> round(float(best_threshold(p, 0, 0.003)), 6)
    0.001125
    """
    sigma, nu = broadcast(
        ("t", np.asarray(step_size(p, t))), ("noise", not_negatives("noise", noise))
    )
    with np.errstate(over="ignore"):  # where a step is nothing beside the noise, no margin will do
        ratio = np.minimum(nu / sigma, 1e150)
        margin = bias(p, t) * (1.0 if flag("known", known) else 2.0) * ratio**2
    return np.maximum(margin, 0.0)[()]
