"""Seeded draws that are the same in Python and in every browser.

The explorers draw their runs on the reader's machine; their doubles check them with the same runs
for the same seed. The generator is counter based: a number depends on (seed, stream, row, column)
alone, so a longer run begins like a shorter one and more runs leave the first ones as they were.
`arbook/widgets/model/draws.js` has the same functions under the same names.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arbook._numerics.ranges import count, natural
from arbook._numerics.validation import FloatArray

_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_MULTIPLIERS = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_WEYL = 0x9E3779B9, 0xBB67AE85


def philox(
    counter: tuple[NDArray[np.uint64], ...], key: tuple[int, int]
) -> tuple[NDArray[np.uint64], ...]:
    """Return ten rounds of Philox4x32 on four words of counter and two of key [1]_.

    Parameters
    ----------
    counter : tuple of four arrays of uint64
        Words below 2**32, of one shape.
    key : tuple of two int
        Words below 2**32.

    Returns
    -------
    tuple of four arrays of uint64
        Words below 2**32.

    References
    ----------
    .. [1] J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel random numbers: as easy
       as 1, 2, 3", SC11, 2011.

    Examples
    --------
    >>> zero = np.zeros(1, np.uint64)
    >>> [f"{int(word[0]):08x}" for word in philox((zero, zero, zero, zero), (0, 0))]
    ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']
    """
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        first, second = _MULTIPLIERS[0] * c0, _MULTIPLIERS[1] * c2
        c0, c1 = (second >> _HALF) ^ c1 ^ np.uint64(k0), second & _LOW
        c2, c3 = (first >> _HALF) ^ c3 ^ np.uint64(k1), first & _LOW
        k0, k1 = (k0 + _WEYL[0]) % 2**32, (k1 + _WEYL[1]) % 2**32
    return c0, c1, c2, c3


def uniforms(seed: int, n_rows: int, n: int, stream: int = 0) -> FloatArray:
    """Return `n_rows` rows of `n` uniforms in [0, 1), bit for bit those of the browser.

    Parameters
    ----------
    seed, stream : int
        Which numbers; explorers with several kinds of draws use one stream for each.
    n_rows, n : int
        Shape of the result.

    Returns
    -------
    ndarray of shape (n_rows, n)
        Multiples of 2**-53.

    Raises
    ------
    ParameterError
        If an argument is not an integer of the allowed size.

    Examples
    --------
    >>> uniforms(1, 2, 5)[:, :3].tolist() == uniforms(1, 2, 3).tolist()
    True
    """
    seed, stream = natural("seed", seed), natural("stream", stream)
    n_rows, n = count("n_rows", n_rows), count("n", n)
    pairs = (n + 1) // 2
    rows, columns = np.meshgrid(
        np.arange(n_rows, dtype=np.uint64), np.arange(pairs, dtype=np.uint64), indexing="ij"
    )
    streams = np.full_like(rows, stream)
    words = philox((columns, rows, streams, np.zeros_like(rows)), (seed % 2**32, 0))
    high = np.stack([words[0], words[2]], axis=-1) >> np.uint64(5)
    low = np.stack([words[1], words[3]], axis=-1) >> np.uint64(6)
    values = (high.astype(np.float64) * 2.0**26 + low.astype(np.float64)) * 2.0**-53
    return values.reshape(n_rows, 2 * pairs)[:, :n]


def normals(seed: int, n_rows: int, n: int, stream: int = 0) -> FloatArray:
    """Return `n_rows` rows of `n` standard normals (Box and Muller's method).

    Parameters
    ----------
    seed, stream : int
        Which numbers; see `uniforms`.
    n_rows, n : int
        Shape of the result.

    Returns
    -------
    ndarray of shape (n_rows, n)
        Standard normals, equal to those of the browser up to rounding of log, cos and sin.

    Raises
    ------
    ParameterError
        If an argument is not an integer of the allowed size.

    Examples
    --------
    >>> normals(1, 1000, 100).shape
    (1000, 100)
    """
    u = uniforms(seed, n_rows, n + n % 2, stream)
    radius, angle = np.sqrt(-2 * np.log1p(-u[:, 0::2])), 2 * np.pi * u[:, 1::2]
    pairs = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
    return pairs.reshape(n_rows, -1)[:, :n]


class Given(np.random.Generator):
    """A generator that hands out given normals: the library's simulations with a browser's draws.

    Parameters
    ----------
    draws : iterable of ndarray
        What successive calls of `standard_normal` return, and uniforms for those of `integers`.

    Examples
    --------
    >>> Given([np.array([0.5, -1.0])]).standard_normal(2)
    array([ 0.5, -1. ])
    """

    def __init__(self, draws: Iterable[FloatArray]) -> None:
        super().__init__(np.random.PCG64(0))
        self._draws = iter(draws)

    def standard_normal(self, size: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Return the next of the given arrays, whose shape `size` must be that asked for."""
        found = next(self._draws)
        assert found.shape == np.empty(size).shape, (found.shape, size)
        return found

    def integers(self, low: Any, *args: Any, size: Any = None, **kwargs: Any) -> Any:
        """Return whole numbers below `low`, from the next of the given arrays, of uniforms."""
        found = next(self._draws)
        assert found.shape == np.empty(size).shape, (found.shape, size)
        return np.floor(low * found).astype(np.intp)
