"""What a fit found: estimates, how far they are known, and what they say of the run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arbook._numerics.minimising import profile_end, slopes
from arbook._numerics.mixtures import quantile, tails
from arbook._numerics.ranges import Options, numbers, open_unit_interval
from arbook._numerics.validation import FloatArray, IntArray, refuse
from arbook.model.parameters import Parameters
from arbook.model.run import RunLog
from arbook.noise.traces import Smoothed
from arbook.runs import measured
from arbook.runs.changes import Changes, skewness_of
from arbook.runs.families import families
from arbook.runs.measured import TrueFrontier

# Coordinates are logarithms or near 1: one that is known no better than this is not known at all.
_OPEN = 300.0

# Below it, how much wider Student's t is than a normal changes no more.
_LEAST_LEVEL = 1e-6


@dataclass(frozen=True, eq=False, repr=False)
class Fit:
    r"""A fitted distribution of changes.

    Parameters
    ----------
    log : RunLog
        The run.
    family : str
        One of `FAMILIES`.
    estimates, std_errors : dict of str to float
        Maximum-likelihood estimates and their standard errors, which hold for changes of another
        shape and for neighbours that depend on each other, too (see `fit`). ``sigma0``, ``mu`` and
        ``noise`` are in bits per byte (or the metric's unit); ``sigma0`` and ``mu`` mean the same
        in every family that has them: :math:`\delta_t` has mean mu and standard deviation
        sigma_t. ``noise`` is there only where it was estimated. An estimate at the end of its
        range has the error nan, but where the noise was estimated: then several noises tell it. An
        error is inf where the likelihood is flat at its top.
    log_likelihood : float
        Log likelihood of the changes that were used.
    threshold : float
        Changes above it are catastrophes and were left out; inf if none are.
    n_catastrophes : int
        Number of them.
    noise : float
        Standard deviation of a measurement, estimated or given, in the metric's unit: what a
        variant does not inherit. It may be called the noise of the metric only where proposals
        start from the incumbent, the family fits, and repeats agree.
    at_bound : tuple of str
        Parameters whose estimates are at the end of their range.

    See Also
    --------
    fit : Makes it.

    Examples
    --------
    >>> from arbook import logs
    >>> f = logs.fit(logs.load_run("h100-mar8"))
    >>> f.parameters.gamma < 1, round(f.aic, 1)
    (True, -1211.0)
    >>> low, high = f.interval("mu")
    >>> low < f.estimates["mu"] < high
    True
    """

    log: RunLog
    family: str
    estimates: dict[str, float]
    std_errors: dict[str, float]
    log_likelihood: float
    threshold: float
    n_catastrophes: int
    noise: float
    at_bound: tuple[str, ...]
    _data: Changes = field(repr=False)
    _theta: FloatArray = field(repr=False)
    _spread: Spread = field(repr=False)

    @property
    def parameters(self) -> Parameters:
        """The model's three parameters; a `ParameterError` for "two-part" and "student"."""
        if "sigma0" not in self.estimates:
            raise refuse("family", self.family, "one with sigma0, gamma and mu, to have parameters")
        e = self.estimates
        return Parameters(e["sigma0"], e.get("gamma", 1.0), e["mu"], extended=True)

    @property
    def noise_se(self) -> float:
        """Standard error of `noise`; 0 where it was given."""
        return self.std_errors.get("noise", 0.0)

    @cached_property
    def smoothed(self) -> Smoothed:
        """What the whole log says of each incumbent and of each keep, in the metric's unit.

        Gains are positive where the metric became better, whatever its direction.
        """
        d, log = self._data, self.log
        theta, noise = d.parts(self._theta)
        if d.trace is None:  # what was measured is true
            gain = np.where(log.kept[1:] & np.isfinite(log.delta), -log.delta, np.nan)
            nothing = np.zeros(log.frontier.size)
            better = np.where(np.isnan(gain), np.nan, np.where(gain > 0, 1.0, 0.0))
            return Smoothed(log.frontier, nothing, gain, 0.0 * gain, better)
        said = measured.smoothed(d.trace, families()[self.family], theta, d.span, noise)
        start = float(log.value[log.baseline or 0])
        return Smoothed(
            start + log._sign * d.scale * said.mean,
            d.scale * said.std,
            d.scale * said.gain,
            d.scale * said.gain_std,
            said.better,
        )

    @property
    def true_frontier(self) -> TrueFrontier:
        """The true metric of each row's incumbent, given the whole log."""
        return TrueFrontier(self.smoothed.mean, self.smoothed.std)

    @property
    def believed_gain(self) -> float:
        """Expected true improvement from the baseline to the last incumbent."""
        mean = self.smoothed.mean
        return float(self.log._sign * (mean[0] - mean[-1]))

    @property
    def logged_gain(self) -> float:
        """Improvement from the baseline to the last incumbent in the log."""
        return self.log.gain

    @property
    def crash_probability(self) -> float:
        """Share of the experiments that crashed, each side counted half a time more."""
        return (int(self.log.crashed[1:].sum()) + 0.5) / (self.log.n_experiments + 1)

    @property
    def n_changes(self) -> int:
        """Number of changes that were used."""
        return self._data.delta.size

    @property
    def aic(self) -> float:
        """Akaike's information criterion; smaller is better."""
        return 2 * len(self.estimates) - 2 * self.log_likelihood

    @property
    def bic(self) -> float:
        """Bayesian information criterion; smaller is better."""
        return len(self.estimates) * float(np.log(self.n_changes)) - 2 * self.log_likelihood

    @property
    def t(self) -> IntArray:
        """Numbers of the experiments that were used."""
        return self._data.t

    @cached_property
    def residuals(self) -> FloatArray:
        r"""Residuals :math:`\Phi^{-1}(\hat F_t)` of what was measured, given what was before.

        Standard normal, and independent, if the fit is right.
        """
        return self._data.residuals(families()[self.family], self._theta)

    @property
    def dependence(self) -> tuple[float, float]:
        """Correlation of neighbouring residuals, and its standard error if there is none."""
        r = self.residuals - self.residuals.mean()
        return float(r[1:] @ r[:-1] / (r @ r)), 1 / float(np.sqrt(r.size))

    @property
    def skewness(self) -> tuple[float, float]:
        """Skewness of the residuals, and its standard error if they are normal."""
        return skewness_of(self.residuals)

    def keep_probability(self, t: Any) -> Any:
        r"""Return :math:`\Pr[\delta_t < 0]` under the fitted family, catastrophes left out."""
        t = numbers("t", t)
        theta, _ = self._data.parts(self._theta)
        p = families()[self.family].cdf(theta, np.zeros_like(t), t, self._data.span)
        return np.asarray(p)[()]

    def interval(self, name: str, level: float = 0.95) -> tuple[float, float]:
        r"""Return the interval that holds a parameter with a given probability.

        Parameters
        ----------
        name : str
            A key of `estimates`.
        level : float, default 0.95
            Coverage, in (0, 1).

        Returns
        -------
        tuple of float
            The values at which twice the log likelihood, maximised over the other parameters,
            has fallen by the quantile of :math:`\chi^2_1` times the ratio of the robust variance
            (see `fit`) to that of the curvature [1]_, and times the square by which the quantile
            of Student's t exceeds a normal's, with the robust variance's degrees of freedom
            [2]_; an end is infinite (or the end of the parameter's range) where the likelihood
            does not fall that far. Where the noise was estimated, what several noises say is
            mixed instead, and ends leave out half of the rest each.

        Raises
        ------
        ParameterError
            If the fit has no such parameter, or `level` is outside (0, 1).

        References
        ----------
        .. [1] J. T. Kent, "Robust properties of likelihood ratio tests", Biometrika 69, 19-27,
           1982.
        .. [2] F. E. Satterthwaite, "An approximate distribution of estimates of variance
           components", Biometrics Bulletin 2, 110-114, 1946.
        """
        from scipy.special import gammaincinv

        names = list(self.estimates)
        Options(*names)("name", name)
        level = open_unit_interval("level", level)
        family, d, i = families()[self.family], self._data, names.index(name)
        if self._spread.weight.size > 1:
            others = np.delete(self._theta, i)
            low, high = (np.insert(others, i, end) for end in self._spread.interval(level, i))
            return self._natural(low, i), self._natural(high, i)
        cost, start = d.cost(family), d.start(family)
        curved, widest = self._spread.curved[0, i, i], self._spread.widest(level)[0, i]
        # a likelihood that falls too fast is followed further down; half a quantile of chi squared
        drop = float(gammaincinv(0.5, level)) * (widest / curved)
        error = min(1.0, float(np.sqrt(widest)))
        found = []
        for side in (-1.0, 1.0):
            end = profile_end(cost, self._theta, start, i, side * error, drop)
            found.append(self._natural(end, i))
        return min(found), max(found)

    def _natural(self, theta: FloatArray, i: int) -> float:
        """Return a parameter of some coordinates, of which one may be without a bound."""
        with np.errstate(over="ignore"):
            return float(self._data.natural(families()[self.family], theta)[i])

    def __repr__(self) -> str:
        numbers = ", ".join(
            f"{name}={value:.4g} {self._error(name, '± ')}"
            for name, value in self.estimates.items()
        )
        left_out = f"; {self.n_catastrophes} catastrophes left out" if self.n_catastrophes else ""
        return f"Fit({self.family}: {numbers}; {self.n_changes} changes{left_out})"

    def _error(self, name: str, before: str = "") -> str:
        """Return the words for an estimate's error."""
        if name in self.at_bound:
            return "at its bound"
        return f"{before}{self.std_errors[name]:.2g}"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th scope='row'>{name}</th><td>{value:.4g}</td><td>{self._error(name)}</td></tr>"
            for name, value in self.estimates.items()
        )
        return (
            f"<table><caption>{families()[self.family].label}: {self.n_changes} changes, "
            f"{self.n_catastrophes} catastrophes left out, AIC {self.aic:.1f}</caption>"
            f"<tr><td></td><th scope='col'>estimate</th><th scope='col'>standard error</th></tr>"
            f"{rows}</table>"
        )


@dataclass(frozen=True, eq=False)
class Spread:
    """What a log allows: one or several sets of coordinates, and how far each set is known.

    Covariances are two of each set, of the curvature and robust; the variances of the second are
    known with so many degrees of freedom.
    """

    weight: FloatArray
    theta: FloatArray
    curved: FloatArray
    robust: FloatArray
    freedom: FloatArray

    @property
    def open(self) -> NDArray[np.bool_]:
        """Which coordinates the log leaves open."""
        return np.asarray((self.weight @ self.widest()) > _OPEN**2)

    def widest(self, level: float | None = None) -> FloatArray:
        """Return the larger variance of each coordinate.

        With a level, one of few degrees of freedom counts as Student's t is wider than a normal.
        """
        from scipy.special import ndtri, stdtrit

        curved, robust = (c.diagonal(axis1=1, axis2=2) for c in (self.curved, self.robust))
        if level is not None:
            _, high = tails(max(level, _LEAST_LEVEL))
            wider = stdtrit(self.freedom, high) / ndtri(high)
            robust = robust * wider**2
        return np.asarray(np.maximum(curved, robust))

    def holds(self, theta: FloatArray) -> bool:
        """Return whether coordinates lie in their intervals of 95 %."""
        low, high = np.array([self.interval(0.95, i) for i in range(theta.size)]).T
        return bool(((low <= theta) & (theta <= high)).all())

    def errors(
        self, natural: Callable[[FloatArray], FloatArray], estimate: FloatArray
    ) -> FloatArray:
        """Return root mean square distances of the parameters from an estimate."""
        square: FloatArray = np.zeros(estimate.size)
        sets = zip(self.weight, self.theta, self.curved, self.robust, strict=True)
        for w, theta, *both in sets:
            slope = np.nan_to_num(slopes(natural, theta))
            variance = np.maximum(*(np.diag(slope @ c @ slope.T) for c in both))
            off = natural(theta) - estimate if self.weight.size > 1 else 0.0
            square += w * (variance + np.nan_to_num(off) ** 2)
        return np.asarray(np.sqrt(square))

    def interval(self, level: float, i: int) -> tuple[float, float]:
        """Return the interval that holds the i-th coordinate in the mixture."""
        std = np.sqrt(self.widest(level)[:, i])
        low, high = (quantile(q, self.weight, self.theta[:, i], std) for q in tails(level))
        return low, high
