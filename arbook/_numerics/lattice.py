"""The distribution of the total improvement: a sum of independent normals, each censored at 0.

Made on a lattice by the fast Fourier transform. `arbook` gives the exact mean, standard
deviation and atom of the sum; what the lattice adds is the shape.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from arbook._numerics.normal import CERTAIN, positive_part, ratio
from arbook._numerics.validation import FloatArray, IntArray

#: Lattice points; the window that they cover is at least 20 standard deviations long.
POINTS = 4096


class Distribution(NamedTuple):
    """A distribution on [0, infinity): an atom at 0, and linear between edges."""

    edge: FloatArray
    below: FloatArray  # Pr[S <= edge]
    beyond: FloatArray  # Pr[S > edge], summed from the far end

    def quantile(self, q: FloatArray) -> FloatArray:
        """Return the smallest x with Pr[S <= x] >= q."""
        return np.interp(q, self.below, self.edge)

    def above(self, x: float) -> float:
        """Return Pr[S > x]."""
        return float(np.interp(x, self.edge, self.beyond, left=1.0, right=0.0))


def total_improvements(
    m: FloatArray,
    sigma: FloatArray,
    n: IntArray,
    mean: FloatArray,
    std: FloatArray,
    atom: FloatArray,
) -> dict[int, Distribution]:
    """Return the distribution of the sum of the first n positive parts of N(m_s, sigma_s^2).

    `n` holds increasing numbers; `mean`, `std` and `atom` are those of the n sums.
    """
    # The sums wrap around the lattice's end, so the lattice need only cover a window about the
    # mean. Wide enough for the sum and for the widest of its terms:
    window = 20 * std + 16 * np.maximum.accumulate(sigma)[np.maximum(n, 1) - 1]
    result = {0: Distribution(np.zeros(2), np.ones(2), np.zeros(2))}
    last = n.size - 1
    while last >= 0 and n[last] > 0:
        # One lattice serves all n whose windows are of similar length.
        first = int(np.argmax((n > 0) & (window >= window[last] / 4)))
        step = float(window[last]) / POINTS
        sums = _sums(m[: n[last]], sigma[: n[last]], set(n[first : last + 1].tolist()), step)
        for i in range(first, last + 1):
            offset, mass = sums[int(n[i])]
            result[int(n[i])] = _distribution(offset, mass, step, mean[i], std[i], atom[i])
        last = first - 1
    return result


def _sums(
    m: FloatArray, sigma: FloatArray, wanted: set[int], step: float
) -> dict[int, tuple[float, FloatArray]]:
    """Return for each n in `wanted` the place of the first lattice point and all probabilities."""
    a, means = ratio(m, sigma), positive_part(m, sigma)
    length = step * POINTS
    product = np.ones(POINTS // 2 + 1, dtype=np.complex128)
    mean = shift = certain_variance = 0.0
    result = {}
    for s in range(sigma.size):
        if a[s] >= CERTAIN:
            # Positive for certain: a normal, and a sum of normals is one normal.
            shift += m[s]
            certain_variance += (sigma[s] / length) ** 2
        elif a[s] > -CERTAIN:
            mean += means[s]
            product *= np.fft.rfft(_on_lattice(m[s], sigma[s], step, censored=True))
        if s + 1 in wanted:
            first = math.floor((mean - length / 2) / step)
            if certain_variance > 0:
                normal = _on_lattice(0.0, length * math.sqrt(certain_variance), step)
                total = product * np.fft.rfft(normal)
            else:
                total, first = product, max(first, 0)
            mass = np.roll(np.fft.irfft(total, POINTS), -first)
            result[s + 1] = (shift + first * step, mass)
    return result


def _on_lattice(mean: float, std: float, step: float, *, censored: bool = False) -> FloatArray:
    r"""Return probabilities of a normal, or of its positive part, on the lattice j * step.

    Each value is split between its two neighbours so that its mean is kept. The probabilities
    are then second differences of :math:`H(x) = \mathbb E[(x-X)^+]`.
    """
    low = 0 if censored else math.floor((mean - 9.5 * std) / step)
    high = math.ceil(max(mean + 9.5 * std, 0.0) / step)
    j = np.arange(low - 1, high + 2)
    below = positive_part(j.astype(np.float64) * step - mean, np.full(j.size, std))
    if censored:
        below = np.where(j < 0, 0.0, below - below[1])
    mass = np.diff(below, 2) / step
    return np.asarray(np.bincount(j[1:-1] % POINTS, mass, minlength=POINTS), dtype=np.float64)


def _distribution(
    offset: float, mass: FloatArray, step: float, mean: float, std: float, atom: float
) -> Distribution:
    """Turn lattice probabilities into a distribution with the exact mean, spread and atom."""
    mass = np.maximum(mass, 0.0)  # rounding of the Fourier transform
    mass /= mass.sum()
    place = offset + step * np.arange(mass.size)
    spread = math.sqrt(float(mass @ ((place - mean) / step) ** 2) + (1 - atom) / 12)
    if offset == 0:
        mass[0] = max(mass[0] - atom, 0.0)
    edge = np.append(place - step / 2, place[-1] + step / 2)
    # Splitting widens the distribution a little; undo it about the mean, which it keeps.
    edge = np.maximum(mean + (edge - mean) * (std / step / spread if spread > 0 else 1.0), 0.0)
    if offset == 0:
        edge[0] = 0.0
    below = atom + np.concatenate([[0.0], np.cumsum(mass)])
    beyond = np.concatenate([np.cumsum(mass[::-1])[::-1], [0.0]])
    return Distribution(edge, np.minimum(below, 1.0), np.minimum(beyond, 1.0))
