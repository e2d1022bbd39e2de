r"""Fit the perturbation model, and alternatives to it, to the log of a run.

The changes of a log are independent given their number t, with
:math:`\delta_t = \mu + \sigma_0\gamma^t\varepsilon_t`. Crashes count in t and have no change. Where
the metric is noisy the changes are those of the true metric, which a filter follows.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from arbook._numerics.minimising import freedom, jackknife, lowest, minimise, slopes
from arbook._numerics.ranges import Options, Real, instance
from arbook._numerics.validation import FloatArray, refuse
from arbook.model.parameters import Parameters
from arbook.model.run import RunLog
from arbook.runs.changes import TRIM, Changes, block, changes_of, misfit
from arbook.runs.families import FAMILIES, Family, families
from arbook.runs.fits import Fit, Spread
from arbook.runs.measured import trace_of
from arbook.runs.open_noise import OpenNoise, kept_open

# No log tells a size or a decay that differs from all that it shows by so many factors of e.
_RUNAWAY = 30.0

_NOISE = Real(0, note="or 'estimate'")

# Steps below this share of the mean size of a change, all night, are none: noise or ties explain
# them. Heavy tails make a change much larger than its scale.
_SMALLEST_STEPS = {
    ("sigma0", "gamma"): 1e-3,
    ("scale0", "gamma"): 1e-6,
    ("gain0", "gain_decay"): 1e-6,
    ("loss0", "loss_decay"): 1e-6,
}

# Where more than this share of the changes are equal, they are what a run-away step fits.
_TIED = 0.25

# Changes are differences of two measurements: a larger noise would have made larger ones.
_LOUDEST = 10.0

# A noise that a search starts from, as a share of the mean size of a change.
_FIRST_NOISE = 0.05


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
    another shape and for neighbours that depend on each other. Where few blocks make most of that,
    its variance is known with few degrees of freedom [4]_, and intervals take Student's t for a
    normal. Where the noise is estimated, noise and bias can stand in for each other: the likelihood
    has a ridge, and its top says little of it, or has no end. So errors and intervals rest on
    several noises, each with the best other parameters, weighed by likelihood and the weak priors
    of `arbook.noise.learn`, and more noises between where one has more than a third of the weight;
    an error is then the root mean square of the distance from the estimate, and the noise with the
    largest weight is the estimate where the likelihood has no largest value, or has it outside the
    intervals of 95 %: at a decay of a few rows, or at steps that a noise explains.

    The shape is what tells the noise, so a wrong shape tells noises apart too well. Where residuals
    are skewed, the density of the noise counts as its power of :math:`1/\lambda` [5]_, with
    :math:`\lambda = 1 + 2\max(0, s^2 - e^2)` for a skewness s and its error e (`Fit.skewness`).
    Counted on logs of 120 experiments with noises of 0, 0.3 and 1 steps, 400 logs each, as all that
    follow, intervals of 95 % held 94 to 99 % of the parameters of normal changes, and 94 to 100 %
    of gains and losses apart; nearly all hold where a log hardly tells a parameter. Changes with a
    skewness of 1.6, fitted as normal, had mu in 95, 92 and 98 %, and sigma0 in 93, 93 and 94 % of
    them; lognormal ones with the same skewness at 0.3 had mu in 95 and sigma0 in 91 %, and where
    the long tail is that of gains mu was in 98, sigma0 in 93 and gamma in 88 %. With the noise
    given, as repeats tell it, intervals are shorter: skewed changes had mu in 96, 92 and 95 %, and
    sigma0 in 95, 95 and 97 % (of those with a noise of 1 28 are refused: it explains all their
    changes). Where the spread of neighbours comes in clusters (its logarithm with a standard
    deviation of 0.5, and a correlation of 0.9 from one change to the next), a log of 120 says too
    little of that: without noise sigma0 was in 72 %, gamma in 73 % and mu in 97 %.

    The rule for catastrophes looks at the whole run; where steps shrink by a factor of ten or more
    it may take bold early losses for catastrophes, so compare with ``trim=None``.

    References
    ----------
    .. [1] R. A. Fisher, "On the mathematical foundations of theoretical statistics",
       Philosophical Transactions of the Royal Society A 222, 309-368, 1922.
    .. [2] B. Efron and D. V. Hinkley, "Assessing the accuracy of the maximum likelihood
       estimator: observed versus expected Fisher information", Biometrika 65, 457-483, 1978.
    .. [3] B. Efron and C. Stein, "The jackknife estimate of variance", Annals of Statistics 9,
       586-596, 1981.
    .. [4] F. E. Satterthwaite, "An approximate distribution of estimates of variance components",
       Biometrics Bulletin 2, 110-114, 1946.
    .. [5] C. C. Holmes and S. G. Walker, "Assigning a value to a power likelihood in a general
       Bayesian model", Biometrika 104, 497-503, 2017.

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
    data, threshold, dropped, theta, opened = most_likely(log, chosen, trim, noise)
    cost = data.cost(chosen)

    def natural(x: FloatArray) -> FloatArray:
        return data.natural(chosen, x)

    names = (*chosen.names, "noise")[: theta.size]
    with np.errstate(all="ignore"):  # of a fit that ran away, or of a decay that is left open
        heaviest = theta if opened is None else opened.coordinates[opened.weight.argmax()]
        if _runaway(names, natural(theta), data):
            theta = heaviest
        _check_identified(names, natural(heaviest), data)
        spread = _spread(data, chosen, theta, opened)
        if opened is not None and not spread.holds(theta[:-1]):
            theta = heaviest
        estimates = dict(zip(names, natural(theta).tolist(), strict=True))
        ends = np.asarray(~np.nan_to_num(slopes(natural, theta)).any(axis=1))
        errors = spread.errors(natural, natural(theta))
        errors[spread.open] = np.inf
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


def most_likely(
    log: RunLog, family: Family, trim: float | None, noise: float | str
) -> tuple[Changes, float, int, FloatArray, OpenNoise | None]:
    """Return the data, catastrophes left out, and what makes them most likely, without errors."""
    data, threshold, dropped = changes_of(log, trim)
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
    data: Changes, log: RunLog, family: Family, theta: FloatArray, noise: float | str
) -> tuple[Changes, FloatArray, OpenNoise | None]:
    """Return the data as measured with noise, the best fit to them, and the noises where open."""
    seen = trace_of(log, data.t).divided(data.scale)
    if noise != "estimate":
        known = replace(data, trace=seen, noise=float(noise) / data.scale)
        return known, lowest(known.cost(family), [theta]), None
    free = replace(data, trace=seen, noise=None)
    cost, first = free.cost(family), family.start(data.delta, data.t)
    opened = kept_open(seen, family, first, fine=True)
    starts = [min(opened.coordinates, key=cost), np.append(theta, np.log(_FIRST_NOISE))]
    return free, lowest(cost, starts), opened


def _spread(data: Changes, family: Family, theta: FloatArray, opened: OpenNoise | None) -> Spread:
    """Return what the log allows about an estimate."""
    residuals = data.residuals(family, theta)
    if opened is not None:
        opened = opened.tempered(1 / misfit(residuals))
        return Spread(opened.weight, opened.coordinates, *opened.covariances(block(residuals)))
    curved, moves = jackknife(data.log_density(family), theta, block(residuals))
    robust = moves.T @ moves
    return Spread(np.ones(1), theta[None], curved[None], robust[None], freedom(moves)[None])


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
    data, _, _ = changes_of(log, trim)
    theta = np.array(
        [np.log(p.sigma0 / data.scale), data.span * np.log(p.gamma), p.mu / data.scale]
    )
    return -data.cost(families()["normal"])(theta) - data.delta.size * float(np.log(data.scale))


def _runaway(names: tuple[str, ...], values: FloatArray, data: Changes) -> str | None:
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
    return _still(names, values, data)


def _still(names: tuple[str, ...], values: FloatArray, data: Changes) -> str | None:
    """Return the step that noise makes none: the smaller it is, the more likely the log."""
    found = dict(zip(names, values.tolist(), strict=True))
    for (name, decay), share in _SMALLEST_STEPS.items():
        with np.errstate(over="ignore"):  # a decay of a few rows, the other way
            grown = np.float64(found.get(decay, 1.0)) ** data.span
        largest = found.get(name, np.inf) * max(1.0, float(grown))
        if data.trace is not None and largest < share * data.scale:
            return name
    return None


def _check_identified(names: tuple[str, ...], values: FloatArray, data: Changes) -> None:
    """Refuse a fit that ran away."""
    name = _runaway(names, values, data)
    if name is None:
        return
    changes, counts = np.unique(data.delta, return_counts=True)
    is_tied = counts.max() > _TIED * data.delta.size
    if data.noise and not is_tied and name == _still(names, values, data):
        allowed = f"smaller: it explains all changes of the log by itself, and nothing tells {name}"
        raise refuse("noise", data.noise * data.scale, allowed)
    most = f"{counts.max()} are {changes[counts.argmax()] * data.scale + 0.0:.6g}"
    raise refuse(
        "log",
        f"{data.delta.size} changes, of which {most}",
        f"a run whose changes tell {name}: the likelihood has no largest value",
    )
