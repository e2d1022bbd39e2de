r"""Filter and smoother of a run whose true changes are normal: exact, one number at a time."""

from __future__ import annotations

import math

import numpy as np

from arbook._numerics.normal import cdf
from arbook._numerics.validation import FloatArray
from arbook.noise.traces import Filtered, Smoothed, Trace

_LOG_2PI = math.log(2 * math.pi)


def filtered(trace: Trace, mu: FloatArray, sigma: FloatArray, noise: float) -> Filtered:
    """Return the law of the incumbent before each experiment.

    The formulas are those of `arbook.noise.Belief`, written out for plain numbers: a likelihood
    is asked for thousands of times.
    """
    n, nu2 = trace.y.size, noise * noise
    mean, variance, log_density = [trace.baseline], [nu2], []
    m, v = trace.baseline, nu2
    rows = zip(
        trace.y.tolist(), trace.kept.tolist(), trace.again.tolist(), mu.tolist(), sigma.tolist(),
        strict=True,
    )  # fmt: skip
    for y, kept, again, bias, step in rows:
        if y == y:
            wide = v if again else v + step * step
            spread = wide + nu2
            r = y - m - (0.0 if again else bias)
            log_density.append(-0.5 * (_LOG_2PI + math.log(spread) + r * r / spread))
            if kept:
                m, v = m + bias + wide / spread * r, wide * nu2 / spread
            else:
                m, v = m + v / spread * r, v * (spread - v) / spread
        else:
            log_density.append(0.0)
        mean.append(m)
        variance.append(v)
    return Filtered(np.array(log_density).reshape(n), np.array(mean), np.sqrt(variance))


def below(
    trace: Trace, mu: FloatArray, sigma: FloatArray, noise: float, past: Filtered
) -> FloatArray:
    """Return the probability of less than was measured, given what was before, where it was."""
    change = np.where(trace.again, 0.0, mu)
    spread = past.std[:-1] ** 2 + np.where(trace.again, 0.0, sigma) ** 2 + noise**2
    z = (trace.y - past.mean[:-1] - change) / np.sqrt(spread)
    return cdf(z[np.isfinite(trace.y)])


def smoothed(
    trace: Trace, mu: FloatArray, sigma: FloatArray, noise: float, past: Filtered
) -> Smoothed:
    """Return the law of the incumbents and of the kept changes given the whole log.

    Backwards, only a keep adds anything: before and after a discard the incumbent is the same.
    There the new incumbent's law given the whole log is passed on to the old one, with which
    it was jointly normal when it was kept.
    """
    n, nu2 = trace.y.size, noise * noise
    mean, std = past.mean.copy(), past.std.copy()
    gain, gain_std, better = (np.full(n, np.nan) for _ in range(3))
    m, v = float(mean[-1]), float(std[-1]) ** 2
    for t in range(n - 1, -1, -1):
        if trace.kept[t]:
            before = float(past.std[t]) ** 2
            wide = before + float(sigma[t]) ** 2
            spread = wide + nu2
            r = float(trace.y[t] - past.mean[t] - mu[t])
            # both, given everything up to this measurement
            old, old_v = float(past.mean[t]) + before / spread * r, before * (1 - before / spread)
            new, new_v = float(past.mean[t + 1]), wide * nu2 / spread
            both = before * nu2 / spread
            share = both / new_v if new_v > 0 else 0.0
            old, old_v = old + share * (m - new), old_v + share * share * (v - new_v)
            gain[t] = old - m
            gain_std[t] = math.sqrt(max(old_v + v - 2 * share * v, 0.0))
            m, v = old, max(old_v, 0.0)
        mean[t], std[t] = m, math.sqrt(v)
    kept = trace.kept
    certain = np.where(gain[kept] > 0, 40.0, np.where(gain[kept] < 0, -40.0, 0.0))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        z = np.where(gain_std[kept] > 0, gain[kept] / gain_std[kept], certain)
    better[kept] = cdf(np.clip(z, -40, 40))
    return Smoothed(mean, std, gain, gain_std, better)
