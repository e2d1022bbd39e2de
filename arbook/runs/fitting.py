r"""Fit the perturbation model, and alternatives to it, to the log of a run.

The changes of a log are independent given their number t, with
:math:`\delta_t = \mu + \sigma_0\gamma^t\varepsilon_t`. Crashes count in t and have no change. Where
the metric is noisy the changes are those of the true metric, which a filter follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from arbook._numerics.minimising import (
    covariances,
    lowest,
    minimise,
    profile_end,
    slopes,
)
from arbook._numerics.mixtures import quantile, tails
from arbook._numerics.normal import NORMAL_95
from arbook._numerics.ranges import (
    Options,
    OrNone,
    Real,
    instance,
    numbers,
    open_unit_interval,
    positive,
)
from arbook._numerics.validation import FloatArray, IntArray, ParameterError, instances, refuse
from arbook.model.parameters import Parameters
from arbook.model.run import RunLog, unbroken
from arbook.noise.traces import Smoothed, Trace
from arbook.runs import measured
from arbook.runs.families import Family, families
from arbook.runs.measured import SMALLEST_NOISE, TrueFrontier, trace_of
from arbook.runs.open_noise import OpenNoise, kept_open

#: Names of the families that `fit` knows.
FAMILIES = ("normal", "constant", "student", "laplace", "two-part")

#: A change this many robust standard deviations above the median is a catastrophe.
TRIM = 10.0

#: The fewest measured changes that can be fitted.
FEWEST = 8


# No log tells a size or a decay that differs from all that it shows by so many factors of e.
_RUNAWAY = 30.0

_NOISE = Real(0, note="or 'estimate'")
_KNOWN = Real(0, ends="(", note="or 'estimate'")

_WORDS = {2: "two", 3: "three"}

# Changes are differences of two measurements: a larger noise would have made larger ones.
_LOUDEST = 10.0

# A noise that a search starts from, as a share of the mean size of a change.
_FIRST_NOISE = 0.05

# From the median absolute deviation to the standard deviation, for normal numbers.
_ROBUST = 1.4826
# Changes so much smaller than the large ones are ties.
_TIE = 1e-4


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
        range has the error nan, but where the noise was estimated: then several noises tell it.
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
    _data: _Data = field(repr=False)
    _theta: FloatArray = field(repr=False)
    _spread: _Spread = field(repr=False)

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
            (see `fit`) to that of the curvature [1]_; an end is infinite (or the end of the
            parameter's range) where the likelihood does not fall that far. Where the noise was
            estimated, what several noises say is mixed instead, and ends leave out half of the
            rest each.

        Raises
        ------
        ParameterError
            If the fit has no such parameter, or `level` is outside (0, 1).

        References
        ----------
        .. [1] J. T. Kent, "Robust properties of likelihood ratio tests", Biometrika 69, 19-27,
           1982.
        """
        from scipy.stats import chi2

        names = list(self.estimates)
        Options(*names)("name", name)
        level = open_unit_interval("level", level)
        family, d, i = families()[self.family], self._data, names.index(name)
        if self._spread.weight.size > 1:
            low, high = (self._spread.quantile(q, i) for q in tails(level))
            return float(d.natural(family, low)[i]), float(d.natural(family, high)[i])
        cost, start = d.cost(family), d.start(family)
        curved, widest = (np.diag(c[0])[i] for c in self._spread.covariances)
        # a likelihood that falls too fast is followed further down
        drop = float(chi2.ppf(level, 1)) / 2 * max(widest / curved, 1.0)
        error = min(1.0, float(np.sqrt(max(widest, curved))))
        ends = []
        for side in (-1.0, 1.0):
            end = profile_end(cost, self._theta, start, i, side * error, drop)
            ends.append(float(d.natural(family, end)[i]))
        return min(ends), max(ends)

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


def fit(
    log: RunLog,
    *,
    family: str = "normal",
    trim: float | None = TRIM,
    noise: float | str = 0.0,
) -> Fit:
    r"""Fit a distribution of changes to a run by maximum likelihood.

    Law: Likelihood of a log.
    :math:`\ell(\sigma_0, \gamma, \mu) = \sum_t \log\big[\varphi(z_t)/\sigma_t\big]` with
    :math:`z_t = (\delta_t - \mu)/\sigma_t`.

    Parameters
    ----------
    log : RunLog
        A run with at least `FEWEST` measured changes. Of a run with restarts, fit a segment.
    family : {"normal", "constant", "student", "laplace", "two-part"}, default "normal"
        The model itself; with a constant step; with Student's t or an asymmetric Laplace
        distribution in place of the normal; or gains and losses apart, each exponential with a
        decay of its own.
    trim : float or None, default 10
        Rule for catastrophes, > 0: changes more than `trim` robust standard deviations
        (1.4826 times the median absolute deviation) above the median, both of the changes that are
        no ties, are left out, and counted. None uses all.
    noise : float or "estimate", default 0.0
        Standard deviation :math:`\nu` of a measurement in the metric's unit, >= 0 and at most ten
        times the mean size of a change, or "estimate".
        0 takes the logged values for the truth, and the changes against the logged best; else the
        changes are those of the true metric, which a filter follows.

    Returns
    -------
    Fit
        Estimates for any sign of mu, with standard errors.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the log has too few different changes.

    Notes
    -----
    The estimates make the log most likely [1]_. Standard errors are the larger of two: that of the
    observed information [2]_, and that of a jackknife by blocks [3]_, which holds for changes of
    another shape and for neighbours that depend on each other. Where the noise is estimated, noise
    and bias can stand in for each other: the likelihood has a ridge, and its top says little of it,
    or has no end. So errors and intervals rest on several noises, each with the best other
    parameters, weighed by likelihood and the weak priors of `arbook.noise.learn`; an error is then
    the root mean square of the distance from the estimate, and the noise with the largest weight is
    the estimate where the likelihood has no largest value. The rule for catastrophes looks at the
    whole run; where steps shrink by a factor of ten or more it may take bold early losses for
    catastrophes, so compare with ``trim=None``.

    References
    ----------
    .. [1] R. A. Fisher, "On the mathematical foundations of theoretical statistics",
       Philosophical Transactions of the Royal Society A 222, 309-368, 1922.
    .. [2] B. Efron and D. V. Hinkley, "Assessing the accuracy of the maximum likelihood
       estimator: observed versus expected Fisher information", Biometrika 65, 457-483, 1978.
    .. [3] B. Efron and C. Stein, "The jackknife estimate of variance", Annals of Statistics 9,
       586-596, 1981.

    Examples
    --------
    >>> from arbook import logs
    >>> f = logs.fit(logs.load_run("h100-mar8"))
    >>> {name: round(value, 5) for name, value in f.estimates.items()}
    {'sigma0': 0.00357, 'gamma': 0.98767, 'mu': 0.0008}
    >>> f.n_changes, f.n_catastrophes
    (122, 2)
    """
    Options(*FAMILIES)("family", family)
    chosen = families()[family]
    data, threshold, dropped, theta, opened = _most_likely(log, chosen, trim, noise)
    cost = data.cost(chosen)

    def natural(x: FloatArray) -> FloatArray:
        return data.natural(chosen, x)

    names = (*chosen.names, "noise")[: theta.size]
    with np.errstate(all="ignore"):  # of a fit that ran away, or of a decay that is left open
        if opened is not None and _runaway(names, natural(theta), data):
            theta = opened.coordinates[opened.weight.argmax()]
        estimates = dict(zip(names, natural(theta).tolist(), strict=True))
        _check_identified(names, natural(theta), data)
        ends = np.asarray(~np.nan_to_num(slopes(natural, theta)).any(axis=1))
        spread = _spread(data, chosen, theta, opened)
        errors = spread.errors(natural, natural(theta))
        if opened is None:
            errors[ends] = np.nan
    std_errors = dict(zip(names, errors.tolist(), strict=True))
    return Fit(
        log=log,
        family=family,
        estimates=estimates,
        std_errors=std_errors,
        log_likelihood=-cost(theta) - data.n_densities * float(np.log(data.scale)),
        threshold=threshold,
        n_catastrophes=dropped,
        noise=estimates.get("noise", 0.0 if noise == "estimate" else float(noise)),
        at_bound=tuple(name for name, end in zip(names, ends, strict=True) if end),
        _data=data,
        _theta=theta,
        _spread=spread,
    )


def _most_likely(
    log: RunLog, family: Family, trim: float | None, noise: float | str
) -> tuple[_Data, float, int, FloatArray, OpenNoise | None]:
    """Return the data, catastrophes left out, and what makes them most likely, without errors."""
    data, threshold, dropped = _data(log, trim)
    theta = minimise(data.cost(family), data.start(family))
    if not (isinstance(noise, str) and noise == "estimate"):
        noise = _NOISE("noise", noise)
        if noise > _LOUDEST * data.scale:
            allowed = f"at most {_LOUDEST:g} times the mean size of a change, {data.scale:.3g}"
            raise refuse("noise", noise, allowed)
    opened = None
    if noise != 0:
        data, theta, opened = _with_noise(data, log, family, theta, noise)
    return data, threshold, dropped, theta, opened


def _with_noise(
    data: _Data, log: RunLog, family: Family, theta: FloatArray, noise: float | str
) -> tuple[_Data, FloatArray, OpenNoise | None]:
    """Return the data as measured with noise, the best fit to them, and the noises where open."""
    seen = trace_of(log, data.t).divided(data.scale)
    if noise != "estimate":
        known = replace(data, trace=seen, noise=float(noise) / data.scale)
        return known, lowest(known.cost(family), [theta]), None
    free = replace(data, trace=seen, noise=None)
    cost, opened = free.cost(family), kept_open(seen, family, family.start(data.delta, data.t))
    starts = [min(opened.coordinates, key=cost), np.append(theta, np.log(_FIRST_NOISE))]
    return free, lowest(cost, starts), opened


def _spread(data: _Data, family: Family, theta: FloatArray, opened: OpenNoise | None) -> _Spread:
    """Return what the log allows about an estimate."""
    block = data.block(family, theta)
    if opened is not None:
        return _Spread(opened.weight, opened.coordinates, opened.covariances(block))
    both = covariances(data.log_density(family), theta, block)
    return _Spread(np.ones(1), theta[None], (both[0][None], both[1][None]))


def log_likelihood(log: RunLog, p: Parameters, *, trim: float | None = TRIM) -> float:
    r"""Return how likely a run's changes are under the model with given parameters.

    Law: Likelihood of a log.
    :math:`\ell(\sigma_0, \gamma, \mu) = -\sum_t \big[\tfrac12\ln 2\pi + \ln\sigma_t +
    (\delta_t - \mu)^2 / 2\sigma_t^2\big]`, which `fit` makes as large as possible.

    Parameters
    ----------
    log : RunLog
        A run with at least `FEWEST` measured changes.
    p : Parameters
        Parameters of the model, in the metric's unit, without a price of boldness.
    trim : float or None, default 10
        Rule for catastrophes, as for `fit`.

    Returns
    -------
    float
        The log likelihood, in nats.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the log has too few different changes.

    Examples
    --------
    >>> from arbook import Parameters, logs
    >>> run = logs.load_run("h100-mar8")
    >>> round(log_likelihood(run, Parameters(0.01, 0.97)), 1)
    506.1
    >>> round(logs.fit(run).log_likelihood, 1)
    608.5
    """
    if instance("p", p, Parameters).price:
        raise refuse("p.price", p.price, "0: the likelihood takes one bias for the whole run")
    data, _, _ = _data(log, trim)
    theta = np.array(
        [np.log(p.sigma0 / data.scale), data.span * np.log(p.gamma), p.mu / data.scale]
    )
    return -data.cost(families()["normal"])(theta) - data.delta.size * float(np.log(data.scale))


@dataclass(frozen=True, eq=False)
class Comparison:
    """One row of `compare`.

    Parameters
    ----------
    fit : Fit
        The fit to the whole run.
    held_out : float
        Mean log likelihood of a change of the run's last part under a fit to the rest, in nats;
        nan where the rest is too short. Larger is better. What the rest's rule for catastrophes
        leaves out is left out of both.

    Examples
    --------
    >>> from arbook import logs
    >>> best, _ = logs.compare(logs.load_run("h100-mar8"), ["normal", "two-part"])
    >>> best.fit.family, round(best.held_out, 1)
    ('two-part', 3.3)
    """

    fit: Fit
    held_out: float


def compare(
    log: RunLog,
    families: Iterable[str] = FAMILIES,
    *,
    trim: float | None = TRIM,
    share: float = 0.3,
    noise: float | str = 0.0,
) -> list[Comparison]:
    """Fit several families to one run, the one with the smallest AIC first.

    Fits with an estimate at the end of its range come last: their AIC is that of another family.

    Parameters
    ----------
    log : RunLog
        The run.
    families : iterable of str
        Names of families, as for `fit`.
    trim : float or None, default 10
        As for `fit`.
    share : float, default 0.3
        Share of the experiments, at the end, that is held out, in (0, 1).
    noise : float or "estimate", default 0.0
        As for `fit`.

    Returns
    -------
    list of Comparison
        Fits, with AIC, BIC and held-out likelihood.

    Raises
    ------
    ParameterError
        As `fit`, or if `share` is outside (0, 1).

    Examples
    --------
    >>> from arbook import logs
    >>> table = logs.compare(logs.load_run("h100-mar8"), ["normal", "student", "two-part"])
    >>> [row.fit.family for row in table]
    ['two-part', 'student', 'normal']
    """
    share = open_unit_interval("share", share)
    chosen = instances("families", families, str)
    for name in chosen:
        Options(*FAMILIES)("families", name)
    rows = [
        Comparison(
            fit(log, family=name, trim=trim, noise=noise),
            _held_out(log, name, trim, share, noise),
        )
        for name in chosen
    ]
    return sorted(rows, key=lambda row: (bool(row.fit.at_bound), row.fit.aic))


@dataclass(frozen=True, eq=False)
class _Data:
    """Changes divided by their scale, and the experiments they belong to.

    `noise` is divided by the scale, too: 0 where measurements are taken for the truth; None where
    it is estimated, as the last coordinate, its logarithm.
    """

    delta: FloatArray
    t: IntArray
    span: int
    scale: float
    noise: float | None = 0.0
    trace: Trace | None = field(default=None, repr=False)

    @property
    def n_densities(self) -> int:
        """Number of measurements whose density the likelihood multiplies."""
        if self.trace is None:
            return self.delta.size
        return int(np.isfinite(self.trace.y).sum()) + self.trace.contrasts.size

    def start(self, family: Family) -> FloatArray:
        """Return coordinates near the data."""
        return family.start(self.delta, self.t)

    def parts(self, theta: FloatArray) -> tuple[FloatArray, float]:
        """Return the family's coordinates, and the noise."""
        if self.noise is not None:
            return theta, self.noise
        return theta[:-1], float(np.exp(np.clip(theta[-1], np.log(SMALLEST_NOISE), 600.0)))

    def log_density(self, family: Family) -> Callable[[FloatArray], FloatArray]:
        """Return the log densities as a function of the coordinates, in the order of the run."""

        def log_density(theta: FloatArray) -> FloatArray:
            own, noise = self.parts(theta)
            if self.trace is None:
                return np.asarray(family.log_density(own, self.delta, self.t, self.span))
            return measured.log_density(self.trace, family, own, self.span, noise)

        return log_density

    def cost(self, family: Family) -> Callable[[FloatArray], float]:
        """Return minus the log likelihood as a function of the coordinates."""
        log_density = self.log_density(family)

        def cost(theta: FloatArray) -> float:
            total = -float(log_density(theta).sum())
            return total if np.isfinite(total) else 1e300

        return cost

    def block(self, family: Family, theta: FloatArray) -> int:
        """Return how many neighbours a jackknife leaves out: more where they are dependent."""
        r = self.residuals(family, theta)
        r = r - r.mean()
        depends = abs(float(r[1:] @ r[:-1])) > NORMAL_95 / np.sqrt(r.size) * float(r @ r)
        return round(float(np.cbrt(r.size))) if depends else 1

    def natural(self, family: Family, theta: FloatArray) -> FloatArray:
        """Return the parameters in the metric's unit, the noise last where it is estimated."""
        own, noise = self.parts(theta)
        values = family.natural(own, self.span, self.scale)
        if self.noise is not None:
            return values
        return np.append(values, noise * self.scale if noise > SMALLEST_NOISE else 0.0)

    def residuals(self, family: Family, theta: FloatArray) -> FloatArray:
        """Return normal scores of what was measured, given what was measured before."""
        from scipy.special import ndtri

        own, noise = self.parts(theta)
        if self.trace is None:
            below = family.cdf(own, self.delta, self.t, self.span)
        else:
            below = measured.below(self.trace, family, own, self.span, noise)
        return np.asarray(ndtri(np.clip(below, 1e-15, 1 - 1e-15)))


@dataclass(frozen=True, eq=False)
class _Spread:
    """What a log allows: one or several sets of coordinates, their weights and covariances.

    Covariances are two of each set, of the curvature and robust.
    """

    weight: FloatArray
    theta: FloatArray
    covariances: tuple[FloatArray, FloatArray]

    def errors(
        self, natural: Callable[[FloatArray], FloatArray], estimate: FloatArray
    ) -> FloatArray:
        """Return root mean square distances of the parameters from an estimate."""
        square: FloatArray = np.zeros(estimate.size)
        for w, theta, *both in zip(self.weight, self.theta, *self.covariances, strict=True):
            slope = np.nan_to_num(slopes(natural, theta))
            variance = np.maximum(*(np.diag(slope @ c @ slope.T) for c in both))
            off = natural(theta) - estimate if self.weight.size > 1 else 0.0
            square += w * (variance + np.nan_to_num(off) ** 2)
        return np.asarray(np.sqrt(square))

    def quantile(self, q: float, i: int) -> FloatArray:
        """Return coordinates whose i-th is its quantile in the mixture."""
        variance = np.maximum(*(c[:, i, i] for c in self.covariances))
        end: FloatArray = self.theta[0].copy()
        end[i] = quantile(q, self.weight, self.theta[:, i], np.sqrt(variance))
        return end


def _runaway(names: tuple[str, ...], values: FloatArray, data: _Data) -> str | None:
    """Return the parameter that ran away: where many changes are equal, no step is the best.

    Gains and losses apart may have a decay that the log leaves open; a forecast's prior holds it.
    """
    for name, value in zip(names, values.tolist(), strict=True):
        reach = 0.0 if np.isfinite(value) or name in ("df", "kappa") else np.inf
        if name == "gamma":
            reach = data.span * np.log(value)
        elif name in ("sigma0", "scale0"):
            reach = np.log(value / data.scale)
        if not abs(reach) < _RUNAWAY:
            return name
    return None


def _check_identified(names: tuple[str, ...], values: FloatArray, data: _Data) -> None:
    """Refuse a fit that ran away."""
    name = _runaway(names, values, data)
    if name is not None:
        changes, counts = np.unique(data.delta, return_counts=True)
        most = f"{counts.max()} are {changes[counts.argmax()] * data.scale:.6g}"
        raise refuse(
            "log",
            f"{data.delta.size} changes, of which {most}",
            f"a run whose changes tell {name}: the likelihood has no largest value",
        )


def trace(log: RunLog, *, trim: float | None = TRIM) -> Trace:
    """Return a log as a filter sees it: measurements, decisions and repeats.

    Parameters
    ----------
    log : RunLog
        A run with at least two measured changes. Of a run with restarts, take a segment.
    trim : float or None, default 10
        Rule for catastrophes, as for `fit`; they are taken for experiments without a metric.

    Returns
    -------
    arbook.noise.Trace
        The run, lower being better whatever the metric's direction.

    Raises
    ------
    ParameterError
        If an argument is outside its range, or the log has too few changes.

    Examples
    --------
    >>> from arbook import logs
    >>> int(logs.trace(logs.load_run("h100-mar8")).kept.sum())
    22
    """
    return trace_of(log, _data(log, trim, fewest=2)[0].t)


def known_noise(noise: float | str) -> float | None:
    """Return a noise that is given, or None where the log has to tell it."""
    return None if isinstance(noise, str) and noise == "estimate" else _KNOWN("noise", noise)


def _data(log: RunLog, trim: float | None, fewest: int = FEWEST) -> tuple[_Data, float, int]:
    """Return the data, the threshold of catastrophes, and their number."""
    trim = OrNone(positive)("trim", trim)
    delta = unbroken(log).delta
    t = np.flatnonzero(np.isfinite(delta))
    delta = delta[t]
    threshold = float("inf")
    if trim is not None and delta.size:
        # ties, of which some logs are full, say nothing of the scale
        size = np.abs(delta)
        moved = delta[size > _TIE * np.quantile(size, 0.9)]
        middle = float(np.median(moved)) if moved.size else 0.0
        spread = _ROBUST * float(np.median(np.abs(moved - middle))) if moved.size else 0.0
        threshold = middle + trim * spread if spread > 0 else threshold
    used = delta <= threshold
    dropped = int((~used).sum())
    delta, t = delta[used], t[used]
    values = min(fewest, 3)
    if delta.size < fewest or np.unique(delta).size < values:
        raise ParameterError(
            f"log must have at least {fewest} measured changes, {_WORDS[values]} of them "
            f"different, got {delta.size} changes with {np.unique(delta).size} values"
        )
    scale = float(np.abs(delta).mean())
    return _Data(delta / scale, t, max(log.n_experiments, 1), scale), threshold, dropped


def _held_out(
    log: RunLog, family: str, trim: float | None, share: float, noise: float | str
) -> float:
    """Return the mean log likelihood of the last part under a fit to the first.

    The fit sees nothing of the last part: catastrophes are what the first part's rule calls so.
    """
    first = round(log.n_experiments * (1 - share))
    chosen = families()[family]
    try:
        d, threshold, _, theta, _ = _most_likely(log.first(first), chosen, trim, noise)
    except ParameterError:  # too short a part
        return float("nan")
    used = np.flatnonzero(log.delta <= threshold)
    late = used[used >= first]
    if not late.size:
        return float("nan")
    theta, nu = d.parts(theta)
    if d.trace is None:
        density = chosen.log_density(theta, log.delta[late] / d.scale, late, d.span)
    else:
        whole = trace_of(log, used).divided(d.scale)
        density = measured.log_density(whole, chosen, theta, d.span, nu)[late]
    return float(density.mean() - np.log(d.scale))
