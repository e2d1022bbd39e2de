"""Boosted trees as numbers: sums of leaves that are integers, so every machine adds them alike."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from arbook._numerics.validation import FloatArray, IntArray

#: Most thresholds of a feature: a split is written as feature times this, plus a place.
MOST = 64


class Trees:
    """Trees of which each adds the integer of the leaf that a row falls into.

    Parameters
    ----------
    thresholds : list of list of float
        Of each feature, the thresholds that splits name by their place.
    splits : list of int
        The nodes of all trees, each before its left branch and that before its right one: a leaf
        is -1, else feature times `MOST` plus the threshold's place. Left is at most the threshold.
    leaves : list of int
        The leaves' values, in the order of the leaves.

    Examples
    --------
    >>> stump = Trees([[0.5]], [0, -1, -1], [-3, 4])
    >>> stump.sums(np.array([[0.5], [0.6]])).tolist()
    [-3, 4]
    """

    def __init__(self, thresholds: list[list[float]], splits: list[int], leaves: list[int]) -> None:
        self.thresholds, self.splits, self.leaves = thresholds, splits, leaves
        n = len(splits)
        feature, threshold = np.zeros(n, np.intp), np.full(n, np.inf)
        child, value = np.tile(np.arange(n), (2, 1)), np.zeros(n, np.int64)
        rest, roots = iter(leaves), []
        waiting: list[tuple[int, int]] = []
        for node, code in enumerate(splits):
            if waiting:
                parent, side = waiting.pop()
                child[side, parent] = node
            else:
                roots.append(node)
            if code < 0:
                value[node] = next(rest)
                continue
            feature[node], place = divmod(code, MOST)
            threshold[node] = thresholds[feature[node]][place]
            waiting += [(node, 1), (node, 0)]
        if waiting or next(rest, None) is not None:
            raise ValueError("the trees are cut off")
        self._feature, self._threshold, self._child = feature, threshold, child.astype(np.intp)
        self._value, self._roots = value, np.array(roots, np.intp)
        self._leaf = np.array(splits) < 0

    def sums(self, x: FloatArray) -> IntArray:
        """Return the sum over all trees of each row of x, shape (n, features)."""
        node: NDArray[Any] = np.tile(self._roots, (len(x), 1))
        rows = np.arange(len(x))[:, None]
        while not self._leaf[node].all():
            right = x[rows, self._feature[node]] > self._threshold[node]
            node = np.where(right, self._child[1][node], self._child[0][node])
        return np.asarray(self._value[node].sum(axis=1))


def exponential(x: NDArray[Any]) -> FloatArray:
    """Return exp(x) for x in [-10, 10], from sums and products alone: the same to the last bit.

    A power series at x / 1024, squared ten times. Languages and machines differ in the last bit of
    their own exponential.

    Examples
    --------
    >>> float(abs(exponential(np.array(1.0)) / np.e - 1)) < 1e-12
    True
    """
    y = x / 1024
    power = 1 + y * (1 + y / 2 * (1 + y / 3 * (1 + y / 4 * (1 + y / 5))))
    for _ in range(10):
        power = power * power
    return np.asarray(power)
