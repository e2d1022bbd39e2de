r"""What measurements say of the true metric: the filter of a loop whose metric is noisy.

Decisions depend on measurements only, so given the log nothing has to be corrected for selection:
the true metric of the incumbent is normal, and each measurement narrows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.normal import cdf, positive_part
from arbook._numerics.ranges import not_negatives, numbers
from arbook._numerics.validation import FloatArray, broadcast

# Where nothing is uncertain a gain is divided by this in place of 0.
_TINY = 1e-300


@dataclass(frozen=True, eq=False)
class Belief:
    r"""What is known of an incumbent: its true metric is normal.

    Law: Filter. A belief :math:`f \sim \mathcal N(\hat f, P)`, a variant with the change
    :math:`\delta \sim \mathcal N(\mu, \sigma^2)`, measured as y with noise :math:`\nu`. With
    :math:`e = y - \hat f - \mu` and :math:`S^2 = P + \sigma^2 + \nu^2` the incumbent is then

    .. math:: \text{KEEP: } \hat f + \mu + \frac{P+\sigma^2}{S^2}\,e, \;
       \frac{(P+\sigma^2)\,\nu^2}{S^2}; \qquad
       \text{DISCARD: } \hat f + \frac P{S^2}\,e, \; \frac{P\,(\sigma^2+\nu^2)}{S^2}.

    Parameters
    ----------
    mean : float or ndarray
        :math:`\hat f`, in bits per byte (or the metric's unit).
    variance : float or ndarray
        P >= 0, in its square. A baseline that was measured once has the variance
        :math:`\nu^2`.

    Raises
    ------
    ParameterError
        If a mean is not finite, or a variance is negative.

    Notes
    -----
    The Kalman filter [1]_ of one number. It is exact whatever the rule that keeps, as long as that
    rule sees measurements only.

    References
    ----------
    .. [1] R. E. Kalman, "A new approach to linear filtering and prediction problems", Journal of
       Basic Engineering 82, 35-45, 1960.

    Examples
    --------
    Two measurements of one thing, equally good, count half each:

    >>> round(float(Belief(1.00, 0.01**2).again(0.98, 0.01).mean), 6)
    0.99
    """

    mean: Any
    variance: Any

    def __post_init__(self) -> None:
        m, v = broadcast(
            ("mean", numbers("mean", self.mean)),
            ("variance", not_negatives("variance", self.variance)),
        )
        object.__setattr__(self, "mean", m[()])
        object.__setattr__(self, "variance", v[()])

    @property
    def std(self) -> Any:
        """Standard deviation of the belief, in the metric's unit."""
        return np.sqrt(self.variance)

    def again(self, y: ArrayLike, noise: ArrayLike) -> Belief:
        """Return the belief after the incumbent was measured once more; a nan tells nothing."""
        trial = Trial(self.mean, self.mean, self.variance, self.variance, self.variance)
        return trial.measured(y, noise).kept

    def trial(self, mu: ArrayLike, sigma: ArrayLike) -> Trial:
        """Return what is known of the incumbent and of a variant not yet measured."""
        m, v = self.mean, self.variance
        return Trial(m, m + np.asarray(mu), v, v, v + np.square(sigma))


@dataclass(frozen=True, eq=False)
class Trial:
    r"""What is known of an incumbent and a variant on trial: two normals that hang together.

    Law: Posterior keep rule. After any number of measurements, keep exactly if :attr:`gain` is
    positive. After one measurement this is :math:`y < \hat f - \mu\,(P + \nu^2)/\sigma^2`: of a
    variant that harms on average more is asked the noisier the metric and the smaller the step.

    Parameters
    ----------
    incumbent, variant : float or ndarray
        Expected true metrics, in bits per byte.
    incumbent_variance, covariance, variant_variance : float or ndarray
        Their variances and covariance.

    See Also
    --------
    Belief.trial : Makes it.

    Examples
    --------
    >>> import numpy as np
    >>> belief = Belief(1.0, 0.003**2)
    >>> seen = belief.trial(0.0, 0.004).measured(0.994, 0.003)
    >>> round(float(seen.gain), 6), round(float(seen.better), 3)
    (0.002824, 0.834)
    """

    incumbent: Any
    variant: Any
    incumbent_variance: Any
    covariance: Any
    variant_variance: Any

    @property
    def gain(self) -> Any:
        """Expected true improvement of the variant on the incumbent, negative if it is worse."""
        return self.incumbent - self.variant

    @property
    def gain_std(self) -> Any:
        """Standard deviation of the true improvement."""
        total = self.incumbent_variance - 2 * self.covariance + self.variant_variance
        return np.sqrt(np.maximum(total, 0.0))

    @property
    def better(self) -> Any:
        """Probability that the variant is truly better."""
        return cdf(np.clip(self.gain / np.maximum(self.gain_std, _TINY), -40, 40))[()]

    @property
    def kept(self) -> Belief:
        """The belief if the variant becomes the incumbent."""
        return Belief(self.variant, np.maximum(self.variant_variance, 0.0))

    @property
    def discarded(self) -> Belief:
        """The belief if the incumbent stays; the measurement has told something of it, too."""
        return Belief(self.incumbent, np.maximum(self.incumbent_variance, 0.0))

    def measured(self, y: ArrayLike, noise: ArrayLike) -> Trial:
        """Return what is known after a measurement of the variant; a nan tells nothing."""
        y, nu = np.asarray(y, dtype=float), not_negatives("noise", noise)
        seen = np.isfinite(y)
        residual = np.where(seen, y - self.variant, 0.0)
        spread = np.maximum(self.variant_variance + nu**2, _TINY)
        share_f = np.where(seen, self.covariance / spread, 0.0)
        share_g = np.where(seen, self.variant_variance / spread, 0.0)
        return Trial(
            (self.incumbent + share_f * residual)[()],
            (self.variant + share_g * residual)[()],
            (self.incumbent_variance - share_f * self.covariance)[()],
            (self.covariance - share_f * self.variant_variance)[()],
            (self.variant_variance - share_g * self.variant_variance)[()],
        )

    def worth_again(self, noise: ArrayLike) -> Any:
        r"""Return how much one more measurement of the variant is expected to bring.

        The gain that is expected once the decision is made with it, less the gain that is
        expected now: :math:`\mathbb E[(D')^+] - D^+`, where another measurement moves the
        expected gain D by a normal of standard deviation
        :math:`\tau = \operatorname{Cov}(D, y)/\sqrt{\operatorname{Var}y}`.

        Parameters
        ----------
        noise : float or array of float
            Standard deviation of a measurement, in bits per byte, >= 0.

        Returns
        -------
        float or ndarray
            Expected true improvement that it brings, in bits per byte, >= 0.
        """
        nu = not_negatives("noise", noise)
        moved = np.abs(self.covariance - self.variant_variance) / np.sqrt(
            np.maximum(self.variant_variance + nu**2, _TINY)
        )
        return (_positive_part(self.gain, moved) - np.maximum(self.gain, 0.0))[()]


def _positive_part(mean: Any, std: Any) -> FloatArray:
    """Return the expected positive part of a normal whose spread may be 0."""
    m, s = np.asarray(mean, dtype=float), np.asarray(std, dtype=float)
    return np.where(s > 0, positive_part(m, np.maximum(s, _TINY)), np.maximum(m, 0.0))
